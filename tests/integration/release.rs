//! How the program is released and the repository is run: one address, one version, pinned actions, archives as they are named.

use std::collections::BTreeSet;
use std::path::Path;

use serde_yaml_ng::Value;

use crate::support::{Project, bundled};

const ADDRESS: &str = env!("CARGO_PKG_REPOSITORY");
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn file(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|e| panic!("{name}: {e}")).replace("\r\n", "\n")
}

fn yaml(name: &str) -> Value {
    serde_yaml_ng::from_str(&file(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn toml(name: &str) -> toml::Table {
    file(name).parse().unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Every file of the repository but for tests and what others wrote.
fn documents() -> Vec<(String, String)> {
    let skipped = ["target", "node_modules", ".git", "tests", "catalog", "static", "dist"];
    let entries = walkdir::WalkDir::new(root()).sort_by_file_name().into_iter();
    let entries = entries.filter_entry(|e| e.depth() != 1 || !skipped.iter().any(|name| e.file_name() == *name));
    let files = entries.map(Result::unwrap).filter(|e| e.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(root()).expect("inside").to_string_lossy().replace('\\', "/");
    files.filter_map(|e| Some((name(e.path()), std::fs::read_to_string(e.path()).ok()?))).collect()
}

#[test]
fn the_address_of_the_repository_is_the_same_everywhere() {
    let name = ADDRESS.strip_prefix("https://github.com/").expect("an address at GitHub");
    let (owner, program) = name.split_once('/').expect("OWNER/NAME");
    let mut seen = 0;
    for (place, text) in documents() {
        for (at, _) in text.match_indices("github.com/") {
            let rest = &text[at + "github.com/".len()..];
            let found: String =
                rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/')).collect();
            let mut parts = found.split('/');
            let (found_owner, found_name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            // Ours, or an address that only looks like it.
            if found_owner == owner || found_name.trim_end_matches(".git") == program {
                let ours = found_name.trim_end_matches(".git").trim_end_matches('.');
                assert!(found_owner == owner && ours == program, "{place} names github.com/{found}");
                seen += 1;
            }
        }
        for (at, _) in text.match_indices("ghcr.io/") {
            let rest = &text[at + "ghcr.io/".len()..];
            assert!(
                rest.starts_with(&name.to_lowercase()) || rest.starts_with("${{"),
                "{place} names ghcr.io/{rest:.40}"
            );
        }
    }
    assert!(seen > 20, "only {seen} addresses were found");
    let cargo = toml("Cargo.toml");
    assert_eq!(cargo["package"]["homepage"].as_str(), Some(ADDRESS));
    let python = toml("pyproject.toml");
    assert_eq!(python["project"]["urls"]["Repository"].as_str(), Some(ADDRESS));
    let dist = toml("dist-workspace.toml");
    assert_eq!(dist["dist"]["tap"].as_str(), Some(format!("{owner}/homebrew-tap").as_str()));
}

#[test]
fn the_names_of_the_package_and_its_words_agree() {
    let (cargo, python) = (toml("Cargo.toml"), toml("pyproject.toml"));
    for key in ["name", "description", "license", "keywords"] {
        assert_eq!(cargo["package"][key], python["project"][key], "{key}");
    }
    assert_eq!(python["tool"]["maturin"]["bindings"].as_str(), Some("bin"));
    // One version: that of Cargo.toml.
    assert!(python["project"]["dynamic"].as_array().expect("a list").iter().any(|v| v.as_str() == Some("version")));
    assert_eq!(yaml("action.yml")["inputs"]["version"]["default"].as_str(), Some(VERSION));
}

#[test]
fn binstall_and_the_action_ask_for_archives_that_releases_have() {
    let dist = toml("dist-workspace.toml");
    let dist = &dist["dist"];
    let targets: BTreeSet<&str> =
        dist["targets"].as_array().expect("targets").iter().filter_map(toml::Value::as_str).collect();
    let archive = |target: &str| {
        let kind = if target.contains("windows") { "windows-archive" } else { "unix-archive" };
        format!("toolcard-{target}{}", dist[kind].as_str().expect("a kind"))
    };
    let cargo = toml("Cargo.toml");
    let binstall = &cargo["package"]["metadata"]["binstall"];
    for target in &targets {
        let row = binstall.get("overrides").and_then(|o| o.get(*target)).unwrap_or(binstall);
        let url = row["pkg-url"].as_str().expect("an address");
        let url = url.replace("{ repo }", ADDRESS).replace("{ version }", VERSION).replace("{ name }", "toolcard");
        let url = url.replace("{ target }", target);
        assert_eq!(url, format!("{ADDRESS}/releases/download/v{VERSION}/{}", archive(target)));
    }
    let action = file("action.yml");
    let asked: BTreeSet<&str> = action
        .split("target=")
        .skip(1)
        .filter_map(|rest| rest.split([' ', '\n', '"']).next())
        .filter(|target| !target.is_empty())
        .collect();
    assert!(asked.len() >= 5 && asked.is_subset(&targets), "{asked:?} of {targets:?}");
    // A musl program runs on every Linux; the image is made of it.
    for machine in ["x86_64", "aarch64"] {
        assert!(targets.contains(format!("{machine}-unknown-linux-musl").as_str()));
    }
}

#[test]
fn every_action_is_pinned_by_its_hash() {
    let mut pinned = 0;
    let pins = toml("dist-workspace.toml");
    let pins = pins["dist"]["github-action-commits"].as_table().expect("pins");
    for (place, text) in documents() {
        let workflow = place.starts_with(".github/workflows/");
        if !workflow && !place.ends_with(".md") && place != "action.yml" && place != "src/cli/new/labels.yml" {
            continue;
        }
        for line in text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses:")) {
            let (used, comment) = line.split_once('#').unwrap_or((line, ""));
            let (action, at) = used.trim().split_once('@').unwrap_or((used.trim(), ""));
            if action.starts_with("./") {
                continue;
            }
            // Whoever copies a recipe of the book puts the hash that they trust.
            let ours = place.ends_with(".md") && at == "COMMIT";
            let hash = at.len() == 40 && at.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(hash || ours, "{place}: {action} is pinned to `{at}`");
            if let Some(pin) = pins.get(action).and_then(toml::Value::as_str).filter(|_| hash) {
                assert_eq!(at, pin, "{place}: {action} is at another commit than in dist-workspace.toml");
            }
            // dist writes no comments.
            let told = comment.trim().starts_with('v') || place.ends_with("release.yml") || ours;
            assert!(told, "{place}: the version of {action} is not told behind its hash");
            pinned += 1;
        }
    }
    assert!(pinned > 25, "only {pinned} actions were found");
}

#[test]
fn a_page_fills_the_form_for_a_wrong_label() {
    let form = yaml(".github/ISSUE_TEMPLATE/wrong-label.yml");
    let ids: BTreeSet<&str> =
        form["body"].as_sequence().expect("fields").iter().filter_map(|field| field["id"].as_str()).collect();
    let config = toml("toolcard.toml");
    let base = config["site"]["report_url"].as_str().expect("an address");
    assert_eq!(base, format!("{ADDRESS}/issues/new?template=wrong-label.yml"));
    let project = Project::with_servers(&["server-slack"]);
    project.file("toolcard.toml", &file("toolcard.toml"));
    project.run(&["build"]).exits(0);
    let page = project.read("dist/tools/server-slack/slack_post_message.html");
    let href =
        page.split("href=\"").find(|href| href.starts_with("https://github.com/") && href.contains("/issues/new"));
    let href = href.and_then(|href| href.split('"').next()).expect("a link to the form").replace("&amp;", "&");
    let (_, query) = href.split_once('?').expect("a query");
    let keys: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let fields: BTreeSet<&str> = keys.iter().copied().filter(|key| *key != "template").collect();
    assert!(fields.len() == 3 && fields.is_subset(&ids), "{fields:?} of {ids:?}");
    assert!(
        query.contains("tool=slack_post_message&") && query.contains("label=Write%2C%20High%2C%20sends_out"),
        "{query}"
    );
}

#[test]
fn the_people_who_own_decisions_are_asked_in_the_recipe() {
    let chapter = file("docs/review.md");
    let owners = chapter.split("```").find(|block| block.contains(".github/CODEOWNERS")).expect("the example");
    for pattern in ["/catalog/risk.lock", "/catalog/*/overrides.toml", "/.github/"] {
        let owned = owners.lines().any(|line| line.starts_with(pattern) && line.contains(" @"));
        assert!(owned, "nobody owns {pattern}");
    }
    assert!(bundled().join("risk.lock").exists());
}
