//! Facts by the types a program declares: all of them, some of them, and what may still be learned.

use super::plain::{day_of, written_day};
use super::run::Random;
use polc_runtime::ir::{Const, FactKind, Field, Op, Program, Range, Record, Type};
use serde_json::{Map, Value as Json, json};

/// Makes facts near what a program compares them with.
pub struct Given<'p> {
    program: &'p Program,
    pub random: Random,
    /// The day asked about.
    as_of: i64,
    /// The numbers the program names, with their types.
    numbers: Vec<(Type, String)>,
    /// The days the program names.
    days: Vec<i64>,
    /// Rows and tiers that grants may name.
    granted: Vec<(String, String)>,
    /// The facts that hold them.
    grants: Vec<String>,
    /// At most so many items in a list.
    pub longest: u64,
}

impl<'p> Given<'p> {
    pub fn new(program: &'p Program, random: Random, as_of: i64) -> Given<'p> {
        let (mut numbers, mut days, mut granted) = (Vec::new(), Vec::new(), Vec::new());
        let mut grants = Vec::new();
        for node in &program.nodes {
            match &node.op {
                Op::Const(Const::Number(number)) => {
                    numbers.push((node.ty.clone(), number.to_string()))
                }
                Op::Const(Const::Date(date)) => days.extend(day_of(&date.to_string())),
                Op::InForce(period) => {
                    let ends = [period.from, period.before].into_iter().flatten();
                    days.extend(ends.filter_map(|date| day_of(&date.to_string())));
                }
                Op::Granted { fact, row, tier } => {
                    grants.push(program.facts[*fact as usize].name.clone());
                    let grid = program
                        .grids
                        .iter()
                        .find(|grid| grid.rows.iter().any(|one| one.name == *row));
                    let tiers = grid.map(|grid| &program.enums[grid.scale as usize].values);
                    let tier = tiers.and_then(|tiers| tiers.get(*tier as usize));
                    granted.extend(tier.map(|tier| (row.clone(), tier.clone())));
                }
                _ => {}
            }
        }
        Given {
            program,
            random,
            as_of,
            numbers,
            days,
            granted,
            grants,
            longest: 4,
        }
    }

    fn date(&mut self) -> i64 {
        match self.random.below(10) {
            0 | 1 => self.as_of + self.random.within(-2, 2),
            2 if !self.days.is_empty() => *self.random.pick(&self.days) + self.random.within(-1, 1),
            3 => self.as_of + self.random.within(1, 400),
            _ => self.as_of - self.random.within(0, 500),
        }
    }

    fn number(&mut self, ty: &Type, range: Option<&Range>) -> Json {
        let whole = |end: &Option<_>, number: &dyn Fn(&_) -> String| -> Option<i64> {
            end.as_ref()
                .and_then(|end| number(end).split(['.', '/']).next()?.parse().ok())
        };
        let text = |number: &dyn ToString| number.to_string();
        let low = range.and_then(|range| whole(&range.low, &|n| text(n)));
        let high = range.and_then(|range| whole(&range.high, &|n| text(n)));
        let near: Vec<i64> = self
            .numbers
            .iter()
            .filter(|(of, _)| of == ty)
            .filter_map(|(_, number)| number.split(['.', '/']).next()?.parse().ok())
            .collect();
        let mut drawn = if near.is_empty() || self.random.chance(30) {
            self.random.within(-3, 12)
        } else {
            *self.random.pick(&near) + self.random.within(-1, 1)
        };
        drawn = high.map_or(drawn, |high| drawn.min(high));
        drawn = low.map_or(drawn, |low| drawn.max(low));
        let parts = matches!(ty, Type::Decimal | Type::Percent | Type::Money);
        if parts && self.random.chance(30) && high.is_none_or(|high| drawn < high) {
            let cents = self.random.pick(&["01", "25", "5", "99"]);
            return match drawn {
                0.. => json!(format!("{drawn}.{cents}")),
                _ => json!(drawn),
            };
        }
        json!(drawn)
    }

    /// A value of a type.
    pub fn value(&mut self, ty: &Type, range: Option<&Range>) -> Json {
        let program = self.program;
        match ty {
            Type::Bool => json!(self.random.chance(60)),
            Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
                self.number(ty, range)
            }
            Type::Date => json!(written_day(self.date())),
            Type::Text => json!(self.random.pick(&["a", "b", "c", ""])),
            Type::Enum(id) => json!(self.random.pick(&program.enums[*id as usize].values)),
            Type::Optional(inner) => match self.random.chance(25) {
                true => Json::Null,
                false => self.value(inner, range),
            },
            Type::List(inner) => {
                let long = self.random.below(self.longest + 1);
                (0..long).map(|_| self.value(inner, range)).collect()
            }
            Type::Set(inner) => {
                let mut items: Vec<Json> = Vec::new();
                for _ in 0..self.random.below(4) {
                    let item = self.value(inner, range);
                    if !items.contains(&item) {
                        items.push(item);
                    }
                }
                Json::Array(items)
            }
            Type::Record(id) => {
                let record = &program.records[*id as usize];
                let mut object = Map::new();
                for field in &record.fields {
                    if let Some(value) = self.field(field) {
                        object.insert(field.name.clone(), value);
                    }
                }
                self.straighten(record, &mut object, &[]);
                Json::Object(object)
            }
        }
    }

