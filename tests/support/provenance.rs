//! The mutation test of provenance: change one literal, evaluate again, and see whether every value that changed had
//! named the literal.
//!
//! A literal is changed in place, to another of the same length, so that all other places stay what they are.

use std::collections::BTreeMap;
use std::ops::Range;

use cmklint::eval::{Evaluation, Scenario, evaluate};
use cmklint::ir::{Expr, Library, Piece, Program, Template, Unit, UnitKind};
use cmklint::text::{SourceId, Span};
use cmklint::value::{Context, Kind, Origin, OriginId, Value, string_to_json, to_json};

/// What a run over one file found.
#[derive(Default, Debug)]
pub(crate) struct Score {
    /// Literals changed.
    pub(crate) mutations: usize,
    /// Values that changed, and named the literal.
    pub(crate) recalled: usize,
    /// Values that changed and didn't: `path of the value <- literal`.
    pub(crate) missed: Vec<String>,
    /// Values that name the literal as what they are made of, not only as what decided them.
    pub(crate) named: usize,
    /// Values that name it so, and changed.
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

/// A value of a resource: what it is, the places that it is made of, those that decided it too, and those that decided
/// what it lies in.
struct Leaf {
    shown: String,
    substance: Vec<Span>,
    own: Vec<Span>,
    around: Vec<Span>,
}

/// A literal, or a piece of one, and the whole that it is of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Literal {
    piece: Span,
    whole: Span,
}

impl Literal {
    /// Whether a place is this literal: the piece or a part of it, the piece with its quotes, or the whole.
    fn is_named_by(self, span: Span) -> bool {
        let quoted =
            span.source == self.piece.source && span.start + 1 == self.piece.start && span.end == self.piece.end + 1;
        self.piece.contains(span) || quoted || span == self.whole
    }
}

type Leaves = BTreeMap<(Span, Vec<Span>, usize, String), Leaf>;

/// Changes up to `most` literals of a text, evenly spread, and compares. `lower` reads the text.
pub(crate) fn score(text: &str, most: usize, lower: &dyn Fn(&str) -> Option<Program>) -> Score {
    let mut score = Score::default();
    let Some(program) = lower(text) else { return score };
    let before = leaves(&program);
    let mut literals = Vec::new();
    collect(&program, &mut literals);
    literals.retain(|literal| !is_name(text, literal.piece));
    literals.sort_unstable();
    literals.dedup();
    let step = literals.len().div_ceil(most.max(1)).max(1);
    for literal in literals.iter().step_by(step) {
        let range = literal.piece.start as usize..literal.piece.end as usize;
        let Some(changed) = change(text, range) else { continue };
        let Some(program) = lower(&changed) else { continue };
        compare(&before, &leaves(&program), *literal, text, &mut score);
    }
    score
}

fn compare(before: &Leaves, after: &Leaves, literal: Literal, text: &str, score: &mut Score) {
    score.mutations += 1;
    for (key, leaf) in before {
        let Some(other) = after.get(key) else { continue };
        let names = |spans: &[Span]| spans.iter().any(|span| literal.is_named_by(*span));
        let changed = leaf.shown != other.shown;
        if names(&leaf.substance) {
            score.named += 1;
            score.named_and_changed += usize::from(changed);
        }
        if changed && (names(&leaf.own) || names(&leaf.around)) {
            score.recalled += 1;
        } else if changed {
            let literal = &text[literal.piece.start as usize..literal.piece.end as usize];
            score.missed.push(format!("{literal} -> {}: {} -> {}", key.3, leaf.shown, other.shown));
        }
    }
}

/// Whether a literal is no value but the name of a declaration: another name would be another program.
fn is_name(text: &str, literal: Span) -> bool {
    let before = text[..literal.start as usize].trim_end_matches(['\'', ' ']).to_ascii_lowercase();
    ["parameters(", "variables(", "lambdavariables(", "copyindex(", "lambda("].iter().any(|call| before.ends_with(call))
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

/// All string and integer literals.
fn collect(program: &Program, into: &mut Vec<Literal>) {
    for node in &program.exprs {
        match &node.expr {
            Expr::Str(pieces) => into.extend(pieces.iter().filter_map(|piece| match piece {
                Piece::Literal(text, span) if text.len() == span.len() as usize => {
                    Some(Literal { piece: *span, whole: node.span })
                }
                _ => None,
            })),
            Expr::Int(_) => into.push(Literal { piece: node.span, whole: node.span }),
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
        let (mut own, mut substance) = (Vec::new(), Vec::new());
        for piece in &*resource.name.pieces {
            Origin::spans(&evaluation.context, piece.origin, &mut own);
            Origin::substance(&evaluation.context, piece.origin, &mut substance);
        }
        add(
            "name".to_owned(),
            Leaf {
                shown: string_to_json(&evaluation.context, &resource.name).to_string(),
                substance,
                own,
                around: Vec::new(),
            },
        );
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
            let (mut own, mut substance) = (Vec::new(), Vec::new());
            places(context, value, &mut own, &mut substance);
            let mut deciders = Vec::new();
            for origin in around.iter() {
                Origin::spans(context, *origin, &mut deciders);
            }
            let shown = to_json(context, value).to_string();
            add(path, Leaf { shown, substance, own, around: deciders });
        }
    }
}

/// The places of a value and of all that it holds.
fn places(context: &Context, value: &Value, own: &mut Vec<Span>, substance: &mut Vec<Span>) {
    Origin::spans(context, value.origin, own);
    Origin::substance(context, value.origin, substance);
    match &value.kind {
        Kind::Str(string) => {
            for piece in &*string.pieces {
                Origin::spans(context, piece.origin, own);
                Origin::substance(context, piece.origin, substance);
            }
        }
        Kind::Choice(choice) => {
            Origin::spans(context, choice.condition_origin, own);
            places(context, &choice.then, own, substance);
            places(context, &choice.other, own, substance);
        }
        Kind::Array(elements) => {
            for element in elements.iter() {
                places(context, element.value(), own, substance);
            }
        }
        Kind::Object(object) => {
            for member in &object.members {
                for piece in &*member.key.pieces {
                    Origin::spans(context, piece.origin, own);
                }
                places(context, &member.value, own, substance);
            }
        }
        _ => {}
    }
}

/// Reads an ARM template that has no faults.
pub(crate) fn lower_arm(text: &str) -> Option<Program> {
    cmklint::arm::lower(SourceId(0), text).program
}
