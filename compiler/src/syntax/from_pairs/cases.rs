//! Cases of a definition, alone and in blocks.

use polc_grammar::Rule;

use super::super::ast::{Case, CaseKind, Expr, Otherwise};
use super::super::text::{Line, Shape};
use super::{Builder, P, Tail, parts};
use crate::diagnostics::Code;

impl<'t> Builder<'t, '_> {
    /// `when C` or `otherwise` at the end of a case.
    #[expect(clippy::option_option, reason = "a guard that is broken, and none")]
    fn guard(
        &mut self,
        pair: Option<P<'t>>,
        otherwise: &mut Option<Otherwise>,
    ) -> Option<Option<Expr>> {
        match pair {
            Some(pair) if pair.as_rule() == Rule::when => Some(Some(self.expr(pair)?)),
            Some(pair) => {
                *otherwise = Some(self.otherwise(pair)?);
                Some(None)
            }
            None => Some(None),
        }
    }

    /// `otherwise (a, b)`
    pub(super) fn otherwise(&mut self, pair: P<'t>) -> Option<Otherwise> {
        let span = self.span(&pair);
        let left = match parts(pair).next() {
            Some(arguments) => {
                let mut left = Vec::new();
                for value in parts(arguments) {
                    left.push(self.expr(value)?);
                }
                Some(left)
            }
            None => None,
        };
        Some(Otherwise { left, span })
    }

    /// Case lines; blocks in braces hold their own.
    pub(super) fn cases(&mut self, lines: &[Line]) -> Vec<Case> {
        let mut outer: Vec<(Vec<Case>, Option<Case>)> = Vec::new();
        let mut cases: Vec<Case> = Vec::new();
        for line in lines {
            match line.shape {
                Shape::Opens => {
                    let case = self
                        .read(Rule::block_line, *line)
                        .and_then(|pair| self.case(pair, *line));
                    outer.push((std::mem::take(&mut cases), case));
                }
                Shape::Closes => {
                    if self.clean.get(line.start..line.end) != Some("}") {
                        let place = self.line_span(*line);
                        self.error(
                            Code::SyntaxError,
                            place,
                            "only `}` stands on the line that ends a block",
                            "move what follows to a line of its own",
                        );
                    }
                    let inner = std::mem::take(&mut cases);
                    let Some((before, block)) = outer.pop() else {
                        continue;
                    };
                    cases = before;
                    if let Some(mut block) = block {
                        if let CaseKind::Block { cases, .. } = &mut block.kind {
                            *cases = inner;
                        }
                        block.span = block.span.to(self.line_span(*line));
                        cases.push(block);
                    }
                }
                Shape::Plain => {
                    let case = self
                        .read(Rule::case_line, *line)
                        .and_then(|pair| self.case(pair, *line));
                    cases.extend(case);
                }
            }
        }
        cases
    }

    fn case(&mut self, pair: P<'t>, line: Line) -> Option<Case> {
        let span = self.line_span(line);
        let mut tail = Tail::default();
        let mut kind = None;
        let mut otherwise = None;
        for part in parts(pair) {
            let Some(part) = self.tail(&mut tail, part) else {
                continue;
            };
            let rule = part.as_rule();
            let place = self.span(&part);
            let mut inner = parts(part);
            let first = inner.next()?;
            kind = Some(match rule {
                Rule::block if line.shape == Shape::Opens => CaseKind::Block {
                    guard: self.expr(first)?,
                    cases: Vec::new(),
                },
                Rule::block => {
                    self.error(
                        Code::SyntaxError,
                        place,
                        "a block of cases begins with `{` at the end of this line",
                        "write `VALUE when CONDITION`, or `when CONDITION {` and close it with `}` on its own line",
                    );
                    return None;
                }
                Rule::not_applicable => {
                    let because = Self::because(first)?;
                    let guard = self.guard(inner.next(), &mut otherwise)?;
                    CaseKind::NotApplicable { because, guard }
                }
                Rule::case_value => {
                    let value = self.expr(first)?;
                    let guard = self.guard(inner.next(), &mut otherwise)?;
                    CaseKind::Value { value, guard }
                }
                _ => {
                    self.error(
                        Code::SyntaxError,
                        place,
                        "`applies when` stands on its own line in the body, not in a block",
                        "move it directly below the header",
                    );
                    return None;
                }
            });
        }
        Some(Case {
            kind: kind?,
            otherwise,
            under: tail.under,
            dates: tail.dates,
            cites: tail.cites,
            span,
        })
    }
}
