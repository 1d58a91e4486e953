//! The library behind the `cmklint` command: reads ARM templates, Bicep, `az` scripts and PowerShell, and says where
//! an Azure Compute Gallery image version would not be encrypted with customer-managed keys as its author meant.
//!
//! Not a stable interface: it exports what `main.rs`, the tests and the benchmarks use. `ARCHITECTURE.md` has the map.

pub mod analyze;
pub mod arm;
pub mod az_powershell;
pub mod azure;
pub mod azure_cli;
pub mod bicep;
pub mod cli;
pub mod config;
pub mod containers;
pub mod discover;
pub mod eval;
pub mod finding;
pub mod fix;
pub mod history;
pub mod ir;
pub mod json;
pub mod map;
pub mod policy;
pub mod powershell;
pub mod report;
pub mod rules;
pub mod shell;
pub mod state;
pub mod suppress;
pub mod text;
pub mod value;
