//! CMK103: an encrypted image version in a gallery that is shared, by its permissions (case a) or by a command
//! (case b), by a role (case d), or as the source of another version (case c).

use super::place::taken;
use super::remark::Remark;
use super::rule::{Check, Rule};
use super::steps::{Step, is_reached};
use super::words::{Fact, Words};
use crate::azure::{ImageVersion, Kind, Reader, basis_of, is_in_gallery, permissions};
use crate::eval::Resource;
use crate::eval::script::{Request, Verb};
use crate::text::Span;
use crate::value::{Basis, IdScope, OriginId, ResourceId, Tri, Value, equal_text};

pub(super) struct CmkImageSharedOrCopied;

struct Shared {
    permissions: String,
    place: Option<Span>,
    origin: OriginId,
    version: String,
    key: Option<Span>,
    basis: Basis,
}

struct SharedByCommand {
    place: Span,
    version: String,
    key: Option<Span>,
    basis: Basis,
}

struct Copied {
    place: Option<Span>,
    origin: OriginId,
    source: String,
    key: Option<Span>,
    basis: Basis,
}

impl Rule for CmkImageSharedOrCopied {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Gallery, Kind::ImageVersion, Kind::RoleAssignment]
    }

    fn gallery(&self, gallery: &Resource, check: &mut Check<'_>) {
        let field = permissions(&mut check.reader, gallery);
        let Some(value) = field.present().or(field.unknown()).cloned() else { return };
        let known = value.as_str().and_then(|string| string.text());
        let shared =
            known.as_ref().map(|text| ["groups", "community"].iter().any(|word| text.eq_ignore_ascii_case(word)));
        if shared == Some(false) {
            return;
        }
        let estate = check.reader.estate;
        for resource in estate.beside(Kind::ImageVersion, gallery) {
            let Some((key, within)) = key_in_gallery(resource, gallery, check) else { continue };
            if shared.is_none() {
                return check.undecided(&value);
            }
            let fact = Shared {
                permissions: known.as_deref().unwrap_or_default().to_owned(),
                place: check.reader.place(&value),
                origin: value.origin,
                version: check.reader.shown(&resource.name),
                key: check.reader.place(&key),
                basis: basis_of(&value).max(within).max(basis_of(&key)).max(resource.basis),
            };
            return check.report(&fact);
        }
    }

    fn role_assignment(&self, assignment: &Resource, check: &mut Check<'_>) {
        let Some(IdScope::Resource(target)) = assignment.id.as_ref().map(|id| &id.scope) else { return };
        let kinds = [Kind::Gallery, Kind::ImageDefinition, Kind::ImageVersion];
        let Some(kind) = kinds.into_iter().find(|kind| target.is_type(kind.type_name())) else { return };
        let estate = check.reader.estate;
        for (_, version) in estate.of_kind(Kind::ImageVersion) {
            let Some((key, basis)) = key_within(version, target, check) else { continue };
            let shown = check.reader.shown(&version.name);
            let message = format!("the {} is shared by a role although `{shown}` is encrypted", kind.noun());
            let remark = Remark::at(Some(assignment.type_span), basis, message, "lets others use it")
                .case("d")
                .against(&check.reader, &key, format!("`{shown}` has a customer-managed key here"))
                .note("the article of 2021 says that encrypted images can't be shared; newer ones don't")
                .help("share an image that is encrypted with platform keys, or build it where it is used");
            return check.report(&remark);
        }
    }

    fn step(&self, step: Step<'_>, check: &mut Check<'_>) {
        let sharing = step.request();
        if sharing.verb != Verb::Share || Kind::of(&sharing.resource.ty) != Some(Kind::Gallery) {
            return;
        }
        let gallery = &sharing.resource;
        let taken_back =
            |request: &Request| request.verb == Verb::Unshare && request.resource.id_term == gallery.id_term;
        let mut before: Vec<&Request> = step.before().collect();
        before.reverse();
        // What is shared again in private before a version comes to be, was not shared with that version in it.
        let after: Vec<&Request> = step.after().take_while(|request| !taken_back(request)).collect();
        for request in before.into_iter().chain(after) {
            if request.verb != Verb::Create
                || Kind::of(&request.resource.ty) != Some(Kind::ImageVersion)
                || !is_reached(check.reader.context, &check.reader.world, request)
            {
                continue;
            }
            let Some((key, within)) = key_in_gallery(&request.resource, gallery, check) else { continue };
            let fact = SharedByCommand {
                place: sharing.cause,
                version: check.reader.shown(&request.resource.name),
                key: check.reader.place(&key),
                basis: within.max(basis_of(&key)).max(request.resource.basis).max(gallery.basis),
            };
            return check.report(&fact);
        }
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let source = version.source(&mut check.reader);
        let Some(id) = source.id.present().cloned() else {
            if let Some(value) = source.id.unknown() {
                check.undecided(value);
            }
            return;
        };
        match encrypted_source(&mut check.reader, &id) {
            Some(Ok((key, basis))) => {
                let fact = Copied {
                    place: taken(&mut check.reader, &id),
                    origin: id.origin,
                    source: check.reader.name_of(&id),
                    key: check.reader.place(&key),
                    basis,
                };
                check.report(&fact);
            }
            Some(Err(doubt)) => check.undecided(&doubt),
            None => {}
        }
    }
}

