//! Steps of the loops that hostile input could make long: counted in tests, nothing elsewhere. A test doubles each size
//! and compares the counts, which are the same on every machine.

#[cfg(test)]
thread_local! {
    static STEPS: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Counts `n` steps of this thread.
#[cfg(test)]
pub(crate) fn steps(n: usize) {
    STEPS.set(STEPS.get() + n);
}

/// Counts nothing.
#[cfg(not(test))]
#[inline]
pub(crate) fn steps(_: usize) {}

/// What `work` counts, all of it on one thread.
#[cfg(test)]
pub(crate) fn of(work: impl FnOnce() + Send) -> usize {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    one.install(|| {
        STEPS.set(0);
        work();
        STEPS.get()
    })
}
