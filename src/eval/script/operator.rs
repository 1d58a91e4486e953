//! Operators of both languages: `${x:-y}`, `${x%y}`, `$((...))`, `+`, `-join` and the like.

use crate::eval::make;
use crate::ir::script::{Expr, ExprId};
use crate::text::Span;
use crate::value::{Basis, Content, Element, Kind, Piece, Str, Value, Why};

use super::state::{Open, Truth};
use super::sum::Sum;
use super::text::pieces;
use super::walk::Walker;

/// The longest sequence of numbers that is written out.
const SEQUENCE: u64 = 1000;

impl Walker<'_, '_> {
    /// An operator over its arguments.
    pub(super) fn call(&mut self, function: &str, args: &[ExprId], span: Span) -> Value {
        match (function, args) {
            (
                "default"
                | "default-if-unset"
                | "assign-default"
                | "assign-default-if-unset"
                | "require"
                | "require-if-unset"
                | "alternative"
                | "alternative-if-set",
                [base, word, ..],
            ) => self.fallback(function, *base, *word, span),
            _ => {
                let values: Vec<Value> = args.iter().map(|arg| self.value(*arg)).collect();
                self.operate(function, &values, span)
            }
        }
    }

    /// `${x:-word}` and its kin.
    fn fallback(&mut self, function: &str, base: ExprId, word: ExprId, span: Span) -> Value {
        let value = self.value(base);
        let is_there = is_there(function, &value);
        let operator = function.split("-if-").next().unwrap_or(function);
        match (operator, is_there) {
            ("require", _) | ("default" | "assign-default", Some(true)) => value,
            ("alternative", Some(true)) | ("default", Some(false)) => self.value(word),
            ("alternative", Some(false)) => {
                let origin = self.context.written(span);
                make::text(self.context, "", origin)
            }
            ("alternative", None) => self.apply_symbolic(function, &[value], span),
            (_, there) => {
                let default = self.value(word);
                let result = if there == Some(false) {
                    default
                } else {
                    // What the environment may set is a parameter with a default.
                    let term = self.context.call("default", [value.term, default.term]);
                    make::rebase(self.context, default, term, Basis::Default)
                };
                if operator == "assign-default" {
                    self.assign_to(base, result.clone());
                }
                result
            }
        }
    }

    /// Whether a part of a word is a fallback in quotes that takes the variable's place: it doesn't fall apart.
    pub(super) fn is_quoted_fallback(&mut self, id: ExprId) -> bool {
        let script = self.script;
        let Expr::Call { function, args } = script.expr(id) else { return false };
        let [base, _, _] = args.as_slice() else { return false };
        let value = self.value(*base);
        is_there(function, &value) != Some(true)
    }

    fn apply_symbolic(&mut self, function: &str, values: &[Value], span: Span) -> Value {
        make::symbolic(self.context, function, values, span)
    }

