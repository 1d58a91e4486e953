//! What shells lower to: statements in order, whose commands hold words.
//!
//! One form for bash and PowerShell. A [`Script`] says what is written, not what it does: quoting is undone, every
//! text piece knows its bytes, what a shell would only know when it runs is an expression with its text. The order of
//! statements counts, other than in a [`Program`](super::Program), so variables are bound when `eval` walks through.
//!
//! Blocks and expressions live in arenas: a hostile nesting costs no stack when a script is dropped.

use std::sync::Arc;

use super::{Name, Piece};
use crate::text::{SourceId, Span};

pub use super::ExprId;

/// Index of a block in its script.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct BlockId(pub u32);

/// Which language a script is written in.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Shell {
    /// bash and sh: names of variables tell upper from lower case, a word may fall into several.
    Bash,
    /// PowerShell: names don't tell upper from lower case, values are objects.
    PowerShell,
}

/// One script: a file, or a text inside one.
#[derive(Debug)]
pub struct Script {
    /// The file that it is in.
    pub source: SourceId,
    /// Its language.
    pub shell: Shell,
    /// Arena of expressions.
    pub exprs: Vec<Node>,
    /// Arena of blocks.
    pub blocks: Vec<Vec<Statement>>,
    /// What runs.
    pub body: BlockId,
    /// Regions that could not be read: whatever they do is unknown.
    pub broken: Vec<Span>,
}

impl Script {
    /// An empty script.
    pub fn new(source: SourceId, shell: Shell) -> Self {
        Self { source, shell, exprs: Vec::new(), blocks: vec![Vec::new()], body: BlockId(0), broken: Vec::new() }
    }

    /// Adds an expression.
    pub fn add(&mut self, expr: Expr, span: Span) -> ExprId {
        self.exprs.push(Node { expr, span });
        ExprId(self.exprs.len() as u32 - 1)
    }

    /// Adds a block.
    pub fn add_block(&mut self, statements: Vec<Statement>) -> BlockId {
        self.blocks.push(statements);
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// The expression of an id of this script.
    pub fn expr(&self, id: ExprId) -> &Expr {
        &self.exprs[id.0 as usize].expr
    }

    /// Where an expression is written.
    pub fn span(&self, id: ExprId) -> Span {
        self.exprs[id.0 as usize].span
    }

    /// The statements of a block of this script.
    pub fn block(&self, id: BlockId) -> &[Statement] {
        &self.blocks[id.0 as usize]
    }

    /// The text of an expression that is a text without holes.
    pub fn literal(&self, id: ExprId) -> Option<Arc<str>> {
        self.expr(id).literal()
    }
}

/// An expression and its place.
#[derive(Debug)]
pub struct Node {
    /// What it is.
    pub expr: Expr,
    /// Where it is written.
    pub span: Span,
}

/// A statement and its place.
#[derive(Debug)]
pub struct Statement {
    /// What it does.
    pub kind: StatementKind,
    /// The whole of it.
    pub span: Span,
}

/// What a statement does. Conditions are blocks: they hold if their last statement succeeds (bash) or gives a true
/// value (PowerShell).
#[derive(Debug)]
pub enum StatementKind {
    /// `x=1`, `x+=1`, `local x=1`, `$x = 1`.
    Assign(Assign),
    /// A simple command.
    Command(Command),
    /// PowerShell: a value on its own, such as a method call; also the condition of an `if`.
    Expression(ExprId),
    /// A definition; runs nothing.
    Function {
        /// As defined.
        name: Name,
        /// PowerShell's `param(...)`; bash functions have none and see `$1`, `$2`.
        parameters: Vec<Parameter>,
        /// What it does.
        body: BlockId,
    },
    /// `param(...)` of a whole script.
    Parameters(Vec<Parameter>),
    /// `if`, `elif`, `else`.
    If {
        /// Condition and body, in order.
        branches: Vec<(BlockId, BlockId)>,
        /// `else`.
        otherwise: Option<BlockId>,
    },
    /// `case`, `switch`.
    Case {
        /// What is compared.
        subject: ExprId,
        /// The arms; the first that matches runs.
        arms: Vec<Arm>,
    },
    /// `for x in ...`, `foreach ($x in ...)`.
    For {
        /// The variable.
        variable: Name,
        /// The variable's place.
        variable_span: Span,
        /// What it runs over: a list.
        items: ExprId,
        /// What runs.
        body: BlockId,
    },
    /// `while`, `until`, `for ((;;))`: any number of times.
    While {
        /// The condition.
        condition: BlockId,
        /// Whether it runs until the condition holds.
        until: bool,
        /// What runs.
        body: BlockId,
    },
    /// `a | b`.
    Pipeline(Vec<BlockId>),
    /// `a && b || c`.
    Chain {
        /// What runs first.
        first: BlockId,
        /// What runs where everything before succeeded (`And`) or failed (`Or`).
        rest: Vec<(Link, BlockId)>,
    },
    /// `! a`, `-not`.
    Not(BlockId),
    /// `{ ...; }`.
    Group(BlockId),
    /// `( ... )`: what it assigns is gone afterwards.
    Subshell(BlockId),
    /// `a &`.
    Background(BlockId),
    /// `try`, `catch`, `finally`, `trap`.
    Try {
        /// What is tried.
        body: BlockId,
        /// What runs where it fails.
        handlers: Vec<BlockId>,
        /// What runs in any case.
        finally: Option<BlockId>,
    },
    /// `exit`, `throw`: the script ends.
    Exit,
    /// `return`: the function ends.
    Return(Option<ExprId>),
    /// `break`, `continue`: this turn of the loop ends.
    Break,
    /// Could not be read; whatever it does is unknown.
    Broken,
}

/// How two parts of a chain hang together.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Link {
    /// `&&`.
    And,
    /// `||`.
    Or,
}

