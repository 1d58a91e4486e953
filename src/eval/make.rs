//! Values made by computation: the one place that keeps kind, term, basis and origin together.

use std::sync::Arc;

use foldhash::{HashSet, HashSetExt};

use crate::ir::ParamType;
use crate::text::Span;
use crate::value::{
    Basis, Choice, Content, Context, Element, Facts, Kind, Literal, Member, Object, Origin, OriginId, Piece, StepKind,
    Str, Term, TermId, Value, Why,
};

/// `null`.
pub fn null(context: &mut Context, origin: OriginId) -> Value {
    let term = context.literal(Literal::Null);
    Value { kind: Kind::Null, term, basis: Basis::Fixed, origin }
}

/// A truth value.
pub fn boolean(context: &mut Context, truth: bool, origin: OriginId) -> Value {
    let term = context.literal(Literal::Bool(truth));
    Value { kind: Kind::Bool(truth), term, basis: Basis::Fixed, origin }
}

/// An integer.
pub fn int(context: &mut Context, number: i64, origin: OriginId) -> Value {
    let term = context.literal(Literal::Int(number));
    Value { kind: Kind::Int(number), term, basis: Basis::Fixed, origin }
}

/// A number with a fraction.
pub fn float(context: &mut Context, number: f64, origin: OriginId) -> Value {
    let term = context.literal(Literal::Float(number.to_bits()));
    Value { kind: Kind::Float(number), term, basis: Basis::Fixed, origin }
}

/// A firmly known text.
pub fn text(context: &mut Context, text: &str, origin: OriginId) -> Value {
    let string = Str::fixed(context, text, origin);
    let term = string.term(context);
    Value { kind: Kind::Str(string), term, basis: Basis::Fixed, origin }
}

/// A string of pieces; term and basis are the pieces' own.
pub fn string(context: &mut Context, string: Str, origin: OriginId) -> Value {
    let term = string.term(context);
    let basis = string.basis();
    Value { kind: Kind::Str(string), term, basis, origin }
}

/// An array whose length is firm; its elements keep their own basis.
pub fn array(context: &mut Context, elements: Vec<Element>, origin: OriginId) -> Value {
    let term = context.array_term(&elements);
    Value { kind: Kind::Array(elements.into()), term, basis: Basis::Fixed, origin }
}

/// An object of members; their values keep their own basis. Which members there are rests on their keys.
pub fn object(context: &mut Context, members: Vec<Member>, origin: OriginId) -> Value {
    let object = Object { members, open: false, scope: None };
    object_of(context, Arc::new(object), origin)
}

fn object_of(context: &mut Context, object: Arc<Object>, origin: OriginId) -> Value {
    let term = context.object_term(&object.members);
    let basis = object.members.iter().map(|member| member.key.basis()).max().unwrap_or_default();
    Value { kind: Kind::Object(object), term, basis, origin }
}

/// An object from literal keys.
pub fn record(context: &mut Context, members: Vec<(&str, Value)>, origin: OriginId) -> Value {
    let members =
        members.into_iter().map(|(key, value)| Member { key: Str::fixed(context, key, value.origin), value }).collect();
    object(context, members, origin)
}

/// Something that isn't known, by its term.
pub fn unknown(term: TermId, why: Why, origin: OriginId) -> Value {
    Value { kind: Kind::Unknown { term, why }, term, basis: Basis::Fixed, origin }
}

/// A string that isn't known.
pub fn string_symbol(context: &mut Context, term: TermId, why: Why, origin: OriginId) -> Value {
    if context.facts(term).is_none() {
        let facts = Facts { min_length: 1, no_slash: true, ty: Some(ParamType::String), ..Facts::default() };
        context.set_facts(term, facts);
    }
    unknown(term, why, origin)
}

/// A call that can't be worked out: unknown, with the call as term. What the arguments are in this scenario and what
/// they are whatever is deployed make the two terms.
pub fn symbolic(context: &mut Context, name: &str, args: &[Value], span: Span) -> Value {
    let why = args.iter().filter_map(cause).max().unwrap_or(Why::KnownAtDeployment);
    let firm: Vec<TermId> = args.iter().map(|arg| arg.term).collect();
    let present: Vec<TermId> = args.iter().map(|arg| content_term(context, arg)).collect();
    let term = context.call(name, firm);
    let content = context.call(name, present);
    let origin = computed_origin(context, args, span);
    Value { kind: Kind::Unknown { term: content, why }, term, basis: basis(args), origin }
}

