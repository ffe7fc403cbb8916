//! The owner: markets, sources, reseed, guardian, ownership, migration.

mod support;

use backstop_types::breaker::{
    Action, ExecuteMsg, Fault, MarketConfig, MarketParams, MarketState, MigrateMsg, QueryMsg, Source,
};
use backstop_types::{Bps, Seconds};
use cosmwasm_std::Addr;
use cw_multi_test::Executor;
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
fn every_parameter_is_refused_just_outside_its_bounds_and_taken_at_them() {
    type Set = fn(&mut MarketParams, u64);
    let cases: [(&str, Set, u64, u64); 15] = [
        ("max_age", |p, v| p.max_age = Seconds(v), 5, 86_400),
        ("max_future", |p, v| p.max_future = Seconds(v), 0, 300),
        (
            "max_confidence",
            |p, v| p.max_confidence = Bps(v as u32),
            1,
            5_000,
        ),
        ("max_outlier", |p, v| p.max_outlier = Bps(v as u32), 10, 250),
        ("min_lineages", |p, v| p.min_lineages = v as u32, 2, 3),
        (
            "max_disagreement",
            |p, v| p.max_disagreement = Bps(v as u32),
            500,
            5_000,
        ),
        ("max_jump", |p, v| p.max_jump = Bps(v as u32), 50, 9_000),
        ("jump_growth", |p, v| p.jump_growth = Bps(v as u32), 1, 4_799),
        (
            "reference_slew",
            |p, v| p.reference_slew = Bps(v as u32),
            11,
            10_000,
        ),
        (
            "guard_threshold",
            |p, v| p.guard_threshold = Bps(v as u32),
            1_000,
            10_000,
        ),
        ("guard_cooldown", |p, v| p.guard_cooldown = Seconds(v), 1, 86_400),
        ("cooldown", |p, v| p.cooldown = Seconds(v), 60, 604_800),
        ("recovery_readings", |p, v| p.recovery_readings = v as u32, 1, 20),
        (
            "recovery_spacing",
            |p, v| p.recovery_spacing = Seconds(v),
            1,
            3_600,
        ),
        (
            "recovery_tightness",
            |p, v| p.recovery_tightness = Bps(v as u32),
            1_000,
            10_000,
        ),
    ];
    let mut setup = Setup::new();
    let owner = setup.owner.clone();
    for (field, set, least, most) in cases {
        let mut send = |value| {
            let mut config = setup.config();
            set(&mut config.params, value);
            setup.send(
                &owner,
                &ExecuteMsg::UpdateMarket {
                    market: market(),
                    config,
                },
            )
        };
        send(least).unwrap_or_else(|error| panic!("{field} {least}: {error}"));
        send(most).unwrap_or_else(|error| panic!("{field} {most}: {error}"));
        for outside in least.checked_sub(1).into_iter().chain([most + 1]) {
            let refused = refusal(send(outside)).to_string();
            let named = [field, "max_outlier", "reference_slew"]
                .iter()
                .any(|name| refused.starts_with(name));
            assert!(named, "{field} {outside}: {refused}");
        }
    }
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
        (with(Source::reporter("c", "c", upper)), "sources.address"),
        (with(Source::reporter("c", "c", "")), "sources.address"),
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
    let reseed = ExecuteMsg::Reseed { market: market() };
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
    let event = events(&response, "backstop_reseed")[0];
    assert_eq!(
        (attribute(event, "from"), attribute(event, "to")),
        ("4.06", "0.4")
    );
    let change = events(&response, "backstop_market_state")[0];
    assert_eq!(
        (attribute(change, "to"), attribute(change, "by")),
        ("recovering", owner.as_str())
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

#[test]
fn another_guardian_is_named_or_none() {
    let mut setup = Setup::at("4.06");
    let (owner, alice) = (setup.owner.clone(), setup.alice.clone());
    let trip = ExecuteMsg::Trip {
        market: market(),
        reason: "halt".into(),
    };
    let name = |guardian: Option<&Addr>| ExecuteMsg::SetGuardian {
        guardian: guardian.map(|it| it.to_string()),
    };
    setup.send(&owner, &name(Some(&alice))).unwrap();
    let old = setup.guardian.clone();
    assert_eq!(
        setup.refused(&old, &trip),
        ContractError::NotGuardian { sender: old }
    );
    setup.send(&owner, &name(None)).unwrap();
    assert_eq!(
        setup.refused(&alice, &trip),
        ContractError::NotGuardian {
            sender: alice.clone()
        }
    );
    let upper = ExecuteMsg::SetGuardian {
        guardian: Some(alice.to_string().to_uppercase()),
    };
    assert!(
        setup
            .refused(&owner, &upper)
            .to_string()
            .starts_with("guardian is")
    );
}

#[test]
fn ownership_changes_hands_in_two_steps() {
    use cw_ownable::{Action as Step, Ownership};
    let mut setup = Setup::new();
    let (owner, alice) = (setup.owner.clone(), setup.alice.clone());
    let transfer = Step::TransferOwnership {
        new_owner: alice.to_string(),
        expiry: None,
    };
    setup
        .send(&owner, &ExecuteMsg::UpdateOwnership(transfer))
        .unwrap();
    let held = |setup: &Setup| {
        setup
            .query::<Ownership<Addr>>(&QueryMsg::Ownership {})
            .unwrap()
            .owner
    };
    assert_eq!(held(&setup), Some(owner.clone()));
    setup
        .send(&alice, &ExecuteMsg::UpdateOwnership(Step::AcceptOwnership))
        .unwrap();
    assert_eq!(held(&setup), Some(alice));
    let refused = setup.refused(&owner, &ExecuteMsg::SetGuardian { guardian: None });
    assert!(matches!(refused, ContractError::Ownership(_)));
}

#[test]
fn a_migration_to_the_same_version_keeps_everything_and_only_the_admin_may() {
    let mut setup = Setup::at("4.06");
    let before = setup.record();
    let (code, breaker) = (setup.code, setup.breaker.clone());
    let alice = setup.alice.clone();
    assert!(
        setup
            .app
            .migrate_contract(alice, breaker.clone(), &MigrateMsg {}, code)
            .is_err()
    );
    setup
        .app
        .migrate_contract(setup.owner.clone(), breaker, &MigrateMsg {}, code)
        .unwrap();
    assert_eq!(setup.record(), before);
}
