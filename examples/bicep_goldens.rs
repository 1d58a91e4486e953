//! Compares tokens and declarations with the baselines of Bicep's own parser: directories that hold `main.bicep`
//! beside `main.tokens.bicep` and `main.syntax.bicep` (or `parameters.*.bicepparam`), as
//! `src/Bicep.Core.Samples/Files` of Azure/bicep does. Names every difference.
//!
//! `cargo run --release --example bicep_goldens -- DIRECTORY...`

#![allow(clippy::print_stdout, reason = "its output is what it is for")]

use std::collections::BTreeSet;
use std::path::Path;

use cmklint::bicep::lexer::TokenKind;
use cmklint::bicep::parser::{FileKind, Parsed, parse};
use cmklint::bicep::syntax::{Declaration, DeclarationKind, Expr, ExprKind, Member};
use cmklint::text::{LineIndex, SourceId};

/// Line and column (from 0, in UTF-16 units) of both ends, and what is there.
type Place = (usize, u32, usize, u32, String);

fn main() {
    let (mut tokens, mut declarations) = (Score::default(), Score::default());
    for directory in std::env::args().skip(1) {
        for entry in walkdir::WalkDir::new(directory).sort_by_file_name().into_iter().flatten() {
            for (stem, extension) in [("main", "bicep"), ("parameters", "bicepparam")] {
                let file = entry.path().join(format!("{stem}.{extension}"));
                let golden =
                    |kind: &str| std::fs::read_to_string(entry.path().join(format!("{stem}.{kind}.{extension}"))).ok();
                let Ok(text) = std::fs::read_to_string(&file) else { continue };
                let kind = if extension == "bicep" { FileKind::Bicep } else { FileKind::Parameters };
                let parsed = parse(SourceId(0), &text, kind);
                let places = Places::new(&text, entry.file_name().to_string_lossy().ends_with("_CRLF"));
                if let Some(golden) = golden("tokens") {
                    tokens.compare(&file, &places.expected(&golden, token_of), &places.tokens(&parsed));
                }
                if let Some(golden) = golden("syntax") {
                    let expected = places.expected(&golden, declaration_of);
                    declarations.compare(&file, &expected, &places.declarations(&parsed));
                }
            }
        }
    }
    tokens.print("tokens");
    declarations.print("declarations");
}

#[derive(Default)]
struct Score {
    files: usize,
    expected: usize,
    equal: usize,
    more: usize,
}

impl Score {
    fn compare(&mut self, file: &Path, expected: &BTreeSet<Place>, found: &BTreeSet<Place>) {
        self.files += 1;
        self.expected += expected.len();
        self.equal += expected.intersection(found).count();
        self.more += found.difference(expected).count();
        for (sign, place) in expected
            .difference(found)
            .map(|place| ('-', place))
            .chain(found.difference(expected).map(|place| ('+', place)))
        {
            let (line, column, end_line, end_column, what) = place;
            println!("{sign} {}:{}:{column} to {}:{end_column} {what}", file.display(), line + 1, end_line + 1);
        }
    }

    fn print(&self, what: &str) {
        let Self { files, expected, equal, more } = self;
        println!("{what}: {equal} of {expected} equal, {more} beyond them, in {files} files");
    }
}

/// The text without a byte order mark, as the baselines count it.
struct Places<'t> {
    text: &'t str,
    lines: LineIndex,
    /// For every UTF-16 unit (the byte order mark has none) the byte where its character begins.
    bytes: Vec<u32>,
    /// Whether only `\r\n` ends a line of the baseline.
    crlf: bool,
}

impl<'t> Places<'t> {
    fn new(text: &'t str, crlf: bool) -> Self {
        let characters = text.char_indices().filter(|(at, character)| *at > 0 || *character != '\u{feff}');
        let bytes = characters.flat_map(|(at, character)| std::iter::repeat_n(at as u32, character.len_utf16()));
        Self { text, lines: LineIndex::new(text), bytes: bytes.collect(), crlf }
    }

    fn place(&self, start: u32, end: u32, what: String) -> Place {
        let (from, to) = (self.lines.utf16(self.text, start), self.lines.utf16(self.text, end));
        (from.line as usize - 1, from.column - 1, to.line as usize - 1, to.column - 1, what)
    }

    fn tokens(&self, parsed: &Parsed<'_>) -> BTreeSet<Place> {
        let kept = |kind| !matches!(kind, TokenKind::NewLine | TokenKind::EndOfFile);
        let tokens = parsed.tokens.iter().filter(|token| kept(token.kind));
        tokens.map(|token| self.place(token.start, token.end, format!("{:?}", token.kind))).collect()
    }

