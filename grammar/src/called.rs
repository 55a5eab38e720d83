//! How messages call each rule of the grammar.

use std::sync::OnceLock;

use crate::{Rule, Rule as R};

/// How a rule is called where it may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Called {
    /// By its word or sign.
    Word(&'static str),
    /// By a word that begins a value.
    ValueWord(&'static str),
    /// An operator, or a word that goes on with a value.
    Operator,
    /// By what it is: "a value".
    Kind(&'static str),
    /// Not at all: what it consists of is called instead.
    Nothing,
}

use Called::{Kind, Nothing, Operator, ValueWord, Word};

/// How each rule is called in "expected …".
const CALLED: &[(&[Rule], Called)] = &[
    (
        &[
            R::r#type,
            R::list_type,
            R::set_type,
            R::record_type,
            R::named_type,
            R::typed,
        ],
        Kind("a type"),
    ),
    (&[R::k_colon], Word(":")),
    (&[R::k_bar], Word("|")),
    (&[R::k_comma], Word(",")),
    (&[R::k_equals], Word("=")),
    (&[R::k_below], Word("<")),
    (&[R::k_to_end], Word("..")),
    (&[R::k_close], Word(")")),
    (&[R::k_close_brace], Word("}")),
    (&[R::k_close_list], Word("]")),
    (&[R::k_program], Word("program")),
    (&[R::k_version], Word("version")),
    (&[R::k_currency], Word("currency")),
    (&[R::k_module], Word("module")),
    (&[R::k_use], Word("use")),
    (&[R::k_source], Word("source")),
    (&[R::k_section], Word("section")),
    (&[R::k_left_out], Word("left out")),
    (&[R::k_enum], Word("enum")),
    (&[R::k_scale], Word("scale")),
    (&[R::k_record], Word("record")),
    (&[R::k_may_be_left_out], Word("may be left out")),
    (&[R::k_dated], Word("dated")),
    (&[R::k_fact], Word("fact")),
    (&[R::k_event], Word("event")),
    (&[R::k_assume], Word("assume")),
    (&[R::k_derived], Word("derived")),
    (&[R::k_judgement], Word("judgement")),
    (&[R::k_evidence], Word("evidence")),
    (&[R::k_value], Word("value")),
    (&[R::k_not_in_force_before], Word("not in force before")),
    (&[R::k_define], Word("define")),
    (&[R::k_decision], Word("decision")),
    (&[R::k_by_reading], Word("by reading")),
    (&[R::k_applies_when], Word("applies when")),
    (&[R::k_otherwise], Word("otherwise")),
    (&[R::k_requirements], Word("requirements")),
    (&[R::k_stage], Word("stage")),
    (&[R::k_preferred], Word("preferred")),
    (&[R::k_amend], Word("amend")),
    (&[R::k_add], Word("add")),
    (&[R::k_like], Word("like")),
    (&[R::k_except], Word("except")),
    (&[R::k_is], Word("is")),
    (&[R::k_waiver], Word("waiver")),
    (&[R::k_waives], Word("waives")),
    (&[R::k_grants], Word("grants")),
    (&[R::k_exception], Word("exception")),
    (&[R::k_prevails_over], Word("prevails over")),
    (&[R::k_table], Word("table")),
    (&[R::k_gives], Word("gives")),
    (&[R::k_arrow], Word("->")),
    (&[R::k_schedule], Word("schedule")),
    (&[R::k_on_day], Word("on day")),
    (&[R::k_every], Word("every")),
    (&[R::k_reading], Word("reading")),
    (&[R::k_chosen], Word("chosen")),
    (&[R::k_tests], Word("tests")),
    (&[R::k_given], Word("given")),
    (&[R::k_expect], Word("expect")),
    (&[R::k_note], Word("note")),
    (&[R::k_unknown], Word("unknown")),
    (&[R::k_needs_decision], Word("needs_decision")),
    (&[R::k_as_of], Word("as_of")),
    (&[R::k_lifecycle], Word("lifecycle")),
    (&[R::k_starts], Word("starts")),
    (&[R::k_keeps], Word("keeps")),
    (&[R::k_any_open_state], Word("any open state")),
    (&[R::k_state], Word("state")),
    (&[R::k_waits_for], Word("waits for")),
    (&[R::k_deadline], Word("deadline")),
    (&[R::k_unless], Word("unless")),
    (&[R::k_no_reentry], Word("no re-entry for")),
    (&[R::k_final], Word("final")),
    (&[R::k_on], Word("on")),
    (&[R::k_may], Word("may")),
    (&[R::k_late], Word("late")),
    (&[R::k_each_item], Word("each item")),
    (&[R::k_next_item], Word("next item")),
    (&[R::k_set], Word("set")),
    (&[R::k_obligations], Word("obligations")),
    (&[R::k_duty], Word("duty")),
    (&[R::k_due], Word("due")),
    (&[R::k_done], Word("done")),
    (&[R::k_order], Word("order")),
    (&[R::k_cite], Word("cite")),
    (&[R::k_from], Word("from")),
    (&[R::k_through], Word("through")),
    (&[R::k_before], Word("before")),
    (&[R::k_announced], Word("announced")),
    (&[R::k_under], Word("under")),
    (&[R::k_because], Word("because")),
    (&[R::k_when], Word("when")),
    (&[R::k_for], Word("for")),
    (&[R::k_in], Word("in")),
    (&[R::k_by], Word("by")),
    (&[R::k_to], Word("to")),
    (&[R::k_of], Word("of")),
    (&[R::k_and], Word("and")),
    (&[R::k_after], Word("after")),
    (&[R::k_then], Word("then")),
    (&[R::k_else], Word("else")),
    (&[R::k_give], Word("give")),
    (&[R::k_numbered], Word("numbered")),
    (&[R::k_with], Word("with")),
    (&[R::k_to_nearest], Word("to nearest")),
    (&[R::k_places], Word("places")),
    (&[R::k_then_by], Word("then by")),
    (&[R::k_on_or_after], Word("on or after")),
    (&[R::k_meeting], Word("meeting")),
    (&[R::k_at_stage], Word("at stage")),
    (&[R::k_list_of], Word("list of")),
    (&[R::k_set_of], Word("set of")),
    (&[R::k_where_result], Word("where result")),
    (&[R::k_and_otherwise], Word("and otherwise")),
    (&[R::k_open], ValueWord("(")),
    (&[R::k_open_brace], ValueWord("{")),
    (&[R::k_not_applicable], ValueWord("not applicable")),
    (&[R::k_any_of], ValueWord("any of")),
    (&[R::k_all_of], ValueWord("all of")),
    (&[R::k_none_of], ValueWord("none of")),
    (&[R::k_needs], ValueWord("needs")),
    (&[R::k_period], ValueWord("period")),
    (&[R::k_overlap_of], ValueWord("overlap of")),
    (&[R::k_days_of], ValueWord("days of")),
    (&[R::k_if], ValueWord("if")),
    (&[R::k_for_each], ValueWord("for each")),
    (&[R::k_at_least], ValueWord("at least")),
    (&[R::k_next], ValueWord("next")),
    (&[R::k_previous], ValueWord("previous")),
    (&[R::k_ever], ValueWord("ever")),
    (&[R::k_highest], ValueWord("highest")),
    (&[R::k_rows_of], ValueWord("rows of")),
    (&[R::k_numbers_from], ValueWord("numbers from")),
    (&[R::k_result_of], ValueWord("result of")),
    (
        &[
            R::k_overlaps,
            R::k_where,
            R::k_is_one_of,
            R::k_within,
            R::k_whole_months,
            R::k_as_of_words,
            R::k_sorted_by,
            R::k_sorted,
            R::k_grouped_by,
            R::k_followed_by,
        ],
        Operator,
    ),
    (
        &[R::word, R::dotted, R::path, R::words, R::rows],
        Kind("a name"),
    ),
    (
        &[
            R::name,
            R::number,
            R::percent,
            R::money,
            R::date,
            R::duration,
            R::boolean,
            R::nothing,
            R::expr,
            R::if_expr,
            R::for_each,
            R::short_test,
            R::comparison,
            R::operand,
            R::op_negate,
            R::tight,
            R::list,
            R::subject,
            R::parenthesised,
            R::item_field,
            R::list_literal,
            R::record_literal,
            R::call,
            R::call_name,
            R::group,
            R::quantified,
            R::quantifier,
            R::aggregate,
            R::pick,
            R::range_value,
            R::local_value,
            R::count,
            R::case_value,
            R::grid_cell,
            R::amended_cell,
            R::table_cell,
            R::tests,
            R::bound,
            R::cell_values,
            R::test_value,
        ],
        Kind("a value"),
    ),
    (&[R::clause_id], Kind("a clause")),
    (&[R::text], Kind("a text in quotes")),
    (
        &[
            R::op_or,
            R::op_and,
            R::op_not,
            R::op_compare,
            R::op_in,
            R::is_none,
            R::is_applicable,
            R::is_one_of,
            R::recorded,
            R::within,
            R::op_or_else,
            R::rounded,
            R::rounding,
            R::op_add,
            R::op_multiply,
            R::access,
            R::as_of,
            R::filtered,
            R::sorted,
            R::descending,
            R::grouped,
            R::followed,
            R::in_units,
            R::month_end,
            R::as_percent,
            R::without,
            R::without_none,
            R::without_ends,
            R::op_power,
        ],
        Operator,
    ),
    (&[R::window], Kind("`before`, `up to`, `from` or `after`")),
    (&[R::arguments], Kind("a list in parentheses")),
    (&[R::result_is], Kind("`is`")),
    (&[R::or_none], Kind("`or none`")),
    (&[R::range, R::low_bound, R::high_bound], Kind("a range")),
    (&[R::cites], Kind("`cite`")),
    (&[R::from_date], Kind("`from`")),
    (&[R::through_date], Kind("`through`")),
    (&[R::before_date], Kind("`before`")),
    (&[R::announced_date], Kind("`announced`")),
    (&[R::under, R::under_all], Kind("`under`")),
    (&[R::because], Kind("`because`")),
    (&[R::when], Kind("`when`")),
    (&[R::version], Kind("a version")),
    (&[R::external], Kind("`external`")),
    (
        &[R::informational, R::for_the_record],
        Kind("`informational`"),
    ),
    (&[R::published], Kind("`published`")),
    (&[R::stated_nowhere], Kind("`stated nowhere`")),
    (&[R::otherwise, R::otherwise_case], Kind("`otherwise`")),
    (&[R::dash], Kind("`-`")),
    (&[R::mandatory], Kind("`mandatory`")),
    (&[R::does_not_apply], Kind("`does not apply`")),
    (&[R::marginal], Kind("`marginal`")),
    (&[R::table_mode], Kind("`exactly one row`")),
    (&[R::column, R::test_column], Kind("a column")),
    (&[R::EOI], Kind("the end of the line")),
    (
        &[
            R::w,
            R::sp,
            R::reserved,
            R::digits,
            R::decimals,
            R::literal,
            R::chain,
            R::negated,
            R::test,
            R::overlaps,
            R::whole_months,
            R::value,
            R::rounded_sum,
            R::sum,
            R::product,
            R::signed,
            R::postfix,
            R::unfiltered,
            R::primary,
            R::period,
            R::overlap,
            R::days_of,
            R::missing,
            R::list_entry,
            R::record_entry,
            R::group_kind,
            R::at_least,
            R::aggregate_word,
            R::pick_word,
            R::keyed_word,
            R::boundary,
            R::boundary_word,
            R::between,
            R::between_word,
            R::date_part,
            R::numbered,
            R::local_names,
            R::local_name,
            R::local_rounded,
            R::local_sum,
            R::local_product,
            R::local_signed,
            R::taken,
            R::taken_word,
            R::range_of,
            R::units_in,
            R::units_in_word,
            R::percent_of,
            R::powered,
            R::date_part_word,
            R::full_between,
            R::full_word,
            R::next_on,
            R::previous_before,
            R::ever,
            R::highest,
            R::rows_of,
            R::otherwise_result,
            R::result_of,
            R::base_type,
            R::field_type,
            R::dates,
            R::tail,
            R::program_line,
            R::currency_line,
            R::module_line,
            R::use_line,
            R::source_line,
            R::source_body,
            R::section,
            R::clause,
            R::left_out,
            R::enum_line,
            R::scale_line,
            R::record_line,
            R::field_line,
            R::left_out_field,
            R::judged_field,
            R::event_field,
            R::fact_line,
            R::event_line,
            R::fact_body,
            R::modifier,
            R::assume,
            R::derived,
            R::judgement_line,
            R::judgement_values,
            R::evidence_line,
            R::value_line,
            R::version_line,
            R::not_in_force,
            R::define_line,
            R::decision_line,
            R::definition,
            R::takes,
            R::table_takes,
            R::of_record,
            R::foreign,
            R::defined_as,
            R::by_reading,
            R::note_line,
            R::case_line,
            R::block_line,
            R::applies,
            R::block,
            R::not_applicable,
            R::alternative_line,
            R::gap,
            R::requirements_line,
            R::grid_header,
            R::stage_line,
            R::grid_line,
            R::grid_row,
            R::grid_group,
            R::preferred,
            R::amend_line,
            R::change_line,
            R::add_row,
            R::like,
            R::difference,
            R::change_cells,
            R::lone_dash,
            R::waiver_line,
            R::waives_line,
            R::grants_line,
            R::exception_line,
            R::target,
            R::exception_body,
            R::use_value,
            R::prevails_line,
            R::table_line,
            R::across,
            R::gives,
            R::table_header,
            R::table_row,
            R::any_value,
            R::cell_reason,
            R::range_end,
            R::schedule_line,
            R::recurrence,
            R::on_day,
            R::in_months,
            R::every,
            R::except,
            R::reading_line,
            R::reading_body,
            R::choice,
            R::chosen,
            R::lifecycle_line,
            R::lifecycle_body,
            R::keeps,
            R::any_open,
            R::state,
            R::waits_for,
            R::deadline,
            R::unless,
            R::no_reentry,
            R::finals,
            R::transition,
            R::on_line,
            R::when_line,
            R::may_line,
            R::late_line,
            R::each_item,
            R::next_item,
            R::answer,
            R::goto,
            R::set_field,
            R::obligations_line,
            R::obligations_body,
            R::each_of,
            R::given_fields,
            R::obligation,
            R::modality,
            R::duty_line,
            R::addressee,
            R::channel,
            R::duty_body,
            R::arises,
            R::due,
            R::done,
            R::order_line,
            R::order_body,
            R::tests_line,
            R::tests_as_of,
            R::given_line,
            R::expect_line,
            R::test_header,
            R::as_of_column,
            R::note_column,
            R::expectation,
            R::test_row,
            R::empty,
            R::unknown,
            R::needs_decision,
            R::outcome,
            R::WHITESPACE,
        ],
        Nothing,
    ),
];

/// How a rule is called in "expected …".
#[must_use]
pub fn called(rule: Rule) -> Called {
    static TABLE: OnceLock<Vec<Called>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table = Vec::new();
        for (rules, called) in CALLED {
            for rule in *rules {
                let at = *rule as usize;
                table.resize(table.len().max(at + 1), Nothing);
                if let Some(slot) = table.get_mut(at) {
                    *slot = *called;
                }
            }
        }
        table
    });
    table.get(rule as usize).copied().unwrap_or(Nothing)
}

