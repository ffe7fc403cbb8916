//! What a message emitted, read as `backstop_types::events` has it.

use backstop_types::events::{Any, EventError, all_of};
use cosmwasm_std::{Addr, Event};
use cw_multi_test::AppResponse;

/// The events of one kind in a response.
///
/// # Panics
///
/// If one of them cannot be read.
pub fn emitted<T>(response: &AppResponse) -> Vec<T>
where
    T: for<'a> TryFrom<&'a Event, Error = EventError>,
{
    all_of(&response.events).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads every event that a contract has named.
///
/// # Panics
///
/// If one of them is not in a table of `backstop_types::events`, or cannot be
/// read by it.
pub fn read_all(response: &AppResponse) {
    read_those(response, |_| true);
}

/// Reads every event that one of these contracts has named. Those of others are
/// theirs, whatever their names are.
///
/// # Panics
///
/// As [`read_all`], of those that it reads.
pub fn read_of(response: &AppResponse, is_ours: impl Fn(&Addr) -> bool) {
    read_those(response, |event| {
        emitter(event).is_some_and(|emitter| is_ours(&emitter))
    });
}

/// Whether nothing ran but these contracts, and no coin was moved: each contract that runs
/// is named in an event, and a transfer is an event of none.
pub(crate) fn only_of(response: &AppResponse, contracts: &[&Addr]) -> bool {
    let theirs = |event| emitter(event).is_some_and(|emitter| contracts.contains(&&emitter));
    !response.events.is_empty() && response.events.iter().all(theirs)
}

/// The contract that an event is of: the chain adds its address first.
fn emitter(event: &Event) -> Option<Addr> {
    let added = event
        .attributes
        .iter()
        .find(|added| added.key == "_contract_address");
    added.map(|added| Addr::unchecked(added.value.clone()))
}

fn read_those(response: &AppResponse, wanted: impl Fn(&Event) -> bool) {
    let named = |event: &&Event| event.ty.starts_with("wasm-") && wanted(event);
    for event in response.events.iter().filter(named) {
        if let Err(error) = Any::try_from(event) {
            panic!("an event that cannot be read: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use backstop_types::Assets;
    use backstop_types::events::perps::CreditWithdrawn;
    use cosmwasm_std::Addr;

    fn response(event: Event) -> AppResponse {
        let chain = [Event::new("transfer"), Event::new("wasm")];
        AppResponse {
            events: chain.into_iter().chain([event]).collect(),
            ..AppResponse::default()
        }
    }

    fn withdrawn() -> CreditWithdrawn {
        CreditWithdrawn {
            trader: Addr::unchecked("trader"),
            amount: Assets::new(3),
        }
    }

    fn on_chain(event: impl Into<Event>) -> Event {
        let mut event = event.into();
        event.ty = format!("wasm-{}", event.ty);
        event
    }

    #[test]
    fn the_chains_own_events_are_left_alone_and_a_contracts_are_read() {
        let response = response(on_chain(withdrawn()));
        read_all(&response);
        assert_eq!(emitted::<CreditWithdrawn>(&response), [withdrawn()]);
    }

    #[test]
    #[should_panic(expected = "wasm-perps_withdrew")]
    fn an_event_that_is_in_no_table_is_a_panic() {
        read_all(&response(Event::new("wasm-perps_withdrew")));
    }

    fn of(contract: &str) -> AppResponse {
        response(Event::new("wasm-desk_opened").add_attribute("_contract_address", contract))
    }

    #[test]
    fn an_event_of_a_foreign_contract_is_left_alone() {
        read_of(&of("desk"), |emitter| emitter.as_str() == "vault");
    }

    #[test]
    #[should_panic(expected = "wasm-desk_opened")]
    fn the_same_event_of_an_own_contract_is_a_panic() {
        read_of(&of("vault"), |emitter| emitter.as_str() == "vault");
    }

    #[test]
    #[should_panic(expected = "wasm-perps_withdraw has no attribute amount")]
    fn an_event_without_one_of_its_keys_is_a_panic() {
        let mut event = on_chain(withdrawn());
        event.attributes.retain(|attribute| attribute.key != "amount");
        read_all(&response(event));
    }

    #[test]
    fn only_what_names_all_that_ran_and_moves_no_coin_is_theirs_alone() {
        let ran = |contract: &str| Event::new("execute").add_attribute("_contract_address", contract);
        let response = |events: &[Event]| AppResponse {
            events: events.to_vec(),
            ..AppResponse::default()
        };
        let (breaker, pyth) = (Addr::unchecked("breaker"), Addr::unchecked("pyth"));
        let alone = |events: &[Event]| only_of(&response(events), &[&breaker, &pyth]);

        assert!(alone(&[ran("pyth")]) && alone(&[ran("breaker"), ran("pyth")]));
        // A contract that the breaker called, coins that came with a price, and nothing told.
        assert!(!alone(&[ran("breaker"), ran("vault")]));
        assert!(!alone(&[Event::new("transfer"), ran("pyth")]));
        assert!(!alone(&[]));
    }
}
