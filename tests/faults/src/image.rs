//! The files that a power cut leaves, and a place to put them.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use tempfile::TempDir;

/// The files that the next start finds, by their path below the recorded folder. The WAL index is not among them: it
/// describes what the old process knew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Image {
    /// Path to content.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Image {
    /// Writes the files into a folder, and removes what else is there.
    pub fn write_to(&self, folder: &Path) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { fs::remove_dir_all(&path)? } else { fs::remove_file(&path)? }
        }
        for (name, content) in &self.files {
            let path = folder.join(name);
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, content)?;
        }
        Ok(())
    }
}

/// A temporary folder in memory where the system has such a thing, else on disk.
pub fn room() -> io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir()
        && let Ok(folder) = tempfile::tempdir_in(memory)
    {
        return Ok(folder);
    }
    tempfile::tempdir()
}
