//! What is said to hold whatever is deployed holds for every value of the parameters.
//!
//! Random expressions are evaluated with parameters that have no value or a default, then with values given. A part of
//! the first result that stands firm must be found in the second; a verdict that rests on a default may differ.
//!
//! `CMKLINT_SOUNDNESS=100` looks at a hundred sets of expressions instead of one, `CMKLINT_SOUNDNESS=100,7` at those from
//! another seed on.

mod dice;

use std::collections::HashMap;
use std::env;
use std::sync::Arc;

use cmklint::arm;
use cmklint::eval::{Evaluation, Scenario, evaluate};
use cmklint::ir::{Library, Program};
use cmklint::text::{Source, Sources};
use cmklint::value::{Basis, Content, Element, Kind, Lookup, Str, Value, Why, to_json};
use dice::Dice;
use serde_json::{Map, Value as Json, json};

const EXPRESSIONS: usize = 1000;
const ASSIGNMENTS: usize = 6;
const TEXTS: [&str; 12] = ["", "/", "-", "a", "West", "a/b", "aB-c", " x ", "k", "West-a", "subscriptions", "/x/"];

/// What parameters are given: names, which hold no `/`.
const NAMES: [&str; 8] = ["", "-", "a", "West", "aB-c", " x ", "k", "West-a"];

