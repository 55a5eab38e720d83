//! Signs that other languages and word processors write.

use super::{Slip, Stuck};

/// A sign, what is written instead, and what it means; longer ones first. Without a second one there is no such operator.
const OPERATORS: &[(&str, &str, &str)] = &[
    ("!==", "!=", "not equal is written `!=` or `is not`"),
    ("=/=", "!=", "not equal is written `!=` or `is not`"),
    ("<>", "!=", "not equal is written `!=` or `is not`"),
    ("≠", "!=", "not equal is written `!=` or `is not`"),
    ("≤", "<=", "at most is written `<=`"),
    ("=<", "<=", "at most is written `<=`"),
    ("≥", ">=", "at least is written `>=`"),
    (
        "=>",
        "",
        "at least is written `>=`; what a line leads to is written `->`",
    ),
    ("===", "=", "equal is written `=` or `is`"),
    ("==", "=", "equal is written `=` or `is`"),
    (":=", "=", "write `=`"),
    ("&&", "and", "write `and`"),
    ("&", "and", "write `and`"),
    ("||", "or", "write `or`"),
    ("–", "-", "write the plain sign `-`"),
    ("−", "-", "write the plain sign `-`"),
    ("—", "-", "write the plain sign `-`"),
    ("×", "*", "write `*`"),
    ("·", "*", "write `*`"),
    ("÷", "/", "write `/`"),
    ("**", "^", "a power is written `^`"),
    ("++", "", "one sign is enough"),
];

/// An operator of another language.
pub(super) fn operator(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    // An empty cell of a table of tests.
    let cells = rest.starts_with("||") && stuck.words.starts_with('|');
    if cells || rest.starts_with("!=") && !rest.starts_with("!==") {
        return None;
    }
    if rest.starts_with('!') && !rest.starts_with("!==") {
        let place = at..at + 1;
        let spaces = rest.len() - 1 - rest.get(1..)?.trim_start().len();
        let message = "`!` is not expected here: expected `not`".to_owned();
        return Some(Slip::new(place, message, "write `not`").edit(at..at + 1 + spaces, "not "));
    }
    if rest.starts_with(';') {
        let message = "`;` is not expected here: a line ends without a sign".to_owned();
        let last = rest.get(1..).is_some_and(|after| after.trim().is_empty());
        let slip = Slip::new(at..at + 1, message, "remove it");
        return Some(if last {
            slip.edit(at..at + 1, "")
        } else {
            slip
        });
    }
    let (sign, instead, help) = OPERATORS.iter().find(|(sign, ..)| rest.starts_with(sign))?;
    let place = at..at + sign.len();
    let message = match *instead {
        "" => format!("`{sign}` is not expected here: it is no operator"),
        instead => format!("`{sign}` is not expected here: expected `{instead}`"),
    };
    let slip = Slip::new(place.clone(), message, *help);
    Some(match *instead {
        "" => slip,
        instead => slip.edit(place, instead),
    })
}

/// `C ? A : B`.
pub(super) fn choice(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    let after = rest.strip_prefix('?')?;
    if stuck.ranged {
        return None;
    }
    let both = super::operand(after);
    let end = at + 1 + both.len();
    let before = stuck.words.get(..at)?;
    let begun = before.rfind(['|', '(', '[', '{', ',']);
    let mut condition = before.get(begun.map_or(0, |begun| begun + 1)..)?;
    let declares = before.split_whitespace().next();
    if declares.is_some_and(|word| polc_grammar::keyword(word).is_some())
        && let Some((_, defined)) = condition.split_once(" = ")
    {
        condition = defined;
    }
    let (yes, no) = both.split_once(':').unwrap_or((both, "VALUE"));
    let help = format!(
        "write `if {} then {} else {}`",
        condition.trim(),
        yes.trim(),
        no.trim()
    );
    let message = "`?` is not expected here: a choice is written `if … then … else …`".to_owned();
    Some(Slip::new(at..end, message, help))
}

/// Quotes that are not straight and double.
pub(super) fn quote(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    let first = rest.chars().next()?;
    let closing: &[char] = match first {
        '“' | '„' | '”' => &['”', '“'],
        '‘' | '’' | '‚' => &['’', '‘'],
        '\'' => &['\''],
        '«' => &['»'],
        _ => return None,
    };
    let from = at + first.len_utf8();
    let message = format!("`{first}` is not expected here: texts stand in straight double quotes");
    let inside = stuck.words.get(from..)?;
    let Some(length) = inside.find(closing) else {
        let help = "texts stand in straight double quotes: `\"…\"`";
        return Some(Slip::new(at..from, message, help));
    };
    let text = inside.get(..length)?;
    let last = inside.get(length..)?.chars().next()?.len_utf8();
    let written = format!("\"{text}\"");
    let help = format!("write `{}`", written.replace('`', ""));
    let place = at..from + length + last;
    let slip = Slip::new(place.clone(), message, help);
    Some(if text.contains('"') {
        slip
    } else {
        slip.edit(place, written)
    })
}

/// A comment of another language.
pub(super) fn comment(stuck: &Stuck<'_>, at: usize, rest: &str) -> Option<Slip> {
    let sign = ["//", "/*", "--"]
        .into_iter()
        .find(|sign| rest.starts_with(sign))?;
    // `a --b` is a sum.
    if sign == "--" && at != stuck.at {
        return None;
    }
    let place = at..at + sign.len();
    let message = format!("`{sign}` is not expected here: a comment begins with `#`");
    let slip = Slip::new(
        place.clone(),
        message,
        "write `#`; the comment ends with the line",
    );
    Some(if sign == "/*" {
        slip
    } else {
        slip.edit(place, "#")
    })
}