#[cfg(test)]
mod tests {
    use super::CALLED;
    use crate::{FOREIGN, KEYWORDS, PolParser, RESERVED, Rule};
    use pest::Parser;
    use std::collections::BTreeSet;

    const GRAMMAR: &str = include_str!("../pol.pest");

    #[test]
    fn every_rule_is_in_the_table_once() {
        let mut seen: Vec<Rule> = CALLED
            .iter()
            .flat_map(|(rules, _)| *rules)
            .copied()
            .collect();
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "a rule stands there twice");
        let missing: Vec<&Rule> = Rule::all_rules()
            .iter()
            .filter(|rule| !seen.contains(rule))
            .collect();
        assert!(missing.is_empty(), "how are these called? {missing:?}");
    }

    #[test]
    fn the_reserved_words_are_those_of_the_grammar() {
        let (_, rest) = GRAMMAR.split_once("reserved = _{").unwrap();
        let (rule, _) = rest.split_once('}').unwrap();
        let words: BTreeSet<&str> = rule.split('"').skip(1).step_by(2).collect();
        assert_eq!(words, RESERVED.iter().copied().collect());
        for word in RESERVED {
            assert!(PolParser::parse(Rule::name, word).is_err(), "{word}");
        }
    }

    #[test]
    fn functions_of_other_languages_are_no_calls() {
        let (_, rest) = GRAMMAR.split_once("foreign   = _{").unwrap();
        let (rule, _) = rest.split_once('}').unwrap();
        let words: Vec<&str> = rule.split('"').skip(1).step_by(2).collect();
        assert_eq!(words, FOREIGN);
        for word in FOREIGN {
            assert!(
                PolParser::parse(Rule::call, &format!("{word}(x)")).is_err(),
                "{word}"
            );
            let longer = format!("{word}s_x(x)");
            assert!(PolParser::parse(Rule::call, &longer).is_ok(), "{longer}");
        }
    }

    #[test]
    fn every_keyword_has_its_line_and_an_example_that_reads() {
        let lines: BTreeSet<String> = Rule::all_rules()
            .iter()
            .filter_map(|rule| format!("{rule:?}").strip_suffix("_line").map(str::to_owned))
            .collect();
        for keyword in KEYWORDS {
            assert!(lines.contains(keyword.word), "{}", keyword.word);
            assert!(
                keyword.example.starts_with(keyword.word),
                "{}",
                keyword.example
            );
        }
    }
}
