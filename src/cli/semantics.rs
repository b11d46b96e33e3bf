//! The sentence encoder and its heads, for commands that judge words.

use crate::domain::{ModelIdentity, Understanding};
use crate::lexicon::RuleSet;
use crate::semantics::{SemanticModel, Semantics, encoder::Encoder};
use crate::weights::{self, DEFAULT_ENCODER};

use super::failure::Failure;

/// What tells the meaning of utterances, or why nothing does, in words for a report.
pub(super) struct Loaded {
    semantics: Result<Semantics, String>,
    /// Encoder and heads; absent where there are none.
    pub identity: Option<ModelIdentity>,
}

impl Loaded {
    /// None, and why.
    pub fn without(why: impl Into<String>) -> Self {
        Self { semantics: Err(why.into()), identity: None }
    }

    /// As the audit wants it.
    pub fn understanding(&self) -> Result<&dyn Understanding, String> {
        self.semantics.as_ref().map(|semantics| semantics as &dyn Understanding).map_err(Clone::clone)
    }
}

/// Loads the encoder if it is wanted and there. Weights that are there and wrong are an error: an audit without them
/// would be another one than was asked for.
pub(super) fn load(rules: &RuleSet, is_wanted: bool) -> anyhow::Result<Loaded> {
    if !is_wanted {
        return Ok(Loaded::without("按要求未作语义判断（--no-semantic）"));
    }
    let Some(open) = weights::open_encoder(DEFAULT_ENCODER, &weights::default_directory())? else {
        let why = format!("没有语义模型，未作语义判断；获取：callaudit model fetch {DEFAULT_ENCODER}");
        return Ok(Loaded::without(why));
    };
    let model = SemanticModel::built_in().map_err(|error| Failure::new(error, "report this"))?;
    if model.encoder != open.identity {
        let cause = "the trained heads belong to another sentence encoder";
        return Err(Failure::new(cause, "train them anew: callaudit model train-semantic").into());
    }
    let identity = model.identity();
    let semantics = Encoder::open(&open.path)?;
    let semantics = Semantics::new(semantics, model, rules)
        .map_err(|error| Failure::new(error, "look at the examples in `like` of your rules"))?;
    Ok(Loaded { semantics: Ok(semantics), identity: Some(identity) })
}
