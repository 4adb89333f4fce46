//! The command that makes a decision again, as a person copies it into a shell.

use std::path::Path;

use super::accepted::AcceptedFinding;
use super::overrides::Override;
use crate::neutral::shell_word;
use crate::risk::Facet;

/// The folder that commands look into where none is given.
const DEFAULT_CATALOG: &str = "catalog";

impl Override {
    /// The command that decides the same of the definition as it is now, until `expires`. `slug` is the server, `file`
    /// where the decision is written.
    pub fn renewal(&self, slug: &str, file: &Path, expires: Option<&str>) -> String {
        let mut command = format!("toolcard override {} --class {}", target(slug, &self.tool), self.class);
        if let Some(facets) = self.facets {
            let names: Vec<&str> = facets.iter().map(Facet::name).collect();
            command.push_str(" --facets ");
            command.push_str(&if names.is_empty() { "none".to_owned() } else { names.join(",") });
        }
        command + &rest(&self.reason, expires, file)
    }
}

impl AcceptedFinding {
    /// The command that accepts the finding in the definition as it is now, as [`Override::renewal`].
    pub fn renewal(&self, slug: &str, file: &Path, expires: Option<&str>) -> String {
        let command = format!("toolcard accept {} {}", target(slug, &self.tool), self.finding.name());
        command + &rest(&self.reason, expires, file)
    }
}

/// The tool as one word. A name is a server's to choose: one that cannot be a word is for a person to write.
fn target(slug: &str, tool: &str) -> String {
    shell_word(&format!("{slug}/{tool}")).unwrap_or_else(|| "SERVER/TOOL".to_owned())
}

/// What both commands end with.
fn rest(reason: &str, expires: Option<&str>, file: &Path) -> String {
    let reason = shell_word(reason).unwrap_or_else(|| "TEXT".to_owned());
    let mut words = format!(" --reason {reason}");
    if let Some(day) = expires {
        words.push_str(" --expires ");
        words.push_str(day);
    }
    let catalog = match file.parent().and_then(Path::parent) {
        Some(folder) if folder == Path::new(DEFAULT_CATALOG) => return words,
        Some(folder) if folder.as_os_str().is_empty() => ".".to_owned(),
        Some(folder) => shell_word(&folder.to_string_lossy()).unwrap_or_else(|| "DIR".to_owned()),
        None => "..".to_owned(),
    };
    format!("{words} --catalog {catalog}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::FindingId;
    use crate::diagnostic::Position;
    use crate::risk::{Class, Facets};

    fn decision(tool: &str, reason: &str) -> Override {
        Override {
            tool: tool.to_owned(),
            class: Class::Write,
            facets: Some(Facets::from_iter([Facet::Bulk, Facet::SendsOut])),
            reason: reason.to_owned(),
            by: "b".to_owned(),
            date: "2026-11-21".to_owned(),
            fingerprint: "0".repeat(32),
            expires: None,
            position: Position { line: 1, column: 1 },
        }
    }

    #[test]
    fn a_renewal_is_the_whole_command_and_names_another_catalogue() {
        let command = |file: &str| decision("t", "It is so.").renewal("s", Path::new(file), Some("2027-11-21"));
        let wanted =
            "toolcard override s/t --class Write --facets sends_out,bulk --reason \"It is so.\" --expires 2027-11-21";
        assert_eq!(command("catalog/s/overrides.toml"), wanted);
        for (file, catalog) in
            [("s/overrides.toml", "."), ("overrides.toml", ".."), ("/a b/s/overrides.toml", "\"/a b\"")]
        {
            assert_eq!(command(file), format!("{wanted} --catalog {catalog}"));
        }
    }

    #[test]
    fn nothing_in_a_renewal_is_more_to_a_shell_than_a_word() {
        let command = |tool, reason| decision(tool, reason).renewal("s", Path::new("catalog/s/o"), None);
        assert!(command("$(id)", "r").contains(" 's/$(id)' "));
        assert!(command("a'b;\"", "r").contains(r#" 's/a'\''b;"' "#));
        for hidden in ["a`id`", "a\u{202e}", "a\nb"] {
            assert!(command(hidden, "r").contains(" SERVER/TOOL "));
            assert!(command("t", hidden).ends_with(" --reason TEXT"));
        }
        let accepted = AcceptedFinding {
            tool: "t".to_owned(),
            finding: FindingId::HiddenText,
            reason: "r".to_owned(),
            by: "b".to_owned(),
            date: "2026-11-21".to_owned(),
            fingerprint: "0".repeat(32),
            expires: None,
            position: Position { line: 1, column: 1 },
        };
        let command = accepted.renewal("s", Path::new("catalog/s/o"), None);
        assert_eq!(command, "toolcard accept s/t hidden-text --reason r");
    }
}
