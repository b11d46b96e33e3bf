//! Machine lines in Chinese: what could not be judged, and why a call failed. Programs read the English in the files;
//! people read pages. What is not known here stays as it is.

use crate::domain::CheckItem;

/// What a line of `not_judged` is about, where it is no rule.
const SUBJECTS: [(&str, &str); 6] = [
    ("timing", "拨打时段与频次"),
    ("conduct", "说话方式"),
    ("script", "话术流程"),
    ("contact", "联系对象"),
    ("product", "产品"),
    ("direction", "呼叫方向"),
];

/// Reasons, the longer before those they begin with. `{}` takes the rest of the line.
const REASONS: [(&str, &str); 20] = [
    ("no call record", "没有对应的通话记录"),
    ("no started_at", "通话记录没有开始时间"),
    ("no contact", "通话记录没有联系对象"),
    ("no debtor_id", "通话记录没有债务人"),
    ("no number", "通话记录没有号码"),
    ("no answered", "通话记录没有接通状态"),
    ("no duration_s, so the end of the call is not known", "通话记录没有时长，不知何时结束"),
    ("no duration_s", "通话记录没有时长"),
    ("no timezone", "通话记录没有时区"),
    ("no earlier call to the debtor in the records", "记录中没有此前致电债务人的通话"),
    ("no text in force on ", "{} 当日没有有效的规则文本"),
    ("no holiday table for ", "没有 {} 的节假日安排表"),
    ("no text in force", "通话当日没有有效的规则文本"),
    ("no holiday table", "没有通话当年的节假日安排表"),
    ("no agent_id", "通话记录没有坐席"),
    ("no lender", "通话记录没有委托机构"),
    ("no product", "通话记录没有产品"),
    ("no audited calls to find refusals in", "没有质检过的通话，无从得知是否曾要求不再联系"),
    ("records cannot tell, read the text", "条文没有可由记录判断的数值"),
    ("unknown timezone ", "时区 {} 无法识别"),
];

/// Why a call failed: words of the cause, and what they come to.
const CAUSES: [(&str, &str); 25] = [
    ("header bytes", "文件不完整"),
    ("is cut short", "文件不完整，只有一部分录音"),
    ("is empty", "文件是空的"),
    ("does not exist", "文件不存在"),
    ("cannot be read from ffmpeg", "ffmpeg 没有给出声音"),
    ("cannot be read", "文件无法读取"),
    ("is a directory", "这是文件夹，不是录音"),
    ("holds text, not sound", "文件内容是文字，不是声音"),
    ("is no kind of recording", "不是已知的录音格式"),
    ("holds no sound", "录音从头到尾没有声音"),
    ("holds no samples", "录音里没有声音数据"),
    ("has no channel", "录音没有声道"),
    ("holds several recordings", "一个文件里有几段录音"),
    ("more than 4 GB", "录音超过 4 GB"),
    ("recording is longer than", "录音超过时长上限"),
    ("ffmpeg is not installed", "这种格式要靠 ffmpeg 解码，而 ffmpeg 没有安装"),
    ("needs ffmpeg", "ffmpeg 无法启动"),
    ("changes its sample rate", "录音中途改变了采样率或声道"),
    (" channels", "声道超过两个"),
    ("is sampled at", "采样率不在可用范围内"),
    ("damaged", "录音文件已损坏"),
    ("decode", "录音无法解码"),
    ("no speech model is loaded", "没有载入语音模型"),
    ("no memory for another whisper state", "内存不足，无法识别"),
    ("speech recognition failed", "语音识别失败"),
];

/// What to try: words of the hint, and what they come to.
const HINTS: [(&str, &str); 19] = [
    ("copy the recording again", "重新复制这段录音，或不审计这一通"),
    ("fetch the file again", "从录音系统重新取一次文件"),
    ("finished writing", "确认录音系统已写完文件"),
    ("may be read by this user", "确认文件存在、完整，并且当前用户有权读取"),
    ("name a recording", "请指定录音文件"),
    ("convert", "转换成 WAV、FLAC 或 MP3 后再审计"),
    ("cut it into calls", "按通话切分录音，或用 --max-minutes 放宽上限"),
    ("split it", "按通话拆成单独的文件"),
    ("keep two", "只保留两个声道，每位说话人一个"),
    ("record at 8000 Hz", "请用 8000 至 192000 Hz 采样"),
    ("install ffmpeg", "安装 ffmpeg，或转换成 WAV"),
    ("recorder's line", "检查录音线路"),
    ("model fetch", "先下载模型：callaudit model fetch base"),
    ("its name misleads", "检查文件来源，文件名与内容不符"),
    ("check the path", "检查路径"),
    ("the ffmpeg on the PATH", "检查 PATH 中的 ffmpeg"),
    ("fetch or import the model again", "重新下载或导入模型，用 callaudit model verify 核对"),
    ("please report this", "其他通话不受影响；请反馈这个问题，并说明录音格式"),
    ("--jobs", "减少 --jobs 后重试"),
];

