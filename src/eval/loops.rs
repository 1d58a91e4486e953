//! `for` and `copy`.

use super::evaluator::Evaluator;
use super::frame::{Bound, Env};
use super::make;
use super::resource::NoteKind;
use crate::ir::{ExprId, Loop, Over};
use crate::text::Span;
use crate::value::{Basis, Element, Kind, OriginId, StepKind, Term, TermId, Value, Why};

/// ARM's own bound of a loop.
const ITERATIONS: i64 = 800;
/// Iterations of all loops of one evaluation.
const EXPANSIONS: usize = 50_000;

/// What a loop makes: it decides which loop a bare `copyIndex()` means.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Makes {
    /// Resources or deployments.
    Units,
    /// The elements of an array.
    Elements,
}

/// One round of a loop.
pub(super) struct Round {
    /// The environment of the body.
    pub(super) env: Env,
    /// Whether it stands for any number of rounds.
    pub(super) many: bool,
}

/// What a loop does: its rounds, or that it hangs on something.
pub(super) enum Rounds {
    /// The rounds in order; the value that the loop runs over.
    Known(Vec<Round>, Value),
    /// The loop runs over a choice: a condition and both sides.
    Choice { condition: TermId, condition_value: Value, then: Box<Rounds>, other: Box<Rounds> },
    /// A bound was reached, or the expression is in error.
    Unknown(Why),
}

impl<'a> Evaluator<'a> {
    /// An array made by a loop.
    pub(super) fn for_expression(&mut self, env: &Env, each: &'a Loop, body: ExprId, span: Span) -> Value {
        let rounds = self.rounds(env, each, Makes::Elements);
        self.collect(rounds, body, span)
    }

    fn collect(&mut self, rounds: Rounds, body: ExprId, span: Span) -> Value {
        match rounds {
            Rounds::Unknown(why) => self.unknown(why, span),
            Rounds::Choice { condition, condition_value, then, other } => {
                let then = self.collect(*then, body, span);
                let other = self.collect(*other, body, span);
                make::choose(&mut self.context, condition, condition_value.origin, then, other)
            }
            Rounds::Known(rounds, over) => {
                let mut elements = Vec::with_capacity(rounds.len());
                for round in rounds {
                    let value = self.eval(&round.env, body);
                    elements.push(if round.many { Element::Many(value) } else { Element::One(value) });
                }
                let told_apart = make::tells_apart(&self.context, &elements, over.term);
                let origin = self.context.written(span);
                let array = make::array(&mut self.context, elements, origin);
                let array = self.picked_by(array, &[over.origin]);
                // How many there are rests on what the loop runs over.
                let content = array.term;
                let term = if told_apart && over.basis == Basis::Fixed {
                    content
                } else {
                    let counted = self.context.counted(over.term);
                    self.context.call("copy", [counted, content])
                };
                make::rebase(&mut self.context, array, term, over.basis)
            }
        }
    }

    /// Where an index comes from: the loop; how many rounds there are only decides that it occurs.
    fn index_origin(&mut self, each: &Loop, over: &Value) -> OriginId {
        let place = self.context.written(each.span);
        self.context.picked(place, [over.origin])
    }

    /// The rounds of a loop.
    pub(super) fn rounds(&mut self, env: &Env, each: &'a Loop, makes: Makes) -> Rounds {
        let (over, counted) = match each.over {
            Over::Count(id) => (id, true),
            Over::Array(id) => (id, false),
        };
        let value = self.eval(env, over);
        let value = self.plain(value);
        self.rounds_over(env, each, makes, value, counted)
    }

