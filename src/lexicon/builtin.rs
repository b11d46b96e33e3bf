//! The packs that the program carries with it: the files of `lexicons/`, read at build time.

use super::source::SourceFile;

macro_rules! packs {
    ($($name:literal),* $(,)?) => {
        /// File name and text of each pack, sorted by name.
        const PACKS: &[(&str, &str)] = &[$((concat!($name, ".toml"), include_str!(concat!("../../lexicons/", $name, ".toml")))),*];
    };
}

packs![
    "basis",
    "coaching",
    "complaint_obstruction",
    "conduct",
    "context",
    "false_legal_claim",
    "false_promise",
    "good_conduct",
    "groups",
    "harassment",
    "impersonation",
    "improper_payment",
    "insult",
    "meaning",
    "privacy_leak",
    "procedure",
    "required",
    "scoring",
    "third_party",
    "threat",
];

/// The built-in packs as the lowest layer.
pub(super) fn sources() -> Vec<SourceFile> {
    PACKS.iter().map(|pack| source(*pack)).collect()
}

/// The words of context alone.
pub(super) fn context() -> Option<SourceFile> {
    PACKS.iter().find(|(name, _)| *name == "context.toml").map(|pack| source(*pack))
}

fn source((name, text): (&str, &str)) -> SourceFile {
    SourceFile::new(&format!("lexicons/{name}"), text, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_what_the_directory_holds() {
        let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/lexicons");
        let mut files: Vec<String> = std::fs::read_dir(directory)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        files.sort();
        let listed: Vec<&str> = PACKS.iter().map(|(name, _)| *name).collect();
        assert_eq!(listed, files, "add the new pack to the list in src/lexicon/builtin.rs");
    }
}
