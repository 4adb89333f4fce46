//! The text of a lock → labels, strictly: a lock that is not exactly what toolcard writes was
//! edited or merged by hand, and nobody has reviewed what it says.

use std::borrow::Cow;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::write::PARTS;
use super::{Band, HEADER, Label, Locked};
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::manifest::{DefinitionPart, Fingerprint};
use crate::risk::{Class, Facet, Facets, Severity};

/// What to do about a lock that cannot be read.
const HELP: &str = "write it again with `toolcard lock` and review its diff";

/// A lock in memory: its text and where each server is, so that it costs no more than its file.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    text: String,
    /// Slug, bytes of the server's block, line of the slug; in byte order of the slugs.
    servers: Vec<(String, Range<usize>, u32)>,
}

impl Lock {
    /// A lock without servers: what a catalogue has before its first one.
    pub fn empty(path: &Path) -> Self {
        Self { path: path.to_path_buf(), text: String::new(), servers: Vec::new() }
    }

    /// Whether a text claims to be a lock of any version.
    pub fn looks_like(text: &str) -> bool {
        text.starts_with("toolcard risk.lock ")
    }

    /// Reads a lock; `path` is only named in diagnostics.
    ///
    /// # Errors
    /// The first thing that is wrong, with line and column.
    pub fn parse(text: String, path: &Path) -> Result<Self, Box<Diagnostic>> {
        let mut reader = LockReader { text: &text, path, offset: 0, line: 0 };
        reader.header()?;
        let mut servers: Vec<(String, Range<usize>, u32)> = Vec::new();
        while let Some((start, line)) = reader.content() {
            let slug = reader.heading(line, "server")?;
            let place = reader.line;
            if servers.last().is_some_and(|(last, ..)| *last >= slug) {
                return Err(reader.wrong(1, "servers are not in byte order, each once").into());
            }
            reader.tools(&mut |_| ())?;
            servers.push((slug, start..reader.offset, place));
        }
        Ok(Self { path: path.to_path_buf(), servers, text })
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Every slug, in byte order.
    pub fn slugs(&self) -> impl Iterator<Item = &str> {
        self.servers.iter().map(|(slug, ..)| slug.as_str())
    }

    /// The tools of a server in byte order, each with the line that it begins at; `None` where the
    /// lock does not know the server.
    pub fn rows(&self, slug: &str) -> Option<Vec<(Locked, u32)>> {
        let i = self.servers.binary_search_by(|(s, ..)| s.as_str().cmp(slug)).ok()?;
        let (_, range, line) = &self.servers[i];
        let mut reader =
            LockReader { text: &self.text[..range.end], path: &self.path, offset: range.start, line: line - 1 };
        let mut rows = Vec::new();
        reader.content();
        // The whole text was read once without an error, so this block has none.
        let _ = reader.tools(&mut |row| rows.push(row));
        Some(rows)
    }
}

struct LockReader<'a> {
    text: &'a str,
    path: &'a Path,
    offset: usize,
    /// The line that was read last.
    line: u32,
}

impl<'a> LockReader<'a> {
    fn next(&mut self) -> Option<(usize, &'a str)> {
        let start = self.offset;
        let rest = self.text.get(start..).filter(|r| !r.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.offset = (start + end + 1).min(self.text.len());
        self.line += 1;
        Some((start, &rest[..end]))
    }

    /// The next line that is neither blank nor a comment.
    fn content(&mut self) -> Option<(usize, &'a str)> {
        loop {
            let (start, line) = self.next()?;
            if !(line.is_empty() || line.starts_with('#')) {
                return Some((start, line));
            }
        }
    }

    fn header(&mut self) -> Result<(), Box<Diagnostic>> {
        let first = self.next().map_or("", |(_, line)| line);
        if first == HEADER {
            return Ok(());
        }
        let (line, message) = if Lock::looks_like(first) {
            (self.line, "the lock was written in another version of its format")
        } else {
            (1, "this is not a risk.lock: its first line is another")
        };
        self.line = line;
        Err(self.wrong(1, message).into())
    }

    fn heading(&self, line: &str, word: &str) -> Result<String, Box<Diagnostic>> {
        if line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>") {
            return Err(self.wrong(1, "the lock has a merge conflict").into());
        }
        let name = line.strip_prefix(word).and_then(|rest| rest.strip_prefix(' '));
        let Some(name) = name else { return Err(self.wrong(1, format!("`{word} NAME` is expected here")).into()) };
        let column = u32::try_from(word.len() + 2).unwrap_or(1);
        if name.starts_with('"') {
            return serde_json::from_str(name).map_err(|_| self.wrong(column, "the name is not JSON string").into());
        }
        if name.is_empty() || name.contains(char::is_whitespace) {
            return Err(self.wrong(column, "put a name with white space in quotes").into());
        }
        Ok(name.to_owned())
    }

