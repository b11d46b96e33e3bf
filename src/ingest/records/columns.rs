//! The columns of call records: what they are called, and which field they fill.

use std::collections::BTreeSet;

pub use mapping::Mapping;

mod mapping;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    CallId,
    Recording,
    StartedAt,
    Duration,
    Agent,
    Team,
    Debtor,
    Contact,
    Number,
    Direction,
    Answered,
    Timezone,
    ConsentWindow,
    Lender,
    Product,
}

/// Names of each column as [`normal`] leaves them, the one used in messages first, then a Chinese one.
const NAMES: [(Column, &str); 15] = [
    (
        Column::CallId,
        "callid 通话编号 通话id 通话号 通话流水号 通话唯一标识 话单号 话单编号 流水号 呼叫id 呼叫编号 \
         录音编号 录音id 会话id sessionid uniqueid",
    ),
    (
        Column::Recording,
        "recording 录音文件 录音文件名 录音 录音名称 录音路径 录音地址 文件名 文件 recordingfile \
         recordfile filename file path audio",
    ),
    (
        Column::StartedAt,
        "startedat 开始时间 通话开始时间 呼叫时间 呼叫开始时间 拨打时间 通话时间 通话日期时间 \
         起始时间 starttime calltime start begintime datetime timestamp",
    ),
    (
        Column::Duration,
        "durations 时长 通话时长 录音时长 通话秒数 计费时长 duration seconds talktime billsec",
    ),
    (
        Column::Agent,
        "agentid 坐席 座席 坐席编号 坐席工号 座席工号 坐席id 工号 坐席姓名 催收员 催收员工号 员工编号 \
         agent agentname operator collector collectorid",
    ),
    (
        Column::Team,
        "team 团队 组别 小组 班组 部门 外包团队 委外机构 受托机构 催收机构 外包机构 group department agency vendor",
    ),
    (
        Column::Debtor,
        "debtorid 债务人 债务人编号 债务人id 借款人 借款人编号 客户 客户编号 客户号 客户id 案件编号 \
         案件号 debtor customer customerid borrower borrowerid caseid",
    ),
    (
        Column::Contact,
        "contact 联系对象 联系人类型 联系人关系 对象 关系 与债务人关系 与借款人关系 与本人关系 \
         被叫关系 contacttype relation relationship",
    ),
    (
        Column::Number,
        "number 号码 电话 电话号码 手机号 手机号码 联系电话 被叫 被叫号码 客户号码 外呼号码 phone \
         phonenumber callee calledno callednumber",
    ),
    (Column::Direction, "direction 方向 呼叫方向 通话方向 呼叫类型 通话类型 calldirection calltype"),
    (
        Column::Answered,
        "answered 接通 是否接通 接通状态 接听 是否接听 通话状态 呼叫结果 connected isanswered",
    ),
    (Column::Timezone, "timezone 时区 债务人时区 tz"),
    (
        Column::ConsentWindow,
        "consentwindow 同意时段 同意联系时段 同意拨打时段 约定时段 约定联系时段 可联系时段 \
         consenthours",
    ),
    (
        Column::Lender,
        "lender 放款机构 贷款机构 出借机构 出借人 债权人 委托方 委托机构 委案方 creditor client",
    ),
    (Column::Product, "product 产品 产品名称 贷款产品 业务类型 产品类型 loanproduct producttype"),
];

/// Signs that part words in a name and mean nothing.
const IGNORED_SIGNS: [char; 7] = ['_', '-', ' ', '.', '*', '\u{3000}', '\u{feff}'];
/// Units a name may state, because they are the ones expected.
const STATED_UNITS: [&str; 8] = ["(秒)", "（秒）", "(s)", "(sec)", "(seconds)", "（s）", "/秒", "(h:mm:ss)"];

impl Column {
    pub const ALL: [Self; 15] = [
        Self::CallId,
        Self::Recording,
        Self::StartedAt,
        Self::Duration,
        Self::Agent,
        Self::Team,
        Self::Debtor,
        Self::Contact,
        Self::Number,
        Self::Direction,
        Self::Answered,
        Self::Timezone,
        Self::ConsentWindow,
        Self::Lender,
        Self::Product,
    ];

