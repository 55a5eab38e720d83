//! Results as JSON, and values as words.

use crate::eval::algebra::{
    error_inside, join_deep, nothing_missing, open_inside, row_not_applicable,
};
use crate::eval::{CellOutcome, CellResult, Evaluation, plain};
use crate::facts::leaf_text;
use crate::ir::{self, DefinitionKind, FactKind, Type};
use crate::value::{Date, Item, Leaf, List, Number, Open, Outcome, Presence, Value};
use serde_json::{Map, Value as Json, json};

/// The version of the result format.
pub const RESULT_FORMAT: u32 = 2;

/// Digits after the point that a currency always shows.
pub fn minor_digits(currency: &str) -> usize {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A value of a type as JSON. A part of a list or record that is not a known value stands in it as its
/// own outcome; items that may not be in a list at all are left out.
pub fn value_json(program: &ir::Program, ty: &Type, value: &Value) -> Json {
    match (value, plain(ty)) {
        (Value::None, _) => Json::Null,
        (Value::Bool(value), _) => Json::Bool(*value),
        (Value::Number(number), Type::Int | Type::Days | Type::Months) => match number.to_i64() {
            Some(whole) => Json::from(whole),
            None => Json::String(number.render(0)),
        },
        (Value::Number(number), ty) => Json::String(number_text(program, ty, *number)),
        (Value::Date(date), _) => Json::String(date.to_string()),
        (Value::Enum(index), ty) => Json::String(enum_name(program, ty, *index)),
        (Value::Text(text), _) => Json::String(text.to_string()),
        (Value::List(list), ty) => {
            let inner = item_type(ty);
            let shown = |item: &Item| match &item.presence {
                Presence::Certain => Some(part_json(program, inner, &item.value)),
                Presence::Error(because) => Some(because_json("error", because)),
                Presence::NotApplicable(because) => Some(because_json("not_applicable", because)),
                Presence::Open(_) => None,
            };
            list.items.iter().filter_map(shown).collect()
        }
        (Value::Record(fields), ty) => {
            let Some(record) = record_of(program, ty) else {
                return Json::Null;
            };
            let mut object = Map::new();
            for (field, value) in record.fields.iter().zip(fields.iter()) {
                let json = part_json(program, &field.ty, value);
                object.insert(field.name.clone(), json);
            }
            Json::Object(object)
        }
    }
}

/// A part of a list or record: its value, or its outcome where that is not a value.
fn part_json(program: &ir::Program, ty: &Type, part: &Outcome) -> Json {
    match part {
        // Its own parts tell what is missing or wrong in it.
        Outcome::Known(value @ Value::Record(_)) => value_json(program, ty, value),
        Outcome::Known(value) if is_settled(part) => value_json(program, ty, value),
        other => outcome_json(program, ty, other),
    }
}

/// Whether nothing is missing in an outcome, nothing is an error, and no row is not applicable.
fn is_settled(outcome: &Outcome) -> bool {
    let mut needs = Open::default();
    join_deep(&mut needs, outcome);
    let whole = match outcome {
        Outcome::Known(value) => row_not_applicable(value).is_none(),
        _ => false,
    };
    whole && nothing_missing(&needs) && error_inside(outcome).is_none()
}

fn because_json(status: &str, because: &str) -> Json {
    json!({ "status": status, "because": because })
}

/// An outcome in words, for notes and explanations.
pub fn plain_text(program: &ir::Program, ty: &Type, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Known(value) => match value_json(program, ty, value) {
            Json::Null => "none".to_string(),
            Json::Bool(true) => "yes".to_string(),
            Json::Bool(false) => "no".to_string(),
            Json::String(text) => text,
            other => other.to_string(),
        },
        Outcome::Open(needs) if needs.facts.is_empty() => "not decided".to_string(),
        Outcome::Open(_) => "unknown".to_string(),
        Outcome::NotApplicable(because) => format!("not applicable ({because})"),
        Outcome::Error(because) => format!("error ({because})"),
    }
}

fn number_text(program: &ir::Program, ty: &Type, number: Number) -> String {
    match ty {
        Type::Money => number.render(minor_digits(&program.currency)),
        _ => number.render(0),
    }
}

