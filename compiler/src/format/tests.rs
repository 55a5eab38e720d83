//! The layout keeps words, comments and the tree, and is stable.

use super::format;
use crate::diagnostics::Diagnostics;
use crate::syntax;

const SURFACE: &str = include_str!("../syntax/tests/surface.pol");
const FORMS: &str = include_str!("../syntax/tests/forms.pol");

/// The tree without its places.
fn tree(text: &str) -> String {
    let file = syntax::parse(0, text, &mut Diagnostics::default());
    let shown = format!("{:?}", file.declarations);
    let mut out = String::new();
    let mut rest = shown.as_str();
    while let Some((before, after)) = rest.split_once("Span {") {
        out.push_str(before);
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    out + rest
}

#[test]
fn the_surface_keeps_its_tree_and_comments() {
    let once = format(SURFACE).unwrap();
    assert_eq!(tree(&once), tree(SURFACE));
    let comments = |text: &str| {
        let file = syntax::parse(0, text, &mut Diagnostics::default());
        file.comments
            .into_iter()
            .map(|comment| comment.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(comments(&once), comments(SURFACE));
    assert_eq!(format(&once).unwrap(), once);
}

#[test]
fn every_other_form_keeps_its_tree() {
    let once = format(FORMS).unwrap();
    assert_eq!(tree(&once), tree(FORMS));
    assert_eq!(format(&once).unwrap(), once);
}

#[test]
fn tables_are_padded() {
    let text = "requirements g for T  cite A-1\n | |a|bb|\n stage x\n |r:y>=cell|-|$400K|  cite A-2\n |long.name: any of|\n";
    let wanted = "requirements g for T  cite A-1\n  |                   | a | bb    |\n  stage x\n  | r: y >= cell      | - | $400K |  cite A-2\n  | long.name: any of |\n";
    assert_eq!(format(text).unwrap(), wanted);
}

#[test]
fn continued_lines_and_blocks_are_indented() {
    let text = "decision d\n when a\n and b {\n x when c\n      or d\n when e {\n y otherwise\n }\n   z otherwise\n }\n w otherwise";
    let wanted = "decision d\n  when a\n    and b {\n    x when c\n      or d\n    when e {\n      y otherwise\n    }\n    z otherwise\n  }\n  w otherwise\n";
    assert_eq!(format(text).unwrap(), wanted);
}

#[test]
fn blank_lines_tabs_and_line_ends() {
    let text = "\u{feff}\r\n\r\nfact a: int # one\r\n\r\n\r\n\r\nfact b:\tint\r\n\r\n";
    assert_eq!(format(text).unwrap(), "fact a: int  # one\n\nfact b: int\n");
}

#[test]
fn what_does_not_read_is_left_alone() {
    assert_eq!(format("fact a int\n"), None);
    assert_eq!(format("factt a: int\n"), None);
}

#[test]
fn headers_over_several_lines() {
    let text = "enum E {\na,\n b }\nscale S {a<b}\ndefine x = f where (\n.a\n and .b\n)\n";
    // a word at the first column is inside the brackets that are open, unless it begins a declaration
    let wanted =
        "enum E {\n  a,\n  b }\nscale S { a < b }\ndefine x = f where (\n  .a\n  and .b\n)\n";
    assert_eq!(format(text).unwrap(), wanted);
    assert_eq!(format(&text.replace("\na,", "\nfact a: int,")), None);
    let text = "enum E {\n a,\n b\n}\nscale S {a<b}\ndefine x = f where (\n .a\n and .b\n)\ndefine y = [{a:1,b:-2}, {a: 2, b:3}]\n";
    let wanted = "enum E {\n  a,\n  b\n}\nscale S { a < b }\ndefine x = f where (\n  .a\n  and .b\n)\ndefine y = [{a: 1, b: -2}, {a: 2, b: 3}]\n";
    assert_eq!(format(text).unwrap(), wanted);
}