    fn rounds_over(&mut self, env: &Env, each: &'a Loop, makes: Makes, over: Value, counted: bool) -> Rounds {
        match &over.kind {
            Kind::Choice(choice) => {
                let choice = choice.clone();
                let then = self.rounds_over(env, each, makes, choice.then.clone(), counted);
                let other = self.rounds_over(env, each, makes, choice.other.clone(), counted);
                Rounds::Choice {
                    condition: choice.condition,
                    condition_value: over,
                    then: Box::new(then),
                    other: Box::new(other),
                }
            }
            Kind::Int(count) if counted => {
                let count = *count;
                if !self.expand(count, each.span) {
                    return Rounds::Unknown(Why::Limit);
                }
                let mut rounds = Vec::new();
                let place = self.index_origin(each, &over);
                for at in 0..count.max(0) {
                    let index = make::int(&mut self.context, at, place);
                    rounds.push(self.round(env, each, makes, index, None, false));
                }
                Rounds::Known(rounds, over)
            }
            Kind::Array(elements) if !counted => {
                let elements = elements.clone();
                if !self.expand(elements.len() as i64, each.span) {
                    return Rounds::Unknown(Why::Limit);
                }
                let mut rounds = Vec::with_capacity(elements.len());
                let place = self.index_origin(each, &over);
                let mut exact = true;
                for (at, element) in elements.iter().enumerate() {
                    exact &= !element.is_many();
                    let index = if exact {
                        make::int(&mut self.context, at as i64, place)
                    } else {
                        self.loop_index(env, over.term, &over)
                    };
                    let item = if element.is_many() {
                        self.each_of(&over, element.value(), &index, each.span)
                    } else {
                        make::descend(&mut self.context, &over, element.value(), index.term)
                    };
                    rounds.push(self.round(env, each, makes, index, Some(item), element.is_many()));
                }
                Rounds::Known(rounds, over)
            }
            Kind::Unknown { term, .. } => {
                let index = self.loop_index(env, *term, &over);
                let item = (!counted).then(|| self.look_up(&over, &index, each.span, false));
                let round = self.round(env, each, makes, index, item, true);
                Rounds::Known(vec![round], over)
            }
            _ => Rounds::Unknown(Why::Error),
        }
    }

    /// A round with a given index: what `des[i]` means for a loop of resources.
    pub(super) fn round_at(&mut self, env: &Env, each: &'a Loop, index: Value) -> Round {
        let item = match each.over {
            Over::Count(_) => None,
            Over::Array(id) => {
                let over = self.eval(env, id);
                let over = self.plain(over);
                Some(self.look_up(&over, &index, each.span, false))
            }
        };
        self.round(env, each, Makes::Units, index, item, true)
    }

    fn round(
        &mut self,
        env: &Env,
        each: &'a Loop,
        makes: Makes,
        index: Value,
        item: Option<Value>,
        many: bool,
    ) -> Round {
        // The copy of an output has no name, and a bare `copyIndex()` means it.
        let is_innermost = makes == Makes::Units || each.name.is_none();
        let bound = Bound::Loop { name: each.name.clone(), is_innermost, index: index.clone() };
        let mut inner = Self::enter(env, bound);
        if let (Some(name), Some(item)) = (&each.item, item) {
            let item = self.pass(item, StepKind::LoopItem, each.span);
            inner = Self::bind(&inner, name, item);
        }
        if let Some(name) = &each.index {
            inner = Self::bind(&inner, name, index);
        }
        Round { env: inner, many }
    }

    /// The index of a loop of unknown length. Loops over the same array have the same index, so that what one makes
    /// for an item and what the other asks of it are the same; nested ones are told apart.
    pub(super) fn loop_index(&mut self, env: &Env, over: TermId, value: &Value) -> Value {
        let context = &self.context;
        let counted = context.counted(over);
        let nested = env.loops_over(|term| matches!(context.get(term), Term::Index(other, _) if *other == counted));
        let term = self.context.index(over, nested);
        let why = make::cause(value).unwrap_or(Why::NoValueGiven);
        make::unknown(term, why, value.origin)
    }

    /// What stands for each of several elements. Within a loop over the same array it is another one than the one there.
    pub(super) fn each_of(&mut self, over: &Value, each: &Value, index: &Value, span: Span) -> Value {
        match self.context.get(index.term) {
            Term::Index(_, nested) if *nested > 0 => self.look_up(over, index, span, false),
            _ => each.clone(),
        }
    }

    fn expand(&mut self, count: i64, span: Span) -> bool {
        if count > ITERATIONS {
            self.note(span, NoteKind::Limit, format!("a loop of more than {ITERATIONS} rounds is not worked out"));
            return false;
        }
        self.expansions += usize::try_from(count).unwrap_or(0);
        if self.expansions > EXPANSIONS {
            self.note(
                span,
                NoteKind::Limit,
                format!("loops of more than {EXPANSIONS} rounds in all are not worked out"),
            );
            return false;
        }
        true
    }
}
