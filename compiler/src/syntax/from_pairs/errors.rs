//! What the grammar expected, in words for people.

use pest::error::{Error, ErrorVariant, InputLocation};
use polc_grammar::Rule;

use super::super::slips;
use super::super::text::{Line, span};
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::source::FileId;

/// What is wrong with a line that does not read; whether the lines around it are wrong in the same way.
pub fn finding(
    file: FileId,
    line: Line,
    (words, text): (&str, &str),
    rule: Rule,
    error: &Error<Rule>,
) -> (Diagnostic, bool) {
    let at = match error.location {
        InputLocation::Pos(at) | InputLocation::Span((at, _)) => at,
    };
    let ErrorVariant::ParsingError { positives, .. } = &error.variant else {
        let deep = Diagnostic::new(
            Code::NestedTooDeep,
            span(file, line.start, line.end),
            "this line is nested too deep to read",
        );
        return (deep.help("give the inner parts names with `define`"), false);
    };
    let rest = words.get(at..).unwrap_or("");
    let skipped = rest.len() - rest.trim_start().len();
    let at = at + skipped;
    let found = found(rest.trim_start());
    let (keywords, groups) = expected(positives);
    let list = listed(&keywords, &groups);
    let form = form(rule, words);
    let stuck = slips::Stuck {
        words,
        at,
        found,
        expected: &list,
        value: groups
            .iter()
            .any(|group| matches!(*group, "a value" | "a name" | "a column")),
        ranged: matches!(rule, Rule::fact_line | Rule::field_line),
        named: rule == Rule::field_line,
        form,
        file: text,
    };
    if let Some(slip) = slips::find(&stuck) {
        return (slipped(file, line, &slip), slip.goes_on);
    }
    let mut message = match found {
        "" => "the line ends too early".to_owned(),
        word => format!("`{}` is not expected here", word.replace('`', "")),
    };
    if !list.is_empty() {
        message.push_str(": expected ");
        message.push_str(&list);
    }
    let place = if found.is_empty() {
        span(file, line.end.saturating_sub(1).max(line.start), line.end)
    } else {
        span(file, line.start + at, line.start + at + found.len())
    };
    let near = if found.chars().count() > 1 {
        nearest(found, keywords.iter().map(String::as_str))
    } else {
        None
    };
    let help = match near.filter(|near| near != found) {
        Some(near) => format!("did you mean `{near}`? The form is `{form}`"),
        None => cure(found, rest.trim_start())
            .or_else(|| unquoted(rule, found, &keywords))
            .unwrap_or_else(|| format!("the form is `{form}`")),
    };
    (
        Diagnostic::new(Code::SyntaxError, place, message).help(help),
        false,
    )
}

/// The finding of a slip in a line.
pub fn slipped(file: FileId, line: Line, slip: &slips::Slip) -> Diagnostic {
    let place = |at: &std::ops::Range<usize>| {
        let from = line.start + at.start;
        span(file, from, line.start + at.end)
    };
    let message = slip.message.clone();
    let finding = Diagnostic::new(Code::SyntaxError, place(&slip.at), message).help(&slip.help);
    match &slip.edit {
        Some((at, text)) => finding.fix(place(at), text),
        None => finding,
    }
}

/// The word, number or sign that stands there.
fn found(rest: &str) -> &str {
    let mut letters = rest.char_indices();
    let Some((_, first)) = letters.next() else {
        return "";
    };
    let same = |letter: char| letter.is_alphanumeric() || letter == '_';
    let end = if first == '"' {
        rest.get(1..)
            .and_then(|inner| inner.find('"'))
            .map_or(rest.len(), |at| at + 2)
    } else if same(first) {
        letters
            .find(|(_, letter)| !same(*letter))
            .map_or(rest.len(), |(at, _)| at)
    } else if let Some(sign) = ["==", "!=", "<=", ">=", "&&", "||", "->", "=>", ".."]
        .iter()
        .find(|sign| rest.starts_with(**sign))
    {
        sign.len()
    } else {
        first.len_utf8()
    };
    rest.get(..end).unwrap_or("")
}

