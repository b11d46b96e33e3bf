//! Tables: who speaks when and how loud, and what the rules of conduct make of it.

use std::sync::LazyLock;

use proptest::prelude::*;

use crate::detect::selftest::Outcome;
use crate::detect::{CallFacts, Detection, Senses, detect};
use crate::domain::{CallId, Grade, LEVEL_FRAME_S, Segment, Speaker, Suspicion, Tier, Transcript};
use crate::lexicon::{ConductExample, RuleSet, TimedTurn, check_texts};

use super::trial;

const PACK: &str = r#"
[[conduct]]
id = "c.interruption"
title = "打断"
measure = { interruption = { min_overlap_s = 1.0, min_delay_s = 1.0, min_chars = 6 } }
unless = ["嗯", "好的", "明白"]
why = "打断客户。"
hit = [{ turns = [["customer", 0, 6, "我想问一下分期"], ["agent", 3, 7, "你别说了听我说"]] }]
miss = [{ turns = [["customer", 0, 6, "我想问一下分期"], ["agent", 3, 7, "嗯"]] }]

[[conduct]]
id = "c.silence"
title = "静默"
measure = { long_silence = { limit_s = 10 } }
unless = ["稍等"]
why = "长时间静默。"
hit = [{ turns = [["agent", 0, 1, "甲"], ["agent", 21, 22, "乙"]] }]
miss = [{ turns = [["agent", 0, 1, "稍等"], ["agent", 21, 22, "乙"]] }]

[[conduct]]
id = "c.fast"
title = "语速"
measure = { fast_speech = { limit_chars_per_s = 8, min_chars = 10 } }
why = "太快。"
hit = [{ turns = [["agent", 0, 1, "一二三四五六七八九十"]] }]
miss = [{ turns = [["agent", 0, 2, "一二三四五六七八九十"]] }]

[[conduct]]
id = "c.loud"
title = "音量"
measure = { raised_voice = { limit_db = 6, min_loud_s = 1, min_speech_s = 4 } }
why = "太响。"
hit = [{ turns = [["agent", 0, 9, "甲"], ["agent", 12, 14, "乙", 9]] }]
miss = [{ turns = [["agent", 0, 9, "甲"], ["agent", 12, 14, "乙", 3]] }]

[[conduct]]
id = "c.hang_up"
title = "挂断"
measure = { abrupt_hang_up = { within_s = 3, min_chars = 4 } }
unless = ["再见"]
why = "没有回应。"
hit = [{ turns = [["customer", 0, 2, "那怎么办呢"]] }]
miss = [{ turns = [["customer", 0, 2, "再见再见"]] }]
"#;

fn rules() -> &'static RuleSet {
    static RULES: LazyLock<RuleSet> = LazyLock::new(|| {
        let checked = check_texts(&[("lexicons/conduct.toml", PACK)]);
        checked.rules.unwrap_or_else(|| panic!("{:?}", checked.diagnostics))
    });
    &RULES
}

/// `A 0-3 words|C 2-4 words|…`; `!` behind the time for 10 dB more.
fn call(turns: &str) -> ConductExample {
    let turns = turns.split('|').map(|turn| {
        let mut parts = turn.splitn(3, ' ');
        let speaker = match parts.next() {
            Some("A") => Speaker::Agent,
            Some("C") => Speaker::Customer,
            _ => Speaker::Unknown,
        };
        let times = parts.next().unwrap();
        let (start, end) = times.trim_end_matches('!').split_once('-').unwrap();
        TimedTurn {
            speaker,
            start_s: start.parse().unwrap(),
            end_s: end.parse().unwrap(),
            text: parts.next().unwrap_or_default().to_owned(),
            louder_db: if times.ends_with('!') { 10.0 } else { 0.0 },
        }
    });
    ConductExample { turns: turns.collect(), end_s: None }
}

fn heard(turns: &str, rules: &RuleSet) -> Detection {
    let call = call(turns);
    detect(
        &trial::transcript(&call),
        &CallFacts::default(),
        Senses { sound: Some(&trial::levels(&call)), ..Senses::default() },
        rules,
    )
}

