//! Expressions of ARM templates: read, evaluated and shown, as an output and as the key of a region.
#![no_main]

use libfuzzer_sys::fuzz_target;

const BEFORE: &str = r#"{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
"contentVersion": "1.0.0.0", "parameters": { "p": { "type": "string" }, "a": { "type": "array" }, "o": { "type": "object", "defaultValue": { "k": "v" } } },
"resources": [ { "type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2024-03-03", "name": "g/i/1.0.0", "location": "westus",
"properties": { "storageProfile": { "source": { "id": "x" } }, "publishingProfile": { "targetRegions": [ { "name": "westus",
"encryption": { "osDiskImage": { "diskEncryptionSetId": ""#;
const AFTER: &str = r#"" } } } ] } } } ] }"#;

fuzz_target!(|text: &str| {
    if text.len() <= 4096 {
        let quoted: String = text
            .chars()
            .map(|char| match char {
                '"' => "\\\"".to_owned(),
                '\\' => "\\\\".to_owned(),
                char if u32::from(char) < 0x20 => " ".to_owned(),
                char => char.to_string(),
            })
            .collect();
        cmklint_fuzz::check_soundly("main.json", format!("{BEFORE}[{quoted}]{AFTER}").as_bytes());
    }
});
