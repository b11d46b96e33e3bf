//! Which rules are for this call, as far as its record tells.

use crate::lexicon::When;

use super::CallFacts;

/// Whether a rule is for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Applies {
    No,
    /// The record does not say.
    Unsure,
    Yes,
}

/// Judges a rule's `when`: all its lists must hold the call's value; an empty list asks nothing.
pub(super) fn applies(when: &When, facts: &CallFacts) -> Applies {
    let contact = holds(&when.contact, facts.contact.as_ref());
    let product = holds(&when.product, facts.product.as_ref());
    contact.min(product).min(holds(&when.direction, facts.direction.as_ref()))
}

fn holds<T: PartialEq>(wanted: &[T], actual: Option<&T>) -> Applies {
    match actual {
        _ if wanted.is_empty() => Applies::Yes,
        None => Applies::Unsure,
        Some(value) if wanted.contains(value) => Applies::Yes,
        Some(_) => Applies::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Contact;

    #[test]
    fn what_is_unknown_is_unsure() {
        let when = When { contact: vec![Contact::Family, Contact::Other], ..When::default() };
        for (contact, expected) in [
            (None, Applies::Unsure),
            (Some(Contact::Family), Applies::Yes),
            (Some(Contact::Debtor), Applies::No),
        ] {
            assert_eq!(applies(&when, &CallFacts { contact, ..CallFacts::default() }), expected);
            assert_eq!(
                applies(&When::default(), &CallFacts { contact, ..CallFacts::default() }),
                Applies::Yes
            );
        }
    }
}
