//! Conditions: the side that holds, or both.

use crate::ir::script::{Arm, BlockId, Link};
use crate::text::Span;
use crate::value::{Basis, Kind, Literal, Term, TermId, Value};

use super::state::{Flow, Open, State, Truth, join, negated};
use super::text::named;
use super::walk::{FORKS, Status, Walker};

/// How many alternatives one `if` or `case` may have.
const ARMS: usize = 48;

impl<'p> Walker<'p, '_> {
    /// Walks the side that holds, or both.
    pub(super) fn branch(
        &mut self,
        truth: Truth,
        then: impl FnOnce(&mut Self) -> Status,
        other: impl FnOnce(&mut Self) -> Status,
    ) -> Status {
        let open = match truth {
            Truth::Known(holds, basis) => {
                let before = self.basis;
                self.basis = before.max(basis);
                let status = if holds { then(self) } else { other(self) };
                self.basis = before;
                return status;
            }
            Truth::Open(open) => open,
        };
        let before = self.state.clone();
        let not = negated(self.context, open.term);
        let (a, first) = self.side(open.term, then);
        let then_state = std::mem::replace(&mut self.state, before);
        let (b, second) = self.side(not, other);
        let other_state = std::mem::replace(&mut self.state, then_state.clone());
        self.state = self.merge(open, then_state, other_state);
        self.merge_output(open, first, second);
        self.merge_status(open, a, b)
    }

    /// One side, with the output it gives.
    fn side(&mut self, term: TermId, side: impl FnOnce(&mut Self) -> Status) -> (Status, Vec<Option<Value>>) {
        self.path.push(term);
        self.captures.push(Vec::new());
        let status = side(self);
        self.path.pop();
        (status, self.captures.pop().unwrap_or_default())
    }

    fn merge_output(&mut self, open: Open, then: Vec<Option<Value>>, other: Vec<Option<Value>>) {
        match (then.as_slice(), other.as_slice()) {
            ([], []) => {}
            ([Some(a)], [Some(b)]) => {
                let value = super::state::either(self.context, open, a.clone(), b.clone());
                self.emit(Some(value));
            }
            _ => self.emit(None),
        }
    }

    fn merge_status(&mut self, open: Open, then: Status, other: Status) -> Status {
        let known = |status: Status| match status.truth {
            Truth::Known(truth, _) => Some(truth),
            Truth::Open(_) if !status.test => Some(true),
            Truth::Open(_) => None,
        };
        let truth = match (known(then), known(other)) {
            (Some(a), Some(b)) if a == b => Truth::Known(a, Basis::Fixed),
            (Some(true), Some(false)) => Truth::Open(open),
            (Some(false), Some(true)) => Truth::Open(open).not(self.context),
            _ => {
                let terms = [then, other].map(|status| match status.truth {
                    Truth::Known(truth, _) => self.context.literal(Literal::Bool(truth)),
                    Truth::Open(open) => open.term,
                });
                let term = self.context.term(Term::If(open.term, terms[0], terms[1]));
                Truth::Open(Open { term, origin: open.origin })
            }
        };
        Status { truth, test: then.test || other.test }
    }

    /// What holds behind a condition, where a side may have left.
    fn merge(&mut self, open: Open, then: State<'p>, other: State<'p>) -> State<'p> {
        match (then.flow, other.flow) {
            (Flow::On, Flow::On) => self.join(open, then, other),
            (Flow::On, _) => self.survive(open, then, other),
            (_, Flow::On) => {
                let open = Open { term: negated(self.context, open.term), ..open };
                self.survive(open, other, then)
            }
            (a, b) if a == b => {
                let mut joined = self.join(open, then, other);
                joined.flow = a;
                joined
            }
            (Flow::Exited, _) => other,
            _ => then,
        }
    }

    /// One side goes on; the other left and comes back, perhaps, behind the loop or function.
    fn survive(&mut self, open: Open, mut on: State<'p>, left: State<'p>) -> State<'p> {
        on.guards.push(open.term);
        if left.flow != Flow::Exited
            && let Some(frame) = self.frames.last_mut()
        {
            let open = Open { term: negated(self.context, open.term), ..open };
            frame.left.push((open, left));
        }
        on
    }

    pub(super) fn join(&mut self, open: Open, then: State<'p>, other: State<'p>) -> State<'p> {
        join(self.context, open, then, other, |context, name| named(context, &format!("${name}"), open.origin))
    }

    pub(super) fn if_chain(
        &mut self,
        branches: &'p [(BlockId, BlockId)],
        otherwise: Option<BlockId>,
        span: Span,
    ) -> Status {
        let Some(((condition, body), rest)) = branches.split_first() else {
            return otherwise.map_or(Status::DONE, |block| self.block(block));
        };
        if rest.len() > ARMS {
            self.limit(span, "a condition has more branches than are followed");
            return Status::DONE;
        }
        let truth = self.block(*condition).truth;
        self.branch(truth, |walker| walker.block(*body), |walker| walker.if_chain(rest, otherwise, span))
    }

    pub(super) fn case(&mut self, subject: &Value, arms: &'p [Arm], span: Span, depth: u32) -> Status {
        if let Kind::Choice(choice) = &subject.kind
            && depth < FORKS
        {
            let open = Open { term: choice.condition, origin: choice.condition_origin };
            let choice = choice.clone();
            return self.branch(
                Truth::Open(open),
                |walker| walker.case(&choice.then, arms, span, depth + 1),
                |walker| walker.case(&choice.other, arms, span, depth + 1),
            );
        }
        let Some((arm, rest)) = arms.split_first() else { return Status::DONE };
        if rest.len() > ARMS {
            self.limit(span, "a condition has more branches than are followed");
            return Status::DONE;
        }
        let truth = self.matches(subject, arm);
        self.branch(truth, |walker| walker.block(arm.body), |walker| walker.case(subject, rest, span, depth))
    }

    fn matches(&mut self, subject: &Value, arm: &Arm) -> Truth {
        let mut result = Truth::Known(arm.patterns.is_empty(), Basis::Fixed);
        for pattern in &arm.patterns {
            let value = self.value(*pattern);
            let is_pattern = value.text().is_some_and(|text| text.contains(['*', '?', '[']));
            let truth = if is_pattern {
                let term = self.context.call("matches", [subject.term, value.term]);
                Truth::Open(Open { term, origin: value.origin })
            } else {
                self.same(subject, &value)
            };
            result = match (result, truth) {
                (Truth::Known(true, basis), _) | (_, Truth::Known(true, basis)) => return Truth::Known(true, basis),
                (Truth::Known(false, _), open) => open,
                (open, Truth::Known(false, _)) => open,
                (Truth::Open(a), Truth::Open(b)) => {
                    let term = self.context.call("or", [a.term, b.term]);
                    Truth::Open(Open { term, origin: a.origin })
                }
            };
        }
        result
    }

    pub(super) fn chain(&mut self, first: BlockId, rest: &'p [(Link, BlockId)]) -> Status {
        let mut status = self.block(first);
        for (link, block) in rest {
            if self.state.flow != Flow::On {
                break;
            }
            status = match (link, status.truth) {
                // A command that isn't a test is taken to succeed.
                (Link::And, Truth::Open(_)) if !status.test => self.block(*block),
                (Link::And, truth) => {
                    let failed = Status { truth: Truth::Known(false, Basis::Fixed), test: true };
                    self.branch(truth, |walker| walker.block(*block), |_| failed)
                }
                (Link::Or, truth) => self.branch(truth, |_| Status::DONE, |walker| walker.block(*block)),
            };
        }
        status
    }

    pub(super) fn try_block(&mut self, body: BlockId, handlers: &[BlockId], finally: Option<BlockId>, span: Span) {
        self.block(body);
        for handler in handlers {
            let term = self.context.fresh();
            let origin = self.context.written(span);
            let failed = Truth::Open(Open { term, origin });
            self.branch(failed, |walker| walker.block(*handler), |_| Status::DONE);
        }
        if let Some(finally) = finally {
            self.block(finally);
        }
    }
}
