//! A driver for black-box tests: a temporary folder, files in it, the binary run in it with a
//! scrubbed environment.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// A temporary folder that commands run in.
pub(crate) struct Project {
    dir: tempfile::TempDir,
}

/// What a command did.
pub(crate) struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("temporary folder") }
    }

    /// A project in a folder of its own below `folder`.
    pub(crate) fn inside(folder: &Path) -> Self {
        Self { dir: tempfile::tempdir_in(folder).expect("temporary folder") }
    }

    /// A project that holds a copy of some servers of the bundled catalogue.
    pub(crate) fn with_servers(slugs: &[&str]) -> Self {
        let project = Self::new();
        for slug in slugs {
            let text = std::fs::read_to_string(bundled().join(slug).join("manifest.json")).expect("bundled server");
            project.file(&format!("catalog/{slug}/manifest.json"), &text);
        }
        project
    }

    /// A project with an empty catalogue.
    pub(crate) fn with_catalog() -> Self {
        let project = Self::new();
        std::fs::create_dir(project.path().join("catalog")).expect("folder");
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn file(&self, path: &str, text: &str) -> &Self {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(path, text).expect("file");
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        let full = self.path().join(path);
        std::fs::read_to_string(&full).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    /// Every file below a folder with its bytes, sorted.
    pub(crate) fn tree(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let root = self.path().join(folder);
        walkdir::WalkDir::new(&root)
            .sort_by_file_name()
            .into_iter()
            .map(|e| e.expect("lists"))
            .filter(|e| e.file_type().is_file())
            .map(|e| {
                let name = e.path().strip_prefix(&root).expect("inside").to_string_lossy().replace('\\', "/");
                (name, std::fs::read(e.path()).expect("reads"))
            })
            .collect()
    }

    /// A server of tools `(name, description)`.
    pub(crate) fn server(&self, slug: &str, tools: &[(&str, &str)]) {
        let tools: Vec<Value> = tools.iter().map(|(name, text)| tool(name, text)).collect();
        self.manifest(slug, &json!(tools));
    }

    pub(crate) fn manifest(&self, slug: &str, tools: &Value) {
        let manifest = json!({"captured_at": "2026-11-20", "tools": tools});
        let text = serde_json::to_string_pretty(&manifest).expect("serialises");
        self.file(&format!("catalog/{slug}/manifest.json"), &text);
    }

    pub(crate) fn git(&self, args: &[&str]) -> String {
        let output = clean("git", self.path()).args(args).output().expect("git");
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    pub(crate) fn init(&self) {
        self.git(&["init", "-q", "-b", "main"]);
        self.git(&["config", "user.name", "R. Viewer"]);
        self.git(&["config", "user.email", "reviewer@example.org"]);
    }

    pub(crate) fn commit(&self, day: &str) -> String {
        self.git(&["add", "-A"]);
        let date = format!("{day}T12:00:00Z");
        let output = clean("git", self.path())
            .args(["commit", "-q", "--allow-empty", "-m", "state"])
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .output()
            .expect("git");
        assert!(output.status.success());
        self.git(&["rev-parse", "HEAD"])
    }

    /// `review --format json`: exit code, `level id server/tool` of each change, the document.
    pub(crate) fn review(&self, args: &[&str]) -> (i32, Vec<String>, Value) {
        let mut all = vec!["review", "--format", "json", "--today", "2026-11-21"];
        all.extend(args);
        let run = self.run(&all);
        let document: Value =
            serde_json::from_str(&run.stdout).unwrap_or_else(|e| panic!("{e}: {}{}", run.stdout, run.stderr));
        let told = |c: &Value| {
            let text = |key: &str| c[key].as_str().unwrap_or_default().to_owned();
            format!("{} {} {}/{}", text("level"), text("id"), text("server"), text("tool"))
        };
        let changes = document["changes"].as_array().expect("array").iter().map(told).collect();
        (run.code, changes, document)
    }

    pub(crate) fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    pub(crate) fn run_with(&self, args: &[&str], stdin: &str) -> Run {
        use std::io::Write as _;
        let mut child = clean(env!("CARGO_BIN_EXE_toolcard"), self.path())
            .args(args)
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("starts");
        let mut pipe = child.stdin.take().expect("piped");
        let text = stdin.to_owned();
        let writer = std::thread::spawn(move || {
            // A command that does not read its input closes the pipe: fine.
            let _ = pipe.write_all(text.as_bytes());
        });
        let output = child.wait_with_output().expect("ends");
        writer.join().expect("writes");
        let text =
            |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8").replace(&*self.path().to_string_lossy(), "[dir]");
        Run { code: output.status.code().expect("no signal"), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

impl Run {
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// A command without the environment of whoever runs the tests.
pub(crate) fn clean(program: &str, at: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(at).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    // Without these no program of Windows opens a socket or a temporary file.
    for name in ["SystemRoot", "TEMP", "TMP", "PATHEXT"] {
        if let Some(value) = std::env::var_os(name).filter(|_| cfg!(windows)) {
            command.env(name, value);
        }
    }
    command.env("HOME", at).env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CEILING_DIRECTORIES", at.parent().unwrap_or(at));
    command
}

pub(crate) fn tool(name: &str, description: &str) -> Value {
    json!({"name": name, "description": description, "inputSchema": {"type": "object", "properties": {name: {"type": "integer"}}}})
}

/// The bundled catalogue.
pub(crate) fn bundled() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")
}
