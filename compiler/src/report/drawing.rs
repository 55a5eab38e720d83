//! Text in the languages of diagrams: Mermaid and DOT. What stands in it was written by others, so everything that
//! means something to the language is written as what it is.

use super::terminal::within_line;

/// Text for a Mermaid diagram: letters and digits as they are, every other sign of ASCII as an entity.
#[must_use]
pub fn mermaid(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in within_line(text).trim().chars() {
        let plain = letter.is_ascii_alphanumeric() || " _.,()/+-='".contains(letter);
        if plain || !letter.is_ascii() {
            out.push(letter);
        } else {
            out.push_str(&format!("#{};", letter as u32));
        }
    }
    if out.is_empty() {
        // No place in a diagram may be left empty.
        out.push_str("#45;");
    }
    out
}

/// What begins something else than a bar in a Gantt chart, in any case of letters.
const GANTT_WORDS: [&str; 16] = [
    "acc",
    "axisformat",
    "call",
    "click",
    "dateformat",
    "excludes",
    "gantt",
    "href",
    "includes",
    "inclusiveenddates",
    "section",
    "tickinterval",
    "title",
    "todaymarker",
    "topaxis",
    "week",
];

/// Text that begins a line of a Gantt chart: neither a word of the language nor a date, and not endless.
#[must_use]
pub fn mermaid_bar(text: &str) -> String {
    const LONGEST: usize = 60;
    let shown = within_line(text);
    let cut: String = shown.trim().chars().take(LONGEST).collect();
    let lower = cut.to_lowercase();
    let word = lower.starts_with(|first: char| !first.is_alphabetic())
        || GANTT_WORDS.iter().any(|word| lower.starts_with(word));
    let mut letters = cut.chars();
    match letters.next() {
        Some(first) if word && letters.as_str().is_empty() => format!("#{};", first as u32),
        Some(first) if word => format!("#{};{}", first as u32, mermaid(letters.as_str())),
        _ => mermaid(&cut),
    }
}

/// Text in quotes for DOT, in lines of about so many letters.
#[must_use]
pub fn dot(text: &str, letters: usize) -> String {
    let mut out = String::from("\"");
    let mut width = 0;
    for (at, word) in within_line(text).split_whitespace().enumerate() {
        let mut word: Vec<char> = word.chars().collect();
        if at > 0 && width + 1 + word.len() > letters {
            out.push_str("\\n");
            width = 0;
        } else if at > 0 {
            out.push(' ');
            width += 1;
        }
        // A word that is longer than a line is cut.
        while word.len() > letters {
            let rest = word.split_off(letters);
            quote(&word, &mut out);
            out.push_str("\\n");
            word = rest;
        }
        width += word.len();
        quote(&word, &mut out);
    }
    out.push('"');
    out
}

fn quote(word: &[char], out: &mut String) {
    for letter in word {
        if matches!(letter, '"' | '\\') {
            out.push('\\');
        }
        // Entities of HTML are read in DOT's texts.
        match letter {
            '&' => out.push_str("&amp;"),
            letter => out.push(*letter),
        }
    }
}
