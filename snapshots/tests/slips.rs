//! Slips that come from other languages, from word processors and from version control: each at several places of
//! a program gives one finding that touches it, and where an edit is offered, making it mends the program.

use crate::harness::{Files, errors, golden};
use polc::diagnostics::{Diagnostic, Format, render};
use polc::pipeline::Compilation;
use std::path::Path;

/// What every program of this file begins with.
const HEAD: &str = "\
program t \"T\" version 1
  currency USD
scale Tier { low < high }
record Visit
  length: int 0..100
fact n: int 0..100
fact m: int 0..100
fact ok: bool
fact amount: money >= 0
fact rate: decimal 0..10
fact day: date
fact visits: list of Visit
";

/// A place of a program; `@` is where the slip stands.
type Place = &'static str;

const CASE: Place = "decision a: int\n  1 when @\n  2 otherwise\n";
const DEFINED: Place = "decision a: bool = @\n";
const ROW: Place = "\
requirements grid for Tier
  | | low | high |
  | rest: @ | mandatory | mandatory |
";
const FILTER: Place = "decision a: int = count of visits where @\n";
const NUMBER: Place = "decision a: int = @\n";
const NUMBER_OF_CASE: Place = "decision a: int\n  @ when ok\n  2 otherwise\n";
const CELL: Place = "\
table t exactly one row
  | ok | -> a: int |
  | yes | @ |
  | no | 2 |
decision b: int = t
";
const DECIMAL: Place = "decision a: decimal = @\n";
const DECIMAL_OF_CASE: Place = "decision a: decimal\n  @ when ok\n  2 otherwise\n";
const DECIMAL_CELL: Place = "\
table t exactly one row
  | ok | -> a: decimal |
  | yes | @ |
  | no | 2 |
decision b: decimal = t
";
const VALUE: Place =
    "value limit: int\n  1 through @\n  2 from 2027-01-01\ndecision a: int = limit\n";
const DAY_CELL: Place = "\
table t exactly one row
  | day | -> a: int |
  | < 2026-12-31 | 1 |
  | >= @ | 2 |
decision b: int = t
";
const MONEY_CELL: Place = "\
table t exactly one row
  | amount | -> a: int |
  | < $150 | 1 |
  | >= @ | 2 |
decision b: int = t
";
const TYPE: Place = "fact @\ndecision a: int = n\n";
const FIELD: Place =
    "record Stay\n  @\nfact stays: list of Stay\ndecision a: int = count of stays\n";
const WHOLE: Place = "@";

/// A place, what is written there, and what is meant. The slip itself stands between `⟦` and `⟧`.
type Slip = (Place, &'static str, &'static str);

