//! Commands that are killed, run out of space, may not write or meet another clock: what was good is still good, and the same
//! command, run again, ends as if nothing had been. Counted: how often it was tried, how often the fault hit, what was lost.
//!
//! `TOOLCARD_FAULTS=200` tries more points of time; `docs/security.md` has the long run.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant, SystemTime};

use serde_json::json;

use crate::servers::import;
use crate::support::{Project, clean};

const TOOLCARD: &str = env!("CARGO_BIN_EXE_toolcard");

/// Files with their bytes.
type Tree = BTreeMap<String, Vec<u8>>;

/// A command that writes, and what it finds.
struct Work {
    name: &'static str,
    lay: fn(&Project),
    args: &'static [&'static str],
}

const WORKS: [Work; 7] = [
    Work { name: "build", lay: updated, args: &["build", "--jobs", "2"] },
    Work { name: "lock", lay: updated, args: &["lock", "--date", "2026-02-02"] },
    Work {
        name: "override",
        lay: decided,
        args: &["override", "a/get_3", "--class", "Write", "--reason", "r", "--by", "me", "--date", "2026-02-02"],
    },
    Work {
        name: "accept",
        lay: decided,
        args: &["accept", "a/get_4", "hidden-text", "--reason", "r", "--by", "me", "--date", "2026-02-02"],
    },
    Work { name: "import", lay: updated, args: &["import", "tools.json", "--slug", "a"] },
    Work { name: "update", lay: asked, args: &["update", "--yes"] },
    Work {
        name: "policy --into",
        lay: updated,
        args: &["policy", "a", "--format", "claude-code", "--into", "settings.json", "--yes"],
    },
];

/// Tools of a server that is built: enough for a build that takes a while, and few enough for many builds.
const BEFORE: usize = 14;

/// Two servers; `kind` is what is said of their tools.
fn servers(project: &Project, kind: &str, tools: usize) {
    for slug in ["a", "b"] {
        let tools: Vec<_> = (0..tools)
            .map(|i| {
                let hidden = if i == 4 { "\u{200b}" } else { "" };
                json!({"name": format!("get_{i}"), "description": format!("Gets {kind}{hidden} thing {i}.")})
            })
            .collect();
        project.file(
            &format!("catalog/{slug}/manifest.json"),
            &json!({"captured_at": "2026-02-01", "tools": tools}).to_string(),
        );
    }
}

/// A catalogue that was built and locked and then changed.
fn updated(project: &Project) {
    servers(project, "one", BEFORE);
    project.run(&["lock", "--date", "2026-01-01"]).exits(0);
    project.run(&["build"]).exits(0);
    servers(project, "another", BEFORE + 2);
    let tools: Vec<_> = (0..30).map(|i| json!({"name": format!("delete_{i}"), "description": "Deletes."})).collect();
    project.file("tools.json", &json!({"captured_at": "2026-03-03", "tools": tools}).to_string());
    let allowed: Vec<_> = (0..200).map(|i| format!("Bash(ls {i}:*)")).collect();
    project.file("settings.json", &json!({"permissions": {"allow": allowed}}).to_string());
}

/// A catalogue with a running server that has more tools than when it was imported.
fn asked(project: &Project) {
    servers(project, "one", 30);
    import(project, "many=30", &["--keep-source"]).exits(0);
    let source = project.read("catalog/s/source.toml");
    project.file("catalog/s/source.toml", &source.replace("mode:many=30", "mode:many=34"));
}

/// A catalogue with many decisions.
fn decided(project: &Project) {
    servers(project, "one", 30);
    let one = |i: usize| {
        let print = "0".repeat(32);
        format!(
            "[[override]]\ntool = \"old_{i}\"\nclass = \"Write\"\nreason = \"r\"\nby = \"b\"\ndate = \"2026-01-01\"\nfingerprint = \"{print}\"\n\n"
        )
    };
    project.file("catalog/a/overrides.toml", &(0..40).map(one).collect::<String>());
}

fn tree(project: &Project) -> Tree {
    // What toolcard keeps for itself has times in it.
    project.tree(".").into_iter().filter(|(path, _)| !path.contains("/.toolcard/")).collect()
}

