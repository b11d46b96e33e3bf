//! Policy files to a [`PolicySet`]: the built-in ones, then the user's, which replace by id.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use serde::Deserialize;
use toml::Spanned;

use super::{Limit, Policy, PolicySet, Scope, TimingError};

/// The built-in policies: file name and text.
const BUILT_IN: [(&str, &str); 6] = [
    ("house-a.toml", include_str!("../../../lexicons/policies/house-a.toml")),
    ("house-b.toml", include_str!("../../../lexicons/policies/house-b.toml")),
    ("mainland.toml", include_str!("../../../lexicons/policies/mainland.toml")),
    ("taiwan.toml", include_str!("../../../lexicons/policies/taiwan.toml")),
    ("uk.toml", include_str!("../../../lexicons/policies/uk.toml")),
    ("us.toml", include_str!("../../../lexicons/policies/us.toml")),
];

/// The built-in policies with the user's laid over them: a policy of the same id replaces the earlier one whole.
///
/// Each of `dirs` is a directory with a `policies/` folder, a directory of that name, or one policy file. A directory
/// that is neither holds no policies. Every mistake in every file is reported.
pub fn load_policies(dirs: &[PathBuf]) -> Result<PolicySet, Vec<TimingError>> {
    let mut policies = BTreeMap::new();
    let mut errors = Vec::new();
    for (name, text) in BUILT_IN {
        keep(parse(&format!("lexicons/policies/{name}"), text), &mut policies, &mut errors);
    }
    for dir in dirs {
        for policy in read_layer(dir) {
            keep(policy, &mut policies, &mut errors);
        }
    }
    if errors.is_empty() { Ok(PolicySet::new(policies.into_values().collect())) } else { Err(errors) }
}

fn keep(
    policy: Result<Policy, TimingError>,
    policies: &mut BTreeMap<String, Policy>,
    errors: &mut Vec<TimingError>,
) {
    match policy {
        Ok(policy) => drop(policies.insert(policy.id.clone(), policy)),
        Err(error) => errors.push(error),
    }
}

/// The policies of one user directory (see [`load_policies`]), in order of file name, alone.
pub fn read_layer(dir: &Path) -> Vec<Result<Policy, TimingError>> {
    match policy_files(dir) {
        Ok(files) => files.iter().map(|file| read_policy(file)).collect(),
        Err(error) => {
            vec![Err(unreadable(dir, &error, "give a directory that exists and that you may read"))]
        }
    }
}

fn policy_files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let inner = path.join("policies");
    let is_folder = path.file_name().is_some_and(|name| name == "policies");
    let entries = fs::read_dir(if inner.is_dir() { &inner } else { path })?;
    if !inner.is_dir() && !is_folder {
        return Ok(Vec::new());
    }
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    Ok(files)
}

fn read_policy(file: &Path) -> Result<Policy, TimingError> {
    let text = fs::read_to_string(file)
        .map_err(|error| unreadable(file, &error, "the file must be readable and UTF-8"))?;
    parse(&file.display().to_string(), &text)
}

