//! Looking at bytes.

/// The first byte that is `odd`. Most texts have none, and a loop without an exit runs over many bytes at once.
#[inline]
pub(crate) fn first_byte(bytes: &[u8], odd: impl Fn(u8) -> bool) -> Option<usize> {
    let mut at = 0;
    for chunk in bytes.chunks(32) {
        if chunk.iter().fold(false, |seen, b| seen | odd(*b)) {
            return chunk.iter().position(|b| odd(*b)).map(|i| at + i);
        }
        at += chunk.len();
    }
    None
}
