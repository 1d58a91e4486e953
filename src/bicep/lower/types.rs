//! What a type says about the values of a parameter: kind, null, literals. Aliases of this file are followed.

use super::super::syntax::{DeclarationKind, Decorator, Expr, ExprKind, Identifier, Type, TypeKind, TypeMember};
use super::names::{Meaning, Names};
use crate::ir::ParamType;

/// How many steps one parameter's type may take. Aliases may name each other, or double at every step.
const STEPS: usize = 512;
/// How many steps all of a file's may take.
pub(super) const STEPS_PER_FILE: usize = 1_000_000;

/// What is known about a type.
pub(super) struct Facts<'t, 'p> {
    pub(super) ty: ParamType,
    pub(super) nullable: bool,
    /// All values that it allows; empty if they are not enumerated.
    pub(super) literals: Vec<&'p Expr<'t>>,
    /// Of the aliases that were followed, the nearest first.
    pub(super) decorators: Vec<&'p Decorator<'t>>,
}

impl Facts<'_, '_> {
    fn of(ty: ParamType) -> Self {
        Self { ty, nullable: false, literals: Vec::new(), decorators: Vec::new() }
    }
}

/// What `ty` says; what it took is taken from `left`.
pub(super) fn facts<'t, 'p>(names: &Names<'t, 'p>, ty: &'p Type<'t>, left: &mut usize) -> Facts<'t, 'p> {
    let mut reader = Reader { names, steps: STEPS, left };
    reader.facts(ty)
}

struct Reader<'n, 't, 'p> {
    names: &'n Names<'t, 'p>,
    steps: usize,
    left: &'n mut usize,
}

impl<'t, 'p> Reader<'_, 't, 'p> {
    /// Whether one more step may be taken that looks at so many places.
    fn step(&mut self, places: usize) -> bool {
        let may = self.steps > 0 && *self.left >= places;
        self.steps = self.steps.saturating_sub(1);
        *self.left = self.left.saturating_sub(places);
        may
    }

    fn facts(&mut self, ty: &'p Type<'t>) -> Facts<'t, 'p> {
        if !self.step(1) {
            return Facts::of(ParamType::Any);
        }
        match &ty.kind {
            TypeKind::Literal(literal) => literal_facts(literal),
            TypeKind::Name(name) => self.named(*name),
            TypeKind::Property(base, name) => self.property(base, *name),
            TypeKind::Nullable(inner) => Facts { nullable: true, ..self.facts(inner) },
            TypeKind::NonNullable(inner) => Facts { nullable: false, ..self.facts(inner) },
            TypeKind::Paren(inner) => self.facts(inner),
            TypeKind::Union(members) => self.union(members),
            TypeKind::Array(_) | TypeKind::Tuple(_) => Facts::of(ParamType::Array),
            TypeKind::Object(_) => Facts::of(ParamType::Object),
            TypeKind::OtherProperties(_)
            | TypeKind::Items(_)
            | TypeKind::Index(..)
            | TypeKind::Instance(..)
            | TypeKind::Unary(_)
            | TypeKind::Resource(_)
            | TypeKind::Skipped => Facts::of(ParamType::Any),
        }
    }

    fn named(&mut self, name: Identifier<'t>) -> Facts<'t, 'p> {
        let Some(declaration) = self.names.ty(name.text) else {
            return Facts::of(language_type(name.text));
        };
        let DeclarationKind::Type { value, .. } = &declaration.kind else { return Facts::of(ParamType::Any) };
        let mut found = self.facts(value);
        found.decorators.splice(0..0, &declaration.decorators);
        found
    }

    /// `sys.string`, or a property of an object type.
    fn property(&mut self, base: &'p Type<'t>, name: Identifier<'t>) -> Facts<'t, 'p> {
        if let TypeKind::Name(namespace) = &base.kind
            && matches!(namespace.text, "sys" | "az")
            && self.names.meaning(namespace.text) != Some(Meaning::Type)
        {
            return Facts::of(language_type(name.text));
        }
        let Some(member) = self.member(base, name) else { return Facts::of(ParamType::Any) };
        let mut found = self.facts(&member.value);
        found.decorators.splice(0..0, &member.decorators);
        found
    }

    fn member(&mut self, base: &'p Type<'t>, name: Identifier<'t>) -> Option<&'p TypeMember<'t>> {
        let members = self.members(base)?;
        self.step(members.len()).then_some(())?;
        members.iter().find(|member| is_named(member, name.text))
    }

    /// The properties of an object type, written here or behind aliases.
    fn members(&mut self, ty: &'p Type<'t>) -> Option<&'p [TypeMember<'t>]> {
        self.step(1).then_some(())?;
        match &ty.kind {
            TypeKind::Object(members) => Some(members),
            TypeKind::Paren(inner) | TypeKind::NonNullable(inner) => self.members(inner),
            TypeKind::Name(name) => match &self.names.ty(name.text)?.kind {
                DeclarationKind::Type { value, .. } => self.members(value),
                _ => None,
            },
            TypeKind::Property(base, name) => {
                let member = self.member(base, *name)?;
                self.members(&member.value)
            }
            _ => None,
        }
    }

    /// A union enumerates its values only if each member does.
    fn union(&mut self, members: &'p [Type<'t>]) -> Facts<'t, 'p> {
        let mut whole: Option<Facts<'t, 'p>> = None;
        let (mut nullable, mut open) = (false, false);
        for member in members {
            let one = self.facts(member);
            nullable |= one.nullable;
            if one.nullable && one.literals.is_empty() && one.ty == ParamType::Any {
                continue;
            }
            open |= one.literals.is_empty();
            match &mut whole {
                None => whole = Some(one),
                Some(whole) => {
                    if whole.ty != one.ty {
                        whole.ty = ParamType::Any;
                    }
                    whole.literals.extend(one.literals);
                }
            }
        }
        let mut whole = whole.unwrap_or_else(|| Facts::of(ParamType::Any));
        whole.nullable = nullable;
        if open {
            whole.literals.clear();
        }
        whole
    }
}

fn is_named(member: &TypeMember<'_>, name: &str) -> bool {
    member.key.as_ref().and_then(Expr::as_key).is_some_and(|key| key == name)
}

fn literal_facts<'t, 'p>(literal: &'p Expr<'t>) -> Facts<'t, 'p> {
    let ty = match &literal.kind {
        ExprKind::Null => return Facts { nullable: true, ..Facts::of(ParamType::Any) },
        ExprKind::Str(_) => ParamType::String,
        ExprKind::Bool(_) => ParamType::Bool,
        ExprKind::Unary(_, operand) if matches!(operand.kind, ExprKind::Bool(_)) => ParamType::Bool,
        _ => ParamType::Int,
    };
    Facts { literals: vec![literal], ..Facts::of(ty) }
}

fn language_type(name: &str) -> ParamType {
    match name {
        "string" => ParamType::String,
        "int" => ParamType::Int,
        "bool" => ParamType::Bool,
        "array" => ParamType::Array,
        "object" => ParamType::Object,
        _ => ParamType::Any,
    }
}
