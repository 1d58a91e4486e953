//! The contents of git's objects, read through one process for all.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::GitFailure;
use super::git::git;

/// No answer's first line is longer: an id, a type, a length.
const HEAD: u64 = 256;

/// A `git cat-file --batch` that waits for questions.
#[derive(Debug)]
pub(super) struct Objects {
    child: Child,
    /// `None` once questions and answers may no longer match.
    pipes: Option<(ChildStdin, BufReader<ChildStdout>)>,
}

impl Objects {
    pub(super) fn open(folder: &Path) -> Result<Self, GitFailure> {
        let mut command = git(folder, &["cat-file", "--batch"]);
        let mut child = command.stdin(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(GitFailure::Start)?;
        let pipes = child.stdin.take().zip(child.stdout.take().map(BufReader::new));
        Ok(Self { child, pipes })
    }

    /// The first bytes of an object, `at_most` of them. `id` is one that git gave.
    pub(super) fn read(&mut self, id: &str, at_most: u64) -> io::Result<Vec<u8>> {
        let (mut ask, mut answers) = self.pipes.take().ok_or_else(|| io::Error::other("git has stopped answering"))?;
        let content = exchange(&mut ask, &mut answers, id, at_most)?;
        self.pipes = Some((ask, answers));
        content.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "this clone doesn't hold its content"))
    }
}

/// One question and its answer: `None` if there is no such object.
fn exchange(
    ask: &mut ChildStdin,
    answers: &mut BufReader<ChildStdout>,
    id: &str,
    at_most: u64,
) -> io::Result<Option<Vec<u8>>> {
    writeln!(ask, "{id}")?;
    ask.flush()?;
    let mut head = Vec::new();
    answers.by_ref().take(HEAD).read_until(b'\n', &mut head)?;
    let head = String::from_utf8_lossy(&head);
    let mut words = head.split_ascii_whitespace();
    let length = match (words.next(), words.next(), words.next()) {
        (Some(_), Some("missing"), None) => return Ok(None),
        (Some(same), Some(_), Some(length)) if same == id => length.parse::<u64>().map_err(io::Error::other)?,
        _ => return Err(io::Error::other("git gave an answer that isn't understood")),
    };
    let mut content = Vec::new();
    answers.by_ref().take(length.min(at_most)).read_to_end(&mut content)?;
    // The rest, and the line feed behind it.
    io::copy(&mut answers.by_ref().take(length - content.len() as u64 + 1), &mut io::sink())?;
    Ok(Some(content))
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Without questions to come it ends by itself; one that doesn't understand us any more is ended.
        if self.pipes.take().is_none() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
