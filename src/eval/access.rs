//! `.a`, `[i]`, `.?a`, `[?i]`, `[^i]`.

use super::evaluator::Evaluator;
use super::frame::Env;
use super::make;
use crate::ir::{Expr, ExprId, Program};
use crate::text::Span;
use crate::value::{Element, Kind, Literal, Lookup, Term, TermId, Value, Why};

impl Evaluator<'_> {
    /// A look-up as it is written.
    pub(super) fn get(
        &mut self,
        env: &Env,
        base: ExprId,
        key: ExprId,
        safe: bool,
        from_end: bool,
        span: Span,
    ) -> Value {
        let program = self.program(env);
        if let (Expr::Var(alias), Some(name)) = (program.expr(base), program.literal(key))
            && let Some(value) = self.namespace_member(env.frame, alias, &name, span)
        {
            return value;
        }
        let safe = safe || is_safe(program, base);
        let holder = self.eval(env, base);
        let key = self.eval(env, key);
        let key = self.plain(key);
        self.spread_over_choices(vec![holder, key], &mut |this, values| match values {
            [holder, index] if from_end => this.element_from_end(holder, index, safe, span),
            [holder, key] => this.look_up(holder, key, span, safe),
            _ => this.unknown(Why::Error, span),
        })
    }

    /// `tryGet(base, keys...)`: what `base.?key` says in Bicep.
    pub(super) fn try_get(&mut self, env: &Env, base: ExprId, keys: &[ExprId], span: Span) -> Value {
        let mut values = vec![self.eval(env, base)];
        for key in keys {
            let key = self.eval(env, *key);
            values.push(self.plain(key));
        }
        self.spread_over_choices(values, &mut |this, values| match values {
            [base, keys @ ..] => keys.iter().fold(base.clone(), |base, key| this.look_up(&base, key, span, true)),
            [] => this.unknown(Why::Error, span),
        })
    }

    /// A member or element of a value without choices at its top. `safe`: null where it is missing.
    pub(super) fn look_up(&mut self, holder: &Value, key: &Value, span: Span, safe: bool) -> Value {
        self.spend(1, span);
        match &holder.kind {
            Kind::Handle(handle) => {
                let handle = *handle;
                let member = self.handle_member(holder, handle, key, span);
                return if safe { self.null_without(handle, member, span) } else { member };
            }
            Kind::Choice(_) => {
                return self.spread_over_choices(vec![holder.clone(), key.clone()], &mut |this, values| match values {
                    [holder, key] => this.look_up(holder, key, span, safe),
                    _ => this.unknown(Why::Error, span),
                });
            }
            Kind::Null if safe => return self.picked_by(holder.clone(), &[key.origin]),
            Kind::Object(object) => {
                let Some(name) = key.text() else { return self.open_look_up(holder, key, span, safe) };
                match object.get(&name) {
                    Lookup::Found(member) => {
                        let key_term = self.context.text(&name);
                        let member = member.clone();
                        let by = [key.origin, member.key.pieces.first().map_or(key.origin, |piece| piece.origin)];
                        let value = make::descend(&mut self.context, holder, &member.value, key_term);
                        return self.picked_by(value, &by);
                    }
                    Lookup::Absent => return self.missing(holder, key, span, safe),
                    Lookup::Maybe => return self.open_look_up(holder, key, span, safe),
                }
            }
            Kind::Array(elements) => {
                let Some(index) = key.as_int() else {
                    if let Some(start) = self.range_start(holder.term) {
                        let number = self.number_of_range(&start, key, span);
                        return self.picked_by(number, &[holder.origin]);
                    }
                    return match &**elements {
                        // Made by a loop of the same rounds: the element of this round.
                        [Element::Many(each)] if self.context.only_index(each.term) == Some(key.term) => {
                            let each = make::descend(&mut self.context, holder, each, key.term);
                            self.picked_by(each, &[key.origin, holder.origin])
                        }
                        _ => self.open_look_up(holder, key, span, safe),
                    };
                };
                let Ok(at) = usize::try_from(index) else { return self.missing(holder, key, span, safe) };
                if elements.iter().take(at.saturating_add(1)).any(Element::is_many) {
                    return self.open_look_up(holder, key, span, safe);
                }
                return match elements.get(at) {
                    Some(element) => {
                        let element = element.value().clone();
                        let value = make::descend(&mut self.context, holder, &element, key.term);
                        self.picked_by(value, &[key.origin])
                    }
                    None => self.missing(holder, key, span, safe),
                };
            }
            Kind::Unknown { .. } => return self.open_look_up(holder, key, span, safe),
            _ => {}
        }
        make::error(&mut self.context, "get", &[holder.clone(), key.clone()], span)
    }

    /// An element counted from the end, from 1.
    pub(super) fn element_from_end(&mut self, holder: &Value, index: &Value, safe: bool, span: Span) -> Value {
        if let (Kind::Array(elements), Some(back)) = (&holder.kind, index.as_int())
            && !elements.iter().any(Element::is_many)
        {
            let at = elements.len() as i64 - back;
            let key = make::int(&mut self.context, at, index.origin);
            return self.look_up(holder, &key, span, safe);
        }
        let name = if safe { "tryindexfromend" } else { "indexfromend" };
        make::symbolic(&mut self.context, name, &[holder.clone(), index.clone()], span)
    }

    /// Where a range of numbers starts, if the term is one.
    fn range_start(&self, term: TermId) -> Option<Literal> {
        match self.context.get(term) {
            Term::Call(name, args) if &**name == "range" => self.context.as_literal(*args.first()?).cloned(),
            _ => None,
        }
    }

    /// The number of a range at an index that isn't known: the start and the index.
    fn number_of_range(&mut self, start: &Literal, index: &Value, span: Span) -> Value {
        let Literal::Int(from) = *start else { return index.clone() };
        if from == 0 {
            return index.clone();
        }
        let start = make::int(&mut self.context, from, index.origin);
        self.apply("add", &[start, index.clone()], span)
    }

    /// What is certainly not there: null if asked safely, else an error. It rests on what the holder rests on.
    fn missing(&mut self, holder: &Value, key: &Value, span: Span, safe: bool) -> Value {
        let args = [holder.clone(), key.clone()];
        if safe {
            make::computed(&mut self.context, "tryget", &args, Kind::Null, span)
        } else {
            make::error(&mut self.context, "get", &args, span)
        }
    }

    /// What can't be told.
    fn open_look_up(&mut self, holder: &Value, key: &Value, span: Span, safe: bool) -> Value {
        let content = make::content_term(&mut self.context, holder);
        let why = make::cause(holder).or_else(|| make::cause(key)).unwrap_or(Why::NoValueGiven);
        let key_content = make::content_term(&mut self.context, key);
        let (term, content) = if safe {
            (self.context.call("tryget", [holder.term, key.term]), self.context.call("tryget", [content, key_content]))
        } else {
            (self.context.member(holder.term, key.term), self.context.member(content, key_content))
        };
        let parts = [holder, key].map(|part| self.context.whole(part));
        let origin = self.context.made(span, parts);
        let basis = make::basis(&[holder.clone(), key.clone()]);
        Value { kind: Kind::Unknown { term: content, why }, term, basis, origin }
    }
}

/// Whether a chain of look-ups has a safe link: then it ends in null as a whole.
fn is_safe(program: &Program, mut id: ExprId) -> bool {
    while let Expr::Get { base, safe, .. } = program.expr(id) {
        if *safe {
            return true;
        }
        id = *base;
    }
    false
}
