//! Commands, one by one, to requests.

use std::sync::Arc;

use crate::eval::script::build::{self, Body};
use crate::eval::script::group;
use crate::eval::script::{Arg, Command, Fact, Host, Request, Sent, Session, TemplateDeployment, Verb};
use crate::finding::Format;
use crate::ir::script::Role;
use crate::text::Span;
use crate::value::{Ambient, Context, IdScope, Kind, Member, OriginId, ResourceId, Str, Term, Value};

use super::binding::{Bound, Given, bind};
use super::cmdlets::{self, Act, Cmdlet, Target};
use super::deployment;
use super::hashtable::{self, BARE_WORD, Hashtables};
use super::names::Names;
use super::objects;

/// Under which name the machine holds the subscription that was chosen.
const SUBSCRIPTION: &str = "Az.Accounts/subscription";
/// Words that read as a command without arguments and aren't meant as a value.
const VERBS: char = '-';

/// Takes the commands of PowerShell scripts and makes requests.
#[derive(Debug)]
pub struct Cmdlets<'n> {
    names: &'n Names,
    /// The subscription that is deployed to, if it was said on the command line.
    subscription: Option<Arc<str>>,
    /// The requests, in order.
    pub requests: Vec<Request>,
    /// The templates that are deployed, in order.
    pub deployments: Vec<TemplateDeployment>,
}

impl<'n> Cmdlets<'n> {
    /// For scripts with those names. `subscription` is the one that is deployed to until the script chooses another.
    pub const fn new(names: &'n Names, subscription: Option<Arc<str>>) -> Self {
        Self { names, subscription, requests: Vec::new(), deployments: Vec::new() }
    }
}

impl Host for Cmdlets<'_> {
    fn run(&mut self, session: &mut Session<'_>, command: &Command) -> Option<Value> {
        let (first, words) = command.words.split_first()?;
        let name = first.text()?;
        if words.iter().any(is_usage) {
            return None;
        }
        let Some(cmdlet) = cmdlets::find(&name) else {
            return bare_word(session, &name, first.value.origin, command);
        };
        let mut bound = bind(session.context, cmdlet.parameters, words);
        let open_words = words.iter().any(|word| word.many && !matches!(word.role, Role::Splat));
        bound.open |= open_words;
        match &cmdlet.act {
            Act::Send { verb, ty, names, object } => {
                if let (Some(object), Some(input)) = (object, &command.input) {
                    bound.pipe(object, input.clone(), command.span);
                }
                self.send(session, command, cmdlet, &bound, *verb, ty, names, *object)
            }
            Act::Get { ty, names } => {
                let id = self.id_of(session, command, &bound, ty, names)?;
                Some(existing(session.context, &id, &bound, names, command.span))
            }
            Act::Configure => {
                let (body, _) = self.body(session, command, cmdlet, &bound, Body::default());
                let origin = session.context.written(command.span);
                let object = body.finish(session.context, origin);
                Some(objects::keep(session, object, origin))
            }
            Act::Change { object, list } => {
                if let Some(input) = &command.input {
                    bound.pipe(object, input.clone(), command.span);
                }
                let handle = bound.value(object)?.clone();
                let before = objects::held(session, &handle)?;
                let origin = session.context.written(command.span);
                let mut whole = Body::of(&before);
                if let Some(list) = list {
                    let (element, _) = self.body(session, command, cmdlet, &bound, Body::default());
                    let element = element.finish(session.context, origin);
                    whole.append(session.context, list, origin, element);
                } else {
                    whole = self.body(session, command, cmdlet, &bound, whole).0;
                }
                let changed = whole.finish(session.context, before.origin);
                objects::replace(session, &handle, changed);
                Some(handle)
            }
            Act::Context => {
                choose_subscription(session, &bound, command);
                None
            }
            Act::MakeGroup => {
                let name = bound.value("Name").cloned().and_then(|name| build::pieces(session.context, &name));
                if let (Some(name), Some(location)) = (name, bound.value("Location")) {
                    group::made(session, &name, location.clone());
                }
                None
            }
            Act::Deploy => {
                let origin = session.context.written(command.span);
                let subscription = self.subscription(session, origin);
                self.deployments.push(deployment::of(session, &bound, subscription, command));
                None
            }
        }
    }

    fn reads(&self, name: &str) -> bool {
        cmdlets::find(name).is_some()
    }
}

