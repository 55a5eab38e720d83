//! What the grammar expected, in words for people.

use pest::error::{Error, ErrorVariant, InputLocation};
use polc_grammar::{Called, Rule, called};

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
        case: rule == Rule::case_line,
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
        "%" => {
            "a percentage has its sign directly after the number: `25%`; the remainder of a division is `n mod m`"
        }
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
        match called(*rule) {
            // words that begin a value say nothing beyond "a value"
            Called::ValueWord(_) if starts_value => {}
            Called::Word(word) | Called::ValueWord(word) => {
                if !keywords.iter().any(|known| known == word) {
                    keywords.push(word.to_owned());
                }
            }
            Called::Operator => operator = true,
            Called::Kind(words) if !groups.contains(&words) => groups.push(words),
            Called::Kind(_) | Called::Nothing => {}
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
    let known = polc_grammar::forms(rule).iter();
    let mut fitting = known.filter(|(begins, _)| words.starts_with(begins));
    if let Some((_, form)) = fitting.next() {
        return form;
    }
    let first = words.split_whitespace().next().unwrap_or("");
    polc_grammar::keyword(first).map_or("keyword name", |keyword| keyword.example)
}
