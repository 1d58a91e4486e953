//! What commands ask Azure to do: the same for `az` and PowerShell.
//!
//! The modules that know commands make requests, in the order in which they would be sent; whoever judges them sees
//! resources like a template's, and the steps that led there. What only a command's text can show lies beside them as
//! facts.

use std::sync::Arc;

use crate::eval::Resource;
use crate::text::Span;
use crate::value::{Str, TermId, Value};

/// One request, as one command would send it.
#[derive(Clone, Debug)]
pub struct Request {
    /// What it does.
    pub verb: Verb,
    /// What it does it to. Of an update the body holds only what the command changes. Its conditions, basis, calls
    /// and `many` are the command's.
    pub resource: Resource,
    /// What its text shows.
    pub facts: Vec<Fact>,
    /// What the verb hangs on: for an update the argument that replaces the regions, for sharing the option or
    /// command that shares.
    pub cause: Span,
    /// What must have held for the script to come here.
    pub guards: Vec<TermId>,
    /// Requests of different sequences don't follow one another.
    pub sequence: u32,
}

/// What a request does.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verb {
    /// Creates it, or replaces it whole.
    Create,
    /// Changes it: members that the body doesn't hold stay.
    Update,
    /// Changes it, and the list of target regions in the body takes the place of the one before.
    ReplaceRegions,
    /// Changes it, and the target regions in the body come to those before.
    AddRegions,
    /// Shares it beyond its subscription.
    Share,
    /// Takes the sharing back.
    Unshare,
    /// Deletes it.
    Delete,
    /// Nothing: the command is refused before anything is sent. Only its facts count.
    Refused,
}

/// Something about a command that its resource doesn't show.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fact {
    /// What.
    pub kind: FactKind,
    /// The word, the part of a word, the key, the value or the variable that shows it.
    pub span: Span,
    /// What is written there, or its name.
    pub text: Arc<str>,
    /// What was meant, where that can be told: a name that exists.
    pub meant: Option<Arc<str>>,
    /// Whether the encryption is lost by it, and not something beside it.
    pub encryption: bool,
}

/// The kinds of facts.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum FactKind {
    /// CMK501: a word without quotes as the value of a member runs as a command.
    BareWord,
    /// CMK502: a variable that nothing assigns is `$null`.
    UnassignedVariable,
    /// CMK503: a key of a hashtable that the cmdlet doesn't read.
    IgnoredKey,
    /// CMK504: one hashtable where an array is cast.
    DataDisksNotArray,
    /// CMK505: a LUN that is no integer.
    LunNotInteger,
    /// CMK505: an entry without a LUN.
    LunMissing,
    /// CMK506: an object where its id is cast to text.
    ObjectInsteadOfId,
    /// CMK507: encryption without an OS disk, over which the update stumbles.
    OsDiskMissing,
    /// CMK507: keys for confidential machines, which the update doesn't read.
    ConfidentialKeyIgnored,
    /// CMK508: braces of a hashtable around what was meant as an array.
    BracedList,
}

/// A template that a command deploys.
#[derive(Clone, Debug)]
pub struct TemplateDeployment {
    /// The whole command.
    pub span: Span,
    /// The template's path.
    pub template: Option<Value>,
    /// The parameters file's path.
    pub parameters_file: Option<Value>,
    /// Parameters that are written out, with the place of each name.
    pub parameters: Vec<(Arc<str>, Span, Value)>,
    /// The subscription in effect.
    pub subscription: Option<Str>,
    /// The resource group.
    pub group: Option<Str>,
    /// The location, for what is deployed to no group.
    pub location: Option<Value>,
    /// Open conditions: it is deployed where each holds.
    pub conditions: Vec<TermId>,
}
