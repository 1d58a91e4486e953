//! Templates that commands of scripts deploy: each way of saying it gives the scenario that is meant.

mod support;

use cmklint::analyze::Analysis;
use cmklint::finding::Severity;

use support::{check_files, check_named, lines};

const TEMPLATE: &str = "\
param west string
param east string
param location string = resourceGroup().location
param replicas int = 1
param extra array = []

resource version 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'gallery/image/1.0.0'
  location: location
  properties: {
    storageProfile: { osDiskImage: { source: { id: resourceId('Microsoft.Compute/snapshots', 'os') } } }
    publishingProfile: {
      targetRegions: concat([
        { name: location, regionalReplicaCount: replicas, encryption: { osDiskImage: { diskEncryptionSetId: west } } }
        { name: 'eastus2', encryption: { osDiskImage: { diskEncryptionSetId: east } } }
      ], extra)
    }
  }
}
";
const ONE: &str = "11111111-1111-1111-1111-111111111111";
const TWO: &str = "22222222-2222-2222-2222-222222222222";

fn set(subscription: &str, name: &str) -> String {
    format!("/subscriptions/{subscription}/resourceGroups/keys/providers/Microsoft.Compute/diskEncryptionSets/{name}")
}

/// `{one:a}` stands for a set of subscription one.
fn filled(text: &str) -> String {
    let mut text = text.replace("ONE", ONE).replace("TWO", TWO);
    for (sign, subscription) in [("{one:", ONE), ("{two:", TWO)] {
        while let Some((front, rest)) = text.split_once(sign) {
            let (name, rest) = rest.split_once('}').expect("the name ends");
            text = format!("{front}{}{rest}", set(subscription, name));
        }
    }
    text
}

fn files(files: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut all = vec![("infra/main.bicep".to_owned(), TEMPLATE.to_owned())];
    all.extend(files.iter().map(|(name, text)| ((*name).to_owned(), filled(text))));
    all
}

/// Findings above a note: rule, file, text at the place.
fn found(analysis: &Analysis) -> Vec<String> {
    let loud = analysis.findings.iter().filter(|finding| finding.severity > Severity::Note);
    loud.map(|finding| {
        let file = analysis.sources.get(finding.primary.source).name();
        format!("{} {file} {}", finding.rule, analysis.sources.slice(finding.primary))
    })
    .collect()
}

/// What is found where a script deploys the template.
#[track_caller]
fn assert_found(script: (&str, &str), expected: &[&str]) {
    let analysis = check_files(&files(&[script]));
    let expected: Vec<String> = expected.iter().map(|line| filled(line)).collect();
    assert_eq!(found(&analysis), expected, "{}\n{}", script.1, lines(&analysis));
}

const MARKDOWN: &str = "docs/deploy.md";
const SHELL: &str = "scripts/deploy.sh";
const POWERSHELL: &str = "scripts/deploy.ps1";

