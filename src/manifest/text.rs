//! A server's words, which no output takes as they are.

use std::fmt;
use std::ops::Deref;

use serde::Serialize;

/// Text that a server wrote: hostile until a sanitizer has made it harmless for one kind of output.
///
/// It is read like a `str`, and it has no `Display`: `format!` and its like do not compile where they print it as it is.
/// Who takes it as a `str` has to hand that to a sanitizer: of `neutral`, `Html`, or a format's own quoting.
///
/// ```compile_fail
/// let tool = toolcard::manifest::Tool::default();
/// println!("{}", tool.name);
/// ```
///
/// ```
/// let tool = toolcard::manifest::Tool { name: "drop\u{202e}".into(), ..Default::default() };
/// assert_eq!(toolcard::neutral::quoted(&tool.name), "`drop<U+202E>`");
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct ServerText(String);

impl ServerText {
    /// The text, for reading.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for ServerText {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// As a literal of Rust, in which nothing is hidden.
impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<String> for ServerText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ServerText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl PartialEq<str> for ServerText {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for ServerText {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<String> for ServerText {
    fn eq(&self, other: &String) -> bool {
        self.0 == *other
    }
}
