//! A package of Debian (deb(5)): an `ar` archive of what the package says of itself and of its files. It has no scripts:
//! nothing runs when it is installed or removed, so a record is never touched.

use crate::Outcome;
use crate::contents::{File, Files};
use crate::packages::Package;
use crate::tarball::packed;
use ar::{Builder, Header};

/// The package's bytes.
pub(crate) fn made(package: &Package, date: u32) -> Outcome<Vec<u8>> {
    let control = Files::from([("control".to_owned(), File::text(control(package)))]);
    let mut archive = Builder::new(Vec::new());
    for (name, bytes) in [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.xz", packed(&control, "./", date)?),
        ("data.tar.xz", packed(&package.files, "./", date)?),
    ] {
        let size = u64::try_from(bytes.len()).map_err(|why| why.to_string())?;
        let mut header = Header::new(name.as_bytes().to_vec(), size);
        header.set_mtime(u64::from(date));
        header.set_mode(0o100_644);
        archive.append(&header, bytes.as_slice()).map_err(|why| format!("{name}: {why}"))?;
    }
    archive.into_inner().map_err(|why| format!("a package: {why}"))
}

/// deb-control(5)
fn control(package: &Package) -> String {
    let Package { name, version, maintainer, needs, summary, description, recommends, .. } = package;
    // Each paragraph is one line: whoever shows it breaks it.
    let long: String = description.iter().map(|paragraph| format!(" {paragraph}\n")).collect::<Vec<_>>().join(" .\n");
    let recommends = recommends.map(|recommends| format!("Recommends: {}\n", recommends.debian)).unwrap_or_default();
    format!(
        "Package: {name}\nVersion: {version}\nArchitecture: {}\nMaintainer: {maintainer}\nInstalled-Size: {}\nDepends: {}\n{recommends}\
         Section: net\nPriority: optional\nDescription: {summary}\n{long}",
        package.debian_architecture(),
        kibibytes(&package.files),
        needs.debian,
    )
}

/// Of each file, rounded up, as Debian's policy has it (5.6.20).
fn kibibytes(files: &Files) -> usize {
    files.values().map(|file| file.bytes.len().div_ceil(1024)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::tests::Stubs;
    use crate::packages::tests::both;
    use std::io::Read as _;

    /// What a package says of itself, and its files with their modes, as somebody else's library reads them.
    fn described(bytes: &[u8]) -> String {
        let mut text = String::new();
        let mut archive = ar::Archive::new(bytes);
        while let Some(member) = archive.next_entry() {
            let mut member = member.expect("a member");
            let name = String::from_utf8_lossy(member.header().identifier()).into_owned();
            let mut bytes = Vec::new();
            member.read_to_end(&mut bytes).expect("its bytes");
            if name == "debian-binary" {
                assert_eq!(bytes, b"2.0\n", "the version of the format");
                continue;
            }
            let mut unpacked = Vec::new();
            liblzma::read::XzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).expect("xz");
            for entry in tar::Archive::new(unpacked.as_slice()).entries().expect("entries") {
                let mut entry = entry.expect("an entry");
                let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
                assert_eq!(entry.header().username().expect("a name"), Some("root"), "{path} is root's");
                if path == "./control" {
                    entry.read_to_string(&mut text).expect("a text");
                } else if path.ends_with('/') {
                    assert_eq!(entry.header().mode().expect("a mode"), 0o755, "{path}");
                } else {
                    text.push_str(&format!("{:o} {path}\n", entry.header().mode().expect("a mode")));
                }
            }
        }
        text
    }

    #[test]
    fn packages_hold_what_they_should_and_run_nothing() {
        let stubs = Stubs::new();
        let packages = both(&stubs);
        let architecture = format!("Architecture: {}\n", packages[0].debian_architecture());
        let [command, window] = packages.map(|package| made(&package, 1_700_000_000).expect("a package"));
        let described = |bytes| described(bytes).replace(&architecture, "Architecture: this one\n");
        expect_test::expect![[r#"
            Package: calltrail
            Version: 1.2.3
            Architecture: this one
            Maintainer: A B <a@b.example>
            Installed-Size: 9
            Depends: libc6
            Section: net
            Priority: optional
            Description: keeps a team's Tencent RTC call history (command)
             Tencent RTC tells a server whenever a call starts, is answered, missed or ends, and whenever somebody enters or leaves a live room, and forgets it within seven days. Calltrail listens for these messages, keeps every one of them, and shows calls, rooms and people in a browser; it exports to spreadsheets.
             .
             This is the command, for servers and terminals. It needs no display, and works with the window of calltrail-desktop or without.
            755 ./usr/bin/calltrail
            644 ./usr/lib/systemd/user/calltrail.service
            644 ./usr/share/bash-completion/completions/calltrail
            644 ./usr/share/doc/calltrail/copyright
            644 ./usr/share/fish/vendor_completions.d/calltrail.fish
            644 ./usr/share/man/man1/calltrail-serve.1.gz
            644 ./usr/share/man/man1/calltrail.1.gz
            644 ./usr/share/zsh/vendor-completions/_calltrail
        "#]].assert_eq(&described(&command));
        expect_test::expect![[r#"
            Package: calltrail-desktop
            Version: 1.2.3
            Architecture: this one
            Maintainer: A B <a@b.example>
            Installed-Size: 15
            Depends: libc6, libgtk-3-0
            Recommends: libayatana-appindicator3-1
            Section: net
            Priority: optional
            Description: keeps a team's Tencent RTC call history (window)
             Tencent RTC tells a server whenever a call starts, is answered, missed or ends, and whenever somebody enters or leaves a live room, and forgets it within seven days. Calltrail listens for these messages, keeps every one of them, and shows calls, rooms and people in a browser; it exports to spreadsheets.
             .
             This is the window, which needs nothing else. The package calltrail has the command for terminals.
            755 ./usr/bin/calltrail-desktop
            644 ./usr/share/applications/calltrail-desktop.desktop
            644 ./usr/share/doc/calltrail-desktop/copyright
            644 ./usr/share/icons/hicolor/128x128/apps/calltrail-desktop.png
            644 ./usr/share/icons/hicolor/256x256/apps/calltrail-desktop.png
            644 ./usr/share/icons/hicolor/32x32/apps/calltrail-desktop.png
            644 ./usr/share/icons/hicolor/scalable/apps/calltrail-desktop.svg
            644 ./usr/share/metainfo/app.calltrail.Calltrail.metainfo.xml
        "#]].assert_eq(&described(&window));
        let [again, _] = both(&stubs).map(|package| made(&package, 1_700_000_000).expect("a package"));
        assert!(again == command, "the same files give the same bytes");
    }
}
