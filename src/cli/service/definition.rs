//! What a system's own service keeper is told: systemd's unit of a user (tried), and launchd's agent (written after Apple's
//! documentation, and tried by nobody yet).

use std::{
    ffi::{OsStr, OsString},
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// What is to be started: `calltrail serve` on a record's folder, with further arguments. Nothing where a part of it is no text.
pub(super) fn command_line<'a>(program: &'a Path, folder: &'a Path, serve: &'a [OsString]) -> Option<Vec<&'a str>> {
    let first = [program.as_os_str(), OsStr::new("--data-dir"), folder.as_os_str(), OsStr::new("serve")];
    first.into_iter().chain(serve.iter().map(OsString::as_os_str)).map(OsStr::to_str).collect()
}

/// Who keeps services here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// systemd, as the user (systemd.service(5)).
    Systemd,
    /// launchd, as an agent of the user (launchd.plist(5)).
    Launchd,
}

const UNIT: &str = "calltrail.service";
const LABEL: &str = "app.calltrail.serve";

impl Kind {
    pub(super) const fn of_this_system() -> Option<Self> {
        if cfg!(target_os = "linux") {
            Some(Self::Systemd)
        } else if cfg!(target_os = "macos") {
            Some(Self::Launchd)
        } else {
            None
        }
    }

    /// The file that defines the service.
    pub(super) fn place(self, home: &Path) -> PathBuf {
        match self {
            Self::Systemd => {
                let config = std::env::var_os("XDG_CONFIG_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
                config.unwrap_or_else(|| home.join(".config")).join("systemd/user").join(UNIT)
            }
            Self::Launchd => home.join("Library/LaunchAgents").join(format!("{LABEL}.plist")),
        }
    }

    /// What stands in it, for this command line.
    pub(super) fn text(self, words: &[&str]) -> String {
        match self {
            Self::Systemd => unit(words),
            Self::Launchd => agent(words),
        }
    }

    pub(super) fn to_start(self, place: &Path) -> Vec<Vec<OsString>> {
        match self {
            // One that runs already may run with other arguments.
            Self::Systemd => {
                vec![systemctl(&["daemon-reload"]), systemctl(&["enable", UNIT]), systemctl(&["restart", UNIT])]
            }
            Self::Launchd => vec![launchctl("load", place)],
        }
    }

    pub(super) fn to_stop(self, place: &Path) -> Vec<Vec<OsString>> {
        match self {
            Self::Systemd => vec![systemctl(&["disable", "--now", UNIT])],
            Self::Launchd => vec![launchctl("unload", place)],
        }
    }

    /// What is done once the file is gone.
    pub(super) fn to_forget(self) -> Vec<Vec<OsString>> {
        match self {
            Self::Systemd => vec![systemctl(&["daemon-reload"])],
            Self::Launchd => Vec::new(),
        }
    }

    /// Succeeds where it runs.
    pub(super) fn to_ask(self) -> Vec<OsString> {
        match self {
            Self::Systemd => systemctl(&["is-active", "--quiet", UNIT]),
            Self::Launchd => words(&["launchctl", "list", LABEL]),
        }
    }

    /// What else a person may want to do.
    pub(super) const fn hint(self) -> &'static str {
        match self {
            Self::Systemd => "To keep it running while you are logged out: loginctl enable-linger\n",
            Self::Launchd => "",
        }
    }

    /// Where to look when it does not run.
    pub(super) const fn look(self) -> &'static str {
        match self {
            Self::Systemd => "`journalctl --user --unit calltrail` says why.",
            Self::Launchd => "Console.app says why, under app.calltrail.serve.",
        }
    }
}

fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn systemctl(arguments: &[&str]) -> Vec<OsString> {
    words(&[&["systemctl", "--user"], arguments].concat())
}

fn launchctl(command: &str, place: &Path) -> Vec<OsString> {
    vec!["launchctl".into(), command.into(), "-w".into(), place.into()]
}

