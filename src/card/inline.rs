//! The pieces that sentences are made of, so that every output escapes a server's words at its
//! own door and no sentence can smuggle markup.

use std::borrow::Cow;

use serde::Serialize;

use crate::neutral;

/// One piece of a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Inline {
    /// Words of ours, plain text.
    Text {
        /// The words.
        text: Cow<'static, str>,
    },
    /// A name, value or rule id in code letters. May be a server's: escape it.
    Code {
        /// The name.
        text: String,
    },
    /// A server's own words within a sentence of ours: escape it and isolate its direction.
    ServerText {
        /// The words.
        text: String,
    },
    /// Another tool of the same server: code letters and a link. A server's name: escape it.
    Tool {
        /// Its place in the manifest.
        index: usize,
        /// Its name.
        text: String,
    },
    /// A link of the publisher's configuration.
    Link {
        /// The words.
        text: String,
        /// The address as configured.
        url: String,
    },
}

impl Inline {
    /// The piece's own words.
    pub fn text(&self) -> &str {
        match self {
            Self::Text { text } => text,
            Self::Code { text } | Self::ServerText { text } | Self::Tool { text, .. } | Self::Link { text, .. } => text,
        }
    }
}

/// Bytes kept free behind words that are put together.
const ROOM: usize = 96;

/// One or more whole sentences.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Prose(Vec<Inline>);

impl Prose {
    /// Nothing said yet.
    pub fn new() -> Self {
        Self(Vec::with_capacity(6))
    }

    /// One sentence without a name in it.
    pub fn of(text: impl Into<Cow<'static, str>>) -> Self {
        let mut prose = Self::new();
        prose.say(text);
        prose
    }

    /// A sentence of another room, whose names stand between backticks (`neutral::quoted`).
    pub fn from_ticks(sentence: &str) -> Self {
        let mut prose = Self::new();
        for (i, piece) in sentence.split('`').enumerate() {
            if i % 2 == 1 {
                prose.code(piece);
            } else if !piece.is_empty() {
                prose.say(piece.to_owned());
            }
        }
        prose
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Inline] {
        &self.0
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds words of ours.
    pub fn say(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Self {
        let text = text.into();
        match self.0.last_mut() {
            Some(Inline::Text { text: Cow::Owned(last) }) => last.push_str(&text),
            Some(Inline::Text { text: last }) => {
                // More follows where something followed.
                let mut longer = String::with_capacity(last.len() + text.len() + ROOM);
                longer.push_str(last);
                longer.push_str(&text);
                *last = Cow::Owned(longer);
            }
            _ => self.0.push(Inline::Text { text }),
        }
        self
    }

    /// Adds a name in code letters.
    pub fn code(&mut self, text: impl Into<String>) -> &mut Self {
        self.0.push(Inline::Code { text: text.into() });
        self
    }

    /// Adds a server's words.
    pub fn server_text(&mut self, text: impl Into<String>) -> &mut Self {
        self.0.push(Inline::ServerText { text: text.into() });
        self
    }

    /// Adds another tool of the server.
    pub fn tool(&mut self, index: usize, name: &str) -> &mut Self {
        self.0.push(Inline::Tool { index, text: name.to_owned() });
        self
    }

    /// Adds a link, or the words alone where there is no address.
    pub fn link(&mut self, text: &str, url: Option<&str>) -> &mut Self {
        match url {
            Some(url) => self.0.push(Inline::Link { text: text.to_owned(), url: url.to_owned() }),
            None => {
                self.say(text.to_owned());
            }
        }
        self
    }

    /// Adds names in code letters as a list: "`a`, `b` and `c`". Beyond `limit` the rest is counted.
    pub fn codes(&mut self, names: &[&str], limit: usize, word: &'static str) -> &mut Self {
        let shown = if names.len() > limit { limit } else { names.len() };
        for (i, name) in names[..shown].iter().enumerate() {
            if i > 0 {
                let last = i + 1 == names.len();
                self.say(if last { format!(" {word} ") } else { ", ".to_owned() });
            }
            self.code(*name);
        }
        if shown < names.len() {
            self.say(format!(" {word} {} more", names.len() - shown));
        }
        self
    }

    /// Adds all pieces of another prose.
    pub fn join(&mut self, other: Self) -> &mut Self {
        for piece in other.0 {
            match piece {
                Inline::Text { text } => {
                    self.say(text);
                }
                other => self.0.push(other),
            }
        }
        self
    }

    /// As one line of plain text: names stand between backticks and hide nothing.
    pub fn plain(&self) -> String {
        let mut out = String::with_capacity(self.0.iter().map(|p| p.text().len() + 2).sum());
        for piece in &self.0 {
            match piece {
                Inline::Text { text } => out.push_str(text),
                Inline::Code { text } | Inline::Tool { text, .. } => {
                    out.push('`');
                    out.push_str(&neutral::visible(text));
                    out.push('`');
                }
                Inline::ServerText { text } => out.push_str(&neutral::visible(text)),
                Inline::Link { text, .. } => out.push_str(text),
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_ours_melt_together_and_names_stay_apart() {
        let mut prose = Prose::of("Takes ");
        prose.say("only ").code("id").say(".");
        assert_eq!(prose.pieces().len(), 3);
        assert_eq!(prose.plain(), "Takes only `id`.");
    }

    #[test]
    fn lists_of_names_count_what_they_leave_out() {
        let mut prose = Prose::new();
        prose.codes(&["a", "b", "c"], 3, "and").say("; ").codes(&["a", "b", "c"], 2, "or");
        assert_eq!(prose.plain(), "`a`, `b` and `c`; `a`, `b` or 1 more");
    }

    #[test]
    fn a_hostile_name_cannot_leave_its_code_span() {
        let mut prose = Prose::new();
        prose.code("a` **b\u{202e}");
        assert_eq!(prose.plain(), "`a' **b<U+202E>`");
    }
}
