//! CMK104 b, CMK406 and CMK507: a command replaces or adds target regions without their encryption.
//!
//! One mechanism for both languages. Where the same script shows the version encrypted, it is CMK104; where it
//! doesn't, it may be everyday work on a plain version: CMK406 in `az`, CMK507 in PowerShell.

use super::rule::{Check, Rule};
use super::steps::{Step, is_reached};
use super::words::{Fact, Words};
use crate::azure::{ImageVersion, Kind, TargetRegion, basis_of};
use crate::eval::Resource;
use crate::eval::script::{self, FactKind, Request, UsageFault, Verb};
use crate::finding::Format;
use crate::text::Span;
use crate::value::{Basis, Tri, Value, Verdict, equal_text};

/// CMK406 or CMK507, by the language of the command.
pub(super) struct UpdateDropsEncryption {
    /// The language.
    pub format: Format,
}

/// What a script shows of the version whose regions are written anew.
enum Shown {
    /// It has a key.
    Encrypted(Value, Basis),
    /// Another version of its definition has one.
    OtherVersion(Value, Basis),
    /// Nothing about keys.
    Nothing,
}

/// Regions that are written without a key.
struct Dropped {
    case: &'static str,
    region: String,
    adds: bool,
    place: Span,
    version: String,
    key: Option<Span>,
    known: bool,
    format: Format,
    basis: Basis,
}

impl Rule for UpdateDropsEncryption {
    fn kinds(&self) -> &'static [Kind] {
        &[]
    }

    fn step(&self, step: Step<'_>, check: &mut Check<'_>) {
        let request = step.request();
        if request.resource.format != self.format {
            return;
        }
        for fact in &request.facts {
            if failure(fact).is_some() {
                check.report(&UpdateFails { fact, basis: request.resource.basis });
            }
        }
        let Some((region, basis)) = bare_region(request, check) else { return };
        let (case, key, shown) = match shown(step, check) {
            Some(Shown::OtherVersion(key, shown)) => ("a", Some(key), shown),
            Some(Shown::Nothing) => ("b", None, Basis::Fixed),
            Some(Shown::Encrypted(..)) | None => return,
        };
        let fact = dropped(step, check, case, &region, key.as_ref(), basis.max(shown));
        check.report(&fact);
    }
}

/// CMK104 b: the version is shown to be encrypted.
pub(super) fn returns_to_platform_key(step: Step<'_>, check: &mut Check<'_>) {
    let Some((region, basis)) = bare_region(step.request(), check) else { return };
    if let Some(Shown::Encrypted(key, shown)) = shown(step, check) {
        let mut fact = dropped(step, check, "b", &region, Some(&key), basis.max(shown));
        fact.known = true;
        check.report(&fact);
    }
}

/// The first region that a request writes and that certainly has no key.
fn bare_region(request: &Request, check: &mut Check<'_>) -> Option<(TargetRegion, Basis)> {
    let rewrites = matches!(request.verb, Verb::ReplaceRegions | Verb::AddRegions);
    if !rewrites || Kind::of(&request.resource.ty) != Some(Kind::ImageVersion) {
        return None;
    }
    let version = ImageVersion::read(&mut check.reader, &request.resource);
    let regions = version.target_regions(&mut check.reader);
    for region in regions.list {
        if region.many || region.encryption.first_key().is_some() {
            continue;
        }
        if let Some(doubt) = region.encryption.doubt() {
            check.undecided(&doubt);
            continue;
        }
        if !region.encryption.foreign && !region.encryption.os.foreign {
            let basis = region.encryption.field.basis().max(request.resource.basis);
            return Some((region, basis));
        }
    }
    None
}

/// What the script shows of the version; `None` if it shows that it has no key, or leaves that open.
fn shown(step: Step<'_>, check: &mut Check<'_>) -> Option<Shown> {
    let updated = &step.request().resource;
    for request in step.before() {
        if !is_reached(check.reader.context, &check.reader.world, request) {
            continue;
        }
        let same = same_id(check, updated, &request.resource, VERSION);
        if !same.is_yes() || !check.reader.exists(&request.resource) {
            continue;
        }
        match (request.verb, first_key(request, check)) {
            (Verb::Create | Verb::ReplaceRegions | Verb::AddRegions, Some(Ok(key))) => {
                let basis = same.basis.max(basis_of(&key)).max(request.resource.basis);
                return Some(Shown::Encrypted(key, basis));
            }
            (Verb::Create, Some(Err(Some(doubt)))) => {
                check.undecided(&doubt);
                return None;
            }
            (Verb::Create | Verb::Delete, _) => return None,
            _ => {}
        }
    }
    for request in step.before().chain(step.after()) {
        if request.verb != Verb::Create || !is_reached(check.reader.context, &check.reader.world, request) {
            continue;
        }
        let Some(Ok(key)) = first_key(request, check) else { continue };
        let same = same_id(check, updated, &request.resource, DEFINITION);
        if same.is_yes() && check.reader.exists(&request.resource) {
            let basis = same.basis.max(basis_of(&key)).max(request.resource.basis);
            return Some(Shown::OtherVersion(key, basis));
        }
    }
    Some(Shown::Nothing)
}

