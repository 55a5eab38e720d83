//! What the checks know of one program: its nodes, what they are called, and how much work is left.

use super::shape::Shapes;
use polc_runtime::ir::{Const, NodeId, Op, Program, Type};
use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

/// Work one question may take before it is given up.
const STEPS: usize = 1_000_000;
/// Work all questions of a program may take before each gets only [`SPARE_STEPS`] and is not looked into
/// further than at first: many hard questions must not add up to an endless check.
const ALL_STEPS: usize = 20_000_000;
/// The engine for one program.
#[derive(Debug)]
pub struct Regions<'a> {
    pub(super) program: &'a Program,
    pub(super) shapes: Shapes,
    pub(super) names: HashMap<NodeId, String>,
    pub(super) texts: HashMap<&'a str, usize>,
    pub(super) text_list: Vec<&'a str>,
    /// Work one question may take.
    pub(super) steps: usize,
    /// Work that is left for all questions.
    pub(super) left: Cell<usize>,
    /// The program, ready to be evaluated; made when the first example has to be tried.
    pub(super) replay: OnceCell<Option<polc_runtime::Program>>,
}

impl<'a> Regions<'a> {
    /// Prepares a program: one pass over its nodes.
    #[must_use]
    pub fn new(program: &'a Program) -> Self {
        let shapes = Shapes::new(program);
        let mut names = HashMap::new();
        for definition in &program.definitions {
            let mut node = definition.node;
            // The name also stands for what is inside its scope.
            loop {
                names
                    .entry(shapes.canon(node))
                    .or_insert_with(|| definition.name.clone());
                match program.nodes.get(node as usize).map(|node| &node.op) {
                    Some(Op::Scope { body, .. }) if *body < node => node = *body,
                    _ => break,
                }
            }
        }
        let mut regions = Regions {
            program,
            shapes,
            names,
            texts: HashMap::new(),
            text_list: Vec::new(),
            steps: STEPS,
            left: Cell::new(ALL_STEPS),
            replay: OnceCell::new(),
        };
        for node in &program.nodes {
            if let Op::Const(value) = &node.op {
                regions.learn(value);
            }
        }
        regions
    }

    /// With another limit on the work of one question.
    #[must_use]
    pub fn with_steps(mut self, steps: usize) -> Self {
        self.steps = steps;
        self
    }

    fn learn(&mut self, value: &'a Const) {
        match value {
            Const::Text(text) if !self.texts.contains_key(text.as_str()) => {
                self.texts.insert(text, self.text_list.len());
                self.text_list.push(text);
            }
            Const::List(values) => values.iter().for_each(|value| self.learn(value)),
            Const::None
            | Const::Bool(_)
            | Const::Number(_)
            | Const::Date(_)
            | Const::Enum(_)
            | Const::Text(_) => {}
        }
    }

    /// The operation of a node.
    pub(super) fn op(&self, node: NodeId) -> Option<&'a Op> {
        self.program.nodes.get(node as usize).map(|node| &node.op)
    }

    /// The type of a node.
    pub(super) fn ty(&self, node: NodeId) -> Option<&'a Type> {
        self.program.nodes.get(node as usize).map(|node| &node.ty)
    }

    /// Whether two nodes compute the same.
    #[must_use]
    pub fn same(&self, a: NodeId, b: NodeId) -> bool {
        self.shapes.canon(a) == self.shapes.canon(b)
    }
}
