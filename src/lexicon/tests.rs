//! Bad packs in, readable diagnostics out; and layers over each other.

use insta::assert_snapshot;

use super::load::check_sources;
use super::source::SourceFile;
use super::*;

/// A sound rule, to be spoilt.
const RULE: &str = r#"[[rule]]
id = "threat.family"
title = "以家人相威胁"
category = "threat"
severity = "critical"
terms = ["砍死你"]
why = "威胁"
hit = ["砍死你"]
miss = ["您好"]
"#;

fn diagnostics(text: &str) -> Vec<Diagnostic> {
    check_texts(&[("lexicons/threat.toml", text)]).diagnostics
}

/// `code@line:column` of each diagnostic.
fn codes(text: &str) -> String {
    let code = |d: &Diagnostic| format!("{}@{}:{}", d.code.id(), d.line, d.column);
    diagnostics(text).iter().map(code).collect::<Vec<_>>().join(" ")
}

fn rendered(text: &str) -> String {
    diagnostics(text).iter().map(|d| d.render(false)).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn every_mistake_has_its_code_and_place() {
    for (from, to, expected) in [
        ("", "", ""),
        ("title = ", "titel = ", "unknown-key@3:1"),
        ("title = \"以家人相威胁\"\n", "", "missing-key@1:1"),
        ("\"critical\"", "\"grave\"", "wrong-value@5:12"),
        ("\"critical\"", "critical", "toml-syntax@5:12"),
        ("\"threat\"", "\"holiday\"", "category-not-spoken@4:12"),
        ("\"threat\"", "\"missing_amount\"", "category-not-spoken@4:12"),
        ("[\"砍死你\"]\nwhy", "[\"@weapons\"]\nwhy", "unknown-group@6:10"),
        ("[\"砍死你\"]\nwhy", "[\"砍死你\", \"砍死你\"]\nwhy", "duplicate-term@6:17"),
        ("[\"砍死你\"]\nwhy", "[\"！？\"]\nwhy", "empty-term@6:10"),
        ("[\"砍死你\"]\nwhy", "[\"砍\"]\nwhy", "short-term@6:10"),
        ("[\"砍死你\"]\nwhy", "[\"砍死\"]\nphonetic = \"near\"\nwhy", "short-by-sound@6:10"),
        ("terms = [\"砍死你\"]", "", "empty-rule@2:6"),
        ("terms = [\"砍死你\"]", "patterns = [\"砍(死你\"]", "bad-pattern@6:13"),
        ("terms = [\"砍死你\"]", "patterns = [\"(砍死)?\"]", "empty-match@6:13"),
        ("terms = [\"砍死你\"]", "patterns = [\"还3000\"]", "never-matches@6:13"),
        ("terms = [\"砍死你\"]", "patterns = [\"砍.{3}<family>\"]", "unknown-group@6:13"),
        ("terms = [\"砍死你\"]", "patterns = [\"[一-龥]{3}\"]", "slow-pattern@6:13"),
        ("terms = [\"砍死你\"]", "near = [{ all = [\"儿子\"], within = 9 }]", "near-slots@6:9"),
        ("terms = [\"砍死你\"]", "near = [{ all = [\"儿子\", []], within = 9 }]", "empty-group@6:24"),
        (
            "terms = [\"砍死你\"]",
            "near = [{ all = [\"儿子\", \"小心点\"], within = 4 }]",
            "near-too-tight@6:9",
        ),
        ("terms = [\"砍死你\"]", "match = { near = [\"儿子\", \"小心\"] }", "bad-expression@6:9"),
        (
            "terms = [\"砍死你\"]",
            "match = { near = [\"儿子\", { all = [\"小心\", \"上学\"] }], within = 9 }",
            "bad-expression@6:25",
        ),
        ("terms = [\"砍死你\"]", "match = { say = [\"砍死\"], within = 3 }", "bad-expression@6:9"),
        ("terms = [\"砍死你\"]", "match = { say = [\"砍死\"], any = [\"砍死\"] }", "bad-expression@6:9"),
        (
            "terms = [\"砍死你\"]",
            "match = { all = [\"砍死\", \"儿子\"], within_s = 3, within_turns = 1 }",
            "bad-expression@6:9",
        ),
        ("terms = [\"砍死你\"]", "match = { at_least = 3, of = [\"砍死\", \"儿子\"] }", "bad-expression@6:9"),
        ("terms = [\"砍死你\"]", "match = { repeat = \"砍死\" }", "bad-expression@6:9"),
        ("terms = [\"砍死你\"]", "match = { rule = \"no.such\" }", "unknown-rule@6:18"),
        ("terms = [\"砍死你\"]", "match = { rule = \"threat.family\" }", "rule-cycle@2:6"),
        ("terms = [\"砍死你\"]", "match = { sayy = [\"砍死\"] }", "unknown-key@6:11"),
        ("terms = [\"砍死你\"]", "match = { entity = \"weapon\" }", "wrong-value@6:20"),
        ("why = ", "basis = [\"some-law\"]\nwhy = ", "unknown-basis@7:10"),
        ("hit = [\"砍死你\"]\n", "", "missing-hit@2:6"),
        ("miss = [\"您好\"]\n", "miss = []\n", "missing-miss@2:6"),
        (
            "terms = ",
            "must_say = { terms = [\"我是\"] }\nterms = ",
            "category-not-spoken@4:12 mixed-rule@6:12",
        ),
    ] {
        assert_eq!(codes(&RULE.replacen(from, to, 1)), expected, "{from} → {to}");
    }
}

#[test]
fn mistakes_about_the_whole_file() {
    for (text, expected) in [
        (format!("{RULE}{RULE}"), "duplicate-rule@11:6"),
        (format!("disable = [\"threat.nothing\"]\n{RULE}"), "unknown-disable@1:12"),
        (format!("[pack]\nid = \"menace\"\ntitle = \"威胁\"\nversion = 1\n{RULE}"), "pack-name@2:6"),
        (
            format!("[groups]\na = [\"@b\"]\nb = [\"@a\"]\n{}", RULE.replacen("[\"砍死你\"]", "[\"@a\"]", 1)),
            "group-cycle@3:6",
        ),
        (
            format!(
                "[basis.x]\ninstrument = \"x\"\nforce = \"law\"\nverified = \"text\"\nfrom = \"2021-1-1\"\n{RULE}"
            ),
            "bad-date@1:1",
        ),
    ] {
        assert_eq!(codes(&text), expected, "{text}");
    }
}

#[test]
fn diagnostics_are_readable() {
    assert_snapshot!(rendered(&RULE.replace("severity", "serverity")), @r#"
    error[unknown-key]: unknown field `serverity`, expected one of `id`, `title`, `category`, `severity`, `speaker`, `terms`, `patterns`, `near`, `match`, `like`, `semantic`, `phonetic`, `unless`, `silence`, `when`, `tier`, `must_say`, `polarity`, `points`, `why`, `basis`, `hit`, `miss`
     --> lexicons/threat.toml:5:1
      |
    5 | serverity = "critical"
      | ^^^^^^^^^ the format has no such key
      |
      = help: check the spelling; the keys that the format knows are listed above
    "#);
    assert_snapshot!(rendered(&RULE.replace("terms = [\"砍死你\"]", "terms = [\"砍死你\", \"@weapons\"]")), @r#"
    error[unknown-group]: unknown group `weapons`
     --> lexicons/threat.toml:6:17
      |
    6 | terms = ["砍死你", "@weapons"]
      |                    ^^^^^^^^^^ no group of this name in the file or in groups.toml
      |
      = help: define it under [groups] here or in groups.toml; known: none
    "#);
    assert_snapshot!(rendered(&RULE.replace("terms = [\"砍死你\"]", "patterns = [\"砍(死|伤你\"]")), @r#"
    error[bad-pattern]: unclosed group
     --> lexicons/threat.toml:6:13
      |
    6 | patterns = ["砍(死|伤你"]
      |             ^^^^^^^^^^^^ the pattern is not a regular expression
      |
      = help: see https://docs.rs/regex for what a pattern may hold; look-around is not part of it
    "#);
    assert_snapshot!(rendered(&RULE.replace("terms = [\"砍死你\"]", "patterns = [\"还3000\"]")), @r#"
    warning[never-matches]: `还3000` never stands in the text that patterns see
     --> lexicons/threat.toml:6:13
      |
    6 | patterns = ["还3000"]
      |             ^^^^^^^^ the normal form never holds these characters
      |
      = help: write it as `还三千`: simplified, lower-case, digits in Chinese, no punctuation
    "#);
    assert_snapshot!(rendered(&RULE.replace("severity = \"critical\"", "severity = \"grave\"")), @r#"
    error[wrong-value]: unknown variant `grave`, expected one of `info`, `minor`, `major`, `critical`
     --> lexicons/threat.toml:5:12
      |
    5 | severity = "grave"
      |            ^^^^^^^ the value has the wrong type or is not one of those allowed
      |
      = help: use one of the values that the message names
    "#);
    assert_snapshot!(rendered(&RULE.replace("terms = [", "terms = [\"砍死你\"")), @r#"
    error[toml-syntax]: missing comma between array elements, expected `,`
     --> lexicons/threat.toml:6:15
      |
    6 | terms = ["砍死你""砍死你"]
      |                  ^ the file is not TOML
      |
      = help: strings stand in double quotes, lists in square brackets
    "#);
}

#[test]
fn a_directory_that_is_not_there_is_an_error() {
    let checked = check(&["no/such/directory".into()]);
    assert!(checked.rules.is_none());
    assert_eq!(checked.diagnostics[0].code, Code::Unreadable);
}

#[test]
fn built_in_packs_are_without_a_mistake() {
    let checked = check(&[]);
    let rendered: Vec<String> = checked.diagnostics.iter().map(|d| d.render(false)).collect();
    assert!(checked.diagnostics.is_empty(), "{}", rendered.join("\n"));
}

#[test]
fn a_directory_is_read_in_order_and_without_its_folders() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("threat.toml"), format!("\u{feff}{RULE}")).unwrap();
    std::fs::write(directory.path().join("notes.txt"), "not a pack").unwrap();
    std::fs::create_dir(directory.path().join("policies")).unwrap();
    let rules = load(&[directory.path().to_owned()]).unwrap();
    assert!(rules.rules().iter().any(|rule| rule.id == "threat.family" && rule.pack == "threat"));
    assert_ne!(rules.digest(), load(&[]).unwrap().digest());
}

/// Rules of files given as (layer, name, text).
fn layered(files: &[(usize, &str, &str)]) -> Checked {
    let sources = files.iter().map(|(layer, name, text)| SourceFile::new(name, text, *layer)).collect();
    check_sources(sources, Vec::new())
}

fn words(files: &[(usize, &str, &str)]) -> String {
    let checked = layered(files);
    let rules = checked.rules.unwrap_or_else(|| panic!("{:?}", checked.diagnostics));
    let mut words: Vec<String> = rules.words().iter().map(|word| word.text.clone()).collect();
    words.sort();
    words.join(" ")
}

#[test]
fn later_layers_add_override_disable_and_extend() {
    let group_rule = RULE.replace("terms = [\"砍死你\"]", "terms = [\"@weapons\"]");
    let shared = "[groups]\nweapons = [\"砍刀\"]\n";
    let more = "[groups]\nweapons = [\"@weapons\", \"铁棍\"]\n";
    let own = format!("[groups]\nweapons = [\"钢管\"]\n{group_rule}");
    let other = RULE.replace("threat.family", "threat.other").replace("砍死你", "弄死你");
    let again = RULE.replace("砍死你", "收拾你");
    for (files, expected) in [
        (vec![(0, "threat.toml", RULE), (1, "mine.toml", &other)], "弄死你 砍死你"),
        (vec![(0, "threat.toml", RULE), (1, "mine.toml", &again)], "收拾你"),
        (vec![(0, "threat.toml", RULE), (1, "mine.toml", "disable = [\"threat.family\"]")], ""),
        (vec![(0, "groups.toml", shared), (0, "threat.toml", &group_rule)], "砍刀"),
        (vec![(0, "groups.toml", shared), (0, "threat.toml", &own)], "钢管"),
        (
            vec![(0, "groups.toml", shared), (0, "threat.toml", &group_rule), (1, "my/groups.toml", more)],
            "砍刀 铁棍",
        ),
    ] {
        assert_eq!(words(&files), expected, "{files:?}");
    }
    let twice = layered(&[(0, "a/groups.toml", shared), (0, "b/groups.toml", shared)]);
    assert_eq!(twice.diagnostics[0].code, Code::DuplicateGroup);
}

mod foreign_bytes {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn arbitrary_text_never_panics(text in any::<String>()) {
            for diagnostic in diagnostics(&text) {
                prop_assert!(!diagnostic.render(false).is_empty());
            }
        }

        #[test]
        fn a_spoilt_pack_never_panics(place in 0_usize..200, cut in 0_usize..6, put in "[\\[\\]\"=@<>(){}#\\\\\n砍a]{0,3}") {
            let mut characters: Vec<char> = RULE.chars().collect();
            let place = place.min(characters.len());
            let end = (place + cut).min(characters.len());
            characters.splice(place..end, put.chars());
            for diagnostic in diagnostics(&characters.into_iter().collect::<String>()) {
                prop_assert!(!diagnostic.render(false).is_empty());
            }
        }
    }
}
