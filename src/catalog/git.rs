//! The past of a catalogue, read with the `git` command: objects only, never the working tree.
//!
//! Arguments are never shell text; a revision that could be an option is refused; git gets no
//! terminal to ask on and fetches nothing.

use std::io::{self, BufRead, BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use crate::diagnostic::{Code, Diagnostic};
use crate::input::Refused;

/// A repository, and where in it a catalogue is.
#[derive(Debug)]
pub struct Repository {
    /// A folder inside the working tree: where git is run.
    at: PathBuf,
    /// The catalogue's path from the root of the working tree, with `/`, without one at the
    /// end; empty for the root itself.
    pub folder: String,
}

/// One file of a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blob {
    /// The path from the catalogue, with `/`.
    pub path: String,
    /// The object's name.
    pub id: String,
}

/// A commit, with the day that the history of labels shows for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// The object's name.
    pub id: String,
    /// The author's day, `YYYY-MM-DD`.
    pub day: String,
}

impl Repository {
    /// The repository that a catalogue belongs to; the folder itself need not exist any more.
    ///
    /// # Errors
    /// When git is missing or the folder lies in no repository.
    pub fn of(catalog: &Path) -> Result<Self, Box<Diagnostic>> {
        let mut at = catalog;
        let mut rest: Vec<String> = Vec::new();
        while !at.is_dir() {
            match (at.parent(), at.components().next_back()) {
                (Some(parent), Some(Component::Normal(name))) => {
                    rest.insert(0, name.to_string_lossy().into_owned());
                    at = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
                }
                _ => break,
            }
        }
        let mut found = Self { at: at.to_path_buf(), folder: String::new() };
        let prefix = found.text(&["rev-parse", "--show-prefix"]).map_err(|e| {
            wrong(
                Code::NoRepository,
                at,
                format!("no git repository can be read here: {e}"),
                "run inside a clone, or give two folders with `--base DIR --head DIR`",
            )
        })?;
        let mut folder: Vec<&str> = prefix.trim_end_matches(['\n', '/']).split('/').filter(|s| !s.is_empty()).collect();
        folder.extend(rest.iter().map(String::as_str).filter(|s| *s != "."));
        found.folder = folder.join("/");
        Ok(found)
    }

