//! Questions about a grid.

use super::super::ast::ExprKind;
use super::{Builder, P, parts};

impl<'t> Builder<'t, '_> {
    /// `highest T meeting G`
    pub(super) fn highest(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let names = self.names(pair);
        let mut names = names.into_iter();
        Some(ExprKind::HighestMeeting {
            scale: names.next()?,
            grid: names.next()?,
            stage: names.next(),
        })
    }

    /// `rows of G for T where result is R`
    pub(super) fn rows_of(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let grid = self.name(&word);
        let tier = self.boxed(inner.next())?;
        let negated = inner.next()?.as_str().contains("not");
        let results = self.names(inner.next()?);
        let otherwise = inner.next().and_then(|word| self.only_name(word));
        Some(ExprKind::RowsOf {
            grid,
            tier,
            results,
            negated,
            otherwise,
        })
    }

    /// `result of R for T`
    pub(super) fn result_of(&mut self, pair: P<'t>) -> Option<ExprKind> {
        let mut inner = parts(pair);
        let word = inner.next()?;
        let row = self.name(&word);
        let tier = self.boxed(inner.next())?;
        let grid = inner.next().map(|word| self.name(&word));
        Some(ExprKind::ResultOf { row, tier, grid })
    }
}
