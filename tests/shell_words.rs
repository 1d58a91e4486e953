//! Our words are the shell's: generated scripts run under the real bash, with a function `az` that prints its
//! arguments, and every word that we say is known must be the word that bash gives.
//!
//! Skipped, with a message, where there is no bash.

use std::io::Write;
use std::process::{Command as Process, Stdio};

use cmklint::eval::script::{self, Command, Host, Session, Start};
use cmklint::shell;
use cmklint::text::{Excerpt, SourceId};
use cmklint::value::{Context, Value};

/// How many scripts are generated.
const SCRIPTS: u64 = 600;

/// What bash needs to tell us of `az`, and not to wander off.
const PRELUDE: &str = "az() { printf '%s\\0' \"$#\" \"$@\"; }\nPATH=\ncd /nonexistent 2>/dev/null\ncat() { local line; while IFS= read -r line; do printf '%s\\n' \"$line\"; done; }\nseq() { local at; for (( at = $1; at <= $2; at++ )); do printf '%s\\n' $at; done; }\n";

/// How many shapes of statements are generated.
const SHAPES: usize = 29;

/// A generator of pseudo-random numbers, splitmix64, that counts what is made with them.
struct Random {
    state: u64,
    /// How often each shape of a statement was made.
    shapes: [usize; SHAPES],
}

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const TEXTS: [&str; 14] = [
    "westus",
    "eastus2=1",
    "des1,0,des2",
    "'a b'",
    "\"c d\"",
    "--flag",
    "x\\ y",
    "$'t\\tu'",
    "\"\"",
    "/subscriptions/s/x",
    "\"q\\\"r\"",
    "'s'\"t\"u",
    "{p,q}r",
    "n{1..3}",
];
const NAMES: [&str; 5] = ["rg", "loc", "des", "ver", "name"];
const LISTS: [&str; 3] = ["regions", "args", "luns"];

fn word(random: &mut Random) -> String {
    let name = random.pick(&NAMES);
    let list = random.pick(&LISTS);
    match random.below(26) {
        0 => format!("${name}"),
        1 => format!("\"${name}\""),
        2 => format!("${{{name}}}-x"),
        3 => format!("\"pre-${{{name}}},0,$rg\""),
        4 => format!("\"${{{list}[@]}}\""),
        5 => format!("${{{list}[*]}}"),
        6 => format!("\"${{{list}[*]}}\""),
        7 => format!("\"${{{list}[0]}}\" ${{#{list}[@]}}"),
        8 => format!("${{missing:-{}}}", random.pick(&["d", "d e", "\"f g\""])),
        9 => format!("\"${{{name}^^}}\" ${{{name}%us*}} ${{{name}#*s}}"),
        10 => format!("${{{name}//s/z}} \"${{{name}:1:3}}\""),
        11 => "$((2 * 3 + 1))".to_owned(),
        12 => format!("\"$(echo ${name} x)\""),
        13 => "\"$@\" $#".to_owned(),
        14 => "$1".to_owned(),
        15 => format!("$[1 + 2]{}", random.pick(&["", "s"])),
        16 => format!("\"${{{list}[@]:1}}\" \"${{@:2}}\""),
        17 => format!("${{{name}:+set}} \"${{missing-}}\" \"${{{name}/#w/W}}\""),
        18 => format!("\"${{{list}[1]:-none}}\" \"${{{list}[@]: -1}}\" \"${{{name}: -3}}\""),
        19 => format!("--opt=\"${name}\",'$rg',${{#{name}}}"),
        20 => format!("\"$(printf '%s,%s' ${name} 0)\""),
        _ => random.pick(&TEXTS).to_owned(),
    }
}

fn words(random: &mut Random) -> String {
    let count = 1 + random.below(4);
    let glue = random.pick(&[" ", " \\\n   ", "  "]);
    (0..count).map(|_| word(random)).collect::<Vec<_>>().join(glue)
}

fn statement(random: &mut Random, depth: u32) -> String {
    let name = random.pick(&NAMES);
    let list = random.pick(&LISTS);
    let inner = |random: &mut Random| (0..=random.below(2)).map(|_| statement(random, depth + 1)).collect::<String>();
    let kind = random.below(if depth < 2 { SHAPES } else { 10 });
    random.shapes[kind] += 1;
    match kind {
        0 | 1 => {
            format!("{name}={}\n", random.pick(&["westus", "'West US'", "\"$rg-2\"", "a\\ b", "\"$loc\"", "uses"]))
        }
        2 => format!("{list}=({})\n", words(random)),
        3 => format!("{list}+=({})\n", word(random)),
        4 => format!("{name}+={}\n", random.pick(&["1", "\" y\"", "-$rg"])),
        5 => format!("set -- {}\n", words(random)),
        6 => format!("cat <<EOF >/dev/null\naz not {}\nEOF\n", random.pick(&["$rg", "run", "'x"])),
        7 => format!("echo 'az not run' # az {}\n", random.pick(&["x", "'y"])),
        10 => format!("for item in {}; do\n  az loop \"$item\" $item\n{}done\n", words(random), inner(random)),
        11 => {
            let test = random.pick(&["= westus", "!= uses", "= ''"]);
            format!("if [ \"${name}\" {test} ]; then\n{}else\n{}fi\n", inner(random), inner(random))
        }
        12 => format!(
            "f{depth}() {{\n  local own={}\n  az fun \"$own\" {}\n}}\nf{depth} {}\n",
            random.pick(&TEXTS[..6]),
            words(random),
            words(random)
        ),
        13 => {
            format!("case ${name} in westus|uses) az one;; 'West US') az two;; *) az else {};; esac\n", words(random))
        }
        14 => format!("[[ -n ${name} ]] && az yes {} || az no\n", word(random)),
        15 => format!("( {name}=sub; az in ${name} )\n"),
        16 => format!("{name}=$(echo {}); az dynamic \"$RANDOM\" ${name}\n", random.pick(&["a b", "\"c  d\"", "$loc"])),
        17 => format!("read -r first rest <<< \"one ${name} three\"\naz read \"$first\" \"$rest\"\n"),
        18 => format!("for (( i = 0; i < 2; i++ )); do\n  az count \"$i\" \"${{{list}[$i]}}\"\ndone\n"),
        19 => format!("body=$(cat <<-'EOF'\n\taz kept ${name}\n\tEOF\n)\naz text \"$body\" \"${name}\"\n"),
        20 => format!("declare -A map=([a]=1 [b]=\"${name}\")\naz map \"${{map[b]}}\" \"${{map[a]}}\"\n"),
        21 => format!("set -- one \"${name}\" three; shift; az shifted \"$@\" \"$#\"\n"),
        22 => format!(
            "g{depth}() {{\n  local -a all=(\"$@\" {})\n  for one in \"${{all[@]}}\"; do az each \"$one\"; done\n}}\ng{depth} {}\n",
            random.pick(&TEXTS),
            words(random)
        ),
        23 => format!("while [ \"${name}\" = never ]; do\n  az never\ndone\n"),
        24 => format!("printf -v printed '%s-%s' a \"$rg\"; az \"$printed\" \"${name}\"\n"),
        25 => format!("for i in \"${{!{list}[@]}}\"; do az index \"$i\" \"${{{list}[$i]}}\"; done\n"),
        26 => format!("for i in $(seq 0 2); do az turn \"$i\" \"${{{list}[$i]}}\"; done\n"),
        _ => format!("az {}\n", words(random)),
    }
}

