//! Every slip at its places, with what is meant.

/// What every program of this file begins with.
pub(super) const HEAD: &str = "\
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
pub(super) type Slip = (Place, &'static str, &'static str);

/// Every slip at its places.
pub(super) const SLIPS: &[(&str, &[Slip])] = &[
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
            (
                WHOLE,
                "decision a: list of int = [\n  1,\n⟦nonsense here⟧\n  2,\n]\n",
                "decision a: list of int = [\n  1,\n  2,\n]\n",
            ),
            (
                WHOLE,
                "decision a: int\n  when ok {\n    1 when n > 2\n⟦nonsense here⟧\n    2 otherwise\n  }\n  3 otherwise\n",
                "decision a: int\n  when ok {\n    1 when n > 2\n    2 otherwise\n  }\n  3 otherwise\n",
            ),
        ],
    ),
    (
        "signs-of-other-languages",
        &[
            (DEFINED, "ok⟦;⟧", "ok"),
            (NUMBER, "n ⟦%⟧ 3", "n"),
            (NUMBER, "n ⟦**⟧ 3", "n ^ 3"),
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
    (
        "the-condition-first",
        &[
            (
                WHOLE,
                "decision a: int\n  ⟦when⟧ ok then 1\n  otherwise 2\n",
                "decision a: int\n  1 when ok\n  2 otherwise\n",
            ),
            (
                WHOLE,
                "decision a: int\n  ⟦if⟧ ok then 1\n  else 2\n",
                "decision a: int\n  1 when ok\n  2 otherwise\n",
            ),
            (
                WHOLE,
                "decision a: int\n  1 ⟦if⟧ ok\n  2 else\n",
                "decision a: int\n  1 when ok\n  2 otherwise\n",
            ),
            (
                WHOLE,
                "decision a: int\n  1 when ok\n  ⟦otherwise⟧ 2\n",
                "decision a: int\n  1 when ok\n  2 otherwise\n",
            ),
        ],
    ),
    (
        "comparisons-in-words",
        &[
            (DEFINED, "n ⟦between⟧ 1 and 5", "n >= 1 and n <= 5"),
            (CASE, "n ⟦in 1..⟧5", "n >= 1 and n <= 5"),
            (ROW, "n ⟦is greater than⟧ 5", "n > 5"),
            (DEFINED, "n ⟦is not in⟧ [1, 2]", "n not in [1, 2]"),
            (DEFINED, "day ⟦before⟧ 2027-01-01", "day < 2027-01-01"),
        ],
    ),
    (
        "what-may-be-left-out",
        &[
            (TYPE, "size: int⟦?⟧", "size: int or none"),
            (FIELD, "size: int⟦?⟧", "size: int or none"),
            (TYPE, "size: int ⟦optional⟧", "size: int or none"),
            (TYPE, "size: int ⟦=⟧ 3", "size: int assume 3"),
        ],
    ),
    (
        "numbers-of-other-countries",
        &[
            (DECIMAL, "rate * ⟦1,5⟧", "rate * 1.5"),
            (DECIMAL_OF_CASE, "⟦1,5⟧", "1.5"),
            (DEFINED, "amount > ⟦$10 k⟧", "amount > $10K"),
            (CASE, "amount > ⟦10k⟧", "amount > $10K"),
        ],
    ),
    (
        "tables-of-other-notations",
        &[
            (
                WHOLE,
                "table t\n  | n | -> a: int |\n  ⟦|---|---|⟧\n  | < 5 | 1 |\n  | >= 5 | 2 |\ndecision b: int = t\n",
                "table t\n  | n | -> a: int |\n  | < 5 | 1 |\n  | >= 5 | 2 |\ndecision b: int = t\n",
            ),
            (
                WHOLE,
                "requirements grid for Tier\n  | | low | high |\n  ⟦|---|---|---|⟧\n  | rest: ok | mandatory | mandatory |\n",
                "requirements grid for Tier\n  | | low | high |\n  | rest: ok | mandatory | mandatory |\n",
            ),
            (
                WHOLE,
                "enum ⟦Colour⟧\n  red\n  green\ndecision a: bool = ok\n",
                "enum Colour { red, green }\ndecision a: bool = ok\n",
            ),
        ],
    ),
    (
        "declarations-of-other-languages",
        &[
            (
                WHOLE,
                "⟦const⟧ x = 5\ndecision a: int = x\n",
                "value x = 5\ndecision a: int = x\n",
            ),
            (
                WHOLE,
                "⟦def⟧ x = 5\ndecision a: int = x\n",
                "define x = 5\ndecision a: int = x\n",
            ),
            (WHOLE, "⟦Decision⟧ a: int = n\n", "decision a: int = n\n"),
        ],
    ),
];
