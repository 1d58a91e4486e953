//! Runs a program and watches what it and all that it starts ask of the system, as `strace` would, but without it: a test
//! that needs a program which is often not installed is a test that is often not run.
//!
//! A shell waits until it is watched and then becomes the program. The crate forbids `unsafe`, so nothing can be done
//! between the start of a process and its program.

use std::collections::BTreeMap;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::{env, fs, thread};

use nix::errno::Errno;
use nix::libc::{self, c_long};
use nix::sys::ptrace::{self, Options};
use nix::sys::wait::{WaitPidFlag, WaitStatus, waitpid};
use nix::unistd::Pid;

/// Calls that reach the network: nothing gets there without one of these.
const NETWORK: &[(c_long, &str)] = &[
    (libc::SYS_socket, "socket"),
    (libc::SYS_connect, "connect"),
    (libc::SYS_bind, "bind"),
    (libc::SYS_io_uring_setup, "io_uring_setup"),
];

/// Calls that change what is in a folder.
const CHANGES: &[(c_long, &str)] = &[
    (libc::SYS_unlinkat, "unlinkat"),
    (libc::SYS_renameat, "renameat"),
    (libc::SYS_renameat2, "renameat2"),
    (libc::SYS_mkdirat, "mkdirat"),
    (libc::SYS_mknodat, "mknodat"),
    (libc::SYS_linkat, "linkat"),
    (libc::SYS_symlinkat, "symlinkat"),
    (libc::SYS_fchmodat, "fchmodat"),
    (libc::SYS_fchownat, "fchownat"),
    (libc::SYS_truncate, "truncate"),
];

/// The same by the names of before there was a folder to begin at; newer processors don't have them.
#[cfg(target_arch = "x86_64")]
const OLD_CHANGES: &[(c_long, &str)] = &[
    (libc::SYS_unlink, "unlink"),
    (libc::SYS_rename, "rename"),
    (libc::SYS_mkdir, "mkdir"),
    (libc::SYS_rmdir, "rmdir"),
    (libc::SYS_mknod, "mknod"),
    (libc::SYS_link, "link"),
    (libc::SYS_symlink, "symlink"),
    (libc::SYS_chmod, "chmod"),
    (libc::SYS_creat, "creat"),
];
#[cfg(not(target_arch = "x86_64"))]
const OLD_CHANGES: &[(c_long, &str)] = &[];

/// What a program did, and what it said on its standard output.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Who started what, as names of programs: `cmklint: git`.
    pub(crate) started: Vec<String>,
    /// Who made which call that reaches the network: `git: socket`.
    pub(crate) network: Vec<String>,
    /// Who changed or opened for writing what: `cmklint: mkdirat`, `git: /tmp/file`.
    pub(crate) written: Vec<String>,
    pub(crate) said: String,
}

