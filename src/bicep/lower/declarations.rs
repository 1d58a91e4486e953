//! Declarations other than resources, modules and parameters.

use super::super::syntax::{
    Bound, Declaration, DeclarationKind, Expr, ExprKind, Func, Identifier, Imported, ImportedName,
};
use super::{Local, Lowering};
use crate::ir::{Assignment, Binding, Function, Import, Name, RefKind, ScopeKind};
use crate::text::Span;

impl<'t, 'p> Lowering<'t, 'p> {
    pub(super) fn declaration(&mut self, declaration: &'p Declaration<'t>) {
        match &declaration.kind {
            DeclarationKind::TargetScope(value) => self.program.scope = target_scope(value),
            DeclarationKind::Param(param) => self.param(declaration, param),
            DeclarationKind::Var(bound) => {
                let binding = self.binding(bound, declaration.span);
                self.program.vars.extend(binding);
            }
            DeclarationKind::Output(bound) => {
                let binding = self.binding(bound, declaration.span);
                self.program.outputs.extend(binding);
            }
            DeclarationKind::Assign(bound) => self.assignment(bound, declaration.span),
            DeclarationKind::Func(func) => self.func(func, declaration.span),
            DeclarationKind::Resource(resource) => {
                let unit = self.resource(declaration, resource, None);
                self.program.units.push(unit);
            }
            DeclarationKind::Module(module) => {
                let unit = self.module(declaration, module);
                self.program.units.push(unit);
            }
            DeclarationKind::Import { what, path } => self.import(what, path),
            DeclarationKind::Using { path, .. } => {
                self.program.using = path.as_ref().and_then(|path| self.file(path, RefKind::Using));
            }
            DeclarationKind::Extends(path) => self.program.extends = self.file(path, RefKind::Extends),
            // These decide no value that is deployed; types are read where parameters are.
            DeclarationKind::Metadata(_)
            | DeclarationKind::Type { .. }
            | DeclarationKind::Test(_)
            | DeclarationKind::Extension(_)
            | DeclarationKind::Assert(_)
            | DeclarationKind::ExtensionConfig { .. }
            | DeclarationKind::Missing => {}
        }
    }

    /// The name of what is declared; without one the declaration is recorded as unreadable.
    pub(super) fn declared_name(&mut self, name: Identifier<'t>, declaration: Span) -> Option<Name> {
        if name.is_missing() {
            self.program.broken.push(declaration);
            return None;
        }
        Some(self.name(name.text))
    }

    fn binding(&mut self, bound: &Bound<'t>, declaration: Span) -> Option<Binding> {
        let name = self.declared_name(bound.name, declaration)?;
        let value = self.expr(&bound.value);
        Some(Binding { name, span: bound.name.span, value, condition: None })
    }

    fn assignment(&mut self, bound: &Bound<'t>, declaration: Span) {
        let Some(name) = self.declared_name(bound.name, declaration) else { return };
        let value = self.expr(&bound.value);
        self.program.assigns.push(Assignment { name, span: bound.name.span, value });
    }

    fn func(&mut self, func: &Func<'t>, declaration: Span) {
        let Some(name) = self.declared_name(func.name, declaration) else { return };
        let args = func.args.iter().map(|(arg, _)| self.name(arg.text)).collect();
        for (arg, _) in &func.args {
            self.open_local(*arg, Local::Value);
        }
        let body = self.expr(&func.body);
        for (arg, _) in &func.args {
            self.close_local(*arg);
        }
        let namespace = self.name("");
        self.program.funcs.push(Function { namespace, name, args, body });
    }

    fn import(&mut self, what: &Imported<'t>, path: &Expr<'t>) {
        let Some(file) = self.file(path, RefKind::Import) else {
            self.program.broken.push(path.span);
            return;
        };
        match what {
            Imported::All(alias) => {
                let name = self.name(alias.text);
                self.program.imports.push(Import { file, alias: name, name: None, span: alias.span });
            }
            Imported::Listed(names) => {
                for name in names {
                    self.imported(file, name);
                }
            }
            Imported::Skipped(_) => {}
        }
    }

    fn imported(&mut self, file: usize, item: &ImportedName<'t>) {
        let there: Name = match &item.name.kind {
            ExprKind::Name(name) => self.name(name.text),
            _ => match item.name.as_text() {
                Some(text) => text.into(),
                None => return,
            },
        };
        let alias = match item.alias {
            Some(alias) if !alias.is_missing() => self.name(alias.text),
            Some(_) => return,
            None => Name::clone(&there),
        };
        self.program.imports.push(Import { file, alias, name: Some(there), span: item.span });
    }
}

fn target_scope(value: &Expr<'_>) -> ScopeKind {
    match value.as_text().as_deref() {
        Some("tenant") => ScopeKind::Tenant,
        Some("managementGroup") => ScopeKind::ManagementGroup,
        Some("subscription") => ScopeKind::Subscription,
        Some("resourceGroup") => ScopeKind::ResourceGroup,
        _ => ScopeKind::Unknown,
    }
}
