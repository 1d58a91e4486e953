//! `az sig image-version create` and `update`.

use crate::eval::script::build::{self, Body};
use crate::eval::script::{Fact, Session, Verb};
use crate::text::Span;
use crate::value::{Context, Element, Value};

use super::account::Account;
use super::arguments::{Arguments, Occurrence};
use super::members::{To, location, members, set_tags};
use super::regions::Regions;
use super::sources::Sources;
use super::words::{self, Word};

const PUBLISHING: &str = "properties.publishingProfile";

/// What a command makes of its arguments.
pub(super) struct Made {
    pub(super) verb: Verb,
    pub(super) body: Body,
    pub(super) facts: Vec<Fact>,
    pub(super) refused: bool,
    /// What the verb hangs on.
    pub(super) cause: Option<Span>,
}

/// Options of `create` whose values are members as they are.
const CREATE: &[(&str, To)] = &[
    ("--storage-account-type", To::Text("properties.publishingProfile.storageAccountType")),
    ("--replica-count", To::Number("properties.publishingProfile.replicaCount")),
    ("--exclude-from-latest", To::Truth("properties.publishingProfile.excludeFromLatest")),
    ("--replication-mode", To::Text("properties.publishingProfile.replicationMode")),
    ("--allow-replicated-location-deletion", To::Truth("properties.safetyProfile.allowDeletionOfReplicatedLocations")),
    ("--block-deletion-before-end-of-life", To::Truth("properties.safetyProfile.blockDeletionBeforeEndOfLife")),
];

/// `az sig image-version create`.
pub(super) fn create(
    session: &mut Session<'_>,
    account: &Account,
    arguments: &Arguments,
    is_region: fn(&str) -> bool,
    command: Span,
) -> Made {
    let mut body = Body::default();
    let location = location(session, account, arguments);
    body.set("location", location.origin, location.clone());
    if let Some(tags) = arguments.last("--tags") {
        set_tags(session.context, tags, &mut body);
    }
    let context = &mut *session.context;
    let mut sources = Sources { context, account, arguments, facts: Vec::new(), refused: false, command };
    sources.read(&mut body);
    let (mut facts, mut refused) = (sources.facts, sources.refused);

    let mut regions = Regions { context, account, is_region, facts: Vec::new(), refused: false };
    let targets = regions.target_regions(arguments);
    let zones = regions.edge_zones(arguments);
    refused |= regions.refused;
    facts.append(&mut regions.facts);
    let targets = match targets {
        Some(targets) => targets,
        None if arguments.open => build::unknown(context, account.origin),
        None => {
            let mut home = Body::default();
            home.set("name", location.origin, location);
            let home = home.finish(context, account.origin);
            build::array(context, vec![Element::One(home)], account.origin)
        }
    };
    body.set(&format!("{PUBLISHING}.targetRegions"), targets.origin, targets);
    if let Some(zones) = zones.filter(|zones| zones.as_array().is_none_or(|zones| !zones.is_empty())) {
        body.set(&format!("{PUBLISHING}.targetExtendedLocations"), zones.origin, zones);
    }
    members(context, account, arguments, CREATE, &mut body);
    if let Some(word) = arguments.value("--end-of-life-date") {
        let value = end_of_life(context, word);
        body.set(&format!("{PUBLISHING}.endOfLifeDate"), value.origin, value);
    }
    if arguments.open {
        body.leave_all_open();
    }
    Made { verb: Verb::Create, body, facts, refused, cause: None }
}

/// A date gets the time that the command adds.
fn end_of_life(context: &mut Context, word: &Word) -> Value {
    let value = word.value(context);
    match word.known() {
        Some(text) if !text.is_empty() && !text.to_lowercase().contains('t') => {
            let time = crate::value::Str::fixed(context, "T12:59:59Z", value.origin);
            build::string(context, word.text.join(&time), value.origin)
        }
        _ => value,
    }
}

