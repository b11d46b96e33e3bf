//! Words that take back what stands beside them: denial, advice against, other people's words.

/// A word of context and how far it reaches.
#[derive(Debug)]
pub(super) struct Cue {
    pub words: &'static [&'static str],
    /// Most characters between the cue and the hit.
    pub reach: usize,
    /// What must not come right before the cue: 会不会 is no denial.
    pub not_after: &'static [&'static str],
    /// What must not come right behind it: 不要脸 is no advice.
    pub not_before: &'static [&'static str],
    /// What must not stand between the cue and the hit: a new thought begins there.
    pub barriers: &'static [&'static str],
}

/// Conjunctions behind which the earlier half of the sentence no longer rules.
const TURNS: &[&str] =
    &["就", "否则", "不然", "的话", "但", "可是", "不过", "而是", "只能", "只好", "除非", "所以", "我告诉你"];

/// What a speaker denies about himself, or says is not so, before the hit.
pub(super) const NEGATIONS: &[Cue] = &[
    Cue {
        words: &[
            "不会",
            "不可能",
            "不能",
            "不可以",
            "不得",
            "不准",
            "不允许",
            "不应该",
            "不应当",
            "不敢",
            "无权",
            "没有权",
            "没权",
            "不存在",
            "绝不",
            "决不",
            "绝对不",
            "从不",
            "从来不",
            "从来没",
            "从没",
            "禁止",
            "严禁",
            "杜绝",
            "避免",
            "并非",
            "不属于",
            "不构成",
        ],
        reach: 8,
        not_after: &["会", "能", "可", "准", "敢", "该", "我就", "你要是", "您要是"],
        not_before: &["不", "放过", "让你", "让您", "善罢", "罢休", "客气", "手软", "轻", "还", "吗"],
        barriers: TURNS,
    },
    Cue {
        words: &["没有", "没说", "没让", "没要", "没叫", "没想", "没在", "没打算", "未", "也没", "并没"],
        reach: 6,
        not_after: &["有", "是", "如果", "要是", "再", "还", "若"],
        not_before: &["还", "钱", "能力", "办法", "用", "吗"],
        barriers: &[
            "就", "否则", "不然", "的话", "但", "可是", "不过", "而是", "只能", "只好", "所以", "我", "你",
            "您",
        ],
    },
    Cue {
        words: &["不是", "并不是", "不算"],
        reach: 6,
        not_after: &["是", "可", "还", "要", "这", "岂"],
        not_before: &["吗", "我说", "我吓", "开玩笑", "闹着玩"],
        barriers: TURNS,
    },
    // Advice to the customer. Words of his own threats (别逼我) are no advice.
    Cue {
        words: &["不要", "请勿", "切勿", "不用", "不必", "不需要", "无需", "切记不", "千万别"],
        reach: 8,
        not_after: &["要", "用", "谁让你"],
        not_before: &["逼", "怪", "等", "以为", "想", "给脸", "跟我", "脸", "让我", "再", "装", "耍", "还"],
        barriers: &["就", "否则", "不然", "的话", "但", "可是", "不过", "而是", "只能", "我"],
    },
    Cue {
        words: &["别"],
        reach: 6,
        not_after: &["特", "区", "分", "个", "级", "类", "差", "识", "性", "离", "告"],
        not_before: &[
            "人", "的", "墨", "说", "逼", "怪", "等", "以为", "想", "给", "跟", "让", "再", "装", "废话",
            "耍", "管", "家", "处", "还",
        ],
        barriers: &["就", "否则", "不然", "的话", "但", "可是", "不过", "而是", "只能", "我"],
    },
];

/// What takes a hit back from behind: 砍死你这种话我们不会说, 那是诈骗.
pub(super) const NEGATIONS_BEHIND: &[Cue] = &[Cue {
    words: &[
        "是违法的",
        "是违规的",
        "是不允许",
        "是不可能",
        "是不对的",
        "是不存在",
        "是禁止",
        "属于违规",
        "属于违法",
        "我们不会",
        "我们不做",
        "我们绝不",
        "我们不能",
        "是骗人的",
        "是诈骗",
        "是假的",
        "都是假的",
        "不要相信",
        "不要信",
        "请勿相信",
        "不可信",
        "请举报",
        "可以举报",
        "及时举报",
        "请报警",
        "可以报警",
        "及时报警",
    ],
    reach: 6,
    not_after: &[],
    not_before: &["放过", "罢休", "客气", "让你", "让您"],
    barriers: &["就", "否则", "不然", "的话", "但"],
}];

/// Whose words the hit is told as.
pub(super) const QUOTATIONS: &[Cue] = &[
    Cue {
        words: &["你说", "您说", "你讲", "您讲"],
        reach: 10,
        not_after: &["跟", "和", "对", "给", "告诉", "替", "帮"],
        not_before: &[
            "你", "您", "怎么", "吧", "呢", "我", "说", "这", "看", "要", "吗", "该", "不", "没", "什么",
            "多少", "了算",
        ],
        barriers: TURNS,
    },
    Cue {
        words: &[
            "你刚才说",
            "您刚才说",
            "你刚刚说",
            "您刚刚说",
            "你提到",
            "您提到",
            "您反映",
            "您反馈",
            "您投诉",
            "您的意思",
            "您是说",
            "您担心",
            "您害怕",
            "您听说",
            "听说",
            "据说",
            "网上说",
            "网上传",
            "网传",
            "有人说",
            "别人说",
            "人家说",
            "您骂我",
            "你骂我",
            "他说",
            "她说",
            "他们说",
            "谁说",
            "谁告诉",
            "谁跟你说",
            "谁跟您说",
        ],
        reach: 14,
        not_after: &["跟", "和", "对", "给", "替", "其"],
        not_before: &["了算"],
        barriers: TURNS,
    },
    Cue {
        words: &[
            "如果有人",
            "要是有人",
            "若有人",
            "假如有人",
            "有人自称",
            "有人冒充",
            "有人打电话",
            "有人给您打",
            "有人以",
            "凡是",
            "任何人",
            "任何自称",
            "遇到",
            "碰到",
            "接到",
            "收到过",
            "自称",
            "声称",
            "谎称",
            "谨防",
            "警惕",
            "提防",
            "防范",
            "严防",
            "不法分子",
            "诈骗分子",
            "犯罪分子",
            "骗子会",
            "骗子说",
            "骗子冒充",
            "所谓",
            "以前的催收",
            "之前的催收",
            "之前的同事",
            "别的公司",
            "其他公司",
            "别的平台",
            "其他平台",
            "有的公司",
            "有些公司",
            "有的平台",
            "有些平台",
        ],
        reach: 14,
        not_after: &["我"],
        not_before: &[],
        barriers: &["我告诉你", "我就", "我们就", "否则", "不然"],
    },
];

/// Ends of a clause that ask.
pub(super) const QUESTION_ENDS: &[&str] = &["吗", "么", "呢", "没有", "是吧", "对吧"];
/// Beginnings that ask.
pub(super) const QUESTION_STARTS: &[&str] =
    &["是不是", "是否", "有没有", "会不会", "能不能", "要不要", "难道", "为什么", "怎么会"];
/// What makes 不是 … a rhetorical question, which affirms: 你不是老赖吗, 不是老赖是什么.
pub(super) const RHETORICAL_ENDS: &[&str] = &["吗", "么", "是什么", "是啥"];
