//! One call from its file to its page.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::mask::mask;
use super::mute::muted;
use super::second::listen_again;
use crate::acoustics::levels;
use crate::detect::{CallFacts, Detection, Senses, detect, follow};
use crate::domain::{
    Audio, CallError, CallId, CallReport, Judgement, Provenance, RecordingInfo, SCHEMA, Segment, Speaker,
    Suppressed, Transcript, Understanding, Verdict, judge,
};
use crate::ingest::{CallInput, DecodeOptions, Decoded, Source, decode};
use crate::lexicon::{RuleSet, Script, turns_by_speaker};
use crate::report::{CallPage, clips, waveforms};
use crate::speakers::Speakers;
use crate::timing::{self, Policy, TimingOutcome};
use crate::transcribe::{ListenError, Listener};

/// A call to audit, with what its record alone has told already.
pub struct Job {
    pub input: CallInput,
    /// Absent when there is no call record.
    pub timing: Option<TimingOutcome>,
}

/// Made for the first recording that needs it.
static SPEAKERS: LazyLock<Speakers> = LazyLock::new(|| Speakers::new(turns_by_speaker()));

/// What all calls of a run share.
pub struct Auditor<'a> {
    /// Absent when every input is a transcript.
    pub listener: Option<&'a dyn Listener>,
    pub rules: &'a RuleSet,
    /// What tells the meaning of utterances, or why nothing does.
    pub understanding: Result<&'a dyn Understanding, String>,
    /// Whose limits the checklist shows.
    pub policies: &'a [Policy],
    /// What calls are held against, if anything.
    pub script: Option<&'a Script>,
    pub decode: DecodeOptions,
    /// Leave personal data unmasked.
    pub reveal: bool,
    pub provenance: Provenance,
}

/// What was heard: the words, and the sound they came from where there is one.
struct Heard {
    segments: Vec<Segment>,
    sound: Option<(Audio, RecordingInfo)>,
}

