//! One line a row: an expression, a call, and the words that hit.

use proptest::prelude::*;

use crate::detect::CallFacts;
use crate::detect::audit::Audit;
use crate::detect::talk::Talk;
use crate::detect::tests::call;
use crate::domain::{Contact, Transcript};
use crate::lexicon::{RuleSet, check_texts};

fn rule_set(expressions: &[String]) -> RuleSet {
    let rule = |(number, expression): (usize, &String)| {
        format!(
            "[[rule]]\nid = \"rule.{number}\"\ntitle = \"规则\"\ncategory = \"threat\"\nseverity = \"major\"\n\
             match = {expression}\nwhy = \"规则\"\nhit = [\"甲\"]\nmiss = [\"乙\"]\n"
        )
    };
    let pack: String = expressions.iter().enumerate().map(rule).collect();
    let checked = check_texts(&[("lexicons/rule.toml", &pack)]);
    checked.rules.unwrap_or_else(|| panic!("{expressions:?}: {:?}", checked.diagnostics))
}

/// The words that a rule hits, one finding behind the other, before findings of several rules become one; `-` for a
/// finding without words.
fn hits(rules: &RuleSet, number: usize, transcript: &Transcript, facts: &CallFacts) -> String {
    let talk = Talk::new(transcript, facts, None, rules);
    let detection = Audit::new(&talk).detection();
    let own = detection.findings.iter().filter(|finding| finding.rule == format!("rule.{number}"));
    let words = own.map(|finding| {
        let span =
            |(segment, start, end): &(usize, usize, usize)| &transcript.segments[*segment].text[*start..*end];
        let words: Vec<&str> = finding.spans.iter().map(span).collect();
        if words.is_empty() { "-".to_owned() } else { words.join("+") }
    });
    words.collect::<Vec<_>>().join(" ")
}

fn said(expression: &str, turns: &str) -> String {
    hits(&rule_set(&[expression.to_owned()]), 0, &call(turns), &CallFacts::default())
}

