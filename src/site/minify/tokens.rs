//! A script as tokens: as much of the language as it takes to tell strings, templates and regular expressions from the rest.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A name or a keyword.
    Name,
    Number,
    String,
    Regex,
    /// A part of a template: from its begin or from `}`, to its end or to `${`.
    Template,
    /// Punctuation.
    Mark,
}

/// What was before a token; a comment is white space.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Before {
    Nothing,
    Space,
    LineBreak,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind,
    pub(super) text: &'a str,
    pub(super) before: Before,
}

impl Token<'_> {
    /// Whether it is this piece of punctuation.
    pub(super) fn is(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    /// Whether it is this keyword.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Name && self.text == word
    }

    /// Whether what it opens is closed by a later token.
    pub(super) fn opens(&self) -> bool {
        match self.kind {
            TokenKind::Mark => matches!(self.text, "(" | "[" | "{"),
            TokenKind::Template => self.text.ends_with("${"),
            _ => false,
        }
    }

    /// Whether it closes what an earlier token opened.
    pub(super) fn closes(&self) -> bool {
        match self.kind {
            TokenKind::Mark => matches!(self.text, ")" | "]" | "}"),
            TokenKind::Template => self.text.starts_with('}'),
            _ => false,
        }
    }

    /// Whether a value ends with it, so that a slash behind it divides.
    fn ends_value(&self) -> bool {
        match self.kind {
            TokenKind::Name => !matches!(self.text, "return" | "typeof" | "case" | "in" | "of" | "await" | "else"),
            TokenKind::Number | TokenKind::String | TokenKind::Regex => true,
            TokenKind::Template => !self.text.ends_with("${"),
            TokenKind::Mark => self.closes(),
        }
    }
}

/// Punctuation of several characters that must stay together or that means another thing than its parts.
const MARKS: [&str; 6] = ["...", "=>", "?.", "??", "++", "--"];

/// The tokens of a script. Text without an end is one token to the end.
pub(super) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut before = Before::Nothing;
    // Open braces, and whether each is of a template.
    let mut braces = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if let Some((length, has_break)) = space(rest) {
            before = before.max(if has_break { Before::LineBreak } else { Before::Space });
            rest = &rest[length..];
            continue;
        }
        let in_template = c == '}' && braces.pop() == Some(true);
        let (kind, length) = match c {
            '`' => (TokenKind::Template, template(rest)),
            '}' if in_template => (TokenKind::Template, template(rest)),
            '"' | '\'' => (TokenKind::String, closed(rest, c)),
            '/' if !out.last().is_some_and(Token::ends_value) => (TokenKind::Regex, regex(rest)),
            '0'..='9' => (TokenKind::Number, rest.find(|c| c != '.' && !is_word(c)).unwrap_or(rest.len())),
            c if is_word(c) => (TokenKind::Name, rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
            _ => (TokenKind::Mark, mark(rest)),
        };
        let token = Token { kind, text: &rest[..length], before };
        if token.opens() && token.text.ends_with('{') {
            braces.push(kind == TokenKind::Template);
        }
        out.push(token);
        before = Before::Nothing;
        rest = &rest[length..];
    }
    out
}

/// Whether a name or a number may hold it.
pub(super) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '$') || !c.is_ascii()
}

/// How much white space or comment the text begins with, and whether it breaks the line.
fn space(text: &str) -> Option<(usize, bool)> {
    let length = if text.starts_with("//") {
        text.find('\n').unwrap_or(text.len())
    } else if let Some(comment) = text.strip_prefix("/*") {
        comment.find("*/").map_or(text.len(), |end| end + 4)
    } else {
        text.len() - text.trim_start().len()
    };
    (length > 0).then(|| (length, text[..length].contains('\n')))
}

/// To the quote that is not escaped.
fn closed(text: &str, quote: char) -> usize {
    end(text, |_, c| c == quote)
}

/// To the end of the template, or to the `${` of a value in it.
fn template(text: &str) -> usize {
    end(text, |before, c| c == '`' || (c == '{' && before == '$'))
}

/// To the slash that ends it and is in no class, with its flags.
fn regex(text: &str) -> usize {
    let mut in_class = false;
    let slash = end(text, |_, c| {
        match c {
            '[' => in_class = true,
            ']' => in_class = false,
            _ => {}
        }
        c == '/' && !in_class
    });
    text[slash..].find(|c| !is_word(c)).map_or(text.len(), |flags| slash + flags)
}

/// To the end of the first character behind the first for which `is_end(before, character)` says so; none is escaped.
fn end(text: &str, mut is_end: impl FnMut(char, char) -> bool) -> usize {
    let (mut before, mut escaped) = (' ', false);
    for (at, c) in text.char_indices().skip(1) {
        if !escaped && is_end(before, c) {
            return at + c.len_utf8();
        }
        escaped = !escaped && c == '\\';
        before = c;
    }
    text.len()
}

fn mark(text: &str) -> usize {
    let known = MARKS.iter().find(|mark| text.starts_with(**mark));
    let first = text.chars().next().map_or(0, char::len_utf8);
    // `a?.5:b` is a number.
    let number = text.starts_with("?.") && text[2..].starts_with(|c: char| c.is_ascii_digit());
    known.filter(|_| !number).map_or(first, |mark| mark.len())
}
