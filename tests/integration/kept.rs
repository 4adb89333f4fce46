//! A build after another: what stays is not made again, and the bytes are those of a clean build, whatever happened in between.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use toolcard::config::Config;
use toolcard::site::build::live::LiveSite;
use toolcard::site::build::options::{BuildOptions, Shard};
use toolcard::site::build::progress::Quiet;
use toolcard::site::build::{self, BuildReport};
use toolcard::write::Look;

use crate::support::Project;

type Tree = Vec<(String, Vec<u8>)>;

/// The published files of a folder.
fn published(project: &Project, folder: &str) -> Tree {
    project.tree(folder).into_iter().filter(|(name, _)| !name.starts_with(".toolcard/")).collect()
}

fn built_with(project: &Project, out: &str, options: BuildOptions) -> BuildReport {
    let catalog = project.path().join("catalog");
    let config = Config::find(&catalog, None).unwrap();
    build::run_with(&catalog, &project.path().join(out), &config, options, &Quiet).unwrap()
}

fn built(project: &Project, out: &str) -> BuildReport {
    built_with(project, out, BuildOptions { explain: true, ..BuildOptions::default() })
}

/// The first path in which two trees differ.
fn difference(a: &Tree, b: &Tree) -> Option<String> {
    let only = a.iter().zip(b).find(|(a, b)| a != b).map(|(a, b)| format!("{} and {}", a.0, b.0));
    only.or_else(|| (a.len() != b.len()).then(|| format!("{} and {} files", a.len(), b.len())))
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const VERBS: [&str; 6] = ["get", "list", "create", "delete", "send", "update"];
const NOUNS: [&str; 5] = ["issue", "page", "user", "invoice", "file"];

/// A catalogue that is changed at random: servers with the names and descriptions of their tools.
struct Changing {
    project: Project,
    numbers: Numbers,
    servers: Vec<(String, Vec<(String, String)>)>,
}

impl Changing {
    fn new(seed: u64) -> Self {
        let mut changing = Self { project: Project::new(), numbers: Numbers(seed), servers: Vec::new() };
        (0..4).for_each(|_| changing.add_server());
        changing
    }

    fn tool(&mut self) -> (String, String) {
        let (verb, noun) = (*self.numbers.of(&VERBS), *self.numbers.of(&NOUNS));
        (format!("{verb}_{noun}_{}", self.numbers.below(9)), format!("Does {verb} one {noun}."))
    }

    fn add_server(&mut self) {
        let slug = format!("{}-{}", self.numbers.of(&NOUNS), self.numbers.below(1000));
        if self.servers.iter().any(|(known, _)| *known == slug) {
            return;
        }
        let tools = (0..=self.numbers.below(5)).map(|_| self.tool()).collect();
        self.servers.push((slug, tools));
        self.write(self.servers.len() - 1);
    }

    fn write(&self, at: usize) {
        let (slug, tools) = &self.servers[at];
        let mut seen: Vec<&str> = Vec::new();
        let tools: Vec<_> = tools
            .iter()
            .filter(|(name, _)| {
                !seen.contains(&name.as_str()) && {
                    seen.push(name);
                    true
                }
            })
            .map(|(name, description)| serde_json::json!({"name": name, "description": description}))
            .collect();
        let text = serde_json::json!({"tools": tools}).to_string();
        self.project.file(&format!("catalog/{slug}/manifest.json"), &text);
    }

    /// Changes one thing, and says what; also of which server alone, where it is of one.
    fn step(&mut self) -> (String, Option<String>) {
        let slugs: Vec<String> = self.servers.iter().map(|(slug, _)| slug.clone()).collect();
        let said = self.change();
        let of_one = [" has one tool ", " can ", " is decided", "is decided about", " has another time"];
        let slug = slugs.into_iter().filter(|slug| said.contains(slug)).max_by_key(String::len);
        let slug = slug.filter(|_| of_one.iter().any(|words| said.contains(words)));
        (said, slug)
    }

    fn change(&mut self) -> String {
        let at = self.numbers.below(self.servers.len());
        let slug = self.servers[at].0.clone();
        let folder = self.project.path().join("catalog").join(&slug);
        match self.numbers.below(14) {
            0 => {
                self.add_server();
                "a server comes".to_owned()
            }
            1 if self.servers.len() > 2 => {
                fs::remove_dir_all(folder).unwrap();
                self.servers.remove(at);
                format!("{slug} goes")
            }
            2 => {
                let new = format!("{slug}x");
                fs::rename(&folder, folder.with_file_name(&new)).unwrap();
                self.servers[at].0.clone_from(&new);
                format!("{slug} is {new}")
            }
            3 | 4 => {
                let tool = self.tool();
                self.servers[at].1.push(tool);
                self.write(at);
                format!("{slug} has one tool more")
            }
            5 if self.servers[at].1.len() > 1 => {
                self.servers[at].1.pop();
                self.write(at);
                format!("{slug} has one tool less")
            }
            6 | 7 => {
                let verb = *self.numbers.of(&VERBS);
                self.servers[at].1[0].1 = format!("Can {verb} something.");
                self.write(at);
                format!("the first tool of {slug} can {verb}")
            }
            8 => {
                let title = format!("[site]\ntitle = \"Site {}\"\n", self.numbers.below(3));
                let kinds = ["", "[output]\nmarkdown_tools = false\n", "[output]\nsearch = false\n"];
                let base = ["", "base_url = \"https://example.org/x/\"\n", "granularity = \"server\"\n"];
                let (base, kinds) = (*self.numbers.of(&base), *self.numbers.of(&kinds));
                let text = format!("{title}{base}{kinds}");
                self.project.file("toolcard.toml", &text);
                format!("the configuration is {text:?}")
            }
            9 => {
                let decided = folder.join("overrides.toml");
                if decided.exists() {
                    fs::remove_file(decided).unwrap();
                    return format!("nothing is decided about {slug}");
                }
                let tool = self.servers[at].1[0].0.clone();
                self.project.run(&[
                    "override",
                    &format!("{slug}/{tool}"),
                    "--class",
                    "destructive",
                    "--reason",
                    "seen",
                    "--by",
                    "me",
                ]);
                format!("the class of {slug}/{tool} is decided")
            }
            10 => {
                self.project.run(&["lock"]);
                "the labels are locked".to_owned()
            }
            11 => {
                let pages = published(&self.project, "dist");
                let page = &self.numbers.of(&pages).0;
                fs::remove_file(self.project.path().join("dist").join(page)).unwrap();
                format!("{page} is removed from the site")
            }
            12 => {
                let file = fs::File::options().append(true).open(folder.join("manifest.json")).unwrap();
                file.set_modified(SystemTime::now() - Duration::from_secs(self.numbers.below(9_000) as u64)).unwrap();
                format!("the manifest of {slug} has another time")
            }
            _ => {
                self.project.file("catalog/_attacks/none.txt", "not an article");
                "nothing of the site changes".to_owned()
            }
        }
    }
}

#[test]
fn a_catalogue_changed_at_random_builds_as_from_nothing() {
    for seed in [1, 2] {
        let mut changing = Changing::new(seed);
        built(&changing.project, "dist");
        let mut steps = Vec::new();
        let mut shown = 0;
        for step in 0..30 {
            let mut live = live(&changing.project);
            let (said, of_one) = changing.step();
            steps.push(said);
            let files = of_one.and_then(|slug| live.as_mut()?.server(&slug));
            built(&changing.project, "dist");
            if let Some(files) = files {
                let built = published(&changing.project, "dist").into_iter();
                let of_server = |path: &str| path.starts_with(&files.folder) || files.files.contains_key(path);
                let built: Tree = built.filter(|(path, _)| of_server(path)).collect();
                let differ = difference(&built, &files.files.into_iter().collect());
                assert_eq!(differ, None, "shown before it was built: seed {seed}, after {steps:#?}");
                shown += 1;
            }
            // A clean build costs more than all else here, so every other step has one: what stays wrong is found a step later.
            if step % 2 == 0 {
                continue;
            }
            let clean = format!("clean-{step}");
            built(&changing.project, &clean);
            let differ = difference(&published(&changing.project, "dist"), &published(&changing.project, &clean));
            assert_eq!(differ, None, "seed {seed}, after {steps:#?}");
            fs::remove_dir_all(changing.project.path().join(clean)).unwrap();
        }
        assert!(shown > 5, "{shown} edits were of one server");
    }
}

/// The site as its last build left it.
fn live(project: &Project) -> Option<LiveSite> {
    let catalog = project.path().join("catalog");
    LiveSite::open(&catalog, &project.path().join("dist"), &Config::find(&catalog, None).unwrap())
}

#[test]
fn what_is_of_no_server_with_pages_or_cannot_be_read_is_not_shown_before_it_is_built() {
    let project = three();
    assert!(live(&project).is_none(), "nothing was built yet");
    built(&project, "dist");
    let mut live = live(&project).unwrap();
    let at = |path: &str| project.path().join("catalog").join(path);
    assert_eq!(live.server_of(&at("one/manifest.json")), Some("one"));
    assert_eq!(live.server_of(&at("one/overrides.toml")), Some("one"));
    // As a system names it that follows the links on the way.
    let whole = project.path().canonicalize().unwrap().join("catalog/one/manifest.json");
    assert_eq!(live.server_of(&whole), Some("one"));
    for path in ["four/manifest.json", "history.jsonl", "", "../toolcard.toml"] {
        assert_eq!(live.server_of(&at(path)), None, "{path}");
    }
    project.file("catalog/one/manifest.json", "{");
    assert!(live.server("one").is_none());
    fs::remove_file(at("two/manifest.json")).unwrap();
    assert!(live.server("two").is_none() && live.server("three").is_some());
}

#[test]
#[cfg(unix)]
fn a_link_in_the_place_of_a_manifest_is_not_followed_before_a_build_looks_at_it() {
    let project = three();
    built(&project, "dist");
    let mut live = live(&project).unwrap();
    project.file("elsewhere.json", r#"{"tools": [{"name": "get_secret"}]}"#);
    let manifest = project.path().join("catalog/one/manifest.json");
    fs::remove_file(&manifest).unwrap();
    std::os::unix::fs::symlink(project.path().join("elsewhere.json"), &manifest).unwrap();
    assert!(live.server("one").is_none());
}

/// Three servers whose lists have several parts.
fn long() -> Project {
    let project = Project::new();
    project.file("toolcard.toml", "[site]\ngranularity = \"server\"\nbase_url = \"https://example.org/\"\n[output]\nsearch = false\npictures = false\n");
    for slug in ["alpha", "beta", "gamma"] {
        let names: Vec<String> = (0..450).map(|i| format!("get_thing_{i}")).collect();
        let tools: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "Gets a thing.")).collect();
        project.server(slug, &tools);
    }
    project
}

