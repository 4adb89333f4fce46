//! toolcard makes a **card** for every tool that an MCP server offers an agent: what it does,
//! how much one call can break, why we say so, and the policy that contains it.
//!
//! ```text
//! catalog/<server>/manifest.json
//!   → manifest   JSON of any known shape → Manifest, or a diagnostic with line and column
//!   → classify   words + lexicon + schema + annotations → Verdict with evidence
//!   → policy     Verdict → rule; rules → documents; decide() proves what they do
//!   → card       sentences and FAQs from the same Verdict and Rule
//!   → site | review | JSON | lock
//! ```
//!
//! Nothing flows back: a module uses those that are before it in the order of `docs/architecture.md` and none
//! behind it; a test below holds that. Beside the way is `eval`, which measures verdicts against labels that
//! annotators gave.

mod bytes;
pub mod capture;
pub mod card;
pub mod catalog;
pub mod classify;
pub mod config;
#[cfg(feature = "connect")]
pub mod connect;
mod counted;
pub mod diagnostic;
pub mod english;
pub mod eval;
pub mod input;
pub mod inspect;
pub mod lexicon;
pub mod manifest;
pub mod neutral;
pub mod policy;
mod raw;
pub mod review;
pub mod risk;
pub mod sentence;
pub mod serve;
pub mod site;
mod variants;
pub mod words;
pub mod write;

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// The modules, each below those that may use it.
    const ORDER: &[&str] = &[
        "counted",
        "variants",
        "bytes",
        "english",
        "risk",
        "neutral",
        "sentence",
        "diagnostic",
        "input",
        "raw",
        "words",
        "lexicon",
        "manifest",
        "classify",
        "policy",
        "config",
        "catalog",
        "card",
        "write",
        "capture",
        "connect",
        "review",
        "site",
        "inspect",
        "serve",
        "eval",
        "cli",
    ];

    fn rank(module: &str) -> Option<usize> {
        ORDER.iter().position(|known| *known == module)
    }

    #[test]
    fn no_module_uses_one_above_it() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut wrong = Vec::new();
        let mut seen = 0;
        for entry in walkdir::WalkDir::new(&source).into_iter().filter_map(Result::ok) {
            let Ok(inside) = entry.path().strip_prefix(&source) else { continue };
            if inside.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let first = inside.iter().next().unwrap().to_string_lossy();
            let module = first.trim_end_matches(".rs");
            if module == "lib" || module == "main" {
                continue;
            }
            let own = rank(module).unwrap_or_else(|| panic!("{module} has no place in the order"));
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for (at, _) in text.match_indices("crate::") {
                let name = &text[at + "crate::".len()..];
                let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
                let Some(used) = rank(&name[..end]) else { continue };
                seen += 1;
                if used > own {
                    wrong.push(format!("{} uses {}", inside.display(), &name[..end]));
                }
            }
        }
        assert!(seen > 500, "only {seen} uses were found");
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn parts_of_a_card_use_the_view_and_not_the_server() {
        let card = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/card");
        let files = walkdir::WalkDir::new(card).into_iter().filter_map(Result::ok).filter(|e| e.file_type().is_file());
        let mut naming: Vec<String> = files
            .filter(|file| std::fs::read_to_string(file.path()).unwrap().contains("ServerCards"))
            .map(|file| file.file_name().to_string_lossy().into_owned())
            .collect();
        naming.sort();
        // What checks whole cards is above them.
        assert_eq!(naming, ["check.rs", "mod.rs", "server.rs"]);
    }
}

#[cfg(test)]
mod files {
    use std::path::{Path, PathBuf};

    /// The files that may declare the module that `inside`, a path below `src/`, holds, and the module's name.
    fn parents(inside: &Path) -> (Vec<PathBuf>, String) {
        let file = inside.file_stem().unwrap().to_string_lossy().into_owned();
        let folder = inside.parent().unwrap();
        let (folder, name) = if file == "mod" {
            (folder.parent().unwrap(), folder.file_name().unwrap().to_string_lossy().into_owned())
        } else {
            (folder, file)
        };
        let files = if folder == Path::new("") {
            vec![PathBuf::from("lib.rs"), PathBuf::from("main.rs")]
        } else {
            vec![folder.join("mod.rs"), folder.with_extension("rs")]
        };
        (files, name)
    }

