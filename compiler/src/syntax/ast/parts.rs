//! What stands directly inside a declaration: the one walk over trees that everything which only looks uses.

use super::*;

/// A part of a declaration.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// An expression that is read when the declaration is.
    Expr(&'a Expr),
    /// An expression that must be written out: a date, the end of a range, what stands for a field left out.
    Written(&'a Expr),
    /// A written type.
    Type(&'a TypeExpr),
    /// Clauses.
    Cites(&'a [Name]),
    /// `under R ALT`.
    Under(&'a (Name, Name)),
}

/// Shows each part with the items that have a name there, the innermost last.
type See<'s, 'a> = &'s mut dyn FnMut(&[&'a Name], Part<'a>);

impl DeclarationKind {
    /// Shows every part of the body, in the order written, with the items that have a name there.
    pub fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        match self {
            DeclarationKind::Program(_)
            | DeclarationKind::Module(_)
            | DeclarationKind::Use(_)
            | DeclarationKind::Source(_)
            | DeclarationKind::Enum(_)
            | DeclarationKind::Grants(_)
            | DeclarationKind::Prevails(_) => {}
            DeclarationKind::Record(record) => record.fields.iter().for_each(|field| {
                input(&field.input, see);
                range(field.range.as_ref(), see);
                if let LeftOut::Value(value) = &field.left_out {
                    see(&[], Part::Written(value));
                }
            }),
            DeclarationKind::Fact(fact) => {
                ty(fact.ty.as_ref(), see);
                range(fact.range.as_ref(), see);
                exprs(fact.assume.iter().chain(&fact.derived), see);
            }
            DeclarationKind::Judgement(judgement) => {
                if let JudgementValues::Type(written) = &judgement.values {
                    see(&[], Part::Type(written));
                }
            }
            DeclarationKind::Value(value) => {
                ty(value.ty.as_ref(), see);
                written(value.not_before.iter(), see);
                for version in &value.versions {
                    see(&[], Part::Expr(&version.value));
                    line(&version.dates, None, &version.cites, see);
                }
            }
            DeclarationKind::Define(define) => define.each_part(see),
            DeclarationKind::Requirements(grid) => {
                grid.rows.iter().for_each(|row| row.each_part(see))
            }
            DeclarationKind::Amend(amend) => {
                under(amend.under.as_ref(), see);
                amend
                    .changes
                    .iter()
                    .for_each(|change| change.each_part(see));
            }
            DeclarationKind::Waiver(waiver) => {
                exprs(waiver.condition.iter(), see);
                line(&waiver.dates, None, &[], see);
                for lift in &waiver.lifts {
                    line(&lift.dates, None, &lift.cites, see);
                }
            }
            DeclarationKind::Exception(exception) => {
                line(&exception.dates, None, &[], see);
                exprs(exception.condition.iter().chain(&exception.use_value), see);
            }
            DeclarationKind::Table(table) => table.each_part(see),
            DeclarationKind::Schedule(schedule) => {
                match &schedule.rule {
                    ScheduleRule::DayOfMonths(day, _) => see(&[], Part::Written(day)),
                    ScheduleRule::Months(_) => {}
                    ScheduleRule::Every(step, anchor) => exprs([step, anchor], see),
                }
                line(&schedule.dates, None, &[], see);
                written(&schedule.except_years, see);
            }
            DeclarationKind::Reading(reading) => {
                reading
                    .chosen
                    .iter()
                    .for_each(|chosen| dates(&chosen.dates, see));
            }
            DeclarationKind::Lifecycle(lifecycle) => lifecycle.each_part(see),
            DeclarationKind::Obligations(obligations) => obligations.each_part(see),
            DeclarationKind::Duty(duty) => {
                if let Some((day, when)) = &duty.arises {
                    exprs(std::iter::once(day).chain(when), see);
                }
                exprs(duty.due.iter().chain(&duty.done), see);
            }
            DeclarationKind::Order(order) => {
                exprs([&order.plan], see);
                for rule in &order.rules {
                    exprs(&rule.when, see);
                    line(&rule.dates, rule.under.as_ref(), &rule.cites, see);
                }
            }
            DeclarationKind::Tests(tests) => {
                written(&tests.as_of, see);
                tests
                    .under
                    .iter()
                    .for_each(|pair| see(&[], Part::Under(pair)));
            }
        }
    }
}

impl Define {
    /// Parameters have a name in every line.
    fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        let names: Vec<&Name> = self.takes.names().collect();
        let parameters = self.takes.parameters.iter();
        parameters.for_each(|parameter| see(&[], Part::Type(&parameter.ty)));
        let see: See<'_, 'a> = &mut |items: &[&'a Name], part| {
            let all: Vec<&Name> = names.iter().chain(items).copied().collect();
            see(&all, part);
        };
        ty(self.ty.as_ref(), see);
        if let Some(scope) = &self.applies {
            see(&[], Part::Expr(&scope.condition));
            see(&[], Part::Cites(&scope.cites));
        }
        exprs(self.notes.iter().filter_map(|(_, when)| when.as_ref()), see);
        match &self.body {
            Body::Expr(expr) => see(&[], Part::Expr(expr)),
            Body::Cases(cases) => cases.iter().for_each(|case| case.each_part(see)),
            Body::Reading { alternatives, .. } => {
                for alternative in alternatives {
                    see(&[], Part::Expr(&alternative.value));
                    exprs(alternative.gap.iter().map(|(guard, _)| guard), see);
                    see(&[], Part::Cites(&alternative.cites));
                }
            }
        }
    }
}

impl Case {
    fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        match &self.kind {
            CaseKind::Value { value, guard } => exprs(std::iter::once(value).chain(guard), see),
            CaseKind::Block { guard, cases } => {
                see(&[], Part::Expr(guard));
                cases.iter().for_each(|case| case.each_part(see));
            }
            CaseKind::NotApplicable { guard, .. } => exprs(guard, see),
        }
        let left = self.otherwise.iter().filter_map(|it| it.left.as_ref());
        // Values that the guards above leave; they are looked up among these.
        written(left.flatten(), see);
        line(&self.dates, self.under.as_ref(), &self.cites, see);
    }
}

