//! Servers in files, in folders and on standard input. The shape is recognised, never declared.

use std::collections::{HashMap, HashSet};
use std::io::{self, Cursor};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::{Capture, Captured, RegistryIdentity, bundle, snapshots};
use crate::catalog::Catalog;
use crate::catalog::labelled::Unlabelled;
use crate::catalog::overrides::{self, Overrides};
use crate::catalog::source::{Files, ServerRef, Source};
use crate::counted::steps;
use crate::diagnostic::{Code, Diagnostic, Parsed};
use crate::input;
use crate::manifest::{self, MAX_BYTES, Readings};

/// How diagnostics name what was pasted.
const PASTED: &str = "<pasted>";
/// Servers of a folder whose bytes are in memory at once.
const TOGETHER: usize = 256;
/// Standard input as a path, and how diagnostics name it.
const STDIN: [&str; 2] = ["-", "<stdin>"];

/// Reads every path; of files that are named, the tools at a JSON Pointer where one is given. A bad file costs that file.
pub fn read(paths: &[PathBuf], at: Option<&str>) -> Captured {
    let mut out = Captured::default();
    for path in paths {
        let done = if path.as_os_str() == STDIN[0] {
            let shown = Path::new(STDIN[1]);
            match input::stream(io::stdin().lock(), MAX_BYTES) {
                Ok(bytes) => out.of_bytes(&bytes, shown, "stdin", at),
                Err(refused) => out.diagnostics.extend(manifest::refused_file(&refused, shown).diagnostics),
            }
            Ok(())
        } else if path.is_dir() {
            out.of_folder(path)
        } else {
            out.of_file(path, at);
            Ok(())
        };
        if let Err(fault) = done {
            out.diagnostics.push(*fault);
        }
    }
    out
}

/// Reads what a person pasted.
pub fn pasted(bytes: &[u8]) -> Captured {
    let mut out = Captured::default();
    out.of_bytes(bytes, Path::new(PASTED), "server", None);
    out
}

impl Captured {
    fn of_folder(&mut self, path: &Path) -> Result<(), Box<Diagnostic>> {
        if let Some(files) = snapshots::files(path) {
            let Parsed { value, diagnostics } = snapshots::read(path, &files);
            match value {
                Some(capture) => self.captures.push(capture),
                None => self.diagnostics.extend(diagnostics),
            }
            return Ok(());
        }
        let mut source = Source::path(path);
        let Parsed { value: servers, diagnostics } = source.servers()?;
        if servers.is_empty()
            && let Some(wrong) = Catalog::list(path)?.misplaced()
        {
            return Err(Box::new(wrong));
        }
        // A folder of manifests that is named is not a catalogue that lacks folders.
        self.diagnostics.extend(diagnostics.into_iter().filter(|d| d.code != Code::NoFolder));
        for servers in servers.chunks(TOGETHER) {
            let files: Vec<(&ServerRef, Files)> = servers.iter().map(|server| (server, source.files(server))).collect();
            let read: Vec<Self> = files.into_par_iter().map(|(server, files)| Self::server(server, files)).collect();
            for one in read {
                self.add(one);
            }
        }
        Ok(())
    }

    /// What one server of a folder holds.
    fn server(server: &ServerRef, files: Files) -> Self {
        let mut out = Self::default();
        let shown = Path::new(&server.shown);
        if server.own_folder {
            let overrides = overrides::of(files.overrides.as_ref(), &shown.with_file_name(overrides::FILE));
            let Parsed { value, diagnostics } = Unlabelled::read(Some(&server.slug), shown, &files.manifest, overrides);
            match value {
                Some(Unlabelled { manifest, overrides, .. }) => out.captures.push(Capture {
                    name: server.slug.clone(),
                    from: server.shown.clone(),
                    client_name: None,
                    source: None,
                    manifest,
                    overrides,
                    diagnostics,
                }),
                None => out.diagnostics.extend(diagnostics),
            }
            return out;
        }
        match files.manifest {
            // What was found in a folder is read by its shape.
            Ok(bytes) => out.of_bytes(&bytes, shown, &stem(shown), None),
            Err(refused) => out.diagnostics.extend(manifest::refused_file(&refused, shown).diagnostics),
        }
        out
    }

