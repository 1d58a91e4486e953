//! Where values of secure parameters are written, so that reports don't show them.

use std::collections::HashSet;

use crate::discover::{File, What};
use crate::ir::{Deploy, Expr, ExprId, Field, Item, Library, Program, Template, Unit, UnitKind};
use crate::text::Span;

/// The defaults of secure parameters, what parameters files give to a parameter of such a name, and what is passed on
/// to one of a module or nested deployment; sorted.
///
/// A name that is secure in any template counts as secure in every parameters file: to show too little is the smaller
/// fault.
pub fn secrets(files: &[File], library: &Library) -> Vec<Span> {
    let mut found = Secrets { library, names: HashSet::new(), spans: Vec::new() };
    for file in files {
        found.program(&file.program, 0);
    }
    let Secrets { names, mut spans, .. } = found;
    for file in files.iter().filter(|file| file.what == What::Parameters) {
        let secure = file.program.assigns.iter().filter(|assign| names.contains(&assign.name.to_lowercase()));
        spans.extend(secure.map(|assign| file.program.span(assign.value)));
    }
    spans.sort_unstable();
    spans.dedup();
    spans
}

/// How deep templates inside templates are looked into.
const DEPTH: u32 = 64;

struct Secrets<'a> {
    library: &'a Library,
    /// Names of secure parameters, in small letters.
    names: HashSet<String>,
    spans: Vec<Span>,
}

impl Secrets<'_> {
    fn program(&mut self, program: &Program, depth: u32) {
        if depth > DEPTH {
            return;
        }
        for param in program.params.iter().filter(|param| param.secure) {
            self.names.insert(param.name.to_lowercase());
            self.spans.extend(param.default.map(|default| program.span(default)));
        }
        for unit in &program.units {
            self.unit(program, unit, depth);
        }
    }

    fn unit(&mut self, program: &Program, unit: &Unit, depth: u32) {
        if let UnitKind::Deploy(deploy) = &unit.kind {
            self.deployment(program, deploy, depth);
        }
        if depth <= DEPTH {
            for child in &unit.children {
                self.unit(program, child, depth + 1);
            }
        }
    }

    fn deployment(&mut self, program: &Program, deploy: &Deploy, depth: u32) {
        let target = match &deploy.template {
            Template::Inline(inline) => {
                self.program(inline, depth + 1);
                inline
            }
            Template::File(at) => {
                let file = program.files.get(*at);
                match file.and_then(|file| self.library.program(program.source, file)) {
                    Some(target) => target,
                    None => return,
                }
            }
            Template::Unknown => return,
        };
        let is_secure =
            |name: &str| target.params.iter().any(|param| param.secure && param.name.eq_ignore_ascii_case(name));
        for argument in deploy.arguments.iter().filter(|argument| is_secure(&argument.name)) {
            self.given(program, argument.value);
        }
        if let Some(whole) = deploy.arguments_expr
            && target.params.iter().any(|param| param.secure)
        {
            self.given(program, whole);
        }
    }

    /// What is written out in an expression, and in the variables that it names.
    fn given(&mut self, program: &Program, id: ExprId) {
        let mut pending = vec![id];
        let mut seen = HashSet::new();
        while let Some(id) = pending.pop() {
            if !seen.insert(id) {
                continue;
            }
            match program.expr(id) {
                Expr::Str(_) | Expr::Int(_) | Expr::Float(_) | Expr::Bool(_) => self.spans.push(program.span(id)),
                Expr::Var(name) => {
                    let named = program.vars.iter().filter(|var| var.name.eq_ignore_ascii_case(name));
                    pending.extend(named.map(|var| var.value));
                }
                Expr::Array(items) => pending.extend(items.iter().map(|item| match item {
                    Item::One(id) | Item::Spread(id) => *id,
                })),
                Expr::Object(fields) => pending.extend(fields.iter().map(|field| match field {
                    Field::Named { value, .. } | Field::Copy { value, .. } | Field::Spread(value) => *value,
                })),
                Expr::Call { args, .. } => pending.extend(args),
                Expr::Get { base, .. } => pending.push(*base),
                Expr::For(_, body) => pending.push(*body),
                _ => {}
            }
        }
    }
}
