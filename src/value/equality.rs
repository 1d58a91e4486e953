//! Three-valued equality.
//!
//! Two strings are first compared by what holds whatever is deployed, then with parameters files, then with
//! defaults; the first decision stands, together with its basis. Stripping a common front and a common back is sound
//! because concatenation cancels.

use super::{Basis, Content, Context, Element, Kind, Literal, Lookup, Piece, Str, TermId, Value};

/// Yes, no, or it can't be told.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tri {
    /// Certainly so, on the verdict's basis.
    Yes,
    /// Certainly not so, on the verdict's basis.
    No,
    /// The files don't tell.
    Maybe,
}

/// An answer and what it rests on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Verdict {
    /// The answer.
    pub tri: Tri,
    /// What it rests on; without meaning for `Maybe`.
    pub basis: Basis,
}

impl Verdict {
    /// An answer on a basis.
    pub const fn new(tri: Tri, basis: Basis) -> Self {
        Self { tri, basis }
    }

    const MAYBE: Self = Self::new(Tri::Maybe, Basis::Fixed);

    /// Whether it is yes.
    pub fn is_yes(self) -> bool {
        self.tri == Tri::Yes
    }

    /// Whether it is no.
    pub fn is_no(self) -> bool {
        self.tri == Tri::No
    }

    /// Whether it can't be told.
    pub fn is_maybe(self) -> bool {
        self.tri == Tri::Maybe
    }

    /// Both: no if either is no.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self.tri, other.tri) {
            (Tri::No, Tri::No) => Self::new(Tri::No, self.basis.min(other.basis)),
            (Tri::No, _) => self,
            (_, Tri::No) => other,
            (Tri::Yes, Tri::Yes) => Self::new(Tri::Yes, self.basis.max(other.basis)),
            _ => Self::MAYBE,
        }
    }

    /// The opposite.
    #[must_use]
    pub const fn not(self) -> Self {
        let tri = match self.tri {
            Tri::Yes => Tri::No,
            Tri::No => Tri::Yes,
            Tri::Maybe => Tri::Maybe,
        };
        Self { tri, basis: self.basis }
    }
}

/// Whether upper and lower case differ.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Case {
    Differs,
    Ignored,
}

/// Whether two values are equal as ARM's `equals` has it: strings by case, arrays and objects in depth.
pub fn equal(context: &Context, a: &Value, b: &Value) -> Verdict {
    Comparison { context, left: COMPARISONS }.values(a, b, 0)
}

/// Whether two strings are equal without regard to case, as names and ids are.
pub fn equal_text(context: &Context, a: &Str, b: &Str) -> Verdict {
    strings(context, a, b, Case::Ignored, false)
}

/// Whether two strings name the same region: without regard to case and blanks (`West US 2` is `westus2`).
pub fn same_region(context: &Context, a: &Str, b: &Str) -> Verdict {
    strings(context, a, b, Case::Ignored, true)
}

/// Whether a text is the same at two times, without regard to case. Unlike two texts of one deployment, a default and
/// a parameters file may have changed in between, though the parameter is the same: what they give counts, and a
/// symbol stands for the same at both times.
pub fn unchanged(context: &Context, before: &Str, now: &Str) -> Verdict {
    as_given(context, before, now, false)
}

/// The same for the names of regions.
pub fn unchanged_region(context: &Context, before: &Str, now: &Str) -> Verdict {
    as_given(context, before, now, true)
}

fn as_given(context: &Context, before: &Str, now: &Str, squeeze: bool) -> Verdict {
    let mut worst = Basis::Fixed;
    let x = tokens(&before.pieces, Basis::Assumed, Case::Ignored, squeeze, &mut worst);
    let y = tokens(&now.pieces, Basis::Assumed, Case::Ignored, squeeze, &mut worst);
    Verdict::new(compare(context, &x, &y, Case::Ignored), worst)
}

/// Values within values that are compared.
const DEPTH: u32 = 64;
/// Values that are compared before it can't be told: values share their parts, and what is compared doesn't.
const COMPARISONS: u32 = 20_000;

/// One comparison of two values in depth.
struct Comparison<'c> {
    context: &'c Context,
    left: u32,
}