impl Dice {
    fn text(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.roll(2) {
                0 => self.literal(),
                _ => format!("parameters('{}')", self.pick(&["p", "q", "west", "none", "slashed"])),
            };
        }
        let d = depth - 1;
        match self.roll(22) {
            0 | 1 => format!("concat({}, {})", self.text(d), self.text(d)),
            2 => format!("concat({}, {}, {})", self.literal(), self.text(d), self.literal()),
            3 => format!("format('{{0}}/{{1}}', {}, {})", self.text(d), self.text(d)),
            4 => format!("format('<{{0,{}}}>', {})", self.roll(7), self.text(d)),
            5 => format!("toLower({})", self.text(d)),
            6 => format!("toUpper({})", self.text(d)),
            7 => format!("trim({})", self.text(d)),
            8 => format!("replace({}, {}, {})", self.text(d), self.literal(), self.text(d)),
            9 => format!("substring({}, {})", self.text(d), self.roll(3)),
            10 => format!("substring({}, {}, {})", self.text(d), self.roll(3), self.roll(3)),
            11 => format!("take({}, {})", self.text(d), self.number(d)),
            12 => format!("skip({}, {})", self.text(d), self.number(d)),
            13 => format!("join({}, {})", self.array(d), self.text(d)),
            14 => format!("first({})", self.text(d)),
            15 => format!("last({})", self.text(d)),
            16 => format!("string({})", self.array(d)),
            17 => format!("{}[{}]", self.array(d), self.roll(3)),
            18 => format!("coalesce(tryGet({}, {}), {})", self.object(d), self.literal(), self.text(d)),
            19 => format!("string({}.k)", self.object(d)),
            20 => {
                let body = "concat(lambdaVariables('all'), '|', lambdaVariables('one'))";
                format!("reduce({}, {}, lambda('all', 'one', {body}))", self.array(d), self.text(d))
            }
            _ => format!("if({}, {}, {})", self.truth(d), self.text(d), self.text(d)),
        }
    }

    fn literal(&mut self) -> String {
        format!("'{}'", self.pick(&TEXTS))
    }

    fn number(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.roll(3) {
                0 => "parameters('n')".to_owned(),
                1 => "parameters('two')".to_owned(),
                _ => self.roll(4).to_string(),
            };
        }
        let d = depth - 1;
        match self.roll(7) {
            0 => format!("length({})", self.text(d)),
            1 => format!("length({})", self.array(d)),
            2 => format!("indexOf({}, {})", self.text(d), self.text(d)),
            3 => format!("lastIndexOf({}, {})", self.array(d), self.text(d)),
            4 => format!("{}({}, {})", self.pick(&["add", "sub", "mul", "div", "mod"]), self.number(d), self.number(d)),
            5 => format!("{}({}, {})", self.pick(&["min", "max"]), self.number(d), self.number(d)),
            _ => self.number(0),
        }
    }

    fn truth(&mut self, depth: usize) -> String {
        if depth == 0 {
            return "parameters('b')".to_owned();
        }
        let d = depth - 1;
        match self.roll(9) {
            0 => format!("{}({}, {})", self.pick(&["startsWith", "endsWith"]), self.text(d), self.text(d)),
            1 => format!("contains({}, {})", self.text(d), self.text(d)),
            2 => format!("contains({}, {})", self.array(d), self.text(d)),
            3 => format!("contains({}, {})", self.object(d), self.literal()),
            4 => format!("empty({})", self.text(d)),
            5 => format!("empty({})", self.array(d)),
            6 => format!("equals({}, {})", self.text(d), self.text(d)),
            7 => {
                let name = self.pick(&["less", "lessOrEquals", "greater", "greaterOrEquals"]);
                format!("{name}({}, {})", self.number(d), self.number(d))
            }
            _ => format!("not({})", self.truth(d)),
        }
    }

    fn array(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.roll(3) {
                0 => format!("parameters('{}')", self.pick(&["xs", "list"])),
                _ => format!("createArray({}, {})", self.text(0), self.text(0)),
            };
        }
        let d = depth - 1;
        match self.roll(18) {
            0 | 1 => format!("split({}, '{}')", self.text(d), self.pick(&["/", "-", "a/"])),
            2 => format!("concat({}, {})", self.array(d), self.array(d)),
            3 => format!("take({}, {})", self.array(d), self.number(d)),
            4 => format!("skip({}, {})", self.array(d), self.number(d)),
            5 => format!("union({}, {})", self.array(d), self.array(d)),
            6 => format!("intersection({}, {})", self.array(d), self.array(d)),
            7 => format!("distinct({})", self.array(d)),
            8 => format!("flatten(createArray({}, {}))", self.array(d), self.array(d)),
            9 => format!("objectKeys({})", self.object(d)),
            10 => format!("if({}, {}, {})", self.truth(d), self.array(d), self.array(d)),
            11 => {
                let body = format!("concat(lambdaVariables('one'), {})", self.text(d));
                format!("map({}, lambda('one', {body}))", self.array(d))
            }
            12 => {
                let body = format!("contains(lambdaVariables('one'), {})", self.text(d));
                format!("filter({}, lambda('one', {body}))", self.array(d))
            }
            13 => {
                let body = format!("concat({}, string(lambdaVariables('at')))", self.text(d));
                format!("map(range(0, {}), lambda('at', {body}))", self.number(d))
            }
            14 => {
                let (over, first) = (self.array(d), self.pick(&["one", "two"]));
                let second = self.pick(&["one", "two"]);
                let body = format!("concat(lambdaVariables('{first}'), lambdaVariables('{second}'))");
                format!("map({over}, lambda('one', join(map({over}, lambda('two', {body})), '|')))")
            }
            15 => {
                let (first, second) = self.pick(&[("one", "two"), ("two", "one")]);
                let body = format!("less(length(lambdaVariables('{first}')), length(lambdaVariables('{second}')))");
                format!("sort({}, lambda('one', 'two', {body}))", self.array(d))
            }
            16 => {
                let groups = format!("groupBy({}, lambda('one', toLower(lambdaVariables('one'))))", self.array(d));
                format!("coalesce(tryGet({groups}, 'west'), createArray())")
            }
            _ => format!("createArray({}, {})", self.text(d), self.text(d)),
        }
    }

    fn object(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.roll(3) {
                0 => format!("parameters('{}')", self.pick(&["o", "record"])),
                _ => format!("createObject('k', {}, 'West', {})", self.text(0), self.text(0)),
            };
        }
        let d = depth - 1;
        match self.roll(8) {
            0 => format!("union({}, {})", self.object(d), self.object(d)),
            1 => format!("shallowMerge(createArray({}, {}))", self.object(d), self.object(d)),
            // Keys of one object are never the same.
            2 => format!("createObject(concat('z', {}), {}, 'k', {})", self.text(d), self.text(d), self.object(0)),
            3 => format!("if({}, {}, {})", self.truth(d), self.object(d), self.object(d)),
            4 => format!("intersection({}, {})", self.object(d), self.object(d)),
            5 => format!("toObject({}, lambda('one', lambdaVariables('one')))", self.array(d)),
            6 => {
                let body = format!("concat(string(lambdaVariables('one')), {})", self.text(d));
                format!("mapValues({}, lambda('one', {body}))", self.object(d))
            }
            _ => format!("createObject('a', {}, 'k', {})", self.array(d), self.text(d)),
        }
    }

    fn any(&mut self) -> String {
        match self.roll(7) {
            0 | 1 => self.text(3),
            2 => self.number(3),
            3 => self.truth(3),
            4 | 5 => self.array(3),
            _ => match self.roll(3) {
                0 => format!("items({})", self.object(2)),
                _ => self.object(3),
            },
        }
    }

    fn texts(&mut self) -> Json {
        let count = self.roll(4);
        (0..count).map(|_| json!(self.pick(&NAMES))).collect()
    }

    fn record(&mut self) -> Json {
        let mut members = Map::new();
        for _ in 0..self.roll(3) {
            let value = if self.roll(4) == 0 { json!({ "x": self.pick(&NAMES) }) } else { json!(self.pick(&NAMES)) };
            members.insert(self.pick(&["k", "West", "a", "K2"]).to_owned(), value);
        }
        Json::Object(members)
    }

    fn assignment(&mut self) -> Vec<(Arc<str>, Json)> {
        let mut given: Vec<(Arc<str>, Json)> = Vec::new();
        for name in ["p", "q", "west", "none", "slashed"] {
            given.push((name.into(), json!(self.pick(&NAMES))));
        }
        for name in ["n", "two"] {
            given.push((name.into(), json!(self.roll(5))));
        }
        given.push(("b".into(), json!(self.roll(2) == 0)));
        for name in ["xs", "list"] {
            given.push((name.into(), self.texts()));
        }
        for name in ["o", "record"] {
            given.push((name.into(), self.record()));
        }
        given
    }
}

