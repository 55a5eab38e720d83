//! Expressions.

use super::*;

/// An expression.
#[derive(Debug, Clone)]
pub struct Expr {
    /// Which.
    pub kind: ExprKind,
    /// Where.
    pub span: Span,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its sign")]
pub enum BinaryOp {
    Or,
    And,
    Arithmetic(Arithmetic),
}

/// Signs and words that compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its sign")]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// Signs that reckon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its sign")]
pub enum Arithmetic {
    Add,
    Sub,
    Mul,
    Div,
    Mod,
}

/// Literals; numbers keep their text, they are read exactly later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Literal {
    /// `yes`, `no`.
    Bool(bool),
    /// `none`.
    None,
    /// `5`, `4.0`, `1_000` (digits without `_`).
    Number(String),
    /// `25%` (digits).
    Percent(String),
    /// `$400K`, `EUR 5` (digits with K and M multiplied out, currency code or `$`).
    Money(String),
    /// `2026-10-15` (text; it may still be no date).
    Date(String),
    /// `14 days`, `2 weeks` (as days).
    Days(u32),
    /// `12 months`, `2 years` (as months).
    Months(u32),
    /// `"text"` without quotes.
    Text(String),
}

/// Which side of the anchor a window lies on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// `within P before D`: [D−P, D).
    Before,
    /// `within P up to D`: (D−P, D].
    UpTo,
    /// `within P from D`: [D, D+P].
    From,
    /// `within P after D`: (D, D+P].
    After,
    /// `within N whole months before D`: the N calendar months before D's month.
    WholeMonthsBefore,
}

/// Aggregates of a whole list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Aggregate {
    Count,
    Sum,
    Average,
    Smallest,
    Largest,
    Distinct,
    Flatten,
}

/// Choosing one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Pick {
    First,
    Last,
    Only,
    /// Smallest key.
    Earliest,
    /// Largest key.
    Latest,
}

/// Rounding as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Rounding {
    HalfUp,
    HalfEven,
    Up,
    Down,
}

/// To what a number is rounded.
#[derive(Debug, Clone)]
pub enum RoundTo {
    /// `to 2 places`.
    Places(u32),
    /// `to nearest $0.05`.
    Nearest(Box<Expr>),
}

impl RoundTo {
    /// The step that is written.
    fn step(&self) -> Option<&Expr> {
        match self {
            RoundTo::Places(_) => None,
            RoundTo::Nearest(step) => Some(step),
        }
    }
}

/// Calendar units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum CalendarUnit {
    Week,
    Month,
    Quarter,
    Year,
}

/// What a day says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum DatePart {
    Weekday,
    Week,
    Year,
    Month,
    Day,
}

/// What becomes of a date plus months where the month has no such day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoSuchDay {
    /// `rolling over`: the first of the next month.
    RollsOver,
    /// `if that day exists`: not applicable.
    NotApplicable,
}

/// Which items of a list are taken, by their places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Taken {
    First,
    Last,
    WithoutFirst,
    WithoutLast,
    Item,
}

/// What a list is made of that is not written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is its word")]
pub enum Made {
    Numbers,
    Days,
    Months,
}

/// Operations on operands that bring neither names nor items along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operation {
    /// `full months from a to b`.
    FullBetween(CalendarUnit),
    /// `weekday of d`, `week of d`, `year of d`, `month of d`, `day of d`.
    DatePart(DatePart),
    /// `d + 1 month rolling over`: of a sum, what holds where the month has no such day.
    MonthEnd(NoSuchDay),
    /// `first 3 of L`, `item 2 of L`, `L without the first 3`: the operands stand as they are written.
    Taken(Taken),
    /// `L without none`.
    WithoutNone,
    /// `L sorted`, `L sorted descending` (true).
    Sorted(bool),
    /// `numbers from a through b`, `days in p`, `months in p`.
    Made(Made),
    /// `a ^ b`.
    Power,
    /// `32% of x`.
    PercentOf,
    /// `(a / b) as percent`.
    AsPercent,
    /// `n days`: the length of one.
    Length(Literal),
}

