//! Types, facts, judgements, readings and schedules: what the other forms refer to.

use super::Elaborator;
use super::builder::optional;
use super::env::Env;
use super::types::is_unresolved;
use crate::diagnostics::{Code, Diagnostic};
use crate::names::{CELL_RESULTS, Sought, SymbolKind, Unknown};
use crate::source::Span;
use crate::syntax::ast;
use polc_runtime::ir::{self, Const, Op, Type};
use polc_runtime::value::Number;

/// The enumeration of what a grid cell can come to, for queries on grids.
pub(super) const CELL_RESULT: ir::EnumId = 0;

impl Elaborator<'_, '_> {
    /// Gives every type and input its id; bodies come later, in dependency order.
    pub(super) fn declare(&mut self) {
        let symbols = self.symbols;
        match symbols.program {
            Some(program) => {
                if let Some(currency) = &program.currency
                    && !super::currency::is_code(&currency.text)
                {
                    self.report(
                        Diagnostic::new(
                            Code::UnknownCurrency,
                            currency.span,
                            format!("`{}` is no code of a currency", currency.text),
                        )
                        .help("write its three letters, for example `currency USD`"),
                    );
                }
            }
            None => {
                let span = symbols
                    .list
                    .first()
                    .map(|symbol| symbol.name.span)
                    .unwrap_or_default();
                self.report(
                    Diagnostic::new(Code::NoProgram, span, "no file says which program this is")
                        .help("begin one file with `program NAME \"label\" version 1`"),
                );
            }
        }
        let results = ir::Enum {
            name: "CellResult".to_owned(),
            ordered: false,
            values: CELL_RESULTS
                .iter()
                .map(|value| (*value).to_owned())
                .collect(),
        };
        self.push_enum(results, Vec::new());
        for (name, (item, _)) in &symbols.enums {
            let places = item.values.iter().map(|value| value.span).collect();
            let item = ir::Enum {
                name: (*name).to_owned(),
                ordered: item.ordered,
                values: item.values.iter().map(|value| value.text.clone()).collect(),
            };
            self.push_enum(item, places);
        }
        for name in symbols.records.keys() {
            let record = ir::Record {
                name: (*name).to_owned(),
                fields: Vec::new(),
                dated: None,
            };
            self.push_record(record, Vec::new());
        }
        for (at, record) in symbols.records.values().enumerate() {
            self.record_fields(at, record);
        }
        for (reading, declaration) in symbols.readings.values() {
            self.declare_reading(reading, declaration);
        }
        for symbol in &symbols.list {
            match symbol.kind {
                SymbolKind::Fact(fact) => self.declare_fact(fact, symbol.declaration),
                SymbolKind::Judgement(judgement) => {
                    self.declare_judgement(judgement, symbol.declaration);
                }
                SymbolKind::Grants(grants) => self.declare_grants(grants, symbol.declaration),
                SymbolKind::Schedule(schedule) => {
                    self.declare_schedule(schedule, symbol.declaration)
                }
                SymbolKind::Value(_)
                | SymbolKind::Define(_)
                | SymbolKind::Table(_)
                | SymbolKind::Requirements(_)
                | SymbolKind::Waiver(_)
                | SymbolKind::Exception(_)
                | SymbolKind::Lifecycle(_)
                | SymbolKind::Obligations(_)
                | SymbolKind::Duty(_)
                | SymbolKind::Order(_) => {}
            }
        }
    }

