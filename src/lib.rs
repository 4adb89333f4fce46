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
pub mod input;
pub mod lexicon;
pub mod manifest;
pub mod neutral;
pub mod policy;
pub mod review;
pub mod risk;
pub mod sentence;
pub mod serve;
pub mod site;
pub mod words;
pub mod write;

#[cfg(test)]
mod tests {
    use std::path::Path;

    /// The modules, each below those that may use it.
    const ORDER: &[&str] = &[
        "risk",
        "neutral",
        "sentence",
        "diagnostic",
        "input",
        "words",
        "lexicon",
        "manifest",
        "classify",
        "policy",
        "config",
        "catalog",
        "card",
        "write",
        "review",
        "site",
        "serve",
        "eval",
        "cli",
    ];

    fn rank(module: &str) -> Option<usize> {
        ORDER.iter().position(|known| *known == module)
    }

    #[test]
    fn no_module_uses_one_above_it() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut wrong = Vec::new();
        let mut seen = 0;
        for entry in walkdir::WalkDir::new(&source).into_iter().filter_map(Result::ok) {
            let Ok(inside) = entry.path().strip_prefix(&source) else { continue };
            if inside.extension().is_none_or(|extension| extension != "rs") {
                continue;
            }
            let first = inside.iter().next().unwrap().to_string_lossy();
            let module = first.trim_end_matches(".rs");
            if module == "lib" || module == "main" {
                continue;
            }
            let own = rank(module).unwrap_or_else(|| panic!("{module} has no place in the order"));
            let text = std::fs::read_to_string(entry.path()).unwrap();
            for (at, _) in text.match_indices("crate::") {
                let name = &text[at + "crate::".len()..];
                let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
                let Some(used) = rank(&name[..end]) else { continue };
                seen += 1;
                if used > own {
                    wrong.push(format!("{} uses {}", inside.display(), &name[..end]));
                }
            }
        }
        assert!(seen > 500, "only {seen} uses were found");
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
