//! The pages: one a call, and the index. Self-contained, in Chinese, closed to anything from outside.

mod call;
mod checklist;
mod finding;
mod heat;
mod index;
mod measures;
mod moment;
mod score;
mod script;
#[cfg(test)]
mod tests;
mod timeline;
mod timing;
mod transcript;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};
use sha2::{Digest, Sha256};

use crate::domain::{CallReport, TimingSummary};
use crate::text::to_simplified;

use super::base64;
use super::clip::Clip;
use super::summary::{CallSummary, Totals};
use super::waveform::Waveform;
use super::{RunFacts, TimingFacts};

const STYLE: &str = include_str!("../templates/style.css");
const CALL_SCRIPT: &str = include_str!("../templates/call.js");
const INDEX_SCRIPT: &str = include_str!("../templates/index.js");

const TEMPLATES: [(&str, &str); 8] = [
    ("base.html", include_str!("../templates/base.html")),
    ("call.html", include_str!("../templates/call.html")),
    ("timeline.html", include_str!("../templates/timeline.html")),
    ("score.html", include_str!("../templates/score.html")),
    ("script.html", include_str!("../templates/script.html")),
    ("checklist.html", include_str!("../templates/checklist.html")),
    ("index.html", include_str!("../templates/index.html")),
    ("timing.html", include_str!("../templates/timing.html")),
];

const TOOL: &str = concat!("callaudit ", env!("CARGO_PKG_VERSION"));

/// A page that a server sends.
pub struct Served<'a> {
    pub style: &'a str,
    pub script: &'a str,
    pub policy: &'a str,
    /// As in `<html lang>`.
    pub language: &'a str,
    pub view: Value,
    pub desk: Value,
}

/// The compiled templates.
pub struct Html {
    environment: Environment<'static>,
}

impl Html {
    /// # Errors
    /// When a template does not compile.
    pub fn new() -> Result<Self, std::io::Error> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::Html);
        // Whisper writes traditional characters as it likes; the people who read pages write simplified ones.
        environment.add_filter("simplified", |text: &str| to_simplified(text));
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(std::io::Error::other)?);
        for (name, text) in TEMPLATES {
            environment.add_template(name, text).map_err(std::io::Error::other)?;
        }
        Ok(Self { environment })
    }

    /// Lets templates write moments of the store by `|minute`.
    #[must_use]
    pub fn with_moments(mut self, minute: impl Fn(&str) -> String + Send + Sync + 'static) -> Self {
        self.environment.add_filter("minute", move |at: &str| minute(at));
        self
    }

    /// With templates of another module, which may extend and include these.
    ///
    /// # Errors
    /// When a template does not compile.
    pub fn with(mut self, templates: &[(&'static str, &'static str)]) -> Result<Self, std::io::Error> {
        for (name, text) in templates {
            self.environment.add_template(name, text).map_err(std::io::Error::other)?;
        }
        Ok(self)
    }

    /// What `call.html` fills in, without clips, for a template that extends it.
    #[must_use]
    pub fn call_view(report: &CallReport, waveforms: &[Waveform]) -> Value {
        Value::from(Serde(&call::CallView::new(report, &[], waveforms)))
    }

    /// A page served to people at work: `desk` is what it shows beside the `view`, never absent, and `policy` its content
    /// security policy but for style and script.
    ///
    /// # Errors
    /// When the template fails.
    pub fn served(&self, template: &str, page: Served) -> Result<String, std::io::Error> {
        let style = format!("{STYLE}{}", page.style);
        let policy = format!("{}; {}", policy_of(&style, page.script), page.policy);
        self.fill(
            template,
            context! {
                style => Value::from_safe_string(style),
                script => Value::from_safe_string(page.script.to_owned()),
                policy,
                language => page.language,
                tool => TOOL,
                view => page.view,
                desk => page.desk,
            },
        )
    }

    /// The page of one call.
    pub(super) fn call(
        &self,
        report: &CallReport,
        clips: &[Clip],
        waveforms: &[Waveform],
    ) -> Result<String, std::io::Error> {
        let view = call::CallView::new(report, clips, waveforms);
        self.render("call.html", CALL_SCRIPT, Value::from(Serde(&view)))
    }

    /// The page of all calls, each with the address of its own page, the gravest first.
    pub(super) fn index(
        &self,
        calls: &[(&CallSummary, String)],
        totals: &Totals,
        facts: &RunFacts,
    ) -> Result<String, std::io::Error> {
        let view = index::IndexView::new(calls, totals, facts);
        self.render("index.html", INDEX_SCRIPT, Value::from(Serde(&view)))
    }

    /// The page over call records.
    pub(super) fn timing(
        &self,
        summary: &TimingSummary,
        facts: &TimingFacts,
    ) -> Result<String, std::io::Error> {
        self.render("timing.html", "", Value::from(Serde(&timing::TimingView::new(summary, facts))))
    }

    fn render(&self, template: &str, script: &str, view: Value) -> Result<String, std::io::Error> {
        let policy = format!("{}; media-src data:; form-action 'none'", policy_of(STYLE, script));
        self.fill(
            template,
            context! {
                style => Value::from_safe_string(STYLE.to_owned()),
                script => Value::from_safe_string(script.to_owned()),
                policy,
                language => "zh-CN",
                tool => TOOL,
                view,
                desk => false,
            },
        )
    }

    fn fill(&self, template: &str, page: Value) -> Result<String, std::io::Error> {
        self.environment
            .get_template(template)
            .and_then(|template| template.render(page))
            .map_err(std::io::Error::other)
    }
}

/// The page's content security policy: its own style and script by their digests and nothing from elsewhere, so that no
/// text in a transcript can run and nothing leaves the machine.
fn policy_of(style: &str, script: &str) -> String {
    format!("default-src 'none'; style-src {}; script-src {}; base-uri 'none'", digest(style), digest(script))
}

fn digest(text: &str) -> String {
    format!("'sha256-{}'", base64::encode(&Sha256::digest(text)))
}
