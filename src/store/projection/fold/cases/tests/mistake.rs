//! Mistakes that are planted in the second opinion, one at a time, to show that the comparison would find them.

/// What somebody might get wrong; one at a time is planted to show that the comparison would find it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mistake {
    /// A word from before its miss holds from its clock's moment, not from the miss's.
    ClockBeforeMiss,
    /// Of several words the one that came to hold last is the newest, whatever the clocks say.
    NewestByMoment,
    /// The newest word is the one with the greatest id.
    NewestById,
    /// Of equal moments the smaller id wins.
    SmallerId,
    /// The newest entry is looked for only on the newest miss.
    NewestMissOnly,
    /// A call may have started at the very moment when the first miss ended.
    NonStrictStart,
    /// A call may have started before the first miss ended.
    AnyStart,
    /// A call has to have started after the last miss ended.
    AfterLastMiss,
    /// A cancelled call counts however short it rang.
    ShortCancel,
    /// A cancelled call has to ring longer than the time, not as long.
    LongerCancel,
    /// Results that are switched off count.
    EveryResult,
    /// Whoever talked with the counterpart, it closes.
    NobodyOfOurs,
    /// The counterpart need not have talked.
    WithoutCounterpart,
    /// Where nobody is ours, only the callees of the first miss count.
    FirstCallees,
    /// Where nobody is ours, callees of misses still to come count.
    LaterCallees,
    /// A call that ended normally is a talk, answered or not.
    NormalEndIsTalk,
    /// Where one of us called one of us, that is a miss too.
    OursCallOurs,
    /// Nobody of us was called, and that is a miss too.
    NoneOfOursCalled,
    /// A call that goes on is a miss already.
    NotEnded,
    /// In one moment the miss comes before the talk.
    MissBeforeTalk,
    /// In one moment the miss comes before the word.
    MissBeforeWord,
    /// In one moment the word comes before the talk.
    WordBeforeTalk,
    /// `done` holds from its miss on, so that it does not cover the misses until it was written.
    DoneDoesNotCover,
    /// `done` covers everything up to it, even what came after the case was closed.
    DoneOpensNothing,
    /// `open` does not undo a talk that was before it.
    OpenKeepsTalk,
    /// After `open` no talk closes the case.
    OpenForEver,
    /// A word on a case that is not the newest says nothing.
    OldCasesAreClosed,
    /// Of several open cases the oldest gathers the miss.
    OldestGathers,
    /// By hand does not win over a talk that was before.
    TalkWins,
    /// `after` counts from the start of the first miss.
    AfterStart,
    /// `after` counts from the end of the last miss.
    AfterLast,
    /// `by` is whoever has the smallest number.
    ByNumber,
    /// `how` is decided by who of ours called.
    CalledBackByOursOnly,
    /// Calls of one moment are in the order of their numbers.
    TiesByNumber,
    /// A case that is open, or that a talk has closed, has a reason.
    ReasonWithoutDone,
    /// A reason counts that was written before the case was closed.
    ReasonOfBefore,
    /// A reason does not count that was written as the case was closed.
    ReasonAfterDone,
}

impl Mistake {
    pub(super) const ALL: [Self; 37] = [
        Self::ClockBeforeMiss,
        Self::NewestByMoment,
        Self::NewestById,
        Self::SmallerId,
        Self::NewestMissOnly,
        Self::NonStrictStart,
        Self::AnyStart,
        Self::AfterLastMiss,
        Self::ShortCancel,
        Self::LongerCancel,
        Self::EveryResult,
        Self::NobodyOfOurs,
        Self::WithoutCounterpart,
        Self::FirstCallees,
        Self::LaterCallees,
        Self::NormalEndIsTalk,
        Self::OursCallOurs,
        Self::NoneOfOursCalled,
        Self::NotEnded,
        Self::MissBeforeTalk,
        Self::MissBeforeWord,
        Self::WordBeforeTalk,
        Self::DoneDoesNotCover,
        Self::DoneOpensNothing,
        Self::OpenKeepsTalk,
        Self::OpenForEver,
        Self::OldCasesAreClosed,
        Self::OldestGathers,
        Self::TalkWins,
        Self::AfterStart,
        Self::AfterLast,
        Self::ByNumber,
        Self::CalledBackByOursOnly,
        Self::TiesByNumber,
        Self::ReasonWithoutDone,
        Self::ReasonOfBefore,
        Self::ReasonAfterDone,
    ];
}