    /// Reads tools until the next server or the end.
    fn tools(&mut self, found: &mut dyn FnMut((Locked, u32))) -> Result<(), Box<Diagnostic>> {
        let mut last: Option<String> = None;
        loop {
            let before = (self.offset, self.line);
            let Some((_, line)) = self.content() else { return Ok(()) };
            if line.starts_with("server ") {
                (self.offset, self.line) = before;
                return Ok(());
            }
            let tool = self.heading(line, "tool")?;
            if last.as_ref().is_some_and(|l| *l >= tool) {
                return Err(self.wrong(1, "tools are not in byte order, each once").into());
            }
            let place = self.line;
            let row = self.facts(&tool)?;
            found((row, place));
            last = Some(tool);
        }
    }

    fn facts(&mut self, tool: &str) -> Result<Locked, Box<Diagnostic>> {
        let heading = self.line;
        let mut fingerprint = Fingerprint::of_name(tool);
        let (mut risk, mut facets, mut confidence, mut rules) = (None, Facets::NONE, None, Vec::new());
        let mut order = 0;
        while self.text[self.offset..].starts_with("  ") {
            let Some((_, line)) = self.next() else { break };
            let (key, value) = line[2..].split_once(' ').unwrap_or((&line[2..], ""));
            let value = value.trim_start();
            let column = u32::try_from(line.len() - value.len() + 1).unwrap_or(1);
            let place = KEYS.iter().position(|k| *k == key);
            match place {
                None => return Err(self.wrong(3, "this key is not one of a lock").into()),
                Some(place) if place < order => return Err(self.wrong(3, "the keys are in another order").into()),
                Some(place) => order = place + 1,
            }
            match key {
                "label" => {
                    let (class, severity) = value.split_once(' ').unwrap_or((value, ""));
                    let class = Class::ALL.into_iter().find(|c| c.name() == class);
                    let severity = Severity::ALL.into_iter().find(|s| s.name() == severity);
                    risk = class.zip(severity);
                    if risk.is_none() {
                        return Err(self
                            .wrong(column, "a label is a class and a severity, e.g. `Write Medium`")
                            .into());
                    }
                }
                "facets" => {
                    for name in value.split(' ') {
                        let Some(facet) = Facet::parse(name) else {
                            return Err(self.wrong(column, "one of these is not a facet").into());
                        };
                        facets.add(facet);
                    }
                }
                "confidence" => {
                    confidence = Band::parse(value);
                    if confidence.is_none() {
                        return Err(self.wrong(column, "confidence is low, medium or high").into());
                    }
                }
                "rules" => rules = value.split(' ').map(|r| Cow::Owned(r.to_owned())).collect(),
                key => {
                    let part = PARTS.into_iter().find(|p| p.key() == key).unwrap_or(DefinitionPart::Extra);
                    if !fingerprint.set(part, value) {
                        return Err(self.wrong(column, "a fingerprint is 32 lower-case hexadecimal digits").into());
                    }
                }
            }
        }
        let (Some((class, severity)), Some(confidence)) = (risk, confidence) else {
            self.line = heading;
            return Err(self.wrong(1, "the tool has no label or no confidence").into());
        };
        let label = Label { class, severity, facets, confidence, rules };
        Ok(Locked { tool: tool.to_owned(), label, fingerprint })
    }

    fn wrong(&self, column: u32, message: impl Into<String>) -> Diagnostic {
        let place = Position { line: self.line.max(1), column };
        Diagnostic::error(Code::BrokenLock, self.path, message, HELP).at(place)
    }
}

