//! Calls: those that the compiler answers, those that read files, and all others.

use super::super::syntax::{Expr, ExprKind, Identifier, StrPart};
use super::Lowering;
use super::names::Meaning;
use crate::ir::{Expr as Ir, ExprId, Piece, RefKind};
use crate::text::Span;

/// Functions that read a file, as Bicep and as [`Ir::Load`] spell them.
const LOADS: [(&str, &str); 4] = [
    ("loadTextContent", "loadtextcontent"),
    ("loadJsonContent", "loadjsoncontent"),
    ("loadYamlContent", "loadyamlcontent"),
    ("loadFileAsBase64", "loadfileasbase64"),
];

impl<'t> Lowering<'t, '_> {
    /// `name(args)`: a function of the file hides one of the language.
    pub(super) fn call(&mut self, name: Identifier<'t>, args: &[Expr<'t>], span: Span) -> ExprId {
        match self.names.meaning(name.text) {
            Some(Meaning::Func | Meaning::Imported) => self.plain_call(None, name, args, span),
            _ => self.language_call(name, args, span),
        }
    }

    fn language_call(&mut self, name: Identifier<'t>, args: &[Expr<'t>], span: Span) -> ExprId {
        match (name.text, args) {
            ("any", [inner]) => self.expr(inner),
            ("nameof", [of]) => self.name_of(of, span),
            _ => match LOADS.iter().find(|(bicep, _)| *bicep == name.text) {
                Some((_, function)) => self.load(name, function, args, span),
                None => self.plain_call(None, name, args, span),
            },
        }
    }

    fn plain_call(
        &mut self,
        namespace: Option<Identifier<'t>>,
        name: Identifier<'t>,
        args: &[Expr<'t>],
        span: Span,
    ) -> ExprId {
        if name.is_missing() {
            return self.broken(span);
        }
        let namespace = namespace.map(|namespace| self.name(namespace.text));
        let function = self.name(name.text);
        let args = args.iter().map(|arg| self.expr(arg)).collect();
        self.add(Ir::Call { namespace, function, args }, span)
    }

    /// `base.name(args)`: a namespace's function, or one of a resource.
    pub(super) fn method(&mut self, base: &Expr<'t>, name: Identifier<'t>, args: &[Expr<'t>], span: Span) -> ExprId {
        if let ExprKind::Name(namespace) = &base.kind
            && self.local(namespace.text).is_none()
        {
            match (self.names.meaning(namespace.text), namespace.text) {
                (Some(Meaning::ImportedAll | Meaning::Extension), _) | (None, "this") => {
                    return self.plain_call(Some(*namespace), name, args, span);
                }
                (None, "sys" | "az") => return self.language_call(name, args, span),
                _ => {}
            }
        }
        let base = self.expr(base);
        if name.is_missing() {
            return self.broken(span);
        }
        let function = self.name(name.text);
        let args = args.iter().map(|arg| self.expr(arg)).collect();
        self.add(Ir::Method { base, function, args }, span)
    }

    /// `nameof(a.b)` is `'b'`.
    fn name_of(&mut self, of: &Expr<'t>, span: Span) -> ExprId {
        match &of.unwrapped().kind {
            ExprKind::Name(name) | ExprKind::Property { name, .. } | ExprKind::Nested(_, name) => self.text(*name),
            ExprKind::Index { index, .. } if index.as_text().is_some() => self.expr(index),
            _ => self.broken(span),
        }
    }

    /// A file whose path isn't known before evaluation isn't read: the call stays one.
    fn load(&mut self, name: Identifier<'t>, function: &'static str, args: &[Expr<'t>], span: Span) -> ExprId {
        let Some((path, more)) = args.split_first() else { return self.plain_call(None, name, args, span) };
        let Some(file) = self.file(path, RefKind::Load) else { return self.plain_call(None, name, args, span) };
        let function = self.name(function);
        let args = more.iter().map(|arg| self.expr(arg)).collect();
        self.add(Ir::Load { function, file, args }, span)
    }

    /// Type and version of a resource, `'type@version'`, each with its own place.
    pub(super) fn resource_type(&mut self, ty: &Expr<'t>) -> (ExprId, Option<ExprId>) {
        let ExprKind::Str(parts) = &ty.kind else { return (self.broken(ty.span), None) };
        let [StrPart::Text(text, span)] = parts.as_slice() else { return (self.expr(ty), None) };
        if text.len() != span.len() as usize {
            return (self.expr(ty), None);
        }
        // `az:` says that the type is one of Azure's, as is one without a prefix.
        let begin = if text.starts_with("az:") { 3 } else { 0 };
        let at = text.find('@').unwrap_or(text.len()).max(begin);
        let mut part = |from: usize, to: usize| {
            let piece = text.get(from..to).filter(|piece| !piece.is_empty());
            let place = span.part(from, to);
            let pieces = piece.map(|piece| Piece::Literal(piece.into(), place)).into_iter().collect();
            self.add(Ir::Str(pieces), place)
        };
        let name = part(begin, at);
        let version = (at < text.len()).then(|| part(at + 1, text.len()));
        (name, version)
    }
}