/// Every slip at its places.
const SLIPS: &[(&str, &[Slip])] = &[
    (
        "not-equal",
        &[
            (CASE, "n ⟦<>⟧ 3", "n != 3"),
            (DEFINED, "ok and n ⟦<>⟧ 3", "ok and n != 3"),
            (ROW, "n ⟦<>⟧ 3", "n != 3"),
            (FILTER, ".length ⟦<>⟧ 3", ".length != 3"),
        ],
    ),
    (
        "not-equal-in-another-way",
        &[
            (CASE, "n ⟦=/=⟧ 3", "n != 3"),
            (DEFINED, "ok and n ⟦!==⟧ 3", "ok and n != 3"),
            (ROW, "n ⟦≠⟧ 3", "n != 3"),
        ],
    ),
    (
        "at-most",
        &[
            (CASE, "n ⟦≤⟧ 3", "n <= 3"),
            (DEFINED, "n ⟦=<⟧ 3", "n <= 3"),
            (ROW, "n ⟦≥⟧ 3", "n >= 3"),
            (FILTER, ".length ⟦=>⟧ 3", ".length >= 3"),
        ],
    ),
    (
        "two-equals-signs",
        &[
            (CASE, "n ⟦==⟧ 3", "n = 3"),
            (DEFINED, "ok and n ⟦==⟧ 3", "ok and n = 3"),
            (ROW, "n ⟦==⟧ 3", "n = 3"),
            (FILTER, ".length ⟦===⟧ 3", ".length = 3"),
        ],
    ),
    (
        "signs-for-and-and-or",
        &[
            (CASE, "ok ⟦&&⟧ n > 3", "ok and n > 3"),
            (DEFINED, "ok ⟦||⟧ n > 3", "ok or n > 3"),
            (ROW, "ok ⟦&⟧ n > 3", "ok and n > 3"),
            (FILTER, "(ok ⟦AND⟧ .length > 3)", "(ok and .length > 3)"),
            (DEFINED, "⟦!⟧ok", "not ok"),
        ],
    ),
    (
        "month-first",
        &[
            (CASE, "day > ⟦12/31/2026⟧", "day > 2026-12-31"),
            (DEFINED, "day > ⟦12/31/2026⟧", "day > 2026-12-31"),
            (VALUE, "⟦12/31/2026⟧", "2026-12-31"),
            (DAY_CELL, "⟦12/31/2026⟧", "2026-12-31"),
            (DEFINED, "day > ⟦05/06/2026⟧", "day > 2026-06-05"),
        ],
    ),
    (
        "day-first",
        &[
            (CASE, "day > ⟦31.12.2026⟧", "day > 2026-12-31"),
            (DEFINED, "day > ⟦31.12.2026⟧", "day > 2026-12-31"),
            (VALUE, "⟦31.12.2026⟧", "2026-12-31"),
            (DAY_CELL, "⟦31.12.2026⟧", "2026-12-31"),
            (DEFINED, "day > ⟦31/12/2026⟧", "day > 2026-12-31"),
            (DEFINED, "day > ⟦2026/12/31⟧", "day > 2026-12-31"),
            (DEFINED, "day > ⟦31.13.2026⟧", "day > 2026-12-31"),
        ],
    ),
    (
        "today",
        &[
            (CASE, "day < ⟦today()⟧", "day < as_of"),
            (DEFINED, "day < ⟦TODAY()⟧", "day < as_of"),
            (ROW, "day < ⟦now()⟧", "day < as_of"),
            (FILTER, "day < ⟦today()⟧", "day < as_of"),
        ],
    ),
    (
        "if-as-a-function",
        &[
            (NUMBER, "⟦IF⟧(ok, 1, 2)", "if ok then 1 else 2"),
            (
                NUMBER_OF_CASE,
                "⟦IF⟧(n > 3, 1, 2)",
                "if n > 3 then 1 else 2",
            ),
            (CELL, "⟦IF⟧(n > 3; 1; 2)", "if n > 3 then 1 else 2"),
            (NUMBER, "⟦if⟧(ok, 1, 2)", "if ok then 1 else 2"),
        ],
    ),
    (
        "question-mark",
        &[
            (NUMBER, "ok ⟦? 1 : 2⟧", "if ok then 1 else 2"),
            (NUMBER_OF_CASE, "n > 3 ⟦? 1 : 2⟧", "if n > 3 then 1 else 2"),
            (CELL, "n > 3 ⟦? 1 : 2⟧", "if n > 3 then 1 else 2"),
        ],
    ),
    (
        "rounded-without-a-mode",
        &[
            (
                DECIMAL,
                "⟦rate / 3 rounded to 2 places⟧",
                "rate / 3 rounded half up to 2 places",
            ),
            (
                DECIMAL_OF_CASE,
                "⟦rate / 3 rounded to 2 places⟧",
                "rate / 3 rounded half up to 2 places",
            ),
            (
                DECIMAL_CELL,
                "⟦rate / 3 rounded to 2 places⟧",
                "rate / 3 rounded half up to 2 places",
            ),
            (
                DECIMAL,
                "⟦round(rate / 3, 2)⟧",
                "rate / 3 rounded half up to 2 places",
            ),
        ],
    ),
    (
        "a-range-without-its-end",
        &[
            (TYPE, "size: int ⟦> 0⟧", "size: int >= 1"),
            (FIELD, "size: int ⟦< 100⟧", "size: int <= 99"),
            (TYPE, "size: int or none ⟦> 0⟧", "size: int or none >= 1"),
            (TYPE, "price: money ⟦> 0⟧", "price: money >= $0.01"),
            (TYPE, "size: int ⟦> 0⟧ and < 10", "size: int 1..9"),
            (TYPE, "size: int ⟦0-10⟧", "size: int 0..10"),
            (TYPE, "size: int ⟦0 to 10⟧", "size: int 0..10"),
        ],
    ),
    (
        "another-currency",
        &[
            (CASE, "amount > ⟦€150⟧", "amount > $150"),
            (DEFINED, "amount > ⟦150 €⟧", "amount > $150"),
            (MONEY_CELL, "⟦£150⟧", "$150"),
            (TYPE, "price: money >= ⟦€150⟧", "price: money >= $150"),
            (DEFINED, "amount > ⟦150 USD⟧", "amount > USD 150"),
        ],
    ),
    (
        "a-no-break-space",
        &[
            (CASE, "n ⟦\u{a0}⟧> 3", "n > 3"),
            (DEFINED, "n >⟦\u{a0}⟧3", "n > 3"),
            (ROW, "n⟦\u{a0}>\u{a0}⟧3", "n > 3"),
            (TYPE, "⟦\u{a0}⟧size: int", "size: int"),
            (FIELD, "⟦\u{a0}⟧size: int", "size: int"),
        ],
    ),
    (
        "other-letters-in-a-name",
        &[
            (TYPE, "⟦größe⟧: int", "groesse: int"),
            (FIELD, "⟦größe⟧: int", "groesse: int"),
            (
                WHOLE,
                "decision ⟦größe⟧: int = 1\ndecision b: int = größe + größe\n",
                "decision a: int = 1\n",
            ),
            (CASE, "⟦é⟧tat > 3", "n > 3"),
            (ROW, "⟦größe⟧ > 3", "n > 3"),
        ],
    ),
    (
        "quotes-of-a-word-processor",
        &[
            (TYPE, "size: int ⟦“⟧The size”", "size: int \"The size\""),
            (
                WHOLE,
                "decision a: text = ⟦‘⟧x’\n",
                "decision a: text = \"x\"\n",
            ),
            (
                WHOLE,
                "decision a: int ⟦'⟧x' = 1\n",
                "decision a: int \"x\" = 1\n",
            ),
        ],
    ),
    (
        "a-dash-of-a-word-processor",
        &[
            (NUMBER, "n ⟦–⟧ 3", "n - 3"),
            (DEFINED, "n ⟦−⟧ 3 > 0", "n - 3 > 0"),
            (ROW, "n ⟦—⟧ 3 > 0", "n - 3 > 0"),
            (NUMBER, "n ⟦×⟧ 3", "n * 3"),
        ],
    ),
    (
        "a-key-word-as-a-name",
        &[
            (
                WHOLE,
                "fact from: date\ndecision a: bool = ⟦from⟧ < day\n",
                "fact from: date\ndecision a: bool = `from` < day\n",
            ),
            (
                WHOLE,
                "fact under: bool\ndecision a: int\n  1 when ⟦under⟧\n  2 otherwise\n",
                "fact under: bool\ndecision a: int\n  1 when `under`\n  2 otherwise\n",
            ),
            (
                WHOLE,
                "value in: int = 3\nrequirements grid for Tier\n  | | low | high |\n  | rest: n > ⟦in⟧ | mandatory | mandatory |\n",
                "value in: int = 3\nrequirements grid for Tier\n  | | low | high |\n  | rest: n > `in` | mandatory | mandatory |\n",
            ),
            (
                WHOLE,
                "fact before: date\ntable t exactly one row\n  | ⟦before⟧ | -> a: int |\n  | any | 1 |\ndecision b: int = t\n",
                "fact before: date\ntable t exactly one row\n  | `before` | -> a: int |\n  | any | 1 |\ndecision b: int = t\n",
            ),
            (DEFINED, "⟦when⟧ > 3", "n > 3"),
        ],
    ),
    (
        "a-merge-conflict",
        &[
            (
                WHOLE,
                "⟦<<<<<<< HEAD⟧\ndecision a: int = 1\n=======\ndecision a: int = 2\n>>>>>>> branch\n",
                "decision a: int = 1\n",
            ),
            (
                WHOLE,
                "decision a: int\n⟦<<<<<<< HEAD⟧\n  1 when ok\n=======\n  3 when ok\n>>>>>>> branch\n  2 otherwise\ndecision b: int = a\n",
                "decision a: int\n  1 when ok\n  2 otherwise\ndecision b: int = a\n",
            ),
            (
                WHOLE,
                "requirements grid for Tier\n  | | low | high |\n⟦<<<<<<< ours⟧\n  | rest: n > 3 | mandatory | mandatory |\n||||||| base\n  | rest: n > 2 | mandatory | mandatory |\n=======\n  | rest: n > 4 | mandatory | mandatory |\n>>>>>>> theirs\n",
                "requirements grid for Tier\n  | | low | high |\n  | rest: n > 3 | mandatory | mandatory |\n",
            ),
            (
                WHOLE,
                "⟦<<<<<<< HEAD⟧\nfact size: int\n=======\nfact size: int 0..10\n>>>>>>> branch\ndecision a: int = size\n",
                "fact size: int\ndecision a: int = size\n",
            ),
        ],
    ),
    (
        "yaml",
        &[
            (
                WHOLE,
                "⟦decision:⟧\n  name: a\n  type: int\n  value: 1\n",
                "decision a: int = 1\n",
            ),
            (
                WHOLE,
                "⟦rules:⟧\n  - name: a\n    when: ok\n  - name: b\n    when: not ok\n",
                "decision a: bool = ok\n",
            ),
            (
                WHOLE,
                "decision a: int\n  ⟦- when:⟧ ok\n    then: 1\n  - otherwise: 2\n",
                "decision a: int\n  1 when ok\n  2 otherwise\n",
            ),
            (
                WHOLE,
                "decision a: int\n  ⟦when:⟧ ok\n  then: 1\n  else: 2\n",
                "decision a: int\n  1 when ok\n  2 otherwise\n",
            ),
            (
                WHOLE,
                "⟦name:⟧ t\nversion: 1\nrules:\n  - a\n",
                "decision a: bool = ok\n",
            ),
            (
                WHOLE,
                "record Stay\n  ⟦- size:⟧ int\n  - nights: int\nfact stays: list of Stay\ndecision a: int = count of stays\n",
                "record Stay\n  size: int\n  nights: int\nfact stays: list of Stay\ndecision a: int = count of stays\n",
            ),
            (
                WHOLE,
                "⟦---⟧\ndecision a: bool = ok\n",
                "decision a: bool = ok\n",
            ),
        ],
    ),
    (
        "a-stray-line",
        &[
            (
                WHOLE,
                "decision a: int\n  1 when ok\n⟦n⟧ otherwise\n",
                "decision a: int\n  1 when ok\n  n otherwise\n",
            ),
            (
                WHOLE,
                "reading r\n  one\n  two\n  chosen one because \"x\"\ndefine a: bool by reading r\n  one  yes\n⟦two⟧  no\ndecision b: bool = a\n",
                "reading r\n  one\n  two\n  chosen one because \"x\"\ndefine a: bool by reading r\n  one  yes\n  two  no\ndecision b: bool = a\n",
            ),
            (
                WHOLE,
                "decision a: int\n  1 when ok\n⟦otherwise⟧ 2\n",
                "decision a: int\n  1 when ok\n  2 otherwise\n",
            ),
            (
                WHOLE,
                "record Stay\n⟦nights⟧: int\nfact stays: list of Stay\ndecision a: int = count of stays\n",
                "record Stay\n  nights: int\nfact stays: list of Stay\ndecision a: int = count of stays\n",
            ),
        ],
    ),
    (
        "signs-of-other-languages",
        &[
            (DEFINED, "ok⟦;⟧", "ok"),
            (NUMBER, "n ⟦%⟧ 3", "n"),
            (NUMBER, "n ⟦**⟧ 3", "n"),
            (NUMBER, "n ⟦^⟧ 3", "n"),
            (
                WHOLE,
                "decision a: bool = ok ⟦//⟧ the reason\n",
                "decision a: bool = ok # the reason\n",
            ),
            (
                WHOLE,
                "decision a: bool ⟦:=⟧ ok\n",
                "decision a: bool = ok\n",
            ),
            (NUMBER, "⟦len⟧(visits)", "count of visits"),
            (NUMBER, "⟦max⟧(n, m)", "largest of (n, m)"),
            (NUMBER, "⟦SUM⟧(n, m)", "sum of [n, m]"),
        ],
    ),
];

