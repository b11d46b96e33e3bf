//! Calls written for the program, turn by turn as people speak: what a recogniser may expect to hear, and what agents
//! mean by it.
//!
//! A file of `lexicons/speech/` holds calls: a `#` line each, then a line a turn with speaker (`A` agent, `C` the person
//! called), labels and text, parted by tabs. Labels of an agent are categories: `threat` said in plain words, `~threat`
//! veiled, `!threat` near it and clean; `-` is none.
//!
//! Beside it, `lexicons/misheard.tsv` has agent turns as the recogniser heard them over a telephone (labels, as heard, as
//! written), and `lexicons/innocent.txt` what people say and write elsewhere, a line each.

use std::collections::HashMap;

use crate::domain::{Category, Speaker};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// File name and text.
        const FILES: &[(&str, &str)] = &[$((concat!($name, ".txt"), include_str!(concat!("../../lexicons/speech/", $name, ".txt")))),*];
    };
}

files![
    "advice",
    "answered-by-others",
    "apologies",
    "bank-arrears",
    "bank-service",
    "broken-promises",
    "complaints",
    "credit-cards",
    "disputes",
    "hardship",
    "home-visits",
    "instalments",
    "law-and-mediation",
    "legal-department",
    "lower-yangtze",
    "machines-and-shops",
    "north-eastern",
    "northern-plains",
    "online-loans",
    "payments-and-promises",
    "professional",
    "relatives-and-work",
    "rough-agents",
    "south-west",
    "third-persons",
    "vehicles-and-homes",
    "veiled",
    "villages",
    "young-borrowers",
];

const MISHEARD: &str = include_str!("../../lexicons/misheard.tsv");
const INNOCENT: &str = include_str!("../../lexicons/innocent.txt");

/// A turn of an agent with what it is an example of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelledTurn {
    /// Number of the file it was written in.
    pub file: usize,
    pub text: &'static str,
    /// What is prohibited in it, in plain words or veiled.
    pub categories: Vec<Category>,
    /// As the recogniser heard it.
    pub is_misheard: bool,
}

/// Every turn of an agent, then those that were spoken and heard.
pub fn labelled_turns() -> Vec<LabelledTurn> {
    let mut turns: Vec<LabelledTurn> = Vec::new();
    for (file, (_, lines)) in FILES.iter().enumerate() {
        let agents = lines.lines().filter_map(|line| line.strip_prefix("A\t")?.split_once('\t'));
        turns.extend(agents.map(|(labels, text)| LabelledTurn {
            file,
            text,
            categories: categories(labels),
            is_misheard: false,
        }));
    }
    let files: HashMap<&str, usize> = turns.iter().map(|turn| (turn.text, turn.file)).collect();
    let heard = MISHEARD.lines().filter_map(|line| {
        let [labels, heard, written] = line.split('\t').collect::<Vec<_>>()[..] else { return None };
        let file = *files.get(written)?;
        Some(LabelledTurn { file, text: heard, categories: categories(labels), is_misheard: true })
    });
    turns.extend(heard.collect::<Vec<_>>());
    turns
}

/// What has nothing to do with prohibited conduct.
pub fn innocent_lines() -> impl Iterator<Item = &'static str> {
    INNOCENT.lines()
}

/// The categories of which a turn is an example; what is only near one is none.
fn categories(labels: &str) -> Vec<Category> {
    let prohibited = labels.split(',').filter(|label| !label.starts_with('!'));
    prohibited.filter_map(|label| Category::from_id(label.trim_start_matches('~'))).collect()
}

/// The text of every turn, agents and customers alike.
pub fn spoken_turns() -> impl Iterator<Item = &'static str> + Clone {
    turns_by_speaker().map(|(_, text)| text)
}

