//! Expressions as values.

use crate::eval::make;
use crate::ir::Piece as IrPiece;
use crate::ir::script::{BlockId, Entry, Expr, ExprId, Shell};
use crate::text::Span;
use crate::value::{
    Content, Element, Kind, Literal, Lookup, Member, Object, Origin, Piece, StepKind, Str, Term, Value, Why,
};

use super::text::{named, pieces, render};
use super::walk::{MEMORY, Walker};
use super::words::WORDS;

/// How many choices are opened to put a string together.
const ALTERNATIVES: u32 = 4;

/// How many values inside of a list or hashtable are told where it is used.
const HELD: u32 = 256;

/// Commands and variables that give something else each time.
const FRESH: [&str; 7] = ["RANDOM", "SECONDS", "EPOCH", "uuidgen", "urandom", "mktemp", "New-Guid"];

impl Walker<'_, '_> {
    /// What an expression comes to here and now.
    pub(super) fn value(&mut self, id: ExprId) -> Value {
        let span = self.script.span(id);
        if self.context.is_full() {
            self.limit(span, MEMORY);
            return self.unknown(span);
        }
        let value = self.worked_out(id, span);
        self.bounded(value, span)
    }

    /// A value, if it is no list of more elements than are followed.
    pub(super) fn bounded(&mut self, value: Value, span: Span) -> Value {
        let parts = match &value.kind {
            Kind::Array(elements) => elements.len(),
            Kind::Object(object) => object.members.len(),
            _ => 0,
        };
        if parts <= WORDS {
            return value;
        }
        self.limit(span, "a list holds more than is followed");
        self.unknown(span)
    }

    fn worked_out(&mut self, id: ExprId, span: Span) -> Value {
        let script = self.script;
        match script.expr(id) {
            Expr::Null => {
                let origin = self.context.written(span);
                make::null(self.context, origin)
            }
            Expr::Bool(truth) => {
                let origin = self.context.written(span);
                make::boolean(self.context, *truth, origin)
            }
            Expr::Int(number) => {
                let origin = self.context.written(span);
                make::int(self.context, *number, origin)
            }
            Expr::Float(number) => {
                let origin = self.context.written(span);
                make::float(self.context, *number, origin)
            }
            Expr::Text(text) => self.interpolated(text, span),
            Expr::Joined(parts) => {
                let values: Vec<Value> = parts.iter().map(|part| self.value(part.value)).collect();
                self.concatenated(&values, span)
            }
            Expr::Words(words) => {
                let drafts = self.drafts(words);
                self.listed(&drafts, span, 0)
            }
            Expr::List(items) => {
                let elements = items.iter().map(|item| Element::One(self.value(*item))).collect();
                let origin = self.context.written(span);
                make::array(self.context, elements, origin)
            }
            Expr::Listed(inner) => self.as_list(*inner, span),
            Expr::Map { entries, .. } => self.map(entries, span),
            Expr::Var(name) => {
                let value = self.variable(name, span);
                self.used(value, span)
            }
            Expr::Get { base, key } => {
                let base = match script.expr(*base) {
                    Expr::Var(name) => self.variable(name, script.span(*base)),
                    _ => self.value(*base),
                };
                let key = self.value(*key);
                let value = self.get(&base, &key, span);
                self.used(value, span)
            }
            Expr::Call { function, args } => self.call(function, args, span),
            Expr::Method { base, name, args } => self.method(*base, name, args, span),
            Expr::Run { block, text } => self.output_of(*block, text, span),
            Expr::Opaque(text) => {
                let text = self.rendered(text);
                let origin = self.context.written(span);
                named(self.context, &text, origin)
            }
            Expr::Lambda(_) | Expr::Broken => self.unknown(span),
        }
    }

    /// A value that was kept under a name, used at a place: it, and what it holds, passed there.
    fn used(&mut self, value: Value, span: Span) -> Value {
        if let Origin::Literal(written) = self.context.origin(value.origin)
            && *written == span
        {
            return value;
        }
        let mut left = HELD;
        let value = self.held(value, span, &mut left);
        make::pass(self.context, value, StepKind::Use, span)
    }

