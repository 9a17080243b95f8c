//! A VFS under SQLite's default one: its copy under another name, with its own way to open and to delete.
#![expect(unsafe_code, reason = "a VFS is a C structure of C functions")]

use std::ffi::{CStr, CString, c_char, c_int};
use std::io;
use std::path::Path;
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::ffi::{self, sqlite3_file, sqlite3_vfs};

use super::file;
use crate::watch::Watch;

/// Numbers the names.
static NEXT: AtomicU64 = AtomicU64::new(1);

/// What the C functions find through `pAppData`.
pub(super) struct Beneath {
    pub(super) watch: Watch,
    pub(super) real: NonNull<sqlite3_vfs>,
}

/// A registration. SQLite keeps pointers to a VFS in open connections, so its memory is never given back; what remains
/// after the drop is some hundred bytes.
pub(super) struct Registered {
    vfs: NonNull<sqlite3_vfs>,
    beneath: &'static Beneath,
    name: String,
}

// SAFETY: the structures behind the pointers live as long as the process and are not written after their registration,
// apart from `pNext`, which SQLite guards with a mutex of its own; `Watch` guards itself.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

impl Registered {
    pub(super) fn new(watch: Watch) -> io::Result<Self> {
        let name = format!("faults-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let c_name = CString::new(name.as_str()).map_err(io::Error::other)?;
        // SAFETY: a null name asks for the default VFS; SQLite initialises itself first.
        let real = NonNull::new(unsafe { ffi::sqlite3_vfs_find(ptr::null()) })
            .ok_or_else(|| io::Error::other("SQLite has no default VFS"))?;
        let beneath: &'static Beneath = Box::leak(Box::new(Beneath { watch, real }));
        // SAFETY: a registered VFS stays valid, and its fields other than `pNext` do not change.
        let mut vfs = unsafe { *real.as_ptr() };
        vfs.szOsFile =
            vfs.szOsFile.checked_add(file::HEADER).ok_or_else(|| io::Error::other("the file is too large"))?;
        vfs.pNext = ptr::null_mut();
        vfs.zName = c_name.into_raw().cast_const();
        vfs.pAppData = ptr::from_ref(beneath).cast_mut().cast();
        vfs.xOpen = Some(open);
        vfs.xDelete = Some(delete);
        let vfs = NonNull::from(Box::leak(Box::new(vfs)));
        // SAFETY: the structure is complete and lives as long as the process.
        let code = unsafe { ffi::sqlite3_vfs_register(vfs.as_ptr(), 0) };
        if code != ffi::SQLITE_OK {
            return Err(io::Error::other(format!("SQLite refused the VFS with code {code}")));
        }
        Ok(Self { vfs, beneath, name })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn watch(&self) -> &Watch {
        &self.beneath.watch
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // SAFETY: it was registered. Connections that are still open keep using it, which its memory outlives.
        unsafe { ffi::sqlite3_vfs_unregister(self.vfs.as_ptr()) };
        // The tape may be large.
        drop(self.beneath.watch.take_tape());
    }
}

/// The path that SQLite hands over; none for a temporary file.
///
/// # Safety
/// `name` is null or ends with a zero byte and lives as long as the call.
unsafe fn path_of(name: *const c_char) -> Option<String> {
    if name.is_null() {
        return None;
    }
    // SAFETY: as this function asks.
    Some(unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned())
}

/// `xOpen`: the real file lies behind our header in the memory that SQLite gave.
unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: ffi::sqlite3_filename,
    given: *mut sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes the VFS that was registered above; its `pAppData` is a leaked `Beneath`.
    let beneath = unsafe { &*(*vfs).pAppData.cast::<Beneath>() };
    // SAFETY: SQLite passes a name that ends with a zero byte, or null.
    let path = unsafe { path_of(name) };
    // SAFETY: `given` has `szOsFile` bytes: our header and the real file behind it.
    let real = unsafe { file::prepare(given) };
    let real_open = || {
        // SAFETY: the default VFS is registered and has `xOpen`; it gets the memory that it asked for.
        unsafe {
            match (*beneath.real.as_ptr()).xOpen {
                Some(open) => open(beneath.real.as_ptr(), name, real, flags, out_flags),
                None => ffi::SQLITE_CANTOPEN,
            }
        }
    };
    // SAFETY: called only after the real open succeeded.
    let content = || unsafe { file::content(real) };
    let (code, id) = beneath.watch.open(path.as_deref().map(Path::new), real_open, content);
    // SAFETY: `given` was prepared; on failure SQLite must find no methods, and the real file may want to be closed.
    unsafe { file::finish(given, code == ffi::SQLITE_OK, &beneath.watch, id) };
    code
}

/// `xDelete`.
unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, sync_folder: c_int) -> c_int {
    // SAFETY: as in `open`.
    let beneath = unsafe { &*(*vfs).pAppData.cast::<Beneath>() };
    // SAFETY: as in `open`.
    let path = unsafe { path_of(name) };
    let real_delete = || {
        // SAFETY: the default VFS is registered and has `xDelete`. It need not sync the folder: nothing is synced here.
        unsafe {
            match (*beneath.real.as_ptr()).xDelete {
                Some(delete) => delete(beneath.real.as_ptr(), name, 0),
                None => ffi::SQLITE_IOERR_DELETE,
            }
        }
    };
    beneath.watch.delete(path.as_deref().map(Path::new), sync_folder != 0, real_delete)
}