/// Whether a word is of a text that explains a command, `[-Name] <String>`: such a line isn't meant to be run.
fn is_usage(word: &Arg) -> bool {
    word.text().is_some_and(|text| text.starts_with("[-") || text.starts_with("[[-"))
}

/// A word that runs as a command although it is a value: what it gives is marked.
fn bare_word(session: &mut Session<'_>, name: &str, origin: OriginId, command: &Command) -> Option<Value> {
    let alone = command.words.len() == 1 && command.input.is_none();
    let looks_like_command = name.contains(VERBS) || name.contains(['/', '\\', '.', '$', '<', ' ']);
    if !alone || looks_like_command {
        return None;
    }
    let text = session.context.text(name);
    let term = session.context.call(BARE_WORD, [text]);
    let kind = Kind::Unknown { term, why: crate::value::Why::Error };
    Some(Value { kind, term, basis: crate::value::Basis::Fixed, origin })
}

/// `Set-AzContext -Subscription x`.
fn choose_subscription(session: &mut Session<'_>, bound: &Bound, command: &Command) {
    let Some(value) = bound.value("Subscription") else {
        if bound.open {
            let origin = session.context.written(command.span);
            let unknown = build::unknown(session.context, origin);
            session.machine.insert(SUBSCRIPTION.into(), unknown);
        }
        return;
    };
    // A name tells nothing about the id; the same name is the same subscription.
    let is_id = value.text().is_none_or(|text| is_guid(&text));
    let value = if is_id {
        value.clone()
    } else {
        let term = session.context.call("subscriptionnamed", [value.term]);
        let kind = Kind::Unknown { term, why: crate::value::Why::KnownAtDeployment };
        Value { kind, term, ..value.clone() }
    };
    session.machine.insert(SUBSCRIPTION.into(), value);
}

fn is_guid(text: &str) -> bool {
    text.len() == 36 && text.chars().all(|char| char.is_ascii_hexdigit() || char == '-')
}

/// An object of what exists: its id and name are known, the rest isn't.
fn existing(context: &mut Context, id: &ResourceId, bound: &Bound, names: &[&str], span: Span) -> Value {
    let origin = context.written(span);
    let text = id.text(context, origin);
    let term = build::id_term(context, &text);
    let whole = build::string(context, text, origin);
    let mut members = vec![Member { key: Str::fixed(context, "Id", origin), value: whole }];
    if let Some(name) = names.last().and_then(|name| bound.value(name)) {
        members.push(Member { key: Str::fixed(context, "Name", origin), value: name.clone() });
    }
    let term = context.call("resource", [term]);
    let mut value = build::object(context, members, true, origin);
    value.term = term;
    value
}

