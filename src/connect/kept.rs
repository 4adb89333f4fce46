//! How a server of a catalogue is asked again: `source.toml` beside its manifest. It holds names of variables and never a
//! value.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::http::{HeaderFromEnv, HttpTarget, SentHeader};
use super::secret::looks_secret;
use super::target::{LiveTarget, ProgramTarget, Reached};
use crate::capture::SOURCE_FILE;
use crate::input::{self, Refused};

const INTRODUCTION: &str =
    "# How `toolcard update` asks this server again. Variables are named here, and their values are not.\n";

/// How a server is asked again.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeptSource {
    /// The command that starts it, and its arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    stdio: Vec<String>,
    /// Variables that it is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    env: Vec<String>,
    /// The address that it answers at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// Whether the address may be of this machine or of a private network.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    allow_private: bool,
    /// Headers, and the variables that hold their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    headers: BTreeMap<String, String>,
}

impl KeptSource {
    /// How `target` is asked again.
    ///
    /// # Errors
    /// A sentence, where that cannot be said without a secret.
    pub fn of(target: &LiveTarget) -> Result<Self, String> {
        match &target.reached {
            Reached::Program(program) => {
                if let Some(number) = program.secret_argument() {
                    return Err(format!(
                        "argument {number} of its command looks like a secret; give it in a variable (--env NAME)"
                    ));
                }
                if program.folder.is_some() {
                    return Err("it is started in a folder of this machine".to_owned());
                }
                let mut env: Vec<String> = program.env.iter().map(|(name, _)| name.clone()).collect();
                env.extend(program.inherit.iter().cloned());
                env.sort();
                env.dedup();
                let stdio = std::iter::once(&program.program).chain(&program.args).cloned().collect();
                Ok(Self { stdio, env, ..Self::default() })
            }
            Reached::Http(address) => {
                if address.url.contains('?') || address.url.split('/').any(looks_secret) {
                    return Err("its address may hold a secret; give it in a header (--header NAME=ENV)".to_owned());
                }
                let named = |header: &SentHeader| match &header.variable {
                    Some(variable) => Ok((header.name.clone(), variable.clone())),
                    None => Err(format!(
                        "the value of its header `{}` is in no variable",
                        crate::neutral::terminal(&header.name)
                    )),
                };
                let headers = address.headers.iter().map(named).collect::<Result<_, _>>()?;
                Ok(Self {
                    url: Some(address.url.clone()),
                    allow_private: address.allow_private,
                    headers,
                    ..Self::default()
                })
            }
        }
    }

    /// The text of the file.
    pub fn text(&self) -> String {
        // Strings and lists of them have no value that TOML cannot say.
        format!("{INTRODUCTION}{}", toml::to_string(self).unwrap_or_default())
    }

    /// What is kept of the server in a folder of the catalogue `root`; `None` where nothing is.
    ///
    /// # Errors
    /// A sentence, where the file cannot be read.
    pub fn read(root: &Path, folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join(SOURCE_FILE);
        let text = match input::of_catalogue(root, &path, input::MAX_WRITTEN_BYTES).and_then(input::text) {
            Ok(text) => text,
            Err(refused) if refused.is_missing() => return Ok(None),
            Err(refused) => return Err(unreadable(&refused)),
        };
        Self::parse(&text).map(Some)
    }

    /// What the text of the file says.
    ///
    /// # Errors
    /// A sentence, where it cannot be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let kept: Self = toml::from_str(text).map_err(|e| format!("{SOURCE_FILE} cannot be read: {}", e.message()))?;
        if kept.stdio.is_empty() == kept.url.is_none() {
            return Err(format!("{SOURCE_FILE} needs either `stdio` or `url`"));
        }
        Ok(kept)
    }

    /// The server that it reaches.
    ///
    /// # Errors
    /// A sentence, where a variable is not set.
    pub fn target(&self, name: &str) -> Result<LiveTarget, String> {
        let reached = if let Some(url) = &self.url {
            let header = |(name, variable): (&String, &String)| {
                HeaderFromEnv { name: name.clone(), variable: variable.clone() }.value()
            };
            Reached::Http(HttpTarget {
                url: url.clone(),
                headers: self.headers.iter().map(header).collect::<Result<_, _>>()?,
                allow_private: self.allow_private,
                typed: true,
            })
        } else {
            let unset = self.env.iter().find(|name| std::env::var_os(name).is_none());
            if let Some(name) = unset {
                return Err(format!(
                    "the variable `{}`, which it is given, is not set",
                    crate::neutral::terminal(name)
                ));
            }
            let mut words = self.stdio.iter().cloned();
            Reached::Program(ProgramTarget {
                program: words.next().unwrap_or_default(),
                args: words.collect(),
                inherit: self.env.clone(),
                typed: true,
                ..ProgramTarget::default()
            })
        };
        Ok(LiveTarget { name: name.to_owned(), reached })
    }
}

fn unreadable(refused: &Refused) -> String {
    format!("{SOURCE_FILE} cannot be read: {refused}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_reaches_the_same_server_and_holds_no_value() {
        let program = ProgramTarget {
            program: "npx".to_owned(),
            args: vec!["-y".to_owned(), "@scope/notes".to_owned()],
            env: vec![("HOME".to_owned(), "planted".to_owned())],
            ..ProgramTarget::default()
        };
        let mut target = LiveTarget { name: "notes".to_owned(), reached: Reached::Program(program.clone()) };
        let kept = KeptSource::of(&target).unwrap();
        assert!(!kept.text().contains("planted"), "{}", kept.text());
        assert_eq!(toml::from_str::<KeptSource>(&kept.text()).unwrap(), kept);
        assert_eq!(kept.target("notes").unwrap().shown(), "npx -y @scope/notes");

        let secret = ProgramTarget { args: vec!["--token=planted".to_owned()], ..program };
        target.reached = Reached::Program(secret);
        assert!(KeptSource::of(&target).unwrap_err().starts_with("argument 1 of its command looks like a secret"));

        let header =
            SentHeader { name: "X-Key".to_owned(), value: "planted".to_owned(), variable: Some("HOME".to_owned()) };
        let mut address = HttpTarget {
            url: "https://example.org/mcp".to_owned(),
            headers: vec![header],
            allow_private: false,
            typed: true,
        };
        target.reached = Reached::Http(address.clone());
        let kept = KeptSource::of(&target).unwrap();
        assert!(kept.text().contains("X-Key = \"HOME\"") && !kept.text().contains("planted"), "{}", kept.text());
        address.headers[0].variable = None;
        target.reached = Reached::Http(address.clone());
        assert!(KeptSource::of(&target).is_err());
        address.url = "https://example.org/mcp?key=planted".to_owned();
        target.reached = Reached::Http(address);
        assert!(KeptSource::of(&target).is_err());
    }
}
