//! The owner's messages about markets: adding, updating, sources, reseed.

use crate::support::*;
use backstop_types::breaker::{
    Action, ExecuteMsg, Fault, InstantiateMsg, MarketConfig, MarketParams, MarketState, Source,
};
use backstop_types::events::breaker::{Reseeded, StateChanged};
use backstop_types::{Bps, Seconds};
use cosmwasm_std::from_json;
use oracle_breaker::ContractError;

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
        (good()[..1].to_vec(), "sources"),
        (with(Source::reporter("a", "c", &setup.alice)), "sources"),
        (with(Source::reporter("c", "c", &a)), "sources"),
        (with(Source::reporter("", "c", &setup.alice)), "sources.name"),
        (
            with(Source::reporter("c", "c c", &setup.alice)),
            "sources.c.lineage",
        ),
        (
            with(Source::reporter("c", "c".repeat(33), &setup.alice)),
            "sources.c.lineage",
        ),
        (with(Source::reporter("c", "c", upper)), "sources.c.members"),
        (with(Source::reporter("c", "c", "")), "sources.c.members"),
        (
            with(Source::pyth("c", "c", "nowhere", feed_id())),
            "sources.c.contract",
        ),
        (
            with(Source::pyth("c", "c", &setup.pyth, "ab")),
            "sources.c.price_id",
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
    config.sources[1].max_age = Some(Seconds(100));
    let owner = setup.owner.clone();
    setup.send(&owner, &update_market(&market(), config)).unwrap();
    assert_eq!(setup.record(), before);
    assert_eq!(setup.market().config.sources[1].max_age, Some(Seconds(100)));
    assert_eq!(setup.later(600, "4").state, MarketState::Recovering);
}

#[test]
fn the_readme_sets_up_a_breaker_and_a_market_with_the_defaults() {
    let readme = include_str!("../README.md");
    let (_, section) = readme.split_once("## Set up").unwrap();
    let mut blocks = section
        .split("```json")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap());
    let set_up: InstantiateMsg = from_json(blocks.next().unwrap()).unwrap();
    assert_eq!((set_up.owner.as_str(), set_up.guardian), ("osmo1dao", None));
    let added = from_json(blocks.next().unwrap()).unwrap();
    let ExecuteMsg::AddMarket { market, config } = added else {
        panic!("{added:?}");
    };
    assert_eq!((market.as_str(), config.lineages()), ("ATOM/USD", 3));
    assert_eq!(config.params, MarketParams::default());
}

#[test]
fn an_update_names_what_changes_and_must_name_something() {
    let mut setup = Setup::at("4.06");
    let owner = setup.owner.clone();
    let mut expected = setup.market().config;
    let update = |params: &str| -> ExecuteMsg {
        let json = format!(r#"{{"update_market":{{"market":"{MARKET}","params":{params}}}}}"#);
        from_json(json).unwrap()
    };
    for empty in ["{}", "null", r#"{"max_jump":null}"#] {
        let refused = setup.refused(&owner, &update(empty)).to_string();
        assert_eq!(refused, "params is empty: must be at least one field to change");
    }
    setup
        .send(
            &owner,
            &update(r#"{"max_halt":{"remove":{}},"max_jump":1000,"actions":{"open":"guarded"}}"#),
        )
        .unwrap();
    expected.params.max_halt = None;
    expected.params.max_jump = Bps(1_000);
    expected.params.actions.open = MarketState::Guarded;
    assert_eq!(setup.market().config, expected);
    // A source of a new name is added.
    let fourth = Source::reporter("fourth", "fourth", &setup.alice);
    let add = ExecuteMsg::UpdateMarket {
        market: market(),
        params: None,
        sources: Some(vec![fourth]),
    };
    setup.send(&owner, &add).unwrap();
    let config = setup.market().config;
    assert_eq!((config.sources.len(), config.params), (4, expected.params));
    assert_eq!(config.sources[..3], expected.sources);
    assert_eq!(config.sources[3].kind.members(), [setup.alice.clone()]);
    let none = ExecuteMsg::UpdateMarket {
        market: market(),
        params: None,
        sources: Some(vec![]),
    };
    let refused = setup.refused(&owner, &none).to_string();
    assert_eq!(refused, "sources is 0 elements: must be 1 to 8 elements long");
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
