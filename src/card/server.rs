//! A server read once: rules, what names and arguments say, who is related to whom. Cards are cut
//! from it one by one.

use std::cell::OnceCell;

use super::attacks::{self, Article};
use super::names::{self, Named};
use super::related::Relations;
use super::view::{CardContext, ProfileDocument, ToolReading, View};
use super::{ActionRow, AnnotationNotes, Inline, Prose, Question, Related, Start};
use super::{actions, annotations, arguments, faq, lead, report, risks, start, steps};
use crate::classify::{FindingId, Verdict};
use crate::lexicon::Lexicon;
use crate::manifest::{Manifest, Tool, fingerprint};
use crate::policy::{self, Claims, Policy, Profile, Rule, ServerFormats};
use crate::words::Words;

/// One server with everything that its cards share.
#[derive(Debug)]
pub struct ServerCards<'a> {
    /// The server's identity and tools as declared.
    pub manifest: &'a Manifest,
    /// The verdicts that hold, in the manifest's order.
    pub verdicts: &'a [Verdict],
    /// The recommended rules, in the manifest's order.
    pub rules: Vec<Rule>,
    /// How many tools each class has, in the order of [`Class::ALL`](crate::risk::Class::ALL).
    pub counts: [usize; 3],
    pub(super) readings: Vec<ToolReading<'a>>,
    context: CardContext<'a>,
    relations: Relations,
    documents: OnceCell<[Policy; Profile::ALL.len()]>,
}

impl<'a> ServerCards<'a> {
    /// Reads a server. `verdicts` are those of `manifest.tools` in order; a tool without one has
    /// no card.
    pub fn new(manifest: &'a Manifest, verdicts: &'a [Verdict], context: CardContext<'a>) -> Self {
        let mut words = Words::new();
        let pairs = || manifest.tools.iter().zip(verdicts);
        let rules = pairs().map(|(tool, verdict)| policy::recommend(tool, verdict, &context.rate_limits)).collect();
        let readings: Vec<ToolReading<'a>> = names::read(manifest, verdicts, context.lexicon)
            .into_iter()
            .zip(&manifest.tools)
            .map(|(named, tool)| ToolReading { named, arguments: arguments::read(tool, &mut words) })
            .collect();
        let mut counts = [0; 3];
        for (_, verdict) in pairs() {
            counts[verdict.class as usize] += 1;
        }
        let relations = Relations::of(&readings);
        Self { manifest, verdicts, rules, counts, readings, context, relations, documents: OnceCell::new() }
    }

    /// The name that people read. A server's words: escape it.
    pub fn name(&self) -> &str {
        self.manifest.server.display_name()
    }

    /// The lexicon that its tools were labelled with.
    pub fn lexicon(&self) -> &'a Lexicon {
        self.context.lexicon
    }

    /// The articles that its cards choose from.
    pub fn articles(&self) -> &'a [Article] {
        self.context.articles
    }

    /// How to start the server.
    pub fn start(&self) -> Start {
        start::start(&self.manifest.server)
    }

    /// The three steps from a document to a client that obeys it.
    pub fn steps(&self) -> Vec<Prose> {
        steps::steps(&self.context.config.gateway, self.name())
    }

    /// Its tools with their verdicts.
    pub fn tools(&self) -> impl Iterator<Item = (&'a Tool, &'a Verdict)> + Clone + use<'a> {
        self.manifest.tools.iter().zip(self.verdicts)
    }

    /// The whole document of each profile, in the order of [`Profile::ALL`]; made when first asked for.
    pub fn documents(&self) -> &[Policy; Profile::ALL.len()] {
        self.documents.get_or_init(|| {
            Profile::ALL.map(|profile| policy::server_document(self.tools(), profile, &self.context.rate_limits))
        })
    }

    /// The whole document of one profile.
    pub fn document(&self, profile: Profile) -> &Policy {
        &self.documents()[profile as usize]
    }

    /// Its documents in every format.
    pub fn formats(&self) -> ServerFormats<'a> {
        let tools: Vec<_> = self.tools().collect();
        ServerFormats::new(&start::client_key(&self.manifest.server), &tools, &self.context.rate_limits)
    }

    /// What the worst call of the tool at `i` does, alone.
    pub fn worst(&self, i: usize) -> Option<Prose> {
        Some(lead::worst(&self.view(i)?))
    }

    /// The card of the tool at `i`; `None` past the end.
    pub fn card(&self, i: usize) -> Option<Card<'_>> {
        let view = self.view(i)?;
        let rule = self.rules.get(i)?;
        let document = document(&view, rule);
        Some(Card {
            index: i,
            tool: view.tool,
            verdict: view.verdict,
            rule,
            opening: lead::opening(&view),
            worst: lead::worst(&view),
            risks: risks::risks(&view),
            arguments_note: arguments::note(view.tool, self.manifest.listing.without_schemas),
            findings: verdict_findings(&view),
            actions: actions::rows(&view, &document),
            annotations: annotations::notes(view.tool, view.verdict, self.context.lexicon),
            questions: faq::questions(&view, &document),
            related: self.relations.related(&view),
            attacks: attacks::applying(self.context.articles, &view.traits()),
            report_url: self.context.config.site.report_url.as_deref().map(|base| report::report_url(base, &view)),
            policy: document.policy,
            claims: document.claims,
            fingerprint: OnceCell::new(),
        })
    }

    fn view(&self, i: usize) -> Option<View<'_>> {
        Some(View {
            manifest: self.manifest,
            verdicts: self.verdicts,
            readings: &self.readings,
            context: self.context,
            index: i,
            tool: self.manifest.tools.get(i)?,
            verdict: self.verdicts.get(i)?,
        })
    }
}

