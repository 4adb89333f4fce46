//! The words and signs of Cedar.

use super::CedarFault;

/// A word or sign with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CedarToken {
    /// Where it begins.
    pub(super) at: usize,
    /// Where it ends.
    pub(super) end: usize,
    /// What it is.
    pub(super) kind: CedarWord,
}

/// What stands in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CedarWord {
    /// A name or a keyword.
    Name(String),
    /// A text, without its escapes.
    Text(String),
    /// A whole number that has no sign.
    Number(u64),
    /// Punctuation.
    Sign(&'static str),
}

/// Longer ones first.
const SIGNS: [&str; 27] = [
    "::", "==", "!=", "<=", ">=", "&&", "||", "(", ")", "{", "}", "[", "]", ",", ";", ".", ":", "!", "<", ">", "@",
    "?", "+", "-", "*", "=", "%",
];

/// The words of a text; comments and space are none.
pub(super) fn tokens(text: &str) -> Result<Vec<CedarToken>, CedarFault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        if c.is_whitespace() || c == '\u{feff}' {
            at += c.len_utf8();
            continue;
        }
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
            continue;
        }
        let (kind, length) = if c == '"' {
            let (value, length) = quoted(rest).map_err(|()| CedarFault {
                at,
                message: "a text has no end, or an escape that Cedar does not have".to_owned(),
            })?;
            (CedarWord::Text(value), length)
        } else if c.is_ascii_digit() {
            let length = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number = rest[..length].parse();
            let number =
                number.map_err(|_| CedarFault { at, message: "a number is larger than Cedar's".to_owned() })?;
            (CedarWord::Number(number), length)
        } else if c.is_ascii_alphabetic() || c == '_' {
            let length = rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            (CedarWord::Name(rest[..length].to_owned()), length)
        } else if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
            (CedarWord::Sign(sign), sign.len())
        } else {
            let message = format!("{} is no part of Cedar", crate::neutral::quoted(&c.to_string()));
            return Err(CedarFault { at, message });
        };
        found.push(CedarToken { at, end: at + length, kind });
        at += length;
    }
    Ok(found)
}

/// What a Cedar string says, where the text is one and nothing else.
pub(in crate::policy) fn literal(text: &str) -> Option<String> {
    let (value, length) = quoted(text).ok()?;
    (length == text.len()).then_some(value)
}

/// What the string says that a text begins with, and how long it is.
fn quoted(text: &str) -> Result<(String, usize), ()> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    if !matches!(chars.next(), Some((_, '"'))) {
        return Err(());
    }
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, at + 1)),
            '\\' => {
                let (_, escape) = chars.next().ok_or(())?;
                value.push(match escape {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    '0' => '\0',
                    '\\' | '\'' | '"' => escape,
                    'x' => {
                        let digits: String = chars.by_ref().take(2).map(|(_, c)| c).collect();
                        let code = u8::from_str_radix(&digits, 16).ok().filter(u8::is_ascii);
                        char::from(code.ok_or(())?)
                    }
                    'u' => {
                        if !matches!(chars.next(), Some((_, '{'))) {
                            return Err(());
                        }
                        let digits: String = chars.by_ref().map(|(_, c)| c).take_while(|c| *c != '}').take(7).collect();
                        u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).ok_or(())?
                    }
                    _ => return Err(()),
                });
            }
            c => value.push(c),
        }
    }
    Err(())
}