    /// What a list or hashtable holds, used together with it.
    fn held(&mut self, value: Value, span: Span, left: &mut u32) -> Value {
        let mut inner = |walker: &mut Self, value: &Value| {
            if *left == 0 {
                return value.clone();
            }
            *left -= 1;
            let value = walker.held(value.clone(), span, left);
            make::pass(walker.context, value, StepKind::HolderUse, span)
        };
        let kind = match value.kind {
            Kind::Array(elements) => {
                let elements = elements.iter().map(|element| match element {
                    Element::One(value) => Element::One(inner(self, value)),
                    Element::Many(value) => Element::Many(inner(self, value)),
                });
                Kind::Array(elements.collect::<Vec<_>>().into())
            }
            Kind::Object(object) => {
                let members = object.members.iter().map(|member| {
                    let value = inner(self, &member.value);
                    Member { key: member.key.clone(), value }
                });
                let object = Object { members: members.collect(), open: object.open, scope: object.scope.clone() };
                Kind::Object(object.into())
            }
            kind => kind,
        };
        Value { kind, ..value }
    }

    /// Unknown, and equal only to itself.
    pub(super) fn unknown(&mut self, span: Span) -> Value {
        let term = self.context.fresh();
        let origin = self.context.written(span);
        make::unknown(term, Why::Unsupported, origin)
    }

    /// The text of something dynamic, with the values of its variables.
    fn rendered(&mut self, text: &[IrPiece]) -> String {
        let mut rendered = String::new();
        for piece in text {
            match piece {
                IrPiece::Literal(text, _) => rendered.push_str(text),
                IrPiece::Hole(id) => {
                    let value = self.value(*id);
                    render(self.context, &value, &mut rendered);
                }
            }
        }
        rendered
    }

    /// Literal text and holes.
    fn interpolated(&mut self, text: &[IrPiece], span: Span) -> Value {
        if let [IrPiece::Literal(text, _)] = text
            && span.len() as usize == text.len() + 2
        {
            let origin = self.context.written(span);
            return make::text(self.context, text, origin);
        }
        let mut values = Vec::with_capacity(text.len());
        for piece in text {
            match piece {
                IrPiece::Literal(text, at) => {
                    let origin = self.context.written(*at);
                    values.push(make::text(self.context, text, origin));
                }
                IrPiece::Hole(id) => {
                    let value = self.value(*id);
                    values.push(value);
                }
            }
        }
        self.concatenated(&values, span)
    }

    /// Values one after the other as text. Choices in them are opened.
    pub(super) fn concatenated(&mut self, values: &[Value], span: Span) -> Value {
        self.concatenated_to(values, span, 0)
    }

    fn concatenated_to(&mut self, values: &[Value], span: Span, depth: u32) -> Value {
        let choice = values.iter().find_map(|value| match &value.kind {
            Kind::Choice(choice) => Some(choice.clone()),
            _ => None,
        });
        if let Some(choice) = choice {
            if depth >= ALTERNATIVES {
                let term = self.context.fresh();
                return make::unknown(term, Why::Limit, choice.condition_origin);
            }
            let open = super::state::Open { term: choice.condition, origin: choice.condition_origin };
            let [then, other] = [true, false].map(|holds| {
                let settled: Vec<Value> =
                    values.iter().map(|value| make::side(value.clone(), choice.condition, holds)).collect();
                self.concatenated_to(&settled, span, depth + 1)
            });
            return super::state::either(self.context, open, then, other);
        }
        if let [value] = values
            && matches!(value.kind, Kind::Str(_) | Kind::Unknown { .. })
        {
            return value.clone();
        }
        let mut all: Vec<Piece> = Vec::new();
        for value in values {
            match &value.kind {
                Kind::Array(elements) => {
                    for (at, element) in elements.iter().enumerate() {
                        if at > 0 {
                            let blank = Str::fixed(self.context, " ", value.origin);
                            all.extend(blank.pieces.iter().cloned());
                        }
                        let string = pieces(self.context, element.value())
                            .unwrap_or_else(|| Str::symbol(value.term, value.origin));
                        all.extend(string.pieces.iter().cloned());
                    }
                }
                _ => {
                    let string = pieces(self.context, value).unwrap_or_else(|| Str::symbol(value.term, value.origin));
                    all.extend(string.pieces.iter().cloned());
                }
            }
        }
        let written = self.context.written(span);
        let origin = match all.as_slice() {
            [] => written,
            [one] => one.origin,
            several if several.iter().all(|piece| matches!(piece.content, Content::Text(_))) => {
                let origins: Vec<_> = several.iter().map(|piece| piece.origin).collect();
                if values.iter().all(|value| self.is_written(value)) {
                    written
                } else {
                    self.context.made(span, origins)
                }
            }
            several => {
                let origins: Vec<_> = several.iter().map(|piece| piece.origin).collect();
                self.context.made(span, origins)
            }
        };
        make::string(self.context, Str::new(all), origin)
    }

