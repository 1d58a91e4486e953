//! Templates that are whole by construction, so that every run goes through the evaluator and the rules. What a
//! finding calls certain must not hang on a parameter that has no value: the same template with values keeps it.
//! Every 10,000 runs the rules are told that found something.
#![no_main]

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use arbitrary::Arbitrary;
use libfuzzer_sys::fuzz_target;

/// How many runs there were, and in how many of them each rule found something.
static TOLD: Mutex<(u64, BTreeMap<String, u64>)> = Mutex::new((0, BTreeMap::new()));

#[derive(Arbitrary, Debug)]
enum Text {
    Literal(Word),
    Parameter(bool),
    Variable,
    Concat(Box<Text>, Box<Text>),
    Item,
    If(bool, Box<Text>, Box<Text>),
}

#[derive(Arbitrary, Debug, Clone, Copy)]
enum Word {
    West,
    East,
    WestDisplay,
    Empty,
    Slash,
    Des,
    Singular,
    Version,
    Null,
    Placeholder,
}

#[derive(Arbitrary, Debug)]
struct Region {
    name: Text,
    os: Option<Text>,
    data: Vec<(i8, Option<Text>)>,
    quoted_lun: bool,
    conditional: bool,
    storage: Option<Word>,
    replicas: Option<i8>,
    /// For a confidential machine: the type's index, and a set of its own.
    confidential: Option<(u8, Option<Text>)>,
}

#[derive(Arbitrary, Debug)]
struct Version {
    location: Text,
    luns: Vec<i8>,
    source: Option<Text>,
    regions: Vec<Region>,
    looped: bool,
    condition: bool,
}

#[derive(Arbitrary, Debug)]
struct Template {
    versions: Vec<Version>,
    sets: Vec<(Text, Text, u8)>,
    machines: Vec<(Text, Option<Text>, Option<Text>)>,
    /// Whether all of it is in a deployment of its own, which gets the parameters passed on.
    nested: bool,
    permissions: Option<Word>,
    variable: Text,
}

impl Word {
    const fn text(self) -> &'static str {
        match self {
            Self::West => "westus",
            Self::East => "eastus",
            Self::WestDisplay => "West US",
            Self::Empty => "",
            Self::Slash => "/",
            Self::Des => "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSets/WestUSDes",
            Self::Singular => "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/diskEncryptionSet/d",
            Self::Version => {
                "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute/galleries/g/images/i/versions/1.0.0"
            }
            Self::Null => "null",
            Self::Placeholder => "<your set>",
        }
    }
}

impl Text {
    fn expression(&self, depth: usize) -> String {
        match self {
            Self::Literal(word) => format!("'{}'", word.text()),
            Self::Parameter(true) => "parameters('p')".into(),
            Self::Parameter(false) => "parameters('d')".into(),
            Self::Variable if depth < 3 => "variables('v')".into(),
            Self::Item => "parameters('items')[0]".into(),
            Self::Concat(one, other) if depth < 4 => {
                format!("concat({}, {})", one.expression(depth + 1), other.expression(depth + 1))
            }
            Self::If(literal, one, other) if depth < 4 => {
                let condition = if *literal { "parameters('switch')" } else { "empty(parameters('p'))" };
                format!("if({condition}, {}, {})", one.expression(depth + 1), other.expression(depth + 1))
            }
            _ => "resourceId('Microsoft.Compute/diskEncryptionSets', 'des')".into(),
        }
    }

    fn json(&self) -> String {
        format!("\"[{}]\"", self.expression(0))
    }

    /// For the variable itself: it must not need itself.
    fn json_of_variable(&self) -> String {
        format!("\"[{}]\"", self.expression(3))
    }
}

