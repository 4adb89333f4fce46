//! Documents do what the pages say, in every format.

mod claims;
mod command;
mod compose;
mod documents;
mod formats;
mod hostile;
mod into;
mod properties;
mod settings;
mod switches;
mod told;
mod yaml;