/// What happens to a command.
enum Fault {
    /// It is killed after a part of its time.
    Kill(f64),
    /// No file may have more than so many KiB, as if the disk were full.
    Limit(u32),
    /// `strace` makes a system call fail, or kills there.
    Call(String),
    /// Its folder has room for so many KiB.
    Full(u32),
    /// It may not write into this folder.
    ReadOnly(&'static str),
}

/// Tried, hit, and lost.
#[derive(Default)]
struct Tally {
    tried: usize,
    hit: usize,
    lost: Vec<String>,
}

impl Tally {
    fn told(&self, what: &str) {
        println!("{what}: {} tried, {} hit, {} lost", self.tried, self.hit, self.lost.len());
        assert!(self.lost.is_empty(), "{what}: {:#?}", self.lost);
        assert!(self.hit > 0, "{what}: no fault hit");
    }
}

/// How many points of time are tried.
fn points() -> u32 {
    std::env::var("TOOLCARD_FAULTS").ok().and_then(|n| n.parse().ok()).unwrap_or(5)
}

/// A work, what it finds and what it leaves where nothing goes wrong.
struct Tried<'a> {
    work: &'a Work,
    /// How long it takes.
    time: Duration,
    /// Where projects are laid.
    folder: PathBuf,
    laid: Project,
    before: Tree,
    after: Tree,
}

impl<'a> Tried<'a> {
    fn new(work: &'a Work, folder: &Path) -> Self {
        let laid = Project::inside(folder);
        (work.lay)(&laid);
        let before = tree(&laid);
        let whole = copy(&laid, folder);
        let begun = Instant::now();
        whole.run(work.args).exits(0);
        let (time, after) = (begun.elapsed(), tree(&whole));
        assert!(before != after, "{} changes nothing", work.name);
        Self { work, time, folder: folder.to_path_buf(), laid, before, after }
    }

    fn run(&self, fault: &Fault, tally: &mut Tally) {
        let project = copy(&self.laid, &self.folder);
        let (status, said) = self.hurt(&project, fault);
        tally.tried += 1;
        tally.hit += usize::from(!status.success());
        let mut lost = Vec::new();
        if status.code().is_some_and(|code| !matches!(code, 0..=2 | 137)) || said.contains("panicked") {
            lost.push(format!("it ended with {status}: {said}"));
        }
        let left = tree(&project);
        self.compare(&left, &mut lost);
        if status.success() && left != self.after {
            lost.push("it says that all went well, and something is missing".to_owned());
            differing(&left, &self.after, &mut lost);
        }
        let again = project.run(self.work.args);
        if again.code != 0 {
            lost.push(format!("again: {}", again.stderr));
        }
        differing(&tree(&project), &self.after, &mut lost);
        if self.work.name == "build" {
            // And back to what was before.
            let project = copy(&self.laid, &self.folder);
            self.hurt(&project, fault);
            servers(&project, "one", BEFORE);
            project.run(self.work.args).exits(0);
            let mut wanted = tree(&self.laid);
            let now = tree(&project);
            wanted.retain(|path, _| path.starts_with("dist/"));
            let now = now.into_iter().filter(|(path, _)| path.starts_with("dist/")).collect();
            differing(&now, &wanted, &mut lost);
        }
        let fault = fault.told();
        tally.lost.extend(lost.into_iter().map(|lost| format!("{fault}: {lost}")));
    }

    /// Every file is as it was or as it will be, and nothing else is there but what a later run removes.
    fn compare(&self, now: &Tree, lost: &mut Vec<String>) {
        let is_page = |path: &str| path.starts_with("dist/");
        for (path, bytes) in &self.before {
            let found = now.get(path);
            if !is_page(path) && found != Some(bytes) && found != self.after.get(path) {
                lost.push(format!("{path} is neither old nor new"));
            }
        }
        for path in now.keys().filter(|path| !is_page(path) && !self.before.contains_key(*path)) {
            let name = path.rsplit('/').next().unwrap_or(path);
            let left = name.starts_with('.') && name.ends_with(".new");
            if !left && now.get(path) != self.after.get(path) {
                lost.push(format!("{path} is torn"));
            }
        }
    }