fn program(expressions: &[String]) -> Program {
    let mut outputs = Map::new();
    for (at, expression) in expressions.iter().enumerate() {
        outputs.insert(format!("o{at}"), json!({ "type": "object", "value": format!("[{expression}]") }));
    }
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "parameters": {
            "p": { "type": "string" },
            "q": { "type": "string" },
            "n": { "type": "int" },
            "b": { "type": "bool" },
            "xs": { "type": "array" },
            "o": { "type": "object" },
            "west": { "type": "string", "defaultValue": "West" },
            "none": { "type": "string", "defaultValue": "" },
            "slashed": { "type": "string", "defaultValue": "a/b" },
            "two": { "type": "int", "defaultValue": 2 },
            "list": { "type": "array", "defaultValue": ["a", "West"] },
            "record": { "type": "object", "defaultValue": { "k": "West", "a": { "x": "" } } },
        },
        "resources": [],
        "outputs": outputs,
    });
    let text = template.to_string();
    let mut sources = Sources::default();
    let source = sources.add(Source::new("soundness.json", "soundness.json", text.as_str()));
    arm::lower(source, &text).program.expect("a template")
}

fn run(program: &Program, overrides: Vec<(Arc<str>, Json)>) -> Evaluation {
    let scenario = Scenario { overrides, ..Scenario::default() };
    evaluate(&Library::default(), program, &scenario, |_| true)
}

