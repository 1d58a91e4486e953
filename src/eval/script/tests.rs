//! What commands a script runs, in which order and under which conditions.

use super::{Command, Host, Session, Start, run};
use crate::eval::make;
use crate::shell;
use crate::text::{Excerpt, SourceId, Span};
use crate::value::{Context, Origin, TermId, Value, Why, to_json};

/// A term as an ARM expression.
fn expression(context: &mut Context, term: TermId) -> String {
    let origin = context.written(Span::new(SourceId(0), 0, 0));
    let json = to_json(context, &make::unknown(term, Why::Limit, origin));
    json.as_str().unwrap_or_default().trim_matches(['[', ']']).to_owned()
}

#[derive(Default)]
struct Seen {
    lines: Vec<String>,
    places: Vec<String>,
    text: String,
}

impl Host for Seen {
    fn run(&mut self, session: &mut Session<'_>, command: &Command) -> Option<Value> {
        let words: Vec<String> = command
            .words
            .iter()
            .map(|arg| {
                let json = to_json(session.context, &arg.value);
                let text = json.as_str().unwrap_or_default().to_owned();
                if arg.many { format!("{text}…") } else { text }
            })
            .collect();
        let mut line = words.join(" ");
        for condition in &command.conditions {
            line += &format!(" if {}", expression(session.context, *condition));
        }
        for guard in &command.guards {
            line += &format!(" after {}", expression(session.context, *guard));
        }
        if command.many {
            line += " many";
        }
        if command.sequence > 0 {
            line += &format!(" alone {}", command.sequence);
        }
        self.lines.push(line);
        for arg in &command.words {
            if let Some(string) = arg.value.as_str() {
                for piece in &*string.pieces {
                    if let Some(span) = Origin::literal(session.context, piece.origin) {
                        self.places.push(self.text[span.start as usize..span.end as usize].to_owned());
                    }
                }
            }
        }
        None
    }
}

fn seen(text: &str) -> Seen {
    let script = shell::parse(&Excerpt::whole(SourceId(0), text));
    let mut seen = Seen { text: text.to_owned(), ..Seen::default() };
    run(&script, &mut Context::new(), &mut seen, Start::default());
    seen
}

#[test]
fn commands_come_with_what_they_hang_on() {
    let cases: [(&str, &[&str]); 18] = [
        ("x=a; az $x $y \"$y\"", &["az a [parameters('$y')]… [parameters('$y')]"]),
        ("az \"$(az id -n $n)\"", &["az id -n [parameters('$n')]…", "az [parameters('$(az id -n $n)')]"]),
        ("n=1; az \"$(id -n $n)\"", &["id -n 1", "az [parameters('$(id -n 1)')]"]),
        ("sudo timeout 10 az x; env A=b az y; command -v az", &["az x", "az y", "command -v az"]),
        (
            "if [ \"$1\" = a ]; then az x; exit; fi\naz y",
            &["az x if equals(parameters('$1'), 'a')", "az y after not(equals(parameters('$1'), 'a'))"],
        ),
        (
            "if [ \"$e\" = a ]; then r=b; else r=c; fi\naz $r",
            &["az b if equals(parameters('$e'), 'a')", "az c if not(equals(parameters('$e'), 'a'))"],
        ),
        ("e=a; if [ $e = a ]; then az x; else az y; fi", &["az x"]),
        ("az x && az y", &["az x", "az y"]),
        ("az x || az y", &["az x", "az y if not(succeeds(parameters('$(az x)')))"]),
        ("f() { az \"$1\" $#; }\nf a b", &["az a 2"]),
        ("f() { az \"$1\"; }\naz x", &["az x", "az [parameters('$1')] alone 1"]),
        ("f() { az x; }; g() { f; }", &["az x alone 1"]),
        ("for x in a b; do az $x; done", &["az a", "az b"]),
        ("for x in $l; do az \"$x\"; done", &["az [parameters('$l')[copyIndex()]] many"]),
        ("a=(); a+=(x); a+=(\"y z\"); az \"${a[@]}\"", &["az x y z"]),
        ("az ${l:-west}", &["az west"]),
        ("declare -A m=([w]=d); k=w; az ${m[$k]} ${m[x]}", &["az d"]),
        (
            "case $1 in a) az x;; *) az y;; esac",
            &["az x if equals(parameters('$1'), 'a')", "az y if not(equals(parameters('$1'), 'a'))"],
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(seen(text).lines, expected, "{text}");
    }
}

#[test]
fn what_a_loop_of_unknown_turns_leaves_behind_is_something_new() {
    let lines = seen("x=1; while read -r x; do az \"$x\"; done; az \"$x\"").lines;
    let symbol = |line: &str| line.split(" if").next().map(str::to_owned);
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with("many") && !lines[0].starts_with("az 1"), "{lines:?}");
    assert_ne!(symbol(&lines[0]), symbol(&lines[1]));
}