impl Region {
    fn json(&self) -> String {
        let data: Vec<String> = self
            .data
            .iter()
            .take(4)
            .map(|(lun, des)| {
                let lun = if self.quoted_lun { format!("\"{lun}\"") } else { lun.to_string() };
                let des =
                    des.as_ref().map(|des| format!(", \"diskEncryptionSetId\": {}", des.json())).unwrap_or_default();
                format!("{{ \"lun\": {lun}{des} }}")
            })
            .collect();
        const TYPES: [&str; 3] = ["EncryptedVMGuestStateOnlyWithPmk", "EncryptedWithCmk", "EncryptedWithPmk"];
        let confidential = self.confidential.as_ref().map(|(ty, des)| {
            let des = des.as_ref().map(|des| format!(", \"secureVMDiskEncryptionSetId\": {}", des.json()));
            let ty = TYPES[usize::from(*ty) % TYPES.len()];
            format!("\"securityProfile\": {{ \"confidentialVMEncryptionType\": \"{ty}\"{} }}", des.unwrap_or_default())
        });
        let os = self.os.as_ref().map(|des| format!("\"diskEncryptionSetId\": {}", des.json()));
        let os: Vec<String> = os.into_iter().chain(confidential).collect();
        let os =
            if os.is_empty() { String::new() } else { format!("\"osDiskImage\": {{ {} }}, ", os.join(", ")) };
        let encryption = format!("{{ {os}\"dataDiskImages\": [{}] }}", data.join(", "));
        let encryption = if self.conditional {
            "\"[if(parameters('switch'), parameters('o'), null())]\"".into()
        } else {
            encryption
        };
        let storage = self.storage.map(|word| format!(", \"storageAccountType\": \"{}\"", word.text()));
        let replicas = self.replicas.map(|count| format!(", \"regionalReplicaCount\": {count}"));
        let more: String = storage.into_iter().chain(replicas).collect();
        format!("{{ \"name\": {}, \"encryption\": {encryption}{more} }}", self.name.json())
    }
}

impl Version {
    fn json(&self, number: usize) -> String {
        let regions: Vec<String> = self.regions.iter().take(4).map(Region::json).collect();
        let disks: Vec<String> = self.luns.iter().take(4).map(|lun| {
            format!("{{ \"lun\": {lun}, \"source\": {{ \"id\": \"[resourceId('Microsoft.Compute/snapshots', 's{lun}')]\" }} }}")
        }).collect();
        let source = match &self.source {
            Some(source) => format!("\"source\": {{ \"id\": {} }}", source.json()),
            None => format!(
                "\"osDiskImage\": {{ \"source\": {{ \"id\": \"[resourceId('Microsoft.Compute/snapshots', 'os')]\" }} }}, \"dataDiskImages\": [{}]",
                disks.join(", ")
            ),
        };
        let publishing = match (self.looped, regions.first()) {
            (true, Some(region)) => format!(
                "{{ \"copy\": [ {{ \"name\": \"targetRegions\", \"count\": \"[length(parameters('items'))]\", \"input\": {region} }} ] }}"
            ),
            _ => format!("{{ \"targetRegions\": [{}] }}", regions.join(", ")),
        };
        let condition = if self.condition { "\"condition\": \"[parameters('switch')]\", " } else { "" };
        format!(
            "{{ {condition}\"type\": \"Microsoft.Compute/galleries/images/versions\", \"apiVersion\": \"2024-03-03\", \"name\": \"g/i/{number}.0.0\", \
             \"location\": {}, \"properties\": {{ \"storageProfile\": {{ {source} }}, \"publishingProfile\": {publishing} }} }}",
            self.location.json()
        )
    }
}

