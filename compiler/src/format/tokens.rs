//! Words and signs of a line, and the spaces between them.

/// A word, a number, a text, a comment or a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token<'t> {
    /// As written.
    pub text: &'t str,
    /// A space stands before it.
    pub spaced: bool,
}

const SIGNS: [&str; 6] = ["!=", "<=", ">=", "->", "..", "=="];

/// The tokens of a line.
pub fn split(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.trim_start().chars().next() {
        let trimmed = rest.trim_start();
        let spaced = trimmed.len() < rest.len();
        let length = match first {
            '#' => trimmed.len(),
            '"' | '`' => trimmed
                .get(1..)
                .and_then(|inner| inner.find(first))
                .map_or(trimmed.len(), |at| at + 2),
            _ if is_word(first) => trimmed
                .find(|letter| !is_word(letter))
                .unwrap_or(trimmed.len()),
            _ => SIGNS
                .iter()
                .find(|sign| trimmed.starts_with(**sign))
                .map_or(first.len_utf8(), |sign| sign.len()),
        };
        let (token, after) = trimmed.split_at(length);
        tokens.push(Token {
            text: token,
            spaced,
        });
        rest = after;
    }
    tokens
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// The tokens with the spaces they should have.
pub fn spaced(tokens: &[Token<'_>], braces_spaced: bool) -> String {
    let mut line = String::new();
    let mut before: Option<&Token<'_>> = None;
    for token in tokens {
        if before.is_some_and(|before| space_between(before.text, token, braces_spaced)) {
            line.push(' ');
        }
        line.push_str(token.text);
        before = Some(token);
    }
    line
}

fn space_between(before: &str, token: &Token<'_>, braces_spaced: bool) -> bool {
    let infix = |sign: &str| {
        matches!(
            sign,
            "=" | "!=" | "<" | "<=" | ">" | ">=" | "+" | "*" | "/" | "->" | "|"
        )
    };
    match (before, token.text) {
        ("(" | "[" | "$" | "..", _) | (_, ")" | "]" | "," | ":" | "%" | "..") => false,
        ("{", _) | (_, "}") => braces_spaced,
        ("," | ":", _) | (_, "{") => true,
        (before, text) if infix(before) || infix(text) => true,
        (before, text) if before.starts_with('"') || text.starts_with('"') => true,
        _ => token.spaced,
    }
}
