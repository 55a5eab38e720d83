//! What an evaluation read, kept while somebody asks why: one frame for each outcome, with the frames it was made from.
//!
//! A frame stands for a node on one day with the items it reads. It is kept once, however often it is read, so
//! that frames form a graph without circles. Working out on which days something may change is no reading.

use super::{Evaluation, Moment, Place};
use crate::ir::{BinderId, NodeId, Op, ProvisionKind};
use crate::value::{Date, Outcome};
use std::collections::HashMap;

/// Index of a frame in [`Trace::frames`].
pub(crate) type FrameId = usize;

/// Stands below what is evaluated apart from whoever will read it.
const APART: FrameId = FrameId::MAX;

/// One outcome and what it was made from.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    /// The node.
    pub(crate) node: NodeId,
    /// The day it was read for; the day of the evaluation where it is the same on every day.
    pub(crate) day: Date,
    /// The day up to which it saw what has happened, where that is earlier.
    pub(crate) seen: Date,
    /// The items of enclosing lists that it reads.
    pub(crate) items: Vec<(BinderId, Outcome)>,
    /// What it came to.
    pub(crate) outcome: Outcome,
    /// What was read for it, in order, each once.
    pub(crate) reads: Vec<FrameId>,
    /// The lines a lifecycle took: number and day.
    pub(crate) taken: Vec<(u32, Outcome)>,
}

/// Where an outcome belongs: the node, the day where it matters, the stamp of its items.
type Key = (NodeId, Option<Moment>, u64);

/// The frames of one evaluation.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    pub(crate) frames: Vec<Frame>,
    open: Vec<FrameId>,
    known: HashMap<Key, FrameId>,
    paused: u32,
}

impl Trace {
    /// The frame of a node that is the same every day, or on the day of the evaluation.
    pub(crate) fn of(&self, node: NodeId) -> Option<FrameId> {
        self.known.get(&(node, None, 0)).copied()
    }

    fn read(&mut self, frame: FrameId) {
        if let Some(reader) = self.open.last()
            && let Some(reader) = self.frames.get_mut(*reader)
            && !reader.reads.contains(&frame)
        {
            reader.reads.push(frame);
        }
    }
}

impl Evaluation<'_> {
    /// Keeps from now on what is read.
    pub(crate) fn keep_trace(&mut self) {
        self.trace = Some(Trace::default());
    }

    /// What was read.
    pub(crate) fn trace(&self) -> Option<&Trace> {
        self.trace.as_ref()
    }

    fn key(&self, id: NodeId, place: &Place) -> Key {
        match place {
            Place::Main => (id, None, 0),
            Place::Other => (id, Some(self.now), 0),
            Place::Local(stamp) => (id, None, *stamp),
        }
    }

    /// Whether what is read is kept now.
    pub(super) fn is_traced(&self) -> bool {
        self.trace.as_ref().is_some_and(|trace| trace.paused == 0)
    }

    /// Whether all of a conjunction is read though one part decides it: whoever asks why a tier is missed wants to know
    /// everything that it lacks.
    pub(super) fn tells_every(&self, parts: &[NodeId]) -> bool {
        let program = self.ir();
        self.is_traced()
            && parts.iter().any(|part| {
                let node = program.nodes.get(*part as usize);
                let Some(Op::Provision { provision, .. }) = node.map(|node| &node.op) else {
                    return false;
                };
                let known = program.provisions.get(*provision as usize);
                known.is_some_and(|known| known.kind == ProvisionKind::Cell)
            })
    }

    /// The outcome of what was read before, which is read again.
    pub(super) fn read_again(&mut self, id: NodeId, place: &Place) -> Option<Outcome> {
        let key = self.key(id, place);
        let trace = self.trace.as_mut()?;
        let frame = *trace.known.get(&key)?;
        trace.read(frame);
        Some(trace.frames.get(frame)?.outcome.clone())
    }

    /// Begins a frame.
    pub(super) fn open_frame(&mut self, id: NodeId, free: &[BinderId], dated: bool) {
        let of = if dated { self.now } else { self.outer };
        let (day, seen) = (of.today, of.seen);
        let items = free.iter().filter_map(|binder| {
            let item = self.items.get(*binder as usize)?.as_ref()?;
            Some((*binder, item.0.clone()))
        });
        let items = items.collect();
        let Some(trace) = self.trace.as_mut() else {
            return;
        };
        trace.open.push(trace.frames.len());
        trace.frames.push(Frame {
            node: id,
            day,
            seen,
            items,
            outcome: super::stack::given_up(),
            reads: Vec::new(),
            taken: Vec::new(),
        });
    }

    /// Ends a frame; without an outcome it was given up, and will be begun anew.
    pub(super) fn close_frame(&mut self, id: NodeId, place: &Place, outcome: Option<&Outcome>) {
        let key = self.key(id, place);
        let Some(trace) = self.trace.as_mut() else {
            return;
        };
        let (Some(frame), Some(outcome)) = (trace.open.pop(), outcome) else {
            return;
        };
        if let Some(slot) = trace.frames.get_mut(frame) {
            slot.outcome = outcome.clone();
        }
        trace.known.insert(key, frame);
        trace.read(frame);
    }

    /// Remembers the lines that a lifecycle took with the frame it is being made in.
    pub(super) fn trace_taken(&mut self, line: u32, on: &Outcome) {
        if let Some(trace) = self.trace.as_mut()
            && trace.paused == 0
            && let Some(frame) = trace.open.last()
            && let Some(frame) = trace.frames.get_mut(*frame)
            && !frame
                .taken
                .iter()
                .any(|(known, day)| *known == line && day == on)
        {
            frame.taken.push((line, on.clone()));
        }
    }

    /// Reads nothing for anybody: what is evaluated inside will be read by its own readers.
    pub(super) fn apart<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        if let Some(trace) = self.trace.as_mut() {
            trace.open.push(APART);
        }
        let result = body(self);
        if let Some(trace) = self.trace.as_mut() {
            trace.open.pop();
        }
        result
    }

    /// Keeps nothing of what is evaluated inside.
    pub(super) fn untraced<T>(&mut self, body: impl FnOnce(&mut Self) -> T) -> T {
        if let Some(trace) = self.trace.as_mut() {
            trace.paused += 1;
        }
        let result = body(self);
        if let Some(trace) = self.trace.as_mut() {
            trace.paused -= 1;
        }
        result
    }
}
