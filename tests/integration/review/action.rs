//! The Action's own shell steps, run here: on a pull request, on a fork, with and without a release.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_yaml_ng::Value;

use crate::support::{Project, clean};

/// One step of a composite action.
struct Step {
    id: String,
    run: String,
    env: BTreeMap<String, String>,
}

fn action() -> (Value, Vec<Step>) {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("action.yml")).expect("action.yml");
    let action: Value = serde_yaml_ng::from_str(&text).expect("YAML");
    let text = |v: &Value| v.as_str().expect("a text").to_owned();
    let step = |s: &Value| Step {
        id: text(&s["id"]),
        run: text(&s["run"]),
        env: s["env"].as_mapping().expect("env").iter().map(|(k, v)| (text(k), text(v))).collect(),
    };
    let steps = action["runs"]["steps"].as_sequence().expect("steps").iter().map(step).collect();
    (action, steps)
}

/// A runner: folders, a path with our own `curl`, `cargo` and `gh`, what earlier steps said.
struct Runner {
    place: Project,
    /// What `place` was cloned from.
    _origin: Option<Project>,
    known: BTreeMap<String, String>,
}

impl Runner {
    fn new(place: Project) -> Self {
        for folder in ["temp", "bin", "release"] {
            std::fs::create_dir_all(place.path().join(folder)).expect("folder");
        }
        let mut known = BTreeMap::new();
        for (key, value) in [
            ("inputs.catalog", "catalog"),
            ("inputs.fail-on", "raised"),
            ("inputs.version", env!("CARGO_PKG_VERSION")),
            ("inputs.releases", "https://example.org/releases"),
            ("inputs.token", "t"),
            ("github.event.pull_request.number", "7"),
        ] {
            known.insert(key.to_owned(), value.to_owned());
        }
        Self { place, _origin: None, known }
    }

    fn program(&self, name: &str, text: &str) {
        let path = self.place.path().join("bin").join(name);
        std::fs::write(&path, format!("#!/usr/bin/env bash\n{text}\n")).expect("writes");
        let done = Command::new("chmod").arg("+x").arg(&path).status().expect("chmod");
        assert!(done.success());
    }

    fn with_toolcard(self) -> Self {
        self.program("toolcard", &format!("exec '{}' \"$@\"", env!("CARGO_BIN_EXE_toolcard")));
        self
    }

    /// `${{ a || b }}` as GitHub would put it: the first name that is known and not empty.
    fn value(&self, expression: &str) -> String {
        let Some(inner) = expression.strip_prefix("${{").and_then(|e| e.strip_suffix("}}")) else {
            return expression.to_owned();
        };
        let found = inner.split("||").filter_map(|name| self.known.get(name.trim())).find(|v| !v.is_empty());
        found.cloned().unwrap_or_default()
    }

    fn run(&mut self, id: &str) -> (i32, String) {
        let step = action().1.into_iter().find(|s| s.id == id).expect(id);
        let temp = self.place.path().join("temp");
        let output = temp.join("output");
        std::fs::write(&output, "").expect("writes");
        let mut command = clean("bash", &self.place.path().join("."));
        command.args(["--noprofile", "--norc", "-e", "-o", "pipefail", "-c", &step.run]);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.place.path().join("bin").display()));
        command.env("RUNNER_TEMP", &temp).env("GITHUB_OUTPUT", &output);
        command.env("GITHUB_PATH", temp.join("path")).env("GITHUB_STEP_SUMMARY", temp.join("summary"));
        command.env("GITHUB_REPOSITORY", "owner/name").env("RELEASE", self.place.path().join("release"));
        command.env("SUFFIX", self.known.get("suffix").map_or("", String::as_str));
        for (key, value) in &step.env {
            command.env(key, self.value(value));
        }
        let ran = command.output().expect("bash");
        for line in std::fs::read_to_string(&output).expect("reads").lines() {
            let (key, value) = line.split_once('=').expect("key=value");
            self.known.insert(format!("steps.{id}.outputs.{key}"), value.to_owned());
        }
        let said = String::from_utf8_lossy(&ran.stdout).into_owned() + &String::from_utf8_lossy(&ran.stderr);
        (ran.status.code().expect("a code"), said)
    }
}

