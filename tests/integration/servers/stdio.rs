//! Servers over standard input and output.

use std::time::{Duration, Instant};

use super::{heartbeat, import, is_alive, names, server, written};
use crate::support::Project;

#[test]
fn a_server_of_the_official_sdk_is_captured_with_all_its_pages_in_every_revision() {
    for version in ["2026-07-28", "2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"] {
        let project = Project::with_catalog();
        import(&project, &format!("sdk={version}"), &[]).exits(0);
        let manifest = written(&project);
        assert_eq!(names(&manifest), ["get_note", "list_notes", "delete_note"], "{version}");
        assert_eq!(manifest["protocolVersion"], version);
        assert_eq!(manifest["server"]["name"], "sdk-server");
        assert_eq!(manifest["server"]["version"], "1.2.3");
        assert_eq!(manifest["captured_at"].as_str().map(str::len), Some(10));
    }
}

#[test]
fn servers_of_every_revision_and_manner_of_refusing_another_are_spoken_to() {
    for (mode, version) in [
        ("newest", "2026-07-28"),
        ("version=2025-11-25", "2025-11-25"),
        ("version=2024-11-05", "2024-11-05"),
        ("version=2031-01-01", "2031-01-01"),
        ("silent+version=2024-11-05", "2024-11-05"),
        ("strict+version=2025-03-26", "2025-03-26"),
        ("bare+version=2025-06-18", "2025-06-18"),
        ("newest+sleep=800", "2026-07-28"),
    ] {
        let project = Project::with_catalog();
        import(&project, mode, &[]).exits(0);
        let manifest = written(&project);
        assert_eq!(names(&manifest), ["get_note", "delete_note"], "{mode}");
        assert_eq!(manifest["protocolVersion"], version, "{mode}");
    }
}

#[test]
fn nothing_of_what_a_server_says_is_lost_even_where_it_is_no_valid_definition() {
    let project = Project::with_catalog();
    import(&project, "odd", &[]).exits(0);
    let manifest = written(&project);
    let tool = &manifest["tools"][0];
    for (key, value) in [
        ("zeta", serde_json::json!(1)),
        ("execution", serde_json::json!({"taskSupport": "optional"})),
        ("x-mcp-header", serde_json::json!(7)),
        ("icons", serde_json::json!([])),
        ("annotations", serde_json::json!({"destructiveHint": true, "later": "x"})),
    ] {
        assert_eq!(tool[key], value, "{key}");
    }
    let text = project.read("catalog/s/manifest.json");
    assert!(text.find("\"z\": 1").unwrap() < text.find("\"a\": 2").unwrap(), "{text}");
    assert!(text.contains("18446744073709551615") && text.contains("\"instructions\": \"Be kind.\""), "{text}");
}

#[test]
fn pages_are_followed_to_the_end_and_a_listing_without_one_is_a_part() {
    let project = Project::with_catalog();
    import(&project, "paged", &[]).exits(0);
    assert_eq!(names(&written(&project)), ["get_a", "get_b"]);
    for (mode, why) in [
        ("loop", "two pages have the same `nextCursor`"),
        ("endless", "`nextCursor` is left"),
        ("fails-later", "`nextCursor` is left"),
    ] {
        let project = Project::with_catalog();
        let run = import(&project, mode, &[]).exits(1);
        assert!(run.stderr.contains(why), "{mode}: {}", run.stderr);
        assert!(!project.exists("catalog/s"), "{mode}");
    }
}

#[test]
fn messages_between_the_answers_are_answered_or_passed_over() {
    for mode in ["noise", "batch"] {
        let project = Project::with_catalog();
        import(&project, mode, &[]).exits(0);
        assert_eq!(names(&written(&project))[0], "get_note", "{mode}");
    }
    let project = Project::with_catalog();
    import(&project, "changes", &[]).exits(0);
    assert_eq!(names(&written(&project)), ["get_new"]);
}

#[test]
fn five_thousand_tools_are_captured_and_more_than_are_read_are_refused() {
    let project = Project::with_catalog();
    import(&project, "many=5000", &[]).exits(0);
    assert_eq!(names(&written(&project)).len(), 5000);
    let project = Project::with_catalog();
    let run = import(&project, "many=20001", &[]).exits(2);
    assert!(run.stderr.contains("more than 20000 tools"), "{}", run.stderr);
}