    fn hurt(&self, project: &Project, fault: &Fault) -> (ExitStatus, String) {
        let plain = || {
            let mut command = clean(TOOLCARD, project.path());
            command.args(self.work.args);
            command
        };
        match fault {
            Fault::Kill(part) => {
                let mut child =
                    plain().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
                std::thread::sleep(self.time.mul_f64(*part));
                let _ = child.kill();
                (child.wait().unwrap(), String::new())
            }
            Fault::Limit(kib) => {
                let script = format!("trap '' XFSZ; ulimit -f {kib}; exec \"$0\" \"$@\"");
                let mut command = clean("bash", project.path());
                ended(command.arg("-c").arg(script).arg(TOOLCARD).args(self.work.args))
            }
            Fault::Call(inject) => {
                let mut command = clean("strace", project.path());
                command.args(["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={inject}")]);
                ended(command.arg(TOOLCARD).args(self.work.args))
            }
            Fault::Full(kib) => {
                let filler = self.folder.join("filler");
                fill(&filler, *kib);
                let ended = ended(&mut plain());
                fs::remove_file(filler).unwrap();
                ended
            }
            Fault::ReadOnly(folder) => {
                let at = project.path().join(folder);
                let set = |mode| fs::set_permissions(&at, fs::Permissions::from_mode(mode)).unwrap();
                set(0o555);
                let ended = ended(&mut as_nobody(project, self.work.args));
                set(0o755);
                ended
            }
        }
    }
}

impl Fault {
    fn told(&self) -> String {
        match self {
            Self::Kill(part) => format!("killed after {part:.3} of its time"),
            Self::Limit(kib) => format!("files of at most {kib} KiB"),
            Self::Call(inject) => inject.clone(),
            Self::Full(kib) => format!("{kib} KiB left"),
            Self::ReadOnly(folder) => format!("{folder:?} read-only"),
        }
    }
}

fn ended(command: &mut Command) -> (ExitStatus, String) {
    let output = command.stdin(Stdio::null()).output().expect("starts");
    (output.status, String::from_utf8_lossy(&output.stderr).into_owned())
}

fn copy(from: &Project, folder: &Path) -> Project {
    let project = Project::inside(folder);
    // With the times of files and folders.
    let there = from.path().join(".");
    assert!(Command::new("cp").arg("-a").arg(there).arg(project.path()).status().expect("cp").success());
    project
}

fn differing(now: &Tree, wanted: &Tree, lost: &mut Vec<String>) {
    for path in now.keys().chain(wanted.keys()).filter(|path| now.get(*path) != wanted.get(*path)) {
        lost.push(format!("{path} is not what an undisturbed run leaves"));
    }
}

#[test]
fn what_is_killed_at_any_time_loses_nothing() {
    for work in &WORKS {
        let tried = Tried::new(work, &std::env::temp_dir());
        let (mut tally, n) = (Tally::default(), points());
        for i in 0..n {
            tried.run(&Fault::Kill(f64::from(i) / f64::from(n)), &mut tally);
        }
        tally.told(work.name);
    }
}

#[test]
fn what_has_no_room_for_its_files_loses_nothing() {
    for work in &WORKS {
        let tried = Tried::new(work, &std::env::temp_dir());
        let mut tally = Tally::default();
        for kib in [0, 2, 8, 32] {
            tried.run(&Fault::Limit(kib), &mut tally);
        }
        tally.told(work.name);
    }
}

/// Makes a file that leaves so many KiB of its file system.
fn fill(path: &Path, kib: u32) {
    let mut file = fs::File::create(path).unwrap();
    let block = vec![1; 1 << 16];
    while file.write_all(&block).is_ok() {}
    while file.write_all(&block[..1 << 12]).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size.saturating_sub(u64::from(kib) << 10)).unwrap();
}

#[test]
#[ignore = "mounts a small file system: needs root"]
fn a_full_disk_loses_nothing() {
    let disk = tempfile::tempdir().unwrap();
    let mount = |args: &[&str]| Command::new(args[0]).args(&args[1..]).arg(disk.path()).status().unwrap().success();
    assert!(mount(&["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs"]), "a tmpfs cannot be mounted here");
    let done = std::panic::catch_unwind(|| {
        for work in &WORKS {
            let tried = Tried::new(work, disk.path());
            let mut tally = Tally::default();
            for kib in [0, 4, 8, 32, 128, 400] {
                tried.run(&Fault::Full(kib), &mut tally);
            }
            tally.told(work.name);
        }
    });
    assert!(mount(&["umount"]));
    if let Err(failed) = done {
        std::panic::resume_unwind(failed);
    }
}

