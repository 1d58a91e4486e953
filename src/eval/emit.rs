//! The walk over a root and all that it deploys.

use super::evaluator::Evaluator;
use super::frame::FrameId;
use super::instances::InstanceId;
use super::make;
use super::resource::Resource;
use crate::finding::Format;
use crate::ir::{Dialect, Unit, UnitKind};
use crate::text::Span;
use crate::value::{Basis, Element, Kind, Member, Object, TermId, Value, Why};

/// Nesting of a value that is looked through.
const DEPTH: u32 = 128;
/// Steps that one member of a value costs where it is unfolded for the checks.
const STEPS: usize = 16;

impl<'a> Evaluator<'a> {
    /// Adds what a frame deploys, in source order.
    pub(super) fn emit(&mut self, frame: FrameId, wanted: &dyn Fn(&str) -> bool, into: &mut Vec<Resource>) {
        let program = self.frames[frame.0].program;
        for unit in &program.units {
            if self.gave_up(into) {
                return;
            }
            self.emit_unit(frame, unit, None, "", wanted, into);
        }
    }

    /// Whether nothing more is worked out. Of what is left one resource stands for the rest, if there is none yet: a
    /// limit is told where there is something to judge.
    const fn gave_up(&self, into: &[Resource]) -> bool {
        self.is_spent() && !into.is_empty()
    }

    fn emit_unit(
        &mut self,
        frame: FrameId,
        unit: &'a Unit,
        parent: Option<InstanceId>,
        around: &str,
        wanted: &dyn Fn(&str) -> bool,
        into: &mut Vec<Resource>,
    ) {
        let program = self.frames[frame.0].program;
        let own = program.literal(unit.ty);
        let full = own.as_deref().map(|own| if around.is_empty() { own.to_owned() } else { format!("{around}/{own}") });
        let is_deployment = matches!(unit.kind, UnitKind::Deploy(_));
        // A type that isn't written out may be any.
        let is_wanted = is_deployment || full.as_deref().is_none_or(wanted);
        if !is_wanted && unit.children.is_empty() {
            return;
        }
        for &id in &*self.instances_of(frame, unit, parent) {
            if self.gave_up(into) {
                return;
            }
            let instance = &self.instances[id.0];
            if instance.absent {
                continue;
            }
            if is_wanted {
                self.emit_instance(frame, id, into);
            }
            if is_deployment && let Some(inner) = self.inner_frame(id) {
                self.emit(inner, wanted, into);
            }
            for child in &unit.children {
                self.emit_unit(frame, child, Some(id), full.as_deref().unwrap_or_default(), wanted, into);
            }
        }
    }

    fn emit_instance(&mut self, frame: FrameId, id: InstanceId, into: &mut Vec<Resource>) {
        let naming = self.naming(id);
        let body = self.body(id);
        let (unit, env) = (self.instances[id.0].unit, self.instances[id.0].env.clone());
        let body = self.finished(body, unit.span, 0);
        let api = unit.api.map(|api| self.eval(&env, api));
        let around = &self.frames[frame.0];
        let instance = &self.instances[id.0];
        let mut conditions = around.conditions.clone();
        conditions.extend(&instance.conditions);
        let mut seen = foldhash::HashSet::default();
        conditions.retain(|condition| seen.insert(*condition));
        into.push(Resource {
            ty: naming.ty,
            api,
            name: naming.name,
            id: naming.id,
            id_term: naming.term,
            existing: unit.existing,
            conditions,
            basis: around.basis.max(instance.basis),
            body,
            span: unit.span,
            type_span: around.program.span(unit.ty),
            name_span: unit.name.map(|name| around.program.span(name)),
            calls: around.calls.clone(),
            many: around.many || instance.many,
            format: match around.program.dialect {
                Dialect::Bicep | Dialect::BicepParameters => Format::Bicep,
                Dialect::Arm | Dialect::ArmParameters => Format::Arm,
                Dialect::State => Format::State,
            },
        });
    }

    /// The value of what stands at `span`, as checks see it: no handles, and every member carries the basis of what holds it.
    pub(super) fn finished(&mut self, value: Value, span: Span, depth: u32) -> Value {
        if depth > DEPTH {
            return value;
        }
        let value = self.plain(value);
        match &value.kind {
            Kind::Array(elements) if self.is_too_long(elements.len(), span) => {
                make::unknown(value.term, Why::Limit, value.origin)
            }
            Kind::Object(object) if self.is_too_long(object.members.len(), span) => {
                make::unknown(value.term, Why::Limit, value.origin)
            }
            Kind::Array(elements) => {
                let elements = elements.clone();
                let mut all = Vec::with_capacity(elements.len());
                for (at, element) in elements.iter().enumerate() {
                    let key = make::int(&mut self.context, at as i64, value.origin);
                    let taken = self.taken(&value, element.value(), key.term, span);
                    let taken = self.finished(taken, span, depth + 1);
                    all.push(if element.is_many() { Element::Many(taken) } else { Element::One(taken) });
                }
                Value { kind: Kind::Array(all.into()), ..value }
            }
            Kind::Object(object) => {
                let object = object.clone();
                let mut members = Vec::with_capacity(object.members.len());
                for member in &object.members {
                    let key = member.key.term(&mut self.context);
                    let taken = self.taken(&value, &member.value, key, span);
                    let taken = self.finished(taken, span, depth + 1);
                    members.push(Member { key: member.key.clone(), value: taken });
                }
                let finished = Object { members, open: object.open, scope: None };
                Value { kind: Kind::Object(finished.into()), ..value }
            }
            Kind::Choice(choice) => {
                let choice = choice.clone();
                let then = self.finished(choice.then.clone(), span, depth + 1);
                let other = self.finished(choice.other.clone(), span, depth + 1);
                let finished = crate::value::Choice { then, other, ..(*choice).clone() };
                Value { kind: Kind::Choice(finished.into()), ..value }
            }
            _ => value,
        }
    }

    fn taken(&mut self, holder: &Value, member: &Value, key: TermId, span: Span) -> Value {
        // Values share their parts, what checks see doesn't: sixty doublings of an array would fill all memory.
        if !self.spend(STEPS, span) {
            return make::unknown(member.term, Why::Limit, member.origin);
        }
        if holder.basis == Basis::Fixed {
            member.clone()
        } else {
            make::descend(&mut self.context, holder, member, key)
        }
    }
}
