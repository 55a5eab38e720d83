//! Declarations: the header line, then the lines of the body one by one, so that each can be reported.

use polc_grammar::Rule;

use super::super::ast::{
    Alternative, Body, Case, CaseKind, Chosen, Clause, Declaration, DeclarationKind, Define, Enum,
    Exception, Expr, ExprKind, Fact, Field, FieldInput, Grants, Judgement, JudgementValues,
    LeftOut, Lift, Literal, Module, Name, Otherwise, Prevails, Program, Reading, Record, Schedule,
    ScheduleRule, Scope, Source, Treatment, TypeExpr, TypeKind, Use, Value, Version, Waiver,
};
use super::super::text::{Chunk, Line, Shape};
use super::{Builder, P, Tail, parts};
use crate::diagnostics::Code;
use crate::source::Span;

pub(super) type Range = Option<(Option<Expr>, Option<Expr>)>;

impl<'t> Builder<'t, '_> {
    /// Reads a declaration; `None` when anything in it was reported.
    pub fn declaration(&mut self, keyword: &str, chunk: &Chunk) -> Option<Declaration> {
        let (header, body) = chunk.lines.split_first()?;
        let span = self
            .line_span(*header)
            .to(self.line_span(*chunk.lines.last()?));
        let mut cites = Vec::new();
        self.failed = false;
        let kind = self.kind(keyword, *header, body, &mut cites);
        if kind.is_none() && !self.failed {
            self.error(
                Code::SyntaxError,
                span,
                "this declaration cannot be read",
                polc_grammar::keyword(keyword).map_or("check its lines", |keyword| keyword.example),
            );
        }
        if self.failed {
            return None;
        }
        Some(Declaration {
            doc: chunk.doc.clone(),
            kind: kind?,
            span,
            cites,
        })
    }

    fn kind(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<DeclarationKind> {
        Some(match keyword {
            "program" => DeclarationKind::Program(self.program(header, body)?),
            "module" => DeclarationKind::Module(self.module(header, body)?),
            "use" => DeclarationKind::Use(self.use_file(header, body)?),
            "source" => DeclarationKind::Source(self.source(header, body)?),
            "enum" | "scale" => {
                DeclarationKind::Enum(self.enumeration(keyword, header, body, cites)?)
            }
            "record" => DeclarationKind::Record(self.record(header, body, cites)?),
            "fact" | "event" => DeclarationKind::Fact(self.fact(keyword, header, body, cites)?),
            "judgement" => DeclarationKind::Judgement(self.judgement(header, body, cites)?),
            "value" => DeclarationKind::Value(self.value(header, body, cites)?),
            "define" | "decision" => {
                DeclarationKind::Define(self.define(keyword, header, body, cites)?)
            }
            "requirements" => {
                DeclarationKind::Requirements(self.requirements(header, body, cites)?)
            }
            "amend" => DeclarationKind::Amend(self.amend(header, body, cites)?),
            "waiver" => DeclarationKind::Waiver(self.waiver(header, body, cites)?),
            "grants" => DeclarationKind::Grants(self.grants(header, body, cites)?),
            "exception" => DeclarationKind::Exception(self.exception(header, body, cites)?),
            "table" => DeclarationKind::Table(self.table(header, body, cites)?),
            "schedule" => DeclarationKind::Schedule(self.schedule(header, body, cites)?),
            "reading" => DeclarationKind::Reading(self.reading(header, body, cites)?),
            "lifecycle" => DeclarationKind::Lifecycle(self.lifecycle(header, body, cites)?),
            "obligations" => DeclarationKind::Obligations(self.obligations(header, body, cites)?),
            "duty" => DeclarationKind::Duty(self.duty(header, body, cites)?),
            "order" => DeclarationKind::Order(self.order(header, body, cites)?),
            "tests" => DeclarationKind::Tests(self.tests(header, body)?),
            _ => DeclarationKind::Prevails(self.prevails(header, body, cites)?),
        })
    }

    /// Reports lines where no body belongs.
    fn no_body(&mut self, body: &[Line]) {
        if let Some(line) = body.first() {
            let place = self.line_span(*line);
            self.error(
                Code::SyntaxError,
                place,
                "this declaration has no body",
                "write it on one line, or begin a new declaration at the first column",
            );
        }
    }

    fn program(&mut self, header: Line, body: &[Line]) -> Option<Program> {
        let read = self.read(Rule::program_line, header);
        let mut currency = None;
        for line in body {
            let place = self.line_span(*line);
            if let Some(pair) = self.read(Rule::currency_line, *line) {
                if currency.is_some() {
                    self.twice(place, "currency");
                }
                currency = self.only_name(pair);
            }
        }
        let mut inner = parts(read?);
        let word = inner.next()?;
        let mut program = Program {
            name: self.name(&word),
            label: None,
            version: None,
            currency,
        };
        for part in inner {
            match part.as_rule() {
                Rule::text => program.label = Some(Self::text(&part)),
                _ => program.version = Some(Self::text(&part)),
            }
        }
        Some(program)
    }

    fn module(&mut self, header: Line, body: &[Line]) -> Option<Module> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::module_line, header)?);
        let word = inner.next()?;
        Some(Module {
            name: self.name(&word),
            label: inner.next().map(|text| Self::text(&text)),
        })
    }

    fn use_file(&mut self, header: Line, body: &[Line]) -> Option<Use> {
        self.no_body(body);
        let text = parts(self.read(Rule::use_line, header)?).next()?;
        Some(Use {
            path: Self::text(&text),
            span: self.span(&text),
        })
    }

    fn source(&mut self, header: Line, body: &[Line]) -> Option<Source> {
        let read = self.read(Rule::source_line, header);
        let mut clauses = Vec::new();
        let mut section = String::new();
        for line in body {
            let Some(pair) = self.read(Rule::source_body, *line) else {
                continue;
            };
            let part = parts(pair).next()?;
            let is_section = part.as_rule() == Rule::section;
            let mut inner = parts(part);
            let first = inner.next()?;
            if is_section {
                section = Self::text(&first);
                continue;
            }
            let text = inner.next()?;
            let treatment = match inner.next() {
                None => Treatment::Encoded,
                Some(pair) if pair.as_rule() == Rule::informational => Treatment::Informational,
                Some(pair) => Treatment::LeftOut(Self::because(pair)?),
            };
            let (id, text) = (self.name(&first), Self::text(&text));
            clauses.push(Clause {
                id,
                section: section.clone(),
                text,
                treatment,
            });
        }
        let mut inner = parts(read?);
        let word = inner.next()?;
        let title = inner.next()?;
        Some(Source {
            name: self.name(&word),
            title: Self::text(&title),
            external: inner.next().is_some(),
            clauses,
        })
    }

    fn enumeration(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Enum> {
        self.no_body(body);
        let ordered = keyword == "scale";
        let rule = if ordered {
            Rule::scale_line
        } else {
            Rule::enum_line
        };
        let mut inner = parts(self.read(rule, header)?);
        let word = inner.next()?;
        let mut read = Enum {
            name: self.name(&word),
            label: None,
            ordered,
            values: Vec::new(),
        };
        for part in inner {
            match part.as_rule() {
                Rule::text => read.label = Some(Self::text(&part)),
                Rule::cites => cites.extend(self.names(part)),
                _ => read.values.push(self.name(&part)),
            }
        }
        Some(read)
    }

    /// A type with its range.
    fn typed(&mut self, pair: P<'t>) -> Option<(TypeExpr, Range)> {
        let mut ty = None;
        let mut range = None;
        for part in parts(pair) {
            match part.as_rule() {
                Rule::or_none => {
                    let end = self.span(&part);
                    let inner: TypeExpr = ty.take()?;
                    let span = inner.span.to(end);
                    ty = Some(TypeExpr {
                        kind: TypeKind::Optional(Box::new(inner)),
                        span,
                    });
                }
                Rule::range => {
                    if range.is_some() {
                        let place = self.span(&part);
                        self.twice(place, part.as_str());
                    }
                    range = Some(self.range(part)?);
                }
                _ => ty = Some(self.type_expr(part)?),
            }
        }
        Some((ty?, range))
    }

    fn range(&mut self, pair: P<'t>) -> Option<(Option<Expr>, Option<Expr>)> {
        let mut low = None;
        let mut high = None;
        for part in parts(pair) {
            match part.as_rule() {
                Rule::low_bound => low = Some(self.expr(parts(part).next()?)?),
                Rule::high_bound => high = Some(self.expr(parts(part).next()?)?),
                _ if low.is_none() => low = Some(self.expr(part)?),
                _ => high = Some(self.expr(part)?),
            }
        }
        Some((low, high))
    }

    fn record(&mut self, header: Line, body: &[Line], cites: &mut Vec<Name>) -> Option<Record> {
        let read = self.read(Rule::record_line, header);
        let dated = self
            .clean
            .get(header.start..header.end)?
            .split_whitespace()
            .nth(2)
            == Some("dated");
        let mut record = None;
        if let Some(pair) = read {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = Record {
                name: self.name(&word),
                dated: None,
                label: None,
                fields: Vec::new(),
            };
            for part in inner {
                match part.as_rule() {
                    Rule::word if dated => read.dated = Some(self.name(&part)),
                    Rule::text => read.label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            record = Some(read);
        }
        let mut fields = Vec::new();
        for line in body {
            let Some(pair) = self.read(Rule::field_line, *line) else {
                continue;
            };
            if let Some(field) = self.field(pair, cites) {
                fields.push(field);
            }
        }
        let mut record = record?;
        record.fields = fields;
        if record.fields.is_empty() && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                "this record has no fields",
                "write a field on each indented line: `stars: decimal 1..5`",
            );
        }
        Some(record)
    }

    fn field(&mut self, pair: P<'t>, cites: &mut Vec<Name>) -> Option<Field> {
        let mut inner = parts(pair);
        let first = inner.next()?;
        let mut range = None;
        let (name, input) = match first.as_rule() {
            Rule::event_field => (self.only_name(first)?, FieldInput::Event),
            Rule::judged_field => {
                let mut inner = parts(first);
                let word = inner.next()?;
                let name = self.name(&word);
                let values = self.judgement_values(inner.next()?)?;
                let word = inner.next()?;
                let by = self.name(&word);
                (name, FieldInput::Judgement { values, by })
            }
            _ => {
                let name = self.name(&first);
                let (ty, read) = self.typed(inner.next()?)?;
                range = read;
                (name, FieldInput::Given(ty))
            }
        };
        let mut field = Field {
            name,
            input,
            range,
            left_out: LeftOut::Unknown,
            label: None,
        };
        for part in inner {
            match part.as_rule() {
                Rule::left_out_field => {
                    field.left_out = match parts(part).next() {
                        Some(value) => LeftOut::Value(self.expr(value)?),
                        None => LeftOut::None,
                    };
                }
                Rule::text => field.label = Some(Self::text(&part)),
                _ => cites.extend(self.names(part)),
            }
        }
        Some(field)
    }

    fn fact(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Fact> {
        let event = keyword == "event";
        let rule = if event {
            Rule::event_line
        } else {
            Rule::fact_line
        };
        let mut fact = None;
        if let Some(pair) = self.read(rule, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let name = self.name(&word);
            let (ty, range) = if event {
                (None, None)
            } else {
                let (ty, range) = self.typed(inner.next()?)?;
                (Some(ty), range)
            };
            let mut read = Fact {
                name,
                event,
                ty,
                range,
                label: None,
                assume: None,
                derived: None,
                published: false,
                informational: false,
                stated_nowhere: false,
            };
            for part in inner {
                self.modifier(&mut read, cites, part);
            }
            fact = Some(read);
        }
        for line in body {
            let Some(pair) = self.read(Rule::fact_body, *line) else {
                continue;
            };
            let Some(fact) = fact.as_mut() else { continue };
            for part in parts(pair) {
                self.modifier(fact, cites, part);
            }
        }
        fact
    }

    fn modifier(&mut self, fact: &mut Fact, cites: &mut Vec<Name>, pair: P<'t>) {
        let place = self.span(&pair);
        let (repeated, word) = match pair.as_rule() {
            Rule::text => (fact.label.replace(Self::text(&pair)).is_some(), "the label"),
            Rule::assume => {
                let before = fact.assume.take().is_some();
                fact.assume = parts(pair).next().and_then(|inner| self.expr(inner));
                (before, "assume")
            }
            Rule::derived => {
                let before = fact.derived.take().is_some();
                fact.derived = parts(pair).next().and_then(|inner| self.expr(inner));
                (before, "derived")
            }
            Rule::for_the_record => (
                std::mem::replace(&mut fact.informational, true),
                "informational",
            ),
            Rule::published => (std::mem::replace(&mut fact.published, true), "published"),
            Rule::stated_nowhere => (
                std::mem::replace(&mut fact.stated_nowhere, true),
                "stated nowhere",
            ),
            _ => {
                cites.extend(self.names(pair));
                (false, "")
            }
        };
        if repeated {
            self.twice(place, word);
        }
    }

    fn judgement(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Judgement> {
        let read = self.read(Rule::judgement_line, header);
        let mut evidence = Vec::new();
        for line in body {
            let Some(pair) = self.read(Rule::evidence_line, *line) else {
                continue;
            };
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::cites => cites.extend(self.names(part)),
                    _ => evidence.extend(self.names(part)),
                }
            }
        }
        let mut inner = parts(read?);
        let word = inner.next()?;
        let name = self.name(&word);
        let values = self.judgement_values(inner.next()?)?;
        let word = inner.next()?;
        let by = self.name(&word);
        let mut label = None;
        for part in inner {
            match part.as_rule() {
                Rule::text => label = Some(Self::text(&part)),
                _ => cites.extend(self.names(part)),
            }
        }
        Some(Judgement {
            name,
            values,
            by,
            label,
            evidence,
        })
    }

    fn judgement_values(&mut self, pair: P<'t>) -> Option<JudgementValues> {
        let inner = parts(pair).next()?;
        if inner.as_rule() != Rule::words {
            return Some(JudgementValues::Type(self.type_expr(inner)?));
        }
        let mut words = self.names(inner);
        let builtin = [
            "bool", "int", "decimal", "percent", "money", "date", "days", "months", "text",
        ];
        if let [only] = words.as_slice() {
            let declared = only
                .text
                .starts_with(|letter: char| letter.is_ascii_uppercase());
            if declared || builtin.contains(&only.text.as_str()) {
                let name = words.pop()?;
                let span = name.span;
                return Some(JudgementValues::Type(TypeExpr {
                    kind: TypeKind::Named(name),
                    span,
                }));
            }
        }
        Some(JudgementValues::Words(words))
    }

    fn value(&mut self, header: Line, body: &[Line], cites: &mut Vec<Name>) -> Option<Value> {
        let mut value = None;
        if let Some(pair) = self.read(Rule::value_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = Value {
                name: self.name(&word),
                ty: None,
                label: None,
                versions: Vec::new(),
                not_before: None,
            };
            let mut tail = Tail::default();
            let mut single = None;
            for part in inner {
                let Some(part) = self.tail(&mut tail, part) else {
                    continue;
                };
                match part.as_rule() {
                    Rule::r#type => read.ty = Some(self.type_expr(part)?),
                    Rule::text => read.label = Some(Self::text(&part)),
                    _ => single = Some(self.expr(part)?),
                }
            }
            cites.extend(tail.cites);
            self.no_reading(tail.under.as_ref());
            match single {
                Some(expr) => {
                    let span = self.line_span(header);
                    read.versions.push(Version {
                        value: expr,
                        dates: tail.dates,
                        cites: Vec::new(),
                        span,
                    });
                }
                None if tail.dates.span != Span::default() => self.error(
                    Code::SyntaxError,
                    tail.dates.span,
                    "a date stands here but no value",
                    "write `= VALUE` before the date, or dated lines below",
                ),
                None => {}
            }
            value = Some(read);
        }
        let mut versions = Vec::new();
        let mut not_before = None;
        for line in body {
            let span = self.line_span(*line);
            let Some(pair) = self.read(Rule::version_line, *line) else {
                continue;
            };
            let mut tail = Tail::default();
            let mut inner = parts(pair);
            let first = inner.next()?;
            for part in inner {
                self.tail(&mut tail, part);
            }
            self.no_reading(tail.under.as_ref());
            if first.as_rule() == Rule::not_in_force {
                if not_before.is_some() {
                    self.twice(span, "not in force before");
                }
                not_before = parts(first).next().and_then(|date| self.expr(date));
                cites.extend(tail.cites);
            } else if let Some(value) = self.expr(first) {
                versions.push(Version {
                    value,
                    dates: tail.dates,
                    cites: tail.cites,
                    span,
                });
            }
        }
        let mut value = value?;
        value.versions.extend(versions);
        value.not_before = not_before;
        if value.versions.is_empty() && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                format!("`{}` has no value", value.name.text),
                "write `= VALUE`, or a value with its dates on each indented line: `3.5 from 2026-01-01`",
            );
        }
        Some(value)
    }

    fn no_reading(&mut self, under: Option<&(Name, Name)>) {
        if let Some((reading, alternative)) = under {
            self.error(
                Code::SyntaxError,
                reading.span.to(alternative.span),
                "a value does not depend on a reading",
                "write `define … by reading R` with one line for each alternative",
            );
        }
    }

    fn define(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Define> {
        let decision = keyword == "decision";
        let rule = if decision {
            Rule::decision_line
        } else {
            Rule::define_line
        };
        let mut define = None;
        let mut reading = None;
        let mut has_value = false;
        if let Some(pair) = self.read(rule, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let name = self.name(&word);
            let mut read = Define {
                decision,
                name,
                ty: None,
                label: None,
                applies: None,
                notes: Vec::new(),
                body: Body::Cases(Vec::new()),
            };
            for part in inner {
                match part.as_rule() {
                    Rule::r#type => read.ty = Some(self.type_expr(part)?),
                    Rule::text => read.label = Some(Self::text(&part)),
                    Rule::defined_as => {
                        let value = parts(part).next()?;
                        read.body = Body::Expr(self.expr(value)?);
                        has_value = true;
                    }
                    Rule::by_reading => reading = self.only_name(part),
                    _ => cites.extend(self.names(part)),
                }
            }
            define = Some(read);
        }
        let mut applies = None;
        let mut notes = Vec::new();
        let mut alternatives = Vec::new();
        let mut rest = Vec::new();
        for line in body {
            let words = self.clean.get(line.start..line.end).unwrap_or("");
            let is_note = words
                .strip_prefix("note ")
                .is_some_and(|rest| rest.trim_start().starts_with('"'));
            if is_note && line.shape == Shape::Plain {
                notes.extend(self.note(*line));
                continue;
            }
            let is_applies = words
                .strip_prefix("applies ")
                .is_some_and(|rest| rest.trim_start().starts_with("when "));
            if is_applies && line.shape == Shape::Plain {
                let place = self.line_span(*line);
                let Some(pair) = self.read(Rule::case_line, *line) else {
                    continue;
                };
                let scope = self.scope(pair);
                if applies.is_some() {
                    self.twice(place, "applies when");
                }
                applies = scope;
            } else if reading.is_some() {
                if let Some(alternative) = self.alternative(*line) {
                    alternatives.push(alternative);
                }
            } else {
                rest.push(*line);
            }
        }
        if has_value && let Some(line) = rest.first() {
            let place = self.line_span(*line);
            self.error(
                Code::SyntaxError,
                place,
                "the header already gives the value",
                "remove `= …` from the header and write cases, or remove this line",
            );
        }
        let cases = self.cases(&rest);
        let mut define = define?;
        define.applies = applies;
        define.notes = notes;
        if let Some(reading) = reading {
            define.body = Body::Reading {
                reading,
                alternatives,
            };
        } else if !has_value {
            if cases.is_empty() && !self.failed {
                let place = self.line_span(header);
                self.error(
                    Code::SyntaxError,
                    place,
                    format!("`{}` has no value", define.name.text),
                    "write `= EXPRESSION`, or cases on indented lines: `VALUE when CONDITION`, `VALUE otherwise`",
                );
            }
            define.body = Body::Cases(cases);
        }
        Some(define)
    }

    /// `note "TEXT" when C`
    fn note(&mut self, line: Line) -> Option<(String, Option<Expr>)> {
        let mut inner = parts(self.read(Rule::note_line, line)?);
        let text = inner.next()?;
        let text = Self::text(&text);
        let condition = match inner.next() {
            Some(when) => Some(self.expr(when)?),
            None => None,
        };
        Some((text, condition))
    }

    fn scope(&mut self, pair: P<'t>) -> Option<Scope> {
        let mut tail = Tail::default();
        let mut scope = None;
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            let mut inner = parts(part);
            let condition = inner.next()?;
            let condition = self.expr(condition)?;
            let because = inner.next().and_then(Self::because);
            scope = Some((condition, because));
        }
        let (condition, because) = scope?;
        if tail.under.is_some() || tail.dates.span != Span::default() {
            self.error(
                Code::SyntaxError,
                condition.span,
                "`applies when` is neither dated nor under a reading",
                "put the date or the reading into a definition and name it here",
            );
        }
        Some(Scope {
            condition,
            because,
            cites: tail.cites,
        })
    }

    /// `when C` or `otherwise` at the end of a case.
    #[expect(clippy::option_option, reason = "a guard that is broken, and none")]
    fn guard(
        &mut self,
        pair: Option<P<'t>>,
        otherwise: &mut Option<Otherwise>,
    ) -> Option<Option<Expr>> {
        match pair {
            Some(pair) if pair.as_rule() == Rule::when => Some(Some(self.expr(pair)?)),
            Some(pair) => {
                *otherwise = Some(self.otherwise(pair)?);
                Some(None)
            }
            None => Some(None),
        }
    }

    /// `otherwise (a, b)`
    pub(super) fn otherwise(&mut self, pair: P<'t>) -> Option<Otherwise> {
        let span = self.span(&pair);
        let left = match parts(pair).next() {
            Some(arguments) => {
                let mut left = Vec::new();
                for value in parts(arguments) {
                    left.push(self.expr(value)?);
                }
                Some(left)
            }
            None => None,
        };
        Some(Otherwise { left, span })
    }

    /// Case lines; blocks in braces hold their own.
    fn cases(&mut self, lines: &[Line]) -> Vec<Case> {
        let mut outer: Vec<(Vec<Case>, Option<Case>)> = Vec::new();
        let mut cases: Vec<Case> = Vec::new();
        for line in lines {
            match line.shape {
                Shape::Opens => {
                    let case = self
                        .read(Rule::block_line, *line)
                        .and_then(|pair| self.case(pair, *line));
                    outer.push((std::mem::take(&mut cases), case));
                }
                Shape::Closes => {
                    if self.clean.get(line.start..line.end) != Some("}") {
                        let place = self.line_span(*line);
                        self.error(
                            Code::SyntaxError,
                            place,
                            "only `}` stands on the line that ends a block",
                            "move what follows to a line of its own",
                        );
                    }
                    let inner = std::mem::take(&mut cases);
                    let Some((before, block)) = outer.pop() else {
                        continue;
                    };
                    cases = before;
                    if let Some(mut block) = block {
                        if let CaseKind::Block { cases, .. } = &mut block.kind {
                            *cases = inner;
                        }
                        block.span = block.span.to(self.line_span(*line));
                        cases.push(block);
                    }
                }
                Shape::Plain => {
                    let case = self
                        .read(Rule::case_line, *line)
                        .and_then(|pair| self.case(pair, *line));
                    cases.extend(case);
                }
            }
        }
        cases
    }

    fn case(&mut self, pair: P<'t>, line: Line) -> Option<Case> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let mut kind = None;
        let mut otherwise = None;
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            let rule = part.as_rule();
            let place = self.span(&part);
            let mut inner = parts(part);
            let first = inner.next()?;
            kind = Some(match rule {
                Rule::block if line.shape == Shape::Opens => CaseKind::Block {
                    guard: self.expr(first)?,
                    cases: Vec::new(),
                },
                Rule::block => {
                    self.error(
                        Code::SyntaxError,
                        place,
                        "a block of cases begins with `{` at the end of this line",
                        "write `VALUE when CONDITION`, or `when CONDITION {` and close it with `}` on its own line",
                    );
                    return None;
                }
                Rule::not_applicable => {
                    let because = Self::because(first)?;
                    let guard = self.guard(inner.next(), &mut otherwise)?;
                    CaseKind::NotApplicable { because, guard }
                }
                Rule::case_value => {
                    let value = self.expr(first)?;
                    let guard = self.guard(inner.next(), &mut otherwise)?;
                    CaseKind::Value { value, guard }
                }
                _ => {
                    self.error(
                        Code::SyntaxError,
                        place,
                        "`applies when` stands on its own line in the body, not in a block",
                        "move it directly below the header",
                    );
                    return None;
                }
            });
        }
        Some(Case {
            kind: kind?,
            otherwise,
            under: tail.under,
            dates: tail.dates,
            cites: tail.cites,
            span,
        })
    }

    fn alternative(&mut self, line: Line) -> Option<Alternative> {
        let span = self.line_span(line);
        let mut inner = parts(self.read(Rule::alternative_line, line)?);
        let word = inner.next()?;
        let name = self.name(&word);
        let mut value = None;
        let mut gap = None;
        let mut cites = Vec::new();
        for part in inner {
            let place = self.span(&part);
            match part.as_rule() {
                Rule::cites => cites = self.names(part),
                Rule::because => {
                    // never holds, so the reason is always given
                    let literal = |literal| Expr {
                        kind: ExprKind::Literal(literal),
                        span: place,
                    };
                    value = Some(literal(Literal::None));
                    gap = Some((literal(Literal::Bool(false)), Self::because(part)?));
                }
                Rule::gap => {
                    let mut inner = parts(part);
                    let condition = self.expr(inner.next()?)?;
                    gap = Some((condition, Self::because(inner.next()?)?));
                }
                _ => value = Some(self.expr(part)?),
            }
        }
        Some(Alternative {
            name,
            value: value?,
            gap,
            cites,
            span,
        })
    }

    fn waiver(&mut self, header: Line, body: &[Line], cites: &mut Vec<Name>) -> Option<Waiver> {
        let mut waiver = None;
        if let Some(pair) = self.read(Rule::waiver_line, header) {
            let (name, label, tail, condition) = self.named_rule(pair)?;
            cites.extend(tail.cites);
            waiver = Some(Waiver {
                name,
                label,
                dates: tail.dates,
                condition,
                lifts: Vec::new(),
            });
        }
        let mut lifts = Vec::new();
        for line in body {
            let span = self.line_span(*line);
            let Some(pair) = self.read(Rule::waives_line, *line) else {
                continue;
            };
            let mut tail = Tail::default();
            let mut lift = (Vec::new(), Vec::new(), None);
            for part in parts(pair) {
                let Some(part) = self.tail(&mut tail, part) else {
                    continue;
                };
                match part.as_rule() {
                    Rule::rows => lift.0 = self.names(part),
                    Rule::words => lift.1 = self.names(part),
                    _ => lift.2 = Some(self.name(&part)),
                }
            }
            let (rows, tiers, grid) = lift;
            lifts.push(Lift {
                rows,
                tiers,
                grid,
                dates: tail.dates,
                cites: tail.cites,
                span,
            });
        }
        let mut waiver = waiver?;
        waiver.lifts = lifts;
        Some(waiver)
    }

    /// Name, label, dates and condition of a header; the target of an exception is read before.
    fn named_rule(&mut self, pair: P<'t>) -> Option<(Name, Option<String>, Tail, Option<Expr>)> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let name = self.name(&word);
        let mut label = None;
        let mut condition = None;
        let mut tail = Tail::default();
        for part in inner {
            let place = self.span(&part);
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            match part.as_rule() {
                Rule::text => {
                    let before = label.replace(Self::text(&part)).is_some();
                    self.once(place, "the label", before);
                }
                Rule::when => {
                    let before = condition.is_some();
                    condition = self.expr(part);
                    self.once(place, "when", before);
                }
                _ => {}
            }
        }
        Some((name, label, tail, condition))
    }

    fn grants(&mut self, header: Line, body: &[Line], cites: &mut Vec<Name>) -> Option<Grants> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::grants_line, header)?);
        let (word, grid) = (inner.next()?, inner.next()?);
        let mut grants = Grants {
            name: self.name(&word),
            grid: self.name(&grid),
            label: None,
        };
        for part in inner {
            match part.as_rule() {
                Rule::text => grants.label = Some(Self::text(&part)),
                _ => cites.extend(self.names(part)),
            }
        }
        Some(grants)
    }

    fn exception(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Exception> {
        let mut exception = None;
        if let Some(pair) = self.read(Rule::exception_line, header) {
            let target = pair
                .clone()
                .into_inner()
                .find(|part| part.as_rule() == Rule::target)?;
            let span = self.span(&target);
            let words: Vec<&str> = target.as_str().split_whitespace().collect();
            let target = Name {
                text: words.join(" ").replace('`', ""),
                span,
            };
            let (name, label, tail, condition) = self.named_rule(pair)?;
            cites.extend(tail.cites);
            exception = Some(Exception {
                name,
                target,
                label,
                dates: tail.dates,
                condition,
                use_value: None,
            });
        }
        let mut seen = false;
        let mut use_value = None;
        for line in body {
            let place = self.line_span(*line);
            let Some(pair) = self.read(Rule::exception_body, *line) else {
                continue;
            };
            if std::mem::replace(&mut seen, true) {
                self.twice(place, "what the exception does");
            }
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::use_value => {
                        use_value = parts(part).next().and_then(|value| self.expr(value))
                    }
                    Rule::cites => cites.extend(self.names(part)),
                    _ => {}
                }
            }
        }
        let mut exception = exception?;
        exception.use_value = use_value;
        if !seen && !self.failed {
            let place = self.line_span(header);
            self.error(
                Code::SyntaxError,
                place,
                "this exception does not say what holds instead",
                "write `use VALUE` or `does not apply` on an indented line",
            );
        }
        Some(exception)
    }

    fn prevails(&mut self, header: Line, body: &[Line], cites: &mut Vec<Name>) -> Option<Prevails> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::prevails_line, header)?);
        let (winner, loser) = (inner.next()?, inner.next()?);
        let because = Self::because(inner.next()?)?;
        if let Some(part) = inner.next() {
            cites.extend(self.names(part));
        }
        Some(Prevails {
            winner: self.name(&winner),
            loser: self.name(&loser),
            because,
        })
    }

    fn schedule(&mut self, header: Line, body: &[Line], cites: &mut Vec<Name>) -> Option<Schedule> {
        self.no_body(body);
        let mut inner = parts(self.read(Rule::schedule_line, header)?);
        let word = inner.next()?;
        let name = self.name(&word);
        let mut label = None;
        let mut rule = None;
        let mut except_years = Vec::new();
        let mut tail = Tail::default();
        for part in inner {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            match part.as_rule() {
                Rule::text => label = Some(Self::text(&part)),
                Rule::on_day => {
                    let mut inner = parts(part);
                    let day = inner.next()?;
                    let day = self.expr(day)?;
                    rule = Some(ScheduleRule::DayOfMonths(day, self.names(inner.next()?)));
                }
                Rule::in_months => {
                    rule = Some(ScheduleRule::Months(self.names(parts(part).next()?)))
                }
                Rule::every => {
                    let mut inner = parts(part);
                    let period = self.expr(inner.next()?)?;
                    rule = Some(ScheduleRule::Every(period, self.expr(inner.next()?)?));
                }
                _ => {
                    for year in parts(part) {
                        let span = self.span(&year);
                        let kind = ExprKind::Literal(self.literal(&year)?);
                        except_years.push(Expr { kind, span });
                    }
                }
            }
        }
        cites.extend(tail.cites);
        Some(Schedule {
            name,
            label,
            rule: rule?,
            dates: tail.dates,
            except_years,
        })
    }

    fn reading(&mut self, header: Line, body: &[Line], cites: &mut Vec<Name>) -> Option<Reading> {
        let mut reading = None;
        if let Some(pair) = self.read(Rule::reading_line, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let mut read = Reading {
                name: self.name(&word),
                label: None,
                alternatives: Vec::new(),
                chosen: Vec::new(),
            };
            for part in inner {
                match part.as_rule() {
                    Rule::text => read.label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            reading = Some(read);
        }
        let mut alternatives = Vec::new();
        let mut chosen = Vec::new();
        for line in body {
            let span = self.line_span(*line);
            let Some(pair) = self.read(Rule::reading_body, *line) else {
                continue;
            };
            let part = parts(pair).next()?;
            let is_choice = part.as_rule() == Rule::choice;
            let mut inner = parts(part);
            let word = inner.next()?;
            let name = self.name(&word);
            if is_choice {
                alternatives.push((name, inner.next().map(|text| Self::text(&text))));
                continue;
            }
            let mut tail = Tail::default();
            let mut because = String::new();
            for part in inner {
                if let Some(part) = self.tail(&mut tail, part) {
                    because = Self::because(part)?;
                }
            }
            chosen.push(Chosen {
                name,
                dates: tail.dates,
                because,
                span,
            });
        }
        let mut reading = reading?;
        reading.alternatives = alternatives;
        reading.chosen = chosen;
        Some(reading)
    }
}