    fn is_written(&self, value: &Value) -> bool {
        matches!(self.context.origin(value.origin), crate::value::Origin::Literal(_))
    }

    fn as_list(&mut self, inner: ExprId, span: Span) -> Value {
        let value = self.value(inner);
        let elements = match &value.kind {
            Kind::Array(_) => return value,
            Kind::Null => Vec::new(),
            Kind::Unknown { .. } | Kind::Choice(_) => return value,
            _ => vec![Element::One(value.clone())],
        };
        let origin = self.context.written(span);
        make::array(self.context, elements, origin)
    }

    fn map(&mut self, entries: &[Entry], span: Span) -> Value {
        let mut object = Object::default();
        for entry in entries {
            let key = self.value(entry.key);
            let value = self.value(entry.value);
            match pieces(self.context, &key) {
                Some(key) => put(&mut object, key, value),
                None => object.open = true,
            }
        }
        let origin = self.context.written(span);
        let mut value = make::object(self.context, object.members.clone(), origin);
        value.kind = Kind::Object(object.into());
        value
    }

    /// A member or an element. Of what is no list the element 0 is it.
    pub(super) fn get(&mut self, base: &Value, key: &Value, span: Span) -> Value {
        match (&base.kind, &key.kind) {
            (Kind::Choice(choice), _) => {
                let open = super::state::Open { term: choice.condition, origin: choice.condition_origin };
                let choice = choice.clone();
                let then = self.get(&choice.then, key, span);
                let other = self.get(&choice.other, key, span);
                super::state::either(self.context, open, then, other)
            }
            (Kind::Array(elements), _) => {
                let elements = elements.clone();
                self.element(base, &elements, key, span)
            }
            (Kind::Object(object), _) => {
                let Some(name) = pieces(self.context, key).and_then(|key| key.text()) else {
                    return self.part_of(base, key, span);
                };
                match object.get(&name) {
                    Lookup::Found(member) => {
                        let member = member.value.clone();
                        let key = self.context.text(&name);
                        make::descend(self.context, base, &member, key)
                    }
                    Lookup::Absent if !object.open => {
                        let origin = self.context.written(span);
                        make::null(self.context, origin)
                    }
                    _ => self.part_of(base, key, span),
                }
            }
            (_, Kind::Int(0)) => base.clone(),
            (Kind::Null, _) => base.clone(),
            _ => self.part_of(base, key, span),
        }
    }

    fn element(&mut self, base: &Value, elements: &[Element], key: &Value, span: Span) -> Value {
        let index = match (&key.kind, key.text()) {
            (Kind::Int(index), _) => Some(*index),
            (_, Some(text)) => text.trim().parse().ok().or_else(|| {
                let named = self.state.variables.get(&*text)?;
                named.as_int().or_else(|| named.text()?.trim().parse().ok())
            }),
            _ => None,
        };
        let Some(index) = index else {
            // A member of each element, as PowerShell gives it.
            if self.script.shell == Shell::PowerShell && key.text().is_some() {
                let taken = elements.iter().map(|element| match element {
                    Element::One(value) => Element::One(self.get(value, key, span)),
                    Element::Many(value) => Element::Many(self.get(value, key, span)),
                });
                let taken = taken.collect();
                let origin = self.context.written(span);
                return make::array(self.context, taken, origin);
            }
            return self.part_of(base, key, span);
        };
        let from_end = index < 0;
        let at = if from_end { elements.len() as i64 + index } else { index };
        let Some(at) = usize::try_from(at).ok() else { return self.nothing(span) };
        let before =
            if from_end { &elements[at.min(elements.len())..] } else { &elements[..elements.len().min(at + 1)] };
        if before.iter().any(Element::is_many) {
            return self.part_of(base, key, span);
        }
        match elements.get(at) {
            Some(element) => {
                let element = element.value().clone();
                let key = self.context.literal(Literal::Int(at as i64));
                make::descend(self.context, base, &element, key)
            }
            None => self.nothing(span),
        }
    }

