//! One-line tables: what is said, and what the rules make of it.

use crate::domain::{CallId, Grade, Segment, Speaker, Suspicion, Tier};
use crate::lexicon::check_texts;

use super::*;

mod heard;

const PACK: &str = r#"
[groups]
family = ["儿子", "闺女", "爱人"]

[[rule]]
id = "insult.words"
title = "辱骂"
category = "insult"
severity = "major"
terms = ["口交", "老赖", "不要脸"]
why = "辱骂"
hit = ["你这个老赖"]
miss = ["路口交通"]

[[rule]]
id = "threat.contacts"
title = "爆通讯录"
category = "privacy_leak"
severity = "critical"
terms = ["爆你通讯录", "打给你单位"]
patterns = ["(联系|打给|告诉).{0,4}<family>"]
unless = { terms = ["征得您同意"], within = 12 }
why = "扬言泄露"
hit = ["爆你通讯录"]
miss = ["不会打给你单位"]

[[rule]]
id = "threat.family"
title = "以家人相威胁"
category = "threat"
severity = "critical"
near = [{ all = ["@family", ["放学", "上学"], ["小心", "多留个心眼"]], within = 14 }]
why = "威胁"
hit = ["你儿子放学的时候小心点"]
miss = ["放学了"]

[[rule]]
id = "third.pay"
title = "要求第三人代还"
category = "third_party"
severity = "major"
terms = ["你替他还"]
when = { contact = ["family", "employer", "other"] }
why = "向第三人催收"
hit = [{ text = "你替他还了吧", contact = "family" }]
miss = [{ text = "你替他还了吧", contact = "self" }]

[[rule]]
id = "legal.jail"
title = "坐牢"
category = "false_legal_claim"
severity = "major"
terms = ["坐牢"]
silence = ["negation", "quotation", "question"]
why = "夸大"
hit = ["你要坐牢"]
miss = ["不会坐牢"]
"#;

const REQUIRED: &str = r#"
[[rule]]
id = "required.identity"
title = "表明身份"
category = "missing_identity"
severity = "minor"
must_say = { terms = ["我是"], patterns = ["这里是.{2,8}公司"], first_turns = 1 }
why = "应当表明身份"
hit = ["坐席：您好请问是张先生吗"]
miss = ["坐席：您好我是某某公司的"]

[[rule]]
id = "required.amount"
title = "告知金额"
category = "missing_amount"
severity = "minor"
must_say = { patterns = ["欠款.{0,6}元"], within_s = 0, only_if = { terms = ["还款", "还钱"] } }
why = "应当告知金额"
hit = ["坐席：您今天必须还款"]
miss = ["坐席：您的欠款五百元请还款"]
"#;

fn rules(pack: &str) -> RuleSet {
    let checked = check_texts(&[("lexicons/test.toml", pack)]);
    checked.rules.unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
}

/// A call of turns `A:words` (agent), `C:words` (customer), `U:words` (unknown), each two seconds after the other.
pub(super) fn call(turns: &str) -> Transcript {
    let segments = turns.split('|').enumerate().map(|(index, turn)| {
        let (speaker, text) = turn.split_once(':').unwrap_or(("A", turn));
        let speaker = match speaker {
            "C" => Speaker::Customer,
            "U" => Speaker::Unknown,
            _ => Speaker::Agent,
        };
        let start_s = index as f64 * 6.0;
        Segment::said(speaker, start_s, start_s + 4.0, text)
    });
    Transcript { call_id: CallId("T".into()), segments: segments.collect() }
}

