//! Lifecycles: states and their lines.

use polc_grammar::Rule;

use super::super::ast::{Expr, Goto, Keep, Lifecycle, Name, State, Transition, TransitionKind};
use super::super::text::Line;
use super::{Builder, P, Tail, parts};
use crate::diagnostics::{Code, Diagnostic};

/// Which lines follow.
enum Under {
    Nothing,
    EveryState,
    State,
}

impl<'t> Builder<'t, '_> {
    pub(super) fn lifecycle(
        &mut self,
        header: Line,
        body: &[Line],
        cites: &mut Vec<Name>,
    ) -> Option<Lifecycle> {
        let mut read = None;
        if let Some(pair) = self.read(Rule::lifecycle_line, header) {
            let (mut words, mut ty, mut label) = (Vec::new(), None, None);
            for part in parts(pair) {
                match part.as_rule() {
                    Rule::word => words.push(self.name(&part)),
                    Rule::r#type => ty = self.type_expr(part),
                    Rule::text => label = Some(Self::text(&part)),
                    _ => cites.extend(self.names(part)),
                }
            }
            let mut words = words.into_iter();
            read = Some(Lifecycle {
                name: words.next()?,
                ty,
                label,
                starts: words.next()?,
                keeps: Vec::new(),
                everywhere: Vec::new(),
                states: Vec::new(),
            });
        }
        let (mut keeps, mut everywhere, mut states) = (Vec::new(), Vec::new(), Vec::new());
        let mut under = Under::Nothing;
        for line in body {
            let place = self.line_span(*line);
            let Some(pair) = self.read(Rule::lifecycle_body, *line) else {
                continue;
            };
            let Some(part) = parts(pair).next() else {
                continue;
            };
            match part.as_rule() {
                Rule::keeps => keeps.extend(self.keep(part)),
                Rule::any_open => {
                    for part in parts(part) {
                        cites.extend(self.names(part));
                    }
                    under = Under::EveryState;
                }
                Rule::state => {
                    states.extend(self.state(part));
                    under = Under::State;
                }
                Rule::finals => {
                    states.extend(self.finals(part));
                    under = Under::Nothing;
                }
                _ => {
                    let line = self.transition(part, *line);
                    let place_for = match (&under, states.last_mut()) {
                        (Under::EveryState, _) => &mut everywhere,
                        (Under::State, Some(state)) => &mut state.lines,
                        _ => {
                            self.error(
                                Code::SyntaxError,
                                place,
                                "this line belongs to no state",
                                "put it below `state NAME` or `any open state`",
                            );
                            continue;
                        }
                    };
                    place_for.extend(line);
                }
            }
        }
        let mut lifecycle = read?;
        lifecycle.keeps = keeps;
        lifecycle.everywhere = everywhere;
        lifecycle.states = states;
        Some(lifecycle)
    }

    fn keep(&mut self, pair: P<'t>) -> Option<Keep> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let name = self.name(&word);
        let ty = self.type_expr(inner.next()?)?;
        let cites = inner
            .next()
            .map(|part| self.names(part))
            .unwrap_or_default();
        Some(Keep { name, ty, cites })
    }

    fn state(&mut self, pair: P<'t>) -> Option<State> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let mut state = blank(self.name(&word));
        for part in inner {
            let place = self.span(&part);
            match part.as_rule() {
                Rule::text => state.label = Some(Self::text(&part)),
                Rule::waits_for => {
                    let before = state.waits_for.is_some();
                    state.waits_for = self.only_name(part);
                    self.once(place, "waits for", before);
                }
                Rule::deadline => {
                    let before = state.deadline.is_some();
                    let mut inner = parts(part);
                    state.deadline = self.expr(inner.next()?);
                    state.unless = match inner.next() {
                        Some(unless) => self.expr(parts(unless).next()?),
                        None => None,
                    };
                    self.once(place, "deadline", before);
                }
                Rule::no_reentry => {
                    let before = state.no_reentry.is_some();
                    state.no_reentry = self.expr(parts(part).next()?);
                    self.once(place, "no re-entry for", before);
                }
                _ => state.cites.extend(self.names(part)),
            }
        }
        Some(state)
    }

    fn finals(&mut self, pair: P<'t>) -> Vec<State> {
        let (mut names, mut cites) = (Vec::new(), Vec::new());
        for part in parts(pair) {
            match part.as_rule() {
                Rule::words => names = self.names(part),
                _ => cites.extend(self.names(part)),
            }
        }
        names
            .into_iter()
            .map(|name| State {
                is_final: true,
                cites: cites.clone(),
                ..blank(name)
            })
            .collect()
    }

    fn transition(&mut self, pair: P<'t>, line: Line) -> Option<Transition> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let (mut read, mut otherwise) = (None, false);
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            otherwise |= parts(part.clone()).any(|inner| inner.as_rule() == Rule::otherwise);
            read = self.transition_kind(part);
        }
        let (kind, guard, targets) = read?;
        Some(Transition {
            kind,
            guard,
            targets,
            otherwise,
            dates: tail.dates,
            under: tail.under,
            cites: tail.cites,
            span,
        })
    }

    /// What sets a line off, its condition, and where it leads.
    fn transition_kind(
        &mut self,
        pair: P<'t>,
    ) -> Option<(TransitionKind, Option<Expr>, Vec<Goto>)> {
        let rule = pair.as_rule();
        let (mut guard, mut targets, mut answers) = (None, Vec::new(), Vec::new());
        let (mut subject, mut each) = (None, None);
        for part in parts(pair) {
            match part.as_rule() {
                Rule::when => guard = Some(self.expr(part)?),
                Rule::goto => targets.push(self.goto(part)?),
                Rule::otherwise => {}
                Rule::answer => {
                    let mut inner = parts(part);
                    let word = inner.next()?;
                    answers.push(self.name(&word));
                    targets.push(self.goto(inner.next()?)?);
                }
                Rule::each_item => {
                    let mut inner = parts(part);
                    let item = inner.next()?;
                    let list = inner.next()?;
                    let by = parts(inner.next()?).next()?;
                    each = Some((self.name(&item), self.expr(list)?, self.name(&by)));
                }
                Rule::next_item => {
                    self.replaced_next(&part);
                    return None;
                }
                _ => subject = Some(self.expr(part)?),
            }
        }
        let kind = match (rule, each) {
            (Rule::late_line, _) => TransitionKind::Late,
            (Rule::when_line, _) => TransitionKind::When,
            (Rule::may_line, _) => TransitionKind::May {
                judgement: subject?,
                answers,
            },
            (_, Some((item, list, by))) => TransitionKind::Each { item, list, by },
            (_, None) => TransitionKind::On { event: subject? },
        };
        Some((kind, guard, targets))
    }

    /// `on next ITEM of LIST by FIELD` became `on each ITEM of LIST by .FIELD`.
    fn replaced_next(&mut self, pair: &P<'t>) {
        let words: Vec<&str> = parts(pair.clone()).map(|part| part.as_str()).collect();
        let [item, list, by] = words.as_slice() else {
            return;
        };
        let (item, list, by) = (item.trim(), list.trim(), by.trim());
        let (span, written) = (self.span(pair), format!("each {item} of {list} by .{by}"));
        self.failed = true;
        self.diagnostics.push(
            Diagnostic::new(Code::SyntaxError, span, "`on next` is written `on each`")
                .help(format!("write `{written}`"))
                .fix(span, written),
        );
    }

    fn goto(&mut self, pair: P<'t>) -> Option<Goto> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let state = self.name(&word);
        let mut sets: Vec<(Name, Expr)> = Vec::new();
        for set in inner {
            let mut inner = parts(set);
            let field = inner.next()?;
            let value = inner.next()?;
            sets.push((self.name(&field), self.expr(value)?));
        }
        Some(Goto { state, sets })
    }
}

fn blank(name: Name) -> State {
    State {
        name,
        label: None,
        is_final: false,
        waits_for: None,
        deadline: None,
        unless: None,
        no_reentry: None,
        lines: Vec::new(),
        cites: Vec::new(),
    }
}
