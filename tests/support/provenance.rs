//! The mutation test of provenance: change one literal, evaluate again, and see whether every value that changed had
//! named the literal.
//!
//! A literal is changed in place, to another of the same length, so that all other places stay what they are.

use std::collections::BTreeMap;
use std::ops::Range;

use cmklint::eval::{Evaluation, Scenario, evaluate};
use cmklint::ir::{Expr, Library, Piece, Program, Template, Unit, UnitKind};
use cmklint::text::{SourceId, Span};
use cmklint::value::{Context, Kind, Origin, OriginId, Value, to_json};

/// What a run over one file found.
#[derive(Default, Debug)]
pub(crate) struct Score {
    /// Literals changed.
    pub(crate) mutations: usize,
    /// Values that changed, and named the literal.
    pub(crate) recalled: usize,
    /// Values that changed and didn't: `path of the value <- literal`.
    pub(crate) missed: Vec<String>,
    /// Values that named the literal.
    pub(crate) named: usize,
    /// Values that named the literal and changed.
    pub(crate) named_and_changed: usize,
}

impl Score {
    /// Adds another file's.
    pub(crate) fn add(&mut self, other: Self) {
        self.mutations += other.mutations;
        self.recalled += other.recalled;
        self.missed.extend(other.missed);
        self.named += other.named;
        self.named_and_changed += other.named_and_changed;
    }

    /// Of the values that changed, the share that named the literal.
    pub(crate) fn recall(&self) -> f64 {
        share(self.recalled, self.recalled + self.missed.len())
    }

