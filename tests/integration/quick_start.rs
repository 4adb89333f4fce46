//! The promise: every command of the quick start works in its order, and prints what the chapter shows.
//! `TOOLCARD_BLESS=1 cargo test --test integration quick_start::` writes the outputs anew.

#![cfg(unix)]

use std::path::{Path, PathBuf};

use crate::support::{Project, clean};

const CHAPTER: &str = "docs/quick-start.md";

/// A block of the chapter: its language, and its text.
struct Block {
    language: String,
    text: String,
}

/// The chapter as blocks and what is between them, in order; blocks are at odd places.
fn parts(chapter: &str) -> Vec<String> {
    chapter.split("\n```").map(str::to_owned).collect()
}

fn block(part: &str) -> Block {
    let (language, text) = part.split_once('\n').expect("a language and a text");
    Block { language: language.to_owned(), text: text.to_owned() }
}

/// Numbers that differ from run to run: seconds, days and the hashes of files' names.
fn steady(text: &str) -> String {
    let seconds = regex::Regex::new(r" in \d+\.\d\d s").expect("a pattern");
    seconds.replace_all(text, " in 0.10 s").into_owned()
}

/// Runs a command line in the folder as the chapter's reader would, and returns all that it printed.
fn run(line: &str, at: &Path, home: &Path) -> String {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_toolcard"));
    let path = std::env::var("PATH").unwrap_or_default();
    let mut command = clean("bash", at);
    command.args(["--noprofile", "--norc", "-c", &format!("exec 2>&1; {line}")]);
    command.env("HOME", home).env("PATH", format!("{}:{path}", program.parent().expect("a folder").display()));
    for who in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{who}_NAME"), "R. Viewer").env(format!("GIT_{who}_EMAIL"), "reviewer@example.org");
    }
    let output = command.output().expect("bash");
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(output.status.success(), "`{line}` fails: {text}");
    steady(&text)
}

#[test]
fn every_command_of_the_quick_start_does_what_the_chapter_shows() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHAPTER);
    let chapter = std::fs::read_to_string(&file).expect("the chapter");
    let project = Project::new();
    let folder = project.path().join("folder");
    std::fs::create_dir(&folder).expect("a folder");
    let mut commands = 0;
    let mut parts = parts(&chapter);
    assert!(parts.len() > 10 && parts.len() % 2 == 1, "blocks begin and end");
    for part in parts.iter_mut().skip(1).step_by(2) {
        let Block { language, text } = block(part);
        match language.as_str() {
            "python" => std::fs::write(folder.join("notes.py"), format!("{text}\n")).expect("writes"),
            "console" => {
                let mut shown = String::from("console");
                for line in text.lines().filter_map(|line| line.strip_prefix("$ ")) {
                    commands += 1;
                    let printed = run(line, &folder, project.path());
                    shown.push_str(&format!("\n$ {line}\n{}", printed.trim_end()));
                    shown.truncate(shown.trim_end().len());
                }
                *part = shown;
            }
            // What waits for a person.
            "sh" => assert!(text.starts_with("toolcard serve"), "{text}"),
            other => panic!("a block of `{other}`"),
        }
    }
    assert!(commands > 15, "only {commands} commands");
    let new = parts.join("\n```");
    if new != chapter {
        let blessed = std::env::var_os("TOOLCARD_BLESS").is_some();
        if blessed {
            std::fs::write(&file, &new).expect("writes");
        }
        let differs = new.lines().zip(chapter.lines()).find(|(new, old)| new != old);
        assert!(
            blessed,
            "{CHAPTER} shows other outputs: run TOOLCARD_BLESS=1 cargo test --test integration quick_start:: ({differs:?})"
        );
    }
    // The story has a red and a green end.
    let red = new.find("exit code 1").expect("red");
    assert!(new[red..].contains("exit code 0"), "green");
    assert!(new.contains("error[instruction-added]"));
}