/// The first key that a request about an image version names, or what keeps it from being told.
fn first_key(request: &Request, check: &mut Check<'_>) -> Option<Result<Value, Option<Value>>> {
    if Kind::of(&request.resource.ty) != Some(Kind::ImageVersion) {
        return None;
    }
    let version = ImageVersion::read(&mut check.reader, &request.resource);
    Some(version.copies(&mut check.reader).first_key())
}

/// How many names of its id say which version it is, and which definition it is a version of.
const VERSION: usize = 3;
const DEFINITION: usize = 2;

/// Whether the first names of the ids of two resources of one type are the same.
fn same_id(check: &mut Check<'_>, one: &Resource, other: &Resource, names: usize) -> Verdict {
    let (Some(mine), Some(theirs)) = (&one.id, &other.id) else { return MAYBE };
    if Kind::of(&one.ty) != Kind::of(&other.ty) {
        return MAYBE;
    }
    let (mut mine, mut theirs) = (mine.clone(), theirs.clone());
    mine.names.truncate(names);
    theirs.names.truncate(names);
    let mine = mine.text(check.reader.context, one.body.origin);
    let theirs = theirs.text(check.reader.context, other.body.origin);
    equal_text(check.reader.context, &mine, &theirs)
}

const MAYBE: Verdict = Verdict { tri: Tri::Maybe, basis: Basis::Fixed };

fn dropped(
    step: Step<'_>,
    check: &Check<'_>,
    case: &'static str,
    region: &TargetRegion,
    key: Option<&Value>,
    basis: Basis,
) -> Dropped {
    let request = step.request();
    Dropped {
        case,
        region: region.shown(&check.reader),
        adds: request.verb == Verb::AddRegions,
        place: request.cause,
        version: check.reader.shown(&request.resource.name),
        key: key.and_then(|key| check.reader.place(key)),
        known: false,
        format: request.resource.format,
        basis,
    }
}

impl Fact for Dropped {
    fn case(&self) -> &'static str {
        self.case
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { region, version, .. } = self;
        let does = if self.adds {
            format!("region `{region}` is added without encryption")
        } else {
            "its regions are written anew without encryption".to_owned()
        };
        if self.known {
            words.message(format!("version `{version}` is encrypted, but {does}"));
        } else {
            words.message(format!("if version `{version}` is encrypted, it mustn't be that {does}"));
        }
        words.primary(Some(self.place), format!("gives `{region}` no encryption"));
        let label =
            if self.known { "the version has its key here" } else { "another version of the image has its key" };
        words.label(self.key, label);
        words.note(
            "the encryption of an image version is settled when it is created: it can't be changed or left out later",
        );
        words.help(match self.format {
            Format::Az => {
                "add regions as JSON with their encryption, or change only the number of replicas with `--set`"
            }
            _ => "say every region together with its encryption, or change only the number of replicas",
        });
    }
}

/// An update over which the cmdlet stumbles, or which it doesn't read.
struct UpdateFails<'f> {
    fact: &'f script::Fact,
    basis: Basis,
}

/// The case of a fact that only an update has.
fn failure(fact: &script::Fact) -> Option<&'static str> {
    match fact.kind {
        FactKind::OsDiskMissing => Some("c"),
        FactKind::ConfidentialKeyIgnored => Some("d"),
        _ if is_key_option(fact) => Some("c"),
        _ => None,
    }
}

/// Whether an option for keys was given to a command that has none: creating a version has, updating it hasn't.
pub(super) fn is_key_option(fact: &script::Fact) -> bool {
    const OPTIONS: [&str; 4] = [
        "--target-region-encryption",
        "--target-region-cvm-encryption",
        "--target-edge-zone-encryption",
        "--zone-encryption",
    ];
    fact.kind == FactKind::Usage(UsageFault::UnknownOption) && OPTIONS.contains(&&*fact.text)
}

impl Fact for UpdateFails<'_> {
    fn case(&self) -> &'static str {
        failure(self.fact).unwrap_or_default()
    }

    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        if is_key_option(self.fact) {
            words.message(format!("an update takes no keys: `{}` is an option of `create` only", self.fact.text));
            words.primary(Some(self.fact.span), "no such option");
            words.note("the command refuses it");
            words.help("add the region with its keys: `--add publishingProfile.targetRegions '{\"name\": ..., \"encryption\": ...}'`");
        } else if self.fact.kind == FactKind::OsDiskMissing {
            words.message("the update fails over an encryption without `OSDiskImage`");
            words.primary(Some(self.fact.span), "has no `OSDiskImage`");
            words.help("add `OSDiskImage`, or leave out the encryption of a plain version");
        } else {
            words.message(format!(
                "the update doesn't read `{}`: keys for confidential machines are lost",
                self.fact.text
            ));
            words.primary(Some(self.fact.span), "is not read by the update");
            words.help("update such a version through a template or the REST interface");
        }
    }
}
