//! Points, caps, red lines, and what must hold whatever the findings are.

use proptest::prelude::*;

use super::*;
use crate::domain::{Grade, Speaker};

fn finding(rule: &str, category: Category, severity: Severity, tier: Tier) -> Finding {
    Finding {
        id: String::new(),
        rule: rule.to_owned(),
        also: Vec::new(),
        category,
        severity,
        tier,
        grade: Grade::Exact,
        confidence: 0.9,
        heard_again: None,
        speaker: Speaker::Agent,
        start_s: Some(1.0),
        end_s: Some(2.0),
        quote: String::new(),
        meant: String::new(),
        explanation: String::new(),
        basis: Vec::new(),
        spans: Vec::new(),
        calls: Vec::new(),
    }
}

fn threat(severity: Severity, tier: Tier) -> Finding {
    finding("threat.crew", Category::Threat, severity, tier)
}

fn insult(rule: &str) -> Finding {
    finding(rule, Category::Insult, Severity::Major, Tier::Violation)
}

fn good(points: u32) -> GoodConduct {
    GoodConduct {
        rule: "good_conduct.empathy".to_owned(),
        title: "表示理解".to_owned(),
        points,
        start_s: None,
        end_s: None,
        speaker: Speaker::Agent,
        quote: String::new(),
    }
}

fn capped() -> Scoring {
    Scoring {
        caps: [("insult.words".to_owned(), 25), ("insult".to_owned(), 50)].into(),
        rule_cap: Some(60),
        category_cap: Some(70),
        good_cap: 10,
        fatal: ["critical".to_owned(), "impersonation".to_owned(), "insult.beast".to_owned()].into(),
        ..Scoring::default()
    }
}

#[test]
fn findings_cost_by_severity_and_tier() {
    use Severity::{Critical, Info, Major, Minor};
    use Tier::{Review, Violation};
    for (findings, verdict, score) in [
        (vec![], Verdict::Clean, 100),
        (vec![threat(Info, Violation)], Verdict::Clean, 100),
        (vec![threat(Minor, Review)], Verdict::Review, 98),
        (vec![threat(Minor, Violation)], Verdict::Violation, 92),
        (vec![threat(Critical, Violation), threat(Major, Review)], Verdict::Violation, 55),
        (vec![threat(Critical, Violation); 3], Verdict::Violation, 0),
    ] {
        let judgement = judge(&findings, &[], &Scoring::default());
        assert_eq!((judgement.verdict, judgement.score), (verdict, score), "{findings:?}");
    }
}

#[test]
fn caps_red_lines_and_thresholds() {
    let minor = threat(Severity::Minor, Tier::Violation);
    for (scoring, findings, verdict, score) in [
        (capped(), vec![insult("insult.words"); 3], Verdict::Violation, 75),
        (capped(), vec![insult("insult.a"), insult("insult.b"), insult("insult.c")], Verdict::Violation, 50),
        (capped(), vec![insult("insult.beast")], Verdict::Violation, 0),
        (capped(), vec![threat(Severity::Critical, Tier::Violation)], Verdict::Violation, 0),
        (capped(), vec![threat(Severity::Critical, Tier::Review)], Verdict::Review, 90),
        (Scoring { violation_from: Severity::Major, ..capped() }, vec![minor.clone()], Verdict::Review, 92),
        (
            Scoring { violation_from: Severity::Major, review_from: Severity::Major, ..capped() },
            vec![minor.clone()],
            Verdict::Clean,
            92,
        ),
        (
            Scoring {
                violation_from: Severity::Major,
                review_from: Severity::Major,
                review_below: 95,
                ..capped()
            },
            vec![minor],
            Verdict::Review,
            92,
        ),
    ] {
        let judgement = judge(&findings, &[], &scoring);
        assert_eq!((judgement.verdict, judgement.score), (verdict, score), "{findings:?}");
    }
}

#[test]
fn good_conduct_gives_back_little() {
    let minor = [threat(Severity::Minor, Tier::Violation)];
    let major = [threat(Severity::Major, Tier::Violation)];
    for (findings, points, score) in [
        (&[][..], vec![5], 100),
        (&minor, vec![3], 95),
        (&minor, vec![3, 3, 3], 96),
        (&major, vec![6, 6], 90),
        (&major, vec![], 80),
    ] {
        let good: Vec<_> = points.iter().map(|points| good(*points)).collect();
        assert_eq!(judge(findings, &good, &capped()).score, score, "{points:?}");
    }
}

#[test]
fn the_account_reads_like_a_bill() {
    let findings = [
        insult("insult.words"),
        insult("insult.words"),
        threat(Severity::Critical, Tier::Violation),
        threat(Severity::Major, Tier::Review),
    ];
    let judgement = judge(&findings, &[good(4)], &capped());
    let bill: Vec<String> = judgement
        .items
        .iter()
        .map(|item| format!("{} | {} | {}", item.item, item.note, item.points))
        .collect();
    insta::assert_snapshot!(bill.join("\n"), @r"
    威胁恐吓 | 违规 1 项，待复核 1 项 | -45
    侮辱辱骂 | 违规 2 项，封顶前 40 分 | -25
    良好行为 | 表示理解 | 4
    红线一票否决 | 威胁恐吓 | -34
    ");
}

fn any_finding() -> impl Strategy<Value = Finding> {
    let severities = [Severity::Info, Severity::Minor, Severity::Major, Severity::Critical];
    let rules = ["insult.words", "insult.beast", "threat.crew", "impersonation.police", "a.b"];
    let tier = prop_oneof![Just(Tier::Violation), Just(Tier::Review)];
    let category = prop::sample::select(Category::ALL.to_vec());
    (prop::sample::select(rules.to_vec()), category, prop::sample::select(severities.to_vec()), tier)
        .prop_map(|(rule, category, severity, tier)| finding(rule, category, severity, tier))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_further_finding_never_helps(
        findings in prop::collection::vec(any_finding(), 0..12),
        more in any_finding(),
        points in prop::collection::vec(0_u32..9, 0..4),
    ) {
        let good: Vec<_> = points.into_iter().map(good).collect();
        let before = judge(&findings, &good, &capped());
        let mut worse = findings;
        worse.push(more);
        let after = judge(&worse, &good, &capped());
        prop_assert!(after.score <= before.score && after.verdict >= before.verdict);
    }

    #[test]
    fn a_red_line_is_the_end(findings in prop::collection::vec(any_finding(), 0..12)) {
        let scoring = capped();
        let mut crossed = findings;
        crossed.push(insult("insult.beast"));
        let judgement = judge(&crossed, &[good(9)], &scoring);
        prop_assert_eq!((judgement.score, judgement.verdict), (0, Verdict::Violation));
    }

    #[test]
    fn order_does_not_matter(findings in prop::collection::vec(any_finding(), 0..8).prop_shuffle()) {
        let mut sorted = findings.clone();
        sorted.sort_by(|a, b| (&a.rule, a.category, a.severity).cmp(&(&b.rule, b.category, b.severity)));
        prop_assert_eq!(judge(&findings, &[good(3)], &capped()), judge(&sorted, &[good(3)], &capped()));
    }

    #[test]
    fn the_account_adds_up(findings in prop::collection::vec(any_finding(), 0..12)) {
        let judgement = judge(&findings, &[good(3)], &capped());
        let sum: i32 = judgement.items.iter().map(|item| item.points).sum();
        prop_assert_eq!(100 + sum, i32::from(judgement.score));
    }
}
