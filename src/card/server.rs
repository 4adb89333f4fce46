//! A server read once: rules, what names and arguments say, who is related to whom. Cards are cut
//! from it one by one.

use std::cell::OnceCell;

use super::arguments::{self, Argument, Role};
use super::attacks::{self, Article};
use super::related::{self, Relations};
use super::{ActionRow, AnnotationNotes, Prose, Question, Related, Start, Subject};
use super::{actions, annotations, does, faq, grammar, lead, report, start, steps, why};
use crate::classify::{Class, Evidence, Place, Rule as By, SpeaksFor, Verdict};
use crate::config::Config;
use crate::lexicon::Lexicon;
use crate::manifest::schema::escape;
use crate::manifest::{Manifest, Tool, fingerprint};
use crate::policy::{self, Claims, Numbers, Policy, Rule};
use crate::words::{Words, split_identifier};

/// What cards need to know that no server says.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// Gateway, report address, owner.
    pub config: &'a Config,
    /// The limits of recommended rules.
    pub numbers: Numbers,
    /// What verbs are known.
    pub lexicon: &'a Lexicon,
    /// The articles on what goes wrong.
    pub articles: &'a [Article],
    /// Tools of the whole catalogue.
    pub tools: usize,
    /// Servers of the whole catalogue.
    pub servers: usize,
}

/// What one name and its schema say.
#[derive(Debug, Clone)]
pub struct Reading<'a> {
    pub subject: Subject,
    pub arguments: Vec<Argument<'a>>,
}

/// One server with everything that its cards share.
#[derive(Debug)]
pub struct Server<'a> {
    /// The manifest.
    pub manifest: &'a Manifest,
    /// The verdicts that hold, in the manifest's order.
    pub verdicts: &'a [Verdict],
    /// The recommended rules, in the manifest's order.
    pub rules: Vec<Rule>,
    /// How many tools each class has, in the order of [`Class::ALL`].
    pub counts: [usize; 3],
    pub(super) setting: Setting<'a>,
    pub(super) lexicon: &'a Lexicon,
    pub(super) readings: Vec<Reading<'a>>,
    relations: Relations,
}

impl<'a> Server<'a> {
    /// Reads a server. `verdicts` are those of `manifest.tools` in order; a tool without one has
    /// no card.
    pub fn new(manifest: &'a Manifest, verdicts: &'a [Verdict], setting: Setting<'a>) -> Self {
        let lexicon = setting.lexicon;
        let mut words = Words::new();
        let subjects = subjects(manifest, verdicts, lexicon, &mut words);
        let pairs = || manifest.tools.iter().zip(verdicts);
        let rules = pairs().map(|(tool, verdict)| policy::recommend(tool, verdict, &setting.numbers)).collect();
        let readings: Vec<Reading<'a>> = subjects
            .into_iter()
            .zip(&manifest.tools)
            .map(|(subject, tool)| Reading { subject, arguments: arguments::read(tool, &mut words) })
            .collect();
        let mut counts = [0; 3];
        for (_, verdict) in pairs() {
            counts[verdict.class as usize] += 1;
        }
        let relations = Relations::of(&readings, verdicts);
        Self { manifest, verdicts, rules, counts, setting, lexicon, readings, relations }
    }

