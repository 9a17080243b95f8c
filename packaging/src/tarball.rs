//! Archives of files: the same files give the same bytes, whoever packs them, when and where.

use crate::Outcome;
use crate::contents::{self, File, Files, Parts};
use liblzma::write::XzEncoder;
use std::collections::BTreeSet;
use std::io::{self, Write as _};
use tar::{Builder, EntryType, Header};

/// As Debian's own packages are packed: more costs memory when it is unpacked, and saves little.
pub(crate) const LEVEL: u32 = 6;

/// The command with its unit, manual pages and completions, for systems that have another kind of package or none.
pub(crate) fn of_command(parts: &Parts, architecture: &str, date: u32) -> Outcome<Vec<u8>> {
    let name = format!("calltrail-{}-linux-{architecture}", parts.version);
    let readme = include_str!("../assets/tarball.txt");
    let readme = readme.replace("@VERSION@", parts.version).replace("@ARCH@", architecture);
    let mut files = Files::new();
    files.insert("README".to_owned(), File::text(readme));
    files.insert("calltrail".to_owned(), File::program(contents::read(&parts.programs.join("calltrail"))?));
    files.insert("calltrail.service".to_owned(), contents::unit(parts)?);
    for licence in ["LICENSE", "LICENSE-APACHE", "LICENSE-MIT"] {
        files.insert(licence.to_owned(), File::text(contents::read(&parts.root.join(licence))?));
    }
    files.extend(contents::man_pages(parts)?.into_iter().map(|(page, file)| (format!("man/{page}"), file)));
    files.extend(contents::completions(parts)?.into_iter().map(|(page, file)| (format!("completions/{page}"), file)));
    let files = files.into_iter().map(|(path, file)| (format!("{name}/{path}"), file)).collect();
    packed(&files, "", date)
}

/// A tar archive, packed with xz: folders before what is in them, in the order of their paths, all of it root's. `prefix` is
/// put before each path.
pub(crate) fn packed(files: &Files, prefix: &str, date: u32) -> Outcome<Vec<u8>> {
    let mut archive = Builder::new(Vec::new());
    write(&mut archive, files, prefix, date).map_err(|why| format!("an archive: {why}"))?;
    let bytes = archive.into_inner().map_err(|why| format!("an archive: {why}"))?;
    let mut packed = XzEncoder::new(Vec::new(), LEVEL);
    packed.write_all(&bytes).and_then(|()| packed.finish()).map_err(|why| format!("xz: {why}"))
}

fn write(archive: &mut Builder<Vec<u8>>, files: &Files, prefix: &str, date: u32) -> io::Result<()> {
    let mut told = BTreeSet::new();
    if !prefix.is_empty() {
        archive.append(&header(prefix, EntryType::Directory, 0o755, 0, date)?, io::empty())?;
    }
    for (path, file) in files {
        for folder in folders(path) {
            if told.insert(folder) {
                let name = format!("{prefix}{folder}/");
                archive.append(&header(&name, EntryType::Directory, 0o755, 0, date)?, io::empty())?;
            }
        }
        let size = u64::try_from(file.bytes.len()).map_err(io::Error::other)?;
        let name = format!("{prefix}{path}");
        archive.append(&header(&name, EntryType::Regular, file.mode(), size, date)?, file.bytes.as_slice())?;
    }
    Ok(())
}

/// `a`, `a/b` of `a/b/c`.
pub(crate) fn folders(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(..at))
}

fn header(name: &str, kind: EntryType, mode: u16, size: u64, date: u32) -> io::Result<Header> {
    let mut header = Header::new_gnu();
    // As it is spelt: what the library makes of a path would take the `./` away that Debian's packages begin with.
    let field = &mut header.as_old_mut().name;
    let place = field.get_mut(..name.len()).filter(|place| place.len() < 100);
    place.ok_or_else(|| io::Error::other(format!("{name} is too long a path")))?.copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_mode(u32::from(mode));
    header.set_size(size);
    header.set_mtime(u64::from(date));
    header.set_uid(0);
    header.set_gid(0);
    header.set_username("root")?;
    header.set_groupname("root")?;
    header.set_cksum();
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::tests::Stubs;
    use std::io::Read as _;

    #[test]
    fn the_commands_archive_has_what_a_server_needs_and_nothing_else() {
        let stubs = Stubs::new();
        let bytes = of_command(&stubs.parts(), "x86_64", 1_700_000_000).expect("an archive");
        let mut unpacked = Vec::new();
        liblzma::read::XzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked).expect("xz");
        let mut listed = String::new();
        for entry in tar::Archive::new(unpacked.as_slice()).entries().expect("entries") {
            let entry = entry.expect("an entry");
            let header = entry.header();
            assert_eq!((header.uid().expect("a number"), header.mtime().expect("a time")), (0, 1_700_000_000), "fixed");
            let (mode, path) =
                (header.mode().expect("a mode"), String::from_utf8_lossy(&entry.path_bytes()).into_owned());
            listed.push_str(&format!("{mode:o} {path}\n"));
        }
        expect_test::expect![[r#"
            755 calltrail-1.2.3-linux-x86_64/
            644 calltrail-1.2.3-linux-x86_64/LICENSE
            644 calltrail-1.2.3-linux-x86_64/LICENSE-APACHE
            644 calltrail-1.2.3-linux-x86_64/LICENSE-MIT
            644 calltrail-1.2.3-linux-x86_64/README
            755 calltrail-1.2.3-linux-x86_64/calltrail
            644 calltrail-1.2.3-linux-x86_64/calltrail.service
            755 calltrail-1.2.3-linux-x86_64/completions/
            644 calltrail-1.2.3-linux-x86_64/completions/_calltrail
            644 calltrail-1.2.3-linux-x86_64/completions/calltrail.bash
            644 calltrail-1.2.3-linux-x86_64/completions/calltrail.fish
            755 calltrail-1.2.3-linux-x86_64/man/
            644 calltrail-1.2.3-linux-x86_64/man/calltrail-serve.1.gz
            644 calltrail-1.2.3-linux-x86_64/man/calltrail.1.gz
        "#]]
        .assert_eq(&listed);
    }
}
