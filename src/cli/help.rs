//! What stands under the help of every command: an example, and what its exit codes mean.

/// What is said of a command beside its arguments.
struct HelpRow {
    /// Its names, with spaces: `policy check`.
    command: &'static str,
    /// A command line that works in a folder with a catalogue.
    example: &'static str,
    /// What exit code 1 means.
    found: &'static str,
}

const fn row(command: &'static str, example: &'static str, found: &'static str) -> HelpRow {
    HelpRow { command, example, found }
}

const NEVER: &str = "is not used";

/// Every command.
const HELP: &[HelpRow] = &[
    row("build", "toolcard build --catalog catalog --out dist", "a server could not be read; the rest is built"),
    row("classify", "toolcard classify manifest.json", "a manifest is broken, or --fail-on found something"),
    row("eval", "toolcard eval", "a label has no tool, or a manifest is broken"),
    row(
        "import",
        "toolcard import tools.json --slug my-server",
        "a server could not be read or written; the catalogue keeps what it has of it",
    ),
    row(
        "update",
        "toolcard update --yes",
        "a server could not be asked or written; the catalogue keeps what it has of it",
    ),
    row(
        "inspect",
        "toolcard inspect tools.json",
        "a server could not be read, or --fail-on found something; the rest is shown",
    ),
    row(
        "explain",
        "toolcard explain my-server/delete_file",
        "its manifest is broken, or a sentence is not true (--sentences)",
    ),
    row(
        "policy",
        "toolcard policy my-server > policy.json",
        "the format cannot say the policy, or the manifest is broken",
    ),
    row("policy check", "toolcard policy check policy.json", "the document is not valid"),
    row("policy decide", "toolcard policy decide policy.json --tool delete_file", "the document is not valid"),
    row(
        "policy audit",
        "toolcard policy audit policy.json --server my-server",
        "something speaks against the document",
    ),
    row("policy merge", "toolcard policy merge one.json two.json > policy.json", "a document is not valid"),
    row("review", "toolcard review --base main", "a change fails the review (--fail-on), or a manifest cannot be read"),
    row("merge", "toolcard merge part-1 part-2", NEVER),
    row("lock", "toolcard lock --check", "the lock is stale, a decision has ended, or a manifest cannot be read"),
    row(
        "override",
        "toolcard override my-server/delete_file --class Write --reason \"git keeps every version\"",
        NEVER,
    ),
    row(
        "accept",
        "toolcard accept my-server/search model-directed-text --reason \"it documents an order of calls\"",
        NEVER,
    ),
    row("serve", "toolcard serve --open", NEVER),
    row("new", "toolcard new my-catalogue", NEVER),
    row("theme", "toolcard theme eject css/variables.css", NEVER),
    row("theme eject", "toolcard theme eject css/variables.css", NEVER),
    row("completions", "toolcard completions bash", NEVER),
    row("man", "toolcard man man1", NEVER),
];

const CLEAN: &str = "clean: done, and nothing was found";
const COULD_NOT: &str = "could not look: wrong usage or configuration, or what was named cannot be read";

/// The same command with what is said of each command of its tree.
pub(super) fn with_examples(command: clap::Command) -> clap::Command {
    HELP.iter().fold(command, |command, row| {
        let names: Vec<&str> = row.command.split(' ').collect();
        let HelpRow { example, found, .. } = row;
        within(
            command,
            &names,
            format!("Example:\n  {example}\n\nExit codes:\n  0  {CLEAN}\n  1  {found}\n  2  {COULD_NOT}"),
        )
    })
}

fn within(command: clap::Command, names: &[&str], text: String) -> clap::Command {
    match names {
        [] => command.after_help(text),
        [name, rest @ ..] => command.mut_subcommand(name, |command| within(command, rest, text)),
    }
}
