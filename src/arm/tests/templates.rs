//! Templates of all shapes: resources, copies, conditions, nested deployments.

use super::*;
use crate::ir::{Deploy, ParamType, RefKind, ScopeKind, Template, Unit, UnitKind};

const SCHEMA: &str = r#""$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#""#;

fn template(members: &str) -> String {
    format!("{{{SCHEMA}, {members}}}")
}

/// A unit in one line, its children in parentheses.
fn show_unit(program: &Program, unit: &Unit) -> String {
    let mut shown = format!("{} {}", show(program, unit.ty), show_optional(program, unit.name));
    if let Some(symbol) = &unit.symbol {
        shown = format!("{symbol} = {shown}");
    }
    if unit.existing {
        shown.push_str(" existing");
    }
    if let Some(scope) = unit.scope {
        let _ = write!(shown, " on {}", show(program, scope));
    }
    if let Some(condition) = unit.condition {
        let _ = write!(shown, " if {}", show(program, condition));
    }
    if let Some(each) = &unit.each {
        let _ = write!(shown, " {}", show_loop(program, each));
    }
    for depends in &unit.depends {
        let _ = write!(shown, " after {}", show(program, *depends));
    }
    let _ = write!(shown, " {}", show(program, unit.body));
    if !unit.children.is_empty() {
        let children: Vec<_> = unit.children.iter().map(|child| show_unit(program, child)).collect();
        let _ = write!(shown, " ({})", children.join("; "));
    }
    shown
}

fn units(text: &str) -> Vec<String> {
    let program = lowered(text);
    program.units.iter().map(|unit| show_unit(&program, unit)).collect()
}

fn deployment(program: &Program) -> &Deploy {
    match &program.units[0].kind {
        UnitKind::Deploy(deploy) => deploy,
        UnitKind::Resource => panic!("no deployment"),
    }
}

fn inline(program: &Program) -> &Program {
    match &deployment(program).template {
        Template::Inline(inner) => inner,
        other => panic!("not inline: {other:?}"),
    }
}

