//! A driver for black-box tests: a temporary folder, files in it, the binary run in it with a
//! scrubbed environment.

#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder that commands run in.
pub struct Project {
    dir: tempfile::TempDir,
}

/// What a command did.
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    pub fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("temporary folder") }
    }

    /// A project that holds a copy of some servers of the bundled catalogue.
    pub fn with_servers(slugs: &[&str]) -> Self {
        let project = Self::new();
        for slug in slugs {
            let text = std::fs::read_to_string(bundled().join(slug).join("manifest.json")).expect("bundled server");
            project.file(&format!("catalog/{slug}/manifest.json"), &text);
        }
        project
    }

    pub fn path(&self) -> &Path {
        self.dir.path()
    }

    pub fn file(&self, path: &str, text: &str) -> &Self {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        std::fs::write(path, text).expect("file");
        self
    }

    pub fn read(&self, path: &str) -> String {
        let full = self.path().join(path);
        std::fs::read_to_string(&full).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.path().join(path).exists()
    }

    /// Every file below a folder with its bytes, sorted.
    pub fn tree(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
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

    pub fn run(&self, args: &[&str]) -> Run {
        self.run_with(args, "")
    }

    pub fn run_with(&self, args: &[&str], stdin: &str) -> Run {
        use std::io::Write as _;
        let mut child = Command::new(env!("CARGO_BIN_EXE_toolcard"))
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
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
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// The bundled catalogue.
pub fn bundled() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog")
}
