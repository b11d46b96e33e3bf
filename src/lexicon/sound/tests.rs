use proptest::prelude::*;

use super::*;

fn hear(words: &[&str], text: &str) -> Vec<(String, usize, SoundBudget)> {
    let entries =
        words.iter().enumerate().map(|(index, word)| (index, *word, near_budget(word.chars().count())));
    SoundIndex::new(entries)
        .hear(text)
        .into_iter()
        .map(|heard| (words[heard.word].to_owned(), heard.start, heard.cost))
        .collect()
}

#[test]
fn words_are_heard_through_the_recognisers_spelling() {
    for (word, text, found) in [
        ("再不还钱", "在不還前".replace('還', "还").as_str(), true),
        ("经侦大队", "我们是金正大队的", true),
        ("身份证号码", "报一下身份正好嗎".replace('嗎', "吗").as_str(), true),
        ("身份证号码", "报一下身份证号", false),
        ("单位", "担位", true),
        ("单位", "当委", false),
        ("单位", "单人", false),
        ("坐牢", "做老板", true),
        ("通讯录", "我们通知你", false),
        ("通讯录", "", false),
    ] {
        assert_eq!(!hear(&[word], text).is_empty(), found, "{word} in {text}");
    }
}

#[test]
fn each_place_of_a_word_is_told_once_with_its_cost() {
    let close = SoundBudget::from(CLOSE);
    assert_eq!(
        hear(&["爆通讯录", "通讯录"], "爆通讯录和通讯陆和通讯努"),
        [
            ("爆通讯录".into(), 0, 0),
            ("通讯录".into(), 1, 0),
            ("通讯录".into(), 5, 0),
            ("通讯录".into(), 9, close)
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_look_ahead_loses_no_word(
        words in prop::collection::vec("[单当担钱前千人还号好吗证正你腿]{3,7}", 1..6),
        mut said in "[单当担钱前千人还号好吗证正你腿]{0,6}",
        edit in 0_usize..8,
    ) {
        let mut word: Vec<char> = words[0].chars().collect();
        word.remove(edit % word.len());
        said.extend(word);
        said.push_str(&words[words.len() - 1]);
        let mut index = SoundIndex::new(words.iter().enumerate().map(|(n, word)| (n, word.as_str(), 0)));
        // However common the syllables are here.
        for (word, budget) in index.words.iter_mut().zip([CLOSE, LOOSE, CLOSE + LOOSE, MISMATCH].into_iter().cycle()) {
            word.budget = budget.into();
            word.droppable = u32::MAX;
        }
        let said = voices(&said);
        for place in 0..said.len().saturating_sub(1) {
            for seed in &index.seeds {
                let seed = Seed { budget: index.words[seed.entry as usize].budget, ..*seed };
                prop_assert!(index.verify(seed, &said, place).is_none() || seed.goes_on(&said, place));
            }
        }
    }
}

#[test]
fn an_empty_index_hears_nothing() {
    assert_eq!(hear(&[], "还钱"), []);
}
