//! Commands, one by one, to requests.

use std::sync::Arc;

use crate::eval::script::build::Body;
use crate::eval::script::group;
use crate::eval::script::{
    Command, Fact, FactKind, Host, Request, Sent, Session, TemplateDeployment, UsageFault, Verb,
};
use crate::finding::Format;
use crate::text::Span;
use crate::value::{Content, IdReading, Origin, ResourceId, Str, Value};

use super::account::{self, Account};
use super::arguments::Arguments;
use super::commands::{self, Act, Make};
use super::deployment;
use super::image_version::{self, Made};
use super::members::{location, members, set_tags};
use super::options::{self, Table};
use super::output;
use super::special;
use super::words::Word;

/// The programs that are the Azure CLI.
const PROGRAMS: [&str; 3] = ["az", "az.cmd", "az.exe"];
/// What continues a line in other shells.
const FOREIGN_CONTINUATIONS: [&str; 2] = ["`", "^"];

/// Takes the `az` commands of scripts and makes requests.
#[derive(Debug)]
pub struct AzureCli {
    /// The subscription that is deployed to, if it was said on the command line.
    subscription: Option<Arc<str>>,
    /// Whether a name is a region's.
    is_region: fn(&str) -> bool,
    /// The requests, in order; of a command that is refused, what it would have been.
    pub requests: Vec<Request>,
    /// The templates that are deployed, in order.
    pub deployments: Vec<TemplateDeployment>,
    /// The request of the command before, where the next line may be the rest of it.
    last: Option<usize>,
}

impl AzureCli {
    /// For scripts. `subscription` is the one that is deployed to until the script chooses another; `is_region` knows
    /// the names of regions.
    pub const fn new(subscription: Option<Arc<str>>, is_region: fn(&str) -> bool) -> Self {
        Self { subscription, is_region, requests: Vec::new(), deployments: Vec::new(), last: None }
    }
}

/// A command with its words sorted.
struct Call<'a> {
    command: &'a Command,
    is: &'static commands::Command,
    table: &'static Table,
    arguments: Arguments,
    account: Account,
    /// Where its name is written.
    name: Span,
}

impl Host for AzureCli {
    fn run(&mut self, session: &mut Session<'_>, command: &Command) -> Option<Value> {
        let before = self.last.take();
        let first = command.words.first()?.text()?;
        if !is_program(&first) {
            if command.adjoining && is_option(&first) {
                self.cut_off(before, command);
            }
            return None;
        }
        let mut words: Vec<Word> = command.words[1..].iter().map(|arg| Word::of(session.context, arg)).collect();
        // A backslash with blanks behind it gives a blank word, and ends the command with the line.
        let blank = words.last().and_then(Word::known).is_some_and(|text| !text.is_empty() && text.trim().is_empty());
        if blank {
            words.pop();
        }
        if words.last().and_then(Word::known).is_some_and(|text| FOREIGN_CONTINUATIONS.contains(&&*text)) {
            return None;
        }
        let (is, table, length) = named(&words)?;
        let (name, words) = words.split_at(length);
        let name = name.last().map_or(command.span, |last| command.words[0].span.to(last.span));
        let glued = glued(session, words);
        let arguments = Arguments::of(session.context, table, words);
        let account = Account::of(session, &arguments, self.subscription.as_ref(), command.span);
        let mut call = Call { command, is, table, arguments, account, name };
        if let Some(fact) = glued {
            call.arguments.open = true;
            call.arguments.faults = vec![fact];
        }
        self.call(session, call)
    }

    fn reads(&self, name: &str) -> bool {
        is_program(name)
    }
}

