//! What the pages say, in both languages.

use std::collections::BTreeMap;

use crate::domain::{Category, Severity, Tier};
use crate::store::{FindingState, Rejection, Role};

/// The language of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    Chinese,
    English,
}

/// Key, Chinese, English.
const WORDS: &[(&str, &str, &str)] = &[
    ("title", "催收通话质检", "Call review"),
    ("skip", "跳到正文", "Skip to content"),
    ("queue", "待办队列", "Queue"),
    ("sign_in", "登录", "Sign in"),
    ("sign_out", "退出", "Sign out"),
    ("name", "用户名", "Name"),
    ("password", "密码", "Password"),
    ("wrong", "用户名或密码不正确。", "Wrong name or password."),
    ("other_language", "English", "中文"),
    ("state", "状态", "State"),
    ("category", "类别", "Category"),
    ("severity", "严重程度", "Severity"),
    ("agent", "坐席", "Agent"),
    ("assigned", "分派给", "Assigned to"),
    ("mine", "只看分派给我的", "Assigned to me"),
    ("from", "自", "From"),
    ("to", "至", "To"),
    ("filter", "筛选", "Filter"),
    ("reset", "清除", "Reset"),
    ("all", "全部", "All"),
    ("finding", "问题", "Finding"),
    ("quote", "原话", "Words"),
    ("day", "日期", "Day"),
    ("call", "通话", "Call"),
    ("next_page", "下一页", "Next page"),
    ("first_page", "回到首页", "First page"),
    ("none", "没有符合条件的问题。", "Nothing here."),
    ("count", "项", "findings"),
    ("more_than", "多于", "more than"),
    ("recording", "录音", "Recording"),
    ("no_recording", "没有录音可播放。", "There is no recording to play."),
    ("play_here", "从这里播放", "Play"),
    ("machine", "机器判断", "Machine"),
    ("human", "人工判断", "Human"),
    ("confirm", "确认", "Confirm"),
    ("reject", "驳回", "Reject"),
    ("reason", "驳回理由", "Reason"),
    ("comment", "备注", "Comment"),
    ("appeal", "提出申诉", "File an appeal"),
    ("appeal_grounds", "坐席申诉理由", "The agent's grounds"),
    ("appeal_due", "处理期限", "Due"),
    ("decide", "处理申诉", "Decide the appeal"),
    ("uphold", "维持原判", "Uphold"),
    ("overturn", "撤销该项", "Overturn"),
    ("decision_grounds", "处理理由", "Grounds of the decision"),
    ("assign", "分派", "Assign"),
    ("nobody", "（无）", "(nobody)"),
    ("history", "处理记录", "History"),
    ("confirmed_by", "确认", "confirmed"),
    ("rejected_by", "驳回", "rejected"),
    ("appealed_by", "提出申诉", "appealed"),
    ("decided_by", "处理申诉", "decided"),
    (
        "keys",
        "快捷键：J/K 下一项/上一项，空格 播放，C 确认，R 驳回，N 下一通，? 显示本行",
        "Keys: J/K next/previous finding, Space play, C confirm, R reject, N next call, ? this line",
    ),
    ("next_call", "下一通待办", "Next call"),
    ("prev_states", "机器结论与人工结论分开保存", "Machine and human verdicts are kept apart"),
    ("back", "返回队列", "Back to the queue"),
    (
        "masked",
        "身份证、银行卡、电话号码已遮盖，录音中以提示音覆盖",
        "Personal numbers are masked and covered by a tone",
    ),
    ("unmasked", "您的角色可见未遮盖的内容", "Your role sees everything unmasked"),
    ("overdue", "已逾期", "overdue"),
    ("confidence", "把握", "Confidence"),
];

impl Language {
    /// As in `<html lang>`.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }

    fn pick(self, chinese: &'static str, english: &'static str) -> &'static str {
        match self {
            Self::Chinese => chinese,
            Self::English => english,
        }
    }

    /// All words by key, for templates.
    pub(super) fn words(self) -> BTreeMap<&'static str, &'static str> {
        WORDS.iter().map(|(key, chinese, english)| (*key, self.pick(chinese, english))).collect()
    }

    pub(super) fn state(self, state: FindingState) -> &'static str {
        match state {
            FindingState::Open => self.pick("待复核", "Open"),
            FindingState::Confirmed => self.pick("已确认", "Confirmed"),
            FindingState::Rejected => self.pick("已驳回", "Rejected"),
            FindingState::Appealed => self.pick("申诉中", "Appealed"),
            FindingState::Upheld => self.pick("申诉后维持", "Upheld"),
            FindingState::Overturned => self.pick("申诉后撤销", "Overturned"),
        }
    }

    pub(super) fn reason(self, reason: Rejection) -> &'static str {
        match reason {
            Rejection::NotSaid => self.pick("识别有误，没有这样说", "Misheard"),
            Rejection::NotMeant => self.pick("说了，但不是这个意思", "Said, not meant so"),
            Rejection::WrongSpeaker => self.pick("不是坐席说的", "Said by somebody else"),
            Rejection::Allowed => self.pick("此情形允许", "Allowed here"),
            Rejection::Other => self.pick("其他", "Other"),
        }
    }

    pub(super) fn role(self, role: Role) -> &'static str {
        match role {
            Role::Qa => self.pick("质检员", "QA"),
            Role::Supervisor => self.pick("主管", "Supervisor"),
            Role::Compliance => self.pick("合规", "Compliance"),
            Role::Viewer => self.pick("只读", "Viewer"),
        }
    }

    pub(super) fn severity(self, severity: Severity) -> &'static str {
        self.pick(severity.name_zh(), severity.id())
    }

    pub(super) fn tier(self, tier: Tier) -> &'static str {
        match tier {
            Tier::Violation => self.pick("违规", "violation"),
            Tier::Review => self.pick("待复核", "review"),
        }
    }

    pub(super) fn category(self, category: Category) -> &'static str {
        self.pick(category.name_zh(), category.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_there_once_in_both_languages() {
        assert_eq!(Language::Chinese.words().len(), WORDS.len());
        assert!(WORDS.iter().all(|(_, chinese, english)| !chinese.is_empty() && !english.is_empty()));
    }

    #[test]
    fn every_word_is_used() {
        let templates = ["desk", "desk_nav", "desk_call", "desk_finding", "queue", "sign_in"].map(|name| {
            let path = format!("{}/src/review/templates/{name}.html", env!("CARGO_MANIFEST_DIR"));
            std::fs::read_to_string(path).unwrap()
        });
        let unused: Vec<_> = WORDS
            .iter()
            .map(|(key, ..)| *key)
            // What was done stands in the history by its key.
            .filter(|key| !key.ends_with("_by"))
            .filter(|key| !templates.iter().any(|text| text.contains(&format!("t.{key}"))))
            .collect();
        assert!(unused.is_empty(), "{unused:?}");
    }
}
