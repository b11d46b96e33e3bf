//! The timeline: a lane a speaker with the shape of the sound and the segments, findings as bands with numbered pins.
//!
//! Places along the time are percentages and heights are pixels, so that the drawing fills any width without its
//! letters being stretched.

use std::fmt::Write;

use serde::Serialize;

use crate::domain::{CallReport, Finding, Severity, Speaker, Tier};

use super::super::waveform::PEAKS_PER_S;
use super::super::waveform::Waveform;
use super::super::words;

const LANE_PX: usize = 56;
const LANE_GAP_PX: usize = 8;
const PIN_ROW_PX: usize = 24;
const AXIS_PX: usize = 22;
/// Rows of pins; in a crowd of more they overlap, and the cards below still tell them apart.
const MAX_PIN_ROWS: usize = 4;
/// Closest that two pins of one row stand: the width of a pin on a telephone's screen.
const PIN_WIDTH_PERCENT: f64 = 7.0;
/// Columns of a waveform: more than this no screen shows.
const MAX_COLUMNS: usize = 600;
/// Most labels on the time axis that a telephone's screen has room for.
const MAX_TICKS: f64 = 6.0;
/// Distances in seconds that people count in.
const TICK_STEPS_S: [u32; 11] = [5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];

#[derive(Serialize)]
pub(super) struct Timeline {
    height: usize,
    /// Where the lanes begin and end.
    top: usize,
    bottom: usize,
    lanes: Vec<Lane>,
    pins: Vec<Pin>,
    ticks: Vec<Tick>,
}

#[derive(Serialize)]
struct Lane {
    speaker: Speaker,
    name: &'static str,
    y: usize,
    height: usize,
    wave: Option<Wave>,
    blocks: Vec<Block>,
}

/// A filled outline, `columns` wide and 200 high.
#[derive(Serialize)]
struct Wave {
    columns: usize,
    width: String,
    outline: String,
}

/// A segment.
#[derive(Serialize)]
struct Block {
    /// Place in the transcript.
    index: usize,
    x: String,
    width: String,
    suspicious: bool,
    title: String,
}

/// A finding: a band over the lanes it concerns, and a number above them.
#[derive(Serialize)]
struct Pin {
    number: usize,
    id: String,
    severity: Severity,
    tier: Tier,
    x: String,
    width: String,
    y: usize,
    band_y: usize,
    band_height: usize,
    title: String,
}

#[derive(Serialize)]
struct Tick {
    x: String,
    label: String,
}

impl Timeline {
    /// `None` for a call of no length.
    pub(super) fn new(report: &CallReport, ranks: &[usize], waveforms: &[Waveform]) -> Option<Self> {
        let duration_s = duration_s(report);
        if duration_s <= 0.0 {
            return None;
        }
        let scale = Scale { duration_s };
        let rows = pin_rows(&report.findings, scale);
        let top = rows.iter().flatten().map(|row| (row + 1) * PIN_ROW_PX).max().unwrap_or(0);
        let lanes = lanes(report, waveforms, scale, top);
        let bottom = lanes.last().map_or(top, |lane| lane.y + lane.height);
        let pins = pins(report, ranks, &rows, scale, &lanes);
        Some(Self { height: bottom + AXIS_PX, top, bottom, lanes, pins, ticks: ticks(scale) })
    }
}

/// Seconds to percent of the drawing.
#[derive(Clone, Copy)]
struct Scale {
    duration_s: f64,
}

impl Scale {
    fn percent(self, time_s: f64) -> f64 {
        (time_s / self.duration_s * 100.0).clamp(0.0, 100.0)
    }

    fn place(self, time_s: f64) -> String {
        format!("{:.2}%", self.percent(time_s))
    }

    fn width(self, start_s: f64, end_s: f64) -> String {
        format!("{:.2}%", (self.percent(end_s) - self.percent(start_s)).max(0.0))
    }
}

/// The recording's length, or the end of the last thing known to have happened.
fn duration_s(report: &CallReport) -> f64 {
    let recording = report.recording.as_ref().map(|recording| recording.duration_s);
    let segments = report.transcript.iter().map(|segment| segment.end_s);
    let findings = report.findings.iter().filter_map(|finding| finding.end_s.or(finding.start_s));
    recording.into_iter().chain(segments).chain(findings).fold(0.0, f64::max)
}

