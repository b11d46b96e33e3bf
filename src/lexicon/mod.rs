//! Rule packs: TOML files that compliance people write, compiled into one immutable [`RuleSet`].
//!
//! ```text
//!  lexicons/*.toml (built in) ─┐
//!                              ├─ load ─► format ─► layers ─► groups ─► compile ─► RuleSet
//!  user directories ───────────┘             │         │         │         │
//!                                            └─────────┴─────────┴─────────┴──► Diagnostics (file:line:column, code, hint)
//! ```
//!
//! - `format`, `expression`, `cue` — the TOML as written, with positions: rules, trees, words of context.
//! - `layers` — later directories add rules, override them by id, disable them, extend shared groups.
//! - `groups` — `@name` and `<name>` become words.
//! - `conduct` — limits on times and loudness, which need no words.
//! - `scoring` — points, caps and red lines, key by key over each other.
//! - `coaching` — what to say instead; no call is judged by it.
//! - `script` — a lender's own steps, compiled as rules of their own.
//! - `lint` — what is wrong with a rule by itself; `tree`, `pattern` and `cycle` add what expansion shows.
//! - `compile`, `tree` — every way of writing a rule becomes one tree of [`Node`]s.
//! - `vocabulary` — every word, list of words (leaf) and pattern once.
//! - `index` — all words in a text in one go; `leaf_set`, `found` — which leaves they fill.
//! - `trigger` — which words announce a clause: without one it is not looked at. `literals`, `need` — what every match of a
//!   pattern holds, in order; only where that is there, its expression runs (`lazy_regex`).
//! - `advice` — what is surely not meant: rules that cannot fire, words that change nothing.
//! - `alone` — each rule compiled by itself, to time it.
//! - `fmt` — the canonical form of a pack's text.
//! - `written` — a rule as it stands in its file, for people to read.
//! - `sound`, `seeds`, `alignment`, `syllabary` — words by their syllables; `budget` — how far they may be misheard.
//!
//! Only [`load`] and [`check`] touch the file system. Decisions:
//!
//! - A rule without `hit` or without `miss` does not load, built in or not: nobody else would notice that it is dead.
//! - `groups.toml` of any layer holds the groups that all packs share. A later layer replaces a shared group, or
//!   extends it by naming it in itself: `family = ["@family", "表舅"]`.
//! - A rule of a later layer with a known id replaces the whole rule; `disable = ["rule.id"]` removes it.
//! - `within` of a `near` counts the whole stretch from the first character of the first word to the last of the last;
//!   `within` of an `unless` counts the characters between hit and word.
//! - Words of two characters and more are also found by sound, the farther off the rarer their syllables are. Two
//!   syllables must sound the same, and by themselves only ever give tier review.

mod advice;
mod alignment;
mod alone;
mod basis;
mod budget;
mod builtin;
mod coaching;
mod compile;
mod conduct;
mod cue;
mod cycle;
mod diagnostic;
mod example;
mod expression;
mod fmt;
mod format;
mod found;
mod groups;
mod index;
#[cfg(test)]
mod keys;
mod layers;
mod lazy_regex;
mod leaf_set;
mod lint;
mod literals;
mod load;
mod need;
mod node;
mod pattern;
mod rule;
mod scoring;
mod script;
mod seeds;
mod sound;
mod source;
mod speech;
mod syllabary;
#[cfg(test)]
mod tests;
mod tree;
mod trigger;
mod vocabulary;
mod written;

pub use advice::advise;
pub use alone::{Alone, each_alone};
pub use basis::in_force;
pub use budget::SoundBudget;
pub use conduct::{ConductExample, ConductRule, Measure, TimedTurn};
pub use cue::{Cue, CuePlace};
pub use diagnostic::{Code, Diagnostic, Gravity};
pub use example::Example;
pub use expression::{EntityKind, Unit, Window};
pub use fmt::format_pack;
pub use format::{Answerer, Phonetic, Polarity, Silence, Speaks, When};
pub use found::FoundWords;
pub use index::WordHit;
pub use lazy_regex::LazyRegex;
pub use leaf_set::LeafSet;
pub use load::{Checked, check, check_texts, load};
pub use need::{Layout, Need};
pub use node::{Node, Op, Reach};
pub use rule::{Body, Clause, Leaf, Nearness, Pattern, Required, Rule, RuleSet, Unless, Use, Word};
pub use script::{
    Order, Script, Step, Tolerance, check_scripts, find_script, load_scripts, script_from_text,
};
pub use speech::{LabelledTurn, innocent_lines, labelled_turns, spoken_turns, turns_by_speaker};
pub use written::{WrittenRule, written};
