//! Names of rows, compared as texts: `rows of` yields the names of some rows, and a name that is none of them
//! is never there.

use super::Elaborator;
use super::applicable::lists_of_items;
use crate::diagnostics::{Code, Diagnostic, nearest};
use crate::source::Span;
use indexmap::{IndexMap, IndexSet};
use polc_runtime::ir::{self, Const, NodeId, Op};

/// What was met so far.
#[derive(Debug, Default)]
pub(super) struct RowNames {
    /// The lists that `rows of` makes, with the name of the grid.
    lists: IndexMap<NodeId, String>,
    /// Two texts, or a text and a list, that are compared, and where.
    compared: Vec<(NodeId, NodeId, Span)>,
}

impl RowNames {
    /// Remembers a list that `rows of` makes.
    pub(super) fn list(&mut self, node: NodeId, grid: &str) {
        self.lists.insert(node, grid.to_owned());
    }

    /// Remembers a comparison.
    pub(super) fn compared(&mut self, a: NodeId, b: NodeId, span: Span) {
        self.compared.push((a, b, span));
    }
}

/// Every text that a value or the items of a list can be.
#[derive(Debug, Default, Clone)]
struct Texts {
    all: IndexSet<String>,
    /// The grid whose rows they are the names of.
    grid: Option<String>,
}

impl Texts {
    fn join(mut self, other: Texts) -> Texts {
        self.all.extend(other.all);
        self.grid = self.grid.or(other.grid);
        self
    }
}

impl Elaborator<'_, '_> {
    /// Warns of texts that are compared with names of rows and are none.
    pub(super) fn row_names(&mut self) {
        let seen = std::mem::take(&mut self.row_names);
        if seen.lists.is_empty() {
            return;
        }
        let found = Finder {
            nodes: &self.builder.nodes,
            lists: &seen.lists,
            items: lists_of_items(&self.builder.nodes),
        };
        let mut findings: Vec<Diagnostic> = Vec::new();
        for (a, b, span) in seen.compared {
            let (Some(a), Some(b)) = (found.texts(a), found.texts(b)) else {
                continue;
            };
            let (rows, other) = match (&a.grid, &b.grid) {
                (Some(_), None) => (a, b),
                (None, Some(_)) => (b, a),
                (Some(_), Some(_)) if a.all.is_disjoint(&b.all) => (a, b),
                _ => continue,
            };
            let missing = other.all.iter().filter(|name| !rows.all.contains(*name));
            let missing: Vec<&String> = missing.collect();
            let grid = rows.grid.unwrap_or_default();
            findings.extend(finding(&missing, &rows.all, &grid, span));
        }
        findings
            .into_iter()
            .for_each(|finding| self.diagnostics.push(finding));
    }
}

fn finding(
    missing: &[&String],
    rows: &IndexSet<String>,
    grid: &str,
    span: Span,
) -> Option<Diagnostic> {
    let first = missing.first()?;
    let list: Vec<String> = missing.iter().map(|name| format!("\"{name}\"")).collect();
    let (is, never) = match missing.len() {
        1 => ("is", "this name never comes"),
        _ => ("are", "these names never come"),
    };
    let help = match (first.split_once('.'), nearest(first, rows)) {
        (Some((group, _)), _) if rows.contains(group) => {
            format!("its rows count through their group, `{group}`: `rows of` gives that name")
        }
        (_, Some(near)) => format!("did you mean \"{near}\"?"),
        _ => {
            let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
            format!("the rows are {}", rows.join(", "))
        }
    };
    let message = format!(
        "{} {is} never among these rows of `{grid}`",
        list.join(", ")
    );
    Some(
        Diagnostic::new(Code::NameNeverThere, span, message)
            .at(never)
            .help(help),
    )
}

struct Finder<'n> {
    nodes: &'n [ir::Node],
    lists: &'n IndexMap<NodeId, String>,
    items: IndexMap<ir::BinderId, NodeId>,
}

impl Finder<'_> {
    /// The texts a node can be; none where that is not known. Nodes are looked into with a list of what is left,
    /// for chains of definitions may be long.
    fn texts(&self, node: NodeId) -> Option<Texts> {
        let mut found = Texts::default();
        let (mut todo, mut seen) = (vec![node], IndexSet::new());
        while let Some(id) = todo.pop() {
            if !seen.insert(id) {
                continue;
            }
            if let Some(grid) = self.lists.get(&id) {
                found.grid = Some(grid.clone());
            }
            let op = &self.nodes.get(id as usize)?.op;
            if let Op::Const(value) = op {
                found = found.join(constant(value)?);
            } else {
                todo.extend(self.passed_on(op)?);
            }
        }
        Some(found)
    }

    /// The nodes whose values, or items, an operation passes on; none where it makes values of its own.
    fn passed_on(&self, op: &Op) -> Option<Vec<NodeId>> {
        let values = |rows: &[(NodeId, NodeId)]| rows.iter().map(|(_, value)| *value).collect();
        if let Op::ListWhere(rows) | Op::EveryRow(rows) = op {
            Some(values(rows))
        } else if let Op::Cases { cases, otherwise } = op {
            let mut all: Vec<NodeId> = values(cases);
            all.extend(otherwise);
            Some(all)
        } else if let Op::Item(binder) = op {
            self.items.get(binder).map(|list| vec![*list])
        } else if let Op::Concat(a, b) | Op::OrElse(a, b) = op {
            Some(vec![*a, *b])
        } else if let Op::Filter { list: one, .. }
        | Op::Sort { list: one, .. }
        | Op::Distinct(one)
        | Op::First(one)
        | Op::Last(one)
        | Op::Only(one)
        | Op::Map { body: one, .. }
        | Op::Provision { body: one, .. }
        | Op::Scope { body: one, .. }
        | Op::Call { body: one, .. }
        | Op::Note { body: one, .. }
        | Op::AtDate { body: one, .. } = op
        {
            Some(vec![*one])
        } else {
            matches!(op, Op::NotApplicable(_)).then(Vec::new)
        }
    }
}

/// The texts of a constant.
fn constant(value: &Const) -> Option<Texts> {
    let mut found = Texts::default();
    match value {
        Const::Text(text) => {
            found.all.insert(text.clone());
        }
        Const::List(values) => {
            for value in values {
                found = found.join(constant(value)?);
            }
        }
        Const::None => {}
        Const::Bool(_) | Const::Number(_) | Const::Date(_) | Const::Enum(_) => return None,
    }
    Some(found)
}
