//! The arena of one evaluation: terms, what is known of them, origins.

use std::collections::HashSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use foldhash::HashMap;

use super::{Ambient, Content, Element, Kind, Literal, Member, Origin, OriginId, StepKind, Str, Term, TermId, Value};
use crate::ir::ParamType;
use crate::text::Span;

/// What is known of a symbol although its value isn't.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The only values it may have, as literals.
    pub allowed: Option<Arc<[Literal]>>,
    /// The least length in characters.
    pub min_length: usize,
    /// The greatest length in characters.
    pub max_length: Option<usize>,
    /// Whether it can't hold a `/`: subscription ids, names of groups and resources.
    pub no_slash: bool,
    /// Where its declaration says so.
    pub bounds: Option<OriginId>,
    /// Its type.
    pub ty: Option<ParamType>,
    /// Whether its value must not be shown.
    pub secure: bool,
}

/// Terms, facts and origins of one evaluation. Ids of one context mean nothing in another.
#[derive(Debug)]
pub struct Context {
    terms: Vec<Term>,
    closed: Vec<bool>,
    /// Of all terms but texts.
    ids: HashMap<Term, TermId>,
    /// Of literal texts, so that one can be looked for without a copy.
    texts: HashMap<Arc<str>, TermId>,
    facts: HashMap<TermId, Facts>,
    origins: Vec<Origin>,
    wholes: HashMap<(OriginId, TermId), OriginId>,
    display_names: HashMap<Arc<str>, Arc<str>>,
    fresh: u32,
    has_secrets: bool,
    weight: usize,
    /// The weight at which it is full.
    most: usize,
}

/// Conditions within conditions whose sides are looked into for a member.
const SIDES: u32 = 4;
/// Lists and objects within others whose parts are told one by one.
const NESTED: u32 = 64;
/// Terms that are looked at to see which indexes one speaks of.
const LOOK: usize = 4096;
/// How many characters of a text are shown to people: more than any id has.
const SHOWN: usize = 400;

/// About how many bytes the terms and origins of an evaluation may take: ten times those of large templates.
const WEIGHT: usize = 40 << 20;
/// Bytes of a term without parts: it is held by its id and found by what it is, and a value or two hold it.
const TERM: usize = 2 * size_of::<Term>() + 2 * size_of::<Value>();

/// The name of the call that marks a representative element in the term of an array.
pub(super) const MANY: &str = "many";

fn is_many(term: &Term) -> bool {
    matches!(term, Term::Call(name, _) if &**name == MANY)
}

impl Default for Context {
    fn default() -> Self {
        let mut context = Self {
            terms: Vec::new(),
            closed: Vec::new(),
            ids: HashMap::default(),
            texts: HashMap::default(),
            facts: HashMap::default(),
            origins: Vec::new(),
            wholes: HashMap::default(),
            display_names: HashMap::default(),
            fresh: 0,
            has_secrets: false,
            weight: 0,
            most: WEIGHT,
        };
        let no_slash = Facts { no_slash: true, min_length: 1, ty: Some(ParamType::String), ..Facts::default() };
        for ambient in [
            Ambient::SubscriptionId,
            Ambient::SubscriptionName,
            Ambient::TenantId,
            Ambient::ResourceGroup,
            Ambient::ManagementGroup,
            Ambient::DeploymentName,
            Ambient::DeploymentLocation,
        ] {
            let term = context.term(Term::Ambient(ambient));
            context.set_facts(term, no_slash.clone());
        }
        context
    }
}

impl Context {
    /// An empty context.
    pub fn new() -> Self {
        Self::default()
    }

    /// The id of a term.
    pub fn term(&mut self, term: Term) -> TermId {
        if let Term::Literal(Literal::Str(text)) = &term {
            return self.text_of(text);
        }
        if let Some(&id) = self.ids.get(&term) {
            return id;
        }
        let id = self.add(term.clone());
        self.ids.insert(term, id);
        id
    }

    fn add(&mut self, term: Term) -> TermId {
        let id = TermId(self.terms.len() as u32);
        self.weight += TERM + term.bytes();
        self.closed.push(self.closes(&term));
        self.terms.push(term);
        id
    }

    /// The term of a text that is shared.
    pub fn text_of(&mut self, text: &Arc<str>) -> TermId {
        if let Some(&id) = self.texts.get(text) {
            return id;
        }
        let id = self.add(Term::Literal(Literal::Str(Arc::clone(text))));
        self.texts.insert(Arc::clone(text), id);
        id
    }

    fn closes(&self, term: &Term) -> bool {
        let all = |terms: &[TermId]| terms.iter().all(|term| self.is_closed(*term));
        match term {
            Term::Literal(_) => true,
            Term::Array(items) => all(items),
            Term::Object(members) => members.iter().all(|(key, value)| self.is_closed(*key) && self.is_closed(*value)),
            _ => false,
        }
    }

