//! Bytes → text: UTF-8 and UTF-16, with or without a byte order mark.

use std::borrow::Cow;

use crate::diagnostic::Position;
use crate::input;

/// Why bytes are not text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotText {
    /// What they were taken for.
    pub encoding: &'static str,
    /// Where that ends.
    pub position: Position,
}

/// The text of a file. JSON begins with an ASCII character, so the first two bytes tell UTF-16 apart.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [first, 0, ..] if *first != 0 => utf16(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf16(bytes, u16::from_be_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(input::without_bom(text).into()),
            Err(e) => {
                let valid = String::from_utf8_lossy(&bytes[..e.valid_up_to()]);
                Err(NotText { encoding: "UTF-8", position: Position::of(&valid, valid.len()) })
            }
        },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, NotText> {
    let units = bytes.chunks(2).map(|pair| if let [a, b] = pair { unit([*a, *b]) } else { 0xD800 });
    let mut text = String::with_capacity(bytes.len() / 2);
    for c in char::decode_utf16(units) {
        match c {
            Ok(c) => text.push(c),
            Err(_) => return Err(NotText { encoding: "UTF-16", position: Position::of(&text, text.len()) }),
        }
    }
    Ok(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf_16_is_read_with_and_without_a_mark_and_broken_text_has_a_place() {
        let text = "{\"a\": \"é😀\"}";
        for little in [true, false] {
            let bytes: Vec<u8> =
                text.encode_utf16().flat_map(|u| if little { u.to_le_bytes() } else { u.to_be_bytes() }).collect();
            let mark = if little { [0xFF, 0xFE] } else { [0xFE, 0xFF] };
            assert_eq!(decode(&bytes).as_deref(), Ok(text));
            assert_eq!(decode(&[&mark[..], &bytes].concat()).as_deref(), Ok(text));
        }
        assert_eq!(decode("\u{feff}[]".as_bytes()).as_deref(), Ok("[]"));
        assert_eq!(decode(b"[\n\xff").map_err(|e| e.position.to_string()), Err("2:1".to_owned()));
        assert_eq!(
            decode(b"[\0]\0\n").map_err(|e| (e.encoding, e.position.to_string())),
            Err(("UTF-16", "1:3".into()))
        );
    }
}
