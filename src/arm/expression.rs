//! The expression language inside strings: `"[concat(parameters('a'), '-b')]"`.
//!
//! Works on the decoded text; every place goes back to the bytes through [`Decoded`].

use std::ops::Range;

use super::call;
use super::notes::Notes;
use crate::ir::{Expr, ExprId, Name, Piece, Pieces, Program};
use crate::json::Decoded;

/// Calls and accesses within each other.
const MAX_DEPTH: u32 = 256;
/// Bytes of one expression's decoded text.
const MAX_LENGTH: usize = 64 * 1024;
/// What is said of an expression that goes deeper.
const TOO_DEEP: &str = "nested too deeply: more than 256 levels are not read";
/// A literal with more doubled quotes than this becomes one indivisible piece.
const MAX_QUOTES: usize = 64;

/// What a string of a template is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Form {
    /// `[...]`: an expression.
    Expression,
    /// `[[...]`: the text without its first bracket.
    Escaped,
    /// `[[...` without closing bracket: plain text, probably not meant so.
    HalfEscaped,
    /// Anything else: the text itself. Nothing may stand outside of an expression's brackets, not even a blank.
    Plain,
}

/// Says what a string of a template is.
pub(super) fn form(text: &str) -> Form {
    match (text.starts_with("[["), text.starts_with('['), text.ends_with(']')) {
        (true, _, true) => Form::Escaped,
        (true, _, false) => Form::HalfEscaped,
        (false, true, true) => Form::Expression,
        _ => Form::Plain,
    }
}

/// Reads an expression, brackets included. A faulty one becomes [`Expr::Broken`], with a remark. In a user function
/// `parameters('x')` is the function's argument.
pub(super) fn read(decoded: &Decoded<'_>, program: &mut Program, notes: &mut Notes<'_>, in_function: bool) -> ExprId {
    notes.expressions += 1;
    let text: &str = &decoded.text;
    let length = text.len();
    let before = program.exprs.len();
    let mut reader = Reader {
        bytes: text.as_bytes().get(..length.saturating_sub(1)).unwrap_or_default(),
        text,
        at: 1,
        decoded,
        program,
        notes,
        in_function,
    };
    let read = if length > MAX_LENGTH {
        Err(Fault::new(0..length, "this expression is too long to be read: more than 65536 bytes"))
    } else {
        reader.whole()
    };
    read.unwrap_or_else(|fault| {
        program.exprs.truncate(before);
        notes.remark(decoded.span(fault.range), fault.message);
        program.add(Expr::Broken, decoded.span(0..length))
    })
}

/// An expression that was read, and how many levels it has.
struct Read {
    id: ExprId,
    height: u32,
}

/// Why an expression can't be read, and where in the decoded text.
struct Fault {
    range: Range<usize>,
    message: String,
}

impl Fault {
    fn new(range: Range<usize>, message: impl Into<String>) -> Self {
        Self { range, message: message.into() }
    }
}

struct Reader<'a, 't, 'p> {
    text: &'a str,
    /// The text's bytes up to the closing bracket.
    bytes: &'a [u8],
    at: usize,
    decoded: &'a Decoded<'t>,
    program: &'a mut Program,
    notes: &'a mut Notes<'p>,
    in_function: bool,
}

impl<'a> Reader<'a, '_, '_> {
    fn whole(&mut self) -> Result<ExprId, Fault> {
        let read = self.expression(0)?;
        match self.after_blanks() {
            None => Ok(read.id),
            Some(_) => Err(self.unexpected("the expression should end here")),
        }
    }

    /// A value and what is taken out of it: `f(x).a['b'][0]`.
    fn expression(&mut self, depth: u32) -> Result<Read, Fault> {
        let next = self.after_blanks();
        let start = self.at;
        if depth >= MAX_DEPTH {
            return Err(self.unexpected(TOO_DEEP));
        }
        let mut read = match next {
            Some(b'\'') => self.string()?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(byte) if begins_name(byte) => self.call(depth)?,
            _ => return Err(self.unexpected("a function call, a string or a number is expected here")),
        };
        loop {
            let key = match self.after_blanks() {
                Some(b'.') => self.property()?,
                Some(b'[') => self.index(depth)?,
                _ => return Ok(read),
            };
            let access = Expr::Get { base: read.id, key: key.id, safe: false, from_end: false };
            read = self.level(access, start, read.height.max(key.height), depth)?;
        }
    }

    fn property(&mut self) -> Result<Read, Fault> {
        self.at += 1;
        self.after_blanks();
        let range = self.word();
        if range.is_empty() {
            return Err(self.unexpected("a property's name is expected behind the dot"));
        }
        let name = self.text.get(range.clone()).unwrap_or_default();
        let key = match name.parse() {
            Ok(index) => Expr::Int(index),
            Err(_) => Expr::text(self.notes.name(name), self.decoded.span(range.clone())),
        };
        Ok(self.leaf(key, range.start))
    }

    fn index(&mut self, depth: u32) -> Result<Read, Fault> {
        let open = self.at;
        self.at += 1;
        let key = self.expression(depth + 1)?;
        match self.after_blanks() {
            Some(b']') => self.at += 1,
            None => return Err(Fault::new(open..open + 1, "this bracket is never closed")),
            Some(_) => return Err(self.unexpected("`]` is expected here")),
        }
        Ok(key)
    }

