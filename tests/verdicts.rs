//! An error that a run is certain of is one for every value of the parameters.
//!
//! Random deployments of image versions and disk encryption sets, as ARM templates and in Bicep, with conditions, loops
//! and nested deployments, are judged with parameters that have no value, then with values given. An error that was
//! certain must be found again where its resource is deployed and loops make at least one element, or another one in its
//! stead. Values that give two sets one name say nothing: Azure refuses such a template as a whole.
//!
//! `CMKLINT_VERDICTS` asks for another number of deployments, from another seed: `CMKLINT_VERDICTS=100000,7`.

mod dice;
mod support;

use std::collections::BTreeSet;
use std::env;
use std::sync::Arc;

use cmklint::analyze::{Analysis, Request};
use cmklint::finding::{Confidence, Finding, Profile, Severity};
use cmklint::text::Span;
use rayon::prelude::*;

use dice::Dice;
use support::{check, request};

/// Deployments of a run of the tests.
const DEPLOYMENTS: u64 = 400;
/// Values that each is judged with.
const ASSIGNMENTS: usize = 4;

/// A text of a template.
enum Text {
    Literal(&'static str),
    Param(&'static str),
    Concat(Box<Self>, Box<Self>),
    If(Box<Self>, Box<Self>),
    /// A member of what the loop around goes over.
    Item(&'static str),
    /// The id of a disk encryption set of that name.
    Set(Box<Self>),
    /// The same in a resource group of another subscription.
    SetElsewhere(Box<Self>, Box<Self>),
}

const PLACES: &[&str] = &["westus", "eastus", "West US", "westus2", "EastUS"];
const SETS: &[&str] = &["des-westus", "des-eastus", "des", "keys"];
const IDS: &[&str] = &[
    "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSets/des",
    "/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSet/des",
    "subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSets/des-eastus",
    "",
];
const SUBSCRIPTIONS: &[&str] = &["00000000-0000-0000-0000-000000000001", "00000000-0000-0000-0000-000000000002"];

impl Dice {
    fn place(&mut self, looped: bool) -> Text {
        match self.roll(9) {
            0..=3 => Text::Literal(PLACES[self.roll(PLACES.len())]),
            4 => Text::Param("p"),
            5 => Text::Param("q"),
            6 => Text::Concat(Text::Literal("west").into(), Text::Param("tail").into()),
            7 if looped => Text::Item("name"),
            _ => Text::If(Box::new(self.place(looped)), Box::new(self.place(looped))),
        }
    }

    fn set_name(&mut self, looped: bool) -> Text {
        match self.roll(7) {
            0..=2 => Text::Literal(SETS[self.roll(SETS.len())]),
            3 => Text::Param("set"),
            4 => Text::Concat(Text::Literal("des-").into(), self.place(looped).into()),
            5 if looped => Text::Item("set"),
            _ => Text::If(Box::new(self.set_name(looped)), Box::new(self.set_name(looped))),
        }
    }

    fn set(&mut self, looped: bool) -> Text {
        match self.roll(8) {
            0..=3 => Text::Set(self.set_name(looped).into()),
            4 => Text::Literal(IDS[self.roll(IDS.len())]),
            5 => Text::Param("id"),
            6 => {
                let subscription =
                    if self.roll(2) == 0 { Text::Param("sub") } else { Text::Literal(SUBSCRIPTIONS[self.roll(2)]) };
                Text::SetElsewhere(subscription.into(), self.set_name(looped).into())
            }
            _ => Text::If(Box::new(self.set(looped)), Box::new(self.set(looped))),
        }
    }

    fn lun(&mut self) -> Lun {
        if self.roll(4) == 0 { Lun::Param } else { Lun::Number(self.roll(3)) }
    }

    fn region(&mut self, looped: bool) -> Region {
        let os = (self.roll(4) > 0).then(|| self.set(looped));
        let data = (0..self.roll(3)).map(|_| (self.lun(), self.set(looped))).collect();
        Region { name: self.place(looped), os, data }
    }

    fn version(&mut self) -> Version {
        let looped = self.roll(3) == 0;
        let count = if looped { 1 } else { 1 + self.roll(3) };
        Version {
            location: self.place(false),
            luns: (0..self.roll(3)).map(|_| self.lun()).collect(),
            regions: (0..count).map(|_| self.region(looped)).collect(),
            looped,
            conditional: self.roll(4) == 0,
        }
    }

    fn deployment(&mut self) -> Deployment {
        Deployment {
            version: self.version(),
            sets: (0..self.roll(3)).map(|_| (self.set_name(false), self.place(false))).collect(),
            nested: (self.roll(3) == 0).then(|| self.place(false)),
        }
    }

    /// Values for all parameters, as they are typed.
    fn values(&mut self) -> Vec<(Arc<str>, String)> {
        let count = 1 + self.roll(3);
        let items: Vec<String> =
            (0..count).map(|_| format!(r#"{{"name":"{}","set":"{}"}}"#, self.pick(PLACES), self.pick(SETS))).collect();
        let values = [
            ("p", self.pick(PLACES).to_owned()),
            ("q", self.pick(PLACES).to_owned()),
            ("tail", self.pick(&["us", "us2", "europe"]).to_owned()),
            ("set", self.pick(SETS).to_owned()),
            ("id", self.pick(IDS).to_owned()),
            ("sub", self.pick(SUBSCRIPTIONS).to_owned()),
            ("b", ["true", "false"][self.roll(2)].to_owned()),
            ("n", self.roll(3).to_string()),
            ("items", format!("[{}]", items.join(","))),
        ];
        values.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }
}

enum Lun {
    Number(usize),
    Param,
}

struct Region {
    name: Text,
    os: Option<Text>,
    data: Vec<(Lun, Text)>,
}

struct Version {
    location: Text,
    luns: Vec<Lun>,
    regions: Vec<Region>,
    looped: bool,
    conditional: bool,
}

struct Deployment {
    version: Version,
    sets: Vec<(Text, Text)>,
    /// If the version is in a deployment of its own: what that is given for `q`.
    nested: Option<Text>,
}

impl Text {
    fn arm(&self) -> String {
        match self {
            Self::Literal(text) => format!("'{text}'"),
            Self::Param(name) => format!("parameters('{name}')"),
            Self::Concat(one, other) => format!("concat({}, {})", one.arm(), other.arm()),
            Self::If(one, other) => format!("if(parameters('b'), {}, {})", one.arm(), other.arm()),
            Self::Item(member) => format!("parameters('items')[copyIndex('targetRegions')].{member}"),
            Self::Set(name) => format!("resourceId('Microsoft.Compute/diskEncryptionSets', {})", name.arm()),
            Self::SetElsewhere(subscription, name) => {
                format!(
                    "resourceId({}, 'keys', 'Microsoft.Compute/diskEncryptionSets', {})",
                    subscription.arm(),
                    name.arm()
                )
            }
        }
    }

    fn json(&self) -> String {
        if let Self::Literal(text) = self { format!("\"{text}\"") } else { format!("\"[{}]\"", self.arm()) }
    }

    /// What it says with values, if it isn't an id and not of a loop.
    fn with(&self, values: &[(Arc<str>, String)]) -> Option<String> {
        let given = |wanted: &str| values.iter().find(|(name, _)| &**name == wanted).map(|(_, value)| value.clone());
        match self {
            Self::Literal(text) => Some((*text).to_owned()),
            Self::Param(name) => given(name),
            Self::Concat(one, other) => Some(one.with(values)? + &other.with(values)?),
            Self::If(one, other) => if given("b")? == "true" { one } else { other }.with(values),
            Self::Item(_) | Self::Set(_) | Self::SetElsewhere(..) => None,
        }
    }

    fn bicep(&self) -> String {
        match self {
            Self::Literal(text) => format!("'{text}'"),
            Self::Param(name) => (*name).to_owned(),
            Self::Concat(one, other) => format!("'${{{}}}${{{}}}'", one.bicep(), other.bicep()),
            Self::If(one, other) => format!("(b ? {} : {})", one.bicep(), other.bicep()),
            Self::Item(member) => format!("item.{member}"),
            Self::Set(name) => format!("resourceId('Microsoft.Compute/diskEncryptionSets', {})", name.bicep()),
            Self::SetElsewhere(subscription, name) => format!(
                "resourceId({}, 'keys', 'Microsoft.Compute/diskEncryptionSets', {})",
                subscription.bicep(),
                name.bicep()
            ),
        }
    }
}

impl Lun {
    fn arm(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Param => "\"[parameters('n')]\"".to_owned(),
        }
    }

    fn bicep(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Param => "n".to_owned(),
        }
    }
}

const PARAMETERS: [(&str, &str); 9] = [
    ("p", "string"),
    ("q", "string"),
    ("tail", "string"),
    ("set", "string"),
    ("id", "string"),
    ("sub", "string"),
    ("b", "bool"),
    ("n", "int"),
    ("items", "array"),
];

fn template(resources: &[String]) -> String {
    let parameters: Vec<String> =
        PARAMETERS.iter().map(|(name, ty)| format!(r#""{name}": {{ "type": "{ty}" }}"#)).collect();
    format!(
        r#"{{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0", "parameters": {{ {} }}, "resources": [
{} ] }}"#,
        parameters.join(", "),
        resources.join(",\n")
    )
}

impl Region {
    fn arm(&self) -> String {
        let os = self.os.iter().map(|set| format!(r#""osDiskImage": {{ "diskEncryptionSetId": {} }}"#, set.json()));
        let data: Vec<String> = self
            .data
            .iter()
            .map(|(lun, set)| format!(r#"{{ "lun": {}, "diskEncryptionSetId": {} }}"#, lun.arm(), set.json()))
            .collect();
        let data = (!data.is_empty()).then(|| format!(r#""dataDiskImages": [ {} ]"#, data.join(", ")));
        let encryption: Vec<String> = os.chain(data).collect();
        format!(r#"{{ "name": {}, "encryption": {{ {} }} }}"#, self.name.json(), encryption.join(", "))
    }

    fn bicep(&self) -> String {
        let os = self.os.iter().map(|set| format!("osDiskImage: {{ diskEncryptionSetId: {} }}", set.bicep()));
        let data: Vec<String> = self
            .data
            .iter()
            .map(|(lun, set)| format!("{{ lun: {}, diskEncryptionSetId: {} }}", lun.bicep(), set.bicep()))
            .collect();
        let data = (!data.is_empty()).then(|| format!("dataDiskImages: [ {} ]", data.join(", ")));
        let encryption: Vec<String> = os.chain(data).collect();
        format!("{{ name: {}, encryption: {{ {} }} }}", self.name.bicep(), encryption.join(", "))
    }
}

impl Version {
    /// Its data disks, each in a form.
    fn disks(&self, form: impl Fn(usize, &Lun) -> String) -> String {
        let disks: Vec<String> = self.luns.iter().enumerate().map(|(at, lun)| form(at, lun)).collect();
        disks.join(", ")
    }

    fn arm(&self) -> String {
        let disks = self.disks(|at, lun| {
            let source = format!("[resourceId('Microsoft.Compute/snapshots', 's{at}')]");
            format!(r#"{{ "lun": {}, "source": {{ "id": "{source}" }} }}"#, lun.arm())
        });
        let regions: Vec<String> = self.regions.iter().map(Region::arm).collect();
        let regions = if self.looped {
            format!(
                r#""copy": [ {{ "name": "targetRegions", "count": "[length(parameters('items'))]", "input": {} }} ]"#,
                regions.concat()
            )
        } else {
            format!(r#""targetRegions": [ {} ]"#, regions.join(", "))
        };
        let condition = if self.conditional { r#""condition": "[parameters('b')]", "# } else { "" };
        format!(
            r#"{{ {condition}"type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2024-03-03", "name": "g/i/1.0.0",
"location": {}, "properties": {{ "storageProfile": {{ "osDiskImage": {{ "source": {{ "id": "[resourceId('Microsoft.Compute/snapshots', 'os')]" }} }},
"dataDiskImages": [ {} ] }}, "publishingProfile": {{ {regions} }} }} }}"#,
            self.location.json(),
            disks
        )
    }

    fn bicep(&self) -> String {
        let disks = self.disks(|at, lun| {
            let source = format!("resourceId('Microsoft.Compute/snapshots', 's{at}')");
            format!("{{ lun: {}, source: {{ id: {source} }} }}", lun.bicep())
        });
        let regions: Vec<String> = self.regions.iter().map(Region::bicep).collect();
        let regions = if self.looped {
            format!("[for item in items: {}]", regions.concat())
        } else {
            format!("[ {} ]", regions.join(", "))
        };
        let condition = if self.conditional { "if (b) " } else { "" };
        format!(
            "resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {condition}{{
  name: 'g/i/1.0.0'
  location: {}
  properties: {{
    storageProfile: {{
      osDiskImage: {{ source: {{ id: resourceId('Microsoft.Compute/snapshots', 'os') }} }}
      dataDiskImages: [ {} ]
    }}
    publishingProfile: {{ targetRegions: {regions} }}
  }}
}}\n",
            self.location.bicep(),
            disks
        )
    }
}

impl Deployment {
    /// Whether Azure takes it with these values: two resources of one type and name make a template invalid.
    fn is_valid(&self, values: &[(Arc<str>, String)]) -> bool {
        let names: Vec<Option<String>> =
            self.sets.iter().map(|(name, _)| name.with(values).map(|name| name.to_lowercase())).collect();
        (1..names.len()).all(|at| !names[..at].contains(&names[at]))
    }

    fn arm(&self) -> Vec<(String, String)> {
        let mut resources: Vec<String> = self.sets.iter().map(|(name, location)| format!(
            r#"{{ "type": "Microsoft.Compute/diskEncryptionSets", "apiVersion": "2024-03-02", "name": {}, "location": {}, "properties": {{}} }}"#,
            name.json(), location.json()
        )).collect();
        let version = self.version.arm();
        resources.push(match &self.nested {
            None => version,
            Some(given) => {
                let passed: Vec<String> = PARAMETERS
                    .iter()
                    .map(|(name, _)| {
                        let value =
                            if *name == "q" { given.json() } else { format!("\"[parameters('{name}')]\"") };
                        format!(r#""{name}": {{ "value": {value} }}"#)
                    })
                    .collect();
                format!(
                    r#"{{ "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "name": "inner", "properties": {{
"mode": "Incremental", "expressionEvaluationOptions": {{ "scope": "inner" }}, "parameters": {{ {} }}, "template": {} }} }}"#,
                    passed.join(", "),
                    template(&[version])
                )
            }
        });
        vec![("main.json".to_owned(), template(&resources))]
    }

    fn bicep(&self) -> Vec<(String, String)> {
        let head = PARAMETERS.map(|(name, ty)| format!("param {name} {ty}\n")).concat();
        let mut main = head.clone();
        for (at, (name, location)) in self.sets.iter().enumerate() {
            main.push_str(&format!(
                "resource set{at} 'Microsoft.Compute/diskEncryptionSets@2024-03-02' = {{\n  name: {}\n  location: {}\n  properties: {{}}\n}}\n",
                name.bicep(),
                location.bicep()
            ));
        }
        let version = self.version.bicep();
        let Some(given) = &self.nested else { return vec![("main.bicep".to_owned(), main + &version)] };
        let passed: Vec<String> = PARAMETERS
            .iter()
            .map(|(name, _)| format!("{name}: {}", if *name == "q" { given.bicep() } else { (*name).to_owned() }))
            .collect();
        main.push_str(&format!(
            "module inner 'inner.bicep' = {{\n  name: 'inner'\n  params: {{ {} }}\n}}\n",
            passed.join(", ")
        ));
        vec![("main.bicep".to_owned(), main), ("inner.bicep".to_owned(), head + &version)]
    }
}

/// The rule and case of a finding. Where it is may be another literal once a condition is decided.
type Key = (String, &'static str);

fn keys(analysis: &Analysis, wanted: impl Fn(&Finding) -> bool) -> BTreeSet<Key> {
    let findings = analysis.findings.iter().filter(|finding| wanted(finding));
    findings.map(key).collect()
}

fn key(finding: &Finding) -> Key {
    (finding.rule.to_string(), finding.case)
}

/// Whether a finding is an error of the same rule as another one, at a place that both speak of.
fn is_in_stead_of(error: &Finding, other: &Finding) -> bool {
    let places = |finding: &Finding| -> BTreeSet<Span> {
        finding.labels.iter().map(|label| label.span).chain([finding.primary]).collect()
    };
    error.severity == Severity::Error && error.rule == other.rule && !places(error).is_disjoint(&places(other))
}

/// What a run with values says against the run without, and the rules that were certain.
fn contradictions(
    files: &[(String, String)],
    values: &[Vec<(Arc<str>, String)>],
    version: &Version,
) -> (Vec<String>, BTreeSet<String>) {
    let conditional = version.conditional;
    let asked = request(files, &[], Profile::Current);
    let open = check(files, &asked);
    let is_certain =
        |finding: &&Finding| finding.confidence == Confidence::Certain && finding.severity == Severity::Error;
    let certain: Vec<&Finding> = open.findings.iter().filter(is_certain).collect();
    let open_errors = keys(&open, |finding| finding.severity == Severity::Error);
    let mut wrong = Vec::new();
    for values in values {
        let closed = check(files, &Request { values: values.clone(), ..asked.clone() });
        let found = keys(&closed, |_| true);
        let shown: Vec<String> = values.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let is_deployed = !conditional || values.iter().any(|(name, value)| &**name == "b" && value == "true");
        // Where a value is wrong in itself, that is the error, instead of those that it would lead to.
        let mut others = keys(&closed, |finding| finding.severity == Severity::Error);
        // Two entries of a list are taken for two regions, until they turn out to be one.
        others.retain(|error| error.0 == "CMK205" || !open_errors.contains(error));
        let lost = certain.iter().filter(|error| {
            // A set that is used in two regions is said to be in the wrong one, once it shows in which it is.
            let is_another = closed.findings.iter().any(|finding| is_in_stead_of(finding, error));
            !found.contains(&key(error)) && is_deployed && others.is_empty() && !is_another
        });
        wrong
            .extend(lost.map(|error| format!("{:?} is certain, but isn't found with {}", key(error), shown.join(" "))));
    }
    (wrong, certain.into_iter().map(|error| error.rule.to_string()).collect())
}

#[test]
fn no_value_of_a_parameter_contradicts_what_is_certain() {
    let asked = env::var("CMKLINT_VERDICTS").unwrap_or_default();
    let (count, seed) = asked.split_once(',').unwrap_or((&asked, "0"));
    let count = count.parse().unwrap_or(DEPLOYMENTS);
    let seed: u64 = seed.parse().unwrap_or(0);
    let (wrong, certain) = (0..count)
        .into_par_iter()
        .map(|at| {
            let mut dice = Dice((seed << 32) + at * 7_919 + 11);
            dice.roll(2);
            let deployment = dice.deployment();
            let mut values: Vec<_> = (0..ASSIGNMENTS).map(|_| dice.values()).collect();
            values.retain(|values| deployment.is_valid(values));
            let mut all = (Vec::new(), BTreeSet::new());
            for files in [deployment.arm(), deployment.bicep()] {
                let (wrong, certain) = contradictions(&files, &values, &deployment.version);
                let text: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
                all.0.extend(wrong.first().map(|first| format!("{first}\n{}", text.join("\n---\n"))));
                all.1.extend(certain);
            }
            all
        })
        .reduce(Default::default, |mut one, other| {
            one.0.extend(other.0);
            one.1.extend(other.1);
            one
        });
    assert!(certain.len() >= 8, "only {certain:?} are certain of anything");
    let mut shortest: Vec<&String> = wrong.iter().collect();
    shortest.sort_by_key(|wrong| wrong.len());
    let shown: Vec<&str> = shortest.iter().take(3).map(|wrong| wrong.as_str()).collect();
    assert!(wrong.is_empty(), "{} contradictions\n{}", wrong.len(), shown.join("\n\n"));
    println!("{count} deployments in two languages with {ASSIGNMENTS} values each; certain: {certain:?}");
}

#[test]
fn a_piece_of_no_text_leaves_nothing_open() {
    let id = "[concat(if(parameters('b'), '', 'westus'), 'westus')]";
    let version = format!(
        r#"{{ "type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2024-03-03", "name": "g/i/1.0.0",
"location": "westus", "properties": {{ "storageProfile": {{ "source": {{ "id": "{id}" }} }}, "publishingProfile": {{ "targetRegions": [] }} }} }}"#
    );
    let files = vec![("main.json".to_owned(), template(&[version]))];
    for value in [None, Some("true"), Some("false")] {
        let values = value.map(|value| ("b".into(), value.to_owned())).into_iter().collect();
        let found = check(&files, &Request { values, ..request(&files, &[], Profile::Current) });
        assert!(found.findings.iter().any(|finding| &*finding.rule == "CMK210"), "b={value:?}");
    }
}

#[test]
fn a_set_of_two_regions_is_in_the_wrong_one_once_its_location_shows() {
    let region =
        |name| Region { name: Text::Literal(name), os: Some(Text::Set(Text::Param("set").into())), data: vec![] };
    let version = Version {
        location: Text::Literal("westus"),
        luns: vec![],
        regions: vec![region("westus"), region("eastus")],
        looped: false,
        conditional: false,
    };
    let sets = vec![(Text::Literal("des"), Text::Literal("westus"))];
    let files = Deployment { version, sets, nested: None }.arm();
    for (set, case) in [(None, "a"), (Some("keys"), "a"), (Some("des"), "b")] {
        let values = set.map(|set| ("set".into(), set.to_owned())).into_iter().collect();
        let found = check(&files, &Request { values, ..request(&files, &[], Profile::Current) });
        let cases: Vec<&str> =
            found.findings.iter().filter(|found| &*found.rule == "CMK102").map(|found| found.case).collect();
        assert_eq!(cases, [case], "set={set:?}");
    }
}