/// Expressions.
#[derive(Debug, Clone)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A bare word; `as_of` and `cell` too.
    Name(String),
    /// `.field` of the current item.
    ItemField(Name),
    /// `x.field`: a field, a projection of a list, or `Enum.value`.
    Access(Box<Expr>, Name),
    /// `f(x, y)`: a rule of arguments.
    Call(Name, Vec<Expr>),
    /// `not x`.
    Not(Box<Expr>),
    /// `-x`.
    Negate(Box<Expr>),
    /// An operator that may follow itself.
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// A comparison.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// `x is none` (false), `x is not none` (true).
    IsNone(Box<Expr>, bool),
    /// `x is applicable` (false), `x is not applicable` (true).
    IsApplicable(Box<Expr>, bool),
    /// `x in y`, `x not in y`: list, set, schedule; `x is one of a, b` too.
    In {
        /// The value.
        item: Box<Expr>,
        /// List, set or schedule.
        list: Box<Expr>,
        /// `not in`.
        negated: bool,
    },
    /// `d within P before D`.
    Within {
        /// The tested date.
        date: Box<Expr>,
        /// Days or months.
        amount: Box<Expr>,
        /// Side.
        window: Window,
        /// The anchor.
        anchor: Box<Expr>,
    },
    /// `J recorded` (false), `J not recorded` (true); J may be a judgement field.
    Recorded(Box<Expr>, bool),
    /// `period from D through E`; either end may be open. `before E` ends the day before.
    Period {
        /// First day.
        from: Option<Box<Expr>>,
        /// Last day.
        through: Option<Box<Expr>>,
        /// First day after.
        before: Option<Box<Expr>>,
    },
    /// `p overlaps q`.
    Overlaps(Box<Expr>, Box<Expr>),
    /// `overlap of (p, q)`.
    Overlap(Box<Expr>, Box<Expr>),
    /// `days of p`, `days of PERIODS`.
    DaysOf(Box<Expr>),
    /// `needs FACT`: unknown, the fact is asked for.
    Missing(Name),
    /// `x or else y`.
    OrElse(Box<Expr>, Box<Expr>),
    /// `if c then a else b`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `count of L`.
    Aggregate(Aggregate, Box<Expr>),
    /// `any L where C`, `all L where C`, `no L where C`, `at least k of L where C`.
    Quantified {
        /// How many.
        kind: GroupKind,
        /// The list, without its condition.
        list: Box<Expr>,
        /// Name of the item, when one is given (`any user in users where …`).
        item: Option<Name>,
        /// The condition; none when the list is one of bools.
        condition: Option<Box<Expr>>,
    },
    /// `any of (a, b)`, `all of (…)`, `none of (…)`, `at least k of (…)`.
    Group(GroupKind, Vec<Expr>),
    /// `L where C`.
    Where {
        /// The list.
        list: Box<Expr>,
        /// Condition on `.fields`.
        condition: Box<Expr>,
    },
    /// `for each x [numbered i] in L [with a = V] [where C] give E`; `x` may also run over an enumeration's values.
    ForEach {
        /// Item.
        item: Name,
        /// Its place among those that pass the filter.
        place: Option<Name>,
        /// The list.
        list: Box<Expr>,
        /// Names for what is made of the item, each visible after it.
        locals: Vec<(Name, Expr)>,
        /// Filter, in which the item is visible by name.
        filter: Option<Box<Expr>>,
        /// New item.
        body: Box<Expr>,
    },
    /// `first of L`, `latest of L by .f`.
    Pick {
        /// Which.
        which: Pick,
        /// The list.
        list: Box<Expr>,
        /// Key, for earliest and latest.
        by: Option<Box<Expr>>,
        /// `then by .g`: decides between items of one key.
        then: Option<Box<Expr>>,
    },
    /// `L sorted by .f [descending]`.
    Sort {
        /// The list.
        list: Box<Expr>,
        /// Key.
        by: Box<Expr>,
        /// Largest first.
        descending: bool,
    },
    /// `L grouped by .f`: records with `key` and `items`.
    GroupBy {
        /// The list.
        list: Box<Expr>,
        /// Key.
        by: Box<Expr>,
    },
    /// `L followed by M`.
    Concat(Box<Expr>, Box<Expr>),
    /// `{ a: x, b: y }`.
    Record(Vec<(Name, Expr)>),
    /// `[a, b]`.
    List(Vec<Expr>),
    /// `[x when C, y when D]`: items with guards; a plain list has none.
    ListWhere(Vec<(Expr, Option<Expr>)>),
    /// `x rounded half up to 2 places`.
    Round(Box<Expr>, Rounding, RoundTo),
    /// `start of month of d` (false), `end of month of d` (true).
    Boundary(bool, CalendarUnit, Box<Expr>),
    /// `days from a to b`.
    DaysBetween(Box<Expr>, Box<Expr>),
    /// `months from a to b`.
    MonthsBetween(Box<Expr>, Box<Expr>),
    /// An operation on operands that bring neither names nor items along.
    Operation(Operation, Vec<Expr>),
    /// `earlier of (a, b)` / `smallest of (a, b)` over written items (false), `later of` / `largest of` (true).
    Extreme(bool, Vec<Expr>),
    /// `next S on or after d`.
    NextOn(Name, Box<Expr>),
    /// `previous S before d`.
    PreviousBefore(Name, Box<Expr>),
    /// `x as of d`.
    AsOf(Box<Expr>, Box<Expr>),
    /// `ever C within P from D`.
    Ever {
        /// The condition.
        condition: Box<Expr>,
        /// Days or months.
        amount: Box<Expr>,
        /// First day.
        anchor: Box<Expr>,
    },
    /// `highest Tier meeting G [at stage S]`.
    HighestMeeting {
        /// The scale.
        scale: Name,
        /// The grid.
        grid: Name,
        /// Last stage that counts.
        stage: Option<Name>,
    },
    /// `rows of G for T where result is [not] R, S`: the names of the rows, as a list of text.
    RowsOf {
        /// The grid.
        grid: Name,
        /// The tier.
        tier: Box<Expr>,
        /// Wanted results.
        results: Vec<Name>,
        /// `is not`.
        negated: bool,
        /// `and by W`: only rows waived by a dated waiver (`by dated waiver`) and otherwise this result.
        otherwise: Option<Name>,
    },
    /// `result of ROW for T [in G]`.
    ResultOf {
        /// Row (dotted).
        row: Name,
        /// The tier.
        tier: Box<Expr>,
        /// The grid, when there are several.
        grid: Option<Name>,
    },
}

