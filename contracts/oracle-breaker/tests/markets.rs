//! The owner's messages about markets: adding, updating, sources, reseed.

mod support;

use backstop_types::Seconds;
use backstop_types::breaker::{Action, ExecuteMsg, Fault, MarketConfig, MarketState, Source};
use backstop_types::events::breaker::{Reseeded, StateChanged};
use oracle_breaker::ContractError;
use support::*;

fn market() -> String {
    MARKET.to_string()
}

#[test]
fn a_market_is_added_once() {
    let mut setup = Setup::new();
    let refused = refusal(setup.add_market(MARKET, setup.config()));
    assert_eq!(refused, ContractError::MarketExists { market: market() });
}

#[test]
fn bad_sources_are_refused_by_field() {
    let mut setup = Setup::bare();
    let [a, b] = setup.reporters.clone();
    let good = || vec![Source::reporter("a", "a", &a), Source::reporter("b", "b", &b)];
    let with = |bad: Source<String>| [good(), vec![bad]].concat();
    let many = (0..9)
        .map(|i| Source::reporter(format!("s{i}"), "x", &a))
        .collect();
    let upper = a.to_string().to_uppercase();
    let cases = [
        (vec![], "sources"),
        (many, "sources"),
        (good()[..1].to_vec(), "min_lineages"),
        (with(Source::reporter("a", "c", &setup.alice)), "sources"),
        (with(Source::reporter("c", "c", &a)), "sources"),
        (with(Source::reporter("", "c", &setup.alice)), "sources.name"),
        (
            with(Source::reporter("c", "c c", &setup.alice)),
            "sources.lineage",
        ),
        (
            with(Source::reporter("c", "c".repeat(33), &setup.alice)),
            "sources.lineage",
        ),
        (with(Source::reporter("c", "c", upper)), "sources.members"),
        (with(Source::reporter("c", "c", "")), "sources.members"),
        (
            with(Source::pyth("c", "c", "nowhere", feed_id())),
            "sources.contract",
        ),
        (
            with(Source::pyth("c", "c", &setup.pyth, "ab")),
            "sources.price_id",
        ),
    ];
    for (sources, field) in cases {
        let shown = format!("{sources:?}");
        let refused = refusal(setup.add_market(MARKET, MarketConfig::default_for(sources))).to_string();
        assert!(refused.starts_with(&format!("{field} ")), "{refused} for {shown}");
    }
    for name in ["", "ATOM USD", &"A".repeat(33), "ATOM\u{0}"] {
        let refused = refusal(setup.add_market(name, MarketConfig::default_for(good()))).to_string();
        assert!(refused.starts_with("market "), "{refused}");
    }
}

#[test]
fn another_config_keeps_state_reference_and_trips() {
    let mut setup = Setup::at("4.06");
    setup.later(60, "2");
    let before = setup.record();
    let mut config = setup.config();
    config.params.cooldown = Seconds(600);
    config.sources.reverse();
    let owner = setup.owner.clone();
    setup
        .send(
            &owner,
            &ExecuteMsg::UpdateMarket {
                market: market(),
                config,
            },
        )
        .unwrap();
    let mut after = setup.record();
    after.watch.seen.reverse();
    assert_eq!(after, before);
    assert_eq!(setup.later(600, "4").state, MarketState::Recovering);
}

#[test]
fn a_source_is_removed_only_while_the_quorum_holds() {
    let mut setup = Setup::at("4.06");
    let owner = setup.owner.clone();
    let remove = |source: &str| ExecuteMsg::RemoveSource {
        market: market(),
        source: source.to_string(),
    };
    let unknown = setup.refused(&owner, &remove("none"));
    assert_eq!(
        unknown,
        ContractError::UnknownSource {
            market: market(),
            source_name: "none".into()
        }
    );

    setup.send(&owner, &remove("pyth")).unwrap();
    assert_eq!(setup.poke(Action::Open).reasons, []);
    assert_eq!(setup.reading().lineages, 2);
    let refused = setup.refused(&owner, &remove("band")).to_string();
    assert_eq!(
        refused,
        "min_lineages is 2: must be at most the number of lineages, 1"
    );
}

#[test]
fn a_reseed_goes_where_the_sources_agree_and_through_recovering() {
    let mut setup = Setup::at("4.06");
    let owner = setup.owner.clone();
    let reseed = ExecuteMsg::Reseed {
        market: market(),
        trip: 1,
    };
    assert_eq!(
        setup.refused(&owner, &reseed),
        ContractError::NoTrip { market: market() }
    );

    setup.later(60, "0.406");
    setup.advance(Seconds(60));
    setup.hears(["0.3", "0.4", "0.5"]);
    let refused = setup.refused(&owner, &reseed);
    assert!(matches!(refused, ContractError::NoAgreement { faults, .. } if faults.has(Fault::Disagreement)));

    setup.advance(Seconds(60));
    setup.says("0.4");
    let response = setup.send(&owner, &reseed).unwrap();
    let event = &emitted::<Reseeded>(&response)[0];
    assert_eq!((event.from, event.to), (Some(price("4.06")), price("0.4")));
    let change = &emitted::<StateChanged>(&response)[0];
    assert_eq!(
        (change.to, change.by.as_ref()),
        (MarketState::Recovering, Some(&owner))
    );
    assert_eq!(setup.state(), MarketState::Recovering);
    for _ in 0..3 {
        assert_eq!(setup.record().trip(), Some(1));
        setup.later(60, "0.4");
    }
    assert_eq!(
        (setup.record().trip(), setup.state()),
        (None, MarketState::Normal)
    );
}