#[test]
fn a_word_points_at_the_literals_it_came_from() {
    let text = "des='WestDes'\nregions=\"westus eastus\"\naz $regions $des,0,\"$des\"2";
    let seen = seen(text);
    assert_eq!(seen.lines, ["az westus eastus WestDes,0,WestDes2"]);
    assert_eq!(seen.places, ["az", "westus", "eastus", "'WestDes'", ",0,", "'WestDes'", "2"]);
}

#[test]
fn endless_scripts_end() {
    for text in [
        "f() { az; f; f; }\nf",
        "for a in {1..200}; do for b in {1..200}; do for c in {1..200}; do az; done; done; done",
    ] {
        let script = shell::parse(&Excerpt::whole(SourceId(0), text));
        let mut seen = Seen { text: text.to_owned(), ..Seen::default() };
        let outcome = run(&script, &mut Context::new(), &mut seen, Start::default());
        assert!(!outcome.notes.is_empty(), "{text}");
    }
    for text in ["f() { echo; f; f; }\nf", "for a in {1..200}; do x=$a; done; az \"$x\""] {
        let quiet = shell::parse(&Excerpt::whole(SourceId(0), text));
        let mut seen = OnlyAz(Seen { text: text.to_owned(), ..Seen::default() });
        let outcome = run(&quiet, &mut Context::new(), &mut seen, Start::default());
        assert!(outcome.notes.is_empty(), "what never runs a command of ours needn't be said: {text}");
        assert!(seen.0.lines.iter().all(|line| line.contains("$x")), "{:?}", seen.0.lines);
    }
}

/// Reads `az` alone.
#[derive(Default)]
struct OnlyAz(Seen);

impl Host for OnlyAz {
    fn run(&mut self, session: &mut Session<'_>, command: &Command) -> Option<Value> {
        self.0.run(session, command)
    }

    fn reads(&self, name: &str) -> bool {
        name == "az"
    }
}

#[test]
fn what_a_command_hangs_on_is_told_only_where_the_command_matters() {
    let choices: Vec<String> = (0..8).map(|n| format!("[ \"$e{n}\" = x ] && v{n}=a || v{n}=b\n")).collect();
    let words: Vec<String> = (0..8).map(|n| format!(" \"$v{n}\"")).collect();
    let (choices, words) = (choices.concat(), words.concat());
    for (command, told) in [("echo", false), ("curl", false), ("az", true), ("sudo az", true)] {
        let text = format!("{choices}{command}{words}\n");
        let script = shell::parse(&Excerpt::whole(SourceId(0), text.as_str()));
        let mut host = OnlyAz(Seen { text: text.clone(), ..Seen::default() });
        let outcome = run(&script, &mut Context::new(), &mut host, Start::default());
        assert_eq!(!outcome.notes.is_empty(), told, "{command}: {:?}", outcome.notes);
    }
}
