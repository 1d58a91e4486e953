//! CMK601 and CMK602 against the policies of Azure that they are after.
//!
//! `cargo run -- FOLDER` takes the folder with the definitions
//! (`built-in-policies/policyDefinitions/Compute` of <https://github.com/Azure/azure-policy>), puts every body of
//! `bodies.json` before both, and prints a table of the verdicts. It fails where they differ without a reason given, or where
//! a body gets another verdict than written down.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use cmklint::analyze::{Request, analyze};
use cmklint::discover::{Memory, Workspace};
use cmklint::policy::Settings;
use cmklint::rules::CheckOptions;
use regorus::languages::azure_policy::aliases::AliasRegistry;
use regorus::languages::azure_policy::{compiler, parser};
use regorus::rvm::RegoVM;
use regorus::{Rc, Source};
use serde_json::{Value, json};

/// The rules, the definitions that they are after, and the files of these.
const PAIRS: [(&str, &str); 2] =
    [("CMK601", "OSAndDataDiskCMKRequired_Deny.json"), ("CMK602", "ManagedDiskEncryptionSetsAllowed_Deny.json")];

/// The only set that is allowed.
const ALLOWED: &str = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-keys/providers/\
                       Microsoft.Compute/diskEncryptionSets/des-allowed";

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).context("which folder holds the definitions?")?;
    let bodies: Value = serde_json::from_str(include_str!("../bodies.json"))?;
    let bodies = bodies.as_array().context("bodies.json is a list")?;
    let mut table = String::from("| rule | body | policy | cmklint | why they differ |\n|---|---|---|---|---|\n");
    let (mut wrong, mut agreed, mut differ) = (Vec::new(), 0, 0);
    for (rule, file) in PAIRS {
        let definition = std::fs::read_to_string(Path::new(&folder).join(file)).with_context(|| file.to_owned())?;
        let policy = Policy::read(file, &definition)?;
        for body in bodies.iter().filter(|body| body["rule"] == rule) {
            let (what, resource) = (text(&body["what"])?, &body["resource"]);
            let theirs = verdict(policy.denies(resource)?);
            let ours = verdict(is_found(rule, resource)?);
            let why = body["differs"].as_str().unwrap_or_default();
            if theirs == ours {
                agreed += 1
            } else {
                differ += 1
            }
            if (theirs == ours) != why.is_empty() || ours != text(&body["cmklint"])? {
                wrong.push(what);
            }
            table.push_str(&format!("| {rule} | {what} | {theirs} | {ours} | {why} |\n"));
        }
    }
    println!("{table}\n{agreed} agree, {differ} differ");
    if !wrong.is_empty() {
        bail!("not as written down: {}", wrong.join("; "));
    }
    Ok(())
}

fn text(value: &Value) -> Result<&str> {
    value.as_str().with_context(|| format!("{value} should be a text"))
}

fn verdict(denied: bool) -> &'static str {
    if denied { "denied" } else { "passes" }
}

/// A definition, ready to run.
struct Policy {
    aliases: Rc<AliasRegistry>,
    program: Rc<regorus::rvm::Program>,
}

impl Policy {
    fn read(name: &str, definition: &str) -> Result<Self> {
        let mut aliases = AliasRegistry::new();
        aliases.load_from_json(&aliases_of(&serde_json::from_str(definition)?).to_string())?;
        let aliases = Rc::new(aliases);
        let source = Source::from_contents(name.to_owned(), definition.to_owned())?;
        let parsed = parser::parse_policy_definition(&source).map_err(|error| anyhow::anyhow!("{name}: {error}"))?;
        let program = compiler::compile_policy_definition_with_aliases(&parsed, Rc::clone(&aliases))?;
        Ok(Self { aliases, program })
    }

    fn denies(&self, resource: &Value) -> Result<bool> {
        let parameters = json!({ "effect": "Deny", "allowedEncryptionSets": [ALLOWED] });
        let resource = regorus::Value::from_json_str(&resource.to_string())?;
        let parameters = regorus::Value::from_json_str(&parameters.to_string())?;
        let mut machine = RegoVM::new();
        machine.load_program(Rc::clone(&self.program));
        machine.set_input(self.aliases.normalize_and_wrap(&resource, None, None, Some(parameters)));
        machine.set_context(regorus::Value::from_json_str("{}")?);
        Ok(machine.execute()? != regorus::Value::Undefined)
    }
}

/// The catalogue of aliases that a definition needs, by the names that it uses: what stands behind the type leads into
/// `properties`, but for what stands beside it.
fn aliases_of(definition: &Value) -> Value {
    const TYPES: [&str; 5] =
        ["virtualMachineScaleSets", "virtualMachines", "galleries/images/versions", "disks", "images"];
    const BESIDE: [&str; 1] = ["managedBy"];
    let written = definition.to_string();
    let types = TYPES.map(|ty| {
        let front = format!("Microsoft.Compute/{ty}/");
        let mut names: Vec<&str> = written
            .match_indices(&front)
            .map(|(at, _)| {
                let rest = &written[at..];
                &rest[..rest.find(['\'', '"']).unwrap_or(rest.len())]
            })
            .collect();
        names.sort_unstable();
        names.dedup();
        let aliases = names.iter().map(|name| {
            let path = &name[front.len()..];
            let path = if BESIDE.contains(&path) { path.to_owned() } else { format!("properties.{path}") };
            json!({ "name": name, "defaultPath": path, "paths": [] })
        });
        json!({ "resourceType": ty, "aliases": aliases.collect::<Vec<_>>() })
    });
    json!([{ "namespace": "Microsoft.Compute", "resourceTypes": types }])
}

/// Whether a rule finds a fault in a resource as a template would deploy it.
fn is_found(rule: &str, resource: &Value) -> Result<bool> {
    let template = json!({
        "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
        "contentVersion": "1.0.0.0",
        "resources": [resource],
    });
    let files = [("main.json".to_owned(), template.to_string())];
    let reader = Memory::new(&files);
    let workspace = Workspace::around(&reader, Path::new(Memory::FOLDER))?;
    let settings = Settings::from([("allowed-disk-encryption-sets".to_owned(), vec![ALLOWED.to_owned()])]);
    let checks = CheckOptions { select: vec![rule.to_owned()], ..CheckOptions::default() };
    let request = Request { paths: reader.paths(), checks, settings, ..Request::default() };
    let analysis = analyze(&reader, workspace, &request).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    if let Some(undecided) = analysis.undecided.first() {
        bail!("{rule} can't decide: {}", undecided.because);
    }
    Ok(!analysis.findings.is_empty())
}