/// Watches a program in a folder. `None` where the system doesn't let a process watch what it starts; that is said aloud,
/// and on a server for tests it is a failure.
pub(crate) fn watch(folder: &Path, program: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Option<Seen> {
    let mut child = Command::new("/bin/sh")
        .args(["-c", "read go; exec \"$0\" \"$@\""])
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("there is a shell");
    let first = Pid::from_raw(i32::try_from(child.id()).expect("a number of a process"));
    let options = Options::PTRACE_O_TRACESYSGOOD
        | Options::PTRACE_O_TRACEFORK
        | Options::PTRACE_O_TRACEVFORK
        | Options::PTRACE_O_TRACECLONE
        | Options::PTRACE_O_TRACEEXEC
        | Options::PTRACE_O_EXITKILL;
    if let Err(why) = ptrace::seize(first, options) {
        refused(child, why);
        return None;
    }
    let mut out = child.stdout.take().expect("it is a pipe");
    let said = thread::spawn(move || {
        let mut said = String::new();
        out.read_to_string(&mut said).map(|_| said)
    });
    until_it_stands(first);
    ptrace::syscall(first, None).expect("it goes on");
    child.stdin.take().expect("it is a pipe").write_all(b"go\n").expect("it waits");
    let mut watched = Watched::default();
    watched.until_all_have_ended(first);
    // All have been waited for; this tells the standard library.
    let _ = child.wait();
    let said = said.join().expect("it ends").expect("it is text");
    Some(Seen { said, ..watched.summed_up(first) })
}

/// Halts a process. If it was about to become the shell, that is where it halts: what comes later is the shell's doing.
fn until_it_stands(first: Pid) {
    ptrace::interrupt(first).expect("it is watched");
    let halted = waitpid(first, Some(WaitPidFlag::__WALL)).expect("it is a child");
    assert!(matches!(halted, WaitStatus::PtraceEvent(..)), "{halted:?}");
}

/// There is no watching here: `CI` is what servers for tests set, where a test that isn't run must not pass for one.
fn refused(mut child: Child, why: Errno) {
    let _ = child.kill();
    let _ = child.wait();
    let told =
        format!("NOT RUN: the system doesn't let a process be watched ({why}), so its calls were not looked at\n");
    assert!(env::var_os("CI").is_none(), "{told}");
    // Not `eprintln`: the output of a test that passes isn't shown.
    let _ = io::stderr().write_all(told.as_bytes());
}

/// Processes as they are watched.
#[derive(Default)]
struct Watched {
    /// Which process became which program, in this order.
    became: Vec<(Pid, String)>,
    /// Which program each process was started by.
    parents: BTreeMap<Pid, String>,
    network: Vec<String>,
    written: Vec<String>,
}

impl Watched {
    fn until_all_have_ended(&mut self, first: Pid) {
        // Only what this thread has started: other tests have children, too.
        let all = WaitPidFlag::__WALL | WaitPidFlag::__WNOTHREAD;
        loop {
            let status = match waitpid(Pid::from_raw(-1), Some(all)) {
                Ok(status) => status,
                Err(Errno::ECHILD) => return,
                Err(Errno::EINTR) => continue,
                Err(why) => panic!("waiting for {first}: {why}"),
            };
            let (pid, signal) = match status {
                WaitStatus::PtraceSyscall(pid) => {
                    self.call(pid);
                    (pid, None)
                }
                WaitStatus::PtraceEvent(pid, _, event) => {
                    self.event(pid, event);
                    (pid, None)
                }
                WaitStatus::Stopped(pid, signal) => (pid, Some(signal)),
                _ => continue,
            };
            // One that was killed in the meantime doesn't go on.
            match ptrace::syscall(pid, signal) {
                Ok(()) | Err(Errno::ESRCH) => {}
                Err(why) => panic!("{pid} doesn't go on: {why}"),
            }
        }
    }

    fn event(&mut self, pid: Pid, event: i32) {
        match event {
            libc::PTRACE_EVENT_EXEC => self.became.push((pid, name(pid))),
            libc::PTRACE_EVENT_FORK | libc::PTRACE_EVENT_VFORK if !self.became.is_empty() => {
                if let Ok(child) = ptrace::getevent(pid) {
                    self.parents.insert(Pid::from_raw(child as i32), name(pid));
                }
            }
            // Threads, and stops of what has just begun.
            _ => {}
        }
    }

    /// Looks at a call, when it begins and when it has ended; what the shell does before it becomes the program is its own.
    fn call(&mut self, pid: Pid) {
        let Some((number, arguments)) = registers(pid).filter(|_| !self.became.is_empty()) else { return };
        let named = |table: &[(c_long, &'static str)]| table.iter().find(|call| call.0 == number).map(|call| call.1);
        if let Some(call) = named(NETWORK) {
            self.network.push(format!("{}: {call}", name(pid)));
        } else if let Some(call) = named(CHANGES).or_else(|| named(OLD_CHANGES)) {
            self.written.push(format!("{}: {call}", name(pid)));
        } else if let Some((path, flags)) = opened(number, arguments) {
            let writes = libc::O_WRONLY | libc::O_RDWR | libc::O_CREAT | libc::O_TRUNC;
            let path = if flags as i32 & writes == 0 { None } else { text(pid, path) };
            if let Some(path) = path.filter(|path| path != "/dev/null") {
                self.written.push(format!("{}: {path}", name(pid)));
            }
        }
    }

    fn summed_up(self, first: Pid) -> Seen {
        let mut now: BTreeMap<Pid, String> = BTreeMap::new();
        let mut started = Vec::new();
        for (pid, program) in self.became {
            let by = now.get(&pid).or_else(|| self.parents.get(&pid));
            if let Some(by) = by {
                started.push(format!("{by}: {program}"));
            } else {
                assert_eq!(pid, first, "{program} was started by nobody");
            }
            now.insert(pid, program);
        }
        let copies = self.parents.iter().filter(|(pid, _)| !now.contains_key(pid));
        started.extend(copies.map(|(_, by)| format!("{by}: a copy of itself")));
        let unique = |mut all: Vec<String>| {
            all.sort();
            all.dedup();
            all
        };
        Seen { started, network: unique(self.network), written: unique(self.written), said: String::new() }
    }
}

/// The name of the program that a process is.
fn name(pid: Pid) -> String {
    let program = fs::read_link(format!("/proc/{pid}/exe")).unwrap_or_default();
    program.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// The path and the flags of a call that opens a file.
fn opened(number: c_long, arguments: [u64; 3]) -> Option<(u64, u64)> {
    #[cfg(target_arch = "x86_64")]
    if number == libc::SYS_open {
        return Some((arguments[0], arguments[1]));
    }
    (number == libc::SYS_openat).then_some((arguments[1], arguments[2]))
}

/// The number of a call and its first arguments.
fn registers(pid: Pid) -> Option<(c_long, [u64; 3])> {
    let registers = ptrace::getregs(pid).ok()?;
    #[cfg(target_arch = "x86_64")]
    return Some((registers.orig_rax as c_long, [registers.rdi, registers.rsi, registers.rdx]));
    #[cfg(target_arch = "aarch64")]
    return Some((registers.regs[8] as c_long, [registers.regs[0], registers.regs[1], registers.regs[2]]));
}

/// A text in the memory of a process, up to its zero byte.
fn text(pid: Pid, mut at: u64) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let word = ptrace::read(pid, at as ptrace::AddressType).ok()?.to_ne_bytes();
        let end = word.iter().position(|byte| *byte == 0);
        bytes.extend_from_slice(&word[..end.unwrap_or(word.len())]);
        if end.is_some() {
            return Some(String::from_utf8_lossy(&bytes).into_owned());
        }
        at += word.len() as u64;
    }
}
