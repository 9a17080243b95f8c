//! What is said outside of the pages: in a dialog and in the menu of the tray, in both languages.

use calltrail::api::Refuge;
use calltrail::language::Language;

/// The words of one language.
pub(crate) struct Words {
    /// Above the question what closing shall do.
    pub(crate) stays: &'static str,
    stays_in_tray: &'static str,
    stays_minimised: &'static str,
    /// Agrees that Calltrail goes on.
    pub(crate) go_on: &'static str,
    /// Ends Calltrail.
    pub(crate) quit: &'static str,
    /// Shows the window.
    pub(crate) open: &'static str,
    last: &'static str,
    no_callback: &'static str,
    cases: &'static str,
    pause: &'static str,
    resume: [&'static str; 2],
    missed: [&'static str; 2],
    missed_from: [&'static str; 2],
    /// Shows who is to be called back.
    pub(crate) follow_up: &'static str,
    /// What the sign of the tray means, for whoever points at it.
    pub(crate) listening: &'static str,
    /// The same of the second sign.
    pub(crate) attention: &'static str,
    /// The same of the third sign.
    pub(crate) not_listening: &'static str,
}

const ENGLISH: Words = Words {
    stays: "Calltrail keeps running",
    stays_in_tray: "Callbacks are still received after the window is closed. To open it again, use Calltrail’s icon among the \
                    system’s icons, or start Calltrail again. You can change this in Settings.",
    stays_minimised: "Callbacks are still received after the window is closed. This desktop shows no icons of programs, so the \
                      window is minimised instead. You can change this in Settings.",
    go_on: "Keep running",
    quit: "Quit Calltrail",
    open: "Open Calltrail",
    last: "Last callback: ",
    no_callback: "No callback yet",
    cases: "Open cases: ",
    pause: "Pause for an hour",
    resume: ["Receive again (paused until ", ")"],
    missed: ["Missed call", " missed calls"],
    missed_from: ["From ", "The last one from "],
    follow_up: "Open Follow-up",
    listening: "Calltrail: listening",
    attention: "Calltrail: needs attention",
    not_listening: "Calltrail: not listening",
};

const CHINESE: Words = Words {
    stays: "Calltrail 会继续运行",
    stays_in_tray: "关闭窗口后，Calltrail 仍会接收回调。要再次打开窗口，请点击系统托盘中的 Calltrail 图标，或再次启动 Calltrail。\
                    可以在“设置”中更改。",
    stays_minimised: "关闭窗口后，Calltrail 仍会接收回调。这个桌面不显示托盘图标，因此窗口会最小化。可以在“设置”中更改。",
    go_on: "继续运行",
    quit: "退出 Calltrail",
    open: "打开 Calltrail",
    last: "最近一条回调：",
    no_callback: "尚未收到回调",
    cases: "待回访：",
    pause: "暂停一小时",
    resume: ["恢复接收（已暂停至 ", "）"],
    missed: ["未接通话", " 个未接通话"],
    missed_from: ["来自 ", "最近一个来自 "],
    follow_up: "打开“回访”",
    listening: "Calltrail：正在监听",
    attention: "Calltrail：需要处理",
    not_listening: "Calltrail：未在监听",
};

impl Words {
    /// Those of this language.
    pub(crate) const fn of(language: Language) -> &'static Words {
        match language {
            Language::En => &ENGLISH,
            Language::Zh => &CHINESE,
        }
    }

    /// What it means that the window was closed, and where it is to be found again.
    pub(crate) const fn stays(&self, refuge: Refuge) -> &'static str {
        match refuge {
            Refuge::Tray => self.stays_in_tray,
            Refuge::Minimised => self.stays_minimised,
        }
    }

    /// When the last callback came.
    pub(crate) fn last(&self, at: Option<String>) -> String {
        at.map_or_else(|| self.no_callback.to_owned(), |at| format!("{}{at}", self.last))
    }

    /// Takes a pause back that lasts until then, or begins one.
    pub(crate) fn pause(&self, until: Option<String>) -> String {
        let [before, after] = self.resume;
        until.map_or_else(|| self.pause.to_owned(), |until| format!("{before}{until}{after}"))
    }

    /// How many calls were missed.
    pub(crate) fn missed(&self, calls: usize) -> String {
        let [one, several] = self.missed;
        if calls == 1 { one.to_owned() } else { format!("{calls}{several}") }
    }

    /// From whom the last of so many was.
    pub(crate) fn missed_from(&self, calls: usize, last: &str) -> String {
        let [one, several] = self.missed_from;
        format!("{}{last}", if calls == 1 { one } else { several })
    }

    /// How many cases of follow-up are open.
    pub(crate) fn cases(&self, open: u64) -> String {
        format!("{}{open}", self.cases)
    }
}