    /// The name that people read, without "MCP" and "server" behind it. A server's words: escape it.
    pub fn name(&self) -> &str {
        grammar::bare_name(self.manifest.server.display_name())
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

    /// "1,600 tools of 43 servers": the catalogue that this server is part of, rounded down.
    pub fn catalogue_size(&self) -> String {
        grammar::catalogue_size(self.setting.tools, self.setting.servers)
    }

    /// The first words of a card alone: cheap enough for feeds and lists.
    pub fn lead(&self, i: usize) -> Option<Prose> {
        Some(lead::lead(&self.view(i)?))
    }

    /// The card of the tool at `i`; `None` past the end.
    pub fn card(&self, i: usize) -> Option<Card<'_>> {
        let view = self.view(i)?;
        let rule = self.rules.get(i)?;
        let policy = policy::tool_document(&view.tool.name, rule);
        let document = Document { claims: Claims::of(&policy, view.tool, view.verdict), policy };
        Some(Card {
            index: i,
            tool: view.tool,
            verdict: view.verdict,
            rule,
            lead: lead::lead(&view),
            does: does::does(&view),
            why: why::why(&view, &document),
            actions: actions::rows(&view, &document),
            annotations: annotations::notes(view.tool, view.verdict),
            questions: faq::questions(&view, &document),
            related: self.relations.related(&view),
            likeness: related::likeness(view.subject()),
            attacks: attacks::applying(self.setting.articles, &view.traits()),
            report_url: self.setting.config.site.report_url.as_deref().map(|base| report::report_url(base, &view)),
            provenance: does::provenance(&view),
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
    /// What it does, with the worst case in it.
    pub lead: Prose,
    /// What it does on this server: paragraphs.
    pub does: Vec<Prose>,
    /// Why it needs a policy: paragraphs.
    pub why: Vec<Prose>,
    /// The deeds behind an argument; empty where there is none.
    pub actions: Vec<ActionRow>,
    /// Declared hints beside the verdict, and directory readiness.
    pub annotations: AnnotationNotes,
    /// Questions with answers whose documents are valid.
    pub questions: Vec<Question>,
    /// Other tools of this server, each with a reason, at most six.
    pub related: Vec<Related>,
    /// What makes tools of other servers alike.
    pub likeness: String,
    /// Articles that apply, most specific first, at most four.
    pub attacks: Vec<&'s Article>,
    /// Where a wrong label is reported, filled in; `None` where the publisher names no address.
    pub report_url: Option<String>,
    /// Which version said all this, and when.
    pub provenance: Prose,
    fingerprint: OnceCell<String>,
}

impl Card<'_> {
    /// The fingerprint of the whole definition, 32 hexadecimal digits; computed when first asked for.
    pub fn fingerprint(&self) -> &str {
        self.fingerprint.get_or_init(|| fingerprint(self.tool).whole())
    }
}

/// The card's document and what it does.
pub struct Document {
    pub policy: Policy,
    pub claims: Claims,
}

/// One tool while its card is written.
#[derive(Clone, Copy)]
pub struct View<'s> {
    pub server: &'s Server<'s>,
    pub index: usize,
    pub tool: &'s Tool,
    pub verdict: &'s Verdict,
}

impl<'s> View<'s> {
    fn reading(&self) -> &'s Reading<'s> {
        &self.server.readings[self.index]
    }

    pub fn subject(&self) -> &'s Subject {
        &self.reading().subject
    }