/// The key of an image version that is, or lies in, a gallery, definition or version, and what that rests on.
fn key_within(version: &Resource, holder: &ResourceId, check: &mut Check<'_>) -> Option<(Value, Basis)> {
    let mut front = version.id.clone()?;
    front.names.truncate(holder.names.len());
    let origin = version.body.origin;
    let front = front.text(check.reader.context, origin);
    let holder = holder.text(check.reader.context, origin);
    let within = equal_text(check.reader.context, &front, &holder);
    if !within.is_yes() || !check.reader.exists(version) {
        return None;
    }
    let key = ImageVersion::read(&mut check.reader, version).copies(&mut check.reader).first_key().ok()?;
    Some((key, within.basis.max(version.basis)))
}

/// The key of an image version that lies in a gallery, and what that rests on; `None` if it lies in another or has no
/// key, or if either can't be told, which is then said.
fn key_in_gallery(version: &Resource, gallery: &Resource, check: &mut Check<'_>) -> Option<(Value, Basis)> {
    let within = is_in_gallery(&mut check.reader, version, gallery);
    if within.is_no() || !check.reader.exists(version) {
        return None;
    }
    let key = match ImageVersion::read(&mut check.reader, version).copies(&mut check.reader).first_key() {
        Ok(key) => key,
        Err(doubt) => {
            if let Some(doubt) = doubt {
                check.undecided(&doubt);
            }
            return None;
        }
    };
    if within.tri == Tri::Maybe {
        check.undecided_because(version.body.origin, "the gallery of this image version isn't known");
        return None;
    }
    Some((key, within.basis))
}

/// The key of the image version that a source's id leads to; what keeps it from being told whether it has one; `None`
/// if it certainly has none, or the files don't declare it.
pub(super) fn encrypted_source(reader: &mut Reader<'_>, id: &Value) -> Option<Result<(Value, Basis), Value>> {
    let found = reader.find(Kind::ImageVersion, id)?;
    let version = ImageVersion::read(reader, found.resource);
    match version.copies(reader).first_key() {
        Ok(key) => {
            let basis = found.basis.max(basis_of(&key));
            Some(Ok((key, basis)))
        }
        Err(Some(doubt)) => Some(Err(doubt)),
        Err(None) => None,
    }
}

impl Fact for Shared {
    fn case(&self) -> &'static str {
        "a"
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let (permissions, version) = (&self.permissions, &self.version);
        words.message(format!("the gallery is shared (`{permissions}`) but image version `{version}` is encrypted"));
        words.primary(self.place, "shares the gallery directly or with the community");
        words.label(self.key, format!("`{version}` has a customer-managed key here"));
        words.way(self.origin);
        words.note("directly shared and community galleries can't hold image versions with customer-managed keys");
        words.help("keep encrypted image versions in a gallery with `Private` permissions and share it by roles");
    }
}

impl Fact for SharedByCommand {
    fn case(&self) -> &'static str {
        "b"
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let version = &self.version;
        words.message(format!("the gallery is shared although its image version `{version}` is encrypted"));
        words.primary(Some(self.place), "shares the gallery directly or with the community");
        words.label(self.key, format!("`{version}` has a customer-managed key here"));
        words.note("directly shared and community galleries can't hold image versions with customer-managed keys");
        words.help("share the gallery by roles, or keep encrypted image versions in a gallery of their own");
    }
}

impl Fact for Copied {
    fn case(&self) -> &'static str {
        "c"
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let source = &self.source;
        words.message("an image version with customer-managed keys can't be the source of another version");
        words.primary(self.place, format!("version `{source}` is encrypted"));
        words.label(self.key, format!("`{source}` has a customer-managed key here"));
        words.way(self.origin);
        words.help(
            "make the new version from the disk, snapshot, machine or managed image that the first was made from",
        );
    }
}
