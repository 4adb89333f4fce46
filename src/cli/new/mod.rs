//! `toolcard new`: a catalogue to begin with.

use std::io;
use std::path::{Path, PathBuf};

use toolcard::catalog::{MANIFEST, lock};
use toolcard::review::record::record;

use super::Exit;
use super::term::Terminal;

/// Arguments of `toolcard new`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The folder, which need not be there yet
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Every file: path below the folder, text.
const FILES: &[(&str, &str)] = &[
    ("toolcard.toml", include_str!("toolcard.toml")),
    ("catalog/example-server/manifest.json", include_str!("manifest.json")),
    (".github/workflows/labels.yml", include_str!("labels.yml")),
    (".gitignore", "/dist\n/.toolcard\n"),
    ("README.md", include_str!("README.md")),
];

/// What stands in the files where the address of the source belongs.
const REPOSITORY: &str = "{{repository}}";

/// Writes the files, and the example with the lock of its labels where no catalogue is there; nothing where one of the files
/// is there.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let catalog = args.dir.join("catalog");
    // What somebody has is not reviewed by writing a lock of it.
    let begins = !catalog.exists();
    let files = || FILES.iter().filter(|(name, _)| begins || !name.starts_with("catalog/"));
    if is_catalogue(&args.dir) {
        let help = "choose the folder that it lies in: there nothing of it is changed";
        term.error(&format!("`{}` is a catalogue itself", args.dir.display()), Some(help));
        return Ok(Exit::Usage);
    }
    let there = files().map(|(name, _)| args.dir.join(name)).find(|path| path.exists());
    if let Some(path) = there {
        term.error(&format!("`{}` is there already", path.display()), Some("choose a folder that is new or empty"));
        return Ok(Exit::Usage);
    }
    for (name, text) in files() {
        let path = args.dir.join(name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, text.replace(REPOSITORY, env!("CARGO_PKG_REPOSITORY")))?;
    }
    let dir = args.dir.display();
    if !begins {
        term.say(&format!(
            "{dir} has a catalogue already: nothing in it is changed; look at its labels, then run toolcard lock"
        ));
        return Ok(Exit::Done);
    }
    // The workflow asks for the lock: with it the first push is green.
    match record(&catalog, None) {
        Ok(recorded) => term.diagnostics(&recorded.diagnostics),
        Err(wrong) => {
            term.diagnostics(&wrong);
            return Ok(Exit::Usage);
        }
    };
    term.say(&format!("{dir} holds a catalogue with an example server; now: cd {dir}, then toolcard build"));
    Ok(Exit::Done)
}

/// Whether manifests of servers lie in the folders of a folder, or the lock of their labels in it.
fn is_catalogue(dir: &Path) -> bool {
    let servers = || std::fs::read_dir(dir).into_iter().flatten().flatten().any(|e| e.path().join(MANIFEST).is_file());
    dir.join(lock::FILE).is_file() || servers()
}