/// A call that would fail at deployment.
pub fn error(context: &mut Context, name: &str, args: &[Value], span: Span) -> Value {
    let mut value = symbolic(context, name, args, span);
    if let Kind::Unknown { why, .. } = &mut value.kind {
        *why = Why::Error;
    }
    value
}

/// A kind computed from arguments that are known: its term is the literal where the arguments are firm, else the
/// call; its basis the weakest of the arguments.
pub fn computed(context: &mut Context, name: &str, args: &[Value], kind: Kind, span: Span) -> Value {
    let origin = computed_origin(context, args, span);
    let basis = basis(args);
    let closed = basis == Basis::Fixed && args.iter().all(|arg| context.is_closed(arg.term));
    let mut value = with_own_term(context, kind, origin);
    if !closed {
        let firm: Vec<TermId> = args.iter().map(|arg| arg.term).collect();
        let term = context.call(name, firm);
        value = rebase(context, value, term, basis);
    }
    value
}

/// A kind with the term that its own parts make.
pub fn with_own_term(context: &mut Context, kind: Kind, origin: OriginId) -> Value {
    match kind {
        Kind::Null => null(context, origin),
        Kind::Bool(truth) => boolean(context, truth, origin),
        Kind::Int(number) => int(context, number, origin),
        Kind::Float(number) => float(context, number, origin),
        Kind::Str(pieces) => string(context, pieces, origin),
        Kind::Array(elements) => {
            let term = context.array_term(&elements);
            Value { kind: Kind::Array(elements), term, basis: Basis::Fixed, origin }
        }
        Kind::Object(object) => object_of(context, object, origin),
        Kind::Choice(choice) => {
            choose(context, choice.condition, choice.condition_origin, choice.then.clone(), choice.other.clone())
        }
        Kind::Unknown { term, why } => unknown(term, why, origin),
        Kind::Handle(_) => {
            let term = context.fresh();
            Value { kind, term, basis: Basis::Fixed, origin }
        }
    }
}

/// One of two values by an open condition. Where both are the same term, just that.
pub fn choose(context: &mut Context, condition: TermId, by: OriginId, then: Value, other: Value) -> Value {
    let then = side(then, condition, true);
    let other = side(other, condition, false);
    if then.term == other.term && then.basis == other.basis {
        return then;
    }
    let term = context.term(Term::If(condition, then.term, other.term));
    let aside = context.add_origin(Origin::Among([other.origin].into()));
    let origin = context.picked(then.origin, [by, aside]);
    let basis = then.basis.max(other.basis);
    let choice = Choice { condition, condition_origin: by, then, other };
    Value { kind: Kind::Choice(Arc::new(choice)), term, basis, origin }
}

/// The side of a choice over the same condition, at the top.
pub fn side(value: Value, condition: TermId, holds: bool) -> Value {
    let mut value = value;
    while let Kind::Choice(choice) = &value.kind {
        if choice.condition != condition {
            break;
        }
        let next = if holds { choice.then.clone() } else { choice.other.clone() };
        value = next;
    }
    value
}

/// How many leaves a value has through the choices at its top.
pub fn leaves(value: &Value) -> usize {
    match &value.kind {
        Kind::Choice(choice) => leaves(&choice.then) + leaves(&choice.other),
        _ => 1,
    }
}

/// The same value under a firm term and a weaker basis: what a parameter's default is to the parameter. Only the top
/// is changed; members are when they are taken out.
pub fn rebase(context: &mut Context, value: Value, term: TermId, basis: Basis) -> Value {
    let basis = basis.max(value.basis);
    if value.term == term && value.basis == basis {
        return value;
    }
    let kind = match value.kind {
        Kind::Str(string) if string.pieces.is_empty() => {
            Kind::Str(Str::new([Piece { content: Content::Text("".into()), term, basis, origin: value.origin }]))
        }
        Kind::Str(string) => {
            let single = string.pieces.len() == 1;
            let pieces = string.pieces.iter().enumerate().map(|(at, piece)| {
                let term = if single { term } else { context.term(Term::Part(term, at as u32)) };
                Piece { term, basis: piece.basis.max(basis), ..piece.clone() }
            });
            Kind::Str(Str::new(pieces.collect::<Vec<_>>()))
        }
        Kind::Choice(choice) => {
            let then_term = context.call("then", [term]);
            let other_term = context.call("otherwise", [term]);
            let then = rebase(context, choice.then.clone(), then_term, basis);
            let other = rebase(context, choice.other.clone(), other_term, basis);
            Kind::Choice(Arc::new(Choice { then, other, ..(*choice).clone() }))
        }
        kind => kind,
    };
    Value { kind, term, basis, origin: value.origin }
}