    /// The commit that a revision names.
    ///
    /// # Errors
    /// When it names none here; a shallow clone is said to be one.
    pub fn resolve(&self, rev: &str) -> Result<String, Box<Diagnostic>> {
        if rev.starts_with('-') || rev.is_empty() || rev.contains(['\0', '\n']) {
            return Err(wrong(
                Code::BadRevision,
                &self.at,
                format!("`{rev}` cannot be a revision"),
                "give a branch, a tag, a commit, a folder or a risk.lock",
            )
            .into());
        }
        let spec = format!("{rev}^{{commit}}");
        match self.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &spec]) {
            Ok(id) => Ok(id.trim().to_owned()),
            Err(_) if self.is_shallow() => Err(wrong(
                Code::UnknownRevision,
                &self.at,
                format!("`{rev}` is not in this clone, which is shallow: its history was cut off"),
                "fetch it first, e.g. `git fetch --depth=1 origin BASE` and `--base FETCH_HEAD`, or clone with full history (`fetch-depth: 0`)",
            ).into()),
            Err(_) if self.text(&["rev-parse", "--verify", "--quiet", "HEAD"]).is_err() => Err(wrong(
                Code::UnknownRevision,
                &self.at,
                format!("`{rev}` cannot be read: `HEAD` has no commit yet"),
                "commit the catalogue first, or compare with a folder: `--base DIR`",
            )
            .into()),
            Err(_) => Err(wrong(
                Code::UnknownRevision,
                &self.at,
                format!("`{rev}` is neither a file, a folder nor a revision of this repository"),
                "check the spelling with `git rev-parse REV`, and fetch the branch if it lives on a remote (`origin/main`)",
            ).into()),
        }
    }

    /// Whether the clone's history was cut off.
    pub fn is_shallow(&self) -> bool {
        self.text(&["rev-parse", "--is-shallow-repository"]).is_ok_and(|answer| answer.trim() == "true")
    }

    /// The regular files below the catalogue in a commit, in byte order of their paths; none where
    /// the commit has no such folder.
    ///
    /// # Errors
    /// When git cannot list the commit.
    pub fn files(&self, commit: &str) -> Result<Vec<Blob>, Box<Diagnostic>> {
        let prefix = if self.folder.is_empty() { String::new() } else { format!("{}/", self.folder) };
        let mut args = vec!["ls-tree", "-r", "-z", "--full-tree", commit];
        if !prefix.is_empty() {
            args.extend(["--", &prefix]);
        }
        let listing = self.bytes(&args).map_err(|e| self.failed("ls-tree", &e))?;
        let mut blobs = Vec::new();
        for record in listing.split(|b| *b == 0) {
            // "100644 blob <id>\t<path>"; links and submodules have other modes.
            let Some((meta, path)) = std::str::from_utf8(record).ok().and_then(|r| r.split_once('\t')) else {
                continue;
            };
            let mut meta = meta.split(' ');
            let regular = meta.next().is_some_and(|mode| mode.starts_with("100"));
            if let (true, Some(id), Some(path)) = (regular, meta.nth(1), path.strip_prefix(&prefix)) {
                blobs.push(Blob { path: path.to_owned(), id: id.to_owned() });
            }
        }
        blobs.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(blobs)
    }

    /// The commits on the first-parent line that touched the catalogue, oldest first.
    ///
    /// # Errors
    /// When git cannot walk the history.
    pub fn commits(&self) -> Result<Vec<Commit>, Box<Diagnostic>> {
        let top = format!(":(top,literal){}", self.folder);
        let args = ["log", "--first-parent", "--reverse", "--format=%H %as", "HEAD", "--", &top];
        // The pathspec says itself that it is literal and counts from the root.
        let log = self.run(&args, false).map_err(|e| self.failed("log", &e))?;
        let log = String::from_utf8_lossy(&log);
        let commit =
            |line: &str| line.split_once(' ').map(|(id, day)| Commit { id: id.to_owned(), day: day.to_owned() });
        Ok(log.lines().filter_map(commit).collect())
    }

    /// git's `user.name`, if one is set.
    pub fn user_name(&self) -> Option<String> {
        let name = self.text(&["config", "--get", "user.name"]).ok()?.trim().to_owned();
        (!name.is_empty()).then_some(name)
    }

    /// Starts the process that hands out objects.
    ///
    /// # Errors
    /// When git cannot be started.
    pub fn objects(&self) -> Result<Objects, Box<Diagnostic>> {
        let mut command = self.command(&["cat-file", "--batch"], true);
        let started = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut child = started.map_err(|e| self.failed("cat-file", &e.to_string()))?;
        match (child.stdin.take(), child.stdout.take()) {
            (Some(ask), Some(answer)) => Ok(Objects { child, ask: Some(ask), answer: BufReader::new(answer) }),
            _ => Err(self.failed("cat-file", "it has no pipes").into()),
        }
    }

    fn text(&self, args: &[&str]) -> Result<String, String> {
        self.bytes(args).map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
    }

    fn bytes(&self, args: &[&str]) -> Result<Vec<u8>, String> {
        self.run(args, true)
    }

    fn run(&self, args: &[&str], literal: bool) -> Result<Vec<u8>, String> {
        let output = self.command(args, literal).stdin(Stdio::null()).output().map_err(|e| match e.kind() {
            io::ErrorKind::NotFound => "the command `git` is not installed".to_owned(),
            _ => e.to_string(),
        })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(said.lines().next().unwrap_or("git failed without an error message").to_owned())
    }

    fn command(&self, args: &[&str], literal: bool) -> Command {
        let mut command = Command::new("git");
        command.arg("--no-pager");
        if literal {
            command.arg("--literal-pathspecs");
        }
        command.arg("-C").arg(&self.at).args(args);
        for (key, value) in
            [("LC_ALL", "C"), ("GIT_TERMINAL_PROMPT", "0"), ("GIT_OPTIONAL_LOCKS", "0"), ("GIT_NO_LAZY_FETCH", "1")]
        {
            command.env(key, value);
        }
        // A hook's environment names a repository relative to another folder; ours is found from `at`.
        for key in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
            command.env_remove(key);
        }
        command
    }

    fn failed(&self, what: &str, said: &str) -> Diagnostic {
        wrong(Code::GitFailed, &self.at, format!("`git {what}` failed: {said}"), "check the clone with `git fsck`")
    }
}

fn wrong(code: Code, at: &Path, message: String, help: &str) -> Diagnostic {
    Diagnostic::error(code, at, message, help)
}

/// A `git cat-file --batch`: objects by name, one at a time.
#[derive(Debug)]
pub struct Objects {
    child: Child,
    ask: Option<ChildStdin>,
    answer: BufReader<ChildStdout>,
}

impl Objects {
    /// The bytes of an object, at most `limit`.
    ///
    /// # Errors
    /// When the object is missing (a partial clone), is larger, or git went away.
    pub fn read(&mut self, id: &str, limit: u64) -> Result<Vec<u8>, Refused> {
        let (size, bytes) = self.object(id, limit).map_err(Refused::Io)?;
        if size > limit { Err(Refused::TooLarge(limit)) } else { Ok(bytes) }
    }

    fn object(&mut self, id: &str, limit: u64) -> io::Result<(u64, Vec<u8>)> {
        let ask = self.ask.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(ask, "{id}")?;
        ask.flush()?;
        let mut heading = String::new();
        self.answer.read_line(&mut heading)?;
        // "<id> blob <size>", or "<id> missing".
        let size: u64 = heading
            .trim_end()
            .rsplit_once(' ')
            .and_then(|(_, size)| size.parse().ok())
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the object is not in this clone"))?;
        let mut bytes = Vec::new();
        let kept = if size > limit { 0 } else { size };
        self.answer.by_ref().take(kept).read_to_end(&mut bytes)?;
        io::copy(&mut self.answer.by_ref().take(size - kept + 1), &mut io::sink())?;
        Ok((size, bytes))
    }
}

impl Drop for Objects {
    fn drop(&mut self) {
        // Its input closed, git ends by itself; waiting leaves no zombie behind.
        drop(self.ask.take());
        let _ = self.child.wait();
    }
}