impl AzureCli {
    fn call(&mut self, session: &mut Session<'_>, call: Call<'_>) -> Option<Value> {
        match &call.is.act {
            Act::Send { verb, ty, names, make } => self.send(session, call, *verb, ty, names, make),
            Act::Show { ty, names } => {
                let ids = ids_of(session, &call, ty, names);
                let [Some(id)] = ids.as_slice() else { return None };
                output::of_resource(session.context, &call.arguments, id, names, call.command.span)
            }
            Act::ChooseSubscription => {
                if let Some(word) = call.arguments.value("--name") {
                    account::choose(session, word);
                }
                None
            }
            Act::SetDefaults { option, prefix } => {
                let words = match option {
                    Some(option) => call.arguments.last(option).map(|given| given.values.as_slice()),
                    None => Some(call.arguments.positional.as_slice()),
                };
                account::set_defaults(session, words.unwrap_or_default(), prefix);
                None
            }
            Act::MakeGroup => {
                if let (Some(name), Some(location)) =
                    (call.arguments.value("--resource-group"), call.arguments.value("--location"))
                {
                    let location = location.value(session.context);
                    group::made(session, &name.text, location);
                }
                None
            }
            Act::Deploy => {
                let (arguments, account) = (&call.arguments, &call.account);
                self.deployments.push(deployment::of(session, arguments, account, call.command));
                None
            }
        }
    }

    /// Sends a request; gives what the command prints.
    fn send(
        &mut self,
        session: &mut Session<'_>,
        mut call: Call<'_>,
        verb: Verb,
        ty: &str,
        names: &[&str],
        make: &Make,
    ) -> Option<Value> {
        let matters = call.is.matters();
        let mut refusals = refusals(&mut call);
        if !matters && !refusals.is_empty() {
            // Other versions of the CLI took other options.
            refusals.clear();
            call.arguments.open = true;
        }
        let Made { verb, body, facts, refused, cause } = match make {
            Make::CreateVersion => {
                image_version::create(session, &call.account, &call.arguments, self.is_region, call.name)
            }
            Make::UpdateVersion => image_version::update(session, &call.account, &call.arguments, self.is_region),
            Make::Members { located, table, special } => {
                let mut body = Body::default();
                if *located {
                    let location = location(session, &call.account, &call.arguments);
                    body.set("location", location.origin, location);
                    if let Some(tags) = call.arguments.last("--tags") {
                        set_tags(session.context, tags, &mut body);
                    }
                }
                members(session.context, &call.account, &call.arguments, table, &mut body);
                let facts = special::apply(session.context, &call.account, &call.arguments, *special, &mut body);
                if call.arguments.open {
                    body.leave_all_open();
                }
                Made { verb, body, refused: !facts.is_empty(), facts, cause: None }
            }
        };
        let refused = refused || !refusals.is_empty();
        // What follows from words that are glued together is no fault of its own.
        let is_glued = |facts: &[Fact]| facts.iter().any(|fact| fact.kind == FactKind::BrokenContinuation);
        let facts: Vec<Fact> = if is_glued(&refusals) { refusals } else { refusals.into_iter().chain(facts).collect() };
        let (origin, command) = (call.account.origin, call.command);
        let body = body.finish(session.context, origin);
        let verb = if refused { Verb::Refused } else { verb };
        let ids = ids_of(session, &call, ty, names);
        self.last = Some(self.requests.len());
        let mut facts = Some(facts);
        for id in &ids {
            let sent = Sent {
                verb,
                ty,
                named: call.name,
                id: id.clone(),
                body: body.clone(),
                facts: facts.take().unwrap_or_default(),
                cause,
                format: Format::Az,
                origin,
            };
            self.requests.push(sent.by(session.context, command));
        }
        let [Some(id)] = ids.as_slice() else { return None };
        if matches!(verb, Verb::Refused | Verb::Delete) {
            return None;
        }
        output::of_resource(session.context, &call.arguments, id, names, command.span)
    }

    /// A line of options behind a command: the command ran without them. What it lacks is what was cut off.
    fn cut_off(&mut self, before: Option<usize>, command: &Command) {
        let Some(request) = before.and_then(|at| self.requests.get_mut(at)) else { return };
        if request.sequence != command.sequence {
            return;
        }
        request.facts.retain(|fact| !tells_absence(fact.kind));
        let text = command.words.iter().filter_map(super::super::eval::script::Arg::text).collect::<Vec<_>>().join(" ");
        request.facts.push(Fact::new(FactKind::BrokenContinuation, command.span, text));
        self.last = before;
    }
}

