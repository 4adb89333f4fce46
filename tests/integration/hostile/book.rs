//! The chapter on security promises what a test holds, and names the limits that the code has.

use std::collections::BTreeSet;
use std::path::Path;

use toolcard::{input, manifest, policy};

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("the file is there")
}

/// The names of all functions below a folder.
fn functions(folder: &str) -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names = BTreeSet::new();
    let skipped = |e: &walkdir::DirEntry| !matches!(e.file_name().to_str(), Some("node_modules" | "wild"));
    for entry in walkdir::WalkDir::new(root).into_iter().filter_entry(skipped).map(Result::unwrap) {
        if entry.path().extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(entry.path()).expect("reads");
            names.extend(text.split("fn ").skip(1).filter_map(|rest| rest.split('(').next()).map(str::to_owned));
        }
    }
    names
}

#[test]
fn every_promise_names_tests_that_are_there() {
    let chapter = file("docs/security.md");
    let promises = chapter.split("## ").find(|part| part.starts_with("What is promised")).expect("the part");
    let mut known = functions("tests");
    known.extend(functions("src"));
    let mut named = 0;
    for row in promises.lines().filter(|l| l.starts_with('|')).skip(2) {
        let tests = row.trim_end_matches('|').rsplit('|').next().expect("a column");
        let tests: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!tests.is_empty(), "no test: {row}");
        for test in tests {
            if test.starts_with("tests/") {
                assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(test).exists(), "there is no {test}");
                continue;
            }
            assert!(known.contains(test), "there is no test {test}");
            named += 1;
        }
    }
    assert!(named > 25, "{named}");
}

#[test]
fn every_limit_of_the_chapter_is_the_one_of_the_code() {
    let chapter = file("docs/security.md");
    let grouped = |n: usize| if n >= 1_000 { format!("{},{:03}", n / 1_000, n % 1_000) } else { n.to_string() };
    let size = |n: u64| match n >> 10 {
        kib if kib < 1 << 10 => format!("{kib} KiB"),
        kib if kib < 1 << 20 => format!("{} MiB", kib >> 10),
        kib => format!("{} GiB", kib >> 20),
    };
    let description = u64::try_from(manifest::limits::MAX_DESCRIPTION_BYTES).unwrap();
    let markdown = u64::try_from(toolcard::site::html::markdown::MAX_MARKDOWN_BYTES).unwrap();
    for (what, limit) in [
        ("a manifest", size(manifest::MAX_BYTES)),
        ("tools of one server", grouped(manifest::limits::MAX_TOOLS)),
        ("a description", size(description)),
        (
            "a name, a title, an argument's name, a value that a schema lists",
            size(u64::try_from(manifest::limits::MAX_NAME_BYTES).unwrap()),
        ),
        ("arguments and branches of a schema, through references", grouped(manifest::schema::MAX_NODES)),
        ("depth of a schema", grouped(manifest::schema::MAX_DEPTH)),
        ("values that the schemas of a tool list", grouped(manifest::limits::MAX_VALUES)),
        (
            "values, and arguments, that one recommended entry looks at",
            format!("{}; {}", grouped(policy::MAX_VALUES), policy::MAX_ARGUMENTS),
        ),
        ("words of a sentence in a description", grouped(toolcard::words::MAX_SENTENCE_WORDS)),
        (
            "Markdown of a description",
            format!("{}, {} levels", size(markdown), toolcard::site::html::markdown::MAX_LEVELS),
        ),
        ("`overrides.toml`, `toolcard.toml`, rows of a lexicon, a file of a theme", size(input::MAX_WRITTEN_BYTES)),
        ("an article", size(toolcard::card::attacks::MAX_BYTES)),
        ("a policy", size(policy::MAX_BYTES)),
        ("`risk.lock`, `_changes.json`, the writer's ledger", size(input::MAX_RECORD_BYTES)),
        ("diagnostics of one kind about a manifest", grouped(toolcard::diagnostic::MAX_ALIKE)),
    ] {
        assert!(chapter.contains(&format!("| {what} | {limit} |")), "{what}: {limit}");
    }
}

#[test]
fn the_lock_of_cargo_has_nothing_that_deny_toml_refuses() {
    let read = |name: &str| file(name).parse::<toml::Table>().expect("TOML");
    let (lock, deny) = (read("Cargo.lock"), read("deny.toml"));
    let registries = deny["sources"]["allow-registry"].as_array().expect("a list");
    let banned: Vec<&str> =
        deny["bans"]["deny"].as_array().expect("a list").iter().filter_map(|b| b["crate"].as_str()).collect();
    let packages = lock["package"].as_array().expect("packages");
    assert!(packages.len() > 100 && banned.len() > 3);
    for package in packages {
        let name = package["name"].as_str().expect("a name");
        assert!(!banned.contains(&name), "{name} is banned");
        if let Some(source) = package.get("source").and_then(toml::Value::as_str) {
            let registry = source.strip_prefix("registry+").unwrap_or(source);
            assert!(registries.iter().any(|r| r.as_str() == Some(registry)), "{name} comes from {source}");
        }
    }
}

#[test]
fn the_build_script_only_names_folders() {
    let script = file("build.rs");
    let code: Vec<&str> = script.lines().filter(|line| !line.starts_with("//!") && !line.trim().is_empty()).collect();
    let said = ["fn main() {", "for folder in ", "println!(\"cargo::rerun-if-changed={folder}\");", "}"];
    assert!(code.iter().all(|line| said.iter().any(|said| line.trim().starts_with(said))), "{code:#?}");
}

#[test]
fn every_sanitizer_is_in_the_chapter() {
    let (chapter, source) = (file("docs/security.md"), file("src/neutral.rs"));
    let code = source.split("#[cfg(test)]").next().unwrap();
    let public = code.lines().filter_map(|line| line.strip_prefix("pub fn ").or(line.strip_prefix("pub(crate) fn ")));
    let names: Vec<&str> = public.filter_map(|rest| rest.split(['(', '<']).next()).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names {
        assert!(chapter.contains(&format!("`neutral::{name}`")), "docs/security.md does not name `neutral::{name}`");
    }
    let part = chapter.split("## ").find(|part| part.starts_with("Where text")).expect("the part");
    for path in part.split('`').filter(|path| path.starts_with("src/")) {
        assert!(Path::new(env!("CARGO_MANIFEST_DIR")).join(path).exists(), "there is no {path}");
    }
}

#[test]
fn html_that_no_template_escapes_comes_from_one_file() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(&source).into_iter().map(Result::unwrap) {
        if entry.path().extension().is_some_and(|e| e == "rs") {
            let text = std::fs::read_to_string(entry.path()).expect("reads");
            if text.contains("safe_string") || text.contains("autoescape_on(vec![])") {
                found.push(entry.path().strip_prefix(&source).unwrap().to_string_lossy().replace('\\', "/"));
            }
        }
    }
    assert_eq!(found, ["site/html/escape.rs"]);
}
