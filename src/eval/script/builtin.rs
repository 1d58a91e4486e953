//! Commands of the shells themselves: those of bash that change what it holds, and PowerShell's for paths.

use crate::eval::make;
use crate::ir::Name;
use crate::ir::script::Role;
use crate::text::Span;
use crate::value::{Element, Kind, Value};

use super::Arg;
use super::state::Truth;
use super::walk::{Status, Walker};

/// Commands that print nothing.
const SILENT: [&str; 22] = [
    "cd",
    "set",
    "shopt",
    "unset",
    "shift",
    "read",
    "mapfile",
    "readarray",
    "trap",
    "umask",
    "wait",
    "sleep",
    "exec",
    "source",
    ".",
    ":",
    "true",
    "false",
    "mkdir",
    "rm",
    "pushd",
    "export",
];

/// The most numbers that `seq` is followed for.
const SEQ: usize = 200;

impl Walker<'_, '_> {
    /// Runs a command of the shell itself; `None` where it is none.
    pub(super) fn builtin(&mut self, name: &str, args: &[Arg], input: Option<&Value>, span: Span) -> Option<Status> {
        match name {
            ":" | "true" => {}
            "false" => return Some(Status { truth: Truth::Known(false, crate::value::Basis::Fixed), test: true }),
            "[" | "[[" | "test" => {
                let truth = self.test(name, args);
                return Some(Status { truth, test: true });
            }
            "set" => self.set_positional(args, span),
            "shift" => self.shift(args, span),
            "unset" => self.unset(args, span),
            "read" | "mapfile" | "readarray" => self.read(name, args, span),
            "printf" if args.first().and_then(Arg::text).as_deref() == Some("-v") => {
                if let Some(name) = args.get(1).and_then(Arg::text) {
                    self.set_unknown(&name, span);
                }
            }
            "echo" => self.echo(args),
            // A here-document as text.
            "cat" if args.is_empty() && input.is_some() => self.emit(input.cloned()),
            "seq" => self.seq(args, span),
            "getopts" => {
                for name in args.get(1).and_then(Arg::text).into_iter().chain(["OPTARG".into(), "OPTIND".into()]) {
                    self.set_unknown(&name, span);
                }
                return None;
            }
            "declare" | "local" | "typeset" | "export" | "readonly" => self.declare(name, args, span),
            _ if SILENT.contains(&name) => {}
            _ => return None,
        }
        Some(Status::DONE)
    }

    /// PowerShell's `Join-Path a b`: the parts of a path with slashes between them. `None` for any other command.
    pub(super) fn joined_path(&mut self, name: &str, args: &[Arg], span: Span) -> Option<Value> {
        if !name.eq_ignore_ascii_case("Join-Path") {
            return None;
        }
        let parts: Vec<&Arg> = args.iter().filter(|arg| arg.role == Role::Plain).collect();
        let is_plain = |arg: &&Arg| !arg.many && matches!(arg.value.kind, Kind::Str(_) | Kind::Unknown { .. });
        if parts.len() < 2 || !parts.iter().all(is_plain) {
            return None;
        }
        let mut values: Vec<Value> = Vec::new();
        for part in parts {
            if !values.is_empty() {
                values.push(make::text(self.context, "/", part.value.origin));
            }
            values.push(part.value.clone());
        }
        Some(self.concatenated(&values, span))
    }

    /// `echo`: its words are its output.
    fn echo(&mut self, args: &[Arg]) {
        let args = match args.first().and_then(Arg::text).as_deref() {
            Some("-n") => args.get(1..).unwrap_or_default(),
            Some(text) if text.starts_with('-') => return self.emit(None),
            _ => args,
        };
        if args.iter().any(|arg| arg.many) {
            return self.emit(None);
        }
        let Some(first) = args.first() else { return self.emit(None) };
        let mut values: Vec<Value> = Vec::new();
        for arg in args {
            if !values.is_empty() {
                let origin = arg.value.origin;
                values.push(make::text(self.context, " ", origin));
            }
            values.push(arg.value.clone());
        }
        let text = self.concatenated(&values, first.span);
        self.emit(Some(text));
    }

