//! Changes to cells of grids and tables.

use super::{Collector, Edit, Operator};
use crate::source::Span;
use crate::syntax::ast::{
    Cell, CellKind, Column, Expr, ExprKind, Literal, Name, Table, TableCell, TableCellKind,
    TypeExpr, TypeKind,
};

/// Words that mean something else in a cell, so that a value of that name is written with its enumeration.
const WORDS_OF_CELLS: [&str; 7] = [
    "none",
    "yes",
    "no",
    "any",
    "otherwise",
    "mandatory",
    "preferred",
];

impl Collector<'_> {
    /// A row of a grid. An empty cell takes the value of the next cell of its row that asks something.
    pub(super) fn grid_cells(&mut self, cells: &[Cell]) {
        for (at, cell) in cells.iter().enumerate() {
            let after = cells.iter().cycle().skip(at + 1).take(cells.len());
            let mut asking = after.filter(|other| !matches!(other.kind, CellKind::NotRequired));
            let next = asking.next().map(|other| self.text(other.span));
            self.grid_cell(cell, next);
        }
    }

    /// A cell; `next` is what an empty one takes.
    pub(super) fn grid_cell(&mut self, cell: &Cell, next: Option<String>) {
        match &cell.kind {
            CellKind::NotRequired => {
                if let Some(next) = next {
                    self.change(Operator::NextCell, cell.span, next);
                }
                return;
            }
            CellKind::Mandatory => self.change(Operator::Level, cell.span, "preferred"),
            CellKind::Preferred(None) => self.change(Operator::Level, cell.span, "mandatory"),
            CellKind::Preferred(Some(value)) => {
                let text = self.text(value.span);
                self.change(Operator::Level, cell.span, text);
                self.value(value);
            }
            CellKind::Value(value) => {
                let text = format!("preferred {}", self.text(value.span));
                self.change(Operator::Level, cell.span, text);
                let in_enum = self.next_value(value, &[], None);
                let named = matches!(value.kind, ExprKind::Name(_));
                if let Some(next) = in_enum.or(next.filter(|_| named)) {
                    self.change(Operator::NextCell, value.span, next);
                }
                self.value(value);
            }
        }
        self.change(Operator::EmptyCell, cell.span, "-");
    }

    /// The rows of a table, cell by cell.
    pub(super) fn table_cells(&mut self, table: &Table) {
        for row in 0..table.rows.len() {
            let cells = table.rows.get(row).map_or(0, |row| row.cells.len());
            for column in 0..cells {
                self.table_cell(table, row, column);
            }
        }
    }

    fn table_cell(&mut self, table: &Table, row: usize, column: usize) {
        let at = |row: usize| table.rows.get(row).and_then(|row| row.cells.get(column));
        let Some(cell) = at(row) else { return };
        // Cells of one type: those of the column, and for headed columns those of the row too.
        let below = (1..table.rows.len()).filter_map(|step| at((row + step) % table.rows.len()));
        let headed = column >= table.columns.len();
        let beside = table.rows.get(row).map_or(&[][..], |row| &row.cells);
        let beside = beside.iter().skip(column + 1).filter(|_| headed);
        let others: Vec<&TableCell> = beside.chain(below).collect();
        let ty = match table.columns.get(column) {
            Some(Column::Output(_, ty)) => Some(ty),
            Some(Column::Input(_)) => None,
            None => match table.gives.as_slice() {
                [(_, ty)] => Some(ty),
                _ => None,
            },
        };
        match &cell.kind {
            TableCellKind::Dash => {
                let filled = others
                    .iter()
                    .find(|other| !matches!(other.kind, TableCellKind::Dash));
                if let Some(next) = filled.map(|other| self.text(other.span)) {
                    self.change(Operator::NextCell, cell.span, next);
                }
                return;
            }
            TableCellKind::Otherwise(_) | TableCellKind::NotApplicable(_) => {}
            TableCellKind::Values(values) => {
                let siblings: Vec<&str> = others.iter().flat_map(|cell| words_of(cell)).collect();
                for value in values {
                    if let Some(next) = self.next_value(value, &siblings, ty) {
                        self.change(Operator::NextCell, value.span, next);
                    } else if matches!(value.kind, ExprKind::Name(_)) && values.len() == 1 {
                        self.next_name(cell, &others);
                    }
                    self.value(value);
                }
            }
            TableCellKind::Tests(tests) => {
                let mut from = cell.span.start;
                for (_, value) in tests {
                    self.bound(cell.span, from, value);
                    from = value.span.end;
                }
            }
            TableCellKind::Range(low, high) => {
                self.value(low);
                self.value(high);
            }
        }
        self.change(Operator::EmptyCell, cell.span, "-");
    }

    /// A name that is no value of an enumeration takes what stands in the next cell with another text.
    fn next_name(&mut self, cell: &TableCell, others: &[&TableCell]) {
        let own = self.text(cell.span);
        let texts = others
            .iter()
            .filter(|other| matches!(other.kind, TableCellKind::Values(_)));
        let next = texts
            .map(|other| self.text(other.span))
            .find(|text| *text != own);
        if let Some(next) = next {
            self.change(Operator::NextCell, cell.span, next);
        }
    }

    /// `>= $100K`: the sign is the last word before the value.
    fn bound(&mut self, cell: Span, from: u32, value: &Expr) {
        let words = self.words(cell.file, from, value.span.start);
        let sign = self.clean(words);
        let length = match sign.rsplit_once(char::is_whitespace) {
            Some((head, "not")) if head.trim_end().ends_with("is") => {
                sign.len() - (head.trim_end().len() - 2)
            }
            Some((_, last)) => last.len(),
            None => sign.len(),
        };
        self.comparison(Span {
            start: words.end - length as u32,
            ..words
        });
        self.value(value);
    }

    /// The value that comes after one of an enumeration, the first after the last; `no` after `yes`.
    fn next_value(&self, value: &Expr, siblings: &[&str], ty: Option<&TypeExpr>) -> Option<String> {
        if let ExprKind::Literal(Literal::Bool(yes)) = &value.kind {
            return Some(if *yes { "no" } else { "yes" }.to_owned());
        }
        let (named, word) = word_of(value)?;
        let declared = named.or_else(|| type_name(ty?));
        let holds = |values: &[Name], word: &str| values.iter().any(|value| value.text == word);
        let fitting = self.enums.iter().filter(|item| {
            holds(&item.values, word) && declared.is_none_or(|name| item.name.text == name)
        });
        // Where several enumerations have the word, the one that most of the other cells are of.
        let item = fitting.max_by_key(|item| {
            let common = siblings.iter().filter(|word| holds(&item.values, word));
            common.count()
        })?;
        let at = item.values.iter().position(|value| value.text == word)?;
        let next = item.values.iter().cycle().nth(at + 1)?;
        if next.text == word {
            return None;
        }
        let qualified = named.is_some() || WORDS_OF_CELLS.contains(&next.text.as_str());
        Some(if qualified {
            format!("{}.{}", item.name.text, next.text)
        } else {
            next.text.clone()
        })
    }

    /// Where a reading is chosen: each other alternative.
    pub(super) fn chosen(&mut self, reading: &Name, chosen: &Name) {
        let known = self
            .readings
            .iter()
            .find(|known| known.name.text == reading.text);
        let alternatives: Vec<String> = known
            .into_iter()
            .flat_map(|known| &known.alternatives)
            .map(|(name, _)| name.text.clone())
            .filter(|name| *name != chosen.text)
            .collect();
        for text in alternatives {
            let span = chosen.span;
            let shown = (chosen.text.clone(), text.clone());
            self.change_as(Operator::Reading, span, shown, Edit { span, text });
        }
    }
}

/// A word, with the enumeration where it is written before it.
fn word_of(value: &Expr) -> Option<(Option<&str>, &str)> {
    if let ExprKind::Name(word) = &value.kind {
        return Some((None, word));
    }
    if let ExprKind::Access(inner, word) = &value.kind
        && let ExprKind::Name(named) = &inner.kind
    {
        return Some((Some(named), &word.text));
    }
    None
}

/// The bare words of a cell.
fn words_of(cell: &TableCell) -> Vec<&str> {
    let TableCellKind::Values(values) = &cell.kind else {
        return Vec::new();
    };
    let words = values.iter().filter_map(word_of);
    words.map(|(_, word)| word).collect()
}

/// The name of a type, without `or none`.
fn type_name(ty: &TypeExpr) -> Option<&str> {
    match &ty.kind {
        TypeKind::Named(name) => Some(&name.text),
        TypeKind::Optional(inner) => type_name(inner),
        TypeKind::List(_) | TypeKind::Set(_) | TypeKind::Record(_) => None,
    }
}
