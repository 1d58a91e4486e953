//! Which characters PowerShell takes for what. Typographic quotes and dashes count like the plain ones.

/// A blank that isn't a line end.
pub(super) const fn is_blank(char: char) -> bool {
    matches!(char, ' ' | '\t' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{a0}' | '\u{feff}')
}

/// A line end.
pub(super) const fn is_line_end(char: char) -> bool {
    matches!(char, '\n' | '\r')
}

/// A single quote.
pub(super) const fn is_single_quote(char: char) -> bool {
    matches!(char, '\'' | '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}')
}

/// A double quote.
pub(super) const fn is_double_quote(char: char) -> bool {
    matches!(char, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

/// A dash.
pub(super) const fn is_dash(char: char) -> bool {
    matches!(char, '-' | '\u{2013}' | '\u{2014}' | '\u{2015}')
}

/// What may stand in the name of a variable, a member or a keyword.
pub(super) fn is_name(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

/// What ends a bare word wherever it stands.
pub(super) const fn ends_word(char: char) -> bool {
    is_blank(char) || is_line_end(char) || matches!(char, '&' | '(' | ')' | ',' | ';' | '{' | '|' | '}' | '>')
}

/// What a backtick and a character stand for; `None` for the character itself.
pub(super) const fn escaped(char: char) -> Option<&'static str> {
    Some(match char {
        '0' => "\0",
        'a' => "\u{7}",
        'b' => "\u{8}",
        'e' => "\u{1b}",
        'f' => "\u{c}",
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'v' => "\u{b}",
        _ => return None,
    })
}
