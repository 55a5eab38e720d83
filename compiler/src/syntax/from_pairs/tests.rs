//! Tables of tests.

use polc_grammar::Rule;

use super::super::ast::{Given, TestColumn, TestRow, TestValue, TestValueKind, Tests};
use super::super::text::Line;
use super::{Builder, P, parts};

impl<'t> Builder<'t, '_> {
    pub(super) fn tests(&mut self, header: Line, body: &[Line]) -> Option<Tests> {
        let mut tests = None;
        if let Some(pair) = self.read(Rule::tests_line, header) {
            let mut inner = parts(pair);
            let text = inner.next()?;
            let mut read = Tests {
                label: Self::text(&text),
                label_span: self.span(&text),
                as_of: None,
                under: Vec::new(),
                given: Vec::new(),
                columns: Vec::new(),
                rows: Vec::new(),
                expects: Vec::new(),
            };
            for part in inner {
                if part.as_rule() == Rule::tests_as_of {
                    let date = parts(part).next()?;
                    read.as_of = Some(self.expr(date)?);
                } else {
                    let names = self.names(part);
                    let mut names = names.into_iter();
                    while let (Some(reading), Some(alternative)) = (names.next(), names.next()) {
                        read.under.push((reading, alternative));
                    }
                }
            }
            tests = Some(read);
        }
        let mut given = Vec::new();
        let mut expects = Vec::new();
        let mut columns = None;
        let mut rows = Vec::new();
        for line in body {
            let words = self.clean.get(line.start..line.end)?;
            if words.starts_with('|') {
                if columns.is_none() {
                    let read = self.read(Rule::test_header, *line);
                    columns = Some(
                        read.and_then(|pair| self.test_columns(pair))
                            .unwrap_or_default(),
                    );
                } else if let Some(pair) = self.read(Rule::test_row, *line) {
                    let span = self.line_span(*line);
                    let mut cells = Vec::new();
                    for cell in parts(pair) {
                        cells.extend(self.test_value(cell));
                    }
                    rows.push(TestRow { cells, span });
                }
            } else if words.starts_with("expect ") {
                let Some(pair) = self.read(Rule::expect_line, *line) else {
                    continue;
                };
                let mut inner = parts(pair);
                let column = self.expectation(inner.next()?)?;
                if let Some(value) = self.test_value(inner.next()?) {
                    expects.push((column, value));
                }
            } else if let Some(pair) = self.read(Rule::given_line, *line) {
                let mut inner = parts(pair);
                let word = inner.next()?;
                let name = self.name(&word);
                if let Some(value) = self.expr(inner.next()?) {
                    given.push(Given { name, value });
                }
            }
        }
        let mut tests = tests?;
        tests.given = given;
        tests.expects = expects;
        tests.columns = columns.unwrap_or_default();
        tests.rows = rows;
        Some(tests)
    }

    fn test_columns(&mut self, pair: P<'t>) -> Option<Vec<TestColumn>> {
        let mut columns = Vec::new();
        for part in parts(pair) {
            let inner = parts(part).next()?;
            let span = self.span(&inner);
            columns.push(match inner.as_rule() {
                Rule::as_of_column => TestColumn::AsOf(span),
                Rule::note_column => TestColumn::Note(span),
                Rule::expectation => self.expectation(inner)?,
                _ => TestColumn::Fact(self.name(&inner)),
            });
        }
        Some(columns)
    }

    fn expectation(&mut self, pair: P<'t>) -> Option<TestColumn> {
        let mut names = self.names(pair).into_iter();
        let first = names.next()?;
        Some(match names.next() {
            None => TestColumn::Expect(first),
            Some(tier) => TestColumn::ExpectCell {
                row: first,
                tier,
                grid: names.next(),
            },
        })
    }

    fn test_value(&mut self, pair: P<'t>) -> Option<TestValue> {
        let span = self.span(&pair);
        let inner = parts(pair).next()?;
        let kind = match inner.as_rule() {
            Rule::dash | Rule::empty => TestValueKind::Empty,
            Rule::unknown => TestValueKind::Unknown(self.names(inner)),
            Rule::needs_decision => TestValueKind::NeedsDecision(self.names(inner)),
            Rule::outcome if inner.as_str().starts_with("error") => TestValueKind::Error,
            Rule::outcome => TestValueKind::NotApplicable,
            _ => TestValueKind::Value(self.expr(inner)?),
        };
        Some(TestValue { kind, span })
    }
}
