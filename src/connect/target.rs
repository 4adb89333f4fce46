//! One server that can be asked: a program to start, or an address.

use std::path::PathBuf;

use super::http::HttpTarget;
use super::secret::{Secrets, is_opaque, looks_secret, names_a_secret};
use crate::neutral;

/// A server that can be asked.
#[derive(Debug, Clone)]
pub struct LiveTarget {
    /// What its source calls it. Empty where the source has no name for it.
    pub name: String,
    /// How it is reached.
    pub reached: Reached,
}

/// How a server is reached.
#[derive(Debug, Clone)]
pub enum Reached {
    /// By starting a program.
    Program(ProgramTarget),
    /// At an address.
    Http(HttpTarget),
}

/// A program to start.
#[derive(Clone, Default)]
pub struct ProgramTarget {
    /// Its name or path.
    pub program: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Variables that it is given, with their values.
    pub env: Vec<(String, String)>,
    /// Variables of this process that it is given beside [`super::INHERITED`].
    pub inherit: Vec<String>,
    /// The folder that it is started in; this process's where there is none.
    pub folder: Option<PathBuf>,
    /// Whether a person wrote the command on the command line, so that its arguments may be shown.
    pub typed: bool,
}

impl std::fmt::Debug for ProgramTarget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

impl LiveTarget {
    /// For people, without secrets: `npx -y @scope/server`, `https://example.org/mcp`.
    pub fn shown(&self) -> String {
        match &self.reached {
            Reached::Program(program) => program.shown(),
            Reached::Http(address) => address.shown(),
        }
    }

    /// Whether a person wrote it on the command line.
    pub(super) fn is_typed(&self) -> bool {
        match &self.reached {
            Reached::Program(program) => program.typed,
            Reached::Http(address) => address.typed,
        }
    }

    /// The program that is started, where one is.
    pub fn program(&self) -> Option<&ProgramTarget> {
        match &self.reached {
            Reached::Program(program) => Some(program),
            Reached::Http(_) => None,
        }
    }

    /// What nobody may see.
    pub(super) fn secrets(&self) -> Secrets {
        let mut secrets = Secrets::default();
        match &self.reached {
            Reached::Program(program) => program.secrets(&mut secrets),
            Reached::Http(address) => address.secrets(&mut secrets),
        }
        secrets
    }
}

/// A package that a command runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunPackage {
    pub registry: &'static str,
    pub name: String,
    pub version: Option<String>,
}

impl ProgramTarget {
    /// The command for people. Of one that a person wrote only arguments that look secret are left out; of one in a
    /// configuration all are, but for the name of the package that it runs.
    pub fn shown(&self) -> String {
        let program = neutral::terminal(&self.program).into_owned();
        if self.typed {
            let mut words = vec![program];
            words.extend(self.args.iter().enumerate().map(|(i, argument)| {
                if self.is_secret(i) { "…".to_owned() } else { neutral::terminal(argument).into_owned() }
            }));
            return words.join(" ");
        }
        let program = std::path::Path::new(&self.program)
            .file_name()
            .map_or(program, |name| neutral::terminal(&name.to_string_lossy()).into_owned());
        let more = if self.args.is_empty() { "" } else { " …" };
        match self.package().filter(|package| !looks_secret(&package.name)) {
            Some(package) => format!("{program} {}{more}", neutral::terminal(&package.name)),
            None => format!("{program}{more}"),
        }
    }

