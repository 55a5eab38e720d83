//! Cells of grids, waivers and grants.

use super::*;

fn cell_of(b: &mut Build, condition: NodeId, lifts: Option<NodeId>) -> ir::Cell {
    let (yes, no) = (b.yes(), b.no());
    ir::Cell {
        required: yes,
        preferred: no,
        condition,
        waivers: lifts
            .map(|lifts| ir::CellWaiver { waiver: 0, lifts })
            .into_iter()
            .collect(),
        passes: condition,
        have: None,
        need: None,
    }
}

fn grid_row(name: &str, child: bool, cells: Vec<ir::Cell>) -> ir::GridRow {
    ir::GridRow {
        name: name.into(),
        label: String::new(),
        stage: 0,
        child,
        cells,
        cites: Vec::new(),
    }
}

#[test]
fn cells_say_what_they_come_to_and_how_they_are_lifted() {
    let mut b = Build::new();
    let (yes, no, open) = (b.yes(), b.no(), b.open());
    let installs = b.fact("installs", Type::Int, Some(number(3)));
    let five = b.int(5);
    let enough = b.compare(Cmp::Ge, installs, five);
    let mut threshold = cell_of(&mut b, enough, Some(yes));
    threshold.have = Some(installs);
    threshold.need = Some(five);
    let not_met = cell_of(&mut b, no, Some(no));
    let mut preferred = cell_of(&mut b, no, None);
    preferred.preferred = yes;
    let met = cell_of(&mut b, yes, None);
    let mut nothing = cell_of(&mut b, yes, None);
    nothing.required = no;
    let doubt = cell_of(&mut b, yes, Some(open));
    let row = |name: &str, child, cell: &ir::Cell| {
        grid_row(name, child, vec![cell.clone(), cell.clone(), cell.clone()])
    };
    b.ir.waivers.push(ir::Waiver {
        name: "transition".into(),
        label: String::new(),
        period: Period {
            from: None,
            before: Some(day(2027, 1, 1)),
        },
        cites: Vec::new(),
    });
    b.ir.grids.push(ir::Grid {
        name: "grid".into(),
        scale: 0,
        stages: Vec::new(),
        rows: vec![
            row("installs", false, &threshold),
            row("group", false, &not_met),
            row("group.part", true, &preferred),
            row("level", false, &met),
            row("nothing", false, &nothing),
            row("doubt", false, &doubt),
        ],
        cites: Vec::new(),
    });
    b.run(|e| {
        let report = e.report(None).json();
        let keys: Vec<&String> = report.as_object().unwrap().keys().collect();
        assert_eq!(
            keys,
            [
                "format",
                "program",
                "version",
                "hash",
                "id",
                "as_of",
                "decisions",
                "requirements",
                "readings",
                "assumptions",
                "notes"
            ]
        );
        let low = &report["requirements"]["low"];
        assert_eq!(
            low["installs"],
            serde_json::json!({
                "result": "waived", "by": "transition", "otherwise": "not_met",
                "have": 3, "need": 5, "days_left": 77
            })
        );
        assert_eq!(low["group"], serde_json::json!({ "result": "not_met" }));
        assert_eq!(
            low["group.part"],
            serde_json::json!({ "result": "preferred_missing", "have": false, "need": "preferred" })
        );
        assert_eq!(
            low["level"],
            serde_json::json!({ "result": "met", "have": true, "need": "mandatory" })
        );
        assert!(low.get("nothing").is_none());
        // Met or waived: which of them is not known.
        assert_eq!(low["doubt"]["result"], "unknown");
        assert_eq!(low["doubt"]["needs"].as_array().unwrap().len(), 1);
    });
}

#[test]
fn grants_lift_one_row_for_one_tier_while_they_last() {
    let mut b = Build::new();
    let field = |name: &str, ty| Field {
        name: name.into(),
        ty,
        range: None,
        kind: ir::FactKind::Given,
        absent: None,
    };
    let tier = Type::Optional(Box::new(Type::Enum(0)));
    b.ir.records.push(Record {
        name: "Grant".into(),
        fields: vec![
            field("requirement", Type::Text),
            field("tier", tier),
            field("reason", Type::Text),
            field("by", Type::Text),
            field("from", Type::Date),
            field("through", Type::Date),
        ],
        dated: None,
    });
    let text = |text: &str| Outcome::Known(Value::Text(text.into()));
    let grant = |row: &str, tier: Outcome, through: Date| {
        record(vec![
            text(row),
            tier,
            text("r"),
            text("b"),
            on(day(2026, 1, 1)),
            on(through),
        ])
    };
    let grants = list(vec![
        grant("reviews", Outcome::Known(Value::Enum(1)), today()),
        grant("rating", none(), day(2026, 10, 14)),
    ]);
    let ty = Type::List(Box::new(Type::Record(0)));
    b.fact("grants", ty.clone(), Some(grants));
    b.fact("no_grants", ty, None);
    let mut granted = |fact, row: &str, tier| {
        let row = row.to_string();
        b.bool(Op::Granted { fact, row, tier })
    };
    let (lifted, other_tier) = (granted(0, "reviews", 1), granted(0, "reviews", 2));
    let (over, absent) = (granted(0, "rating", 1), granted(1, "reviews", 1));
    b.run(|e| {
        assert_eq!(e.node(lifted), truth(true));
        assert_eq!(e.node(other_tier), truth(false));
        assert_eq!(e.node(over), truth(false));
        assert_eq!(e.node(absent), truth(false));
    });
}
