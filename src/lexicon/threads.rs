//! Two halves of the loading at the same time: a command waits for the lexicon before it does anything else.

/// Both results, made at the same time. The threads are none of the pool: one that loads the embedded rows must not be given
/// other work while it waits, which could wait for those rows.
pub(super) fn side_by_side<A: Send, B>(one: impl FnOnce() -> A + Send, other: impl FnOnce() -> B) -> (A, B) {
    std::thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), other)
    })
}
