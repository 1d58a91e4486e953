//! Functions over lambdas: `filter`, `map`, `mapValues`, `reduce`, `sort`, `toObject`, `groupBy`.

use std::cmp::Ordering;

use super::evaluator::Evaluator;
use super::frame::{Bound, Env};
use super::make;
use crate::ir::{Expr, ExprId, Name};
use crate::text::Span;
use crate::value::{Basis, Element, Kind, Member, Object, Str, TermId, Value, Why};

/// A lambda as it is written at a call.
struct Lambda<'a> {
    args: &'a [Name],
    body: ExprId,
}

/// An item of an array, as a lambda is given it.
struct Turn {
    /// Where the lambda's body is evaluated.
    env: Env,
    item: Value,
    index: Value,
    /// Whether it stands for any number.
    many: bool,
}

impl<'a> Evaluator<'a> {
    /// A function that takes lambdas; `None` if it is none.
    pub(super) fn lambda_function(&mut self, env: &Env, name: &str, args: &'a [ExprId], span: Span) -> Option<Value> {
        let takes = matches!(name, "filter" | "map" | "mapvalues" | "reduce" | "sort" | "toobject" | "groupby");
        let [first, rest @ ..] = args else { return None };
        if !takes || !rest.iter().any(|arg| self.lambda(env, *arg).is_some()) {
            return None;
        }
        let over = self.eval(env, *first);
        let over = self.plain(over);
        let initial = match (name, rest) {
            ("reduce", [initial, ..]) => {
                let value = self.eval(env, *initial);
                Some(self.plain(value))
            }
            _ => None,
        };
        let lambdas: Vec<Lambda<'a>> = rest.iter().filter_map(|arg| self.lambda(env, *arg)).collect();
        Some(self.spread_over_choices(vec![over], &mut |this, values| {
            let (Some(over), Some(lambda)) = (values.first(), lambdas.first()) else {
                return this.unknown(Why::Error, span);
            };
            if make::cause(over) == Some(Why::Error) {
                return make::error(&mut this.context, name, values, span);
            }
            let value = match name {
                "map" => this.map(env, over, lambda, span),
                "filter" => this.filter(env, over, lambda, span),
                "mapvalues" => this.map_values(env, over, lambda),
                "reduce" => this.reduce(env, over, initial.as_ref(), lambda, span),
                "sort" => this.sort(env, over, lambda),
                "toobject" => this.make_object(env, over, lambda, lambdas.get(1), span),
                _ => this.group_by(env, over, lambda, lambdas.get(1), span),
            };
            match value {
                Some(value) if over.basis == Basis::Fixed => value,
                // With other items it is what the lambdas make of those.
                Some(value) => {
                    let mut terms = vec![over.term, value.term];
                    terms.extend(initial.iter().map(|initial| initial.term));
                    terms.extend(lambdas.iter().map(|lambda| this.of_any(env, name, over, lambda, span).term));
                    let term = this.context.call(name, terms);
                    make::rebase(&mut this.context, value, term, over.basis)
                }
                None => {
                    let mut known: Vec<Value> = values.iter().chain(&initial).cloned().collect();
                    known.extend(lambdas.iter().map(|lambda| this.of_any(env, name, over, lambda, span)));
                    this.symbolic_lambda(name, &known, span)
                }
            }
        }))
    }

