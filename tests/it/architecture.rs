//! The arrows between the modules: whoever adds one changes this table, on purpose.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Each module with the modules it may use. `cli` may use all of them; nothing uses `cli`.
const ARROWS: [(&str, &[&str]); 25] = [
    ("domain", &[]),
    ("config", &["domain"]),
    ("acoustics", &["domain"]),
    ("text", &["domain"]),
    ("ingest", &["domain"]),
    ("weights", &["domain"]),
    ("timing", &["domain"]),
    ("evaluate", &["domain", "text"]),
    ("report", &["domain", "text"]),
    ("store", &["domain", "text"]),
    ("oversight", &["domain", "store"]),
    ("notify", &["domain", "oversight", "store"]),
    ("case", &["domain", "text", "ingest", "lexicon", "timing", "report", "store"]),
    ("coaching", &["domain", "text", "ingest", "oversight", "report", "store"]),
    ("export", &["domain", "text", "report", "store"]),
    ("feedback", &["domain", "text", "store"]),
    ("review", &["domain", "text", "ingest", "case", "coaching", "export", "oversight", "report", "store"]),
    ("batch", &["domain", "ingest", "timing", "audit", "report", "store"]),
    ("worker", &["domain", "ingest", "timing", "audit", "report"]),
    ("transcribe", &["domain", "text", "acoustics"]),
    ("speakers", &["domain", "text", "acoustics"]),
    ("lexicon", &["domain", "text"]),
    ("detect", &["domain", "text", "lexicon"]),
    ("semantics", &["domain", "lexicon", "weights"]),
    (
        "audit",
        &[
            "domain",
            "config",
            "ingest",
            "transcribe",
            "speakers",
            "acoustics",
            "text",
            "lexicon",
            "detect",
            "timing",
            "report",
        ],
    ),
];

/// Judging must give the same answer tomorrow and on another machine, so it may not look around; only `load.rs`, which
/// reads the policies, sees files.
const BLIND: [&str; 2] = ["detect", "timing"];
const SIGHT: [&str; 5] = ["std::fs", "std::env", "std::process", "SystemTime", "Instant"];

fn sources(module: &str) -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let file = src.join(format!("{module}.rs"));
    let mut found = Vec::new();
    if file.is_file() {
        found.push((file.clone(), fs::read_to_string(&file).unwrap()));
    }
    collect(&src.join(module), &mut found);
    assert!(!found.is_empty(), "no sources for module {module}");
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The modules that a source names as `crate::module`.
fn used(source: &str) -> BTreeSet<&str> {
    source
        .split("crate::")
        .skip(1)
        .map(|rest| {
            rest.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap()
        })
        .collect()
}

#[test]
fn modules_use_only_what_the_table_allows() {
    for (module, allowed) in ARROWS {
        for (path, source) in sources(module) {
            let strangers: Vec<_> =
                used(&source).into_iter().filter(|name| *name != module && !allowed.contains(name)).collect();
            assert!(strangers.is_empty(), "{} uses {strangers:?}, which {module} may not", path.display());
        }
    }
}

#[test]
fn the_table_names_every_module() {
    let tour = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/lib.rs")).unwrap();
    let declared: BTreeSet<_> = tour
        .lines()
        .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
        .filter(|module| *module != "cli")
        .collect();
    assert_eq!(declared, ARROWS.iter().map(|(module, _)| *module).collect());
}

#[test]
fn judging_is_blind_to_clock_and_files() {
    for module in BLIND {
        for (path, source) in sources(module).into_iter().filter(|(path, _)| !path.ends_with("load.rs")) {
            let seen: Vec<_> = SIGHT.iter().filter(|name| source.contains(**name)).collect();
            assert!(seen.is_empty(), "{} sees {seen:?}", path.display());
        }
    }
}

#[test]
fn files_have_one_purpose() {
    let long: Vec<_> = ARROWS
        .iter()
        .map(|(module, _)| *module)
        .chain(["cli"])
        .flat_map(sources)
        .filter(|(_, source)| source.lines().count() > 400)
        .map(|(path, source)| format!("{}: {} lines", path.display(), source.lines().count()))
        .collect();
    assert!(long.is_empty(), "files over 400 lines: {long:#?}");
}