fn pull_request(description: &str) -> Runner {
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[("do_it", "Returns the name of a project.")]);
    let base = place.commit("2026-11-01");
    place.server("a", &[("do_it", description)]);
    place.commit("2026-11-02");
    let mut runner = Runner::new(place).with_toolcard();
    runner.known.insert("github.event.pull_request.base.sha".to_owned(), base);
    runner
}

#[test]
fn the_action_uses_no_other_and_puts_nothing_into_its_scripts() {
    let (action, steps) = action();
    assert_eq!(action["runs"]["using"].as_str(), Some("composite"));
    for (step, raw) in steps.iter().zip(action["runs"]["steps"].as_sequence().expect("steps")) {
        assert!(raw["uses"].is_null() && raw["shell"].as_str() == Some("bash"));
        assert!(!step.run.contains("${{"), "{}: what a pull request says must come through env", step.id);
    }
    assert_eq!(action["inputs"]["version"]["default"].as_str(), Some(env!("CARGO_PKG_VERSION")));
}

#[test]
fn a_label_that_rose_fails_the_step_with_annotations_and_a_summary() {
    let mut runner = pull_request("Permanently deletes a project.");
    assert_eq!(runner.run("install").0, 0);
    assert_eq!(runner.run("base"), (0, String::new()));
    let (code, said) = runner.run("review");
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("::error title=label-raised,file=catalog/a/manifest.json,line="), "{said}");
    let summary = runner.place.read("temp/summary");
    assert!(summary.starts_with("<!-- toolcard-review -->") && summary.contains("label-raised"), "{summary}");
    assert_eq!(runner.place.read("temp/toolcard-review.md"), summary);
    assert!(runner.place.read("temp/toolcard-review.json").contains("\"schema_version\": 1"));
}

#[test]
fn a_change_that_may_pass_passes_and_is_shown() {
    let mut runner = pull_request("Returns the name of one project.");
    runner.run("base");
    let (code, said) = runner.run("review");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("::notice title=description-changed"), "{said}");
}

#[test]
fn a_base_that_is_not_there_is_fetched_and_a_missing_one_is_reported() {
    let mut runner = pull_request("Returns the name of one project.");
    let origin = runner.place.path().join(".").display().to_string();
    let clone = Project::with_catalog();
    std::fs::remove_dir(clone.path().join("catalog")).expect("empty");
    clone.git(&["clone", "-q", "--depth=1", &format!("file://{origin}"), "."]);
    let known = std::mem::take(&mut runner.known);
    let mut runner = Runner { known, ..Runner::new(clone) }.with_toolcard();
    let (code, said) = runner.run("base");
    assert_eq!(code, 0, "{said}");
    assert_eq!(runner.run("review").0, 0);
    runner.known.remove("github.event.pull_request.base.sha");
    let (code, said) = runner.run("base");
    assert_eq!(code, 1);
    assert!(said.contains("give the input base"), "{said}");
    runner.known.insert("inputs.base".to_owned(), "--upload-pack=x".to_owned());
    assert_eq!(runner.run("base").0, 1);
}

/// `curl` serves files of the folder `release`, `cargo install` makes a file that says so.
fn offline(runner: &Runner) {
    let curl =
        "while [ $# -gt 1 ]; do [ \"$1\" = -o ] && out=$2; shift; done\ncp \"$RELEASE/${1##*/}\" \"$out\" 2>/dev/null";
    runner.program("curl", curl);
    runner.program("cargo", "echo \"cargo $*\" >&2; mkdir -p \"$4/bin\"; echo built > \"$4/bin/toolcard$SUFFIX\"");
}

#[test]
fn without_a_release_the_action_builds_its_own_source() {
    let mut runner = Runner::new(Project::with_catalog());
    offline(&runner);
    runner.known.insert("github.action_path".to_owned(), "/of/the/action".to_owned());
    let (code, said) = runner.run("install");
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("cargo install --locked --root") && said.contains("--path /of/the/action\n"), "{said}");
    let folder = format!("temp/toolcard-{}", env!("CARGO_PKG_VERSION"));
    assert_eq!(runner.place.read(&format!("{folder}/toolcard")), "built\n");
    assert!(runner.place.read("temp/path").trim_end().ends_with(&folder));
}