/// A line of `not_judged`, `what: why`. A rule is named by its title, which the checklist knows.
pub(super) fn not_judged(line: &str, checklist: &[CheckItem]) -> String {
    let Some((what, why)) = line.split_once(": ") else { return line.to_owned() };
    format!("{}：{}", subject(what, checklist), reason(why))
}

fn subject(what: &str, checklist: &[CheckItem]) -> String {
    let rule = what.strip_prefix("timing.").unwrap_or(what);
    if let Some(item) = checklist.iter().find(|item| item.rule == rule) {
        return item.title.clone();
    }
    match SUBJECTS.iter().find(|(id, _)| *id == what) {
        Some((_, name)) => (*name).to_owned(),
        None if rule != what => format!("拨打规则 {rule}"),
        None => what.to_owned(),
    }
}

/// Why something was not judged.
#[must_use]
pub fn reason(why: &str) -> String {
    if let Some(told) = why.strip_prefix("started_at `").and_then(|rest| rest.split('`').next()) {
        return format!("开始时间“{told}”无法识别");
    }
    let known = REASONS.iter().find_map(|(words, chinese)| {
        let rest = why.strip_prefix(words)?;
        (rest.is_empty() || chinese.contains("{}")).then(|| chinese.replace("{}", rest.trim_matches('`')))
    });
    known.unwrap_or_else(|| why.to_owned())
}

/// What went wrong with a call, where it is known.
pub(super) fn cause(cause: &str) -> Option<&'static str> {
    CAUSES.iter().find(|(words, _)| cause.contains(words)).map(|(_, chinese)| *chinese)
}

/// What to try, where it is known.
pub(super) fn hint(hint: &str) -> Option<&'static str> {
    HINTS.iter().find(|(words, _)| hint.contains(words)).map(|(_, chinese)| *chinese)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Category;

    #[test]
    fn lines_are_told_in_chinese() {
        let checklist = [
            CheckItem::passed("mainland.hours", "夜间不拨打", Category::OutsideHours),
            CheckItem::passed("required.amount", "未说明金额", Category::MissingAmount),
        ];
        for (line, told) in [
            ("timing: no call record", "拨打时段与频次：没有对应的通话记录"),
            ("timing.mainland.hours: no started_at", "夜间不拨打：通话记录没有开始时间"),
            ("timing.us: no timezone", "拨打规则 us：通话记录没有时区"),
            ("timing.x.y: no holiday table for 2027-01-01", "拨打规则 x.y：没有 2027-01-01 的节假日安排表"),
            ("timing.us: unknown timezone `Mars`", "拨打规则 us：时区 Mars 无法识别"),
            ("timing.us: started_at `soon` is not understood", "拨打规则 us：开始时间“soon”无法识别"),
            (
                "timing.mainland.hours: no duration_s, so the end of the call is not known",
                "夜间不拨打：通话记录没有时长，不知何时结束",
            ),
            ("required.amount: 坐席说话过少，无法判断", "未说明金额：坐席说话过少，无法判断"),
            ("contact: 通话记录没有联系对象", "联系对象：通话记录没有联系对象"),
            ("something else", "something else"),
        ] {
            assert_eq!(not_judged(line, &checklist), told);
        }
    }

    #[test]
    fn causes_and_hints_are_told_in_chinese() {
        for (english, chinese) in [
            ("is cut short: its header promises 9.0 s, 3.0 s are there", Some("文件不完整，只有一部分录音")),
            (
                "holds amr sound of a kind that only ffmpeg decodes, and ffmpeg is not installed",
                Some("这种格式要靠 ffmpeg 解码，而 ffmpeg 没有安装"),
            ),
            ("is a damaged WAV file: no data", Some("录音文件已损坏")),
            ("cannot be decoded: eof", Some("录音无法解码")),
            ("has 6 channels", Some("声道超过两个")),
            ("is made of cheese", None),
        ] {
            assert_eq!(cause(english), chinese, "{english}");
        }
        assert_eq!(hint("convert it to WAV, FLAC or MP3"), Some("转换成 WAV、FLAC 或 MP3 后再审计"));
        assert_eq!(hint("think again"), None);
    }
}