    /// An operator over values. What can't be worked out is a symbol of the same arguments.
    pub(super) fn operate(&mut self, function: &str, values: &[Value], span: Span) -> Value {
        if let Some(result) = self.over_choice(function, values, span) {
            return result;
        }
        let worked = match (function, values) {
            ("count", [value]) => count(value).map(|count| self.int(count, values, span)),
            ("length", [value]) => {
                let text = pieces(self.context, value).and_then(|string| string.text());
                text.map(|text| self.int(text.chars().count() as i64, values, span))
            }
            ("keys", [value]) => self.keys(value, span),
            ("arithmetic", [text]) => {
                let number = text.text().and_then(|text| self.arithmetic(&text));
                number.map(|number| self.int(number, values, span))
            }
            ("format", [text, given]) => self.formatted(text, given, span),
            ("cast", [ty, value]) => super::convert::cast(ty, value),
            ("sequence", [from, to]) => self.sequence(from, to, span),
            ("slice", [value, range]) => self.slice(value, range, 0, span),
            ("slice-arguments", [value, range]) => self.slice(value, range, 1, span),
            ("upper" | "lower" | "upper-first" | "lower-first", [value]) => self.map_text(value, span, |text| {
                let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
                match function {
                    "upper" => text.to_uppercase(),
                    "lower" => text.to_lowercase(),
                    "upper-first" => first.to_uppercase() + rest,
                    _ => first.to_lowercase() + rest,
                }
            }),
            (
                "remove-prefix" | "remove-longest-prefix" | "remove-suffix" | "remove-longest-suffix",
                [value, pattern],
            ) => self.remove(function, value, pattern, span),
            ("replace-all" | "replace-first" | "replace-prefix" | "replace-suffix", [value, pattern, with]) => {
                match (pattern.text(), pieces(self.context, with).and_then(|with| with.text())) {
                    (Some(pattern), Some(with)) if !pattern.is_empty() && !pattern.contains(['*', '?', '[', '\\']) => {
                        self.map_text(value, span, |text| replace(function, text, &pattern, &with))
                    }
                    _ => None,
                }
            }
            ("add", [a, b]) => self.add(a, b, span),
            ("join", [list, separator]) => self.join_list(list, separator, span),
            ("equals" | "not-equals", [a, b]) => self.compare(a, b).map(|(same, basis)| {
                let mut value = self.truth(same == (function == "equals"), span);
                value.basis = basis;
                value
            }),
            ("not", [value]) => value.as_bool().map(|truth| self.truth(!truth, span)),
            _ => None,
        };
        worked.unwrap_or_else(|| self.apply_symbolic(function, values, span))
    }

    /// The operator on both sides of the first choice among the values.
    fn over_choice(&mut self, function: &str, values: &[Value], span: Span) -> Option<Value> {
        let choice = values.iter().find_map(|value| match &value.kind {
            Kind::Choice(choice) => Some(choice.clone()),
            _ => None,
        })?;
        if values.iter().map(make::leaves).sum::<usize>() > 16 {
            return Some(self.apply_symbolic(function, values, span));
        }
        let open = Open { term: choice.condition, origin: choice.condition_origin };
        let [then, other] = [true, false].map(|holds| {
            let settled: Vec<Value> =
                values.iter().map(|value| make::side(value.clone(), choice.condition, holds)).collect();
            self.operate(function, &settled, span)
        });
        Some(super::state::either(self.context, open, then, other))
    }

    fn int(&mut self, number: i64, values: &[Value], span: Span) -> Value {
        let origin = self.context.written(span);
        let mut value = make::int(self.context, number, origin);
        value.basis = make::basis(values);
        value
    }

    pub(super) fn truth(&mut self, truth: bool, span: Span) -> Value {
        let origin = self.context.written(span);
        make::boolean(self.context, truth, origin)
    }

    /// Whether two values are the same text, and how firmly; `None` where it can't be told.
    pub(super) fn compare(&mut self, a: &Value, b: &Value) -> Option<(bool, Basis)> {
        let (left, right) = (pieces(self.context, a)?, pieces(self.context, b)?);
        if a.term == b.term {
            return Some((true, Basis::Fixed));
        }
        let same = match self.script.shell {
            crate::ir::script::Shell::Bash => left.text()? == right.text()?,
            crate::ir::script::Shell::PowerShell => left.text()?.eq_ignore_ascii_case(&right.text()?),
        };
        Some((same, left.basis().max(right.basis())))
    }

    /// The keys of a map, or the indices of a list.
    fn keys(&mut self, value: &Value, span: Span) -> Option<Value> {
        let origin = self.context.written(span);
        let elements: Vec<Element> = match &value.kind {
            // bash gives the keys in an order of its own.
            Kind::Object(object) if object.members.len() <= 1 && !object.open => object
                .members
                .iter()
                .map(|member| Element::One(make::string(self.context, member.key.clone(), value.origin)))
                .collect(),
            Kind::Array(elements) if !elements.iter().any(Element::is_many) => {
                (0..elements.len()).map(|at| Element::One(make::int(self.context, at as i64, origin))).collect()
            }
            _ => return None,
        };
        Some(make::array(self.context, elements, origin))
    }

