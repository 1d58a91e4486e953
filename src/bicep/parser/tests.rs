//! The whole grammar, and going on after what cannot be read.

use std::fmt::Write;

use super::super::syntax::DeclarationKind;
use super::*;

/// Every construct of the language, one file each.
const VALID: &[&str] = &[
    "targetScope = 'subscription'",
    "metadata description = 'x'",
    "@description('x')\n@sys.allowed(['a', 'b'])\nparam p string = 'a'",
    "@secure()\n\nparam p string\n",
    "param p string { default: 'x' }",
    "param p resource 'Microsoft.Compute/disks@2024-03-02'",
    "var v = 1\nvar w string[] = []",
    "output o int = 1\noutput r resource = x\noutput s resource 'A/b@1' = x",
    "type t = 'a' | 'b'\n  | 'c'",
    "type t = | 'a' | 1 | -1 | true | !false | null",
    "type t = {\n  @minLength(3)\n  a: string\n  'b-c': int?\n}\n",
    "type t = {\n  a: string?\n  b: { *: int }\n  c: string[][]?\n}",
    "type t = [\n  string\n  @maxLength(2)\n  int[]\n]",
    "type t = a.b.*\ntype u = a[*]\ntype v = a[0]\ntype w = (a | b)[]\ntype x = a!",
    "type t = resourceInput<'A/b@1'>.properties\ntype u = sys.resourceOutput<'A/b@1'>\nparam p resource<'A/b@1'>",
    "func f(a string, b int[]) string => '${a}${b}'",
    "@export()\nfunc f(\n  a string,\n  b t\n) string =>\n  a",
    "resource r 'A/b@1' = {\n  name: 'x'\n}",
    "resource r 'A/b@1' existing = {\n  name: 'x'\n}",
    "resource r 'A/b@1' = if (a) {}\nresource s 'A/b@1' =\n  if (a) {}",
    "resource r 'A/b@1' = [for x in xs: {\n  name: x\n}]",
    "resource r 'A/b@1' = [\n  for (x, i) in xs: if (x.on) {\n    name: '${i}'\n  }\n]",
    "resource r 'A/b@1' = {\n  name: 'x'\n  @batchSize(1)\n  resource c 'c' = {\n    name: 'y'\n  }\n  resource: 1\n}",
    "module m 'm.bicep' = {\n  params: {}\n}\nmodule n 'br/public:a:1' = if (a) {}\nmodule o 'o.bicep' = [for x in xs: {}]",
    "import { a, b as c, 'd-e' as f } from 'x.bicep'\nimport {\n  g\n  h as i\n} from 'y.bicep'\nimport * as j from 'z.json'",
    "extension kubernetes\nextension 'br:x:1' with {\n  a: 1\n} as k\nextension az as y",
    "import 'kubernetes@1.0.0' as k8s\nimport 'kubernetes@1.0.0' {\n  a: 1\n} as k",
    "test t 'main.bicep' = {\n  params: {}\n}\nassert a = x > 1",
    "var v = a ? b : c\nvar w = a\n  ? b\n  : c ? d : e",
    "var v = !a && -b < c || d ?? e == f",
    "var v = a.b.?c[0][?d][^1][?^2].e()!.f::g",
    "var v = f()\nvar w = f(\n  a,\n  b\n)\nvar x = f(a, // why\n  b)",
    "var v = sys.f(az.g())",
    "var v = map(xs, x => x.y)\nvar w = map(xs, (x, i) =>\n  {\n    a: x\n  })\nvar y = f(() => 1)",
    "var v = [1, 2]\nvar w = [\n  1\n  ...x\n]\nvar y = []\nvar z = [1, 2,]",
    "var v = {}\nvar w = { a: 1, 'b': 2, 'c${d}': 3 }\nvar x = {\n  ...y\n  a: 1\n}",
    "var v = [for x in xs: x]\nvar w = { a: [for (x, i) in xs: { b: i }] }",
    "var v = (\n  a\n)\nvar w = ((a))",
    "var v = 'a${b}c${'d${e}'}f'\nvar w = '''\na'''\nvar x = $'''a${b}c'''\nvar y = $$'''$${b}'''",
    "var resource = 1\nvar for = 2\nvar v = { param: resource, if: for }",
    "// only a comment",
    "",
    "\u{feff}var v = 1",
    "var v = 1\r\n\r\nvar w = 2\r\n",
    "#disable-next-line no-unused-vars\nvar v = 1",
];

/// The same for parameters files.
const VALID_PARAMETERS: &[&str] = &[
    "using 'main.bicep'\nparam p = 1",
    "using none\nextends 'shared.bicepparam'\nparam p = base.p",
    "using 'main.bicep' with {\n  mode: 'stack'\n}",
    "using 'br/public:a:1'\nvar v = readEnvironmentVariable('A', 'b')\nparam p = v",
    "import * as x from 'x.bicep'\nparam p = x.y",
    "extensionConfig k with {\n  a: 1\n}\ntype t = string\nvar v t = 'a'",
    "param p = externalInput('sys.cli', { a: 1 })\n@description('x')\nparam q = 'x'",
];

fn kind_of(parameters: bool) -> FileKind {
    if parameters { FileKind::Parameters } else { FileKind::Bicep }
}

#[test]
fn every_construct_is_read_without_a_word() {
    let files = VALID.iter().map(|text| (text, false)).chain(VALID_PARAMETERS.iter().map(|text| (text, true)));
    for (text, parameters) in files {
        let parsed = parse(SourceId(0), text, kind_of(parameters));
        assert!(parsed.diagnostics.is_empty(), "{text}\n{:?}", parsed.diagnostics);
        assert!(parsed.tree.skipped.is_empty(), "{text}");
    }
}

