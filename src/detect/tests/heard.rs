//! What the rules make of how words were heard: doubtfully, by sound, a second time.

use std::cmp::Ordering;

use super::*;

#[test]
fn no_violation_rests_on_a_hallucination() {
    let rules = rules(PACK);
    let mut transcript = call("我要打给|你单位啊");
    transcript.segments[1].start_s = 4.2;
    assert_eq!(
        seen(&detect(&transcript, &CallFacts::default(), Senses::default(), &rules)),
        "threat.contacts"
    );
    transcript.segments[0].suspicion = Some(Suspicion::Repeat);
    assert_eq!(
        seen(&detect(&transcript, &CallFacts::default(), Senses::default(), &rules)),
        "threat.contacts?"
    );
    transcript.segments[1].suspicion = Some(Suspicion::NoSpeech);
    assert_eq!(
        seen(&detect(&transcript, &CallFacts::default(), Senses::default(), &rules)),
        "threat.contacts-hallucination"
    );
}

#[test]
fn nothing_is_missing_from_speech_that_may_be_noise() {
    let mut transcript = call("U:请问是张先生吗请还款|U:好的好的");
    transcript.segments[0].suspicion = Some(Suspicion::Unsure);
    let detection = detect(&transcript, &CallFacts::default(), Senses::default(), &rules(REQUIRED));
    assert_eq!((seen(&detection).as_str(), detection.not_judged.len()), ("", 2));
}

#[test]
fn words_that_the_recogniser_spelled_otherwise_are_known_by_sound() {
    for (spelled, expected) in [
        (None, Grade::Exact),
        (Some("你不还钱就打给你单位"), Grade::Exact),
        (Some("你不还前就打给你单位"), Grade::Exact),
        (Some("你不还钱就打给你丹位"), Grade::Phonetic),
    ] {
        let mut call = call("你不还钱就打给你单位");
        call.segments[0].spelled = spelled.map(str::to_owned);
        let detection = detect(&call, &CallFacts::default(), Senses::default(), &rules(PACK));
        assert_eq!(detection.findings[0].grade, expected, "{spelled:?}");
    }
}

#[test]
fn the_second_listening_weighs_what_the_first_found() {
    use Tier::{Review, Violation};
    let rules = rules(PACK);
    for (heard, again, tier, heard_again) in [
        ("你不还钱就打给你单位", None, Violation, None),
        ("你不还钱就打给你单位", Some("不还钱就打给你单位"), Violation, Some(true)),
        ("你不还钱就打给你单位", Some("你不还钱就打你那边"), Review, Some(false)),
        ("你不还钱就打给你单位", Some(""), Review, Some(false)),
        ("你不药脸", None, Review, None),
        ("你不药脸", Some("不要脸"), Violation, Some(true)),
        ("你不药脸", Some("不药脸"), Review, Some(true)),
    ] {
        let mut call = call(heard);
        call.segments[0].confidence = Some(0.4);
        let first = detect(&call, &CallFacts::default(), Senses::default(), &rules).findings;
        call.segments[0].heard_again = again.map(str::to_owned);
        let [finding] = &detect(&call, &CallFacts::default(), Senses::default(), &rules).findings[..] else {
            panic!("{heard} {again:?}")
        };
        assert_eq!((finding.tier, finding.heard_again), (tier, heard_again), "{heard} {again:?}");
        let surer = finding.confidence.total_cmp(&first[0].confidence);
        let expected = heard_again
            .map_or(Ordering::Equal, |agrees| if agrees { Ordering::Greater } else { Ordering::Less });
        assert_eq!(surer, expected, "{heard} {again:?}");
    }
}
