//! An open file: our header, and behind it the file of the real VFS, to which every method goes in the end.
#![expect(unsafe_code, reason = "a VFS is a C structure of C functions")]

use std::ffi::{c_int, c_void};
use std::mem::size_of;
use std::ptr;

use rusqlite::ffi::{self, sqlite3_file, sqlite3_int64, sqlite3_io_methods};

use crate::tape::{Device, FileId};
use crate::watch::Watch;

/// The size of our header in bytes; a multiple of 8, so that the real file behind it is aligned as SQLite aligned ours.
pub(super) const HEADER: c_int = 64;
const HEADER_BYTES: usize = 64;

#[repr(C)]
struct Header {
    base: sqlite3_file,
    watch: &'static Watch,
    id: Option<FileId>,
}

const _: () = assert!(size_of::<Header>() <= HEADER_BYTES, "the header has room");

/// Version 2: the WAL index is there, memory-mapped reading is not.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(device_characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The real file behind our header.
///
/// # Safety
/// `file` has `szOsFile` bytes as registered.
unsafe fn real_of(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: as this function asks; the header takes the first `HEADER` bytes.
    unsafe { file.cast::<u8>().add(HEADER_BYTES).cast() }
}

/// Our header.
///
/// # Safety
/// `file` was opened by this VFS and is not closed yet.
unsafe fn header_of<'a>(file: *mut sqlite3_file) -> &'a Header {
    // SAFETY: as this function asks; `finish` wrote the header.
    unsafe { &*file.cast::<Header>() }
}

/// The methods of the real file.
///
/// # Safety
/// `real` is an open file of the real VFS.
unsafe fn methods_of<'a>(real: *mut sqlite3_file) -> &'a sqlite3_io_methods {
    // SAFETY: as this function asks; an open file has methods.
    unsafe { &*(*real).pMethods }
}

/// Marks both files as not open; answers the real one.
///
/// # Safety
/// `file` has `szOsFile` writable bytes.
pub(super) unsafe fn prepare(file: *mut sqlite3_file) -> *mut sqlite3_file {
    // SAFETY: as this function asks.
    unsafe {
        (*file).pMethods = ptr::null();
        let real = real_of(file);
        (*real).pMethods = ptr::null();
        real
    }
}

/// Writes the header of a file that was opened; closes the real file of one that was not, where it wants that.
///
/// # Safety
/// `file` was prepared, and `opened` says whether the real file is open and the whole call succeeds.
pub(super) unsafe fn finish(file: *mut sqlite3_file, opened: bool, watch: &'static Watch, id: Option<FileId>) {
    // SAFETY: as this function asks.
    unsafe {
        if opened {
            file.cast::<Header>().write(Header { base: sqlite3_file { pMethods: &raw const METHODS }, watch, id });
            return;
        }
        let real = real_of(file);
        if let Some(close) = (*real).pMethods.as_ref().and_then(|methods| methods.xClose) {
            close(real);
        }
    }
}

