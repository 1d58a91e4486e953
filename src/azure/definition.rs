//! Image definitions: what kind of image their versions are, and which versions the files show.

use super::{Field, Kind, Reader};
use crate::eval::Resource;
use crate::value::{Basis, IdReading, ResourceId, Tri, Value, Verdict, equal_text};

/// An image definition.
#[derive(Clone, Debug)]
pub struct ImageDefinition<'a> {
    /// The resource.
    pub resource: &'a Resource,
    /// The value of its feature `SecurityType`; absent where no feature is of that name.
    pub security: Field,
    /// `osType`.
    pub os_type: Field,
    /// `osState`.
    pub os_state: Field,
    /// `hyperVGeneration`.
    pub generation: Field,
}

impl<'a> ImageDefinition<'a> {
    /// Reads an image definition.
    pub fn read(reader: &mut Reader<'_>, resource: &'a Resource) -> Self {
        let body = reader.settle(&resource.body);
        let properties = reader.member(&body, "properties");
        Self {
            resource,
            security: security(reader, &properties),
            os_type: reader.of(&properties, "osType"),
            os_state: reader.of(&properties, "osState"),
            generation: reader.of(&properties, "hyperVGeneration"),
        }
    }
}

fn security(reader: &mut Reader<'_>, properties: &Field) -> Field {
    let features = reader.of(properties, "features");
    let list = reader.list(&features);
    let mut doubt = list.open;
    for item in list.items {
        let name = reader.member(&item.value, "name");
        match name.string().and_then(|name| name.text()) {
            Some(name) if name.eq_ignore_ascii_case("SecurityType") => return reader.member(&item.value, "value"),
            Some(_) => {}
            None => doubt = doubt.or(Some(item.value)),
        }
    }
    match (doubt, features) {
        (Some(doubt), _) => Field::Maybe(doubt),
        (None, Field::Present(value)) => Field::Absent(super::Ground::of(&value)),
        (None, other) => other,
    }
}

/// The id of the definition that an image version belongs to.
fn definition_id(version: &Resource) -> Option<ResourceId> {
    let id = version.id.as_ref()?;
    let [gallery, definition, _] = &*id.names else { return None };
    Some(ResourceId { scope: id.scope.clone(), ty: id.ty.clone(), names: vec![gallery.clone(), definition.clone()] })
}

/// Whether an image version is of the definition of an id.
fn is_of(reader: &mut Reader<'_>, version: &Resource, definition: &ResourceId) -> Verdict {
    let Some(mine) = definition_id(version) else { return Verdict::new(Tri::Maybe, Basis::Fixed) };
    let mine = mine.text(reader.context, version.body.origin);
    let theirs = definition.text(reader.context, version.body.origin);
    equal_text(reader.context, &mine, &theirs)
}

/// The versions of a definition that the files deploy in this world.
fn versions_of<'a>(reader: &mut Reader<'a>, definition: &ResourceId) -> Vec<(&'a Resource, Basis)> {
    let estate = reader.estate;
    let mut found = Vec::new();
    for (_, version) in estate.of_kind(Kind::ImageVersion) {
        let verdict = is_of(reader, version, definition);
        if verdict.is_yes() && reader.exists(version) {
            found.push((version, verdict.basis.max(version.basis)));
        }
    }
    found
}

/// The definition of an image version, if the files deploy it.
pub fn definition_of<'a>(reader: &mut Reader<'a>, version: &Resource) -> Option<(ImageDefinition<'a>, Basis)> {
    let estate = reader.estate;
    for definition in estate.beside(Kind::ImageDefinition, version) {
        let Some(id) = &definition.id else { continue };
        let verdict = is_of(reader, version, id);
        if verdict.is_yes() && reader.exists(definition) {
            let basis = verdict.basis.max(definition.basis);
            return Some((ImageDefinition::read(reader, definition), basis));
        }
    }
    None
}

/// What an image reference leads to.
#[derive(Clone, Debug)]
pub enum ImageOf<'a> {
    /// An image version that the files deploy.
    Version(&'a Resource, Basis),
    /// An image definition, of which the newest version is meant; the versions that the files deploy.
    Newest(Vec<(&'a Resource, Basis)>),
    /// Nothing that the files show.
    Elsewhere,
}

/// What an image reference leads to.
pub fn image_of<'a>(reader: &mut Reader<'a>, reference: &Value) -> ImageOf<'a> {
    if let Some(found) = reader.find(Kind::ImageVersion, reference) {
        return ImageOf::Version(found.resource, found.basis);
    }
    let Some(string) = reference.as_str().cloned() else { return ImageOf::Elsewhere };
    let IdReading::Id(mut id) = reader.id(&string) else { return ImageOf::Elsewhere };
    if id.is_type(Kind::ImageVersion.type_name()) {
        let newest = id.name().and_then(|name| name.text()).is_some_and(|name| name.eq_ignore_ascii_case("latest"));
        if !newest {
            return ImageOf::Elsewhere;
        }
        id.names.pop();
    } else if !id.is_type(Kind::ImageDefinition.type_name()) {
        return ImageOf::Elsewhere;
    }
    let id = ResourceId { ty: id.ty.clone(), ..id };
    ImageOf::Newest(versions_of(reader, &id))
}
