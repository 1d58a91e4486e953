//! Loops: turn by turn over what is known, else once for all turns.

use crate::eval::make;
use crate::ir::script::BlockId;
use crate::text::Span;
use crate::value::{Element, Kind, StepKind, Term, Value, Why};

use super::binding::Frame;
use super::state::{Flow, Open, Truth};
use super::walk::{FORKS, Status, Walker};

/// How many turns of one loop are walked one by one.
const TURNS: usize = 100;

impl Walker<'_, '_> {
    pub(super) fn for_each(&mut self, name: &str, at: Span, list: &Value, list_span: Span, body: BlockId, depth: u32) {
        let elements = match &list.kind {
            Kind::Choice(choice) if depth < FORKS => {
                let open = Open { term: choice.condition, origin: choice.condition_origin };
                let choice = choice.clone();
                self.branch(
                    Truth::Open(open),
                    |walker| {
                        walker.for_each(name, at, &choice.then, list_span, body, depth + 1);
                        Status::DONE
                    },
                    |walker| {
                        walker.for_each(name, at, &choice.other, list_span, body, depth + 1);
                        Status::DONE
                    },
                );
                return;
            }
            Kind::Array(elements) => elements.clone(),
            Kind::Null => return,
            Kind::Unknown { .. } | Kind::Choice(_) => [Element::Many(list.clone())].into(),
            _ => [Element::One(list.clone())].into(),
        };
        let key = self.key(name);
        for (turn, element) in elements.iter().enumerate() {
            if self.state.flow != Flow::On {
                return;
            }
            if turn >= TURNS {
                self.limit(list_span, "a loop has more turns than are followed");
                return;
            }
            match element {
                Element::One(value) => {
                    let value = make::pass(self.context, value.clone(), StepKind::LoopItem, list_span);
                    self.state.set(key.clone(), value);
                    self.turn(body);
                }
                Element::Many(value) => {
                    self.forget_assigned(body);
                    let index = self.context.term(Term::Index(value.term, self.many.min(200) as u8));
                    let term = self.context.term(Term::Get(value.term, index));
                    let origin = self.context.via(StepKind::Variable, at, value.origin);
                    let item = make::unknown(term, Why::NoValueGiven, origin);
                    self.state.set(key.clone(), item);
                    self.many += 1;
                    self.turn(body);
                    self.many -= 1;
                    self.forget_assigned(body);
                }
            }
        }
    }

    /// One turn of a loop.
    fn turn(&mut self, body: BlockId) {
        self.frames.push(Frame::default());
        self.block(body);
        self.leave(Flow::Broke);
        let left = self.frames.pop().map(|frame| frame.left).unwrap_or_default();
        if let Some(outer) = self.frames.last_mut() {
            outer.left.extend(left);
        }
    }

    pub(super) fn while_loop(&mut self, condition: BlockId, until: bool, body: BlockId) {
        self.forget_assigned(condition);
        self.forget_assigned(body);
        let status = self.block(condition);
        let truth = if until { status.truth.not(self.context) } else { status.truth };
        self.many += 1;
        let truth = match truth {
            // A test that can't change any more would make an endless loop or none.
            Truth::Known(_, basis) if status.test => Truth::Known(true, basis),
            Truth::Known(..) => Truth::YES,
            open @ Truth::Open(_) => open,
        };
        self.branch(
            truth,
            |walker| {
                walker.turn(body);
                Status::DONE
            },
            |_| Status::DONE,
        );
        self.many -= 1;
        self.forget_assigned(condition);
        self.forget_assigned(body);
    }
}