    fn record_fields(&mut self, at: usize, record: &ast::Record) {
        let env = &Env::declaring();
        let mut fields: Vec<ir::Field> = Vec::new();
        let mut places = Vec::new();
        for field in &record.fields {
            if let Some(first) = record
                .fields
                .iter()
                .take_while(|other| !std::ptr::eq(*other, field))
                .find(|other| other.name.text == field.name.text)
            {
                self.report(
                    Diagnostic::new(
                        Code::DuplicateName,
                        field.name.span,
                        format!("the field `{}` is declared twice", field.name.text),
                    )
                    .label(first.name.span, "first declared here")
                    .help("rename one of them, or remove it"),
                );
                continue;
            }
            let name = format!("{}_{}", record.name.text, field.name.text);
            let (mut ty, kind) = self.field_input(&field.input, &name);
            let range = self.range(env, field.range.as_ref(), &ty);
            let absent = match &field.left_out {
                ast::LeftOut::Unknown => None,
                ast::LeftOut::None => {
                    ty = optional(ty);
                    Some(Const::None)
                }
                ast::LeftOut::Value(expr) => self.left_out_value(env, expr, &ty, range.as_ref()),
            };
            places.push(field.name.span);
            fields.push(ir::Field {
                name: field.name.text.clone(),
                ty,
                range,
                kind,
                absent,
            });
        }
        let dated = record.dated.as_ref().and_then(|name| {
            let at = fields.iter().position(|field| field.name == name.text);
            let ty = at.and_then(|at| fields.get(at)).map(|field| &field.ty);
            if ty.is_some_and(is_unresolved) {
                return None;
            }
            let date = ty.is_some_and(|ty| super::builder::required(ty) == Type::Date);
            let found = at.filter(|_| date);
            if found.is_none() {
                let dates = fields.iter().filter(|field| {
                    let ty = super::builder::required(&field.ty);
                    ty == Type::Date || is_unresolved(&ty)
                });
                let known = dates.map(|field| &field.name);
                self.unknown(Unknown::new(name, Sought::DatingField, known));
            }
            found.map(|at| at as u32)
        });
        if let Some(name) = &record.dated
            && let Some(field) = dated.and_then(|at| fields.get_mut(at as usize))
            && field.absent.take().is_some()
        {
            self.report(
                Diagnostic::new(
                    Code::MissingPart,
                    name.span,
                    format!(
                        "items are hidden by `{}`, so it may not be left out",
                        name.text
                    ),
                )
                .help("drop `may be left out` from the field, or `dated` from the record"),
            );
        }
        if let Some(slot) = self.types.field_places.get_mut(at) {
            *slot = places;
        }
        if let Some(slot) = self.types.records.get_mut(at) {
            slot.fields = fields;
            slot.dated = dated;
        }
    }

    /// The value of a field that is left out: written, and one that the facts could give.
    fn left_out_value(
        &mut self,
        env: &Env,
        expr: &ast::Expr,
        ty: &Type,
        range: Option<&ir::Range>,
    ) -> Option<Const> {
        let node = self.check(env, expr, ty)?;
        let Some(value) = self.builder.constant(node).cloned() else {
            self.report(
                Diagnostic::new(
                    Code::NotConstant,
                    expr.span,
                    "the value of a field that is left out must be written out",
                )
                .help("write for example `may be left out = 0`"),
            );
            return None;
        };
        let number = match &value {
            Const::Number(number) => Some(*number),
            Const::Date(date) => Some(Number::from_i64(i64::from(date.days()))),
            Const::None | Const::Bool(_) | Const::Enum(_) | Const::Text(_) | Const::List(_) => None,
        };
        if number.is_some_and(|number| !inside(range, number)) {
            let message = format!("{} lies outside the declared range", self.text(expr.span));
            self.outside_range(expr.span, message);
            return None;
        }
        Some(value)
    }

    fn outside_range(&mut self, span: Span, message: String) {
        self.report(
            Diagnostic::new(Code::OutOfRange, span, message)
                .help("choose a default inside the range, or widen the range"),
        );
    }

