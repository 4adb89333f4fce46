//! Ctrl-C while servers run: they are ended first.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// What a process ends with that a signal ended.
const INTERRUPTED: i32 = 130;

/// Whether servers run.
static ASKING: AtomicBool = AtomicBool::new(false);

/// While it lives, a signal does not end the process; it comes out of [`InterruptSignals::arrived`].
#[derive(Debug)]
pub(super) struct InterruptSignals(watch::Receiver<u32>);

impl InterruptSignals {
    /// Begins to catch signals. `None` where the system does not let it.
    pub(super) fn catch() -> Option<Self> {
        static SEEN: OnceLock<Option<watch::Receiver<u32>>> = OnceLock::new();
        let mut seen = SEEN.get_or_init(listen).clone()?;
        seen.mark_unchanged();
        ASKING.store(true, Ordering::SeqCst);
        Some(Self(seen))
    }

    /// Waits for a signal.
    pub(super) async fn arrived(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for InterruptSignals {
    fn drop(&mut self) {
        ASKING.store(false, Ordering::SeqCst);
    }
}

/// Hears signals until the process ends: once they are caught, the system no longer acts on them by itself.
fn listen() -> Option<watch::Receiver<u32>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
    let (sender, receiver) = watch::channel(0);
    let listening = move || {
        runtime.block_on(async move {
            let mut signals = Caught::new()?;
            loop {
                signals.next().await;
                if !ASKING.load(Ordering::SeqCst) {
                    std::process::exit(INTERRUPTED);
                }
                sender.send_modify(|count| *count += 1);
            }
            #[expect(unreachable_code, reason = "says what the block would return")]
            Ok::<(), std::io::Error>(())
        })
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(listening).ok()?;
    Some(receiver)
}

#[cfg(unix)]
struct Caught([tokio::signal::unix::Signal; 3]);

#[cfg(unix)]
impl Caught {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self([signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?, signal(SignalKind::hangup())?]))
    }

    async fn next(&mut self) {
        let [interrupt, terminate, hangup] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hangup.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Caught;

#[cfg(not(unix))]
impl Caught {
    fn new() -> std::io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}