impl Auditor<'_> {
    /// Audits one call. Whatever goes wrong becomes a report with verdict `failed`, its error and its timing findings.
    pub fn audit(&self, job: Job) -> CallPage {
        match guarded(job.input.source.path(), || self.hear(&job.input.source)) {
            Ok(heard) => self.page(job, heard),
            Err(error) => self.failed(job, error),
        }
    }

    fn hear(&self, source: &Source) -> Result<Heard, CallError> {
        match source {
            Source::Transcript { transcript, .. } => {
                Ok(Heard { segments: transcript.segments.clone(), sound: None })
            }
            Source::Recording(path) => {
                let Decoded { audio, info } = decode(path, &self.decode)?;
                Ok(Heard { segments: self.listen(path, &audio)?, sound: Some((audio, info)) })
            }
        }
    }

    fn listen(&self, path: &Path, audio: &Audio) -> Result<Vec<Segment>, CallError> {
        let segments = self.listener(path)?.listen(audio).map_err(|error| unheard(path, &error))?;
        Ok(match &audio.tracks[..] {
            [both] if both.speaker == Speaker::Unknown => SPEAKERS.tell(both, segments),
            _ => segments,
        })
    }

    /// True where anything was heard a second time.
    fn listen_again(
        &self,
        path: &Path,
        audio: &Audio,
        transcript: &mut Transcript,
        detection: &Detection,
    ) -> Result<bool, CallError> {
        let listener = self.listener(path)?;
        guarded(path, || {
            listen_again(&mut transcript.segments, &detection.findings, audio, listener)
                .map_err(|error| unheard(path, &error))
        })
    }

    fn listener(&self, path: &Path) -> Result<&dyn Listener, CallError> {
        self.listener.ok_or_else(|| {
            CallError::new(path, "no speech model is loaded", "fetch one: callaudit model fetch base")
        })
    }

    fn page(&self, job: Job, heard: Heard) -> CallPage {
        let mut transcript = Transcript { call_id: job.input.id.clone(), segments: heard.segments };
        let levels = heard.sound.as_ref().map(|(audio, _)| levels(audio));
        let facts = facts(&job);
        let senses =
            Senses { sound: levels.as_ref(), understanding: self.understanding.as_ref().ok().copied() };
        let mut detection = detect(&transcript, &facts, senses, self.rules);
        if let Some((audio, recording)) = &heard.sound {
            match self.listen_again(Path::new(&recording.path), audio, &mut transcript, &detection) {
                Ok(false) => {}
                Ok(true) => detection = detect(&transcript, &facts, senses, self.rules),
                Err(error) => return self.failed(job, error),
            }
        }
        detection.not_judged.extend(self.understanding.as_ref().err().map(|why| format!("semantics: {why}")));
        let script = self.script.map(|script| follow(&transcript, &facts, script));
        if script == Some(None) {
            detection.not_judged.push("script: 通话中没有坐席语音".to_owned());
        }
        let muted = if self.reveal { Vec::new() } else { muted(&transcript.segments) };
        let mut report = self.report(job, detection, transcript.segments);
        report.script = script.flatten();
        let Some((audio, recording)) = heard.sound else { return CallPage::silent(report) };
        let path = recording.path.clone();
        report.recording = Some(recording);
        match clips(&audio, &report.findings, &muted) {
            Ok(clips) => CallPage { report, clips, waveforms: waveforms(&audio) },
            Err(error) => {
                CallPage::silent(fail(report, CallError::new(path, error.to_string(), "audit it again")))
            }
        }
    }

    fn failed(&self, job: Job, error: CallError) -> CallPage {
        CallPage::silent(fail(self.report(job, Detection::default(), Vec::new()), error))
    }

    fn report(&self, job: Job, detection: Detection, transcript: Vec<Segment>) -> CallReport {
        let Detection {
            mut findings,
            suppressed,
            mut not_judged,
            good_conduct,
            marks,
            mut checklist,
            conduct,
            ..
        } = detection;
        checklist.extend(timing::checklist(self.policies, job.input.record.as_ref(), job.timing.as_ref()));
        match job.timing {
            Some(timing) => {
                findings.extend(timing.findings);
                not_judged.extend(timing.not_judged);
            }
            None => not_judged.push("timing: no call record".to_owned()),
        }
        let call_id = job.input.id;
        let Judgement { verdict, score, items } = judge(&findings, &good_conduct, self.rules.scoring());
        let mut report = CallReport {
            schema: SCHEMA.to_owned(),
            recording: None,
            record: job.input.record,
            verdict,
            score,
            score_items: items,
            error: None,
            findings: findings.into_iter().map(|finding| finding.identified(&call_id)).collect(),
            suppressed: suppressed.into_iter().map(|hit| identified(hit, &call_id)).collect(),
            good_conduct,
            marks,
            checklist,
            script: None,
            not_judged,
            measures: (!transcript.is_empty()).then_some(conduct.measures),
            transcript,
            provenance: self.provenance.clone(),
            call_id,
        };
        report.checklist.iter_mut().for_each(|item| item.cite(&report.findings));
        if !self.reveal {
            mask(&mut report);
        }
        report
    }
}

/// Runs `work` on the recording at `path`. Decoders and the recogniser are other people's code on foreign bytes: a panic
/// in one may cost one call, not the night.
fn guarded<T>(path: &Path, work: impl FnOnce() -> Result<T, CallError>) -> Result<T, CallError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(internal_error(path.to_owned())))
}

fn unheard(path: &Path, error: &ListenError) -> CallError {
    CallError::new(path, error.to_string(), error.hint())
}

fn fail(report: CallReport, error: CallError) -> CallReport {
    CallReport { verdict: Verdict::Failed, score: 0, error: Some(error), ..report }
}

/// What detection may know of the call: all of it from the call record.
fn facts(job: &Job) -> CallFacts {
    let record = job.input.record.as_ref();
    CallFacts {
        contact: record.and_then(|record| record.contact),
        product: record.and_then(|record| record.product.clone()),
        direction: record.and_then(|record| record.direction),
        date: job.timing.as_ref().and_then(|timing| timing.local_date.clone()),
    }
}

fn identified(suppressed: Suppressed, call_id: &CallId) -> Suppressed {
    Suppressed { finding: suppressed.finding.identified(call_id), ..suppressed }
}

fn internal_error(path: PathBuf) -> CallError {
    CallError::new(
        path,
        "the program failed inside on this recording",
        "the other calls are not affected; please report this with the recording's format",
    )
}
