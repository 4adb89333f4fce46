//! Bare names against the access levels that AWS publishes for the actions of its services.

use std::path::Path;

use crate::classify::Classifier;
use crate::diagnostic::{Code, Diagnostic, Position};
use crate::input;
use crate::risk::Class;

use super::proportion::Proportion;

/// One published action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IamAction {
    /// Its name, e.g. `DescribeInstances`.
    pub name: String,
    /// Whether its level is `Read` or `List`.
    pub reads: bool,
}

/// Reads `service<TAB>action<TAB>level` below a heading.
///
/// # Errors
/// When the file cannot be read, or the first row with other columns or an unknown level.
pub fn read(path: &Path) -> Result<Vec<IamAction>, Box<Diagnostic>> {
    let text = input::bytes(path, input::MAX_RECORD_BYTES).and_then(input::text).map_err(|e| {
        Diagnostic::error(
            Code::UnreadableFile,
            path,
            format!("the access levels cannot be read: {e}"),
            "check that the file exists",
        )
    })?;
    let mut actions = Vec::new();
    for (line, row) in (1..).zip(text.lines()).skip(1) {
        let mut fields = row.split('\t').skip(1);
        let reads = match (fields.clone().nth(1), fields.clone().nth(2)) {
            (Some("Read" | "List"), None) => true,
            (Some("Write" | "Tagging" | "Permissions management"), None) => false,
            _ => {
                let bad = Diagnostic::error(
                    Code::BadAccessLevel,
                    path,
                    "this row has no access level that AWS publishes",
                    "a row is service, action and level (List, Read, Write, Tagging or Permissions management), with tabs between them",
                );
                return Err(Box::new(bad.at(Position { line, column: 1 })));
            }
        };
        let name = fields.next().unwrap_or_default().to_owned();
        actions.push(IamAction { name, reads });
    }
    Ok(actions)
}

/// How many names alone tell reading from changing as published.
pub fn measure(classifier: &Classifier<'_>, actions: &[IamAction]) -> Proportion {
    Proportion::count(actions.iter().map(|a| (classifier.name(&a.name) == Class::Read) == a.reads))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::Lexicon;

    #[test]
    fn a_row_without_a_known_level_is_named_and_the_others_are_measured() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("iam.tsv");
        std::fs::write(&path, "service\taction\tlevel\nec2\tDescribeHosts\tList\nec2\tDeleteVpc\tWrite\n").unwrap();
        let actions = read(&path).unwrap();
        assert_eq!(measure(&Classifier::new(Lexicon::embedded()), &actions), Proportion::new(2, 2));
        std::fs::write(&path, "service\taction\tlevel\nec2\tDescribeHosts\tSometimes\n").unwrap();
        assert_eq!(read(&path).unwrap_err().position.unwrap().line, 2);
    }
}
