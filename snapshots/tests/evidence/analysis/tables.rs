//! Tables, and what has to be found in them.

use super::*;

pub(super) struct Row {
    pub(super) guard: Guard,
    pub(super) rest: bool,
    pub(super) value: i64,
    pub(super) line: usize,
}

pub(super) fn table_of(random: &mut Random, census: &mut Census) -> Case {
    let world = World::new(random, census);
    let mut probe = Probe::new();
    let mut text = world.text.clone();
    let mode = *random.pick(&["exactly one row", "any row", "first row", "every row"]);
    census.count(format!("table: {mode}"));
    let width = 1 + random.below(3) as usize;
    let columns: Vec<_> = (0..width).map(|_| world.column(random)).collect();
    let _ = writeln!(text, "table fee {mode}");
    for (column, _) in &columns {
        let _ = write!(text, "  | {column} ");
    }
    text.push_str("| -> fee: int |\n");
    let mut rows: Vec<Row> = Vec::new();
    for _ in 0..2 + random.below(4) {
        let mut parts = Vec::new();
        let mut rest = false;
        text.push_str("  ");
        for (column, kind) in &columns {
            if random.chance(8) {
                census.count("cell: otherwise");
                rest = true;
                text.push_str("| otherwise ");
                continue;
            }
            let (cell, condition) = world.cell(random, census, column, kind);
            let _ = write!(text, "| {cell} ");
            parts.extend(condition);
        }
        let value = random.within(1, 2);
        let (dates, day) = world.dates(random, census);
        parts.extend(day);
        let _ = writeln!(text, "| {value} |{dates}");
        rows.push(Row {
            guard: probe.guard(parts),
            rest,
            value,
            line: lines(&text),
        });
    }
    let table = lines(&world.text) + 1;
    text.push_str("decision answer = fee\n");
    probe.run(&world);
    Case {
        expected: table_findings(&probe, &rows, mode, table),
        text,
        kind: "table",
    }
}

pub(super) fn table_findings(probe: &Probe, rows: &[Row], mode: &str, table: usize) -> Found {
    let mut expected = Found::new();
    let left = |point: &[Outcome]| {
        let mut plain = rows.iter().filter(|row| !row.rest);
        plain.all(|row| probe.passed(point, &row.guard))
    };
    let uncovered = |point: &[Outcome]| {
        let mut plain = rows.iter().filter(|row| !row.rest);
        plain.all(|row| probe.fails(point, &row.guard))
    };
    for (at, row) in rows.iter().enumerate() {
        let counts = |point: &[Outcome]| {
            probe.holds(point, &row.guard)
                && match (row.rest, mode) {
                    (true, _) => left(point),
                    (false, "any row" | "first row") => {
                        let mut earlier = rows[..at].iter();
                        earlier.all(|other| probe.passed(point, &other.guard))
                    }
                    (false, _) => true,
                }
        };
        if !probe.ever(counts) {
            let code = if row.rest { "P0610" } else { "P0609" };
            expected.insert((code, vec![row.line]));
        }
    }
    if mode == "every row" {
        return expected;
    }
    if probe.ever(|point| rows.iter().all(|row| probe.fails(point, &row.guard))) {
        expected.insert(("P0607", vec![table]));
    }
    if mode == "first row" {
        return expected;
    }
    for (at, row) in rows.iter().enumerate() {
        for other in &rows[at + 1..] {
            let both = |point: &[Outcome]| {
                probe.holds(point, &row.guard)
                    && probe.holds(point, &other.guard)
                    && (!row.rest || uncovered(point))
            };
            let may = mode == "any row" && row.value == other.value;
            if row.rest == other.rest && !may && probe.ever(both) {
                expected.insert(("P0606", vec![row.line, other.line]));
            }
        }
    }
    expected
}