/// Every turn with who says it.
pub fn turns_by_speaker() -> impl Iterator<Item = (Speaker, &'static str)> + Clone {
    FILES.iter().flat_map(|(_, file)| file.lines()).filter_map(|line| {
        let (mark, rest) = line.split_once('\t')?;
        let speaker = if mark == "A" { Speaker::Agent } else { Speaker::Customer };
        rest.split_once('\t').map(|(_, text)| (speaker, text))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_list_is_what_the_directory_holds() {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/speech");
        let mut files: Vec<String> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        let listed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, files, "add the new file to the list in src/lexicon/speech.rs");
    }

    /// What is wrong with a line that is a turn; `None` when nothing is.
    fn fault(line: &str) -> Option<String> {
        let [speaker, labels, text] = line.split('\t').collect::<Vec<_>>()[..] else {
            return Some("not three columns".to_owned());
        };
        let is_label = |label: &str| {
            Category::ALL.iter().any(|category| category.id() == label.trim_start_matches(['~', '!']))
        };
        match speaker {
            "A" if labels == "-" || labels.split(',').all(is_label) => {}
            "C" if labels == "-" => {}
            _ => return Some(format!("{speaker} with labels {labels}")),
        }
        let is_speech =
            !text.is_empty() && !text.contains(|c: char| c.is_ascii_digit()) && text.chars().count() <= 90;
        (!is_speech).then(|| "digits, or longer than a turn".to_owned())
    }

    #[test]
    fn every_turn_is_well_formed_and_said_once() {
        let mut said: HashMap<String, &str> = HashMap::new();
        for (name, file) in FILES {
            for line in file.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                assert_eq!(fault(line), None, "{name}: {line}");
                let letters: String =
                    line.splitn(3, '\t').nth(2).unwrap().chars().filter(|c| c.is_alphanumeric()).collect();
                if letters.chars().count() > 8 {
                    assert_eq!(said.insert(letters, name), None, "{name}: said before: {line}");
                }
            }
        }
        assert!(said.len() > 16_000, "{}", said.len());
    }

    /// Pairs of neighbouring letters.
    fn pairs(text: &str) -> BTreeSet<(char, char)> {
        let letters: Vec<char> = text.chars().filter(|letter| letter.is_alphanumeric()).collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
    }

    /// What is held back must not have been learnt: no two breaches in different files are nearly the same (greetings
    /// are), nor do two texts that nearly are have different labels.
    #[test]
    fn texts_that_are_nearly_the_same_stand_in_one_file_with_one_label() {
        let mut texts: Vec<(usize, Vec<Category>, &str)> = labelled_turns()
            .into_iter()
            .filter(|turn| !turn.is_misheard)
            .map(|turn| (turn.file, turn.categories, turn.text))
            .collect();
        texts.extend(innocent_lines().map(|line| (FILES.len(), Vec::new(), line)));
        let mut holders: HashMap<(char, char), Vec<usize>> = HashMap::new();
        let mut seen: Vec<BTreeSet<(char, char)>> = Vec::new();
        for (number, (file, categories, text)) in texts.iter().enumerate() {
            let own = pairs(text);
            let mut shared: HashMap<usize, usize> = HashMap::new();
            for pair in own.iter().filter(|_| own.len() >= 6) {
                let holders = holders.entry(*pair).or_default();
                for other in holders.iter() {
                    *shared.entry(*other).or_default() += 1;
                }
                holders.push(number);
            }
            for (other, shared) in shared {
                let all = own.len() + seen[other].len() - shared;
                let (other_file, other_categories, other_text) = &texts[other];
                let differ = other_categories != categories || (other_file != file && !categories.is_empty());
                assert!(10 * shared < 7 * all || !differ, "nearly the same:\n{text}\n{other_text}");
            }
            seen.push(own);
        }
    }

    #[test]
    fn what_was_misheard_was_written_and_keeps_its_labels() {
        let written: HashMap<&str, &str> = FILES
            .iter()
            .flat_map(|(_, file)| file.lines())
            .filter_map(|line| line.strip_prefix("A\t")?.split_once('\t'))
            .map(|(labels, text)| (text, labels))
            .collect();
        let mut count = 0;
        for line in MISHEARD.lines() {
            let [labels, heard, text] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
            assert!(!heard.is_empty() && written.get(text) == Some(&labels), "{line}");
            count += 1;
        }
        assert!(count >= 1_000, "{count}");
        assert!(innocent_lines().all(|line| !line.trim().is_empty() && !line.contains('\t')));
        assert!(innocent_lines().count() >= 3_000);
    }
}
