//! Lifecycles: a machine folded over dated events.

use super::{BinderId, NodeId, Type};
use serde::{Deserialize, Serialize};

/// Fields of the record a lifecycle evaluates to, before those it keeps: the state.
pub const STATE: u32 = 0;
/// The day the state was entered, none for the state it starts in.
pub const SINCE: u32 = 1;
/// The deadline of the state, none where there is none.
pub const DEADLINE: u32 = 2;
/// Whom the state waits for, none where nobody.
pub const WAITING_FOR: u32 = 3;
/// The states a recorded decision may lead to from here.
pub const MOVES: u32 = 4;
/// The moves so far: a list of records (on, to, because).
pub const HISTORY: u32 = 5;
/// The first of the fields the lifecycle keeps.
pub const KEPT: u32 = 6;

/// A machine. Guards, deadlines and values are nodes, read as of the day the fold stands on.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Lifecycle {
    /// Name, for people.
    pub name: String,
    /// The state everything starts in.
    pub starts: u32,
    /// The states, in the order of their enumeration.
    pub states: Vec<State>,
    /// Lines that hold in every state that is not final, and prevail over the state's own.
    pub everywhere: Vec<Line>,
    /// Lists whose items are taken one after another.
    pub rounds: Vec<Round>,
    /// Types of the fields that moves set; each starts as none.
    pub kept: Vec<Type>,
}

/// A state.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct State {
    /// Nothing happens after it.
    pub is_final: bool,
    /// Index in the enumeration of parties.
    pub waits_for: Option<u32>,
    /// The last day inside (a date, read on the day of entry).
    pub deadline: Option<NodeId>,
    /// What stops the deadline, read as of its last day.
    pub unless: Option<NodeId>,
    /// Where to go when the deadline has passed.
    pub late: Option<Move>,
    /// Days or months (a number; its type says which) before the state can be entered again.
    pub no_reentry: Option<NodeId>,
    /// Ways out.
    pub lines: Vec<Line>,
}

/// One way out of a state.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Line {
    /// What sets it off.
    pub trigger: Trigger,
    /// A bool, read on the day of the move; the line waits until it holds.
    pub guard: NodeId,
    /// Only when no other line of the state is ready.
    pub otherwise: bool,
    /// Where to.
    pub to: Move,
}

/// What sets a line off.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Trigger {
    /// The guard alone.
    Condition,
    /// What stands in the facts beside the guard.
    Read(Sign, NodeId),
    /// The next item of a list (index into [`Lifecycle::rounds`]).
    Each(u32),
}

/// What a line reads to be set off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Sign {
    /// A day on which something happened (date or none).
    Event,
    /// Whether a decision is recorded (bool); until then the state waits.
    Decision,
}

/// Where a line leads and what it leaves behind.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Move {
    /// Index of the state. Where it is the one held already, the line is no move, but what it sets counts.
    pub to: u32,
    /// Enters the state held anew.
    pub again: bool,
    /// Kept fields (index into [`Lifecycle::kept`]) and their new values.
    pub set: Vec<(u32, NodeId)>,
    /// Number of the line in the lifecycle's layout: what history, coverage and drawings call it.
    pub id: u32,
}

/// A list whose items are taken once each, by date, then in list order.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Round {
    /// The list.
    pub list: NodeId,
    /// The item taken last, inside every node of the lifecycle.
    pub binder: BinderId,
    /// The field that dates an item (date or none).
    pub date: u32,
}

/// What a machine reads and introduces, shown as references that are mutable where the machine is.
macro_rules! described {
    ($machine:expr, $iter:ident, $node:ident, $binder:ident) => {{
        let Lifecycle {
            states,
            everywhere,
            rounds,
            name: _,
            starts: _,
            kept: _,
        } = $machine;
        let mut own = Vec::new();
        let mut lines: Vec<_> = everywhere.$iter().collect();
        for State {
            deadline,
            unless,
            late,
            no_reentry,
            lines: of_state,
            is_final: _,
            waits_for: _,
        } in states
        {
            lines.extend(of_state.$iter());
            own.push((deadline, unless, late, no_reentry));
        }
        for Line {
            trigger,
            guard,
            to,
            otherwise: _,
        } in lines
        {
            match trigger {
                Trigger::Read(_, read) => $node(read),
                Trigger::Condition | Trigger::Each(_) => {}
            }
            $node(guard);
            to.set.$iter().for_each(|(_, value)| $node(value));
        }
        for (deadline, unless, late, no_reentry) in own {
            deadline.$iter().for_each(&mut $node);
            unless.$iter().for_each(&mut $node);
            no_reentry.$iter().for_each(&mut $node);
            if let Some(late) = late {
                late.set.$iter().for_each(|(_, value)| $node(value));
            }
        }
        let mut binders = $binder;
        for Round {
            list,
            binder,
            date: _,
        } in rounds
        {
            $node(list);
            binders(binder);
        }
    }};
}

impl Lifecycle {
    /// All lines with the state they belong to, `None` for those of every open state.
    pub fn lines(&self) -> impl Iterator<Item = (Option<u32>, &Line)> {
        let own =
            self.states.iter().enumerate().flat_map(|(at, state)| {
                state.lines.iter().map(move |line| (Some(at as u32), line))
            });
        self.everywhere.iter().map(|line| (None, line)).chain(own)
    }

    /// Shows every node the machine reads, and the items it introduces.
    pub(crate) fn operands(&self, mut node: impl FnMut(&NodeId), binder: impl FnMut(&BinderId)) {
        described!(self, iter, node, binder);
    }

    /// The same, to be replaced.
    pub(super) fn operands_mut(
        &mut self,
        mut node: impl FnMut(&mut NodeId),
        binder: impl FnMut(&mut BinderId),
    ) {
        described!(self, iter_mut, node, binder);
    }
}

/// How a lifecycle is shown: which node it is, and its lines by number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LifecycleLayout {
    /// Name.
    pub name: String,
    /// Label for people.
    pub label: String,
    /// The node of the machine.
    pub node: NodeId,
    /// The enumeration of its states.
    pub states: super::EnumId,
    /// Whom states wait for.
    pub parties: super::EnumId,
    /// Lines by number.
    pub lines: Vec<LineLayout>,
    /// Clauses of each state.
    pub cites: Vec<Vec<super::ClauseId>>,
    /// Label of each state; empty where it has none.
    #[serde(default)]
    pub labels: Vec<String>,
}

/// How a line is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LineLayout {
    /// What of the program it is.
    pub provision: super::ProvisionId,
    /// The state it leaves; `None` for every open state.
    pub from: Option<u32>,
    /// The state it enters.
    pub to: u32,
    /// Clauses.
    pub cites: Vec<super::ClauseId>,
}