    fn lambda(&self, env: &Env, id: ExprId) -> Option<Lambda<'a>> {
        match self.program(env).expr(id) {
            Expr::Lambda { args, body } => Some(Lambda { args, body: *body }),
            _ => None,
        }
    }

    fn run(&mut self, env: &Env, lambda: &Lambda<'a>, values: &[Value]) -> Value {
        let mut inner = env.clone();
        for (name, value) in lambda.args.iter().zip(values) {
            inner = Self::bind(&inner, name, value.clone());
        }
        let value = self.eval(&inner, lambda.body);
        self.plain(value)
    }

    /// What a lambda makes of any item: the term of that tells the lambda from others.
    fn of_any(&mut self, env: &Env, name: &str, over: &Value, lambda: &Lambda<'a>, span: Span) -> Value {
        let index = self.loop_index(env, over.term, over);
        let mut inner = within(env, &index);
        let item = self.look_up(over, &index, span, false);
        let values = match name {
            "reduce" => {
                let so_far = self.context.call("reduced", [index.term]);
                vec![make::unknown(so_far, Why::NoValueGiven, over.origin), item, index]
            }
            "sort" => {
                let second = self.loop_index(&inner, over.term, over);
                inner = within(&inner, &second);
                let other = self.look_up(over, &second, span, false);
                vec![item, other]
            }
            _ => vec![item, index],
        };
        self.run(&inner, lambda, &values)
    }

    /// The items of an array with their indexes, as they come out of it; of an unknown array one representative.
    fn items(&mut self, env: &Env, over: &Value, span: Span) -> Option<Vec<Turn>> {
        match &over.kind {
            Kind::Array(elements) => {
                let elements = elements.clone();
                if !self.spend(elements.len(), span) {
                    return None;
                }
                let mut all = Vec::with_capacity(elements.len());
                let mut exact = true;
                for (at, element) in elements.iter().enumerate() {
                    exact &= !element.is_many();
                    let index = if exact {
                        make::int(&mut self.context, at as i64, over.origin)
                    } else {
                        self.loop_index(env, over.term, over)
                    };
                    let item = if element.is_many() {
                        self.each_of(over, element.value(), &index, span)
                    } else {
                        element.value().clone()
                    };
                    let item = make::descend(&mut self.context, over, &item, index.term);
                    all.push(Turn { env: within(env, &index), item, index, many: element.is_many() });
                }
                Some(all)
            }
            Kind::Unknown { term, .. } => {
                let index = self.loop_index(env, *term, over);
                let item = self.look_up(over, &index, span, false);
                Some(vec![Turn { env: within(env, &index), item, index, many: true }])
            }
            _ => None,
        }
    }

    fn map(&mut self, env: &Env, over: &Value, lambda: &Lambda<'a>, span: Span) -> Option<Value> {
        let mut elements = Vec::new();
        for Turn { env, item, index, many } in self.items(env, over, span)? {
            let value = self.run(&env, lambda, &[item, index]);
            elements.push(if many { Element::Many(value) } else { Element::One(value) });
        }
        let told_apart = make::tells_apart(&self.context, &elements, over.term);
        let array = make::array(&mut self.context, elements, over.origin);
        if told_apart {
            return Some(array);
        }
        let term = self.context.call("map", [over.term, array.term]);
        Some(Value { term, ..array })
    }

    fn filter(&mut self, env: &Env, over: &Value, lambda: &Lambda<'a>, span: Span) -> Option<Value> {
        let mut kept = Vec::new();
        let mut by = Vec::new();
        // What decides which are kept.
        let mut terms = vec![over.term];
        let mut basis = Basis::Fixed;
        let mut told_apart = true;
        for Turn { env, item, index, many } in self.items(env, over, span)? {
            let verdict = self.run(&env, lambda, &[item.clone(), index]);
            terms.push(verdict.term);
            told_apart &= !many;
            match verdict.kind {
                Kind::Bool(truth) => {
                    basis = basis.max(verdict.basis);
                    by.push(verdict.origin);
                    if truth {
                        kept.push(if many { Element::Many(item) } else { Element::One(item) });
                    }
                }
                // Of a representative it can't be told which are kept, but each that is kept looks like it.
                _ if many => kept.push(Element::Many(item)),
                _ => return None,
            }
        }
        let origin = self.context.picked(over.origin, by);
        let array = make::array(&mut self.context, kept, origin);
        if told_apart && basis == Basis::Fixed {
            return Some(array);
        }
        let term = self.context.call("filter", terms);
        Some(make::rebase(&mut self.context, array, term, basis))
    }

    fn map_values(&mut self, env: &Env, over: &Value, lambda: &Lambda<'a>) -> Option<Value> {
        let object = over.as_object().filter(|object| !object.open)?.clone();
        let mut members = Vec::with_capacity(object.members.len());
        for member in object.members {
            let key = member.key.term(&mut self.context);
            let value = make::descend(&mut self.context, over, &member.value, key);
            let value = self.run(env, lambda, &[value]);
            members.push(Member { key: member.key, value });
        }
        Some(make::object(&mut self.context, members, over.origin))
    }

    fn reduce(
        &mut self,
        env: &Env,
        over: &Value,
        initial: Option<&Value>,
        lambda: &Lambda<'a>,
        span: Span,
    ) -> Option<Value> {
        let mut current = initial?.clone();
        for Turn { env, item, index, many } in self.items(env, over, span)? {
            if many {
                return None;
            }
            current = self.run(&env, lambda, &[current, item, index]);
        }
        Some(current)
    }

    /// Stable insertion by the lambda's "comes before"; `None` where it can't be told.
    fn sort(&mut self, env: &Env, over: &Value, lambda: &Lambda<'a>) -> Option<Value> {
        let elements = over.as_array()?.to_vec();
        if elements.iter().any(Element::is_many) || elements.len() > 512 {
            return None;
        }
        let mut sorted: Vec<Value> = Vec::with_capacity(elements.len());
        // What decides their order.
        let mut terms = vec![over.term];
        let mut basis = Basis::Fixed;
        for (at, element) in elements.iter().enumerate() {
            let key = make::int(&mut self.context, at as i64, over.origin);
            let item = make::descend(&mut self.context, over, element.value(), key.term);
            let mut place = sorted.len();
            while place > 0 {
                let before = sorted[place - 1].clone();
                let less = self.run(env, lambda, &[item.clone(), before.clone()]);
                let more = self.run(env, lambda, &[before, item.clone()]);
                terms.extend([less.term, more.term]);
                basis = basis.max(less.basis).max(more.basis);
                // "Comes before or is equal" must not turn equal ones round.
                if !less.as_bool()? || more.as_bool()? {
                    break;
                }
                place -= 1;
            }
            sorted.insert(place, item);
        }
        let elements = sorted.into_iter().map(Element::One).collect();
        let array = make::array(&mut self.context, elements, over.origin);
        if basis == Basis::Fixed {
            return Some(array);
        }
        let term = self.context.call("sort", terms);
        Some(make::rebase(&mut self.context, array, term, basis))
    }

    fn make_object(
        &mut self,
        env: &Env,
        over: &Value,
        key: &Lambda<'a>,
        value: Option<&Lambda<'a>>,
        span: Span,
    ) -> Option<Value> {
        let mut members: Vec<Member> = Vec::new();
        // What the members that aren't listed look like.
        let mut others = Vec::new();
        // Two keys may be one only while parameters keep their defaults.
        let mut keys = vec![over.term];
        let mut basis = Basis::Fixed;
        for Turn { env, item, many, .. } in self.items(env, over, span)? {
            let name = self.run(&env, key, std::slice::from_ref(&item));
            let name = make::pieces(&mut self.context, &name)?;
            basis = basis.max(name.basis());
            keys.push(name.term(&mut self.context));
            let value = match value {
                Some(lambda) => self.run(&env, lambda, &[item]),
                None => item,
            };
            if many {
                others.extend([name.term(&mut self.context), value.term]);
                continue;
            }
            put(&mut members, name, value);
        }
        let made = make::object(&mut self.context, members, over.origin);
        if others.is_empty() {
            let term = if basis > made.basis { self.context.call("toobject", keys) } else { made.term };
            return Some(make::rebase(&mut self.context, made, term, basis));
        }
        let terms: Vec<TermId> = [over.term, made.term].into_iter().chain(others).collect();
        let term = self.context.call("toobject", terms);
        Some(Value { term, ..opened(made) })
    }

    fn group_by(
        &mut self,
        env: &Env,
        over: &Value,
        key: &Lambda<'a>,
        value: Option<&Lambda<'a>>,
        span: Span,
    ) -> Option<Value> {
        let mut groups: Vec<(Str, Vec<Element>)> = Vec::new();
        // What decides which items are of one group.
        let mut keys = vec![over.term];
        let mut basis = Basis::Fixed;
        for Turn { env, item, many, .. } in self.items(env, over, span)? {
            let name = self.run(&env, key, std::slice::from_ref(&item));
            let name = name.as_str()?.clone();
            let text = name.text()?;
            basis = basis.max(name.basis());
            keys.push(name.term(&mut self.context));
            let value = match value {
                Some(lambda) => self.run(&env, lambda, &[item]),
                None => item,
            };
            if many {
                return None;
            }
            match groups.iter_mut().find(|(other, _)| other.text().is_some_and(|other| other == text)) {
                Some((_, group)) => group.push(Element::One(value)),
                None => groups.push((name, vec![Element::One(value)])),
            }
        }
        groups.sort_by(|(a, _), (b, _)| compare_keys(a, b));
        let mut members = Vec::with_capacity(groups.len());
        for (key, group) in groups {
            let value = make::array(&mut self.context, group, over.origin);
            members.push(Member { key, value });
        }
        let made = make::object(&mut self.context, members, over.origin);
        if basis == Basis::Fixed {
            return Some(made);
        }
        keys.push(made.term);
        let term = self.context.call("groupby", keys);
        Some(make::rebase(&mut self.context, made, term, basis))
    }

    /// What can't be told: a term of the function, what it was given, and what its lambdas make of any item.
    fn symbolic_lambda(&mut self, name: &str, args: &[Value], span: Span) -> Value {
        let mut value = make::symbolic(&mut self.context, name, args, span);
        // What would fail for an element fails only if there is one.
        if let Kind::Unknown { why, .. } = &mut value.kind
            && *why == Why::Error
        {
            *why = Why::KnownAtDeployment;
        }
        value
    }
}

/// Where a lambda's body is evaluated for an item. Which it is matters to lambdas within over the same array.
fn within(env: &Env, index: &Value) -> Env {
    if index.is_unknown() {
        return env.with(Bound::Loop { name: None, is_innermost: false, index: index.clone() });
    }
    env.clone()
}

fn put(members: &mut Vec<Member>, key: Str, value: Value) {
    let text = key.text();
    match members.iter_mut().find(|member| text.is_some() && member.key.text() == text) {
        Some(member) => member.value = value,
        None => members.push(Member { key, value }),
    }
}

fn opened(value: Value) -> Value {
    let Kind::Object(object) = &value.kind else { return value };
    let object = Object { open: true, ..(**object).clone() };
    Value { kind: Kind::Object(object.into()), ..value }
}

fn compare_keys(a: &Str, b: &Str) -> Ordering {
    a.shown().to_lowercase().cmp(&b.shown().to_lowercase())
}
