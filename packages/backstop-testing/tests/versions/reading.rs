//! What today's reading side makes of an answer of the scene, whoever gave it.

use backstop_types::breaker::{
    Band, Fault, Layer, MarketFacts, MarketState, PokeFacts, TripCause, TripFacts, VerdictFacts,
};
use backstop_types::timelock::Reader;
use backstop_types::vault::{
    AnsweredShortfall, ClaimFacts, ClaimStatusName, ConfigFacts, CoverReason, CoverResponse,
    PolicyTermsUpdate, Pool, Stake,
};
use backstop_types::{Assets, Bps, Change, Open, Patch, Price, Seconds, Shares, distributor};
use cosmwasm_std::testing::MockQuerier;
use cosmwasm_std::{Addr, Binary, ContractResult, Empty, QuerierWrapper, StdResult, SystemResult, from_json};
use serde::de::DeserializeOwned;

/// Reads the answer of this name and holds it against the scene.
pub fn read(name: &str, answer: &str, version: &str) {
    let what = format!("{name} of {version}");
    match name {
        "poke" => allowed(&facts::<PokeFacts>(answer, &what).verdicts[0], &what),
        "poke_tripped" => tripped(&facts::<PokeFacts>(answer, &what).verdicts[0], &what),
        "verdict_tripped" => tripped(&facts(answer, &what), &what),
        "market" | "market_tripped" => market(name == "market_tripped", &facts(answer, &what), &what),
        "trip" | "trip_ended" => trip(name == "trip_ended", &facts(answer, &what), &what),
        "cover" => cover(
            [100, 140, 10, 0],
            CoverReason::InstantLimit,
            &facts(answer, &what),
            &what,
        ),
        "cover_repeated" => cover(
            [100, 140, 10, 0],
            CoverReason::AnsweredBefore,
            &facts(answer, &what),
            &what,
        ),
        "cover_held" => cover(
            [0, 49, 1, 0],
            CoverReason::BreakerDenied,
            &facts(answer, &what),
            &what,
        ),
        "claim" => claim([100, 140], ClaimStatusName::Delayed, &facts(answer, &what), &what),
        "claim_held" => claim([0, 49], ClaimStatusName::Held, &facts(answer, &what), &what),
        "shortfall" => {
            let answered: AnsweredShortfall = facts(answer, &what);
            assert_eq!(
                (answered.claim, answered.deductible),
                (Some(1), Assets::new(10)),
                "{what}"
            );
        }
        "stake" => {
            let stake: Stake = facts(answer, &what);
            assert_eq!(
                (stake.active, stake.queued, stake.tickets),
                (Shares::new(1_000), Shares::ZERO, 0)
            );
        }
        "pool" => {
            let pool: Pool = facts(answer, &what);
            assert_eq!(
                (pool.assets, pool.losses, pool.pending),
                (Assets::new(711), 2, 2),
                "{what}"
            );
        }
        "config_of_vault" => {
            let config: ConfigFacts = facts(answer, &what);
            assert_eq!(config.asset.to_string(), "uusd", "{what}");
            assert!(!config.params.breaker.as_str().is_empty(), "{what}");
            let told = told(answer, &what, |reader, contract| reader.vault(contract));
            assert_eq!(told.breaker, config.params.breaker, "{what}");
            assert_eq!(told.pace.unbonding_period, Seconds::days(21), "{what}");
            assert!(told.params.pool_fraction.is_some(), "{what}");
        }
        "policy" => {
            let terms = told(answer, &what, |reader, vault| {
                reader.policy(vault, vault, "ATOM/USD")
            });
            assert_eq!(
                terms,
                Some(PolicyTermsUpdate::to(super::scene::terms())),
                "{what}"
            );
        }
        "market_config" => {
            let params = told(answer, &what, |reader, breaker| {
                reader.market_params(breaker, "ATOM/USD")
            });
            assert_eq!(params.max_jump, Some(Bps(2_000)), "{what}");
            assert_eq!(params.shared_ticks, Some(Patch::Remove {}), "{what}");
        }
        "config_of_breaker" => {
            let guardian = told(answer, &what, |reader, breaker| reader.guardian(breaker));
            assert!(guardian.is_some(), "{what}");
        }
        "ownership" => {
            let ownership = told(answer, &what, |reader, contract| reader.ownership(contract));
            assert!(ownership.owner.is_some(), "{what}");
        }
        "config_of_distributor" => {
            let config: distributor::Config = facts(answer, &what);
            assert!(!config.vault.as_str().is_empty(), "{what}");
        }
        // Messages are compared whole.
        _ => assert!(name.starts_with("say_"), "{what}: how is it read?"),
    }
}

