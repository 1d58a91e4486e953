//! What ARM's functions give: one expression a line, and the result it must have.
//!
//! The tables in `tests/functions/` hold `expression => result`, the result as JSON; what isn't known stands in it as
//! an expression in brackets. ` @ default` behind a result says that it rests on a parameter's default; without it the
//! result must stand whatever is deployed. `error` and `limit` as results are what they say.

use cmklint::arm;
use cmklint::eval::{Evaluation, Scenario, evaluate};
use cmklint::ir::Library;
use cmklint::text::{Source, Sources};
use cmklint::value::{Basis, Kind, Origin, OriginId, TermId, Value, Why, to_json};
use serde_json::{Map, Value as Json, json};

/// Parameters that expressions may name.
fn parameters() -> Json {
    json!({
        "p": { "type": "string" },
        "q": { "type": "string" },
        "full": { "type": "string", "minLength": 3 },
        "size": { "type": "string", "allowedValues": ["small", "large"] },
        "n": { "type": "int" },
        "b": { "type": "bool" },
        "xs": { "type": "array" },
        "ys": { "type": "array" },
        "o": { "type": "object" },
        "west": { "type": "string", "defaultValue": "West" },
        "crackle": { "type": "string", "defaultValue": "crackle" },
        "none": { "type": "string", "defaultValue": "" },
        "gone": { "type": "string", "nullable": true },
        "slashed": { "type": "string", "defaultValue": "a/b" },
        "two": { "type": "int", "defaultValue": 2 },
        "list": { "type": "array", "defaultValue": ["a", "b"] },
        "record": { "type": "object", "defaultValue": { "k": "v", "inner": { "x": 1 } } },
    })
}

/// A line of a table.
struct Fact<'t> {
    line: usize,
    expression: &'t str,
    result: &'t str,
    basis: Basis,
}

fn facts(table: &str) -> Vec<Fact<'_>> {
    let mut facts = Vec::new();
    for (at, line) in table.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        let (expression, result) = line.split_once(" => ").unwrap_or_else(|| panic!("line {}: no result", at + 1));
        let (result, basis) = match result.rsplit_once(" @ ") {
            Some((result, "default")) => (result, Basis::Default),
            _ => (result, Basis::Fixed),
        };
        facts.push(Fact { line: at + 1, expression: expression.trim(), result: result.trim(), basis });
    }
    facts
}

fn evaluated(facts: &[Fact<'_>]) -> Evaluation {
    evaluated_from(facts).1
}

fn evaluated_from(facts: &[Fact<'_>]) -> (Sources, Evaluation) {
    let mut outputs = Map::new();
    for fact in facts {
        let value = json!({ "type": "object", "value": format!("[{}]", fact.expression) });
        outputs.insert(format!("line{}", fact.line), value);
    }
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": parameters(),
        "resources": [],
        "outputs": outputs,
    });
    let text = template.to_string();
    let mut sources = Sources::default();
    let source = sources.add(Source::new("functions.json", "functions.json", text.as_str()));
    let lowered = arm::lower(source, &text);
    assert!(lowered.diagnostics.is_empty(), "{:?}", lowered.diagnostics);
    let program = lowered.program.expect("a template");
    let evaluation = evaluate(&Library::default(), &program, &Scenario::default(), |_| true);
    (sources, evaluation)
}

fn shown(evaluation: &Evaluation, value: &Value) -> String {
    match &value.kind {
        Kind::Unknown { why: Why::Error, .. } => "error".to_owned(),
        Kind::Unknown { why: Why::Limit, .. } => "limit".to_owned(),
        _ => to_json(&evaluation.context, value).to_string(),
    }
}

fn same(shown: &str, expected: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<Json>(text);
    match (read(shown), read(expected)) {
        (Ok(one), Ok(other)) => one == other,
        _ => shown == expected,
    }
}

#[track_caller]
fn check(table: &str) {
    let facts = facts(table);
    let evaluation = evaluated(&facts);
    let mut wrong = Vec::new();
    for (fact, (_, value)) in facts.iter().zip(&evaluation.outputs) {
        let is = shown(&evaluation, value);
        if !same(&is, fact.result) {
            wrong.push(format!("line {}: {}\n  is       {is}\n  expected {}", fact.line, fact.expression, fact.result));
        } else if value.basis != fact.basis {
            wrong.push(format!("line {}: {} rests on {:?}", fact.line, fact.expression, value.basis));
        }
    }
    assert_eq!(facts.len(), evaluation.outputs.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn known_arguments_give_what_the_service_gives() {
    check(include_str!("functions/exact.txt"));
}

#[test]
fn what_is_not_known_stays_a_piece_or_a_term() {
    check(include_str!("functions/partial.txt"));
}

#[test]
fn what_rests_on_a_default_says_so() {
    check(include_str!("functions/basis.txt"));
}

#[test]
fn hostile_sizes_reach_a_bound() {
    check(include_str!("functions/bounds.txt"));
}

#[test]
fn every_piece_knows_where_it_is_written() {
    let facts = facts(include_str!("functions/places.txt"));
    let (sources, evaluation) = evaluated_from(&facts);
    for (fact, (_, value)) in facts.iter().zip(&evaluation.outputs) {
        let origins: Vec<OriginId> = match &value.kind {
            Kind::Str(string) => string.pieces.iter().map(|piece| piece.origin).collect(),
            _ => vec![value.origin],
        };
        let places: Vec<&str> = origins
            .into_iter()
            .filter_map(|origin| Origin::literal(&evaluation.context, origin))
            .map(|span| sources.slice(span).trim_matches(['\'', '"']))
            .collect();
        assert_eq!(places.join(" | "), fact.result, "line {}: {}", fact.line, fact.expression);
    }
}

/// The terms of the two expressions of each line.
fn pairs(facts: &[Fact<'_>]) -> Vec<(TermId, TermId)> {
    let both: Vec<Fact<'_>> = facts
        .iter()
        .flat_map(|fact| {
            let left = Fact { line: fact.line * 2, expression: fact.expression, result: "", basis: Basis::Fixed };
            let right = Fact { line: fact.line * 2 + 1, expression: fact.result, result: "", basis: Basis::Fixed };
            [left, right]
        })
        .collect();
    evaluated(&both).outputs.chunks_exact(2).map(|pair| (pair[0].1.term, pair[1].1.term)).collect()
}

/// Lines are pairs: the two expressions must be one term.
#[test]
fn the_same_computation_written_differently_is_the_same_term() {
    let facts = facts(include_str!("functions/same_term.txt"));
    for (fact, (left, right)) in facts.iter().zip(pairs(&facts)) {
        assert_eq!(left, right, "line {}: {} and {}", fact.line, fact.expression, fact.result);
    }
}

/// Lines are pairs: with some values the two expressions differ, so they must not be one term.
#[test]
fn what_may_differ_is_not_the_same_term() {
    let facts = facts(include_str!("functions/other_term.txt"));
    for (fact, (left, right)) in facts.iter().zip(pairs(&facts)) {
        assert_ne!(left, right, "line {}: {} and {}", fact.line, fact.expression, fact.result);
    }
}
