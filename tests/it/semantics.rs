//! Meanings with the real encoder. Says when it was skipped for want of weights.

use std::fs;

use callaudit::domain::{Grade, Tier};
use callaudit::semantics::encoder::Encoder;
use half::f16;

use crate::support::{callaudit, encoder_or_skip, reports, root, run};

/// The vectors that the package's own engine gives for 200 sentences, some of them odd.
#[test]
fn vectors_are_those_of_the_models_own_engine() {
    let Some(path) = encoder_or_skip("vectors_are_those_of_the_models_own_engine") else { return };
    let sentences = fs::read_to_string(root().join("tests/fixtures/sentences.txt")).unwrap();
    let sentences: Vec<&str> = sentences.lines().collect();
    let expected = fs::read(root().join("tests/fixtures/sentences.f16")).unwrap();
    let number = |bytes: &[u8]| f16::from_le_bytes([bytes[0], bytes[1]]).to_f32();
    let expected: Vec<f32> = expected.chunks_exact(2).map(number).collect();
    let vectors = Encoder::open(&path).unwrap().encode(&sentences).unwrap();
    assert_eq!((sentences.len(), expected.len()), (200, 200 * 384));
    for ((sentence, vector), expected) in sentences.iter().zip(&vectors).zip(expected.chunks(384)) {
        let cosine: f32 = vector.last_layer().iter().zip(expected).map(|(a, b)| a * b).sum();
        assert!(cosine >= 0.99, "{cosine}: {sentence}");
    }
}

const CALL: &str = r#"{"call_id":"V1","segments":[
{"speaker":"agent","start_s":0.5,"end_s":4.0,"text":"您好，这里是华兴银行信用卡中心，工号三零六，通话有录音。"},
{"speaker":"customer","start_s":4.5,"end_s":6.0,"text":"什么事？"},
{"speaker":"agent","start_s":6.5,"end_s":11.0,"text":"你去问客服，他们一查，我给你申请的这个价就作废了，亏的是你自己。"},
{"speaker":"customer","start_s":11.5,"end_s":16.0,"text":"你去问客服，他们一查，我给你申请的这个价就作废了，亏的是你自己。"}]}"#;

#[test]
fn what_no_rule_has_words_for_is_found_by_its_meaning_and_explained_by_examples() {
    if encoder_or_skip("what_no_rule_has_words_for_is_found_by_its_meaning_and_explained_by_examples")
        .is_none()
    {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let call = folder.path().join("call.jsonl");
    fs::write(&call, CALL.replace('\n', "")).unwrap();
    let audit = |out: &str, semantic: bool| {
        let out = folder.path().join(out);
        let mut command = callaudit();
        command.arg("audit").arg(&call).arg("--out").arg(&out).args(["--format", "jsonl"]);
        if semantic {
            command.env_remove("CALLAUDIT_NO_SEMANTIC");
        }
        run(&mut command);
        reports(&out).remove("V1").unwrap()
    };
    let with = audit("with", true);
    let by_meaning: Vec<_> =
        with.findings.iter().filter(|finding| finding.grade == Grade::Semantic).collect();
    let [finding] = by_meaning[..] else { panic!("{:#?}", with.findings) };
    assert_eq!((finding.rule.as_str(), finding.start_s), ("complaint_obstruction.meaning", Some(6.5)));
    assert!(!finding.meant.is_empty() && finding.meant != finding.quote, "{}", finding.meant);
    assert!(finding.tier >= Tier::Review);
    assert!(with.provenance.semantics.is_some());

    let without = audit("without", false);
    assert!(without.findings.iter().all(|finding| finding.grade != Grade::Semantic));
    assert!(
        without.not_judged.iter().any(|line| line.starts_with("semantics: ")),
        "{:?}",
        without.not_judged
    );
}
