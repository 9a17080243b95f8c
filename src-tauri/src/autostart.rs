//! Starting at login: off until somebody wants it, and then without a window.

use std::path::Path;
use tauri::AppHandle;

/// Whether it is on.
#[cfg(target_os = "linux")]
pub(crate) fn is_on(_app: &AppHandle, identity: &str) -> bool {
    std::fs::read_to_string(linux::entry_path(identity)).is_ok_and(|entry| linux::is_in_force(&entry))
}

/// Switches it on or off.
#[cfg(target_os = "linux")]
pub(crate) fn switch(_app: &AppHandle, identity: &str, folder: &Path, on: bool) -> Result<(), String> {
    let path = linux::entry_path(identity);
    let done = if on { linux::write(&path, folder) } else { linux::remove(&path) };
    done.map_err(|why| format!("{}: {why}", path.display()))
}

/// Whether it is on.
#[cfg(not(target_os = "linux"))]
pub(crate) fn is_on(app: &AppHandle, _identity: &str) -> bool {
    use tauri_plugin_autostart::ManagerExt as _;
    app.autolaunch().is_enabled().unwrap_or(false)
}

/// Switches it on or off.
#[cfg(not(target_os = "linux"))]
pub(crate) fn switch(app: &AppHandle, _identity: &str, _folder: &Path, on: bool) -> Result<(), String> {
    use tauri_plugin_autostart::ManagerExt as _;
    let autostart = app.autolaunch();
    if on { autostart.enable() } else { autostart.disable() }.map_err(|why| why.to_string())
}

/// An entry as the freedesktop autostart specification has them. Of our own making: the plugin for it writes beside
/// `XDG_CONFIG_HOME`, has one entry for all data folders, and does not quote.
#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::path::{Path, PathBuf};

    /// Where the entry of this identity is.
    pub(super) fn entry_path(identity: &str) -> PathBuf {
        gtk::glib::user_config_dir().join("autostart").join(format!("{identity}.desktop"))
    }

    /// Whether an entry starts anything: a desktop's own settings switch it off without deleting it.
    pub(super) fn is_in_force(entry: &str) -> bool {
        let says = |name: &str, value: &str| {
            entry
                .lines()
                .filter_map(|line| line.split_once('='))
                .any(|(key, given)| key.trim() == name && given.trim().eq_ignore_ascii_case(value))
        };
        !says("Hidden", "true") && !says("X-GNOME-Autostart-enabled", "false")
    }

    pub(super) fn write(path: &Path, folder: &Path) -> io::Result<()> {
        let text = |path: &Path| {
            let unsaid = || io::Error::new(io::ErrorKind::InvalidInput, format!("{} is not UTF-8", path.display()));
            path.to_str().map(str::to_owned).ok_or_else(unsaid)
        };
        let (program, folder) = (text(&std::env::current_exe()?)?, text(folder)?);
        if let Some(home) = path.parent() {
            std::fs::create_dir_all(home)?;
        }
        std::fs::write(path, entry(&program, &folder))
    }

    pub(super) fn remove(path: &Path) -> io::Result<()> {
        match std::fs::remove_file(path) {
            Err(why) if why.kind() != io::ErrorKind::NotFound => Err(why),
            _ => Ok(()),
        }
    }

    fn entry(program: &str, folder: &str) -> String {
        format!(
            "[Desktop Entry]\nType=Application\nName=Calltrail\nExec={} --hidden --data-dir {}\nTerminal=false\n",
            quoted(program),
            quoted(folder)
        )
    }

    /// An argument of `Exec`: in quotes, in which four characters are escaped; a percent sign begins a code; and the whole
    /// value is a string, in which backslashes and line ends are escaped once more.
    fn quoted(argument: &str) -> String {
        let mut text = String::from("\"");
        for character in argument.chars() {
            match character {
                '"' | '`' | '$' => text.extend(["\\\\", character.encode_utf8(&mut [0; 4])]),
                '\\' => text.push_str("\\\\\\\\"),
                '%' => text.push_str("%%"),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                other => text.push(other),
            }
        }
        text.push('"');
        text
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_path_is_quoted_as_the_specification_wants_it() {
            for (path, want) in [
                ("/usr/bin/calltrail-desktop", r#""/usr/bin/calltrail-desktop""#),
                ("/home/ann/call records", r#""/home/ann/call records""#),
                (r#"/a"b`c$d"#, r#""/a\\"b\\`c\\$d""#),
                (r"/a\b", r#""/a\\\\b""#),
                ("/100%", r#""/100%%""#),
                ("/a\nb", r#""/a\nb""#),
                ("/通话", r#""/通话""#),
            ] {
                assert_eq!(quoted(path), want, "{path:?}");
            }
        }

        #[test]
        fn an_entry_starts_without_a_window_until_it_is_switched_off() {
            let on = entry("/usr/bin/calltrail-desktop", "/data");
            assert!(on.contains("Exec=\"/usr/bin/calltrail-desktop\" --hidden --data-dir \"/data\"\n"), "{on}");
            assert!(is_in_force(&on), "as it was written");
            assert!(!is_in_force(&format!("{on}Hidden=true\n")), "switched off by a desktop's settings");
            assert!(!is_in_force(&format!("{on}X-GNOME-Autostart-enabled=false\n")), "and by GNOME's");
            assert!(!is_in_force(&format!("{on}Hidden = True\n")), "however it is written");
        }

        #[test]
        fn an_entry_is_written_and_removed_and_its_absence_is_no_failure() {
            let folder = std::env::temp_dir().join(format!("calltrail-autostart-{}", std::process::id()));
            let path = folder.join("autostart/one.desktop");
            remove(&path).unwrap();
            write(&path, Path::new("/data")).unwrap();
            assert!(is_in_force(&std::fs::read_to_string(&path).unwrap()), "it starts Calltrail");
            remove(&path).unwrap();
            assert!(!path.exists(), "nothing is left");
            std::fs::remove_dir_all(&folder).unwrap();
        }
    }
}
