//! Large tables and many questions are answered in time.

use super::*;

fn band_table(b: &mut Build, rows: i64) -> (Vec<NodeId>, Vec<Side>) {
    let amount = b.fact("amount", Type::Money);
    let value = b.int(1);
    let mut guards = Vec::new();
    let mut sides = Vec::new();
    for row in 0..rows {
        let mut parts = Vec::new();
        if row > 0 {
            let low = b.constant(Const::Number(number(row * 10)), Type::Money);
            parts.push(b.compare(Cmp::Ge, amount, low));
        }
        if row < rows - 1 {
            let high = b.constant(Const::Number(number(row * 10 + 10)), Type::Money);
            parts.push(b.compare(Cmp::Lt, amount, high));
        }
        let guard = b.and(&parts);
        guards.push(guard);
        sides.push(side(&format!("row {row}"), guard, value));
    }
    (guards, sides)
}

#[test]
fn large_tables_are_swept() {
    let mut b = Build::new();
    let (guards, mut sides) = band_table(&mut b, 3_000);
    let rows = |rows: Vec<Side>| Obligation::Rows {
        without: Vec::new(),
        what: "fees".to_owned(),
        rows,
        kind: DisjointKind::Rows,
    };
    let complete = Obligation::Complete {
        what: "fees".to_owned(),
        kind: CompleteKind::Rows,
        scope: None,
        guards,
        span: Span::default(),
    };
    assert_eq!(codes(&b.0, &[rows(sides.clone()), complete]), []);
    let extra = sides[7].clone();
    sides.push(extra);
    let found = codes(&b.0, &[rows(sides)]);
    assert_eq!(
        found,
        [(Code::RowsOverlap, "both apply to amount = $70".to_owned())]
    );
}

#[test]
fn a_table_of_three_columns_is_complete() {
    let mut b = Build::new();
    let columns: Vec<NodeId> = ["a", "b", "c"]
        .iter()
        .map(|name| b.fact(name, Type::Int))
        .collect();
    let size = 6;
    let mut guards = Vec::new();
    for cell in 0..size * size * size {
        let mut parts = Vec::new();
        for (column, place) in
            columns
                .iter()
                .zip([cell / (size * size), cell / size % size, cell % size])
        {
            if place > 0 {
                parts.push(b.with_int(Cmp::Ge, *column, place * 10));
            }
            if place < size - 1 {
                parts.push(b.with_int(Cmp::Lt, *column, place * 10 + 10));
            }
        }
        guards.push(b.and(&parts));
    }
    assert_eq!(b.gap(&guards), Verdict::Never);
    guards.remove(100);
    assert!(matches!(b.gap(&guards), Verdict::Example(_)));
}

#[test]
fn many_small_questions_are_fast() {
    let mut b = Build::new();
    let mut obligations = Vec::new();
    for at in 0..2_000 {
        let (guards, sides) = band_table(&mut b, 5);
        b.define(&format!("fee_{at}"), guards[0]);
        obligations.push(Obligation::Complete {
            what: format!("fee_{at}"),
            kind: CompleteKind::Rows,
            scope: None,
            guards,
            span: Span::default(),
        });
        obligations.push(Obligation::Rows {
            without: Vec::new(),
            what: format!("fee_{at}"),
            rows: sides,
            kind: DisjointKind::Rows,
        });
    }
    let start = std::time::Instant::now();
    assert_eq!(codes(&b.0, &obligations), []);
    let limit = if cfg!(debug_assertions) { 20 } else { 2 };
    assert!(start.elapsed().as_secs() < limit, "{:?}", start.elapsed());
}

#[test]
fn a_long_chain_of_definitions_stays_cheap() {
    let mut b = Build::new();
    let mut obligations = Vec::new();
    let mut before: Option<NodeId> = None;
    for at in 0..10_000 {
        let fact = b.fact(&format!("f{at}"), Type::Int);
        let low = b.with_int(Cmp::Lt, fact, 3);
        let high = b.with_int(Cmp::Ge, fact, 3);
        let (yes, no) = (
            b.constant(Const::Bool(true), Type::Bool),
            b.constant(Const::Bool(false), Type::Bool),
        );
        let high = match before {
            Some(before) => b.or(&[high, before]),
            None => high,
        };
        let cases = vec![(low, yes), (high, no)];
        let node = b.node(
            Op::Cases {
                cases,
                otherwise: None,
            },
            Type::Bool,
        );
        b.define(&format!("d{at}"), node);
        obligations.push(Obligation::Complete {
            what: format!("d{at}"),
            kind: CompleteKind::Cases,
            scope: None,
            guards: vec![low, high],
            span: Span::default(),
        });
        before = Some(node);
    }
    let start = std::time::Instant::now();
    assert_eq!(codes(&b.0, &obligations), []);
    let limit = if cfg!(debug_assertions) { 60 } else { 5 };
    assert!(start.elapsed().as_secs() < limit, "{:?}", start.elapsed());
}
