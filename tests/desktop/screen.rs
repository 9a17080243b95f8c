//! A display that nobody looks at, and the keyboard in front of it.

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// Anything that should happen on the screen happens within this time, also on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A process that ends with the test, by its id.
pub(crate) struct Process(pub(crate) Child);

impl Process {
    /// Waits for its end and answers its exit code; fails when it takes too long.
    pub(crate) fn exit_code(&mut self) -> i32 {
        let patience = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.0.try_wait().expect("the process is our child") {
                return status.code().unwrap_or(-1);
            }
            assert!(Instant::now() < patience, "the process should have ended by itself");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Fails only where it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A session bus of our own, over which a second start finds the first.
pub(crate) struct Bus {
    /// As in `DBUS_SESSION_BUS_ADDRESS`.
    pub(crate) address: String,
    _daemon: Process,
}

impl Bus {
    /// Starts it, and returns when it can be connected to.
    pub(crate) fn new() -> Bus {
        let mut daemon = Command::new("dbus-daemon")
            .args(["--session", "--nofork", "--print-address"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("dbus-daemon is installed (cargo xtask setup --test)");
        let said = daemon.stdout.take().expect("its output is piped");
        let daemon = Process(daemon);
        let mut address = String::new();
        BufReader::new(said).read_line(&mut address).expect("the bus says its address");
        Bus { address: address.trim().to_owned(), _daemon: daemon }
    }
}

/// An X server of our own. It chooses a free number itself, so tests do not race for one.
pub(crate) struct Screen {
    /// As in `DISPLAY`.
    pub(crate) display: String,
    _server: Process,
}

impl Screen {
    /// Starts it, and returns when it can be connected to.
    pub(crate) fn new() -> Screen {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed (cargo xtask setup --test)");
        let mut said = server.stdout.take().expect("its output is piped");
        let server = Process(server);
        let (mut number, mut byte) = (String::new(), [0]);
        while said.read(&mut byte).expect("Xvfb says its number") == 1 && byte != *b"\n" {
            number.push(char::from(byte[0]));
        }
        assert!(!number.is_empty(), "Xvfb should have found a free display");
        Screen { display: format!(":{number}"), _server: server }
    }

    fn xdotool(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("timeout");
        command.args(["10", "xdotool"]).args(arguments).env("DISPLAY", &self.display);
        command.output().expect("xdotool is installed (cargo xtask setup --test)")
    }

    /// The windows with this title (a regular expression) that are on the screen now.
    fn windows(&self, title: &str) -> Vec<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title]).stdout;
        String::from_utf8_lossy(&found).lines().map(str::to_owned).collect()
    }

    /// Waits until so many windows have this title, and answers them.
    pub(crate) fn wait_for(&self, count: usize, title: &str) -> Vec<String> {
        let patience = Instant::now() + PATIENCE;
        loop {
            let found = self.windows(title);
            if found.len() == count {
                return found;
            }
            assert!(
                Instant::now() < patience,
                "{count} windows titled {title:?} are wanted, {} are there",
                found.len()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Waits until a window is no more.
    pub(crate) fn wait_for_end(&self, window: &str) {
        let patience = Instant::now() + PATIENCE;
        while self.xdotool(&["getwindowname", window]).status.success() {
            assert!(Instant::now() < patience, "the window {window} should be gone");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// The window with this title, as soon as it is on the screen.
    pub(crate) fn window(&self, title: &str) -> String {
        self.wait_for(1, title).swap_remove(0)
    }

    /// Chooses the folder that a dialog shows.
    pub(crate) fn answer_folder(&self, window: &str) {
        self.xdotool(&["windowfocus", "--sync", window]);
        std::thread::sleep(Duration::from_millis(500));
        self.xdotool(&["key", "--clearmodifiers", "alt+o"]);
    }

    /// Types into a window: the text in place of what is there, then Return.
    pub(crate) fn answer(&self, window: &str, text: Option<&str>) {
        self.xdotool(&["windowfocus", "--sync", window]);
        // Without a window manager nothing says when a dialog is ready for keys.
        std::thread::sleep(Duration::from_millis(500));
        if let Some(text) = text {
            self.xdotool(&["key", "--clearmodifiers", "ctrl+a"]);
            self.xdotool(&["type", "--delay", "5", text]);
        }
        self.xdotool(&["key", "--clearmodifiers", "Return"]);
    }
}