    /// Whether a term is a known value: a literal, or an array or object of such.
    pub fn is_closed(&self, id: TermId) -> bool {
        self.closed[id.0 as usize]
    }

    /// A member or element of a term: of an array or object of terms the term itself.
    pub fn member(&mut self, base: TermId, key: TermId) -> TermId {
        self.member_within(base, key, SIDES)
    }

    /// Looks into both sides of a condition, so many conditions deep: terms share their parts, and without a bound the
    /// work could double with each.
    fn member_within(&mut self, base: TermId, key: TermId, sides: u32) -> TermId {
        match (self.get(base), self.get(key)) {
            (Term::Object(members), Term::Literal(Literal::Str(name))) => {
                for (other, value) in members {
                    match self.get(*other) {
                        Term::Literal(Literal::Str(text)) if text.eq_ignore_ascii_case(name) => return *value,
                        Term::Literal(_) => {}
                        _ => break,
                    }
                }
            }
            (Term::Array(items), Term::Literal(Literal::Int(index))) => {
                let one = usize::try_from(*index)
                    .ok()
                    .filter(|&at| at < items.len() && items[..=at].iter().all(|item| !is_many(self.get(*item))));
                if let Some(at) = one {
                    return items[at];
                }
            }
            (Term::Array(items), Term::Index(..)) => {
                if let [one] = **items
                    && let Term::Call(name, of) = self.get(one)
                    && let ([of], MANY) = (&**of, &**name)
                    && self.only_index(*of) == Some(key)
                {
                    return *of;
                }
            }
            (Term::Call(name, args), Term::Literal(Literal::Int(index))) if &**name == "range" => {
                if let [start, _] = **args
                    && let Some(Literal::Int(start)) = self.as_literal(start)
                    && let Some(number) = start.checked_add(*index)
                {
                    return self.literal(Literal::Int(number));
                }
            }
            (Term::If(condition, then, other), _) if sides > 0 => {
                let (condition, then, other) = (*condition, *then, *other);
                let then = self.member_within(then, key, sides - 1);
                let other = self.member_within(other, key, sides - 1);
                return self.term(Term::If(condition, then, other));
            }
            _ => {}
        }
        self.term(Term::Get(base, key))
    }

    /// The index of a loop that a term speaks of, if it speaks of just one.
    pub fn only_index(&self, term: TermId) -> Option<TermId> {
        let mut found = None;
        let is_whole = self.look_through(term, |at| {
            if !matches!(self.get(at), Term::Index(..)) {
                return ControlFlow::Continue(true);
            }
            if found.replace(at).is_some() { ControlFlow::Break(()) } else { ControlFlow::Continue(false) }
        });
        found.filter(|_| is_whole)
    }

    /// Whether a term is made of another. What is too large to be looked through is taken to be.
    pub fn holds(&self, term: TermId, part: TermId) -> bool {
        !self.look_through(term, |at| if at == part { ControlFlow::Break(()) } else { ControlFlow::Continue(true) })
    }

    /// Visits a term and what it is made of, each once. `visit` says whether the parts are looked at, too. False if it
    /// stopped, or if there is too much to be looked through.
    fn look_through(&self, term: TermId, mut visit: impl FnMut(TermId) -> ControlFlow<(), bool>) -> bool {
        let mut seen = HashSet::from([term]);
        let mut pending = vec![term];
        while let Some(at) = pending.pop() {
            match visit(at) {
                ControlFlow::Break(()) => return false,
                ControlFlow::Continue(false) => continue,
                ControlFlow::Continue(true) => {}
            }
            if seen.len() > LOOK {
                return false;
            }
            self.get(at).each_part(|part| {
                if seen.insert(part) {
                    pending.push(part);
                }
            });
        }
        true
    }

    /// The term of an id.
    pub fn get(&self, id: TermId) -> &Term {
        &self.terms[id.0 as usize]
    }

    /// How many terms there are.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether terms and origins take as many bytes as they may: then whoever works out values stops.
    pub const fn is_full(&self) -> bool {
        self.weight >= self.most
    }