    /// A function of a text, or of every text of a list.
    fn map_text(&mut self, value: &Value, span: Span, change: impl Fn(&str) -> String + Copy) -> Option<Value> {
        if let Kind::Array(elements) = &value.kind {
            let changed: Option<Vec<Element>> = elements
                .iter()
                .map(|element| match element {
                    Element::One(value) => self.map_text(value, span, change).map(Element::One),
                    Element::Many(_) => None,
                })
                .collect();
            let origin = self.context.written(span);
            return changed.map(|elements| make::array(self.context, elements, origin));
        }
        let string = pieces(self.context, value)?;
        let changed = change(&string.text()?);
        let origin = self.context.made(span, [value.origin]);
        let term = if value.basis == Basis::Fixed && self.context.is_closed(value.term) {
            self.context.text(&changed)
        } else {
            let changed = self.context.text(&changed);
            self.context.call("changed", [value.term, changed])
        };
        let piece = Piece { content: Content::Text(changed.into()), term, basis: string.basis(), origin };
        Some(make::string(self.context, Str::new([piece]), origin))
    }

    fn remove(&mut self, function: &str, value: &Value, pattern: &Value, span: Span) -> Option<Value> {
        let pattern = pieces(self.context, pattern)?.text()?;
        if pattern.contains(['?', '[', '\\', '(']) || pattern.len() > 64 {
            return None;
        }
        let stars = pattern.matches('*').count();
        if stars > 1 {
            return None;
        }
        if let Kind::Array(_) = value.kind {
            return self.map_text(value, span, |text| {
                let (from, to) = kept(function, text, &pattern);
                text.get(from..to).unwrap_or_default().to_owned()
            });
        }
        let string = pieces(self.context, value)?;
        let text = string.text()?;
        let (from, to) = kept(function, &text, &pattern);
        match &*string.pieces {
            [piece] => {
                let part = piece.part(self.context, from, to);
                let origin = part.origin;
                Some(make::string(self.context, Str::new([part]), origin))
            }
            _ => self.map_text(value, span, |text| text.get(from..to).unwrap_or_default().to_owned()),
        }
    }

    /// `0..2`, `2..0`: whole numbers from one to another.
    fn sequence(&mut self, from: &Value, to: &Value, span: Span) -> Option<Value> {
        let (first, last) = (from.as_int()?, to.as_int()?);
        let length = first.abs_diff(last).checked_add(1).filter(|length| *length <= SEQUENCE)?;
        let step = if first <= last { 1 } else { -1 };
        let ends = [from.clone(), to.clone()];
        let elements = (0..length as i64).map(|at| Element::One(self.int(first + at * step, &ends, span))).collect();
        let origin = self.context.written(span);
        Some(make::array(self.context, elements, origin))
    }

    /// `${x:1:2}`, `${a[@]:1}`, `${@:2}`; `first` is what the first element is called.
    fn slice(&mut self, value: &Value, range: &Value, first: i64, span: Span) -> Option<Value> {
        let range = range.text()?;
        let mut numbers = range.splitn(2, ':').map(|part| self.arithmetic(part));
        let offset = numbers.next()??;
        let length = numbers.next();
        let length = match length {
            None => None,
            Some(length) => Some(length?),
        };
        let size = match &value.kind {
            Kind::Array(elements) if !elements.iter().any(Element::is_many) => elements.len() as i64,
            Kind::Array(_) => return None,
            _ => pieces(self.context, value)?.text()?.chars().count() as i64,
        };
        let from = match offset {
            offset if offset < -size && first > 0 => return None,
            offset if offset < -size => size,
            offset if offset < 0 => size + offset,
            // What comes before the first argument is the name of the script.
            offset if offset < first => return None,
            offset => (offset - first).min(size),
        };
        let to = match length {
            None => size,
            Some(length) if length < 0 => (size + length).max(from),
            Some(length) => (from + length).min(size),
        };
        if let Kind::Array(elements) = &value.kind {
            let part = elements.get(from as usize..to as usize)?.to_vec();
            return Some(make::array(self.context, part, value.origin));
        }
        self.map_text(value, span, |text| text.chars().skip(from as usize).take((to - from) as usize).collect())
    }

