//! Tokens of Bicep.

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum TokenKind {
    /// `@`
    At,
    /// `{`
    LeftBrace,
    /// `}`
    RightBrace,
    /// `(`
    LeftParen,
    /// `)`
    RightParen,
    /// `[`
    LeftSquare,
    /// `]`
    RightSquare,
    /// `,`
    Comma,
    /// `.`
    Dot,
    /// `...`
    Ellipsis,
    /// `?`
    Question,
    /// `??`
    DoubleQuestion,
    /// `:`
    Colon,
    /// `::`
    DoubleColon,
    /// `;`, which has no meaning
    Semicolon,
    /// `=`
    Assignment,
    /// `=>`
    Arrow,
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Asterisk,
    /// `/`
    Slash,
    /// `%`
    Modulo,
    /// `^`
    Hat,
    /// `!`
    Exclamation,
    /// `<`
    LeftChevron,
    /// `>`
    RightChevron,
    /// `<=`
    LessThanOrEqual,
    /// `>=`
    GreaterThanOrEqual,
    /// `==`
    Equals,
    /// `!=`
    NotEquals,
    /// `=~`
    EqualsInsensitive,
    /// `!~`
    NotEqualsInsensitive,
    /// `&&`
    LogicalAnd,
    /// `||`
    LogicalOr,
    /// `|`
    Pipe,
    /// A name; most keywords are names too.
    Identifier,
    /// Digits.
    Integer,
    /// `true`
    TrueKeyword,
    /// `false`
    FalseKeyword,
    /// `null`
    NullKeyword,
    /// A string without holes.
    StringComplete,
    /// A string up to its first hole: `'a${`.
    StringLeftPiece,
    /// A string from one hole to the next: `}b${`.
    StringMiddlePiece,
    /// A string from its last hole: `}c'`.
    StringRightPiece,
    /// One or more line ends without blanks between them.
    NewLine,
    /// Anything else.
    Unrecognized,
    /// The end; always the last token.
    EndOfFile,
}

/// A token and the bytes it is written as. Blanks, comments and pragmas belong to none.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// A piece of a string that is not closed or holds an escape that the language doesn't know.
    pub malformed: bool,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}