/// The document of the tool alone under its recommended rule, decided.
fn document(view: &View<'_>, rule: &Rule) -> ProfileDocument {
    let policy = policy::tool_document(&view.tool.name, rule);
    ProfileDocument { claims: Claims::of(&policy, view.tool, view.verdict), policy }
}

/// Everything that a page, the JSON API and the review say of one tool.
#[derive(Debug)]
pub struct Card<'s> {
    /// The tool's place in the manifest.
    pub index: usize,
    /// The tool as declared.
    pub tool: &'s Tool,
    /// The verdict that holds.
    pub verdict: &'s Verdict,
    /// The recommended rule.
    pub rule: &'s Rule,
    /// The whole document of this tool alone.
    pub policy: Policy,
    /// What that document does, decided: `claims.calls(others)` are the rows of the table,
    /// `claims.sentence()` the sentence under the document.
    pub claims: Claims,
    /// The server's own first sentence as a quotation; where there is none, the name.
    pub opening: Inline,
    /// What the worst call does: sentences on the class and each facet.
    pub worst: Prose,
    /// What else a reader should know: arguments that reach far, doubts about the class.
    pub risks: Vec<Prose>,
    /// What is to be said where no argument can be listed.
    pub arguments_note: Option<Prose>,
    /// A sentence for each finding but for what directories ask for.
    pub findings: Vec<(FindingId, Prose)>,
    /// The values of an argument that decide what a call does; empty where there is none.
    pub actions: Vec<ActionRow>,
    /// Declared hints beside the verdict, and directory readiness.
    pub annotations: AnnotationNotes,
    /// Questions with answers whose documents are valid.
    pub questions: Vec<Question>,
    /// Other tools of this server, each with a reason, at most six.
    pub related: Vec<Related>,
    /// Articles that apply, most specific first, at most four.
    pub attacks: Vec<&'s Article>,
    /// Where a wrong label is reported, filled in; `None` where the publisher names no address.
    pub report_url: Option<String>,
    fingerprint: OnceCell<String>,
}

impl Card<'_> {
    /// Opening and worst case: the card in two or three sentences.
    pub fn lead(&self) -> Prose {
        whole_lead(&self.opening, &self.worst)
    }

    /// The lead for lists that name the tool: no name stands for a missing description.
    pub fn listed(&self) -> Prose {
        if matches!(self.opening, Inline::Quote { .. }) { self.lead() } else { self.worst.clone() }
    }

    /// The fingerprint of the whole definition, 32 hexadecimal digits; computed when first asked for.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| fingerprint(self.tool).whole())
    }
}

fn whole_lead(opening: &Inline, worst: &Prose) -> Prose {
    let stopped = opening.text().ends_with(['.', '!', '?', '…', '。', '！', '？', ':']);
    let mut lead = Prose::verbatim(opening.clone());
    if !stopped {
        lead.say(".");
    }
    lead.then(worst.clone())
}

fn verdict_findings(view: &View<'_>) -> Vec<(FindingId, Prose)> {
    let findings = view.verdict.findings.iter();
    findings.filter_map(|f| Some((f.id, risks::finding(view.tool, view, f)?))).collect()
}

/// What makes tools of different servers alike, for each tool of a server: the verb and the words beside it,
/// e.g. `get run metric`. Empty where the name says only one of both.
pub fn likenesses(manifest: &Manifest, verdicts: &[Verdict], lexicon: &Lexicon) -> Vec<String> {
    names::read(manifest, verdicts, lexicon).iter().map(Named::key).collect()
}