    /// Whether the argument at a place looks like a secret, by itself or by the option before it.
    fn is_secret(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|at| self.args.get(at));
        let option =
            before.is_some_and(|option| option.starts_with('-') && !option.contains('=') && names_a_secret(option));
        self.args.get(at).is_some_and(|argument| looks_secret(argument) || (option && !argument.starts_with('-')))
    }

    /// The first argument that looks like a secret, counted from 1.
    pub fn secret_argument(&self) -> Option<usize> {
        (0..self.args.len()).find(|at| self.is_secret(*at)).map(|at| at + 1)
    }

    fn secrets(&self, secrets: &mut Secrets) {
        for (name, value) in &self.env {
            secrets.add(name, value, names_a_secret(name) || is_opaque(value));
        }
        for name in &self.inherit {
            if let Ok(value) = std::env::var(name) {
                secrets.add(name, &value, names_a_secret(name) || is_opaque(&value));
            }
        }
        let package = self.package().map(|package| package.name);
        for (i, argument) in self.args.iter().enumerate() {
            let named = package.as_ref().is_some_and(|package| argument.starts_with(package.as_str()));
            let certain = self.is_secret(i);
            if certain || !(self.typed || named) {
                secrets.add(&format!("argument {}", i + 1), argument, certain);
                // `--key=x`, `Authorization: Bearer x`
                let ends = [argument.split_once('='), argument.split_once(':'), argument.rsplit_once(' ')];
                for (_, value) in ends.into_iter().flatten() {
                    secrets.add(&format!("argument {}", i + 1), value.trim(), certain);
                }
            }
        }
    }

    /// The package that the command runs, where the command is one that runs packages.
    pub(super) fn package(&self) -> Option<RunPackage> {
        let stem = std::path::Path::new(&self.program).file_stem()?.to_str()?.to_ascii_lowercase();
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let (registry, rest) = match (stem.as_str(), args.as_slice()) {
            ("npx" | "bunx" | "pnpx", rest) => ("npm", rest),
            ("npm", ["exec" | "x", rest @ ..]) | ("pnpm" | "yarn", ["dlx", rest @ ..]) | ("bun", ["x", rest @ ..]) => {
                ("npm", rest)
            }
            ("uvx", rest) | ("uv", ["tool", "run", rest @ ..]) | ("pipx", ["run", rest @ ..]) => ("pypi", rest),
            _ => return None,
        };
        let spec = spec(registry, rest)?;
        let (name, version) = match registry {
            "npm" => match spec.rfind('@').filter(|at| *at > 0) {
                Some(at) => (&spec[..at], Some(&spec[at + 1..])),
                None => (spec, None),
            },
            _ => match spec.split_once("==").or_else(|| spec.split_once('@')) {
                Some((name, version)) => (name, Some(version)),
                None => (spec, None),
            },
        };
        let name = name.split('[').next().unwrap_or_default().trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '@' | '/' | '.' | '_' | '-');
        if name.is_empty() || !name.chars().all(fits) || name.starts_with(['.', '/']) {
            return None;
        }
        // A tag or a range says nothing of what ran.
        let exact = |version: &&str| {
            version.starts_with(|c: char| c.is_ascii_digit())
                && version.contains('.')
                && version.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-'))
        };
        Some(RunPackage { registry, name: name.to_owned(), version: version.filter(exact).map(str::to_owned) })
    }
}

/// The package among the arguments of a command that runs packages.
fn spec<'a>(registry: &str, args: &[&'a str]) -> Option<&'a str> {
    let naming: &[&str] = if registry == "npm" { &["--package", "-p"] } else { &["--from", "--spec"] };
    let valued: &[&str] =
        if registry == "npm" { &["-c", "--call", "--registry"] } else { &["--python", "-p", "--with", "--index-url"] };
    let mut at = 0;
    while let Some(argument) = args.get(at) {
        if naming.contains(argument) {
            return args.get(at + 1).copied();
        }
        if let Some(value) = naming.iter().find_map(|option| argument.strip_prefix(option)?.strip_prefix('=')) {
            return Some(value);
        }
        if valued.contains(argument) {
            at += 1;
        } else if !argument.starts_with('-') {
            return Some(argument);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn program(words: &[&str], typed: bool) -> ProgramTarget {
        let args = words[1..].iter().map(|&word| word.to_owned()).collect();
        ProgramTarget { program: words[0].to_owned(), args, typed, ..ProgramTarget::default() }
    }

    #[test]
    fn the_package_of_a_command_is_known_where_it_runs_one() {
        let of = |words: &[&str]| {
            program(words, true).package().map(|p| (p.registry, p.name, p.version.unwrap_or_default()))
        };
        let is =
            |registry: &'static str, name: &str, version: &str| Some((registry, name.to_owned(), version.to_owned()));
        assert_eq!(of(&["npx", "-y", "@scope/server"]), is("npm", "@scope/server", ""));
        assert_eq!(of(&["/usr/bin/npx", "--yes", "@scope/server@1.2.3", "x"]), is("npm", "@scope/server", "1.2.3"));
        assert_eq!(of(&["npx", "-p", "server@latest", "bin"]), is("npm", "server", ""));
        assert_eq!(of(&["pnpm", "dlx", "server"]), is("npm", "server", ""));
        assert_eq!(of(&["uvx", "--python", "3.12", "mcp-server-git==2.0.1"]), is("pypi", "mcp-server-git", "2.0.1"));
        assert_eq!(of(&["uvx", "--from", "mlflow[mcp]>=3", "mlflow"]), is("pypi", "mlflow", ""));
        assert_eq!(of(&["uvx", "--from", "mlflow[mcp]", "mlflow"]), is("pypi", "mlflow", ""));
        assert_eq!(of(&["uvx", "--from", "git+https://example.org/x", "x"]), None);
        assert_eq!(of(&["node", "server.js"]), None);
        assert_eq!(of(&["npx"]), None);
    }

    #[test]
    fn a_command_is_shown_without_what_may_be_secret() {
        let words = ["npx", "-y", "@scope/server", "--token", "abcdefgh", "--key=abcdefgh", "/data"];
        assert_eq!(program(&words, true).shown(), "npx -y @scope/server --token … … /data");
        assert_eq!(program(&words, true).secret_argument(), Some(4));
        assert_eq!(program(&words, false).shown(), "npx @scope/server …");
        assert_eq!(program(&["/home/me/bin/server", "hunter2!"], false).shown(), "server …");
        assert_eq!(program(&["npx", "sk-abcdefghijkl"], false).shown(), "npx …");
    }
}
