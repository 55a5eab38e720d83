//! The order of declarations by what they read, and cycles.

use super::resolve::Reads;
use super::{SymbolId, Symbols};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use std::collections::{HashMap, HashSet};

/// What each declaration reads, an order to take them in, and which stand in a cycle.
#[derive(Debug, Default)]
pub struct Dependencies {
    /// By declaration.
    reads: Vec<Reads>,
    /// The other way round.
    readers: HashMap<SymbolId, Vec<SymbolId>>,
    /// Every declaration, after those it reads where nothing leads back to it.
    pub order: Vec<SymbolId>,
    /// Declarations of a cycle that has been reported.
    pub cyclic: Vec<SymbolId>,
}

impl Dependencies {
    /// Works out the order and reports cycles.
    pub(super) fn new(symbols: &Symbols, reads: Vec<Reads>, diagnostics: &mut Diagnostics) -> Self {
        let mut found = Dependencies {
            reads,
            ..Dependencies::default()
        };
        for id in 0..symbols.list.len() {
            for read in found.reads(id).into_iter().filter(|read| *read != id) {
                found.readers.entry(read).or_default().push(id);
            }
        }
        // A word that may be a value of an enumeration too makes no cycle: what it is depends on types, so
        // the stage that knows them reports it.
        let mut walk = Walk::new(&found.reads, Words::Certain);
        for root in 0..symbols.list.len() {
            for path in walk.visit(root, &|_| false) {
                diagnostics.push(cycle(symbols, &path));
                found.cyclic.extend(path);
            }
        }
        let mut walk = Walk::new(&found.reads, Words::All);
        for root in 0..symbols.list.len() {
            let _ = walk.visit(root, &|_| false);
        }
        found.order = walk.order;
        found
    }

    /// What a declaration reads, perhaps.
    pub fn reads(&self, id: SymbolId) -> Vec<SymbolId> {
        let reads = self.reads.get(id).into_iter();
        let all = reads.flat_map(|reads| reads.certain.iter().chain(&reads.perhaps));
        all.copied().collect()
    }

    /// What reads a declaration, perhaps.
    pub fn readers(&self, id: SymbolId) -> Vec<SymbolId> {
        self.readers.get(&id).cloned().unwrap_or_default()
    }

    /// Everything that a step leads to from some declarations, over any number of steps.
    pub fn reach(
        &self,
        from: impl Iterator<Item = SymbolId>,
        step: impl Fn(&Self, SymbolId) -> Vec<SymbolId>,
    ) -> HashSet<SymbolId> {
        let mut found = HashSet::new();
        let mut todo: Vec<SymbolId> = from.collect();
        while let Some(id) = todo.pop() {
            todo.extend(
                step(self, id)
                    .into_iter()
                    .filter(|next| found.insert(*next)),
            );
        }
        found
    }

    /// A declaration after all it certainly reads, without those that are done; and the ways from it to
    /// declarations that are being read already.
    #[must_use]
    pub fn before(
        &self,
        id: SymbolId,
        done: &dyn Fn(SymbolId) -> bool,
        open: &dyn Fn(SymbolId) -> bool,
    ) -> (Vec<SymbolId>, Vec<Vec<SymbolId>>) {
        let mut walk = Walk::new(&self.reads, Words::Certain);
        let _ = walk.visit(id, done);
        let mut ways = Vec::new();
        for from in &walk.order {
            let Some(reads) = self.reads.get(*from) else {
                continue;
            };
            for target in reads.certain.iter().filter(|target| open(**target)) {
                ways.extend(self.way(id, *from).map(|mut way| {
                    way.push(*target);
                    way
                }));
            }
        }
        (walk.order, ways)
    }

