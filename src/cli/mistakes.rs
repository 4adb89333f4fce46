//! Command lines that are nearly right: the one that a person most likely means, to be typed as it stands.

use std::path::{Path, PathBuf};

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use toolcard::catalog::{Catalog, MANIFEST};
use toolcard::neutral::shell_word;

/// Words without an option, and the options that they most likely belong to; the first words of a command may have no
/// option.
const STRAYS: [(&str, usize, &[&str]); 6] = [
    ("review", 0, &["base", "head"]),
    ("build", 0, &["catalog", "out"]),
    ("serve", 0, &["catalog", "out"]),
    ("lock", 0, &["catalog"]),
    ("override", 1, &["class", "reason"]),
    ("accept", 2, &["reason"]),
];

/// Programs that start servers, also where they are not installed.
const STARTERS: [&str; 12] =
    ["bun", "bunx", "deno", "docker", "node", "npx", "pipx", "pnpm", "python", "python3", "uv", "uvx"];

/// What starts a program of one file, by the ending of its name.
const RUNNERS: [(&str, &str); 5] =
    [("py", "python3"), ("js", "node"), ("mjs", "node"), ("cjs", "node"), ("rb", "ruby")];

/// The error of clap with the command that was most likely meant, in place of what clap guesses.
pub(super) fn with_tip(mut error: clap::Error, command: &clap::Command) -> clap::Error {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let Some(meant) = CommandLine::of(&words, command).and_then(|line| line.meant()) {
        let tip = StyledStr::from(format!("type `{meant}`"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// Where a server is written in the place of files: what is wrong, and the command that asks the server.
pub(super) fn live_server(paths: &[PathBuf]) -> Option<(&'static str, String)> {
    let first = paths.first()?;
    let what = if first.is_file() && runner(first).is_some() {
        "this is a program and no listing: the server that it starts has to be asked"
    } else if first.exists() {
        return None;
    } else if is_address(first) {
        "there is no such file, and it looks like the address of a server"
    } else if is_program(first) {
        "there is no such file, and it looks like a program that starts a server"
    } else {
        return None;
    };
    Some((what, meant()?))
}

/// The commands that print the document of a server and ask it, where the server is named in the place of a document.
pub(super) fn document_of(file: &Path) -> Option<String> {
    (!file.exists() && is_server(&file.to_string_lossy())).then(meant).flatten()
}

fn meant() -> Option<String> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    CommandLine::of(&words, &super::command()).and_then(|line| line.meant())
}

fn is_address(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.starts_with("https://") || text.starts_with("http://")
}

/// What starts this file, where it is a program by its name.
fn runner(path: &Path) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?;
    RUNNERS.iter().find(|(known, _)| *known == ending).map(|(_, runner)| *runner)
}

fn is_program(path: &Path) -> bool {
    let installed = |word: &str| {
        let folders = std::env::var_os("PATH").unwrap_or_default();
        !word.contains(['/', '\\']) && std::env::split_paths(&folders).any(|folder| folder.join(word).is_file())
    };
    path.to_str().is_some_and(|word| STARTERS.contains(&word) || installed(word))
}

/// Whether a word is a server of the catalogue that commands look into, or one of its tools.
fn is_server(word: &str) -> bool {
    let catalog = std::env::var_os("TOOLCARD_CATALOG").unwrap_or_else(|| "catalog".into());
    let server = word.split('/').next().unwrap_or_default();
    !server.is_empty() && Catalog::list(Path::new(&catalog)).is_ok_and(|catalog| catalog.find(server).is_some())
}

/// A command line, taken apart as far as mistakes in it need.
struct CommandLine<'a> {
    words: &'a [String],
    /// The names of the command: `policy decide`.
    names: Vec<&'a str>,
    /// Where the words without an option are.
    loose: Vec<usize>,
    /// Where the command of a server begins that stands after `--`.
    behind: Option<usize>,
    /// The options that are given.
    given: Vec<&'a str>,
    /// Whether the command has all of them.
    known: bool,
}

impl<'a> CommandLine<'a> {
    fn of(words: &'a [String], command: &clap::Command) -> Option<Self> {
        let mut command = command.clone();
        // Options that hold for every command are known to each from here on.
        command.build();
        let mut line =
            Self { words, names: Vec::new(), loose: Vec::new(), behind: None, given: Vec::new(), known: true };
        let mut at = 0;
        while at < words.len() {
            let word = words[at].as_str();
            at += 1;
            let takes_value = |arg: &clap::Arg| arg.get_action().takes_values();
            if word == "--" {
                line.behind = Some(at);
                break;
            } else if let Some(option) = word.strip_prefix("--") {
                let (name, value) = option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)));
                let known = command.get_arguments().find(|arg| arg.get_long() == Some(name));
                at += usize::from(value.is_none() && known.is_some_and(takes_value));
                line.known &= known.is_some();
                line.given.push(name);
            } else if let Some(letter) = word.strip_prefix('-').and_then(|letters| letters.chars().next()) {
                let known = command.get_arguments().find(|arg| arg.get_short() == Some(letter));
                at += usize::from(word.len() == 2 && known.is_some_and(takes_value));
            } else if let Some(inner) = command.find_subcommand(word).filter(|_| line.loose.is_empty()).cloned() {
                line.names.push(word);
                command = inner;
            } else {
                line.loose.push(at - 1);
            }
        }
        (!line.names.is_empty()).then_some(line)
    }

    /// The command that was most likely meant, where this one is a usual mistake.
    fn meant(&self) -> Option<String> {
        match self.names.as_slice() {
            ["import" | "inspect"] => self.asked(),
            ["policy", "decide" | "check" | "audit"] => self.decided(),
            [name] => {
                let (_, own, options) = STRAYS.into_iter().find(|(known, ..)| known == name)?;
                self.with_options(own, options)
            }
            _ => None,
        }
    }

    /// Each word that has no option with one of those that are not given.
    fn with_options(&self, own: usize, options: &[&str]) -> Option<String> {
        // A word behind an option that is misspelled is its value; clap names the one that is like it.
        let strays = self.loose.get(own..).filter(|strays| self.known && !strays.is_empty())?;
        let mut free = options.iter().filter(|option| !self.given.contains(option));
        let mut out = vec!["toolcard".to_owned()];
        for (at, word) in self.words.iter().enumerate() {
            let mut word = word.as_str();
            if strays.contains(&at) {
                let option = free.next()?;
                out.push(format!("--{option}"));
                // A server's folder in the place of the catalogue that holds it.
                let server = Path::new(word);
                if *option == "catalog" && server.join(MANIFEST).is_file() {
                    word = server.parent().and_then(Path::to_str).filter(|parent| !parent.is_empty()).unwrap_or(".");
                }
            }
            out.push(shell_word(word)?);
        }
        Some(out.join(" "))
    }

    /// The server started with the words that name its program, or asked at the address.
    fn asked(&self) -> Option<String> {
        let address = self.loose.iter().copied().find(|at| is_address(Path::new(&self.words[*at])));
        if let Some(address) = address.filter(|_| !self.given.contains(&"url")) {
            let word = |(at, word): (usize, &String)| {
                let word = shell_word(word)?;
                Some(if at == address { format!("--url {word}") } else { word })
            };
            let words: Option<Vec<String>> = self.words.iter().enumerate().map(word).collect();
            return Some(format!("toolcard {}", words?.join(" ")));
        }
        if self.behind.is_some() && self.given.contains(&"stdio") {
            return None;
        }
        let first = self.loose.first().copied();
        let named = |at: &usize| {
            let word = Path::new(&self.words[*at]);
            self.given.contains(&"stdio") || is_program(word) || runner(word).is_some()
        };
        let program = self.behind.or(first.filter(named))?;
        let (own, program) = self.words.split_at(program);
        let words =
            |words: &'a [String]| words.iter().map(String::as_str).filter(|word| !["--", "--stdio"].contains(word));
        let (mut own, mut program) = (words(own).collect::<Vec<_>>(), words(program).collect::<Vec<_>>());
        if self.behind.is_none() {
            // Options of ours behind the program are not the program's.
            let is_own = |word: &str| word.strip_prefix("--").is_some_and(|option| self.given.contains(&option));
            while let [_, .., last] = program[..]
                && is_own(last)
            {
                own.push(last);
                program.pop();
            }
        }
        if let [line] = program[..]
            && !line.contains(['"', '\'', '\\'])
            && !Path::new(line).exists()
        {
            program = line.split_ascii_whitespace().collect();
        }
        if let Some(runner) = program.first().and_then(|first| runner(Path::new(first))) {
            program.insert(0, runner);
        }
        let shell = |words: &[&str]| words.iter().map(|word| shell_word(word)).collect::<Option<Vec<_>>>();
        let (own, program) = (shell(&own)?.join(" "), shell(&program)?.join(" "));
        (!program.is_empty()).then(|| format!("toolcard {own} --stdio -- {program}"))
    }

    /// The document of a server that is named in its place, written to a file first.
    fn decided(&self) -> Option<String> {
        let target = &self.words[*self.loose.first()?];
        if !is_server(target) || Path::new(target).exists() {
            return None;
        }
        let (server, tool) = target.split_once('/').map_or((target.as_str(), None), |(s, t)| (s, Some(t)));
        let given = |option: &str| self.given.contains(&option);
        let mut out = Vec::new();
        for word in self.words {
            out.push(if word == target { "policy.json".to_owned() } else { shell_word(word)? });
        }
        match self.names.last() {
            Some(&"decide") if !given("tool") => {
                let tool = tool.map_or_else(|| Some("TOOL".to_owned()), shell_word);
                out.push(format!("--tool {}", tool?));
            }
            Some(&"audit") if !given("server") => out.push(format!("--server {}", shell_word(server)?)),
            _ => {}
        }
        Some(format!("toolcard policy {} > policy.json && toolcard {}", shell_word(server)?, out.join(" ")))
    }
}
