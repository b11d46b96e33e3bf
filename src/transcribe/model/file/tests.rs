use proptest::prelude::*;

use super::*;

/// Bytes before the tensors: 14 numbers, the filters, one letter for each token.
const HEAD: usize = 14 * 4 + 80 * 201 * 4 + 4 + 5 * TEXT_TOKENS;

/// A small file that passes: every token is `a`, one f32 tensor of 2×3 and one of q8_0.
fn whole() -> Vec<u8> {
    let mut file = MAGIC.to_le_bytes().to_vec();
    let numbers = |file: &mut Vec<u8>, numbers: &[u32]| {
        file.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    };
    numbers(&mut file, &[51_865, 1_500, 512, 8, 6, 448, 512, 8, 6, 80, 1, 80, 201]);
    file.extend(vec![0; 80 * 201 * 4]);
    numbers(&mut file, &[TEXT_TOKENS as u32]);
    file.extend([1, 0, 0, 0, b'a'].repeat(TEXT_TOKENS));
    assert_eq!(file.len(), HEAD);
    numbers(&mut file, &[2, 1, 0, 2, 3]);
    file.push(b'w');
    file.extend([0; 24]);
    numbers(&mut file, &[1, 1, 8, 64]);
    file.push(b'q');
    file.extend([0; 68]);
    file
}

fn verdict(file: &[u8]) -> String {
    match Copy::new(file, file.len() as u64).model(FULL_ROOM) {
        Ok(_) => "whole".into(),
        Err(Fault::Truncated(part)) => format!("cut short in {part}"),
        Err(Fault::Foreign(reason)) => reason,
        Err(Fault::Io(error)) => error.to_string(),
    }
}

fn with_number(index: usize, number: u32) -> Vec<u8> {
    let mut file = whole();
    file[4 * index..4 * index + 4].copy_from_slice(&number.to_le_bytes());
    file
}

#[test]
fn verdicts() {
    let file = whole();
    let filters_end = 14 * 4 + 80 * 201 * 4;
    for (file, expected) in [
        (file.clone(), "whole"),
        (Vec::new(), "cut short in its header"),
        (file[..20].to_vec(), "cut short in its header"),
        (file[..900].to_vec(), "cut short in its mel filters"),
        (file[..filters_end + 8].to_vec(), "cut short in its vocabulary"),
        (file[..file.len() - 1].to_vec(), "cut short in its tensors"),
        (b"GGUF\x03\0\0\0".to_vec(), "it is a GGUF file"),
        (b"RIFF....WAVE".to_vec(), "it begins with 0x46464952 and not with 0x67676d6c"),
        (with_number(1, 51_864), "it understands English only"),
        (with_number(1, 51_867), "its 51867 tokens are not those of whisper"),
        (with_number(13, 400), "it has 80×400 mel filters where 80×201 belong"),
    ] {
        assert_eq!(verdict(&file), expected);
    }
    assert!(verdict(&with_number(5, u32::MAX)).starts_with("its sizes"));
}

#[test]
fn a_missing_file_is_an_error_with_its_path() {
    let error = read(Path::new("models/none.bin"), FULL_ROOM).err().unwrap();
    assert!(error.to_string().starts_with("models/none.bin: the speech model cannot be read: "), "{error}");
}

#[test]
fn other_languages_are_left_out() {
    let mut file = whole();
    file.truncate(HEAD);
    file[HEAD - 5 * 50_000 + 4] = b'[';
    let numbers = [2, EMBEDDING.len() as u32, 0, 512, 51_865];
    file.extend(numbers.iter().flat_map(|number: &u32| number.to_le_bytes()));
    file.extend(EMBEDDING);
    file.extend((0..51_865_u32).flat_map(|row| row.to_le_bytes().repeat(512)));
    let model = Copy::new(&file[..], file.len() as u64).model(FULL_ROOM).ok().unwrap();
    let rows = TEXT_TOKENS - 1 + 4 + 1_501;
    let rows = rows.next_multiple_of(32);
    assert_eq!(model.bytes[4..8], (rows as u32).to_le_bytes());
    let row = |index: usize| {
        let at = model.bytes.len() - (rows - index) * 512 * 4;
        u32::from_le_bytes(model.bytes[at..at + 4].try_into().unwrap()) as usize
    };
    let left_out = TEXT_TOKENS - 50_000;
    assert_eq!((row(0), row(left_out - 1), row(left_out)), (0, left_out - 1, left_out + 1));
    assert_eq!(row(model.vocabulary.end() as usize), 50_257);
    assert_eq!(row(model.vocabulary.first_stamp() as usize), 50_364);
    assert_eq!(row(model.vocabulary.stamps_end() as usize - 1), 51_864);
}

#[test]
fn no_more_room_than_asked_for() {
    let mut file = whole();
    file.truncate(HEAD);
    for (name, rows) in [(FRAMES, 1_500_u32), (PLACES, 448)] {
        let numbers = [2, name.len() as u32, 0, 512, rows];
        file.extend(numbers.iter().flat_map(|number: &u32| number.to_le_bytes()));
        file.extend(name);
        file.extend((0..rows).flat_map(|row| row.to_le_bytes().repeat(512)));
    }
    let room = Room { frames: 768, tokens: 200 };
    let model = Copy::new(&file[..], file.len() as u64).model(room).ok().unwrap();
    assert_eq!(model.bytes[8..12], 768_u32.to_le_bytes());
    assert_eq!(model.bytes[24..28], 200_u32.to_le_bytes());
    let tensors = [(FRAMES, 768), (PLACES, 200)].map(|(name, rows)| 5 * 4 + name.len() + rows * 512 * 4);
    assert!(model.bytes.ends_with(&199_u32.to_le_bytes()));
    let second = model.bytes.len() - tensors[1];
    assert!(model.bytes[..second].ends_with(&767_u32.to_le_bytes()));
    assert!(file.len() - model.bytes.len() > 732 * 512 * 4);
    file.truncate(file.len() - 4);
    assert_eq!(verdict(&file), "cut short in its tensors");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn arbitrary_bytes_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
        prop_assert_ne!(verdict(&bytes), "whole");
    }

    #[test]
    fn every_shorter_file_is_refused_and_no_damage_panics(cut in 0..=HEAD + 200, at in 0..=HEAD + 200, byte: u8) {
        let mut file = whole();
        // Between the tensors the file may end.
        let cut = cut.min(file.len() - 1);
        prop_assume!(cut != HEAD && cut != file.len() - 68 - 17);
        prop_assert_ne!(verdict(&file[..cut]), "whole");
        let at = at.min(file.len() - 1);
        file[at] = byte;
        verdict(&file);
    }
}
