//! The names that a declaration says besides its parts: what it declares, and what it is about.

use super::Resolver;
use crate::names::{Meaning, target_name};
use crate::source::Span;
use crate::syntax::ast::{self, Name};

impl<'a> Resolver<'_, 'a> {
    /// The names that a declaration says besides its parts.
    pub(super) fn names(&mut self, kind: &'a ast::DeclarationKind) {
        use ast::DeclarationKind as Kind;
        match kind {
            Kind::Program(program) => {
                self.header(&program.name);
                if let Some(currency) = &program.currency {
                    self.table.put(currency.span, Meaning::BuiltIn);
                }
            }
            Kind::Module(module) => self.header(&module.name),
            Kind::Source(source) => self.header(&source.name),
            Kind::Enum(item) => self.values(&item.values),
            Kind::Record(record) => self.record(record),
            Kind::Judgement(judgement) => {
                self.judged(&judgement.values, &judgement.by);
                for item in &judgement.evidence {
                    self.named(&item.text, item.span);
                }
            }
            Kind::Grants(grants) => self.named(&grants.grid.text, grants.grid.span),
            Kind::Define(define) => self.define(define),
            Kind::Requirements(grid) => {
                self.type_name(&grid.scale);
                for tier in &grid.tiers {
                    self.tier(Some(&grid.name), tier);
                }
                grid.rows
                    .iter()
                    .for_each(|row| self.grid_row(&grid.name, row));
            }
            Kind::Amend(amend) => self.amend(amend),
            Kind::Waiver(waiver) => {
                for lift in &waiver.lifts {
                    let grid = lift.grid.as_ref();
                    if let Some(grid) = grid {
                        self.named(&grid.text, grid.span);
                    }
                    lift.rows.iter().for_each(|row| self.row(grid, row));
                    lift.tiers.iter().for_each(|tier| self.tier(grid, tier));
                }
            }
            Kind::Exception(exception) => {
                self.excepted(&exception.target);
                exception
                    .of
                    .iter()
                    .for_each(|record| self.type_name(record));
            }
            Kind::Prevails(prevails) => {
                for name in [&prevails.winner, &prevails.loser] {
                    self.named(&name.text, name.span);
                }
            }
            Kind::Table(table) => {
                self.parameters(&table.takes);
                let outputs = table.columns.iter().filter_map(|column| match column {
                    ast::Column::Output(name, _) => Some(name),
                    ast::Column::Input(_) => None,
                });
                for name in outputs.chain(table.gives.iter().map(|(name, _)| name)) {
                    self.table.declare(name.span, Meaning::Field(name.span));
                }
                for name in table.rows.iter().filter_map(|row| row.name.as_ref()) {
                    self.table.declare(name.span, Meaning::Row(name.span));
                }
            }
            Kind::Schedule(schedule) => match &schedule.rule {
                ast::ScheduleRule::DayOfMonths(_, months) | ast::ScheduleRule::Months(months) => {
                    for month in months {
                        self.table.put(month.span, Meaning::BuiltIn);
                    }
                }
                ast::ScheduleRule::Every(..) => {}
            },
            Kind::Reading(reading) => {
                for (name, _) in &reading.alternatives {
                    self.table
                        .declare(name.span, Meaning::Alternative(name.span));
                }
                let chosen = reading.chosen.iter().map(|chosen| &chosen.name);
                self.reading(&reading.name, chosen);
            }
            Kind::Lifecycle(lifecycle) => self.lifecycle(lifecycle),
            Kind::Obligations(obligations) => self.obligations(obligations),
            Kind::Duty(duty) => {
                self.table.party(duty.bearer.span, &duty.bearer.text);
                for name in duty.addressee.iter().chain(&duty.channel) {
                    self.table.party(name.span, &name.text);
                }
            }
            Kind::Tests(tests) => self.tests(tests),
            Kind::Use(_) | Kind::Fact(_) | Kind::Value(_) | Kind::Order(_) => {}
        }
    }

    fn define(&mut self, define: &ast::Define) {
        self.parameters(&define.takes);
        if let ast::Body::Reading {
            reading,
            alternatives,
        } = &define.body
        {
            let names = alternatives.iter().map(|alternative| &alternative.name);
            self.reading(reading, names);
        }
    }

    fn parameters(&mut self, takes: &ast::Takes) {
        for parameter in &takes.parameters {
            let span = parameter.name.span;
            match parameter.named {
                true => self.table.declare(span, Meaning::Item(span)),
                false => self.table.unwritten(span, Meaning::Item(span)),
            }
        }
    }

    fn header(&mut self, name: &Name) {
        self.table.declare(name.span, Meaning::Header(name.span));
    }

    fn values(&mut self, values: &[Name]) {
        for value in values {
            self.table.declare(value.span, Meaning::Value(value.span));
        }
    }

    fn judged(&mut self, values: &ast::JudgementValues, by: &Name) {
        if let ast::JudgementValues::Words(words) = values {
            self.values(words);
        }
        self.table.party(by.span, &by.text);
    }

    fn record(&mut self, record: &ast::Record) {
        for field in &record.fields {
            let span = field.name.span;
            self.table.declare(span, Meaning::Field(span));
            if let ast::FieldInput::Judgement { values, by } = &field.input {
                self.judged(values, by);
            }
        }
        if let Some(dated) = &record.dated {
            let fields = record.fields.iter().map(|field| &field.name);
            self.one_of(dated, fields, Meaning::Field);
        }
    }

    fn grid_row(&mut self, grid: &Name, row: &ast::Row) {
        self.table
            .declare(row.name.span, Meaning::Row(row.name.span));
        if let Some(stage) = &row.stage {
            self.stage(&grid.text, stage);
            if self.table.at_place(stage.span) == Some(Meaning::Stage(stage.span)) {
                self.table.declare(stage.span, Meaning::Stage(stage.span));
            }
        }
    }

    fn amend(&mut self, amend: &ast::Amend) {
        let target = &amend.target;
        self.named(&target.text, target.span);
        for change in &amend.changes {
            match &change.kind {
                ast::ChangeKind::Cells { row, tiers, .. } => {
                    self.row(Some(target), row);
                    tiers.iter().for_each(|tier| self.tier(Some(target), tier));
                }
                ast::ChangeKind::Like {
                    tier,
                    model,
                    except,
                } => {
                    self.tier(Some(target), tier);
                    self.tier(Some(target), model);
                    except
                        .iter()
                        .for_each(|(row, _)| self.row(Some(target), row));
                }
                ast::ChangeKind::AddRow(row) => self.grid_row(target, row),
            }
        }
    }

    /// `waiver W`, `schedule S`, `D`, `D.case`: the name stands last.
    fn excepted(&mut self, target: &Name) {
        let name = target_name(&target.text);
        let (whole, part) = match name.split_once('.') {
            Some((whole, part)) => (whole, Some(part)),
            None => (name, None),
        };
        let Some(start) = target.span.end.checked_sub(name.len() as u32) else {
            return;
        };
        let span = |from: u32, text: &str| Span {
            start: from,
            end: from + text.len() as u32,
            ..target.span
        };
        self.named(whole, span(start, whole));
        if let Some(part) = part {
            let at = span(start + whole.len() as u32 + 1, part);
            let grid = Name {
                text: whole.to_owned(),
                span: at,
            };
            let row = Name {
                text: part.to_owned(),
                span: at,
            };
            self.row(Some(&grid), &row);
        }
    }

    fn lifecycle(&mut self, lifecycle: &'a ast::Lifecycle) {
        let declared = match lifecycle.ty.as_ref().map(|ty| &ty.kind) {
            Some(ast::TypeKind::Named(name)) => self.symbols.enums.get(name.text.as_str()),
            _ => None,
        };
        let own = || lifecycle.states.iter().map(|state| &state.name);
        let states: Vec<&Name> = match declared {
            Some((item, _)) => item.values.iter().collect(),
            None => own().collect(),
        };
        for state in &lifecycle.states {
            match declared {
                Some(_) => self.one_of(&state.name, states.iter().copied(), Meaning::Value),
                None => {
                    let span = state.name.span;
                    self.table.declare(span, Meaning::Value(span));
                }
            }
            if let Some(party) = &state.waits_for {
                self.table.party(party.span, &party.text);
            }
        }
        self.one_of(&lifecycle.starts, states.iter().copied(), Meaning::Value);
        for keep in &lifecycle.keeps {
            self.table
                .declare(keep.name.span, Meaning::Kept(keep.name.span));
        }
        let mut items: Vec<&Name> = Vec::new();
        for line in lifecycle.lines() {
            if let Some(item) = line.item() {
                items.push(item);
                let first = items.iter().find(|known| known.text == item.text);
                let first = first.map_or(item.span, |first| first.span);
                self.table.declare(item.span, Meaning::Item(first));
            }
            for to in &line.targets {
                match to.is_again() {
                    true => self.table.put(to.state.span, Meaning::BuiltIn),
                    false => self.one_of(&to.state, states.iter().copied(), Meaning::Value),
                }
                for (field, _) in &to.sets {
                    let keeps = lifecycle.keeps.iter().map(|keep| &keep.name);
                    self.one_of(field, keeps, Meaning::Kept);
                }
            }
        }
    }

    fn obligations(&mut self, obligations: &ast::Obligations) {
        self.type_name(&obligations.record);
        self.table
            .party(obligations.bearer.span, &obligations.bearer.text);
        let record = self.symbols.records.get(obligations.record.text.as_str());
        let fields = || record.iter().flat_map(|record| &record.fields);
        for each in &obligations.each {
            self.table
                .declare(each.item.span, Meaning::Item(each.item.span));
            for (name, _) in &each.fields {
                self.one_of(name, fields().map(|field| &field.name), Meaning::Field);
            }
        }
    }

    fn tests(&mut self, tests: &ast::Tests) {
        for given in &tests.given {
            self.tested(&given.name);
        }
        let lines = tests.expects.iter().map(|(column, _)| column);
        for column in tests.columns.iter().chain(lines) {
            match column {
                ast::TestColumn::Fact(name) | ast::TestColumn::Expect(name) => self.tested(name),
                ast::TestColumn::ExpectCell { row, tier, grid } => {
                    if let Some(grid) = grid {
                        self.named(&grid.text, grid.span);
                    }
                    self.row(grid.as_ref(), row);
                    self.tier(grid.as_ref(), tier);
                }
                ast::TestColumn::AsOf(_) | ast::TestColumn::Note(_) => {}
            }
        }
    }

    /// `NAME` or `NAME.part`.
    fn tested(&mut self, name: &Name) {
        let whole = name.text.split('.').next().unwrap_or_default();
        let span = Span {
            end: name.span.start + whole.len() as u32,
            ..name.span
        };
        self.named(whole, span);
    }
}
