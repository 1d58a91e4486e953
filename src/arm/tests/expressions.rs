//! The expression language: what it lowers to, and where each part is.

use super::*;

/// A template with one variable `v`, given as JSON.
fn with_variable(value: &str) -> String {
    format!(
        r#"{{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "variables": {{"v": {value}}}}}"#
    )
}

fn read(value: &str) -> String {
    let program = lowered(&with_variable(value));
    show(&program, program.vars[0].value)
}

#[test]
fn the_whole_grammar_is_read() {
    let cases = [
        (r#""plain""#, "'plain'"),
        (r#""""#, "''"),
        (r#""[concat('a', 'b')]""#, "concat('a', 'b')"),
        (r#""[ concat ( 'a' , 'b' ) ]""#, "concat('a', 'b')"),
        ("\"[concat(\n\t'a'\r\n)]\"", "concat('a')"),
        (r#""['just text']""#, "'just text'"),
        (r#""['']""#, "''"),
        (r#""[-42]""#, "-42"),
        (r#""[add(1, 2.5)]""#, "add(1, 2.5)"),
        (r#""[99999999999999999999]""#, "1e20"),
        (r#""[parameters('a').b['c'][0].d]""#, "param:a['b']['c'][0]['d']"),
        (r#""[variables('a')[parameters('b')]]""#, "var:a[param:b]"),
        (r#""[PARAMETERS('a')]""#, "param:a"),
        (r#""[parameters(concat('a', 'b'))]""#, "parameters(concat('a', 'b'))"),
        (r#""[if(true(), null(), FALSE())]""#, "if(true, null, false)"),
        (r#""[contoso.unique('x')]""#, "contoso.unique('x')"),
        (r#""[__bicep.f(1)]""#, "__bicep.f(1)"),
        (r#""[contoso.parameters('x')]""#, "contoso.parameters('x')"),
        (r#""[map(variables('a'), lambda('x', 'i', lambdaVariables('x').b))]""#, "map(var:a, (x, i) => local:x['b'])"),
        (r#""[tryGet(parameters('a'), 'b')]""#, "tryGet(param:a, 'b')"),
        (r#""[copyIndex()]""#, "index:resource"),
        (r#""[copyIndex(1)]""#, "index:resource+1"),
        (r#""[copyIndex('x')]""#, "index:x"),
        (r#""[copyIndex('x', parameters('o'))]""#, "index:x+param:o"),
        (r#""['it''s']""#, "'it|'|s'"),
        (r#""['back\\slash']""#, r"'back|\\|slash'"),
        (r#""[concat('a\"b')]""#, "concat('a|\\\"|b')"),
    ];
    for (value, expected) in cases {
        assert_eq!(read(value), expected, "{value}");
        assert!(remarks(&with_variable(value)).is_empty(), "{value}");
    }
}

#[test]
fn brackets_make_an_expression_only_at_both_ends() {
    let cases = [
        (r#""[[text]""#, "'[text]'"),
        (r#""[[]""#, "'[]'"),
        (r#""[[[x]]""#, "'[[x]]'"),
        (r#""[open""#, "'[open'"),
        (r#""[a] ""#, "'[a] '"),
        (r#"" [a]""#, "' [a]'"),
        (r#""[x].y ""#, "'[x].y '"),
        (r#""[\n …]\n""#, "'[|\\n| \\u{2026}]|\\n'"),
        (r#""[""#, "'['"),
    ];
    for (value, expected) in cases {
        assert_eq!(read(value), expected, "{value}");
        assert!(remarks(&with_variable(value)).is_empty(), "{value}");
    }
}

#[test]
fn an_escape_without_end_is_plain_text_with_a_remark() {
    assert_eq!(read(r#""[[open""#), "'[[open'");
    let told = remarks(&with_variable(r#""[[open""#));
    assert_eq!(told, [r#"this begins with `[[` but has no `]` at its end, so it is plain text <- "[[open""#]);
}

#[test]
fn faults_are_told_where_they_are() {
    let cases = [
        ("[]", "a function call, a string or a number is expected here <- ]"),
        ("[concat('a']", "this parenthesis is never closed <- ("),
        ("[parameters('a')[0]", "this bracket is never closed <- ["),
        ("[concat('a)]", "this string is never closed <- '"),
        ("[concat('a' 'b')]", "`,` or `)` is expected here <- '"),
        ("[concat('a',)]", "a function call, a string or a number is expected here <- )"),
        ("[concat('a'))]", "the expression should end here <- )"),
        ("[false]", "`false` is no function call; a text needs single quotes <- false"),
        ("[a.b]", "`a.b` is no function call; a text needs single quotes <- a.b"),
        ("[a.b.c()]", "`a.b` is no function call; a text needs single quotes <- a.b"),
        ("[parameters('a').]", "a property's name is expected behind the dot <- ]"),
        ("[add(1, -)]", "this is no number <- -"),
        ("[concat(é)]", "a function call, a string or a number is expected here <- é"),
    ];
    for (value, expected) in cases {
        let text = with_variable(&format!("\"{value}\""));
        assert_eq!(remarks(&text), [expected], "{value}");
        assert_eq!(read(&format!("\"{value}\"")), "broken", "{value}");
    }
}

/// Every expression of the program with the text it covers, in the order of their places.
fn places(text: &str) -> Vec<(String, &str)> {
    let program = lowered(text);
    let mut all: Vec<_> = (0..program.exprs.len() as u32).map(ExprId).collect();
    all.sort_by_key(|&id| (program.span(id).start, std::cmp::Reverse(program.span(id).end)));
    all.into_iter().map(|id| (show(&program, id), covered(text, program.span(id)))).collect()
}

#[test]
fn every_expression_knows_its_bytes() {
    let text = with_variable(r#""[concat(parameters('a').b, '\u00e9''', 12)]""#);
    let expected = [
        ("concat(param:a['b'], '\\u{e9}|'', 12)", r"concat(parameters('a').b, '\u00e9''', 12)"),
        ("param:a['b']", "parameters('a').b"),
        ("param:a", "parameters('a')"),
        ("'a'", "'a'"),
        ("'b'", "b"),
        ("'\\u{e9}|''", r"'\u00e9'''"),
        ("12", "12"),
    ];
    let expected: Vec<_> = expected.iter().map(|&(shown, written)| (shown.to_owned(), written)).collect();
    assert_eq!(places(&text), expected);
}

#[test]
fn every_piece_of_a_literal_knows_its_bytes() {
    let cases: [(&str, &[(&str, &str)]); 5] = [
        (r#""a\"b""#, &[("a", "a"), ("\"", "\\\""), ("b", "b")]),
        (r#""[[a\tb]""#, &[("[a", "[a"), ("\t", "\\t"), ("b]", "b]")]),
        (
            r#""['it''s \u0027\u0027 \n']""#,
            &[("it", "it"), ("'", "''"), ("s ", "s "), ("'", r"\u0027\u0027"), (" ", " "), ("\n", r"\n")],
        ),
        (r#""\u005b'x']""#, &[("x", "x")]),
        (r#""['😀x']""#, &[("😀x", "😀x")]),
    ];
    for (value, expected) in cases {
        let text = with_variable(value);
        let program = lowered(&text);
        let Expr::Str(pieces) = program.expr(program.vars[0].value) else { panic!("{value} is no string") };
        let found: Vec<_> = pieces
            .iter()
            .map(|piece| match piece {
                Piece::Literal(said, span) => (&**said, covered(&text, *span)),
                Piece::Hole(_) => panic!("a hole in {value}"),
            })
            .collect();
        assert_eq!(found, expected, "{value}");
    }
}

#[test]
fn a_literal_of_many_quotes_is_one_piece() {
    let text = with_variable(&format!("\"['{}']\"", "a''".repeat(65)));
    let program = lowered(&text);
    let Expr::Str(pieces) = program.expr(program.vars[0].value) else { panic!("no string") };
    let [Piece::Literal(said, span)] = pieces.as_slice() else { panic!("{} pieces", pieces.len()) };
    assert_eq!(**said, "a'".repeat(65));
    assert_eq!(covered(&text, *span), "a''".repeat(65));
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = |levels: usize| format!("\"[{}1{}]\"", "f(".repeat(levels), ")".repeat(levels));
    let chain = |levels: usize| format!("\"[f(){}]\"", ".a".repeat(levels));
    let indices = |levels: usize| format!("\"[{}1{}]\"", "f()[".repeat(levels), "]".repeat(levels));
    for make in [&deep as &dyn Fn(usize) -> String, &chain, &indices] {
        assert!(remarks(&with_variable(&make(250))).is_empty());
        for levels in [300, 12_000] {
            let told = remarks(&with_variable(&make(levels)));
            assert_eq!(told.len(), 1);
            assert!(told[0].starts_with("nested too deeply"));
        }
    }
    let long = with_variable(&format!("\"['{}']\"", "x".repeat(70_000)));
    assert!(remarks(&long)[0].starts_with("this expression is too long"));
}
