//! What follows from all worlds taken together.
//!
//! A fault in every world is one. A fault in all worlds where one condition takes one side is one too, if the condition
//! is a switch that the author put there; else it can't be told.

use super::{Context, Literal, Term, TermId};
use crate::ir::ParamType;

/// What a fault that some worlds have is, all worlds taken together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Across {
    /// Every world has it.
    Everywhere,
    /// Just the worlds have it where this switch stands so.
    When(TermId, bool),
    /// Can't be told, because of this condition, if it is one alone or the first of several.
    Unclear(Option<TermId>),
}

/// Takes worlds together. `worlds` are the decisions of each and whether it has the fault; `limited` says that there
/// are worlds that weren't visited.
pub fn across(context: &Context, worlds: &[(&[(TermId, bool)], bool)], limited: bool) -> Across {
    if worlds.iter().all(|(_, occurs)| *occurs) && !limited {
        return Across::Everywhere;
    }
    let first = worlds.iter().find(|(_, occurs)| *occurs).map_or(&[][..], |(decisions, _)| *decisions);
    let alone = first.iter().find(|(condition, side)| {
        let against = (*condition, !*side);
        worlds.iter().all(|(decisions, occurs)| *occurs || decisions.contains(&against))
    });
    match alone {
        Some((condition, side)) if is_switch(context, *condition) && !limited => Across::When(*condition, *side),
        _ => Across::Unclear(alone.or(first.first()).map(|(condition, _)| *condition)),
    }
}

/// Whether a condition is a switch that the author put there: a truth value or a choice among allowed values, or the
/// comparison of a parameter with a text or number. A test for presence is none.
fn is_switch(context: &Context, condition: TermId) -> bool {
    match context.get(condition) {
        Term::Param(_) => context
            .facts(condition)
            .is_some_and(|facts| facts.allowed.is_some() || matches!(facts.ty, Some(ParamType::Bool)) && !facts.secure),
        Term::Call(name, args) => match (&**name, &**args) {
            ("not", [of]) => is_switch(context, *of),
            ("equals", [one, other]) => match (context.as_literal(*one), context.as_literal(*other)) {
                (None, Some(literal)) => compares(context, *one, literal),
                (Some(literal), None) => compares(context, *other, literal),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn compares(context: &Context, symbol: TermId, literal: &Literal) -> bool {
    let present = match literal {
        Literal::Null => false,
        Literal::Str(text) => !text.is_empty(),
        Literal::Bool(_) | Literal::Int(_) | Literal::Float(_) => true,
    };
    present && is_given(context, symbol, 0)
}

/// Whether a term is a parameter or a member of one, in any case of letters.
fn is_given(context: &Context, term: TermId, depth: u32) -> bool {
    if depth > 32 {
        return false;
    }
    match context.get(term) {
        Term::Param(_) | Term::Ambient(_) => true,
        Term::Get(of, _) => is_given(context, *of, depth + 1),
        Term::Call(name, args) => match (&**name, &**args) {
            ("tolower" | "toupper", [of]) => is_given(context, *of, depth + 1),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a value hangs on a test for presence: what is there by default is for whoever deploys to say.
pub fn hangs_on_presence(context: &Context, value: TermId) -> bool {
    let mut next = value;
    for _ in 0..32 {
        match context.get(next) {
            Term::If(condition, ..) if tests_presence(context, *condition, 0) => return true,
            Term::If(_, then, other) => {
                if matches!(context.get(*then), Term::If(..)) && hangs_on_presence(context, *then) {
                    return true;
                }
                next = *other;
            }
            _ => return false,
        }
    }
    false
}

fn tests_presence(context: &Context, condition: TermId, depth: u32) -> bool {
    if depth > 32 {
        return false;
    }
    let nothing = |term: &TermId| match context.as_literal(*term) {
        Some(Literal::Null | Literal::Int(0)) => true,
        Some(Literal::Str(text)) => text.is_empty(),
        _ => false,
    };
    match context.get(condition) {
        Term::Call(name, args) => match (&**name, &**args) {
            ("empty" | "contains", _) => true,
            ("not" | "and" | "or", parts) => parts.iter().any(|part| tests_presence(context, *part, depth + 1)),
            ("equals" | "greater" | "less", sides) => sides.iter().any(nothing),
            _ => false,
        },
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Facts;

    #[test]
    fn a_switch_is_what_the_author_put_there() {
        let mut context = Context::new();
        let flag = context.param("useCmk");
        context.set_facts(flag, Facts { ty: Some(ParamType::Bool), ..Facts::default() });
        assert!(is_switch(&context, flag));
        let mode = context.param("mode");
        let (text, empty, null) = (context.text("new"), context.text(""), context.literal(Literal::Null));
        for (literal, switch) in [(text, true), (empty, false), (null, false)] {
            let comparison = context.call("equals", [mode, literal]);
            assert_eq!(is_switch(&context, comparison), switch);
            let negated = context.call("not", [comparison]);
            assert_eq!(is_switch(&context, negated), switch);
        }
        let presence = context.call("empty", [mode]);
        assert!(!is_switch(&context, presence));
        let length = context.call("length", [mode]);
        let zero = context.literal(Literal::Int(0));
        let presence = context.call("equals", [length, zero]);
        assert!(!is_switch(&context, presence));
    }

    #[test]
    fn a_choice_by_an_empty_parameter_hangs_on_presence_and_one_by_a_switch_does_not() {
        let mut context = Context::new();
        let (key, flag) = (context.param("key"), context.param("flag"));
        let null = context.literal(Literal::Null);
        let empty = context.call("empty", [key]);
        let given = context.call("not", [empty]);
        let by_presence = context.term(Term::If(given, key, null));
        let by_flag = context.term(Term::If(flag, key, null));
        let within = context.term(Term::If(flag, null, by_presence));
        for (value, hangs) in [(by_presence, true), (by_flag, false), (within, true), (key, false)] {
            assert_eq!(hangs_on_presence(&context, value), hangs);
        }
    }
}
