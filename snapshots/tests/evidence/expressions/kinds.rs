//! The types of generated expressions, and what of each needs no further expression.

use Kind::*;

/// What every generated program declares.
pub const HEAD: &str = "program t \"T\" version 1
  currency USD
enum Colour { red, green, blue }
scale Tier { low < middle < high }
record Deal dated closed_on
  customer: text
  mrr: money >= 0
  credited: bool
  closed_on: date
  units: int
  rate: percent or none
  colour: Colour or none
  event left_on
  judgement fit: yes, no by us
record Visit
  on: date
  stay: period
  marks: list of int
  weight: int may be left out = 2
  remark: text may be left out
fact b1: bool
fact b2: bool or none
fact b3: bool
fact i1: int 0..4
fact i2: int or none
fact x1: decimal
fact x2: decimal 0..5 or none
fact p1: percent
fact p2: percent or none
fact m1: money >= 0
fact m2: money or none
fact t1: date
fact t2: date or none
fact s1: text
fact s2: text or none
fact c1: Colour
fact c2: Colour or none
fact r1: Tier
fact r2: Tier or none
fact n1: days 0..40
fact o1: months 0..30
fact span: period
fact spans: list of period
fact deals: list of Deal
fact deal: Deal or none
fact visits: list of Visit
fact amounts: list of money
fact sums: list of money
fact colours: set of Colour
fact lists: list of list of int
fact d1: int derived count of deals
fact a1: int 0..9 assume 3
fact d2: int
  derived count of visits
  published
fact u1: int <= 9
fact nowhere: int stated nowhere
fact pairs: list of {a: int, b: text}
enum Rule { first_kept, second_kept, third_kept, each_kept }
enum Binds { must, should }
record Finding
  rule: Rule
  modality: Binds
  of: text or none
fact plan: list of Colour
event e1
event e2
judgement j1: yes, no by us
judgement j2: Tier by us
value v1: money
  $5 from 2026-01-01 through 2026-12-31
  $10 from 2027-01-01
  not in force before 2026-01-01
schedule q1 on day 15 of january, july
schedule q2 every 6 months after e1
schedule q3 on day 31 of february, april, may from 2026-06-01 except 2027
schedule q4 in march, december
exception closed to schedule q1 from 2027-01-10 through 2027-01-20
  does not apply
reading rd \"Reading\"
  this \"This\"
  that \"That\"
  chosen this through 2026-12-31 because \"so\"
  chosen that from 2027-01-01 because \"so\"
define by_reading_1 by reading rd
  this b1
  that b3
define by_reading_2: int by reading rd
  this i1 when b1 otherwise not applicable because \"only then\"
  that nowhere
define na_or_number: money
  applies when b1 because \"only so\"
  m1 otherwise
define na_or_truth: bool
  applies when b3 because \"only so\"
  i1 > 2 otherwise
define broken_or_number: int = i1 / (i1 - 2) rounded down to 0 places
";

/// A type.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    Bool,
    Int,
    Decimal,
    Percent,
    Money,
    Date,
    Days,
    Months,
    Text,
    Colour,
    Tier,
    Deal,
    Visit,
    Period,
    Maybe(Box<Kind>),
    List(Box<Kind>),
}

/// Those that are no record, list or the like.
pub const SIMPLE: [Kind; 11] = [
    Bool, Int, Decimal, Percent, Money, Date, Days, Months, Text, Colour, Tier,
];
pub const NUMBERS: [Kind; 6] = [Int, Decimal, Percent, Money, Days, Months];
pub const ORDERED: [Kind; 8] = [Int, Decimal, Percent, Money, Days, Months, Date, Tier];

impl Kind {
    pub fn written(&self) -> String {
        match self {
            Bool => "bool".into(),
            Int => "int".into(),
            Decimal => "decimal".into(),
            Percent => "percent".into(),
            Money => "money".into(),
            Date => "date".into(),
            Days => "days".into(),
            Months => "months".into(),
            Text => "text".into(),
            Colour => "Colour".into(),
            Tier => "Tier".into(),
            Deal => "Deal".into(),
            Visit => "Visit".into(),
            Period => "period".into(),
            Maybe(inner) => format!("{} or none", inner.written()),
            List(inner) => format!("list of {}", inner.written()),
        }
    }
}

/// The type or none.
pub fn maybe(kind: &Kind) -> Kind {
    Maybe(Box::new(kind.clone()))
}

/// A list of the type.
pub fn list(kind: &Kind) -> Kind {
    List(Box::new(kind.clone()))
}

