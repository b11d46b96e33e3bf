//! What calls of a case are judged by that nobody heard.

use std::path::PathBuf;

use clap::Args;
use jiff::tz::TimeZone;

use super::judges::Judges;
use crate::case::{self, Case, CaseError, Judging};
use crate::config::{Layer, Settings};
use crate::domain::{Coaching, Provenance};
use crate::ingest::DecodeOptions;
use crate::lexicon::RuleSet;
use crate::store::Store;
use crate::timing::{self, Calendar, PolicySet};

/// Options of commands that make cases.
#[derive(Debug, Args)]
pub(super) struct JudgingArgs {
    /// Call-timing policy, see `callaudit policy list`; may be repeated [default: mainland]
    #[arg(long = "policy", value_name = "NAME", env = "CALLAUDIT_POLICY", value_delimiter = ',')]
    policies: Option<Vec<String>>,

    /// Directory of rule packs and policies, laid over the built-in ones; may be repeated
    #[arg(long = "lexicons", value_name = "DIR", env = "CALLAUDIT_LEXICONS", value_delimiter = ':')]
    lexicons: Option<Vec<PathBuf>>,

    /// Holidays of whole years, laid over the built-in calendar: a TOML file
    #[arg(long, value_name = "FILE")]
    calendar: Option<PathBuf>,

    /// Time zone of call records that name none, and of the review page [default: Asia/Shanghai]
    #[arg(long, value_name = "ZONE", env = "CALLAUDIT_TIMEZONE")]
    timezone: Option<String>,

    /// Settings file [default: callaudit.toml, if there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Rules, policies and time zone, loaded once.
pub(super) struct CaseJudges {
    rules: RuleSet,
    policies: PolicySet,
    calendar: Calendar,
    zone: TimeZone,
    decode: DecodeOptions,
    provenance: Provenance,
}

impl CaseJudges {
    pub(super) fn load(args: &JudgingArgs) -> anyhow::Result<Self> {
        let layer = Layer {
            policies: args.policies.clone(),
            lexicons: args.lexicons.clone(),
            timezone: args.timezone.clone(),
            ..Layer::default()
        };
        // Nothing is judged by meaning here: what was said stands as it was judged.
        let settings = Settings { no_semantic: true, ..Settings::resolve(args.config.as_deref(), layer)? };
        let judges = Judges::load(&settings, args.calendar.as_deref())?;
        let auditor = judges.auditor(None, &settings);
        let (decode, provenance) = (auditor.decode, auditor.provenance);
        let Judges { rules, policies, calendar, .. } = judges;
        Ok(Self {
            rules,
            policies,
            calendar,
            zone: timing::timezone(&settings.timezone)?,
            decode,
            provenance,
        })
    }

    pub(super) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    pub(super) fn coaching(&self) -> &Coaching {
        self.rules.coaching()
    }

    /// To be called within a snapshot of the store.
    pub(super) fn gather(&self, store: &mut Store, debtor: &str) -> Result<Case, CaseError> {
        let judging = Judging {
            rules: &self.rules,
            policies: self.policies.policies(),
            calendar: &self.calendar,
            zone: &self.zone,
            decode: self.decode,
            provenance: self.provenance.clone(),
        };
        case::gather(store, debtor, &judging)
    }
}
