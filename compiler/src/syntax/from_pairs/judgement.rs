//! Judgements: human decisions and what they rest on.

use polc_grammar::Rule;

use super::super::ast::{Judgement, JudgementValues, Name, TypeExpr, TypeKind};
use super::super::text::Line;
use super::{Builder, P, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn judgement(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Judgement> {
        let read = self.read(Rule::judgement_line, header);
        let mut evidence = Vec::new();
        for line in body {
            let Some(pair) = self.read(Rule::evidence_line, *line) else {
                continue;
            };
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::cites => cites.extend(self.names(part)),
                    _ => evidence.extend(self.names(part)),
                }
            }
        }
        let mut inner = parts(read?);
        let word = inner.next()?;
        let name = self.name(&word);
        let values = self.judgement_values(inner.next()?)?;
        let word = inner.next()?;
        let by = self.name(&word);
        let mut label = None;
        for part in inner {
            match part.as_rule() {
                Rule::text => label = Some(Self::text(&part)),
                _ => cites.extend(self.names(part)),
            }
        }
        Some(Judgement {
            name,
            values,
            by,
            label,
            evidence,
        })
    }

    pub(super) fn judgement_values(&mut self, pair: P<'t>) -> Option<JudgementValues> {
        let inner = parts(pair).next()?;
        if inner.as_rule() != Rule::words {
            return Some(JudgementValues::Type(self.type_expr(inner)?));
        }
        let mut words = self.names(inner);
        let builtin = [
            "bool", "int", "decimal", "percent", "money", "date", "days", "months", "text",
        ];
        if let [only] = words.as_slice() {
            let declared = only
                .text
                .starts_with(|letter: char| letter.is_ascii_uppercase());
            if declared || builtin.contains(&only.text.as_str()) {
                let name = words.pop()?;
                let span = name.span;
                return Some(JudgementValues::Type(TypeExpr {
                    kind: TypeKind::Named(name),
                    span,
                }));
            }
        }
        Some(JudgementValues::Words(words))
    }
}
