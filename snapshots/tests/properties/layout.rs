//! The canonical layout changes neither the tree nor a comment, and is stable.

use super::cases;
use crate::harness::{Files, POLICIES};
use polc::diagnostics::{Code, Diagnostics};
use polc::format::format;
use polc::syntax;
use proptest::prelude::*;
use std::sync::OnceLock;

/// Tree, comments and findings without their places.
fn read(text: &str) -> (String, Vec<String>, Vec<String>) {
    let mut diagnostics = Diagnostics::default();
    let file = syntax::parse(0, text, &mut diagnostics);
    let shown = format!("{:?}", file.declarations);
    let mut tree = String::new();
    let mut rest = shown.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        tree.push_str(before);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    tree.push_str(rest);
    // Tabs inside texts become spaces too.
    let tree = tree.replace("\\t", " ");
    let comments = file.comments.into_iter();
    // tabs are what the layout removes
    let findings = diagnostics
        .iter()
        .filter(|one| one.code != Code::TabInText)
        .map(|one| format!("{:?}", one.code));
    (
        tree,
        comments
            .map(|comment| comment.text.replace('\t', " ").trim_end().to_owned())
            .collect(),
        findings.collect(),
    )
}

fn layout_is_kept(text: &str) -> Result<bool, TestCaseError> {
    let Some(once) = format(text) else {
        return Ok(false);
    };
    prop_assert_eq!(read(&once), read(text), "{}", text);
    prop_assert_eq!(format(&once), Some(once), "{}", text);
    Ok(true)
}

/// Groups of declarations of the shipped policy, as they stand between blank lines.
pub(super) fn pieces() -> &'static [String] {
    static PIECES: OnceLock<Vec<String>> = OnceLock::new();
    PIECES.get_or_init(|| {
        let files = POLICIES.map(Files::folder);
        let texts = files
            .iter()
            .flat_map(|files| files.0.keys().map(|path| files.text(path)));
        texts
            .flat_map(|text| text.split("\n\n"))
            // A lifecycle may have blank lines inside; what follows them is no declaration.
            .filter(|piece| piece.len() < 3_000 && !piece.starts_with(char::is_whitespace))
            .map(|piece| format!("{piece}\n"))
            .collect()
    })
}

#[test]
fn every_shipped_file_keeps_its_tree_and_comments() {
    for files in POLICIES.map(Files::folder) {
        for path in files.0.keys() {
            let text = files.text(path);
            assert!(layout_is_kept(text).unwrap(), "{path} has no layout");
        }
    }
}

/// A change to a text at a place: what people do to files, and what they should not.
#[derive(Debug, Clone)]
pub(super) enum Mutation {
    Insert(usize, String),
    Delete(usize, usize),
    SwapLines(usize, usize),
}

pub(super) fn mutation() -> impl Strategy<Value = Mutation> {
    let words = prop::sample::select(vec![
        " ",
        "  ",
        "\t",
        "\n",
        "\n  ",
        "\r\n",
        "# a note",
        "\n# a note\n",
        "\n  # inside\n",
        "##",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "`",
        "|",
        ",",
        ".",
        ":",
        "-",
        "->",
        "=",
        "<=",
        "and",
        " or ",
        " not ",
        "none",
        "otherwise",
        " when ",
        "cite TP-001",
        "0",
        "1_000",
        "$1M",
        "25%",
        "9999999999999999999999999999999999999999",
        "2027-02-30",
        "12 months",
        " from ",
        " through ",
        "under",
        "é",
        "\u{feff}",
        "\u{2028}",
        "🦀",
        "\0",
        "define x = x\n",
        "like",
    ]);
    let place = 0..4_000_usize;
    prop_oneof![
        3 => (place.clone(), words).prop_map(|(at, word)| Mutation::Insert(at, word.to_owned())),
        1 => (place.clone(), 1..12_usize).prop_map(|(at, long)| Mutation::Delete(at, long)),
        1 => (place.clone(), place).prop_map(|(one, other)| Mutation::SwapLines(one, other)),
    ]
}

pub(super) fn mutate(text: &str, mutations: &[Mutation]) -> String {
    let mut text = text.to_owned();
    for mutation in mutations {
        let letters: Vec<char> = text.chars().collect();
        let whole = letters.len().max(1);
        match mutation {
            Mutation::Insert(at, word) => {
                let (before, after) = letters.split_at(at % whole.min(letters.len() + 1));
                text = before.iter().collect::<String>() + word;
                text.extend(after);
            }
            Mutation::Delete(at, long) => {
                let gone = at % whole..at % whole + long;
                let kept = letters.iter().enumerate();
                text = kept
                    .filter(|(at, _)| !gone.contains(at))
                    .map(|(_, letter)| letter)
                    .collect();
            }
            Mutation::SwapLines(one, other) => {
                let mut lines: Vec<&str> = text.split('\n').collect();
                let count = lines.len();
                lines.swap(one % count, other % count);
                text = lines.join("\n");
            }
        }
    }
    text
}

/// Spaces more or fewer between the words, where there is one already.
fn respaced(text: &str, widths: &[u8]) -> String {
    let mut widths = widths.iter().cycle();
    let mut out = String::new();
    let mut quoted = false;
    let mut comment = false;
    for line in text.split('\n') {
        let start = line.len() - line.trim_start().len();
        for (at, letter) in line.char_indices() {
            quoted ^= letter == '"' && !comment;
            comment |= letter == '#' && !quoted;
            let loose = letter == ' ' && at >= start && !quoted && !comment;
            let width = if loose {
                widths.next().map_or(1, |width| *width)
            } else {
                1
            };
            out.extend(std::iter::repeat_n(letter, usize::from(width)));
        }
        (quoted, comment) = (false, false);
        out.push('\n');
    }
    out.pop();
    out
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn layout_keeps_what_was_changed(
        piece in prop::sample::select(pieces()),
        mutations in prop::collection::vec(mutation(), 0..4),
    ) {
        layout_is_kept(&mutate(&piece, &mutations))?;
    }

    #[test]
    fn spaces_do_not_matter(
        piece in prop::sample::select(pieces()),
        widths in prop::collection::vec(1..5_u8, 1..20),
    ) {
        let loose = respaced(&piece, &widths);
        prop_assert!(layout_is_kept(&loose)?, "{}", loose);
        let (tree, comments, _) = read(&loose);
        let (shipped, shipped_comments, _) = read(&piece);
        prop_assert_eq!(tree, shipped);
        prop_assert_eq!(comments, shipped_comments);
    }
}
