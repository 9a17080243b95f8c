//! The data folder: is it there, and can only its owner look into it?

use std::{fs, io, path::Path};

use super::Finding;

const WHAT: &str = "data folder";

pub(super) fn exists(folder: &Path) -> Finding {
    match fs::metadata(folder) {
        Ok(metadata) if metadata.is_dir() => Finding::good(WHAT, "is there"),
        Ok(_) => Finding::bad(WHAT, "is a file, not a folder; name another one with --data-dir"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Finding::note(WHAT, "is not there yet; the first start makes it")
        }
        Err(error) => Finding::bad(WHAT, format!("cannot be looked into: {error}")),
    }
}

/// The names of what others can read or write, if anything.
#[cfg(unix)]
pub(super) fn is_private(folder: &Path) -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt as _;
    let entries = fs::read_dir(folder).ok()?;
    let open = |path: &Path| fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0);
    if !open(folder) {
        return Some(Finding::good("permissions", "only its owner can look into the data folder"));
    }
    let mut names: Vec<String> = entries
        .flatten()
        .filter(|entry| open(&entry.path()))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    Some(if names.is_empty() {
        Finding::note(
            "permissions",
            "others can list the data folder, and cannot read what is in it; chmod 700 closes it",
        )
    } else {
        Finding::bad(
            "permissions",
            format!("other users can reach {}; chmod 700 on the data folder keeps them out", names.join(", ")),
        )
    })
}

/// Windows and others: the user's own folder is private by the system's rules.
#[cfg(not(unix))]
pub(super) fn is_private(_folder: &Path) -> Option<Finding> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::cli::doctor::Mark;

    #[test]
    fn what_others_can_read_is_named() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("calltrail.db");
        let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        fs::write(&file, "").expect("a file");
        for (folder_mode, file_mode, want) in [
            (0o700, 0o644, Mark::Good), // nobody gets past the folder
            (0o755, 0o600, Mark::Note),
            (0o755, 0o644, Mark::Bad),
        ] {
            set(folder.path(), folder_mode);
            set(&file, file_mode);
            let finding = is_private(folder.path()).expect("there is a folder to look at");
            assert_eq!(finding.mark, want, "folder {folder_mode:o}, file {file_mode:o}: {finding}");
        }
        set(&file, 0o640);
        let says = is_private(folder.path()).expect("there is a folder").says;
        assert!(says.contains("calltrail.db"), "the file is named: {says}");
    }
}
