//! Expressions: operators, lists, casts.

use crate::ir::script::{Expr, ExprId};

use super::characters::{is_dash, is_double_quote, is_single_quote};
use super::cursor::Parser;
use super::operators::{self, ADDITIVE, LOOSEST, Operator};

/// How tight `*`, `/` and `%` bind.
const MULTIPLICATIVE: u8 = 5;
/// How tight `..` binds.
const RANGE: u8 = 7;

impl Parser<'_> {
    /// An expression whose operators bind at least that tight. `commas`: whether `a, b` is a list here. `None` if none
    /// comes next; then nothing is read but blanks.
    pub(super) fn expression(&mut self, least: u8, commas: bool) -> Option<ExprId> {
        self.skip_blanks();
        let start = self.at;
        let mut left = self.list(commas)?;
        loop {
            let before = self.at;
            self.skip_blanks();
            let Some((operator, length)) = self.operator().filter(|(operator, _)| operator.level >= least) else {
                self.at = before;
                return Some(left);
            };
            let sign = self.at;
            self.at += length;
            if operator.function == "if" {
                left = self.ternary(left, start, commas);
                continue;
            }
            self.skip_lines();
            let Some(right) = self.expression(operator.level + 1, commas) else {
                self.give_up(sign, self.at.max(sign + length));
                return Some(left);
            };
            left = self.add_call(operator.function, vec![left, right], start);
        }
    }

    /// The rest of `a ? b : c`; the `?` has been read.
    fn ternary(&mut self, condition: ExprId, start: usize, commas: bool) -> ExprId {
        let (then, other) = self.nested(|this| {
            this.skip_lines();
            let then = this.expression(LOOSEST, commas);
            this.skip_lines();
            if !this.eat(":") {
                return (then, None);
            }
            this.skip_lines();
            (then, this.expression(LOOSEST, commas))
        });
        match (then, other) {
            (Some(then), Some(other)) => self.add_call("if", vec![condition, then, other], start),
            _ => {
                self.give_up(start, self.at);
                condition
            }
        }
    }

    /// The binary operator that comes next, and its length.
    fn operator(&self) -> Option<(Operator, usize)> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        if is_dash(first) {
            let name = self.peek_dashed();
            if let Some(operator) = name.and_then(operators::named) {
                return Some((operator, first.len_utf8() + name.map_or(0, str::len)));
            }
            let assigns = rest.get(first.len_utf8()..).is_some_and(|rest| rest.starts_with(['=', '-']));
            return (!assigns).then_some((Operator { level: ADDITIVE, function: "sub" }, first.len_utf8()));
        }
        let (level, function, length) = match first {
            '+' => (ADDITIVE, "add", 1),
            '*' => (MULTIPLICATIVE, "mul", 1),
            '/' => (MULTIPLICATIVE, "div", 1),
            '%' => (MULTIPLICATIVE, "mod", 1),
            '.' if rest.starts_with("..") => (RANGE, "sequence", 2),
            '?' if rest.starts_with("??") && !rest.starts_with("??=") => (LOOSEST, "coalesce", 2),
            '?' if !rest.starts_with("??") => (LOOSEST, "if", 1),
            _ => return None,
        };
        // `+=` and the like belong to the assignment around, `++` to the statement.
        let assigns = first != '.' && rest.get(length..).is_some_and(|rest| rest.starts_with('='));
        let assigns = assigns || rest.starts_with("++");
        (!assigns).then_some((Operator { level, function }, length))
    }

    /// Operands with commas between them.
    fn list(&mut self, commas: bool) -> Option<ExprId> {
        let start = self.at;
        if commas && self.peek() == Some(',') {
            self.at += 1;
            let only = self.within_unary()?;
            return Some(self.add(Expr::List(vec![only]), start));
        }
        let first = self.within_unary()?;
        if !commas {
            return Some(first);
        }
        let mut items = vec![first];
        loop {
            let before = self.at;
            self.skip_blanks();
            if self.peek() != Some(',') {
                self.at = before;
                break;
            }
            self.at += 1;
            self.skip_lines();
            if let Some(item) = self.within_unary() {
                items.push(item);
            } else {
                let end = self.at;
                self.give_up(before, end.max(before + 1));
                break;
            }
        }
        if items.len() == 1 {
            return Some(first);
        }
        Some(self.add(Expr::List(items), start))
    }

    /// Prefixes and casts before a value. Their number counts as depth.
    fn within_unary(&mut self) -> Option<ExprId> {
        self.skip_blanks();
        let start = self.at;
        let mut prefixes: Vec<(usize, Prefix)> = Vec::new();
        loop {
            self.skip_blanks();
            let at = self.at;
            match self.prefix() {
                Some(prefix) => prefixes.push((at, prefix)),
                None => break,
            }
        }
        let mut value = match (self.postfix(false), prefixes.last()) {
            (Some(value), _) => value,
            (None, Some((at, Prefix::Cast(_)))) => {
                // A type on its own, with members perhaps: `[guid]::NewGuid()`.
                let at = *at;
                let Some((_, Prefix::Cast(name))) = prefixes.pop() else { return None };
                self.static_member(&name, at)
            }
            (None, Some(_)) => {
                self.give_up(start, self.at);
                self.add(Expr::Broken, start)
            }
            (None, None) => {
                self.at = start;
                return None;
            }
        };
        for (at, prefix) in prefixes.into_iter().rev() {
            value = self.apply(prefix, value, at);
        }
        Some(value)
    }

    /// What stands before a value, if that comes next.
    fn prefix(&mut self) -> Option<Prefix> {
        let char = self.peek()?;
        match char {
            '!' => {
                self.at += 1;
                Some(Prefix::Call("not"))
            }
            '+' => {
                self.at += if self.rest().starts_with("++") { 2 } else { 1 };
                Some(Prefix::Plus)
            }
            '[' => {
                let start = self.at;
                let name = self.type_name().map(ToOwned::to_owned);
                match name {
                    Some(name) => Some(Prefix::Cast(name)),
                    None if self.at > start => Some(Prefix::Plus),
                    None => None,
                }
            }
            _ if is_dash(char) => {
                let width = char.len_utf8();
                if let Some(name) = self.peek_dashed() {
                    if let Some(function) = operators::prefix(name) {
                        self.at += width + name.len();
                        return Some(Prefix::Call(function));
                    }
                    if !name.starts_with(|first: char| first.is_ascii_digit()) {
                        return None;
                    }
                }
                self.at += width;
                Some(Prefix::Call("negate"))
            }
            _ => None,
        }
    }

    fn apply(&mut self, prefix: Prefix, value: ExprId, start: usize) -> ExprId {
        match prefix {
            Prefix::Plus => value,
            Prefix::Call("negate") => self.negate(value, start),
            Prefix::Call(function) => self.add_call(function, vec![value], start),
            Prefix::Cast(name) => {
                let at = value.0 as usize;
                if let Some(node) = self.script.exprs.get_mut(at)
                    && let Expr::Map { cast: cast @ None, .. } = &mut node.expr
                {
                    *cast = Some(name.to_lowercase().into());
                    return value;
                }
                let ty = self.type_text(&name, start);
                self.add_call("cast", vec![ty, value], start)
            }
        }
    }

    pub(super) fn negate(&mut self, value: ExprId, start: usize) -> ExprId {
        match self.script.expr(value) {
            Expr::Int(number) => {
                let number = number.wrapping_neg();
                self.add(Expr::Int(number), start)
            }
            _ => self.add_call("negate", vec![value], start),
        }
    }

    /// The name of a type as text, at the place of its brackets.
    fn type_text(&mut self, name: &str, start: usize) -> ExprId {
        let open = start + usize::from(self.text.get(start..).is_some_and(|rest| rest.starts_with('[')));
        let lead = self.text.get(open..).and_then(|rest| rest.find(name)).unwrap_or(0);
        self.text_expr(open + lead, open + lead + name.len())
    }

    /// A type as a value, and what is taken out of it.
    fn static_member(&mut self, name: &str, start: usize) -> ExprId {
        let ty = self.type_text(name, start);
        let ty = self.add_call("type", vec![ty], start);
        self.accesses(ty, start, false)
    }

    /// Whether an expression, and no command, comes next.
    pub(super) fn starts_expression(&mut self) -> bool {
        let Some(char) = self.peek() else { return false };
        match char {
            '$' | '(' | '[' | '{' | '!' | ',' => true,
            '@' => self.second().is_some_and(|next| next != '@'),
            '+' => self.second().is_some_and(|next| matches!(next, '+' | '$' | '(') || next.is_ascii_digit()),
            '<' => self.placeholder().is_some(),
            _ if is_single_quote(char) || is_double_quote(char) => true,
            _ if char.is_ascii_digit() || char == '.' => {
                let before = self.at;
                let found = self.number_ends_operand();
                self.at = before;
                found
            }
            _ if is_dash(char) => match self.peek_dashed() {
                Some(name) => {
                    operators::prefix(name).is_some() || name.starts_with(|first: char| first.is_ascii_digit())
                }
                None => matches!(self.second(), Some('$' | '(')) || self.rest().starts_with("--$"),
            },
            _ => false,
        }
    }

    /// Whether a number comes next that is no part of a word such as `7z` or `1.0.0`.
    fn number_ends_operand(&mut self) -> bool {
        let exprs = self.script.exprs.len();
        let is_number = self.number().is_some();
        self.script.exprs.truncate(exprs);
        is_number && !matches!(self.peek(), Some('\\' | ':' | '@'))
    }
}

/// What stands before a value.
enum Prefix {
    /// An operator.
    Call(&'static str),
    /// `[type]`.
    Cast(String),
    /// Something that changes nothing: `+`, an attribute.
    Plus,
}