    /// A declared range, its ends constant.
    fn range(
        &mut self,
        env: &Env,
        range: Option<&(Option<ast::Expr>, Option<ast::Expr>)>,
        ty: &Type,
    ) -> Option<ir::Range> {
        let (low, high) = range?;
        let inner = super::builder::required(ty);
        let item = inner.item().unwrap_or(&inner).clone();
        let mut end = |expr: &Option<ast::Expr>| -> Option<Number> {
            let expr = expr.as_ref()?;
            // A plain number is enough for the end of a range: the fact's type says the unit.
            let (sign, plain) = if let ast::ExprKind::Negate(inner) = &expr.kind {
                ("-", inner.as_ref())
            } else {
                ("", expr)
            };
            if let ast::ExprKind::Literal(ast::Literal::Number(text)) = &plain.kind
                && let Some(number) = Number::parse(&format!("{sign}{}", text.replace('_', "")))
            {
                return Some(number);
            }
            let node = self.check(env, expr, &item)?;
            match self.builder.constant(node) {
                Some(Const::Number(number)) => Some(*number),
                Some(Const::Date(date)) => Some(Number::from_i64(i64::from(date.days()))),
                _ => {
                    self.report(
                        Diagnostic::new(
                            Code::NotConstant,
                            expr.span,
                            "the end of a range must be written out",
                        )
                        .help("write a number or a date"),
                    );
                    None
                }
            }
        };
        Some(ir::Range {
            low: end(low),
            high: end(high),
        })
    }

    fn push_fact(&mut self, name: &ast::Name, fact: ir::Fact) {
        if let Some(id) = self.symbol_at(name.span) {
            self.inputs
                .fact_ids
                .insert(id, self.inputs.facts.len() as ir::FactId);
        }
        self.inputs.facts.push(fact);
    }

    fn declare_fact(&mut self, fact: &ast::Fact, declaration: &ast::Declaration) {
        let env = &Env::declaring();
        let ty = match &fact.ty {
            Some(written) => self.type_or_mark(written),
            None => optional(Type::Date),
        };
        let range = self.range(env, fact.range.as_ref(), &ty);
        let cites = self.cite(&declaration.cites);
        self.push_fact(
            &fact.name,
            ir::Fact {
                name: fact.name.text.clone(),
                label: fact.label.clone().unwrap_or_default(),
                ty,
                kind: if fact.event {
                    ir::FactKind::Event
                } else {
                    ir::FactKind::Given
                },
                range,
                assume: None,
                derived: None,
                stated_nowhere: fact.stated_nowhere,
                grants: None,
                cites,
            },
        );
    }

    /// The type and kind of a field; `enumeration` names the words of a judgement.
    fn field_input(&mut self, input: &ast::FieldInput, enumeration: &str) -> (Type, ir::FactKind) {
        match input {
            ast::FieldInput::Given(written) => (self.type_or_mark(written), ir::FactKind::Given),
            ast::FieldInput::Event => (optional(Type::Date), ir::FactKind::Event),
            ast::FieldInput::Judgement { values, by } => {
                let by = by.text.clone();
                let ty = self.judgement_type(values, enumeration);
                (ty, ir::FactKind::Judgement { by })
            }
        }
    }

    /// The type of a judgement; words written in place are an enumeration of their own.
    fn judgement_type(&mut self, values: &ast::JudgementValues, enumeration: &str) -> Type {
        match values {
            ast::JudgementValues::Type(written) => self.type_or_mark(written),
            ast::JudgementValues::Words(words) => {
                let item = ir::Enum {
                    name: enumeration.to_owned(),
                    ordered: false,
                    values: words.iter().map(|word| word.text.clone()).collect(),
                };
                let places = words.iter().map(|word| word.span).collect();
                Type::Enum(self.push_enum(item, places))
            }
        }
    }

    fn declare_judgement(&mut self, judgement: &ast::Judgement, declaration: &ast::Declaration) {
        let ty = self.judgement_type(&judgement.values, &judgement.name.text);
        let cites = self.cite(&declaration.cites);
        self.push_fact(
            &judgement.name,
            ir::Fact {
                name: judgement.name.text.clone(),
                label: judgement.label.clone().unwrap_or_default(),
                ty,
                kind: ir::FactKind::Judgement {
                    by: judgement.by.text.clone(),
                },
                range: None,
                assume: None,
                derived: None,
                stated_nowhere: false,
                grants: None,
                cites,
            },
        );
    }

