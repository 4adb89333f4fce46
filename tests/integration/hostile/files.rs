//! Files that are not files, or that have no end: reported by name, never waited for, never in memory; links lead nowhere else.
#![cfg(unix)]

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Project, Run};

const SMALL: &str = r#"{"tools": [{"name": "get_thing", "description": "Get a thing."}]}"#;
const ARTICLE: &str = include_str!("../../../catalog/_attacks/free-code.md");

/// Two servers, and every file that a catalogue can have.
fn project() -> Project {
    let project = Project::new();
    project
        .file("catalog/a/manifest.json", SMALL)
        .file("catalog/b/manifest.json", SMALL)
        .file("catalog/_attacks/free-code.md", ARTICLE);
    project.run(&["lock"]).exits(0);
    project
}

/// Runs a command that must end by itself.
fn ends(project: &Project, args: &[&str]) -> Run {
    let (out, err) = (project.path().join("out.txt"), project.path().join("err.txt"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_toolcard"))
        .args(args)
        .current_dir(project.path())
        .stdin(Stdio::null())
        .stdout(File::create(&out).unwrap())
        .stderr(File::create(&err).unwrap())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{args:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let run = Run {
        code: status.code().unwrap_or_else(|| panic!("{args:?}: {status}")),
        stdout: fs::read_to_string(out).unwrap(),
        stderr: fs::read_to_string(err).unwrap(),
    };
    assert!((0..=2).contains(&run.code), "{args:?}: {}\n{}", run.code, run.stderr);
    run
}

/// Each file of a catalogue, and the commands that read it.
const READ_BY: &[(&str, &[&[&str]])] = &[
    (
        "catalog/a/manifest.json",
        &[
            &["build"],
            &["classify", "catalog"],
            &["explain", "a/get_thing"],
            &["policy", "a"],
            &["lock"],
            &["review", "--base", "risk.lock"],
        ],
    ),
    (
        "catalog/a/overrides.toml",
        &[
            &["build"],
            &["classify", "catalog"],
            &["explain", "a/get_thing"],
            &["policy", "a"],
            &["lock"],
            &["review", "--base", "risk.lock"],
        ],
    ),
    ("catalog/_attacks/free-code.md", &[&["build"]]),
    ("catalog/_changes.json", &[&["build"], &["lock"]]),
    ("catalog/risk.lock", &[&["lock"], &["review", "--base", "catalog/risk.lock"]]),
    (
        "catalog/verbs.toml",
        &[&["build"], &["classify", "catalog"], &["policy", "a"], &["lock"], &["explain", "a/get_thing"]],
    ),
    ("catalog/signals.toml", &[&["build"], &["review", "--base", "risk.lock"]]),
    ("toolcard.toml", &[&["build"]]),
    ("dist/.toolcard/ledger", &[&["build"]]),
    ("dist/.toolcard/unfinished", &[&["build"]]),
    ("dist/.toolcard/lock", &[&["build"]]),
];

/// Puts something in the place of each file in turn and runs what reads it; `told` is what is said of it.
fn each(put: impl Fn(&std::path::Path), told: &[&str]) {
    for (file, commands) in READ_BY {
        for args in *commands {
            let project = project();
            fs::copy(project.path().join("catalog/risk.lock"), project.path().join("risk.lock")).unwrap();
            let path = project.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            let _ = fs::remove_file(&path);
            put(&path);
            let run = ends(&project, args);
            let said = run.stderr.clone() + &run.stdout;
            assert!(told.iter().any(|t| said.contains(t)), "{file}, {args:?}: {said}");
            assert_ne!(run.code, 0, "{file}, {args:?}: {said}");
            // The rest is there where the catalogue as a whole could be read.
            if args[0] == "build" && file.starts_with("catalog/a/") {
                assert!(project.exists("dist/tools/b/get_thing.html"), "{file}");
            }
        }
    }
}

#[test]
fn a_pipe_in_the_place_of_any_file_is_reported_and_not_waited_for() {
    each(
        |path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        &["not a regular file", "toolcard did not write the file or link"],
    );
}

#[test]
fn a_link_to_a_device_in_the_place_of_any_file_is_not_read() {
    each(
        |path| symlink("/dev/zero", path).unwrap(),
        &["not a regular file", "link-leaves-catalogue", "toolcard did not write the file or link"],
    );
}

#[test]
fn a_file_of_three_gigabytes_in_any_place_is_reported_and_not_read() {
    each(
        |path| {
            if path.ends_with("lock") && path.parent().unwrap().ends_with(".toolcard") {
                // It is emptied, not read.
                symlink("/dev/zero", path).unwrap();
            } else {
                File::create(path).unwrap().set_len(3 << 30).unwrap();
            }
        },
        &["is larger than", "toolcard did not write the file or link"],
    );
}

#[test]
fn a_link_that_leaves_the_catalogue_publishes_nothing() {
    let project = project();
    project
        .file("elsewhere/manifest.json", r#"{"tools": [{"name": "secret_tool"}]}"#)
        .file("elsewhere/overrides.toml", "")
        .file("elsewhere/free-code.md", ARTICLE);
    let at = |path: &str| project.path().join(path);
    fs::create_dir(at("catalog/c")).unwrap();
    symlink("../../elsewhere/manifest.json", at("catalog/c/manifest.json")).unwrap();
    symlink("../elsewhere", at("catalog/d")).unwrap();
    symlink("../../elsewhere/overrides.toml", at("catalog/a/overrides.toml")).unwrap();
    fs::remove_file(at("catalog/_attacks/free-code.md")).unwrap();
    symlink("../../elsewhere/free-code.md", at("catalog/_attacks/free-code.md")).unwrap();
    // Within the catalogue a link is fine.
    symlink("b", at("catalog/e")).unwrap();
    let run = ends(&project, &["build"]);
    assert_eq!((run.code, run.stderr.matches("link-leaves-catalogue").count()), (1, 4), "{}", run.stderr);
    assert!(
        project.exists("dist/tools/e/get_thing.html")
            && !project.exists("dist/tools/c")
            && !project.exists("dist/tools/d")
    );
    assert!(project.tree("dist").iter().all(|(_, bytes)| !bytes.windows(11).any(|w| w == b"secret_tool")));
    let run = ends(&project, &["classify", "catalog"]);
    assert!(run.code == 1 && run.stderr.matches("link-leaves-catalogue").count() == 3, "{}", run.stderr);
    assert!(!run.stdout.contains("secret_tool"), "{}", run.stdout);
    for args in [&["policy", "d"][..], &["lock"], &["review", "--base", "catalog/risk.lock"]] {
        let run = ends(&project, args);
        assert!(
            !run.stdout.contains("secret_tool") && !project.read("catalog/risk.lock").contains("secret_tool"),
            "{args:?}"
        );
    }
}

#[test]
fn no_import_is_written_through_a_link_that_leaves() {
    let project = project();
    project.file("elsewhere/manifest.json", "precious").file("tools.json", SMALL);
    symlink("../elsewhere", project.path().join("catalog/c")).unwrap();
    let run = ends(&project, &["import", "tools.json", "--slug", "c"]);
    assert!(
        run.code == 1 && run.stderr.contains("the link leads out of the catalogue"),
        "{}: {}",
        run.code,
        run.stderr
    );
    assert_eq!(project.read("elsewhere/manifest.json"), "precious");
    // A link in the place of the file itself goes.
    fs::create_dir(project.path().join("catalog/d")).unwrap();
    symlink("../../elsewhere/manifest.json", project.path().join("catalog/d/manifest.json")).unwrap();
    ends(&project, &["import", "tools.json", "--slug", "d"]);
    assert_eq!(project.read("elsewhere/manifest.json"), "precious");
}

#[test]
fn a_link_in_the_private_folder_of_the_output_is_not_written_through() {
    for name in ["lock", "ledger", "unfinished", "ledger.new"] {
        let project = project();
        project.file("victim", "precious");
        fs::create_dir_all(project.path().join("dist/.toolcard")).unwrap();
        symlink("../../victim", project.path().join("dist/.toolcard").join(name)).unwrap();
        let run = ends(&project, &["build"]);
        assert_eq!((run.code, project.read("victim").as_str()), (2, "precious"), "{name}: {}", run.stderr);
    }
}