#[test]
fn a_new_tool_changes_the_part_of_a_list_that_has_it() {
    let project = long();
    built(&project, "dist");
    project.server("delta", &[("get_thing", "Gets a thing.")]);
    let report = built(&project, "dist");
    built(&project, "clean");
    assert_eq!(difference(&published(&project, "dist"), &published(&project, "clean")), None);
    let written = |path: &str| report.rebuilt.iter().any(|rebuilt| rebuilt.unit == path);
    assert!(written("classes/read/index.html") && written("classes/read/in-d.html"), "{:?}", report.rebuilt);
    assert!(!written("classes/read/in-a.html") && !written("tools/alpha/"), "{:?}", report.rebuilt);
}

fn three() -> Project {
    let project = Project::new();
    for slug in ["one", "two", "three"] {
        project.server(slug, &[("get_thing", "Gets a thing."), ("delete_thing", "Deletes a thing.")]);
    }
    project
}

/// Makes every file of a folder an hour old.
fn age(folder: &Path) {
    let old = SystemTime::now() - Duration::from_secs(3_600);
    for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file()) {
        fs::File::options().append(true).open(entry.path()).unwrap().set_modified(old).unwrap();
    }
}

#[test]
fn what_did_not_change_is_neither_read_nor_rendered() {
    let project = three();
    age(&project.path().join("catalog"));
    built(&project, "dist");
    assert!(built(&project, "dist").rebuilt.is_empty());
    project.server("two", &[("get_other", "Gets another thing."), ("delete_thing", "Deletes a thing.")]);
    let report = built(&project, "dist");
    let why = |unit: &str| report.rebuilt.iter().find(|r| r.unit == unit).map(|r| r.why.as_str());
    assert_eq!(why("tools/two/"), Some("its manifest or its overrides changed"));
    assert_eq!(why("tools/one/"), Some("a tool of another server that its pages name changed"));
    assert_eq!(why("glossary.html"), Some("what it lists changed"));
    assert_eq!(why("static/"), None);
}