    /// Gives room for another evaluation beside what is there.
    pub const fn make_room(&mut self) {
        self.most = self.weight.saturating_add(WEIGHT);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The term of a literal.
    pub fn literal(&mut self, literal: Literal) -> TermId {
        self.term(Term::Literal(literal))
    }

    /// The term of a text.
    pub fn text(&mut self, text: &str) -> TermId {
        match self.texts.get(text) {
            Some(&id) => id,
            None => self.text_of(&Arc::from(text)),
        }
    }

    /// The term of a call.
    pub fn call(&mut self, function: &str, args: impl Into<Box<[TermId]>>) -> TermId {
        self.term(Term::Call(Arc::from(function), args.into()))
    }

    /// A term that is equal only to itself.
    pub fn fresh(&mut self) -> TermId {
        self.fresh += 1;
        self.term(Term::Fresh(self.fresh))
    }

    /// The term of a parameter. Names don't tell upper from lower case; the spelling is kept for people.
    pub fn param(&mut self, name: &str) -> TermId {
        let lower: Arc<str> = name.to_lowercase().into();
        self.display_names.entry(Arc::clone(&lower)).or_insert_with(|| Arc::from(name));
        self.term(Term::Param(lower))
    }

    /// How a parameter is spelt where it is declared, without what tells several calls of its module apart.
    pub fn display_name(&self, lower: &Arc<str>) -> Arc<str> {
        let name = self.display_names.get(lower).unwrap_or(lower);
        match name.split_once('/') {
            Some((call, name)) if call.bytes().all(|byte| byte.is_ascii_digit()) => Arc::from(name),
            _ => Arc::clone(name),
        }
    }

    /// The index of a loop over an array, or of so many rounds. Loops over an array, over its length and over a range of
    /// its length have the same index; `nested` tells a loop from those around it.
    pub fn index(&mut self, over: TermId, nested: u8) -> TermId {
        let over = self.counted(over);
        self.term(Term::Index(over, nested))
    }

    /// What a loop over an array or count counts: `x` for `length(x)`, for `range(0, x)` and for an array that a loop
    /// over `x` made.
    pub fn counted(&self, mut over: TermId) -> TermId {
        loop {
            over = match self.get(over) {
                Term::Call(name, args) => match (&**name, &**args) {
                    ("length", [array]) => *array,
                    ("range", [start, count]) if self.as_literal(*start) == Some(&Literal::Int(0)) => *count,
                    _ => return over,
                },
                Term::Array(items) => match &**items {
                    [each] if is_many(self.get(*each)) => match self.only_index(*each).map(|index| self.get(index)) {
                        Some(Term::Index(of, _)) => *of,
                        _ => return over,
                    },
                    _ => return over,
                },
                _ => return over,
            };
        }
    }

    /// The term of an array.
    pub fn array_term(&mut self, elements: &[Element]) -> TermId {
        let items: Vec<TermId> = elements
            .iter()
            .map(|element| match element {
                Element::One(value) => value.term,
                Element::Many(value) => self.call(MANY, [value.term]),
            })
            .collect();
        self.term(Term::Array(items.into()))
    }

    /// The term of an object. Order doesn't count: two objects of the same members are equal.
    pub fn object_term(&mut self, members: &[Member]) -> TermId {
        let mut terms: Vec<(TermId, TermId)> = Vec::with_capacity(members.len());
        for member in members {
            let key = member.key.term(self);
            terms.push((key, member.value.term));
        }
        terms.sort_unstable();
        self.term(Term::Object(terms.into()))
    }

    /// The literal that a term is.
    pub fn as_literal(&self, id: TermId) -> Option<&Literal> {
        match self.get(id) {
            Term::Literal(literal) => Some(literal),
            _ => None,
        }
    }

    /// Strings one after the other: nested ones are opened, neighbouring literals joined.
    pub fn concat(&mut self, parts: impl IntoIterator<Item = TermId>) -> TermId {
        let mut flat: Vec<TermId> = Vec::new();
        let mut text = String::new();
        let mut pending: Vec<TermId> = parts.into_iter().collect();
        pending.reverse();
        while let Some(part) = pending.pop() {
            match self.get(part) {
                Term::Concat(inner) => pending.extend(inner.iter().rev().copied()),
                Term::Literal(Literal::Str(piece)) => text.push_str(piece),
                _ => {
                    if !text.is_empty() {
                        let literal = self.text(&text);
                        flat.push(literal);
                        text.clear();
                    }
                    flat.push(part);
                }
            }
        }
        if !text.is_empty() || flat.is_empty() {
            let literal = self.text(&text);
            flat.push(literal);
        }
        match flat.as_slice() {
            [one] => *one,
            _ => self.term(Term::Concat(flat.into())),
        }
    }

    /// States what is known of a symbol.
    pub fn set_facts(&mut self, term: TermId, facts: Facts) {
        self.has_secrets |= facts.secure;
        self.facts.insert(term, facts);
    }

    /// Forgets what is known of parameters, but for what must not be shown: another program may declare parameters of
    /// the same names otherwise.
    pub fn forget_parameters(&mut self) {
        let terms = &self.terms;
        self.facts.retain(|term, facts| facts.secure || !matches!(terms[term.0 as usize], Term::Param(_)));
    }

    /// A string for people: what isn't known, and what must not be shown, as `…`, as is
    /// the end of a text that nobody would read.
    pub fn shown(&self, string: &Str) -> String {
        let mut shown = String::new();
        for piece in &*string.pieces {
            match &piece.content {
                Content::Text(text) if !self.is_secret(piece.term) => shown.push_str(text),
                _ => shown.push('…'),
            }
        }
        if let Some((end, _)) = shown.char_indices().nth(SHOWN) {
            shown.truncate(end);
            shown.push('…');
        }
        shown
    }

    /// Whether a term is, or is made of, a symbol whose value must not be shown.
    pub fn is_secret(&self, term: TermId) -> bool {
        if !self.has_secrets {
            return false;
        }
        let mut seen = HashSet::from([term]);
        let mut pending = vec![term];
        while let Some(at) = pending.pop() {
            if self.facts(at).is_some_and(|facts| facts.secure) {
                return true;
            }
            self.get(at).each_part(|part| {
                if seen.insert(part) {
                    pending.push(part);
                }
            });
        }
        false
    }

    /// What is known of a symbol.
    pub fn facts(&self, term: TermId) -> Option<&Facts> {
        self.facts.get(&term)
    }

    /// Adds an origin.
    pub fn add_origin(&mut self, origin: Origin) -> OriginId {
        self.weight += size_of::<Origin>() + size_of::<OriginId>() * origin.parts();
        self.origins.push(origin);
        OriginId(self.origins.len() as u32 - 1)
    }

    /// The origin of an id.
    pub fn origin(&self, id: OriginId) -> &Origin {
        &self.origins[id.0 as usize]
    }

    /// How many origins there are.
    pub fn origins(&self) -> usize {
        self.origins.len()
    }

    /// Written at `span`.
    pub fn written(&mut self, span: Span) -> OriginId {
        self.add_origin(Origin::Literal(span))
    }

    /// Passed unchanged through `span`.
    pub fn via(&mut self, kind: StepKind, span: Span, of: OriginId) -> OriginId {
        self.add_origin(Origin::Via(kind, span, of))
    }

    /// Computed at `span` from others.
    pub fn made(&mut self, span: Span, of: impl Into<Box<[OriginId]>>) -> OriginId {
        self.add_origin(Origin::Made(span, of.into()))
    }

    /// `value`, picked by others.
    pub fn picked(&mut self, value: OriginId, by: impl Into<Box<[OriginId]>>) -> OriginId {
        let by = by.into();
        if by.is_empty() { value } else { self.add_origin(Origin::Picked { value, by }) }
    }

    /// The origin of a value with those of all that it holds: what is computed from it rests on each of them.
    pub fn whole(&mut self, value: &Value) -> OriginId {
        self.whole_within(value, NESTED)
    }

    /// Values share their parts, and are asked for again and again; so each list and object is gone through once.
    fn whole_within(&mut self, value: &Value, depth: u32) -> OriginId {
        let holds = match &value.kind {
            Kind::Array(_) | Kind::Object(_) | Kind::Choice(_) => depth > 0,
            Kind::Str(string) => string.pieces.iter().any(|piece| piece.origin != value.origin),
            _ => false,
        };
        if !holds {
            return value.origin;
        }
        let key = (self.maker(value.origin), value.term);
        let held = match self.wholes.get(&key) {
            Some(&held) => held,
            None => {
                let held = self.held(value, depth);
                let held = self.add_origin(Origin::Among(held.into()));
                self.wholes.insert(key, held);
                held
            }
        };
        self.picked(value.origin, [held])
    }

    fn held(&mut self, value: &Value, depth: u32) -> Vec<OriginId> {
        match &value.kind {
            Kind::Array(elements) => {
                elements.iter().map(|element| self.whole_within(element.value(), depth - 1)).collect()
            }
            Kind::Object(object) => {
                let mut held = Vec::with_capacity(2 * object.members.len());
                for member in &object.members {
                    held.extend(member.key.pieces.iter().map(|piece| piece.origin));
                    held.push(self.whole_within(&member.value, depth - 1));
                }
                held
            }
            Kind::Choice(choice) => {
                let sides = [&choice.then, &choice.other].map(|side| self.whole_within(side, depth - 1));
                vec![choice.condition_origin, sides[0], sides[1]]
            }
            Kind::Str(string) => string.pieces.iter().map(|piece| piece.origin).collect(),
            _ => Vec::new(),
        }
    }

    /// Where a value was made that was passed on and picked since.
    fn maker(&self, mut at: OriginId) -> OriginId {
        while let Origin::Via(_, _, of) | Origin::Picked { value: of, .. } = self.origin(at) {
            at = *of;
        }
        at
    }
}
