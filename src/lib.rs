//! toolcard makes a **card** for every tool that an MCP server offers an agent: what it does,
//! how much one call can break, why we say so, and the policy that contains it.
//!
//! ```text
//! catalog/<server>/manifest.json
//!   → manifest   JSON of any known shape → Manifest, or a diagnostic with line and column
//!   → classify   words + lexicon + schema + annotations → Verdict with evidence
//!   → policy     Verdict → rule; rules → documents; decide() proves what they do
//!   → card       sentences and FAQs from the same Verdict and Rule
//!   → site | review | JSON | lock
//! ```
//!
//! Nothing flows back: a room knows the rooms above it in this picture, never those below. Beside
//! the way stands `eval`, which measures verdicts against labels that annotators gave.

pub mod card;
pub mod catalog;
pub mod classify;
pub mod config;
pub mod diagnostic;
pub mod eval;
pub mod lexicon;
pub mod manifest;
pub mod neutral;
pub mod policy;
pub mod review;
pub mod sentence;
pub mod serve;
pub mod site;
pub mod words;
pub mod write;