/// What a real file holds. Empty when it cannot be read.
///
/// # Safety
/// `real` is an open file of the real VFS.
pub(super) unsafe fn content(real: *mut sqlite3_file) -> Vec<u8> {
    let mut size: sqlite3_int64 = 0;
    // SAFETY: as this function asks. Reading through the file itself leaves its locks alone, which another descriptor
    // would not.
    unsafe {
        let methods = methods_of(real);
        let (Some(file_size), Some(read)) = (methods.xFileSize, methods.xRead) else { return Vec::new() };
        if file_size(real, &raw mut size) != ffi::SQLITE_OK {
            return Vec::new();
        }
        let (Ok(length), Ok(amount)) = (usize::try_from(size), c_int::try_from(size)) else { return Vec::new() };
        let mut content = vec![0; length];
        if read(real, content.as_mut_ptr().cast(), amount, 0) == ffi::SQLITE_OK { content } else { Vec::new() }
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes only what it opened, once.
    unsafe {
        let real = real_of(file);
        let code = methods_of(real).xClose.map_or(ffi::SQLITE_OK, |close| close(real));
        (*file).pMethods = ptr::null();
        code
    }
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    bytes: *const c_void,
    amount: c_int,
    offset: sqlite3_int64,
) -> c_int {
    let (Ok(length), Ok(begin)) = (usize::try_from(amount), usize::try_from(offset)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: SQLite passes an open file and `amount` readable bytes.
    unsafe {
        let (header, real) = (header_of(file), real_of(file));
        let bytes = std::slice::from_raw_parts(bytes.cast::<u8>(), length);
        header.watch.write(header.id, begin, bytes, |bytes| {
            let Ok(amount) = c_int::try_from(bytes.len()) else { return ffi::SQLITE_IOERR_WRITE };
            methods_of(real)
                .xWrite
                .map_or(ffi::SQLITE_IOERR_WRITE, |write| write(real, bytes.as_ptr().cast(), amount, offset))
        })
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    let Ok(length) = usize::try_from(size) else { return ffi::SQLITE_IOERR_TRUNCATE };
    // SAFETY: SQLite passes an open file.
    unsafe {
        let (header, real) = (header_of(file), real_of(file));
        header.watch.truncate(header.id, length, || {
            methods_of(real).xTruncate.map_or(ffi::SQLITE_IOERR_TRUNCATE, |truncate| truncate(real, size))
        })
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: SQLite passes an open file.
    let header = unsafe { header_of(file) };
    header.watch.sync(header.id)
}

unsafe extern "C" fn file_control(file: *mut sqlite3_file, what: c_int, argument: *mut c_void) -> c_int {
    if what == ffi::SQLITE_FCNTL_MMAP_SIZE {
        return ffi::SQLITE_NOTFOUND;
    }
    // SAFETY: SQLite passes an open file; the argument is between it and the real VFS.
    unsafe {
        let real = real_of(file);
        methods_of(real).xFileControl.map_or(ffi::SQLITE_NOTFOUND, |control| control(real, what, argument))
    }
}

unsafe extern "C" fn device_characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite passes an open file.
    match unsafe { header_of(file) }.watch.device() {
        Device::Bare => 0,
        Device::PowerSafe => ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE,
    }
}

unsafe extern "C" fn shm_barrier(file: *mut sqlite3_file) {
    // SAFETY: SQLite passes an open file.
    unsafe {
        let real = real_of(file);
        if let Some(barrier) = methods_of(real).xShmBarrier {
            barrier(real);
        }
    }
}

/// Methods that only go through to the real file.
macro_rules! forward {
    ($($name:ident: $method:ident($($argument:ident: $type:ty),*), else $otherwise:expr;)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $type)*) -> c_int {
            // SAFETY: SQLite passes an open file and what the method of the real one asks for.
            unsafe {
                let real = real_of(file);
                methods_of(real).$method.map_or($otherwise, |method| method(real $(, $argument)*))
            }
        }
    )*};
}

forward! {
    read: xRead(into: *mut c_void, amount: c_int, offset: sqlite3_int64), else ffi::SQLITE_IOERR_READ;
    file_size: xFileSize(size: *mut sqlite3_int64), else ffi::SQLITE_IOERR_FSTAT;
    lock: xLock(level: c_int), else ffi::SQLITE_IOERR_LOCK;
    unlock: xUnlock(level: c_int), else ffi::SQLITE_IOERR_UNLOCK;
    check_reserved_lock: xCheckReservedLock(found: *mut c_int), else ffi::SQLITE_IOERR_CHECKRESERVEDLOCK;
    sector_size: xSectorSize(), else 4096;
    shm_map: xShmMap(page: c_int, size: c_int, extend: c_int, at: *mut *mut c_void), else ffi::SQLITE_IOERR_SHMMAP;
    shm_lock: xShmLock(offset: c_int, n: c_int, flags: c_int), else ffi::SQLITE_IOERR_SHMLOCK;
    shm_unmap: xShmUnmap(remove: c_int), else ffi::SQLITE_OK;
}
