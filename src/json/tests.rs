//! What ARM accepts beyond the standard, and going on after errors.

use std::fmt::Write;

use super::*;
use crate::ir::Piece;
use crate::text::SourceId;

const FILE: SourceId = SourceId(0);

/// The tree in one line: broken values as `?`, members that don't count in parentheses.
fn show(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => format!("{value:?}"),
        Value::String(text) => format!("{:?}", text.decoded()),
        Value::Array(elements) => format!("[{}]", elements.iter().map(show).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let member = |member: &Member| {
                let shown = format!("{}:{}", member.key.decoded(), show(&member.value));
                if member.shadowed { format!("({shown})") } else { shown }
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
        Value::Broken => "?".to_owned(),
    }
}

/// The tree, then every error and broken region with the text it covers.
fn report(text: &str) -> String {
    let parsed = parse(FILE, text);
    let covered = |span: crate::text::Span| &text[span.start as usize..span.end as usize];
    let mut out = parsed.root.as_ref().map_or("nothing".to_owned(), show);
    for (span, message) in &parsed.errors {
        let _ = write!(out, " | {:?} {message}", covered(*span));
    }
    for span in &parsed.broken {
        let _ = write!(out, " | broken {:?}", covered(*span));
    }
    out
}

#[test]
fn valid_texts_read_without_remark() {
    let cases = [
        ("\u{feff}{}", "{}"),
        (r#" {"a": [1, -2, 3.5, 1e3, true, false, null, "x"]} "#, r#"{a:[1,-2,3.5,1000.0,true,false,null,"x"]}"#),
        ("// one\n{ /* two */ \"a\" /**/ : // three\r\n 1 /* four */ } // five", "{a:1}"),
        ("{\"a\": \"two\nlines\r\n\"}", r#"{a:"two\nlines\r\n"}"#),
        (r#"["\"\\\/\b\f\n\r\t", "\u00e9\ud83d\ude00", "\ud83d", "\udc00x"]"#, {
            "[\"\\\"\\\\/\\u{8}\\u{c}\\n\\r\\t\",\"é😀\",\"\u{fffd}\",\"\u{fffd}x\"]"
        }),
        ("[9223372036854775807, 9223372036854775808]", "[9223372036854775807,9.223372036854776e18]"),
        (r#"{"a": 1, "A": 2}"#, "{a:1,A:2}"),
    ];
    for (text, expected) in cases {
        assert_eq!(report(text), expected, "{text}");
    }
}

#[test]
fn faults_are_told_and_the_rest_is_read() {
    let cases = [
        ("", r#"nothing | "" there is no value in this file"#),
        (r#"{"a": 1,}"#, r#"{a:1} | "," a comma too many: nothing follows it"#),
        ("[1,,2]", r#"[1,2] | "," a comma too many"#),
        (r#"{"a": 1 "b": 2}"#, r#"{a:1,b:2} | "" a comma is missing here"#),
        (
            r#"{"a": 1, "b": 2, "a": 3}"#,
            r#"{(a:1),b:2,a:3} | "\"a\"" `a` comes again in this object: the last one counts"#,
        ),
        (r#"{"a": oops, "b": 2}"#, r#"{a:?,b:2} | "oops" a value is expected here | broken "oops""#),
        (
            r#"{"a": [1, {"x": ]}, "b": 2}"#,
            "{a:[1,{x:?}]} | \"\\\"x\\\": \" a colon and a value are expected behind this name \
             | \"]\" `}` is missing before this | \", \\\"b\\\": 2}\" unexpected text behind the end of the value \
             | broken \"\" | broken \", \\\"b\\\": 2}\"",
        ),
        (
            r#"{"a": tru, nonsense {"b": "}"}, "c": 3}"#,
            r#"{a:?,c:3} | "tru" a value is expected here | "nonsense {\"b\": \"}\"}" a name in double quotes is expected here | broken "tru" | broken "nonsense {\"b\": \"}\"}""#,
        ),
        (
            "{\"a\": \"never closed,\n \"b\": \"x\"}",
            "{a:?,b:\"x\"} | \"\\\"never closed,\" this string is never closed \
             | \"\" a comma is missing here | broken \"\\\"never closed,\"",
        ),
        (r#"{"a": [1, "#, r#"{a:[1]} | "[" `[` is never closed | "{" `{` is never closed | broken """#),
        (r#"{"a": "C:\dir"}"#, r#"{a:"C:\\dir"} | "\\" a backslash must be written twice"#),
        ("{} x", r#"{} | "x" unexpected text behind the end of the value | broken "x""#),
        ("[1-2, 3]", r#"[?,3] | "1-2" this is no number | broken "1-2""#),
        ("[1] /* open", "[1] | \"/*\" this comment is never closed"),
    ];
    for (text, expected) in cases {
        assert_eq!(report(text), expected, "{text}");
    }
}

#[test]
fn repeated_keys_are_found_in_large_objects_too() {
    let mut text = "{".to_owned();
    for at in 0..50 {
        let _ = write!(text, "\"k{}\": {at}, ", at % 30);
    }
    text.push_str("\"\\u006b0\": -1}");
    let parsed = parse(FILE, &text);
    let root = parsed.root.unwrap();
    assert_eq!(parsed.errors.len(), 21);
    assert_eq!(root.members().count(), 30);
    assert!(matches!(root.get("K0").unwrap().value, Value::Int(-1)));
    assert!(matches!(root.get("k1").unwrap().value, Value::Int(31)));
}

#[test]
fn names_are_found_without_regard_to_case() {
    let parsed = parse(FILE, r#"{"Location": 1, "location": 2, "\u0061pi": 3}"#);
    let root = parsed.root.unwrap();
    assert!(matches!(root.get("LOCATION").unwrap().value, Value::Int(2)));
    assert!(matches!(root.get("API").unwrap().value, Value::Int(3)));
    assert!(root.get("apiVersion").is_none());
}

#[test]
fn every_node_knows_its_bytes() {
    let text = "\u{feff}{\"é\": [10, \"x\\ny\"]}";
    let parsed = parse(FILE, text);
    let root = parsed.root.unwrap();
    let covered = |span: crate::text::Span| &text[span.start as usize..span.end as usize];
    assert_eq!(covered(root.span), &text[3..]);
    let member = root.members().next().unwrap();
    assert_eq!(covered(member.key.span()), "\"é\"");
    assert_eq!(covered(member.value.span), "[10, \"x\\ny\"]");
    let covers: Vec<_> = member.value.elements().iter().map(|element| covered(element.span)).collect();
    assert_eq!(covers, ["10", "\"x\\ny\""]);
}

fn pieces(text: &str) -> Vec<(String, &str)> {
    let parsed = parse(FILE, text);
    let root = parsed.root.unwrap();
    let mut shown = Vec::new();
    for piece in root.string().unwrap().pieces() {
        let Piece::Literal(said, span) = piece else { panic!("a hole in plain JSON") };
        shown.push((said.to_string(), &text[span.start as usize..span.end as usize]));
    }
    shown
}

#[test]
fn a_string_is_cut_at_its_escapes() {
    assert_eq!(pieces(r#""""#), []);
    assert_eq!(pieces(r#""plain""#), [("plain".to_owned(), "plain")]);
    assert_eq!(
        pieces(r#""a\"b\ud83d\ude00é""#),
        [
            ("a".to_owned(), "a"),
            ("\"".to_owned(), "\\\""),
            ("b".to_owned(), "b"),
            ("😀".to_owned(), "\\ud83d\\ude00"),
            ("é".to_owned(), "é"),
        ]
    );
}

#[test]
fn a_string_of_many_escapes_is_one_piece() {
    let text = format!("\"{}\"", "a\\n".repeat(65));
    assert_eq!(pieces(&text), [("a\n".repeat(65), &text[1..text.len() - 1])]);
}

#[test]
fn ranges_of_the_decoded_text_lead_back_to_the_bytes() {
    let text = r#""ab\n\ncd\u0065f""#;
    let parsed = parse(FILE, text);
    let root = parsed.root.unwrap();
    let decoded = root.string().unwrap().decode();
    assert_eq!(decoded.text, "ab\n\ncdef");
    for (range, expected) in
        [(0..2, "ab"), (1..3, r"b\n"), (3..5, r"\nc"), (4..6, "cd"), (5..8, r"d\u0065f"), (7..8, "f"), (2..2, "")]
    {
        let span = decoded.span(range.clone());
        assert_eq!(&text[span.start as usize..span.end as usize], expected, "{range:?}");
    }
}

#[test]
fn nesting_beyond_the_bound_is_skipped() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let text = format!("[{}1{}, 2]", open.repeat(100_000), close.repeat(100_000));
        let parsed = parse(FILE, &text);
        assert_eq!(parsed.errors.len(), 1);
        assert_eq!(parsed.errors[0].1, "nested too deeply: more than 256 levels are not read");
        assert!(matches!(parsed.root.unwrap().elements()[1].value, Value::Int(2)));
    }
    let unclosed = "[{\"a\":".repeat(50_000);
    assert!(parse(FILE, &unclosed).errors.len() <= 100);
}

#[test]
fn hostile_texts_take_linear_time() {
    let unit = 200_000;
    for text in [
        "\"\n\\".repeat(unit),
        "{\"\n".repeat(unit),
        "[/*".repeat(unit),
        "\"a\"\n\n".repeat(unit),
        format!("{{{}}}", "\"a\":1,".repeat(unit)),
        "]}".repeat(unit),
        "[}".repeat(unit),
    ] {
        let parsed = parse(FILE, &text);
        assert!(parsed.errors.len() <= 100);
        assert!(parsed.broken.len() <= 1000);
    }
}

#[test]
fn a_text_cut_anywhere_is_read_without_harm() {
    let text = "\u{feff}{ // c\n \"a\\u00e9\": [1.5, \"x\ny\", {\"b\": null,}], /* é */ \"a\": true }";
    for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
        let cut = &text[..end];
        let parsed = parse(FILE, cut);
        let spans = parsed.errors.iter().map(|(span, _)| *span).chain(parsed.broken.iter().copied());
        for span in spans.chain(parsed.root.iter().map(|root| root.span)) {
            assert!(cut.get(span.start as usize..span.end as usize).is_some(), "{end}: {span:?}");
        }
        assert!(!parsed.errors.is_empty(), "{end}");
    }
}
