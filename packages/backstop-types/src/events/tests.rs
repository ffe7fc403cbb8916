use std::collections::BTreeSet;

use cosmwasm_std::{Addr, Decimal, Event, Uint128};

use super::*;
use crate::breaker::{Action, Fault, Faults, MarketState};
use crate::{Assets, Denom, Price, Shares, Side};

/// What CometBFT's query grammar takes in a key, of which we use a part: it would
/// also take capitals, `.` and `-`.
fn can_be_searched_for(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(plain) && name.starts_with(|c: char| c.is_ascii_lowercase())
}

#[test]
fn every_name_and_key_can_be_searched_for_on_a_node() {
    assert!(!can_be_searched_for("backstop/deposit") && !can_be_searched_for("_contract_address"));
    let registry = tables();
    assert!(registry.len() > 40, "{} events", registry.len());
    for (name, keys) in registry {
        let ours = name.starts_with("backstop_") || name.starts_with("perps_");
        assert!(ours && can_be_searched_for(name), "{name}");
        assert!(!keys.is_empty(), "{name} has no key");
        for key in &keys {
            assert!(can_be_searched_for(key), "{key} of {name}");
        }
        assert_eq!(
            keys.iter().collect::<BTreeSet<_>>().len(),
            keys.len(),
            "{name}: {keys:?}"
        );
    }
}

/// The list of every event with its keys, as it stands in the crate's README.
fn listing() -> String {
    let line = |(name, keys): (&str, Vec<&str>)| format!("- `{name}`: {}\n", keys.join(", "));
    tables().into_iter().map(line).collect()
}

#[test]
fn the_readme_lists_every_event_with_its_keys() {
    let readme = include_str!("../../README.md");
    let listing = listing();
    assert!(readme.contains(&listing), "must have these lines:\n{listing}");
}

#[test]
fn no_two_events_have_one_name() {
    let names: Vec<_> = tables().into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names.iter().collect::<BTreeSet<_>>().len(),
        names.len(),
        "{names:?}"
    );
}

fn settled() -> vault::ClaimSettled {
    vault::ClaimSettled {
        claim: 7,
        policyholder: cosmwasm_std::Addr::unchecked("perps"),
        market: "ATOM/USD".to_string(),
        outcome: ClaimOutcome::Lapsed,
        amount: Assets::new(5),
        reason: Some(crate::vault::LapseReason::Expired),
        span_low: None,
        span_high: None,
    }
}

#[test]
fn an_event_is_read_as_it_was_written_with_the_chains_prefix_and_address() {
    let mut event = Event::from(settled());
    assert_eq!(vault::ClaimSettled::try_from(&event), Ok(settled()));
    event.ty = format!("wasm-{}", event.ty);
    event = event
        .add_attribute("_contract_address", "vault")
        .add_attribute("added_later", "1");
    assert_eq!(vault::ClaimSettled::try_from(&event), Ok(settled()));
    assert_eq!(
        vault::Emitted::try_from(&event),
        Ok(vault::Emitted::ClaimSettled(settled()))
    );
}

#[test]
fn what_is_missing_or_unknown_is_an_error_that_names_it() {
    let whole = Event::from(settled());
    for key in ["claim", "outcome", "amount", "reason"] {
        let mut event = whole.clone();
        event.attributes.retain(|attribute| attribute.key != key);
        let refused = vault::ClaimSettled::try_from(&event).unwrap_err().to_string();
        assert_eq!(refused, format!("backstop_settle_claim has no attribute {key}"));
    }
    for (key, value) in [
        ("claim", "-1"),
        ("outcome", "disputed"),
        ("amount", ""),
        ("reason", "bored"),
    ] {
        let mut event = whole.clone();
        for attribute in event
            .attributes
            .iter_mut()
            .filter(|attribute| attribute.key == key)
        {
            attribute.value = value.to_string();
        }
        let refused = vault::ClaimSettled::try_from(&event).unwrap_err().to_string();
        assert!(
            refused.starts_with(&format!("{key} of backstop_settle_claim is {value:?}")),
            "{refused}"
        );
    }
    let other = Event::new("backstop_settle_claims");
    assert!(matches!(
        vault::ClaimSettled::try_from(&other),
        Err(EventError::AnotherEvent { .. })
    ));
    assert!(matches!(
        vault::Emitted::try_from(&other),
        Err(EventError::UnknownEvent { .. })
    ));
}

#[test]
fn of_many_events_those_of_a_kind_are_read_and_a_broken_one_is_an_error() {
    let events = [Event::new("transfer"), settled().into(), settled().into()];
    assert_eq!(
        all_of::<vault::ClaimSettled>(&events),
        Ok(vec![settled(), settled()])
    );
    assert_eq!(all_of::<vault::Recovered>(&events), Ok(vec![]));
    let broken = [settled().into(), Event::new(vault::ClaimSettled::NAME)];
    assert!(all_of::<vault::ClaimSettled>(&broken).is_err());
}

fn reads_back<T: Attribute + PartialEq + std::fmt::Debug>(value: T) {
    assert_eq!(T::read(&value.text()), Some(value));
}

#[test]
fn every_kind_of_value_is_read_as_it_was_written() {
    reads_back(true);
    reads_back(7u32);
    reads_back(u64::MAX);
    reads_back("a text, with commas".to_string());
    reads_back(Uint128::MAX);
    reads_back(Assets::new(u128::MAX));
    reads_back(Shares::new(1));
    reads_back(Price(Decimal::permille(1_070)));
    reads_back(Addr::unchecked("cosmos1"));
    reads_back(Denom::Native("cw20:atom".to_string()));
    reads_back(Denom::Cw20(Addr::unchecked("cosmos1")));
    reads_back(Side::Short);
    reads_back(Action::Payout);
    reads_back(MarketState::Recovering);
    reads_back(Faults::NONE);
    reads_back(Faults::of([Fault::Stale, Fault::Jump]));
    reads_back(Faults(1 << 15 | 1 << 2));
    reads_back(None::<u64>);
    reads_back(Some(3u64));
}
