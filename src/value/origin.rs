//! Where a value came from.

use std::collections::HashSet;
use std::sync::Arc;

use super::Context;
use crate::text::Span;

/// An origin of one [`Context`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct OriginId(pub u32);

/// Where a value came from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// Written there: a literal, or a part of one. For an unknown, the expression that isn't known.
    Literal(Span),
    /// The value passed unchanged through a place.
    Via(StepKind, Span, OriginId),
    /// Computed at a place from others.
    Made(Span, Box<[OriginId]>),
    /// Picked (by a condition, a key, a function) from what `value` says; `by` decided, but isn't what is at fault.
    Picked {
        /// What was picked.
        value: OriginId,
        /// What decided it.
        by: Box<[OriginId]>,
    },
    /// Several that had a part in it: what a list or object holds, what would have been picked otherwise. None of them
    /// is at fault, and none decided alone.
    Among(Box<[OriginId]>),
    /// Not from a file: the command line, or the deployment itself.
    External(Arc<str>),
}

impl Origin {
    /// How many others it is made of, beside the one that it is of.
    pub(super) const fn parts(&self) -> usize {
        match self {
            Self::Made(_, parts) | Self::Among(parts) | Self::Picked { by: parts, .. } => parts.len(),
            Self::Literal(_) | Self::Via(..) | Self::External(_) => 0,
        }
    }
}

/// How a value passed through a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum StepKind {
    /// The default of a parameter. The span is the parameter's name.
    ParamDefault,
    /// A parameters file. The span is the parameter's name there.
    ParamFile,
    /// An argument of a module or nested deployment. The span is the argument's name.
    ModuleArgument,
    /// A variable. The span is its name.
    Variable,
    /// An item of a loop. The span is the loop's array.
    LoopItem,
    /// An output of a module or nested deployment. The span is the output's name.
    Output,
    /// A member of a resource that the files declare.
    ResourceMember,
    /// The place where it is used: an expression such as `parameters('x')`.
    Use,
    /// The place where the list or object that holds it is used.
    HolderUse,
}

impl StepKind {
    /// What is said at the place of such a step.
    pub const fn label(self) -> &'static str {
        match self {
            Self::ParamDefault => "the default of this parameter",
            Self::ParamFile => "given for this parameter",
            Self::ModuleArgument => "passed on here",
            Self::Variable => "by this variable",
            Self::LoopItem => "an item of this loop",
            Self::Output => "by this output",
            Self::ResourceMember => "by this resource",
            Self::Use | Self::HolderUse => "used here",
        }
    }
}

/// A step of the way that a value took.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Step {
    /// How.
    pub kind: StepKind,
    /// Where.
    pub span: Span,
}

impl Origin {
    /// The literal at fault: the first literal on the way back; `None` if it is not from a file. A value that was
    /// computed from several is at fault where it was computed.
    pub fn literal(context: &Context, mut at: OriginId) -> Option<Span> {
        loop {
            match context.origin(at) {
                Self::Literal(span) => return Some(*span),
                Self::Via(_, span, of) => match context.origin(*of) {
                    Self::External(_) => return Some(*span),
                    _ => at = *of,
                },
                Self::Picked { value, .. } => at = *value,
                Self::Made(span, of) => match &**of {
                    [one] => match Self::literal(context, *one) {
                        Some(found) => return Some(found),
                        None => return Some(*span),
                    },
                    _ => return Some(*span),
                },
                Self::Among(_) | Self::External(_) => return None,
            }
        }
    }

    /// The reference by which a value is used at its place: `variables('x')` where a member says just that. Inside a
    /// loop the body's text serves every round, so the reference is what the round's own item says.
    pub fn reference(context: &Context, at: OriginId) -> Option<Span> {
        let mut found = None;
        let mut next = at;
        loop {
            match context.origin(next) {
                Self::Via(StepKind::LoopItem, _, of) => {
                    found = None;
                    next = *of;
                }
                Self::Via(kind, span, of) => {
                    if *kind == StepKind::Use && found.is_none() {
                        found = Some(*span);
                    }
                    next = *of;
                }
                Self::Picked { value, .. } => next = *value,
                Self::Literal(_) | Self::Made(..) | Self::Among(_) | Self::External(_) => break,
            }
        }
        found.or_else(|| Self::literal(context, next))
    }

    /// The first place at which a value, or what holds it, is used, and another one isn't: where their ways part.
    /// `None` where they don't, or only inside of a loop that they share.
    pub fn parting(context: &Context, at: OriginId, other: OriginId) -> Option<Span> {
        let of_other: HashSet<Span> = Self::way(context, other).into_iter().map(|step| step.span).collect();
        let mut way = Self::way(context, at);
        // Inside a loop the body's text serves every round.
        if let Some(round) = way.iter().rposition(|step| step.kind == StepKind::LoopItem) {
            way.truncate(round);
        }
        let is_use = |kind| matches!(kind, StepKind::Use | StepKind::HolderUse);
        way.into_iter().find(|step| is_use(step.kind) && !of_other.contains(&step.span)).map(|step| step.span)
    }

    /// The steps from the literal to the use, nearest the literal first, without repeats.
    pub fn way(context: &Context, mut at: OriginId) -> Vec<Step> {
        let mut steps = Vec::new();
        loop {
            match context.origin(at) {
                Self::Via(kind, span, of) => {
                    steps.push(Step { kind: *kind, span: *span });
                    at = *of;
                }
                Self::Picked { value, .. } => at = *value,
                Self::Made(_, of) if of.len() == 1 => at = of[0],
                _ => break,
            }
        }
        steps.reverse();
        steps.dedup();
        steps
    }

    /// Every place that had a part in it, deciders included, in no order.
    pub fn spans(context: &Context, at: OriginId, into: &mut Vec<Span>) {
        Self::collect(context, at, Deciders::Included, into);
    }

    /// The places that the value is made of, without those that only decided which value it is, in no order.
    pub fn substance(context: &Context, at: OriginId, into: &mut Vec<Span>) {
        Self::collect(context, at, Deciders::LeftOut, into);
    }

    fn collect(context: &Context, at: OriginId, deciders: Deciders, into: &mut Vec<Span>) {
        let mut pending = vec![at];
        let mut seen = HashSet::new();
        while let Some(at) = pending.pop() {
            if !seen.insert(at) {
                continue;
            }
            match context.origin(at) {
                Self::Literal(span) => into.push(*span),
                Self::Via(_, span, of) => {
                    into.push(*span);
                    pending.push(*of);
                }
                Self::Made(span, of) => {
                    into.push(*span);
                    pending.extend(of.iter().copied());
                }
                Self::Picked { value, by } => {
                    pending.push(*value);
                    if deciders == Deciders::Included {
                        pending.extend(by.iter().copied());
                    }
                }
                Self::Among(of) => pending.extend(of.iter().copied()),
                Self::External(_) => {}
            }
        }
    }
}

/// Whether what only decided a value is told too.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Deciders {
    Included,
    LeftOut,
}
