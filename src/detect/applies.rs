//! Which rules are for this call, as far as its record and the talk tell.

use crate::domain::Contact;
use crate::lexicon::{Answerer, When};

use super::CallFacts;
use super::party::OnLine;
use super::talk::Talk;

/// Whether a rule is for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Applies {
    No,
    /// Neither record nor talk say.
    Unsure,
    Yes,
}

/// Judges a rule's `when` at a moment: all its lists must hold the call's value; an empty list asks nothing.
pub(super) fn applies(when: &When, facts: &CallFacts, on_line: OnLine) -> Applies {
    let product = holds(&when.product, facts.product.as_ref());
    let direction = holds(&when.direction, facts.direction.as_ref());
    let contact = reaches(&when.contact, facts.contact, on_line.shown);
    let answered_by = holds(&when.answered_by, Some(&on_line.known));
    product.min(direction).min(contact).min(answered_by)
}

/// The most that a `when` comes to at any moment of a call.
pub(super) fn applies_ever(when: &When, talk: &Talk) -> Applies {
    if *when == When::default() {
        return if talk.passages.is_empty() { Applies::No } else { Applies::Yes };
    }
    talk.party().ever().map(|on_line| applies(when, talk.facts, on_line)).max().unwrap_or(Applies::No)
}

fn holds<T: PartialEq>(wanted: &[T], actual: Option<&T>) -> Applies {
    match actual {
        _ if wanted.is_empty() => Applies::Yes,
        None => Applies::Unsure,
        Some(value) if wanted.contains(value) => Applies::Yes,
        Some(_) => Applies::No,
    }
}

/// A third person who shows in the talk counts whatever the record says; a debtor who shows tells where it is silent.
fn reaches(wanted: &[Contact], recorded: Option<Contact>, shown: Answerer) -> Applies {
    let thirds = wanted.iter().any(|contact| contact.is_third_party());
    match (recorded, shown) {
        (_, Answerer::Third) if thirds => Applies::Yes,
        (None, Answerer::Debtor) => holds(wanted, Some(&Contact::Debtor)),
        _ => holds(wanted, recorded.as_ref()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn record_and_talk_tell_for_whom_a_rule_is() {
        use Answerer::{Debtor, Third, Unknown};
        let when = When { contact: vec![Contact::Family, Contact::Other], ..When::default() };
        for (contact, shown, expected) in [
            (None, Unknown, Applies::Unsure),
            (None, Third, Applies::Yes),
            (None, Debtor, Applies::No),
            (Some(Contact::Family), Unknown, Applies::Yes),
            (Some(Contact::Family), Debtor, Applies::Yes),
            (Some(Contact::Debtor), Unknown, Applies::No),
            (Some(Contact::Debtor), Third, Applies::Yes),
        ] {
            let facts = CallFacts { contact, ..CallFacts::default() };
            let on_line = OnLine { known: shown, shown };
            assert_eq!(applies(&when, &facts, on_line), expected, "{contact:?} {shown:?}");
            assert_eq!(applies(&When::default(), &facts, on_line), Applies::Yes);
            let third = When { answered_by: vec![Third], ..When::default() };
            let expected = if shown == Third { Applies::Yes } else { Applies::No };
            assert_eq!(applies(&third, &facts, on_line), expected);
        }
    }
}
