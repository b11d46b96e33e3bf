//! Who answered: the debtor, a third person, or nobody knows yet.
//!
//! The record says whose number was called; the talk says who picked up. Decisions:
//!
//! - The debtor is confirmed by an answer to a check of the name (您是张三吗 — 是的) or by saying so (我就是, 我是本人).
//! - A third person shows by what he or she says (他不在, 我是他老婆, 打错了), or by agreeing to be one (您是他妈妈吧 — 是).
//! - The last that showed holds, for a phone may be handed on. A third person who shows was there all along, since the
//!   call began or the phone was handed on; the debtor is confirmed from the confirmation on.
//! - A number recorded as a relative's or an employer's is a third person's until the debtor is confirmed. A guarantor
//!   owes the debt and is no third person.

use std::sync::LazyLock;

use regex::Regex;

use crate::domain::{Contact, Speaker};
use crate::lexicon::Answerer;

use super::passage::Passage;

/// Who is on the line at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OnLine {
    /// As record and talk told up to then.
    pub known: Answerer,
    /// As the talk shows, then or later.
    pub shown: Answerer,
}

/// Who is on the line from passage to passage.
#[derive(Debug)]
pub(super) struct Party {
    moments: Vec<OnLine>,
    /// Each once.
    distinct: Vec<OnLine>,
}

/// A name check: 请问是张三先生吗, 您是李四本人吧.
static NAME_CHECK: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "(?:是|找|叫).{1,8}(?:吗|么|吧|对吗|对吧|本人)|(?:先生|女士|小姐|本人)(?:吗|么|吧|是吧|是吗|对吧)?$",
    )
});
/// A check whether the listener is somebody of the debtor's: 您是他母亲吧.
static RELATION_CHECK: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!("是.{{0,8}}(?:{RELATIONS}|单位|公司|领导|同事|朋友|联系人)(?:吗|么|吧|对吗|对吧|是吧)"))
});
static AGREES: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        "^(?:喂|哎|啊|嗯|唉|诶|哦|你好|您好){0,3}(?:是|对|没错|我是|我就是|在的|嗯$|你说|你讲|您说|怎么了|什么事|啥事)",
    )
});
static DENIES: LazyLock<Regex> =
    LazyLock::new(|| regex("^(?:喂|啊|嗯|哦|你好|您好){0,3}(?:不是|我不是|不对)"));
static IS_DEBTOR: LazyLock<Regex> = LazyLock::new(|| {
    regex("我就是(?:.{2,4}|本人)?(?:啊|呀|呢)?(?:$|你|您|怎|什|有)|我是本人|我本人|^(?:喂|嗯|啊|哦)?是我")
});
static IS_THIRD: LazyLock<Regex> = LazyLock::new(|| {
    regex(&format!(
        "我是(?:他|她|.{{2,3}})的?(?:{RELATIONS}|同事|朋友|领导|老板|房东|同学|室友|邻居|员工|店长|老师|班主任|师傅|徒弟)\
         |我是.{{0,4}}(?:前台|门卫|保安|人事)|这里是.{{0,6}}(?:前台|门卫|保安室|传达室)\
         |(?:他|她|本人)(?:现在|今天|这会儿|人|已经|早就|早|最近)?(?:不在|没在|出去了|出门了|上班去了|换号|不用这个|离职|搬走|搬家|走了)\
         |打错|拨错|找错人|没有?这个人|不认识(?:他|她|这个人|这人|你说的|这个|.{{2,3}}$)|我不是(?:他|她|本人|你找|你们找|你要找|.{{2,3}}$)\
         |(?:他|她)(?:电话|手机)在我|我跟(?:他|她)(?:离婚|分手|没关系)|我们?(?:已经)?离婚"
    ))
});

/// Family in the singular, as a person calls himself towards the debtor.
const RELATIONS: &str = "老婆|老公|妻子|丈夫|爱人|媳妇|对象|男朋友|女朋友|前妻|前夫|爸爸|妈妈|爸|妈|父亲|母亲|儿子|女儿|闺女|哥哥|弟弟|姐姐|妹妹|\
                         哥|弟|姐|妹|叔叔|舅舅|阿姨|姑姑|爷爷|奶奶|公公|婆婆|岳父|岳母|家属|家人|亲戚|表哥|表弟|表姐|表妹|侄子|外甥";

#[expect(clippy::expect_used, reason = "the patterns are fixed and compiled by a test")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a fixed pattern")
}

impl Party {
    /// Reads the talk once.
    pub fn new(passages: &[Passage], recorded: Option<Contact>) -> Self {
        let showings: Vec<Option<Answerer>> =
            (0..passages.len()).map(|index| shows(passages, index)).collect();
        let by_record =
            if recorded.is_some_and(Contact::is_third_party) { Answerer::Third } else { Answerer::Unknown };
        let mut moments = Vec::with_capacity(passages.len());
        let mut last = None;
        for (index, showing) in showings.iter().enumerate() {
            last = showing.or(last);
            let next = || showings[index..].iter().flatten().next().copied();
            let shown = last.or_else(next).unwrap_or(Answerer::Unknown);
            let unconfirmed = if shown == Answerer::Third { Answerer::Third } else { by_record };
            moments.push(OnLine { known: last.unwrap_or(unconfirmed), shown });
        }
        let mut distinct: Vec<OnLine> = Vec::new();
        for moment in &moments {
            if !distinct.contains(moment) {
                distinct.push(*moment);
            }
        }
        Self { moments, distinct }
    }

