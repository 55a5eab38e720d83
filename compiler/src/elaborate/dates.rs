//! What a day says of itself, full months and years, months that have no such day, numbers as lengths.

use super::env::Env;
use super::{Elaborator, Typed};
use crate::diagnostics::{Code, Diagnostic};
use crate::names::WEEKDAYS;
use crate::syntax::ast::{self, Expr, Literal, NoSuchDay};
use polc_runtime::ir::{self, Cmp, NodeId, Op, Type};
use polc_runtime::value::{DatePart, Number};

impl Elaborator<'_, '_> {
    pub(super) fn full_between(
        &mut self,
        env: &Env,
        unit: ast::CalendarUnit,
        a: &Expr,
        b: &Expr,
    ) -> Option<Typed> {
        let from = self.check(env, a, &Type::Date)?;
        let to = self.check(env, b, &Type::Date)?;
        let op = Op::FullBetween(calendar_unit(unit), from, to);
        Some(self.make(op, Type::Int))
    }

    pub(super) fn date_part(
        &mut self,
        env: &Env,
        part: ast::DatePart,
        date: &Expr,
    ) -> Option<Typed> {
        let date = self.check(env, date, &Type::Date)?;
        let (part, ty) = match part {
            ast::DatePart::Weekday => (DatePart::Weekday, Type::Enum(self.weekdays())),
            ast::DatePart::Week => (DatePart::Week, Type::Int),
            ast::DatePart::Year => (DatePart::Year, Type::Int),
            ast::DatePart::Month => (DatePart::Month, Type::Int),
            ast::DatePart::Day => (DatePart::Day, Type::Int),
        };
        Some(self.make(Op::DatePart(part, date), ty))
    }

    /// The enumeration `Weekday`, made once.
    pub(super) fn weekdays(&mut self) -> ir::EnumId {
        if let Some(id) = self.types.weekdays {
            return id;
        }
        let item = ir::Enum {
            name: "Weekday".to_owned(),
            ordered: false,
            values: WEEKDAYS.iter().map(|word| (*word).to_owned()).collect(),
        };
        let id = self.push_enum(item, Vec::new());
        self.types.weekdays = Some(id);
        id
    }

    /// `d + 1 month rolling over`, `d + 1 month if that day exists`. Where the sum is clamped its day is another.
    pub(super) fn month_end(&mut self, env: &Env, sum: &Expr, way: NoSuchDay) -> Option<Typed> {
        let typed = self.infer(env, sum, None)?;
        let Some(Op::AddMonths(from, _)) = self.builder.op(typed.node) else {
            let found = "this is no date plus months, so its day is always there";
            let found = Diagnostic::new(Code::TypeMismatch, sum.span, found);
            let words = match way {
                NoSuchDay::RollsOver => "rolling over",
                NoSuchDay::NotApplicable => "if that day exists",
            };
            self.report(found.help(format!(
                "leave `{words}` out, or write `DATE + 1 month {words}`"
            )));
            return None;
        };
        let from = *from;
        let [wanted, reached] = [from, typed.node].map(|date| self.day_of(date));
        let exists = self.builder.compare(Cmp::Eq, wanted, reached);
        let other = match way {
            NoSuchDay::RollsOver => {
                let one = self.builder.number(Number::ONE, Type::Days);
                self.builder.add(Op::AddDays(typed.node, one), Type::Date)
            }
            NoSuchDay::NotApplicable => {
                let because = "the month has no such day".to_owned();
                self.builder.add(Op::NotApplicable(because), Type::Date)
            }
        };
        let cases = vec![(exists, typed.node)];
        let node = self.builder.cases(cases, Some(other), Type::Date);
        Some(Typed {
            node,
            ty: Type::Date,
        })
    }

    fn day_of(&mut self, date: NodeId) -> NodeId {
        self.builder
            .add(Op::DatePart(DatePart::Day, date), Type::Int)
    }

    /// `n days`: so many times the length.
    pub(super) fn in_units(&mut self, env: &Env, count: &Expr, one: &Literal) -> Option<Typed> {
        let number = self.check(env, count, &Type::Int)?;
        let length = self.literal(one, None, count.span)?;
        Some(self.make(Op::Mul(number, length.node), length.ty))
    }
}

/// The calendar unit of the kernel that one written asks for.
pub(super) fn calendar_unit(unit: ast::CalendarUnit) -> ir::CalendarUnit {
    match unit {
        ast::CalendarUnit::Week => ir::CalendarUnit::Week,
        ast::CalendarUnit::Month => ir::CalendarUnit::Month,
        ast::CalendarUnit::Quarter => ir::CalendarUnit::Quarter,
        ast::CalendarUnit::Year => ir::CalendarUnit::Year,
    }
}