/// A label without its quotes: a plain word where a declaration could end.
fn unquoted(rule: Rule, found: &str, keywords: &[String]) -> Option<String> {
    let labelled = matches!(
        rule,
        Rule::fact_line | Rule::event_line | Rule::field_line | Rule::judgement_line
    );
    let word = found.starts_with(char::is_alphabetic);
    let colon = keywords.iter().any(|keyword| keyword == ":");
    (labelled && word && !colon).then(|| "a label stands in quotes: `\"What it means\"`".to_owned())
}

/// An amount that lacks its sign, or ends in a small letter.
fn amount(rest: &str) -> Option<String> {
    let plain = rest.trim_start_matches('$');
    let digits = plain
        .find(|letter: char| !letter.is_ascii_digit() && letter != '.' && letter != '_')
        .filter(|at| *at > 0)?;
    let (number, after) = plain.split_at(digits);
    let unit = after.chars().next()?.to_ascii_uppercase();
    let whole = after
        .chars()
        .nth(1)
        .is_none_or(|next| !next.is_alphanumeric());
    (matches!(unit, 'K' | 'M') && whole).then(|| format!("an amount is written `${number}{unit}`"))
}

/// Cures for slips that come from other languages.
fn cure(found: &str, rest: &str) -> Option<String> {
    if let Some(help) = amount(rest) {
        return Some(help);
    }
    let help = match found {
        "true" => "write `yes`",
        "false" => "write `no`",
        "%" => "a percentage has its sign directly after the number: `25%`; there is no remainder",
        "=" | "!=" | "<" | "<=" | ">" | ">=" | "is" => {
            "one comparison at a time: write `a < b and b < c`, or put parentheses around the first"
        }
        "or" | "and" => "put parentheses around the condition",
        _ => return None,
    };
    Some(help.to_owned())
}

/// Keywords as written, and groups of other rules.
fn expected(positives: &[Rule]) -> (Vec<String>, Vec<&'static str>) {
    let mut keywords: Vec<String> = Vec::new();
    let mut groups: Vec<&'static str> = Vec::new();
    let mut operator = false;
    let starts_value = positives
        .iter()
        .any(|rule| matches!(rule, Rule::name | Rule::item_field | Rule::number));
    for rule in positives {
        let name = format!("{rule:?}");
        if let Some(keyword) = name.strip_prefix("k_") {
            let keyword = spelled(keyword);
            // words that begin a value say nothing beyond "a value"
            let inside_value = starts_value && begins_value(&keyword);
            let goes_on = continues_value(&keyword);
            operator |= goes_on;
            if !inside_value && !goes_on && !keywords.contains(&keyword) {
                keywords.push(keyword);
            }
            continue;
        }
        match group(*rule) {
            Some("an operator") => operator = true,
            Some(words) if !groups.contains(&words) => groups.push(words),
            _ => {}
        }
    }
    if groups.contains(&"a value") {
        groups.retain(|words| *words == "a value" || words.starts_with('`') || *words == "a type");
    }
    if operator && !groups.contains(&"a value") {
        groups.insert(0, "an operator");
    }
    (keywords, groups)
}

fn spelled(keyword: &str) -> String {
    match keyword {
        "arrow" => "->".to_owned(),
        "colon" => ":".to_owned(),
        "bar" => "|".to_owned(),
        "comma" => ",".to_owned(),
        "equals" => "=".to_owned(),
        "below" => "<".to_owned(),
        "to_end" => "..".to_owned(),
        "open" => "(".to_owned(),
        "close" => ")".to_owned(),
        "open_brace" => "{".to_owned(),
        "close_brace" => "}".to_owned(),
        "close_list" => "]".to_owned(),
        "as_of" | "needs_decision" => keyword.to_owned(),
        "as_of_words" => "as of".to_owned(),
        _ => keyword.replace('_', " "),
    }
}

