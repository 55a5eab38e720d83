//! The concrete syntax of Pol: the pest grammar, and the one place of what else is known of it: which words begin
//! declarations, which are reserved, the precedence of operators, how messages call each rule.

// The derived rules carry no documentation of their own; the grammar file does.
#![allow(missing_docs)]

mod called;
mod forms;

pub use called::{Called, called};
pub use forms::{forms, precedence};

use pest_derive::Parser;
use std::collections::BTreeSet;

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
    /// Whether lines below belong to it.
    pub body: Body,
}

/// The lines below the first one of a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// It is whole without them.
    Unneeded,
    /// It may have some.
    Possible,
    /// It is nothing without them.
    Needed,
}

/// Every word that begins a declaration, in the order of the guide.
pub const KEYWORDS: &[Keyword] = &[
    Keyword {
        word: "program",
        help: "names the program, its version and its currency",
        example: "program partner \"Partner program\" version 2026.1",
        body: Body::Unneeded,
    },
    Keyword {
        word: "module",
        help: "names a file that several programs use",
        example: "module tiers \"Partner tiers\"",
        body: Body::Unneeded,
    },
    Keyword {
        word: "use",
        help: "takes in the declarations of another file",
        example: "use \"../shared/tiers.pol\"",
        body: Body::Unneeded,
    },
    Keyword {
        word: "source",
        help: "lists the clauses of a document that rules cite",
        example: "source guide \"Program guide\"",
        body: Body::Unneeded,
    },
    Keyword {
        word: "enum",
        help: "lists the values something may have",
        example: "enum Path { standard, premier_exception }",
        body: Body::Unneeded,
    },
    Keyword {
        word: "scale",
        help: "lists values from lowest to highest",
        example: "scale Tier { partner < rising < leading }",
        body: Body::Unneeded,
    },
    Keyword {
        word: "record",
        help: "names the fields of an item",
        example: "record Review dated published_on \"A review\"",
        body: Body::Needed,
    },
    Keyword {
        word: "fact",
        help: "something the caller supplies",
        example: "fact package_value: money >= 0",
        body: Body::Possible,
    },
    Keyword {
        word: "event",
        help: "a date on which something happened",
        example: "event tier_notified_on \"Notification email\"",
        body: Body::Possible,
    },
    Keyword {
        word: "judgement",
        help: "a human decision",
        example: "judgement good_standing: yes, no by hubspot",
        body: Body::Possible,
    },
    Keyword {
        word: "value",
        help: "a parameter: a number, amount or other constant, dated or not",
        example: "value grace: days = 14 days",
        body: Body::Possible,
    },
    Keyword {
        word: "define",
        help: "gives a name to an expression or to cases",
        example: "define listed_apps = apps where .listing_live",
        body: Body::Possible,
    },
    Keyword {
        word: "decision",
        help: "a definition that is published as an answer",
        example: "decision eligible: bool = listing_live",
        body: Body::Possible,
    },
    Keyword {
        word: "requirements",
        help: "a grid of rows and tiers",
        example: "requirements tier_grid for Tier \"Tier requirements\"",
        body: Body::Needed,
    },
    Keyword {
        word: "amend",
        help: "changes cells, columns or rows of a grid",
        example: "amend tier_grid",
        body: Body::Needed,
    },
    Keyword {
        word: "waiver",
        help: "an exemption: lifts rows of a grid for a time or on a condition",
        example: "waiver transition_2026 through 2026-12-31",
        body: Body::Needed,
    },
    Keyword {
        word: "grants",
        help: "a fact that holds waivers of single partners",
        example: "grants granted_waivers for tier_grid",
        body: Body::Possible,
    },
    Keyword {
        word: "exception",
        help: "replaces or switches off another rule",
        example: "exception startup_relief to attached_floor when startup",
        body: Body::Needed,
    },
    Keyword {
        word: "table",
        help: "rows that match and what they give",
        example: "table contact any row",
        body: Body::Needed,
    },
    Keyword {
        word: "schedule",
        help: "dates that recur",
        example: "schedule tier_up on day 15 of january, july",
        body: Body::Possible,
    },
    Keyword {
        word: "lifecycle",
        help: "states, and what leads from one to another",
        example: "lifecycle stage starts not_applied",
        body: Body::Needed,
    },
    Keyword {
        word: "obligations",
        help: "rules that bind somebody; what breaks them is collected",
        example: "obligations findings: Finding by partner",
        body: Body::Needed,
    },
    Keyword {
        word: "duty",
        help: "something to be done by a day",
        example: "duty send_link of hubspot to participant by email",
        body: Body::Needed,
    },
    Keyword {
        word: "order",
        help: "what must come before what in a plan",
        example: "order removal_first for planned_actions",
        body: Body::Needed,
    },
    Keyword {
        word: "reading",
        help: "an ambiguity of the text and the interpretation chosen",
        example: "reading marks_threshold \"How many marks\"",
        body: Body::Needed,
    },
    Keyword {
        word: "tests",
        help: "cases with the answers expected",
        example: "tests \"rising, to the cent\" as_of 2026-10-15",
        body: Body::Needed,
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

/// Functions of spreadsheets and other languages: what is meant by them is said in another way.
pub const FOREIGN: &[&str] = &[
    "today",
    "now",
    "current_date",
    "getdate",
    "sysdate",
    "ifnull",
    "iff",
    "iif",
    "if",
    "round",
    "floor",
    "ceiling",
    "ceil",
    "maximum",
    "max",
    "minimum",
    "min",
    "sum",
    "average",
    "avg",
    "mean",
    "count",
    "length",
    "len",
    "size",
    "and",
    "or",
    "coalesce",
    "nvl",
    "isnull",
    "date",
];

/// Every word of two letters or more that means something anywhere in the grammar.
#[must_use]
pub fn words() -> BTreeSet<&'static str> {
    let lines = include_str!("../pol.pest").lines();
    let rules = lines.map(|line| line.split("//").next().unwrap_or_default());
    let quoted = rules.flat_map(|line| line.split('"').skip(1).step_by(2));
    let is_word = |word: &&str| {
        let mut letters = word.chars();
        word.len() > 1 && letters.all(|letter| letter.is_ascii_alphabetic() || letter == '_')
    };
    quoted.filter(is_word).collect()
}

/// Precedence of `or`.
pub const OR: u8 = 1;
/// Precedence of `and`.
pub const AND: u8 = 2;
/// Precedence of `not`.
pub const NOT: u8 = 3;
/// Precedence of comparisons.
pub const COMPARE: u8 = 4;
/// Precedence of `or else`.
pub const OR_ELSE: u8 = 5;
/// Precedence of `rounded`.
pub const ROUNDED: u8 = 6;
/// Precedence of `+` and `-`.
pub const ADD: u8 = 7;
/// Precedence of `*`, `/` and `mod`.
pub const MULTIPLY: u8 = 8;
/// Precedence of the sign.
pub const NEGATE: u8 = 9;
/// Precedence of `^`.
pub const POWER: u8 = 10;
/// Precedence of what follows an operand.
pub const POSTFIX: u8 = 11;
