//! Words → what they mean, and from that what each declaration reads.
//!
//! What depends on types is left to the elaborator, which takes it down in the same table: values of enumerations
//! that stand alone, and fields.

mod said;

use super::references::{Meaning, References};
use super::{SymbolId, SymbolKind, Symbols};
use crate::source::Span;
use crate::syntax::ast::{self, Expr, ExprKind, Name, Part};

/// What one declaration reads.
#[derive(Debug, Default, Clone)]
pub(super) struct Reads {
    /// Names that stand for the declaration whatever the types are.
    pub(super) certain: Vec<SymbolId>,
    /// Words that are values of some enumeration or fields of some record as well: where these are wanted, they are
    /// no reference.
    pub(super) perhaps: Vec<SymbolId>,
}

impl Reads {
    fn certain(&mut self, id: SymbolId) {
        if !self.certain.contains(&id) {
            self.certain.push(id);
        }
    }
}

/// Resolves every word that needs no types; gives the table and what each named declaration reads.
pub(super) fn resolve<'a>(
    files: &'a [ast::File],
    symbols: &Symbols<'a>,
) -> (References, Vec<Reads>) {
    let mut resolver = Resolver {
        symbols,
        table: References::new(symbols),
        items: Vec::new(),
        reads: None,
    };
    let mut all = Vec::with_capacity(symbols.list.len());
    for (id, symbol) in symbols.list.iter().enumerate() {
        resolver.reads = Some(Reads::default());
        resolver.declaration(symbol.declaration);
        resolver.changes(symbol.name);
        resolver.structure(id, symbol.kind);
        all.extend(resolver.reads.take());
    }
    for declaration in files.iter().flat_map(|file| &file.declarations) {
        if is_unnamed(&declaration.kind) {
            resolver.declaration(declaration);
        }
    }
    (resolver.table, all)
}

/// Whether it stands beside the named declarations; amendments are part of what they change.
fn is_unnamed(kind: &ast::DeclarationKind) -> bool {
    matches!(
        kind,
        ast::DeclarationKind::Program(_)
            | ast::DeclarationKind::Module(_)
            | ast::DeclarationKind::Source(_)
            | ast::DeclarationKind::Enum(_)
            | ast::DeclarationKind::Record(_)
            | ast::DeclarationKind::Prevails(_)
            | ast::DeclarationKind::Reading(_)
            | ast::DeclarationKind::Tests(_)
    )
}

struct Resolver<'s, 'a> {
    symbols: &'s Symbols<'a>,
    table: References,
    /// Items that have a name here; they hide declarations of that name.
    items: Vec<&'a Name>,
    /// What the declaration being resolved reads; none where nothing is read.
    reads: Option<Reads>,
}

