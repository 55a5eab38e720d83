//! The concrete syntax of Pol: the pest grammar, and the keyword tables that formatter, docs and editors read.

// The derived rules carry no documentation of their own; the grammar file does.
#![allow(missing_docs)]

use pest_derive::Parser;

/// The parser of one logical line; the rules are in `pol.pest`.
#[derive(Parser)]
#[grammar = "../pol.pest"]
pub struct PolParser;

/// A word that begins a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keyword {
    /// The word.
    pub word: &'static str,
    /// What it declares, in one line.
    pub help: &'static str,
    /// A legal form.
    pub example: &'static str,
}

/// Every word that begins a declaration, in the order of the guide.
pub const KEYWORDS: &[Keyword] = &[
    Keyword {
        word: "program",
        help: "names the program, its version and its currency",
        example: "program partner \"Partner program\" version 2026.1",
    },
    Keyword {
        word: "module",
        help: "names a file that several programs use",
        example: "module tiers \"Partner tiers\"",
    },
    Keyword {
        word: "use",
        help: "takes in the declarations of another file",
        example: "use \"../shared/tiers.pol\"",
    },
    Keyword {
        word: "source",
        help: "lists the clauses of a document that rules cite",
        example: "source guide \"Program guide\"",
    },
    Keyword {
        word: "enum",
        help: "lists the values something may have",
        example: "enum Path { standard, premier_exception }",
    },
    Keyword {
        word: "scale",
        help: "lists values from lowest to highest",
        example: "scale Tier { partner < rising < leading }",
    },
    Keyword {
        word: "record",
        help: "names the fields of an item",
        example: "record Review dated published_on \"A review\"",
    },
    Keyword {
        word: "fact",
        help: "something the caller supplies",
        example: "fact package_value: money >= 0",
    },
    Keyword {
        word: "event",
        help: "a date on which something happened",
        example: "event tier_notified_on \"Notification email\"",
    },
    Keyword {
        word: "judgement",
        help: "something a person decides",
        example: "judgement good_standing: yes, no by hubspot",
    },
    Keyword {
        word: "value",
        help: "a number, amount or other constant, dated or not",
        example: "value grace: days = 14 days",
    },
    Keyword {
        word: "define",
        help: "gives a name to an expression or to cases",
        example: "define listed_apps = apps where .listing_live",
    },
    Keyword {
        word: "decision",
        help: "a definition that is published as an answer",
        example: "decision eligible: bool = listing_live",
    },
    Keyword {
        word: "requirements",
        help: "a grid of rows and tiers",
        example: "requirements tier_grid for Tier \"Tier requirements\"",
    },
    Keyword {
        word: "amend",
        help: "changes cells, columns or rows of a grid",
        example: "amend tier_grid",
    },
    Keyword {
        word: "waiver",
        help: "lifts rows of a grid for a time or on a condition",
        example: "waiver transition_2026 through 2026-12-31",
    },
    Keyword {
        word: "grants",
        help: "a fact that holds waivers of single partners",
        example: "grants granted_waivers for tier_grid",
    },
    Keyword {
        word: "exception",
        help: "replaces or switches off another rule",
        example: "exception startup_relief to attached_floor when startup",
    },
    Keyword {
        word: "table",
        help: "rows that match and what they give",
        example: "table contact any row",
    },
    Keyword {
        word: "schedule",
        help: "dates that recur",
        example: "schedule tier_up on day 15 of january, july",
    },
    Keyword {
        word: "lifecycle",
        help: "states, and what leads from one to another",
        example: "lifecycle stage starts not_applied",
    },
    Keyword {
        word: "obligations",
        help: "rules that bind somebody; what breaks them is collected",
        example: "obligations findings: Finding by partner",
    },
    Keyword {
        word: "duty",
        help: "something to be done by a day",
        example: "duty send_link of hubspot to participant by email",
    },
    Keyword {
        word: "order",
        help: "what must come before what in a plan",
        example: "order removal_first for planned_actions",
    },
    Keyword {
        word: "reading",
        help: "an ambiguity of the text and the reading chosen",
        example: "reading marks_threshold \"How many marks\"",
    },
    Keyword {
        word: "tests",
        help: "cases with the answers expected",
        example: "tests \"rising, to the cent\" as_of 2026-10-15",
    },
];

/// The keyword, if the word begins a declaration.
#[must_use]
pub fn keyword(word: &str) -> Option<&'static Keyword> {
    KEYWORDS.iter().find(|keyword| keyword.word == word)
}

/// Words that join or end expressions; as names they stand in backticks.
pub const RESERVED: &[&str] = &[
    "and",
    "or",
    "not",
    "if",
    "then",
    "else",
    "when",
    "otherwise",
    "where",
    "is",
    "in",
    "because",
    "cite",
    "from",
    "through",
    "before",
    "under",
    "announced",
];

/// How strongly an operator holds its operands: a larger number holds tighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operator {
    /// As written.
    pub words: &'static str,
    /// Strength.
    pub strength: u8,
    /// One line for people.
    pub help: &'static str,
}

/// Every operator from loosest to tightest.
pub const OPERATORS: &[Operator] = &[
    Operator {
        words: "or",
        strength: OR,
        help: "either holds; not beside `and` without parentheses",
    },
    Operator {
        words: "and",
        strength: AND,
        help: "both hold; not beside `or` without parentheses",
    },
    Operator {
        words: "not",
        strength: NOT,
        help: "does not hold",
    },
    Operator {
        words: "= is",
        strength: COMPARE,
        help: "the same value",
    },
    Operator {
        words: "!= is not",
        strength: COMPARE,
        help: "another value",
    },
    Operator {
        words: "< <= > >=",
        strength: COMPARE,
        help: "in order",
    },
    Operator {
        words: "in, not in",
        strength: COMPARE,
        help: "one of a list, a set or the days of a schedule",
    },
    Operator {
        words: "is one of a, b",
        strength: COMPARE,
        help: "one of the values written",
    },
    Operator {
        words: "is none, is not none",
        strength: COMPARE,
        help: "known to be nothing",
    },
    Operator {
        words: "recorded, not recorded",
        strength: COMPARE,
        help: "a judgement has been made",
    },
    Operator {
        words: "within P before D",
        strength: COMPARE,
        help: "a date inside a window",
    },
    Operator {
        words: "or else",
        strength: OR_ELSE,
        help: "the second where the first is none",
    },
    Operator {
        words: "rounded",
        strength: ROUNDED,
        help: "to places or to a step",
    },
    Operator {
        words: "+ -",
        strength: ADD,
        help: "sum and difference",
    },
    Operator {
        words: "* /",
        strength: MULTIPLY,
        help: "product and exact quotient",
    },
    Operator {
        words: "-",
        strength: NEGATE,
        help: "the number below zero",
    },
    Operator {
        words: ".field, where, as of, sorted by, grouped by, followed by",
        strength: POSTFIX,
        help: "of what stands before",
    },
];

/// Strength of `or`.
pub const OR: u8 = 1;
/// Strength of `and`.
pub const AND: u8 = 2;
/// Strength of `not`.
pub const NOT: u8 = 3;
/// Strength of comparisons.
pub const COMPARE: u8 = 4;
/// Strength of `or else`.
pub const OR_ELSE: u8 = 5;
/// Strength of `rounded`.
pub const ROUNDED: u8 = 6;
/// Strength of `+` and `-`.
pub const ADD: u8 = 7;
/// Strength of `*` and `/`.
pub const MULTIPLY: u8 = 8;
/// Strength of the sign.
pub const NEGATE: u8 = 9;
/// Strength of what follows an operand.
pub const POSTFIX: u8 = 10;
