//! Whatever the input: no panic, no span outside of the text, no time out of proportion.

use super::*;
use crate::ir::{Template, Unit, UnitKind};

const TEMPLATE: &str = r##"{
  // a bit of everything
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "contentVersion": "1.0.0.0",
  "definitions": {"t": {"type": "string", "nullable": true}},
  "parameters": {"é": {"$ref": "#/definitions/t"}, "p": {"type": "array", "defaultValue": ["a\"b", "it''s"]}},
  "functions": [{"namespace": "n", "members": {"f": {"parameters": [{"name": "a"}], "output": {"value": "[parameters('a')]"}}}}],
  "variables": {"copy": [{"name": "c", "count": 2, "input": "[copyIndex('c')]"}], "v": "[format('{0}/😀.json', 'x')]"},
  "resources": [
    {
      "type": "Microsoft.Resources/deployments", "name": "[concat('é\u00e9''', n.f(1)[0].b)]", "condition": "[not(false())]",
      "copy": {"name": "loop", "count": "[length(parameters('p'))]"},
      "properties": {
        "expressionEvaluationOptions": {"scope": "inner"},
        "parameters": {"a": {"value": "[[x]"}, "s": {"reference": {"secretName": "y"}}},
        "template": {"resources": {"r": {"existing": true, "type": "a/b", "name": "c", "tags": {"[variables('k')]": null}}}}
      }
    },
    {"type": "Microsoft.Resources/deployments", "name": "m", "properties": {"templateLink": {"uri": "[uri(deployment().x, variables('v'))]"}}}
  ],
  "outputs": {"o": {"value": "[map(parameters('p'), lambda('x', lambdaVariables('x')))]"}}
}"##;

const PARAMETERS: &str = r#"{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#",
  "metadata": {"template": "é.json"},
  "parameters": {"a": {"value": "[fill in]"}, "b": {"reference": {}}, "c": {"expression": "[x()]"}}
}"#;

/// Every span of a program, nested ones included.
fn spans(program: &Program) -> Vec<Span> {
    let mut all: Vec<Span> = program.broken.clone();
    for node in &program.exprs {
        all.push(node.span);
        if let Expr::Str(pieces) = &node.expr {
            for piece in pieces {
                let Piece::Literal(text, span) = piece else { continue };
                assert!(!text.is_empty());
                all.push(*span);
            }
        }
    }
    all.extend(program.params.iter().map(|param| param.span));
    all.extend(program.vars.iter().chain(&program.outputs).map(|binding| binding.span));
    all.extend(program.assigns.iter().map(|assign| assign.span));
    all.extend(program.files.iter().map(|file| file.span));
    for unit in &program.units {
        unit_spans(unit, &mut all);
    }
    all
}

fn unit_spans(unit: &Unit, all: &mut Vec<Span>) {
    all.push(unit.span);
    if let UnitKind::Deploy(deploy) = &unit.kind
        && let Template::Inline(inner) = &deploy.template
    {
        all.extend(spans(inner));
    }
    for child in &unit.children {
        unit_spans(child, all);
    }
}

fn hold_together(text: &str) {
    for kind in [Kind::Template, Kind::Parameters] {
        let lowered = lower_as(FILE, text, kind);
        let told = lowered.diagnostics.iter().map(|(span, _)| *span);
        for span in told.chain(lowered.program.iter().flat_map(spans)) {
            let within = text.get(span.start as usize..span.end as usize);
            assert!(within.is_some(), "{span:?} of {} bytes in {text}", text.len());
        }
    }
}

#[test]
fn the_whole_texts_are_read_without_remark() {
    for text in [TEMPLATE, PARAMETERS] {
        assert_eq!(remarks(text), [""; 0]);
    }
}

#[test]
fn a_text_cut_anywhere_is_lowered_without_harm() {
    for text in [TEMPLATE, PARAMETERS] {
        for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
            hold_together(&text[..end]);
        }
    }
}

#[test]
fn a_text_with_any_character_lost_is_lowered_without_harm() {
    for text in [TEMPLATE, PARAMETERS] {
        for (at, lost) in text.char_indices() {
            hold_together(&format!("{}{}", &text[..at], &text[at + lost.len_utf8()..]));
        }
    }
}

#[test]
fn pieces_of_the_length_of_their_bytes_are_their_bytes() {
    let program = lowered(TEMPLATE);
    let mut seen = 0;
    for node in &program.exprs {
        let Expr::Str(pieces) = &node.expr else { continue };
        for piece in pieces {
            let Piece::Literal(said, span) = piece else { continue };
            if said.len() == span.len() as usize {
                assert_eq!(&**said, covered(TEMPLATE, *span));
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn nesting_to_the_bound_fits_the_stack() {
    let deep = format!("\"[{}1{}]\"", "f(".repeat(250), ")".repeat(250));
    let value = format!("{}{deep}{}", "[".repeat(250), "]".repeat(250));
    hold_together(&format!(r#"{{"variables": {{"v": {value}}}}}"#));
    let open = r#"{"resources": [{"type": "Microsoft.Resources/deployments", "properties": {"template": "#;
    let text = format!("{}{{}}{}", open.repeat(63), "}}]}".repeat(63));
    assert!(lower_as(FILE, &text, Kind::Template).diagnostics.is_empty());
    hold_together(&open.repeat(500));
}

#[test]
fn addresses_that_multiply_are_given_up() {
    let mut variables = r#""v0": "x/""#.to_owned();
    for at in 1..200 {
        let _ = write!(variables, r#", "v{at}": "[concat(variables('v{}'), variables('v{}'))]""#, at - 1, at - 1);
    }
    let link = r#"{"type": "Microsoft.Resources/deployments", "properties": {"templateLink": {"uri": "[concat(variables('v199'), 'a.json')]"}}}"#;
    let links = vec![link; 2000].join(",");
    hold_together(&format!(r#"{{"variables": {{{variables}}}, "resources": [{links}]}}"#));
}

#[test]
fn remarks_are_bounded() {
    let faults = vec![r#""[oops]""#; 5000].join(",");
    let lowered = lower_as(FILE, &format!(r#"{{"variables": {{"v": [{faults}]}}}}"#), Kind::Template);
    assert_eq!(lowered.expressions, 5000);
    assert_eq!(lowered.diagnostics.len(), 200);
}
