//! The file of targets.

use std::path::Path;

use serde::Deserialize;

use crate::domain::Severity;

/// Who wants to be told, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Target {
    /// What notices to it are kept under: one word for each target.
    pub name: String,
    pub form: Form,
    /// `https://…`, or `smtps://HOST:465` for mail.
    pub url: String,
    /// Findings at least this severe.
    #[serde(default = "critical")]
    pub severity: Severity,
    /// Mail: who sends it, who gets it.
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: Vec<String>,
    /// Mail: `user:password`.
    #[serde(default)]
    pub login: Option<String>,
}

/// How a target is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// The notice as JSON, by POST.
    Json,
    /// A robot of enterprise WeChat (企业微信群机器人).
    Wecom,
    /// A robot of Feishu (飞书自定义机器人).
    Feishu,
    Mail,
}

/// All targets of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Targets {
    #[serde(default, rename = "target")]
    pub targets: Vec<Target>,
}

/// Why there are no targets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {cause}")]
pub struct TargetsError {
    pub file: String,
    pub cause: String,
    pub hint: &'static str,
}

fn critical() -> Severity {
    Severity::Critical
}

impl Targets {
    /// # Errors
    /// When the file cannot be read, or says what no target can be.
    pub fn read(path: &Path) -> Result<Self, TargetsError> {
        let error = |cause: String, hint| TargetsError { file: path.display().to_string(), cause, hint };
        let text = std::fs::read_to_string(path)
            .map_err(|cause| error(cause.to_string(), "check the path and its rights"))?;
        let targets: Self = toml::from_str(&text)
            .map_err(|cause| error(cause.to_string(), "callaudit batch --help shows such a file"))?;
        match targets.targets.iter().find_map(Target::fault) {
            Some(fault) => Err(error(fault, "callaudit batch --help shows such a file")),
            None => Ok(targets),
        }
    }
}

impl Target {
    fn fault(&self) -> Option<String> {
        let schemes: &[&str] =
            if self.form == Form::Mail { &["smtp://", "smtps://"] } else { &["http://", "https://"] };
        let is_plain =
            |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_control() || "\"\\<>".contains(c));
        if !schemes.iter().any(|scheme| self.url.starts_with(scheme)) || !is_plain(&self.url) {
            return Some(format!(
                "target {:?}: the url has to begin with {}",
                self.name,
                schemes.join(" or ")
            ));
        }
        if self.form == Form::Mail
            && (self.to.is_empty() || !is_plain(&self.from) || !self.to.iter().all(|to| is_plain(to)))
        {
            return Some(format!("target {:?}: mail needs from and to", self.name));
        }
        if !is_plain(&self.name) || self.login.as_deref().is_some_and(|login| !is_plain(login)) {
            return Some(format!(
                "target {:?}: a name or a login with characters that mean something else",
                self.name
            ));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Targets, TargetsError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notify.toml");
        std::fs::write(&path, text).unwrap();
        Targets::read(&path)
    }

    #[test]
    fn targets_are_read_and_wrong_ones_are_told() {
        let read_one = |more: &str| read(&format!("[[target]]\nname = \"qa\"\n{more}"));
        let target = read_one("form = \"wecom\"\nurl = \"https://a.example/x?key=1\"\nseverity = \"major\"")
            .unwrap()
            .targets;
        assert_eq!((target[0].form, target[0].severity), (Form::Wecom, Severity::Major));
        assert!(
            read_one(
                "form = \"mail\"\nurl = \"smtps://a.example\"\nfrom = \"a@a.example\"\nto = [\"b@a.example\"]"
            )
            .is_ok()
        );
        for (more, told) in [
            ("form = \"mail\"\nurl = \"smtps://a.example\"", "mail needs from and to"),
            ("form = \"json\"\nurl = \"file:///etc/passwd\"", "has to begin with http:// or https://"),
            ("form = \"json\"\nurl = \"https://a\\\" -o x\"", "has to begin with"),
            ("form = \"fax\"\nurl = \"https://a\"", "unknown variant"),
            ("form = \"json\"\nurl = \"https://a\"\ncolour = 1", "unknown field"),
        ] {
            let error = read_one(more).unwrap_err();
            assert!(error.cause.contains(told), "{error}");
        }
    }
}
