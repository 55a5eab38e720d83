//! Edits to the programs that are processes: deadlines, surveys, marks and sanctions. Each shows both sides of the
//! boundary, and that what was settled before the edit's first day stays settled.

mod accreditation;
mod conduct;
mod connect;

use crate::harness::{
    ACCREDITATION, CONDUCT, CONNECT, Files, changed, day, decision, errors, evaluate, expect,
    shipped,
};
use polc::diagnostics::Code;
use polc_runtime::Program;
use serde_json::{Value as Json, json};

const STAGES: &str = "policies/connect/stages.pol";
const CERTIFICATION: &str = "policies/connect/certification.pol";
const MARKS: &str = "policies/accreditation/marks.pol";
const REVIEW: &str = "policies/accreditation/review.pol";
const RENEWAL: &str = "policies/accreditation/renewal.pol";
const READINGS: &str = "policies/accreditation/readings.pol";
const SANCTIONS: &str = "policies/conduct/consequences.pol";
const ACTIONS: &str = "policies/shared/solutions.pol";
