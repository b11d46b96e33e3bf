//! Transcripts kept on disk, so that the same sound is heard once.
//!
//! A file is named by what its text depends on: the sound with its speakers, the model, and the program, of which a new
//! build may hear otherwise. Files hold what was said, unmasked: nobody but the user may read them.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::error::ListenError;
use super::listener::{Listener, Stretch};
use super::replay::digest;
use crate::domain::{Audio, ModelIdentity, Segment, hex};

/// Hears what was never heard, and remembers the rest.
pub struct Saved<L> {
    listener: L,
    folder: PathBuf,
    /// SHA-256 of the program.
    program: String,
}

/// What was heard in one recording.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Transcript {
    segments: Vec<Segment>,
    /// Stretches that were heard a second time.
    again: Vec<(Stretch, Vec<Segment>)>,
}

impl<L: Listener> Saved<L> {
    /// Keeps what `listener` hears in `folder`, which is made when it is missing, for the user alone. `program` is the
    /// file of the program that listens.
    ///
    /// # Errors
    /// A folder that cannot be made, or a program that cannot be read.
    pub fn new(listener: L, folder: &Path, program: &Path) -> io::Result<Self> {
        make_private(folder)?;
        let program = hex(&Sha256::digest(fs::read(program)?));
        Ok(Self { listener, folder: folder.to_owned(), program })
    }

    fn path(&self, audio: &Audio) -> PathBuf {
        let model = self.identity().map_or("", |model| model.sha256.as_str());
        let speakers: Vec<_> = audio.tracks.iter().map(|track| track.speaker).collect();
        let heard_by = format!("{} {model} {speakers:?} ", self.program);
        let name = Sha256::new().chain_update(heard_by).chain_update(digest(audio)).finalize();
        self.folder.join(hex(&name)).with_extension("json")
    }

    /// Writes a whole file or none. A full disk is no reason to lose the audit, so what cannot be kept is heard again the
    /// next time.
    fn keep(&self, path: &Path, transcript: &Transcript) {
        let write = || -> io::Result<()> {
            let file = NamedTempFile::new_in(&self.folder)?;
            serde_json::to_writer(&file, transcript)?;
            file.persist(path)?;
            Ok(())
        };
        let _ = write();
    }
}

/// `None` where nothing is saved, or not as a whole.
fn read(path: &Path) -> Option<Transcript> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

impl<L: Listener> Listener for Saved<L> {
    fn listen(&self, audio: &Audio) -> Result<Vec<Segment>, ListenError> {
        let path = self.path(audio);
        if let Some(transcript) = read(&path) {
            return Ok(transcript.segments);
        }
        let segments = self.listener.listen(audio)?;
        self.keep(&path, &Transcript { segments: segments.clone(), again: Vec::new() });
        Ok(segments)
    }

    fn listen_again(&self, audio: &Audio, stretches: &[Stretch]) -> Result<Vec<Vec<Segment>>, ListenError> {
        let path = self.path(audio);
        let Some(mut transcript) = read(&path) else { return self.listener.listen_again(audio, stretches) };
        let known = |again: &[(Stretch, Vec<Segment>)], stretch: &Stretch| {
            again.iter().find(|(other, _)| other == stretch).map(|(_, heard)| heard.clone())
        };
        let missing: Vec<Stretch> =
            stretches.iter().filter(|stretch| known(&transcript.again, stretch).is_none()).cloned().collect();
        if !missing.is_empty() {
            let heard = self.listener.listen_again(audio, &missing)?;
            transcript.again.extend(missing.into_iter().zip(heard));
            self.keep(&path, &transcript);
        }
        Ok(stretches.iter().map(|stretch| known(&transcript.again, stretch).unwrap_or_default()).collect())
    }

    fn identity(&self) -> Option<&ModelIdentity> {
        self.listener.identity()
    }
}

