//! Nested and linked deployments: their template and what is passed to it.

use std::sync::Arc;

use super::notes::Extent;
use super::value::{Lowering, Reading};
use super::{link, template};
use crate::ir::{Argument, Deploy, Expr, ExprId, FileRef, RefKind, Template};
use crate::json::{Member, Node, Value};

impl Lowering<'_, '_, '_> {
    /// Lowers what a deployment resource has beside the fields of any resource.
    pub(super) fn deploy(&mut self, node: &Node<'_>) -> Deploy {
        let properties = node.get("properties");
        let get = |name: &str| properties.and_then(|properties| properties.get(name));
        let (template, inner) = match (get("template"), get("templateLink")) {
            (Some(nested), _) => self.nested(nested, get("expressionEvaluationOptions")),
            (None, Some(link)) => (self.linked(link, RefKind::Module).map_or(Template::Unknown, Template::File), true),
            (None, None) => (Template::Unknown, true),
        };
        let mut deploy = Deploy {
            template,
            inner,
            subscription: self.optional(node.get("subscriptionId")),
            resource_group: self.optional(node.get("resourceGroup")),
            arguments: Vec::new(),
            arguments_expr: None,
            parameters_file: get("parametersLink").and_then(|link| self.linked(link, RefKind::Parameters)),
        };
        match get("parameters") {
            _ if self.notes.extent == Extent::Links => {}
            Some(given) if given.is_object() => {
                deploy.arguments = given.members().map(|member| self.argument(member)).collect();
            }
            Some(given) if !matches!(given.value, Value::Null) => deploy.arguments_expr = Some(self.value(given)),
            _ => {}
        }
        deploy
    }

    /// The nested template and whether it is evaluated by itself. Where the file doesn't say which, the template
    /// counts as unknown.
    fn nested(&mut self, nested: &Node<'_>, options: Option<&Node<'_>>) -> (Template, bool) {
        let scope = options.and_then(|options| options.get("scope"));
        let inner = match (scope, self.literal(scope)) {
            (None, _) => false,
            (Some(_), Some(scope)) => scope.eq_ignore_ascii_case("inner"),
            (Some(_), None) => return (Template::Unknown, true),
        };
        if !nested.is_object() {
            return (Template::Unknown, inner);
        }
        let outer = if inner { None } else { Some(self.outer.unwrap_or(&self.program)) };
        let program = template::lower(self.program.source, nested, self.notes, outer);
        (Template::Inline(Arc::new(program)), inner)
    }

    /// The file that a `templateLink` or `parametersLink` names, as index into the program's files. A link by `id` is
    /// a template spec, which is no file.
    fn linked(&mut self, link: &Node<'_>, kind: RefKind) -> Option<usize> {
        let file = if let Some(path) = link.get("relativePath") {
            let span = path.span;
            match self.literal(Some(path)) {
                Some(path) => FileRef { path, span: span.part(1, span.len() as usize - 1), kind },
                None => self.linked_by_tail(path, kind)?,
            }
        } else {
            self.linked_by_tail(link.get("uri")?, kind)?
        };
        self.program.files.push(file);
        Some(self.program.files.len() - 1)
    }

    fn linked_by_tail(&mut self, uri: &Node<'_>, kind: RefKind) -> Option<FileRef> {
        let uri = self.value(uri);
        let names = self.outer.unwrap_or(&self.program);
        let (path, span) = link::tail(&self.program, names, uri, &mut self.notes.link_fuel)?;
        let kind = if kind == RefKind::Module { RefKind::LinkedUri } else { kind };
        Some(FileRef { path: self.notes.name(&path), span, kind })
    }

    fn argument(&mut self, member: &Member<'_>) -> Argument {
        let given = &member.value;
        let value = if let Some(value) = given.get("value") {
            self.value(value)
        } else if given.get("reference").is_some() {
            self.secret(member)
        } else if let Some(copy) = self.value_loop(given) {
            self.looped(copy)
        } else {
            let whole = self.value(given);
            let key = self.program.add(Expr::text(self.notes.name("value"), given.span), given.span);
            self.program.add(Expr::Get { base: whole, key, safe: false, from_end: false }, given.span)
        };
        Argument { name: self.notes.name(&member.key.decoded()), span: member.key.span(), value }
    }

    /// The loop that makes an argument's value: `"x": {"copy": [{"name": "value", ...}]}`.
    fn value_loop<'a, 't>(&self, given: &'a Node<'t>) -> Option<&'a Node<'t>> {
        let copy = given.member("copy").filter(|copy| self.has_loops(copy))?;
        let makes_value =
            |copy: &&Node<'_>| copy.get("name").and_then(Node::string).is_some_and(|name| name.is("value"));
        copy.value.elements().iter().find(makes_value)
    }

    /// A parameter whose value lies in a key vault: called by the secret's name, else by its own.
    pub(super) fn secret(&mut self, member: &Member<'_>) -> ExprId {
        let secret = member.value.get("reference").and_then(|reference| reference.get("secretName"));
        if let Some(secret) = secret.filter(|_| self.reading == Reading::Template)
            && self.literal(Some(secret)).is_none()
        {
            // As Bicep has it: `vault.getSecret(name)`.
            let (vault, name) = (self.program.add(Expr::Null, secret.span), self.value(secret));
            let call = Expr::Method { base: vault, function: self.notes.name("getSecret"), args: vec![name] };
            return self.program.add(call, member.value.span);
        }
        let name = self.literal(secret).unwrap_or_else(|| self.notes.name(&member.key.decoded()));
        self.program.add(Expr::Secret(name), member.value.span)
    }
}
