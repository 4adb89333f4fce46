//! What hostile input cannot do, whatever a server, a catalogue or a pull request holds. `docs/security.md` names the
//! test behind each promise.

mod book;
mod faults;
mod files;
mod fuzz;
mod monotone;
mod names;
mod sizes;
mod text;
