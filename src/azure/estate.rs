//! The resources of one evaluation, found by id.

use std::collections::HashMap;

use super::Kind;
use super::placeholder::without_placeholders;
use crate::eval::Resource;
use crate::value::{Content, Context, Str, TermId};

/// The resources of one evaluation with an index over those that the files deploy.
#[derive(Debug)]
pub struct Estate<'a> {
    /// All resources, in source order.
    pub resources: &'a [Resource],
    /// What was there before.
    pub before: Before<'a>,
    kinds: Vec<Option<Kind>>,
    ids: Vec<Option<Str>>,
    terms: HashMap<(Kind, TermId), Vec<usize>>,
    names: HashMap<(Kind, Option<String>), Vec<usize>>,
    /// Those whose last name isn't known, by the last symbol in it.
    symbols: HashMap<(Kind, TermId), Vec<usize>>,
    galleries: HashMap<(Kind, Option<String>), Vec<usize>>,
}

/// Resources as they were at an earlier time, and that their deployment succeeded isn't ruled out.
#[derive(Clone, Copy, Debug, Default)]
pub struct Before<'a> {
    /// The resources, with values of the same context as those of now.
    pub resources: &'a [Resource],
    /// What people call the time.
    pub name: &'a str,
}

impl<'a> Estate<'a> {
    /// Indexes resources.
    pub fn new(context: &mut Context, resources: &'a [Resource]) -> Self {
        let mut estate = Self {
            resources,
            before: Before::default(),
            kinds: Vec::with_capacity(resources.len()),
            ids: Vec::with_capacity(resources.len()),
            terms: HashMap::new(),
            names: HashMap::new(),
            symbols: HashMap::new(),
            galleries: HashMap::new(),
        };
        for (index, resource) in resources.iter().enumerate() {
            let kind = Kind::of(&resource.ty);
            estate.kinds.push(kind);
            let id = match (kind, &resource.id) {
                (Some(_), Some(id)) => {
                    let origin = resource.body.origin;
                    let text = id.text(context, origin);
                    Some(without_placeholders(context, &text).unwrap_or(text))
                }
                _ => None,
            };
            estate.ids.push(id);
            if let Some(kind) = kind
                && !resource.existing
            {
                estate.terms.entry((kind, resource.id_term)).or_default().push(index);
                let names = resource.id.as_ref().map_or(&[][..], |id| &id.names);
                let known = |name: Option<&Str>| name.and_then(Str::text).map(|name| name.to_lowercase());
                let last = names.last().map(|name| without_placeholders(context, name).unwrap_or_else(|| name.clone()));
                estate.names.entry((kind, known(last.as_ref()))).or_default().push(index);
                if let Some(symbol) = last.as_ref().and_then(last_symbol) {
                    estate.symbols.entry((kind, symbol)).or_default().push(index);
                }
                estate.galleries.entry((kind, known(names.first()))).or_default().push(index);
            }
        }
        estate
    }

    /// What a resource is, if the checks know its type.
    pub fn kind(&self, index: usize) -> Option<Kind> {
        self.kinds.get(index).copied().flatten()
    }

    /// A resource's whole id.
    pub fn id(&self, index: usize) -> Option<&Str> {
        self.ids.get(index).and_then(Option::as_ref)
    }

    /// The deployed resources of a kind, with their places in [`Estate::resources`].
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = (usize, &'a Resource)> {
        self.resources
            .iter()
            .enumerate()
            .filter(move |(index, resource)| self.kind(*index) == Some(kind) && !resource.existing)
    }

    /// The deployed resources of a kind whose first name, the gallery's, may be that of another resource.
    pub fn beside(&self, kind: Kind, other: &Resource) -> Vec<&'a Resource> {
        let name = other.id.as_ref().and_then(|id| id.names.first()).and_then(Str::text);
        let Some(name) = name else { return self.of_kind(kind).map(|(_, resource)| resource).collect() };
        let mut found: Vec<usize> = Vec::new();
        for key in [Some(name.to_lowercase()), None] {
            found.extend(self.galleries.get(&(kind, key)).into_iter().flatten());
        }
        found.sort_unstable();
        found.into_iter().map(|index| &self.resources[index]).collect()
    }

    /// Deployed resources of a kind whose last name is that, in any spelling, or isn't known.
    pub fn named(&self, kind: Kind, name: &str) -> impl Iterator<Item = &'a Resource> {
        self.by_name(kind, Some(name)).map(|index| &self.resources[*index])
    }

    /// Deployed resources whose id is that term.
    pub(super) fn by_term(&self, kind: Kind, term: TermId) -> &[usize] {
        self.terms.get(&(kind, term)).map_or(&[], Vec::as_slice)
    }

    /// Deployed resources whose last name may be that.
    fn by_name(&self, kind: Kind, name: Option<&str>) -> impl Iterator<Item = &usize> {
        let same = name.map(|name| (kind, Some(name.to_lowercase())));
        let named = same.and_then(|key| self.names.get(&key)).map_or(&[][..], Vec::as_slice);
        let unnamed = self.names.get(&(kind, None)).map_or(&[][..], Vec::as_slice);
        named.iter().chain(unnamed)
    }

    /// Deployed resources whose last name can be nothing but that: names with other symbols in them may be equal, but
    /// nothing says that they are.
    pub(super) fn by_same_name(&self, kind: Kind, name: Option<&Str>) -> impl Iterator<Item = &usize> {
        let text = name.and_then(Str::text);
        let symbol = name.filter(|_| text.is_none()).and_then(last_symbol);
        let named = text.and_then(|text| self.names.get(&(kind, Some(text.to_lowercase()))));
        named.or_else(|| self.symbols.get(&(kind, symbol?))).into_iter().flatten()
    }
}

fn last_symbol(name: &Str) -> Option<TermId> {
    name.pieces.iter().rev().find_map(|piece| match piece.content {
        Content::Symbol(term) => Some(term),
        Content::Text(_) => None,
    })
}