#[test]
fn no_cut_makes_the_parser_stumble() {
    let files = VALID.iter().map(|text| (text, false)).chain(VALID_PARAMETERS.iter().map(|text| (text, true)));
    for (text, parameters) in files {
        let cuts = text.char_indices().map(|(at, _)| at);
        for at in cuts {
            for part in [&text[..at], &text[at..]] {
                let parsed = parse(SourceId(0), part, kind_of(parameters));
                assert_spans_fit(&parsed, part);
            }
        }
    }
}

fn assert_spans_fit(parsed: &Parsed<'_>, text: &str) {
    let spans = parsed.tree.declarations.iter().map(|one| one.span).chain(parsed.tree.skipped.iter().copied());
    for span in spans.chain(parsed.diagnostics.iter().map(|(span, _)| *span)) {
        assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} in {text}");
    }
}

/// Puts carets and messages below the lines that they are about, and what is skipped below those.
fn annotated(text: &str) -> String {
    let parsed = parse(SourceId(0), text, FileKind::Bicep);
    let mut shown = String::new();
    let mut start = 0;
    for line in text.split('\n') {
        let end = start + line.len() as u32;
        writeln!(shown, "{line}").unwrap();
        for (span, message) in parsed.diagnostics.iter().filter(|(span, _)| (start..=end).contains(&span.start)) {
            let carets = "^".repeat((span.end.min(end).saturating_sub(span.start)).max(1) as usize);
            writeln!(shown, "{}{carets} {message}", " ".repeat((span.start - start) as usize)).unwrap();
        }
        for span in parsed.tree.skipped.iter().filter(|span| (start..=end).contains(&span.start)) {
            let waves = "~".repeat((span.end.min(end) - span.start) as usize);
            writeln!(shown, "{}{waves}", " ".repeat((span.start - start) as usize)).unwrap();
        }
        start = end + 1;
    }
    shown
}

#[test]
fn faults_are_shown_where_they_are_and_the_rest_is_read() {
    let cases = [
        "\
param
     ^ expected the name of the parameter here
var v = 1
",
        "\
var v = 1 +
           ^ expected an expression here
var w = 2
",
        "\
hello world
^^^^^ expected a declaration here
~~~~~~~~~~~
var w = 2
",
        "\
var v = {
  a: 1
  b
   ^ expected `:` here
  c: ]
     ^ expected an expression here
     ~
}
",
        "\
var v = f(a b)
            ^ expected `,` here
",
        "\
var v = [
  1
  =
  ^ expected an expression here
  ~
]
",
        "\
resource r 'A/b@1' = [for x xs: {}]
                            ^^ expected `in` here
                            ~~~~~~
",
        "\
var v = 'a${b c}d'
              ^ expected the end of the hole, `}`, here
            ~~~
",
        "\
var v = ()
        ^^ parentheses hold exactly one expression
        ~~
",
        "\
var v = 'abc
        ^^^^ this string is not closed
        ~~~~
var w = 1
",
        "\
@description('x')
var v = a.
          ^ expected the name of a property or function here
",
        "\
@description('x')
                 ^ expected a declaration after the decorator
",
    ];
    for case in cases {
        let written: Vec<&str> = case.lines().filter(|line| !line.trim_start().starts_with(['^', '~'])).collect();
        let written = written.join("\n");
        // Where the fault is missing text at the end of the file it shows at the end of the last line.
        assert_eq!(annotated(&written), case, "\n{}", annotated(&written));
    }
}

#[test]
fn declarations_after_a_fault_are_declared() {
    let text = "param p {\nvar a = 1\nresource r 'x@1' = {\n  b: (\n}\nvar c = 3\noutput d string = c\n";
    let parsed = parse(SourceId(0), text, FileKind::Bicep);
    let outputs = parsed.tree.declarations.iter().filter(|one| matches!(one.kind, DeclarationKind::Output(_)));
    assert_eq!(outputs.count(), 1);
    assert!(!parsed.diagnostics.is_empty());
}

#[test]
fn depth_is_bounded_and_said() {
    let deep = 5_000;
    let cases = [
        format!("var v = {}1{}", "(".repeat(deep), ")".repeat(deep)),
        format!("var v = {}", "[".repeat(deep)),
        format!("var v = {}", "{a:".repeat(deep)),
        format!("var v = {}1", "x => ".repeat(deep)),
        format!("var v = {}", "'${".repeat(deep)),
        format!("var v = a{}", ".b".repeat(deep)),
        format!("var v = a{}", "!".repeat(deep)),
        format!("var v = a{}", " + a".repeat(deep)),
        format!("var v = a{}", " ? a : a".repeat(deep)),
        format!("var v = {}", "f(".repeat(deep)),
        format!("type t = {}", "{a:".repeat(deep)),
        format!("type t = a{}", "[]".repeat(deep)),
        format!("type t = a{}", "!".repeat(deep)),
        format!("type t = {}", "(".repeat(deep)),
        format!("type t = {}", "a<".repeat(deep)),
        format!("resource r 'A/b@1' = {}", "{\nresource r 'b' = ".repeat(deep)),
        format!("@f({}", "[f(".repeat(deep)),
    ];
    for text in &cases {
        let parsed = parse(SourceId(0), text, FileKind::Bicep);
        let said = parsed.diagnostics.iter().any(|(_, message)| message.contains("levels deep"));
        assert!(said, "{:?}: {:?}", text.get(..40), parsed.diagnostics.first());
    }
}

#[test]
fn wide_is_not_deep() {
    let text = format!("var v = [{}]\nvar w = f({} 1)", "1\n".repeat(5_000), "1,".repeat(5_000));
    assert!(parse(SourceId(0), &text, FileKind::Bicep).diagnostics.is_empty());
}