#[test]
fn the_schema_says_the_scope() {
    let cases = [
        ("deploymentTemplate.json#", ScopeKind::ResourceGroup),
        ("subscriptionDeploymentTemplate.json#", ScopeKind::Subscription),
        ("MANAGEMENTGROUPDEPLOYMENTTEMPLATE.json", ScopeKind::ManagementGroup),
        ("tenantDeploymentTemplate.json#", ScopeKind::Tenant),
    ];
    for (name, scope) in cases {
        let text = format!(r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-08-01/{name}"}}"#);
        assert_eq!(lowered(&text).scope, scope, "{name}");
    }
    assert_eq!(lowered(r#"{"contentVersion": "1.0.0.0", "resources": []}"#).scope, ScopeKind::Unknown);
}

#[test]
fn parameters_are_declared_with_all_that_bounds_them() {
    let text = template(
        r##""definitions": {"short": {"$ref": "#/definitions/text", "maxLength": 5}, "text": {"type": "string", "nullable": true}},
        "parameters": {
            "a": {"type": "String", "defaultValue": "[resourceGroup().location]", "allowedValues": ["x", "[y]"]},
            "b": {"type": "int", "minValue": 1, "maxValue": 9},
            "c": {"type": "secureObject"},
            "d": {"$ref": "#/definitions/short"},
            "e": {"type": "array", "defaultValue": null}
        }"##,
    );
    let program = lowered(&text);
    let shown: Vec<_> = program
        .params
        .iter()
        .map(|param| {
            let of = |id| show_optional(&program, id);
            format!(
                "{} {:?} default {} allowed {} min {} max {}{}{}",
                param.name,
                param.ty,
                of(param.default),
                of(param.allowed),
                of(param.min),
                of(param.max),
                if param.nullable { " nullable" } else { "" },
                if param.secure { " secure" } else { "" }
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            "a String default resourceGroup()['location'] allowed ['x', '[y]'] min - max -",
            "b Int default - allowed - min 1 max 9",
            "c Object default - allowed - min - max - secure",
            "d String default - allowed - min - max 5 nullable",
            "e Array default null allowed - min - max -",
        ]
    );
    assert_eq!(covered(&text, program.params[3].span), "\"d\"");
}

#[test]
fn type_definitions_in_a_circle_end() {
    let text = template(
        r##""definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}},
        "parameters": {"p": {"$ref": "#/definitions/a"}}"##,
    );
    assert_eq!(lowered(&text).params[0].ty, ParamType::Any);
}

#[test]
fn loops_are_read_wherever_they_may_stand() {
    let text = template(
        r#""parameters": {"p": {"type": "object", "defaultValue": {"copy": [{"name": "q", "count": 1, "input": "x"}]}}},
        "variables": {
            "copy": [{"name": "top", "count": 3, "input": "[copyIndex('top')]"}],
            "inner": {"a": 1, "Copy": [
                {"name": "b", "count": "[length(parameters('x'))]", "input": {"n": "[copyIndex('b', 1)]"}},
                {"name": "c", "count": 2, "input": 0}
            ]},
            "data": {"copy": ["not", "a", "loop"]}
        },
        "outputs": {"o": {"type": "array", "condition": "[variables('c')]", "copy": {"count": 2, "input": "[copyIndex()]"}}}"#,
    );
    let program = lowered(&text);
    assert_eq!(show_optional(&program, program.params[0].default), "{q for(q < 1) 'x'}");
    let vars: Vec<_> = program.vars.iter().map(|var| format!("{} = {}", var.name, show(&program, var.value))).collect();
    assert_eq!(
        vars,
        [
            "top = for(top < 3) index:top",
            "inner = {'a': 1, b for(b < length(param:x)) {'n': index:b+1}, c for(c < 2) 0}",
            "data = {'copy': ['not', 'a', 'loop']}",
        ]
    );
    assert_eq!(covered(&text, program.vars[0].span), "\"top\"");
    let output = &program.outputs[0];
    assert_eq!(show(&program, output.value), "for(resource < 2) index:resource");
    assert_eq!(show_optional(&program, output.condition), "var:c");
}

#[test]
fn a_loop_whose_name_is_computed_leaves_the_object_open() {
    let text = template(r#""variables": {"v": {"copy": [{"name": "[parameters('n')]", "count": 1, "input": 0}]}}"#);
    let program = lowered(&text);
    assert_eq!(show(&program, program.vars[0].value), "{...broken}");
}

#[test]
fn user_functions_see_their_arguments_only() {
    let text = template(
        r#""functions": [{"namespace": "contoso", "members": {"name": {
            "parameters": [{"name": "a", "type": "string"}, {"name": "b", "type": "int"}],
            "output": {"type": "string", "value": "[concat(parameters('a'), contoso.other(), parameters('b'))]"}
        }}}],
        "variables": {"v": "[parameters('a')]"}"#,
    );
    let program = lowered(&text);
    let function = &program.funcs[0];
    assert_eq!((&*function.namespace, &*function.name, function.args.join(",")), ("contoso", "name", "a,b".to_owned()));
    assert_eq!(show(&program, function.body), "concat(local:a, contoso.other(), local:b)");
    assert_eq!(show(&program, program.vars[0].value), "param:a");
}

#[test]
fn resources_are_read_with_their_children() {
    let text = template(
        r#""resources": [{
            "Type": "Microsoft.Compute/galleries", "apiVersion": "2022-03-03", "NAME": "[parameters('g')]", "comments": "c",
            "condition": "[parameters('on')]", "copy": {"name": "loop", "count": 2, "mode": "serial"},
            "dependsOn": ["a", "[variables('b')]"], "location": "westeurope", "[variables('k')]": 1,
            "properties": {"copy": [{"name": "xs", "count": 2, "input": "[copyIndex('xs')]"}]},
            "resources": [{"type": "images", "name": "i", "resources": [{"type": "versions", "name": "1.0.0"}]}]
        }, {
            "type": "Microsoft.Authorization/locks", "name": "l", "scope": "[resourceId('a/b', 'c')]", "dependsOn": "[variables('all')]"
        }]"#,
    );
    assert_eq!(
        units(&text),
        [
            "'Microsoft.Compute/galleries' param:g if param:on for(loop < 2) after 'a' after var:b \
             {'location': 'westeurope', var:k: 1, 'properties': {xs for(xs < 2) index:xs}} \
             ('images' 'i' {} ('versions' '1.0.0' {}))",
            "'Microsoft.Authorization/locks' 'l' on resourceId('a/b', 'c') after var:all {}",
        ]
    );
    assert!(!lowered(&text).symbolic);
}

#[test]
fn symbolic_names_and_existing_resources_are_read() {
    let text = template(
        r#""languageVersion": "2.0", "resources": {
            "gallery": {"existing": true, "type": "Microsoft.Compute/galleries", "name": "g"},
            "image": {"type": "Microsoft.Compute/galleries/images", "name": "g/i", "dependsOn": ["gallery"],
                "resources": {"one": {"type": "versions", "name": "1.0.0"}}}
        }"#,
    );
    assert_eq!(
        units(&text),
        [
            "gallery = 'Microsoft.Compute/galleries' 'g' existing {}",
            "image = 'Microsoft.Compute/galleries/images' 'g/i' after 'gallery' {} (one = 'versions' '1.0.0' {})",
        ]
    );
    assert!(lowered(&text).symbolic);
}

