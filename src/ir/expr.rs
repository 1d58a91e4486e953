//! Expressions.

use std::sync::Arc;

use smallvec::SmallVec;

use super::Name;
use crate::text::Span;

/// Index of an expression in its program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ExprId(pub u32);

/// An expression and its place.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Where it is written. A string literal's span has its quotes.
    pub span: Span,
}

/// An expression of any front end.
#[derive(Debug)]
pub enum Expr {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction or beyond 64 bits; JSON only.
    Float(f64),
    /// A string: literal pieces and holes, in order. No piece is empty; the empty string has none.
    Str(Pieces),
    /// `[...]`.
    Array(Vec<Item>),
    /// `{...}`.
    Object(Vec<Field>),
    /// `parameters('x')`, or a Bicep name that is a parameter.
    Param(Name),
    /// `variables('x')`, or a Bicep name that is a variable (also an imported one: then `alias.name` is a
    /// [`Expr::Get`] over it).
    Var(Name),
    /// A loop item, lambda argument, function argument.
    Local(Name),
    /// A resource or module of this file by symbol (Bicep). In ARM a symbol is a string inside `reference('sym')`.
    Symbol(Name),
    /// A function call. Operators are calls too, by their ARM names: `add`, `sub`, `mul`, `div`, `mod`, `equals`,
    /// `not`, `and`, `or`, `less`, `lessOrEquals`, `greater`, `greaterOrEquals`, `coalesce`, `if` (`a ? b : c`);
    /// `!=` is `not(equals)`, `=~` is `equals(toLower, toLower)`, unary minus is `sub(0, x)`.
    Call {
        /// User functions of ARM (`ns.f`), namespaces of Bicep (`sys`, `az` are dropped) or an import alias.
        namespace: Option<Name>,
        /// As written; looked up without regard to case in ARM.
        function: Name,
        /// Arguments, in order.
        args: Vec<ExprId>,
    },
    /// `res.listKeys()` and the like: a call on a resource.
    Method {
        /// The resource.
        base: ExprId,
        /// As written.
        function: Name,
        /// Arguments, in order.
        args: Vec<ExprId>,
    },
    /// `x => body`; `lambda('x', body)`.
    Lambda {
        /// Argument names; in the body they are [`Expr::Local`].
        args: Vec<Name>,
        /// The body.
        body: ExprId,
    },
    /// `.a`, `[i]`; `.?a`, `[?i]` (safe); `[^i]` (from the end, counted from 1).
    Get {
        /// What is looked into.
        base: ExprId,
        /// A string or integer expression; `.a` is the string `a` with the span of the name.
        key: ExprId,
        /// Null instead of an error where it is missing; the rest of the chain is then skipped too.
        safe: bool,
        /// Whether the index counts from the end.
        from_end: bool,
    },
    /// `parent::child`: a resource nested in another.
    Child(ExprId, Name),
    /// `[for ...]`, and copy of a property, variable, output or parameter.
    For(Box<Loop>, ExprId),
    /// `copyIndex()`, `copyIndex('name')`, `copyIndex(1)`, `copyIndex('name', 1)`.
    CopyIndex {
        /// The loop's name; `None` is the resource loop.
        name: Option<Name>,
        /// What is added.
        offset: Option<ExprId>,
    },
    /// The content of a file: `loadTextContent` and its like. The function decides how it is read.
    Load {
        /// Lower-cased function name: `loadtextcontent`, `loadjsoncontent`, `loadyamlcontent`, `loadfileasbase64`.
        function: Name,
        /// Index into the program's `files`.
        file: usize,
        /// Further arguments.
        args: Vec<ExprId>,
    },
    /// A value that only a key vault or the environment knows, with what to call it.
    Secret(Name),
    /// Could not be read; evaluates to unknown.
    Broken,
}

impl Expr {
    /// A string that is written out as a whole.
    pub fn text(text: Name, span: Span) -> Self {
        Self::Str(Pieces::from_iter([Piece::Literal(text, span)]))
    }

    /// The text of a string literal without holes.
    pub fn literal(&self) -> Option<Arc<str>> {
        let Self::Str(pieces) = self else { return None };
        match pieces.as_slice() {
            [] => Some(Arc::from("")),
            [Piece::Literal(text, _)] => Some(Arc::clone(text)),
            several => {
                let mut whole = String::new();
                for piece in several {
                    let Piece::Literal(text, _) = piece else { return None };
                    whole.push_str(text);
                }
                Some(whole.into())
            }
        }
    }
}

/// The parts of a string: nearly always one.
pub type Pieces = SmallVec<[Piece; 1]>;

/// A part of a string.
#[derive(Clone, Debug)]
pub enum Piece {
    /// Decoded text and the bytes that it was written as. If both have the same length, they are the same bytes, so
    /// that a part of the text has a place of its own; else (an escape such as `\n`, `''`) the piece is indivisible.
    /// Front ends split literals at escapes to keep that.
    Literal(Arc<str>, Span),
    /// `${x}`.
    Hole(ExprId),
}

/// An element of an array literal.
#[derive(Clone, Copy, Debug)]
pub enum Item {
    /// A value.
    One(ExprId),
    /// `...x`.
    Spread(ExprId),
}

/// A member of an object literal.
#[derive(Debug)]
pub enum Field {
    /// `key: value`. The key is a string expression and may have holes.
    Named {
        /// The key.
        key: ExprId,
        /// The value.
        value: ExprId,
    },
    /// `...x`.
    Spread(ExprId),
    /// ARM's property `copy`: the member `key` is the array of `value` over the loop.
    Copy {
        /// The member's name, which is the loop's name too.
        key: Name,
        /// The name's place.
        span: Span,
        /// The loop.
        each: Box<Loop>,
        /// One element.
        value: ExprId,
    },
}

/// `for` or `copy`.
#[derive(Debug)]
pub struct Loop {
    /// The name by which `copyIndex('name')` knows it. An ARM output's loop has none; a bare `copyIndex()` means it.
    pub name: Option<Name>,
    /// What it runs over.
    pub over: Over,
    /// The item's name; in the body it is [`Expr::Local`].
    pub item: Option<Name>,
    /// The index's name.
    pub index: Option<Name>,
    /// Where it is written.
    pub span: Span,
}

/// What a loop runs over.
#[derive(Clone, Copy, Debug)]
pub enum Over {
    /// ARM: how many times.
    Count(ExprId),
    /// Bicep: an array.
    Array(ExprId),
}
