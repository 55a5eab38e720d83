//! Changed texts of files: what changes, line by line, and putting them in place.

use super::{FINE, disk, out, replace, streams, usage};
use crate::diagnostics::{Diagnostic, Fix};
use crate::report::terminal::within_line;
use crate::source::Sources;
use std::collections::BTreeMap;
use std::path::Path;

/// A file with the fixes that findings offer.
pub(super) struct Mended<'s> {
    pub(super) path: &'s str,
    old: &'s str,
    /// In their order, none over another.
    fixes: Vec<&'s Fix>,
}

/// The fixes that findings offer, by file; of two over each other the first is made.
pub(super) fn offered<'s>(findings: &'s [Diagnostic], sources: &'s Sources) -> Vec<Mended<'s>> {
    let mut files: BTreeMap<&str, Mended<'s>> = BTreeMap::new();
    for fix in findings.iter().filter_map(|finding| finding.fix.as_ref()) {
        if let Some(file) = sources.get(fix.span.file) {
            let mended = files.entry(&file.path).or_insert_with(|| Mended {
                path: &file.path,
                old: &file.text,
                fixes: Vec::new(),
            });
            mended.fixes.push(fix);
        }
    }
    for file in files.values_mut() {
        file.fixes.sort_by_key(|fix| (fix.span.start, fix.span.end));
        let mut behind = None;
        file.fixes.retain(|fix| {
            let free = behind.is_none_or(|behind| behind <= fix.span.start);
            if free {
                behind = Some(fix.span.end.max(fix.span.start + 1));
            }
            free
        });
    }
    files.into_values().collect()
}

impl Mended<'_> {
    /// The text with its fixes.
    pub(super) fn text(&self) -> String {
        self.replaced(0..self.old.len(), &self.fixes)
    }

    /// How many fixes there are.
    pub(super) fn fixes(&self) -> usize {
        self.fixes.len()
    }

    fn replaced(&self, part: std::ops::Range<usize>, fixes: &[&Fix]) -> String {
        let mut text = String::new();
        let mut at = part.start;
        for fix in fixes {
            text.push_str(self.old.get(at..fix.span.start as usize).unwrap_or(""));
            text.push_str(&fix.text);
            at = fix.span.end as usize;
        }
        text.push_str(self.old.get(at..part.end.max(at)).unwrap_or(""));
        text
    }

    /// The lines that change, as `diff -U0` shows them.
    pub(super) fn diff(&self) -> String {
        let path = within_line(self.path);
        let mut shown = format!("--- {path}\n+++ {path}\n");
        let line_of = |at: usize| self.old.get(..at).unwrap_or("").matches('\n').count();
        let begin = |at: usize| {
            let before = self.old.get(..at).unwrap_or("");
            before.rfind('\n').map_or(0, |newline| newline + 1)
        };
        let end = |at: usize| {
            let rest = self.old.get(at..).unwrap_or("");
            rest.find('\n')
                .map_or(self.old.len(), |newline| at + newline + 1)
        };
        let mut moved = 0isize;
        let mut fixes = self.fixes.as_slice();
        while let Some(first) = fixes.first() {
            let from = begin(first.span.start as usize);
            let mut to = end(self.last_byte(first));
            let mut count = 1;
            while let Some(next) = fixes
                .get(count)
                .filter(|next| (next.span.start as usize) < to)
            {
                to = to.max(end(self.last_byte(next)));
                count += 1;
            }
            let (these, rest) = fixes.split_at(count);
            let old = self.old.get(from..to).unwrap_or("");
            let new = self.replaced(from..to, these);
            let (removed, added) = (old.lines().count(), new.lines().count());
            let line = line_of(from) + 1;
            let behind = line.saturating_add_signed(moved);
            // With no lines left, the place is that of the line before.
            let behind = behind - usize::from(added == 0);
            shown.push_str(&format!("@@ -{line},{removed} +{behind},{added} @@\n"));
            old.lines()
                .for_each(|line| shown.push_str(&format!("-{}\n", within_line(line))));
            new.lines()
                .for_each(|line| shown.push_str(&format!("+{}\n", within_line(line))));
            moved += added as isize - removed as isize;
            fixes = rest;
        }
        shown
    }

    /// The last byte that an fix takes away, or where it adds.
    fn last_byte(&self, fix: &Fix) -> usize {
        let (start, end) = (fix.span.start as usize, fix.span.end as usize);
        end.saturating_sub(1).max(start)
    }
}

/// Every file is written beside its place before the first is put there, so that a disk that is full changes none.
pub(super) fn place(changed: Vec<(String, String)>) -> Result<u8, u8> {
    let unwritable = |path: &str, error: &std::io::Error| {
        usage(&format!(
            "`{path}` cannot be written: {}",
            disk::words(error)
        ))
    };
    let mut staged = Vec::new();
    for (path, text) in changed {
        match replace::stage(Path::new(&path), text.into_bytes()) {
            Ok(file) => staged.push((path, file)),
            Err(error) => return Err(unwritable(&path, &error)),
        }
    }
    for (path, _) in &staged {
        out(&format!("{}\n", within_line(path)));
    }
    if streams::failed() {
        return Ok(FINE);
    }
    for (path, file) in staged {
        file.place().map_err(|error| unwritable(&path, &error))?;
    }
    Ok(FINE)
}
