//! How a build reports its progress. The library prints nothing.

/// Is called as a build goes through its stages, from several threads.
pub trait Progress: Sync {
    /// A stage begins that has `total` steps.
    fn begin(&self, stage: &'static str, total: usize);
    /// One step is done.
    fn step(&self);
    /// The stage is over; `line` says what came of it.
    fn end(&self, line: &str);
}

/// Discards all progress.
#[derive(Debug, Clone, Copy, Default)]
pub struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: &'static str, _: usize) {}
    fn step(&self) {}
    fn end(&self, _: &str) {}
}
