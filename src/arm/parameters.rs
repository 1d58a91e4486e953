//! Parameters files.
//!
//! Values are data: nothing in them is evaluated. A text in brackets is a blank that somebody is to fill in
//! (`"[your subscription]"`), so it lowers to [`Expr::Secret`] with the text as its name: unknown, like a key vault's
//! secret. `null` assigns nothing, the template's default holds.

use super::notes::{Extent, Notes};
use super::recognise;
use super::value::{Lowering, Reading};
use crate::ir::{Assignment, Dialect, Expr, ExprId, FileRef, Program, RefKind, ScopeKind};
use crate::json::{Member, Node, Value};
use crate::text::SourceId;

/// Lowers a parameters file; also one that has nothing but the parameters at its top.
pub(super) fn lower(source: SourceId, root: &Node<'_>, notes: &mut Notes<'_>) -> Program {
    let mut program = Program::new(source, Dialect::ArmParameters);
    program.scope = ScopeKind::Unknown;
    program.broken.extend_from_slice(notes.broken);
    let mut lowering = Lowering { program, notes, outer: None, reading: Reading::Values };
    if let Some(template) = root.get("metadata").and_then(|metadata| metadata.get("template")) {
        lowering.using(template);
    }
    match root.get("parameters") {
        _ if lowering.notes.extent == Extent::Links => {}
        Some(given) if given.is_object() => lowering.assignments(given),
        Some(given) if !matches!(given.value, Value::Null) => {
            lowering.unreadable(given, "`parameters` should be an object here");
        }
        None if recognise::holds_values(root) => lowering.assignments(root),
        _ => {}
    }
    lowering.program
}

impl Lowering<'_, '_, '_> {
    fn using(&mut self, template: &Node<'_>) {
        if let Some(path) = template.str() {
            let span = template.span.part(1, template.span.len() as usize - 1);
            let file = FileRef { path: self.notes.name(&path), span, kind: RefKind::Using };
            self.program.files.push(file);
            self.program.using = Some(self.program.files.len() - 1);
        }
    }

    fn assignments(&mut self, given: &Node<'_>) {
        for member in given.members() {
            if let Some(value) = self.assigned(member) {
                let name = self.notes.name(&member.key.decoded());
                self.program.assigns.push(Assignment { name, span: member.key.span(), value });
            }
        }
    }

    /// The value that a parameter is given, if it is given one.
    fn assigned(&mut self, member: &Member<'_>) -> Option<ExprId> {
        let given = &member.value;
        match given.get("value") {
            Some(value) if matches!(value.value, Value::Null) => return None,
            Some(value) => return Some(self.value(value)),
            None => {}
        }
        if given.get("reference").is_some() {
            return Some(self.secret(member));
        }
        if let Some(expression) = given.get("expression") {
            return Some(self.value_as(expression, Reading::Template));
        }
        match given.value {
            Value::Null => return None,
            Value::Object(_) => self.notes.remark(given.span, "this parameter has no `value`"),
            Value::Broken => {}
            _ => self.notes.remark(given.span, "a parameter's value should stand in an object as `value`"),
        }
        Some(self.program.add(Expr::Broken, given.span))
    }
}