    fn declare_grants(&mut self, grants: &ast::Grants, declaration: &ast::Declaration) {
        let Some(SymbolKind::Requirements(grid)) = self.kind_at(grants.grid.span) else {
            let known = self.symbols.grids().into_iter();
            let known = known.map(|grid| grid.name.text.as_str());
            self.unknown(Unknown::new(&grants.grid, Sought::Granted, known));
            return;
        };
        let Some(scale) = self.enum_at(grid.scale.span) else {
            return;
        };
        let field = ir::Field::plain;
        let mut tier = field("tier", optional(Type::Enum(scale)));
        // A grant that names no tier is for all of them.
        tier.absent = Some(Const::None);
        let fields = vec![
            field("requirement", Type::Text),
            tier,
            field("reason", Type::Text),
            field("by", Type::Text),
            field("from", Type::Date),
            field("through", Type::Date),
        ];
        let record = self.anonymous_record(fields, Vec::new());
        let cites = self.cite(&declaration.cites);
        let fact = self.inputs.facts.len() as ir::FactId;
        self.used.facts.insert(fact);
        let ty = Type::List(Box::new(Type::Record(record)));
        // Where the facts say nothing of grants, none is assumed, and every answer that rests on it says so.
        let none = Op::Const(Const::List(Vec::new()));
        let assume = Some(self.builder.add(none, ty.clone()));
        self.push_fact(
            &grants.name,
            ir::Fact {
                name: grants.name.text.clone(),
                label: grants.label.clone().unwrap_or_default(),
                ty,
                kind: ir::FactKind::Given,
                range: None,
                assume,
                derived: None,
                stated_nowhere: false,
                grants: Some(grants.grid.text.clone()),
                cites,
            },
        );
    }

    /// `assume` and `derived`, once everything they read is there.
    pub(super) fn fact_body(&mut self, fact: &ast::Fact) {
        let env = &Env::default();
        let id = self.symbol_at(fact.name.span);
        let Some(id) = id.and_then(|id| self.fact_of(id)) else {
            return;
        };
        let Some(ty) = self
            .inputs
            .facts
            .get(id as usize)
            .map(|fact| fact.ty.clone())
        else {
            return;
        };
        let assume = fact
            .assume
            .as_ref()
            .and_then(|expr| self.check(env, expr, &ty));
        if let (Some(node), Some(expr)) = (assume, &fact.assume) {
            self.check_range(node, id, expr.span);
        }
        // Where the others give none although the fact is never none, the fact itself is asked for.
        let derived_type = optional(ty.clone());
        let derived = fact
            .derived
            .as_ref()
            .and_then(|expr| self.check(env, expr, &derived_type));
        // Tests may ask for a derived fact that no rule reads.
        let _ = self.builder.add(polc_runtime::ir::Op::Fact(id), ty);
        if let Some(slot) = self.inputs.facts.get_mut(id as usize) {
            slot.assume = assume;
            slot.derived = derived;
        }
    }

    /// A default must be a value that the facts could give.
    fn check_range(&mut self, node: ir::NodeId, fact: ir::FactId, span: Span) {
        let range = self
            .inputs
            .facts
            .get(fact as usize)
            .and_then(|fact| fact.range.clone());
        let (Some(Const::Number(number)), Some(range)) = (self.builder.constant(node), range)
        else {
            return;
        };
        if !inside(Some(&range), *number) {
            let message = format!("{number} lies outside the declared range");
            self.outside_range(span, message);
        }
    }
}

/// Whether a number lies within a declared range.
fn inside(range: Option<&ir::Range>, number: Number) -> bool {
    let Some(range) = range else { return true };
    range.low.is_none_or(|low| number >= low) && range.high.is_none_or(|high| number <= high)
}