/// The keys of a tool in their order.
const KEYS: [&str; 9] =
    ["label", "facets", "confidence", "rules", "title", "description", "input_schema", "output_schema", "annotations"];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::lock::{header, sort, write_server};

    fn row(tool: &str, class: Class, rules: &[&str]) -> Locked {
        let mut fingerprint = Fingerprint::of_name(tool);
        assert!(fingerprint.set(DefinitionPart::Description, "00112233445566778899aabbccddeeff"));
        let facets =
            if class == Class::Write { Facets::from_iter([Facet::SendsOut, Facet::Bulk]) } else { Facets::NONE };
        let rules = rules.iter().map(|r| Cow::Owned((*r).to_owned())).collect();
        let label = Label { class, severity: Severity::of(class, facets), facets, confidence: Band::High, rules };
        Locked { tool: tool.to_owned(), label, fingerprint }
    }

    fn written(servers: &[(&str, Vec<Locked>)]) -> String {
        let mut out = Vec::new();
        header(&mut out).expect("writes");
        for (slug, rows) in servers {
            write_server(&mut out, slug, rows).expect("writes");
        }
        String::from_utf8(out).expect("UTF-8")
    }

    fn parse(text: &str) -> Result<Lock, String> {
        Lock::parse(text.to_owned(), Path::new("risk.lock"))
            .map_err(|d| format!("{} {}", d.position.map_or(String::new(), |p| p.to_string()), d.message))
    }

    #[test]
    fn a_lock_is_one_fact_a_line() {
        let text = written(&[("mail", vec![row("send_mail", Class::Write, &["verb.send", "word.all"])])]);
        insta::assert_snapshot!(text, @r"
        toolcard risk.lock 1
        # Labels and fingerprints that a person has reviewed. `toolcard lock` writes this file.

        server mail

        tool send_mail
          label         Write High
          facets        sends_out bulk
          confidence    high
          rules         verb.send word.all
          description   00112233445566778899aabbccddeeff
        ");
    }

    #[test]
    fn what_is_written_is_read_whatever_the_names_are() {
        let names = ["a", "b c", "\"q\"", "é\u{202e}\n  label", "server x", "#", "<<<<<<<"];
        let mut rows: Vec<Locked> = names.iter().map(|n| row(n, Class::Read, &[])).collect();
        sort(&mut rows);
        let text = written(&[("a", rows.clone()), ("b", vec![]), ("c d", vec![row("x", Class::Destructive, &["r"])])]);
        assert!(!text.contains('\u{202e}'));
        let lock = parse(&text).expect("reads");
        assert_eq!(lock.slugs().collect::<Vec<_>>(), ["a", "b", "c d"]);
        let read: Vec<Locked> = lock.rows("a").expect("known").into_iter().map(|(row, _)| row).collect();
        assert_eq!(read, rows);
        assert_eq!(lock.rows("b").expect("known"), []);
        let (_, line) = lock.rows("c d").expect("known")[0];
        assert_eq!(text.lines().nth(line as usize - 1), Some("tool x"));
        assert!(lock.rows("z").is_none());
    }

    #[test]
    fn what_toolcard_does_not_write_is_refused_with_its_place() {
        let good = written(&[("a", vec![row("x", Class::Write, &["r"])]), ("b", vec![])]);
        for (from, to, place) in [
            ("risk.lock 1", "risk.lock 2", "1:1 the lock was written in another version"),
            ("toolcard", "{", "1:1 this is not a risk.lock"),
            ("server b", "server a", "13:1 servers are not in byte order"),
            ("Write High", "Write Hi", "7:17 a label is"),
            ("bulk", "bulky", "8:17 one of these"),
            ("confidence    high", "confidence    sure", "9:17 confidence is"),
            ("  confidence    high\n", "", "6:1 the tool has no label"),
            ("ccddeeff", "ccddeefF", "11:17 a fingerprint"),
            ("description  ", "descriptions ", "11:3 this key"),
            ("tool x", "<<<<<<< ours", "6:1 the lock has a merge conflict"),
            ("tool x", "tool x y", "6:6 put a name with"),
        ] {
            let message = parse(&good.replace(from, to)).expect_err(to);
            assert!(message.starts_with(place), "{message}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(tail in "(server [a-c\"]\n|tool [a-c]\n|  (label|rules|facets|title) {1,3}[a-zA-Z ]{0,9}\n|\n|\\PC{0,9}){0,12}") {
            let _ = parse(&format!("{HEADER}\n{tail}"));
        }
    }
}
