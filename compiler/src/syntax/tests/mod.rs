//! The parser against whole files and broken lines.

use super::ast::{BinaryOp, Body, DeclarationKind, Define, Expr, ExprKind};
use crate::diagnostics::Diagnostics;
use crate::source::Sources;

const SURFACE: &str = include_str!("surface.pol");
const FORMS: &str = include_str!("forms.pol");

#[test]
fn the_whole_surface_reads() {
    let mut sources = Sources::default();
    let file = sources.add("surface.pol", SURFACE);
    let mut diagnostics = Diagnostics::default();
    let tree = super::parse(file, SURFACE, &mut diagnostics);
    let found: Vec<String> = diagnostics
        .sorted()
        .iter()
        .map(|finding| {
            let span = finding.labels[0].span;
            let line = sources.position(span).line;
            format!(
                "{line}: {} {} [{}] {:?}",
                finding.code.number(),
                finding.message,
                sources.text(span),
                finding.help
            )
        })
        .collect();
    assert_eq!(found.join("\n"), "");
    assert_eq!(tree.declarations.len(), 42);
}

fn codes(text: &str) -> Vec<&'static str> {
    let mut diagnostics = Diagnostics::default();
    super::parse(0, text, &mut diagnostics);
    diagnostics
        .sorted()
        .iter()
        .map(|finding| finding.code.number())
        .collect()
}

/// Broken texts, each with all the codes it gives.
const BROKEN: &[(&str, &[&str])] = &[
    ("fact a: int\n\t\"tab\"\n\tpublished\n", &["P0104"]),
    ("fact a: text \"open\n", &["P0208"]),
    ("define x = `open\n", &["P0208"]),
    ("define x = count of (a where .b\n", &["P0203"]),
    ("define x = (a])\n", &["P0203"]),
    ("define x = a)\n", &["P0203"]),
    ("decision d\n  when a {\n    b when c\n", &["P0203"]),
    ("decision d\n  a when b\n  }\n", &["P0203"]),
    ("enum E { a, b\nfact a: int\n", &["P0203"]),
    ("value v: money\n  $5 until 2026-01-01\n", &["P0205"]),
    ("value v: money = $1,000\n", &["P0206"]),
    ("value v: money = $1,000K\n", &["P0206"]),
    ("value v: int = 1,000,000\n", &["P0206"]),
    ("define x = a in [$1,000, $2]\n", &["P0206"]),
    ("factt a: int\n", &["P0202"]),
    ("and b\n", &["P0202"]),
    ("  stray\nfact a: int\n", &["P0202"]),
    ("define x = a and b or c\n", &["P0210"]),
    ("define x = a or b and c\n", &["P0210"]),
    ("define x = a or not b and c\n", &["P0210"]),
    ("value d: date = 2026-02-30\n", &["P0207"]),
    ("value d: date = 2026-13-01\n", &["P0207"]),
    ("value d: int = 12345678901234567890123456789\n", &["P0209"]),
    ("value d: days = 9999999999 days\n", &["P0209"]),
    ("fact a int\n", &["P0201"]),
    ("fact : int\n", &["P0201"]),
    ("define x = a == b\n", &["P0201"]),
    ("define x = a +\n", &["P0201"]),
    ("define x = a is b is c\n", &["P0201"]),
    ("define x = (a + b) recorded\n", &["P0201"]),
    ("define x = earlier of dates\n", &["P0201"]),
    ("define x = count of (a, b)\n", &["P0201"]),
    ("define x = if a then b\n", &["P0201"]),
    ("define x = a\n  b when c\n", &["P0201"]),
    (
        "decision d\n  eligible whe a\n  b when c\n  d othrwise\n",
        &["P0201", "P0201"],
    ),
    ("decision d\n  when a\n  b otherwise\n", &["P0201"]),
    ("decision d\n", &["P0201"]),
    ("value v: int\n", &["P0201"]),
    ("value v: int = 5 under a b\n", &["P0201"]),
    (
        "value v: int\n  5 from 2026-01-01 from 2027-01-01\n",
        &["P0201"],
    ),
    ("record R\n", &["P0201"]),
    ("scale S { a, b }\n", &["P0201"]),
    ("requirements g for T\n", &["P0201"]),
    (
        "requirements g for T\n  | | a |\n  | x y >= cell | 5 |\n",
        &["P0201"],
    ),
    ("table t\n", &["P0201"]),
    ("tests \"x\"\n  | a | expect b\n  | 1 | 2 |\n", &["P0201"]),
    ("exception e to d\n", &["P0201"]),
    ("waiver w\n  waive a for b\n", &["P0201"]),
    ("schedule s on day 15 january\n", &["P0201"]),
    ("schedule s in june\n  body\n", &["P0201"]),
    ("reading r\n  a \"x\"\n  chosen a\n", &["P0201"]),
    ("source s \"t\"\n  TP-1 x\n", &["P0201"]),
    ("judgement j: yes, no\n", &["P0201"]),
    ("amend g\n  a for b is\n  c like\n", &["P0201", "P0201"]),
    (
        "fact a: int\nfact b int\nfact c: int\nfact d int\n",
        &["P0201", "P0201"],
    ),
];

