//! The data folder, and the identity that the running app gets from it.

use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The app's identity on this desktop, as in `tauri.conf.json`.
pub(crate) const IDENTIFIER: &str = "app.calltrail.desktop";

/// The data folder of this run, made if it is new, without links or `..`, so that two ways of writing it are one folder.
pub(crate) fn choose(wanted: Option<PathBuf>) -> Result<PathBuf, String> {
    let folder = match wanted {
        Some(folder) => folder,
        None => calltrail::config::default_data_dir().map_err(|why| why.to_string())?,
    };
    make_private(&folder).and_then(|()| folder.canonicalize()).map_err(|why| {
        format!("the data folder {} cannot be used: {why}. Choose another with --data-dir.", folder.display())
    })
}

/// Only the owner may look into it (mode 0700); a folder that exists keeps its mode.
fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// One identity per data folder: a second start on the same folder finds the first, and two folders can be open at once.
///
/// The identity becomes a D-Bus name on Linux, a mutex on Windows and a socket on macOS; a part of such a name may not
/// begin with a digit.
pub(crate) fn identity(folder: &Path) -> String {
    let digest = Sha256::digest(folder.as_os_str().as_encoded_bytes());
    let short: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    format!("{IDENTIFIER}.folder{short}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_folder_has_its_own_identity() {
        let here = identity(Path::new("/data/one"));
        assert_eq!(here, identity(Path::new("/data/one")), "the same folder is found again");
        assert_ne!(here, identity(Path::new("/data/two")), "another folder can be open at the same time");
    }

    #[test]
    fn two_ways_to_write_a_folder_are_one_folder() {
        let parent = std::env::temp_dir().join(format!("calltrail-folder-{}", std::process::id()));
        let plain = choose(Some(parent.join("record"))).unwrap();
        let roundabout = choose(Some(parent.join("record/../record/."))).unwrap();
        std::fs::remove_dir_all(&parent).unwrap();
        assert_eq!(plain, roundabout, "otherwise a second start would not find the first");
    }

    #[test]
    fn the_configured_identifier_is_the_same() {
        let config: serde_json::Value = serde_json::from_str(include_str!("../tauri.conf.json")).unwrap();
        assert_eq!(config["identifier"], IDENTIFIER, "the bundle and the running app are one app");
    }
}
