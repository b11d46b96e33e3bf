//! What is sent, in each target's form.

use serde_json::{Value, json};

use super::target::{Form, Target};
use crate::domain::Category;

/// The body of a request, or a whole mail.
pub(super) fn body(target: &Target, content: &str) -> String {
    let notice: Value = serde_json::from_str(content).unwrap_or(Value::Null);
    match target.form {
        Form::Json => content.to_owned(),
        Form::Wecom => json!({"msgtype": "text", "text": {"content": text(&notice)}}).to_string(),
        Form::Feishu => json!({"msg_type": "text", "content": {"text": text(&notice)}}).to_string(),
        Form::Mail => mail(target, &text(&notice)),
    }
}

/// A mail in RFC 5322's form; the subject stays within ASCII.
fn mail(target: &Target, text: &str) -> String {
    format!(
        "From: <{}>\r\nTo: <{}>\r\nSubject: callaudit\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Transfer-Encoding: 8bit\r\n\r\n{}\r\n",
        target.from,
        target.to.join(">, <"),
        text.replace('\n', "\r\n")
    )
}

/// The notice in words.
fn text(notice: &Value) -> String {
    let details = &notice["details"];
    let number = |key: &str| details[key].as_u64().unwrap_or_default();
    if notice["kind"] == "findings" {
        let mut lines = vec![format!("【callaudit 质检通知】第 {} 次运行发现严重问题：", number("run"))];
        for found in details["categories"].as_array().into_iter().flatten() {
            let name =
                found["category"].as_str().and_then(Category::from_id).map_or("其他", Category::name_zh);
            lines.push(format!("· {name} {} 处，涉及 {} 通电话", found["findings"], found["calls"]));
        }
        lines.push("请登录复核页面查看。".to_owned());
        return lines.join("\n");
    }
    let subject = match details["subject"].as_str() {
        Some("agent") => "某坐席".to_owned(),
        Some("team") => "某班组".to_owned(),
        _ => format!("规则 {}", details["rule"].as_str().unwrap_or_default()),
    };
    let direction = if details["direction"] == "above" { "高于" } else { "低于" };
    format!(
        "【callaudit 预警】{subject}自 {} 起一周的问题通话占比（{}/{}）{direction}平常范围（平常约 {:.1}%）。\n请登录复核页面的看板查看。",
        details["week"].as_str().unwrap_or_default(),
        number("flagged"),
        number("calls"),
        details["usual"].as_f64().unwrap_or_default() * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Severity;

    fn target(form: Form) -> Target {
        let (name, url, from) = ("x".to_owned(), "https://a".to_owned(), "a@a.example".to_owned());
        Target {
            name,
            form,
            url,
            severity: Severity::Critical,
            from,
            to: vec!["b@a.example".to_owned()],
            login: None,
        }
    }

    const FINDINGS: &str = r#"{"kind":"findings","details":{"run":3,"categories":[{"category":"threat","findings":2,"calls":1}]}}"#;
    const WARNING: &str = r#"{"kind":"warning","details":{"subject":"agent","direction":"above","usual":0.02,"week":"2026-02-23","flagged":9,"calls":50}}"#;

    #[test]
    fn each_form_has_its_body() {
        insta::assert_snapshot!(body(&target(Form::Wecom), FINDINGS), @r#"{"msgtype":"text","text":{"content":"【callaudit 质检通知】第 3 次运行发现严重问题：\n· 威胁恐吓 2 处，涉及 1 通电话\n请登录复核页面查看。"}}"#);
        insta::assert_snapshot!(body(&target(Form::Feishu), WARNING), @r#"{"content":{"text":"【callaudit 预警】某坐席自 2026-02-23 起一周的问题通话占比（9/50）高于平常范围（平常约 2.0%）。\n请登录复核页面的看板查看。"},"msg_type":"text"}"#);
        insta::assert_snapshot!(body(&target(Form::Mail), FINDINGS).replace('\r', ""), @r"
        From: <a@a.example>
        To: <b@a.example>
        Subject: callaudit
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8
        Content-Transfer-Encoding: 8bit

        【callaudit 质检通知】第 3 次运行发现严重问题：
        · 威胁恐吓 2 处，涉及 1 通电话
        请登录复核页面查看。
        ");
        assert_eq!(body(&target(Form::Json), WARNING), WARNING);
    }
}