#[test]
fn broken_texts_give_their_codes() {
    for (text, wanted) in BROKEN {
        assert_eq!(&codes(text), wanted, "{text}");
    }
}

#[test]
fn what_is_left_after_a_broken_declaration() {
    let mut diagnostics = Diagnostics::default();
    let tree = super::parse(
        0,
        "fact a: int\nfact b int\nfact c: int\n",
        &mut diagnostics,
    );
    assert_eq!(tree.declarations.len(), 2);
    assert_eq!(
        tree.broken
            .iter()
            .map(|broken| broken.name.text.as_str())
            .collect::<Vec<_>>(),
        ["b"]
    );
}

#[test]
fn help_names_the_cure() {
    let help = |text: &str| {
        let mut diagnostics = Diagnostics::default();
        super::parse(0, text, &mut diagnostics);
        diagnostics.sorted()[0].help.clone().unwrap()
    };
    assert!(help("value v: money = $1,000\n").contains("`$1_000`"));
    assert!(help("factt a: int\n").contains("`fact`"));
    assert!(help("decision d\n  a whe b\n").contains("`when`"));
    assert!(help("define x = a == b\n").contains("written `=`"));
    assert!(help("value d: date = 2026-02-30\n").contains("2026-02-28"));
}

#[test]
fn depth_is_bounded() {
    let many = 100_000;
    let deep = [
        format!("define x = {}a{}\n", "(".repeat(many), ")".repeat(many)),
        format!("define x = {}a{}\n", "[".repeat(many), "]".repeat(many)),
        format!("define x = {}a\n", "(".repeat(many)),
        format!("define x = {}a\n", "not ".repeat(many)),
        format!("define x = {}a\n", "- ".repeat(many)),
        format!("define x = {}a\n", "count of ".repeat(many)),
        format!("define x = a{}\n", " + a".repeat(many)),
        format!("define x = a{}\n", " and a".repeat(many)),
        format!("define x = a{}\n", " or else a".repeat(many)),
        format!("define x = a{}\n", ".a".repeat(many)),
        format!("define x = a{}\n", " where .a".repeat(many)),
        format!("define x = {}a\n", "if a then b else ".repeat(many)),
        format!(
            "define x = {}a{}\n",
            "smallest of (".repeat(many),
            ")".repeat(many)
        ),
        format!("fact x: {}int\n", "list of ".repeat(many)),
        format!(
            "decision d\n {}a otherwise\n{}",
            "when a {\n ".repeat(many),
            "}\n".repeat(many)
        ),
    ];
    for text in deep {
        let found = codes(&text);
        assert!(found.contains(&"P0204"), "{} {found:?}", &text[..40]);
    }
}

#[test]
fn what_is_just_within_the_bound_reads() {
    let deep = [
        format!("define x = {}a{}\n", "(".repeat(64), ")".repeat(64)),
        format!(
            "define x = {}a{}\n",
            "smallest of (".repeat(32),
            ")".repeat(32)
        ),
        format!("define x = {}a{}\n", "[".repeat(64), "]".repeat(64)),
        format!("define x = {}a\n", "count of ".repeat(60)),
        format!("define x = {}a\n", "if a then b else ".repeat(60)),
        format!("define x = a{}\n", " + a".repeat(390)),
        format!("define x = a{}\n", " and count of a > 0".repeat(200)),
    ];
    for text in deep {
        assert_eq!(codes(&text), Vec::<&str>::new(), "{}", &text[..40]);
    }
}

#[test]
fn every_other_form_reads() {
    assert_eq!(codes(FORMS), Vec::<&str>::new());
    assert_eq!(codes(&FORMS.replace('\n', "\r\n")), Vec::<&str>::new());
}

fn body(text: &str) -> String {
    let mut diagnostics = Diagnostics::default();
    let tree = super::parse(0, &format!("define x = {text}\n"), &mut diagnostics);
    let kind = &tree.declarations[0].kind;
    let DeclarationKind::Define(Define {
        body: Body::Expr(expr),
        ..
    }) = kind
    else {
        panic!("{kind:?}")
    };
    shape(expr)
}

