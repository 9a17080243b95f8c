//! Standard output and standard error. A reader that goes away early (`| head`) is no error.

use std::io::{self, Write as _};

use super::Fault;

/// Prints text that ends with a line end on standard output.
pub(crate) fn print(text: &str) -> Result<(), Fault> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

/// Says on standard error what did not work.
pub(crate) fn complain(text: &str) {
    // Where nobody listens to complaints, there is nobody to tell that to.
    let _ = writeln!(io::stderr().lock(), "calltrail: {text}");
}

/// `1 call`, `2 calls`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
