//! Which file a linked template's address ends in.
//!
//! Addresses are put together from a base that only a deployment knows and a path that is written out:
//! `uri(variables('base'), 'nested/vm.json')`, `concat(parameters('_artifactsLocation'), '/nested/vm.json', parameters('sas'))`.
//! The literal tail up to `.json` is what a file can be found by. Variables and parameter defaults are followed as
//! they are written; nothing is evaluated.

use crate::ir::{Expr, ExprId, Field, Item, Piece, Program};
use crate::text::Span;

/// Expressions that are looked at for one address.
const MAX_STEPS: usize = 256;
/// How deep names are followed.
const MAX_DEPTH: usize = 24;
/// Bytes of one literal that are looked at; no address is that long.
const MAX_TEXT: usize = 4096;
/// The host of files of GitHub repositories.
const RAW_FILES: &str = "raw.githubusercontent.com/";
/// What the path of a template or parameters file ends in.
const ENDING: &str = ".json";

/// The literal tail of the address `id`, a relative path that ends in `.json`, and where it is written. `program`
/// holds the expression, `names` declares the parameters and variables that it means. `fuel` bounds how many
/// declarations are looked through.
pub(super) fn tail(program: &Program, names: &Program, id: ExprId, fuel: &mut usize) -> Option<(String, Span)> {
    let mut parts = Parts { names, steps: 0, fuel, all: Vec::new() };
    parts.collect(program, id, 0);
    let all = parts.all;
    let (last, end) = (0..all.len()).rev().find_map(|at| Some((at, path_end(&all, at)?)))?;
    let Some(Part::Text(text, span)) = all.get(last) else { return None };
    let mut path = text.get(..end)?.to_owned();
    let mut from = path_start(&path);
    if from == 0 {
        for part in all.get(..last)?.iter().rev() {
            let Part::Text(before, _) = part else { break };
            if before.contains("://") && (before.ends_with('/') || path.starts_with('/')) {
                break;
            }
            path.insert_str(0, before);
            from = path_start(&path);
            if from > 0 {
                break;
            }
        }
    }
    let path = path.get(from..)?.trim_start_matches('/').to_owned();
    let begin = end.saturating_sub(path.len());
    let exact = span.len() as usize == text.len();
    (path.len() > ENDING.len()).then(|| (path, if exact { span.part(begin, end) } else { *span }))
}

/// Where the path of a whole address begins: behind scheme and host; in GitHub's raw files behind owner, repository and
/// branch too, since what follows is a path of the repository.
fn path_start(address: &str) -> usize {
    let Some(host) = address.find("://").map(|scheme| scheme + "://".len()) else { return 0 };
    let rest = address.get(host..).unwrap_or_default();
    let before_path = if begins(rest, RAW_FILES) { 4 } else { 1 };
    rest.match_indices('/').nth(before_path - 1).map_or(address.len(), |(slash, _)| host + slash + 1)
}

fn begins(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// Where the path ends in the part at `at`: behind the last `.json` that only a query, or what isn't known, follows.
fn path_end(all: &[Part], at: usize) -> Option<usize> {
    let Some(Part::Text(text, _)) = all.get(at) else { return None };
    let found = text.to_ascii_lowercase().rfind(ENDING)? + ENDING.len();
    let follows = match text.get(found..)? {
        "" => match all.get(at + 1) {
            Some(Part::Text(next, _)) => next.as_str(),
            _ => "",
        },
        rest => rest,
    };
    matches!(follows.as_bytes().first(), None | Some(b'?' | b'#')).then_some(found)
}

/// A part of an address.
enum Part {
    /// Written out somewhere.
    Text(String, Span),
    /// Known only at deployment, or a place where a path starts anew.
    Hole,
}

struct Parts<'p> {
    names: &'p Program,
    steps: usize,
    fuel: &'p mut usize,
    all: Vec<Part>,
}