fn lanes(report: &CallReport, waveforms: &[Waveform], scale: Scale, top: usize) -> Vec<Lane> {
    let loudest = waveforms.iter().flat_map(|waveform| &waveform.peaks).max().copied().unwrap_or(0).max(1);
    let speakers = [Speaker::Agent, Speaker::Customer, Speaker::Unknown].into_iter().filter(|&speaker| {
        waveforms.iter().any(|waveform| waveform.speaker == speaker)
            || report.transcript.iter().any(|segment| segment.speaker == speaker)
    });
    // Voices told apart in one channel: the sound is of both.
    let is_shared = |speaker| {
        let told = report.transcript.iter().any(|segment| segment.speaker_confidence.is_some());
        told && speaker == Speaker::Unknown && waveforms.iter().any(|waveform| waveform.speaker == speaker)
    };
    let lane = |(row, speaker)| Lane {
        speaker,
        name: if is_shared(speaker) { "录音" } else { words::speaker_zh(speaker) },
        y: top + row * (LANE_PX + LANE_GAP_PX),
        height: LANE_PX,
        wave: waveforms
            .iter()
            .find(|waveform| waveform.speaker == speaker)
            .map(|found| wave(found, loudest, scale)),
        blocks: blocks(report, speaker, scale),
    };
    speakers.enumerate().map(lane).collect()
}

fn blocks(report: &CallReport, speaker: Speaker, scale: Scale) -> Vec<Block> {
    let spoken = report.transcript.iter().enumerate().filter(|(_, segment)| segment.speaker == speaker);
    let block = |(index, segment): (usize, &crate::domain::Segment)| Block {
        index,
        x: scale.place(segment.start_s),
        width: scale.width(segment.start_s, segment.end_s),
        suspicious: segment.suspicion.is_some(),
        title: format!("{} {}", words::clock(segment.start_s), segment.text),
    };
    spoken.map(block).collect()
}

/// The outline of the peaks about the middle of the lane, as high as the loudest moment of the call allows.
fn wave(waveform: &Waveform, loudest: u8, scale: Scale) -> Wave {
    let chunk = waveform.peaks.len().div_ceil(MAX_COLUMNS).max(1);
    let heights: Vec<u32> = waveform
        .peaks
        .chunks(chunk)
        .map(|peaks| u32::from(peaks.iter().max().copied().unwrap_or(0)) * 100 / u32::from(loudest))
        .collect();
    let above = heights.iter().enumerate().map(|(x, height)| (x, 100 - height));
    let below = heights.iter().enumerate().rev().map(|(x, height)| (x, 100 + height));
    let mut outline = String::new();
    for (x, y) in above.chain(below) {
        // Writing to a string cannot fail.
        let _ = write!(outline, "{x},{y} ");
    }
    let end_s = (heights.len() * chunk) as f64 / PEAKS_PER_S as f64;
    Wave { columns: heights.len(), width: scale.width(0.0, end_s), outline: outline.trim_end().to_owned() }
}

/// The row of each finding's pin; none for a finding without a moment.
fn pin_rows(findings: &[Finding], scale: Scale) -> Vec<Option<usize>> {
    let mut by_time: Vec<_> =
        findings.iter().enumerate().filter_map(|(i, f)| Some((f.start_s?, i))).collect();
    by_time.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut rows = vec![None; findings.len()];
    let mut taken_until = [f64::MIN; MAX_PIN_ROWS];
    for (start_s, index) in by_time {
        let x = scale.percent(start_s);
        let row = taken_until.iter().position(|&until| until <= x).unwrap_or(MAX_PIN_ROWS - 1);
        taken_until[row] = x + PIN_WIDTH_PERCENT;
        rows[index] = Some(row);
    }
    rows
}

/// Pins in order of time, which is the order of the keyboard's focus.
fn pins(
    report: &CallReport,
    ranks: &[usize],
    rows: &[Option<usize>],
    scale: Scale,
    lanes: &[Lane],
) -> Vec<Pin> {
    let top = lanes.first().map_or(0, |lane| lane.y);
    let mut found: Vec<_> = report.findings.iter().zip(ranks).zip(rows).collect();
    found.sort_by(|((a, _), _), ((b, _), _)| a.start_s.unwrap_or(0.0).total_cmp(&b.start_s.unwrap_or(0.0)));
    let pin = |((finding, number), row): ((&Finding, &usize), &Option<usize>)| {
        let (start_s, row) = (finding.start_s?, (*row)?);
        let (band_y, band_height) = band(lanes, finding.speaker);
        let when = words::clock(start_s);
        Some(Pin {
            number: *number,
            id: finding.id.clone(),
            severity: finding.severity,
            tier: finding.tier,
            x: scale.place(start_s),
            width: scale.width(start_s, finding.end_s.unwrap_or(start_s)),
            y: top.saturating_sub(row * PIN_ROW_PX + PIN_ROW_PX / 2 + 2),
            band_y,
            band_height,
            title: format!(
                "{when} {}（{}）{}",
                finding.category.name_zh(),
                finding.severity.name_zh(),
                finding.quote
            ),
        })
    };
    found.into_iter().filter_map(pin).collect()
}

