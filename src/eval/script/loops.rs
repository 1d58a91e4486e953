//! Loops: turn by turn over what is known, else once for all turns.

use crate::eval::make;
use crate::ir::script::{BlockId, Command, Expr, Role, Shell};
use crate::text::Span;
use crate::value::{Element, Kind, StepKind, Term, Value, Why};

use super::binding::Frame;
use super::state::{Flow, Open, Truth};
use super::walk::{FORKS, Status, Walker};

/// What the loop over a pipe is called.
const FOR_EACH_OBJECT: [&str; 3] = ["foreach-object", "foreach", "%"];

/// Its parameters that a block for each object is given to.
const PROCESS: [&str; 2] = ["process", "parallel"];

/// The variable that an object of a pipe is.
const OBJECT: &str = "_";

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
                if self.runs_host(body) {
                    self.limit(list_span, "a loop has more turns than are followed");
                }
                self.forget_assigned(body);
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

    /// The block of `... | ForEach-Object { ... }`. `None` for other commands, and where there are more blocks than one.
    pub(super) fn for_each_object(&self, command: &Command) -> Option<BlockId> {
        if self.script.shell != Shell::PowerShell {
            return None;
        }
        let (name, words) = command.words.split_first()?;
        let [name] = name.parts.as_slice() else { return None };
        let name = self.script.literal(name.value)?;
        if !FOR_EACH_OBJECT.iter().any(|known| name.eq_ignore_ascii_case(known)) {
            return None;
        }
        let mut block = None;
        for word in words {
            match (&word.role, word.parts.as_slice()) {
                (Role::Option { name, .. }, _) if PROCESS.iter().any(|known| name.eq_ignore_ascii_case(known)) => {}
                (Role::Plain, [part]) if block.is_none() => match self.script.expr(part.value) {
                    Expr::Lambda(body) => block = Some(*body),
                    _ => return None,
                },
                _ => return None,
            }
        }
        block
    }

    /// Runs a block once for each object that comes through a pipe, which is `$_` to it.
    pub(super) fn for_each_piped(&mut self, items: &Value, span: Span, body: BlockId) -> Status {
        let key = self.key(OBJECT);
        let outside = self.state.variables.get(&key).cloned();
        self.for_each(OBJECT, span, items, span, body, 0);
        match outside {
            Some(value) => self.state.set(key, value),
            None => self.state.forget(&key),
        }
        Status::DONE
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