/// Every shape gives the subscription TWO and both sets of subscription ONE, or says `eastus2` with a set of another
/// region's name.
#[test]
fn values_of_the_script_are_at_fault_where_they_are_written() {
    let cases: &[(&str, &str, &[&str])] = &[
        (
            SHELL,
            "az account set --subscription TWO\n\
             az deployment group create -g rg --template-file infra/main.bicep \\\n  \
             --parameters west={two:a} east={one:b} location=westus",
            &["CMK101 scripts/deploy.sh ONE"],
        ),
        (
            SHELL,
            "az deployment group create -g rg --subscription TWO -f ../infra/main.bicep -p west={two:a} -p east={one:b}",
            &["CMK101 scripts/deploy.sh ONE"],
        ),
        (
            SHELL,
            "here=$(cd \"$(dirname \"${BASH_SOURCE[0]}\")\" && pwd)\n\
             az deployment group validate -g rg -f \"$here/../infra/main.bicep\" \
             -p '{\"west\": {\"value\": \"{two:a}\"}, \"east\": {\"value\": \"{two:des-westus}\"}}' location=westeurope",
            &["CMK302 scripts/deploy.sh des-westus"],
        ),
        (
            SHELL,
            "az deployment group what-if -g rg -f infra/main.bicep -p west=\"$DES\" east=\"$DES\" location=westus",
            &["CMK102 scripts/deploy.sh $DES"],
        ),
        (
            SHELL,
            "az deployment group create -g $RG -f infra/main.bicep -p west=$WEST east={two:des-westus} location=westeurope \
             replicas=$COUNT",
            &["CMK302 scripts/deploy.sh des-westus"],
        ),
        (
            SHELL,
            "az group create -n rg -l northeurope\n\
             az deployment group create -g rg -f infra/main.bicep -p west={two:des-westus} east={two:des-eastus2}",
            &["CMK302 scripts/deploy.sh des-westus"],
        ),
        (
            SHELL,
            "az deployment group create -g rg -f infra/main.bicep -p west={two:a} east={two:b} location=westus \
             extra='[{\"name\": \"uksouth\"}]'",
            &["CMK201 scripts/deploy.sh uksouth"],
        ),
        (
            SHELL,
            "deploy() {\n  az deployment group create -g \"$1\" -f infra/main.bicep -p west=\"$2\" east=\"$3\" location=westus\n}\n\
             deploy rg {two:a} {two:des-westus}",
            &["CMK302 scripts/deploy.sh des-westus"],
        ),
        (
            POWERSHELL,
            "Set-AzContext -Subscription TWO\n\
             New-AzResourceGroupDeployment -ResourceGroupName rg -TemplateFile (Join-Path $PSScriptRoot '../infra/main.bicep') `\n  \
             -west {two:a} -east '{one:b}' -location westus",
            &["CMK101 scripts/deploy.ps1 ONE"],
        ),
        (
            POWERSHELL,
            "$values = @{ west = '{two:a}'; east = '{two:des-westus}'; location = 'westeurope' }\n\
             New-AzResourceGroupDeployment -ResourceGroupName rg -TemplateFile \"$PSScriptRoot/../infra/main.bicep\" \
             -TemplateParameterObject $values",
            &["CMK302 scripts/deploy.ps1 des-westus"],
        ),
        (
            POWERSHELL,
            "$deployment = @{ ResourceGroupName = 'rg'; TemplateFile = 'infra/main.bicep'; west = '{two:a}'\n  \
             east = '{two:des-westus}'; location = 'westeurope' }\n\
             New-AzResourceGroupDeployment @deployment",
            &["CMK302 scripts/deploy.ps1 des-westus"],
        ),
        (
            POWERSHELL,
            "az deployment group create --resource-group rg --template-file infra\\main.bicep `\n  \
             --parameters west={two:a} east={two:des-westus} location=westeurope",
            &["CMK302 scripts/deploy.ps1 des-westus"],
        ),
        (
            MARKDOWN,
            "# Deploy\n\n```azurecli\naz deployment group create -g rg --template-file infra/main.bicep \\\n  \
             --parameters west={two:a} east={two:des-westus} location=westeurope\n```\n",
            &["CMK302 docs/deploy.md des-westus"],
        ),
        (
            ".github/workflows/deploy.yml",
            "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n      - run: |\n          \
             az deployment group create -g rg -f ${{ github.workspace }}/infra/main.bicep \\\n            \
             -p west={two:a} east={two:des-westus} location=westeurope\n",
            &["CMK302 .github/workflows/deploy.yml des-westus"],
        ),
        (
            "azure-pipelines.yml",
            "steps:\n- task: AzureCLI@2\n  inputs:\n    scriptType: bash\n    scriptLocation: inlineScript\n    \
             inlineScript: |\n      az deployment group create -g rg -f $(Build.SourcesDirectory)/infra/main.bicep \\\n        \
             -p west={two:a} east={two:des-westus} location=westeurope\n",
            &["CMK302 azure-pipelines.yml des-westus"],
        ),
        (
            ".github/workflows/deploy.yml",
            "on: push\njobs:\n  deploy:\n    runs-on: ubuntu-latest\n    steps:\n    - uses: azure/arm-deploy@v2\n      with:\n        \
             subscriptionId: TWO\n        resourceGroupName: rg\n        template: ./infra/main.bicep\n        \
             parameters: >-\n          west={two:a} east={one:b}\n          location=${{ inputs.location }}\n",
            &["CMK101 .github/workflows/deploy.yml ONE"],
        ),
        (
            "azure-pipelines.yml",
            "steps:\n- task: AzureResourceManagerTemplateDeployment@3\n  inputs:\n    deploymentScope: Resource Group\n    \
             resourceGroupName: $(group)\n    location: westus\n    csmFile: infra/main.bicep\n    \
             overrideParameters: '-west \"{two:a}\" -east {two:des-westus} -location westeurope -replicas $(count)'\n",
            &["CMK302 azure-pipelines.yml des-westus"],
        ),
    ];
    for (name, text, expected) in cases {
        assert_found((name, text), expected);
    }
}

#[test]
fn what_is_not_known_of_a_deployment_is_no_fault() {
    for text in [
        "az deployment group create -g rg -f infra/main.bicep -p $VALUES",
        "az deployment group create -g rg -f infra/main.bicep -p west=\"$A\" east=\"$B\"",
        "az deployment group create -g rg -f infra/main.bicep -p west={two:des-eastus} east={two:des-westus} @$VALUES",
        "az deployment group create -g rg -f $TEMPLATE -p west={two:des-westus} east={two:des-westus} location=westus",
        "az deployment group create -g rg -f ../../outside.bicep -p west={two:des-westus} east={two:des-westus}",
        "az deployment group create -g rg -f /etc/passwd -p west={two:des-westus}",
        "az deployment group create -g rg -u https://example.org/infra/main.bicep -p west={two:des-westus}",
        "az deployment group create -g rg -f infra/main.bicep -p west={two:a} east={two:b} replicas=$COUNT location=westus",
    ] {
        assert_found((SHELL, text), &[]);
    }
}