/// What a timelock reads of this answer.
fn told<T>(answer: &str, what: &str, read: impl FnOnce(Reader, &Addr) -> StdResult<T>) -> T {
    let bytes: Binary = answer.as_bytes().into();
    let mut querier = MockQuerier::<Empty>::default();
    querier.update_wasm(move |_| SystemResult::Ok(ContractResult::Ok(bytes.clone())));
    let reader = Reader(QuerierWrapper::new(&querier));
    read(reader, &Addr::unchecked("contract")).unwrap_or_else(|error| panic!("{what}: {error}\n{answer}"))
}

fn facts<T: DeserializeOwned>(answer: &str, what: &str) -> T {
    from_json(answer).unwrap_or_else(|error| panic!("{what}: {error}\n{answer}"))
}

fn price(text: &str) -> Price {
    Price(text.parse().unwrap())
}

/// A band around a price by the sources' confidence of a thousandth.
fn around(band: Option<Band>, text: &str) -> bool {
    band.is_some_and(|band| band.contains(price(text)) && band.low < price(text))
}

fn allowed(verdict: &VerdictFacts, what: &str) {
    assert!(verdict.allowed && around(verdict.band, "10"), "{what}");
    assert_eq!(
        (verdict.state.clone(), verdict.trip),
        (MarketState::Normal.into(), None),
        "{what}"
    );
    assert_eq!(verdict.median, Some(price("10")), "{what}");
    assert!(!verdict.faults.any(Layer::Market), "{what}");
}

fn tripped(verdict: &VerdictFacts, what: &str) {
    assert!(!verdict.allowed && around(verdict.last_clean, "10"), "{what}");
    assert_eq!(
        (verdict.state.clone(), verdict.trip),
        (MarketState::Tripped.into(), Some(1)),
        "{what}"
    );
    assert_eq!(verdict.trip_cause, Some(TripCause::Faults.into()), "{what}");
    assert!(verdict.faults.has(Fault::Jump), "{what}");
}

fn market(tripped: bool, market: &MarketFacts, what: &str) {
    assert_eq!(
        (market.trips, market.trip()),
        (u64::from(tripped), tripped.then_some(1)),
        "{what}"
    );
    assert!(around(market.last_clean, "10"), "{what}");
}

fn trip(ended: bool, trip: &TripFacts, what: &str) {
    assert!(
        around(trip.last_clean, "10") && trip.began_at.seconds() > 1_767_225_600,
        "{what}"
    );
    assert_eq!(
        trip.end.is_some_and(|end| around(Some(end.band), "5")),
        ended,
        "{what}"
    );
}

fn cover(parts: [u128; 4], reason: CoverReason, answer: &CoverResponse, what: &str) {
    let found = [answer.paid, answer.pending, answer.deductible, answer.uncovered];
    assert_eq!(found.map(Assets::u128), parts, "{what}");
    assert_eq!(answer.reason, Some(Open::Known(reason)), "{what}");
    assert!(answer.claim.is_some(), "{what}");
}

fn claim([paid, pot]: [u128; 2], status: ClaimStatusName, claim: &ClaimFacts, what: &str) {
    assert_eq!((claim.paid.u128(), claim.pot.u128()), (paid, pot), "{what}");
    assert!(
        claim.is_pending() && claim.status == status && claim.market == "ATOM/USD",
        "{what}"
    );
    assert_eq!(
        claim.granted.u128() + claim.deductible.u128(),
        claim.asked.u128(),
        "{what}"
    );
}