fn begins_value(keyword: &str) -> bool {
    matches!(
        keyword,
        "if" | "for each"
            | "at least"
            | "next"
            | "previous"
            | "ever"
            | "highest"
            | "rows of"
            | "result of"
            | "any of"
            | "all of"
            | "none of"
            | "not applicable"
            | "needs"
            | "period"
            | "overlap of"
            | "("
            | "{"
            | "days of"
    )
}

fn continues_value(keyword: &str) -> bool {
    matches!(
        keyword,
        "as of"
            | "sorted by"
            | "grouped by"
            | "followed by"
            | "where"
            | "within"
            | "is one of"
            | "whole months"
            | "overlaps"
    )
}

fn group(rule: Rule) -> Option<&'static str> {
    Some(match rule {
        Rule::op_or
        | Rule::op_and
        | Rule::op_not
        | Rule::op_compare
        | Rule::op_in
        | Rule::op_or_else
        | Rule::op_add
        | Rule::op_multiply
        | Rule::is_none
        | Rule::is_applicable
        | Rule::is_one_of
        | Rule::recorded
        | Rule::within
        | Rule::rounded
        | Rule::rounding
        | Rule::access
        | Rule::as_of
        | Rule::filtered
        | Rule::sorted
        | Rule::grouped
        | Rule::followed
        | Rule::descending => "an operator",
        Rule::expr
        | Rule::operand
        | Rule::tight
        | Rule::list
        | Rule::subject
        | Rule::comparison
        | Rule::short_test
        | Rule::name
        | Rule::number
        | Rule::percent
        | Rule::money
        | Rule::date
        | Rule::duration
        | Rule::boolean
        | Rule::nothing
        | Rule::item_field
        | Rule::parenthesised
        | Rule::list_literal
        | Rule::record_literal
        | Rule::group
        | Rule::quantified
        | Rule::quantifier
        | Rule::aggregate
        | Rule::pick
        | Rule::if_expr
        | Rule::for_each
        | Rule::op_negate
        | Rule::range_value
        | Rule::cell_values
        | Rule::tests
        | Rule::bound
        | Rule::grid_cell
        | Rule::table_cell
        | Rule::test_value
        | Rule::case_value
        | Rule::amended_cell => "a value",
        Rule::text => "a text in quotes",
        Rule::word | Rule::words | Rule::dotted | Rule::rows | Rule::path => "a name",
        Rule::clause_id => "a clause",
        Rule::version => "a version",
        Rule::r#type
        | Rule::typed
        | Rule::named_type
        | Rule::list_type
        | Rule::set_type
        | Rule::record_type => "a type",
        Rule::range | Rule::low_bound | Rule::high_bound => "a range",
        Rule::or_none => "`or none`",
        Rule::otherwise | Rule::otherwise_case => "`otherwise`",
        Rule::when => "`when`",
        Rule::because => "`because`",
        Rule::cites => "`cite`",
        Rule::under | Rule::under_all => "`under`",
        Rule::from_date => "`from`",
        Rule::through_date => "`through`",
        Rule::before_date => "`before`",
        Rule::announced_date => "`announced`",
        Rule::published => "`published`",
        Rule::for_the_record => "`informational`",
        Rule::stated_nowhere => "`stated nowhere`",
        Rule::table_mode => "`exactly one row`",
        Rule::marginal => "`marginal`",
        Rule::mandatory => "`mandatory`",
        Rule::external => "`external`",
        Rule::informational => "`informational`",
        Rule::window => "`before`, `up to`, `from` or `after`",
        Rule::result_is => "`is`",
        Rule::does_not_apply => "`does not apply`",
        Rule::dash => "`-`",
        Rule::column | Rule::test_column => "a column",
        Rule::arguments => "a list in parentheses",
        Rule::EOI => "the end of the line",
        _ => return None,
    })
}

