//! `[ ... ]`, `[[ ... ]]`, `test`.

use crate::value::{Basis, Content, Value};

use super::Arg;
use super::state::{Open, Truth};
use super::text::{pieces, render, symbol};
use super::walk::Walker;

/// Tests of one text that only the machine can answer.
const MACHINE: [&str; 20] = [
    "-e", "-f", "-d", "-r", "-w", "-x", "-s", "-h", "-L", "-t", "-v", "-b", "-c", "-p", "-S", "-g", "-u", "-k", "-O",
    "-G",
];

/// How deep parentheses and negations may nest.
const DEPTH: u32 = 16;

impl Walker<'_, '_> {
    /// What a test comes to. `args` are the words behind its name.
    pub(super) fn test(&mut self, name: &str, args: &[Arg]) -> Truth {
        let closing = match name {
            "[" => "]",
            "[[" => "]]",
            _ => "",
        };
        let args = match args.split_last() {
            Some((last, rest)) if !closing.is_empty() && last.text().as_deref() == Some(closing) => rest,
            _ => args,
        };
        self.any(args, 0).unwrap_or_else(|| self.opaque(args))
    }

    /// A test that can't be told, by its text.
    pub(super) fn opaque(&mut self, args: &[Arg]) -> Truth {
        let mut text = String::new();
        for arg in args {
            if !text.is_empty() {
                text.push(' ');
            }
            render(self.context, &arg.value, &mut text);
        }
        let named = symbol(self.context, &format!("$({text})"));
        let term = self.context.call("succeeds", [named]);
        let origin = match args.first() {
            Some(first) => self.context.written(first.span),
            None => self.context.add_origin(crate::value::Origin::External("the shell".into())),
        };
        Truth::Open(Open { term, origin })
    }

    /// Tests joined by `||` and `-o`.
    fn any(&mut self, args: &[Arg], depth: u32) -> Option<Truth> {
        self.joined(args, ["||", "-o"], "or", depth)
    }

    fn joined(&mut self, args: &[Arg], operators: [&str; 2], function: &str, depth: u32) -> Option<Truth> {
        let mut level = 0_i32;
        let mut from = 0;
        let mut parts = Vec::new();
        for (at, arg) in args.iter().enumerate() {
            match arg.text().as_deref() {
                Some("(") => level += 1,
                Some(")") => level -= 1,
                Some(text) if level == 0 && at > from && operators.contains(&text) => {
                    parts.push(&args[from..at]);
                    from = at + 1;
                }
                _ => {}
            }
        }
        parts.push(&args[from..]);
        let unit = function == "and";
        let mut result: Option<Truth> = None;
        for part in parts {
            let truth = if unit { self.one_test(part, depth)? } else { self.joined(part, ["&&", "-a"], "and", depth)? };
            result = Some(match (result, truth) {
                (None, truth) => truth,
                (Some(Truth::Known(a, x)), Truth::Known(b, y)) => {
                    Truth::Known(if unit { a && b } else { a || b }, x.max(y))
                }
                (Some(Truth::Known(known, basis)), open) | (Some(open), Truth::Known(known, basis)) => {
                    if known == unit { open } else { Truth::Known(known, basis) }
                }
                (Some(Truth::Open(a)), Truth::Open(b)) => {
                    let term = self.context.call(function, [a.term, b.term]);
                    Truth::Open(Open { term, origin: a.origin })
                }
            });
        }
        result
    }

    fn one_test(&mut self, args: &[Arg], depth: u32) -> Option<Truth> {
        if depth > DEPTH || args.iter().any(|arg| arg.many) {
            return None;
        }
        let texts: Vec<_> = args.iter().map(Arg::text).collect();
        let text = |at: usize| texts.get(at).and_then(Option::as_deref);
        match args {
            [_, rest @ ..] if text(0) == Some("!") && !rest.is_empty() => {
                let inner = self.any(rest, depth + 1)?;
                Some(inner.not(self.context))
            }
            [_, inner @ .., _] if text(0) == Some("(") && text(args.len() - 1) == Some(")") => {
                self.any(inner, depth + 1)
            }
            [one] => Some(self.is_filled(&one.value)),
            [_, value] if text(0) == Some("-n") => Some(self.is_filled(&value.value)),
            [_, value] if text(0) == Some("-z") => {
                let filled = self.is_filled(&value.value);
                Some(filled.not(self.context))
            }
            [_, _] if text(0).is_some_and(|option| MACHINE.contains(&option)) => Some(self.opaque(args)),
            [left, _, right] => self.comparison(left, text(1)?, right),
            _ => None,
        }
    }

    fn comparison(&mut self, left: &Arg, operator: &str, right: &Arg) -> Option<Truth> {
        match operator {
            "=" | "==" | "!=" => {
                let pattern = right.text().is_some_and(|text| text.contains(['*', '?', '[']));
                if pattern {
                    return None;
                }
                let truth = self.same(&left.value, &right.value);
                Some(if operator == "!=" { truth.not(self.context) } else { truth })
            }
            "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => {
                let number = |arg: &Arg| arg.text().and_then(|text| text.trim().parse::<i64>().ok());
                let (a, b) = (number(left)?, number(right)?);
                let truth = match operator {
                    "-eq" => a == b,
                    "-ne" => a != b,
                    "-lt" => a < b,
                    "-le" => a <= b,
                    "-gt" => a > b,
                    _ => a >= b,
                };
                Some(Truth::Known(truth, left.value.basis.max(right.value.basis)))
            }
            _ => None,
        }
    }

    /// Whether two values are the same.
    pub(super) fn same(&mut self, a: &Value, b: &Value) -> Truth {
        if let Some((same, basis)) = self.compare(a, b) {
            return Truth::Known(same, basis);
        }
        let term = self.context.call("equals", [a.term, b.term]);
        Truth::Open(Open { term, origin: a.origin })
    }

    /// Whether a value has any text.
    fn is_filled(&mut self, value: &Value) -> Truth {
        let string = pieces(self.context, value);
        if let Some(string) = &string {
            let written = string.pieces.iter().any(|piece| matches!(piece.content, Content::Text(_)));
            if written || string.is_empty() {
                return Truth::Known(written, if written { Basis::Fixed } else { value.basis });
            }
        }
        let term = self.context.call("empty", [value.term]);
        let open = Open { term: super::state::negated(self.context, term), origin: value.origin };
        Truth::Open(open)
    }
}
