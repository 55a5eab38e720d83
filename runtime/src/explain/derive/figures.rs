//! What was looked at and compared, with the names it goes by.

use super::{Derive, Found, holds, is_step};
use crate::eval::trace::Frame;
use crate::explain::{Figure, Holds, Read};
use crate::ir::{self, Cmp, NodeId, Op, Provision, Type};
use crate::value::{Outcome, Value};
use crate::words;

impl Derive<'_> {
    pub(super) fn fact(
        &mut self,
        id: ir::FactId,
        op: &Op,
        frame: &Frame,
        guard: Option<Holds>,
        found: &mut Found,
    ) {
        let Some(fact) = self.ir.facts.get(id as usize) else {
            return;
        };
        let ty = self
            .ir
            .nodes
            .get(frame.node as usize)
            .map_or(&fact.ty, |node| &node.ty);
        let said = words::outcome(self.ir, ty, &frame.outcome);
        let what = match op {
            Op::Recorded(_) => format!("{} recorded", called(&fact.label, &fact.name)),
            // What a rule asks for is not what it read: the fact may be known.
            Op::Missing(_) => format!("{} asked for", called(&fact.label, &fact.name)),
            _ => called(&fact.label, &fact.name),
        };
        let day = match fact.derived {
            Some(_) => frame.day,
            None => frame.day.min(frame.seen),
        };
        let read = Read {
            fact: fact.name.clone(),
            label: what.clone(),
            day: day.to_string(),
            words: said.clone(),
            cites: self.cite(&fact.cites),
        };
        if !matches!(op, Op::Missing(_)) && !found.facts.contains(&read) {
            found.facts.push(read);
        }
        if guard.is_some() || matches!(ty, Type::Bool) {
            let name = matches!(op, Op::Fact(_)).then(|| fact.name.clone());
            put(condition(frame, what, name, said), found);
        }
    }

    /// A condition with a name is told by it.
    pub(super) fn figure_of_step(
        &self,
        known: &Provision,
        frame: &Frame,
        guard: Option<Holds>,
        found: &mut Found,
    ) {
        let Some(node) = self.ir.nodes.get(frame.node as usize) else {
            return;
        };
        if guard.is_none() && !matches!(node.ty, Type::Bool) {
            return;
        }
        let what = called(&known.label, &known.name);
        let said = words::outcome(self.ir, &node.ty, &frame.outcome);
        put(
            condition(frame, what, Some(known.name.clone()), said),
            found,
        );
    }

    /// What was looked at to see whether it is there.
    pub(super) fn asked_for_none(&self, of: NodeId, frame: &Frame, found: &mut Found) {
        let mut reads = frame.reads.iter().filter_map(|read| self.frame(*read));
        let read = reads.find(|read| self.ir.bare(read.node) == self.ir.bare(of));
        let what = self.what(of);
        let Some((node, read)) = self.ir.nodes.get(of as usize).zip(read) else {
            return;
        };
        // A whole record is told by what is asked of its fields.
        let whole = matches!(crate::ir::plain(&node.ty), Type::Record(_));
        if what.is_empty() || (whole && read.outcome != Outcome::Known(Value::None)) {
            return;
        }
        let said = words::outcome(self.ir, &node.ty, &read.outcome);
        put(condition(frame, what, self.name_of(of), said), found);
    }

    /// What was looked for in a list.
    pub(super) fn looked_for(&self, list: NodeId, item: NodeId, frame: &Frame, found: &mut Found) {
        let mut reads = frame.reads.iter().filter_map(|read| self.frame(*read));
        let read = reads.find(|read| self.ir.bare(read.node) == self.ir.bare(item));
        let within = self.what(list);
        let Some((node, read)) = self.ir.nodes.get(item as usize).zip(read) else {
            return;
        };
        if within.is_empty() {
            return;
        }
        let item = words::outcome(self.ir, &node.ty, &read.outcome);
        let said = words::outcome(self.ir, &Type::Bool, &frame.outcome);
        put(
            condition(frame, format!("{item} in {within}"), None, said),
            found,
        );
    }

    pub(super) fn compared(
        &self,
        cmp: Cmp,
        a: NodeId,
        b: NodeId,
        frame: &Frame,
        found: &mut Found,
    ) {
        let read = |node: NodeId| {
            let mut reads = frame.reads.iter().filter_map(|read| self.frame(*read));
            reads.find(|read| read.node == node)
        };
        let (Some(left), Some(right)) = (read(a), read(b)) else {
            return;
        };
        let said = |node: NodeId, frame: &Frame| {
            let ty = self
                .ir
                .nodes
                .get(node as usize)
                .map_or(&Type::Bool, |node| &node.ty);
            words::outcome(self.ir, ty, &frame.outcome)
        };
        let figure = Figure {
            day: frame.day.to_string(),
            what: self.what(a),
            name: self.name_of(a),
            is: said(a, left),
            test: cmp.sign().to_owned(),
            with: self.what(b),
            with_name: self.name_of(b),
            holds: holds(&frame.outcome),
            against: said(b, right),
        };
        // Two values nobody has a name for say nothing.
        if !(figure.what.is_empty() && figure.with.is_empty()) {
            put(figure, found);
        }
    }

    /// The fact or definition a node is.
    pub(super) fn name_of(&self, node: NodeId) -> Option<String> {
        let mut at = node;
        loop {
            match self.op(at)? {
                Op::Provision { provision, body } => {
                    match self.ir.provisions.get(*provision as usize) {
                        Some(known) if is_step(known) => return Some(known.name.clone()),
                        _ => at = *body,
                    }
                }
                Op::Fact(id) => return Some(self.ir.facts.get(*id as usize)?.name.clone()),
                _ => return None,
            }
        }
    }

    /// What a node is called.
    pub(super) fn what(&self, node: NodeId) -> String {
        let mut at = node;
        loop {
            match self.op(at) {
                Some(Op::Provision { provision, body }) => {
                    match self.ir.provisions.get(*provision as usize) {
                        Some(known) if is_step(known) => return called(&known.label, &known.name),
                        _ => at = *body,
                    }
                }
                Some(Op::Fact(id)) => {
                    let fact = self.ir.facts.get(*id as usize);
                    return fact
                        .map(|fact| called(&fact.label, &fact.name))
                        .unwrap_or_default();
                }
                Some(Op::Field(record, field)) => {
                    let ty = self.ir.nodes.get(*record as usize).map(|node| &node.ty);
                    let Some(Type::Record(id)) = ty.map(crate::ir::plain) else {
                        return String::new();
                    };
                    let record_type = self.ir.records.get(*id as usize);
                    let field = record_type.and_then(|record| record.fields.get(*field as usize));
                    let field = field
                        .map(|field| words::spoken(&field.name))
                        .unwrap_or_default();
                    return match self.bare_op(*record) {
                        Some(Op::Item(_)) => field,
                        _ => match self.what(*record) {
                            whole if whole.is_empty() => field,
                            whole => format!("{whole}, {field}"),
                        },
                    };
                }
                Some(Op::AsOf) => return "the day".to_owned(),
                Some(Op::Count(list)) => {
                    return match self.what(*list) {
                        of if of.is_empty() => of,
                        of => format!("number of {of}"),
                    };
                }
                _ => return String::new(),
            }
        }
    }
}

/// A label, or else the name as it is spoken.
fn called(label: &str, name: &str) -> String {
    if label.is_empty() {
        words::spoken(name)
    } else {
        label.to_owned()
    }
}

/// A condition or value that was read, compared with nothing.
fn condition(frame: &Frame, what: String, name: Option<String>, is: String) -> Figure {
    Figure {
        day: frame.day.to_string(),
        what,
        name,
        is,
        test: String::new(),
        with: String::new(),
        with_name: None,
        holds: Holds::Yes,
        against: String::new(),
    }
}

/// Puts a figure with the part that is being read.
fn put(figure: Figure, found: &mut Found) {
    let list = match found
        .inside
        .last()
        .and_then(|part| found.parts.get_mut(*part))
    {
        Some(part) => &mut part.figures,
        None => &mut found.figures,
    };
    if !list.contains(&figure) {
        list.push(figure);
    }
}
