//! What the books hold an exchange to. The true rules, or one that is wrong on purpose: books that
//! never find anything would prove nothing.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rules {
    #[default]
    True,
    /// The greatest tag must be chosen.
    GreatestTag,
    /// A break ends all debts.
    BreaksForgive,
    /// Whoever comes last is first in line.
    LastComeFirst,
    /// A call that was missed costs the agent as much as one that was answered.
    NoRefund,
    /// Of two agents none is ever more than one call ahead, whoever was free.
    NothingBeyond,
    /// Whoever comes later never passes.
    NoHeadStarts,
}