    /// A way from one declaration to another over what is certainly read.
    #[must_use]
    pub fn way(&self, from: SymbolId, to: SymbolId) -> Option<Vec<SymbolId>> {
        let mut came: HashMap<SymbolId, SymbolId> = [(from, from)].into();
        let mut todo = vec![from];
        while let Some(at) = todo.pop() {
            if at == to {
                let mut way = vec![at];
                let mut back = at;
                while back != from {
                    back = *came.get(&back)?;
                    way.push(back);
                }
                way.reverse();
                return Some(way);
            }
            for next in &self.reads.get(at)?.certain {
                came.entry(*next).or_insert_with(|| {
                    todo.push(*next);
                    at
                });
            }
        }
        None
    }
}

/// Which words count.
#[derive(Clone, Copy, PartialEq)]
enum Words {
    /// Those that can only be a declaration.
    Certain,
    /// Those that may be a value of an enumeration, too.
    All,
}

#[derive(Clone, Copy, PartialEq)]
enum Mark {
    Open,
    Done,
}

/// A depth-first walk with its own stack: chains of definitions may be as long as the file.
struct Walk<'r> {
    reads: &'r [Reads],
    words: Words,
    state: HashMap<SymbolId, Mark>,
    order: Vec<SymbolId>,
}

impl<'r> Walk<'r> {
    fn new(reads: &'r [Reads], words: Words) -> Self {
        Walk {
            reads,
            words,
            state: HashMap::new(),
            order: Vec::new(),
        }
    }

    fn target(&self, id: SymbolId, at: usize) -> Option<SymbolId> {
        let reads = self.reads.get(id)?;
        let certain = reads.certain.len();
        match (reads.certain.get(at), self.words) {
            (Some(target), _) => Some(*target),
            (None, Words::Certain) => None,
            (None, Words::All) => reads.perhaps.get(at - certain).copied(),
        }
    }

    /// Takes in all that can be reached; gives the cycles it comes across.
    fn visit(&mut self, root: SymbolId, done: &dyn Fn(SymbolId) -> bool) -> Vec<Vec<SymbolId>> {
        let mut cycles = Vec::new();
        let mut stack: Vec<(SymbolId, usize)> = vec![(root, 0)];
        while let Some((id, next)) = stack.pop() {
            if next == 0 {
                if self.state.contains_key(&id) || done(id) {
                    continue;
                }
                self.state.insert(id, Mark::Open);
            }
            let Some(target) = self.target(id, next) else {
                self.state.insert(id, Mark::Done);
                self.order.push(id);
                continue;
            };
            stack.push((id, next + 1));
            match self.state.get(&target) {
                None => stack.push((target, 0)),
                Some(Mark::Open) => {
                    let start = stack.iter().position(|(at, _)| *at == target).unwrap_or(0);
                    cycles.push(stack.iter().skip(start).map(|(at, _)| *at).collect());
                }
                Some(Mark::Done) => {}
            }
        }
        cycles
    }
}

/// A circle of declarations, from the first back to it.
pub(crate) fn cycle(symbols: &Symbols, path: &[SymbolId]) -> Diagnostic {
    let members: Vec<_> = path.iter().filter_map(|id| symbols.list.get(*id)).collect();
    let mut words: Vec<&str> = members
        .iter()
        .map(|symbol| symbol.name.text.as_str())
        .collect();
    words.extend(words.first().copied());
    let span = members
        .first()
        .map(|symbol| symbol.name.span)
        .unwrap_or_default();
    let mut diagnostic = Diagnostic::new(
        Code::CyclicDefinition,
        span,
        format!("a definition reads itself: {}", words.join(" → ")),
    )
    .at("the path begins here")
    .help("remove one of these references; a definition may only read what can be known before it");
    for symbol in members.iter().skip(1) {
        diagnostic = diagnostic.label(symbol.name.span, "and goes through here");
    }
    diagnostic
}

/// `waiver W` and `schedule S` name their target after a word.
pub(crate) fn target_name(target: &str) -> &str {
    target.split_whitespace().last().unwrap_or(target)
}
