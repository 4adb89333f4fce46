//! `toolcard theme`: files of the built-in theme, to be changed.

use std::io::{self, Write as _};
use std::path::PathBuf;

use toolcard::diagnostic::nearest;
use toolcard::site::theme::builtin;

use super::Exit;
use super::term::Terminal;

/// Arguments of `toolcard theme`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: ThemeCommand,
}

#[derive(Debug, clap::Subcommand)]
enum ThemeCommand {
    /// Write files of the built-in theme into a folder, to change them
    Eject {
        /// Which: `css/variables.css`, `tool.html`; all that there are without one are listed
        #[arg(value_name = "FILE")]
        files: Vec<String>,
        /// The theme's folder, as `site.theme` names it
        #[arg(long, value_name = "DIR", default_value = "theme")]
        theme: PathBuf,
    },
}

/// Runs the command.
pub(super) fn run(args: &Args, term: Terminal) -> io::Result<Exit> {
    let ThemeCommand::Eject { files, theme } = &args.command;
    let known = builtin();
    if files.is_empty() {
        let mut out = term.out();
        for (name, _) in &known {
            writeln!(out, "{name}")?;
        }
        out.flush()?;
        return Ok(Exit::Done);
    }
    let mut chosen = Vec::new();
    for file in files {
        let short = |name: &str| name.split_once('/').is_some_and(|(_, short)| short == file);
        let Some(found) = known.iter().find(|(name, _)| name == file || short(name)) else {
            let names = known.iter().filter_map(|(name, _)| name.split_once('/')).map(|(_, short)| short);
            let help = nearest(file, names).map(|near| format!("did you mean `{near}`?"));
            let help = help.unwrap_or_else(|| "`toolcard theme eject` lists all".to_owned());
            term.error(&format!("the theme has no file `{file}`"), Some(&help));
            return Ok(Exit::Usage);
        };
        let path = theme.join(&found.0);
        if path.exists() {
            term.error(&format!("`{}` is there already", path.display()), Some("remove it first to begin again"));
            return Ok(Exit::Usage);
        }
        chosen.push((path, found.1));
    }
    for (path, bytes) in chosen {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&path, bytes)?;
        term.say(&format!("{} is written", path.display()));
    }
    term.say("a build uses it with `theme = \"DIR\"` under `[site]` in toolcard.toml");
    Ok(Exit::Done)
}
