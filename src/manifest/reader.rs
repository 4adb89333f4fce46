//! What the shapes read into, and where in the text it is.

use std::collections::HashMap;
use std::path::Path;

use super::ahead::ParsedList;
use super::{Gap, Manifest, Server, limits};
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::raw::{Raw, at};

/// What the shapes read into: the servers that are done, and the one that is being read.
pub(super) struct Reader<'a> {
    /// What is read.
    pub text: &'a str,
    path: &'a Path,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) done: Vec<Manifest>,
    /// The server that is being read.
    pub manifest: Manifest,
    /// The pointer to the value that the shapes look at.
    pub(super) pointer: String,
    /// That value, where it is one of several that the text holds.
    pub(super) value: Option<Raw<'a>>,
    /// The tools of the listing, where they were parsed on the way to its end.
    pub(super) ahead: Option<ParsedList<'a>>,
    /// Name → index in the tools of the server that is being read.
    pub seen: HashMap<String, usize>,
    /// Whether a shape has named the server that is being read.
    pub begun: bool,
    /// Entries of that server that could not be read.
    pub lost: usize,
    /// How many tools it has so far, those of one name each, and whether it has more than it may have.
    pub added: usize,
    pub beyond: bool,
    /// The cursors of its pages, and where the last page has one.
    cursors: Vec<String>,
    pub(super) open: Option<usize>,
    /// Who the server is, where the document says that and lists no tools.
    pub(super) identity_only: Option<Server>,
    /// How often definitions beside a listing were told.
    pub asides: usize,
    /// The last tool's offset and position: offsets ascend, so lines are counted once.
    cursor: (usize, Position),
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, path: &'a Path) -> Self {
        Self {
            text,
            path,
            diagnostics: Vec::new(),
            done: Vec::new(),
            manifest: Manifest::default(),
            pointer: String::new(),
            value: None,
            ahead: None,
            seen: HashMap::new(),
            begun: false,
            lost: 0,
            added: 0,
            beyond: false,
            cursors: Vec::new(),
            open: None,
            identity_only: None,
            asides: 0,
            cursor: (0, Position { line: 1, column: 1 }),
        }
    }

    /// The value that the shapes look at.
    pub(super) fn target(&self) -> Option<Raw<'a>> {
        self.value.or_else(|| at(serde_json::from_str(self.text).ok()?, &self.pointer))
    }

    /// Ends the server that is being read and begins another.
    pub(super) fn next_server(&mut self) {
        if self.lost > 0 {
            self.gap(Gap::Unread);
        }
        if let Some(offset) = self.open.take() {
            self.gap(Gap::NextCursor);
            self.partial(Gap::NextCursor, offset);
        }
        for gap in [Gap::RepeatedCursor, Gap::Generated, Gap::Dynamic] {
            if self.manifest.listing.gaps.contains(&gap) {
                self.partial(gap, 0);
            }
        }
        let manifest = std::mem::take(&mut self.manifest);
        if self.beyond {
            let message = format!("the server has more than {} tools", limits::MAX_TOOLS);
            let help = "a manifest is one server's tools/list; docs/security.md lists the limits";
            self.diagnostics.push(Diagnostic::error(Code::TooManyTools, self.path, message, help));
        } else {
            self.done.push(manifest);
        }
        self.lost = 0;
        self.added = 0;
        self.beyond = false;
        self.seen.clear();
        self.cursors.clear();
    }

    fn partial(&mut self, gap: Gap, offset: usize) {
        let message = format!("the listing is a part: {}", gap.text());
        self.warn(
            Code::PartialListing,
            offset,
            message,
            "ask for the rest and save every page, or take the listing of a running server",
        );
    }

    /// Notes why the listing is a part.
    pub(super) fn gap(&mut self, gap: Gap) {
        let gaps = &mut self.manifest.listing.gaps;
        if !gaps.contains(&gap) {
            gaps.push(gap);
            gaps.sort_unstable();
        }
    }

    /// Notes the cursor of a page, one for each.
    pub(super) fn leave(&mut self, cursor: Raw<'_>) {
        if self.open.is_some() {
            return;
        }
        let text = cursor.get().to_owned();
        if self.cursors.contains(&text) {
            self.gap(Gap::RepeatedCursor);
        }
        self.cursors.push(text);
        self.open = Some(self.offset(cursor));
    }

    /// The position of `offset`, from which the next is counted.
    pub(super) fn advance(&mut self, offset: usize) -> Position {
        let position = self.position(offset);
        self.cursor = (offset, position);
        position
    }

    /// The position from which the next is counted.
    pub(super) fn here(&self) -> Position {
        self.cursor.1
    }

    /// The position of `offset`, counted from the last tool where it lies behind it: many mistakes in a row cost one look
    /// over the file.
    fn position(&self, offset: usize) -> Position {
        let (from, last) = self.cursor;
        let Some(ahead) = offset.checked_sub(from) else { return Position::of(self.text, offset) };
        let step = Position::of(self.text.get(from..).unwrap_or_default(), ahead);
        if step.line == 1 {
            Position { line: last.line, column: last.column + step.column - 1 }
        } else {
            Position { line: last.line + step.line - 1, column: step.column }
        }
    }

    /// Where a value stands in the text.
    pub(super) fn offset(&self, raw: Raw<'_>) -> usize {
        self.offset_of(raw.get())
    }

    /// The same of a part of the text.
    pub(super) fn offset_of(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    pub(super) fn error(&mut self, code: Code, offset: usize, message: impl Into<String>, help: impl Into<String>) {
        let position = self.position(offset);
        self.diagnostics.push(Diagnostic::error(code, self.path, message, help).at(position));
    }

    pub(super) fn warn(&mut self, code: Code, offset: usize, message: impl Into<String>, help: impl Into<String>) {
        let position = self.position(offset);
        self.warn_at(code, position, message, help);
    }

    pub(super) fn warn_at(
        &mut self,
        code: Code,
        position: Position,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.diagnostics.push(Diagnostic::warning(code, self.path, message, help).at(position));
    }
}
