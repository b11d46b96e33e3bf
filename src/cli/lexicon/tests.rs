//! What the commands print.

use super::{check::check, test::test};
use crate::lexicon::{self, RuleSet};

const PACK: &str = "
[[rule]]
id = \"insult.words\"
title = \"辱骂\"
category = \"insult\"
severity = \"major\"
terms = [\"老赖\", \"不要脸\"]
near = [{ all = [\"脸皮\", [\"厚\", \"城墙\"]], within = 6 }]
unless = { terms = [\"老赖名单\"] }
why = \"辱骂债务人\"
hit = [\"你这个老赖\"]
miss = [\"您好\"]
";

fn printed(write: impl FnOnce(&RuleSet, &mut Vec<u8>) -> bool, pack: &str) -> (bool, String) {
    let checked = lexicon::check_texts(&[("lexicons/insult.toml", pack)]);
    let mut out = Vec::new();
    let well = write(&checked.rules.unwrap(), &mut out);
    (well, String::from_utf8(out).unwrap())
}

#[test]
fn tests_tell_what_went_wrong() {
    let (well, text) = printed(|rules, out| test(rules, &[], None, out).unwrap(), PACK);
    assert_eq!((well, text.as_str()), (true, "1 rules: 2 ok, 0 missing, 0 noisy, 0 wrong\n"));
    let broken =
        PACK.replace("[\"你这个老赖\"]", "[\"我们没说老赖\"]").replace("[\"您好\"]", "[\"你不要脸\"]");
    let (well, text) = printed(|rules, out| test(rules, &[], None, out).unwrap(), &broken);
    assert!(!well);
    insta::assert_snapshot!(text, @r"
        missing  insult.words: 我们没说老赖
                 taken back: 否定表述 前有「没说」
        noisy    insult.words: 你不要脸
                 matched `不要脸`
        1 rules: 0 ok, 1 missing, 1 noisy, 0 wrong
        ");
}

#[test]
fn an_example_of_another_category_is_wrong() {
    let other = PACK.replace("insult", "threat").replace("老赖", "打断你的腿").replace("不要脸", "弄死你");
    let other = other.replace("[\"你这个打断你的腿\"]", "[\"打断你的腿\", \"你这个老赖\"]");
    let (well, text) = printed(|rules, out| test(rules, &[], None, out).unwrap(), &format!("{PACK}{other}"));
    assert!(!well);
    insta::assert_snapshot!(text, @r"
    wrong    threat.words: 你这个老赖
             insult.words fired instead; nothing matched
    2 rules: 4 ok, 0 missing, 0 noisy, 1 wrong
    ");
}

#[test]
fn checks_count_errors_and_warnings() {
    let broken = lexicon::check_texts(&[("lexicons/insult.toml", &PACK.replace("hit =", "hits ="))]);
    let mut out = Vec::new();
    assert!(!check(&broken, &[], false, &mut out).unwrap());
    let text = String::from_utf8(out).unwrap();
    assert!(text.ends_with("1 errors, 0 warnings: the packs do not load\n"), "{text}");
}
