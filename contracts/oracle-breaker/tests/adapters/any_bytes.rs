//! Whatever comes back is an observation: no adapter fails or panics.

use backstop_types::breaker::{Observation, Unreadable};
use oracle_breaker::adapters::MAX_ANSWER;
use proptest::prelude::*;

use crate::oracle::{Answer, asked, number, says, unreadable};
use crate::pairs;

/// What a price is whatever the bytes were: above zero.
fn sane(observed: Observation) -> bool {
    match observed {
        Observation::Priced { price, .. } => !price.is_zero(),
        Observation::NonPositive { .. } | Observation::Unreadable { .. } => true,
    }
}

#[test]
fn each_honest_answer_is_the_same_price() {
    for (kind, answer) in pairs::all() {
        match says(&kind, answer) {
            Observation::Priced { price, .. } => assert_eq!(price, number("4.06"), "{kind:?}"),
            other => panic!("{kind:?}: {other:?}"),
        }
    }
}

#[test]
fn an_error_and_a_question_that_the_chain_does_not_take_are_failed_queries() {
    for (kind, _) in pairs::all() {
        for answer in [Answer::Error, Answer::Refused] {
            let (_, observed) = asked(&kind, answer);
            assert_eq!(observed, unreadable(Unreadable::QueryFailed), "{kind:?}");
        }
    }
}

#[test]
fn an_answer_that_is_longer_than_any_real_one_is_not_parsed() {
    for (kind, _) in pairs::all() {
        for length in [MAX_ANSWER + 1, 10_240, 1_000_000] {
            let observed = says(&kind, vec![b' '; length]);
            assert_eq!(observed, unreadable(Unreadable::TooLong), "{kind:?}");
        }
        let observed = says(&kind, vec![b'['; MAX_ANSWER]);
        assert_eq!(observed, unreadable(Unreadable::Malformed), "{kind:?}");
    }
}

#[test]
fn an_answer_that_breaks_off_is_no_other_price() {
    for (kind, answer) in pairs::all() {
        let whole = says(&kind, &answer);
        for length in 0..answer.len() {
            let observed = says(&kind, &answer[..length]);
            let other = matches!(observed, Observation::Priced { .. }) && observed != whole;
            // Protobuf has no end: an answer that lost its last field, the
            // decimals, is another answer, and only the identity of who sent it
            // speaks for it.
            let lost = answer[0] == 0x0a && answer.len() - length == 2;
            assert!(!other || lost, "{kind:?} {length} {observed:?}");
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_an_observation(bytes: Vec<u8>) {
        for (kind, _) in pairs::all() {
            prop_assert!(sane(says(&kind, &bytes)), "{:?}", kind);
        }
    }

    #[test]
    fn any_damage_to_an_answer_is_an_observation(place: prop::sample::Index, byte: u8, cut: prop::sample::Index) {
        for (kind, mut answer) in pairs::all() {
            let place = place.index(answer.len());
            answer[place] = byte;
            prop_assert!(sane(says(&kind, &answer)), "{:?}", kind);
            answer.truncate(cut.index(answer.len()));
            prop_assert!(sane(says(&kind, &answer)), "{:?}", kind);
        }
    }
}
