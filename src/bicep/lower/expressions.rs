//! Expressions: names to what they stand for, operators to calls.

use super::super::syntax::{BinaryOp, Element, Expr, ExprKind, For, Identifier, Member, StrPart, UnaryOp};
use super::names::Meaning;
use super::{Local, Lowering};
use crate::ir::{Expr as Ir, ExprId, Field, Item, Loop, Over, Piece};
use crate::text::Span;

impl<'t> Lowering<'t, '_> {
    /// The tree's height is bounded, so this may recurse.
    pub(super) fn expr(&mut self, expr: &Expr<'t>) -> ExprId {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Null => self.add(Ir::Null, span),
            ExprKind::Bool(value) => self.add(Ir::Bool(*value), span),
            ExprKind::Int(value) => self.integer(i128::from(*value), span),
            ExprKind::Str(parts) => self.string(parts, span),
            ExprKind::Object(members) => self.object(members, span),
            ExprKind::Array(elements) => self.array(elements, span),
            ExprKind::For(each) => self.value_loop(each, span),
            ExprKind::Name(name) => self.named(*name),
            ExprKind::Call(name, args) => self.call(*name, args, span),
            ExprKind::Method(base, name, args) => self.method(base, *name, args, span),
            ExprKind::Property { base, name, safe } => {
                let base = self.expr(base);
                let key = self.text(*name);
                self.add(Ir::Get { base, key, safe: *safe, from_end: false }, span)
            }
            ExprKind::Index { base, index, safe, from_end } => {
                let base = self.expr(base);
                let key = self.expr(index);
                self.add(Ir::Get { base, key, safe: *safe, from_end: *from_end }, span)
            }
            ExprKind::Nested(base, name) => {
                let base = self.expr(base);
                let name = self.name(name.text);
                self.add(Ir::Child(base, name), span)
            }
            ExprKind::NotNull(inner) | ExprKind::Paren(inner) => self.expr(inner),
            ExprKind::Unary(op, operand) => self.unary(*op, operand, span),
            ExprKind::Binary(op, operands) => self.binary(*op, operands, span),
            ExprKind::Ternary(parts) => {
                let args = vec![self.expr(&parts.0), self.expr(&parts.1), self.expr(&parts.2)];
                self.builtin("if", args, span)
            }
            ExprKind::Lambda(names, body) => self.lambda(names, body, span),
            // The parser reads a condition only where a resource or module has its body.
            ExprKind::If(_) | ExprKind::Skipped => self.broken(span),
        }
    }

    pub(super) fn builtin(&mut self, function: &'static str, args: Vec<ExprId>, span: Span) -> ExprId {
        let function = self.name(function);
        self.add(Ir::Call { namespace: None, function, args }, span)
    }

    fn integer(&mut self, value: i128, span: Span) -> ExprId {
        if let Ok(value) = i64::try_from(value) {
            return self.add(Ir::Int(value), span);
        }
        self.report(span, "this number doesn't fit into 64 bits".to_owned());
        self.broken(span)
    }

    fn string(&mut self, parts: &[StrPart<'t>], span: Span) -> ExprId {
        let pieces = parts
            .iter()
            .map(|part| match part {
                StrPart::Text(text, span) => Piece::Literal(text.as_ref().into(), *span),
                StrPart::Hole(inner) => Piece::Hole(self.expr(inner)),
            })
            .collect();
        self.add(Ir::Str(pieces), span)
    }

    pub(super) fn object(&mut self, members: &[Member<'t>], span: Span) -> ExprId {
        let fields = members.iter().filter_map(|member| self.field(member)).collect();
        self.add(Ir::Object(fields), span)
    }

    /// A member that could not be read may be any member: an unknown is spread in its place.
    pub(super) fn field(&mut self, member: &Member<'t>) -> Option<Field> {
        Some(match member {
            Member::Property { key, value } => {
                let key = match &key.kind {
                    ExprKind::Name(name) => self.text(*name),
                    _ => self.expr(key),
                };
                Field::Named { key, value: self.expr(value) }
            }
            Member::Spread(value) => Field::Spread(self.expr(value)),
            Member::Skipped(span) => Field::Spread(self.broken(*span)),
            Member::Resource(_) => return None,
        })
    }

    fn array(&mut self, elements: &[Element<'t>], span: Span) -> ExprId {
        let items = elements
            .iter()
            .map(|element| match element {
                Element::One(value) => Item::One(self.expr(value)),
                Element::Spread(value) => Item::Spread(self.expr(value)),
                Element::Skipped(span) => Item::Spread(self.broken(*span)),
            })
            .collect();
        self.add(Ir::Array(items), span)
    }

    fn value_loop(&mut self, each: &For<'t>, span: Span) -> ExprId {
        let lowered = self.open_loop(each, span);
        let body = self.expr(&each.body);
        self.close_loop(each);
        self.add(Ir::For(Box::new(lowered), body), span)
    }

    /// Until [`Lowering::close_loop`] the item's and index's names stand for them.
    pub(super) fn open_loop(&mut self, each: &For<'t>, span: Span) -> Loop {
        let over = Over::Array(self.expr(&each.over));
        let item = (!each.item.is_missing()).then(|| self.name(each.item.text));
        let index = each.index.filter(|index| !index.is_missing()).map(|index| self.name(index.text));
        self.open_local(each.item, Local::Value);
        if let Some(index) = each.index {
            self.open_local(index, Local::Value);
        }
        Loop { name: None, over, item, index, span }
    }

    pub(super) fn close_loop(&mut self, each: &For<'t>) {
        self.close_local(each.item);
        if let Some(index) = each.index {
            self.close_local(index);
        }
    }

    fn lambda(&mut self, names: &[Identifier<'t>], body: &Expr<'t>, span: Span) -> ExprId {
        let args = names.iter().map(|name| self.name(name.text)).collect();
        for name in names {
            self.open_local(*name, Local::Value);
        }
        let body = self.expr(body);
        for name in names {
            self.close_local(*name);
        }
        self.add(Ir::Lambda { args, body }, span)
    }

    fn named(&mut self, name: Identifier<'t>) -> ExprId {
        let lowered = match self.local(name.text) {
            Some(Local::Value) => Ir::Local(self.name(name.text)),
            Some(Local::Nested(within)) => Ir::Child(within, self.name(name.text)),
            None => match self.names.meaning(name.text) {
                Some(Meaning::Param) => Ir::Param(self.name(name.text)),
                Some(Meaning::Var | Meaning::Imported | Meaning::ImportedAll) => Ir::Var(self.name(name.text)),
                Some(Meaning::Unit) => Ir::Symbol(self.name(name.text)),
                Some(Meaning::Func | Meaning::Type | Meaning::Extension | Meaning::Unusable) => Ir::Broken,
                None if self.parameters_file && name.text == "base" => {
                    return self.builtin("base", Vec::new(), name.span);
                }
                None => {
                    if self.whole && !matches!(name.text, "sys" | "az" | "this") {
                        self.report(name.span, format!("`{}` is not declared in this file", name.text));
                    }
                    Ir::Broken
                }
            },
        };
        self.add(lowered, name.span)
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr<'t>, span: Span) -> ExprId {
        match (op, &operand.kind) {
            (UnaryOp::Minus, ExprKind::Int(value)) => self.integer(-i128::from(*value), span),
            (UnaryOp::Minus, _) => {
                let zero = self.add(Ir::Int(0), Span { end: span.start, ..span });
                let args = vec![zero, self.expr(operand)];
                self.builtin("sub", args, span)
            }
            (UnaryOp::Not, _) => {
                let args = vec![self.expr(operand)];
                self.builtin("not", args, span)
            }
        }
    }

    fn binary(&mut self, op: BinaryOp, operands: &(Expr<'t>, Expr<'t>), span: Span) -> ExprId {
        let (mut left, mut right) = (self.expr(&operands.0), self.expr(&operands.1));
        let (function, insensitive, negated) = function_of(op);
        if insensitive {
            left = self.builtin("toLower", vec![left], operands.0.span);
            right = self.builtin("toLower", vec![right], operands.1.span);
        }
        let result = self.builtin(function, vec![left, right], span);
        if negated { self.builtin("not", vec![result], span) } else { result }
    }
}

/// The ARM function of an operator, whether it ignores case, and whether its result is turned round.
fn function_of(op: BinaryOp) -> (&'static str, bool, bool) {
    let function = match op {
        BinaryOp::Multiply => "mul",
        BinaryOp::Divide => "div",
        BinaryOp::Modulo => "mod",
        BinaryOp::Add => "add",
        BinaryOp::Subtract => "sub",
        BinaryOp::Less => "less",
        BinaryOp::LessOrEqual => "lessOrEquals",
        BinaryOp::Greater => "greater",
        BinaryOp::GreaterOrEqual => "greaterOrEquals",
        BinaryOp::And => "and",
        BinaryOp::Or => "or",
        BinaryOp::Coalesce => "coalesce",
        BinaryOp::Equal => "equals",
        BinaryOp::NotEqual => return ("equals", false, true),
        BinaryOp::EqualInsensitive => return ("equals", true, false),
        BinaryOp::NotEqualInsensitive => return ("equals", true, true),
    };
    (function, false, false)
}