/// A program with and without the slip, and where the slip begins and ends.
struct Case {
    wrong: String,
    right: String,
    slip: std::ops::Range<usize>,
}

impl Case {
    fn new((place, wrong, right): Slip) -> Case {
        let place = format!("{HEAD}{place}");
        let marked = place.replacen('@', wrong, 1);
        let start = marked.find('⟦').expect("the slip is marked");
        let end = marked.find('⟧').expect("the slip is marked") - '⟦'.len_utf8();
        Case {
            wrong: marked.replace(['⟦', '⟧'], ""),
            right: place.replacen('@', right, 1),
            slip: start..end,
        }
    }
}

fn touches(finding: &Diagnostic, slip: &std::ops::Range<usize>) -> bool {
    let span = finding.labels[0].span;
    (span.start as usize) < slip.end
        && slip.start < (span.end as usize).max(span.start as usize + 1)
}

fn with_its_edit(text: &str, finding: &Diagnostic) -> Option<String> {
    let fix = finding.fix.as_ref()?;
    let mut text = text.to_owned();
    text.replace_range(fix.span.start as usize..fix.span.end as usize, &fix.text);
    Some(text)
}

fn compiled(text: &str) -> Compilation {
    polc::pipeline::check(&Files::one(text), "t.pol")
}

