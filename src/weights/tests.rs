//! The whole way of a small model, and bytes that are no model.

use std::collections::BTreeMap;
use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use half::f16;
use proptest::prelude::*;

use super::ctranslate2::Model;
use super::fields::Fields;
use super::import::{Failure, convert};
use super::inspect::read_facts;
use super::synthetic::{self, Number, SHAPE, TOKENIZER, weight};
use super::*;

/// Type and data of every tensor of a GGML file.
fn tensors_of(ggml: &[u8]) -> BTreeMap<String, (i32, Vec<u8>)> {
    let mut fields = Fields::new(Cursor::new(ggml)).unwrap();
    fields.skip(48).unwrap();
    let filters = fields.u32().unwrap() * fields.u32().unwrap();
    fields.skip(u64::from(filters) * 4).unwrap();
    for _ in 0..fields.u32().unwrap() {
        let length = fields.u32().unwrap();
        fields.skip(length.into()).unwrap();
    }
    let mut tensors = BTreeMap::new();
    while !fields.at_end() {
        let (rank, name_length, kind) = (fields.u32().unwrap(), fields.u32().unwrap(), fields.i32().unwrap());
        let weights: u64 = (0..rank).map(|_| u64::from(fields.u32().unwrap())).product();
        let name = String::from_utf8(fields.bytes(name_length.into()).unwrap()).unwrap();
        let bytes = match kind {
            0 => weights * 4,
            1 => weights * 2,
            2 => weights / 32 * 18,
            _ => weights / 32 * 34,
        };
        tensors.insert(name, (kind, fields.bytes(bytes).unwrap()));
    }
    tensors
}

fn imported(number: Number, quantization: Quantization) -> BTreeMap<String, (i32, Vec<u8>)> {
    tensors_of(&synthetic::ggml(&synthetic::ctranslate2(number), quantization))
}

fn halves(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|bytes| f16::from_le_bytes(*bytes).to_f32()).collect()
}

#[test]
fn stacked_projections_are_taken_apart() {
    let tensors = imported(Number::F16, Quantization::F16);
    let expect = |name: &str, part: usize| {
        let (kind, data) = &tensors[name];
        let square = 64 * 64;
        let expected: Vec<f32> = (part * square..(part + 1) * square).map(weight).collect();
        assert_eq!((*kind, halves(data)), (1, expected), "{name}");
    };
    expect("encoder.blocks.0.attn.query.weight", 0);
    expect("encoder.blocks.0.attn.key.weight", 1);
    expect("decoder.blocks.0.attn.value.weight", 2);
    expect("decoder.blocks.0.cross_attn.query.weight", 0);
    expect("decoder.blocks.0.cross_attn.key.weight", 0);
    expect("decoder.blocks.0.cross_attn.value.weight", 1);
    assert!(!tensors.contains_key("encoder.blocks.0.attn.key.bias"));
    let bias: Vec<u8> = (128..192).flat_map(|index| weight(index).to_le_bytes()).collect();
    assert_eq!(tensors["encoder.blocks.0.attn.value.bias"], (0, bias));
}

#[test]
fn every_kind_of_source_gives_the_same_model() {
    for quantization in Quantization::WRITABLE {
        let expected = imported(Number::F32, quantization);
        assert_eq!(imported(Number::F16, quantization), expected);
        assert_eq!(imported(Number::I8, quantization), expected);
    }
}

#[test]
fn only_the_matrices_are_quantised() {
    let kinds = |quantization| -> BTreeMap<String, i32> {
        imported(Number::F16, quantization).into_iter().map(|(name, (kind, _))| (name, kind)).collect()
    };
    let (q8_0, q4_0) = (kinds(Quantization::Q8_0), kinds(Quantization::Q4_0));
    let table = [
        ("decoder.positional_embedding", 0, 0),
        ("decoder.token_embedding.weight", 8, 2),
        ("encoder.conv1.weight", 1, 1),
        ("encoder.conv1.bias", 0, 0),
        ("encoder.blocks.0.mlp.2.weight", 8, 2),
        ("encoder.ln_post.weight", 0, 0),
    ];
    for (name, in_q8_0, in_q4_0) in table {
        assert_eq!((q8_0[name], q4_0[name]), (in_q8_0, in_q4_0), "{name}");
    }
}

