//! What constructs lower to, shown in a notation of the tests' own.

use std::fmt::Write;

use super::*;
use crate::ir::{
    Expr, ExprId, Field, Item, Loop, Over, ParamType, Piece, RefKind, ScopeKind, Template, Unit, UnitKind,
};

fn program(text: &str) -> Program {
    let lowered = lower(SourceId(0), text);
    assert!(lowered.diagnostics.is_empty(), "{text}\n{:?}", lowered.diagnostics);
    lowered.program
}

/// An expression: strings in quotes with their holes, `p:` parameters, `v:` variables, `l:` locals, `s:` symbols.
fn show(program: &Program, id: ExprId) -> String {
    let all = |ids: &[ExprId]| ids.iter().map(|&id| show(program, id)).collect::<Vec<_>>().join(", ");
    match program.expr(id) {
        Expr::Null => "null".to_owned(),
        Expr::Bool(value) => value.to_string(),
        Expr::Int(value) => value.to_string(),
        Expr::Float(value) => value.to_string(),
        Expr::Str(pieces) => show_string(program, pieces),
        Expr::Array(items) => {
            let items: Vec<String> = items.iter().map(|item| show_item(program, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Expr::Object(fields) => {
            let fields: Vec<String> = fields.iter().map(|field| show_field(program, field)).collect();
            format!("{{{}}}", fields.join(", "))
        }
        Expr::Param(name) => format!("p:{name}"),
        Expr::Var(name) => format!("v:{name}"),
        Expr::Local(name) => format!("l:{name}"),
        Expr::Symbol(name) => format!("s:{name}"),
        Expr::Call { namespace: Some(namespace), function, args } => format!("{namespace}.{function}({})", all(args)),
        Expr::Call { namespace: None, function, args } => format!("{function}({})", all(args)),
        Expr::Method { base, function, args } => format!("{} . {function}({})", show(program, *base), all(args)),
        Expr::Lambda { args, body } => format!("({}) => {}", args.join(", "), show(program, *body)),
        Expr::Get { base, key, safe, from_end } => {
            let marks = format!("{}{}", if *safe { "?" } else { "" }, if *from_end { "^" } else { "" });
            format!("{}[{marks}{}]", show(program, *base), show(program, *key))
        }
        Expr::Child(base, name) => format!("{}::{name}", show(program, *base)),
        Expr::For(each, body) => format!("[for {}: {}]", show_loop(program, each), show(program, *body)),
        Expr::CopyIndex { .. } => "copyIndex".to_owned(),
        Expr::Load { function, file, args } => {
            format!("{function}<{}>({})", program.files[*file].path, all(args))
        }
        Expr::Secret(name) => format!("secret:{name}"),
        Expr::Broken => "broken".to_owned(),
    }
}

fn show_string(program: &Program, pieces: &[Piece]) -> String {
    let mut shown = String::from("'");
    for piece in pieces {
        match piece {
            Piece::Literal(text, _) => shown.push_str(text),
            Piece::Hole(inner) => write!(shown, "${{{}}}", show(program, *inner)).unwrap(),
        }
    }
    shown.push('\'');
    shown
}

fn show_item(program: &Program, item: &Item) -> String {
    match item {
        Item::One(value) => show(program, *value),
        Item::Spread(value) => format!("...{}", show(program, *value)),
    }
}

fn show_field(program: &Program, field: &Field) -> String {
    match field {
        Field::Named { key, value } => format!("{}: {}", show(program, *key), show(program, *value)),
        Field::Spread(value) => format!("...{}", show(program, *value)),
        Field::Copy { key, .. } => format!("copy {key}"),
    }
}

fn show_loop(program: &Program, each: &Loop) -> String {
    let name = |name: &Option<crate::ir::Name>| name.as_deref().unwrap_or("-").to_owned();
    let Over::Array(over) = each.over else { return "count".to_owned() };
    format!("{}, {} in {}", name(&each.item), name(&each.index), show(program, over))
}

/// The value of `v` in `text`.
fn value(text: &str) -> String {
    let program = program(text);
    let binding = program.vars.iter().find(|binding| &*binding.name == "v").expect("a variable `v`");
    show(&program, binding.value)
}

#[test]
fn operators_are_calls_of_arm_functions() {
    let cases = [
        ("a + b * 2 - 1", "sub(add(p:a, mul(p:b, 2)), 1)"),
        ("a / b % 3", "mod(div(p:a, p:b), 3)"),
        ("a - b - 1", "sub(sub(p:a, p:b), 1)"),
        ("a < b || a <= b && a > b", "or(less(p:a, p:b), and(lessOrEquals(p:a, p:b), greater(p:a, p:b)))"),
        ("a >= b ?? 1", "coalesce(greaterOrEquals(p:a, p:b), 1)"),
        ("a == b", "equals(p:a, p:b)"),
        ("a != b", "not(equals(p:a, p:b))"),
        ("a =~ b", "equals(toLower(p:a), toLower(p:b))"),
        ("a !~ b", "not(equals(toLower(p:a), toLower(p:b)))"),
        ("!a", "not(p:a)"),
        ("-a", "sub(0, p:a)"),
        ("-9223372036854775808", "-9223372036854775808"),
        ("a ? b : a ? 1 : 2", "if(p:a, p:b, if(p:a, 1, 2))"),
        ("(a ?? b)!.c", "coalesce(p:a, p:b)['c']"),
    ];
    for (text, expected) in cases {
        assert_eq!(value(&format!("param a object\nparam b int\nvar v = {text}")), expected, "{text}");
    }
}

#[test]
fn names_are_what_they_stand_for() {
    let head = "param p object\nvar w = 1\nimport * as all from 'x.bicep'\nimport { one as two, f } from 'x.bicep'\n\
                resource r 'A/b@1' existing = { name: 'x' }\nmodule m 'm.bicep' = {}\nextension k\nfunc g(a int) int => a\n";
    let cases = [
        ("p.a['b'].?c[?0][^1]", "p:p['a']['b'][?'c'][?0][^1]"),
        ("w", "v:w"),
        ("all.x", "v:all['x']"),
        ("all.f(1)", "all.f(1)"),
        ("two", "v:two"),
        ("f(1)", "f(1)"),
        ("g(w)", "g(v:w)"),
        ("r.id", "s:r['id']"),
        ("r::c.name", "s:r::c['name']"),
        ("r.listKeys('x').key", "s:r . listKeys('x')['key']"),
        ("m.outputs.o", "s:m['outputs']['o']"),
        ("sys.concat('a', az.resourceGroup().name)", "concat('a', resourceGroup()['name'])"),
        ("this.exists()", "this.exists()"),
        ("k.f()", "k.f()"),
        ("any(w)", "v:w"),
        ("sys.any(w)", "v:w"),
        ("nameof(p.a.b)", "'b'"),
        ("nameof(r)", "'r'"),
        ("map([1], x => x + w)", "map([1], (x) => add(l:x, v:w))"),
        ("map([1], (w, i) => w)", "map([1], (w, i) => l:w)"),
        ("[for x in p.xs: x]", "[for x, - in p:p['xs']: l:x]"),
        ("[for (w, i) in [w]: { a: w, b: i }]", "[for w, i in [v:w]: {'a': l:w, 'b': l:i}]"),
    ];
    for (text, expected) in cases {
        assert_eq!(value(&format!("{head}var v = {text}")), expected, "{text}");
    }
}

#[test]
fn a_function_of_the_file_hides_one_of_the_language() {
    assert_eq!(value("func any(a int) int => a\nvar v = any(1)"), "any(1)");
    assert_eq!(value("func f(a int) int => a\nvar a = 2\nvar v = f(a)"), "f(v:a)");
}

#[test]
fn literals_keep_their_shape() {
    let cases = [
        ("'a${w}b'", "'a${v:w}b'"),
        ("'${w}'", "'${v:w}'"),
        ("''", "''"),
        ("'''\na${w}'''", "'a${w}'"),
        ("$'''a${w}'''", "'a${v:w}'"),
        ("[1, ...w, null]", "[1, ...v:w, null]"),
        ("{ a: true, 'b-c': [], 'd${w}': {}, ...w }", "{'a': true, 'b-c': [], 'd${v:w}': {}, ...v:w}"),
    ];
    for (text, expected) in cases {
        assert_eq!(value(&format!("var w = 1\nvar v = {text}")), expected, "{text}");
    }
}

#[test]
fn a_piece_as_long_as_its_place_is_its_bytes() {
    let text = "var v = 'ab\\nc\\u{e4}${'x'}ä'";
    let program = program(text);
    let pieces = program.exprs.iter().filter_map(|node| match &node.expr {
        Expr::Str(pieces) => Some(pieces),
        _ => None,
    });
    let mut seen = 0;
    for piece in pieces.flatten() {
        let Piece::Literal(decoded, span) = piece else { continue };
        let written = &text[span.start as usize..span.end as usize];
        assert_eq!(decoded.len() == written.len(), &**decoded == written, "{decoded} {written}");
        seen += 1;
    }
    assert_eq!(seen, 6);
}

#[test]
fn files_are_named_with_how_they_are_read() {
    let text = "var name = 'a'\nvar v = [loadTextContent('${name}.txt'), loadJsonContent(p, '$.x', 'utf-8'), \
                loadYamlContent('c.yaml'), sys.loadFileAsBase64('d')]\nparam p string\n\
                module m './m.bicep' = {}\nmodule n 'br/public:a/b:1' = {}\nmodule o 'ts:s/g/n:1' = {}\n\
                import * as i from 'br:host/i:1'\nimport { x } from 'x.bicep'";
    let program = program(text);
    let files: Vec<_> = program.files.iter().map(|file| (&*file.path, file.kind)).collect();
    let expected = [
        ("a.txt", RefKind::Load),
        ("c.yaml", RefKind::Load),
        ("d", RefKind::Load),
        ("./m.bicep", RefKind::Module),
        ("br/public:a/b:1", RefKind::Registry),
        ("ts:s/g/n:1", RefKind::TemplateSpec),
        ("br:host/i:1", RefKind::Registry),
        ("x.bicep", RefKind::Import),
    ];
    assert_eq!(files, expected);
    let expected = "[loadtextcontent<a.txt>(), loadJsonContent(p:p, '$.x', 'utf-8'), loadyamlcontent<c.yaml>(), \
                    loadfileasbase64<d>()]";
    assert_eq!(show(&program, program.vars[1].value), expected);
}

#[test]
fn variables_that_name_themselves_are_no_path() {
    assert_eq!(value("var a = '${b}${b}'\nvar b = '${a}${a}'\nvar v = loadTextContent(a)"), "loadTextContent(v:a)");
}

/// A unit on one line, its children in braces.
fn show_unit(program: &Program, unit: &Unit) -> String {
    let maybe =
        |what: &str, id: Option<ExprId>| id.map_or(String::new(), |id| format!(" {what}={}", show(program, id)));
    let symbol = unit.symbol.as_deref().unwrap_or("-");
    let mut shown = format!("{symbol} {}", show(program, unit.ty));
    shown += &maybe("api", unit.api);
    shown += &maybe("name", unit.name);
    shown += &maybe("parent", unit.parent);
    shown += &maybe("scope", unit.scope);
    shown += &maybe("if", unit.condition);
    if let Some(each) = &unit.each {
        write!(shown, " for({})", show_loop(program, each)).unwrap();
    }
    if !unit.depends.is_empty() {
        let all: Vec<String> = unit.depends.iter().map(|&id| show(program, id)).collect();
        write!(shown, " after({})", all.join(", ")).unwrap();
    }
    if unit.existing {
        shown += " existing";
    }
    if let UnitKind::Deploy(deploy) = &unit.kind {
        match &deploy.template {
            Template::File(file) => write!(shown, " file={}", program.files[*file].path).unwrap(),
            Template::Inline(_) | Template::Unknown => shown += " file=?",
        }
        let all: Vec<String> =
            deploy.arguments.iter().map(|one| format!("{}: {}", one.name, show(program, one.value))).collect();
        write!(shown, " ({})", all.join(", ")).unwrap();
        shown += &maybe("args", deploy.arguments_expr);
    }
    write!(shown, " {}", show(program, unit.body)).unwrap();
    if !unit.children.is_empty() {
        let all: Vec<String> = unit.children.iter().map(|child| show_unit(program, child)).collect();
        write!(shown, " {{ {} }}", all.join("; ")).unwrap();
    }
    shown
}

fn units(text: &str) -> Vec<String> {
    let program = program(text);
    program.units.iter().map(|unit| show_unit(&program, unit)).collect()
}

#[test]
fn resources_are_units() {
    let cases = [
        ("resource r 'A/b@1' = {\n name: 'x'\n location: 'l'\n}", "r 'A/b' api='1' name='x' {'location': 'l'}"),
        (
            "resource r 'az:A/b@1' existing = {\n name: 'x'\n scope: resourceGroup('g')\n}",
            "r 'A/b' api='1' name='x' scope=resourceGroup('g') existing {}",
        ),
        (
            "param on bool\nresource r 'A/b@1' = if (on) {\n name: 'x'\n dependsOn: [\n  s\n ]\n}\nresource s 'A/b@1' = { name: 's' }",
            "r 'A/b' api='1' name='x' if=p:on after(s:s) {}",
        ),
        (
            "param xs array\nresource r 'A/b@1' = [for (x, i) in xs: if (x.on) {\n name: x.name\n tags: { i: i }\n}]",
            "r 'A/b' api='1' name=l:x['name'] if=l:x['on'] for(x, i in p:xs) {'tags': {'i': l:i}}",
        ),
        (
            "resource c 'A/b/c@1' = {\n parent: r\n name: 'y'\n}\nresource r 'A/b@1' = { name: 'x' }",
            "c 'A/b/c' api='1' name='y' parent=s:r {}",
        ),
        (
            "resource r 'A/b@1' = {\n name: 'x'\n a: c.id\n resource c 'c' = {\n  name: 'y'\n  resource d 'd@2' = {\n   name: '${c.name}${d2.id}'\n  }\n  resource d2 'd@2' existing = { name: 'z' }\n }\n}",
            "r 'A/b' api='1' name='x' {'a': s:r::c['id']} { c 'c' api='1' name='y' {} { \
             d 'd' api='2' name='${s:r::c['name']}${s:r::c::d2['id']}' {}; d2 'd' api='2' name='z' existing {} } }",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(units(text)[0], expected, "{text}");
    }
}

#[test]
fn modules_are_deployments() {
    let ty = "'Microsoft.Resources/deployments'";
    let cases = [
        (
            "module m 'm.bicep' = {\n name: 'n'\n params: {\n  a: 1\n  'b': 2\n }\n}",
            format!("m {ty} name='n' file=m.bicep (a: 1, b: 2) {{}}"),
        ),
        (
            "param xs array\nmodule m 'm.json' = [for x in xs: if (x) {\n scope: subscription(x)\n params: union(x, {})\n}]",
            format!(
                "m {ty} scope=subscription(l:x) if=l:x for(x, - in p:xs) file=m.json () args=union(l:x, {{}}) {{}}"
            ),
        ),
        (
            "var w = {}\nmodule m 'm.bicep' = {\n params: {\n  ...w\n  a: 1\n }\n other: 1\n}",
            format!("m {ty} file=m.bicep () args={{...v:w, 'a': 1}} {{'other': 1}}"),
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(units(text)[0], expected, "{text}");
    }
}

#[test]
fn what_a_type_says_about_a_parameter_is_kept() {
    let head = "@secure()\n@maxLength(9)\ntype secret = string\ntype level = 'low' | 'high'\n\
                type box = {\n  @minLength(2)\n  size: level?\n}\ntype loop = loop | loop\n";
    // Type, nullable, secure, allowed, minimum, maximum, default.
    let cases = [
        ("param p string = 'a'", ParamType::String, "- - - - - 'a'"),
        ("param p int?", ParamType::Int, "null - - - - -"),
        ("param p string[]", ParamType::Array, "- - - - - -"),
        ("param p { a: int }", ParamType::Object, "- - - - - -"),
        ("param p 'a' | 'b' | null", ParamType::String, "null - ['a', 'b'] - - -"),
        ("param p -1 | 1 = 1", ParamType::Int, "- - [-1, 1] - - 1"),
        ("param p ('a' | int)", ParamType::Any, "- - - - - -"),
        ("param p level", ParamType::String, "- - ['low', 'high'] - - -"),
        ("param p secret", ParamType::String, "- secure - - 9 -"),
        ("@maxLength(3)\nparam p secret", ParamType::String, "- secure - - 3 -"),
        ("param p box.size", ParamType::String, "null - ['low', 'high'] 2 - -"),
        ("param p box.other", ParamType::Any, "- - - - - -"),
        ("param p loop", ParamType::Any, "- - - - - -"),
        ("param p sys.bool", ParamType::Bool, "- - - - - -"),
        ("@sys.allowed([1, 2])\n@minValue(1)\n@maxValue(2)\nparam p int", ParamType::Int, "- - [1, 2] 1 2 -"),
        ("param p string { default: 'x', secure: true, minLength: 1 }", ParamType::String, "- secure - 1 - 'x'"),
    ];
    for (text, ty, expected) in cases {
        let program = program(&format!("{head}{text}"));
        let param = &program.params[0];
        let maybe = |id: Option<ExprId>| id.map_or("-".to_owned(), |id| show(&program, id));
        let flag = |on: bool, name: &str| if on { name.to_owned() } else { "-".to_owned() };
        let found = [
            flag(param.nullable, "null"),
            flag(param.secure, "secure"),
            maybe(param.allowed),
            maybe(param.min),
            maybe(param.max),
            maybe(param.default),
        ];
        assert_eq!((param.ty, found.join(" ").as_str()), (ty, expected), "{text}");
    }
}

#[test]
fn a_file_says_where_it_is_deployed_to() {
    let cases = [
        ("", ScopeKind::ResourceGroup),
        ("targetScope = 'subscription'", ScopeKind::Subscription),
        ("targetScope = 'managementGroup'", ScopeKind::ManagementGroup),
        ("targetScope = 'tenant'", ScopeKind::Tenant),
        ("targetScope = 'local'", ScopeKind::Unknown),
    ];
    for (text, expected) in cases {
        assert_eq!(program(text).scope, expected, "{text}");
    }
}

#[test]
fn functions_imports_and_outputs_are_kept() {
    let program = program(
        "import { a, 'b-c' as d } from 'x.json'\nimport * as all from 'y.bicep'\n\
         func f(a string, n int) string => '${a}${n}'\noutput o string = f(d, 1)\n",
    );
    let imports: Vec<_> = program.imports.iter().map(|one| (one.file, &*one.alias, one.name.as_deref())).collect();
    assert_eq!(imports, [(0, "a", Some("a")), (0, "d", Some("b-c")), (1, "all", None)]);
    assert_eq!(show(&program, program.funcs[0].body), "'${l:a}${l:n}'");
    assert_eq!(show(&program, program.outputs[0].value), "f(v:d, 1)");
}

#[test]
fn a_parameters_file_assigns() {
    let text = "using 'main.bicep'\nextends 'shared.bicepparam'\nvar v = readEnvironmentVariable('A', 'b')\n\
                param p = { a: v, b: base.c }\nparam q = p.a";
    let lowered = lower_parameters(SourceId(0), text);
    assert!(lowered.diagnostics.is_empty(), "{:?}", lowered.diagnostics);
    let program = lowered.program;
    let assigned: Vec<_> = program.assigns.iter().map(|one| (&*one.name, show(&program, one.value))).collect();
    let expected = [("p", "{'a': v:v, 'b': base()['c']}".to_owned()), ("q", "p:p['a']".to_owned())];
    assert_eq!(assigned, expected);
    let path = |file: Option<usize>| file.map(|file| program.files[file].path.to_string());
    assert_eq!(path(program.using).as_deref(), Some("main.bicep"));
    assert_eq!(path(program.extends).as_deref(), Some("shared.bicepparam"));
    let none = lower_parameters(SourceId(0), "using none").program;
    assert_eq!(none.using, None);
}

#[test]
fn what_could_not_be_read_is_unknown_in_its_place() {
    let text = "var a = )\nvar b = { x: 1, = }\nvar c = [1, =]\nresource r 'A/b@1' = {\n  =\n}\nmodule = {}\n";
    let Lowered { program, diagnostics } = lower(SourceId(0), text);
    let values: Vec<String> = program.vars.iter().map(|one| show(&program, one.value)).collect();
    assert_eq!(values, ["broken", "{'x': 1, ...broken}", "[1, ...broken]"]);
    assert_eq!(show_unit(&program, &program.units[0]), "r 'A/b' api='1' name=broken {...broken}");
    assert_eq!(
        show_unit(&program, &program.units[1]),
        "- 'Microsoft.Resources/deployments' name=broken file=? () broken"
    );
    assert_eq!(diagnostics.len(), 5);
    assert!(!program.broken.is_empty());
}

#[test]
fn a_name_that_is_nowhere_is_said_once_the_file_is_whole() {
    let cases = [
        ("var v = missing", vec!["`missing` is not declared in this file"]),
        ("var v = 99999999999999999999", vec!["this number is too large"]),
        ("var v = 9223372036854775808", vec!["this number doesn't fit into 64 bits"]),
        ("hello\nvar v = missing", vec!["expected a declaration here"]),
        ("type t = string\nvar v = t", vec![]),
    ];
    for (text, expected) in cases {
        let found: Vec<String> = lower(SourceId(0), text).diagnostics.into_iter().map(|(_, said)| said).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn the_deepest_tree_is_lowered() {
    let deep = 250;
    for (open, close) in [("(", ")"), ("[", "]"), ("{a:", "}"), ("[for x in a:", "]"), ("!(", ")"), ("f(", ")")] {
        let text = format!("param a array\nvar v = {}1{}", open.repeat(deep), close.repeat(deep));
        lower(SourceId(0), &text);
    }
}