/// What of a type can be written without a further expression.
pub fn fixed(kind: &Kind) -> &'static [&'static str] {
    match kind {
        Bool => &[
            "b1",
            "b3",
            "yes",
            "no",
            "(j1 recorded)",
            "(e1 is none)",
            "(as_of in q1)",
            "(j1 is yes)",
            "(j2 not recorded)",
            "na_or_truth",
            "by_reading_1",
            "(as_of in span)",
            "(at least 2 of deals where (.credited))",
            "(t1 within o1 whole months before (as_of))",
        ],
        Int => &[
            "i1",
            "0",
            "1",
            "3",
            "1_000",
            "(count of deals)",
            "d1",
            "d2",
            "a1",
            "u1",
            "broken_or_number",
            "by_reading_2",
            "(full years from t1 to as_of)",
        ],
        Decimal => &["x1", "0.5", "2.0"],
        Percent => &["p1", "25%", "0%", "((i1 / 4) as percent)"],
        Money => &[
            "m1",
            "v1",
            "$10",
            "$0",
            "$1.5K",
            "(sum of deals.mrr)",
            "na_or_number",
            "USD 7",
        ],
        Date => &["t1", "as_of", "2027-01-31", "(next q1 on or after as_of)"],
        Days => &["n1", "14 days", "2 weeks", "1 day"],
        Months => &["o1", "1 month", "2 years", "(months from t1 to as_of)"],
        Text => &["s1", "\"a\"", "\"\""],
        Colour => &["c1", "Colour.red", "blue"],
        Tier => &["r1", "Tier.low", "Tier.high", "middle", "j2"],
        Deal | Visit => &[],
        Period => &["span", "(period from 2027-01-01 through 2027-03-31)"],
        Maybe(inner) => maybe_fixed(inner),
        List(inner) => match **inner {
            Deal => &[
                "deals",
                "(deals where .credited)",
                "(deals sorted by .mrr)",
                "(deals sorted by .closed_on descending)",
            ],
            Visit => &["visits"],
            Money => &["amounts", "sums", "deals.mrr"],
            Colour => &["colours", "[Colour.red, blue]"],
            Text => &["deals.customer", "(distinct deals.customer)"],
            Bool => &["deals.credited"],
            Int => &[
                "deals.units",
                "[1, 2]",
                "(numbers from 1 through i1)",
                "visits.marks",
                "(flatten lists)",
                "(for each c numbered at in deals with u = c.units where u > i1 give u * at)",
                "pairs.a",
            ],
            Date => &[
                "deals.closed_on",
                "visits.on",
                "(days in span)",
                "(months in (span))",
                "([t2, e1] without none)",
            ],
            Period => &["spans", "visits.stay"],
            _ => &[],
        },
    }
}

fn maybe_fixed(inner: &Kind) -> &'static [&'static str] {
    match inner {
        Bool => &["b2"],
        Int => &["i2"],
        Decimal => &["x2", "(average of deals.units)"],
        Percent => &["p2"],
        Money => &[
            "m2",
            "(largest of deals.mrr)",
            "(smallest of deals.mrr)",
            "(average of amounts)",
        ],
        Date => &[
            "t2",
            "e1",
            "e2",
            "(next q2 on or after as_of)",
            "(previous q1 before t1)",
            "span.from",
            "span.through",
        ],
        Days => &["(days of span)", "(days of spans)"],
        Text => &["s2"],
        Colour => &["c2"],
        Tier => &["r2"],
        Deal => &[
            "deal",
            "(first of deals)",
            "(latest of deals by .closed_on)",
            "(earliest of deals by .mrr)",
        ],
        Visit => &["(latest of visits by .on)", "(last of visits)"],
        Months | Period | Maybe(_) | List(_) => &["none"],
    }
}

/// The fields of a record that have a type.
pub fn fields(of: &Kind, kind: &Kind) -> &'static [&'static str] {
    match (of, kind) {
        (Deal, Text) => &["customer"],
        (Deal, Money) => &["mrr"],
        (Deal, Bool) => &["credited"],
        (Deal, Date) => &["closed_on"],
        (Deal, Int) => &["units"],
        (Visit, Date) => &["on"],
        (Visit, Int) => &["weight"],
        (Visit, Period) => &["stay"],
        (Visit, List(inner)) if **inner == Int => &["marks"],
        (Visit, Maybe(inner)) if **inner == Text => &["remark"],
        (Deal, Maybe(inner)) => match **inner {
            Percent => &["rate"],
            Colour => &["colour"],
            Date => &["left_on"],
            _ => &[],
        },
        _ => &[],
    }
}