    /// A value for a field; a judgement is not always recorded.
    fn field(&mut self, field: &Field) -> Option<Json> {
        match field.kind {
            FactKind::Judgement { .. } => self.judged(&field.ty),
            FactKind::Given | FactKind::Event => {
                let left_out = field.absent.is_some() && self.random.chance(40);
                (!left_out).then(|| self.value(&field.ty, field.range.as_ref()))
            }
        }
    }

    fn judged(&mut self, ty: &Type) -> Option<Json> {
        if self.random.chance(30) {
            return None;
        }
        let value = self.value(ty, None);
        Some(match self.random.chance(30) {
            true => json!({ "value": value, "by": "board", "on": written_day(self.date()) }),
            false => value,
        })
    }

    /// A period does not end before it begins, and a grant names a row; `kept` are not changed for it.
    fn straighten(&mut self, record: &Record, object: &mut Map<String, Json>, kept: &[String]) {
        let ends = ["from", "through"];
        let is_period = record.fields.len() == 2
            && record
                .fields
                .iter()
                .all(|field| ends.contains(&field.name.as_str()));
        let is_grant = record
            .fields
            .iter()
            .any(|field| field.name == "requirement");
        if is_grant
            && let Some((row, tier)) =
                (!self.granted.is_empty()).then(|| self.random.pick(&self.granted).clone())
        {
            object.insert("requirement".to_owned(), json!(row));
            if !object.get("tier").is_none_or(Json::is_null) {
                object.insert("tier".to_owned(), json!(tier));
            }
        }
        if (is_period || is_grant)
            && let (Some(from), Some(through)) =
                (object["from"].as_str(), object["through"].as_str())
            && from > through
        {
            let (from, through) = (json!(from), json!(through));
            if kept.is_empty() {
                object.insert("from".to_owned(), through);
                object.insert("through".to_owned(), from);
            } else {
                let learned = if kept.iter().any(|name| name == "from") {
                    "through"
                } else {
                    "from"
                };
                object.insert(learned.to_owned(), Json::Null);
            }
        }
    }

    /// Every fact; a judgement, and a fact that has a value without being given, not always.
    pub fn facts(&mut self) -> Map<String, Json> {
        let mut facts = Map::new();
        for fact in &self.program.facts {
            let value = match fact.kind {
                FactKind::Judgement { .. } => self.judged(&fact.ty),
                FactKind::Given | FactKind::Event => {
                    let optional =
                        fact.derived.is_some() || fact.assume.is_some() || self.grants(&fact.name);
                    let given = !optional || self.random.chance(40);
                    given.then(|| self.value(&fact.ty, fact.range.as_ref()))
                }
            };
            facts.extend(value.map(|value| (fact.name.clone(), value)));
        }
        facts
    }

    /// The same facts with a value for what is otherwise computed.
    pub fn with_derived(&mut self, facts: &Map<String, Json>) -> Map<String, Json> {
        let mut more = facts.clone();
        for fact in &self.program.facts {
            if fact.derived.is_some() && !more.contains_key(&fact.name) {
                let value = self.value(&fact.ty, fact.range.as_ref());
                more.insert(fact.name.clone(), value);
            }
        }
        more
    }

    /// The same facts with a value for what is otherwise assumed.
    pub fn with_assumed(&mut self, facts: &Map<String, Json>) -> Map<String, Json> {
        let mut more = facts.clone();
        for fact in &self.program.facts {
            let assumed = fact.assume.is_some() || self.grants(&fact.name);
            if assumed && !more.contains_key(&fact.name) {
                let value = self.value(&fact.ty, fact.range.as_ref());
                more.insert(fact.name.clone(), value);
            }
        }
        more
    }

    /// Whether a fact holds grants.
    fn grants(&self, name: &str) -> bool {
        self.grants.iter().any(|one| one == name)
    }

