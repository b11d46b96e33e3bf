//! A small encoder of counted-up weights, and bytes that are no encoder.

use std::io::Cursor;
use std::sync::LazyLock;

use half::f16;
use proptest::prelude::*;

use super::*;

const HIDDEN: usize = 32;
const PIECES: [&str; 9] = ["<s>", "<pad>", "</s>", "<unk>", "▁", "您", "您好", "好", "q"];

/// The bytes of an encoder of one layer.
fn packed() -> Vec<u8> {
    let mut out = b"E5S1".to_vec();
    let ints = |out: &mut Vec<u8>, numbers: &[u32]| numbers.iter().for_each(|n| out.extend(n.to_le_bytes()));
    ints(&mut out, &[1, 32, 1, 2, 64, 9, 16, 1]);
    out.extend(1e-5_f32.to_le_bytes());
    ints(&mut out, &[32, PIECES.len() as u32, 0, 2, 1, 3]);
    let text = PIECES.concat();
    out.extend((text.len() as u64).to_le_bytes());
    let mut offset = 0;
    for piece in PIECES.iter().chain([&""]) {
        ints(&mut out, &[offset]);
        offset += piece.len() as u32;
    }
    for (index, _) in PIECES.iter().enumerate() {
        out.extend((-1.0 - index as f32 / 10.0).to_le_bytes());
    }
    out.extend(text.as_bytes());
    ints(&mut out, &[1, 9, u32::from('！')]);
    out.push(1);
    ints(&mut out, &[u32::from('!')]);
    let arrays = arrays();
    ints(&mut out, &[arrays.len() as u32]);
    let directory: usize = arrays.iter().map(|(name, ..)| 2 + name.len() + 1 + 4 + 16).sum();
    let mut place = out.len() + directory;
    for (name, blocks, bytes) in &arrays {
        out.extend((name.len() as u16).to_le_bytes());
        out.extend(name.as_bytes());
        out.push(u8::from(*blocks));
        ints(&mut out, &[0]);
        out.extend((place as u64).to_le_bytes());
        out.extend((bytes.len() as u64).to_le_bytes());
        place += bytes.len();
    }
    for (.., bytes) in arrays {
        out.extend(bytes);
    }
    out
}

fn arrays() -> Vec<(String, bool, Vec<u8>)> {
    let plain = |name: &str, length: usize| {
        let bytes = (0..length).flat_map(|index| ((index % 7) as f32 / 7.0).to_le_bytes()).collect();
        (name.to_owned(), false, bytes)
    };
    let matrix = |name: &str, rows: usize, columns: usize| {
        let blocks = (0..rows * columns / 32).flat_map(|block| {
            let mut bytes = f16::from_f32(0.05).to_le_bytes().to_vec();
            bytes.extend((0..16).map(|byte| (block * 37 + byte * 11) as u8));
            bytes
        });
        (name.to_owned(), true, blocks.collect::<Vec<u8>>())
    };
    let mut arrays = vec![
        matrix("emb.word", PIECES.len(), HIDDEN),
        plain("emb.pos", 16 * HIDDEN),
        plain("emb.type", HIDDEN),
        plain("emb.ln.w", HIDDEN),
        plain("emb.ln.b", HIDDEN),
    ];
    for (name, rows, columns) in
        [("q", 32, 32), ("k", 32, 32), ("v", 32, 32), ("ao", 32, 32), ("fi", 64, 32), ("fo", 32, 64)]
    {
        arrays.push(matrix(&format!("l0.{name}.w"), rows, columns));
        arrays.push(plain(&format!("l0.{name}.b"), rows));
    }
    for name in ["aln.w", "aln.b", "oln.w", "oln.b"] {
        arrays.push(plain(&format!("l0.{name}"), HIDDEN));
    }
    arrays
}

static PACKED: LazyLock<Vec<u8>> = LazyLock::new(packed);

fn encoder() -> Encoder {
    Encoder::read(Cursor::new(&*PACKED)).unwrap()
}

#[test]
fn the_most_likely_pieces_are_taken() {
    let encoder = encoder();
    for (text, pieces) in [
        ("您好", vec!["▁", "您好"]),
        ("您 好", vec!["▁", "您", "▁", "好"]),
        ("  您好好", vec!["▁", "您好", "好"]),
        ("您！", vec!["▁", "您", "?"]),
        ("您龘靐好", vec!["▁", "您", "?", "?", "好"]),
        ("", vec![]),
    ] {
        let names = ["?", "<s>", "</s>", "<pad>", "▁", "您", "您好", "好", "q"];
        let found: Vec<&str> =
            encoder.tokenizer.pieces(text).unwrap().into_iter().map(|id| names[id as usize]).collect();
        assert_eq!(found, pieces, "{text}");
    }
}

#[test]
fn a_text_has_one_vector_whatever_it_is_encoded_with() {
    let encoder = encoder();
    let texts = ["您好", "好好好好您好", "q", "", "您"];
    let together = encoder.encode(&texts).unwrap();
    for (text, vector) in texts.iter().zip(&together) {
        assert_eq!(&encoder.encode(&[text]).unwrap()[0], vector, "{text}");
        let length: f32 = vector.last_layer().iter().map(|number| number * number).sum();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
    }
    let long = "您好".repeat(400);
    assert_eq!(encoder.encode(&[&long]).unwrap()[0].layers().len(), HIDDEN);
}

#[test]
fn what_is_wrong_is_named() {
    let read = |bytes: &[u8]| Encoder::read(Cursor::new(bytes)).err().map(|error| error.to_string());
    assert_eq!(read(b"GGML").unwrap(), "is no packed sentence encoder of version 1");
    assert!(read(&PACKED[..PACKED.len() - 1]).unwrap().starts_with("ends too early"));
    let mut nameless = PACKED.clone();
    let place = PACKED.windows(7).position(|bytes| bytes == b"emb.pos").unwrap();
    nameless[place] = b'x';
    assert_eq!(read(&nameless).unwrap(), "lacks the array 'emb.pos'");
}

proptest! {
    #[test]
    fn no_bytes_panic(at in 0..PACKED.len(), byte: u8, cut in 0..PACKED.len()) {
        let mut bytes = PACKED.clone();
        bytes[at] = byte;
        if let Ok(encoder) = Encoder::read(Cursor::new(&bytes)) {
            let _ = encoder.encode(&["您好吗"]);
        }
        prop_assert!(Encoder::read(Cursor::new(&bytes[..cut])).is_err());
    }
}