/// The command as somebody who is not root: root may write everywhere.
fn as_nobody(project: &Project, args: &[&str]) -> Command {
    let root = Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n");
    if !root {
        let mut command = clean(TOOLCARD, project.path());
        command.args(args);
        return command;
    }
    // The folder of the build may be root's alone.
    let program = project.path().parent().unwrap().join("toolcard");
    if !program.exists() {
        fs::hard_link(TOOLCARD, &program).or_else(|_| fs::copy(TOOLCARD, &program).map(|_| ())).unwrap();
    }
    let mut command = clean("setpriv", project.path());
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]).arg(program).args(args);
    command
}

#[test]
#[cfg(target_os = "linux")]
fn what_may_not_be_written_stays_and_is_written_once_it_may() {
    let places: [(&str, &[&str]); 7] = [
        ("build", &["dist/tools/a", "dist/.toolcard"]),
        ("lock", &["catalog"]),
        ("override", &["catalog/a"]),
        ("accept", &["catalog/a"]),
        ("import", &["catalog/a"]),
        ("update", &["catalog/s"]),
        ("policy --into", &["."]),
    ];
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    for (work, (name, folders)) in WORKS.iter().zip(places) {
        assert_eq!(work.name, name);
        let tried = Tried::new(work, folder.path());
        // Whoever runs the command owns the files.
        let _ = Command::new("chown").args(["-R", "65534:65534"]).arg(tried.laid.path()).status();
        let mut tally = Tally::default();
        for folder in folders {
            tried.run(&Fault::ReadOnly(folder), &mut tally);
        }
        tally.told(name);
        assert_eq!(tally.hit, folders.len(), "{name} wrote where it may not");
    }
}

/// Each system call that a command makes to change files fails once, at each time that it is made, or is the last one.
#[test]
#[ignore = "the long run: needs strace, takes minutes"]
fn a_fault_at_every_system_call_loses_nothing() {
    const CALLS: &str =
        "write,pwrite64,openat,rename,renameat2,mkdir,unlink,rmdir,unlinkat,fchmod,chmod,flock,ftruncate";
    for work in &WORKS {
        let tried = Tried::new(work, &std::env::temp_dir());
        let calls = calls(&tried, CALLS);
        for what in ["signal=KILL", "error=ENOSPC", "error=EIO", "error=EACCES"] {
            let mut tally = Tally::default();
            // What cannot be read is another matter: a server that is unreadable is reported and left out.
            let made = calls.iter().filter(|(call, _)| what == "signal=KILL" || *call != "openat");
            for (call, times) in made {
                // A build makes thousands: as many of them as points of time are tried.
                for at in (1..=*times).step_by(times.div_ceil(points() as usize)) {
                    tried.run(&Fault::Call(format!("{call}:{what}:when={at}")), &mut tally);
                }
            }
            tally.told(&format!("{}, {what}", work.name));
        }
    }
}

/// How often a work makes each of these system calls.
fn calls(tried: &Tried<'_>, of: &str) -> BTreeMap<String, usize> {
    let project = copy(&tried.laid, &tried.folder);
    let log = project.path().join("calls");
    let mut command = clean("strace", project.path());
    command.args(["-f", "-qq", "-e", &format!("trace={of}"), "-o"]).arg(&log).arg(TOOLCARD).args(tried.work.args);
    let (status, said) = ended(&mut command);
    assert!(status.success(), "strace: {said}");
    let mut counts = BTreeMap::new();
    for line in fs::read_to_string(log).unwrap().lines() {
        let call = line.split_once(' ').map_or("", |(_, call)| call.trim_start());
        if let Some((name, _)) = call.split_once('(').filter(|(name, _)| of.split(',').any(|of| of == *name)) {
            *counts.entry(name.to_owned()).or_default() += 1;
        }
    }
    counts
}

/// Sets the time of every file and folder below one.
fn set_times(folder: &Path, to: SystemTime) {
    for entry in walkdir::WalkDir::new(folder).contents_first(true).into_iter().map(Result::unwrap) {
        fs::File::open(entry.path()).unwrap().set_modified(to).unwrap();
    }
}

