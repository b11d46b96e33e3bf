//! How far reviewers agree who judged the same findings.

use std::collections::BTreeMap;

use crate::store::SecondOpinion;

/// What findings judged by several people come to.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Agreement {
    /// Findings judged by two people or more.
    pub findings: u64,
    /// Those on which all agree.
    pub agreed: u64,
    /// Krippendorff's alpha for two values: 1 all agree, 0 as by chance; absent where nobody ever said the other.
    pub alpha: Option<f64>,
}

/// Reckons from the last word of each reviewer on each finding that several judged.
#[must_use]
pub fn agreement(opinions: &[SecondOpinion]) -> Agreement {
    let mut findings: BTreeMap<(i64, &str), (u64, u64)> = BTreeMap::new();
    for opinion in opinions {
        let counts = findings.entry((opinion.call, &opinion.finding_id)).or_default();
        if opinion.is_confirmed { counts.0 += 1 } else { counts.1 += 1 }
    }
    findings.retain(|_, (confirmed, rejected)| *confirmed + *rejected > 1);
    let agreed = findings.values().filter(|(confirmed, rejected)| *confirmed == 0 || *rejected == 0).count();
    Agreement { findings: findings.len() as u64, agreed: agreed as u64, alpha: alpha(findings.values()) }
}

/// Krippendorff, Content Analysis (2004), chapter 11: 1 less the observed disagreement over the expected one, every pair
/// of judgements within a finding weighing 1 over their number less 1.
fn alpha<'a>(findings: impl Iterator<Item = &'a (u64, u64)>) -> Option<f64> {
    let (mut observed, mut all_confirmed, mut all_rejected) = (0.0, 0.0, 0.0);
    for &(confirmed, rejected) in findings {
        let (confirmed, rejected) = (confirmed as f64, rejected as f64);
        observed += 2.0 * confirmed * rejected / (confirmed + rejected - 1.0);
        all_confirmed += confirmed;
        all_rejected += rejected;
    }
    let all: f64 = all_confirmed + all_rejected;
    let expected = 2.0 * all_confirmed * all_rejected / (all - 1.0);
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judgements as letters, one word a finding: `c` confirmed, `r` rejected.
    fn of(words: &str) -> Agreement {
        let mut opinions = Vec::new();
        for (call, word) in (0..).zip(words.split(' ')) {
            for letter in word.chars() {
                let finding_id = "f".to_owned();
                opinions.push(SecondOpinion { call, finding_id, is_confirmed: letter == 'c' });
            }
        }
        agreement(&opinions)
    }

    #[test]
    fn agreement_beyond_chance() {
        // Ten findings, two observers: Krippendorff's own example of binary data, alpha 0.095.
        let example = of("cr cc cr rr rr cr rr rr cr rr");
        assert!((example.alpha.unwrap() - 0.095).abs() < 0.001, "{example:?}");
        for (words, findings, agreed, alpha) in [
            ("cc rr cc", 3, 3, Some(1.0)),
            ("cc cc", 2, 2, None),
            ("c r", 0, 0, None),
            ("cr cr", 2, 0, Some(-0.5)),
            ("ccr rr c", 2, 1, Some(0.333_333_333_333_333_3)),
        ] {
            let found = of(words);
            assert_eq!((found.findings, found.agreed), (findings, agreed), "{words}");
            assert_eq!(
                found.alpha.map(|alpha| (alpha * 1e9).round()),
                alpha.map(|alpha: f64| (alpha * 1e9).round()),
                "{words}"
            );
        }
    }
}
