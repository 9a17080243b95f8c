//! Traffic by its name: what the sandbox can be asked to play.

use super::{
    DAY_MS, Stage, call, callkit,
    cast::{Cast, Fate},
    conference,
    dice::Dice,
    in_order, live, office,
    post::Post,
    rtc, story_on,
};
use crate::{callback::delivery::Delivery, language::Language};

/// How long a fortnight is.
const FORTNIGHT_DAYS: u32 = 14;
/// How many calls a small office has on a working day.
const CALLS_PER_DAY: u32 = 60;

macro_rules! scenarios {
    ($($(#[doc = $about:literal])+ $variant:ident = $code:literal),+ $(,)?) => {
        /// One scripted thing that happens at a customer of Tencent's: a call, a room, or weeks of both.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Scenario {
            $($(#[doc = $about])+ $variant),+
        }

        impl Scenario {
            /// Every scenario, in the order in which they are listed to people.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its name on the command line and in the sandbox's control API.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// What happens in it, in one sentence.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => concat!($($about),+).trim_ascii()),+ }
            }
        }
    };
}

scenarios! {
    /// A call is answered, and one of the two hangs up later.
    Answered = "answered",
    /// A call rings for half a minute, and nobody answers.
    Missed = "missed",
    /// A call is declined.
    Declined = "declined",
    /// A call meets somebody who is in another call.
    Busy = "busy",
    /// The caller gives up before anybody answers.
    Cancelled = "cancelled",
    /// A call is answered and then broken off by the network.
    Interrupted = "interrupted",
    /// A call is answered and ends when one side goes offline.
    Offline = "offline",
    /// A group call with late joiners, an invitation that is withdrawn, and somebody who never answers.
    GroupCall = "group-call",
    /// A call is answered, and its end is never told.
    Endless = "endless",
    /// A call of the older client is answered.
    CallKitAnswered = "v1-answered",
    /// A call of the older client that nobody answers.
    CallKitMissed = "v1-missed",
    /// A call of the older client is declined.
    CallKitDeclined = "v1-declined",
    /// A call of the older client meets somebody who is busy.
    CallKitBusy = "v1-busy",
    /// A call of the older client is cancelled by its caller.
    CallKitCancelled = "v1-cancelled",
    /// A call of the older client is broken off by the network.
    CallKitInterrupted = "v1-interrupted",
    /// A group call of the older client with somebody who joins late.
    CallKitGroup = "v1-group",
    /// A live room with several lives: viewers lose their heartbeat, one is removed, and the host ends it.
    LiveRoom = "live-room",
    /// A conference: people come, leave, are removed or lost, and the room is destroyed.
    ConferenceRoom = "conference",
    /// An RTC Engine room with every way of leaving it.
    RtcRoom = "rtc-room",
    /// Everything that can happen, once or twice: also repeats, broken JSON, odd times, unknown commands.
    Story = "story",
    /// The last two weeks of a small clinic: about sixty calls a day and a few rooms.
    Fortnight = "fortnight",
}

impl Scenario {
    /// From its name; `None` for a text that is none.
    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scenario| scenario.code() == code)
    }

    /// The deliveries of this scenario for an application, in the order of their receipt; `start_ms` (Unix milliseconds) is when
    /// it begins. The same seed gives the same; people have plain names, but for the story, which wants the awkward ones.
    pub fn play(self, seed: u64, app: &str, start_ms: i64) -> Vec<Delivery> {
        self.play_in(Language::En, seed, app, start_ms)
    }

    /// The same with names of a language; who does what, and when, is the same in all of them.
    pub fn play_in(self, language: Language, seed: u64, app: &str, start_ms: i64) -> Vec<Delivery> {
        let cast = if self == Self::Story { Cast::Awkward } else { Cast::Clinic(language) };
        let stage = Stage { app: app.to_owned(), cast };
        match self {
            Self::Story => return story_on(&stage, seed, start_ms),
            Self::Fortnight => {
                let now_ms = start_ms + i64::from(FORTNIGHT_DAYS) * DAY_MS;
                return office(&stage, seed, now_ms, FORTNIGHT_DAYS, CALLS_PER_DAY);
            }
            _ => {}
        }
        let mut dice = Dice::new(seed, 0);
        let mut post = Post::new(&stage, &mut dice);
        self.act(&mut post, start_ms);
        in_order(post.into_deliveries())
    }

    fn act(self, post: &mut Post<'_>, start: i64) {
        match self {
            Self::Answered => call::single(post, start, Fate::Answered),
            Self::Missed => call::single(post, start, Fate::Missed),
            Self::Declined => call::single(post, start, Fate::Declined),
            Self::Busy => call::single(post, start, Fate::Busy),
            Self::Cancelled => call::single(post, start, Fate::Cancelled),
            Self::Interrupted => call::single(post, start, Fate::Interrupted),
            Self::Offline => call::single(post, start, Fate::Offline),
            Self::GroupCall => call::group(post, start),
            Self::Endless => call::endless(post, start),
            Self::CallKitAnswered => callkit::single(post, start, Fate::Answered),
            Self::CallKitMissed => callkit::single(post, start, Fate::Missed),
            Self::CallKitDeclined => callkit::single(post, start, Fate::Declined),
            Self::CallKitBusy => callkit::single(post, start, Fate::Busy),
            Self::CallKitCancelled => callkit::single(post, start, Fate::Cancelled),
            Self::CallKitInterrupted => callkit::single(post, start, Fate::Interrupted),
            Self::CallKitGroup => callkit::group(post, start),
            Self::LiveRoom => live::room(post, start),
            Self::ConferenceRoom => conference::room(post, start),
            Self::RtcRoom => rtc::room(post, start),
            Self::Story | Self::Fortnight => {}
        }
    }

    /// How long it takes with this seed, from its beginning to the receipt of its last delivery, in milliseconds.
    pub fn span_ms(self, seed: u64) -> i64 {
        match self {
            Self::Fortnight => i64::from(FORTNIGHT_DAYS) * DAY_MS,
            _ => self.play(seed, super::APP, 0).last().map_or(0, |last| last.received_ms),
        }
    }
}