#[test]
fn a_made_file_states_what_it_is() {
    let ggml = synthetic::ggml(&synthetic::ctranslate2(Number::F16), Quantization::Q8_0);
    let facts = read_facts(Cursor::new(&ggml)).unwrap();
    assert_eq!((facts.shape, facts.storage, facts.tokens), (SHAPE, "q8_0", 3));
    assert_eq!(facts.bytes, ggml.len() as u64);
}

#[test]
fn a_file_cut_off_anywhere_is_found_out() {
    let ggml = synthetic::ggml(&synthetic::ctranslate2(Number::F16), Quantization::Q4_0);
    // The last tensor is the bias of the last norm: 64 weights, and 38 bytes before them.
    let between_tensors = ggml.len() - 64 * 4 - "encoder.ln_post.bias".len() - 16;
    for length in [ggml.len() - 1, between_tensors, ggml.len() / 2, 60, 20] {
        let error = read_facts(Cursor::new(&ggml[..length])).unwrap_err();
        assert!(error.to_string().starts_with("ends too early"), "{length}: {error}");
    }
}

/// A directory with a CTranslate2 model, and one for models.
fn place(number: Number) -> (tempfile::TempDir, Source, PathBuf) {
    let root = tempfile::tempdir().unwrap();
    let model = root.path().join("own-model");
    fs::create_dir(&model).unwrap();
    fs::write(model.join("model.bin"), synthetic::ctranslate2(number)).unwrap();
    fs::write(model.join("tokenizer.json"), TOKENIZER).unwrap();
    let source = Source::find(&[model]).unwrap();
    let models = root.path().join("models");
    (root, source, models)
}