/// Rules of findings, `(rule)` of what is excused, `rule!` of remarks.
fn seen(detection: &Detection) -> String {
    let findings = detection.findings.iter().map(|finding| finding.rule.clone());
    let excused = detection.suppressed.iter().map(|excused| format!("({})", excused.finding.rule));
    let remarks = detection.conduct.measures.remarks.iter().map(|remark| format!("{}!", remark.rule));
    findings.chain(excused).chain(remarks).collect::<Vec<_>>().join(" ")
}

#[test]
fn times_and_loudness_are_judged() {
    let rules = rules();
    for (turns, expected) in [
        ("C 0-6 我想问一下分期|A 3-7 你别说了听我说", "c.interruption"),
        // A hum, a late start, a common start, a short overlap, and the customer who interrupts.
        ("C 0-6 我想问一下分期|A 3-6 嗯，好的，明白", ""),
        ("C 0-6 我想问一下分期|A 5.2-8 你别说了听我说", ""),
        ("C 0-6 我想问一下分期|A 0.5-6 你别说了听我说", ""),
        ("C 0-6 好的好的嗯|A 3-6 你别说了听我说", ""),
        ("A 0-6 你别说了听我说|C 3-7 我想问一下分期|A 8-9 好", ""),
        // The agent's sentence goes on over a pause of the recogniser.
        ("A 0-3 你别说了|C 1-6 我想问一下分期|A 3.2-6 听我说完", ""),
        ("A 0-1 甲|A 12-13 乙", "c.silence"),
        ("A 0-1 甲|A 10.5-13 乙", ""),
        ("A 0-1 请稍等|C 1.5-2 好|A 15-16 查到了", "(c.silence)"),
        ("A 0-1 一二三四五六七八九十", "c.fast"),
        ("A 0-1 1234567890", "c.fast"),
        ("C 0-1 一二三四五六七八九十|A 2-3 甲", ""),
        ("A 0-1 一二三四五", ""),
        ("A 0-6 甲|A 7-9! 乙", "c.loud"),
        ("A 0-6 甲|C 7-9! 乙|A 10-11 丙", ""),
        ("A 0-6 甲|A 7-7.6! 乙", ""),
        ("A 0-6! 甲|A 7-9! 乙", ""),
        ("A 0-2 甲|C 3-5 那怎么办呢", "c.hang_up!"),
        ("A 0-2 再见|C 3-5 那怎么办呢", ""),
        ("A 0-2 甲|C 3-5 嗯", ""),
    ] {
        assert_eq!(seen(&heard(turns, rules)), expected, "{turns}");
    }
}

#[test]
fn a_finding_shows_what_was_measured() {
    let detection = heard("C 0-6 我想问一下分期，|A 3-7 你别说了，听我说！", rules());
    let finding = &detection.findings[0];
    insta::assert_snapshot!(finding.explanation, @"客户开口 3.0 秒后坐席抢话，两人同时说话 3.0 秒（限 1.0 秒），坐席这句共 7 字。打断客户。");
    assert_eq!(
        (finding.grade, finding.tier, finding.speaker),
        (Grade::Conduct, Tier::Review, Speaker::Agent)
    );
    assert_eq!((finding.start_s, finding.end_s), (Some(3.0), Some(7.0)));
    assert_eq!(finding.quote, "你别说了，听我说！");
    assert_eq!(finding.spans, [(1, 0, finding.quote.len())]);
    assert!((0.5..=0.9).contains(&finding.confidence), "{}", finding.confidence);
}

