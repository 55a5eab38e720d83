//! Columns: tables padded, citations at one place, one blank line at most.

/// How far to the right citations are aligned; longer lines take two spaces.
const WIDEST: usize = 110;

/// A line before alignment.
#[derive(Debug, Clone, Default)]
pub struct Out {
    /// What it is.
    pub kind: Kind,
    /// Spaces before it.
    pub indent: usize,
    /// It begins a declaration.
    pub header: bool,
    /// Its words.
    pub body: String,
    /// `cite …`, or what stands after the last `|`.
    pub cite: String,
    /// `# …` at its end.
    pub comment: String,
}

/// Kinds of line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Kind {
    /// Empty.
    Blank,
    /// A comment alone.
    Comment,
    /// Words.
    #[default]
    Plain,
    /// A row of a table.
    Row(Vec<String>),
}

/// The whole text.
pub fn lay_out(lines: Vec<Out>) -> String {
    let mut text = String::new();
    let mut blank = true;
    let mut group: Vec<Out> = Vec::new();
    for line in lines {
        if line.header {
            // one-line declarations that follow each other are aligned together
            let alone = group.iter().all(|line| line.header);
            if !alone {
                flush(&mut text, &mut group, &mut blank);
            }
        }
        if line.kind == Kind::Blank
            && group
                .iter()
                .all(|line| line.header || line.kind == Kind::Comment)
        {
            flush(&mut text, &mut group, &mut blank);
        }
        let body_begins = !line.header
            && line.kind != Kind::Blank
            && group.iter().filter(|line| line.header).count() > 1;
        if body_begins && let Some(last) = group.pop() {
            flush(&mut text, &mut group, &mut blank);
            group.push(last);
        }
        group.push(line);
    }
    flush(&mut text, &mut group, &mut blank);
    let length = text.trim_end().len();
    text.truncate(length);
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn pad(line: &mut String, to: usize) {
    let now = width(line);
    line.extend(std::iter::repeat_n(' ', to.saturating_sub(now)));
}

/// Writes lines that are aligned together.
fn flush(text: &mut String, group: &mut Vec<Out>, blank: &mut bool) {
    let mut columns: Vec<usize> = Vec::new();
    let mut cite = 0;
    for line in group.iter() {
        match &line.kind {
            Kind::Row(cells) => {
                for (at, cell) in cells.iter().enumerate() {
                    match columns.get_mut(at) {
                        Some(column) => *column = (*column).max(width(cell)),
                        None => columns.push(width(cell)),
                    }
                }
            }
            Kind::Plain if !line.cite.is_empty() && !line.body.is_empty() => {
                let end = line.indent + width(&line.body);
                if end <= WIDEST {
                    cite = cite.max(end + 2);
                }
            }
            Kind::Blank | Kind::Comment | Kind::Plain => {}
        }
    }
    for line in group.drain(..) {
        if line.kind == Kind::Blank {
            if !*blank {
                text.push('\n');
            }
            *blank = true;
            continue;
        }
        *blank = false;
        let mut out = " ".repeat(line.indent);
        match &line.kind {
            Kind::Row(cells) => {
                out.push('|');
                for (at, cell) in cells.iter().enumerate() {
                    let start = width(&out);
                    out.push(' ');
                    out.push_str(cell);
                    pad(&mut out, start + 1 + columns.get(at).copied().unwrap_or(0));
                    out.push_str(" |");
                }
                if !line.cite.is_empty() {
                    out.push_str("  ");
                    out.push_str(&line.cite);
                }
            }
            Kind::Blank | Kind::Comment | Kind::Plain => {
                out.push_str(&line.body);
                if !line.cite.is_empty() {
                    if !line.body.is_empty() {
                        let end = width(&out) + 2;
                        pad(&mut out, end.max(cite));
                    }
                    out.push_str(&line.cite);
                }
            }
        }
        if !line.comment.is_empty() {
            out.push_str("  ");
            out.push_str(&line.comment);
        }
        text.push_str(out.trim_end());
        text.push('\n');
    }
}