    fn call(&mut self, depth: u32) -> Result<Read, Fault> {
        let start = self.at;
        let mut name = self.word();
        let mut namespace = None;
        if self.after_blanks() == Some(b'.') {
            self.at += 1;
            self.after_blanks();
            namespace = Some(self.name(name));
            name = self.word();
        }
        if self.after_blanks() != Some(b'(') || name.is_empty() {
            let written = self.text.get(start..self.at).unwrap_or_default().trim_end();
            let message = format!("`{written}` is no function call; a text needs single quotes");
            return Err(Fault::new(start..start + written.len(), message));
        }
        let open = self.at;
        self.at += 1;
        let (args, height) = self.arguments(open, depth)?;
        let function = self.text.get(name.clone()).unwrap_or_default();
        let known = match namespace {
            None => call::special(function, &args, self.program, self.in_function),
            Some(_) => None,
        };
        let expr = match known {
            Some(expr) => expr,
            None => Expr::Call { namespace, function: self.name(name), args },
        };
        self.level(expr, start, height, depth)
    }

    /// The arguments up to the closing parenthesis, and the levels of the highest.
    fn arguments(&mut self, open: usize, depth: u32) -> Result<(Vec<ExprId>, u32), Fault> {
        let mut args = Vec::new();
        let mut height = 0;
        if self.after_blanks() == Some(b')') {
            self.at += 1;
            return Ok((args, height));
        }
        loop {
            let argument = self.expression(depth + 1)?;
            args.push(argument.id);
            height = height.max(argument.height);
            match self.after_blanks() {
                Some(b',') => self.at += 1,
                Some(b')') => {
                    self.at += 1;
                    return Ok((args, height));
                }
                None => return Err(Fault::new(open..open + 1, "this parenthesis is never closed")),
                Some(_) => return Err(self.unexpected("`,` or `)` is expected here")),
            }
        }
    }

    /// `'...'`, in which two quotes say one and a backslash says itself.
    fn string(&mut self) -> Result<Read, Fault> {
        let start = self.at;
        let mut doubled = Vec::new();
        let mut at = start + 1;
        loop {
            match (self.bytes.get(at), self.bytes.get(at + 1)) {
                (None, _) => return Err(Fault::new(start..start + 1, "this string is never closed")),
                (Some(b'\''), Some(b'\'')) => {
                    doubled.push(at);
                    at += 2;
                }
                (Some(b'\''), _) => break,
                (Some(_), _) => at += 1,
            }
        }
        self.at = at + 1;
        let pieces = self.pieces(start + 1..at, &doubled);
        Ok(self.leaf(Expr::Str(pieces), start))
    }

    fn pieces(&mut self, inside: Range<usize>, doubled: &[usize]) -> Pieces {
        if doubled.len() > MAX_QUOTES {
            let said = self.text.get(inside.clone()).unwrap_or_default().replace("''", "'");
            return Pieces::from_iter([Piece::Literal(said.into(), self.decoded.span(inside))]);
        }
        let mut pieces = Pieces::new();
        let mut from = inside.start;
        for &quote in doubled {
            pieces.extend(self.decoded.pieces_by(from..quote, |text| self.notes.text(text)));
            pieces.push(Piece::Literal(self.notes.name("'"), self.decoded.span(quote..quote + 2)));
            from = quote + 2;
        }
        pieces.extend(self.decoded.pieces_by(from..inside.end, |text| self.notes.text(text)));
        pieces
    }

    fn number(&mut self) -> Result<Read, Fault> {
        let start = self.at;
        self.at += usize::from(self.bytes.get(self.at) == Some(&b'-'));
        self.digits();
        if self.bytes.get(self.at) == Some(&b'.') && self.bytes.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
            self.digits();
        }
        let written = self.text.get(start..self.at).unwrap_or_default();
        let expr = match (written.parse(), written.parse::<f64>()) {
            (Ok(whole), _) => Expr::Int(whole),
            (_, Ok(number)) if number.is_finite() => Expr::Float(number),
            _ => return Err(Fault::new(start..self.at, "this is no number")),
        };
        Ok(self.leaf(expr, start))
    }

    fn digits(&mut self) {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
    }

    /// Goes behind the name (or digits) that begins here.
    fn word(&mut self) -> Range<usize> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&byte| begins_name(byte) || byte.is_ascii_digit()) {
            self.at += 1;
        }
        start..self.at
    }

    fn name(&mut self, range: Range<usize>) -> Name {
        self.notes.name(self.text.get(range).unwrap_or_default())
    }

    /// Goes to the next byte that is no blank; `None` at the closing bracket.
    fn after_blanks(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn leaf(&mut self, expr: Expr, start: usize) -> Read {
        Read { id: self.program.add(expr, self.decoded.span(start..self.at)), height: 1 }
    }

    /// Adds an expression above others of `height` levels, unless it is too deep.
    fn level(&mut self, expr: Expr, start: usize, height: u32, depth: u32) -> Result<Read, Fault> {
        if height + depth >= MAX_DEPTH {
            return Err(Fault::new(start..self.at, TOO_DEEP));
        }
        Ok(Read { height: height + 1, ..self.leaf(expr, start) })
    }

    /// A fault at the character that stands here, or at the closing bracket.
    fn unexpected(&self, message: &'a str) -> Fault {
        let width = self.text.get(self.at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        Fault::new(self.at..self.at + width, message)
    }
}

fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b'$'
}
