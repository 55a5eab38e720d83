//! Which file uses which: what a program takes in, and files that use each other in a cycle.

use super::Reading;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast;

impl Reading<'_> {
    /// Reads what files use, each once, and reports modules that use each other in a cycle.
    pub(super) fn follow_uses(&mut self) {
        let mut at = 0;
        let mut edges: Vec<Edge> = Vec::new();
        while at < self.trees.len() {
            let Some(from) = self.paths.get(at).cloned() else {
                break;
            };
            let uses: Vec<ast::Use> = self
                .trees
                .get(at)
                .into_iter()
                .flat_map(|tree| &tree.declarations)
                .filter_map(|declaration| {
                    let ast::DeclarationKind::Use(used) = &declaration.kind else {
                        return None;
                    };
                    Some(used.clone())
                })
                .collect();
            for used in uses {
                let target = relative(&from, &used.path);
                let known = self.paths.iter().position(|path| *path == target);
                let to = match known {
                    Some(to) => to,
                    None => {
                        let before = self.trees.len();
                        self.file(&target, Some(used.span));
                        if self.trees.len() == before {
                            continue;
                        }
                        before
                    }
                };
                edges.push(Edge {
                    from: at,
                    to,
                    span: used.span,
                });
            }
            at += 1;
        }
        self.report_circles(&edges);
    }

    /// Each cycle once, at the first `use` in it, with the other ones beside it.
    fn report_circles(&mut self, edges: &[Edge]) {
        let mut reported: Vec<Vec<usize>> = Vec::new();
        for edge in edges {
            let Some(back) = route(edge.to, edge.from, edges) else {
                continue;
            };
            let mut files: Vec<usize> = back.iter().map(|edge| edge.from).collect();
            files.push(edge.from);
            files.sort_unstable();
            if reported.contains(&files) {
                continue;
            }
            reported.push(files);
            let path = |at: usize| self.paths.get(at).map_or("", String::as_str);
            let message = if back.is_empty() {
                format!("`{}` uses itself", path(edge.from))
            } else {
                let names: Vec<&str> = std::iter::once(edge.from)
                    .chain(std::iter::once(edge.to))
                    .chain(back.iter().map(|edge| edge.to))
                    .map(path)
                    .collect();
                format!("files use each other in a cycle: {}", names.join(" → "))
            };
            let mut found = Diagnostic::new(Code::CyclicImport, edge.span, message);
            found = if back.is_empty() {
                found.help("remove this line")
            } else {
                found.help("move what both need into a third file")
            };
            for edge in back {
                found = found.label(edge.span, "and this goes on");
            }
            self.diagnostics.push(found);
        }
    }
}

/// One file uses another.
#[derive(Debug, Clone, Copy)]
struct Edge {
    from: usize,
    to: usize,
    /// The path in the `use`.
    span: Span,
}

/// The shortest way from one file to another; empty when they are the same.
fn route(from: usize, goal: usize, edges: &[Edge]) -> Option<Vec<Edge>> {
    let mut seen = vec![from];
    let mut ways = vec![(from, Vec::new())];
    let mut next = 0;
    while let Some((at, way)) = ways.get(next).cloned() {
        if at == goal {
            return Some(way);
        }
        for edge in edges.iter().filter(|edge| edge.from == at) {
            if !seen.contains(&edge.to) {
                seen.push(edge.to);
                let mut way = way.clone();
                way.push(*edge);
                ways.push((edge.to, way));
            }
        }
        next += 1;
    }
    None
}

/// A path without `.` and `..` where they can be resolved.
pub(super) fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." if parts
                .last()
                .is_some_and(|last| *last != ".." && !last.is_empty()) =>
            {
                parts.pop();
            }
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// The path a `use` means, seen from the file it stands in.
fn relative(from: &str, used: &str) -> String {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    if used.starts_with('/') || folder.is_empty() {
        normal(used)
    } else {
        normal(&format!("{folder}/{used}"))
    }
}