/// `` `when`, `otherwise` or a value ``.
fn listed(keywords: &[String], groups: &[&'static str]) -> String {
    let mut all: Vec<String> = Vec::new();
    let tail = ["cite", "from", "through", "before", "under", "announced"];
    let many = keywords
        .iter()
        .filter(|keyword| tail.contains(&keyword.as_str()))
        .count()
        > 2;
    for words in groups
        .iter()
        .filter(|words| **words != "the end of the line")
    {
        all.push((*words).to_owned());
    }
    for keyword in keywords {
        let quoted = format!("`{keyword}`");
        let grouped = many && tail.contains(&keyword.as_str());
        if !grouped && !all.contains(&quoted) {
            all.push(quoted);
        }
    }
    all.truncate(5);
    if many {
        all.push("`cite`, a date such as `from 2027-01-01`".to_owned());
    }
    if groups.contains(&"the end of the line") {
        all.push("the end of the line".to_owned());
    }
    match all.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
    }
}

/// A legal form of the line.
fn form(rule: Rule, words: &str) -> &'static str {
    match rule {
        Rule::currency_line => "currency USD",
        Rule::source_body if words.starts_with("section") => "section \"Title\"",
        Rule::source_body => "TP-033 \"what the clause says\"",
        Rule::field_line => "stars: decimal 1..5 \"Stars\"",
        Rule::fact_body => "derived count of reviews",
        Rule::evidence_line => "evidence fact_a, fact_b",
        Rule::version_line => "3.5 from 2026-01-01 through 2026-12-31",
        Rule::case_line if words.starts_with("not") => {
            "not applicable because \"the reason\" when condition"
        }
        Rule::case_line if words.starts_with("applies") => {
            "applies when condition because \"the reason\""
        }
        Rule::case_line => "value when condition",
        Rule::block_line => "when condition {",
        Rule::alternative_line => "alternative count of marks >= 3",
        Rule::grid_header => "| | partner | rising |",
        Rule::stage_line => "stage eligibility",
        Rule::grid_line => "| reviews: reviews_count >= cell | - | 5 |",
        Rule::change_line if words.starts_with("add") => {
            "add | security: security_audited | - | mandatory |"
        }
        Rule::change_line => "attached for leading is $1.2M from 2028-01-01",
        Rule::waives_line => "waives reviews, rating for rising, leading",
        Rule::exception_body => "use $50K",
        Rule::table_header => "| package_value | -> percent: percent |",
        Rule::table_row => "| > $50K and <= $100K | 3% |",
        Rule::reading_body if words.starts_with("chosen") => {
            "chosen alternative because \"the reason\""
        }
        Rule::reading_body => "alternative \"what it means\"",
        Rule::given_line => "given current_tier = rising",
        Rule::expect_line => "expect eligible_tier = rising",
        Rule::test_header => "| package_value | expect eligible_tier |",
        Rule::test_row => "| $400K | rising |",
        Rule::lifecycle_body if words.starts_with("state") => {
            "state site_page waits for partner deadline 30 days"
        }
        Rule::lifecycle_body if words.starts_with("may") => {
            "may board_decision: approve -> approved, refuse -> refused"
        }
        Rule::lifecycle_body if words.starts_with("late") => "late -> removed",
        Rule::lifecycle_body if words.starts_with("keeps") => "keeps end_reason: EndReason",
        Rule::lifecycle_body if words.starts_with("when") => "when condition -> state",
        Rule::lifecycle_body => "on event when condition -> state",
        Rule::obligations_body if words.starts_with("for") => {
            "for each user in users give user: user.name"
        }
        Rule::obligations_body => "must rule_name condition",
        Rule::duty_body if words.starts_with("due") => "due 14 days",
        Rule::duty_body if words.starts_with("done") => "done notice_sent_on",
        Rule::duty_body => "on decided_on when condition",
        Rule::order_body => "first_action before second_action when condition",
        Rule::note_line => "note \"what to tell\" when condition",
        Rule::prevails_line => "rule_a prevails over rule_b because \"the reason\"",
        _ => {
            let first = words.split_whitespace().next().unwrap_or("");
            polc_grammar::keyword(first).map_or("keyword name", |keyword| keyword.example)
        }
    }
}