impl<'a> Resolver<'_, 'a> {
    fn certain(&mut self, id: SymbolId) {
        if let Some(reads) = &mut self.reads {
            reads.certain(id);
        }
    }

    fn perhaps(&mut self, id: SymbolId) {
        if let Some(reads) = &mut self.reads
            && !reads.perhaps.contains(&id)
        {
            reads.perhaps.push(id);
        }
    }

    /// A name that only a declaration can be; it is read here.
    fn declared(&mut self, name: &str, span: Span) {
        if let Some(id) = self.symbols.by_name.get(name) {
            self.table.put(span, Meaning::Symbol(*id));
            self.certain(*id);
        }
    }

    /// A name that only a declaration can be; naming it reads nothing.
    fn named(&mut self, name: &str, span: Span) {
        if let Some(id) = self.symbols.by_name.get(name) {
            self.table.put(span, Meaning::Symbol(*id));
        }
    }

    /// A bare word in an expression.
    fn word(&mut self, word: &str, span: Span) {
        let mut items = self.items.iter().rev();
        if let Some(item) = items.find(|item| item.text == word) {
            self.table.put(span, Meaning::Item(item.span));
            return;
        }
        if matches!(word, "as_of" | "cell") {
            self.table.put(span, Meaning::BuiltIn);
            return;
        }
        let Some(id) = self.symbols.by_name.get(word).copied() else {
            if word == "it" {
                self.table.put(span, Meaning::BuiltIn);
            } else if let Some(meaning) = self.enumeration(word) {
                self.table.put(span, meaning);
            }
            return;
        };
        self.table.put(span, Meaning::Symbol(id));
        match self.symbols.list.get(id).map(|symbol| symbol.kind) {
            // These have no value; that they stand here is a mistake of its own.
            Some(
                SymbolKind::Requirements(_)
                | SymbolKind::Waiver(_)
                | SymbolKind::Exception(_)
                | SymbolKind::Schedule(_),
            )
            | None => {}
            Some(_) if self.symbols.values.contains(word) => self.perhaps(id),
            Some(_) => self.certain(id),
        }
    }

    /// What a declaration reads by what it is: its exceptions, and the waivers that lift its cells.
    fn structure(&mut self, id: SymbolId, kind: SymbolKind<'a>) {
        let symbols = self.symbols;
        if matches!(
            kind,
            SymbolKind::Value(_)
                | SymbolKind::Define(_)
                | SymbolKind::Table(_)
                | SymbolKind::Requirements(_)
                | SymbolKind::Waiver(_)
                | SymbolKind::Schedule(_)
        ) {
            let all = symbols.exceptions.get(&id).into_iter().flatten();
            all.for_each(|one| self.certain(one.exception));
        }
        let SymbolKind::Requirements(grid) = kind else {
            return;
        };
        let (rows, tiers) = (symbols.rows_of(grid), symbols.tiers_of(grid));
        for (id, symbol) in symbols.list.iter().enumerate() {
            let SymbolKind::Waiver(waiver) = symbol.kind else {
                continue;
            };
            let here = |lift: &ast::Lift| match &lift.grid {
                Some(name) => name.text == grid.name.text,
                None => {
                    lift.rows.iter().any(|row| rows.contains(&&*row.text))
                        && lift.tiers.iter().any(|tier| tiers.contains(&&*tier.text))
                }
            };
            if waiver.lifts.iter().any(here) {
                self.certain(id);
            }
        }
    }

    /// What `amend` writes into a grid or table is part of it.
    fn changes(&mut self, target: &Name) {
        let symbols = self.symbols;
        for (_, declaration) in symbols.amends_of(&target.text) {
            self.declaration(declaration);
        }
    }

    fn declaration(&mut self, declaration: &'a ast::Declaration) {
        self.names(&declaration.kind);
        self.cites(&declaration.cites);
        let outside = self.items.len();
        self.items
            .extend(self.symbols.items_around(&declaration.kind));
        declaration.kind.each_part(&mut |items, part| {
            let depth = self.items.len();
            self.items.extend(items);
            match part {
                Part::Expr(expr) => self.expr(expr),
                Part::Written(expr) => {
                    let reads = self.reads.take();
                    self.expr(expr);
                    self.reads = reads;
                }
                Part::Type(ty) => self.ty(ty),
                Part::Cites(cites) => self.cites(cites),
                Part::Under((reading, alternative)) => {
                    self.reading(reading, std::iter::once(alternative));
                }
            }
            self.items.truncate(depth);
        });
        self.items.truncate(outside);
    }

    fn cites(&mut self, cites: &[Name]) {
        for cite in cites {
            if let Some(at) = self.symbols.clauses.get_index_of(&cite.text) {
                self.table.put(cite.span, Meaning::Clause(at));
            }
        }
    }

    fn reading<'n>(&mut self, name: &Name, alternatives: impl Iterator<Item = &'n Name>) {
        let symbols = self.symbols;
        let Some((at, _, (reading, _))) = symbols.readings.get_full(name.text.as_str()) else {
            return;
        };
        self.table.put(name.span, Meaning::Reading(at));
        let known = || reading.alternatives.iter().map(|(name, _)| name);
        for alternative in alternatives {
            self.one_of(alternative, known(), Meaning::Alternative);
        }
    }

    fn ty(&mut self, ty: &ast::TypeExpr) {
        match &ty.kind {
            ast::TypeKind::Named(name) => self.type_name(name),
            ast::TypeKind::List(inner)
            | ast::TypeKind::Set(inner)
            | ast::TypeKind::Optional(inner) => self.ty(inner),
            ast::TypeKind::Record(fields) => {
                for (name, ty) in fields {
                    self.table.declare(name.span, Meaning::Field(name.span));
                    self.ty(ty);
                }
            }
        }
    }

    fn enumeration(&self, word: &str) -> Option<Meaning> {
        match word {
            "CellResult" => Some(Meaning::CellResults),
            "DutyState" => Some(Meaning::DutyStates),
            _ => match self.symbols.enums.get_index_of(word) {
                Some(at) => Some(Meaning::Enum(at)),
                None => (word == "Weekday").then_some(Meaning::Weekdays),
            },
        }
    }

    fn type_name(&mut self, name: &Name) {
        let word = name.text.as_str();
        let meaning = if super::BUILT_IN_TYPES.contains(&word) {
            Some(Meaning::BuiltIn)
        } else if let Some(meaning) = self.enumeration(word) {
            Some(meaning)
        } else {
            self.symbols.records.get_index_of(word).map(Meaning::Record)
        };
        if let Some(meaning) = meaning {
            self.table.put(name.span, meaning);
        }
    }

    /// Where a list is wanted the name of an enumeration is the list of its values.
    fn list(&mut self, list: &'a Expr) {
        match list.word().filter(|word| self.symbols.is_enum(word)) {
            Some(word) => {
                if let Some(meaning) = self.enumeration(word) {
                    self.table.put(list.span, meaning);
                }
            }
            None => self.expr(list),
        }
    }

    fn with(&mut self, item: Option<&'a Name>, body: impl FnOnce(&mut Self)) {
        let depth = self.items.len();
        if let Some(item) = item {
            self.table.declare(item.span, Meaning::Item(item.span));
        }
        self.items.extend(item);
        body(self);
        self.items.truncate(depth);
    }

    /// Nesting is capped by the parser, so recursion here is bounded.
    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Name(word) => self.word(word, expr.span),
            ExprKind::Access(inner, field) => self.access(inner, field),
            ExprKind::ItemField(field) => self.rule_of_record(field),
            ExprKind::Call(rule, arguments) => self.call(rule, arguments),
            ExprKind::In { item, list, .. } => {
                self.expr(item);
                self.listed(list);
            }
            ExprKind::Quantified {
                kind,
                list,
                item,
                condition,
            } => {
                kind.count().into_iter().for_each(|count| self.expr(count));
                self.list(list);
                self.with(item.as_ref(), |this| {
                    condition.iter().for_each(|condition| this.expr(condition));
                });
            }
            ExprKind::ForEach { .. } => self.for_each(expr),
            ExprKind::Aggregate(_, list) => self.list(list),
            ExprKind::Where { list, .. }
            | ExprKind::Sort { list, .. }
            | ExprKind::GroupBy { list, .. }
            | ExprKind::Pick { list, .. } => {
                self.list(list);
                expr.each_part(&mut |part| {
                    if !std::ptr::eq(part, list.as_ref()) {
                        self.expr(part);
                    }
                });
            }
            // `needs FACT` asks for the fact; it does not read it.
            ExprKind::Missing(fact) => self.named(&fact.text, fact.span),
            ExprKind::NextOn(name, day) | ExprKind::PreviousBefore(name, day) => {
                self.declared(&name.text, name.span);
                self.expr(day);
            }
            ExprKind::HighestMeeting { scale, grid, stage } => {
                self.type_name(scale);
                self.declared(&grid.text, grid.span);
                stage.iter().for_each(|stage| self.stage(&grid.text, stage));
            }
            ExprKind::RowsOf {
                grid,
                tier,
                results,
                otherwise,
                ..
            } => {
                self.declared(&grid.text, grid.span);
                self.results(results.iter().chain(otherwise));
                self.expr(tier);
            }
            ExprKind::ResultOf { grid, row, tier } => {
                self.result_of(grid.as_ref(), row);
                self.expr(tier);
            }
            ExprKind::Literal(_)
            | ExprKind::Not(_)
            | ExprKind::Negate(_)
            | ExprKind::Binary(..)
            | ExprKind::Compare(..)
            | ExprKind::IsNone(..)
            | ExprKind::IsApplicable(..)
            | ExprKind::Within { .. }
            | ExprKind::Recorded(..)
            | ExprKind::Period { .. }
            | ExprKind::Overlaps(..)
            | ExprKind::Overlap(..)
            | ExprKind::DaysOf(_)
            | ExprKind::OrElse(..)
            | ExprKind::If(..)
            | ExprKind::Group(..)
            | ExprKind::Concat(..)
            | ExprKind::Record(_)
            | ExprKind::List(_)
            | ExprKind::ListWhere(_)
            | ExprKind::Round(..)
            | ExprKind::Boundary(..)
            | ExprKind::DaysBetween(..)
            | ExprKind::MonthsBetween(..)
            | ExprKind::Operation(..)
            | ExprKind::Extreme(..)
            | ExprKind::AsOf(..)
            | ExprKind::Ever { .. } => expr.each_part(&mut |part| self.expr(part)),
        }
    }

    /// Words for what rows come to.
    fn results<'n>(&mut self, results: impl Iterator<Item = &'n Name>) {
        for result in results {
            self.table.put(result.span, Meaning::BuiltIn);
        }
    }

    fn call(&mut self, rule: &Name, arguments: &'a [Expr]) {
        self.declared(&rule.text, rule.span);
        arguments.iter().for_each(|argument| self.expr(argument));
    }

    /// A field may be a rule of its record: types tell.
    fn rule_of_record(&mut self, field: &Name) {
        if let Some(id) = self.symbols.by_name.get(field.text.as_str()).copied()
            && self.symbols.takes(id).is_some_and(|takes| takes.of_record)
        {
            self.perhaps(id);
        }
    }

    /// `for each x numbered i in L with a = V where C give E`: the place is one of those that pass the filter.
    fn for_each(&mut self, expr: &'a Expr) {
        let ExprKind::ForEach {
            item,
            place,
            list,
            locals,
            filter,
            body,
        } = &expr.kind
        else {
            return;
        };
        self.list(list);
        self.with(Some(item), |this| {
            let depth = this.items.len();
            for (name, value) in locals {
                this.expr(value);
                this.table.declare(name.span, Meaning::Item(name.span));
                this.items.push(name);
            }
            filter.iter().for_each(|filter| this.expr(filter));
            this.with(place.as_ref(), |this| this.expr(body));
            this.items.truncate(depth);
        });
    }

    /// `x.field`; `Tier.gold` is a value.
    fn access(&mut self, inner: &'a Expr, field: &'a Name) {
        self.rule_of_record(field);
        let symbols = self.symbols;
        let Some(word) = inner.word().filter(|word| symbols.is_enum(word)) else {
            return self.expr(inner);
        };
        if let Some(meaning) = self.enumeration(word) {
            self.table.put(inner.span, meaning);
        }
        match symbols.enums.get(word) {
            Some((item, _)) => self.one_of(field, item.values.iter(), Meaning::Value),
            None => self.table.put(field.span, Meaning::BuiltIn),
        }
    }

    /// What `in` looks into: a list, or the days of a schedule.
    fn listed(&mut self, list: &'a Expr) {
        match list.word().filter(|word| self.is_schedule(word)) {
            Some(schedule) => self.declared(schedule, list.span),
            None => self.expr(list),
        }
    }

    /// The row that `result of` names, and the grid it is in where nothing says it.
    fn result_of(&mut self, grid: Option<&'a Name>, row: &'a Name) {
        match (grid, self.symbols.grids_with(&row.text).as_slice()) {
            (Some(grid), _) => {
                self.declared(&grid.text, grid.span);
                self.row(Some(grid), row);
            }
            (None, [only]) => {
                if let Some(id) = self.symbols.by_name.get(only.name.text.as_str()) {
                    self.certain(*id);
                }
                self.row(Some(&only.name), row);
            }
            (None, _) => {}
        }
    }

    fn is_schedule(&self, word: &str) -> bool {
        let symbol = self.symbols.get(word);
        matches!(
            symbol.map(|symbol| symbol.kind),
            Some(SymbolKind::Schedule(_))
        )
    }

    /// A word that is one of some names.
    fn one_of<'n>(
        &mut self,
        word: &Name,
        mut known: impl Iterator<Item = &'n Name>,
        meaning: impl FnOnce(Span) -> Meaning,
    ) {
        if let Some(found) = known.find(|known| known.text == word.text) {
            self.table.put(word.span, meaning(found.span));
        }
    }

    /// The names of a grid's rows, those that `amend` adds too.
    fn rows(&self, grid: Option<&Name>) -> Vec<&'a Name> {
        let symbols = self.symbols;
        let mut rows = Vec::new();
        let here = |name: &Name| grid.is_none_or(|grid| grid.text == name.text);
        for known in symbols.grids().into_iter().filter(|grid| here(&grid.name)) {
            rows.extend(known.rows.iter().map(|row| &row.name));
        }
        for symbol in &symbols.list {
            if let SymbolKind::Table(table) = symbol.kind
                && grid.is_some_and(|grid| grid.text == table.name.text)
            {
                rows.extend(table.rows.iter().filter_map(|row| row.name.as_ref()));
            }
        }
        for (amend, _) in symbols
            .amends
            .iter()
            .filter(|(amend, _)| here(&amend.target))
        {
            for change in &amend.changes {
                if let ast::ChangeKind::AddRow(row) = &change.kind {
                    rows.push(&row.name);
                }
            }
        }
        rows
    }

    fn row(&mut self, grid: Option<&Name>, row: &Name) {
        let rows = self.rows(grid);
        self.one_of(row, rows.into_iter(), Meaning::Row);
    }

    fn stage(&mut self, grid: &str, stage: &Name) {
        let symbols = self.symbols;
        let Some(SymbolKind::Requirements(grid)) = symbols.get(grid).map(|symbol| symbol.kind)
        else {
            return;
        };
        let stages = grid.rows.iter().filter_map(|row| row.stage.as_ref());
        self.one_of(stage, stages, Meaning::Stage);
    }

    /// A tier of the scale of a grid, or of any.
    fn tier(&mut self, grid: Option<&Name>, tier: &Name) {
        let symbols = self.symbols;
        let grids = symbols.grids().into_iter();
        let grids = grids.filter(|known| grid.is_none_or(|grid| grid.text == known.name.text));
        let scales = grids.filter_map(|grid| symbols.enums.get(grid.scale.text.as_str()));
        let values = scales.flat_map(|(scale, _)| &scale.values);
        self.one_of(tier, values, Meaning::Value);
    }
}
