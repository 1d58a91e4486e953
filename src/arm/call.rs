//! Calls that are no functions to the evaluator: names, loops, lambdas and literals.

use crate::ir::{Expr, ExprId, Field, Item, Name, Program};

/// The expression that a call without namespace stands for, if it isn't a function of values. Names are only known
/// where they are written as literals: `parameters(concat('a', 'b'))` stays a call. Arrays and objects that an expression writes out
/// are what those of Bicep and of JSON are.
pub(super) fn special(function: &str, args: &[ExprId], program: &Program, in_function: bool) -> Option<Expr> {
    let is = |name: &str| function.eq_ignore_ascii_case(name);
    match *args {
        [] if is("null") => Some(Expr::Null),
        [] if is("true") => Some(Expr::Bool(true)),
        [] if is("false") => Some(Expr::Bool(false)),
        [] if is("copyIndex") => Some(Expr::CopyIndex { name: None, offset: None }),
        [name] if is("parameters") => program.literal(name).map(if in_function { Expr::Local } else { Expr::Param }),
        [name] if is("variables") => program.literal(name).map(Expr::Var),
        [name] if is("lambdaVariables") => program.literal(name).map(Expr::Local),
        [only] if is("copyIndex") => Some(match program.literal(only) {
            Some(name) => Expr::CopyIndex { name: Some(name), offset: None },
            None => Expr::CopyIndex { name: None, offset: Some(only) },
        }),
        [name, offset] if is("copyIndex") => {
            program.literal(name).map(|name| Expr::CopyIndex { name: Some(name), offset: Some(offset) })
        }
        _ if is("createArray") => Some(Expr::Array(args.iter().copied().map(Item::One).collect())),
        _ if is("createObject") && args.len().is_multiple_of(2) => {
            let member = |pair: &[ExprId; 2]| Field::Named { key: pair[0], value: pair[1] };
            Some(Expr::Object(args.as_chunks().0.iter().map(member).collect()))
        }
        [ref names @ .., body] if is("lambda") => {
            let names: Option<Vec<Name>> = names.iter().map(|&name| program.literal(name)).collect();
            names.map(|args| Expr::Lambda { args, body })
        }
        _ => None,
    }
}
