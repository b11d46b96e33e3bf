//! Made-up calls for the tests: what a rich report, a poor one and a hostile one look like.

use std::f64::consts::PI;

use crate::domain::{
    Audio, CallError, CallId, CallRecord, CallReport, Category, CheckItem, CheckOutcome, Contact, Direction,
    Finding, GoodConduct, Grade, Judgement, ModelIdentity, Provenance, RecordingInfo, SCHEMA, Scoring,
    ScriptReport, ScriptStep, Segment, Severity, Speaker, StepOutcome, Suppressed, Suppressor, Suspicion,
    Tier, Track, judge,
};

/// A finding to change by struct update.
pub(super) fn finding() -> Finding {
    Finding {
        id: String::new(),
        rule: "threat.visit".into(),
        also: Vec::new(),
        category: Category::Threat,
        severity: Severity::Critical,
        tier: Tier::Violation,
        grade: Grade::Exact,
        confidence: 0.95,
        heard_again: None,
        speaker: Speaker::Agent,
        start_s: Some(14.0),
        end_s: Some(18.4),
        quote: "我们的人就在你家楼下等着".into(),
        meant: String::new(),
        explanation: "以上门围堵相威胁，使人产生恐惧。".into(),
        basis: vec!["《中华人民共和国民法典》 第一千零三十二条（法律，已核对原文）".into()],
        spans: Vec::new(),
        calls: Vec::new(),
    }
}

fn segment(speaker: Speaker, start_s: f64, end_s: f64, text: &str) -> Segment {
    Segment { confidence: Some(0.86), ..Segment::said(speaker, start_s, end_s, text) }
}

/// The span of `words` in a segment of the transcript.
fn span(transcript: &[Segment], index: usize, words: &str) -> (usize, usize, usize) {
    let start = transcript[index].text.find(words).unwrap();
    (index, start, start + words.len())
}

fn provenance() -> Provenance {
    Provenance {
        tool: "callaudit 0.1.0".into(),
        model: Some(ModelIdentity { name: "base-q8_0".into(), sha256: "5f1d".repeat(16) }),
        semantics: None,
        lexicons: "a1b2".repeat(16),
        policies: "c3d4".repeat(16),
        settings: "e5f6".repeat(16),
    }
}

/// A report of these findings, with ids, verdict and score as they follow.
fn report(id: &str, findings: Vec<Finding>, transcript: Vec<Segment>) -> CallReport {
    let call_id = CallId(id.into());
    let findings: Vec<_> = findings.into_iter().map(|finding| finding.identified(&call_id)).collect();
    let Judgement { verdict, score, items } = judge(&findings, &[], &Scoring::default());
    CallReport {
        schema: SCHEMA.into(),
        recording: Some(RecordingInfo {
            path: format!("calls/{id}.wav"),
            sha256: "0123456789abcdef".repeat(4),
            duration_s: 61.238,
            channels: 2,
        }),
        call_id,
        record: None,
        day: None,
        verdict,
        score,
        score_items: items,
        error: None,
        findings,
        suppressed: Vec::new(),
        good_conduct: Vec::new(),
        marks: Vec::new(),
        checklist: Vec::new(),
        script: None,
        not_judged: vec!["timing: no call record".into()],
        measures: None,
        transcript,
        provenance: provenance(),
    }
}

fn conversation() -> Vec<Segment> {
    use Speaker::{Agent, Customer};
    let mut segments = vec![
        segment(Agent, 0.8, 4.9, "您好，请问是王先生吗？我这边是贷款的贷后部门。"),
        segment(Customer, 5.4, 6.6, "我是，你说。"),
        segment(Agent, 7.1, 13.2, "您这笔欠款一万八千六已经预期四十多天了，今天下午五点前必须处理。"),
        segment(Customer, 13.6, 17.0, "我现在真的没有，能不能分期？"),
        segment(Agent, 14.0, 21.5, "没有？那我们的人就在你家楼下等着，你孩子放学的时候自己多留个心眼。"),
        segment(Customer, 22.3, 25.1, "你们不能这样，我要投诉你们。"),
        segment(Agent, 25.6, 33.4, "投诉也没用，再不还钱就是诈骗，金正大队明天就去抓你坐牢。"),
        segment(Customer, 34.2, 39.0, "上次有个人说要砍死我，我都录音了。"),
        segment(Agent, 39.6, 45.2, "我们不会去你单位闹，您放心，还款请走官方渠道。"),
        segment(Customer, 50.0, 58.0, "请不吝点赞 订阅 转发 打赏"),
        segment(Agent, 58.2, 60.9, "那就先这样，再见。"),
    ];
    segments[4].heard_again = Some(segments[4].text.clone());
    segments[6].confidence = Some(0.41);
    segments[6].heard_again = Some("投诉也没用，再不还钱就是诈骗，金正大队明天去找你。".into());
    segments[9].suspicion = Some(Suspicion::Credit);
    segments
}

