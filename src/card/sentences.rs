//! Every sentence of ours that a tool's page can print: its id, the condition, what it fills in, the words.
//!
//! A row is a function that alone can make the sentence. The comment is its condition; `Third`, `Class` and `Heading`
//! say on how many pages it may appear.

use super::Prose;
use super::slot::{CodeText, EvidenceQuote, Link, OwnWord, Quote, Slot, Whole, fill};
use crate::policy;
use crate::sentence::{PageShare, Sentence};

macro_rules! sentences {
    ($( #[doc = $when:literal] $share:ident $id:ident($($slot:ident: $kind:ident),*) $text:literal; )*) => {
        $(
            #[doc = $when]
            pub(crate) fn $id($($slot: $kind<'_>),*) -> Prose {
                let slots: &[(&str, &dyn Slot)] = &[$((stringify!($slot), &$slot)),*];
                fill(stringify!($id), $text, slots)
            }
        )*

        /// The rows of the card's own sentences.
        const OWN: &[Sentence] = &[$(Sentence {
            id: stringify!($id),
            text: $text,
            when: $when.trim_ascii(),
            slots: &[$((stringify!($slot), stringify!($kind))),*],
            share: PageShare::$share,
        }),*];
    };
}

sentences! {
    // The worst that one call can do.
    /// The class is Read; this decided.
    Class reads(seen: EvidenceQuote) "A call changes nothing that outlives it: {seen}.";
    /// The class is Read because the definition restricts what a call can do.
    Third reads_only(seen: EvidenceQuote) "A call is restricted to reading: {seen}.";
    /// The class is Read and no evidence decides it: a person set it.
    Third reads_as_set() "A call changes nothing that outlives it.";
    /// The class is Write; this decided.
    Class writes(seen: EvidenceQuote) "A call changes something that outlives it: {seen}.";
    /// The class is Write because nothing in the definition says what a call does.
    Third writes_unsaid() "Nothing in the definition says what a call does, so it counts as a change.";
    /// The class is Write and no evidence decides it: a person set it.
    Third writes_as_set() "A call changes something that outlives it.";
    /// The class is Destructive and no facet says what is at stake; this decided.
    Class destroys(seen: EvidenceQuote) "A call can remove or overwrite something for good: {seen}.";
    /// The class is Destructive and no evidence decides it: a person set it.
    Third destroys_as_set() "A call can remove or overwrite something for good.";
    /// The class is Destructive because a call can reach any other tool or endpoint.
    Third reaches_anything(seen: EvidenceQuote) "A call can reach any other tool or endpoint: {seen}.";
    /// The class rests on a declared hint alone.
    Third rests_on_hint(class: OwnWord, code: CodeText) "The class is {class} by the declared {code} alone.";

    // What the facets say.
    /// The facet `runs_code` applies.
    Third runs_code(seen: EvidenceQuote) "A call runs a program that it is given: {seen}.";
    /// The facet `starts_process` applies.
    Third starts_process(seen: EvidenceQuote) "A call starts or stops a process: {seen}.";
    /// The facet `moves_money` applies.
    Third moves_money(seen: EvidenceQuote) "A call can move money: {seen}.";
    /// The facet `sends_out` applies.
    Third sends_out(seen: EvidenceQuote) "What a call sends leaves your control: {seen}.";
    /// The facet permissions applies.
    Third permissions(seen: EvidenceQuote) "A call changes who may do what: {seen}.";
    /// The facet `reads_secrets` applies.
    Third reads_secrets(seen: EvidenceQuote) "What comes back can be a secret: {seen}.";
    /// The facet bulk applies.
    Third bulk(seen: EvidenceQuote) "One call can act on many objects: {seen}.";
    /// The facet applies and no evidence speaks for it: a person set it.
    Third facet_as_set(code: CodeText) "The facet {code} is set by a person.";

    // What else a reader should know.
    /// The tool takes a string that is named as a path.
    Third path(code: CodeText) "{code} takes a path; the server decides which folders it can reach.";
    /// The tool takes a string that is named as an address.
    Third address(code: CodeText) "{code} takes an address, which can lie inside your own network.";
    /// The entry's `execution.taskSupport` is `optional` or `required`.
    Third as_task() "A call can go on as a task after its answer.";
    /// The confidence is not high; this is the heaviest evidence for the runner-up.
    Third second(class: OwnWord, seen: EvidenceQuote) "If this class is wrong, {class} is the next likely: {seen}.";
    /// The confidence is low.
    Third low() "Confidence is low: read the definition before you rely on the class.";
    /// The related tool requires an id of the same name and is of a milder class.
    Third milder(code: CodeText, class: OwnWord) "Takes the same {code} and is {class}.";

    // Findings.
    /// A declared hint contradicts the class.
    Third contradicts(code: CodeText, declared: OwnWord, class: OwnWord) "{code} is declared {declared}; the class is {class}.";
    /// Every verb of the name reads, and a main clause of the description destroys.
    Third misnamed(quote: Quote) "The name does not say what the description says: {quote}.";
    /// A text holds characters that people do not see.
    Third hidden_text(place: CodeText, point: CodeText) "There are characters that people do not see in {place}, the first is {point}.";
    /// A word mixes letters of two alphabets.
    Third lookalikes(place: CodeText, point: CodeText) "A word in {place} mixes alphabets: {point} looks like a Latin letter.";
    /// A text gives a model instructions.
    Third aimed_at_model(place: CodeText, quote: Quote) "A text tells a model what to do, in {place}: {quote}.";
    /// A text holds an encoded block.
    Third encoded(place: CodeText) "There is an encoded block in {place}.";
    /// There is no description.
    Third no_description() "The server gives no description.";
    /// The description says nothing that the name does not say.
    Third repeats_name() "The description only repeats the name.";

    /// A name is defined more than once.
    Third duplicate(number: OwnWord) "The server lists {number} tools of this name; the label is the worst of them.";
    /// A further definition of the name has a description.
    Third defined_too(quote: Whole) "Another definition says {quote}.";
    /// The name is beyond the specification's rule, or longer than clients take.
    Third odd_name(clients: OwnWord) "The name is one that {clients} may refuse, and the whole server with it.";
    /// Some clients read two names as one.
    Third collides() "Some clients read this name and another of the server as one.";
    /// No input schema was published, or one that is not an object.
    Third takes_unknown() "What it takes is not known.";
    /// A client refuses the schema.
    Third refused(place: CodeText, clients: OwnWord) "At {place} is what {clients} may refuse, and the whole server with it.";
    /// The arguments stand without `properties`.
    Third bare_arguments(place: CodeText) "The arguments are in {place} without their keyword: clients read it as any arguments.";
    /// A second input schema stands under another key, and it differs.
    Third second_schema(place: CodeText) "A second input schema is at {place} and differs; the label is the worst of both.";
    /// Both `readOnlyHint` and `destructiveHint` are declared true.
    Third hints_exclude() "Two declared hints exclude one another, so neither counts.";
    /// Annotations of a wrong type or spelling.
    Third hints_unread(place: CodeText) "What is at {place} declares no hint.";
    /// The tool is not visible to the model.
    Third app_only() "The server’s own widget calls it: hosts must not offer it to an agent.";
    /// An older key of a widget is used.
    Third old_keys(place: CodeText) "The key at {place} is an older one.";
    /// The author publishes a risk.
    Third author_says(code: CodeText, quote: Quote, class: OwnWord) "Its author publishes {code}: {quote}; the class is {class}.";
    /// The author publishes more of the risk than one key.
    Third author_also(code: CodeText, quote: Quote) "The author publishes {code} too: {quote}.";
    /// The header of an argument breaks the specification's rules.
    Third header_broken(place: CodeText) "Clients must drop the tool for the header at {place}.";
    /// An argument that is named as a secret has a header.
    Third header_secret(place: CodeText) "A secret travels in the header at {place}, where proxies log it.";
    /// The tool calls other tools or endpoints by name.
    Third dispatches() "It calls other tools or endpoints by name: rules for those do not hold behind it.";

    /// One argument has values that read and values that change.
    Third refused_mixed() "Anthropic’s connector directory refuses a tool with values that read and values that change: split it.";
    /// A text tells a model how to behave.
    Third refused_text() "Anthropic’s connector directory refuses a text that tells a model how to behave.";
    /// A free query comes without a link to its API.
    Third refused_query() "Anthropic’s connector directory refuses a free query without a link to the API that it asks.";

    // What to do about a finding.
    /// A declared hint makes the tool look milder than its class.
    Third do_not_trust(code: CodeText) "Let no client skip a question because of {code}.";
    /// A declared hint makes the tool look harsher than its class.
    Third trust_less(code: CodeText) "A client that goes by {code} asks more often than it has to.";
    /// The name says less than the description.
    Third go_by_description() "Go by the description.";
    /// A text holds characters that people do not see, or letters of two alphabets.
    Third read_raw() "Read the definition with its characters spelled out before you allow the tool.";
    /// A text gives a model instructions.
    Third ask_author() "Keep the tool hidden until its author has taken that out.";
    /// A text is not for people, and nobody has accepted that.
    Third withheld() "No policy here offers the tool before somebody accepts this finding.";
    /// A person accepted the finding.
    Third accepted(by: Whole, day: OwnWord, reason: Whole) "{by} accepted this on {day}. Reason: {reason}.";
    /// A text holds an encoded block.
    Third decode() "Decode it before you allow the tool.";
    /// There is no description, or one that says nothing.
    Third read_source() "Read its source, or ask its author, before you allow it.";

    // Counts and captions.
    /// An argument's values are classified one by one.
    Heading values(code: CodeText) "{code} decides; the class is that of the worst value.";
    /// The table of values leaves some out.
    Third more_values(number: OwnWord) "{number} more values are under the parameters.";
    /// The table of evidence leaves some out.
    Third more_evidence(number: OwnWord) "{number} more are in the JSON of this card.";
    /// The table of parameters leaves some out.
    Third more_parameters(number: OwnWord) "{number} more are in the schema below.";
    /// No input schema was published.
    Third no_schema() "The server publishes no input schema.";
    /// An output schema is declared.
    Heading answers(code: CodeText) "Its answer has a declared schema of the type {code}.";
    /// Icons are declared.
    Heading icons(number: OwnWord) "Icons declared: {number}.";
    /// The listing is of a kind that has no schemas.
    Third without_schemas() "The listing has names and descriptions, and no schemas.";
    /// An input schema was published and declares no argument.
    Third no_arguments() "The schema declares no arguments.";
    /// An input schema was published, and what it declares is where it is not read.
    Third arguments_unread() "The schema declares its arguments in a form that is not read here.";

    // Questions, where the recommended document denies something.
    /// The document hides or denies the tool, and an agent may have it.
    Heading ask_allow(code: CodeText) "How do I allow {code} after all?";
    /// The document hides the tool, and an agent may have it; the limit is the one of a Destructive tool that is allowed.
    Third unhide(hide: CodeText, tools: CodeText, nth: OwnWord) "Take the name out of {hide} and list it under {tools} with a limit: the {nth} call within one minute is denied.";
    /// The document denies every call.
    Third undeny(deny: CodeText, nth: OwnWord) "Take {deny} away and leave a limit: the {nth} call within one minute is denied.";
    /// The document hides or denies the tool, and an agent may have it.
    Third account() "First give the server an account that cannot do the worst.";
    /// The document denies a value.
    Third add_value(value: CodeText, code: CodeText) "Add {value} to the values of {code}; nothing else changes.";
    /// The tool takes a list of ids or acts on many objects, and changes something.
    Heading ask_per_call(code: CodeText) "Can I limit how many objects one call of {code} reaches?";
    /// The tool takes a list of ids and changes something.
    Third no_count_of(code: CodeText) "No: a condition cannot count the entries of {code}, and a limit counts calls.";
    /// The tool acts on many objects, takes no list of ids, and changes something.
    Third no_count() "No: a limit counts calls, not objects.";
    /// The list of ids is optional and the document allows the tool.
    Third without_list(code: CodeText) "A document can deny every call that has {code}.";
    /// The document looks at an argument's values.
    Heading ask_later(code: CodeText) "What if a later version adds a value to {code}?";
    /// A value that is not listed is denied.
    Third later_denied(rule: CodeText) "It is denied at {rule}: the rule lists the values that may pass.";
    /// A person replaced the class.
    Third decided(by: Whole, class: OwnWord, day: OwnWord, reason: Whole) "{by} decided {class} on {day}. Reason: {reason}.";
    /// A person replaced the class, and the definition has changed since.
    Third stale() "Stale: the definition changed since, so the worse of both classes holds.";

    // On a server's page.
    /// Always.
    Heading step_start(gateway: Link, server: Whole) "Let {gateway} start {server}, and take the server out of the client’s own configuration.";
    /// Always.
    Heading step_save(gateway: Link, file: CodeText) "Give {gateway} the document as {file}.";
    /// Always.
    Heading step_check(gateway: Link) "Point the client at {gateway} and call a tool that the document denies.";
    /// The package and its version are known.
    Heading pinned(version: CodeText) "Pinned to {version}, the version that was read.";
    /// The package is known and its version is not.
    Heading newest() "No version is known: this starts the newest, which may declare other tools.";
    /// A start command is known.
    Heading credentials(env: CodeText) "Credentials go into {env}.";
    /// The package's name is not one that its registry accepts.
    Heading bad_package() "The package’s name is not one that its registry accepts, so no command is shown.";
    /// The registry is none whose start command is known.
    Heading unknown_registry(registry: CodeText) "No start command is known for packages from {registry}.";
    /// No package is named.
    Heading no_package() "The manifest names no package, so no command is shown.";
}

/// Every sentence of ours that a tool's page can print: the card's, the policy's and those of the other formats.
pub fn sentences() -> impl Iterator<Item = &'static Sentence> {
    OWN.iter().chain(&super::policy::LINES).chain(super::policy::SENTENCES).chain(policy::formats::SENTENCES)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::sentence::{Part, parts};

    #[test]
    fn there_are_at_most_130_each_with_an_id_and_a_condition() {
        let ids: HashSet<&str> = sentences().map(|s| s.id).collect();
        assert_eq!(ids.len(), sentences().count(), "two sentences have one id");
        assert!(ids.len() <= 130, "{}", ids.len());
        for s in sentences() {
            assert!(s.when.ends_with('.') && s.when.starts_with(char::is_uppercase), "{}", s.id);
        }
    }

    #[test]
    fn every_slot_is_in_its_text_and_nothing_else_is() {
        for s in sentences() {
            let named: Vec<&str> = s.slots.iter().map(|(name, _)| *name).collect();
            let used: Vec<&str> =
                parts(s.text).filter_map(|p| if let Part::Slot(name) = p { Some(name) } else { None }).collect();
            assert_eq!(named, used, "{}", s.id);
        }
    }

    #[test]
    fn a_sentence_is_short_ends_with_a_stop_and_has_no_private_word() {
        for s in sentences() {
            let headline = s.id.starts_with("line_");
            assert!(headline || s.text.ends_with(['.', '?']), "{}", s.text);
            assert!(s.text.split(' ').count() <= 24, "{}", s.text);
            for private in ["deed", "silence", " leg", "speaks", "claims less", "claims more", "notch", "drawer"] {
                assert!(!s.text.contains(private), "{private}: {}", s.text);
            }
        }
    }
}
