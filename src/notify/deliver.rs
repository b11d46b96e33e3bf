//! Sending, by curl: it speaks HTTP and SMTP, and honours the proxies and certificates of the machine.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::body::body;
use super::target::{Form, Target, Targets};
use crate::store::{Notice, Store, StoreError};

/// What became of the notices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delivery {
    pub told: usize,
    /// Notices that could not be told, and why; later runs try again.
    pub failed: Vec<String>,
}

/// Tells every target what waits for it.
///
/// # Errors
/// When the store cannot be read or written.
pub fn deliver(store: &mut Store, targets: &Targets) -> Result<Delivery, StoreError> {
    let mut delivery = Delivery::default();
    for notice in store.untold_notices()? {
        let Some(target) = target_of(&notice, targets) else { continue };
        let failure = send(target, &notice).err();
        store.told_notice(notice.id, failure.as_deref())?;
        match failure {
            None => delivery.told += 1,
            Some(cause) => delivery.failed.push(format!("target {}: {cause}", target.name)),
        }
    }
    Ok(delivery)
}

fn target_of<'a>(notice: &Notice, targets: &'a Targets) -> Option<&'a Target> {
    let (name, _) = notice.subject.split_once('/')?;
    targets.targets.iter().find(|target| target.name == name)
}

fn send(target: &Target, notice: &Notice) -> Result<(), String> {
    let body = body(target, &notice.content);
    let mut spool = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
    spool.write_all(body.as_bytes()).map_err(|error| error.to_string())?;
    let settings = settings(target, &spool.path().display().to_string());
    // Addresses hold keys: they go by the standard input, where no list of processes shows them.
    let mut curl = Command::new("curl")
        .args(["--config", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("curl cannot be started: {error}; install it"))?;
    if let Some(mut stdin) = curl.stdin.take() {
        stdin.write_all(settings.as_bytes()).map_err(|error| error.to_string())?;
    }
    let answer = curl.wait_with_output().map_err(|error| error.to_string())?;
    if !answer.status.success() {
        return Err(String::from_utf8_lossy(&answer.stderr).trim().to_owned());
    }
    refusal(target.form, &answer.stdout).map_or(Ok(()), Err)
}

/// curl's own settings file; values were looked at when the targets were read.
fn settings(target: &Target, spool: &str) -> String {
    let mut lines = vec![
        "silent".to_owned(),
        "show-error".to_owned(),
        "fail".to_owned(),
        "max-time = 20".to_owned(),
        "retry = 2".to_owned(),
        "retry-connrefused".to_owned(),
        format!("url = {:?}", target.url),
    ];
    if target.form == Form::Mail {
        lines.push(format!("mail-from = {:?}", target.from));
        lines.extend(target.to.iter().map(|to| format!("mail-rcpt = {to:?}")));
        lines.push(format!("upload-file = {spool:?}"));
        lines.extend(target.login.iter().map(|login| format!("user = {login:?}\nssl-reqd")));
    } else {
        lines.push("header = \"Content-Type: application/json\"".to_owned());
        lines.push(format!("data-binary = \"@{spool}\""));
    }
    lines.join("\n") + "\n"
}

/// The robots answer 200 to what they refuse, and say so in the body.
fn refusal(form: Form, answer: &[u8]) -> Option<String> {
    let code = match form {
        Form::Wecom => "errcode",
        Form::Feishu => "code",
        Form::Json | Form::Mail => return None,
    };
    let told: Value = serde_json::from_slice(answer).unwrap_or(Value::Null);
    match told[code].as_i64() {
        Some(0) => None,
        _ => Some(format!(
            "refused: {}",
            String::from_utf8_lossy(answer).chars().take(200).collect::<String>()
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn robots_that_refuse_are_not_taken_for_glad() {
        for (form, answer, is_refused) in [
            (Form::Wecom, r#"{"errcode":0,"errmsg":"ok"}"#, false),
            (Form::Wecom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, true),
            (Form::Feishu, r#"{"code":0}"#, false),
            (Form::Feishu, r#"{"code":19024,"msg":"Key Words Not Found"}"#, true),
            (Form::Feishu, "<html>", true),
            (Form::Json, "anything", false),
        ] {
            assert_eq!(refusal(form, answer.as_bytes()).is_some(), is_refused, "{answer}");
        }
    }
}
