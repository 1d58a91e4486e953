//! Words to parameters: names, aliases, unambiguous beginnings, positions, splatted hashtables.

use std::sync::Arc;

use crate::eval::script::Arg;
use crate::ir::script::Role;
use crate::text::Span;
use crate::value::{Context, Kind, Origin, Value};

use super::cmdlets::Parameter;

/// Parameters that every cmdlet has, and whether they take a value.
const COMMON: &[(&str, bool)] = &[
    ("Verbose", false),
    ("Debug", false),
    ("ErrorAction", true),
    ("EA", true),
    ("WarningAction", true),
    ("WA", true),
    ("InformationAction", true),
    ("ProgressAction", true),
    ("ErrorVariable", true),
    ("EV", true),
    ("WarningVariable", true),
    ("WV", true),
    ("InformationVariable", true),
    ("OutVariable", true),
    ("OV", true),
    ("OutBuffer", true),
    ("PipelineVariable", true),
    ("WhatIf", false),
    ("Confirm", false),
    ("AsJob", false),
    ("NoWait", false),
    ("Force", false),
    ("PassThru", false),
    ("DefaultProfile", true),
    ("AzContext", true),
    ("AzureRmContext", true),
    ("AzureCredential", true),
];

/// A parameter that was given.
#[derive(Clone, Debug)]
pub(super) struct Given {
    /// Its name in the table.
    pub(super) name: &'static str,
    /// Its value; `None` for a switch without one.
    pub(super) value: Option<Value>,
    /// Where it is named, or where the value stands.
    pub(super) span: Span,
    /// All of it: name and value.
    pub(super) whole: Span,
}

/// A parameter that the table doesn't hold.
#[derive(Clone, Debug)]
pub(super) struct Other {
    /// As written.
    pub(super) name: Arc<str>,
    /// Its value.
    pub(super) value: Value,
    /// Where it is named.
    pub(super) span: Span,
}

/// The parameters of one command.
#[derive(Clone, Debug, Default)]
pub(super) struct Bound {
    given: Vec<Given>,
    /// Parameters that the table doesn't hold: those of a template, where the cmdlet deploys one.
    pub(super) others: Vec<Other>,
    /// Whether more may be given than is known: a splat that isn't known.
    pub(super) open: bool,
}

impl Bound {
    /// The parameter of a name, if it is given.
    pub(super) fn get(&self, name: &str) -> Option<&Given> {
        self.given.iter().find(|given| given.name == name)
    }

    /// The value of a parameter.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.get(name)?.value.as_ref()
    }

    /// Gives a value that came through the pipe.
    pub(super) fn pipe(&mut self, name: &'static str, value: Value, span: Span) {
        if self.get(name).is_none() {
            self.given.push(Given { name, value: Some(value), span, whole: span });
        }
    }
}

/// What a name stands for.
enum Meant {
    Known(&'static Parameter),
    /// A parameter of every cmdlet.
    Common {
        takes_value: bool,
    },
    /// One that the table doesn't hold.
    Other,
}

/// Binds the words behind a cmdlet's name.
pub(super) fn bind(context: &Context, parameters: &'static [Parameter], words: &[Arg]) -> Bound {
    let mut bound = Bound::default();
    let mut positional: Vec<&Arg> = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        match &word.role {
            Role::Splat => splat(context, parameters, word, &mut bound),
            Role::Option { name, attached } => {
                let meant = find(parameters, name);
                let takes = match &meant {
                    Meant::Known(parameter) => !parameter.switch,
                    Meant::Common { takes_value } => *takes_value,
                    Meant::Other => true,
                };
                let next = words.get(at).filter(|next| !matches!(next.role, Role::Option { .. } | Role::Splat));
                let value = next.filter(|_| takes || *attached);
                at += usize::from(value.is_some());
                match (meant, value) {
                    (Meant::Known(parameter), _) => bound.given.push(Given {
                        name: parameter.name,
                        value: value.map(|word| word.value.clone()),
                        span: word.span,
                        whole: value.map_or(word.span, |value| word.span.to(value.span)),
                    }),
                    (Meant::Other, Some(value)) => {
                        let (name, value) = (Arc::clone(name), value.value.clone());
                        bound.others.push(Other { name, value, span: word.span });
                    }
                    (Meant::Common { .. } | Meant::Other, _) => {}
                }
            }
            Role::Plain => {
                bound.open |= word.many;
                positional.push(word);
            }
        }
    }
    let mut free: Vec<&'static Parameter> = parameters.iter().filter(|one| one.position.is_some()).collect();
    free.sort_by_key(|one| one.position);
    let mut free = free.into_iter().filter(|one| bound.get(one.name).is_none()).collect::<Vec<_>>().into_iter();
    for word in positional {
        let Some(parameter) = free.next() else { break };
        bound.given.push(Given {
            name: parameter.name,
            value: Some(word.value.clone()),
            span: word.span,
            whole: word.span,
        });
    }
    bound
}

/// `@params`: the members are parameters.
fn splat(context: &Context, parameters: &'static [Parameter], word: &Arg, bound: &mut Bound) {
    let Kind::Object(object) = &word.value.kind else {
        bound.open = true;
        return;
    };
    bound.open |= object.open;
    for member in &object.members {
        let Some(key) = member.key.text() else {
            bound.open = true;
            continue;
        };
        let span = member.key.pieces.first().and_then(|piece| Origin::literal(context, piece.origin));
        let span = span.unwrap_or(word.span);
        let parameter = match find(parameters, &key) {
            Meant::Known(parameter) => parameter,
            Meant::Common { .. } => continue,
            Meant::Other => {
                bound.others.push(Other { name: key, value: member.value.clone(), span });
                continue;
            }
        };
        if parameter.switch && member.value.as_bool() == Some(false) {
            continue;
        }
        bound.given.push(Given { name: parameter.name, value: Some(member.value.clone()), span, whole: span });
    }
}

/// The parameter of a name, an alias or an unambiguous beginning, any case.
fn find(parameters: &'static [Parameter], name: &str) -> Meant {
    let names = |parameter: &'static Parameter| std::iter::once(&parameter.name).chain(parameter.aliases);
    if let Some(exact) = parameters.iter().find(|one| names(one).any(|other| other.eq_ignore_ascii_case(name))) {
        return Meant::Known(exact);
    }
    if let Some((_, takes_value)) = COMMON.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)) {
        return Meant::Common { takes_value: *takes_value };
    }
    let begins = |other: &str| other.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let mut found = parameters.iter().filter(|one| names(one).any(|other| begins(other)));
    let common = COMMON.iter().find(|(other, _)| begins(other));
    match (found.next(), found.next(), common) {
        (Some(one), None, _) => Meant::Known(one),
        (None, None, Some((_, takes_value))) => Meant::Common { takes_value: *takes_value },
        _ => Meant::Other,
    }
}
