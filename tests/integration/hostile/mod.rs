//! What hostile input cannot do, whatever a server, a catalogue or a pull request holds. `docs/security.md` names the
//! test behind each promise.

mod book;
#[allow(clippy::print_stdout)] // what was tried, for whoever asks with --nocapture
mod faults;
mod files;
#[allow(clippy::print_stdout)]
mod fuzz;
mod monotone;
mod names;
mod sizes;
mod text;