/// Whether a fact says that something isn't there.
const fn tells_absence(kind: FactKind) -> bool {
    use crate::eval::script::SourceFault;
    matches!(
        kind,
        FactKind::EncryptionWithoutRegions
            | FactKind::Sources(SourceFault::Missing | SourceFault::HalfBlob)
            | FactKind::Usage(UsageFault::MissingOption | UsageFault::MissingValue)
    )
}

fn is_program(word: &str) -> bool {
    let name = word.rsplit(['/', '\\']).next().unwrap_or_default();
    PROGRAMS.iter().any(|program| name.eq_ignore_ascii_case(program))
}

/// Whether a word is an option and not, say, a list item of a page.
fn is_option(word: &str) -> bool {
    let long = word.strip_prefix("--").is_some_and(|name| name.starts_with(|first: char| first.is_ascii_lowercase()));
    let short = word.len() == 2 && word.starts_with('-') && word.ends_with(|name: char| name.is_ascii_lowercase());
    long || short
}

/// The command that words name, and how many of them.
fn named(words: &[Word]) -> Option<(&'static commands::Command, &'static Table, usize)> {
    let mut name = String::new();
    let mut found = None;
    for (at, word) in words.iter().take(options::WORDS).enumerate() {
        if at > 0 {
            name.push(' ');
        }
        name.push_str(&word.known()?);
        if let (Some(command), Some(table)) = (commands::find(&name), options::find(&name)) {
            found = Some((command, table, at + 1));
            break;
        }
    }
    found
}

/// Two words that a line end with a backslash joined, since the second line isn't indented: `westus--target-regions`.
fn glued(session: &Session<'_>, words: &[Word]) -> Option<Fact> {
    words.iter().find_map(|word| {
        word.text.pieces.windows(2).find_map(|pair| {
            let [first, second] = pair else { return None };
            let Content::Text(text) = &second.content else { return None };
            let before = Origin::literal(session.context, first.origin)?;
            let behind = Origin::literal(session.context, second.origin)?;
            let gap = behind.start.checked_sub(before.end)?;
            let broken = before.source == behind.source && (gap == 2 || gap == 3) && is_option(text);
            broken.then(|| Fact::new(FactKind::BrokenContinuation, behind, Arc::clone(text)))
        })
    })
}

/// What the CLI refuses in the words themselves.
fn refusals(call: &mut Call<'_>) -> Vec<Fact> {
    let mut facts = std::mem::take(&mut call.arguments.faults);
    if let Some(word) = call.arguments.positional.first() {
        facts.push(Fact::new(FactKind::Usage(UsageFault::StrayWord), word.span, word.text.shown()));
    }
    let missing = call.arguments.missing(call.table);
    if !missing.is_empty() {
        facts.push(Fact::new(FactKind::Usage(UsageFault::MissingOption), call.name, missing.join(", ")));
    }
    facts
}

/// The ids of what a command is about, `None` for one that isn't known: it runs once for each.
fn ids_of(session: &mut Session<'_>, call: &Call<'_>, ty: &str, names: &[&str]) -> Vec<Option<ResourceId>> {
    let Some(given) = call.arguments.list("--ids") else { return vec![id_of(session, call, ty, names)] };
    let id = |word: &Word| match ResourceId::read(session.context, &word.text) {
        IdReading::Id(id) if !word.many => Some(id),
        _ => None,
    };
    given.values.iter().map(id).collect()
}

/// The id of what a command is about by its names.
fn id_of(session: &mut Session<'_>, call: &Call<'_>, ty: &str, names: &[&str]) -> Option<ResourceId> {
    let mut segments = Vec::with_capacity(names.len());
    for name in names {
        segments.push(call.arguments.value(name)?.text.clone());
    }
    let mut id = call.account.id(session.context, ty, segments);
    id.ty = {
        let origin = session.context.written(call.name);
        Str::fixed(session.context, ty, origin)
    };
    Some(id)
}
