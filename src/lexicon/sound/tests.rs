use proptest::prelude::*;

use super::*;
use crate::lexicon::alignment::Ways;
use crate::lexicon::budget::near_budget;
use crate::text::{CLOSE, LOOSE, MISMATCH};

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
    fn one_syllable_misheard_dropped_or_put_in_hides_no_word(
        word in "[单当担钱前千人还号好吗证正你腿]{3,8}",
        edit in 0_usize..8,
        new in "[单当担钱前千人还号好吗证正你腿]{0,2}",
        budget in prop::sample::select(vec![CLOSE, LOOSE, CLOSE + LOOSE, MISMATCH]),
    ) {
        let mut said: Vec<char> = word.chars().collect();
        let edit = edit % said.len();
        said.splice(edit..=edit, new.chars());
        let said: String = said.into_iter().collect();
        let budget = near_budget(word.chars().count()).min(budget.into());
        let droppable = u32::MAX;
        let index = SoundIndex::with_budgets([(0, word.as_str(), budget, droppable)].into_iter());
        let (meant, spoken) = (voices(&word), voices(&said));
        let fits = |offset: usize, place: usize| {
            let alignment =
                Alignment { meant: &meant, said: &spoken, offset, place, budget, droppable, fixed: &index.fixed };
            alignment.fit(Ways::Both).is_some()
        };
        let mut places = 0..spoken.len().saturating_sub(1);
        let is_there = places.any(|place| fits(0, place) || fits(meant.len() - 2, place));
        prop_assert!(!is_there || !index.hear(&said).is_empty(), "{word} in {said} for {budget}");
    }
}

#[test]
fn a_word_as_long_as_a_sentence_is_heard() {
    for length in [40, 127, 128, 129, 300] {
        let word: String = "经侦大队通讯录身份证号码".chars().cycle().take(length).collect();
        let said = word.replace('侦', "真");
        assert_eq!(hear(&[&word], &said).len(), 1, "{length}");
    }
}

#[test]
fn an_empty_index_hears_nothing() {
    assert_eq!(hear(&[], "还钱"), []);
}
