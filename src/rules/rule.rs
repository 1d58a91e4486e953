//! What a rule is, and what it is given.

use jiff::civil::Date;

use super::steps::Step;
use super::words::{Draft, Fact, Words};
use crate::azure::{DiskEncryptionSet, ImageVersion, Kind, Protected, Reader};
use crate::eval::Resource;
use crate::text::Span;
use crate::value::{Kind as ValueKind, Origin, OriginId, TermId, Value, because, because_of, hangs_on_parameter};

/// A rule: overrides the level at which it looks.
pub(super) trait Rule: Sync {
    /// The kinds of resources that it looks at.
    fn kinds(&self) -> &'static [Kind];

    /// Looks at a resource of one of its kinds.
    fn resource(&self, kind: Kind, resource: &Resource, check: &mut Check<'_>) {
        match kind {
            Kind::ImageVersion => {
                let version = ImageVersion::read(&mut check.reader, resource);
                self.image_version(&version, check);
            }
            Kind::DiskEncryptionSet => {
                let set = DiskEncryptionSet::read(&mut check.reader, resource);
                self.disk_encryption_set(&set, check);
            }
            Kind::Gallery => self.gallery(resource, check),
            Kind::ImageDefinition => self.image_definition(resource, check),
            Kind::Disk | Kind::Snapshot | Kind::ManagedImage | Kind::VirtualMachine | Kind::ScaleSet => {
                if let Some(protected) = Protected::read(&mut check.reader, kind, resource) {
                    self.protected(&protected, check);
                }
            }
            Kind::RoleAssignment => self.role_assignment(resource, check),
            Kind::KeyVault | Kind::Key | Kind::AccessPolicies | Kind::ImageTemplate => {}
        }
    }

    /// Looks at one of the requests that a script sends.
    fn step(&self, _step: Step<'_>, _check: &mut Check<'_>) {}

    /// Looks at an image version.
    fn image_version(&self, _version: &ImageVersion<'_>, _check: &mut Check<'_>) {}

    /// Looks at a disk encryption set.
    fn disk_encryption_set(&self, _set: &DiskEncryptionSet<'_>, _check: &mut Check<'_>) {}

    /// Looks at a gallery.
    fn gallery(&self, _gallery: &Resource, _check: &mut Check<'_>) {}

    /// Looks at an image definition.
    fn image_definition(&self, _definition: &Resource, _check: &mut Check<'_>) {}

    /// Looks at a role assignment.
    fn role_assignment(&self, _assignment: &Resource, _check: &mut Check<'_>) {}

    /// Looks at a disk, snapshot, managed image, machine or scale set.
    fn protected(&self, _protected: &Protected<'_>, _check: &mut Check<'_>) {}
}

/// What keeps a rule from deciding.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) struct Doubt {
    /// Where.
    pub span: Span,
    /// Because of what.
    pub because: String,
}

/// One rule looking at one resource in one world.
pub(super) struct Check<'a> {
    /// Reads the estate.
    pub reader: Reader<'a>,
    /// What day it is, if that is known.
    pub today: Option<Date>,
    /// The resource looked at.
    pub resource: &'a Resource,
    /// What was found.
    pub drafts: Vec<Draft>,
    /// What could not be decided.
    pub doubts: Vec<Doubt>,
}

impl Check<'_> {
    /// Reports a fact.
    pub(super) fn report(&mut self, fact: &dyn Fact) {
        let mut words = Words::new(self.reader.context, fact, self.resource);
        fact.word(&mut words);
        let draft = words.finish();
        self.drafts.push(draft);
    }

    /// Says that a value keeps the rule from deciding.
    pub(super) fn undecided(&mut self, value: &Value) {
        let because = because_of(self.reader.context, value);
        self.undecided_because(value.origin, &because);
    }

    /// Says that a term keeps the rule from deciding.
    pub(super) fn undecided_term(&mut self, origin: OriginId, term: TermId) {
        let span = Origin::literal(self.reader.context, origin).unwrap_or(self.resource.type_span);
        let because = because(self.reader.context, term);
        self.doubts.push(Doubt { span, because });
    }

    /// Says that the rule can't decide for a reason that no value tells.
    pub(super) fn undecided_because(&mut self, origin: OriginId, because: &str) {
        let span = Origin::literal(self.reader.context, origin).unwrap_or(self.resource.type_span);
        self.doubts.push(Doubt { span, because: because.to_owned() });
    }

    /// Says that one of two values keeps the rule from deciding: the one that isn't known; of two, the one that hangs
    /// on a parameter.
    pub(super) fn undecided_between(&mut self, one: &Value, other: &Value) {
        let unknown = |value: &Value| match &value.kind {
            ValueKind::Str(string) => !string.is_known(),
            _ => value.is_unknown(),
        };
        let says_more = |one: &Value, other: &Value| {
            hangs_on_parameter(self.reader.context, other) && !hangs_on_parameter(self.reader.context, one)
        };
        let is_other = unknown(other) && (!unknown(one) || says_more(one, other));
        self.undecided(if is_other { other } else { one });
    }
}