    /// Whether a line is `mod NAME;`, for whomever it is visible.
    fn declares(line: &str, name: &str) -> bool {
        let parts = line.trim().strip_suffix(';').and_then(|line| line.rsplit_once("mod "));
        parts.is_some_and(|(visible, module)| module == name && (visible.is_empty() || visible.starts_with("pub")))
    }

    #[test]
    fn every_file_is_a_module() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut orphans = Vec::new();
        let mut seen = 0;
        for entry in walkdir::WalkDir::new(&source).sort_by_file_name().into_iter().filter_map(Result::ok) {
            let Ok(inside) = entry.path().strip_prefix(&source) else { continue };
            let is_root = inside == Path::new("lib.rs") || inside == Path::new("main.rs");
            if is_root || inside.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            seen += 1;
            let (files, name) = parents(inside);
            let mut texts = files.iter().filter_map(|file| std::fs::read_to_string(source.join(file)).ok());
            if !texts.any(|text| text.lines().any(|line| declares(line, &name))) {
                orphans.push(inside.display().to_string());
            }
        }
        assert!(seen > 200, "only {seen} files were found");
        assert!(orphans.is_empty(), "declared by no `mod`: {orphans:#?}");
    }
}

#[cfg(test)]
mod names {
    use std::collections::{BTreeMap, BTreeSet};
    use std::path::Path;

    /// Type names that several files may define, each with its reason.
    const SHARED: &[(&str, &str)] = &[("Args", "the arguments of one command, which clap knows as `Args` in each")];

    #[test]
    fn no_type_has_the_name_of_another_by_an_alias() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let texts: Vec<_> = walkdir::WalkDir::new(&source)
            .into_iter()
            .filter_map(Result::ok)
            .filter(|entry| entry.path().extension().is_some_and(|extension| extension == "rs"))
            .map(|entry| std::fs::read_to_string(entry.path()).unwrap())
            .collect();
        let is_defined = |name: &str| {
            let starts = ["struct ", "enum ", "trait "].map(|kind| format!("{kind}{name}"));
            let whole = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
            texts.iter().any(|text| {
                starts.iter().any(|start| text.match_indices(start).any(|(at, found)| whole(&text[at + found.len()..])))
            })
        };
        let mut wrong = Vec::new();
        let uses = texts.iter().flat_map(|text| text.lines()).filter(|line| line.trim_start().starts_with("use "));
        for line in uses {
            for (at, _) in line.match_indices(" as ") {
                let alias = &line[at + 4..];
                let end = alias.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(alias.len());
                if alias.starts_with(|c: char| c.is_ascii_uppercase()) && is_defined(&alias[..end]) {
                    wrong.push(line);
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }

    #[test]
    fn a_type_name_means_one_thing() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut defined: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for entry in walkdir::WalkDir::new(&source).into_iter().filter_map(Result::ok) {
            let path = entry.path();
            if path.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            let code = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
            for line in code.lines() {
                let line = line.trim_start();
                let line = line.strip_prefix("pub").map_or(line, |rest| {
                    rest.split_once(") ").filter(|_| rest.starts_with('(')).map_or(rest, |(_, rest)| rest).trim_start()
                });
                let name =
                    ["struct ", "enum ", "trait ", "union ", "type "].iter().find_map(|kind| line.strip_prefix(kind));
                let Some(name) = name else { continue };
                let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
                // What a trait of another crate has named.
                if name.starts_with("Value =") || name.starts_with("Target =") {
                    continue;
                }
                defined.entry(name[..end].to_owned()).or_default().insert(path.display().to_string());
            }
        }
        assert!(defined.len() > 300, "only {} types were found", defined.len());
        let shared: Vec<_> = defined
            .iter()
            .filter(|(name, files)| files.len() > 1 && !SHARED.iter().any(|(known, _)| known == name))
            .collect();
        assert!(shared.is_empty(), "{shared:#?}");
        for (name, _) in SHARED {
            assert!(defined.get(*name).is_some_and(|files| files.len() > 1), "{name} is defined in one file");
        }
    }
}

#[cfg(test)]
mod work {
    use std::path::Path;