/// An arm of `case`.
#[derive(Debug)]
pub struct Arm {
    /// The patterns; `*` (bash) and `default` (PowerShell) are an arm without any.
    pub patterns: Vec<ExprId>,
    /// What runs.
    pub body: BlockId,
}

/// A parameter of a function or a script.
#[derive(Debug)]
pub struct Parameter {
    /// As declared.
    pub name: Name,
    /// The name's place.
    pub span: Span,
    /// Whether it is declared to be a truth value.
    pub is_truth: bool,
    /// Its default.
    pub default: Option<ExprId>,
}

/// An assignment.
#[derive(Debug)]
pub struct Assign {
    /// [`Expr::Var`], or an [`Expr::Get`] over one: `m[k]=v`, `$x.y = v`. An [`Expr::List`] takes several.
    pub target: ExprId,
    /// The target's place.
    pub span: Span,
    /// What it is set to.
    pub value: ExprId,
    /// `+=`.
    pub append: bool,
    /// Bound only in the function around it.
    pub local: bool,
}

/// A simple command.
#[derive(Debug)]
pub struct Command {
    /// `X=y` before it.
    pub environment: Vec<Assign>,
    /// Name and arguments. Wrappers such as `sudo` are still there.
    pub words: Vec<Word>,
    /// The text given to its standard input: a here-document or here-string.
    pub input: Option<ExprId>,
    /// Whether nothing but a line end lies between it and the command before it: where a continuation is missing,
    /// the rest of a command looks like one of its own.
    pub adjoining: bool,
}

/// A word of a command.
#[derive(Debug)]
pub struct Word {
    /// Where it is written, quotes included.
    pub span: Span,
    /// What stands in it, in order.
    pub parts: Vec<Part>,
    /// What it is to the command.
    pub role: Role,
}

/// A part of a word.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// What it holds.
    pub value: ExprId,
    /// Into how many words it may fall.
    pub spread: Spread,
}

