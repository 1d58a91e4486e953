//! What can be wrong with image versions and the keys of their disks.
//!
//! A rule is a pure function of the typed model of one evaluation, in one consistent world; it reports facts, and
//! words them in one place. Everything that a person reads about a rule stands in `rules/<ID>/`. Which worlds there
//! are, what a finding's confidence is, and which findings are one, is decided here once for all rules.

mod changes;
mod check;
mod explore;
mod fact_remedies;
mod input;
mod place;
mod registry;
mod remark;
mod rule;
mod steps;
mod words;

mod api_version;
mod command_facts;
mod command_line;
mod confidential_set;
mod confidential_type;
mod des_group;
mod des_id;
mod des_name;
mod des_region;
mod des_subscription;
mod double_encryption;
mod dropped_encryption;
mod encryption_lun;
mod encryption_member;
mod encryption_type;
mod end_of_life;
mod fixed_subscription;
mod home_region;
mod image_builder;
mod limits;
mod machine_keys;
mod names;
mod partial_coverage;
mod platform_key_update;
mod powershell_values;
mod region_coverage;
mod repeated_lun;
mod security_type;
mod set_deletion;
mod set_identity;
mod shared_image;
mod source_disks;
mod source_encryption;
mod source_id;
mod source_keys;
mod source_location;
mod source_machine;
mod source_shape;
mod source_subscription;
mod storage_type;
mod target_region;
mod unchangeable;
mod vault;

pub use check::{CheckOptions, MOST_FINDINGS, Outcome, check, check_since};
pub use input::{about_suppression, limit_reached, not_read_whole};
pub use registry::{Registered, all, find};
pub use steps::estate_of;
