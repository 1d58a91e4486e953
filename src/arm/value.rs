//! JSON values as expressions: literals, strings that are expressions, objects with loops in them.

use super::expression::{self, Form};
use super::notes::Notes;
use crate::ir::{Expr, ExprId, Field, Item, Loop, Name, Over, Program};
use crate::json::{Member, Node, Text, Value};
use crate::text::Span;

/// How strings and the member `copy` are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reading {
    /// Strings may be expressions, `copy` is a loop.
    Template,
    /// The same in a user function, where `parameters` are the function's arguments.
    Function,
    /// Nothing but data: allowed values and bounds.
    Data,
    /// Data of a parameters file: a text in brackets is a blank to be filled in, and so unknown.
    Values,
}

/// A program in the making.
pub(super) struct Lowering<'n, 'b, 'o> {
    /// What was lowered so far.
    pub(super) program: Program,
    /// Remarks and names of the file.
    pub(super) notes: &'n mut Notes<'b>,
    /// Where the parameters and variables of this template's expressions are declared, if not in itself.
    pub(super) outer: Option<&'o Program>,
    /// How strings are read.
    pub(super) reading: Reading,
}

impl Lowering<'_, '_, '_> {
    /// Lowers a value.
    pub(super) fn value(&mut self, node: &Node<'_>) -> ExprId {
        let expr = match &node.value {
            Value::Null => Expr::Null,
            Value::Bool(value) => Expr::Bool(*value),
            Value::Int(value) => Expr::Int(*value),
            Value::Float(value) => Expr::Float(*value),
            Value::String(text) => return self.string(text),
            Value::Array(elements) => {
                let mut items: Vec<Item> = elements.iter().map(|element| Item::One(self.value(element))).collect();
                items.extend(self.gap(node).map(Item::Spread));
                Expr::Array(items)
            }
            Value::Object(_) => Expr::Object(self.fields(node, |_| true)),
            Value::Broken => Expr::Broken,
        };
        self.program.add(expr, node.span)
    }

    /// Lowers a value in another manner.
    pub(super) fn value_as(&mut self, node: &Node<'_>, reading: Reading) -> ExprId {
        let before = std::mem::replace(&mut self.reading, reading);
        let id = self.value(node);
        self.reading = before;
        id
    }

    /// Lowers a value that should be there; where it isn't, it is broken at `span`, with a remark.
    pub(super) fn required(&mut self, node: Option<&Node<'_>>, span: Span, missing: &str) -> ExprId {
        if let Some(node) = node {
            return self.value(node);
        }
        self.notes.remark(span, missing);
        self.program.add(Expr::Broken, span)
    }

    /// The literal text of a string node that is no expression.
    pub(super) fn literal(&mut self, node: Option<&Node<'_>>) -> Option<Name> {
        let text = node?.str()?;
        match expression::form(&text) {
            Form::Expression => None,
            Form::Escaped => Some(self.notes.name(text.get(1..)?)),
            Form::HalfEscaped | Form::Plain => Some(self.notes.name(&text)),
        }
    }

    /// Lowers a name: only in a template may it be an expression.
    fn key(&mut self, key: &Text<'_>) -> ExprId {
        match self.reading {
            Reading::Template | Reading::Function => self.string(key),
            Reading::Data | Reading::Values => self.program.add(Expr::Str(key.pieces()), key.span()),
        }
    }

    fn string(&mut self, text: &Text<'_>) -> ExprId {
        let decoded = text.decode();
        let form = expression::form(&decoded.text);
        let from = match (self.reading, form) {
            (Reading::Data, _) | (_, Form::Plain) => 0,
            (Reading::Values, Form::HalfEscaped) => 0,
            (Reading::Values, Form::Expression | Form::Escaped) => {
                return self.program.add(Expr::Secret(self.notes.name(&decoded.text)), text.span());
            }
            (Reading::Template | Reading::Function, Form::Expression) => {
                let in_function = self.reading == Reading::Function;
                return expression::read(&decoded, &mut self.program, self.notes, in_function);
            }
            (_, Form::Escaped) => 1,
            (_, Form::HalfEscaped) => {
                self.notes.remark(text.span(), "this begins with `[[` but has no `]` at its end, so it is plain text");
                0
            }
        };
        let pieces = decoded.pieces_by(from..decoded.text.len(), |text| self.notes.text(text));
        self.program.add(Expr::Str(pieces), text.span())
    }

    /// What may stand in an object or array where it could not be read: it isn't known, rather than absent.
    fn gap(&mut self, node: &Node<'_>) -> Option<ExprId> {
        let gap = match &node.value {
            Value::Array(elements) => self.notes.gap(node.span, elements.len(), |at| elements[at].span),
            Value::Object(members) => self.notes.gap(node.span, members.len(), |at| members[at].value.span),
            _ => None,
        }?;
        Some(self.program.add(Expr::Broken, gap))
    }

    /// Lowers the members of an object whose names are wanted; a list of loops under the name `copy` gives the members
    /// that it makes.
    pub(super) fn fields(&mut self, node: &Node<'_>, wanted: impl Fn(&Text<'_>) -> bool) -> Vec<Field> {
        // What isn't known comes first, so that it takes nothing from what is.
        let mut fields: Vec<Field> = self.gap(node).map(Field::Spread).into_iter().collect();
        for member in node.members().filter(|member| wanted(&member.key)) {
            if self.has_loops(member) {
                let made = member.value.elements().iter().map(|copy| self.property_copy(copy));
                fields.extend(made);
            } else {
                let key = self.key(&member.key);
                fields.push(Field::Named { key, value: self.value(&member.value) });
            }
        }
        fields
    }

    /// Whether a member is a list of loops and not data that happens to have that name.
    pub(super) fn has_loops(&self, member: &Member<'_>) -> bool {
        let list = member.value.elements();
        matches!(self.reading, Reading::Template | Reading::Function)
            && member.key.is("copy")
            && !list.is_empty()
            && list.iter().all(|copy| copy.get("name").is_some() && copy.get("count").is_some())
    }

    fn property_copy(&mut self, copy: &Node<'_>) -> Field {
        let each = Box::new(self.copy_loop(copy));
        let value = self.required(copy.get("input"), copy.span, "this loop has no `input`");
        match (&each.name, copy.get("name")) {
            (Some(key), Some(name)) => Field::Copy { key: key.clone(), span: name.span, each, value },
            _ => Field::Spread(self.program.add(Expr::Broken, copy.span)),
        }
    }

    /// Reads a `copy` object: its name, if that is a literal, and its count.
    pub(super) fn copy_loop(&mut self, copy: &Node<'_>) -> Loop {
        let name = self.literal(copy.get("name"));
        let count = self.required(copy.get("count"), copy.span, "this loop has no `count`");
        Loop { name, over: Over::Count(count), item: None, index: None, span: copy.span }
    }

    /// `input` over its loop.
    pub(super) fn looped(&mut self, copy: &Node<'_>) -> ExprId {
        let each = Box::new(self.copy_loop(copy));
        let input = self.required(copy.get("input"), copy.span, "this loop has no `input`");
        self.program.add(Expr::For(each, input), copy.span)
    }
}