#[test]
fn the_reasons_for_rendering_are_printed_and_changes_listed() {
    let project = three();
    let run = project.run(&["build", "--explain-rebuild", "--changes", "changes.txt"]).exits(0);
    assert!(run.stdout.contains("tools/one/: nothing was built before\n"), "{}", run.stdout);
    let files = published(&project, "dist").len();
    let listed = project.read("changes.txt");
    assert_eq!(listed.lines().filter(|line| line.starts_with("written ")).count(), files);
    fs::remove_dir_all(project.path().join("catalog/three")).unwrap();
    project.run(&["build", "--changes", "changes.txt"]).exits(0);
    let listed = project.read("changes.txt");
    assert!(listed.contains("removed tools/three/get_thing.html\n"), "{listed}");
    assert!(
        listed.contains("written index.html\n") && !listed.contains("written tools/one/get_thing.md\n"),
        "{listed}"
    );
    let rendered = project.run(&["build", "--explain-rebuild", "--changes", "changes.txt"]).exits(0).stdout;
    assert_eq!((rendered.lines().count(), project.read("changes.txt").as_str()), (1, ""), "{rendered}");
}

#[test]
fn what_every_page_depends_on_renders_every_page_with_its_reason() {
    let project = three();
    project.file("toolcard.toml", "[site]\ntheme = \"theme\"\n").file("theme/static/mine.css", "a{}");
    built(&project, "dist");
    let why = |project: &Project| {
        let report = built(project, "dist");
        report.rebuilt.into_iter().find(|rebuilt| rebuilt.unit == "tools/one/").map(|rebuilt| rebuilt.why)
    };
    assert_eq!(why(&project), None);
    project.file("theme/templates/badge.svg", "<svg/>");
    assert_eq!(why(&project).as_deref(), Some("the theme changed"));
    project.file("toolcard.toml", "[site]\ntheme = \"theme\"\ntitle = \"Mine\"\n");
    assert_eq!(why(&project).as_deref(), Some("the configuration changed"));
    project
        .file(
            "catalog/verbs.toml",
            "verbs = [{ verb = \"frob\", class = \"Destructive\", weight = 0.95, sources = [\"mcp\"] }]\n",
        )
        .file("catalog/signals.toml", "[sources.mcp]\ntitle = \"A source\"\nurl = \"https://x.example\"\n");
    assert_eq!(why(&project).as_deref(), Some("the lexicon of the catalogue changed"));
    let ledger = project.read("dist/.toolcard/ledger");
    let (units, last) = ledger.trim_end().rsplit_once('\n').unwrap();
    let mut words: Vec<&str> = last.split(' ').collect();
    words[3] = "0";
    project.file("dist/.toolcard/ledger", &format!("{units}\n{}\n", words.join(" ")));
    assert_eq!(why(&project).as_deref(), Some("this is another toolcard"));
}