/// Whether a value could have come true as `actual`, going by what stands firm.
fn allows(value: &Value, actual: &Value) -> bool {
    if matches!(&actual.kind, Kind::Unknown { .. } | Kind::Choice(_)) {
        return true;
    }
    match (&value.kind, &actual.kind) {
        (Kind::Unknown { why: Why::Error, .. }, _) => value.basis > Basis::Fixed,
        (Kind::Unknown { .. } | Kind::Handle(_), _) => true,
        (Kind::Choice(choice), _) => allows(&choice.then, actual) || allows(&choice.other, actual),
        (Kind::Str(pieces), Kind::Str(text)) => text.text().is_none_or(|text| fits(pieces, &text)),
        _ if value.basis > Basis::Fixed => true,
        (Kind::Null, Kind::Null) => true,
        (Kind::Bool(x), Kind::Bool(y)) => x == y,
        (Kind::Int(x), Kind::Int(y)) => x == y,
        (Kind::Array(x), Kind::Array(y)) => array_allows(x, y),
        (Kind::Object(x), Kind::Object(y)) => {
            let all_known = !x.open && x.members.iter().all(|member| firm(&member.key));
            (!all_known || x.members.len() == y.members.len())
                && x.members.iter().filter(|member| firm(&member.key)).all(|member| {
                    match y.get(&member.key.text().unwrap_or_default()) {
                        Lookup::Found(found) => allows(&member.value, &found.value),
                        Lookup::Absent => false,
                        Lookup::Maybe => true,
                    }
                })
        }
        _ => false,
    }
}

/// Whether all of a value is known: one that holds what fails is none.
fn is_known(value: &Value) -> bool {
    match &value.kind {
        Kind::Unknown { .. } | Kind::Choice(_) | Kind::Handle(_) => false,
        Kind::Str(string) => string.is_known(),
        Kind::Array(elements) => elements.iter().all(|element| !element.is_many() && is_known(element.value())),
        Kind::Object(object) => !object.open && object.members.iter().all(|member| is_known(&member.value)),
        Kind::Null | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => true,
    }
}

fn firm(key: &Str) -> bool {
    key.is_known() && key.basis() == Basis::Fixed
}

fn array_allows(x: &[Element], y: &[Element]) -> bool {
    let ones = x.iter().filter(|element| !element.is_many()).count();
    if ones == x.len() {
        return x.len() == y.len() && x.iter().zip(y).all(|(x, y)| allows(x.value(), y.value()));
    }
    // Around what may be any number, the first and last elements still are in their places.
    let front = x.iter().take_while(|element| !element.is_many());
    let back = x.iter().rev().take_while(|element| !element.is_many());
    ones <= y.len()
        && front.zip(y).all(|(x, y)| allows(x.value(), y.value()))
        && back.zip(y.iter().rev()).all(|(x, y)| allows(x.value(), y.value()))
        && y.iter().all(|y| x.iter().any(|x| allows(x.value(), y.value())))
}

/// Whether a text can be the pieces: the firm ones in their order, anything in between.
fn fits(pieces: &Str, text: &str) -> bool {
    let mut rest = text;
    let mut open = false;
    let mut run = String::new();
    let mut runs: Vec<(String, bool)> = Vec::new();
    for piece in pieces.pieces.iter() {
        match &piece.content {
            Content::Text(known) if piece.basis == Basis::Fixed => run.push_str(known),
            _ => {
                runs.push((std::mem::take(&mut run), open));
                open = true;
            }
        }
    }
    runs.push((run, open));
    let last = runs.len() - 1;
    for (at, (run, after_gap)) in runs.iter().enumerate() {
        match (at == last, after_gap) {
            (true, false) => return rest == run,
            (true, true) => return rest.ends_with(run.as_str()),
            (false, false) => match rest.strip_prefix(run.as_str()) {
                Some(left) => rest = left,
                None => return false,
            },
            (false, true) => match rest.find(run.as_str()) {
                Some(found) => rest = &rest[found + run.len()..],
                None => return false,
            },
        }
    }
    true
}