#[test]
fn a_release_is_taken_when_its_checksum_holds_and_never_otherwise() {
    let mut runner = Runner::new(Project::with_catalog());
    offline(&runner);
    let release = runner.place.path().join("release");
    let shell = "case \"$(uname -s)-$(uname -m)\" in Linux-x86_64) t=x86_64-unknown-linux-musl ;; Linux-aarch64) t=aarch64-unknown-linux-musl ;; \
         Darwin-arm64) t=aarch64-apple-darwin ;; *) t=x86_64-apple-darwin ;; esac; a=toolcard-$t.tar.gz; \
         mkdir toolcard-$t; echo released > toolcard-$t/toolcard; tar -czf $a toolcard-$t; (sha256sum $a 2>/dev/null || shasum -a 256 $a) > $a.sha256; echo $a";
    let packed = clean("bash", &release).args(["-c", shell]).output().expect("packs");
    let archive = String::from_utf8(packed.stdout).expect("UTF-8").trim().to_owned();
    assert_eq!(runner.run("install"), (0, String::new()));
    let program = format!("temp/toolcard-{}/toolcard", env!("CARGO_PKG_VERSION"));
    assert_eq!(runner.place.read(&program), "released\n");

    std::fs::write(release.join(format!("{archive}.sha256")), format!("{}  {archive}\n", "0".repeat(64)))
        .expect("writes");
    let (code, said) = runner.run("install");
    assert_eq!(code, 1);
    assert!(said.contains("checksum") && !said.contains("cargo"), "{said}");
}

#[test]
fn on_windows_the_action_takes_the_zip_or_builds_an_exe() {
    let mut runner = Runner::new(Project::with_catalog());
    offline(&runner);
    runner.program("uname", "[ \"$1\" = -s ] && echo MINGW64_NT-10.0-20348 || echo x86_64");
    runner.program("cygpath", "[ \"$1\" = -w ] && echo \"WINDOWS:$2\" || echo \"$2\"");
    runner.program("unzip", "while [ $# -gt 0 ]; do [ \"$1\" = -d ] && out=$2; [ \"${1%.exe}\" != \"$1\" ] && file=$1; shift; done; echo unpacked > \"$out/$file\"");
    runner.known.insert("suffix".to_owned(), ".exe".to_owned());
    let folder = format!("temp/toolcard-{}", env!("CARGO_PKG_VERSION"));
    let (code, said) = runner.run("install");
    assert_eq!(code, 0, "{said}");
    assert_eq!(runner.place.read(&format!("{folder}/toolcard.exe")), "built\n");
    assert!(runner.place.read("temp/path").starts_with("WINDOWS:"));

    let release = runner.place.path().join("release");
    let shell = "a=toolcard-x86_64-pc-windows-msvc.zip; echo zip > $a; (sha256sum $a 2>/dev/null || shasum -a 256 $a) > $a.sha256";
    assert!(clean("bash", &release).args(["-c", shell]).status().expect("packs").success());
    assert_eq!(runner.run("install").0, 0);
    assert_eq!(runner.place.read(&format!("{folder}/toolcard.exe")), "unpacked\n");
}

/// A repository whose pull request was merged into a `main` that had moved on, as GitHub does it, cloned without history.
fn merged() -> (Runner, String, String) {
    let mut origin = pull_request("Permanently deletes a project.");
    let old = origin.known.remove("github.event.pull_request.base.sha").expect("a base");
    let place = &origin.place;
    place.git(&["branch", "change"]);
    place.git(&["reset", "-q", "--hard", &old]);
    place.server("b", &[("remove_all", "Permanently deletes everything.")]);
    let main = place.commit("2026-11-03");
    place.git(&["checkout", "-q", "--detach"]);
    place.git(&["merge", "-q", "--no-ff", "-m", "merge", "change"]);
    place.git(&["branch", "merged"]);
    let clone = Project::new();
    let from = format!("file://{}", origin.place.path().join(".").display());
    clone.git(&["clone", "-q", "--depth=1", "--branch=merged", &from, "."]);
    let head = clone.git(&["rev-parse", "HEAD"]);
    let Runner { place, known, .. } = origin;
    let mut runner = Runner { known, _origin: Some(place), ..Runner::new(clone) }.with_toolcard();
    for (key, value) in [
        ("github.event_name", "pull_request"),
        ("github.sha", head.as_str()),
        ("github.event.pull_request.base.sha", old.as_str()),
    ] {
        runner.known.insert(key.to_owned(), value.to_owned());
    }
    (runner, old, main)
}