    fn declarations(&self, parsed: &Parsed<'_>) -> BTreeSet<Place> {
        let mut found = BTreeSet::new();
        for declaration in &parsed.tree.declarations {
            self.declaration(declaration, &mut found);
        }
        found
    }

    fn declaration(&self, declaration: &Declaration<'_>, found: &mut BTreeSet<Place>) {
        let name = match &declaration.kind {
            DeclarationKind::TargetScope(_) => "TargetScopeSyntax",
            DeclarationKind::Metadata(_) => "MetadataDeclarationSyntax",
            DeclarationKind::Param(_) => "ParameterDeclarationSyntax",
            DeclarationKind::Var(_) => "VariableDeclarationSyntax",
            DeclarationKind::Output(_) => "OutputDeclarationSyntax",
            DeclarationKind::Type { .. } => "TypeDeclarationSyntax",
            DeclarationKind::Func(_) => "FunctionDeclarationSyntax",
            DeclarationKind::Resource(_) => "ResourceDeclarationSyntax",
            DeclarationKind::Module(_) => "ModuleDeclarationSyntax",
            DeclarationKind::Test(_) => "TestDeclarationSyntax",
            DeclarationKind::Import { .. } => "CompileTimeImportDeclarationSyntax",
            DeclarationKind::Extension(_) => "ExtensionDeclarationSyntax",
            DeclarationKind::Assert(_) => "AssertDeclarationSyntax",
            DeclarationKind::Using { .. } => "UsingDeclarationSyntax",
            DeclarationKind::Extends(_) => "ExtendsDeclarationSyntax",
            DeclarationKind::Assign(_) => "ParameterAssignmentSyntax",
            DeclarationKind::ExtensionConfig { .. } => "ExtensionConfigAssignmentSyntax",
            DeclarationKind::Missing => "MissingDeclarationSyntax",
        };
        found.insert(self.place(declaration.span.start, declaration.span.end, name.to_owned()));
        if let DeclarationKind::Resource(resource) = &declaration.kind {
            self.nested(&resource.value, found);
        }
    }

    fn nested(&self, value: &Expr<'_>, found: &mut BTreeSet<Place>) {
        match &value.kind {
            ExprKind::Object(members) => {
                for member in members {
                    if let Member::Resource(declaration) = member {
                        self.declaration(declaration, found);
                    }
                }
            }
            ExprKind::If(parts) => self.nested(&parts.1, found),
            ExprKind::For(each) => self.nested(&each.body, found),
            _ => {}
        }
    }

    /// Reads a baseline: a line of the text is followed by `//@[start:end) what` for all that begins in it, where
    /// `end` is `start` and the length in UTF-16 units, line ends included.
    fn expected(&self, golden: &str, wanted: impl Fn(&str) -> Option<String>) -> BTreeSet<Place> {
        let golden = golden.strip_prefix('\u{feff}').unwrap_or(golden);
        let line_end = if self.crlf { "\r\n" } else { "\n" };
        let mut found = BTreeSet::new();
        let (mut begin, mut next) = (0, 0);
        for line in golden.split(line_end) {
            let Some(note) = line.strip_prefix("//@[") else {
                begin = next;
                next += line.encode_utf16().count() + line_end.len();
                continue;
            };
            let Some((range, what)) = note.split_once(") ") else { continue };
            let Some((Ok(start), Ok(end))) = range.split_once(':').map(|(from, to)| (from.parse(), to.parse())) else {
                continue;
            };
            let (start, end): (usize, usize) = (start, end);
            if let Some(what) = wanted(what.trim_end_matches('\r')) {
                found.insert(self.place(self.byte(begin + start), self.byte(begin + end), what));
            }
        }
        found
    }

    /// The byte offset of a UTF-16 offset.
    fn byte(&self, unit: usize) -> u32 {
        self.bytes.get(unit).copied().unwrap_or(self.text.len() as u32)
    }
}

fn token_of(what: &str) -> Option<String> {
    let name = what.split(' ').next()?;
    (!matches!(name, "NewLine" | "EndOfFile")).then(|| name.to_owned())
}

fn declaration_of(what: &str) -> Option<String> {
    let name = what.trim_start_matches(['├', '└', '─', '|', ' ']);
    let is_declaration = name.ends_with("DeclarationSyntax")
        || matches!(name, "TargetScopeSyntax" | "ParameterAssignmentSyntax" | "ExtensionConfigAssignmentSyntax");
    is_declaration.then(|| name.to_owned())
}
