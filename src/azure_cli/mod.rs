//! The Azure CLI: `az` commands that make, change, share and delete galleries, image versions, disk encryption sets,
//! disks, images and machines, as requests.
//!
//! Takes evaluated commands from `eval::script` and gives requests (`eval::script::Request`) with a body as Azure
//! Resource Manager would get it. A command that the CLI would refuse makes no request; what it shows is told beside
//! them. Which options a command has is in `options.txt`; how words become options in `arguments`, as argparse does
//! it; what a command does in `commands`. The words of image versions are in `regions` and `sources`, after the
//! validators of Azure CLI 2.91.0.
//!
//! Knows nothing of how the words came about: the shells are the business of `shell`, `powershell` and `eval::script`.

mod account;
mod arguments;
mod commands;
mod deployment;
mod image_version;
mod interpreter;
mod members;
mod options;
mod output;
mod regions;
mod sources;
mod special;
#[cfg(test)]
mod tests;
mod words;

pub use interpreter::AzureCli;
