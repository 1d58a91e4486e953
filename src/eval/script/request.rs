//! What commands ask Azure to do: the same for `az` and PowerShell.
//!
//! The modules that know commands make requests, in the order in which they would be sent; whoever judges them sees
//! resources like a template's, and the steps that led there. What only a command's text can show lies beside them as
//! facts.

use std::sync::Arc;

use crate::eval::Resource;
use crate::text::Span;
use crate::value::{Basis, Str, TermId, Value};

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
    /// Other places that a change would have to know: the word of which this is a part, the braces around what they
    /// hold, the keys whose value was made here.
    pub also: Vec<Span>,
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
    /// CMK401: keys without the regions that they are for; the command passes over them.
    EncryptionWithoutRegions,
    /// CMK402: so many words of keys for so many regions or edge zones.
    EncryptionCount {
        /// The words of keys.
        words: u32,
        /// The words of regions.
        regions: u32,
    },
    /// CMK403: behind the OS disk's set, LUNs and sets that don't pair off.
    UnpairedLun {
        /// How many parts the word has, where nothing but its last comma is too much.
        comma: Option<usize>,
    },
    /// CMK403: no integer where a LUN belongs.
    PairWithoutLun {
        /// Where a LUN follows where the set belongs: which part of the word the first of the two is, and how many
        /// there are.
        swapped: Option<(usize, usize)>,
    },
    /// CMK404: nothing where a set belongs.
    EmptyDes,
    /// CMK404: a word that is meant as "no set" but names one.
    NullAsDes,
    /// CMK407: the rest of a command that was cut off by a line end.
    BrokenContinuation,
    /// CMK408: a blank that tears a list apart or glues it together.
    BlankInsideList,
    /// CMK409: a region's word that the command doesn't take.
    BadTargetRegion(RegionFault),
    /// CMK410: a word for confidential machines that the command doesn't take.
    BadConfidentialWord(ConfidentialFault),
    /// CMK411: an edge zone, or its keys, that the command passes over.
    EdgeZone(ZoneFault),
    /// CMK412: sources that don't go together.
    Sources(SourceFault),
    /// CMK413: fewer sets than data disks.
    DiskCount {
        /// The words of sets.
        sets: u32,
        /// The data disks that the command names itself.
        disks: u32,
    },
    /// CMK216: a set without the type that goes with it.
    SetWithoutType,
    /// CMK414: what else the command refuses.
    Usage(UsageFault),
}

/// What is wrong with the word of a region.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum RegionFault {
    /// The second part is neither a count nor a storage account type.
    SecondPart,
    /// The second of three parts is no count.
    Count,
    /// The same, and the third is one.
    Order,
    /// The last of three parts is no storage account type.
    StorageType,
}

/// What is wrong with a word for confidential machines.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ConfidentialFault {
    /// It hasn't exactly two parts.
    Parts,
    /// The type isn't one, or is spelt in another case.
    Type,
}

/// How an edge zone is passed over.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ZoneFault {
    /// The word names no zone.
    NoZone,
    /// The word of keys has one part only: this zone and those behind it are left out.
    KeysCutOff,
    /// The word of keys begins with the name of another zone.
    OtherZone,
    /// There are keys, but no zones.
    WithoutZones,
}

/// What is wrong with the sources.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum SourceFault {
    /// More than one of those that exclude each other.
    Several,
    /// Not the id of a machine.
    NotMachineId,
    /// Not the id of an image version.
    NotVersionId,
    /// None at all.
    Missing,
    /// LUNs without disks.
    LunsAlone,
    /// As many LUNs, or storage accounts, as disks are needed.
    Lengths,
    /// No integer where a LUN belongs.
    LunNotInteger,
    /// A blob without its storage account, or the other way round.
    HalfBlob,
}

/// What is wrong with the words of a command.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UsageFault {
    /// No option of the command.
    UnknownOption,
    /// The beginning of more than one.
    AmbiguousOption,
    /// An option without the value that it takes.
    MissingValue,
    /// A value that no option takes.
    StrayWord,
    /// Not one of the values that are taken.
    NotOneOf,
    /// Not an integer.
    NotInteger,
    /// A required option isn't given.
    MissingOption,
    /// Not together with the others.
    Combination,
}

impl Fact {
    /// A fact about the encryption.
    pub fn new(kind: FactKind, span: Span, text: impl Into<Arc<str>>) -> Self {
        Self { kind, span, text: text.into(), meant: None, also: Vec::new(), encryption: true }
    }
}

/// A template that a command deploys.
#[derive(Clone, Debug)]
pub struct TemplateDeployment {
    /// The whole command.
    pub span: Span,
    /// The template's path; where there is none, a parameters file may say which it is for.
    pub template: Option<Value>,
    /// What gives values to its parameters, in order: the last one wins.
    pub parameters: Vec<GivenParameters>,
    /// The subscription in effect.
    pub subscription: Str,
    /// The resource group, if it goes to one that is named.
    pub group: Option<Str>,
    /// The location of that group, if a command before made it.
    pub group_location: Option<Value>,
    /// The location, for what is deployed to no group.
    pub location: Option<Value>,
    /// Open conditions: it is deployed where each holds.
    pub conditions: Vec<TermId>,
    /// What it rests on that it is deployed at all.
    pub basis: Basis,
    /// The calls of functions that lead to it, outermost first.
    pub calls: Vec<Span>,
    /// Whether it stands for any number of deployments.
    pub many: bool,
}

/// What a command gives to the parameters of the template that it deploys.
#[derive(Clone, Debug)]
pub enum GivenParameters {
    /// A parameters file, by its path.
    File(Value),
    /// One value.
    Value {
        /// The parameter's name.
        name: Arc<str>,
        /// Where it is named.
        span: Span,
        /// What it is given: a text where the command has nothing else.
        value: Value,
    },
    /// Something that may be values for any of them.
    Unknown(Value),
}