/// Into how many words a part may fall.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Spread {
    /// One, whatever it holds: literal text, and anything in quotes. A list is joined with blanks.
    One,
    /// An expansion without quotes: falls apart at blanks, and then into the files that match.
    Split,
    /// One for each element of the list: `"${a[@]}"`, `"$@"`, a splat.
    Each,
    /// Literal text with an unquoted `*`: whatever files match.
    Files,
}

/// What a word is to its command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// The command's name, or a value.
    Plain,
    /// PowerShell's `-Name` or `-Name:`; its parts are the text after the dash. `attached` says that the next word is
    /// its value by a colon.
    Option {
        /// As written, without dash and colon.
        name: Name,
        /// Whether the value follows a colon.
        attached: bool,
    },
    /// PowerShell's `@name`: elements by position or members by name.
    Splat,
}

/// An expression.
#[derive(Debug)]
pub enum Expr {
    /// `$null`.
    Null,
    /// `$true`, `$false`.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A number with a fraction.
    Float(f64),
    /// Text: literal pieces and holes, in order. A hole that is a list is joined with blanks.
    Text(Vec<Piece>),
    /// A word as an expression: the value of an assignment, the subject of a `case`. Never falls apart.
    Joined(Vec<Part>),
    /// bash: `(a "$b" $c)` and what `for` runs over.
    Words(Vec<Word>),
    /// PowerShell: `a, b`. The elements are what they are.
    List(Vec<ExprId>),
    /// PowerShell: `@(...)`: what is no list becomes one of one element, null one of none.
    Listed(ExprId),
    /// `@{...}`, `([k]=v)`.
    Map {
        /// The members, in order.
        entries: Vec<Entry>,
        /// `[ordered]`, `[pscustomobject]`: the type that is written before it, lower case.
        cast: Option<Name>,
    },
    /// The whole variable. `env:x` is an environment variable, `script:x` and the like as written; `1`, `2` and `@`
    /// are what a bash function or script is called with. bash's `$x` is the element 0 of `x`.
    Var(Name),
    /// `${m[k]}`, `$x.y`, `$x[0]`. `.y` is the text `y` with the name's place. The element 0 of what is no list is it.
    Get {
        /// What is looked into.
        base: ExprId,
        /// Text or integer.
        key: ExprId,
    },
    /// An operator or an expansion with an operator, by name; `eval` knows the names of both languages.
    Call {
        /// `default`, `length`, `join`, `replace`, `add`, `equals`, `not` and the like.
        function: Name,
        /// Arguments, in order.
        args: Vec<ExprId>,
    },
    /// `$x.Add(1)`, `[guid]::NewGuid()`.
    Method {
        /// The object; for a static method the text of its type.
        base: ExprId,
        /// As written.
        name: Name,
        /// Arguments, in order.
        args: Vec<ExprId>,
    },
    /// What commands give: `$(...)`, `(Get-AzX ...).Id`, the right side of `$x = New-AzX ...`.
    Run {
        /// What runs.
        block: BlockId,
        /// How it is written; holes are the variables in it, so that the same text with other values is another
        /// symbol.
        text: Vec<Piece>,
    },
    /// What only the running shell knows, by its text: arithmetic, `<(...)`, `~`.
    Opaque(Vec<Piece>),
    /// PowerShell: `{ ... }` as a value.
    Lambda(BlockId),
    /// Could not be read.
    Broken,
}

impl Expr {
    /// The text of a text without holes.
    pub fn literal(&self) -> Option<Arc<str>> {
        let Self::Text(pieces) = self else { return None };
        let mut whole = String::new();
        for piece in pieces {
            let Piece::Literal(text, _) = piece else { return None };
            if pieces.len() == 1 {
                return Some(Arc::clone(text));
            }
            whole.push_str(text);
        }
        Some(whole.into())
    }
}

/// A member of a map.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The key: text with the place of the name.
    pub key: ExprId,
    /// The value.
    pub value: ExprId,
}
