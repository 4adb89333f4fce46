//! The pieces that sentences are made of, so that every output escapes a server's words at its
//! own escaper and no sentence can smuggle markup. Only the table of sentences can add words of ours.

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
    /// Words out of a server's definition, folded and cut: escape them and mark them as a quotation.
    Quote {
        /// The words.
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
            Self::Code { text } | Self::Quote { text } | Self::Link { text, .. } => text,
        }
    }
}

/// Whole sentences, each from a row of the table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Prose {
    pieces: Vec<Inline>,
    /// Ids of the sentences, in order.
    #[serde(skip)]
    ids: Vec<&'static str>,
}

impl From<Inline> for Prose {
    /// A quotation or a name alone.
    fn from(piece: Inline) -> Self {
        Self::verbatim(piece)
    }
}

impl Prose {
    /// A quotation or a name alone: no sentence of ours.
    pub(super) fn verbatim(piece: Inline) -> Self {
        Self { pieces: vec![piece], ids: Vec::new() }
    }

    /// Nothing said yet of the sentence `id`.
    pub(super) fn sentence(id: &'static str) -> Self {
        Self { pieces: Vec::with_capacity(4), ids: vec![id] }
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Inline] {
        &self.pieces
    }

    /// The ids of its sentences, in order.
    pub fn ids(&self) -> &[&'static str] {
        &self.ids
    }

    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Adds words of ours.
    pub(super) fn say(&mut self, text: impl Into<Cow<'static, str>>) -> &mut Self {
        let text = text.into();
        match self.pieces.last_mut() {
            Some(Inline::Text { text: last }) => last.to_mut().push_str(&text),
            _ if text.is_empty() => {}
            _ => self.pieces.push(Inline::Text { text }),
        }
        self
    }

    /// Adds a piece.
    pub(super) fn push(&mut self, piece: Inline) -> &mut Self {
        self.pieces.push(piece);
        self
    }

    /// Adds another prose behind a space.
    pub(crate) fn then(mut self, other: Self) -> Self {
        if !self.is_empty() && !other.is_empty() {
            self.say(" ");
        }
        for piece in other.pieces {
            match piece {
                Inline::Text { text } => {
                    self.say(text);
                }
                other => self.pieces.push(other),
            }
        }
        self.ids.extend(other.ids);
        self
    }

    /// As one line of plain text and of Markdown: names and quotations are between backticks and hide nothing.
    pub fn plain(&self) -> String {
        self.line("`", "`")
    }

    /// As one line of plain text for people: quotations are between quotation marks, names bare.
    pub(crate) fn spoken(&self) -> String {
        self.line("“", "”").replace('`', "")
    }

    fn line(&self, open: &str, close: &str) -> String {
        let mut out = String::with_capacity(self.pieces.iter().map(|p| p.text().len() + 6).sum());
        for piece in &self.pieces {
            match piece {
                Inline::Text { text } => out.push_str(text),
                Inline::Link { text, .. } => out.push_str(text),
                Inline::Code { text } => {
                    out.push('`');
                    neutral::push_visible(&mut out, text);
                    out.push('`');
                }
                Inline::Quote { text } => {
                    out.push_str(open);
                    neutral::push_visible(&mut out, text);
                    out.push_str(close);
                }
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
        let mut prose = Prose::sentence("x");
        prose.say("Takes ").say("only ").push(Inline::Code { text: "id".to_owned() }).say(".");
        assert_eq!(prose.pieces().len(), 3);
        assert_eq!(prose.plain(), "Takes only `id`.");
    }

    #[test]
    fn a_hostile_name_cannot_leave_its_code_span() {
        for piece in [Inline::Code { text: "a` **b\u{202e}".into() }, Inline::Quote { text: "a` **b\u{202e}".into() }] {
            assert_eq!(Prose::verbatim(piece).plain(), "`a' **b<U+202E>`");
        }
    }
}