fn unit(words: &[&str]) -> String {
    // After a colon nothing is an environment variable, neither in arguments nor in the program's path, where `$$` is no way to say so.
    let command = format!(":{}", words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" "));
    format!(
        "[Unit]\n\
         Description=Calltrail: keeps Tencent RTC's callbacks\n\
         # While the window is open, the record is the window's; this tries again until it is free.\n\
         StartLimitIntervalSec=0\n\
         \n\
         [Service]\n\
         ExecStart={command}\n\
         Restart=on-failure\n\
         RestartSec=30\n\
         TimeoutStopSec=15\n\
         NoNewPrivileges=true\n\
         \n\
         [Install]\n\
         WantedBy=default.target\n"
    )
}

/// One word of a unit's command line (systemd.service(5), "COMMAND LINES"): `%` stands for other things there.
fn quoted(word: &str) -> String {
    let mut quoted = String::from("\"");
    for character in word.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '%' => quoted.push_str("%%"),
            control if control.is_control() => {
                let mut bytes = [0; 4];
                for byte in control.encode_utf8(&mut bytes).bytes() {
                    // Writing to a text cannot fail.
                    let _ = write!(quoted, "\\x{byte:02x}");
                }
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn agent(words: &[&str]) -> String {
    let arguments: String = words.iter().map(|word| format!("    <string>{}</string>\n", escaped(word))).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n  <key>Label</key>\n  <string>{LABEL}</string>\n  <key>ProgramArguments</key>\n  <array>\n\
         {arguments}  </array>\n  <key>RunAtLoad</key>\n  <true/>\n  <key>KeepAlive</key>\n  <dict>\n    <key>SuccessfulExit</key>\n    \
         <false/>\n  </dict>\n  <key>ThrottleInterval</key>\n  <integer>30</integer>\n</dict>\n</plist>\n"
    )
}

/// Text in XML.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(kind: Kind) -> String {
        let serve: Vec<OsString> =
            ["--no-web", "--app", r#"1400000000=100 % "ours" $HOME \ & <b>"#].map(Into::into).into();
        let words = command_line(Path::new("/opt/call $trail/calltrail"), Path::new("/home/ann/記録\n2"), &serve);
        kind.text(&words.unwrap())
    }

    #[test]
    fn a_unit_starts_exactly_this_command() {
        expect_test::expect![[r#"
            [Unit]
            Description=Calltrail: keeps Tencent RTC's callbacks
            # While the window is open, the record is the window's; this tries again until it is free.
            StartLimitIntervalSec=0

            [Service]
            ExecStart=:"/opt/call $trail/calltrail" "--data-dir" "/home/ann/記録\x0a2" "serve" "--no-web" "--app" "1400000000=100 %% \"ours\" $HOME \\ & <b>"
            Restart=on-failure
            RestartSec=30
            TimeoutStopSec=15
            NoNewPrivileges=true

            [Install]
            WantedBy=default.target
        "#]].assert_eq(&text(Kind::Systemd));
    }

    #[test]
    fn an_agent_starts_exactly_this_command() {
        expect_test::expect![[r#"
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
            <plist version="1.0">
            <dict>
              <key>Label</key>
              <string>app.calltrail.serve</string>
              <key>ProgramArguments</key>
              <array>
                <string>/opt/call $trail/calltrail</string>
                <string>--data-dir</string>
                <string>/home/ann/記録
            2</string>
                <string>serve</string>
                <string>--no-web</string>
                <string>--app</string>
                <string>1400000000=100 % "ours" $HOME \ &amp; &lt;b&gt;</string>
              </array>
              <key>RunAtLoad</key>
              <true/>
              <key>KeepAlive</key>
              <dict>
                <key>SuccessfulExit</key>
                <false/>
              </dict>
              <key>ThrottleInterval</key>
              <integer>30</integer>
            </dict>
            </plist>
        "#]]
        .assert_eq(&text(Kind::Launchd));
    }
}
