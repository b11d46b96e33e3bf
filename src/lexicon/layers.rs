//! Lays the user's files over the built-in ones: later layers add, override by id, and disable.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::domain::Basis;

use super::basis;
use super::coaching::CoachingLayers;
use super::conduct::{self, PlacedConduct};
use super::cue::CueEntry;
use super::diagnostic::{Code, Diagnostic};
use super::format::{PackFile, RuleEntry, Text};
use super::groups::{Group, Groups};
use super::scoring::ScoringLayers;
use super::source::SourceFile;

/// File whose groups every pack may use.
const SHARED_GROUPS: &str = "groups";

/// A lexicon file, read.
pub(super) struct ParsedFile {
    pub source: SourceFile,
    pub file: PackFile,
}

/// A rule and the file it is from.
pub(super) struct PlacedRule {
    /// Index into [`Layered::sources`].
    pub file: usize,
    pub entry: RuleEntry,
}

/// All layers as one.
#[derive(Default)]
pub(super) struct Layered {
    pub sources: Vec<SourceFile>,
    /// Groups of each file, as long as `sources`.
    pub local: Vec<Groups>,
    pub shared: Groups,
    pub basis: BTreeMap<String, Basis>,
    /// Words of context with the file they are from; later layers add to them.
    pub cues: Vec<(usize, Spanned<CueEntry>)>,
    pub rules: BTreeMap<String, PlacedRule>,
    pub scoring: ScoringLayers,
    pub conduct: BTreeMap<String, PlacedConduct>,
    pub coaching: CoachingLayers,
    /// Indices into `sources` of files that judge nothing.
    pub coaches: BTreeSet<usize>,
}

/// Merges files, which come in the order of their layers.
pub(super) fn layer(files: Vec<ParsedFile>, problems: &mut Vec<Diagnostic>) -> Layered {
    let mut merged = Layered::default();
    for ParsedFile { source, file } in files {
        check_name(&source, &file, problems);
        if file.only_coaches() {
            merged.coaches.insert(merged.sources.len());
        }
        merged.disable(&source, &file.disable, problems);
        merged.add_basis(&source, file.basis, problems);
        merged.add_groups(&source, file.groups, problems);
        let number = merged.sources.len();
        merged.cues.extend(file.cue.into_iter().map(|cue| (number, cue)));
        merged.add_rules(&source, file.rule, problems);
        merged.scoring.lay(&source, file.scoring.unwrap_or_default());
        conduct::add(&mut merged.conduct, &source, merged.sources.len(), file.conduct, problems);
        for (id, entry) in file.coaching {
            merged.coaching.lay(&source, id, entry, problems);
        }
        merged.sources.push(source);
    }
    merged
}

fn check_name(source: &SourceFile, file: &PackFile, problems: &mut Vec<Diagnostic>) {
    let Some(id) = file.pack.as_ref().map(|pack| &pack.id) else { return };
    if id.get_ref() != source.stem() {
        let message = format!("pack `{}` is in a file called `{}`", id.get_ref(), source.stem());
        let hint = "give the file and the pack the same name";
        problems.push(source.diagnose(Code::PackName, id.span(), message, hint));
    }
}

impl Layered {
    /// Switches rules of earlier layers off.
    fn disable(&mut self, source: &SourceFile, ids: &[Text], problems: &mut Vec<Diagnostic>) {
        for id in ids {
            let spoken = self.rules.get(id.get_ref()).map(|rule| self.sources[rule.file].layer);
            let earlier = spoken.or_else(|| self.conduct.get(id.get_ref()).map(|rule| rule.layer));
            if earlier.is_some_and(|layer| layer < source.layer) {
                self.rules.remove(id.get_ref());
                self.conduct.remove(id.get_ref());
                continue;
            }
            let message = format!("cannot disable `{}`", id.get_ref());
            let hint = "`callaudit lexicon list` prints the ids of all rules";
            problems.push(source.diagnose(Code::UnknownDisable, id.span(), message, hint));
        }
    }

    fn add_basis(
        &mut self,
        source: &SourceFile,
        entries: BTreeMap<Text, Spanned<Basis>>,
        problems: &mut Vec<Diagnostic>,
    ) {
        for (id, entry) in entries {
            basis::check_dates(source, &entry, problems);
            self.basis.insert(id.into_inner(), entry.into_inner());
        }
    }

    /// Groups of `groups.toml` are everybody's; a later layer replaces one, or extends it by naming it in itself.
    fn add_groups(
        &mut self,
        source: &SourceFile,
        entries: BTreeMap<Text, Vec<Text>>,
        problems: &mut Vec<Diagnostic>,
    ) {
        let file = self.sources.len();
        let mut local = Groups::new();
        let shared = source.stem() == SHARED_GROUPS;
        for (name, words) in entries {
            let group = Group::new(file, name.span(), words);
            if shared {
                self.share(source, name.into_inner(), group, problems);
            } else {
                local.insert(name.into_inner(), group);
            }
        }
        self.local.push(local);
    }

    fn share(&mut self, source: &SourceFile, name: String, group: Group, problems: &mut Vec<Diagnostic>) {
        match self.shared.entry(name) {
            Entry::Vacant(vacant) => {
                vacant.insert(group);
            }
            Entry::Occupied(mut occupied) => {
                if self.sources[occupied.get().file].layer == source.layer {
                    let message = format!("shared group `{}` is there already", occupied.key());
                    let hint = "keep one of the two";
                    problems.push(source.diagnose(Code::DuplicateGroup, group.span.clone(), message, hint));
                }
                let extended = group.over(occupied.key(), occupied.get());
                occupied.insert(extended);
            }
        }
    }

    fn add_rules(&mut self, source: &SourceFile, rules: Vec<RuleEntry>, problems: &mut Vec<Diagnostic>) {
        let file = self.sources.len();
        for entry in rules {
            let id = entry.id.get_ref().clone();
            let layer_of = |rule: &PlacedRule| self.sources.get(rule.file).map_or(source.layer, |s| s.layer);
            if self.rules.get(&id).is_some_and(|earlier| layer_of(earlier) == source.layer) {
                let message = format!("rule `{id}` is there already");
                let hint = "give the rule an id of its own; a later --lexicons directory may override it";
                problems.push(source.diagnose(Code::DuplicateRule, entry.id.span(), message, hint));
            }
            self.rules.insert(id, PlacedRule { file, entry });
        }
    }
}