impl Comparison<'_> {
    fn values(&mut self, a: &Value, b: &Value, depth: u32) -> Verdict {
        if a.term == b.term {
            return Verdict::new(Tri::Yes, Basis::Fixed);
        }
        if depth > DEPTH || self.left == 0 {
            return Verdict::MAYBE;
        }
        self.left -= 1;
        let basis = a.basis.max(b.basis);
        let known = |equal: bool| Verdict::new(if equal { Tri::Yes } else { Tri::No }, basis);
        match (&a.kind, &b.kind) {
            (Kind::Choice(choice), _) => {
                either(self.values(&choice.then, b, depth + 1), self.values(&choice.other, b, depth + 1))
            }
            (_, Kind::Choice(choice)) => {
                either(self.values(a, &choice.then, depth + 1), self.values(a, &choice.other, depth + 1))
            }
            (Kind::Unknown { term: x, .. }, Kind::Unknown { term: y, .. }) if x == y => Verdict::new(Tri::Yes, basis),
            (Kind::Unknown { term, .. }, Kind::Str(string)) | (Kind::Str(string), Kind::Unknown { term, .. }) => {
                let origin = a.origin;
                strings(self.context, &Str::symbol(*term, origin), string, Case::Differs, false)
            }
            (Kind::Unknown { .. } | Kind::Handle(_), _) | (_, Kind::Unknown { .. } | Kind::Handle(_)) => Verdict::MAYBE,
            (Kind::Null, Kind::Null) => known(true),
            (Kind::Bool(x), Kind::Bool(y)) => known(x == y),
            (Kind::Int(x), Kind::Int(y)) => known(x == y),
            (Kind::Float(x), Kind::Float(y)) => known(x == y),
            (Kind::Int(x), Kind::Float(y)) | (Kind::Float(y), Kind::Int(x)) => known(*x as f64 == *y),
            (Kind::Str(x), Kind::Str(y)) => strings(self.context, x, y, Case::Differs, false),
            (Kind::Array(x), Kind::Array(y)) => self.arrays(x, y, basis, depth),
            (Kind::Object(x), Kind::Object(y)) => {
                if x.open || y.open {
                    return Verdict::MAYBE;
                }
                let mut all = Verdict::new(Tri::Yes, basis);
                for (one, two) in [(x, y), (y, x)] {
                    for member in &one.members {
                        let Some(key) = member.key.text() else { return Verdict::MAYBE };
                        all = all.and(match two.get(&key) {
                            Lookup::Found(other) => self.values(&member.value, &other.value, depth + 1),
                            Lookup::Absent => Verdict::new(Tri::No, basis),
                            Lookup::Maybe => Verdict::MAYBE,
                        });
                    }
                }
                all
            }
            _ => known(false),
        }
    }

    fn arrays(&mut self, x: &[Element], y: &[Element], basis: Basis, depth: u32) -> Verdict {
        if x.iter().chain(y).any(Element::is_many) {
            return Verdict::MAYBE;
        }
        if x.len() != y.len() {
            return Verdict::new(Tri::No, basis);
        }
        x.iter()
            .zip(y)
            .fold(Verdict::new(Tri::Yes, basis), |all, (a, b)| all.and(self.values(a.value(), b.value(), depth + 1)))
    }
}

/// A verdict over a choice that isn't decided: what both sides say.
fn either(then: Verdict, other: Verdict) -> Verdict {
    if then.tri == other.tri { Verdict::new(then.tri, then.basis.max(other.basis)) } else { Verdict::MAYBE }
}

/// A text up to the last thing in it that no file tells.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Front(Vec<Token>);

