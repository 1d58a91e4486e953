//! JSON as data: nothing in an answer is an expression.

use crate::ir::{Expr, ExprId, Field, Item, Program};
use crate::json::{Member, Node, Value};
use crate::text::Span;

/// Lowers a value. `broken` are the regions of the text that could not be read, in source order.
pub(super) fn value(node: &Node<'_>, broken: &[Span], program: &mut Program) -> ExprId {
    let expr = match &node.value {
        Value::Null => Expr::Null,
        Value::Bool(truth) => Expr::Bool(*truth),
        Value::Int(number) => Expr::Int(*number),
        Value::Float(number) => Expr::Float(*number),
        Value::String(text) => Expr::Str(text.pieces()),
        Value::Array(elements) => {
            let mut items: Vec<Item> =
                elements.iter().map(|element| Item::One(value(element, broken, program))).collect();
            items.extend(gap(node, broken, program).map(Item::Spread));
            Expr::Array(items)
        }
        Value::Object(_) => {
            let mut fields: Vec<Field> = gap(node, broken, program).map(Field::Spread).into_iter().collect();
            fields.extend(node.members().map(|member| field(member, broken, program)));
            Expr::Object(fields)
        }
        Value::Broken => Expr::Broken,
    };
    program.add(expr, node.span)
}

/// Lowers a member.
pub(super) fn field(member: &Member<'_>, broken: &[Span], program: &mut Program) -> Field {
    let key = program.add(Expr::Str(member.key.pieces()), member.key.span());
    Field::Named { key, value: value(&member.value, broken, program) }
}

/// What may stand in an object or array of which something could not be read: it isn't known, rather than absent.
fn gap(node: &Node<'_>, broken: &[Span], program: &mut Program) -> Option<ExprId> {
    let first = broken.partition_point(|gap| gap.start < node.span.start);
    let gap = broken.get(first).filter(|gap| node.span.contains(**gap))?;
    Some(unknown(*gap, program))
}

/// Something that isn't known.
pub(super) fn unknown(span: Span, program: &mut Program) -> ExprId {
    program.add(Expr::Broken, span)
}