impl Expr {
    /// The bare word that it is.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        if let ExprKind::Name(word) = &self.kind {
            Some(word)
        } else {
            None
        }
    }

    /// The number that it is, as written.
    #[must_use]
    pub fn number(&self) -> Option<&str> {
        if let ExprKind::Literal(Literal::Number(text)) = &self.kind {
            Some(text)
        } else {
            None
        }
    }

    /// Shows every expression directly inside this one, in the order written.
    pub fn each_part<'a>(&'a self, see: &mut impl FnMut(&'a Expr)) {
        match &self.kind {
            ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::ItemField(_)
            | ExprKind::Missing(_)
            | ExprKind::HighestMeeting { .. } => {}
            ExprKind::Access(inner, _)
            | ExprKind::Not(inner)
            | ExprKind::Negate(inner)
            | ExprKind::IsNone(inner, _)
            | ExprKind::IsApplicable(inner, _)
            | ExprKind::Recorded(inner, _)
            | ExprKind::DaysOf(inner)
            | ExprKind::Aggregate(_, inner)
            | ExprKind::Boundary(_, _, inner)
            | ExprKind::NextOn(_, inner)
            | ExprKind::PreviousBefore(_, inner)
            | ExprKind::RowsOf { tier: inner, .. }
            | ExprKind::ResultOf { tier: inner, .. } => see(inner),
            ExprKind::Binary(_, a, b)
            | ExprKind::Compare(_, a, b)
            | ExprKind::OrElse(a, b)
            | ExprKind::Overlaps(a, b)
            | ExprKind::Overlap(a, b)
            | ExprKind::Concat(a, b)
            | ExprKind::DaysBetween(a, b)
            | ExprKind::MonthsBetween(a, b)
            | ExprKind::AsOf(a, b)
            | ExprKind::In {
                item: a, list: b, ..
            }
            | ExprKind::Where {
                list: a,
                condition: b,
            }
            | ExprKind::Sort { list: a, by: b, .. }
            | ExprKind::GroupBy { list: a, by: b } => [a, b].into_iter().for_each(|part| see(part)),
            ExprKind::If(a, b, c)
            | ExprKind::Within {
                date: a,
                amount: b,
                anchor: c,
                ..
            }
            | ExprKind::Ever {
                condition: a,
                amount: b,
                anchor: c,
            } => [a, b, c].into_iter().for_each(|part| see(part)),
            ExprKind::Period {
                from,
                through,
                before,
            } => [from, through, before]
                .into_iter()
                .flatten()
                .for_each(|part| see(part)),
            ExprKind::Quantified {
                kind,
                list,
                condition,
                ..
            } => {
                kind.count().into_iter().for_each(&mut *see);
                see(list);
                condition.iter().for_each(|part| see(part));
            }
            ExprKind::Group(kind, items) => {
                kind.count().into_iter().for_each(&mut *see);
                items.iter().for_each(see);
            }
            ExprKind::Call(_, items)
            | ExprKind::List(items)
            | ExprKind::Extreme(_, items)
            | ExprKind::Operation(_, items) => items.iter().for_each(see),
            ExprKind::ForEach { .. } => self.each_part_of_loop(see),
            ExprKind::Pick { list, by, then, .. } => {
                see(list);
                by.iter().chain(then).for_each(|part| see(part));
            }
            ExprKind::Record(fields) => fields.iter().for_each(|(_, value)| see(value)),
            ExprKind::ListWhere(items) => {
                let parts = items
                    .iter()
                    .flat_map(|(value, guard)| [Some(value), guard.as_ref()]);
                parts.flatten().for_each(see);
            }
            ExprKind::Round(value, _, to) => {
                [Some(value.as_ref()), to.step()]
                    .into_iter()
                    .flatten()
                    .for_each(see);
            }
        }
    }

    fn each_part_of_loop<'a>(&'a self, see: &mut impl FnMut(&'a Expr)) {
        if let ExprKind::ForEach {
            list,
            locals,
            filter,
            body,
            ..
        } = &self.kind
        {
            see(list);
            locals.iter().for_each(|(_, value)| see(value));
            filter.iter().for_each(|part| see(part));
            see(body);
        }
    }
}
