//! Rules of conduct of later layers over those of earlier ones.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::super::diagnostic::{Code, Diagnostic};
use super::super::source::SourceFile;
use super::ConductEntry;

/// A rule of conduct and the file it is from.
pub struct PlacedConduct {
    /// Index into the layered sources.
    pub file: usize,
    pub layer: usize,
    pub(in super::super) entry: ConductEntry,
}

/// Adds a file's rules: a known id of an earlier layer is replaced, one of the same layer is a mistake.
pub(in super::super) fn add(
    rules: &mut BTreeMap<String, PlacedConduct>,
    source: &SourceFile,
    file: usize,
    entries: Vec<ConductEntry>,
    problems: &mut Vec<Diagnostic>,
) {
    for entry in entries {
        let span = entry.id.span();
        let placed = PlacedConduct { file, layer: source.layer, entry };
        match rules.entry(placed.entry.id.get_ref().clone()) {
            Entry::Vacant(vacant) => {
                vacant.insert(placed);
            }
            Entry::Occupied(mut occupied) => {
                if occupied.get().layer == source.layer {
                    let message = format!("rule `{}` is there already", occupied.key());
                    let hint = "give the rule an id of its own; a later --lexicons directory may override it";
                    problems.push(source.diagnose(Code::DuplicateRule, span, message, hint));
                }
                occupied.insert(placed);
            }
        }
    }
}
