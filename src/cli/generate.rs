//! `generate`, which is for whoever makes packages: the man pages, the completions of shells and the unit of systemd, all from
//! the commands as they are.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;

use super::{Cli, Fault, service};

/// The shells that a package can bring something for.
const SHELLS: [Shell; 3] = [Shell::Bash, Shell::Fish, Shell::Zsh];

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The folder that man/, completions/ and systemd/ are made in
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Where the program will be once it is installed
    #[arg(long, value_name = "PATH", default_value = "/usr/bin/calltrail")]
    program: PathBuf,
}

pub(crate) fn run(options: &Options) -> Result<(), Fault> {
    man_pages(&made(&options.folder, "man")?)?;
    completions(&made(&options.folder, "completions")?)?;
    let unit = service::packaged_unit(&options.program)
        .ok_or_else(|| Fault::Usage("--program: a unit is text, and this path is none in UTF-8".to_owned()))?;
    fs::write(made(&options.folder, "systemd")?.join("calltrail.service"), unit)?;
    Ok(())
}

fn made(folder: &Path, name: &str) -> io::Result<PathBuf> {
    let folder = folder.join(name);
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// One page for each command: `calltrail.1`, `calltrail-app.1`, `calltrail-app-add.1`, ...
fn man_pages(folder: &Path) -> io::Result<()> {
    clap_mangen::generate_to(Cli::command(), folder)
}

fn completions(folder: &Path) -> io::Result<()> {
    for shell in SHELLS {
        clap_complete::generate_to(shell, &mut shown(), "calltrail", folder)?;
    }
    Ok(())
}

/// The commands that help shows; the completions would have the others too.
fn shown() -> Command {
    let whole = Cli::command();
    let subcommands: Vec<Command> = whole.get_subcommands().filter(|command| !command.is_hide_set()).cloned().collect();
    let alone = Command::new("calltrail").version(env!("CARGO_PKG_VERSION"));
    alone.args(whole.get_arguments().cloned()).subcommands(subcommands)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each command with its words, `calltrail app add` as `["calltrail", "app", "add"]`, and what those below it are called.
    fn commands(command: &Command, above: &[String], found: &mut Vec<(Vec<String>, Vec<String>)>) {
        let words = [above, &[command.get_name().to_owned()]].concat();
        let shown = || command.get_subcommands().filter(|below| !below.is_hide_set());
        found.push((words.clone(), shown().map(|below| below.get_name().to_owned()).collect()));
        shown().for_each(|below| commands(below, &words, found));
    }

    #[test]
    fn man_pages_and_completions_name_every_command() {
        let home = tempfile::tempdir().expect("a folder");
        run(&Options { folder: home.path().to_owned(), program: "/usr/bin/calltrail".into() }).expect("they are made");
        let read =
            |path: &str| fs::read_to_string(home.path().join(path)).unwrap_or_else(|why| panic!("{path}: {why}"));
        let mut all = Vec::new();
        commands(&Cli::command(), &[], &mut all);
        assert!(all.len() > 40, "the commands are found: {}", all.len());
        let completions =
            ["calltrail.bash", "calltrail.fish", "_calltrail"].map(|name| read(&format!("completions/{name}")));
        for (words, below) in &all {
            // A hyphen that is no line's end is escaped in a man page.
            let page = read(&format!("man/{}.1", words.join("-"))).replace("\\-", "-");
            for name in below {
                assert!(page.contains(&format!("{}-{name}(1)", words.join("-"))), "the page of {words:?} names {name}");
                for (shell, text) in ["bash", "fish", "zsh"].iter().zip(&completions) {
                    assert!(text.contains(name.as_str()), "{shell} completes {words:?} with {name}");
                }
            }
        }
        let made = fs::read_dir(home.path().join("man")).expect("the pages").count();
        assert_eq!(made, all.len(), "there are no pages of what is not shown");
        assert!(
            !completions.iter().any(|text| text.contains("--program")),
            "what is for packages is completed nowhere"
        );
        assert!(
            read("systemd/calltrail.service").contains("\nExecStart=:\"/usr/bin/calltrail\" \"serve\"\n"),
            "the unit starts the installed program on the folder of whoever enables it"
        );
    }
}