/// Violations of several kinds, words heard by sound, hits taken back, an invented segment.
pub(super) fn violation() -> CallReport {
    let transcript = conversation();
    let at = |index: usize, words: &str| vec![span(&transcript, index, words)];
    let findings = vec![
        Finding {
            rule: "required.recording_notice".into(),
            category: Category::MissingRecordingNotice,
            severity: Severity::Minor,
            grade: Grade::Absent,
            confidence: 0.7,
            start_s: None,
            end_s: None,
            quote: String::new(),
            meant: "本次通话会录音".into(),
            explanation: "全程没有告知对方通话正在录音。".into(),
            basis: vec!["机构质检要求（机构内部规范，未经核对）".into()],
            ..finding()
        },
        Finding { heard_again: Some(true), spans: at(4, "我们的人就在你家楼下等着"), ..finding() },
        Finding {
            rule: "threat.family".into(),
            category: Category::PrivacyLeak,
            severity: Severity::Major,
            tier: Tier::Review,
            confidence: 0.62,
            heard_again: Some(true),
            start_s: Some(18.412_345),
            end_s: Some(21.5),
            quote: "你孩子放学的时候自己多留个心眼".into(),
            explanation: "以家人安危相暗示，需听录音判断语气。".into(),
            spans: at(4, "你孩子放学的时候自己多留个心眼"),
            ..finding()
        },
        Finding {
            rule: "impersonation.police".into(),
            category: Category::FalseLegalClaim,
            severity: Severity::Major,
            tier: Tier::Review,
            grade: Grade::Phonetic,
            confidence: 0.78,
            heard_again: Some(false),
            start_s: Some(29.1),
            end_s: Some(33.4),
            quote: "金正大队明天就去抓你坐牢".into(),
            meant: "经侦大队".into(),
            explanation: "民事欠款与经侦无关，催收人无权宣称抓捕。".into(),
            basis: vec![
                "《中华人民共和国刑法》 第二百七十九条（法律，已核对原文）".into(),
                "GB/T 45251-2025《互联网金融 个人网络消费信贷 贷后催收风控指引》（推荐性国家标准，据公开报道）".into(),
            ],
            spans: at(6, "金正大队明天就去抓你坐牢"),
            ..finding()
        },
    ];
    let taken_back = |by, reason: &str, index: usize, words: &'static str, speaker| Suppressed {
        finding: Finding {
            quote: words.into(),
            speaker,
            start_s: Some(transcript[index].start_s),
            end_s: Some(transcript[index].end_s),
            spans: at(index, words),
            ..finding()
        },
        by,
        reason: reason.into(),
    };
    let suppressed = vec![
        taken_back(Suppressor::Quotation, "“上次有个人说”：客户转述", 7, "砍死我", Speaker::Customer),
        taken_back(Suppressor::Negation, "“不会”", 8, "去你单位闹", Speaker::Agent),
    ];
    let mut report = report("D001", findings, transcript.clone());
    report.checklist = checklist(&report.findings);
    CallReport {
        record: Some(record()),
        day: Some("2026-03-02".into()),
        suppressed,
        good_conduct: vec![GoodConduct {
            rule: "good_conduct.official_channel".into(),
            title: "指明官方还款渠道".into(),
            points: 2,
            start_s: Some(43.0),
            end_s: Some(45.2),
            speaker: Speaker::Agent,
            quote: "还款请走官方渠道".into(),
        }],
        script: Some(script()),
        ..report
    }
}

/// One line of every kind.
fn checklist(findings: &[Finding]) -> Vec<CheckItem> {
    let line = |rule, title, category| CheckItem::passed(rule, title, category);
    let mut lines = vec![
        line("threat.visit", "扬言上门围堵", Category::Threat).weighed(findings, &[]),
        line("threat.crew", "扬言纠集人员", Category::Threat),
        line("threat.family", "以家人相威胁", Category::PrivacyLeak).weighed(findings, &[]),
        line("insult.words", "辱骂", Category::Insult),
        line("third_party.repay", "要求第三人代还", Category::ThirdParty)
            .with(CheckOutcome::NotApplicable, "不适用于这类通话"),
        line("mainland.hours", "夜间不拨打", Category::OutsideHours)
            .with(CheckOutcome::NotJudged, "no started_at"),
        CheckItem {
            at_s: Some(0.8),
            ..line("good_conduct.polite_opening", "礼貌开场", Category::GoodConduct)
        },
    ];
    for item in &mut lines {
        item.cite(findings);
    }
    lines
}

