//! The promise: every link of the book and of the documents beside it leads somewhere, on the repository's site and in the book.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const ADDRESS: &str = env!("CARGO_PKG_REPOSITORY");

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display())).replace("\r\n", "\n")
}

/// The lines of a document that are no code.
fn prose(text: &str) -> Vec<&str> {
    let mut code = false;
    let mut out = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            code = !code;
        } else if !code {
            out.push(line);
        }
    }
    out
}

/// The links of a document: what is in the brackets behind a text.
fn links(text: &str) -> Vec<String> {
    let prose = prose(text).join("\n");
    // Code in a line is no link.
    let outside: String = prose.split('`').step_by(2).collect();
    let ends = |rest: &str| rest.split(')').next().map(str::to_owned);
    outside.split("](").skip(1).filter_map(ends).collect()
}

/// The anchors of a document's headings, as GitHub and mdBook make them.
fn anchors(text: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    // Of a link the words alone are read.
    let link = regex::Regex::new(r"\[([^\]]*)\]\([^)]*\)").expect("a pattern");
    for heading in prose(text).into_iter().filter(|line| line.starts_with('#')) {
        let title = heading.trim_start_matches('#').trim();
        let title = link.replace_all(title, "$1").to_lowercase();
        let kept = title.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        assert!(out.insert(anchor), "`{heading}` stands twice");
    }
    out
}

/// Where a link leads that is in `from`; `None` where it leads out of this repository.
fn target(from: &Path, link: &str) -> Option<PathBuf> {
    let folder = from.parent().expect("a folder");
    if let Some(rest) = link.strip_prefix(ADDRESS) {
        let path = ["/blob/main/", "/tree/main/"].into_iter().find_map(|part| rest.strip_prefix(part))?;
        return Some(root().join(path));
    }
    let elsewhere = link.contains("://") || link.starts_with("mailto:");
    (!elsewhere).then(|| if link.is_empty() { from.to_path_buf() } else { folder.join(link) })
}

fn check(from: &Path, link: &str) {
    let place = from.strip_prefix(root()).expect("inside").display();
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
    let Some(to) = target(from, path) else { return };
    assert!(to.exists(), "{place}: `{link}` leads nowhere");
    if let Some(anchor) = anchor.filter(|_| to.extension().is_some_and(|e| e == "md")) {
        assert!(anchors(&text(&to)).contains(anchor), "{place}: `{link}` leads to no heading");
    }
}

fn chapters() -> Vec<PathBuf> {
    let files = std::fs::read_dir(root().join("docs")).expect("docs").map(|e| e.expect("reads").path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "md")).collect();
    files.sort();
    files
}

#[test]
fn every_link_of_the_book_leads_somewhere_within_it() {
    let mut seen = 0;
    for chapter in chapters() {
        for link in links(&text(&chapter)) {
            check(&chapter, &link);
            // The book holds the chapters alone: what is outside has its address at the repository.
            assert!(
                !link.starts_with("..") && !link.starts_with('/'),
                "{}: `{link}` leaves the book",
                chapter.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 120, "only {seen} links were found");
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    for name in ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "catalog/README.md", "tests/README.md"]
    {
        let from = root().join(name);
        let found = links(&text(&from));
        for link in &found {
            check(&from, link);
        }
        assert!(!found.is_empty() || name == "SECURITY.md", "{name} has no link");
    }
}

#[test]
fn the_summary_has_every_chapter_once() {
    let summary = root().join("docs/SUMMARY.md");
    let listed: Vec<PathBuf> = links(&text(&summary)).iter().map(|link| root().join("docs").join(link)).collect();
    let unique: BTreeSet<&PathBuf> = listed.iter().collect();
    assert_eq!(unique.len(), listed.len(), "a chapter is listed twice");
    let chapters = chapters();
    let missing: Vec<&PathBuf> = chapters.iter().filter(|c| **c != summary && !listed.contains(c)).collect();
    assert!(missing.is_empty(), "docs/SUMMARY.md lacks {missing:?}");
}