/// An expression with every pair of operands in parentheses.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "what no test is about is shown as it is"
)]
fn shape(expr: &Expr) -> String {
    match &expr.kind {
        ExprKind::Name(name) => name.clone(),
        ExprKind::Literal(literal) => format!("{literal:?}"),
        ExprKind::ItemField(name) => format!(".{}", name.text),
        ExprKind::Access(of, name) => format!("{}.{}", shape(of), name.text),
        ExprKind::Not(of) => format!("not({})", shape(of)),
        ExprKind::Negate(of) => format!("-({})", shape(of)),
        ExprKind::Binary(op, a, b) => {
            let sign = match op {
                BinaryOp::Or | BinaryOp::And => format!("{op:?}"),
                BinaryOp::Arithmetic(sign) => format!("{sign:?}"),
            };
            format!("({} {sign} {})", shape(a), shape(b))
        }
        ExprKind::Compare(sign, a, b) => format!("({} {sign:?} {})", shape(a), shape(b)),
        ExprKind::Aggregate(which, of) => format!("{which:?}[{}]", shape(of)),
        ExprKind::Where { list, condition } => {
            format!("({} where {})", shape(list), shape(condition))
        }
        ExprKind::OrElse(a, b) => format!("({} or else {})", shape(a), shape(b)),
        ExprKind::Round(of, mode, _) => format!("{mode:?}({})", shape(of)),
        ExprKind::AsOf(of, day) => format!("({} as of {})", shape(of), shape(day)),
        ExprKind::In {
            item,
            list,
            negated,
        } => {
            format!(
                "({} {}in {})",
                shape(item),
                if *negated { "not " } else { "" },
                shape(list)
            )
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn operators_hold_as_they_should() {
    assert_eq!(body("a + b * c - d"), "((a Add (b Mul c)) Sub d)");
    assert_eq!(body("not a = b and c"), "(not((a Eq b)) And c)");
    assert_eq!(body("a or (b and c)"), "(a Or (b And c))");
    assert_eq!(body("-a.b * c"), "(-(a.b) Mul c)");
    assert_eq!(
        body("count of l where .a > 1 + b and c"),
        "(Count[(l where (.a Gt (Literal Add b)))] And c)".replace("Literal", "Number(\"1\")")
    );
    assert_eq!(body("count of l >= 3"), "(Count[l] Ge Number(\"3\"))");
    assert_eq!(body("a or else b > c"), "((a or else b) Gt c)");
    assert_eq!(
        body("a / b rounded down to 2 places > c"),
        "(Down((a Div b)) Gt c)"
    );
    assert_eq!(body("a not in b and c"), "((a not in b) And c)");
    assert_eq!(body("a as of b + c"), "((a as of b) Add c)");
    assert_eq!(body("smallest of (a).b"), "Smallest[a.b]");
    assert_eq!(body("a is not b"), "(a Ne b)");
    assert_eq!(
        body("a\n  and (b or c)\n  # between\n\n  and d"),
        "((a And (b Or c)) And d)"
    );
}

#[test]
fn literals_are_exact() {
    assert_eq!(body("$1.25M"), "Money(\"$1250000\")");
    assert_eq!(body("$400K"), "Money(\"$400000\")");
    assert_eq!(body("$0.0005K"), "Money(\"$0.5\")");
    assert_eq!(body("$399_999.99"), "Money(\"$399999.99\")");
    assert_eq!(body("EUR 5"), "Money(\"EUR 5\")");
    assert_eq!(body("1_000"), "Number(\"1000\")");
    assert_eq!(body("25%"), "Percent(\"25\")");
    assert_eq!(body("2 weeks"), "Days(14)");
    assert_eq!(body("2 years"), "Months(24)");
    assert_eq!(body("\"a # b\""), "Text(\"a # b\")");
}

#[test]
fn places_and_comments_are_exact() {
    let text = "## One\n## two\nfact a: int # \u{e9} note\n\ndefine b = a\n  + `x y` # more\n";
    let mut sources = Sources::default();
    let file = sources.add("x.pol", text);
    let tree = super::parse(file, text, &mut Diagnostics::default());
    assert_eq!(tree.declarations[0].doc, "One\ntwo");
    let comments: Vec<&str> = tree
        .comments
        .iter()
        .map(|comment| comment.text.as_str())
        .collect();
    assert_eq!(comments, ["## One", "## two", "# \u{e9} note", "# more"]);
    assert!(
        tree.comments
            .iter()
            .all(|comment| sources.text(comment.span) == comment.text)
    );
    let DeclarationKind::Define(define) = &tree.declarations[1].kind else {
        panic!()
    };
    let Body::Expr(Expr {
        kind: ExprKind::Binary(_, a, b),
        span,
    }) = &define.body
    else {
        panic!()
    };
    assert_eq!(sources.text(define.name.span), "b");
    assert_eq!(sources.text(a.span), "a");
    assert_eq!(sources.text(b.span), "`x y`");
    assert_eq!(sources.text(*span), "a\n  + `x y`");
    assert_eq!(
        sources.text(tree.declarations[1].span),
        "define b = a\n  + `x y`"
    );
}