fn enum_name(program: &ir::Program, ty: &Type, index: u32) -> String {
    let Type::Enum(id) = ty else {
        return index.to_string();
    };
    let values = program.enums.get(*id as usize).map(|e| &e.values);
    values
        .and_then(|values| values.get(index as usize))
        .cloned()
        .unwrap_or_else(|| index.to_string())
}

fn record_of<'p>(program: &'p ir::Program, ty: &Type) -> Option<&'p ir::Record> {
    match ty {
        Type::Record(id) => program.records.get(*id as usize),
        _ => None,
    }
}

fn item_type(ty: &Type) -> &Type {
    match plain(ty) {
        Type::List(inner) | Type::Set(inner) => inner,
        other => other,
    }
}

/// An outcome of a type as the result's JSON object: its status and what goes with it.
///
/// A list or record is known when every part is known or not applicable. With an open part it is
/// open, else with an error an error; what is known of its parts is shown all the same.
pub fn outcome_json(program: &ir::Program, ty: &Type, outcome: &Outcome) -> Json {
    let mut object = Map::new();
    let mut needs = Open::default();
    join_deep(&mut needs, outcome);
    match outcome {
        Outcome::NotApplicable(because) => return because_json("not_applicable", because),
        Outcome::Error(because) => return because_json("error", because),
        _ if open_inside(outcome) => {
            needs_json(program, &needs, &mut object);
            known_of_open(program, ty, outcome, &mut object);
            limits_json(program, ty, outcome, &mut object);
        }
        Outcome::Known(value) => {
            if let Some(because) = row_not_applicable(value) {
                return because_json("not_applicable", &because);
            }
            match error_inside(outcome) {
                Some(because) => {
                    object.insert("status".into(), json!("error"));
                    object.insert("because".into(), json!(because.as_ref()));
                }
                None => {
                    object.insert("status".into(), json!("known"));
                }
            }
            object.insert("value".into(), value_json(program, ty, value));
        }
        Outcome::Open(_) => {}
    }
    Json::Object(object)
}

/// What is known of an open answer: the items of a list, the parts of a record, how low and how high
/// a value on a scale may be.
fn known_of_open(
    program: &ir::Program,
    ty: &Type,
    outcome: &Outcome,
    object: &mut Map<String, Json>,
) {
    match (outcome, plain(ty)) {
        (Outcome::Known(Value::List(list)), _) => {
            let (certain, possible) = split(program, item_type(ty), list);
            object.insert("certain".into(), certain);
            object.insert("possible".into(), possible);
        }
        (Outcome::Known(value), _) => {
            object.insert("value".into(), value_json(program, ty, value));
        }
        // Nothing is known of the set: every value of its enumeration is possible.
        (_, Type::Set(inner)) if matches!(plain(inner), Type::Enum(_)) => {
            object.insert("certain".into(), json!([]));
            let values = match plain(inner) {
                Type::Enum(id) => program.enums.get(*id as usize).map(|e| &e.values),
                _ => None,
            };
            object.insert("possible".into(), json!(values));
        }
        // Anything is possible, which no list can say.
        (_, Type::List(_) | Type::Set(_)) => {
            object.insert("certain".into(), json!([]));
        }
        (Outcome::Open(open), Type::Enum(id)) => {
            let Some(scale) = program.enums.get(*id as usize).filter(|e| e.ordered) else {
                return;
            };
            let at = |end: Option<Number>, otherwise: usize| {
                let index = end
                    .and_then(Number::to_i64)
                    .and_then(|at| usize::try_from(at).ok());
                json!(scale.values.get(index.unwrap_or(otherwise)))
            };
            let may_be_none = matches!(ty, Type::Optional(_)) && !open.not_none;
            let low = if may_be_none {
                Json::Null
            } else {
                at(open.bounds.low, 0)
            };
            object.insert("at_least".into(), low);
            let last = scale.values.len().saturating_sub(1);
            object.insert("at_most".into(), at(open.bounds.high, last));
        }
        _ => {}
    }
}

/// The status of an open answer with what it needs.
fn needs_json(program: &ir::Program, needs: &Open, object: &mut Map<String, Json>) {
    if needs.facts.is_empty() && needs.because.is_empty() && !needs.judgements.is_empty() {
        object.insert("status".into(), json!("needs_decision"));
    } else {
        object.insert("status".into(), json!("unknown"));
        object.insert("needs".into(), leaves_json(program, needs));
    }
    object.insert("judgements".into(), judgements_json(program, needs));
    if !needs.because.is_empty() {
        let because: Vec<&str> = needs.because.iter().map(AsRef::as_ref).collect();
        object.insert("because".into(), json!(because.join("; ")));
    }
}

