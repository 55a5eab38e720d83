//! Legal forms of lines, and the precedence of operators.

use crate::{ADD, AND, COMPARE, MULTIPLY, OR, OR_ELSE, POSTFIX, POWER, ROUNDED, Rule, Rule as R};

/// Legal forms of lines, each with the word it begins with.
const FORMS: &[(Rule, &[(&str, &str)])] = &[
    (R::currency_line, &[("", "currency USD")]),
    (
        R::source_body,
        &[
            ("section", "section \"Title\""),
            ("", "TP-033 \"what the clause says\""),
        ],
    ),
    (R::field_line, &[("", "stars: decimal 1..5 \"Stars\"")]),
    (R::fact_body, &[("", "derived count of reviews")]),
    (R::evidence_line, &[("", "evidence fact_a, fact_b")]),
    (
        R::version_line,
        &[("", "3.5 from 2026-01-01 through 2026-12-31")],
    ),
    (
        R::case_line,
        &[
            (
                "not",
                "not applicable because \"the reason\" when condition",
            ),
            ("applies", "applies when condition because \"the reason\""),
            ("", "value when condition"),
        ],
    ),
    (R::block_line, &[("", "when condition {")]),
    (
        R::alternative_line,
        &[("", "alternative count of marks >= 3")],
    ),
    (R::grid_header, &[("", "| | partner | rising |")]),
    (R::stage_line, &[("", "stage eligibility")]),
    (
        R::grid_line,
        &[("", "| reviews: reviews_count >= cell | - | 5 |")],
    ),
    (
        R::change_line,
        &[
            ("add", "add | security: security_audited | - | mandatory |"),
            ("", "attached for leading is $1.2M from 2028-01-01"),
        ],
    ),
    (
        R::waives_line,
        &[("", "waives reviews, rating for rising, leading")],
    ),
    (R::exception_body, &[("", "use $50K")]),
    (
        R::table_header,
        &[("", "| package_value | -> percent: percent |")],
    ),
    (R::table_row, &[("", "| > $50K and <= $100K | 3% |")]),
    (
        R::reading_body,
        &[
            ("chosen", "chosen alternative because \"the reason\""),
            ("", "alternative \"what it means\""),
        ],
    ),
    (R::given_line, &[("", "given current_tier = rising")]),
    (R::expect_line, &[("", "expect eligible_tier = rising")]),
    (
        R::test_header,
        &[("", "| package_value | expect eligible_tier |")],
    ),
    (R::test_row, &[("", "| $400K | rising |")]),
    (
        R::lifecycle_body,
        &[
            (
                "state",
                "state site_page waits for partner deadline 30 days",
            ),
            (
                "may",
                "may board_decision: approve -> approved, refuse -> refused",
            ),
            ("late", "late -> removed"),
            ("keeps", "keeps end_reason: EndReason"),
            ("when", "when condition -> state"),
            ("", "on event when condition -> state"),
        ],
    ),
    (
        R::obligations_body,
        &[
            ("for", "for each user in users give user: user.name"),
            ("", "must rule_name condition"),
        ],
    ),
    (
        R::duty_body,
        &[
            ("due", "due 14 days"),
            ("done", "done notice_sent_on"),
            ("", "on decided_on when condition"),
        ],
    ),
    (
        R::order_body,
        &[("", "first_action before second_action when condition")],
    ),
    (
        R::note_line,
        &[("", "note \"what to tell\" when condition")],
    ),
    (
        R::prevails_line,
        &[("", "rule_a prevails over rule_b because \"the reason\"")],
    ),
];

/// Legal forms of a line, each with the word it begins with; none where its keyword has an example.
#[must_use]
pub fn forms(rule: Rule) -> &'static [(&'static str, &'static str)] {
    let known = FORMS.iter().find(|(known, _)| *known == rule);
    known.map_or(&[], |(_, forms)| forms)
}

/// The operators that stand after an operand, the loosest first; the rest of them hold tightest.
const OPERATORS: &[(u8, &[R])] = &[
    (OR, &[R::op_or]),
    (AND, &[R::op_and]),
    (
        COMPARE,
        &[
            R::op_compare,
            R::op_in,
            R::is_none,
            R::is_applicable,
            R::is_one_of,
            R::recorded,
            R::within,
        ],
    ),
    (OR_ELSE, &[R::op_or_else]),
    (ROUNDED, &[R::rounded]),
    (ADD, &[R::op_add, R::month_end]),
    (MULTIPLY, &[R::op_multiply]),
    (POWER, &[R::op_power]),
];

/// The precedence of an operator: how tightly it holds its operands.
#[must_use]
pub fn precedence(rule: Rule) -> u8 {
    let mut operators = OPERATORS.iter();
    let found = operators.find(|(_, rules)| rules.contains(&rule));
    found.map_or(POSTFIX, |(level, _)| *level)
}