fn unreadable(path: &Path, error: &io::Error, hint: &str) -> TimingError {
    TimingError {
        place: path.display().to_string(),
        cause: format!("cannot be read ({error})"),
        hint: hint.to_owned(),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PolicyFile {
    policy: Header,
    limit: Vec<Spanned<Limit>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    id: String,
    title: String,
    title_en: Option<String>,
    #[serde(default)]
    require_timezone: bool,
    #[serde(default)]
    scope: Scope,
    #[serde(default)]
    notes: Vec<String>,
    #[serde(default)]
    notes_en: Vec<String>,
}

/// Reads one policy; `path` names it in errors.
pub(in crate::timing) fn parse(path: &str, text: &str) -> Result<Policy, TimingError> {
    let file: PolicyFile = toml::from_str(text).map_err(|error| syntax_error(path, text, &error))?;
    let mut seen = BTreeSet::new();
    if let Some(twin) = file.limit.iter().find(|limit| !seen.insert(limit.get_ref().id.as_str())) {
        return Err(TimingError {
            place: place(path, text, twin.span().start),
            cause: format!("a second limit `{}`", twin.get_ref().id),
            hint: "give every limit of a policy an id of its own".to_owned(),
        });
    }
    if file.limit.is_empty() {
        return Err(TimingError {
            place: path.to_owned(),
            cause: "a policy without limits".to_owned(),
            hint: "add at least one [[limit]]".to_owned(),
        });
    }
    let Header { id, title, title_en, require_timezone, scope, notes, notes_en } = file.policy;
    let limits = file.limit.into_iter().map(Spanned::into_inner).collect();
    let source = text.to_owned();
    Ok(Policy { id, title, title_en, require_timezone, scope, notes, notes_en, limits, source })
}

fn syntax_error(path: &str, text: &str, error: &toml::de::Error) -> TimingError {
    TimingError {
        place: error.span().map_or_else(|| path.to_owned(), |span| place(path, text, span.start)),
        cause: error.message().lines().collect::<Vec<_>>().join(", "),
        hint: "lexicons/policies/mainland.toml shows the form".to_owned(),
    }
}

fn place(path: &str, text: &str, byte: usize) -> String {
    let line = 1 + text.bytes().take(byte).filter(|byte| *byte == b'\n').count();
    format!("{path}:{line}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUSE: &str = r#"
[policy]
id = "house"
title = "机构规范"

[[limit]]
id = "hours"
title = "时段"
check = { hours = { open = "09:00", close = "20:00" } }
explain = "{start} 起呼"
[[limit.basis]]
verb = "不得"
instrument = "《机构规范》"
force = "house_policy"
verified = "text"
from = "2025-01-01"
"#;

    #[test]
    fn the_built_in_list_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lexicons/policies");
        let files = policy_files(&folder).unwrap();
        let stems: Vec<_> = files.iter().map(|file| file.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(stems, BUILT_IN.map(|(name, _)| name));
        for (name, text) in BUILT_IN {
            assert_eq!(format!("{}.toml", parse(name, text).unwrap().id), name);
        }
    }

    #[test]
    fn a_users_policy_replaces_the_one_of_its_id_and_changes_the_digest() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("policies")).unwrap();
        fs::write(dir.path().join("policies/own.toml"), HOUSE.replace("\"house\"", "\"us\"")).unwrap();
        fs::write(dir.path().join("not-a-policy.toml"), "[pack]").unwrap();
        let (plain, layered) =
            (load_policies(&[]).unwrap(), load_policies(&[dir.path().to_owned()]).unwrap());
        assert_eq!(layered.get("us").unwrap().title, "机构规范");
        assert_eq!(layered.policies().len(), plain.policies().len());
        assert_ne!(layered.digest(), plain.digest());
        assert_eq!(plain.digest(), load_policies(&[]).unwrap().digest());
        assert_eq!(load_policies(&[dir.path().join("policies")]).unwrap(), layered);
        assert_eq!(load_policies(&[dir.path().join("policies/own.toml")]).unwrap(), layered);
    }

    #[test]
    fn a_directory_without_policies_adds_none_and_a_missing_one_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(load_policies(&[dir.path().to_owned()]), load_policies(&[]));
        let errors = load_policies(&[dir.path().join("gone")]).unwrap_err();
        assert!(errors[0].place.ends_with("gone"), "{errors:?}");
    }

    /// Each row: what to replace in [`HOUSE`], by what, and the error.
    #[test]
    fn mistakes_have_a_line() {
        for (from, to, error) in [
            ("title = \"时段\"", "titel = \"时段\"", "p.toml:8: unknown field `titel`"),
            ("09:00", "25:00", "p.toml:9: `25:00` is no time of day, write HH:MM"),
            ("20:00", "08:00", "p.toml:9: the window opens at 09:00 and closes at 08:00, not later"),
            ("hours =", "hour =", "p.toml:9: unknown variant `hour`"),
            (
                "{start}",
                "{begin}",
                "unknown placeholder {begin} in `explain`, known here: {start}, {open}, {close}",
            ),
            ("不得", "不可", "p.toml:12: unknown variant `不可`"),
            ("2025-01-01", "2025-02-30", "p.toml:16: "),
            ("[policy]", "[policies]", "p.toml:2: unknown field `policies`"),
            ("id = \"house\"", "", "missing field `id`"),
        ] {
            let text = HOUSE.replace(from, to);
            assert_ne!(text, HOUSE);
            let message = parse("p.toml", &text).unwrap_err().to_string();
            assert!(message.contains(error), "{message}");
        }
    }

    #[test]
    fn limits_need_an_id_of_their_own_and_a_basis() {
        let (head, limit) = HOUSE.split_once("[[limit]]").unwrap();
        let twice = format!("{head}[[limit]]{limit}[[limit]]{limit}");
        assert_eq!(parse("p.toml", &twice).unwrap_err().to_string(), "p.toml:17: a second limit `hours`");
        let none = format!("limit = []{head}");
        assert_eq!(parse("p.toml", &none).unwrap_err().to_string(), "p.toml: a policy without limits");
        let (bare, _) = HOUSE.split_once("[[limit.basis]]").unwrap();
        let groundless = parse("p.toml", &format!("{bare}basis = []")).unwrap_err().to_string();
        assert_eq!(groundless, "p.toml:6: limit `hours` names no basis");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn mutated_files_never_panic(at in 0..HOUSE.len(), with in "\\PC{0,4}") {
            let at = (0..=at).rev().find(|at| HOUSE.is_char_boundary(*at)).unwrap_or(0);
            let text = format!("{}{with}{}", &HOUSE[..at], HOUSE[at..].chars().skip(1).collect::<String>());
            let _ = parse("p.toml", &text);
        }
    }
}