fn names_in(directory: &Path) -> Vec<String> {
    fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn an_import_is_listed_resolved_opened_and_verified() {
    let (_root, source, models) = place(Number::F16);
    let made = import(&source, Quantization::Q8_0, None, &models, &Silent).unwrap();
    assert_eq!(made.path, models.join("ggml-own-model-q8_0.bin"));
    assert_eq!(names_in(&models), ["ggml-own-model-q8_0.bin"]);
    let opened = open("own-model-q8_0", &models).unwrap();
    assert_eq!((&opened.path, &opened.identity.sha256), (&made.path, &made.sha256));
    assert_eq!(opened.identity.name, "ggml-own-model-q8_0.bin");
    let verified = verify(&made.path, &Silent).unwrap();
    assert_eq!(
        (verified.sha256, verified.name, verified.facts.unwrap().bytes),
        (made.sha256, None, made.bytes)
    );
    let listed = list(&models).unwrap().pop().unwrap();
    assert_eq!((listed.name.as_str(), listed.quantization.as_deref()), ("own-model-q8_0", Some("q8_0")));
}

#[test]
fn other_content_under_a_known_name_is_refused() {
    let (_root, source, models) = place(Number::F16);
    let output = models.join("ggml-base-q8_0.bin");
    import(&source, Quantization::Q8_0, Some(&output), &models, &Silent).unwrap();
    for error in [open("base", &models).unwrap_err(), verify(&output, &Silent).unwrap_err()] {
        assert!(error.cause.contains("as the manifest states"), "{error}");
        assert_eq!(error.hint, "fetch it again: callaudit model fetch base --quantization q8_0");
    }
    assert_eq!(files_of("base", &models).unwrap(), std::slice::from_ref(&output));
    let listed = list(&models).unwrap().into_iter().find(|listed| listed.name == "base-q8_0").unwrap();
    assert_eq!(listed.presence, Presence::WrongSize(output));
}

#[test]
fn a_bad_source_leaves_nothing_behind() {
    let (_root, source, models) = place(Number::F16);
    let whole = fs::read(&source.weights[0]).unwrap();
    for (bytes, cause) in
        [(&whole[..whole.len() / 2], "ends too early"), (b"no model".as_slice(), "format version 6")]
    {
        fs::write(&source.weights[0], bytes).unwrap();
        let error = import(&source, Quantization::F16, None, &models, &Silent).unwrap_err();
        assert!(error.cause.contains(cause), "{error}");
        assert!(names_in(&models).is_empty());
    }
}

struct Impatient;

impl Progress for Impatient {
    fn stage(&self, _what: &str, _total_bytes: Option<u64>) {}
    fn advance(&self, _bytes: u64) {}
    fn interrupted(&self) -> bool {
        true
    }
}

#[test]
fn an_interrupted_import_leaves_nothing_behind() {
    let (_root, source, models) = place(Number::F16);
    let error = import(&source, Quantization::F16, None, &models, &Impatient).unwrap_err();
    assert_eq!(error.cause, "interrupted");
    assert!(names_in(&models).is_empty());
}

#[test]
fn tokenizer_and_model_must_belong_together() {
    let (_root, source, models) = place(Number::F16);
    let words: Vec<String> = (0..50).map(|id| format!("\"{}\":{id}", "a".repeat(id + 1))).collect();
    let json = TOKENIZER.replace(r#""a":0,"Ġ":1,"":2,"<|endoftext|>":3"#, &words.join(","));
    fs::write(&source.tokenizer, json).unwrap();
    let error = import(&source, Quantization::F16, None, &models, &Silent).unwrap_err();
    assert!(error.cause.contains("do not belong together"), "{error}");
    fs::write(&source.tokenizer, "{}").unwrap();
    let error = import(&source, Quantization::F16, None, &models, &Silent).unwrap_err();
    assert!(error.cause.contains("is no tokenizer"), "{error}");
}

#[test]
fn formats_that_only_ggmls_own_tool_writes_are_refused() {
    let bytes = synthetic::ctranslate2(Number::F32);
    let outcome = convert(Cursor::new(&bytes), &[], Quantization::Q5_0, &mut Vec::new(), &Silent);
    assert!(matches!(outcome, Err(Failure::Source(error)) if error.to_string().contains("q5_0")));
}

static CTRANSLATE2: LazyLock<Vec<u8>> = LazyLock::new(|| synthetic::ctranslate2(Number::I8));
static GGML: LazyLock<Vec<u8>> = LazyLock::new(|| synthetic::ggml(&CTRANSLATE2, Quantization::Q8_0));

/// Changes some bytes, and cuts the end off half of the time.
fn spoil(bytes: &[u8], changes: &[(usize, u8)], keep: Option<usize>) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for (position, value) in changes {
        let position = position % bytes.len();
        bytes[position] = *value;
    }
    bytes.truncate(keep.map_or(bytes.len(), |keep| keep % bytes.len()));
    bytes
}

/// Positions near the head are as likely as all others together: that is where the lengths are.
fn changes() -> impl Strategy<Value = Vec<(usize, u8)>> {
    let position = prop_oneof![0..200_usize, any::<usize>()];
    proptest::collection::vec((position, any::<u8>()), 0..6)
}

fn convert_hostile(bytes: &[u8]) -> bool {
    convert(Cursor::new(bytes), &[], Quantization::Q4_0, &mut std::io::sink(), &Silent).is_ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn arbitrary_bytes_are_no_model(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!convert_hostile(&bytes));
        prop_assert!(read_facts(Cursor::new(&bytes)).is_err());
    }

    #[test]
    fn arbitrary_bytes_after_a_right_beginning_are_no_model(rest in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(!convert_hostile(&[&CTRANSLATE2[..26], &rest].concat()));
        prop_assert!(read_facts(Cursor::new([&GGML[..4], &rest].concat())).is_err());
    }

    #[test]
    fn a_spoilt_ctranslate2_file_never_panics(changes in changes(), keep in any::<Option<usize>>()) {
        let bytes = spoil(&CTRANSLATE2, &changes, keep);
        let whole = convert_hostile(&bytes);
        prop_assert!(!(whole && keep.is_some_and(|keep| keep % CTRANSLATE2.len() < CTRANSLATE2.len() / 2)));
        prop_assert!(Model::open(Cursor::new(&bytes)).is_ok() || !whole);
    }

    #[test]
    fn a_spoilt_ggml_file_never_panics(changes in changes(), keep in any::<Option<usize>>()) {
        let facts = read_facts(Cursor::new(spoil(&GGML, &changes, keep)));
        prop_assert!(keep.is_none() || facts.is_err());
    }
}