/// The value with every piece no firmer than `basis`.
pub fn weaken(value: Value, basis: Basis) -> Value {
    if basis <= value.basis {
        return value;
    }
    let kind = match value.kind {
        Kind::Str(string) => Kind::Str(Str::new(
            string
                .pieces
                .iter()
                .map(|piece| Piece { basis: piece.basis.max(basis), ..piece.clone() })
                .collect::<Vec<_>>(),
        )),
        kind => kind,
    };
    Value { kind, basis, ..value }
}

/// The same value, passed unchanged through a place.
pub fn pass(context: &mut Context, value: Value, kind: StepKind, span: Span) -> Value {
    let mut value = value;
    value.origin = context.via(kind, span, value.origin);
    if let Kind::Str(string) = &value.kind {
        value.kind = Kind::Str(string.with_origins(|origin| context.via(kind, span, origin)));
    }
    value
}

/// The same value, decided by others: by a condition, a key, an index.
pub(super) fn decided_by(context: &mut Context, mut value: Value, by: &[OriginId]) -> Value {
    if by.is_empty() {
        return value;
    }
    value.origin = context.picked(value.origin, by);
    if let Kind::Str(string) = &value.kind {
        value.kind = Kind::Str(string.with_origins(|origin| context.picked(origin, by)));
    }
    value
}

/// Steps of the way of a container that are told again for what is taken out of it.
const WAY: usize = 16;

/// A member or element taken out of a container: what it is under the container's term, no firmer than the container,
/// and with the way that the container came and what decided that.
pub fn descend(context: &mut Context, container: &Value, member: &Value, key: TermId) -> Value {
    let mut taken = member.clone();
    if container.basis != Basis::Fixed {
        let term = context.member(container.term, key);
        taken = rebase(context, taken, term, container.basis);
    }
    for (kind, span) in way(context, container.origin).into_iter().rev() {
        let kind = if kind == StepKind::Use { StepKind::HolderUse } else { kind };
        taken = pass(context, taken, kind, span);
    }
    let by = deciders(context, container.origin);
    decided_by(context, taken, &by)
}

/// The places that a value passed through unchanged, the nearest to its use first.
fn way(context: &Context, mut at: OriginId) -> Vec<(StepKind, Span)> {
    let mut steps = Vec::new();
    while steps.len() < WAY {
        match context.origin(at) {
            Origin::Via(kind, span, of) => {
                steps.push((*kind, *span));
                at = *of;
            }
            Origin::Picked { value, .. } => at = *value,
            Origin::Literal(_) | Origin::Made(..) | Origin::Among(_) | Origin::External(_) => break,
        }
    }
    steps
}

/// What decided that a value is what it is: what is taken out of it was decided by the same.
/// Where the container was computed from several, any of them may have decided what it holds where.
fn deciders(context: &Context, mut at: OriginId) -> Vec<OriginId> {
    let mut by: Vec<OriginId> = Vec::new();
    while by.len() < WAY {
        match context.origin(at) {
            Origin::Via(_, _, of) => at = *of,
            Origin::Picked { value, by: more } => {
                for more in more {
                    if !by.contains(more) {
                        by.push(*more);
                    }
                }
                at = *value;
            }
            Origin::Made(_, of) if of.len() > 1 => {
                by.push(at);
                break;
            }
            Origin::Literal(_) | Origin::Made(..) | Origin::Among(_) | Origin::External(_) => break,
        }
    }
    by
}

/// Terms that are looked at to see whether one speaks of a loop's index.
const LOOK: usize = 4096;

/// Whether a term speaks of the index of a loop over that array or count, so that it says which array of such terms it
/// is the element of.
pub fn speaks_of(context: &Context, term: TermId, over: TermId) -> bool {
    let over = context.counted(over);
    let mut seen = HashSet::new();
    let mut pending = vec![term];
    while let Some(term) = pending.pop() {
        if seen.len() > LOOK {
            return false;
        }
        if !seen.insert(term) {
            continue;
        }
        match context.get(term) {
            Term::Index(of, _) if *of == over => return true,
            Term::Index(of, _) | Term::Part(of, _) | Term::Reference { id: of, .. } => pending.push(*of),
            Term::Call(_, terms) | Term::Concat(terms) | Term::Array(terms) => pending.extend(terms.iter().copied()),
            Term::Get(base, key) => pending.extend([*base, *key]),
            Term::If(condition, then, other) => pending.extend([*condition, *then, *other]),
            Term::Object(members) => pending.extend(members.iter().flat_map(|(key, value)| [*key, *value])),
            Term::Literal(_) | Term::Param(_) | Term::Ambient(_) | Term::Fresh(_) => {}
        }
    }
    false
}