    /// `seq 3`, `seq 0 3`.
    fn seq(&mut self, args: &[Arg], span: Span) {
        let numbers: Option<Vec<i64>> = args.iter().map(|arg| arg.text()?.parse().ok()).collect();
        let numbers = match numbers.as_deref() {
            Some([last]) => (1..=*last).take(SEQ),
            Some([first, last]) => (*first..=*last).take(SEQ),
            _ => return self.emit(None),
        };
        let lines: Vec<String> = numbers.map(|number| number.to_string()).collect();
        if lines.len() == SEQ {
            return self.emit(None);
        }
        let origin = self.context.written(span);
        let text = make::text(self.context, &lines.join("\n"), origin);
        self.emit(Some(text));
    }

    /// `set -- a b`.
    fn set_positional(&mut self, args: &[Arg], span: Span) {
        let at = args.iter().position(|arg| arg.text().as_deref() == Some("--"));
        let plain = args.first().is_some_and(|arg| arg.text().is_none_or(|text| !text.starts_with(['-', '+'])));
        let given = match at {
            Some(at) => args.get(at + 1..),
            None if plain => Some(args),
            None => return,
        };
        let elements = given
            .unwrap_or_default()
            .iter()
            .map(|arg| if arg.many { Element::Many(arg.value.clone()) } else { Element::One(arg.value.clone()) })
            .collect();
        self.set_all(elements, span);
    }

    fn set_all(&mut self, elements: Vec<Element>, span: Span) {
        let origin = self.context.written(span);
        let all = make::array(self.context, elements, origin);
        for index in 1..10 {
            self.state.forget(&index.to_string());
        }
        self.state.set("@".into(), all);
    }

    fn shift(&mut self, args: &[Arg], span: Span) {
        let count = match args.first() {
            None => Some(1),
            Some(arg) => arg.text().and_then(|text| text.parse::<usize>().ok()),
        };
        let all = self.variable("@", span);
        match (count, all.as_array()) {
            (Some(count), Some(elements)) if elements.iter().take(count).all(|element| !element.is_many()) => {
                let rest = elements.iter().skip(count).cloned().collect();
                self.set_all(rest, span);
            }
            _ => {
                let origin = self.context.written(span);
                let many = Element::Many(self.unknown(span));
                let all = make::array(self.context, vec![many], origin);
                self.state.set("@".into(), all);
            }
        }
    }

    fn unset(&mut self, args: &[Arg], span: Span) {
        for name in args.iter().filter_map(Arg::text).filter(|name| !name.starts_with('-')) {
            let name = name.split('[').next().unwrap_or_default().to_owned();
            let origin = self.context.written(span);
            let nothing = make::null(self.context, origin);
            self.state.set(Name::from(name), nothing);
        }
    }

    /// `read`: only the shell knows what comes in.
    fn read(&mut self, name: &str, args: &[Arg], span: Span) {
        let mut names = Vec::new();
        let mut at = 0;
        while let Some(text) = args.get(at).and_then(Arg::text) {
            at += 1;
            match &*text {
                "-a" | "-A" => {}
                "-p" | "-d" | "-n" | "-N" | "-t" | "-u" | "-i" | "-O" | "-s" if name == "read" && &*text != "-s" => {
                    at += 1;
                }
                option if option.starts_with('-') => {
                    // `-rp prompt`
                    if name == "read" && option.ends_with(['p', 'd', 'n', 't', 'u', 'i']) {
                        at += 1;
                    }
                }
                variable => names.push(variable.to_owned()),
            }
        }
        if names.is_empty() {
            names.push(if name == "read" { "REPLY" } else { "MAPFILE" }.to_owned());
        }
        for variable in names {
            self.set_unknown(&variable, span);
        }
    }

    /// `local x`: unset until assigned. The assignments themselves were carried out already.
    fn declare(&mut self, name: &str, args: &[Arg], span: Span) {
        let own = matches!(name, "local" | "declare" | "typeset");
        let map = args.iter().filter_map(Arg::text).any(|text| text.starts_with('-') && text.contains('A'));
        for variable in args.iter().filter_map(Arg::text).filter(|text| !text.starts_with(['-', '+'])) {
            let key: Name = variable;
            if !own || (self.state.variables.contains_key(&key) && self.frames.is_empty()) {
                continue;
            }
            let before = self.state.variables.get(&key).cloned();
            if let Some(locals) = self.function_frame() {
                locals.entry(key.clone()).or_insert(before);
            }
            let origin = self.context.written(span);
            let empty = if map {
                self.object(crate::value::Object::default(), origin)
            } else {
                make::null(self.context, origin)
            };
            self.state.set(key, empty);
        }
    }
}