#[test]
fn what_is_no_resource_is_unknown_and_not_absent() {
    let text = template(r#""resources": ["[variables('more')]", {"name": "n"}, oops], "parameters": "[x()]""#);
    let program = lowered(&text);
    let broken: Vec<_> = program.broken.iter().map(|&span| covered(&text, span)).collect();
    assert_eq!(broken, ["oops", "\"[x()]\"", "\"[variables('more')]\"", "oops"]);
    assert_eq!(show_unit(&program, &program.units[0]), "broken 'n' {}");
}

#[test]
fn nested_deployments_are_inner_or_outer() {
    let nested = |options: &str| {
        template(&format!(
            r#""resources": [{{
                "type": "microsoft.resources/DEPLOYMENTS", "apiVersion": "2021-04-01", "name": "n", "location": "l",
                "subscriptionId": "[parameters('s')]", "resourceGroup": "rg",
                "properties": {{
                    "mode": "Incremental", {options}
                    "parameters": {{
                        "a": {{"value": "[variables('v')]"}},
                        "b": {{"reference": {{"keyVault": {{"id": "k"}}, "secretName": "pw"}}}},
                        "c": {{"copy": [{{"name": "value", "count": 2, "input": "[copyIndex('value')]"}}]}},
                        "d": "[parameters('whole')]"
                    }},
                    "template": {{{SCHEMA}, "resources": [{{"type": "a/b", "name": "[parameters('a')]"}}]}}
                }}
            }}]"#
        ))
    };
    for (options, inner) in [
        ("", false),
        (r#""expressionEvaluationOptions": {"scope": "outer"},"#, false),
        (r#""expressionEvaluationOptions": {"scope": "Inner"},"#, true),
    ] {
        let text = nested(options);
        let program = lowered(&text);
        let deploy = deployment(&program);
        assert_eq!(deploy.inner, inner, "{options}");
        assert_eq!(show_optional(&program, deploy.subscription), "param:s");
        assert_eq!(show_optional(&program, deploy.resource_group), "'rg'");
        assert_eq!(show(&program, program.units[0].body), "{'location': 'l'}");
        let arguments: Vec<_> = deploy
            .arguments
            .iter()
            .map(|argument| format!("{} = {}", argument.name, show(&program, argument.value)))
            .collect();
        assert_eq!(
            arguments,
            ["a = var:v", "b = secret:pw", "c = for(value < 2) index:value", "d = param:whole['value']"]
        );
        let inner = inline(&program);
        assert_eq!(show_unit(inner, &inner.units[0]), "'a/b' param:a {}");
    }
    let unclear = lowered(&nested(r#""expressionEvaluationOptions": {"scope": "[parameters('x')]"},"#));
    assert!(matches!(deployment(&unclear).template, Template::Unknown));
}

#[test]
fn broken_regions_belong_to_the_template_they_are_in() {
    let text = template(
        r#""resources": [{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {"template": {"resources": [nonsense]}}}]"#,
    );
    let program = lowered(&text);
    let inner = inline(&program);
    assert!(inner.broken.iter().any(|&span| covered(&text, span) == "nonsense"));
}

/// The file that the first resource links to, and the bytes that name it.
fn linked(variables: &str, properties: &str) -> Option<(String, String, RefKind)> {
    let text = template(&format!(
        r#""parameters": {{
            "base": {{"type": "string", "defaultValue": "[deployment().properties.templateLink.uri]"}},
            "sas": {{"type": "string", "defaultValue": ""}},
            "free": {{"type": "string"}}
        }}, "variables": {{{variables}}},
        "resources": [{{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {{{properties}}}}}]"#
    ));
    let program = lowered(&text);
    let deploy = deployment(&program);
    assert!(deploy.inner);
    let file = match deploy.template {
        Template::File(file) => file,
        _ => deploy.parameters_file?,
    };
    let file = &program.files[file];
    Some((file.path.to_string(), covered(&text, file.span).to_owned(), file.kind))
}

#[test]
fn relative_links_name_a_file() {
    let found = linked("", r#""templateLink": {"relativePath": "nested/vm.json"}"#).unwrap();
    assert_eq!(found, ("nested/vm.json".to_owned(), "nested/vm.json".to_owned(), RefKind::Module));
    let found = linked("", r#""parametersLink": {"uri": "[uri(parameters('base'), 'p.json')]"}"#).unwrap();
    assert_eq!(found, ("p.json".to_owned(), "p.json".to_owned(), RefKind::Parameters));
}

#[test]
fn the_literal_tail_of_an_address_names_a_file() {
    let cases = [
        ("", "[uri(variables('v'), 'nested/x.json')]", "nested/x.json", "nested/x.json"),
        ("", "[concat(parameters('base'), '/nested/x.json', parameters('sas'))]", "nested/x.json", "nested/x.json"),
        ("", "[uri(parameters('base'), concat('nested/x.json', parameters('sas')))]", "nested/x.json", "nested/x.json"),
        (
            "",
            "[format('{0}/nested/{1}{2}', parameters('base'), 'x.json', parameters('sas'))]",
            "nested/x.json",
            "x.json",
        ),
        ("", "https://host/repo/main/x.json?a=b", "repo/main/x.json", "repo/main/x.json"),
        ("", "https://raw.githubusercontent.com/owner/repo/main/nested/x.json", "nested/x.json", "nested/x.json"),
        (r#""v": "https://host/a/b/""#, "[concat(variables('v'), 'nested/x.json')]", "nested/x.json", "nested/x.json"),
        (r#""v": "https://host/a/b""#, "[concat(variables('v'), '/x.json')]", "x.json", "x.json"),
        (
            r#""v": "nested/", "w": "x.json""#,
            "[concat(parameters('free'), variables('v'), variables('w'))]",
            "nested/x.json",
            "x.json",
        ),
        (
            r#""v": "[concat(parameters('base'), 'nested/x.json', parameters('free'))]""#,
            "[variables('v')]",
            "nested/x.json",
            "nested/x.json",
        ),
        (
            r#""v": {"a": {"b": "[uri(deployment().properties.templateLink.uri, 'x.json')]"}}"#,
            "[variables('v').a.b]",
            "x.json",
            "x.json",
        ),
        (r#""v": "x""#, "[concat(parameters('base'), 'nested/', variables('v'), '.json')]", "nested/x.json", ".json"),
    ];
    for (variables, uri, path, written) in cases {
        let found = linked(variables, &format!(r#""templateLink": {{"uri": "{uri}"}}"#));
        assert_eq!(found, Some((path.to_owned(), written.to_owned(), RefKind::LinkedUri)), "{uri}");
    }
}

#[test]
fn an_address_without_literal_tail_names_no_file() {
    let loops = r#""v": "[variables('w')]", "w": "[variables('v')]""#;
    for (variables, uri) in [
        ("", "[parameters('free')]"),
        ("", "[concat(parameters('base'), '/', parameters('free'), '.json')]"),
        ("", "[concat('x.json', 'c')]"),
        ("", "[if(parameters('free'), 'a.json', 'b.json')]"),
        (loops, "[variables('v')]"),
        (r#""v": "[concat(variables('v'), variables('v'), 'x.yaml')]""#, "[variables('v')]"),
    ] {
        assert_eq!(linked(variables, &format!(r#""templateLink": {{"uri": "{uri}"}}"#)), None, "{uri}");
    }
    assert_eq!(linked("", r#""templateLink": {"id": "[resourceId('a/b', 'c')]"}"#), None);
}

#[test]
fn an_outer_template_links_by_the_names_of_its_parent() {
    let text = template(
        r#""variables": {"v": "x.json"}, "resources": [{"type": "Microsoft.Resources/deployments", "name": "n", "properties": {
            "template": {"variables": {"v": "wrong.json"}, "resources": [{"type": "Microsoft.Resources/deployments", "name": "m",
                "properties": {"templateLink": {"uri": "[uri(parameters('b'), variables('v'))]"}}}]}
        }}]"#,
    );
    let program = lowered(&text);
    assert_eq!(&*inline(&program).files[0].path, "x.json");
}

#[test]
fn what_could_not_be_read_of_an_object_may_hold_anything() {
    let cases = [
        (r#"{ "a": 1, "b": [1, 2"#, true, true),
        (r#"{ "a": 1, "b": [1, ?, 2] }"#, false, false),
        (r#"{ "a": 1, "b": [1, 2], ? }"#, true, false),
        (r#"{ "a": 1, "b": [1, 2] }"#, false, false),
    ];
    for (value, object_open, array_open) in cases {
        let text = format!(
            r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
            "contentVersion": "1.0.0.0", "resources": [], "variables": {{ "v": {value}
"#
        );
        let program = crate::arm::lower(crate::text::SourceId(0), &text).program.unwrap();
        let Expr::Object(fields) = program.expr(program.vars[0].value) else { panic!("{value}") };
        let is_open = matches!(fields.first(), Some(Field::Spread(_)));
        assert_eq!(is_open, object_open, "{value}");
        let array = fields.iter().find_map(|field| match field {
            Field::Named { key, value } if program.literal(*key).as_deref() == Some("b") => Some(*value),
            _ => None,
        });
        let Some(Expr::Array(items)) = array.map(|array| program.expr(array)) else { panic!("{value}: no array") };
        assert_eq!(matches!(items.last(), Some(crate::ir::Item::Spread(_))), array_open, "{value}");
    }
}
