//! A package of Fedora, openSUSE and their like. Like the one of Debian it has no scripts.

use crate::Outcome;
use crate::packages::Package;
use crate::tarball::LEVEL;
use ::rpm::{BuildConfig, CompressionWithLevel, Dependency, FileOptions, PackageBuilder};

/// The package's bytes.
pub(crate) fn made(package: &Package, date: u32) -> Outcome<Vec<u8>> {
    built(package, date).map_err(|why| format!("{}: {why}", package.name))
}

fn built(package: &Package, date: u32) -> Result<Vec<u8>, ::rpm::Error> {
    // As its own architecture is called by both.
    let architecture = std::env::consts::ARCH;
    let mut builder = PackageBuilder::new(package.name, package.version, LICENCE, architecture, package.summary);
    builder
        // Nothing of the machine that packs: without a host, and at a time that is given.
        .using_config(BuildConfig::v4().compression(CompressionWithLevel::Xz(LEVEL)).source_date(date))
        .build_host("localhost")
        .description(package.description.join("\n\n"))
        .packager(package.maintainer);
    for need in &package.needs.rpm {
        builder.requires(Dependency::any(need));
    }
    if let Some(recommends) = package.recommends {
        builder.recommends(Dependency::any(recommends.rpm));
    }
    for (path, file) in &package.files {
        let options = FileOptions::new(place(path)).permissions(file.mode()).user("root").group("root");
        let options = if path.starts_with("usr/share/doc/") { options.doc() } else { options };
        builder.with_file_contents(file.bytes.clone(), options)?;
    }
    let mut bytes = Vec::new();
    builder.build()?.write(&mut bytes)?;
    Ok(bytes)
}

/// Where a file lies: zsh looks elsewhere than on Debian.
fn place(path: &str) -> String {
    format!("/{}", path.replace("zsh/vendor-completions/", "zsh/site-functions/"))
}

const LICENCE: &str = "MIT OR Apache-2.0";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contents::tests::Stubs;
    use crate::packages::tests::both;

    #[test]
    fn packages_hold_the_same_files_as_debians_and_run_nothing() {
        let stubs = Stubs::new();
        for package in both(&stubs) {
            let bytes = made(&package, 1_700_000_000).expect("a package");
            assert!(made(&package, 1_700_000_000).expect("a package") == bytes, "the same files give the same bytes");
            let read = ::rpm::Package::parse(&mut bytes.as_slice()).expect("it is read");
            let metadata = &read.metadata;
            let paths = metadata.get_file_paths().expect("paths");
            let want: Vec<_> = package.files.keys().map(|path| std::path::PathBuf::from(place(path))).collect();
            assert_eq!(paths, want, "{}", package.name);
            let needs = metadata.get_requires().expect("needs");
            for need in &package.needs.rpm {
                assert!(needs.iter().any(|known| known.name == *need), "{} needs {need}", package.name);
            }
            let scripts = [
                metadata.get_pre_install_script(),
                metadata.get_post_install_script(),
                metadata.get_pre_uninstall_script(),
                metadata.get_post_uninstall_script(),
            ];
            assert!(scripts.iter().all(Result::is_err), "{} has no scripts", package.name);
        }
    }
}