    /// Of the values that named the literal, the share that changed.
    pub(crate) fn precision(&self) -> f64 {
        share(self.named_and_changed, self.named)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// A value of a resource: what it is, and the places that it and what it lies in came from.
struct Leaf {
    shown: String,
    own: Vec<Span>,
    around: Vec<Span>,
}

type Leaves = BTreeMap<(Span, Vec<Span>, usize, String), Leaf>;

/// Changes up to `most` literals of a text, evenly spread, and compares. `lower` reads the text.
pub(crate) fn score(text: &str, most: usize, lower: &dyn Fn(&str) -> Option<Program>) -> Score {
    let mut score = Score::default();
    let Some(program) = lower(text) else { return score };
    let before = leaves(&program);
    let mut literals = Vec::new();
    collect(&program, &mut literals);
    literals.sort_unstable();
    literals.dedup();
    let step = literals.len().div_ceil(most.max(1)).max(1);
    for literal in literals.iter().step_by(step) {
        let range = literal.start as usize..literal.end as usize;
        let Some(changed) = change(text, range) else { continue };
        let Some(program) = lower(&changed) else { continue };
        compare(&before, &leaves(&program), *literal, text, &mut score);
    }
    score
}

fn compare(before: &Leaves, after: &Leaves, literal: Span, text: &str, score: &mut Score) {
    score.mutations += 1;
    for (key, leaf) in before {
        let Some(other) = after.get(key) else { continue };
        let names = |spans: &[Span]| spans.iter().any(|span| literal.contains(*span) || is_quoted(literal, *span));
        let own = names(&leaf.own);
        let changed = leaf.shown != other.shown;
        if own {
            score.named += 1;
            score.named_and_changed += usize::from(changed);
        }
        if changed && (own || names(&leaf.around)) {
            score.recalled += 1;
        } else if changed {
            let literal = &text[literal.start as usize..literal.end as usize];
            score.missed.push(format!("{} {} -> {} <- {literal}", key.3, leaf.shown, other.shown));
        }
    }
}

/// Whether `span` is the literal with its quotes.
fn is_quoted(literal: Span, span: Span) -> bool {
    span.source == literal.source && span.start + 1 == literal.start && span.end == literal.end + 1
}

/// Another literal of the same length; `None` where there is none that surely is a literal again.
fn change(text: &str, range: Range<usize>) -> Option<String> {
    let old = text.get(range.clone())?;
    let at = old.rfind(|char: char| char.is_ascii_alphanumeric())?;
    let new = match old.as_bytes()[at] {
        b'9' => "8",
        digit @ b'0'..=b'8' => ["1", "2", "3", "4", "5", "6", "7", "8", "9"][usize::from(digit - b'0')],
        b'z' => "y",
        b'Z' => "Y",
        _ => "z",
    };
    let mut changed = text.to_owned();
    changed.replace_range(range.start + at..=range.start + at, new);
    Some(changed)
}

/// The places of all string and integer literals.
fn collect(program: &Program, into: &mut Vec<Span>) {
    for node in &program.exprs {
        match &node.expr {
            Expr::Str(pieces) => into.extend(pieces.iter().filter_map(|piece| match piece {
                Piece::Literal(text, span) if text.len() == span.len() as usize => Some(*span),
                _ => None,
            })),
            Expr::Int(_) => into.push(node.span),
            _ => {}
        }
    }
    let mut pending: Vec<&Unit> = program.units.iter().collect();
    while let Some(unit) = pending.pop() {
        pending.extend(&unit.children);
        if let UnitKind::Deploy(deploy) = &unit.kind
            && let Template::Inline(inner) = &deploy.template
        {
            collect(inner, into);
        }
    }
}

fn leaves(program: &Program) -> Leaves {
    let evaluation = evaluate(&Library::default(), program, &Scenario::default(), |_| true);
    let mut leaves = Leaves::new();
    let mut seen: BTreeMap<(Span, Vec<Span>), usize> = BTreeMap::new();
    for resource in &evaluation.resources {
        let key = (resource.span, resource.calls.clone());
        let count = seen.entry(key.clone()).or_default();
        let at = *count;
        *count += 1;
        let mut add = |path: String, leaf: Leaf| {
            leaves.insert((key.0, key.1.clone(), at, path), leaf);
        };
        let mut own = Vec::new();
        for piece in &*resource.name.pieces {
            Origin::spans(&evaluation.context, piece.origin, &mut own);
        }
        add("name".to_owned(), Leaf { shown: resource.name.shown(), own, around: Vec::new() });
        walk(&evaluation, &resource.body, String::new(), &mut Vec::new(), &mut add);
    }
    leaves
}

fn walk(
    evaluation: &Evaluation,
    value: &Value,
    path: String,
    around: &mut Vec<OriginId>,
    add: &mut dyn FnMut(String, Leaf),
) {
    let context = &evaluation.context;
    match &value.kind {
        Kind::Array(elements) => {
            around.push(value.origin);
            for (at, element) in elements.iter().enumerate() {
                walk(evaluation, element.value(), format!("{path}[{at}]"), around, add);
            }
            around.pop();
        }
        Kind::Object(object) => {
            around.push(value.origin);
            for member in &object.members {
                let Some(key) = member.key.text() else { continue };
                walk(evaluation, &member.value, format!("{path}.{key}"), around, add);
            }
            around.pop();
        }
        _ => {
            let mut own = spans(context, value.origin);
            own_pieces(context, value, &mut own);
            let around = around.iter().flat_map(|origin| spans(context, *origin)).collect();
            add(path, Leaf { shown: to_json(context, value).to_string(), own, around });
        }
    }
}

fn own_pieces(context: &Context, value: &Value, into: &mut Vec<Span>) {
    match &value.kind {
        Kind::Str(string) => {
            for piece in &*string.pieces {
                Origin::spans(context, piece.origin, into);
            }
        }
        Kind::Choice(choice) => {
            Origin::spans(context, choice.condition_origin, into);
            for side in [&choice.then, &choice.other] {
                Origin::spans(context, side.origin, into);
                own_pieces(context, side, into);
            }
        }
        _ => {}
    }
}

fn spans(context: &Context, origin: OriginId) -> Vec<Span> {
    let mut spans = Vec::new();
    Origin::spans(context, origin, &mut spans);
    spans
}

/// Reads an ARM template that has no faults.
pub(crate) fn lower_arm(text: &str) -> Option<Program> {
    cmklint::arm::lower(SourceId(0), text).program
}
