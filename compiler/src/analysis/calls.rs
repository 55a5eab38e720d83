//! Rules with parameters as the checks see them: calls are taken apart, and what a rule is asked for with is a fact.
//!
//! So gaps and dead cases of a rule are found like those of any definition, with an example in the words of its
//! parameters, and a call is as good as what the rule says.

use polc_runtime::ir::{
    Arena, BinderId, Bound, Fact, FactKind, Node, NodeId, Op, Parameter, Program,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// As many nodes are copied at most; further calls are taken as they are.
const MOST_COPIES: usize = 50_000;

/// The program without calls, and for each node its node there; nothing where there is no rule with parameters.
pub(super) fn opened(program: &Program) -> Option<(Program, Vec<NodeId>)> {
    let asked = |program: &Program| {
        let all = program.definitions.iter();
        let all = all.flat_map(|rule| {
            rule.parameters
                .iter()
                .map(|one| (rule.name.clone(), one.clone()))
        });
        all.collect::<Vec<_>>()
    };
    let parameters = asked(program);
    if parameters.is_empty() {
        return None;
    }
    let mut opener = Opener {
        arena: Arena::default(),
        left: MOST_COPIES,
    };
    opener.arena.binders = program.binders;
    let mut to: Vec<NodeId> = Vec::with_capacity(program.nodes.len());
    for node in &program.nodes {
        let mut op = node.op.clone();
        op.replace(
            |id| to.get(id as usize).copied().unwrap_or_default(),
            |item| item,
        );
        let made = if let Op::Call { body, arguments } = &op {
            opener.taken_apart(*body, arguments)
        } else {
            None
        };
        to.push(made.unwrap_or_else(|| opener.arena.add(op, node.ty.clone())));
    }
    let mut opened = Program {
        nodes: Vec::new(),
        ..program.clone()
    };
    let mut given = Copy::default();
    for (rule, parameter) in &parameters {
        let fact = fact_for(&mut opened.facts, rule, parameter);
        let node = opener.arena.add(Op::Fact(fact), parameter.ty.clone());
        given.items.insert(parameter.binder, node);
    }
    // What the facts and definitions of the program say goes with them.
    opener.left = usize::MAX;
    for node in &mut to {
        *node = opener.copied(*node, &mut given).unwrap_or(*node);
    }
    opened.nodes = opener.arena.nodes;
    opened.binders = opener.arena.binders;
    opened.map_layout(|node| to.get(node as usize).copied().unwrap_or_default());
    Some((opened, to))
}

/// A fact for a parameter: one for all of a name and type, for no rule sees those of another.
fn fact_for(facts: &mut Vec<Fact>, rule: &str, parameter: &Parameter) -> u32 {
    let taken = |facts: &[Fact], name: &str| facts.iter().position(|fact| fact.name == name);
    let mut name = parameter.name.clone();
    while let Some(at) = taken(facts, &name) {
        let same = facts.get(at).is_some_and(|fact| fact.ty == parameter.ty);
        if same && facts.get(at).is_some_and(|fact| fact.label == MADE) {
            return at as u32;
        }
        name = format!("{name} of {rule}");
    }
    facts.push(Fact {
        name,
        label: MADE.to_owned(),
        ty: parameter.ty.clone(),
        kind: FactKind::Given,
        range: None,
        assume: None,
        derived: None,
        stated_nowhere: false,
        grants: None,
        cites: Vec::new(),
    });
    facts.len() as u32 - 1
}

/// The label of a fact that stands for a parameter.
const MADE: &str = "a parameter";

/// Nodes being copied with other items.
#[derive(Default)]
struct Copy {
    /// What takes the place of an item.
    items: HashMap<BinderId, NodeId>,
    /// Loops that are copied have items of their own.
    loops: BTreeMap<BinderId, BinderId>,
    made: HashMap<NodeId, NodeId>,
}

struct Opener {
    arena: Arena,
    /// How many nodes may still be copied.
    left: usize,
}

impl Opener {
    /// What a rule says of its arguments; nothing where that is too much.
    fn taken_apart(&mut self, body: NodeId, arguments: &[(BinderId, NodeId)]) -> Option<NodeId> {
        let mut copy = Copy {
            items: arguments.iter().copied().collect(),
            ..Copy::default()
        };
        self.copied(body, &mut copy)
    }

    /// A node with other items; nothing where that is too much.
    fn copied(&mut self, root: NodeId, copy: &mut Copy) -> Option<NodeId> {
        let mut found: BTreeSet<NodeId> = BTreeSet::new();
        let mut todo = vec![root];
        while let Some(id) = todo.pop() {
            let free = self.arena.free(id);
            let reads = |binder| copy.items.contains_key(binder) || copy.loops.contains_key(binder);
            if copy.made.contains_key(&id) || !free.iter().any(reads) || !found.insert(id) {
                continue;
            }
            let op = &self.arena.nodes.get(id as usize)?.op;
            // A rule that is asked for all the same is what it was.
            let opaque = if let Op::Call { body, .. } = op {
                Some(*body)
            } else {
                None
            };
            if opaque.is_none() {
                op.binders(|binder, how| {
                    if how == Bound::Introduced {
                        let next = &mut self.arena.binders;
                        copy.loops.entry(binder).or_insert_with(|| {
                            *next += 1;
                            *next - 1
                        });
                    }
                });
            }
            op.operands(|read, _| {
                if Some(read) != opaque {
                    todo.push(read);
                }
            });
        }
        self.left = self.left.checked_sub(found.len())?;
        // Children come before parents.
        for id in found {
            let node = self.arena.nodes.get(id as usize)?.clone();
            let given = if let Op::Item(binder) = &node.op {
                copy.items.get(binder).copied()
            } else {
                None
            };
            let made = given.unwrap_or_else(|| self.with_others(node, copy));
            copy.made.insert(id, made);
        }
        Some(copy.made.get(&root).copied().unwrap_or(root))
    }

    /// A node with what was copied in the place of what it reads.
    fn with_others(&mut self, node: Node, copy: &Copy) -> NodeId {
        let mut op = node.op;
        let opaque = if let Op::Call { body, .. } = op {
            Some(body)
        } else {
            None
        };
        op.replace(
            |read| copy.made.get(&read).copied().unwrap_or(read),
            |binder| copy.loops.get(&binder).copied().unwrap_or(binder),
        );
        if let (Op::Call { body, .. }, Some(same)) = (&mut op, opaque) {
            *body = same;
        }
        self.arena.add(op, node.ty)
    }
}