    use serde_json::{Value, json};

    use crate::classify::Classifier;
    use crate::counted;
    use crate::lexicon::Lexicon;
    use crate::manifest::read;
    use crate::policy::{Profile, RateLimits, server_document};

    /// Steps from the text of a manifest to its verdicts and its policy.
    fn work(manifest: &Value) -> usize {
        let text = manifest.to_string();
        counted::of(|| {
            let Some(manifest) = read(&text, Path::new("m.json")).value else { return };
            let verdicts = Classifier::new(Lexicon::embedded()).server(&manifest);
            server_document(manifest.tools.iter().zip(&verdicts), Profile::Guarded, &RateLimits::default());
        })
    }

    fn tool(schema: &Value, description: &str) -> Value {
        json!({"tools": [{"name": "manage_x", "description": description, "inputSchema": schema}]})
    }

    fn properties(n: usize, one: impl Fn(usize) -> (String, Value)) -> Value {
        json!({"properties": (0..n).map(one).collect::<serde_json::Map<_, _>>()})
    }

    #[test]
    fn work_grows_as_the_size_does() {
        type Shape = (&'static str, fn(usize) -> Value);
        let shapes: [Shape; 15] = [
            ("values", |n| {
                let values: Vec<String> = (0..n).map(|i| format!("delete_thing_{i}")).collect();
                tool(&json!({"properties": {"action": {"enum": values}}}), "")
            }),
            ("values in bulk", |n| {
                let values: Vec<String> = (0..n).map(|i| format!("batch_update_{i}")).collect();
                tool(&json!({"properties": {"action": {"enum": values}}}), "")
            }),
            ("constants", |n| {
                let values: Vec<Value> = (0..n).map(|i| json!({"const": format!("delete_thing_{i}")})).collect();
                tool(&json!({"properties": {"action": {"oneOf": values}}}), "")
            }),
            ("constants of many arguments", |n| {
                tool(&properties(n, |i| (format!("action_{i}"), json!({"const": "delete_thing"}))), "")
            }),
            ("arguments that select", |n| {
                tool(&properties(n, |i| (format!("action_{i}"), json!({"enum": ["list", "delete_thing"]}))), "")
            }),
            ("required arguments", |n| {
                let mut schema = properties(n, |i| (format!("delete_{i}"), json!({"type": "boolean"})));
                schema["required"] = (0..n).map(|i| json!(format!("delete_{i}"))).collect();
                tool(&schema, "")
            }),
            ("sentences", |n| {
                tool(&json!({}), &(0..n).map(|i| format!("It also deletes thing {i}.")).collect::<Vec<_>>().join(" "))
            }),
            ("one sentence", |n| tool(&json!({}), &"the record ".repeat(n))),
            ("one list", |n| tool(&json!({}), &"delete, ".repeat(n))),
            ("one sentence of clauses", |n| tool(&json!({}), &"which deletes ".repeat(n))),
            ("one sentence of denials", |n| tool(&json!({}), &"does not delete ".repeat(n))),
            ("one sentence of quotations", |n| tool(&json!({}), &"`a` ".repeat(n))),
            ("one sentence of orders", |n| tool(&json!({}), &"after using this ".repeat(n))),
            ("one word", |n| tool(&json!({}), &"删除".repeat(n))),
            ("mistakes", |n| json!({"tools": (0..n).map(|_| json!({"name": 1})).collect::<Vec<_>>()})),
        ];
        let mut wrong = Vec::new();
        for (what, shape) in shapes {
            // Small definitions take shorter ways.
            let counts = [1000, 2000, 4000].map(|n| work(&shape(n)));
            if counts[0] < 500 || counts.windows(2).any(|pair| pair[1] > pair[0] * 5 / 2) {
                wrong.push((what, counts));
            }
        }
        assert!(wrong.is_empty(), "not counted, or not in step with the size: {wrong:?}");
    }
}