impl Cmdlets<'_> {
    /// Sends a request; gives the object of what it made.
    #[expect(clippy::too_many_arguments, reason = "the fields of one row of the table beside what it is run on")]
    fn send(
        &mut self,
        session: &mut Session<'_>,
        command: &Command,
        cmdlet: &'static Cmdlet,
        bound: &Bound,
        verb: Verb,
        ty: &str,
        names: &[&str],
        object: Option<&str>,
    ) -> Option<Value> {
        let origin = session.context.written(command.span);
        let given = object.and_then(|object| bound.value(object));
        let start = match given {
            Some(handle) => match objects::held(session, handle) {
                Some(held) => Body::of(&held),
                None => Body::of(handle),
            },
            None => Body::default(),
        };
        let (mut body, facts) = self.body(session, command, cmdlet, bound, start);
        if bound.open {
            body.leave_open();
        }
        let id = self.id_of(session, command, bound, ty, names);
        let (verb, cause) = effective(verb, bound, command.span);
        let sent = Sent {
            verb,
            ty,
            named: command.words.first().map_or(command.span, |word| word.span),
            id: id.clone(),
            body: body.finish(session.context, origin),
            facts,
            cause: Some(cause),
            format: Format::Powershell,
            origin,
        };
        self.requests.push(sent.by(session.context, command));
        let id = id.filter(|_| verb != Verb::Delete)?;
        Some(existing(session.context, &id, bound, names, command.span))
    }

    /// The values of parameters as members of a request.
    fn body(
        &self,
        session: &mut Session<'_>,
        command: &Command,
        cmdlet: &'static Cmdlet,
        bound: &Bound,
        mut body: Body,
    ) -> (Body, Vec<Fact>) {
        let update = matches!(cmdlet.act, Act::Send { verb: Verb::Update, .. });
        let mut tables =
            Hashtables { context: session.context, names: self.names, facts: Vec::new(), update, span: command.span };
        for parameter in cmdlet.parameters {
            let Some(Given { value: Some(value), span, .. }) = bound.get(parameter.name) else { continue };
            let key = tables.context.written(*span);
            let (path, value) = match parameter.target {
                Target::Aside => continue,
                Target::Member(path) => (path, value.clone()),
                Target::Number(path) => (path, hashtable::number(tables.context, value)),
                Target::Id(path) => {
                    if tables.suspicious(value, path.contains("ncryption")) {
                        (path, build::unknown(tables.context, value.origin))
                    } else {
                        (path, tables.id(value, None))
                    }
                }
                Target::Regions => {
                    ("properties.publishingProfile.targetRegions", tables.entries(value, &hashtable::REGION))
                }
                Target::EdgeZones => (
                    "properties.publishingProfile.targetExtendedLocations",
                    tables.entries(value, &hashtable::EDGE_ZONE),
                ),
                Target::OsDisk => ("properties.storageProfile.osDiskImage", tables.source_disk(value)),
                Target::DataDisks => ("properties.storageProfile.dataDiskImages", tables.source_disks(value)),
            };
            if !value.is_null() {
                body.set(path, key, value);
            }
        }
        (body, tables.facts)
    }

    /// The id of what a cmdlet is about, by its names or by `-ResourceId`.
    fn id_of(
        &self,
        session: &mut Session<'_>,
        command: &Command,
        bound: &Bound,
        ty: &str,
        names: &[&str],
    ) -> Option<ResourceId> {
        if let Some(id) = bound.value("ResourceId").and_then(Value::as_str) {
            return match ResourceId::read(session.context, id) {
                crate::value::IdReading::Id(id) => Some(id),
                _ => None,
            };
        }
        let origin = session.context.written(command.span);
        let mut segments = Vec::with_capacity(names.len());
        for name in names {
            segments.push(build::pieces(session.context, bound.value(name)?)?);
        }
        let group = match bound.value("ResourceGroupName") {
            Some(group) => build::pieces(session.context, group)?,
            None => {
                let term = session.context.term(Term::Ambient(Ambient::ResourceGroup));
                Str::symbol(term, origin)
            }
        };
        let subscription = self.subscription(session, origin);
        let scope = IdScope::ResourceGroup { subscription, group };
        let type_origin = command.words.first().map_or(origin, |word| word.value.origin);
        Some(ResourceId { scope, ty: Str::fixed(session.context, ty, type_origin), names: segments })
    }

    /// The subscription in effect.
    fn subscription(&self, session: &mut Session<'_>, origin: OriginId) -> Str {
        let chosen = session.machine.get(SUBSCRIPTION).filter(|value| !value.is_null()).cloned();
        if let Some(chosen) = chosen.and_then(|value| build::pieces(session.context, &value)) {
            return chosen;
        }
        match &self.subscription {
            Some(id) => {
                let origin = session.context.add_origin(crate::value::Origin::External("--subscription".into()));
                Str::fixed(session.context, id, origin)
            }
            None => {
                let term = session.context.term(Term::Ambient(Ambient::SubscriptionId));
                Str::symbol(term, origin)
            }
        }
    }
}

/// What a cmdlet does with the parameters that it was given, and which of them makes it so.
fn effective(verb: Verb, bound: &Bound, span: Span) -> (Verb, Span) {
    let switch = |name: &str| bound.get(name).map(|given| given.span);
    if verb != Verb::Update {
        return (verb, span);
    }
    if let Some(span) = switch("Reset").or_else(|| switch("RemoveSubscription")).or_else(|| switch("RemoveTenant")) {
        return (Verb::Unshare, span);
    }
    if let Some(span) = switch("Share").or_else(|| switch("Community")) {
        return (Verb::Share, span);
    }
    match bound.get("TargetRegion") {
        Some(given) => (Verb::ReplaceRegions, given.whole),
        None => (Verb::Update, span),
    }
}