impl Template {
    fn json(&self) -> String {
        let mut resources: Vec<String> =
            self.versions.iter().take(3).enumerate().map(|(at, version)| version.json(at)).collect();
        const TYPES: [&str; 4] = ["EncryptionAtRestWithCustomerKey", "EncryptionAtRestWithPlatformAndCustomerKeys", "ConfidentialVmEncryptedWithCustomerKey", "x"];
        resources.extend(self.sets.iter().take(3).map(|(name, location, ty)| format!(
            "{{ \"type\": \"Microsoft.Compute/diskEncryptionSets\", \"apiVersion\": \"2024-03-02\", \"name\": {}, \"location\": {}, \"properties\": {{ \"encryptionType\": \"{}\" }} }}",
            name.json(), location.json(), TYPES[usize::from(*ty) % TYPES.len()]
        )));
        resources.extend(self.machines.iter().take(2).enumerate().map(|(at, (location, image, des))| {
            let image = image.as_ref().map(|image| format!("\"imageReference\": {{ \"id\": {} }}, ", image.json())).unwrap_or_default();
            let des = des.as_ref().map(|des| format!(", \"managedDisk\": {{ \"diskEncryptionSet\": {{ \"id\": {} }} }}", des.json())).unwrap_or_default();
            format!(
                "{{ \"type\": \"Microsoft.Compute/virtualMachines\", \"apiVersion\": \"2024-03-01\", \"name\": \"m{at}\", \"location\": {}, \
                 \"properties\": {{ \"storageProfile\": {{ {image}\"osDisk\": {{ \"createOption\": \"FromImage\"{des} }} }} }} }}",
                location.json()
            )
        }));
        resources.extend(self.permissions.map(|word| format!(
            "{{ \"type\": \"Microsoft.Compute/galleries\", \"apiVersion\": \"2024-03-03\", \"name\": \"g\", \"location\": \"westus\", \
             \"properties\": {{ \"sharingProfile\": {{ \"permissions\": \"{}\" }} }} }}",
            if matches!(word, Word::Null) { "Groups" } else { word.text() }
        )));
        let inner = self.whole(&resources);
        if !self.nested {
            return inner;
        }
        let passed = ["p", "d", "switch", "o", "items"]
            .map(|name| format!("\"{name}\": {{ \"value\": \"[parameters('{name}')]\" }}"))
            .join(", ");
        self.whole(&[format!(
            "{{ \"type\": \"Microsoft.Resources/deployments\", \"apiVersion\": \"2021-04-01\", \"name\": \"inner\", \"properties\": {{ \
             \"mode\": \"Incremental\", \"expressionEvaluationOptions\": {{ \"scope\": \"inner\" }}, \"parameters\": {{ {passed} }}, \"template\": {inner} }} }}"
        )])
    }

    fn whole(&self, resources: &[String]) -> String {
        format!(
            "{{ \"$schema\": \"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#\", \"contentVersion\": \"1.0.0.0\",\n\
             \"parameters\": {{ \"p\": {{ \"type\": \"string\" }}, \"d\": {{ \"type\": \"string\", \"defaultValue\": \"westus\" }}, \
             \"switch\": {{ \"type\": \"bool\" }}, \"o\": {{ \"type\": \"object\" }}, \"items\": {{ \"type\": \"array\" }} }},\n\
             \"variables\": {{ \"v\": {} }},\n\"resources\": [{}] }}",
            self.variable.json_of_variable(),
            resources.join(",\n")
        )
    }
}

fn tell(analysis: &cmklint::analyze::Analysis) {
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    let (runs, rules) = &mut *told;
    *runs += 1;
    for finding in &analysis.findings {
        *rules.entry(finding.rule.to_string()).or_default() += 1;
    }
    if *runs % 10_000 == 0 {
        eprintln!("{runs} runs, {} rules: {rules:?}", rules.len());
    }
}

fuzz_target!(|template: Template| {
    let text = template.json();
    let analysis = cmklint_fuzz::check_soundly("main.json", text.as_bytes());
    let broken = analysis.findings.iter().find(|finding| &*finding.rule == "CMK001");
    assert!(broken.is_none(), "a whole template is not read whole: {broken:?}\n{text}");
    tell(&analysis);
    // What isn't deployed has no fault: the switch decides whether versions are there.
    let switches: &[&str] =
        if template.versions.iter().any(|version| version.condition) { &["true"] } else { &["true", "false"] };
    for switch in switches {
        for (p, items) in [("westus", r#"["eastus", "westus"]"#), ("", r#"["a"]"#)] {
            let values = [("p", p), ("switch", *switch), ("o", "{}"), ("items", items)];
            cmklint_fuzz::contradicts_no_values("main.json", text.as_bytes(), &analysis, &values);
        }
    }
});
