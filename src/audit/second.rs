//! The second listening: where words were found, the sound is heard afresh.

use std::collections::BTreeSet;

use crate::domain::{Audio, Finding, Segment, Speaker};
use crate::transcribe::{ListenError, Listener, Stretch};

/// Segments of one speaker with less than this between them are heard in one go.
const NEAR_S: f64 = 1.0;
/// Longest stretch heard in one go; single segments may be longer.
const LONGEST_S: f64 = 10.0;

/// Writes into the segments that `findings` rest on what is heard there the second time. True where there are any.
pub(super) fn listen_again(
    segments: &mut [Segment],
    findings: &[Finding],
    audio: &Audio,
    listener: &dyn Listener,
) -> Result<bool, ListenError> {
    let (stretches, indices): (Vec<Stretch>, Vec<Vec<usize>>) =
        stretches(segments, findings, audio).into_iter().unzip();
    if stretches.is_empty() {
        return Ok(false);
    }
    for (heard, indices) in listener.listen_again(audio, &stretches)?.iter().zip(indices) {
        write_down(heard, segments, &indices);
    }
    Ok(true)
}

/// What to hear again in no more goes than needed, each with the segments it is about, by index.
fn stretches(segments: &[Segment], findings: &[Finding], audio: &Audio) -> Vec<(Stretch, Vec<usize>)> {
    let by_words = findings.iter().filter(|finding| finding.grade.is_of_words());
    let touched: BTreeSet<usize> =
        by_words.flat_map(|finding| &finding.spans).map(|(index, ..)| *index).collect();
    let mut stretches: Vec<(Stretch, Vec<usize>)> = Vec::new();
    for index in touched {
        let Some(&Segment { speaker, start_s, end_s, .. }) = segments.get(index) else { continue };
        let speaker = channel(audio, speaker);
        let own = stretches.iter_mut().rev().find(|(stretch, _)| stretch.speaker == speaker);
        let fits =
            |stretch: &Stretch| start_s - stretch.end_s < NEAR_S && end_s - stretch.start_s < LONGEST_S;
        match own {
            Some((stretch, indices)) if fits(stretch) => {
                stretch.end_s = stretch.end_s.max(end_s);
                indices.push(index);
            }
            _ => stretches.push((Stretch { speaker, start_s, end_s }, vec![index])),
        }
    }
    stretches
}

/// Whose channel carries what `speaker` says: in a recording of one channel it is nobody's own.
fn channel(audio: &Audio, speaker: Speaker) -> Speaker {
    match &audio.tracks[..] {
        [only] => only.speaker,
        _ => speaker,
    }
}

/// Adds each text `heard` to the one of `indices` that it shares most time with.
fn write_down(heard: &[Segment], segments: &mut [Segment], indices: &[usize]) {
    for &index in indices {
        segments[index].heard_again = Some(String::new());
    }
    for heard in heard {
        let shared_s = |index: &&usize| {
            let segment = &segments[**index];
            heard.end_s.min(segment.end_s) - heard.start_s.max(segment.start_s)
        };
        let nearest = indices.iter().max_by(|a, b| shared_s(a).total_cmp(&shared_s(b)));
        if let Some(text) = nearest.and_then(|&index| segments[index].heard_again.as_mut()) {
            text.push_str(&heard.text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Category, Grade, Severity, Tier, Track};
    use crate::transcribe::Replay;

    fn said(speaker: Speaker, start_s: f64, end_s: f64, text: &str) -> Segment {
        Segment { confidence: Some(0.8), ..Segment::said(speaker, start_s, end_s, text) }
    }

    fn found(indices: &[usize]) -> Finding {
        Finding {
            id: String::new(),
            rule: "threat.visit".to_owned(),
            also: Vec::new(),
            category: Category::Threat,
            severity: Severity::Major,
            tier: Tier::Violation,
            grade: Grade::Exact,
            confidence: 0.9,
            heard_again: None,
            speaker: Speaker::Agent,
            start_s: None,
            end_s: None,
            quote: String::new(),
            meant: String::new(),
            explanation: String::new(),
            basis: Vec::new(),
            spans: indices.iter().map(|&index| (index, 0, 3)).collect(),
            calls: Vec::new(),
        }
    }

    #[test]
    fn what_findings_rest_on_is_heard_again_and_nothing_else() {
        use Speaker::{Agent, Customer};
        let audio = Audio { tracks: vec![Track { speaker: Agent, samples: vec![1] }] };
        let first = [
            said(Agent, 0.0, 2.0, "您好"),
            said(Agent, 2.2, 4.0, "不还前"),
            said(Customer, 3.0, 5.0, "嗯"),
            said(Agent, 4.1, 6.0, "就去你家"),
            said(Agent, 20.0, 22.0, "再见"),
        ];
        let second = vec![
            said(Agent, 0.2, 2.0, "你好"),
            said(Agent, 2.2, 3.0, "不还"),
            said(Agent, 3.0, 3.9, "钱"),
            said(Agent, 3.8, 6.0, "就去你家"),
        ];
        let listener = Replay::default().with_again(&audio, second);
        let mut segments = first.to_vec();
        let any = listen_again(&mut segments, &[found(&[1, 3]), found(&[4])], &audio, &listener).unwrap();
        let again: Vec<Option<&str>> =
            segments.iter().map(|segment| segment.heard_again.as_deref()).collect();
        assert!(any);
        assert_eq!(again, [None, Some("不还钱"), None, Some("就去你家"), Some("")]);
        assert!(!listen_again(&mut segments, &[], &audio, &listener).unwrap());
    }

    #[test]
    fn near_segments_of_one_channel_are_heard_in_one_go() {
        use Speaker::{Agent, Customer, Unknown};
        let segments = [
            said(Agent, 0.0, 4.0, ""),
            said(Customer, 1.0, 2.0, ""),
            said(Agent, 4.5, 9.0, ""),
            said(Agent, 9.1, 12.0, ""),
            said(Agent, 20.0, 21.0, ""),
        ];
        let track = |speaker| Track { speaker, samples: vec![1] };
        let goes = |tracks: &[Speaker]| -> Vec<(Speaker, Vec<usize>)> {
            let audio = Audio { tracks: tracks.iter().copied().map(track).collect() };
            let stretches = stretches(&segments, &[found(&[0, 1, 2, 3, 4])], &audio);
            stretches.into_iter().map(|(stretch, indices)| (stretch.speaker, indices)).collect()
        };
        let apart = [(Agent, vec![0, 2]), (Customer, vec![1]), (Agent, vec![3]), (Agent, vec![4])];
        assert_eq!(goes(&[Agent, Customer]), apart);
        assert_eq!(goes(&[Unknown]), [(Unknown, vec![0, 1, 2]), (Unknown, vec![3]), (Unknown, vec![4])]);
    }
}
