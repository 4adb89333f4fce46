//! What a review promises: the changes, the outputs, the gate, the lock, the Action.

mod accept;
mod action;
mod command;
mod documents;
mod hostile;
mod made;
mod renames;
mod says;
