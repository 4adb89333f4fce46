//! A server read once: rules, what names and arguments say, who is related to whom. Cards are cut
//! from it one by one.

use std::cell::OnceCell;

use super::arguments::{self, Argument};
use super::attacks::{self, Article};
use super::names::{self, Named};
use super::related::Relations;
use super::{ActionRow, AnnotationNotes, Inline, Prose, Question, Related, Start};
use super::{actions, annotations, faq, lead, report, risks, start, steps};
use crate::classify::{FindingId, Verdict};
use crate::config::Config;
use crate::lexicon::Lexicon;
use crate::manifest::{Manifest, Tool, fingerprint};
use crate::policy::{self, Claims, Policy, RateLimits, Rule};
use crate::risk::Class;
use crate::words::Words;

/// What cards need to know that no server says.
#[derive(Debug, Clone, Copy)]
pub struct CardContext<'a> {
    /// Gateway, report address, owner.
    pub config: &'a Config,
    /// The limits of recommended rules.
    pub numbers: RateLimits,
    /// What verbs are known.
    pub lexicon: &'a Lexicon,
    /// The articles on what goes wrong.
    pub articles: &'a [Article],
}

/// What one name and its schema say.
#[derive(Debug, Clone)]
pub(crate) struct ToolReading<'a> {
    pub named: Named,
    pub arguments: Vec<Argument<'a>>,
}

/// One server with everything that its cards share.
#[derive(Debug)]
pub struct ServerCards<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The verdicts that hold, in the manifest's order.
    pub verdicts: &'a [Verdict],
    /// The recommended rules, in the manifest's order.
    pub rules: Vec<Rule>,
    /// How many tools each class has, in the order of [`Class::ALL`].
    pub counts: [usize; 3],
    pub(super) setting: CardContext<'a>,
    pub(super) readings: Vec<ToolReading<'a>>,
    relations: Relations,
}

impl<'a> ServerCards<'a> {
    /// Reads a server. `verdicts` are those of `manifest.tools` in order; a tool without one has
    /// no card.
    pub fn new(manifest: &'a Manifest, verdicts: &'a [Verdict], setting: CardContext<'a>) -> Self {
        let mut words = Words::new();
        let pairs = || manifest.tools.iter().zip(verdicts);
        let rules = pairs().map(|(tool, verdict)| policy::recommend(tool, verdict, &setting.numbers)).collect();
        let readings: Vec<ToolReading<'a>> = names::read(manifest, verdicts, setting.lexicon)
            .into_iter()
            .zip(&manifest.tools)
            .map(|(named, tool)| ToolReading { named, arguments: arguments::read(tool, &mut words) })
            .collect();
        let mut counts = [0; 3];
        for (_, verdict) in pairs() {
            counts[verdict.class as usize] += 1;
        }
        let relations = Relations::of(&readings);
        Self { manifest, verdicts, rules, counts, setting, readings, relations }
    }

    /// The name that people read. A server's words: escape it.
    pub fn name(&self) -> &str {
        self.manifest.server.display_name()
    }

    /// The articles that its cards choose from.
    pub fn articles(&self) -> &'a [Article] {
        self.setting.articles
    }

    /// How to start the server.
    pub fn start(&self) -> Start {
        start::start(&self.manifest.server)
    }

    /// The three steps from a document to a client that obeys it.
    pub fn steps(&self) -> Vec<Prose> {
        steps::steps(self)
    }

    /// The first words of a card alone, for lists that name the tool: no name stands for a missing description.
    pub fn lead(&self, i: usize) -> Option<Prose> {
        let view = self.view(i)?;
        let worst = lead::worst(&view);
        Some(match lead::opening(&view) {
            quote @ Inline::Quote { .. } => whole_lead(&quote, &worst),
            _ => worst,
        })
    }

    /// What to do with the tool at `i`, for lists: the headline of its card.
    pub fn recommendation(&self, i: usize) -> Option<String> {
        let view = self.view(i)?;
        let policy = policy::tool_document(&view.tool.name, self.rules.get(i)?);
        Some(Claims::of(&policy, view.tool, view.verdict).line())
    }

    /// The card of the tool at `i`; `None` past the end.
    pub fn card(&self, i: usize) -> Option<Card<'_>> {
        let view = self.view(i)?;
        let rule = self.rules.get(i)?;
        let policy = policy::tool_document(&view.tool.name, rule);
        let document = ProfileDocument { claims: Claims::of(&policy, view.tool, view.verdict), policy };
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
            annotations: annotations::notes(view.tool, view.verdict),
            questions: faq::questions(&view, &document),
            related: self.relations.related(&view),
            attacks: attacks::applying(self.setting.articles, &view.traits()),
            report_url: self.setting.config.site.report_url.as_deref().map(|base| report::report_url(base, &view)),
            policy: document.policy,
            claims: document.claims,
            fingerprint: OnceCell::new(),
        })
    }

    pub(super) fn view(&self, i: usize) -> Option<View<'_>> {
        Some(View { server: self, index: i, tool: self.manifest.tools.get(i)?, verdict: self.verdicts.get(i)? })
    }
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

/// The card's document and what it does.
pub(crate) struct ProfileDocument {
    pub policy: Policy,
    pub claims: Claims,
}

/// One tool while its card is written.
#[derive(Clone, Copy)]
pub(crate) struct View<'s> {
    pub server: &'s ServerCards<'s>,
    pub index: usize,
    pub tool: &'s Tool,
    pub verdict: &'s Verdict,
}

impl<'s> View<'s> {
    fn reading(&self) -> &'s ToolReading<'s> {
        &self.server.readings[self.index]
    }

    pub(crate) fn arguments(&self) -> &'s [Argument<'s>] {
        &self.reading().arguments
    }

    /// What articles are chosen by.
    pub(crate) fn traits(&self) -> attacks::Traits<'s> {
        attacks::Traits { verdict: self.verdict, arguments: self.arguments() }
    }

    pub(crate) fn class(&self) -> Class {
        self.verdict.class
    }
}

/// What makes tools of different servers alike, for each tool of a server: the verb and the words it stands with,
/// e.g. `get run metric`. Empty where the name says only one of both.
pub fn likenesses(manifest: &Manifest, verdicts: &[Verdict], lexicon: &Lexicon) -> Vec<String> {
    names::read(manifest, verdicts, lexicon).iter().map(Named::key).collect()
}
