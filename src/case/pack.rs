//! Writes a case into a sink, file by file, the manifest last.

use std::io;

use jiff::Timestamp;
use serde_json::json;

use super::manifest::{MANIFEST, Manifest, PackedFile, packed_file};
use super::masking::Mask;
use super::paths::CallPaths;
use super::sound::{CallSound, Sound};
use super::{Case, CaseCall, CaseComplaint, CaseError, Masking, Sink, facts, page, tables, transcript};
use crate::report::{CallPage, Html, call_page, findings_table, report_line};
use crate::store::{Store, StoreError, written};

/// What a pack came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Number of files, the manifest among them.
    pub files: usize,
    pub calls: usize,
    pub findings: usize,
    /// Calls whose recording was heard and could not be given: gone, changed or unreadable.
    pub recordings_lost: usize,
    /// The one hash over the manifest's list.
    pub sha256: String,
}

/// A call as the pack shows it.
pub(super) struct ShownCall {
    pub call: CaseCall,
    pub paths: CallPaths,
    pub sound: Sound,
    pub has_transcript: bool,
    /// Ids of the findings with a clip.
    pub clips: Vec<String>,
}

/// A case as the pack shows it.
pub(super) struct Shown<'a> {
    pub case: &'a Case,
    pub debtor: String,
    pub calls: Vec<ShownCall>,
    pub complaints: Vec<CaseComplaint>,
    pub masking: Masking,
    /// RFC 3339, UTC.
    pub made_at: String,
}

impl<'a> Shown<'a> {
    /// Still without calls.
    pub(super) fn new(case: &'a Case, masking: Masking, mask: Option<&Mask>, made_at: Timestamp) -> Self {
        let complaint =
            |complaint: &CaseComplaint| mask.map_or_else(|| complaint.clone(), |mask| complaint.masked(mask));
        Self {
            case,
            debtor: mask.map_or_else(|| case.debtor.clone(), |mask| mask.text(&case.debtor)),
            calls: Vec::with_capacity(case.calls.len()),
            complaints: case.complaints.iter().map(complaint).collect(),
            masking,
            made_at: written(made_at),
        }
    }
}

/// Writes the pack; `made_at` is the moment it says it was made.
///
/// # Errors
/// When the sink cannot be written, or a clip cannot be encoded.
pub fn pack(
    case: &Case,
    masking: Masking,
    made_at: Timestamp,
    sink: &mut dyn Sink,
) -> Result<Packed, CaseError> {
    let html = page::templates()?;
    let mask = Mask::of(case, masking);
    let mut writer = Writer { sink, files: Vec::new() };
    let mut shown = Shown::new(case, masking, mask.as_ref(), made_at);
    for (place, call) in case.calls.iter().enumerate() {
        let sound = CallSound::of(call, &case.decode, masking)?;
        let call = mask.as_ref().map_or_else(|| call.clone(), |mask| mask.call(call));
        let paths = CallPaths::new(place, case.calls.len(), &call.report.call_id.0);
        shown.calls.push(writer.call(&html, call, paths, sound)?);
    }
    writer.whole(&html, &shown)?;
    let sha256 = writer.manifest()?;
    Ok(Packed {
        files: writer.files.len() + 1,
        calls: shown.calls.len(),
        findings: shown.calls.iter().map(|shown| shown.call.report.findings.len()).sum(),
        recordings_lost: shown.calls.iter().filter(|shown| shown.sound.is_lost()).count(),
        sha256,
    })
}

/// Notes in the store's log that a pack was made: of whom, masked or not, and its hash. To be called before the pack is
/// at its place: none shall be out that the log does not know.
///
/// # Errors
/// When the store cannot be written.
pub fn log_pack(
    store: &mut Store,
    actor: &str,
    case: &Case,
    masking: Masking,
    packed: &Packed,
) -> Result<(), StoreError> {
    // The log is never forgotten: it names the debtor as anybody may read it.
    let debtor = Mask::of(case, Masking::Masked).map_or_else(String::new, |mask| mask.text(&case.debtor));
    let details = json!({
        "masked": masking == Masking::Masked, "calls": packed.calls, "files": packed.files, "sha256": packed.sha256,
    });
    store.transaction(|store| {
        store.log_action(actor, "case", &format!("debtor {debtor}"), &details.to_string())
    })
}

/// Counts what goes into the sink.
struct Writer<'a> {
    sink: &'a mut dyn Sink,
    files: Vec<PackedFile>,
}

impl Writer<'_> {
    fn put(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.sink.put(path, bytes)?;
        self.files.push(packed_file(path, bytes));
        Ok(())
    }

    /// The files of one call.
    fn call(
        &mut self,
        html: &Html,
        call: CaseCall,
        paths: CallPaths,
        sound: CallSound,
    ) -> io::Result<ShownCall> {
        let CallSound { sound, clips, waveforms } = sound;
        let page = CallPage { report: call.report.clone(), clips, waveforms, levels: None };
        self.put(&paths.page(), call_page(html, &page)?.as_bytes())?;
        let mut clips = Vec::new();
        for clip in page.clips {
            // Findings have one id each; a store that somebody else wrote may hold anything.
            if !clips.contains(&clip.finding_id) {
                self.put(&paths.clip(&clip.finding_id), &clip.wav)?;
                clips.push(clip.finding_id);
            }
        }
        let text = transcript::transcript(&call);
        if let Some(text) = &text {
            self.put(&paths.transcript(), text.as_bytes())?;
        }
        Ok(ShownCall { call, paths, sound, has_transcript: text.is_some(), clips })
    }

    /// The files over all calls.
    fn whole(&mut self, html: &Html, shown: &Shown) -> io::Result<()> {
        let reports = || shown.calls.iter().map(|shown| &shown.call.report);
        let mut lines = Vec::new();
        for report in reports() {
            lines.extend(report_line(report)?);
        }
        self.put("reports.jsonl", &lines)?;
        self.put("calls.csv", &tables::calls(&shown.calls)?)?;
        self.put("findings.csv", &findings_table(reports())?)?;
        self.put("outcomes.csv", &tables::outcomes(&shown.case.outcomes)?)?;
        self.put("reviews.csv", &tables::reviews(&shown.calls)?)?;
        self.put("complaints.csv", &tables::complaints(&shown.complaints)?)?;
        self.put("case.json", &facts::case_json(shown)?)?;
        self.put("index.html", page::index(html, shown)?.as_bytes())
    }

    /// Writes the manifest; its hash.
    fn manifest(&mut self) -> io::Result<String> {
        let manifest = Manifest::of(self.files.clone());
        let mut bytes = serde_json::to_vec_pretty(&manifest)?;
        bytes.push(b'\n');
        self.sink.put(MANIFEST, &bytes)?;
        Ok(manifest.sha256)
    }
}