#[test]
fn operators() {
    let rows = [
        // say
        ("'砍人'", "我去砍人啊", "砍人"),
        ("['砍人', '堵门']", "堵门", "堵门"),
        ("{ say = ['砍人'], not_in = ['砍人参'] }", "他在砍人参啊今天天气真好我要去砍人", "砍人"),
        ("{ say = ['通讯录'], phonetic = 'off' }", "通讯陆", ""),
        ("{ say = ['通讯录'], phonetic = 'same' }", "通讯陆", "通讯陆"),
        ("{ say = ['砍人'], speaker = 'customer' }", "砍人|C:你砍人", "砍人"),
        // pattern
        ("{ pattern = '去你.{0,3}门口' }", "去你家门口", "去你家门口"),
        ("{ pattern = '去你.{0,3}门口', except = '校' }", "去你学校门口", ""),
        ("{ pattern = '爆.{0,2}通讯录' }", "报你通讯陆", ""),
        ("{ pattern = '爆你.{0,2}通讯录' }", "爆你的通讯陆", "爆你的通讯陆"),
        // any, all
        ("{ any = ['砍人', { pattern = '堵.门' }] }", "堵你门", "堵你门"),
        ("{ all = ['砍人', '堵门'] }", "堵门|C:什么意思啊|砍人", "堵门+砍人"),
        ("{ all = ['砍人', '堵门'] }", "堵门|C:砍人|好的", ""),
        ("{ all = ['砍人', '堵门'], within_s = 5 }", "堵门|C:什么意思啊|砍人", ""),
        ("{ all = ['砍人', '堵门'], within_turns = 2 }", "堵门|C:什么意思啊|砍人", "堵门+砍人"),
        ("{ all = ['砍人', '堵门'], within_turns = 1 }", "堵门|C:什么意思啊|砍人", ""),
        ("{ all = ['砍人', '堵门'], within_chars = 9 }", "堵门|C:什么意思啊|砍人", "堵门+砍人"),
        ("{ all = ['砍人', '堵门'], within_chars = 8 }", "堵门|C:什么意思啊|砍人", ""),
        ("{ all = ['学校', '医院'], within_words = 4 }", "学校旁边的医院", "学校+医院"),
        ("{ all = ['学校', '医院'], within_words = 3 }", "学校旁边的医院", ""),
        // at least
        ("{ at_least = 2, of = ['砍人', '堵门', '泼漆'] }", "泼漆以后砍人", "泼漆+砍人"),
        ("{ at_least = 2, of = ['砍人', '堵门', '泼漆'] }", "泼漆以后泼漆", ""),
        // none
        ("{ none = ['录音'] }", "您好啊", "-"),
        ("{ none = ['录音'] }", "您好录音", ""),
        ("{ all = ['砍人', { none = ['录音'] }] }", "录音|C:好的吧|砍人", ""),
        ("{ all = ['砍人', { none = ['录音'] }], within_turns = 1 }", "录音|C:好的吧|砍人", "砍人"),
        // near
        ("{ near = ['砍人', '堵门'], within = 6 }", "砍人加上堵门", "砍人+堵门"),
        ("{ near = ['砍人', '堵门'], within = 5 }", "砍人加上堵门", ""),
        ("{ near = ['砍人', '堵门'], within = 6, ordered = true }", "堵门加上砍人", ""),
        ("{ near = ['学校', '医院'], within = 4, unit = 'words' }", "学校旁边的医院", "学校+医院"),
        ("{ near = ['学校', '医院'], within = 3, unit = 'words' }", "学校旁边的医院", ""),
        (
            "{ near = ['砍人', { any = ['堵门', { pattern = '泼.漆' }] }], within = 9 }",
            "泼油漆和砍人",
            "泼油漆+砍人",
        ),
        (
            "{ near = ['砍人', { near = ['堵门', '泼漆'], within = 5 }], within = 9 }",
            "砍人堵门泼漆",
            "砍人+堵门+泼漆",
        ),
        // sequence
        ("{ sequence = ['砍人', '堵门'] }", "砍人|C:什么意思啊|堵门", "砍人+堵门"),
        ("{ sequence = ['砍人', '堵门'] }", "堵门|C:什么意思啊|砍人", ""),
        ("{ sequence = ['砍人', '堵门'], within_s = 5 }", "砍人|C:什么意思啊|堵门", ""),
        ("{ sequence = ['砍人', '堵门'], within_s = 9 }", "砍人|C:什么意思啊|堵门", "砍人+堵门"),
        ("{ sequence = ['砍人', '堵门'], within_chars = 5 }", "砍人|C:什么意思啊|堵门", "砍人+堵门"),
        ("{ sequence = ['砍人', '堵门'], hit = 2 }", "砍人|C:什么意思啊|堵门", ""),
        ("{ sequence = ['砍人', '堵门'], hit = 2 }", "砍人堵门|C:什么意思啊|堵门", "砍人+堵门"),
        ("{ sequence = [{ say = ['别打'], speaker = 'customer' }, '砍人'] }", "C:你别打了|砍人", "砍人"),
        ("{ sequence = ['砍人', { none = ['抱歉'] }, '堵门'] }", "砍人抱歉堵门", ""),
        ("{ sequence = ['砍人', { none = ['抱歉'] }, '堵门'] }", "抱歉砍人的堵门抱歉", "砍人+堵门"),
        (
            "{ sequence = ['砍人', '堵门', { none = ['抱歉'] }], within_turns = 1 }",
            "砍人堵门|C:你抱歉不|抱歉",
            "砍人+堵门",
        ),
        ("{ sequence = ['砍人', '堵门', { none = ['抱歉'] }] }", "砍人堵门|C:你抱歉不|抱歉", ""),
        ("{ sequence = [{ none = ['您好'] }, '砍人', '堵门'] }", "您好砍人堵门", ""),
        // repeat
        ("{ repeat = '砍人', times = 2 }", "砍人", ""),
        ("{ repeat = '砍人', times = 2 }", "砍人|C:什么意思啊|砍人", "砍人+砍人"),
        ("{ repeat = '砍人', times = 2, within_s = 5 }", "砍人|C:什么意思啊|砍人", ""),
        ("{ repeat = { any = ['砍人', '堵门'] }, times = 3 }", "砍人堵门砍人", "砍人+堵门+砍人"),
        // speaker and window
        ("{ say = ['砍人'], window = { first_turns = 1 } }", "您好啊|C:什么意思啊|砍人", ""),
        ("{ say = ['砍人'], window = { last_turns = 1 } }", "您好啊|C:什么意思啊|砍人", "砍人"),
        ("{ say = ['砍人'], window = { to_s = 11 } }", "您好啊|C:什么意思啊|砍人", ""),
        ("{ say = ['砍人'], window = { from_s = 11 } }", "C:您好啊|您好啊|C:什么意思啊|砍人", "砍人"),
        ("{ say = ['砍人'], window = { from_percent = 50 } }", "您好啊|C:什么意思啊|砍人", "砍人"),
        ("{ say = ['砍人'], window = { to_percent = 50 } }", "您好啊|C:什么意思啊|砍人", ""),
        ("{ any = ['砍人', '堵门'], window = { first_turns = 1 } }", "堵门|C:什么意思啊|砍人", "堵门"),
        // What context takes back fills nothing else.
        ("{ all = ['砍人', '堵门'] }", "我们不会砍人|C:什么意思啊|堵门", ""),
        ("{ all = ['砍人', '堵门'] }", "我们不会砍人|C:什么意思啊|堵门砍人", "堵门+砍人"),
    ];
    let expressions: Vec<String> =
        rows.iter().map(|(expression, ..)| expression.replace('\'', "\"")).collect();
    let rules = rule_set(&expressions);
    let mut wrong = Vec::new();
    for (number, (expression, turns, expected)) in rows.iter().enumerate() {
        let found = hits(&rules, number, &call(turns), &CallFacts::default());
        if found != *expected {
            wrong.push(format!("{expression} in {turns}: {found}, not {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn entities() {
    for (kind, text, expected) in [
        ("amount", "您欠了三千五百块", "三千五百块"),
        ("amount", "欠18600元", "18600元"),
        ("amount", "一个人", ""),
        ("date", "下个月十五号还", "下个月 十五号"),
        ("date", "明天下午3点前", "明天 3点前"),
        ("phone", "电话138 0013 8000找我", "138 0013 8000"),
        ("phone", "110105194912310021", ""),
        ("id_number", "证件110105194912310021", "110105194912310021"),
        ("bank_card", "卡号6222 0212 3456 7890 128", "6222 0212 3456 7890 128"),
        ("person", "您好王先生", "王先生"),
        ("person", "您好先生", ""),
        ("relation", "你老婆知道吗", "老婆"),
        ("organisation", "我是星河银行的", "星河银行"),
    ] {
        let found = said(&format!("{{ all = [{{ entity = \"{kind}\" }}, {{ none = [\"无此\"] }}] }}"), text);
        // Hits this close are one finding.
        assert_eq!(found.replace('+', " "), expected, "{kind} in {text}");
    }
}

#[test]
fn calls_and_other_rules() {
    let family = CallFacts { contact: Some(Contact::Family), ..CallFacts::default() };
    for (expressions, facts, turns, expected) in [
        (vec!["{ all = ['砍人', { call = { contact = ['family'] } }] }"], &family, "砍人", "砍人"),
        (vec!["{ all = ['砍人', { call = { contact = ['employer'] } }] }"], &family, "砍人", ""),
        (
            vec!["{ all = ['砍人', { rule = 'rule.1' }] }", "'堵门'"],
            &family,
            "堵门|C:什么意思啊|砍人",
            "堵门+砍人",
        ),
        (
            vec!["{ all = ['砍人', { rule = 'rule.1' }] }", "'堵门'"],
            &family,
            "不会堵门|C:什么意思啊|砍人",
            "",
        ),
        (vec!["{ rule = 'rule.1' }", "{ none = ['录音'] }"], &family, "您好啊", "-"),
    ] {
        let expressions: Vec<String> = expressions.into_iter().map(|text| text.replace('\'', "\"")).collect();
        assert_eq!(
            hits(&rule_set(&expressions), 0, &call(turns), facts),
            expected,
            "{expressions:?} in {turns}"
        );
    }
}

#[test]
fn who_answers_is_judged_at_the_moment() {
    let turns = "C:喂|砍人|C:什么意思啊|请问是张三先生吗|C:是的我是|砍人|C:他不在我是他老婆|砍人";
    for (answered_by, expected) in [("debtor", 1), ("third", 1), ("unknown", 1)] {
        let expression =
            format!("{{ all = [\"砍人\", {{ call = {{ answered_by = [\"{answered_by}\"] }} }}] }}");
        assert_eq!(said(&expression, turns).split_whitespace().count(), expected, "{answered_by}");
    }
}

/// Words that may stand beside each other in any order, as numbers.
const WORDS: [&str; 3] = ["砍人", "堵门", "哈哈"];

/// Positions of the words, in characters, of a text of two-character words.
fn places(text: &[usize], word: usize) -> Vec<usize> {
    (0..text.len()).filter(|index| text[*index] == word).map(|index| index * 2).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn operators_agree_with_trying_everything(text in prop::collection::vec(0_usize..3, 1..9), within in 4_usize..12) {
        let words: String = text.iter().map(|word| WORDS[*word]).collect();
        let (a, b) = (places(&text, 0), places(&text, 1));
        let pair = |fits: &dyn Fn(usize, usize) -> bool| a.iter().any(|a| b.iter().any(|b| fits(*a, *b)));
        let off = |word| format!("{{ say = [\"{word}\"], phonetic = \"off\" }}");
        let both = format!("[{}, {}]", off(WORDS[0]), off(WORDS[1]));
        let rows = [
            (format!("{{ near = {both}, within = {within} }}"), pair(&|a, b| a.abs_diff(b) + 2 <= within)),
            (format!("{{ all = {both}, within_chars = {within} }}"), pair(&|a, b| a.abs_diff(b) + 2 <= within)),
            (format!("{{ all = {both} }}"), pair(&|_, _| true)),
            (format!("{{ sequence = {both}, within_chars = {within} }}"), pair(&|a, b| b >= a + 2 && b - a - 2 <= within)),
            (format!("{{ any = {both} }}"), !(a.is_empty() && b.is_empty())),
            (format!("{{ none = {both} }}"), a.is_empty() && b.is_empty()),
            (format!("{{ repeat = {}, times = 2, within_chars = {within} }}", off(WORDS[0])), a.windows(2).any(|two| two[1] - two[0] + 2 <= within)),
        ];
        let expressions: Vec<String> = rows.iter().map(|(expression, _)| expression.clone()).collect();
        let (rules, transcript) = (rule_set(&expressions), call(&words));
        for (number, (expression, expected)) in rows.iter().enumerate() {
            let found = hits(&rules, number, &transcript, &CallFacts::default());
            prop_assert_eq!(!found.is_empty(), *expected, "{} in {}: {}", expression, words, found);
        }
    }

    #[test]
    fn the_order_of_parts_changes_nothing(text in prop::collection::vec(0_usize..3, 1..9)) {
        let words: String = text.iter().map(|word| WORDS[*word]).collect();
        let expressions: Vec<String> = [("any", ""), ("all", ""), ("near", ", within = 8")]
            .iter()
            .flat_map(|(operator, within)| {
                let both = ["\"砍人\", \"堵门\"", "\"堵门\", \"砍人\""];
                both.map(|both| format!("{{ {operator} = [{both}]{within} }}"))
            })
            .collect();
        let (rules, transcript) = (rule_set(&expressions), call(&words));
        let found = |number| hits(&rules, number, &transcript, &CallFacts::default());
        for number in (0..expressions.len()).step_by(2) {
            prop_assert_eq!(found(number), found(number + 1), "{}", expressions[number]);
        }
    }
}
