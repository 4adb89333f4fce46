//! The configurations of clients: which servers they start or connect to, and how.

mod entry;
mod expand;
mod places;
mod read;

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::target::LiveTarget;
use crate::capture::CaptureError;
use crate::counted::steps;

pub use places::ClientPlaces;

/// What a client's configuration names.
#[derive(Debug, Default)]
pub struct Configured {
    /// The servers that can be asked, in the order of the file.
    pub targets: Vec<LiveTarget>,
    /// The servers that cannot, and why; a file that cannot be read.
    pub errors: Vec<CaptureError>,
    /// Every name in the files, also of servers that are switched off, sorted.
    pub names: Vec<String>,
    /// Whether the file has no table of servers at all.
    without_table: bool,
}

/// The servers of several files: what one of them says and another says again is asked once.
#[derive(Default)]
struct ServersOnce {
    all: Configured,
    /// The name and the way of each server.
    known: HashSet<(String, String)>,
    taken: HashSet<String>,
    /// How many servers of a name there were.
    numbers: HashMap<String, usize>,
}

impl ServersOnce {
    fn add(&mut self, file: Configured) {
        for mut target in file.targets {
            if !self.known.insert((target.name.clone(), entry::way(&target))) {
                continue;
            }
            // Another server of the same name has another name.
            let number = self.numbers.entry(target.name.clone()).or_default();
            *number += 1;
            let mut name = if *number == 1 { target.name.clone() } else { format!("{}-{number}", target.name) };
            steps(1);
            while !self.taken.insert(name.clone()) {
                steps(1);
                *number += 1;
                name = format!("{}-{number}", target.name);
            }
            target.name = name;
            self.all.targets.push(target);
        }
        self.all.errors.extend(file.errors);
        self.all.names.extend(file.names);
    }

    fn finish(mut self) -> Configured {
        self.all.names.sort();
        self.all.names.dedup();
        self.all
    }
}

/// The servers of configuration files, `only` those of these names where there are any.
pub fn configuration(
    files: &[impl AsRef<Path>],
    only: &[String],
    places: &ClientPlaces,
    allow_private: bool,
) -> Configured {
    let mut all = ServersOnce::default();
    for file in files {
        all.add(read::file(file.as_ref(), only, places, allow_private));
    }
    all.finish()
}

/// The servers of the text of one configuration file; its path says whose it is.
pub fn configuration_text(text: &str, path: &Path, places: &ClientPlaces) -> Configured {
    let mut all = ServersOnce::default();
    all.add(read::text(text, path, &[], places, false));
    all.finish()
}

/// The servers of every client's configuration that is in its usual place, and the files that were found there.
pub fn discover(places: &ClientPlaces, only: &[String], allow_private: bool) -> (Configured, Vec<std::path::PathBuf>) {
    let files = places.existing();
    let mut all = ServersOnce::default();
    for file in &files {
        let mut found = read::file(file, only, places, allow_private);
        // The settings of an editor that has no servers are no mistake.
        if found.without_table {
            found.errors.clear();
        }
        all.add(found);
    }
    (all.finish(), files)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::*;
    use crate::counted;

    /// The servers of one name that each of some projects starts, the n-th with its number.
    fn of_projects(name: &str, numbers: impl Iterator<Item = usize>) -> String {
        let projects = numbers.enumerate().map(|(i, n)| {
            (
                format!("/{i}"),
                json!({"mcpServers": {name: {"command": "run", "args": [n]}, "notes-2": {"command": "x"}}}),
            )
        });
        json!({"projects": projects.collect::<Map<String, Value>>()}).to_string()
    }

    fn read(text: &str) -> Configured {
        configuration_text(text, Path::new(".claude.json"), &ClientPlaces::default())
    }

    #[test]
    fn each_server_has_a_name_of_its_own_and_is_there_once() {
        let found = read(&of_projects("notes", [1, 2, 1, 3].into_iter()));
        let names: Vec<&str> = found.targets.iter().map(|target| target.name.as_str()).collect();
        assert_eq!(names, ["notes", "notes-2", "notes-3", "notes-4"]);
        assert_eq!(found.names, ["notes", "notes-2"]);
    }

    #[test]
    fn many_servers_of_one_name_cost_in_step_with_their_number() {
        let [small, large] = [500, 1000].map(|n| {
            let text = of_projects("notes", 0..n);
            counted::of(|| assert_eq!(read(&text).targets.len(), n + 1))
        });
        assert!(small >= 500 && large <= small * 5 / 2, "{small} {large}");
    }
}