    pub fn arguments(&self) -> &'s [Argument<'s>] {
        &self.reading().arguments
    }

    pub fn argument_count(&self) -> usize {
        arguments::declared(self.tool)
    }

    /// The first argument of a role, a required one before others.
    pub fn named(&self, role: Role) -> Option<&'s str> {
        let of = |required| self.arguments().iter().find(|a| a.role == Some(role) && a.required == required);
        of(true).or_else(|| of(false)).map(|a| a.name)
    }

    /// The argument that selects the deed: of several, the one with the worst value.
    pub fn selector(&self) -> Option<&'s str> {
        let worst = self.verdict.actions.iter().map(|a| a.class).max()?;
        self.verdict.actions.iter().find(|a| a.class == worst).map(|a| a.argument.as_str())
    }

    /// The values of an argument that selects a deed.
    pub fn deeds_of(&self, argument: &str) -> Vec<&'s str> {
        let mut out: Vec<&str> = Vec::new();
        for action in self.verdict.actions.iter().filter(|a| a.argument == argument) {
            if !out.iter().any(|seen| seen.eq_ignore_ascii_case(&action.value)) {
                out.push(&action.value);
            }
        }
        out
    }

    /// Whether a rule whose id holds `part` decided.
    pub fn decided_by(&self, part: &str) -> bool {
        self.verdict.evidence.iter().any(|e| e.decides && e.rule.contains(part))
    }

    /// What the class rests on.
    fn deciding(&self) -> impl Iterator<Item = &'s Evidence> {
        let class = SpeaksFor::Class(self.verdict.class);
        self.verdict.evidence.iter().filter(move |e| e.decides && e.speaks_for == class)
    }

    /// Whether the name is among what the class rests on.
    pub fn decided_by_name(&self) -> bool {
        self.deciding().any(|e| matches!(e.place, Place::Name))
    }

    /// The argument, where the class rests on what one argument switches on and on nothing else.
    pub fn switch(&self) -> Option<&'s str> {
        let mut deciding = self.deciding().peekable();
        deciding.peek()?;
        let mut at: Option<&str> = None;
        for evidence in deciding {
            let (By::Switch, Place::Pointer(pointer)) = (evidence.by, &evidence.place) else { return None };
            let found = self.arguments().iter().find(|a| {
                let whole = format!("/inputSchema/properties/{}", escape(a.name));
                pointer.strip_prefix(&whole).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })?;
            if at.is_some_and(|at| at != found.name) {
                return None;
            }
            at = Some(found.name);
        }
        at
    }

    /// A tool of this server that takes back what this one does.
    pub fn undo(&self) -> Option<(usize, &'s str)> {
        self.server.relations.undo(&self.server.readings, self.index).map(|j| (j, self.name_of(j)))
    }

    /// A required id, and a Read tool of this server that finds it.
    pub fn supplier(&self) -> Option<(&'s str, usize, &'s str)> {
        let (argument, j) = self.server.relations.supplier(self)?;
        Some((argument, j, self.name_of(j)))
    }

    /// How many tools of this server are about the same kind of thing, this one included.
    pub fn about_the_same(&self) -> usize {
        self.server.relations.about(&self.subject().head).len()
    }

    /// How many of them are of a worse class.
    pub fn worse_about_the_same(&self) -> usize {
        let verdicts = self.server.verdicts;
        self.server
            .relations
            .about(&self.subject().head)
            .iter()
            .filter(|j| verdicts[**j].class > self.verdict.class)
            .count()
    }

    pub fn name_of(&self, j: usize) -> &'s str {
        &self.server.manifest.tools[j].name
    }

    /// What articles are chosen by.
    pub fn traits(&self) -> attacks::Traits<'s> {
        attacks::Traits { verdict: self.verdict, arguments: self.arguments() }
    }

    pub fn class(&self) -> Class {
        self.verdict.class
    }
}

/// What makes tools of different servers alike, for each tool of a server: the deed and the things it is done
/// to, e.g. `get run metric`. Empty where the name says neither.
pub fn likenesses(manifest: &Manifest, verdicts: &[Verdict], lexicon: &Lexicon) -> Vec<String> {
    subjects(manifest, verdicts, lexicon, &mut Words::new()).iter().map(related::likeness).collect()
}

/// What the name of each tool says.
fn subjects(manifest: &Manifest, verdicts: &[Verdict], lexicon: &Lexicon, words: &mut Words) -> Vec<Subject> {
    let prefix = prefix(manifest, lexicon, words);
    let own = own_words(manifest, words);
    let pairs = manifest.tools.iter().zip(verdicts);
    pairs.map(|(tool, verdict)| Subject::read(&tool.name, verdict, prefix, &own, lexicon, words)).collect()
}

/// The words of the server's own name, which say nothing of a tool.
fn own_words(manifest: &Manifest, words: &mut Words) -> Vec<String> {
    let mut own = Vec::new();
    for name in [&manifest.server.slug, grammar::bare_name(manifest.server.display_name())] {
        split_identifier(name, words);
        own.extend(words.iter().filter(|w| !matches!(*w, "mcp" | "server")).map(str::to_owned));
    }
    own
}

/// How many words at the beginning of most names belong to the server: `browser` in
/// `browser_click`. A verb never does.
fn prefix(manifest: &Manifest, lexicon: &Lexicon, words: &mut Words) -> usize {
    let total = manifest.tools.len();
    if total < 4 {
        return 0;
    }
    let mut firsts: Vec<String> = Vec::with_capacity(total);
    for tool in &manifest.tools {
        split_identifier(&tool.name, words);
        if words.len() > 1 && lexicon.index().word(words.text(0)).verb.is_none() {
            firsts.push(words.text(0).to_owned());
        }
    }
    firsts.sort_unstable();
    let most = firsts.chunk_by(|a, b| a == b).map(<[String]>::len).max().unwrap_or(0);
    usize::from(most * 2 > total)
}
