//! `findings.csv`: one row a finding, for spreadsheets, in Chinese.

use std::io;

use crate::domain::{CallReport, Finding};
use crate::text::to_simplified;

use super::{table, words};

const HEADER: [&str; 24] = [
    "通话编号",
    "结论",
    "评分",
    "类别",
    "严重程度",
    "认定",
    "说话人",
    "开始",
    "原话",
    "对应内容",
    "说明",
    "依据",
    "证据",
    "置信度",
    "开始秒",
    "结束秒",
    "规则",
    "类别代码",
    "发现编号",
    "通话时间",
    "坐席工号",
    "债务人",
    "录音文件",
    "再听",
];

/// The mark and the header row.
pub(super) fn head() -> io::Result<Vec<u8>> {
    table::head(HEADER.map(str::to_owned).to_vec())
}

/// The rows of one call. A call that could not be audited has one row that says so: it must not look like a clean one.
pub(super) fn rows_of(report: &CallReport) -> io::Result<Vec<u8>> {
    match &report.error {
        Some(error) => {
            let explanation = format!("{error}（{}）", error.hint);
            table::rows([row(report, None, &explanation)])
        }
        None => table::rows(
            report.findings.iter().map(|finding| row(report, Some(finding), &finding.explanation)),
        ),
    }
}

fn row(report: &CallReport, finding: Option<&Finding>, explanation: &str) -> Vec<String> {
    let of = |cell: fn(&Finding) -> String| finding.map(cell).unwrap_or_default();
    let record = report.record.as_ref();
    vec![
        report.call_id.to_string(),
        report.verdict.name_zh().to_owned(),
        finding.map(|_| report.score.to_string()).unwrap_or_default(),
        of(|finding| finding.category.name_zh().to_owned()),
        of(|finding| finding.severity.name_zh().to_owned()),
        of(|finding| finding.tier.name_zh().to_owned()),
        of(|finding| words::speaker_zh(finding.speaker).to_owned()),
        of(|finding| finding.start_s.map(words::clock).unwrap_or_default()),
        of(|finding| to_simplified(&finding.quote)),
        of(|finding| finding.meant.clone()),
        explanation.to_owned(),
        of(|finding| finding.basis.join("；")),
        of(|finding| words::grade_zh(finding.grade).to_owned()),
        of(|finding| format!("{:.2}", finding.confidence)),
        of(|finding| seconds(finding.start_s)),
        of(|finding| seconds(finding.end_s)),
        of(|finding| finding.rule.clone()),
        of(|finding| finding.category.id().to_owned()),
        of(|finding| finding.id.clone()),
        record.and_then(|record| record.started_at.clone()).unwrap_or_default(),
        record.and_then(|record| record.agent_id.clone()).unwrap_or_default(),
        record.and_then(|record| record.debtor_id.clone()).unwrap_or_default(),
        report.recording.as_ref().map(|recording| recording.path.clone()).unwrap_or_default(),
        of(|finding| finding.heard_again.map(words::heard_again_zh).unwrap_or_default().to_owned()),
    ]
}

fn seconds(time_s: Option<f64>) -> String {
    time_s.map(|time_s| format!("{time_s:.2}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn text(report: &CallReport) -> String {
        String::from_utf8(rows_of(report).unwrap()).unwrap()
    }

    #[test]
    fn the_header_is_what_excel_wants() {
        let head = String::from_utf8(head().unwrap()).unwrap();
        assert!(head.starts_with("\u{feff}通话编号,结论,评分,"), "{head}");
        assert!(head.ends_with("录音文件,再听\r\n"), "{head}");
    }

    #[test]
    fn a_row_a_finding() {
        insta::assert_snapshot!(text(&sample::violation()).replace("\r\n", "\n"), @r#"
        D001,违规,42,未告知录音,一般,违规,坐席,,,本次通话会录音,全程没有告知对方通话正在录音。,机构质检要求（机构内部规范，未经核对）,应说未说,0.70,,,required.recording_notice,missing_recording_notice,a8038ade7563,2026-03-02T21:58:10+08:00,A017,K-20391,calls/D001.wav,
        D001,违规,42,威胁恐吓,红线,违规,坐席,00:14,我们的人就在你家楼下等着,,以上门围堵相威胁，使人产生恐惧。,《中华人民共和国民法典》 第一千零三十二条（法律，已核对原文）,用语一致,0.95,14.00,18.40,threat.visit,threat,0d66b5d665cc,2026-03-02T21:58:10+08:00,A017,K-20391,calls/D001.wav,仍有同类内容
        D001,违规,42,泄露或扬言泄露隐私,严重,待复核,坐席,00:18,你孩子放学的时候自己多留个心眼,,以家人安危相暗示，需听录音判断语气。,《中华人民共和国民法典》 第一千零三十二条（法律，已核对原文）,用语一致,0.62,18.41,21.50,threat.family,privacy_leak,a035419ceab6,2026-03-02T21:58:10+08:00,A017,K-20391,calls/D001.wav,仍有同类内容
        D001,违规,42,虚假或夸大法律后果,严重,待复核,坐席,00:29,金正大队明天就去抓你坐牢,经侦大队,民事欠款与经侦无关，催收人无权宣称抓捕。,《中华人民共和国刑法》 第二百七十九条（法律，已核对原文）；GB/T 45251-2025《互联网金融 个人网络消费信贷 贷后催收风控指引》（推荐性国家标准，据公开报道）,读音相近,0.78,29.10,33.40,impersonation.police,false_legal_claim,b925303089e7,2026-03-02T21:58:10+08:00,A017,K-20391,calls/D001.wav,未听到，请以录音为准
        "#);
    }

    #[test]
    fn a_failed_call_is_a_row_and_a_clean_call_is_none() {
        insta::assert_snapshot!(text(&sample::failed()).replace("\r\n", "\n"), @r#"
        D004,未能审计,,,,,,,,,"calls/D004.wav: the file ends after 12 of 44 header bytes（copy the recording again, or leave it out）",,,,,,,,,,,,,
        "#);
        assert_eq!(text(&sample::clean()), "");
    }

    #[test]
    fn rows_read_back_as_they_were() {
        let report = sample::evil();
        let bytes = rows_of(&report).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), report.findings.len());
        assert_eq!(&rows[0][8], format!("'{}", report.findings[0].quote));
    }
}