impl<'p> Parts<'p> {
    fn collect(&mut self, program: &'p Program, id: ExprId, depth: usize) {
        self.steps += 1;
        if self.steps > MAX_STEPS || depth > MAX_DEPTH {
            return self.all.push(Part::Hole);
        }
        if let Some((program, id)) = self.follow(program, id) {
            return self.collect(program, id, depth + 1);
        }
        match program.expr(id) {
            Expr::Str(pieces) => self.text(pieces),
            Expr::Call { namespace: None, function, args } => match (function.to_ascii_lowercase().as_str(), &**args) {
                ("concat", args) => args.iter().for_each(|&argument| self.collect(program, argument, depth + 1)),
                ("format", [format, args @ ..]) => self.format(program, *format, args, depth),
                ("string", [only]) => self.collect(program, *only, depth + 1),
                ("uri", [base, path]) => {
                    self.collect(program, *base, depth + 1);
                    if !matches!(self.all.last(), Some(Part::Text(text, _)) if text.ends_with('/')) {
                        self.all.push(Part::Hole);
                    }
                    self.collect(program, *path, depth + 1);
                }
                _ => self.all.push(Part::Hole),
            },
            _ => self.all.push(Part::Hole),
        }
    }

    fn text(&mut self, pieces: &[Piece]) {
        let mut whole = String::new();
        let mut place: Option<Span> = None;
        for piece in pieces {
            let Piece::Literal(text, span) = piece else { return self.all.push(Part::Hole) };
            whole.push_str(text);
            place = Some(place.map_or(*span, |place| place.to(*span)));
        }
        match place {
            Some(place) if whole.len() <= MAX_TEXT => self.all.push(Part::Text(whole, place)),
            Some(_) => self.all.push(Part::Hole),
            None => {}
        }
    }

    /// `format('{0}/nested/{1}.json', ...)`: literal parts and arguments in turn.
    fn format(&mut self, program: &'p Program, format: ExprId, args: &[ExprId], depth: usize) {
        let (Some(text), span) = (program.literal(format), program.span(format)) else {
            return self.all.push(Part::Hole);
        };
        if text.len() > MAX_TEXT {
            return self.all.push(Part::Hole);
        }
        let mut rest: &str = &text;
        while let Some((before, behind)) = rest.split_once('{') {
            let argument = behind.split_once('}').and_then(|(index, rest)| Some((index.parse::<usize>().ok()?, rest)));
            let Some((index, after)) = argument else { return self.all.push(Part::Hole) };
            self.literal_part(before, span);
            match args.get(index) {
                Some(&argument) => self.collect(program, argument, depth + 1),
                None => self.all.push(Part::Hole),
            }
            rest = after;
        }
        self.literal_part(rest, span);
    }

    fn literal_part(&mut self, text: &str, span: Span) {
        if !text.is_empty() {
            self.all.push(Part::Text(text.to_owned(), span));
        }
    }

    /// What a variable, a parameter's default or a member of either is written as.
    fn follow(&mut self, program: &'p Program, id: ExprId) -> Option<(&'p Program, ExprId)> {
        let names = self.names;
        match program.expr(id) {
            Expr::Var(name) => {
                self.burn(names.vars.len())?;
                let var = names.vars.iter().find(|var| var.name.eq_ignore_ascii_case(name))?;
                Some((names, var.value))
            }
            Expr::Param(name) => {
                self.burn(names.params.len())?;
                let param = names.params.iter().find(|param| param.name.eq_ignore_ascii_case(name))?;
                Some((names, param.default?))
            }
            Expr::Get { base, key, .. } => {
                let (mut program, mut base, key) = (program, *base, program.expr(*key));
                while !matches!(program.expr(base), Expr::Object(_) | Expr::Array(_)) {
                    self.steps += 1;
                    if self.steps > MAX_STEPS {
                        return None;
                    }
                    (program, base) = self.follow(program, base)?;
                }
                if let Expr::Object(fields) = program.expr(base) {
                    self.burn(fields.len())?;
                }
                Some((program, member(program, base, key)?))
            }
            _ => None,
        }
    }

    /// Takes the cost of looking through `declarations`; `None` if there isn't enough fuel left.
    fn burn(&mut self, declarations: usize) -> Option<()> {
        *self.fuel = self.fuel.checked_sub(declarations)?;
        Some(())
    }
}

fn member(program: &Program, base: ExprId, key: &Expr) -> Option<ExprId> {
    match (program.expr(base), key) {
        (Expr::Object(fields), key) => {
            let key = key.literal()?;
            fields.iter().find_map(|field| match field {
                Field::Named { key: name, value } if program.literal(*name)?.eq_ignore_ascii_case(&key) => Some(*value),
                _ => None,
            })
        }
        (Expr::Array(items), Expr::Int(index)) => match items.get(usize::try_from(*index).ok()?)? {
            Item::One(value) => Some(*value),
            Item::Spread(_) => None,
        },
        _ => None,
    }
}
