//! Az PowerShell: the cmdlets that make, change, share and delete galleries, image versions, disk encryption sets,
//! disks, images and machines, as requests.
//!
//! Takes evaluated commands from `eval::script` and gives requests (`eval::script::Request`) with a body as Azure Resource Manager would
//! get it. Which parameters a cmdlet has, is in `cmdlets`; how words are bound to them, in `binding`; what the image
//! version cmdlets read out of hashtables and what they pass over without a word, in `hashtable`. Reads the C# of
//! Azure/azure-powershell at 4a89cf74 and the help of azps-16.2.0; what it says about `$null` and casts was read
//! there, not run.

mod binding;
mod cmdlets;
mod deployment;
mod hashtable;
mod interpreter;
mod names;
mod objects;
#[cfg(test)]
mod tests;

pub use interpreter::Cmdlets;
pub use names::Names;