#[test]
fn what_cannot_be_judged_is_said() {
    let rules = rules();
    let lines = |detection: &Detection| detection.not_judged.join("\n");
    insta::assert_snapshot!(lines(&heard("U 0-3 您好|U 20-23 你好", rules)), @"conduct: 没有区分说话人，未判断语速、挂断、打断、音量");
    let timeless = trial::transcript(&call("A 0-0 您好|C 0-0 你好"));
    insta::assert_snapshot!(lines(&detect(&timeless, &CallFacts::default(), Senses::default(), rules)), @"conduct: 没有带时间的说话内容，未判断语速、挂断、打断、音量、静默");
    let written = trial::transcript(&call("A 0-3 您好|C 4-5 你好"));
    insta::assert_snapshot!(lines(&detect(&written, &CallFacts::default(), Senses::default(), rules)), @r#"
    conduct: 没有录音，未判断音量
    conduct: 没有录音，不知道何时挂断，未判断挂断
    "#);
    assert_eq!(seen(&heard("U 0-3 您好|U 20-23 你好", rules)), "c.silence", "silence needs no speakers");
}

#[test]
fn the_sound_has_to_agree() {
    let rules = rules();
    let talk = call("C 0-6 我想问一下分期|A 3-7 你别说了听我说|A 30-31 甲");
    let transcript = trial::transcript(&talk);
    let mut sound = trial::levels(&talk);
    let judged = |sound: &crate::domain::Levels| {
        seen(&detect(
            &transcript,
            &CallFacts::default(),
            Senses { sound: Some(sound), ..Senses::default() },
            rules,
        ))
    };
    assert_eq!(judged(&sound), "c.interruption c.silence");
    // The customer fell silent at once, and somebody spoke whom the recogniser did not hear.
    sound.tracks[1].frames_db[(3.2 / LEVEL_FRAME_S) as usize..].fill(-80.0);
    sound.tracks[1].frames_db[(15.0 / LEVEL_FRAME_S) as usize..(22.0 / LEVEL_FRAME_S) as usize].fill(-20.0);
    assert_eq!(judged(&sound), "");
}

#[test]
fn invented_words_are_no_speech() {
    let rules = rules();
    let mut transcript = trial::transcript(&call("C 0-6 我想问一下分期|A 3-7 你别说了听我说"));
    transcript.segments[0].suspicion = Some(Suspicion::Repeat);
    assert_eq!(seen(&detect(&transcript, &CallFacts::default(), Senses::default(), rules)), "");
}

#[test]
fn calls_are_measured_where_nothing_is_wrong() {
    let detection = heard("A 0-6 您好我是客服|C 7-9 你说|A 8.5-10! 好的|C 14-15 嗯", rules());
    let measures = serde_json::to_string_pretty(&detection.conduct.measures).unwrap();
    insta::assert_snapshot!(measures, @r#"
    {
      "agent_speech_s": 7.5,
      "customer_speech_s": 3.0,
      "agent_share_percent": 71.42857142857143,
      "overlap_s": 0.5,
      "response_median_s": 0.0,
      "response_longest_s": 0.0,
      "silence_longest_s": 4.0,
      "agent_chars_per_s": 1.0666666666666667,
      "agent_loudest_db": 10.0
    }
    "#);
}

#[test]
fn every_built_in_example_holds() {
    let packs = [
        ("lexicons/basis.toml", include_str!("../../../lexicons/basis.toml")),
        ("lexicons/conduct.toml", include_str!("../../../lexicons/conduct.toml")),
    ];
    let rules = check_texts(&packs).rules.unwrap();
    let trials = crate::detect::selftest::run(&rules, None);
    let wrong: Vec<_> = trials.iter().filter(|trial| trial.outcome != Outcome::Ok).collect();
    assert!(rules.conduct().len() >= 7 && wrong.is_empty(), "{wrong:#?}");
}

fn segment() -> impl Strategy<Value = Segment> {
    let speaker = prop_oneof![Just(Speaker::Agent), Just(Speaker::Customer), Just(Speaker::Unknown)];
    let time = prop_oneof![0.0..60.0_f64, Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), Just(1e300)];
    (speaker, time.clone(), time, "[嗯好一二三，。 a]{0,12}")
        .prop_map(|(speaker, start_s, end_s, text)| Segment::said(speaker, start_s, end_s, text))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_transcript_is_judged(segments in prop::collection::vec(segment(), 0..12), with_sound: bool) {
        let rules = rules();
        let sound = trial::levels(&call("A 0-20 甲|C 15-40! 乙"));
        let transcript = Transcript { call_id: CallId("T".into()), segments };
        let detection = detect(&transcript, &CallFacts::default(), Senses { sound: with_sound.then_some(&sound), ..Senses::default() }, rules);
        prop_assert!(detection.findings.iter().all(|finding| (0.0..=1.0).contains(&finding.confidence)));
        prop_assert_eq!(detection.conduct.outcomes.len(), rules.conduct().len());
    }
}
