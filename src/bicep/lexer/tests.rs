//! Tokens and their places.

use super::*;

fn lexed(text: &str) -> Lexed {
    lex(SourceId(0), text)
}

/// Kinds and texts of all tokens but the end.
fn tokens(text: &str) -> Vec<(TokenKind, &str)> {
    let all = lexed(text).tokens.into_iter().filter(|token| token.kind != TokenKind::EndOfFile);
    all.map(|token| (token.kind, &text[token.start as usize..token.end as usize])).collect()
}

fn kinds(text: &str) -> Vec<TokenKind> {
    tokens(text).into_iter().map(|(kind, _)| kind).collect()
}

#[test]
fn the_longest_operator_wins() {
    use TokenKind::*;
    let cases: &[(&str, &[TokenKind])] = &[
        ("a.b", &[Identifier, Dot, Identifier]),
        ("...a", &[Ellipsis, Identifier]),
        ("a.?b", &[Identifier, Dot, Question, Identifier]),
        ("a[?^1]", &[Identifier, LeftSquare, Question, Hat, Integer, RightSquare]),
        ("a ?? b ? c : d", &[Identifier, DoubleQuestion, Identifier, Question, Identifier, Colon, Identifier]),
        ("a::b", &[Identifier, DoubleColon, Identifier]),
        ("= == => =~", &[Assignment, Equals, Arrow, EqualsInsensitive]),
        ("! != !~", &[Exclamation, NotEquals, NotEqualsInsensitive]),
        ("< <= > >=", &[LeftChevron, LessThanOrEqual, RightChevron, GreaterThanOrEqual]),
        ("&& || |", &[LogicalAnd, LogicalOr, Pipe]),
        ("+ - * / %", &[Plus, Minus, Asterisk, Slash, Modulo]),
        ("@ ; ,", &[At, Semicolon, Comma]),
        ("true false null resource", &[TrueKeyword, FalseKeyword, NullKeyword, Identifier]),
        ("a_1 2", &[Identifier, Integer]),
    ];
    for (text, expected) in cases {
        assert_eq!(kinds(text), *expected, "{text}");
        assert!(lexed(text).diagnostics.is_empty(), "{text}");
    }
}

#[test]
fn line_ends_are_tokens_and_blanks_part_them() {
    let expected = [(TokenKind::NewLine, "\r\n\n"), (TokenKind::NewLine, "\n"), (TokenKind::Identifier, "a")];
    assert_eq!(tokens("\r\n\n  \n a"), expected);
}

#[test]
fn comments_and_pragmas_are_no_tokens() {
    let texts = [
        "// one\na",
        "/* one\n two */a",
        "#disable-next-line BCP001 no-unused-vars\na",
        "  #disable-diagnostics BCP001 // why\na",
        "\u{feff}#restore-diagnostics BCP001\na",
    ];
    for text in texts {
        assert_eq!(tokens(text).last(), Some(&(TokenKind::Identifier, "a")), "{text}");
        assert!(lexed(text).diagnostics.is_empty(), "{text}");
    }
}

#[test]
fn a_byte_order_mark_is_passed_over_and_counted() {
    let first = lexed("\u{feff}a").tokens[0];
    assert_eq!((first.kind, first.start, first.end), (TokenKind::Identifier, 3, 4));
}

#[test]
fn strings_are_split_at_their_holes() {
    use TokenKind::*;
    let cases: &[(&str, &[(TokenKind, &str)])] = &[
        ("'a'", &[(StringComplete, "'a'")]),
        ("'a${b}c'", &[(StringLeftPiece, "'a${"), (Identifier, "b"), (StringRightPiece, "}c'")]),
        (
            "'${a}-${b}'",
            &[
                (StringLeftPiece, "'${"),
                (Identifier, "a"),
                (StringMiddlePiece, "}-${"),
                (Identifier, "b"),
                (StringRightPiece, "}'"),
            ],
        ),
        ("'${{}}'", &[(StringLeftPiece, "'${"), (LeftBrace, "{"), (RightBrace, "}"), (StringRightPiece, "}'")]),
        ("'\\${a}'", &[(StringComplete, "'\\${a}'")]),
        ("'$'", &[(StringComplete, "'$'")]),
        ("'''a${b}''''", &[(StringComplete, "'''a${b}''''")]),
        ("$'''$${b}'''", &[(StringLeftPiece, "$'''$${"), (Identifier, "b"), (StringRightPiece, "}'''")]),
        ("$$'''${a}$${b}'''", &[(StringLeftPiece, "$$'''${a}$${"), (Identifier, "b"), (StringRightPiece, "}'''")]),
    ];
    for (text, expected) in cases {
        assert_eq!(tokens(text), *expected, "{text}");
        assert!(lexed(text).diagnostics.is_empty(), "{text}");
    }
}

/// The decoded parts of the first token, each with what it is written as.
fn content(text: &str) -> Vec<(String, &str)> {
    let token = lexed(text).tokens[0];
    string_content(text, token, Style::of(&text[token.start as usize..token.end as usize]))
        .into_iter()
        .map(|part| (part.text.into_owned(), &text[part.start as usize..part.end as usize]))
        .collect()
}

#[test]
fn escapes_stand_alone() {
    let cases: &[(&str, &[(&str, &str)])] = &[
        ("''", &[]),
        ("'ab'", &[("ab", "ab")]),
        ("'a\\nb'", &[("a", "a"), ("\n", "\\n"), ("b", "b")]),
        ("'\\r\\t\\\\\\''", &[("\r", "\\r"), ("\t", "\\t"), ("\\", "\\\\"), ("'", "\\'")]),
        ("'\\$a\\${b}'", &[("$", "\\$"), ("a", "a"), ("${", "\\${"), ("b}", "b}")]),
        ("'\\u{1F600}\\u{20}'", &[("😀", "\\u{1F600}"), (" ", "\\u{20}")]),
        ("'''\na\\n'''", &[("a\\n", "a\\n")]),
        ("'''\r\na'''", &[("a", "a")]),
        ("''''a''''", &[("'a'", "'a'")]),
        ("$$'''a${b}'''", &[("a${b}", "a${b}")]),
        ("$'''\na$${", &[("a$", "a$")]),
    ];
    for (text, expected) in cases {
        let found = content(text);
        let found: Vec<_> = found.iter().map(|(decoded, written)| (decoded.as_str(), *written)).collect();
        assert_eq!(found, *expected, "{text}");
    }
}

#[test]
fn faults_are_said_where_they_are() {
    let cases = [
        ("'a", 0, 2, "this string is not closed"),
        ("'a\nb", 0, 2, "this string is not closed"),
        ("'''a", 0, 4, "this multi-line string is not closed"),
        ("'\\q'", 1, 3, "the language has no such escape; a backslash is written `\\\\`"),
        ("'\\u{110000}'", 1, 11, "the language has no such escape; a backslash is written `\\\\`"),
        ("'${a\n", 4, 4, "this line ends inside of a string"),
        ("/* a", 0, 4, "this comment is not closed"),
        ("\"a", 0, 1, "strings are written with single quotes"),
        ("a & b", 2, 3, "unexpected character '&'"),
        ("$a", 0, 1, "unexpected `$`"),
        ("ä", 0, 2, "unexpected character 'ä'"),
        ("#disable-next-line\n", 0, 18, "`#disable-next-line` names no diagnostic code"),
    ];
    for (text, start, end, message) in cases {
        let found = lexed(text).diagnostics.into_iter().next().map(|(span, message)| (span.start, span.end, message));
        assert_eq!(found, Some((start, end, message.to_owned())), "{text}");
    }
}