    /// `+`: text to text, list to list, number to number.
    fn add(&mut self, a: &Value, b: &Value, span: Span) -> Option<Value> {
        match (&a.kind, &b.kind) {
            (Kind::Int(x), Kind::Int(y)) => x.checked_add(*y).map(|sum| self.int(sum, &[a.clone(), b.clone()], span)),
            (Kind::Array(x), Kind::Array(y)) => {
                let elements = x.iter().chain(y.iter()).cloned().collect();
                Some(make::array(self.context, elements, a.origin))
            }
            (Kind::Array(x), _) => {
                let added = if b.is_unknown() { Element::Many(b.clone()) } else { Element::One(b.clone()) };
                let elements = x.iter().cloned().chain([added]).collect();
                Some(make::array(self.context, elements, a.origin))
            }
            (Kind::Str(_) | Kind::Unknown { .. }, Kind::Str(_) | Kind::Int(_) | Kind::Unknown { .. } | Kind::Null)
                if a.as_str().is_some() || b.as_str().is_some() =>
            {
                Some(self.concatenated(&[a.clone(), b.clone()], span))
            }
            (Kind::Null, _) => Some(b.clone()),
            _ => None,
        }
    }

    fn join_list(&mut self, list: &Value, separator: &Value, span: Span) -> Option<Value> {
        let elements = list.as_array()?;
        let mut values = Vec::new();
        for (at, element) in elements.iter().enumerate() {
            if element.is_many() {
                return None;
            }
            if at > 0 {
                values.push(separator.clone());
            }
            values.push(element.value().clone());
        }
        Some(self.concatenated(&values, span))
    }

    /// A method call. `Add` changes the variable that it is called on.
    pub(super) fn method(&mut self, base: ExprId, name: &str, args: &[ExprId], span: Span) -> Value {
        let object = self.value(base);
        let values: Vec<Value> = args.iter().map(|arg| self.value(*arg)).collect();
        match (&*name.to_ascii_lowercase(), &object.kind, values.as_slice()) {
            ("add", Kind::Array(elements), [value]) => {
                let elements = elements.iter().cloned().chain([Element::One(value.clone())]).collect();
                let grown = make::array(self.context, elements, object.origin);
                self.assign_to(base, grown);
                self.silent(span)
            }
            ("addrange", Kind::Array(elements), [Value { kind: Kind::Array(more), .. }]) => {
                let elements = elements.iter().chain(more.iter()).cloned().collect();
                let grown = make::array(self.context, elements, object.origin);
                self.assign_to(base, grown);
                self.silent(span)
            }
            ("add", Kind::Object(map), [key, value]) => {
                let mut map = (**map).clone();
                match pieces(self.context, key) {
                    Some(key) => super::expression::put(&mut map, key, value.clone()),
                    None => map.open = true,
                }
                let mut grown = make::object(self.context, map.members.clone(), object.origin);
                grown.kind = Kind::Object(map.into());
                self.assign_to(base, grown);
                self.silent(span)
            }
            ("tolower", _, []) => self.operate("lower", &[object], span),
            ("toupper", _, []) => self.operate("upper", &[object], span),
            ("trim" | "tostring", Kind::Str(_), []) | ("toarray", Kind::Array(_), []) => object,
            ("split", Kind::Str(string), [separator]) => {
                let Some(separator) = separator.text().filter(|text| text.chars().count() == 1) else {
                    return self.apply_symbolic("split", &[object], span);
                };
                let fields = string.split(self.context, |char| separator.starts_with(char));
                let elements =
                    fields.into_iter().map(|field| Element::One(make::string(self.context, field, object.origin)));
                let elements = elements.collect();
                make::array(self.context, elements, object.origin)
            }
            ("replace", Kind::Str(_), [from, to]) => {
                self.operate("replace-all", &[object.clone(), from.clone(), to.clone()], span)
            }
            (_, Kind::Array(_) | Kind::Object(_), _) if !args.is_empty() => {
                // It may have changed what it was called on.
                let changed = self.unknown(span);
                self.assign_to(base, changed.clone());
                changed
            }
            (lower, _, _) => {
                let mut all = vec![object];
                all.extend(values);
                let mut value = self.apply_symbolic(lower, &all, span);
                if let Kind::Unknown { why, .. } = &mut value.kind {
                    *why = Why::Unsupported;
                }
                value
            }
        }
    }

