//! What calls are judged by, loaded once, for commands that audit.

use std::path::Path;

use super::failure::Failure;
use super::{rules, semantics};
use crate::audit::Auditor;
use crate::config::Settings;
use crate::domain::Provenance;
use crate::ingest::DecodeOptions;
use crate::lexicon::{RuleSet, Script};
use crate::timing::{self, Calendar, PolicySet};
use crate::transcribe::Listener;

/// Rules, policies, meanings and calendar of a run.
pub(super) struct Judges {
    pub rules: RuleSet,
    pub policies: PolicySet,
    /// Absent unless asked for.
    pub script: Option<Script>,
    pub semantics: semantics::Loaded,
    pub calendar: Calendar,
}

impl Judges {
    /// `calendar` is the user's own, laid over the built-in one.
    pub fn load(settings: &Settings, calendar: Option<&Path>) -> anyhow::Result<Self> {
        let rules = rules::load(&settings.lexicons)?;
        let policies = load_policies(settings)?;
        let named = settings.script.as_deref();
        let script = named.map(|name| rules::find_script(name, &settings.lexicons)).transpose()?;
        let semantics = semantics::load(&rules, !settings.no_semantic)?;
        let calendar = timing::load_calendar(calendar)?;
        Ok(Self { rules, policies, script, semantics, calendar })
    }

    /// The auditor that judges by these; it listens where it has a listener.
    pub fn auditor<'a>(&'a self, listener: Option<&'a dyn Listener>, settings: &Settings) -> Auditor<'a> {
        Auditor {
            listener,
            rules: &self.rules,
            understanding: self.semantics.understanding(),
            policies: self.policies.policies(),
            script: self.script.as_ref(),
            decode: DecodeOptions {
                agent_channel: settings.agent_channel.index(),
                max_duration_s: f64::from(settings.max_minutes) * 60.0,
            },
            clips: false,
            reveal: settings.reveal,
            provenance: Provenance {
                tool: concat!("callaudit ", env!("CARGO_PKG_VERSION")).to_owned(),
                model: listener.and_then(|listener| listener.identity().cloned()),
                semantics: self.semantics.identity.clone(),
                lexicons: self.rules.digest().to_owned(),
                policies: self.policies.digest(),
                settings: settings.digest(),
            },
        }
    }
}

pub(super) fn load_policies(settings: &Settings) -> anyhow::Result<PolicySet> {
    let all = timing::load_policies(&settings.lexicons).map_err(|errors| {
        let told: Vec<_> = errors.iter().map(|error| format!("{error} ({})", error.hint)).collect();
        Failure::new(format!("the policies have mistakes\n{}", told.join("\n")), "see callaudit policy check")
    })?;
    Ok(all.select(&settings.policies)?)
}
