//! Odd packs in, advice out.

use insta::assert_snapshot;

use super::*;

/// A rule to which nothing is to be said.
const RULE: &str = r#"[[rule]]
id = "threat.family"
title = "以家人相威胁"
category = "threat"
severity = "critical"
terms = ["砍死你", "@weapons"]
patterns = ["让你<weapons>"]
why = "威胁"
hit = ["砍死你"]
miss = ["您好"]
[groups]
weapons = ["砍刀", "铁棍"]
"#;

fn advice(text: &str) -> Vec<Diagnostic> {
    of_sources(vec![SourceFile::new("lexicons/threat.toml", text, 0)])
}

/// `code@line:column` of each advice.
fn codes(text: &str) -> String {
    let code = |d: &Diagnostic| format!("{}@{}:{}", d.code.id(), d.line, d.column);
    advice(text).iter().map(code).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_oddity_has_its_code_and_place() {
    for (from, to, expected) in [
        ("", "", ""),
        ("\"砍死你\", \"@", "\"还钱来\", \"還錢來\", \"@", "repeated-word@6:17"),
        ("\"砍死你\", \"@", "\"砍刀\", \"@", "repeated-word@6:10"),
        ("\"砍死你\", \"@", "\"砍死你\", \"砍死你全家\", \"@", "shadowed-word@6:17"),
        ("\"砍死你\", \"@", "\"砍死\", \"砍死你全家\", \"@", ""),
        (
            "terms = [\"砍死你\", \"@",
            "phonetic = \"off\"\nterms = [\"砍死\", \"砍死你\", \"@",
            "shadowed-word@7:16",
        ),
        ("\"砍死你\", \"@", "\"用@weapons砍\", \"@", "stray-reference@6:10"),
        ("why", "unless = { terms = [\"死你\"] }\nwhy", "always-allowed@6:10"),
        ("why", "unless = { terms = [\"玩笑\"] }\nwhy", ""),
        ("why", "match = { say = [\"砍人\"], window = { from_s = 9, to_s = 3 } }\nwhy", "empty-window@8:55"),
        (
            "why",
            "when = { contact = [\"self\"] }\nmatch = { all = [\"砍人\", { call = { contact = [\"family\"] } }] }\nwhy",
            "never-applies@9:45",
        ),
        ("\"让你<weapons>\"", "\"让你<weapons>[0-9]\"", "never-matches@7:13"),
        ("\"让你<weapons>\"", "\"让你<weapons>[一二三0-9]\"", ""),
        ("\"砍刀\", \"铁棍\"", "\"铁棍\", \"鐵棍\"", "repeated-word@12:18"),
        ("weapons = ", "idle = [\"歇着\"]\nweapons = ", "unused-group@12:1"),
        ("hit = [", "hit = [\"砍死你\", ", "repeated-example@9:15"),
        ("miss = [", "miss = [\"砍死你\", ", "contradicting-example@10:9"),
        ("miss = [", "miss = [{ text = \"砍死你\", contact = \"family\" }, ", ""),
    ] {
        assert_eq!(codes(&RULE.replacen(from, to, 1)), expected, "{from} → {to}");
    }
}

#[test]
fn rules_that_judge_the_same_words_differently_conflict() {
    let (rule, groups) = RULE.split_once("[groups]").unwrap();
    let other = rule.replace("threat.family", "threat.other");
    for (from, to, expected) in [
        ("", "", ""),
        ("critical", "minor", "conflicting-rules@16:10 conflicting-rules@16:17 conflicting-rules@16:17"),
        ("critical\"", "minor\"\nspeaker = \"customer\"", ""),
        ("critical\"", "minor\"\nwhen = { contact = [\"family\"] }", ""),
    ] {
        let both = format!("{rule}{}[groups]{groups}", other.replacen(from, to, 1));
        assert_eq!(codes(&both), expected, "{from} → {to}");
    }
}

#[test]
fn advice_is_readable() {
    let odd = RULE.replacen("\"砍死你\", \"@", "\"砍死你\", \"砍死你全家\", \"@", 1);
    assert_snapshot!(advice(&odd)[0].render(false), @r#"
    warning[shadowed-word]: wherever `砍死你全家` is said, `砍死你` is found already
     --> lexicons/threat.toml:6:17
      |
    6 | terms = ["砍死你", "砍死你全家", "@weapons"]
      |                    ^^^^^^^^^^^^ a shorter word of the list finds every hit of this one
      |
      = help: take the longer word out, or the shorter one if it says too much
    "#);
}

#[test]
fn a_rule_that_a_later_layer_replaces_is_left_alone() {
    let odd = RULE.replacen("hit = [", "hit = [\"砍死你\", ", 1);
    let sources =
        vec![SourceFile::new("lexicons/threat.toml", &odd, 0), SourceFile::new("my/threat.toml", RULE, 1)];
    assert_eq!(of_sources(sources), []);
}

#[test]
fn the_built_in_packs_need_no_advice() {
    let advice: Vec<String> = advise(&[]).iter().map(ToString::to_string).collect();
    assert!(advice.is_empty(), "{}", advice.join("\n"));
}