/// Whether the terms of an array's elements say which array it is: each is one, or speaks of the loop over `over`.
pub fn tells_apart(context: &Context, elements: &[Element], over: TermId) -> bool {
    elements.iter().all(|element| match element {
        Element::One(_) => true,
        Element::Many(value) => speaks_of(context, value.term, over),
    })
}

/// The weakest basis of several values.
pub fn basis(values: &[Value]) -> Basis {
    values.iter().map(|value| value.basis).max().unwrap_or_default()
}

/// Why a value isn't known, if it isn't.
pub fn cause(value: &Value) -> Option<Why> {
    match &value.kind {
        Kind::Unknown { why, .. } => Some(*why),
        Kind::Handle(_) => Some(Why::KnownAtDeployment),
        Kind::Choice(choice) => cause(&choice.then).max(cause(&choice.other)),
        _ => None,
    }
}

/// The term of what the scenario makes of a value.
pub fn content_term(context: &mut Context, value: &Value) -> TermId {
    match &value.kind {
        Kind::Unknown { term, .. } => *term,
        Kind::Str(string) => {
            let parts: Vec<TermId> = string
                .pieces
                .iter()
                .map(|piece| match &piece.content {
                    Content::Text(text) => context.text(text),
                    Content::Symbol(term) => *term,
                })
                .collect();
            context.concat(parts)
        }
        Kind::Null => context.literal(Literal::Null),
        Kind::Bool(truth) => context.literal(Literal::Bool(*truth)),
        Kind::Int(number) => context.literal(Literal::Int(*number)),
        Kind::Float(number) => context.literal(Literal::Float(number.to_bits())),
        _ => value.term,
    }
}

/// The origin of something computed at `span` from others and all that they hold.
pub fn computed_origin(context: &mut Context, args: &[Value], span: Span) -> OriginId {
    if args.is_empty() {
        return context.written(span);
    }
    let origins: Vec<OriginId> = args.iter().map(|arg| context.whole(arg)).collect();
    context.made(span, origins)
}

/// The origin of a list or object put together at `span` of others' members, which keep their own origins.
pub fn gathered_origin(context: &mut Context, args: &[Value], span: Span) -> OriginId {
    let origins: Vec<OriginId> = args.iter().map(|arg| arg.origin).collect();
    context.made(span, origins)
}

/// What `null` is in a string: nothing, while it is null. An array or object in its place would be written out.
pub fn null_piece(context: &mut Context, value: &Value) -> Str {
    let ty = context.facts(value.term).and_then(|facts| facts.ty);
    let term = if matches!(ty, Some(ParamType::Array | ParamType::Object)) {
        let form = context.text("{0}");
        context.call("format", [form, value.term])
    } else {
        value.term
    };
    Str::new([Piece { content: Content::Text("".into()), term, basis: value.basis, origin: value.origin }])
}

/// A value as a string's pieces, as concatenation takes it: numbers and truth values as text, an unknown as one
/// symbol. `None` for arrays, objects and null.
pub fn pieces(context: &mut Context, value: &Value) -> Option<Str> {
    let known = |context: &mut Context, text: String| {
        let closed = context.is_closed(value.term);
        let term = if closed { context.text(&text) } else { value.term };
        Str::new([Piece { content: Content::Text(text.into()), term, basis: value.basis, origin: value.origin }])
    };
    match &value.kind {
        Kind::Str(string) => Some(string.clone()),
        Kind::Int(number) => Some(known(context, number.to_string())),
        Kind::Float(number) => Some(known(context, number.to_string())),
        Kind::Bool(truth) => Some(known(context, if *truth { "True" } else { "False" }.to_owned())),
        Kind::Unknown { term, .. } => Some(Str::new([Piece {
            content: Content::Symbol(*term),
            term: value.term,
            basis: value.basis,
            origin: value.origin,
        }])),
        Kind::Null | Kind::Array(_) | Kind::Object(_) | Kind::Choice(_) | Kind::Handle(_) => None,
    }
}
