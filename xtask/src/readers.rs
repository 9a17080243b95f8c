//! `cargo xtask readers`: exports of nasty data, read back by programs that we did not write.

use crate::command::{Outcome, cargo, must, program, root};
use crate::{packages, python};
use std::process::Command;

/// openpyxl, pandas, DuckDB, pyarrow and LibreOffice find in each file what the record has.
pub(crate) fn readers() -> Outcome {
    packages::set_up(packages::For::Testing)?;
    must(cargo().args(["build", "--workspace", "--locked", "--bins"]))?;
    let folder = root().join("tests/readers");
    let bin = python::programs(&folder.join("requirements.txt"), &root().join(".xtask/readers/python"))?;
    must(Command::new(bin.join("python")).arg(folder.join("read_back.py")).arg(program("calltrail")?))
}
