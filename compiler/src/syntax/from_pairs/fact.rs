//! Facts and events.

use polc_grammar::Rule;

use super::super::ast::{Fact, Name};
use super::super::text::Line;
use super::{Builder, P, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn fact(
        &mut self,
        keyword: &str,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Fact> {
        let event = keyword == "event";
        let rule = if event {
            Rule::event_line
        } else {
            Rule::fact_line
        };
        let mut fact = None;
        if let Some(pair) = self.read(rule, header) {
            let mut inner = parts(pair);
            let word = inner.next()?;
            let name = self.name(&word);
            let (ty, range) = if event {
                (None, None)
            } else {
                let (ty, range) = self.typed(inner.next()?)?;
                (Some(ty), range)
            };
            let mut read = Fact {
                name,
                event,
                ty,
                range,
                label: None,
                assume: None,
                derived: None,
                published: false,
                informational: false,
                stated_nowhere: false,
            };
            for part in inner {
                self.modifier(&mut read, cites, part);
            }
            fact = Some(read);
        }
        for line in body {
            let Some(pair) = self.read(Rule::fact_body, *line) else {
                continue;
            };
            let Some(fact) = fact.as_mut() else { continue };
            for part in parts(pair) {
                self.modifier(fact, cites, part);
            }
        }
        fact
    }

    fn modifier(&mut self, fact: &mut Fact, cites: &mut Vec<Name>, pair: P<'t>) {
        let place = self.span(&pair);
        let (repeated, word) = match pair.as_rule() {
            Rule::text => (fact.label.replace(Self::text(&pair)).is_some(), "the label"),
            Rule::assume => {
                let before = fact.assume.take().is_some();
                fact.assume = parts(pair).next().and_then(|inner| self.expr(inner));
                (before, "assume")
            }
            Rule::derived => {
                let before = fact.derived.take().is_some();
                fact.derived = parts(pair).next().and_then(|inner| self.expr(inner));
                (before, "derived")
            }
            Rule::for_the_record => (
                std::mem::replace(&mut fact.informational, true),
                "informational",
            ),
            Rule::published => (std::mem::replace(&mut fact.published, true), "published"),
            Rule::stated_nowhere => (
                std::mem::replace(&mut fact.stated_nowhere, true),
                "stated nowhere",
            ),
            _ => {
                cites.extend(self.names(pair));
                (false, "")
            }
        };
        if repeated {
            self.twice(place, word);
        }
    }
}