/// Between which limits an answer lies that no fact would settle.
fn limits_json(
    program: &ir::Program,
    ty: &Type,
    outcome: &Outcome,
    object: &mut Map<String, Json>,
) {
    let Outcome::Open(open) = outcome else { return };
    if open.because.is_empty() {
        return;
    }
    for (name, bound) in [("at_least", open.bounds.low), ("at_most", open.bounds.high)] {
        let Some(bound) = bound else { continue };
        let value = match plain(ty) {
            Type::Date => bound
                .to_i64()
                .and_then(|days| i32::try_from(days).ok())
                .and_then(Date::from_days)
                .map(Value::Date),
            Type::Int | Type::Decimal | Type::Percent | Type::Money | Type::Days | Type::Months => {
                Some(Value::Number(bound))
            }
            _ => None,
        };
        if let Some(value) = value {
            object.insert(name.into(), value_json(program, ty, &value));
        }
    }
}

/// The paths of missing facts, in declaration order.
fn leaves_json(program: &ir::Program, needs: &Open) -> Json {
    needs
        .facts
        .iter()
        .map(|leaf| Json::String(leaf_text(program, leaf)))
        .collect()
}

/// The judgements that are not recorded: who decides and what is permitted.
fn judgements_json(program: &ir::Program, needs: &Open) -> Json {
    needs
        .judgements
        .iter()
        .map(|leaf| judgement_json(program, leaf))
        .collect()
}

fn judgement_json(program: &ir::Program, leaf: &Leaf) -> Json {
    let Some((ty, kind)) = ir::input(program, leaf) else {
        return Json::Null;
    };
    let by = match kind {
        FactKind::Judgement { by } => by.as_str(),
        _ => "",
    };
    let permitted: Json = match plain(ty) {
        Type::Bool => json!([true, false]),
        Type::Enum(enumeration) => match program.enums.get(*enumeration as usize) {
            Some(enumeration) => json!(enumeration.values),
            None => json!([]),
        },
        _ => json!([]),
    };
    json!({ "judgement": leaf_text(program, leaf), "by": by, "permitted": permitted })
}

/// The items of an open list that are certain, and those that are possible besides.
fn split(program: &ir::Program, inner: &Type, list: &List) -> (Json, Json) {
    let (mut certain, mut possible) = (Vec::new(), Vec::new());
    for item in &list.items {
        let mut missing = Open::default();
        join_deep(&mut missing, &item.value);
        let json = part_json(program, inner, &item.value);
        match &item.presence {
            Presence::Certain if nothing_missing(&missing) => certain.push(json),
            Presence::Certain | Presence::Open(_) => possible.push(json),
            Presence::NotApplicable(because) => {
                possible.push(because_json("not_applicable", because));
            }
            Presence::Error(because) => possible.push(because_json("error", because)),
        }
    }
    (Json::Array(certain), Json::Array(possible))
}

