//! What is in a package: which file lies where. The same for .deb and .rpm.

use crate::Outcome;
use flate2::{Compression, GzBuilder};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// One file of a package. It belongs to root, and nobody else may write it.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) bytes: Vec<u8>,
    /// Whether it is a program.
    pub(crate) runs: bool,
}

impl File {
    pub(crate) fn text(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), runs: false }
    }

    pub(crate) fn program(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: bytes.into(), runs: true }
    }

    pub(crate) fn mode(&self) -> u16 {
        if self.runs { 0o755 } else { 0o644 }
    }
}

/// The files by their paths below the root, such as `usr/bin/calltrail`; in the order of the paths.
pub(crate) type Files = BTreeMap<String, File>;

/// What the packages are made of.
pub(crate) struct Parts<'a> {
    /// `calltrail` and `calltrail-desktop`.
    pub(crate) programs: &'a Path,
    /// What `calltrail generate` wrote.
    pub(crate) generated: &'a Path,
    pub(crate) root: &'a Path,
    pub(crate) version: &'a str,
    /// `2026-11-30`
    pub(crate) day: &'a str,
}

const ENTRY: &str = include_str!("../assets/calltrail-desktop.desktop");
const METAINFO: &str = include_str!("../assets/app.calltrail.Calltrail.metainfo.xml");

/// The command: for people at a terminal, and for servers.
pub(crate) fn command(parts: &Parts) -> Outcome<Files> {
    let mut files = Files::new();
    files.insert("usr/bin/calltrail".to_owned(), File::program(read(&parts.programs.join("calltrail"))?));
    for (name, page) in man_pages(parts)? {
        files.insert(format!("usr/share/man/man1/{name}"), page);
    }
    for (name, place) in COMPLETIONS {
        files.insert(place.to_owned(), completion(parts, name)?);
    }
    // Of each user's own systemd, and off until the user enables it.
    files.insert("usr/lib/systemd/user/calltrail.service".to_owned(), unit(parts)?);
    files.insert("usr/share/doc/calltrail/copyright".to_owned(), copyright(parts)?);
    Ok(files)
}

/// The window.
pub(crate) fn desktop(parts: &Parts) -> Outcome<Files> {
    let mut files = Files::new();
    files.insert(
        "usr/bin/calltrail-desktop".to_owned(),
        File::program(read(&parts.programs.join("calltrail-desktop"))?),
    );
    files.insert("usr/share/applications/calltrail-desktop.desktop".to_owned(), File::text(ENTRY));
    let metainfo = METAINFO.replace("@VERSION@", parts.version).replace("@DATE@", parts.day);
    files.insert("usr/share/metainfo/app.calltrail.Calltrail.metainfo.xml".to_owned(), File::text(metainfo));
    for (source, size, ending) in [
        ("32x32.png", "32x32", "png"),
        ("128x128.png", "128x128", "png"),
        ("128x128@2x.png", "256x256", "png"),
        ("calltrail.svg", "scalable", "svg"),
    ] {
        let icon = File::text(read(&parts.root.join("src-tauri/icons").join(source))?);
        files.insert(format!("usr/share/icons/hicolor/{size}/apps/calltrail-desktop.{ending}"), icon);
    }
    files.insert("usr/share/doc/calltrail-desktop/copyright".to_owned(), copyright(parts)?);
    Ok(files)
}

/// Where the shells of Debian look for what `generate` calls so.
const COMPLETIONS: [(&str, &str); 3] = [
    ("calltrail.bash", "usr/share/bash-completion/completions/calltrail"),
    ("calltrail.fish", "usr/share/fish/vendor_completions.d/calltrail.fish"),
    ("_calltrail", "usr/share/zsh/vendor-completions/_calltrail"),
];

/// The completions by the names that `generate` gives them.
pub(crate) fn completions(parts: &Parts) -> Outcome<Files> {
    COMPLETIONS.iter().map(|(name, _)| Ok(((*name).to_owned(), completion(parts, name)?))).collect()
}

fn completion(parts: &Parts, name: &str) -> Outcome<File> {
    Ok(File::text(read(&parts.generated.join("completions").join(name))?))
}

/// The manual pages, packed as every distribution wants them.
pub(crate) fn man_pages(parts: &Parts) -> Outcome<Files> {
    let folder = parts.generated.join("man");
    let entries = fs::read_dir(&folder).map_err(|why| format!("{}: {why}", folder.display()))?;
    let mut pages = Files::new();
    for entry in entries {
        let path = entry.map_err(|why| format!("{}: {why}", folder.display()))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        pages.insert(format!("{name}.gz"), File::text(gzipped(&read(&path)?)?));
    }
    Ok(pages)
}

pub(crate) fn unit(parts: &Parts) -> Outcome<File> {
    Ok(File::text(read(&parts.generated.join("systemd/calltrail.service"))?))
}

/// Without a name and a time, as `gzip -n9`.
fn gzipped(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut packed = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    packed.write_all(bytes).and_then(|()| packed.finish()).map_err(|why| format!("a manual page: {why}"))
}

