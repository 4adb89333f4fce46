//! What a review promises: the changes, the outputs, the gate, the lock, the Action.

mod accept;
#[cfg(unix)] // its steps are for bash; on Windows `bash` may be another system's
mod action;
mod command;
mod decisions;
mod documents;
mod hostile;
mod lock;
mod made;
mod renames;
mod says;
