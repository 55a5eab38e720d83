//! A stretch of source text as words, for telling it to people.

/// A word of the source, or what stands between words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word<'t> {
    /// A name with the names after its points: `acme.revenue`; the first is empty in `.revenue`.
    Name(&'t str),
    /// Anything else as it is written: numbers, texts, signs, spaces.
    Other(&'t str),
}

/// The words of a text, in order; together they are the text.
#[must_use]
pub fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = if first == '"' {
            let body = rest.get(1..).unwrap_or_default();
            body.find('"').map_or(rest.len(), |end| end + 2)
        } else if first == '#' {
            rest.find('\n').unwrap_or(rest.len())
        } else if starts_name(rest) {
            rest.find(|letter: char| !(letter.is_alphanumeric() || matches!(letter, '_' | '.')))
                .unwrap_or(rest.len())
        } else if first.is_ascii_digit() || first == '$' {
            // A number with its unit, or a date.
            let inside = |letter: char| {
                letter.is_ascii_alphanumeric() || matches!(letter, ',' | '.' | '$' | '%' | '-')
            };
            rest.find(|letter: char| !inside(letter))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        found.push(if starts_name(word) {
            Word::Name(word)
        } else {
            Word::Other(word)
        });
        rest = after;
    }
    found
}

fn starts_name(text: &str) -> bool {
    let text = text.strip_prefix('.').unwrap_or(text);
    text.starts_with(|first: char| first.is_alphabetic() || first == '_')
}
