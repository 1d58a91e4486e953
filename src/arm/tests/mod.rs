//! Tests of the front end as a whole: text in, program out, shown in one line of prefix notation.

mod expressions;
mod files;
mod robustness;
mod templates;

use std::fmt::Write;

use super::*;
use crate::ir::{Expr, ExprId, Field, Item, Loop, Over, Piece};

const FILE: SourceId = SourceId(0);

/// An expression: strings in single quotes with `|` between pieces, names as `param:x`, `var:x`, `local:x`.
fn show(program: &Program, id: ExprId) -> String {
    let list = |ids: &[ExprId]| ids.iter().map(|&id| show(program, id)).collect::<Vec<_>>().join(", ");
    match program.expr(id) {
        Expr::Null => "null".to_owned(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(value) => value.to_string(),
        Expr::Float(value) => format!("{value:?}"),
        Expr::Str(pieces) => {
            let pieces = pieces.iter().map(|piece| match piece {
                Piece::Literal(text, _) => text.escape_default().to_string().replace("\\'", "'"),
                Piece::Hole(id) => format!("${{{}}}", show(program, *id)),
            });
            format!("'{}'", pieces.collect::<Vec<_>>().join("|"))
        }
        Expr::Array(items) => {
            let items = items.iter().map(|item| match item {
                Item::One(id) => show(program, *id),
                Item::Spread(id) => format!("...{}", show(program, *id)),
            });
            format!("[{}]", items.collect::<Vec<_>>().join(", "))
        }
        Expr::Object(fields) => {
            let fields = fields.iter().map(|field| match field {
                Field::Named { key, value } => format!("{}: {}", show(program, *key), show(program, *value)),
                Field::Spread(id) => format!("...{}", show(program, *id)),
                Field::Copy { key, each, value, .. } => {
                    format!("{key} {} {}", show_loop(program, each), show(program, *value))
                }
            });
            format!("{{{}}}", fields.collect::<Vec<_>>().join(", "))
        }
        Expr::Param(name) => format!("param:{name}"),
        Expr::Var(name) => format!("var:{name}"),
        Expr::Local(name) => format!("local:{name}"),
        Expr::Call { namespace: Some(namespace), function, args } => format!("{namespace}.{function}({})", list(args)),
        Expr::Call { namespace: None, function, args } => format!("{function}({})", list(args)),
        Expr::Lambda { args, body } => format!("({}) => {}", args.join(", "), show(program, *body)),
        Expr::Get { base, key, .. } => format!("{}[{}]", show(program, *base), show(program, *key)),
        Expr::For(each, value) => format!("{} {}", show_loop(program, each), show(program, *value)),
        Expr::CopyIndex { name, offset } => {
            let mut shown = format!("index:{}", name.as_deref().unwrap_or("resource"));
            if let Some(offset) = offset {
                let _ = write!(shown, "+{}", show(program, *offset));
            }
            shown
        }
        Expr::Secret(name) => format!("secret:{name}"),
        Expr::Broken => "broken".to_owned(),
        other => panic!("no front end for ARM makes this: {other:?}"),
    }
}

fn show_loop(program: &Program, each: &Loop) -> String {
    let Over::Count(count) = each.over else { panic!("ARM loops count") };
    format!("for({} < {})", each.name.as_deref().unwrap_or("resource"), show(program, count))
}

fn show_optional(program: &Program, id: Option<ExprId>) -> String {
    id.map_or("-".to_owned(), |id| show(program, id))
}

/// The text that a span covers.
fn covered(text: &str, span: Span) -> &str {
    text.get(span.start as usize..span.end as usize).unwrap()
}

fn lowered(text: &str) -> Program {
    lower(FILE, text).program.unwrap()
}

/// Remarks with the text that they cover.
fn remarks(text: &str) -> Vec<String> {
    let lowered = lower(FILE, text);
    lowered.diagnostics.iter().map(|(span, message)| format!("{} <- {}", message, covered(text, *span))).collect()
}