/// Makes a folder that other users cannot look into.
fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::domain::{Speaker, Track};

    /// Hears its own number of the call, and counts.
    struct Counting(AtomicUsize);

    impl Counting {
        fn segment(&self, start_s: f64) -> Segment {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            Segment {
                confidence: Some(1.0 / 3.0),
                ..Segment::said(Speaker::Agent, start_s, start_s + 0.1 + 0.2, number.to_string())
            }
        }
    }

    impl Listener for Counting {
        fn listen(&self, _: &Audio) -> Result<Vec<Segment>, ListenError> {
            Ok(vec![self.segment(0.1)])
        }

        fn listen_again(&self, _: &Audio, stretches: &[Stretch]) -> Result<Vec<Vec<Segment>>, ListenError> {
            Ok(stretches.iter().map(|stretch| vec![self.segment(stretch.start_s)]).collect())
        }

        fn identity(&self) -> Option<&ModelIdentity> {
            None
        }
    }

    fn audio(speaker: Speaker, samples: &[i16]) -> Audio {
        Audio { tracks: vec![Track { speaker, samples: samples.to_vec() }] }
    }

    fn stretch(start_s: f64) -> Stretch {
        Stretch { speaker: Speaker::Agent, start_s, end_s: start_s + 1.0 }
    }

    /// A listener that keeps in `folder`, as a program of these bytes.
    fn saved(folder: &Path, program: &str) -> Saved<Counting> {
        let file = folder.join("program");
        fs::write(&file, program).unwrap();
        Saved::new(Counting(AtomicUsize::new(0)), &folder.join("saved"), &file).unwrap()
    }

    #[test]
    fn the_same_sound_is_heard_once() {
        let folder = tempfile::tempdir().unwrap();
        let call = audio(Speaker::Agent, &[1, 2]);
        let first = saved(folder.path(), "one");
        let heard = first.listen(&call).unwrap();
        let again = first.listen_again(&call, &[stretch(0.3)]).unwrap();
        let second = saved(folder.path(), "one");
        assert_eq!(second.listen(&call).unwrap(), heard);
        assert_eq!(second.listen_again(&call, &[stretch(0.3)]).unwrap(), again);
        assert_eq!(second.listener.0.load(Ordering::SeqCst), 0);
        let more = second.listen_again(&call, &[stretch(5.0), stretch(0.3)]).unwrap();
        assert_eq!((more.len(), &more[1]), (2, &again[0]));
        assert_eq!(second.listener.0.load(Ordering::SeqCst), 1, "only the new stretch");
    }

    #[test]
    fn other_sound_another_speaker_and_another_program_are_heard_afresh() {
        let folder = tempfile::tempdir().unwrap();
        saved(folder.path(), "one").listen(&audio(Speaker::Agent, &[1])).unwrap();
        for (program, speaker, sample, heard) in [
            ("one", Speaker::Agent, 1, 0),
            ("two", Speaker::Agent, 1, 1),
            ("one", Speaker::Customer, 1, 1),
            ("one", Speaker::Agent, 2, 1),
        ] {
            let listener = saved(folder.path(), program);
            listener.listen(&audio(speaker, &[sample])).unwrap();
            assert_eq!(listener.listener.0.load(Ordering::SeqCst), heard, "{program} {speaker:?} {sample}");
        }
    }

    #[test]
    fn a_broken_file_is_heard_and_written_again() {
        let folder = tempfile::tempdir().unwrap();
        let (listener, call) = (saved(folder.path(), "one"), audio(Speaker::Agent, &[1]));
        listener.listen(&call).unwrap();
        fs::write(listener.path(&call), "{\"segments\":[").unwrap();
        assert_eq!(listener.listen(&call).unwrap()[0].text, "1");
        assert_eq!(listener.listen(&call).unwrap()[0].text, "1");
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt;

        let folder = tempfile::tempdir().unwrap();
        let (listener, call) = (saved(folder.path(), "one"), audio(Speaker::Agent, &[1]));
        listener.listen(&call).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&listener.folder), mode(&listener.path(&call))), (0o700, 0o600));
    }
}