#[test]
#[cfg(unix)] // elsewhere a file of the same size and time counts as the same
fn a_change_that_keeps_size_and_time_is_seen() {
    let project = three();
    let manifest = project.path().join("catalog/one/manifest.json");
    age(&project.path().join("catalog"));
    let time = fs::metadata(&manifest).unwrap().modified().unwrap();
    built(&project, "dist");
    built(&project, "dist");
    let text = fs::read_to_string(&manifest).unwrap().replace("Gets a", "Nets a");
    fs::write(&manifest, text).unwrap();
    fs::File::options().append(true).open(&manifest).unwrap().set_modified(time).unwrap();
    built(&project, "dist");
    built(&project, "clean");
    assert_eq!(difference(&published(&project, "dist"), &published(&project, "clean")), None);
}

#[test]
fn a_page_that_somebody_truncated_is_found_by_verify_and_after_a_cut() {
    let project = three();
    built(&project, "dist");
    let clean = published(&project, "dist");
    let page = "dist/tools/one/get_thing.html";
    project.file(page, "<p>cut");
    let report =
        built_with(&project, "dist", BuildOptions { look: Look::Bytes, explain: true, ..BuildOptions::default() });
    assert_eq!(difference(&published(&project, "dist"), &clean), None);
    assert_eq!(report.rebuilt.len(), 1, "{:?}", report.rebuilt);
    project.file(page, "<p>cut").file("dist/.toolcard/unfinished", "");
    built(&project, "dist");
    assert_eq!(difference(&published(&project, "dist"), &clean), None);
}

