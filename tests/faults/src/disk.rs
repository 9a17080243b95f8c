//! What is on the disk at one moment: what is durable, and what may or may not have reached it.

use std::collections::BTreeMap;

use rand::Rng;

use crate::image::Image;
use crate::tape::{Device, Entry, FileId};

/// Bytes that a device writes as one.
const SECTOR: usize = 512;

/// What becomes of that which was not durable when the power went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// All of it is gone.
    Nothing,
    /// All of it is there.
    Everything,
    /// Each write, cut, new and removed name for itself: a coin decides.
    Half,
    /// As `Half`, and of half of the writes each sector is new, old or garbage.
    Torn,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Nothing, Self::Everything, Self::Half, Self::Torn];
}

/// One file: what is durable, and the writes and cuts since its last sync.
#[derive(Debug, Default)]
struct Content<'t> {
    durable: Vec<u8>,
    pending: Vec<&'t Entry>,
}

/// The files of a tape, played up to some point.
#[derive(Debug, Default)]
pub struct Disk<'t> {
    device: Device,
    contents: BTreeMap<FileId, Content<'t>>,
    names: BTreeMap<&'t str, FileId>,
    /// Names that were made and removed since the last sync of whatever file, which writes them too.
    pending_names: Vec<&'t Entry>,
}

impl<'t> Disk<'t> {
    /// A device without a file.
    pub fn of(device: Device) -> Self {
        Self { device, ..Self::default() }
    }

    /// Plays one event. The dice decide what a sync that failed has written.
    pub fn play(&mut self, entry: &'t Entry, dice: &mut impl Rng) {
        match entry {
            Entry::Found { file, name, content } => {
                self.contents.insert(*file, Content { durable: content.clone(), pending: Vec::new() });
                self.names.insert(name, *file);
            }
            Entry::Create { file, .. } => {
                self.contents.entry(*file).or_default();
                self.pending_names.push(entry);
            }
            Entry::Delete { synced, .. } => {
                self.pending_names.push(entry);
                if *synced {
                    self.settle_names();
                }
            }
            Entry::Write { file, .. } | Entry::Truncate { file, .. } => {
                self.contents.entry(*file).or_default().pending.push(entry);
            }
            Entry::Sync { file } => {
                self.settle(*file, || true);
                self.settle_names();
            }
            Entry::SyncFailed { file } => self.settle(*file, || dice.random()),
            Entry::Ack(_) => {}
        }
    }

    fn settle(&mut self, file: FileId, mut kept: impl FnMut() -> bool) {
        let content = self.contents.entry(file).or_default();
        for entry in content.pending.drain(..) {
            if kept() {
                apply(&mut content.durable, entry);
            }
        }
    }

    fn settle_names(&mut self) {
        for entry in self.pending_names.drain(..) {
            rename(&mut self.names, entry);
        }
        // What nobody can find any more needs no memory.
        let Self { names, contents, .. } = self;
        contents.retain(|file, _| names.values().any(|named| named == file));
    }

    /// The files as the next start finds them when the power goes now.
    pub fn image(&self, mode: Mode, dice: &mut impl Rng) -> Image {
        let kept = |dice: &mut _| match mode {
            Mode::Nothing => false,
            Mode::Everything => true,
            Mode::Half | Mode::Torn => Rng::random(dice),
        };
        let mut names = self.names.clone();
        for entry in &self.pending_names {
            if kept(dice) {
                rename(&mut names, entry);
            }
        }
        let mut image = Image::default();
        for (name, file) in names {
            let Some(content) = self.contents.get(&file) else { continue };
            let mut bytes = content.durable.clone();
            for entry in &content.pending {
                if !kept(dice) {
                    continue;
                }
                match entry {
                    Entry::Write { offset, bytes: written, .. } if mode == Mode::Torn && dice.random() => {
                        tear(&mut bytes, *offset, written, self.device, dice);
                    }
                    entry => apply(&mut bytes, entry),
                }
            }
            image.files.insert(name.to_owned(), bytes);
        }
        image
    }
}

fn rename<'t>(names: &mut BTreeMap<&'t str, FileId>, entry: &'t Entry) {
    match entry {
        Entry::Create { file, name } => {
            names.insert(name, *file);
        }
        Entry::Delete { name, .. } => {
            names.remove(name.as_str());
        }
        _ => {}
    }
}

fn apply(content: &mut Vec<u8>, entry: &Entry) {
    match entry {
        Entry::Write { offset, bytes, .. } => put(content, *offset, bytes),
        Entry::Truncate { size, .. } => content.resize(*size, 0),
        _ => {}
    }
}

fn put(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    if let Some(place) = content.get_mut(offset..end) {
        place.copy_from_slice(bytes);
    }
}

/// Writes some sectors of a write, leaves some as they were and fills some with garbage. On a bare device a garbled sector is
/// garbled as a whole, also where the write did not touch it.
fn tear(content: &mut Vec<u8>, offset: usize, bytes: &[u8], device: Device, dice: &mut impl Rng) {
    let end = offset + bytes.len();
    let mut at = offset;
    while at < end {
        let next = ((at / SECTOR + 1) * SECTOR).min(end);
        match dice.random_range(0..4) {
            0 => {}
            1 => {
                let mut garbage = [0_u8; SECTOR];
                dice.fill(&mut garbage[..]);
                let (begin, until) = match device {
                    Device::Bare => {
                        let begin = at / SECTOR * SECTOR;
                        (begin, (begin + SECTOR).min(content.len().max(next)))
                    }
                    Device::PowerSafe => (at, next),
                };
                put(content, begin, garbage.get(..until - begin).unwrap_or_default());
            }
            _ => put(content, at, bytes.get(at - offset..next - offset).unwrap_or_default()),
        }
        at = next;
    }
}