impl Evaluation<'_> {
    /// The whole result as JSON; with `only`, just those definitions and no requirements.
    pub fn report(&mut self, only: Option<&[String]>) -> Json {
        let program = self.program().ir();
        let mut decisions = Map::new();
        let mut roots = Vec::new();
        for definition in &program.definitions {
            let asked = match only {
                Some(names) => names.contains(&definition.name),
                None => definition.kind == DefinitionKind::Decision,
            };
            if asked {
                let outcome = self.node(definition.node);
                roots.push(definition.node);
                let ty = &definition.ty;
                decisions.insert(definition.name.clone(), outcome_json(program, ty, &outcome));
            }
        }
        let requirements = match only {
            None => self.requirements(),
            Some(_) => Map::new(),
        };
        let readings: Map<String, Json> = self
            .readings()
            .into_iter()
            .filter_map(|(id, alternative)| {
                let reading = program.readings.get(id as usize)?;
                let name = reading.alternatives.get(alternative as usize)?;
                Some((reading.name.clone(), json!(name)))
            })
            .collect();
        let assumptions: Json = self
            .standing(&roots, only.is_none())
            .into_iter()
            .filter_map(|id| program.facts.get(id as usize))
            .map(|fact| json!(fact.name))
            .collect();
        let notes = self.notes();
        let mut result = Map::new();
        result.insert("format".into(), json!(RESULT_FORMAT));
        result.insert("program".into(), json!(program.name));
        result.insert("version".into(), json!(program.version));
        result.insert("hash".into(), json!(program.hash));
        result.insert("id".into(), json!(self.facts().id()));
        result.insert("as_of".into(), json!(self.as_of().to_string()));
        result.insert("decisions".into(), Json::Object(decisions));
        result.insert("requirements".into(), Json::Object(requirements));
        result.insert("readings".into(), Json::Object(readings));
        result.insert("assumptions".into(), assumptions);
        result.insert("notes".into(), json!(notes));
        Json::Object(result)
    }

    /// By tier, the cells of every row that asks something of it.
    pub fn requirements(&mut self) -> Map<String, Json> {
        let program = self.program().ir();
        let mut tiers: Map<String, Json> = Map::new();
        for (grid_at, grid) in program.grids.iter().enumerate() {
            let Some(scale) = program.enums.get(grid.scale as usize) else {
                continue;
            };
            for (tier_at, tier) in scale.values.iter().enumerate() {
                let mut rows = match tiers.get_mut(tier) {
                    Some(Json::Object(rows)) => std::mem::take(rows),
                    _ => Map::new(),
                };
                for (row_at, row) in grid.rows.iter().enumerate() {
                    let Some(cell) = self.cell(grid_at, row_at, tier_at) else {
                        continue;
                    };
                    if cell.result == CellResult::NotRequired {
                        continue;
                    }
                    let prefix = format!("{}.", row.name);
                    let group = !row.child
                        && grid
                            .rows
                            .get(row_at + 1)
                            .is_some_and(|next| next.child && next.name.starts_with(&prefix));
                    let types = row.cells.get(tier_at).map(|cell| {
                        let ty = |node: Option<u32>| {
                            node.and_then(|node| program.nodes.get(node as usize))
                                .map(|n| &n.ty)
                        };
                        (ty(cell.have), ty(cell.need))
                    });
                    let json = self.cell_json(&cell, types.unwrap_or_default(), group);
                    let name = if rows.contains_key(&row.name) {
                        format!("{}.{}", grid.name, row.name)
                    } else {
                        row.name.clone()
                    };
                    rows.insert(name, json);
                }
                tiers.insert(tier.clone(), Json::Object(rows));
            }
        }
        tiers
    }

    fn cell_json(
        &self,
        cell: &CellOutcome,
        (have_ty, need_ty): (Option<&Type>, Option<&Type>),
        group: bool,
    ) -> Json {
        let program = self.program().ir();
        let mut object = Map::new();
        object.insert("result".into(), json!(cell.result.name()));
        if let Some(waived) = &cell.waived {
            object.insert("by".into(), json!(waived.by));
            object.insert("otherwise".into(), json!(waived.otherwise.name()));
        }
        if let (Some(ty), Some(Outcome::Known(have))) = (have_ty, &cell.have) {
            object.insert("have".into(), value_json(program, ty, have));
        }
        match (need_ty, &cell.need) {
            (Some(ty), Some(Outcome::Known(need))) => {
                object.insert("need".into(), value_json(program, ty, need));
            }
            _ if have_ty.is_none() && need_ty.is_none() && !group => {
                if let Some(Outcome::Known(have)) = &cell.have {
                    object.insert("have".into(), value_json(program, &Type::Bool, have));
                }
                let level = if cell.preferred {
                    "preferred"
                } else {
                    "mandatory"
                };
                object.insert("need".into(), json!(level));
            }
            _ => {}
        }
        if let Some(open) = &cell.open {
            if cell.result == CellResult::Unknown {
                object.insert("needs".into(), leaves_json(program, open));
            }
            object.insert("judgements".into(), judgements_json(program, open));
        }
        if let Some(because) = &cell.because {
            object.insert("because".into(), json!(because.as_ref()));
        }
        if let Some(days) = cell
            .waived
            .as_ref()
            .and_then(|waived| self.days_left(waived))
        {
            object.insert(
                "days_left".into(),
                value_json(program, &Type::Days, &Value::Number(days)),
            );
        }
        Json::Object(object)
    }
}