#[test]
fn a_pull_request_is_compared_with_what_it_is_merged_into() {
    let (mut runner, old, main) = merged();
    let (code, said) = runner.run("base");
    assert_eq!(code, 0, "{said}");
    assert_eq!(runner.known["steps.base.outputs.rev"], main);
    let (code, said) = runner.run("review");
    assert_eq!(code, 1, "{said}");
    assert!(!said.contains("remove_all"), "what came in by the target is not the pull request's: {said}");
    // A workflow that checked out something else has no merge commit: the target of the event.
    runner.known.insert("github.sha".to_owned(), "0".repeat(40));
    assert_eq!(runner.run("base").0, 0);
    assert_eq!(runner.known["steps.base.outputs.rev"], old);
}

#[test]
fn a_new_branch_is_compared_with_the_default_branch() {
    let (mut runner, _, main) = merged();
    runner.known.remove("github.event.pull_request.base.sha");
    for (key, value) in [
        ("github.event_name", "push"),
        ("github.event.before", "0000000000000000000000000000000000000000"),
        ("github.event.repository.default_branch", "main"),
    ] {
        runner.known.insert(key.to_owned(), value.to_owned());
    }
    let (code, said) = runner.run("base");
    assert_eq!(code, 0, "{said}");
    assert_eq!(runner.known["steps.base.outputs.rev"], main);
    runner.known.insert("github.event.before".to_owned(), main.clone());
    assert_eq!(runner.run("base").0, 0);
    assert_eq!(runner.known["steps.base.outputs.rev"], main);
}

#[test]
fn a_private_repository_is_fetched_with_the_token() {
    let (mut runner, _, main) = merged();
    runner.known.insert("github.server_url".to_owned(), "https://github.com".to_owned());
    // A `git` that fetches for nobody but the token.
    let git = Command::new("bash").args(["-c", "command -v git"]).output().expect("git");
    let real = String::from_utf8(git.stdout).expect("UTF-8").trim().to_owned();
    let guard = "case \"$1\" in fetch) [ \"${GIT_CONFIG_VALUE_0:-}\" = 'AUTHORIZATION: basic eC1hY2Nlc3MtdG9rZW46dA==' ] && \
         [ \"$GIT_CONFIG_KEY_0\" = http.https://github.com/.extraheader ] || exit 128 ;; esac";
    runner.program("git", &format!("{guard}\nunset GIT_CONFIG_COUNT\nexec '{real}' \"$@\""));
    let (code, said) = runner.run("base");
    assert_eq!(code, 0, "{said}");
    assert_eq!(runner.known["steps.base.outputs.rev"], main);
    assert!(!said.contains("eC1hY2"), "{said}");
}

#[test]
fn the_comment_is_updated_in_place_and_a_fork_goes_without() {
    let mut runner = pull_request("Permanently deletes a project.");
    runner.run("base");
    runner.run("review");
    let log = "echo \"$@\" >> \"$RUNNER_TEMP/gh.log\"; case \"$*\" in";
    runner.program("gh", &format!("{log} *--paginate*) echo 42 ;; *PATCH*) echo https://x ;; *) exit 1 ;; esac"));
    let (code, said) = runner.run("comment");
    assert_eq!(code, 0, "{said}");
    let calls = runner.place.read("temp/gh.log");
    assert!(calls.contains("--method PATCH repos/owner/name/issues/comments/42 -F body=@"), "{calls}");
    assert!(!calls.contains("POST"), "{calls}");
    // A first comment.
    runner.program("gh", &format!("{log} *POST*) echo https://x ;; *PATCH*) exit 1 ;; esac"));
    assert_eq!(runner.run("comment"), (0, String::new()));
    // A fork's token reads and may not write.
    runner.program("gh", &format!("{log} *--paginate*) ;; *) exit 1 ;; esac"));
    let (code, said) = runner.run("comment");
    assert_eq!(code, 0);
    assert!(said.contains("the report is in the step summary"), "{said}");
}

#[test]
fn the_hooks_run_as_they_are_written() {
    let text =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml")).expect("hooks");
    let hooks: Value = serde_yaml_ng::from_str(&text).expect("YAML");
    let place = Project::with_catalog();
    place.init();
    place.server("a", &[("do_it", "Returns the name of a project.")]);
    place.run(&["lock"]);
    place.commit("2026-11-01");
    for hook in hooks.as_sequence().expect("hooks") {
        let entry: Vec<&str> = hook["entry"].as_str().expect("entry").split(' ').collect();
        assert_eq!(entry[0], "toolcard");
        let ran = place.run(&entry[1..]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
    }
}