#[test]
fn a_clock_that_was_set_back_hides_no_change() {
    let folder = std::env::temp_dir();
    for kept in [0, 3_600] {
        let project = Project::inside(&folder);
        servers(&project, "one", 6);
        project.run(&["lock", "--date", "2026-01-01"]).exits(0);
        // All that is there comes from a clock that was an hour ahead; the ledger says so too.
        let ahead = SystemTime::now() + Duration::from_secs(3_600);
        set_times(&project.path().join("catalog"), ahead);
        project.run(&["build"]).exits(0);
        project.run(&["build"]).exits(0);
        let clean = tree(&project);
        let ledger = project.read("dist/.toolcard/ledger");
        let later =
            |time: &str| time.parse::<u128>().map_or_else(|_| time.to_owned(), |t| (t + 3_600_000_000_000).to_string());
        let ledger: String = ledger
            .lines()
            .map(|line| {
                let mut words: Vec<String> = line.splitn(4, ' ').map(str::to_owned).collect();
                if matches!(words[0].as_str(), "@" | "toolcard") {
                    words[2] = later(&words[2]);
                }
                words.join(" ") + "\n"
            })
            .collect();
        for entry in
            walkdir::WalkDir::new(project.path().join("dist")).contents_first(true).into_iter().map(Result::unwrap)
        {
            let time = entry.metadata().unwrap().modified().unwrap();
            fs::File::open(entry.path()).unwrap().set_modified(time + Duration::from_secs(3_600)).unwrap();
        }
        project.file("dist/.toolcard/ledger", &ledger);
        // A page that goes, a tool that comes, a text of the same length, each with a time that was before.
        fs::remove_file(project.path().join("dist/tools/a/get_2.html")).unwrap();
        project.run(&["build"]).exits(0);
        assert!(tree(&project) == clean, "a page that was removed is not back");
        servers(&project, "two", 6);
        set_times(&project.path().join("catalog/a"), ahead - Duration::from_secs(kept));
        set_times(&project.path().join("catalog/b"), ahead);
        project.run(&["build"]).exits(0);
        let now = project.tree("dist");
        project.run(&["build", "--out", "fresh"]).exits(0);
        let pages = |tree: Vec<(String, Vec<u8>)>| -> Tree {
            tree.into_iter().filter(|(path, _)| !path.starts_with(".toolcard/")).collect()
        };
        let mut lost = Vec::new();
        differing(&pages(now), &pages(project.tree("fresh")), &mut lost);
        assert!(lost.is_empty(), "{lost:#?}");
        project.run(&["lock", "--check"]).exits(1);
        project.run(&["lock", "--date", "2026-02-02"]).exits(0);
        project.run(&["lock", "--check"]).exits(0);
    }
}

#[test]
fn decisions_that_are_taken_at_once_are_all_kept() {
    let project = Project::new();
    servers(&project, "one", BEFORE);
    let mut children: Vec<_> = (0..12)
        .map(|i| {
            let tool = format!("a/get_{i}");
            let args = ["override", &tool, "--class", "Write", "--reason", "r", "--by", "me", "--date", "2026-02-02"];
            clean(TOOLCARD, project.path()).args(args).stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        })
        .collect();
    let done = children.iter_mut().filter_map(|child| child.wait().ok()).filter(ExitStatus::success).count();
    let kept = project.read("catalog/a/overrides.toml").matches("[[override]]").count();
    assert_eq!((done, kept), (12, 12));
}

#[test]
#[cfg(target_os = "linux")] // where `script` is what gives a command a terminal
fn settings_that_change_while_somebody_is_asked_stay() {
    let project = Project::new();
    updated(&project);
    let asked = format!("{TOOLCARD} policy a --format claude-code --into settings.json");
    let mut command = clean("script", project.path());
    command.args(["-qec", &asked, "/dev/null"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("script");
    let (mut said, mut out) = (Vec::new(), child.stdout.take().unwrap());
    let mut byte = [0];
    while !said.ends_with(b"[y/N] ") {
        assert_eq!(out.read(&mut byte).unwrap(), 1, "{}", String::from_utf8_lossy(&said));
        said.push(byte[0]);
    }
    let theirs = r#"{"permissions": {"deny": ["Bash(rm:*)"]}}"#;
    project.file("settings.json", theirs);
    child.stdin.take().unwrap().write_all(b"y\n").unwrap();
    // A terminal that is gone ends with an error.
    let _ = out.read_to_end(&mut said);
    let (status, said) = (child.wait().unwrap(), String::from_utf8_lossy(&said).into_owned());
    assert_eq!(project.read("settings.json"), theirs, "{said}");
    assert!(said.contains("in the meantime") && status.code() == Some(2), "{status}: {said}");
}
