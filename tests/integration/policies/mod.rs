//! Documents do what the pages say, in every format.

mod cedar;
mod claims;
mod command;
mod compose;
mod documents;
mod fates;
mod formats;
mod hostile;
mod into;
mod named;
mod properties;
mod settings;
mod switches;
mod temporal;
mod told;
mod yaml;