    /// Adds what was read of a server behind the others.
    fn add(&mut self, other: Self) {
        let Self { captures, errors, diagnostics, identities } = other;
        self.captures.extend(captures);
        self.errors.extend(errors);
        self.diagnostics.extend(diagnostics);
        self.identities.extend(identities);
    }

    fn of_file(&mut self, path: &Path, at: Option<&str>) {
        let shown = PathBuf::from(path.to_string_lossy().replace('\\', "/"));
        let shown = shown.strip_prefix("./").unwrap_or(&shown);
        match input::open(path, bundle::MAX_BYTES) {
            // The rest of a bundle is never in memory.
            Ok(file) if bundle::is_one(&file) => self.of_bundle(file, shown, at),
            _ => match input::named(path, MAX_BYTES) {
                Ok(bytes) => self.of_bytes(&bytes, shown, &stem(shown), at),
                Err(refused) => self.diagnostics.extend(manifest::refused_file(&refused, shown).diagnostics),
            },
        }
    }

    fn of_bundle(&mut self, file: impl io::Read + io::Seek, shown: &Path, at: Option<&str>) {
        match bundle::manifest(file, shown) {
            Ok(bytes) => self.take(manifest::servers(&bytes, &shown.join(bundle::MANIFEST), at), shown, &stem(shown)),
            Err(fault) => self.diagnostics.push(*fault),
        }
    }

    fn of_bytes(&mut self, bytes: &[u8], shown: &Path, name: &str, at: Option<&str>) {
        if bytes.starts_with(&bundle::MAGIC) {
            return self.of_bundle(Cursor::new(bytes), shown, at);
        }
        self.take(manifest::servers(bytes, shown, at), shown, name);
    }

    /// The servers of one file: of several each is called by its own name, where it has one.
    fn take(&mut self, readings: Readings, shown: &Path, stem: &str) {
        let Readings { manifests, diagnostics, identity, .. } = readings;
        let from = shown.to_string_lossy().into_owned();
        if let Some(server) = identity {
            self.identities.push(RegistryIdentity { from, server, diagnostics });
            return;
        }
        let several = manifests.len() > 1;
        let mut taken: HashSet<String> = HashSet::new();
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for mut manifest in manifests {
            let slug = Some(manifest.server.slug.clone()).filter(|slug| !slug.is_empty());
            let own = manifest.server.name.as_deref().map(str::trim).filter(|name| several && !name.is_empty());
            let base = slug.as_deref().or(own).unwrap_or(stem).to_owned();
            let mut name = base.clone();
            let number = numbers.entry(base.clone()).or_insert(1);
            while !taken.insert(name.clone()) {
                steps(1);
                *number += 1;
                name = format!("{base}-{number}");
            }
            if slug.is_some() {
                manifest.server.slug.clone_from(&name);
            }
            let overrides = Overrides::default();
            self.captures.push(Capture {
                name,
                from: from.clone(),
                client_name: None,
                source: None,
                manifest,
                overrides,
                diagnostics: Vec::new(),
            });
        }
        // What is wrong with a file of one server is wrong with that server.
        match self.captures.last_mut().filter(|_| taken.len() == 1) {
            Some(capture) => capture.diagnostics = diagnostics,
            None => self.diagnostics.extend(diagnostics),
        }
    }
}

fn stem(path: &Path) -> String {
    path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counted;

    #[test]
    fn many_servers_of_one_name_cost_in_step_with_their_number() {
        let [small, large] = [500, 1000].map(|n| {
            let text = r#"{"server": {"name": "notes"}, "tools": [{"name": "get_x"}]}"#.to_owned() + "\n";
            let mut names = HashSet::new();
            let steps =
                counted::of(|| names.extend(pasted(text.repeat(n).as_bytes()).captures.into_iter().map(|c| c.name)));
            assert_eq!(names.len(), n);
            steps
        });
        assert!(small >= 499 && large <= small * 5 / 2, "{small} {large}");
    }
}