    /// The column that `header` names.
    pub fn from_header(header: &str) -> Option<Self> {
        let wanted = normal(header);
        NAMES.iter().find(|(_, names)| names.split(' ').any(|name| name == wanted)).map(|(column, _)| *column)
    }

    /// The field's name in messages.
    pub fn name(self) -> &'static str {
        match self {
            Self::CallId => "call_id",
            Self::Recording => "recording",
            Self::StartedAt => "started_at",
            Self::Duration => "duration_s",
            Self::Agent => "agent_id",
            Self::Team => "team",
            Self::Debtor => "debtor_id",
            Self::Contact => "contact",
            Self::Number => "number",
            Self::Direction => "direction",
            Self::Answered => "answered",
            Self::Timezone => "timezone",
            Self::ConsentWindow => "consent_window",
            Self::Lender => "lender",
            Self::Product => "product",
        }
    }

    /// The field's name, and a Chinese one.
    pub fn names(self) -> String {
        let names = NAMES.iter().find(|(column, _)| *column == self).map_or("", |(_, names)| names);
        format!("{} ({})", self.name(), names.split(' ').nth(1).unwrap_or_default())
    }
}

/// The columns of a source.
#[derive(Debug, Clone, Default)]
pub struct Names {
    pub known: BTreeSet<Column>,
    /// Columns that mean nothing here, or repeat another, in the order of their first appearance.
    pub ignored: Vec<String>,
}

impl Names {
    /// The first column of a meaning counts; a second one is ignored, and reported as such.
    pub fn field(&mut self, header: &str, mapping: &Mapping) -> Option<Column> {
        let column = mapping.column(header).filter(|column| self.known.insert(*column));
        if column.is_none() {
            self.ignore(header);
        }
        column
    }

    pub fn add(&mut self, known: BTreeSet<Column>, ignored: Vec<String>) {
        self.known.extend(known);
        for name in ignored {
            self.ignore(&name);
        }
    }

    fn ignore(&mut self, header: &str) {
        let header = header.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned();
        if !header.is_empty() && !self.ignored.contains(&header) {
            self.ignored.push(header);
        }
    }

    /// True if any column can tell which call a row is about.
    pub fn name_calls(&self) -> bool {
        self.known.contains(&Column::CallId) || self.known.contains(&Column::Recording)
    }
}

fn normal(header: &str) -> String {
    let mut name = header.trim().to_lowercase();
    for unit in STATED_UNITS {
        name = name.replace(unit, "");
    }
    name.replace(IGNORED_SIGNS, "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::CallRecord;

    #[test]
    fn headers() {
        let cases = [
            ("call_id", Some(Column::CallId)),
            ("Call ID", Some(Column::CallId)),
            ("\u{feff}通话编号", Some(Column::CallId)),
            ("录音文件", Some(Column::Recording)),
            ("开始时间", Some(Column::StartedAt)),
            ("started_at", Some(Column::StartedAt)),
            ("duration_s", Some(Column::Duration)),
            ("时长", Some(Column::Duration)),
            ("通话时长（秒）", Some(Column::Duration)),
            ("通话时长(分钟)", None),
            ("坐席", Some(Column::Agent)),
            ("债务人", Some(Column::Debtor)),
            ("联系对象", Some(Column::Contact)),
            ("号码", Some(Column::Number)),
            ("主叫号码", None),
            ("方向", Some(Column::Direction)),
            ("接通", Some(Column::Answered)),
            ("时区", Some(Column::Timezone)),
            ("同意时段", Some(Column::ConsentWindow)),
            ("放款机构", Some(Column::Lender)),
            ("贷款机构", Some(Column::Lender)),
            ("产品", Some(Column::Product)),
            ("备注", None),
            ("", None),
        ];
        for (header, expected) in cases {
            assert_eq!(Column::from_header(header), expected, "{header}");
        }
    }

    #[test]
    fn no_name_means_two_columns() {
        let mut names: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.split(' ')).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(names.iter().all(|name| normal(name) == *name));
    }

    #[test]
    fn every_field_of_a_record_has_its_own_name_as_header() {
        let full = CallRecord { team: Some("T".to_owned()), ..CallRecord::default() };
        let record = serde_json::to_value(full).unwrap();
        for field in record.as_object().unwrap().keys() {
            assert_eq!(Column::from_header(field).map(Column::name), Some(field.as_str()));
        }
    }
}
