//! Directories as they are found on recorders' disks.

use proptest::prelude::*;
use tempfile::TempDir;

use super::*;

const LINE: &str = r#"{"call_id":"T1","segments":[{"speaker":"agent","start_s":2,"end_s":3,"text":"b"},{"start_s":0,"end_s":1,"text":"a","confidence":0.5}]}"#;

fn tree(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    root
}

/// What is found below `root`: `id@path` or `id@path:line`, then the errors.
fn outcome(root: &TempDir, inputs: &[&str]) -> String {
    let inputs: Vec<PathBuf> = inputs.iter().map(|input| root.path().join(input)).collect();
    let discovery = discover(&inputs);
    let relative = |path: &Path| path.strip_prefix(root.path()).unwrap().display().to_string();
    let found = discovery.found.iter().map(|found| match &found.source {
        Source::Recording(path) => format!("{}@{}", found.id_stem, relative(path)),
        Source::Transcript { path, line, .. } => format!("{}@{}:{line}", found.id_stem, relative(path)),
    });
    let errors = discovery.errors.iter().map(|error| {
        assert!(!error.hint.is_empty());
        format!("! {} {}", relative(&error.path), error.cause)
    });
    found.chain(errors).collect::<Vec<_>>().join("\n")
}

#[test]
fn a_directory_stands_for_its_recordings() {
    let root = tree(&[
        ("b.WAV", ""),
        ("a.mp3", ""),
        ("sub/c.amr", ""),
        (".hidden.wav", ""),
        (".git/d.wav", ""),
        ("notes.txt", ""),
        ("calls.csv", ""),
        ("t.jsonl", LINE),
    ]);
    insta::assert_snapshot!(outcome(&root, &[""]), @r"
    a@a.mp3
    b@b.WAV
    c@sub/c.amr
    ");
}

#[test]
fn a_directory_without_recordings_stands_for_its_transcripts() {
    let root = tree(&[("t.jsonl", LINE), ("notes.txt", "")]);
    assert_eq!(outcome(&root, &[""]), "T1@t.jsonl:1");
}

#[test]
fn order_does_not_depend_on_the_arguments_and_nothing_is_taken_twice() {
    let root = tree(&[("b.wav", ""), ("a.wav", ""), ("d/c.wav", "")]);
    let expected = "a@a.wav\nb@b.wav\nc@d/c.wav";
    assert_eq!(outcome(&root, &["d", "b.wav", "a.wav", "d/c.wav", "b.wav"]), expected);
    assert_eq!(outcome(&root, &["", "a.wav"]), expected);
}

#[cfg(unix)]
#[test]
fn links_are_followed_once_and_loops_end() {
    let root = tree(&[("d/a.wav", "")]);
    std::os::unix::fs::symlink(root.path(), root.path().join("d/loop")).unwrap();
    std::os::unix::fs::symlink(root.path().join("d/a.wav"), root.path().join("d/b.wav")).unwrap();
    assert_eq!(outcome(&root, &["d"]), "a@d/a.wav");
}

#[test]
fn named_files_are_judged_by_content_where_the_name_says_nothing() {
    let root = tree(&[("x", "OggS"), ("notes.txt", "hello"), ("calls.csv", "call_id\n1\n"), ("d/y.bin", "")]);
    insta::assert_snapshot!(outcome(&root, &["x", "notes.txt", "calls.csv", "missing.wav", "d"]), @r"
    x@x
    ! notes.txt is neither a recording nor a transcript
    ! calls.csv holds call records, not recordings
    ! missing.wav does not exist
    ! d holds no recording
    ");
}

#[test]
fn bad_transcript_lines_are_named_and_the_others_kept() {
    let lines = [
        LINE,
        "",
        "{",
        r#"{"segments":[]}"#,
        r#"{"call_id":" ","segments":[]}"#,
        r#"{"call_id":"T2","segments":[{"start_s":2,"end_s":1,"text":""}]}"#,
        r#"{"call_id":"T3","segments":[{"start_s":0,"end_s":1,"text":"","confidence":2}]}"#,
        r#"{"call_id":"T4","segments":[]}"#,
    ];
    let root = tree(&[("t.jsonl", &lines.join("\n")), ("empty.jsonl", "\n")]);
    insta::assert_snapshot!(outcome(&root, &["t.jsonl", "empty.jsonl"]), @r"
    T1@t.jsonl:1
    T4@t.jsonl:8
    ! empty.jsonl holds no transcript
    ! t.jsonl line 3 is no transcript: EOF while parsing an object, column 1
    ! t.jsonl line 4 is no transcript: missing field `call_id`, column 15
    ! t.jsonl line 5 has an empty call_id
    ! t.jsonl line 6 segment 1: its times are not 0 <= start_s <= end_s
    ! t.jsonl line 7 segment 1: its confidence is not in 0..=1
    ");
}

#[test]
fn segments_come_in_order_of_time() {
    let transcript = parse_transcript(LINE).unwrap();
    let texts: Vec<&str> = transcript.segments.iter().map(|segment| segment.text.as_str()).collect();
    assert_eq!(texts, ["a", "b"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_make_transcripts_or_errors(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let root = tree(&[]);
        let path = root.path().join("t.jsonl");
        std::fs::write(&path, &bytes).unwrap();
        let discovery = discover(&[path]);
        prop_assert!(!(discovery.found.is_empty() && discovery.errors.is_empty()));
    }
}
