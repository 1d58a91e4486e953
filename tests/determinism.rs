//! The same input gives the same bytes, whatever the number of threads and the order of arguments.

mod command;
mod project;

use command::cmklint;
use project::project;

#[test]
fn neither_threads_nor_the_order_of_arguments_change_the_output() {
    let folders = ["fixtures/article", "fixtures", "fixtures/article/clean.json"];
    let mut reversed = folders;
    reversed.reverse();
    for format in ["human", "concise", "json"] {
        let run = |jobs: &str, paths: &[&str]| {
            let args = [&["check", "--undecided", "--format", format, "--jobs", jobs], paths].concat();
            let output = cmklint(project(), &args);
            assert!(!output.stdout.is_empty());
            output.stdout
        };
        let one = run("1", &folders);
        for paths in [&folders, &reversed] {
            assert!(one == run("8", paths), "{format}: {paths:?} with 8 threads differs");
        }
    }
}
