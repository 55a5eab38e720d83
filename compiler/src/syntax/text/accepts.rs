//! `accept …` at the end of lines, taken off before they are read.

use super::Reader;

/// An `accept` as found in a line.
#[derive(Debug, Clone, Copy)]
pub(in crate::syntax) struct Found {
    /// First byte of the line's content.
    pub(in crate::syntax) content: usize,
    /// First byte of `accept`.
    pub(in crate::syntax) start: usize,
    /// First byte after.
    pub(in crate::syntax) end: usize,
}

/// Where the last `accept P…` of a line begins; texts are masked.
fn last(mask: &[u8]) -> Option<usize> {
    let word =
        |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let begins = |at: usize| {
        let rest = mask.get(at..).unwrap_or_default();
        let before = at.checked_sub(1).and_then(|at| mask.get(at));
        let Some(rest) = rest.strip_prefix(b"accept ".as_slice()) else {
            return false;
        };
        let rest = rest.trim_ascii_start();
        !word(before) && matches!(rest, [b'P', digit, ..] if digit.is_ascii_digit())
    };
    (0..mask.len()).rev().find(|at| begins(*at))
}

impl Reader<'_> {
    /// Takes `accept …` off the end of a line, as often as it stands there.
    pub(super) fn accepts(&mut self, start: usize, end: usize, found: &mut Vec<Found>) {
        while let Some((content, to)) = self.trim(start, end) {
            let line = self.mask.get(content..to).unwrap_or_default();
            let Some(at) = last(line) else {
                return;
            };
            found.push(Found {
                content,
                start: content + at,
                end: to,
            });
            self.blank(content + at, to);
        }
    }
}
