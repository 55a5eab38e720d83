//! Facts that fit, and with a small chance in each place something that may not.

use super::*;

/// Dates as people write them, most of them wrong.
pub(super) const DATES: [&str; 16] = [
    "2027-01-31",
    "2028-02-29",
    "2000-02-29",
    "0004-02-29",
    "0001-01-01",
    "9999-12-31",
    "2027-02-29",
    "1900-02-29",
    "0000-02-29",
    "0000-12-31",
    "2027-04-31",
    "2027-13-01",
    "2027-00-10",
    "2027-1-1",
    "20270101",
    "2027-01-01T00:00",
];

/// Numbers in strings, many of them wrong.
pub(super) const NUMBERS: [&str; 22] = [
    "0", "-0", "-0.00", "1", "01", "5", "5.0", "5.01", "4.99", "10", "11", "0.5", "-1", "-0.01",
    "100000", "3.", ".5", "", " 1", "1e3", "1,000", "$5",
];

/// Makes facts that fit, and with a small chance in each place something that may not.
pub(super) struct Maker<'p> {
    pub(super) program: &'p ir::Program,
    pub(super) random: Random,
    /// How often in a thousand values something else stands there.
    pub(super) odd: u64,
}

impl Maker<'_> {
    pub(super) fn odd(&mut self) -> bool {
        self.random.below(1000) < self.odd
    }

    pub(super) fn facts(&mut self) -> Json {
        let mut facts = Map::new();
        if self.random.chance(50) {
            facts.insert("id".into(), json!("someone"));
        }
        if self.random.chance(50) {
            let text = if self.odd() {
                *self.random.pick(&DATES)
            } else {
                "2027-06-30"
            };
            facts.insert("as_of".into(), json!(text));
        }
        if self.odd() {
            facts.insert("note".into(), json!(["anything", 1]));
        }
        if self.odd() {
            facts.insert("no_such_fact".into(), json!(1));
        }
        for fact in &self.program.facts {
            if self.random.chance(60) {
                continue;
            }
            let mut value = self.input(&fact.ty, fact.range.as_ref(), &fact.kind);
            if let Some(grid) = &fact.grants {
                self.name_rows(grid, &mut value);
            }
            facts.insert(fact.name.clone(), value);
        }
        Json::Object(facts)
    }

    /// Grants for rows there are, or nearly, that last at least a day.
    pub(super) fn name_rows(&mut self, grid: &str, value: &mut Json) {
        let grid = self
            .program
            .grids
            .iter()
            .find(|known| known.name == grid)
            .unwrap();
        let names: Vec<String> = grid.rows.iter().map(|row| row.name.clone()).collect();
        for item in value.as_array_mut().into_iter().flatten() {
            let Some(grant) = item.as_object_mut() else {
                continue;
            };
            if grant.contains_key("requirement") && !self.odd() {
                grant.insert("requirement".into(), json!(self.random.pick(&names)));
            }
            // The order of two days no schema can say.
            if let (Some(Json::String(from)), Some(Json::String(through))) =
                (grant.get("from"), grant.get("through"))
                && through < from
            {
                let from = from.clone();
                grant.insert("through".into(), json!(from));
            }
        }
    }

    pub(super) fn input(&mut self, ty: &Type, range: Option<&ir::Range>, kind: &FactKind) -> Json {
        if !matches!(kind, FactKind::Judgement { .. }) {
            return self.value(ty, range);
        }
        match self.random.below(5) {
            0 => Json::Null,
            1 | 2 => self.value(ty, range),
            _ => {
                let mut parts = Map::new();
                if !self.odd() {
                    let value = if self.random.chance(10) {
                        Json::Null
                    } else {
                        self.value(ty, range)
                    };
                    parts.insert("value".into(), value);
                }
                if self.random.chance(50) {
                    let by = *self.random.pick(&["a board", "someone"]);
                    parts.insert("by".into(), if self.odd() { json!(7) } else { json!(by) });
                }
                if self.random.chance(50) {
                    let on = self.value(&Type::Date, None);
                    parts.insert(
                        "on".into(),
                        if self.random.chance(10) {
                            Json::Null
                        } else {
                            on
                        },
                    );
                }
                if self.odd() {
                    parts.insert("why".into(), json!("because"));
                }
                Json::Object(parts)
            }
        }
    }

    pub(super) fn value(&mut self, ty: &Type, range: Option<&ir::Range>) -> Json {
        if self.odd() {
            return match self.random.below(9) {
                0 => Json::Null,
                1 => json!(true),
                2 => json!(self.random.within(-2, 120)),
                3 => json!(self.random.within(-300, 1200) as f64 / 100.0),
                4 => json!(*self.random.pick(&DATES)),
                5 => json!(*self.random.pick(&NUMBERS)),
                6 => json!([]),
                7 => json!({}),
                _ => json!("some text"),
            };
        }
        match ty {
            Type::Optional(_) if self.random.chance(25) => Json::Null,
            Type::Optional(inner) => self.value(inner, range),
            Type::Bool => json!(self.random.chance(50)),
            Type::Text => json!(*self.random.pick(&["a", "b", "acme"])),
            Type::Date => {
                let day = self.random.within(19_000, 22_000);
                let day = polc_runtime::value::Date::from_days(day as i32).unwrap();
                json!(day.to_string())
            }
            Type::Enum(id) => {
                let values = &self.program.enums[*id as usize].values;
                json!(self.random.pick(values))
            }
            Type::List(inner) | Type::Set(inner) => {
                let count = self.random.below(4);
                Json::Array((0..count).map(|_| self.value(inner, range)).collect())
            }
            Type::Record(id) => {
                let program = self.program;
                let mut parts = Map::new();
                for field in &program.records[*id as usize].fields {
                    if self.random.chance(80) {
                        let value = self.input(&field.ty, field.range.as_ref(), &field.kind);
                        parts.insert(field.name.clone(), value);
                    }
                }
                if self.odd() {
                    parts.insert("no_such_field".into(), json!(1));
                }
                Json::Object(parts)
            }
            Type::Int | Type::Days | Type::Months => self.number(range, false),
            Type::Decimal | Type::Percent | Type::Money => self.number(range, true),
        }
    }

    pub(super) fn number(&mut self, range: Option<&ir::Range>, exact: bool) -> Json {
        let end = |end: Option<polc_runtime::value::Number>, other: i64| {
            end.and_then(|end| end.to_i64()).unwrap_or(other)
        };
        let (low, high) = range.map_or((-5, 2000), |range| {
            (end(range.low, -5), end(range.high, 2000))
        });
        let whole = self.random.within(low, high);
        match self.random.below(4) {
            0 => json!(whole.to_string()),
            1 if exact => json!(format!("{whole}.{}", if whole == high { 0 } else { 25 })),
            2 if exact && low >= -5 && high == 2000 && whole > 0 => json!(format!("{whole}/3")),
            3 if exact && whole > low && whole < high => json!(whole as f64 + 0.5),
            _ => json!(whole),
        }
    }
}