fn script() -> ScriptReport {
    let step = |step: &str, title: &str, outcome, at_s| ScriptStep {
        step: step.into(),
        title: title.into(),
        required: step != "notice",
        outcome,
        at_s,
        late_after_s: None,
    };
    ScriptReport {
        script: "standard".into(),
        title: "标准催收话术".into(),
        digest: "0a1b".repeat(16),
        followed: false,
        share: 0.67,
        steps: vec![
            step("opening", "开场白", StepOutcome::Done, Some(0.8)),
            step("notice", "录音告知", StepOutcome::Missing, None),
            ScriptStep {
                late_after_s: Some(5.0),
                ..step("amount", "说明金额", StepOutcome::OutOfOrder, Some(7.1))
            },
            step("plan", "协商方案", StepOutcome::NotApplicable, None),
        ],
    }
}

fn record() -> CallRecord {
    CallRecord {
        call_id: Some(CallId("D001".into())),
        started_at: Some("2026-03-02T21:58:10+08:00".into()),
        duration_s: Some(61.0),
        agent_id: Some("A017".into()),
        debtor_id: Some("K-20391".into()),
        contact: Some(Contact::Debtor),
        number: Some("138****5678".into()),
        direction: Some(Direction::Outbound),
        answered: Some(true),
        timezone: Some("Asia/Shanghai".into()),
        product: Some("消费贷".into()),
        ..CallRecord::default()
    }
}

/// One finding that asks for an ear.
pub(super) fn review() -> CallReport {
    let transcript = conversation();
    let finding = Finding {
        category: Category::Insult,
        rule: "insult.word".into(),
        severity: Severity::Major,
        tier: Tier::Review,
        grade: Grade::Phonetic,
        confidence: 0.66,
        quote: "老莱".into(),
        meant: "老赖".into(),
        ..finding()
    };
    report("D002", vec![finding], transcript)
}

/// Nothing to say, from a transcript without a recording.
pub(super) fn clean() -> CallReport {
    let transcript = vec![segment(Speaker::Unknown, 0.5, 3.0, "您好，这里是客服中心。")];
    let mut report = report("D003", Vec::new(), transcript);
    report.recording = None;
    report.provenance.model = None;
    report
}

/// A recording that could not be read.
pub(super) fn failed() -> CallReport {
    let error = CallError::new(
        "calls/D004.wav",
        "the file ends after 12 of 44 header bytes",
        "copy the recording again, or leave it out",
    );
    let mut report = report("D004", Vec::new(), Vec::new());
    (report.recording, report.verdict, report.score) = (None, crate::domain::Verdict::Failed, 0);
    CallReport { error: Some(error), ..report }
}

/// Text that tries to be markup, a formula, a path and a terminal command.
pub(super) fn evil() -> CallReport {
    let script = "</script><script>alert(1)</script>";
    let finding = Finding {
        rule: "\" onmouseover=\"alert(1)".into(),
        quote: "=cmd|' /C calc'!A0".into(),
        meant: script.into(),
        explanation: "<img src=x onerror=alert(1)>\r\n第二行".into(),
        basis: vec!["javascript:alert(1)".into()],
        spans: vec![(0, 1, 5), (0, 4000, 2), (7, 0, 1)],
        ..finding()
    };
    let transcript = vec![segment(Speaker::Agent, 0.0, 2.0, &format!("喂{script}\u{1b}[31m"))];
    let mut report = report("../../x", vec![finding], transcript);
    report.not_judged = vec![script.into()];
    report.suppressed =
        vec![Suppressed { finding: self::finding(), by: Suppressor::Allow, reason: script.into() }];
    report
}

/// Two voices, taking turns as the transcript of [`violation`] does.
pub(super) fn audio() -> Audio {
    let transcript = conversation();
    let track = |speaker: Speaker, pitch_hz: f64| {
        let voiced = |time_s: f64| {
            transcript.iter().any(|s| {
                s.speaker == speaker && s.suspicion.is_none() && (s.start_s..s.end_s).contains(&time_s)
            })
        };
        let sample = |n: u32| {
            let time_s = f64::from(n) / 16_000.0;
            let syllable = (2.0 * PI * 1.7 * time_s).sin().abs() * (0.4 + 0.6 * (0.9 * time_s).sin().powi(2));
            let level = if voiced(time_s) { 9000.0 * syllable } else { 60.0 };
            ((2.0 * PI * pitch_hz * time_s).sin() * level) as i16
        };
        Track { speaker, samples: (0..61 * 16_000).map(sample).collect() }
    };
    Audio { tracks: vec![track(Speaker::Agent, 180.0), track(Speaker::Customer, 140.0)] }
}