/// What Debian reads licences from (the machine-readable form, "copyright-format 1.0").
fn copyright(parts: &Parts) -> Outcome<File> {
    let mut text = String::from(
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\nUpstream-Name: Calltrail\n\nFiles: *\n\
         Copyright: The authors of Calltrail\nLicense: MIT or Apache-2.0\n\nLicense: MIT\n",
    );
    let licence = read(&parts.root.join("LICENSE-MIT"))?;
    for line in String::from_utf8_lossy(&licence).lines() {
        text.push_str(if line.trim().is_empty() { " ." } else { " " });
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text.push_str(
        "\nLicense: Apache-2.0\n On Debian systems, the full text of this licence is in /usr/share/common-licenses/Apache-2.0.\n \
         It is also at https://www.apache.org/licenses/LICENSE-2.0.\n",
    );
    Ok(File::text(text))
}

pub(crate) fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|why| format!("{}: {why}", path.display()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::path::PathBuf;

    /// What packages are made of, with programs and pages that are none.
    pub(crate) struct Stubs {
        home: tempfile::TempDir,
        root: PathBuf,
    }

    impl Stubs {
        pub(crate) fn new() -> Self {
            let home = tempfile::tempdir().expect("a folder");
            for (path, text) in [
                ("calltrail", "#!/bin/sh\n"),
                ("calltrail-desktop", "#!/bin/sh\n"),
                ("man/calltrail.1", ".TH calltrail 1\n"),
                ("man/calltrail-serve.1", ".TH calltrail-serve 1\n"),
                ("completions/calltrail.bash", "complete\n"),
                ("completions/calltrail.fish", "complete\n"),
                ("completions/_calltrail", "#compdef calltrail\n"),
                ("systemd/calltrail.service", "[Service]\n"),
            ] {
                let path = home.path().join(path);
                fs::create_dir_all(path.parent().expect("a folder")).expect("it is made");
                fs::write(path, text).expect("it is written");
            }
            Self { home, root: Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository").to_owned() }
        }

        pub(crate) fn parts(&self) -> Parts<'_> {
            let (programs, root) = (self.home.path(), self.root.as_path());
            Parts { programs, generated: programs, root, version: "1.2.3", day: "2026-11-30" }
        }
    }

    /// The keys of the desktop entry in their order, and its values.
    fn entry() -> Vec<(&'static str, &'static str)> {
        let lines = ENTRY.lines().skip(1);
        lines.map(|line| line.split_once('=').unwrap_or_else(|| panic!("{line:?} is a key with a value"))).collect()
    }

    #[test]
    fn the_desktop_entry_is_as_the_specification_wants_it() {
        assert!(ENTRY.starts_with("[Desktop Entry]\n") && ENTRY.ends_with('\n'), "one group, and lines that end");
        let of = |key: &str| {
            let found: Vec<_> = entry().into_iter().filter(|(name, _)| *name == key).map(|(_, value)| value).collect();
            assert_eq!(found.len(), 1, "{key} is there, once");
            found[0]
        };
        assert_eq!(of("Type"), "Application", "a program");
        // A link is handed over as one argument: `%u`, alone, and not in quotes.
        assert_eq!(of("Exec"), "calltrail-desktop %u", "what is started");
        assert_eq!(of("MimeType"), "x-scheme-handler/calltrail;", "whose links are opened with it");
        assert_eq!(of("Icon"), "calltrail-desktop", "an icon of the theme, without an ending");
        assert_eq!(of("Terminal"), "false", "no terminal");
        for (key, value) in entry() {
            let plain = key.split('[').next().unwrap_or_default();
            let known = ["Type", "Version", "Name", "GenericName", "Comment", "Exec", "Icon", "Terminal", "Categories"];
            let further = ["Keywords", "MimeType", "StartupNotify", "StartupWMClass"];
            assert!(known.contains(&plain) || further.contains(&plain), "{key} is a key of the specification");
            let is_list = ["Categories", "Keywords", "MimeType"].contains(&plain);
            assert_eq!(value.ends_with(';'), is_list, "{key}: a list ends with a semicolon");
            assert!(!value.is_empty() && !value.starts_with(' '), "{key} has a value");
        }
        // The system's own checker, where it is installed.
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("calltrail-desktop.desktop");
        fs::write(&file, ENTRY).expect("it is written");
        if let Ok(checked) = std::process::Command::new("desktop-file-validate").arg(&file).output() {
            let said = String::from_utf8_lossy(&checked.stdout).into_owned();
            assert!(checked.status.success() && said.is_empty(), "desktop-file-validate: {said}");
        }
    }

    #[test]
    fn the_description_for_software_centres_names_what_is_installed() {
        let stubs = Stubs::new();
        let files = desktop(&stubs.parts()).expect("the files");
        let metainfo = &files["usr/share/metainfo/app.calltrail.Calltrail.metainfo.xml"].bytes;
        let metainfo = String::from_utf8_lossy(metainfo);
        assert!(
            metainfo.contains("<release version=\"1.2.3\" date=\"2026-11-30\"/>"),
            "which release it is: {metainfo}"
        );
        let between = |tag: &str, end: &str| {
            let after = metainfo.split_once(tag).map(|(_, rest)| rest).unwrap_or_else(|| panic!("{tag} is there"));
            after.split_once(end).map(|(value, _)| value.to_owned()).expect("it ends")
        };
        let launched = between("<launchable type=\"desktop-id\">", "<");
        assert!(files.contains_key(&format!("usr/share/applications/{launched}")), "{launched} is in the package");
        let program = between("<binary>", "<");
        assert!(files.contains_key(&format!("usr/bin/{program}")), "{program} is in the package");
        assert_eq!(between("<mediatype>", "<"), "x-scheme-handler/calltrail", "the links that it opens");
    }
}
