//! Commands that only run another: `sudo az ...`.

use super::Arg;

/// How many words a wrapper takes before the command, options aside.
struct Wrapper {
    name: &'static str,
    operands: usize,
    /// Options that take a value in the next word.
    valued: &'static [&'static str],
}

const WRAPPERS: [Wrapper; 16] = [
    Wrapper { name: "sudo", operands: 0, valued: &["-u", "-g", "-C", "-h", "-p"] },
    Wrapper { name: "doas", operands: 0, valued: &["-u", "-C"] },
    Wrapper { name: "time", operands: 0, valued: &["-f", "-o"] },
    Wrapper { name: "timeout", operands: 1, valued: &["-k", "-s", "--signal", "--kill-after"] },
    Wrapper { name: "retry", operands: 1, valued: &["-t", "-d", "-n", "--times", "--delay"] },
    Wrapper { name: "exec", operands: 0, valued: &["-a"] },
    Wrapper { name: "command", operands: 0, valued: &[] },
    Wrapper { name: "builtin", operands: 0, valued: &[] },
    Wrapper { name: "env", operands: 0, valued: &["-u", "-C", "-S"] },
    Wrapper { name: "nohup", operands: 0, valued: &[] },
    Wrapper { name: "nice", operands: 0, valued: &["-n"] },
    Wrapper { name: "ionice", operands: 0, valued: &["-c", "-n", "-p"] },
    Wrapper { name: "stdbuf", operands: 0, valued: &["-i", "-o", "-e"] },
    Wrapper { name: "setsid", operands: 0, valued: &[] },
    Wrapper { name: "unbuffer", operands: 0, valued: &[] },
    Wrapper { name: "chronic", operands: 0, valued: &[] },
];

/// Whether a command only runs another.
pub(super) fn is_one(name: &str) -> bool {
    WRAPPERS.iter().any(|wrapper| wrapper.name == name)
}

/// How many words stand before the command itself.
pub(super) fn skip(words: &[Arg]) -> usize {
    let mut at = 0;
    loop {
        let Some(name) = words.get(at).and_then(Arg::text) else { return at };
        let name = name.rsplit('/').next().unwrap_or_default();
        let Some(wrapper) = WRAPPERS.iter().find(|wrapper| wrapper.name == name) else { return at };
        let mut next = at + 1;
        if wrapper.name == "command" && words.get(next).and_then(Arg::text).is_some_and(|text| text.starts_with(['-']))
        {
            return at;
        }
        let mut operands = wrapper.operands;
        while let Some(word) = words.get(next) {
            let Some(text) = word.text() else {
                if operands == 0 {
                    break;
                }
                operands -= 1;
                next += 1;
                continue;
            };
            if text.starts_with('-') {
                next += if wrapper.valued.contains(&&*text) { 2 } else { 1 };
            } else if wrapper.name == "env" && text.contains('=') {
                next += 1;
            } else if operands > 0 && !(wrapper.name == "retry" && text.parse::<f64>().is_err()) {
                operands -= 1;
                next += 1;
            } else {
                break;
            }
        }
        if next >= words.len() {
            return at;
        }
        at = next;
    }
}
