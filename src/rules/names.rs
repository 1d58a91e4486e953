//! CMK211: the name of a gallery, image definition or image version is one that the service refuses.

use super::rule::{Check, Rule};
use super::words::{Fact, Words};
use crate::azure::{Field, ImageVersion, Kind, is_in_gallery};
use crate::eval::Resource;
use crate::text::Span;
use crate::value::{Basis, Content, OriginId, Piece, Str, Term, TermId, segments};

pub(super) struct InvalidName;

struct BadName {
    noun: &'static str,
    name: String,
    place: Option<Span>,
    origin: Option<OriginId>,
    rule: &'static str,
    basis: Basis,
}

/// What a name may be.
struct Form {
    noun: &'static str,
    rule: &'static str,
    /// Signs allowed beside letters and digits.
    signs: &'static [char],
    /// Signs allowed at the end.
    last: &'static [char],
    /// Signs allowed at the front.
    first: &'static [char],
    longest: usize,
}

const GALLERY: Form = Form {
    noun: "gallery",
    rule: "a gallery's name holds letters, digits, and inside it `_` and `.`, at most 80 of them, and no dash",
    signs: &['_', '.'],
    last: &[],
    first: &[],
    longest: 80,
};

const DEFINITION: Form = Form {
    noun: "image definition",
    rule: "an image definition's name holds letters, digits, and inside it `_`, `-` and `.`, at most 80 of them",
    signs: &['_', '-', '.'],
    last: &[],
    first: &[],
    longest: 80,
};

const PUBLISHER: Form = Form {
    noun: "publisher",
    rule: "a publisher holds letters, digits, `_`, `-` and `.`, at most 128 of them, and doesn't end in `.`",
    signs: &['_', '-', '.'],
    last: &['_', '-'],
    first: &['_', '-', '.'],
    longest: 128,
};

const OFFER: Form = Form {
    noun: "offer",
    rule: "an offer holds letters, digits, `_`, `-` and `.`, at most 64 of them, and doesn't end in `.`",
    signs: &['_', '-', '.'],
    last: &['_', '-'],
    first: &['_', '-', '.'],
    longest: 64,
};

const SKU: Form = Form {
    noun: "SKU",
    rule: "a SKU holds letters, digits, `_`, `-` and `.`, at most 64 of them, and doesn't end in `.`",
    signs: &['_', '-', '.'],
    last: &['_', '-'],
    first: &['_', '-', '.'],
    longest: 64,
};

const VERSION: &str = "an image version's name is Major.Minor.Patch, three whole numbers up to 2147483647";

impl Rule for InvalidName {
    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Gallery, Kind::ImageDefinition, Kind::ImageVersion]
    }

    fn gallery(&self, gallery: &Resource, check: &mut Check<'_>) {
        if let Some(name) = parts(gallery, check).first() {
            judge(&GALLERY, name, check);
        }
    }

    fn image_definition(&self, definition: &Resource, check: &mut Check<'_>) {
        let parts = parts(definition, check);
        owners(definition, &parts, check);
        if let [_, name] = parts.as_slice() {
            judge(&DEFINITION, name, check);
        }
        let body = check.reader.settle(&definition.body);
        for (member, form) in [("publisher", &PUBLISHER), ("offer", &OFFER), ("sku", &SKU)] {
            let field = check.reader.path(&body, &["properties", "identifier", member]);
            match &field {
                Field::Present(value) => match value.as_str() {
                    Some(string) if !string.is_empty() => judge(form, &string.clone(), check),
                    _ => {}
                },
                Field::Maybe(value) => check.undecided(value),
                Field::Absent(_) => {}
            }
        }
    }

    fn image_version(&self, version: &ImageVersion<'_>, check: &mut Check<'_>) {
        let parts = parts(version.resource, check);
        owners(version.resource, &parts, check);
        let [_, _, name] = parts.as_slice() else { return };
        match name.text() {
            Some(text) if is_version(&text) => {}
            Some(_) => report("image version", VERSION, name, None, check),
            None => undecided(name, check),
        }
    }
}

fn parts(resource: &Resource, check: &mut Check<'_>) -> Vec<Str> {
    let name = check.reader.cleared(&resource.name);
    segments(check.reader.context, &name)
}

/// The names of the gallery and definition that a version or definition belongs to, where those that the files declare
/// don't speak for themselves.
fn owners(resource: &Resource, parts: &[Str], check: &mut Check<'_>) {
    let estate = check.reader.estate;
    if let [gallery, ..] = parts {
        let declared = estate
            .beside(Kind::Gallery, resource)
            .into_iter()
            .any(|declared| is_in_gallery(&mut check.reader, resource, declared).is_yes());
        if !declared {
            judge(&GALLERY, gallery, check);
        }
    }
    if let [_, definition, _] = parts {
        let full = |resource: &Resource| resource.name.text().map(|name| name.to_lowercase());
        let own = full(resource).and_then(|name| name.rsplit_once('/').map(|(front, _)| front.to_owned()));
        let declared = own.is_some()
            && estate.beside(Kind::ImageDefinition, resource).into_iter().any(|declared| full(declared) == own);
        if !declared {
            judge(&DEFINITION, definition, check);
        }
    }
}

fn judge(form: &Form, name: &Str, check: &mut Check<'_>) {
    if breaks(form, name) {
        let allowed = |char: char| char.is_ascii_alphanumeric() || form.signs.contains(&char);
        let wrong = |piece: &&Piece| matches!(&piece.content, Content::Text(text) if !text.chars().all(allowed));
        let part = name.pieces.iter().find(wrong).filter(|_| name.pieces.len() > 1);
        report(form.noun, form.rule, name, part, check);
    } else if !name.is_known() {
        undecided(name, check);
    }
}