/// `rule` of each finding (`?` behind it for tier review), then `rule-suppressor` of what was taken back.
fn seen(detection: &Detection) -> String {
    let finding = |finding: &Finding| {
        let doubt = if finding.tier == Tier::Review { "?" } else { "" };
        format!("{}{doubt}", finding.rule)
    };
    let suppressed = |s: &Suppressed| format!("{}-{:?}", s.finding.rule, s.by).to_lowercase();
    let findings = detection.findings.iter().map(finding);
    findings.chain(detection.suppressed.iter().map(suppressed)).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_agents_say() {
    let rules = rules(PACK);
    for (said, expected) in [
        ("你这个老赖", "insult.words"),
        ("你這個老賴！", "insult.words"),
        ("您好，今天天气不错", ""),
        ("C:你才是老赖", "insult.words-speaker"),
        ("U:你这个老赖", "insult.words?"),
        // Word boundaries.
        ("前面路口交通拥堵", "insult.words-boundary"),
        // Negation rules its clause, and not past a conjunction.
        ("我们不会打给你单位", "threat.contacts-negation"),
        ("我们不会的，打给你单位是肯定的", "threat.contacts"),
        ("你不还钱就打给你单位", "threat.contacts"),
        ("会不会打给你单位你说呢", "threat.contacts"),
        ("你不是老赖是什么", "insult.words"),
        ("你不是老赖，我们知道", "insult.words-negation"),
        ("你真不要脸", "insult.words"),
        ("打给你单位这种事我们不会做", "threat.contacts-negation"),
        // Other people's words.
        ("您刚才说有人打给你单位", "threat.contacts-quotation"),
        ("你说你没钱就打给你单位", "threat.contacts"),
        ("我跟你说打给你单位", "threat.contacts"),
        ("如果有人说要爆你通讯录", "threat.contacts-quotation"),
        ("您骂我老赖也没关系", "insult.words-quotation"),
        ("我刚才说了打给你单位就打给你单位", "threat.contacts"),
        ("网上说会有人打给你单位", "threat.contacts-quotation"),
        ("以前的催收打给你单位那不是我们", "threat.contacts-quotation"),
        // Anybody might do so; what the debtor might do is a threat.
        ("万一遇到有人打给你单位您可以投诉", "threat.contacts-quotation"),
        ("你要是不还就打给你单位", "threat.contacts"),
        // What the agent will not or may not do.
        ("我们没有权利因为这一笔钱就这样打给你单位", "threat.contacts"),
        ("我们没有权利因为这笔钱打给你单位", "threat.contacts-negation"),
        ("我们不会放过你打给你单位", "threat.contacts"),
        // Questions silence only where the rule says so.
        ("你怕不怕坐牢呢", "legal.jail-question"),
        ("你想坐牢", "legal.jail"),
        // The rule's own exceptions.
        ("征得您同意才打给你单位", "threat.contacts-allow"),
        ("征得您同意后我们按照合同的约定处理这件事情，再打给你单位", "threat.contacts"),
        // Slots, across commas, in any order, within reach.
        ("你儿子放学，小心一点", "threat.family"),
        ("小心点啊，你闺女上学", "threat.family"),
        ("你儿子放学的时候我们会在学校门口等着他你最好小心", ""),
        ("你儿子放学，我们没有小心", "threat.family-negation"),
        // A slot by sound needs the others' support, or all sound the same; none is a word of its own.
        ("你尔子放学小心", "threat.family?"),
        ("你尔子放雪效心", "threat.family"),
        ("你二至放学小心", ""),
        // Patterns with groups.
        ("我要联系你的爱人", "threat.contacts"),
        ("我要联系你", ""),
        // By sound: four syllables that sound the same stand, fewer ask.
        ("报你通讯录", "threat.contacts"),
        ("不药脸", "insult.words?"),
        ("老来", "insult.words?"),
        // Metadata unknown.
        ("那你替他还", "third.pay?"),
        // One reproach, one finding.
        ("老赖，不要脸的老赖", "insult.words"),
    ] {
        assert_eq!(
            seen(&detect(&call(said), &CallFacts::default(), Senses::default(), &rules)),
            expected,
            "{said}"
        );
    }
}

#[test]
fn required_statements() {
    let rules = rules(REQUIRED);
    for (said, findings, not_judged) in [
        ("C:喂|A:您好我是某某公司的", "", 0),
        ("C:喂|A:您好这里是某某公司", "", 0),
        ("A:请问是张先生吗请还款", "", 2),
        ("A:请问是张先生吗|C:是的|A:我是某某公司的", "required.identity", 0),
        ("C:喂|A:我是客服请您尽快还款", "required.amount", 0),
        ("C:喂|A:我是客服您欠款五百元请还款", "", 0),
        ("C:喂|A:您好我是客服祝您愉快", "", 0),
        ("C:我是谁啊你找谁", "", 2),
        ("A:喂|C:喂", "", 2),
        ("U:请问是张先生吗请还款", "required.amount? required.identity?", 0),
        ("U:请问你哪位|U:我是客服没事了", "", 0),
    ] {
        let detection = detect(&call(said), &CallFacts::default(), Senses::default(), &rules);
        assert_eq!(
            (seen(&detection), detection.not_judged.len()),
            (findings.to_owned(), not_judged),
            "{said}"
        );
        for finding in &detection.findings {
            assert_eq!((finding.grade, finding.start_s), (Grade::Absent, None));
        }
    }
}

#[test]
fn the_record_decides_which_rules_are_for_a_call() {
    let rules = rules(PACK);
    for (contact, expected) in [(Contact::Family, "third.pay"), (Contact::Debtor, "")] {
        let facts = CallFacts { contact: Some(contact), ..CallFacts::default() };
        let detection = detect(&call("那你替他还"), &facts, Senses::default(), &rules);
        assert_eq!(seen(&detection), expected);
        assert!(detection.not_judged.is_empty());
    }
    let unknown = detect(&call("您好"), &CallFacts::default(), Senses::default(), &rules);
    assert_eq!(unknown.not_judged.len(), 1);
}

#[test]
fn a_finding_tells_where_when_and_in_which_words() {
    let rules = rules(PACK);
    let detection =
        detect(&call("您好。|再不還錢，我就打給你單位！"), &CallFacts::default(), Senses::default(), &rules);
    let [finding] = &detection.findings[..] else { panic!("{detection:?}") };
    assert_eq!(finding.quote, "再不還錢，我就打給你單位！");
    assert_eq!(finding.meant, "打给你单位");
    // Eleven characters in four seconds from 6.0 s on: the hit is the seventh to the eleventh.
    assert_eq!((finding.start_s, finding.end_s), (Some(8.18), Some(10.0)));
    let [(segment, start, end)] = finding.spans[..] else { panic!("{:?}", finding.spans) };
    assert_eq!((segment, &"再不還錢，我就打給你單位！"[start..end]), (1, "打給你單位"));
    assert_eq!((finding.grade, finding.confidence), (Grade::Exact, 0.99));
}

#[test]
fn basis_is_what_was_in_force() {
    let pack = r#"
[basis.old]
instrument = "《旧法》"
force = "law"
verified = "text"
until = "2025-12-31"
[basis.new]
instrument = "《新法》"
force = "law"
verified = "press"
from = "2026-01-01"
[[rule]]
id = "insult.words"
title = "辱骂"
category = "insult"
severity = "major"
terms = ["老赖"]
basis = ["old", "new"]
why = "辱骂"
hit = ["老赖"]
miss = ["您好"]
"#;
    let rules = rules(pack);
    for (date, expected) in [
        (Some("2025-06-01"), vec!["《旧法》（法律，已核对原文）"]),
        (Some("2026-06-01"), vec!["《新法》（法律，据公开报道）"]),
        (None, vec!["《旧法》（法律，已核对原文）", "《新法》（法律，据公开报道）"]),
    ] {
        let facts = CallFacts { date: date.map(str::to_owned), ..CallFacts::default() };
        assert_eq!(detect(&call("老赖"), &facts, Senses::default(), &rules).findings[0].basis, expected);
    }
}

#[test]
fn examples_are_tried_by_the_engine() {
    let mut trials = selftest::run(&rules(PACK), None);
    trials.extend(selftest::run(&rules(REQUIRED), None));
    assert_eq!(trials.len(), 14);
    for trial in trials {
        assert_eq!(trial.outcome, selftest::Outcome::Ok, "{trial:?}");
    }
    let broken = PACK.replace("hit = [\"你要坐牢\"]", "hit = [\"不会坐牢\"]");
    let broken = broken.replace("miss = [\"路口交通\"]", "miss = [\"老赖\"]");
    let bad = selftest::run(&rules(&broken), None)
        .into_iter()
        .filter(|trial| trial.outcome != selftest::Outcome::Ok);
    let bad: Vec<_> = bad.map(|trial| (trial.rule, trial.outcome, trial.detail)).collect();
    assert_eq!(
        bad,
        [
            ("insult.words".to_owned(), selftest::Outcome::Noisy, "matched `老赖`".to_owned()),
            (
                "legal.jail".to_owned(),
                selftest::Outcome::Missing,
                "taken back: 否定表述 前有「不会」".to_owned()
            ),
        ]
    );
}

mod any_text {
    use proptest::prelude::*;

    use super::*;

    /// Words of the rules and of context, in any order, and arbitrary text.
    fn turns() -> impl Strategy<Value = Vec<(usize, String)>> {
        let words = prop::sample::select(vec![
            "老赖",
            "口交",
            "打给",
            "你单位",
            "儿子",
            "放学",
            "小心",
            "不会",
            "您刚才说",
            "，",
            "。",
            "坐牢",
            "吗",
            "還",
            "123",
            "Ａ",
            "我是",
            "欠款",
        ]);
        let text = prop_oneof![
            prop::collection::vec(words, 0..12).prop_map(|words| words.concat()),
            any::<String>()
        ];
        prop::collection::vec((0_usize..3, text), 0..6)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        #[test]
        fn detection_never_panics_and_is_ordered(turns in turns()) {
            let speakers = ["A", "C", "U"];
            let joined: Vec<String> =
                turns.iter().map(|(who, text)| format!("{}:{}", speakers[*who], text.replace('|', ""))).collect();
            let rules = rules(&format!("{PACK}{REQUIRED}"));
            let transcript = call(&joined.join("|"));
            let detection = detect(&transcript, &CallFacts::default(), Senses::default(), &rules);
            prop_assert_eq!(&detection, &detect(&transcript, &CallFacts::default(), Senses::default(), &rules));
            let starts: Vec<f64> = detection.findings.iter().map(|f| f.start_s.unwrap_or(-1.0)).collect();
            prop_assert!(starts.is_sorted());
            for finding in detection.findings.iter().chain(detection.suppressed.iter().map(|s| &s.finding)) {
                prop_assert!((0.0..=1.0).contains(&finding.confidence));
                prop_assert!(finding.start_s <= finding.end_s);
                for (segment, start, end) in &finding.spans {
                    prop_assert!(transcript.segments[*segment].text.get(*start..*end).is_some_and(|w| !w.is_empty()));
                }
            }
        }
    }
}