/// A script; what it is made of is counted.
fn script(seed: u64, shapes: &mut [usize; SHAPES]) -> String {
    let mut random = Random { state: seed.wrapping_mul(0x1234_5678_9abc_def1), shapes: [0; SHAPES] };
    let mut text = "rg=group\nloc=westus\ndes='des one'\nver=1.0.0\nname=uses\nregions=(westus 'east us')\nargs=()\nluns=(0 1)\nset -- first 'second one'\n".to_owned();
    for _ in 0..6 + random.below(8) {
        text += &statement(&mut random, 0);
    }
    for (all, made) in shapes.iter_mut().zip(random.shapes) {
        *all += made;
    }
    text
}

/// Notes the `az` commands and their words: `None` where one isn't known.
#[derive(Default)]
struct Notes(Vec<(Vec<Option<String>>, bool)>);

impl Host for Notes {
    fn run(&mut self, _: &mut Session<'_>, command: &Command) -> Option<Value> {
        if command.words[0].text().as_deref() == Some("az") {
            let words = command.words[1..]
                .iter()
                .map(|arg| arg.text().filter(|_| !arg.many).map(|text| text.to_string()))
                .collect();
            self.0.push((words, command.many || !command.conditions.is_empty()));
        }
        None
    }
}

/// What bash gives: the arguments of each call, in order.
fn real(text: &str) -> Option<Vec<Vec<String>>> {
    let mut bash = Process::new("bash")
        .args(["--norc", "--noprofile"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .ok()?;
    bash.stdin.take()?.write_all(format!("{PRELUDE}{text}").as_bytes()).ok()?;
    let output = bash.wait_with_output().ok()?.stdout;
    let output = String::from_utf8_lossy(&output).replace("az not run\n", "");
    let mut fields = output.split('\0');
    let mut calls = Vec::new();
    while let Some(count) = fields.next().and_then(|count| count.parse::<usize>().ok()) {
        calls.push(fields.by_ref().take(count).map(str::to_owned).collect());
    }
    Some(calls)
}

#[test]
fn known_words_are_the_words_of_bash() {
    let (mut known, mut all, mut commands, mut compared) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut shapes = [0; SHAPES];
    for seed in 0..SCRIPTS {
        let text = script(seed, &mut shapes);
        let Some(real) = real(&text) else {
            println!("skipped: there is no bash");
            return;
        };
        let read = shell::parse(&Excerpt::whole(SourceId(0), text.as_str()));
        assert!(read.broken.is_empty(), "not read whole:\n{text}");
        let mut notes = Notes::default();
        script::run(&read, &mut Context::new(), &mut notes, Start::default());
        compared += 1;
        let certain: Vec<_> = notes.0.iter().filter(|(_, open)| !open).collect();
        if certain.len() == notes.0.len() {
            assert_eq!(certain.len(), real.len(), "{certain:?}: other commands than bash's {real:?}:\n{text}");
        }
        for (at, (ours, theirs)) in notes.0.iter().zip(&real).enumerate() {
            if ours.1 {
                break;
            }
            commands += 1;
            all += theirs.len();
            if ours.0.iter().any(Option::is_none) && ours.0.len() != theirs.len() {
                continue;
            }
            assert_eq!(ours.0.len(), theirs.len(), "command {at}: {ours:?} is {theirs:?} in bash:\n{text}");
            for (ours, theirs) in ours.0.iter().zip(theirs) {
                if let Some(word) = ours {
                    assert_eq!(word, theirs, "command {at}:\n{text}");
                    known += 1;
                }
            }
        }
    }
    println!("{known} of {all} words of {commands} commands of {compared} scripts are known; shapes: {shapes:?}");
    assert!(shapes.iter().all(|made| *made >= 100), "a shape is rare: {shapes:?}");
    assert!(known * 10 >= all * 9, "only {known} of {all} words are known");
    assert!(commands > 2000, "only {commands} commands");
}