impl Row {
    fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        match &self.condition {
            RowCondition::Condition(expr) => see(&[], Part::Expr(expr)),
            RowCondition::Group(kind) => exprs(kind.count(), see),
        }
        exprs(self.cells.iter().filter_map(|cell| cell.kind.value()), see);
        line(&self.dates, self.under.as_ref(), &self.cites, see);
    }
}

impl CellKind {
    /// The expression in it.
    #[must_use]
    pub fn value(&self) -> Option<&Expr> {
        match self {
            CellKind::Preferred(value) => value.as_ref(),
            CellKind::Value(value) => Some(value),
            CellKind::NotRequired | CellKind::Mandatory => None,
        }
    }
}

impl Change {
    fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        match &self.kind {
            ChangeKind::Cells { cell, .. } => exprs(cell.kind.value(), see),
            ChangeKind::Like { except, .. } => {
                exprs(except.iter().filter_map(|(_, cell)| cell.kind.value()), see);
            }
            ChangeKind::AddRow(row) => row.each_part(see),
        }
        line(&self.dates, self.under.as_ref(), &self.cites, see);
    }
}

impl Table {
    fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        let names: Vec<&Name> = self.takes.names().collect();
        let parameters = self.takes.parameters.iter();
        parameters.for_each(|parameter| see(&[], Part::Type(&parameter.ty)));
        let see: See<'_, 'a> = &mut |items: &[&'a Name], part| {
            let all: Vec<&Name> = names.iter().chain(items).copied().collect();
            see(&all, part);
        };
        exprs(&self.across, see);
        self.gives
            .iter()
            .for_each(|(_, ty)| see(&[], Part::Type(ty)));
        for column in &self.columns {
            match column {
                Column::Input(expr) => see(&[], Part::Expr(expr)),
                Column::Output(_, ty) => see(&[], Part::Type(ty)),
            }
        }
        for row in &self.rows {
            for cell in &row.cells {
                cell.kind.each_expr(|expr| see(&[], Part::Expr(expr)));
            }
            line(&row.dates, row.under.as_ref(), &row.cites, see);
        }
    }
}

