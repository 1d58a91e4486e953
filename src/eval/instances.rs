//! Units become instances: one for each round of their loop, with their conditions and bodies.

use std::sync::Arc;

use super::deployments::MODULES;
use super::evaluator::Evaluator;
use super::frame::{Env, FrameId};
use super::loops::{Makes, Round, Rounds};
use super::naming::Naming;
use super::resource::NoteKind;
use crate::ir::{Expr, ExprId, Field, Program, Unit};
use crate::value::{Basis, IdReading, Kind, ResourceId, Str, Term, TermId, Value, Why};

/// Instances of one evaluation.
const INSTANCES: usize = 25_000;

/// Which instance of an evaluation.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) struct InstanceId(pub(super) usize);

/// A resource or deployment in one round of its loop.
pub(super) struct Instance<'a> {
    /// Its declaration.
    pub(super) unit: &'a Unit,
    /// Where its expressions are evaluated.
    pub(super) env: Env,
    /// The resource that it is a child of.
    pub(super) parent: Option<InstanceId>,
    /// Open conditions on which it exists, those of the frame not included.
    pub(super) conditions: Vec<TermId>,
    /// What its existence rests on.
    pub(super) basis: Basis,
    /// Whether a condition says that it doesn't exist.
    pub(super) absent: bool,
    /// Whether it stands for any number.
    pub(super) many: bool,
    pub(super) naming: Option<Naming>,
    pub(super) naming_busy: bool,
    body: Option<Value>,
    body_busy: bool,
    pub(super) inner: Inner,
}

/// The frame of what a deployment deploys.
#[derive(Clone, Copy)]
pub(super) enum Inner {
    /// Nobody asked yet.
    Unasked,
    /// There is none: it could not be read, or is being made.
    None,
    /// It is there.
    Made(FrameId),
}

impl<'a> Evaluator<'a> {
    /// The instances of a unit in a frame, under one instance of its parent.
    pub(super) fn instances_of(
        &mut self,
        frame: FrameId,
        unit: &'a Unit,
        parent: Option<InstanceId>,
    ) -> Arc<[InstanceId]> {
        let key = (frame, std::ptr::from_ref(unit) as usize, parent);
        if let Some(known) = self.instance_memo.get(&key) {
            return Arc::clone(known);
        }
        // Whoever asks while the loop is being worked out finds none: that is a cycle.
        self.instance_memo.insert(key, Arc::from([]));
        let env = match parent {
            Some(parent) => Env { frame, locals: self.instances[parent.0].env.locals.clone() },
            None => self.outside(frame),
        };
        let mut made = Vec::new();
        match &unit.each {
            None => made.extend(self.instance(&env, unit, parent, None, &[])),
            Some(each) => {
                let rounds = self.rounds(&env, each, Makes::Units);
                self.instances_in(rounds, &env, unit, parent, &mut Vec::new(), &mut made);
            }
        }
        let made: Arc<[InstanceId]> = made.into();
        self.instance_memo.insert(key, Arc::clone(&made));
        made
    }

    fn instances_in(
        &mut self,
        rounds: Rounds,
        env: &Env,
        unit: &'a Unit,
        parent: Option<InstanceId>,
        conditions: &mut Vec<TermId>,
        into: &mut Vec<InstanceId>,
    ) {
        match rounds {
            Rounds::Known(rounds, over) => {
                for round in rounds {
                    into.extend(self.instance(env, unit, parent, Some((round, over.basis)), conditions));
                }
            }
            Rounds::Choice { condition, then, other, .. } => {
                conditions.push(condition);
                self.instances_in(*then, env, unit, parent, conditions, into);
                conditions.pop();
                let not = self.context.call("not", [condition]);
                conditions.push(not);
                self.instances_in(*other, env, unit, parent, conditions, into);
                conditions.pop();
            }
            Rounds::Unknown(why) => {
                // Something is deployed, but nobody knows what for each round.
                let index = self.unknown(why, unit.span);
                if let Some(each) = &unit.each {
                    let round = self.round_at(env, each, index);
                    into.extend(self.instance(env, unit, parent, Some((round, Basis::Fixed)), conditions));
                }
            }
        }
    }

    fn instance(
        &mut self,
        env: &Env,
        unit: &'a Unit,
        parent: Option<InstanceId>,
        round: Option<(Round, Basis)>,
        conditions: &[TermId],
    ) -> Option<InstanceId> {
        if self.instances.len() >= INSTANCES {
            self.note(unit.span, NoteKind::Limit, format!("more than {INSTANCES} resources are not worked out"));
            return None;
        }
        let (env, many, mut basis) = match round {
            Some((round, basis)) => (round.env, round.many, basis),
            None => (env.clone(), false, Basis::Fixed),
        };
        let mut conditions = conditions.to_vec();
        let mut absent = false;
        let mut many = many;
        if let Some(parent) = parent {
            let parent = &self.instances[parent.0];
            conditions.extend(&parent.conditions);
            absent = parent.absent;
            basis = basis.max(parent.basis);
            many |= parent.many;
        }
        if let Some(condition) = unit.condition {
            let value = self.eval(&env, condition);
            let value = self.plain(value);
            match value.kind {
                Kind::Bool(truth) => {
                    absent |= !truth;
                    basis = basis.max(value.basis);
                }
                _ => {
                    let term = self.condition_term(&value);
                    self.add_condition(term, &mut conditions);
                }
            }
        }
        self.instances.push(Instance {
            unit,
            env,
            parent,
            conditions,
            basis,
            absent,
            many,
            naming: None,
            naming_busy: false,
            body: None,
            body_busy: false,
            inner: Inner::Unasked,
        });
        Some(InstanceId(self.instances.len() - 1))
    }

