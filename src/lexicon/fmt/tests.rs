use proptest::prelude::*;

use super::*;

fn formatted(text: &str) -> String {
    format_pack("lexicons/a.toml", text).unwrap()
}

#[test]
fn a_pack_gets_its_form_and_keeps_its_comments() {
    let text = "\n\n# head\n[pack]   # who\nid=\"a\"\n\n\n\ntitle   = \"甲\" # name\n[groups]\n# people\nkin=[ \"父\" , # first\n\"母\"\n# last\n]\n[[rule]]
hit=[\"好\"]\n# why it is here\nid=\"a.b\"\nnear=[{all=[\"甲\",[ \"乙\"]],within=9},\n  { all = [\"丙\"] , within = 2 }]\nother = 1\n\n\n# end\n\n";
    insta::assert_snapshot!(formatted(text), @r##"
    # head
    [pack] # who
    id = "a"

    title = "甲" # name

    [groups]
    # people
    kin = [
      "父", # first
      "母",
      # last
    ]

    [[rule]]
    # why it is here
    id = "a.b"
    near = [{ all = ["甲", ["乙"]], within = 9 }, { all = ["丙"], within = 2 }]
    hit = ["好"]
    other = 1

    # end
    "##);
}

#[test]
fn long_lists_are_filled_and_sentences_get_a_line_each() {
    let words: Vec<String> = (0..40).map(|number| format!("\"词语{number}\"")).collect();
    let text = formatted(&format!("[[rule]]\nterms = [{}]\nhit = [{}]\n", words.join(","), words.join(",")));
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().all(|line| line.chars().count() <= MAX_WIDTH));
    assert_eq!(lines[..2], ["[[rule]]", "terms = ["]);
    assert!(lines[2].chars().count() > MAX_WIDTH - 12, "{}", lines[2]);
    assert!(text.ends_with("  \"词语39\",\n]\n"), "{text}");
    assert_eq!(text.matches("\n  \"词语7\",\n").count(), 1, "a line each only for sentences: {text}");
}

#[test]
fn a_file_that_is_not_toml_is_an_error_with_its_place() {
    let problem = format_pack("lexicons/a.toml", "[pack]\nid = \n").unwrap_err();
    assert_eq!((problem.code, problem.line), (Code::TomlSyntax, 2));
}

/// The comments of a file, each trimmed, in some order: strings of packs hold no `#`.
fn comments(text: &str) -> Vec<&str> {
    let mut found: Vec<&str> =
        text.lines().filter_map(|line| line.split_once('#')).map(|(_, c)| c.trim()).collect();
    found.sort_unstable();
    found
}

fn assert_form(text: &str) {
    let once = formatted(text);
    assert_eq!(formatted(&once), once, "twice is not once for {text}");
    let meaning = |text: &str| toml::from_str::<toml::Table>(text).unwrap();
    assert_eq!(meaning(&once), meaning(text), "the meaning changed: {text}\n→\n{once}");
    assert_eq!(comments(&once), comments(text), "comments changed: {text}\n→\n{once}");
}

#[test]
fn built_in_packs_keep_meaning_and_comments() {
    for source in crate::lexicon::builtin::sources() {
        assert_form(&source.text);
    }
}

fn blank() -> impl Strategy<Value = String> {
    "( |\n|\n\n\n|# 注\n| # 注\n){0,3}"
}

fn list() -> impl Strategy<Value = String> {
    let entry = prop_oneof![
        "[甲乙]{1,30}".prop_map(|word| format!("\"{word}\"")),
        ("[甲乙]{1,30}", blank()).prop_map(|(word, gap)| format!("[{gap}\"{word}\"]")),
        ("[甲乙]{1,30}", 0..9).prop_map(|(word, n)| format!("{{all=[\"{word}\"], within  ={n}}}")),
    ];
    prop::collection::vec((entry, blank(), blank()), 0..8).prop_map(|entries| {
        let written = entries.iter().map(|(entry, before, after)| format!("{before}{entry}{after},"));
        format!("[{}]", written.collect::<String>())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn twice_is_once(top in blank(), lists in prop::collection::vec((blank(), list(), blank()), 1..5), end in blank()) {
        let keys = ["miss", "terms", "near", "odd", "id"];
        let entries: Vec<String> = lists.iter().zip(keys).map(|((above, list, _), key)| format!("{above}\n{key}={list} # {key}\n")).collect();
        let entries = entries.concat();
        assert_form(&format!("{top}\n[[rule]]{entries}{top}\n[[rule]]\n{entries}{end}"));
    }

    #[test]
    fn arbitrary_text_never_panics(text in any::<String>()) {
        let _ = format_pack("a.toml", &text);
    }
}
