//! Parameters: their types, defaults and decorators.

use super::super::syntax::{Declaration, Decorator, Expr, ExprKind, Member, Param as Written};
use super::Lowering;
use super::types::facts;
use crate::ir::{Expr as Ir, ExprId, Item, Param};

impl<'t, 'p> Lowering<'t, 'p> {
    pub(super) fn param(&mut self, declaration: &'p Declaration<'t>, written: &'p Written<'t>) {
        let Some(name) = self.declared_name(written.name, declaration.span) else { return };
        let facts = facts(&self.names, &written.ty, &mut self.type_steps);
        let mut param = Param {
            name,
            span: written.name.span,
            ty: facts.ty,
            default: written.default.as_ref().map(|value| self.expr(value)),
            allowed: None,
            min: None,
            max: None,
            nullable: facts.nullable,
            secure: false,
        };
        for decorator in declaration.decorators.iter().chain(facts.decorators) {
            self.decorate(&mut param, decorator);
        }
        if let Some(ExprKind::Object(members)) = written.modifier.as_ref().map(|modifier| &modifier.kind) {
            for member in members {
                self.modify(&mut param, member);
            }
        }
        if param.allowed.is_none() && !facts.literals.is_empty() {
            param.allowed = Some(self.literals(&facts.literals, written));
        }
        self.program.params.push(param);
    }

    fn literals(&mut self, literals: &[&Expr<'t>], written: &Written<'t>) -> ExprId {
        let items = literals.iter().map(|literal| Item::One(self.expr(literal))).collect();
        self.add(Ir::Array(items), written.ty.span)
    }

    fn decorate(&mut self, param: &mut Param, decorator: &Decorator<'t>) {
        let (name, args) = match &decorator.call.kind {
            ExprKind::Call(name, args) => (name, args),
            ExprKind::Method(namespace, name, args) if is_sys(namespace) => (name, args),
            _ => return,
        };
        match (name.text, args.first()) {
            ("secure", None) => param.secure = true,
            (setting, Some(value)) => self.set(param, setting, value),
            _ => {}
        }
    }

    /// `{ default: 'x', secure: true }`, as it was written before there were decorators.
    fn modify(&mut self, param: &mut Param, member: &Member<'t>) {
        let Member::Property { key, value } = member else { return };
        match key.as_key().as_deref() {
            Some("default") => param.default = Some(self.expr(value)),
            Some("secure") => param.secure |= !matches!(value.kind, ExprKind::Bool(false)),
            Some(setting) => self.set(param, setting, value),
            None => {}
        }
    }

    /// The nearest setting counts: the parameter's own, then those of the types it names.
    fn set(&mut self, param: &mut Param, setting: &str, value: &Expr<'t>) {
        let place = match setting {
            "allowed" => &mut param.allowed,
            "minLength" | "minValue" => &mut param.min,
            "maxLength" | "maxValue" => &mut param.max,
            _ => return,
        };
        if place.is_none() {
            *place = Some(self.expr(value));
        }
    }
}

fn is_sys(namespace: &Expr<'_>) -> bool {
    matches!(&namespace.kind, ExprKind::Name(name) if name.text == "sys")
}
