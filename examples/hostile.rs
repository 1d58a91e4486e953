//! Writes the hostile files of `tests/hostile.rs` into a folder, for `benches/hostile.sh`.
//!
//! usage: cargo run --example hostile -- FOLDER

#[path = "../tests/support/hostile.rs"]
mod inputs;

use std::path::PathBuf;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let into = env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| io::Error::other("usage: hostile FOLDER"))?;
    for input in inputs::ALL {
        let folder = into.join(input.name);
        fs::create_dir_all(folder.join(".git"))?;
        (input.make)(&folder);
        fs::write(folder.join(".git/paths"), input.paths.join("\n"))?;
        assert!(!input.says.is_empty());
    }
    Ok(())
}
