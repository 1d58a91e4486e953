//! Names that a template takes apart at their slashes and puts together again, as the compiler of Bicep writes them:
//! `resourceId('a/b', split(x, '/')[0], split(x, '/')[1])`.

use std::sync::Arc;

use super::evaluator::Evaluator;
use super::make;
use crate::text::Span;
use crate::value::{Content, Literal, Piece, Str, Term, TermId, Value, Why};

impl Evaluator<'_> {
    /// A whole name with what it takes apart put back together.
    pub(super) fn whole_name(&mut self, name: Value, span: Span) -> Value {
        self.spread_over_choices(vec![name], &mut |this, names| {
            let [name] = names else { return this.unknown(Why::Error, span) };
            let Some(string) = name.as_str().filter(|string| string.pieces.len() > 1) else { return name.clone() };
            let mut parts = string.split(&mut this.context, |char| char == '/');
            if parts.len() < 2 || !this.join_names(&mut parts) || string.term(&mut this.context) != name.term {
                return name.clone();
            }
            let slash = Str::fixed(&mut this.context, "/", name.origin);
            let whole = parts.into_iter().reduce(|whole, part| whole.join(&slash).join(&part)).unwrap_or_default();
            make::string(&mut this.context, whole, name.origin)
        })
    }

    /// Puts names back together that are taken apart: `split(x, '/')[0], split(x, '/')[1]`. Where `x` writes out as many
    /// slashes as it must have, what stands between them is the names, since a name can't hold a slash. Whether
    /// there were any.
    pub(super) fn join_names(&mut self, names: &mut [Str]) -> bool {
        let mut joined = false;
        for at in 0..names.len() {
            let Some((whole, place)) = self.one_term(&names[at]).and_then(|term| self.split_at(term)) else { continue };
            let parts = self.between_slashes(whole);
            let Some(run) = at.checked_sub(place).and_then(|from| names.get(from..from + parts.len())) else {
                continue;
            };
            if let Some(run) = self.parts_of_name(whole, parts, run) {
                let from = at - place;
                names[from..from + run.len()].clone_from_slice(&run);
                joined = true;
            }
        }
        joined
    }

    /// The term of a string that is one piece, or the pieces of one.
    fn one_term(&self, string: &Str) -> Option<TermId> {
        if let [piece] = &*string.pieces {
            return Some(piece.term);
        }
        let mut whole = None;
        for piece in &*string.pieces {
            let Term::Part(of, _) = self.context.get(piece.term) else { return None };
            if *whole.get_or_insert(*of) != *of {
                return None;
            }
        }
        whole
    }

    /// The names that stand between the slashes of a whole one, if `taken` are what takes it apart. A part that is known
    /// is itself.
    fn parts_of_name(&mut self, whole: TermId, parts: Vec<Vec<TermId>>, taken: &[Str]) -> Option<Vec<Str>> {
        if parts.len() < 2 {
            return None;
        }
        let mut all = Vec::with_capacity(taken.len());
        for (at, (name, parts)) in taken.iter().zip(parts).enumerate() {
            let of = self.one_term(name).and_then(|term| self.split_at(term));
            all.push(if of == Some((whole, at)) {
                self.part_of_name(at, taken.len(), name, parts)?
            } else if name.term(&mut self.context) == self.context.concat(parts) {
                name.clone()
            } else {
                return None;
            });
        }
        Some(all)
    }

    /// The `at`-th name of so many, which is made of these parts.
    fn part_of_name(&mut self, at: usize, count: usize, name: &Str, parts: Vec<TermId>) -> Option<Str> {
        let [piece] = &*name.pieces else {
            let same = name.pieces.len() == parts.len();
            let pieces = name.pieces.iter().zip(parts).map(|(piece, term)| Piece { term, ..piece.clone() });
            return same.then(|| Str::new(pieces.collect::<Vec<_>>()));
        };
        let content = match piece.content {
            Content::Symbol(term) if term == piece.term => {
                let pieces = parts.into_iter().map(|term| {
                    let content = match self.context.as_literal(term) {
                        Some(Literal::Str(text)) => Content::Text(Arc::clone(text)),
                        _ => Content::Symbol(term),
                    };
                    Piece { content, term, ..piece.clone() }
                });
                return Some(Str::new(pieces.collect::<Vec<_>>()));
            }
            Content::Symbol(term) => {
                let (present, _) = self.split_at(term).filter(|(_, place)| *place == at)?;
                let present = self.between_slashes(present);
                if present.len() != count {
                    return None;
                }
                Content::Symbol(self.context.concat(present.into_iter().nth(at)?))
            }
            Content::Text(ref text) => Content::Text(Arc::clone(text)),
        };
        let term = self.context.concat(parts);
        Some(Str::new([Piece { content, term, ..piece.clone() }]))
    }

    /// What a term takes a segment of, and the how manieth.
    fn split_at(&self, term: TermId) -> Option<(TermId, usize)> {
        let Term::Get(parts, key) = self.context.get(term) else { return None };
        let Term::Call(name, args) = self.context.get(*parts) else { return None };
        let [whole, separator] = **args else { return None };
        let Some(Literal::Int(at)) = self.context.as_literal(*key) else { return None };
        let by_slash = matches!(self.context.as_literal(separator), Some(Literal::Str(text)) if &**text == "/");
        let at = usize::try_from(*at).ok()?;
        (&**name == "split" && by_slash).then_some((whole, at))
    }

    /// The parts of a text between the slashes that are written out.
    fn between_slashes(&mut self, whole: TermId) -> Vec<Vec<TermId>> {
        let parts = match self.context.get(whole) {
            Term::Concat(parts) => parts.to_vec(),
            _ => vec![whole],
        };
        let mut all = vec![Vec::new()];
        for part in parts {
            let Some(Literal::Str(text)) = self.context.as_literal(part).cloned() else {
                all.last_mut().into_iter().for_each(|last: &mut Vec<TermId>| last.push(part));
                continue;
            };
            for (count, text) in text.split('/').enumerate() {
                if count > 0 {
                    all.push(Vec::new());
                }
                if text.is_empty() {
                    continue;
                }
                let text = self.context.text(text);
                all.last_mut().into_iter().for_each(|last| last.push(text));
            }
        }
        all
    }
}