    /// While a passage is said.
    pub fn at(&self, passage: usize) -> OnLine {
        let nobody = OnLine { known: Answerer::Unknown, shown: Answerer::Unknown };
        self.moments.get(passage).copied().unwrap_or(nobody)
    }

    /// All that holds at some moment, each once.
    pub fn ever(&self) -> impl Iterator<Item = OnLine> {
        self.distinct.iter().copied()
    }

    /// Every moment, passage by passage.
    #[cfg(test)]
    pub fn moments(&self) -> impl Iterator<Item = OnLine> {
        self.moments.iter().copied()
    }
}

/// What a passage of the customer tells about who speaks.
fn shows(passages: &[Passage], index: usize) -> Option<Answerer> {
    let passage = &passages[index];
    if passage.speaker != Speaker::Customer {
        return None;
    }
    let text = passage.text.as_str();
    if IS_THIRD.is_match(text) {
        return Some(Answerer::Third);
    }
    let asked = passages[..index].iter().rfind(|earlier| earlier.speaker == Speaker::Agent);
    let asked = asked.map(|agent| agent.text.as_str());
    if asked.is_some_and(|text| NAME_CHECK.is_match(text)) && DENIES.is_match(text) {
        return Some(Answerer::Third);
    }
    if asked.is_some_and(|text| RELATION_CHECK.is_match(text)) && AGREES.is_match(text) {
        return Some(Answerer::Third);
    }
    let agrees = asked.is_some_and(|text| NAME_CHECK.is_match(text)) && AGREES.is_match(text);
    (agrees || IS_DEBTOR.is_match(text)).then_some(Answerer::Debtor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::passage::passages;
    use crate::detect::tests::call;

    /// Who is known to be on the line at the end of a call.
    fn at_the_end(turns: &str, recorded: Option<Contact>) -> Answerer {
        let transcript = call(turns);
        let party = Party::new(&passages(&transcript), recorded);
        party.moments().last().map_or(Answerer::Unknown, |on_line| on_line.known)
    }

    #[test]
    fn the_talk_shows_who_answered() {
        use Answerer::{Debtor, Third, Unknown};
        for (turns, expected) in [
            ("C:喂|请问是张三先生吗|C:是的|好的", Debtor),
            ("C:喂|请问您是张三本人吗|C:嗯是我啊|好的", Debtor),
            ("C:喂|您好|C:我就是你说吧|好的", Debtor),
            ("C:喂你好|您好这里是客服中心|C:什么事情啊|好的", Unknown),
            ("C:喂|请问是张三先生吗|C:不是你打错了|好的", Third),
            ("C:喂|请问是张三先生吗|C:他不在我是他老婆|好的", Third),
            ("C:喂|请问您是张三的母亲吗|C:是的怎么了|好的", Third),
            ("C:喂|找一下张三|C:不认识这个人|好的", Third),
            ("C:喂|找一下张三|C:我是他室友他出门了|好的", Third),
            ("C:喂|找一下张三|C:我是公司前台|好的", Third),
            ("C:喂|找一下张三|C:这里是小区保安室|好的", Third),
            ("C:喂|请问是张三先生吗|C:他不在|让他接电话|C:我就是张三你说|好的", Debtor),
            ("请问是张三先生吗|好的是的", Unknown),
        ] {
            assert_eq!(at_the_end(turns, None), expected, "{turns}");
        }
    }

    #[test]
    fn the_record_speaks_until_the_talk_does() {
        use Answerer::{Debtor, Third, Unknown};
        for (turns, recorded, expected) in [
            ("C:喂|您好", Some(Contact::Family), Third),
            ("C:喂|您好", Some(Contact::Guarantor), Unknown),
            ("C:喂|您好", Some(Contact::Debtor), Unknown),
            ("C:喂|请问是张三先生吗|C:是的|好的", Some(Contact::Other), Debtor),
        ] {
            assert_eq!(at_the_end(turns, recorded), expected, "{turns} {recorded:?}");
        }
    }

    #[test]
    fn who_shows_late_was_there_before() {
        let transcript = call("C:喂|您好|C:我是他老婆|好的");
        let party = Party::new(&passages(&transcript), None);
        assert!(party.moments().all(|on_line| on_line.known == Answerer::Third));
        let transcript = call("C:喂|您是张三吗|C:对我是|好的");
        let party = Party::new(&passages(&transcript), None);
        let known: Vec<Answerer> = party.moments().map(|on_line| on_line.known).collect();
        assert_eq!(known[1..], [Answerer::Unknown, Answerer::Debtor, Answerer::Debtor]);
    }
}