    /// Whether learning a fact is learning something that was missing.
    fn missable(&self, at: usize) -> bool {
        let fact = &self.program.facts[at];
        let judged = matches!(fact.kind, FactKind::Judgement { .. });
        !judged && fact.derived.is_none() && fact.assume.is_none() && !self.grants(&fact.name)
    }

    /// Facts of few values, with every value of each.
    pub fn of_few_values(&self) -> Vec<(String, Vec<Json>)> {
        let few = (0..self.program.facts.len())
            .filter(|at| self.missable(*at))
            .filter_map(|at| {
                let fact = &self.program.facts[at];
                Some((
                    fact.name.clone(),
                    self.all_values(&fact.ty, fact.range.as_ref())?,
                ))
            });
        few.collect()
    }

    fn all_values(&self, ty: &Type, range: Option<&Range>) -> Option<Vec<Json>> {
        match ty {
            Type::Bool => Some(vec![json!(false), json!(true)]),
            Type::Enum(id) => {
                let values = &self.program.enums[*id as usize].values;
                Some(values.iter().map(|value| json!(value)).collect())
            }
            Type::Int => {
                let (low, high) = (range?.low?.to_i64()?, range?.high?.to_i64()?);
                (high - low < 6).then(|| (low..=high).map(|value| json!(value)).collect())
            }
            Type::Optional(inner) => {
                let mut values = self.all_values(inner, range)?;
                values.push(Json::Null);
                Some(values)
            }
            _ => None,
        }
    }

    /// The same facts without some of them, and without some fields of the others.
    pub fn fewer(&mut self, facts: &Map<String, Json>, percent: u64) -> Map<String, Json> {
        let mut fewer = Map::new();
        for (at, fact) in self.program.facts.iter().enumerate() {
            let Some(value) = facts.get(&fact.name) else {
                continue;
            };
            if !self.missable(at) {
                fewer.insert(fact.name.clone(), value.clone());
            } else if !self.random.chance(percent) {
                let mut value = value.clone();
                if self.random.chance(percent * 2) {
                    self.forget(&fact.ty, &mut value);
                }
                fewer.insert(fact.name.clone(), value);
            }
        }
        fewer
    }

    fn forget(&mut self, ty: &Type, value: &mut Json) {
        match (ty, value) {
            (Type::Optional(inner), value) => self.forget(inner, value),
            (Type::List(inner), Json::Array(items)) => {
                for item in items {
                    self.forget(inner, item);
                }
            }
            (Type::Record(id), Json::Object(object)) => {
                for field in &self.program.records[*id as usize].fields {
                    if fixed(field) || field.name == "requirement" {
                        continue;
                    }
                    if self.random.chance(20) {
                        object.shift_remove(&field.name);
                    } else if let Some(value) = object.get_mut(&field.name) {
                        self.forget(&field.ty, value);
                    }
                }
            }
            _ => {}
        }
    }

    /// The same facts with a value for everything that is missing.
    pub fn completed(&mut self, facts: &Map<String, Json>) -> Map<String, Json> {
        let mut more = Map::new();
        for (at, fact) in self.program.facts.iter().enumerate() {
            let value = match facts.get(&fact.name) {
                Some(value) => {
                    let mut value = value.clone();
                    self.complete(&fact.ty, &mut value);
                    Some(value)
                }
                None => self
                    .missable(at)
                    .then(|| self.value(&fact.ty, fact.range.as_ref())),
            };
            more.extend(value.map(|value| (fact.name.clone(), value)));
        }
        more
    }

    fn complete(&mut self, ty: &Type, value: &mut Json) {
        match (ty, value) {
            (Type::Optional(inner), value) => self.complete(inner, value),
            (Type::List(inner), Json::Array(items)) => {
                for item in items {
                    self.complete(inner, item);
                }
            }
            (Type::Record(id), Json::Object(object)) => {
                let record = &self.program.records[*id as usize];
                let kept: Vec<String> = object.keys().cloned().collect();
                for field in &record.fields {
                    match object.get_mut(&field.name) {
                        Some(value) if !fixed(field) => self.complete(&field.ty, value),
                        Some(_) => {}
                        None if fixed(field) => {}
                        None => {
                            let value = self.value(&field.ty, field.range.as_ref());
                            object.insert(field.name.clone(), value);
                        }
                    }
                }
                if kept.len() < object.len() && !kept.iter().any(|name| name == "requirement") {
                    self.straighten(record, object, &kept);
                }
            }
            _ => {}
        }
    }
}

/// Whether leaving a field out has a meaning of its own: a judgement is not made, or the declaration says what it means.
fn fixed(field: &Field) -> bool {
    matches!(field.kind, FactKind::Judgement { .. }) || field.absent.is_some()
}