/// The speaker's lane, or all lanes for what concerns no one of them.
fn band(lanes: &[Lane], speaker: Speaker) -> (usize, usize) {
    let of_speaker = lanes.iter().find(|lane| lane.speaker == speaker).map(|lane| (lane.y, lane.height));
    let all = || {
        let (first, last) = lanes.first().zip(lanes.last())?;
        Some((first.y, last.y + last.height - first.y))
    };
    of_speaker.or_else(all).unwrap_or((0, 0))
}

fn ticks(scale: Scale) -> Vec<Tick> {
    let fits = |&step: &u32| scale.duration_s / f64::from(step) <= MAX_TICKS;
    let step =
        TICK_STEPS_S.into_iter().find(fits).unwrap_or_else(|| (scale.duration_s / MAX_TICKS) as u32 + 1);
    let count = (scale.duration_s / f64::from(step)) as u32;
    let times = (0..=count).map(|tick| f64::from(tick * step));
    times.map(|time_s| Tick { x: scale.place(time_s), label: words::clock(time_s) }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::sample;
    use super::*;

    fn rows(starts: &[f64]) -> Vec<Option<usize>> {
        let at = |&start: &f64| Finding {
            start_s: Some(start).filter(|start| *start >= 0.0),
            ..sample::finding()
        };
        pin_rows(&starts.iter().map(at).collect::<Vec<_>>(), Scale { duration_s: 100.0 })
    }

    #[test]
    fn pins_that_would_touch_stand_above_each_other() {
        for (starts, expected) in [
            (&[10.0, 20.0][..], vec![Some(0), Some(0)]),
            (&[10.0, 12.0], vec![Some(0), Some(1)]),
            (&[12.0, 10.0], vec![Some(1), Some(0)]),
            (&[5.0, -1.0], vec![Some(0), None]),
            (&[1.0; 6], vec![Some(0), Some(1), Some(2), Some(3), Some(3), Some(3)]),
        ] {
            assert_eq!(rows(starts), expected, "{starts:?}");
        }
    }

    #[test]
    fn ticks_are_round_and_few() {
        for (duration_s, labels) in [
            (4.0, "00:00"),
            (83.6, "00:00 00:15 00:30 00:45 01:00 01:15"),
            (3600.0, "00:00 10:00 20:00 30:00 40:00 50:00 1:00:00"),
        ] {
            let ticks: Vec<_> = ticks(Scale { duration_s }).into_iter().map(|tick| tick.label).collect();
            assert_eq!(ticks.join(" "), labels);
        }
        assert!(ticks(Scale { duration_s: 1e6 }).len() <= 8);
    }

    #[test]
    fn a_wave_is_as_high_as_the_loudest_moment() {
        let waveform = Waveform { speaker: Speaker::Agent, peaks: vec![0, 50, 25] };
        let wave = wave(&waveform, 50, Scale { duration_s: 0.6 });
        assert_eq!((wave.columns, wave.width.as_str()), (3, "50.00%"));
        assert_eq!(wave.outline, "0,100 1,0 2,50 2,150 1,200 0,100");
    }

    #[test]
    fn long_waves_are_thinned_without_losing_peaks() {
        let mut peaks = vec![0; 36_000];
        peaks[17_777] = 9;
        let wave = wave(&Waveform { speaker: Speaker::Agent, peaks }, 9, Scale { duration_s: 3600.0 });
        assert!(wave.columns <= MAX_COLUMNS && wave.outline.contains(",200"));
    }

    #[test]
    fn the_sound_of_voices_told_apart_is_of_both() {
        let both = [Waveform { speaker: Speaker::Unknown, peaks: vec![1; 600] }];
        let names = |report: &CallReport| -> Vec<&str> {
            let timeline = Timeline::new(report, &vec![0; report.findings.len()], &both).unwrap();
            timeline.lanes.iter().map(|lane| lane.name).collect()
        };
        let mut report = sample::violation();
        assert_eq!(names(&report), ["坐席", "客户", "未区分"]);
        report.transcript[0].speaker_confidence = Some(0.97);
        assert_eq!(names(&report), ["坐席", "客户", "录音"]);
    }

    #[test]
    fn a_call_of_no_length_has_none() {
        assert!(Timeline::new(&sample::failed(), &[], &[]).is_none());
    }
}