/// Where a name is written that came from one literal; one that was put together is where that was done.
fn whole(name: &Str, check: &Check<'_>) -> Option<Span> {
    let place = check.reader.place_of(name);
    let mut places = name.pieces.iter().map(|piece| check.reader.place_at(piece.origin));
    let is_one = places.all(|piece| piece.zip(place).is_some_and(|(piece, place)| place.contains(piece)));
    if is_one { place } else { check.resource.name_span.or(place) }
}

/// Whether what is known of a name breaks its form, whatever the rest is. A name without a letter or digit is what is left
/// of a form that nobody filled in yet (`'${prefix}-${sku}'` of empty parameters), not one that somebody chose.
fn breaks(form: &Form, name: &Str) -> bool {
    if name.text().is_some_and(|name| !name.chars().any(char::is_alphanumeric)) {
        return false;
    }
    let allowed = |char: char| char.is_ascii_alphanumeric() || form.signs.contains(&char);
    let known: usize = name
        .pieces
        .iter()
        .map(|piece| match &piece.content {
            Content::Text(text) => text.chars().count(),
            Content::Symbol(_) => 0,
        })
        .sum();
    let text = |content: &Content| match content {
        Content::Text(text) => Some(text.clone()),
        Content::Symbol(_) => None,
    };
    let first = name.pieces.first().and_then(|piece| text(&piece.content));
    let last = name.pieces.last().and_then(|piece| text(&piece.content));
    let end = |char: Option<char>, signs: &[char]| {
        char.is_some_and(|char| !char.is_ascii_alphanumeric() && !signs.contains(&char))
    };
    known > form.longest
        || name.pieces.iter().filter_map(|piece| text(&piece.content)).any(|text| !text.chars().all(allowed))
        || end(first.and_then(|text| text.chars().next()), form.first)
        || end(last.and_then(|text| text.chars().last()), form.last)
}

fn is_version(text: &str) -> bool {
    let numbers: Vec<&str> = text.split('.').collect();
    numbers.len() == 3
        && numbers.iter().all(|number| {
            !number.is_empty()
                && number.bytes().all(|byte| byte.is_ascii_digit())
                && number.parse::<u64>().is_ok_and(|number| number <= 2_147_483_647)
        })
}

fn undecided(name: &Str, check: &mut Check<'_>) {
    for piece in &*name.pieces {
        if let Content::Symbol(term) = &piece.content
            && !is_letters_and_digits(*term, check)
        {
            return check.undecided_term(piece.origin, *term);
        }
    }
}

/// Whether a symbol holds letters and digits only, whatever it is: `uniqueString` gives no others.
fn is_letters_and_digits(term: TermId, check: &Check<'_>) -> bool {
    matches!(check.reader.context.get(term), Term::Call(name, _) if &**name == "uniquestring")
}

/// `part` is what breaks the rule by itself; else the name as a whole does.
fn report(noun: &'static str, rule: &'static str, name: &Str, part: Option<&Piece>, check: &mut Check<'_>) {
    let (place, origin) = match part {
        Some(part) => (check.reader.place_at(part.origin), Some(part.origin)),
        None => (whole(name, check), name.pieces.first().map(|piece| piece.origin)),
    };
    let fact = BadName { noun, name: check.reader.shown(name), place, origin, rule, basis: name.basis() };
    check.report(&fact);
}

impl Fact for BadName {
    fn basis(&self) -> Basis {
        self.basis
    }

    fn word(&self, words: &mut Words<'_>) {
        let Self { noun, name, .. } = self;
        words.message(format!("the {noun} can't be called `{name}`"));
        words.primary(self.place, "a name that the service refuses");
        if let Some(origin) = self.origin {
            words.way(origin);
        }
        words.note(self.rule);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{SourceId, Span};
    use crate::value::Context;

    fn name(text: &str) -> Str {
        let mut context = Context::new();
        let origin = context.written(Span::new(SourceId(0), 0, 1));
        Str::fixed(&mut context, text, origin)
    }

    #[test]
    fn a_gallery_has_no_dash_and_no_sign_at_its_ends() {
        for (text, broken) in [
            ("MyGallery", false),
            ("my.gallery_1", false),
            ("my-gallery", true),
            ("gallery_", true),
            (".gallery", true),
        ] {
            assert_eq!(breaks(&GALLERY, &name(text)), broken, "{text}");
        }
        assert!(breaks(&GALLERY, &name(&"g".repeat(81))));
    }

    #[test]
    fn a_name_of_signs_alone_is_yet_to_be_filled_in() {
        assert!(!breaks(&DEFINITION, &name("-")));
        assert!(breaks(&DEFINITION, &name("-a")));
    }

    #[test]
    fn a_version_is_three_numbers() {
        for (text, sound) in [
            ("1.0.0", true),
            ("2026.1123.2147483647", true),
            ("1.0", false),
            ("1.0.2147483648", false),
            ("1.0.0-beta", false),
            ("latest", false),
            ("1..0", false),
        ] {
            assert_eq!(is_version(text), sound, "{text}");
        }
    }

    #[test]
    fn a_publisher_may_end_in_a_dash_but_not_in_a_dot() {
        assert!(!breaks(&PUBLISHER, &name("contoso-")));
        assert!(breaks(&PUBLISHER, &name("contoso.")));
        assert!(breaks(&OFFER, &name(&"o".repeat(65))));
    }
}