#[test]
fn every_failure_is_one_clear_error_and_nothing_hangs() {
    let short = ["--start-timeout", "1", "--answer-timeout", "1", "--stop-timeout", "0.2"];
    let long = ["--stop-timeout", "0.2"];
    let cases: [(&str, &[&str], &str); 12] = [
        ("die-at-start", &long, "the server ended before it answered (exit status: 7)"),
        ("die", &long, "the server ended before it listed its tools (exit status: 1)"),
        ("rubbish", &short, "nothing that the server wrote is a message of MCP; its first line is `"),
        ("stall-at-start", &short, "nothing that the server wrote is a message of MCP"),
        ("stall", &short, "did not list its tools within 1 s"),
        ("flood", &long, "sent more than 64 MiB"),
        ("chatter", &long, "sent more than 64 MiB"),
        ("error", &long, "refused `tools/list`: error -32603, `the notes burn`"),
        ("no-tools", &long, "it offers no tools"),
        ("refuse", &long, "refused `initialize`: error -32600, `Not 'here' "),
        ("latin-1", &long, "not UTF-8"),
        ("silent+deaf+stall", &short, "did not list its tools within 1 s"),
    ];
    for (mode, more, why) in cases {
        let project = Project::with_catalog();
        let run = import(&project, mode, more).exits(2);
        assert!(run.stderr.contains(why), "{mode}: {}", run.stderr);
        let errors = run.stderr.lines().filter(|line| line.starts_with("error: "));
        assert_eq!(errors.count(), 1, "{mode}: {}", run.stderr);
        assert!(run.stderr.contains("  help: "), "{mode}: {}", run.stderr);
        assert!(!run.stderr.contains(['\u{1b}', '\u{202e}']), "{mode}: {}", run.stderr);
        assert!(run.stderr.lines().all(|line| !line.trim_start().starts_with("::")), "{mode}: {}", run.stderr);
        assert!(project.tree("catalog").is_empty(), "{mode}");
    }
    let project = Project::with_catalog();
    let run = import(&project, "die-at-start", &[]).exits(2);
    assert!(run.stderr.contains("set NOTES_KEY"), "{}", run.stderr);
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let project = Project::with_catalog();
    let run = project.run(&["import", "--yes", "--stdio", "--", "no-such-program-anywhere", "x"]).exits(2);
    assert!(run.stderr.contains("`no-such-program-anywhere` cannot be started"), "{}", run.stderr);
}

#[test]
fn a_server_and_all_that_it_started_end_with_the_capture() {
    for mode in ["paged", "deaf", "stall", "die", "deaf+error"] {
        let project = Project::with_catalog();
        let file = heartbeat(&project);
        let mode = format!("{mode}+grandchild={}", file.display());
        import(&project, &mode, &["--answer-timeout", "1", "--stop-timeout", "0.2"]);
        assert!(file.exists(), "{mode}: the grandchild never ran");
        assert!(!is_alive(&file), "{mode}: the grandchild still runs");
    }
}

#[test]
fn a_server_sees_a_short_environment_and_what_is_named() {
    let seen = |more: &[&str]| {
        let project = Project::with_catalog();
        let words = server("variables");
        let mut all = vec!["import", "--slug", "s", "--yes", "--stdio"];
        all.extend(more);
        all.push("--");
        all.extend(words.iter().map(String::as_str));
        let mut command = crate::support::clean(env!("CARGO_BIN_EXE_toolcard"), project.path());
        command.args(all).env("AWS_SECRET_ACCESS_KEY", "planted").env("NOTES_KEY", "planted").env("LANG", "C");
        assert!(command.output().unwrap().status.success());
        written(&project)["tools"][0]["description"].as_str().unwrap().to_owned()
    };
    let few = seen(&[]);
    assert!(few.contains("PATH") && few.contains("HOME") && few.contains("LANG"), "{few}");
    assert!(!few.contains("AWS_SECRET") && !few.contains("NOTES_KEY") && !few.contains("GIT_"), "{few}");
    let named = seen(&["--env", "NOTES_KEY"]);
    assert!(named.contains("NOTES_KEY") && !named.contains("AWS_SECRET"), "{named}");
}

#[test]
fn nothing_starts_before_somebody_said_so() {
    let project = Project::with_catalog();
    let file = heartbeat(&project);
    let words = server(&format!("grandchild={}", file.display()));
    let mut all = vec!["import", "--stdio", "--"];
    all.extend(words.iter().map(String::as_str));
    let run = project.run(&all).exits(2);
    assert!(run.stderr.contains("This starts a program that somebody else wrote"), "{}", run.stderr);
    assert!(run.stderr.contains("--yes"), "{}", run.stderr);
    assert!(!file.exists());
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_servers_and_leaves_nothing_half_written() {
    let project = Project::with_catalog();
    let file = heartbeat(&project);
    let words = server(&format!("stall+deaf+grandchild={}", file.display()));
    let mut child = crate::support::clean(env!("CARGO_BIN_EXE_toolcard"), project.path())
        .args(["import", "--slug", "s", "--yes", "--stdio", "--"])
        .args(words)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !file.exists() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the server never started");
        std::thread::sleep(Duration::from_millis(20));
    }
    let id = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    nix::sys::signal::kill(id, nix::sys::signal::Signal::SIGINT).unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "it does not end");
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(!status.success());
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert!(said.contains("interrupted"), "{said}");
    assert!(!is_alive(&file));
    assert!(project.tree("catalog").is_empty());
}