    /// Adds a condition, each part of an `and` for itself, so that a child's and its parent's are told apart.
    fn add_condition(&self, term: TermId, into: &mut Vec<TermId>) {
        match self.context.get(term) {
            Term::Call(name, args) if &**name == "and" => args.iter().for_each(|arg| self.add_condition(*arg, into)),
            _ if into.contains(&term) => {}
            _ => into.push(term),
        }
    }

    /// The instance that `unit[index]` means for an index that isn't one of the loop's rounds.
    pub(super) fn instance_at(&mut self, frame: FrameId, unit: &'a Unit, index: &Value) -> Option<InstanceId> {
        let each = unit.each.as_ref()?;
        let key = (frame, std::ptr::from_ref(unit) as usize, index.term);
        if let Some(known) = self.element_memo.get(&key) {
            return Some(*known);
        }
        let env = self.outside(frame);
        let round = self.round_at(&env, each, index.clone());
        let made = self.instance(&env, unit, None, Some((round, index.basis)), &[])?;
        self.element_memo.insert(key, made);
        Some(made)
    }

    /// The evaluated rest of a resource.
    pub(super) fn body(&mut self, id: InstanceId) -> Value {
        let instance = &self.instances[id.0];
        if let Some(body) = &instance.body {
            return body.clone();
        }
        let (unit, env) = (instance.unit, instance.env.clone());
        if instance.body_busy {
            self.note(unit.span, NoteKind::Cycle, "this resource needs itself");
            return self.unknown(Why::Cycle, unit.span);
        }
        self.instances[id.0].body_busy = true;
        let body = self.eval(&env, unit.body);
        self.instances[id.0].body = Some(body.clone());
        self.instances[id.0].body_busy = false;
        body
    }

    /// One member of a resource's declaration, without working out the others; `None` where it is not written as a
    /// plain object.
    pub(super) fn declared_member(&mut self, id: InstanceId, name: &str) -> Option<Value> {
        let (unit, env) = (self.instances[id.0].unit, self.instances[id.0].env.clone());
        let program = self.program(&env);
        let (key, member) = field_of(program, unit.body, name)?;
        let value = self.eval(&env, member);
        let key = self.context.written(program.span(key));
        Some(self.picked_by(value, &[key]))
    }

    /// A declared location of a resource group that the files create, looked for from a frame outwards, or that the
    /// script creates which deploys them.
    pub(super) fn declared_group_location(&mut self, frame: FrameId, group: &Str) -> Option<Value> {
        if group.text().is_none() && group.pieces.len() == 1 && self.frames[frame.0].is_root {
            return None;
        }
        let wanted = group.term(&mut self.context);
        let mut at = frame;
        let mut steps = 0;
        while let Some(deployment) = self.frames[at.0].deployment {
            at = self.instances[deployment.0].env.frame;
            steps += 1;
            if steps > MODULES {
                break;
            }
            let program = self.frames[at.0].program;
            for unit in &program.units {
                let is_group = program
                    .literal(unit.ty)
                    .is_some_and(|ty| ty.eq_ignore_ascii_case("Microsoft.Resources/resourceGroups"));
                if !is_group || unit.existing {
                    continue;
                }
                for &instance in &*self.instances_of(at, unit, None) {
                    if self.instances[instance.0].naming_busy && self.instances[instance.0].naming.is_none() {
                        continue;
                    }
                    let name = self.naming(instance).name;
                    if name.term(&mut self.context) == wanted {
                        return self.declared_member(instance, "location");
                    }
                }
            }
        }
        let root = &self.frames[at.0];
        let location = root.group_location.clone()?;
        let own = root.scope.resource_group().cloned()?;
        (own.term(&mut self.context) == wanted).then_some(location)
    }

    /// Whether an id can be read as that of a resource of the files: used for `reference(id)`.
    pub(super) fn find_by_id(&mut self, env: &Env, id: &Str) -> Option<InstanceId> {
        let term = self.id_term(id);
        let IdReading::Id(reading) = ResourceId::read(&mut self.context, id) else { return None };
        let ty = reading.ty.text()?;
        let mut frame = env.frame;
        loop {
            let program = self.frames[frame.0].program;
            for unit in &program.units {
                let same_type = program.literal(unit.ty).is_some_and(|own| own.eq_ignore_ascii_case(&ty));
                if !same_type {
                    continue;
                }
                for &instance in &*self.instances_of(frame, unit, None) {
                    if self.instances[instance.0].naming_busy && self.instances[instance.0].naming.is_none() {
                        continue;
                    }
                    if self.naming(instance).term == term {
                        return Some(instance);
                    }
                }
            }
            // A nested deployment of outer scope sees what its parent declares.
            let deployment = self.frames[frame.0].deployment?;
            if self.frames[frame.0].names == frame {
                return None;
            }
            frame = self.instances[deployment.0].env.frame;
        }
    }
}

/// A member of an object literal.
pub(super) fn member_of(program: &Program, object: ExprId, name: &str) -> Option<ExprId> {
    field_of(program, object, name).map(|(_, value)| value)
}

/// The key and the value of a member.
fn field_of(program: &Program, object: ExprId, name: &str) -> Option<(ExprId, ExprId)> {
    let Expr::Object(fields) = program.expr(object) else { return None };
    fields.iter().find_map(|field| match field {
        Field::Named { key, value } if program.literal(*key).is_some_and(|key| key.eq_ignore_ascii_case(name)) => {
            Some((*key, *value))
        }
        _ => None,
    })
}
