//! The program put together, once everything has been read.

use super::applicable;
use super::{Elaborated, Elaborator};
use crate::names::SymbolKind;
use polc_runtime::ir::{self, Op};

impl<'a> Elaborator<'_, 'a> {
    /// Puts everything in source order and looks for what nothing uses.
    pub(super) fn finish(mut self) -> Elaborated {
        self.idle_obligations();
        // After an error rules are missing, and everything they read would seem unused.
        if !self.diagnostics.has_errors() {
            self.unused();
            self.row_names();
            self.mixed_guards();
        }
        let mut definitions = Vec::new();
        for (at, symbol) in self.symbols.list.iter().enumerate() {
            if let SymbolKind::Fact(fact) = symbol.kind
                && fact.published
                && let Some(id) = self.fact_of(at)
                && let Some(declared) = self.inputs.facts.get(id as usize)
            {
                let (label, cites, ty) = (
                    declared.label.clone(),
                    declared.cites.clone(),
                    declared.ty.clone(),
                );
                let node = self.builder.add(Op::Fact(id), ty.clone());
                let provision = at as ir::ProvisionId;
                let node = self.builder.mark(provision, node);
                definitions.push(ir::Definition {
                    name: fact.name.text.clone(),
                    label,
                    kind: ir::DefinitionKind::Decision,
                    ty,
                    parameters: Vec::new(),
                    node,
                    rules: Vec::new(),
                    cites,
                });
            }
            if let Some(defined) = self.made.defined.get(&at)
                && let Some(definition) = &defined.definition
            {
                definitions.push(definition.clone());
            }
        }
        applicable::simplify(&mut self.builder.nodes, &self.inputs.facts);
        let program = self.symbols.program;
        let waivers = self
            .made
            .waivers
            .into_values()
            .map(|lowered| lowered.waiver)
            .collect();
        Elaborated {
            program: ir::Program {
                name: program
                    .map(|program| program.name.text.clone())
                    .unwrap_or_default(),
                label: program
                    .and_then(|program| program.label.clone())
                    .unwrap_or_default(),
                version: program
                    .and_then(|program| program.version.clone())
                    .unwrap_or_default(),
                currency: self.symbols.currency().unwrap_or("USD").to_owned(),
                hash: String::new(),
                enums: self.types.enums,
                records: self.types.records,
                facts: self.inputs.facts,
                readings: self.inputs.readings,
                schedules: self.inputs.schedules,
                nodes: self.builder.nodes,
                provisions: self.provisions,
                binders: self.builder.binders,
                definitions,
                grids: self
                    .made
                    .grids
                    .into_values()
                    .map(|lowered| lowered.grid)
                    .collect(),
                lifecycles: self
                    .made
                    .lifecycles
                    .into_values()
                    .map(|lowered| lowered.layout)
                    .collect(),
                waivers,
                clauses: self
                    .symbols
                    .clauses
                    .values()
                    .map(|(clause, _)| clause.clone())
                    .collect(),
            },
            obligations: self.obligations,
            places: self.places,
            settled: self.settled,
        }
    }
}