impl Lifecycle {
    /// The items of its lists have a name in every line.
    fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        let items = self.lines().filter_map(Transition::item);
        // Lines may take items of one list under one name.
        let mut names: Vec<&Name> = Vec::new();
        for item in items {
            if names.iter().all(|known| known.text != item.text) {
                names.push(item);
            }
        }
        let items = names;
        ty(self.ty.as_ref(), see);
        for keep in &self.keeps {
            see(&[], Part::Type(&keep.ty));
            see(&[], Part::Cites(&keep.cites));
        }
        for transition in self.lines() {
            transition.each_expr(|expr| see(&items, Part::Expr(expr)));
            line(
                &transition.dates,
                transition.under.as_ref(),
                &transition.cites,
                see,
            );
        }
        for state in &self.states {
            let parts = state
                .deadline
                .iter()
                .chain(&state.unless)
                .chain(&state.no_reentry);
            parts.for_each(|expr| see(&items, Part::Expr(expr)));
            see(&[], Part::Cites(&state.cites));
        }
    }
}

impl Obligations {
    /// The item of a `for each` line has a name in the rules below it.
    fn each_part<'a>(&'a self, see: See<'_, 'a>) {
        for each in &self.each {
            see(&[], Part::Expr(&each.list));
            let values = each.fields.iter().map(|(_, value)| value);
            let inside = each.filter.iter().chain(values);
            inside.for_each(|expr| see(&[&each.item], Part::Expr(expr)));
        }
        for rule in &self.rules {
            let each = rule.each.and_then(|at| self.each.get(at));
            let items: Vec<&Name> = each.iter().map(|each| &each.item).collect();
            let parts = std::iter::once(&rule.condition).chain(&rule.when);
            parts.for_each(|expr| see(&items, Part::Expr(expr)));
            line(&rule.dates, rule.under.as_ref(), &rule.cites, see);
        }
    }
}

fn exprs<'a>(list: impl IntoIterator<Item = &'a Expr>, see: See<'_, 'a>) {
    list.into_iter().for_each(|expr| see(&[], Part::Expr(expr)));
}

fn written<'a>(list: impl IntoIterator<Item = &'a Expr>, see: See<'_, 'a>) {
    list.into_iter()
        .for_each(|expr| see(&[], Part::Written(expr)));
}

fn ty<'a>(written: Option<&'a TypeExpr>, see: See<'_, 'a>) {
    written.into_iter().for_each(|ty| see(&[], Part::Type(ty)));
}

fn under<'a>(pair: Option<&'a (Name, Name)>, see: See<'_, 'a>) {
    pair.into_iter()
        .for_each(|pair| see(&[], Part::Under(pair)));
}

fn range<'a>(range: Option<&'a (Option<Expr>, Option<Expr>)>, see: See<'_, 'a>) {
    let ends = range
        .into_iter()
        .flat_map(|(low, high)| low.iter().chain(high));
    written(ends, see);
}

fn input<'a>(input: &'a FieldInput, see: See<'_, 'a>) {
    match input {
        FieldInput::Given(written)
        | FieldInput::Judgement {
            values: JudgementValues::Type(written),
            ..
        } => see(&[], Part::Type(written)),
        FieldInput::Event
        | FieldInput::Judgement {
            values: JudgementValues::Words(_),
            ..
        } => {}
    }
}

fn dates<'a>(dates: &'a Dates, see: See<'_, 'a>) {
    let ends = dates.from.iter().chain(&dates.through).chain(&dates.before);
    written(ends.chain(&dates.announced), see);
}

/// What stands at the end of a line.
fn line<'a>(
    ends: &'a Dates,
    reading: Option<&'a (Name, Name)>,
    cites: &'a [Name],
    see: See<'_, 'a>,
) {
    dates(ends, see);
    under(reading, see);
    see(&[], Part::Cites(cites));
}
