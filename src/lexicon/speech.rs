//! Calls written for the program, turn by turn as people speak: what a recogniser may expect to hear.
//!
//! A file of `lexicons/speech/` holds calls: a `#` line each, then a line a turn with speaker (`A` agent, `C` the person
//! called), labels and text, parted by tabs. Labels of an agent are categories: `threat` said in plain words, `~threat`
//! veiled, `!threat` near it and clean; `-` is none.

use crate::domain::Speaker;

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        /// File name and text.
        const FILES: &[(&str, &str)] = &[$((concat!($name, ".txt"), include_str!(concat!("../../lexicons/speech/", $name, ".txt")))),*];
    };
}

files![
    "answered-by-others",
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
    use std::collections::HashMap;
    use std::path::Path;

    use super::*;
    use crate::domain::Category;

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
}
