//! From what was typed to what is to be done.

use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::args::{MapArgs, ProfileArg, ScenarioArgs, WhatArgs};
use super::config;
use super::failure::Failure;
use super::policies;
use crate::analyze::Request;
use crate::azure;
use crate::finding::Profile;
use crate::policy::{Policy, Settings};
use crate::rules::{self, CheckOptions};

/// What `--version` says: ours, and of when the facts are that the rules rest on.
pub(super) static VERSION: LazyLock<String> = LazyLock::new(|| {
    let (ours, az, regions) = (env!("CARGO_PKG_VERSION"), azure::CLI_VERSION, azure::regions::AS_OF);
    format!("{ours} (as az {az} works; regions as of {regions})")
});

/// What `cmklint check` is to do, and what looks at the same.
pub(super) fn of_what(args: &WhatArgs) -> Result<Request, Failure> {
    let policies = policies::load(&args.rules)?;
    let scenario = of_scenario(&args.scenario, &args.paths)?;
    let of_configs: Vec<&Policy> = scenario.configs.all().flat_map(|config| config.policies.iter()).collect();
    let all: Vec<&Policy> = policies.iter().chain(of_configs).collect();
    let checks = CheckOptions {
        profile: match args.profile {
            Some(ProfileArg::Y2021) => Profile::Y2021,
            Some(ProfileArg::Current) | None => Profile::Current,
        },
        select: known_rules(&args.select, &all)?,
        extend_select: known_rules(&args.extend_select, &all)?,
        ignore: known_rules(&args.ignore, &all)?,
        today: Some(TimeZone::UTC.to_datetime(Timestamp::now()).date()),
    };
    let settings = settings(&args.setting)?;
    let mut configs = Arc::unwrap_or_clone(scenario.configs);
    configs.without(args.profile.is_some(), false);
    Ok(Request {
        configs: configs.into(),
        policies: policies.into(),
        settings,
        paths: args.paths.as_slice().into(),
        with_users: args.with_users,
        checks,
        ..scenario
    })
}

/// What `cmklint map` is to do.
pub(super) fn of_map(args: &MapArgs) -> Result<Request, Failure> {
    Ok(Request { paths: args.paths.as_slice().into(), ..of_scenario(&args.scenario, &args.paths)? })
}

/// What the options about scenarios ask for, and the settings of the paths.
pub(super) fn of_scenario(args: &ScenarioArgs, paths: &[PathBuf]) -> Result<Request, Failure> {
    let (mut configs, walk) = config::settings(paths, &config::whose(args.config.as_deref(), args.no_config))?;
    configs.without(false, args.subscription.is_some());
    if !args.parameters.is_empty() {
        configs.without_parameters_files();
    }
    let mut request = Request {
        parameters: args.parameters.clone(),
        module_cache: args.module_cache.clone(),
        configs: configs.into(),
        walk: walk.map(Arc::new),
        ..Request::default()
    };
    for typed in &args.param {
        let (name, value) = typed.split_once('=').ok_or_else(|| Failure::Param(typed.clone()))?;
        request.values.push((Arc::from(name.trim()), value.to_owned()));
    }
    if let Some(id) = &args.subscription {
        if !is_guid(id) {
            return Err(Failure::Subscription(id.clone()));
        }
        request.subscription = Some(Arc::from(id.as_str()));
    }
    Ok(request)
}

fn known_rules(names: &[String], policies: &[&Policy]) -> Result<Vec<String>, Failure> {
    for name in names {
        let is_own = |policy: &&Policy| {
            name.eq_ignore_ascii_case(&policy.meta.id) || name.eq_ignore_ascii_case(&policy.meta.slug)
        };
        if rules::find(name).is_none() && !policies.iter().any(is_own) {
            return Err(Failure::Rule(name.clone()));
        }
    }
    Ok(names.to_vec())
}

/// Lists of which each option gives an entry.
pub(super) fn settings(typed: &[String]) -> Result<Settings, Failure> {
    let mut settings = Settings::new();
    for typed in typed {
        let (name, value) = typed.split_once('=').ok_or_else(|| Failure::Setting(typed.clone()))?;
        settings.entry(name.trim().to_owned()).or_default().push(value.to_owned());
    }
    Ok(settings)
}

fn is_guid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.chars().all(|char| char.is_ascii_hexdigit() || char == '-')
}