    fn silent(&mut self, span: Span) -> Value {
        let origin = self.context.written(span);
        make::null(self.context, origin)
    }

    /// Whole-number arithmetic over literals and variables that are known.
    pub(super) fn arithmetic(&self, text: &str) -> Option<i64> {
        Sum::new(text, &self.state).whole()
    }

    /// What a value is as a condition.
    pub(super) fn truth_of(&mut self, value: &Value) -> Truth {
        match &value.kind {
            Kind::Bool(truth) => Truth::Known(*truth, value.basis),
            Kind::Null => Truth::Known(false, value.basis),
            Kind::Int(number) => Truth::Known(*number != 0, value.basis),
            Kind::Str(string) if string.is_known() => Truth::Known(!string.is_empty(), value.basis),
            Kind::Object(_) => Truth::Known(true, value.basis),
            _ => Truth::Open(Open { term: value.term, origin: value.origin }),
        }
    }
}

/// Whether a variable is set, as a fallback asks; `None` where it can't be told.
fn is_there(function: &str, value: &Value) -> Option<bool> {
    let empty_counts = !function.ends_with("-if-unset") && !function.ends_with("-if-set");
    match &value.kind {
        Kind::Null => Some(false),
        Kind::Str(string) if string.is_empty() => Some(!empty_counts),
        Kind::Str(string) if string.is_known() => Some(true),
        Kind::Str(string) if string.pieces.iter().any(|piece| matches!(piece.content, Content::Text(_))) => Some(true),
        Kind::Array(elements) if elements.is_empty() => Some(false),
        Kind::Array(elements) if !elements[0].is_many() => Some(true),
        Kind::Object(_) | Kind::Bool(_) | Kind::Int(_) | Kind::Float(_) => Some(true),
        _ => None,
    }
}

fn count(value: &Value) -> Option<i64> {
    match &value.kind {
        Kind::Null => Some(0),
        Kind::Array(elements) if !elements.iter().any(Element::is_many) => Some(elements.len() as i64),
        Kind::Object(object) if !object.open => Some(object.members.len() as i64),
        Kind::Str(_) => Some(1),
        _ => None,
    }
}

fn replace(function: &str, text: &str, pattern: &str, with: &str) -> String {
    match function {
        "replace-all" => text.replace(pattern, with),
        "replace-first" => text.replacen(pattern, with, 1),
        "replace-prefix" => text.strip_prefix(pattern).map_or_else(|| text.to_owned(), |rest| format!("{with}{rest}")),
        _ => text.strip_suffix(pattern).map_or_else(|| text.to_owned(), |rest| format!("{rest}{with}")),
    }
}

/// What is left of a text when a prefix or suffix that matches (with at most one `*`) is taken off.
fn kept(function: &str, text: &str, pattern: &str) -> (usize, usize) {
    let all = (0, text.len());
    let suffix = function.ends_with("suffix");
    let longest = function.contains("longest");
    let matches = |part: &str| match pattern.split_once('*') {
        None => part == pattern,
        Some((front, back)) => {
            part.len() >= front.len() + back.len() && part.starts_with(front) && part.ends_with(back)
        }
    };
    let mut cuts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    if cuts.len() > 4096 {
        return all;
    }
    if suffix != longest {
        cuts.reverse();
    }
    for cut in cuts {
        let part = if suffix { text.get(cut..) } else { text.get(..cut) };
        if part.is_some_and(matches) {
            return if suffix { (0, cut) } else { (cut, text.len()) };
        }
    }
    all
}