/// Options of `update` whose values are members as they are.
const UPDATE: &[(&str, To)] = &[
    ("--replica-count", To::Number("properties.publishingProfile.replicaCount")),
    ("--allow-replicated-location-deletion", To::Truth("properties.safetyProfile.allowDeletionOfReplicatedLocations")),
    ("--block-deletion-before-end-of-life", To::Truth("properties.safetyProfile.blockDeletionBeforeEndOfLife")),
];

/// `az sig image-version update`: regions that are named take the place of those before, without any keys.
pub(super) fn update(
    session: &mut Session<'_>,
    account: &Account,
    arguments: &Arguments,
    is_region: fn(&str) -> bool,
) -> Made {
    let context = &mut *session.context;
    let mut body = Body::default();
    let mut regions = Regions { context, account, is_region, facts: Vec::new(), refused: false };
    let targets = regions.target_regions(arguments);
    let zones = regions.edge_zones(arguments);
    let (facts, refused) = (regions.facts, regions.refused);
    let mut verb = Verb::Update;
    let mut cause = None;
    if let Some(targets) = targets {
        verb = Verb::ReplaceRegions;
        cause = arguments.last("--target-regions").map(Occurrence::whole);
        body.set(&format!("{PUBLISHING}.targetRegions"), targets.origin, targets);
    }
    if let Some(zones) = zones {
        body.set(&format!("{PUBLISHING}.targetExtendedLocations"), zones.origin, zones);
    }
    members(context, account, arguments, UPDATE, &mut body);
    generic(context, arguments, &mut body, &mut verb, &mut cause);
    if arguments.open {
        body.leave_all_open();
    }
    Made { verb, body, facts, refused, cause }
}

/// `--set` and `--add` as far as they touch the regions.
fn generic(context: &mut Context, arguments: &Arguments, body: &mut Body, verb: &mut Verb, cause: &mut Option<Span>) {
    let path = format!("{PUBLISHING}.targetRegions");
    let mut added = Vec::new();
    let mut place = None;
    for given in arguments.all("--add") {
        let Some((target, rest)) = given.values.split_first() else { continue };
        if !target.known().is_some_and(|text| text.eq_ignore_ascii_case("publishingProfile.targetRegions")) {
            continue;
        }
        added.push(Element::One(added_region(context, rest, given.whole())));
        place = Some(given.whole());
    }
    if let (false, Some(span)) = (added.is_empty(), place) {
        let origin = context.made(span, []);
        let list = build::array(context, added, origin);
        body.set(&path, origin, list);
        *verb = Verb::AddRegions;
        *cause = Some(span);
    }
    for given in arguments.all("--set") {
        for word in &given.values {
            let parts = word.text.split_first(context, '=', 1);
            let [target, value] = parts.as_slice() else { continue };
            if !target.text().is_some_and(|text| text.eq_ignore_ascii_case("publishingProfile.targetRegions")) {
                continue;
            }
            let origin = context.written(word.span);
            let list = json(context, value, origin);
            body.set(&path, origin, list);
            *verb = Verb::ReplaceRegions;
            *cause = Some(word.span);
        }
    }
}

/// `name=eastus regionalReplicaCount=2`, or an object as JSON.
fn added_region(context: &mut Context, rest: &[Word], span: Span) -> Value {
    let origin = context.written(span);
    if let [only] = rest
        && only.text.front().trim_start().starts_with('{')
    {
        return json(context, &only.text, origin);
    }
    let mut entry = Body::default();
    for word in rest {
        let parts = word.text.split_first(context, '=', 1);
        let ([name, value], false) = (parts.as_slice(), word.many) else {
            entry.leave_open();
            continue;
        };
        let Some(name) = name.text() else {
            entry.leave_open();
            continue;
        };
        let value = words::value(context, value, word);
        entry.set(&name, value.origin, value);
    }
    entry.finish(context, origin)
}

/// JSON in a word; unknown where it isn't wholly known.
fn json(context: &mut Context, text: &crate::value::Str, origin: crate::value::OriginId) -> Value {
    let parsed = text.text().and_then(|text| serde_json::from_str(&text).ok());
    match parsed {
        Some(parsed) => build::from_json(context, &parsed, origin),
        None => build::unknown(context, origin),
    }
}
