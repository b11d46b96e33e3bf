//! One call from its file to its page.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use super::second::listen_again;
use crate::acoustics::levels;
use crate::detect::{CallFacts, Detection, Senses, detect, follow};
use crate::domain::{
    Audio, CallError, CallId, CallRecord, CallReport, Judgement, Levels, Provenance, RecordingInfo, SCHEMA,
    Segment, Speaker, Suppressed, Transcript, Understanding, Verdict, judge,
};
use crate::ingest::{CallInput, DecodeOptions, Decoded, Source, decode};
use crate::lexicon::{RuleSet, Script, turns_by_speaker};
use crate::report::{CallPage, clips, waveforms};
use crate::speakers::Speakers;
use crate::text::{mask_report, muted};
use crate::timing::{self, Policy, TimingOutcome};
use crate::transcribe::{ListenError, Listener};

/// A call to audit, with what its record alone has told already.
pub struct Job {
    pub input: CallInput,
    /// Absent when there is no call record.
    pub timing: Option<TimingOutcome>,
}

/// What is known of a call before anybody listens.
struct Known {
    id: CallId,
    record: Option<CallRecord>,
    timing: Option<TimingOutcome>,
}

impl From<Job> for Known {
    fn from(job: Job) -> Self {
        Self { id: job.input.id, record: job.input.record, timing: job.timing }
    }
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
    /// Make what pages need: the sound of findings.
    pub clips: bool,
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
            Ok(heard) => self.page(job.into(), heard),
            Err(error) => self.failed(job.into(), error),
        }
    }

    /// Audits a call again from the report and the loudness that were kept: without listening, by the rules of today.
    ///
    /// Where it was listened a second time is kept; what today's rules find elsewhere was heard once. `earlier` must not
    /// be masked.
    #[must_use]
    pub fn audit_again(
        &self,
        earlier: CallReport,
        levels: Option<&Levels>,
        timing: Option<TimingOutcome>,
        record: Option<CallRecord>,
    ) -> CallReport {
        let transcript = Transcript { call_id: earlier.call_id.clone(), segments: earlier.transcript };
        let known = Known { id: earlier.call_id, record, timing };
        let detection = self.detect(&transcript, &known, levels);
        let mut report = self.told(known, detection, transcript);
        report.recording = earlier.recording;
        report.provenance.model = earlier.provenance.model;
        report
    }

    /// The report of a call of which the record alone is known.
    #[must_use]
    pub fn by_record(&self, id: CallId, record: CallRecord, timing: TimingOutcome) -> CallReport {
        let known = Known { id, record: Some(record), timing: Some(timing) };
        let mut report = self.report(known, Detection::default(), Vec::new());
        report.not_judged.push("speech: no recording".to_owned());
        report.provenance.model = None;
        report.provenance.semantics = None;
        report
    }

    /// The report of a call whose recording could not even be brought here.
    #[must_use]
    pub fn not_brought(
        &self,
        id: CallId,
        record: Option<CallRecord>,
        timing: Option<TimingOutcome>,
        error: CallError,
    ) -> CallReport {
        self.failed(Known { id, record, timing }, error).report
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

    fn page(&self, known: Known, heard: Heard) -> CallPage {
        let mut transcript = Transcript { call_id: known.id.clone(), segments: heard.segments };
        let levels = heard.sound.as_ref().map(|(audio, _)| levels(audio));
        let mut detection = self.detect(&transcript, &known, levels.as_ref());
        if let Some((audio, recording)) = &heard.sound {
            match self.listen_again(Path::new(&recording.path), audio, &mut transcript, &detection) {
                Ok(false) => {}
                Ok(true) => detection = self.detect(&transcript, &known, levels.as_ref()),
                Err(error) => return self.failed(known, error),
            }
        }
        let muted = if self.reveal { Vec::new() } else { muted(&transcript.segments) };
        let mut report = self.told(known, detection, transcript);
        let Some((audio, recording)) = heard.sound else {
            report.provenance.model = None;
            return CallPage::silent(report);
        };
        let path = recording.path.clone();
        report.recording = Some(recording);
        if !self.clips {
            return CallPage { levels, ..CallPage::silent(report) };
        }
        match clips(&audio, &report.findings, &muted) {
            Ok(clips) => CallPage { report, clips, waveforms: waveforms(&audio), levels },
            Err(error) => {
                CallPage::silent(fail(report, CallError::new(path, error.to_string(), "audit it again")))
            }
        }
    }

    fn detect(&self, transcript: &Transcript, known: &Known, levels: Option<&Levels>) -> Detection {
        let senses = Senses { sound: levels, understanding: self.understanding.as_ref().ok().copied() };
        detect(transcript, &facts(known), senses, self.rules)
    }

    /// The report of a call that was heard, held against the script where there is one.
    fn told(&self, known: Known, mut detection: Detection, transcript: Transcript) -> CallReport {
        detection.not_judged.extend(self.understanding.as_ref().err().map(|why| format!("semantics: {why}")));
        let script = self.script.map(|script| follow(&transcript, &facts(&known), script));
        if script == Some(None) {
            detection.not_judged.push("script: 通话中没有坐席语音".to_owned());
        }
        CallReport { script: script.flatten(), ..self.report(known, detection, transcript.segments) }
    }

    fn failed(&self, known: Known, error: CallError) -> CallPage {
        CallPage::silent(fail(self.report(known, Detection::default(), Vec::new()), error))
    }

    fn report(&self, known: Known, detection: Detection, transcript: Vec<Segment>) -> CallReport {
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
        checklist.extend(timing::checklist(self.policies, known.record.as_ref(), known.timing.as_ref()));
        let day = day(&known);
        match known.timing {
            Some(timing) => {
                findings.extend(timing.findings);
                not_judged.extend(timing.not_judged);
            }
            None => not_judged.push("timing: no call record".to_owned()),
        }
        let call_id = known.id;
        let Judgement { verdict, score, items } = judge(&findings, &good_conduct, self.rules.scoring());
        let mut report = CallReport {
            schema: SCHEMA.to_owned(),
            recording: None,
            record: known.record,
            day,
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
            mask_report(&mut report);
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
fn facts(known: &Known) -> CallFacts {
    let record = known.record.as_ref();
    CallFacts {
        contact: record.and_then(|record| record.contact),
        product: record.and_then(|record| record.product.clone()),
        direction: record.and_then(|record| record.direction),
        date: day(known),
    }
}

/// The day of the call in the debtor's time zone, where the records tell it.
fn day(known: &Known) -> Option<String> {
    known.timing.as_ref().and_then(|timing| timing.local_date.clone())
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
