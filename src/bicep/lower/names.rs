//! What the names of a file stand for.

use foldhash::{HashMap, HashMapExt};

use super::super::syntax::{Declaration, DeclarationKind, Expr, ExprKind, Identifier, Imported, Tree};

/// What a name of the file stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    /// A parameter, declared or assigned.
    Param,
    /// A variable.
    Var,
    /// A function.
    Func,
    /// A type.
    Type,
    /// A resource or module.
    Unit,
    /// A variable, function or type of another file.
    Imported,
    /// All that another file exports.
    ImportedAll,
    /// An extension.
    Extension,
    /// An assertion, a test, metadata: nothing that an expression may use.
    Unusable,
}

/// All names that a file declares.
pub(super) struct Names<'t, 'p> {
    meanings: HashMap<&'t str, Meaning>,
    variables: HashMap<&'t str, &'p Expr<'t>>,
    types: HashMap<&'t str, &'p Declaration<'t>>,
}

impl<'t, 'p> Names<'t, 'p> {
    /// Collects them. Where a name is declared twice, which is a fault, the first stands.
    pub(super) fn of(tree: &'p Tree<'t>) -> Self {
        let mut names = Self { meanings: HashMap::new(), variables: HashMap::new(), types: HashMap::new() };
        for declaration in &tree.declarations {
            names.declare(declaration);
        }
        names
    }

    pub(super) fn meaning(&self, name: &str) -> Option<Meaning> {
        self.meanings.get(name).copied()
    }

    /// The value of a variable of this file.
    pub(super) fn variable(&self, name: &str) -> Option<&'p Expr<'t>> {
        self.variables.get(name).copied()
    }

    /// The declaration of a type of this file.
    pub(super) fn ty(&self, name: &str) -> Option<&'p Declaration<'t>> {
        self.types.get(name).copied()
    }

    fn declare(&mut self, declaration: &'p Declaration<'t>) {
        match &declaration.kind {
            DeclarationKind::Param(param) => self.add(param.name, Meaning::Param),
            DeclarationKind::Assign(bound) => self.add(bound.name, Meaning::Param),
            DeclarationKind::Var(bound) => {
                self.add(bound.name, Meaning::Var);
                self.variables.entry(bound.name.text).or_insert(&bound.value);
            }
            DeclarationKind::Func(func) => self.add(func.name, Meaning::Func),
            DeclarationKind::Type { name, .. } => {
                self.add(*name, Meaning::Type);
                self.types.entry(name.text).or_insert(declaration);
            }
            DeclarationKind::Resource(resource) => self.add(resource.name, Meaning::Unit),
            DeclarationKind::Module(module) => self.add(module.name, Meaning::Unit),
            DeclarationKind::Test(test) => self.add(test.name, Meaning::Unusable),
            DeclarationKind::Assert(bound) => self.add(bound.name, Meaning::Unusable),
            DeclarationKind::Extension(extension) => match (extension.alias, &extension.specification.kind) {
                (Some(alias), _) => self.add(alias, Meaning::Extension),
                (None, ExprKind::Name(name)) => self.add(*name, Meaning::Extension),
                _ => {}
            },
            DeclarationKind::Import { what: Imported::All(alias), .. } => self.add(*alias, Meaning::ImportedAll),
            DeclarationKind::Import { what: Imported::Listed(listed), .. } => {
                for item in listed {
                    match (item.alias, &item.name.kind) {
                        (Some(alias), _) => self.add(alias, Meaning::Imported),
                        (None, ExprKind::Name(name)) => self.add(*name, Meaning::Imported),
                        _ => {}
                    }
                }
            }
            DeclarationKind::Import { what: Imported::Skipped(_), .. }
            | DeclarationKind::TargetScope(_)
            | DeclarationKind::Metadata(_)
            | DeclarationKind::Output(_)
            | DeclarationKind::Using { .. }
            | DeclarationKind::Extends(_)
            | DeclarationKind::ExtensionConfig { .. }
            | DeclarationKind::Missing => {}
        }
    }

    fn add(&mut self, name: Identifier<'t>, meaning: Meaning) {
        if !name.is_missing() {
            self.meanings.entry(name.text).or_insert(meaning);
        }
    }
}