#[test]
fn kept_rows_that_are_damaged_are_made_anew() {
    let project = three();
    built(&project, "dist");
    let clean = published(&project, "dist");
    for file in ["rows", "words"] {
        let path = project.path().join("dist/.toolcard").join(file);
        let whole = fs::read(&path).unwrap();
        for cut in [0, 10, whole.len() / 2, whole.len() - 1] {
            fs::write(&path, &whole[..cut]).unwrap();
            project.server("two", &[("get_thing", &format!("Gets {cut}."))]);
            built(&project, "dist");
            project.server("two", &[("get_thing", "Gets a thing."), ("delete_thing", "Deletes a thing.")]);
            built(&project, "dist");
            assert_eq!(difference(&published(&project, "dist"), &clean), None, "{file} cut at {cut}");
        }
        let mut noise = whole.clone();
        noise.iter_mut().skip(64).step_by(7).for_each(|byte| *byte ^= 0x55);
        fs::write(&path, noise).unwrap();
        built(&project, "dist");
        built(&project, "dist");
        assert_eq!(difference(&published(&project, "dist"), &clean), None, "noise in {file}");
    }
}

#[test]
fn what_is_wrong_is_told_again_where_the_catalogue_lies_now() {
    let project = Project::new();
    project.file("catalog/a/manifest.json", r#"[{"name": "../../x"}]"#);
    age(&project.path().join("catalog"));
    for _ in 0..2 {
        let run = project.run(&["build"]).exits(0);
        assert!(run.stderr.contains("odd-name") && run.stderr.contains("catalog/a/manifest.json"), "{}", run.stderr);
    }
    fs::rename(project.path().join("catalog"), project.path().join("moved")).unwrap();
    let run = project.run(&["build", "--catalog", "moved"]).exits(0);
    assert!(run.stderr.contains("moved/a/manifest.json") && !run.stderr.contains("catalog/a"), "{}", run.stderr);
}

#[test]
fn four_parts_merged_are_the_bytes_of_one_build() {
    let project = three();
    built(&project, "whole");
    for number in 1..=4 {
        let shard = Some(Shard { number, of: 4 });
        built_with(&project, &format!("part-{number}"), BuildOptions { shard, ..BuildOptions::default() });
    }
    let parts = ["part-1", "part-2", "part-3", "part-4"];
    let sizes: usize = parts.iter().map(|part| published(&project, part).len()).sum();
    assert_eq!(sizes, published(&project, "whole").len());
    let merge = |parts: &[&str]| project.run(&[&["merge", "--out", "merged"], parts].concat());
    let refused = merge(&parts[..3]).exits(2);
    assert!(refused.stderr.contains("4/4"), "{}", refused.stderr);
    merge(&["part-1", "part-2", "part-3", "part-3"]).exits(2);
    merge(&parts).exits(0);
    assert_eq!(difference(&published(&project, "merged"), &published(&project, "whole")), None);
    assert!(merge(&parts).exits(0).stdout.contains("0 files written"));
    // A whole build goes on from there.
    assert_eq!(built(&project, "merged").tally.written, 0);
    project.server("two", &[("get_thing", "Gets a thing.")]);
    built_with(&project, "part-2", BuildOptions { shard: Some(Shard { number: 2, of: 4 }), ..BuildOptions::default() });
    assert!(merge(&parts).exits(2).stderr.contains("part-2"));
}