/// What is wrong with how a slip is reported; empty when nothing is.
fn faults(case: &Case, found: &Compilation) -> Vec<String> {
    let right = compiled(&case.right);
    let mut faults = Vec::new();
    if right.program.is_none() {
        faults.push(format!("what is meant does not check:\n{}", errors(&right)));
    }
    let [finding] = found.diagnostics.as_slice() else {
        faults.push(format!("{} findings", found.diagnostics.len()));
        return faults;
    };
    if !touches(finding, &case.slip) {
        faults.push("the finding stands elsewhere".to_owned());
    }
    if finding.help.is_none() {
        faults.push("no help".to_owned());
    }
    if let Some(text) = with_its_edit(&case.wrong, finding) {
        let mended = compiled(&text);
        if mended.program.is_none() {
            faults.push(format!("with the edit:\n{text}\n{}", errors(&mended)));
        }
    }
    faults
}

#[test]
fn each_slip_gives_one_finding_where_it_stands_and_edits_that_mend_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/slips");
    let (mut wrong, mut texts) = (Vec::new(), Vec::new());
    for (name, places) in SLIPS {
        assert!(
            places.len() >= 3,
            "{name} stands at {} places",
            places.len()
        );
        let mut shown = String::new();
        for slip in *places {
            let case = Case::new(*slip);
            let found = compiled(&case.wrong);
            let text = render(
                &found.diagnostics,
                &found.sources,
                Format::Text { color: false },
            );
            for fault in faults(&case, &found) {
                wrong.push(format!("{name}, {:?}: {fault}\n{text}", slip.1));
            }
            shown.push_str(&text);
            if let [finding] = found.diagnostics.as_slice()
                && let Some(fix) = &finding.fix
            {
                shown.push_str(&format!("  edit: {:?}\n\n", fix.text));
            }
        }
        texts.push((name, shown));
    }
    assert!(
        wrong.is_empty(),
        "{} faults\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    for (name, shown) in texts {
        golden(&folder, name, &shown);
    }
}
