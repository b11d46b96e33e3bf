//! The transcript with the words of findings marked.

use serde::Serialize;

use crate::domain::{CallReport, Finding, Segment, Severity, Speaker};

use super::super::words;

/// Below this the recogniser itself was not sure.
const LOW_CONFIDENCE: f64 = 0.5;

#[derive(Serialize)]
pub(super) struct TurnView {
    speaker: Speaker,
    speaker_name: &'static str,
    /// How sure it is who speaks, where voices had to be told apart.
    told_by_voice: Option<String>,
    when: String,
    start_s: f64,
    end_s: f64,
    /// Why the text may never have been said.
    suspicion: Option<&'static str>,
    unsure: bool,
    /// What the second listening heard, where it heard otherwise.
    heard_again: Option<String>,
    pieces: Vec<Piece>,
}

/// A run of text that the same hits cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
struct Piece {
    text: String,
    /// The gravest hit over it.
    hit: Option<Mark>,
    /// Numbers of the findings whose words end here.
    ends: Vec<usize>,
}

/// How a piece is marked and where the mark leads.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Mark {
    Finding { id: String, severity: Severity, title: String },
    Suppressed { number: usize, title: String },
}

/// A hit within one segment, in bytes of its text.
struct Hit {
    start: usize,
    end: usize,
    /// Number of the finding; suppressed hits have none and give way to those that do.
    rank: Option<usize>,
    mark: Mark,
}

/// Every segment, cut where a hit begins or ends.
pub(super) fn turns(report: &CallReport, ranks: &[usize]) -> Vec<TurnView> {
    report.transcript.iter().enumerate().map(|(index, segment)| turn(report, ranks, index, segment)).collect()
}

fn turn(report: &CallReport, ranks: &[usize], index: usize, segment: &Segment) -> TurnView {
    TurnView {
        speaker: segment.speaker,
        speaker_name: words::speaker_zh(segment.speaker),
        told_by_voice: segment.speaker_confidence.map(words::told_by_voice_zh),
        when: words::clock(segment.start_s),
        start_s: segment.start_s,
        end_s: segment.end_s,
        suspicion: segment.suspicion.map(words::suspicion_zh),
        unsure: segment.confidence.is_some_and(|confidence| confidence < LOW_CONFIDENCE),
        heard_again: heard_otherwise(segment),
        pieces: pieces(&segment.text, &hits(report, ranks, index, &segment.text)),
    }
}

fn heard_otherwise(segment: &Segment) -> Option<String> {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    segment.heard_again.clone().filter(|again| letters(again) != letters(&segment.text))
}

/// The hits in a segment, the gravest first.
fn hits(report: &CallReport, ranks: &[usize], segment: usize, text: &str) -> Vec<Hit> {
    let found = report.findings.iter().zip(ranks).flat_map(|(finding, &rank)| {
        let title = format!("{}（{}）", finding.category.name_zh(), finding.severity.name_zh());
        let mark = Mark::Finding { id: finding.id.clone(), severity: finding.severity, title };
        within(finding, segment, text).map(move |(start, end)| Hit {
            start,
            end,
            rank: Some(rank),
            mark: mark.clone(),
        })
    });
    let spared = report.suppressed.iter().zip(1..).flat_map(|(suppressed, number)| {
        let title =
            format!("已排除：{}（{}）", suppressed.finding.category.name_zh(), suppressed.by.name_zh());
        let mark = Mark::Suppressed { number, title };
        within(&suppressed.finding, segment, text).map(move |(start, end)| Hit {
            start,
            end,
            rank: None,
            mark: mark.clone(),
        })
    });
    let mut hits: Vec<_> = found.chain(spared).collect();
    hits.sort_by_key(|hit| hit.rank.unwrap_or(usize::MAX));
    hits
}

/// The finding's spans in a segment, moved outwards to whole characters and kept within the text.
fn within(finding: &Finding, segment: usize, text: &str) -> impl Iterator<Item = (usize, usize)> {
    let spans = finding.spans.iter().filter(move |span| span.0 == segment);
    spans.map(|&(_, start, end)| (floor(text, start), ceil(text, end))).filter(|(start, end)| start < end)
}

fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len())).rev().find(|&byte| text.is_char_boundary(byte)).unwrap_or(0)
}

fn ceil(text: &str, byte: usize) -> usize {
    (byte.min(text.len())..=text.len()).find(|&byte| text.is_char_boundary(byte)).unwrap_or(text.len())
}

fn pieces(text: &str, hits: &[Hit]) -> Vec<Piece> {
    let mut cuts: Vec<usize> = hits.iter().flat_map(|hit| [hit.start, hit.end]).collect();
    cuts.extend([0, text.len()]);
    cuts.sort_unstable();
    cuts.dedup();
    cuts.windows(2).map(|cut| piece(text, cut[0], cut[1], hits)).collect()
}

fn piece(text: &str, start: usize, end: usize, hits: &[Hit]) -> Piece {
    let gravest = hits.iter().find(|hit| hit.start <= start && end <= hit.end);
    let ends = hits.iter().filter(|hit| hit.end == end).filter_map(|hit| hit.rank);
    Piece {
        text: text[start..end].to_owned(),
        hit: gravest.map(|hit| hit.mark.clone()),
        ends: ends.collect(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::super::sample;
    use super::*;

    fn hit(start: usize, end: usize, rank: Option<usize>) -> Hit {
        Hit { start, end, rank, mark: Mark::Suppressed { number: rank.unwrap_or(0), title: String::new() } }
    }

    /// `[text]` marked, `{…}` the gravest hit's number, `^n` where a finding ends.
    fn shown(text: &str, hits: &[Hit]) -> String {
        let shown = pieces(text, hits).into_iter().map(|piece| {
            let ends = piece.ends.iter().fold(String::new(), |ends, number| format!("{ends}^{number}"));
            match piece.hit {
                Some(Mark::Suppressed { number, .. }) => format!("[{}{{{number}}}{ends}]", piece.text),
                _ => piece.text,
            }
        });
        shown.collect()
    }

    #[test]
    fn words_are_marked_and_overlaps_go_to_the_graver() {
        for (hits, text) in [
            (vec![], "今天必须还"),
            (vec![hit(0, 15, Some(1))], "[今天必须还{1}^1]"),
            (vec![hit(6, 12, Some(1))], "今天[必须{1}^1]还"),
            (vec![hit(3, 9, Some(1)), hit(6, 12, Some(2))], "今[天{1}][必{1}^1][须{2}^2]还"),
            (vec![hit(6, 12, Some(1)), hit(0, 15, None)], "[今天{0}][必须{1}^1][还{0}]"),
        ] {
            assert_eq!(shown("今天必须还", &hits), text);
        }
    }

    #[test]
    fn spans_off_the_text_are_drawn_in() {
        let finding =
            Finding { spans: vec![(0, 1, 4), (0, 9, 99), (0, 99, 3), (1, 0, 3)], ..sample::finding() };
        assert_eq!(within(&finding, 0, "今天必须").collect::<Vec<_>>(), [(0, 6), (9, 12)]);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_text_is_lost(text in ".{0,20}", spans in proptest::collection::vec((0..2_usize, 0..90_usize, 0..90_usize), 0..5)) {
            let finding = Finding { spans, ..sample::finding() };
            let hits: Vec<_> = within(&finding, 0, &text).map(|(start, end)| hit(start, end, Some(1))).collect();
            let joined: String = pieces(&text, &hits).into_iter().map(|piece| piece.text).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