/// A text as [`equal_text`] takes it: its front, and what is written behind that. Two texts of one front are equal if they
/// have the same behind it, and certainly not if they don't.
pub fn front_and_rest(text: &Str) -> (Front, String) {
    let mut worst = Basis::Fixed;
    let mut front = tokens(&text.pieces, Basis::Assumed, Case::Ignored, false, &mut worst);
    let written = front.iter().rev().take_while(|token| matches!(token, Token::Char(_))).count();
    let rest = front.split_off(front.len() - written);
    let chars = rest.iter().filter_map(|token| match token {
        Token::Char(char) => Some(*char),
        Token::Symbol(_) => None,
    });
    let rest = chars.collect();
    (Front(front), rest)
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Token {
    Char(char),
    Symbol(TermId),
}

fn strings(context: &Context, a: &Str, b: &Str, case: Case, squeeze: bool) -> Verdict {
    let mut verdict = Verdict::MAYBE;
    // What both begin with cancels; ids of one scope have most of their text in common.
    let front = a.pieces.iter().zip(b.pieces.iter()).take_while(|(x, y)| is_same_piece(x, y)).count();
    let (rest_a, rest_b) = (&a.pieces[front..], &b.pieces[front..]);
    for upto in [Basis::Fixed, Basis::ParamFile, Basis::Default, Basis::Assumed] {
        let mut worst = Basis::Fixed;
        let x = tokens(rest_a, upto, case, squeeze, &mut worst);
        let y = tokens(rest_b, upto, case, squeeze, &mut worst);
        verdict = Verdict::new(compare(context, &x, &y, case), worst);
        if verdict.tri != Tri::Maybe || (a.basis() <= upto && b.basis() <= upto) {
            break;
        }
    }
    verdict
}

/// Whether two pieces are the same whatever is deployed.
fn is_same_piece(x: &Piece, y: &Piece) -> bool {
    let is_same = match (&x.content, &y.content) {
        (Content::Text(x), Content::Text(y)) => x == y,
        (Content::Symbol(x), Content::Symbol(y)) => x == y,
        _ => false,
    };
    is_same && x.basis == Basis::Fixed && y.basis == Basis::Fixed
}

fn tokens(pieces: &[Piece], upto: Basis, case: Case, squeeze: bool, worst: &mut Basis) -> Vec<Token> {
    let mut tokens = Vec::new();
    let push_text = |tokens: &mut Vec<Token>, text: &str| {
        for char in text.chars().filter(|char| !squeeze || *char != ' ') {
            match case {
                Case::Ignored => tokens.extend(char.to_lowercase().map(Token::Char)),
                Case::Differs => tokens.push(Token::Char(char)),
            }
        }
    };
    for piece in pieces {
        if piece.basis > upto {
            tokens.push(Token::Symbol(piece.term));
            continue;
        }
        *worst = (*worst).max(piece.basis);
        match &piece.content {
            Content::Text(text) => push_text(&mut tokens, text),
            Content::Symbol(term) => tokens.push(Token::Symbol(*term)),
        }
    }
    tokens
}

fn compare(context: &Context, mut x: &[Token], mut y: &[Token], case: Case) -> Tri {
    while let (Some((a, rest_x)), Some((b, rest_y))) = (x.split_first(), y.split_first()) {
        match (a, b) {
            _ if a == b => (x, y) = (rest_x, rest_y),
            (Token::Char(_), Token::Char(_)) => return Tri::No,
            _ => break,
        }
    }
    while let (Some((a, rest_x)), Some((b, rest_y))) = (x.split_last(), y.split_last()) {
        match (a, b) {
            _ if a == b => (x, y) = (rest_x, rest_y),
            (Token::Char(_), Token::Char(_)) => return Tri::No,
            _ => break,
        }
    }
    if x.is_empty() && y.is_empty() {
        return Tri::Yes;
    }
    let no = |x: &[Token], y: &[Token]| {
        too_long(context, x, y) || too_few_slashes(context, x, y) || refuted(context, x, y, case)
    };
    if no(x, y) || no(y, x) { Tri::No } else { Tri::Maybe }
}

/// Whether `x` is all text and `y` can't be as short as that.
fn too_long(context: &Context, x: &[Token], y: &[Token]) -> bool {
    let least: usize = y
        .iter()
        .map(|token| match token {
            Token::Char(_) => 1,
            Token::Symbol(term) => context.facts(*term).map_or(0, |facts| facts.min_length),
        })
        .sum();
    x.iter().all(|token| matches!(token, Token::Char(_))) && least > x.len()
}

/// Whether the slashes of `x` are all written out, and `y` has more of them: one segment is never a path.
fn too_few_slashes(context: &Context, x: &[Token], y: &[Token]) -> bool {
    let written = |tokens: &[Token]| tokens.iter().filter(|token| **token == Token::Char('/')).count();
    let all_written = x.iter().all(|token| match token {
        Token::Char(_) => true,
        Token::Symbol(term) => context.facts(*term).is_some_and(|facts| facts.no_slash),
    });
    all_written && written(x) < written(y)
}

/// Whether `x` is one symbol and `y` a text that it can't have.
fn refuted(context: &Context, x: &[Token], y: &[Token], case: Case) -> bool {
    let [Token::Symbol(term)] = x else { return false };
    let Some(facts) = context.facts(*term) else { return false };
    let mut text = String::new();
    for token in y {
        let Token::Char(char) = token else { return false };
        text.push(*char);
    }
    if facts.max_length.is_some_and(|most| text.chars().count() > most) {
        return true;
    }
    facts.allowed.as_ref().is_some_and(|allowed| {
        !allowed.iter().any(|literal| match literal {
            Literal::Str(one) if case == Case::Ignored => one.to_lowercase() == text,
            Literal::Str(one) => **one == *text,
            _ => false,
        })
    })
}