const PARAMETERS: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "contentVersion": "1.0.0.0",
  "parameters": { "west": { "value": "{two:a}" }, "east": { "value": "{two:des-westus}" }, "location": { "value": "uksouth" } }
}"#;

/// The last one wins, whether it is a file or a value.
#[test]
fn later_parameters_win_over_earlier_ones() {
    let both = |command: &str| {
        let command = format!("az deployment group create -g rg -f infra/main.bicep {command}");
        found(&check_named(&files(&[("values/rg.json", PARAMETERS), (SHELL, &command)]), &[SHELL]))
    };
    let at_fault = ["CMK302 values/rg.json des-westus"];
    assert_eq!(both("-p values/rg.json"), at_fault);
    assert_eq!(both("--parameters @values/rg.json"), at_fault);
    assert_eq!(both("-p east={two:b} -p @values/rg.json"), at_fault);
    assert!(both("-p @values/rg.json -p east={two:b}").is_empty());
    assert!(both("-p @values/rg.json east={two:b}").is_empty());
    assert_eq!(both("-p @values/rg.json east={two:des-ukwest}"), ["CMK302 scripts/deploy.sh des-ukwest"]);
    assert!(both("-p @values/rg.json -p $MORE").is_empty());
    assert!(both("-p @values/missing.json").is_empty());
}

/// A `.bicepparam` says itself which template it is for.
#[test]
fn a_bicep_parameters_file_brings_its_template() {
    let values =
        "using '../infra/main.bicep'\nparam west = '{two:a}'\nparam east = '{one:b}'\nparam location = 'westus'\n";
    let command = "az deployment group create -g rg --subscription TWO -p values/rg.bicepparam";
    let analysis = check_named(&files(&[("values/rg.bicepparam", values), (SHELL, command)]), &[SHELL]);
    assert_eq!(found(&analysis), [format!("CMK101 values/rg.bicepparam {ONE}")]);
}

/// Its defaults are what nobody deploys, where a command deploys it with values.
#[test]
fn a_template_that_a_script_deploys_is_not_judged_with_its_defaults_again() {
    let template = TEMPLATE.replace("param east string", &format!("param east string = '{}'", set(TWO, "des-westus")));
    let judged = |command: &str| {
        let mut files = files(&[(SHELL, command)]);
        files[0].1.clone_from(&template);
        found(&check_files(&files))
    };
    let command = "az deployment group create -g rg -f infra/main.bicep -p location=westeurope west={two:a}";
    assert_eq!(judged(command), ["CMK302 infra/main.bicep des-westus"]);
    assert!(judged(&format!("{command} east={{two:b}}")).is_empty());
    // What isn't known may leave the default.
    assert_eq!(judged(&format!("{command} $MORE")), ["CMK302 infra/main.bicep des-westus"]);
    assert_eq!(judged("echo deployment template-file"), ["CMK302 infra/main.bicep des-westus"]);
}

/// The same fault of several deployments is one finding that names them.
#[test]
fn a_fault_of_several_deployments_is_one() {
    let template = TEMPLATE.replace("diskEncryptionSetId: east", "diskEncryptionSetId: west");
    let command = "az deployment group create -g rg -f infra/main.bicep -p west={two:a} east=x location=";
    let script = format!("{command}westus\n{command}westeurope");
    let mut files = files(&[(SHELL, &script)]);
    files[0].1 = template;
    let analysis = check_files(&files);
    assert_eq!(found(&analysis), ["CMK102 infra/main.bicep west"], "{}", lines(&analysis));
    assert_eq!(analysis.findings[0].scenarios, ["scripts/deploy.sh:1", "scripts/deploy.sh:2"]);
}

/// Modules see what the command gives to the template.
#[test]
fn values_go_on_to_modules() {
    let root = "targetScope = 'subscription'\nparam set string\n\
                module images 'infra/main.bicep' = { name: 'images', scope: resourceGroup('rg'), params: {\n  \
                west: '{two:a}'\n  east: set\n  location: deployment().location\n} }\n";
    let command = "New-AzSubscriptionDeployment -Location uksouth -TemplateFile all.bicep -set '{two:des-westus}'";
    let analysis = check_named(&files(&[("all.bicep", root), (POWERSHELL, command)]), &[POWERSHELL]);
    assert_eq!(found(&analysis), ["CMK302 scripts/deploy.ps1 des-westus"], "{}", lines(&analysis));
}
