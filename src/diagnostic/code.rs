//! The codes of diagnostics: one table, which the book prints.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($($variant:ident, $id:literal, $meaning:literal;)*) => {
        /// What kind of thing is wrong: stable, in kebab-case.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $(#[doc = $meaning] $variant,)*
        }

        impl Code {
            /// Every code, in the order of its name.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name that is printed, e.g. `duplicate-tool`.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $id,)* }
            }

            /// When it is printed and what it costs, a sentence.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)* }
            }
        }
    };
}

codes! {
    BadAccessLevel, "bad-access-level", "A row of the IAM table has an access level that is not one of AWS's five; the row is not counted.";
    BadAlias, "bad-alias", "An entry of `_aliases.toml` does not name two addresses; no redirect is written for it.";
    BadArticle, "bad-article", "An attack article cannot be read or lacks a field of its head; it is left out.";
    BadConfiguration, "bad-configuration", "A key of the configuration is unknown or its value does not fit; nothing is built.";
    BadLabel, "bad-label", "A line of a label set is not a label; it is not counted.";
    BadLexicon, "bad-lexicon", "A row of the lexicon has a fault; the lexicon is not used.";
    BadOverride, "bad-override", "A decision in `overrides.toml` lacks a field or a field does not fit; it is not applied.";
    BadPath, "bad-path", "The condition of a policy names no argument; the document is refused.";
    BadRevision, "bad-revision", "What was given as a revision could be read as an option of git; it is refused.";
    BadRound, "bad-round", "The record of a labelling round does not fit its labels.";
    BadTool, "bad-tool", "An entry of `tools` is not an object; that tool is left out.";
    BadValue, "bad-value", "The value of a policy's condition does not fit its operator; the document is refused.";
    BrokenBundle, "broken-bundle", "A bundle cannot be unpacked, or has no manifest or two; it is left out.";
    BrokenHistory, "broken-history", "The history of labels cannot be read; it is left out.";
    BrokenJson, "broken-json", "The file is not valid JSON; it is not read further.";
    BrokenLock, "broken-lock", "A lock cannot be read.";
    BrokenSettings, "broken-settings", "A settings file cannot be read, or has something else where entries belong; it is not touched.";
    BrokenTemplate, "broken-template", "A template of the theme cannot be rendered; nothing is written.";
    DocumentsDiffer, "documents-differ", "Documents that are merged say different things in one place; the stricter is kept where there is one.";
    DuplicateKey, "duplicate-key", "A key is given twice in a policy; the document is refused.";
    DuplicateTool, "duplicate-tool", "Two tools of one server have one name.";
    FileTooLarge, "file-too-large", "A file is larger than what is read; it is left out.";
    FolderNameNotUtf8, "folder-name-not-utf8", "The name of a server's folder is not UTF-8; the server is left out.";
    ForeignFile, "foreign-file", "A file that toolcard did not write is where a page belongs; it is kept and the page is not written.";
    GitFailed, "git-failed", "git ended with an error.";
    HiddenEntry, "hidden-entry", "An entry of `hide` is not a name; the document is refused.";
    HiddenTwice, "hidden-twice", "A policy hides one tool twice.";
    HistoryExists, "history-exists", "There is a history already; it is not written over.";
    LinkLeavesCatalogue, "link-leaves-catalogue", "A link of a catalogue leads out of it; what lies there is not read.";
    LoneSurrogate, "lone-surrogate", "A text escapes half a character; it is read with a replacement for it.";
    MissingKey, "missing-key", "A policy lacks a key; the document is refused.";
    NoCatalogue, "no-catalogue", "The folder cannot be listed or is no catalogue: it holds no server, is the folder of one, or a folder in it is the catalogue.";
    NoConfiguration, "no-configuration", "The configuration that was named is not there.";
    NoFolder, "no-folder", "A manifest lies directly in the catalogue; it is read, and decisions about its tools have no place.";
    NoLabelSets, "no-label-sets", "The folder holds no label sets.";
    NoLock, "no-lock", "There is no lock to compare with.";
    NoManifest, "no-manifest", "A folder holds no manifest.";
    NoRepository, "no-repository", "A revision was named and the catalogue is not in a git repository.";
    NoTheme, "no-theme", "The folder of the theme is not there; nothing is written.";
    NoTools, "no-tools", "A manifest has no list of tools; the server is left out.";
    NotAManifest, "not-a-manifest", "The JSON is of no known shape; the server is left out.";
    NotStrictJson, "not-strict-json", "A file has comments or trailing commas, which JSON does not; it is read without.";
    NotUtf8, "not-utf8", "A file is not UTF-8 text; it is left out.";
    OddName, "odd-name", "A tool's name cannot be used in an address as it is; its page has another.";
    OtherSlug, "other-slug", "`server.slug` and the folder's name differ; the folder's counts.";
    OutputOverlapsInput, "output-overlaps-input", "The output lies in or around what is read; nothing is written.";
    OverrideExpired, "override-expired", "The last day of a decision is past.";
    OverrideWithoutTool, "override-without-tool", "A decision is about a tool that the manifest does not have, or accepts a finding that the tool does not have.";
    PartialListing, "partial-listing", "The listing is a part of what the server offers; nothing is said of the rest.";
    SameSlug, "same-slug", "Two manifests have one slug; the first is read.";
    SameUrl, "same-url", "Two servers would have one address; one is left out.";
    SecretInAnswer, "secret-in-answer", "A server repeats a value that it was given in confidence; its name stands in the answer instead.";
    SeveralServers, "several-servers", "A file lists several servers where one belongs; none is read.";
    ShallowClone, "shallow-clone", "The history of a shallow clone is not whole.";
    StaleLock, "stale-lock", "The lock does not fit the catalogue.";
    StaleOverride, "stale-override", "The definition changed since a person decided about it; the worse of both classes holds, and an accepted finding counts again.";
    TooManyTools, "too-many-tools", "A server has more tools than are read; the server is left out.";
    ToolTooLarge, "tool-too-large", "A definition passes a limit of size or depth; that tool is left out.";
    ToolWithoutName, "tool-without-name", "A tool has no name; it is left out.";
    UnknownKey, "unknown-key", "A policy has a key that the format does not know; the document is refused.";
    UnknownOperator, "unknown-operator", "A policy's condition has an operator that the format does not know; the document is refused.";
    UnknownRevision, "unknown-revision", "git knows no such revision.";
    UnknownThemeFile, "unknown-theme-file", "A file of the theme replaces nothing; it has no effect.";
    UnknownValue, "unknown-value", "A key of a policy has a value that the format does not know; the document is refused.";
    UnknownVersion, "unknown-version", "A policy has a version that is not read; the document is refused.";
    UnreadCondition, "unread-condition", "A condition of a client's policy is not understood; it counts as one that lets most pass.";
    UnreadableFile, "unreadable-file", "A file cannot be read; its content is left out.";
    UnwritableFile, "unwritable-file", "A file cannot be written.";
    WrongType, "wrong-type", "A field has another type than its format says; it counts as absent.";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_are_in_the_order_of_their_names_and_have_one_each() {
        assert!(Code::ALL.windows(2).all(|pair| pair[0].name() < pair[1].name()));
    }
}
