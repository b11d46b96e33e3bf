//! What a reader sees of the sections: their text, without the markup.

use super::super::sample;
use super::*;
use crate::domain::Mark;

/// The text of the section whose heading has this id, a line for each line of the page that has any.
fn section(report: &CallReport, heading: &str) -> String {
    let page = Html::new().unwrap().call(report, &[], &[]).unwrap();
    let from = page.find(&format!("id=\"{heading}\"")).unwrap();
    let section = &page[from..from + page[from..].find("</section>").unwrap()];
    let mut text = String::new();
    let mut inside = true;
    for character in section.chars() {
        match character {
            '<' => inside = true,
            '>' if inside => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(character),
            _ => {}
        }
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_account_of_the_score() {
    insta::assert_snapshot!(section(&sample::violation(), "h-score"), @r"
    评分明细
    起始 100
    威胁恐吓 违规 1 项 −40
    虚假或夸大法律后果 待复核 1 项 −5
    泄露或扬言泄露隐私 待复核 1 项 −5
    未告知录音 违规 1 项 −8
    得分 42
    ");
    insta::assert_snapshot!(section(&sample::clean(), "h-score"), @r"
    评分明细
    起始 100
    得分 没有扣分 100
    ");
}

#[test]
fn a_refusal_is_told_with_its_moment() {
    let mark = Mark {
        rule: Mark::REFUSED.to_owned(),
        title: "第三人要求不再联系".to_owned(),
        start_s: Some(4.0),
        quote: "别再打给我了".to_owned(),
    };
    let report = CallReport { marks: vec![mark], ..sample::violation() };
    insta::assert_snapshot!(section(&report, "h-marks"), @r"
    与后续通话有关 1
    第三人要求不再联系 00:04 别再打给我了
    ");
}

#[test]
fn good_conduct_is_told_with_its_moment() {
    insta::assert_snapshot!(section(&sample::violation(), "h-good"), @r"
    良好行为 1
    指明官方还款渠道 +2 00:43–00:45 还款请走官方渠道
    ");
}

#[test]
fn the_steps_of_a_script() {
    insta::assert_snapshot!(section(&sample::violation(), "h-script"), @r"
    话术流程 67%
    标准催收话术：不符合要求。
    1 开场白 完成 00:00
    2 录音告知 可选 缺失
    3 说明金额 顺序不符 00:07 应在前 5 秒内
    4 协商方案 不适用
    ");
}

#[test]
fn the_checklist_by_category() {
    insta::assert_snapshot!(section(&sample::violation(), "h-checklist"), @r"
    合规检查清单
    未通过 1 · 未判断 2 · 通过 3 · 不适用 1 。列出规则库的每一条规则，含未命中的。
    威胁恐吓 未通过 1 · 通过 1
    未通过 扬言上门围堵 00:14 threat.visit
    通过 扬言纠集人员
    泄露或扬言泄露隐私 未判断 1
    未判断 以家人相威胁 00:18 threat.family 有命中待人工复核
    禁止时段拨打 未判断 1
    未判断 夜间不拨打 mainland.hours 通话记录没有开始时间
    侮辱辱骂 通过 1
    通过 辱骂
    良好行为 通过 1
    通过 礼貌开场 00:00
    向无关第三人催收 不适用 1
    不适用 要求第三人代还
    ");
}

#[test]
fn lines_lead_to_findings_and_to_the_transcript() {
    let report = sample::violation();
    let page = Html::new().unwrap().call(&report, &[], &[]).unwrap();
    for link in page.split("href=\"#").skip(1) {
        let target = link.split('"').next().unwrap();
        assert!(page.contains(&format!("id=\"{target}\"")), "{target}");
    }
}

#[test]
fn an_empty_checklist_and_no_script_leave_no_section() {
    let page = Html::new().unwrap().call(&sample::review(), &[], &[]).unwrap();
    assert!(!page.contains("h-checklist") && !page.contains("h-script"));
}