#[test]
fn equal_terms_are_equal_values_whatever_the_parameters_are() {
    for seed in seeds(20_240_818) {
        equal_terms_with(seed);
    }
}

fn equal_terms_with(seed: u64) {
    let mut dice = Dice(seed);
    let expressions: Vec<String> = (0..EXPRESSIONS).map(|_| dice.any()).collect();
    let program = program(&expressions);
    let open = run(&program, Vec::new());
    let mut wrong = Vec::new();
    let mut pairs = 0;
    for _ in 0..ASSIGNMENTS {
        let closed = run(&program, dice.assignment());
        let mut first_of_term = HashMap::new();
        for (at, (expression, (_, actual))) in expressions.iter().zip(&closed.outputs).enumerate() {
            if !is_known(actual) {
                continue;
            }
            let is = to_json(&closed.context, actual);
            let (earlier, same) = first_of_term.entry(open.outputs[at].1.term).or_insert((expression, is.clone()));
            pairs += usize::from(*earlier != expression);
            if *same != is {
                wrong.push(format!("{earlier}\n  is {same}\n{expression}\n  is {is}"));
            }
        }
    }
    assert!(pairs > EXPRESSIONS / 10, "only {pairs} pairs are of one term");
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{seed}: {} differ\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn what_stands_firm_holds_for_every_value_of_the_parameters() {
    for seed in seeds(20_240_817) {
        holds_with(seed);
    }
}

/// As many sets of expressions as `CMKLINT_SOUNDNESS` asks for, one by default, and from the seed on that it names.
fn seeds(first: u64) -> impl Iterator<Item = u64> {
    let asked = env::var("CMKLINT_SOUNDNESS").unwrap_or_default();
    let (count, seed) = asked.split_once(',').unwrap_or((&asked, ""));
    let (count, first) = (count.parse().unwrap_or(1), seed.parse().unwrap_or(first));
    (0..count).map(move |at: u64| first + at * 7_919)
}

fn holds_with(seed: u64) {
    let mut dice = Dice(seed);
    let expressions: Vec<String> = (0..EXPRESSIONS).map(|_| dice.any()).collect();
    let program = program(&expressions);
    let open = run(&program, Vec::new());
    assert_eq!(open.outputs.len(), expressions.len());
    let mut wrong = Vec::new();
    let mut compared = 0;
    for _ in 0..ASSIGNMENTS {
        let given = dice.assignment();
        let closed = run(&program, given.clone());
        for (expression, ((_, value), (_, actual))) in expressions.iter().zip(open.outputs.iter().zip(&closed.outputs))
        {
            compared += usize::from(!matches!(actual.kind, Kind::Unknown { .. }));
            if !allows(value, actual) {
                let shown = to_json(&open.context, value);
                let is = to_json(&closed.context, actual);
                let given: Vec<String> = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
                wrong.push(format!(
                    "{expression}\n  says {shown} ({:?})\n  is   {is}\n  with {}",
                    value.basis,
                    given.join(" ")
                ));
            }
        }
    }
    assert!(compared > EXPRESSIONS * ASSIGNMENTS / 2, "only {compared} results are known");
    wrong.sort_by_key(String::len);
    assert!(wrong.is_empty(), "{seed}: {} contradictions\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}

#[test]
fn what_coalesce_may_not_come_to_fails_nothing() {
    let program = program(&["coalesce(tryGet(parameters('o'), 'k'), substring('', 1))".to_owned()]);
    let open = run(&program, Vec::new());
    assert!(!matches!(open.outputs[0].1.kind, Kind::Unknown { why: Why::Error, .. }), "{:?}", open.outputs[0].1);
    let closed = run(&program, vec![("o".into(), json!({ "k": "West" }))]);
    assert_eq!(to_json(&closed.context, &closed.outputs[0].1), json!("West"));
}