    fn nothing(&mut self, span: Span) -> Value {
        let origin = self.context.written(span);
        make::null(self.context, origin)
    }

    /// A part of what isn't known, by its term.
    fn part_of(&mut self, base: &Value, key: &Value, span: Span) -> Value {
        let term = self.context.term(Term::Get(base.term, key.term));
        let origin = self.context.made(span, [base.origin]);
        make::unknown(term, Why::KnownAtDeployment, origin)
    }

    /// What commands give.
    fn output_of(&mut self, block: BlockId, text: &[IrPiece], span: Span) -> Value {
        let rendered = self.rendered(text);
        let emitted = self.capture(block);
        if self.script.shell == Shell::PowerShell {
            return self.output_objects(emitted, &rendered, span);
        }
        let mut values = Vec::new();
        for (at, value) in emitted.into_iter().enumerate() {
            let Some(value) = value else { return self.output_symbol(&rendered, span) };
            if at > 0 {
                let origin = value.origin;
                values.push(make::text(self.context, "\n", origin));
            }
            values.push(value);
        }
        if values.is_empty() {
            return self.output_symbol(&rendered, span);
        }
        let whole = self.concatenated(&values, span);
        match &whole.kind {
            Kind::Str(string) => {
                let string = trimmed(self.context, string);
                let mut value = make::string(self.context, string, whole.origin);
                value.origin = whole.origin;
                value
            }
            _ => whole,
        }
    }

    pub(super) fn output_objects(&mut self, emitted: Vec<Option<Value>>, rendered: &str, span: Span) -> Value {
        let mut values = Vec::new();
        for value in emitted {
            match value {
                Some(value) => values.push(value),
                None => return self.output_symbol(rendered, span),
            }
        }
        match values.len() {
            0 => self.nothing(span),
            1 => values.swap_remove(0),
            _ => {
                let origin = self.context.written(span);
                make::array(self.context, values.into_iter().map(Element::One).collect(), origin)
            }
        }
    }

    fn output_symbol(&mut self, rendered: &str, span: Span) -> Value {
        if FRESH.iter().any(|word| rendered.contains(word)) || rendered.trim_start().starts_with("date") {
            return self.unknown(span);
        }
        let origin = self.context.written(span);
        named(self.context, &format!("$({})", rendered.trim()), origin)
    }

    /// Whether a variable gives something else each time.
    pub(super) fn is_fresh(name: &str) -> bool {
        FRESH.iter().any(|word| name.starts_with(word))
    }
}

/// Sets a member; the last one of a name counts.
pub(super) fn put(object: &mut Object, key: Str, value: Value) {
    let same = |member: &Member| match (member.key.text(), key.text()) {
        (Some(a), Some(b)) => a.eq_ignore_ascii_case(&b),
        _ => false,
    };
    match object.members.iter_mut().find(|member| same(member)) {
        Some(member) => member.value = value,
        None => object.members.push(Member { key, value }),
    }
}

/// Without the line ends at the end, as a substitution gives it.
fn trimmed(context: &mut crate::value::Context, string: &Str) -> Str {
    let mut parts = string.pieces.to_vec();
    while let Some(last) = parts.pop() {
        let Content::Text(text) = &last.content else {
            parts.push(last);
            break;
        };
        let length = text.trim_end_matches('\n').len();
        if length > 0 {
            parts.push(last.part(context, 0, length));
            break;
        }
    }
    Str::new(parts)
}
