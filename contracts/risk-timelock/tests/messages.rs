//! Every message that the three contracts take from their owner reaches them.

use crate::support::{Suite, WAIT, params, void_for};
use backstop_testing::World;
use backstop_types::breaker::{self, MarketConfig, MarketResponse, Source};
use backstop_types::distributor::{self, Listing, StreamTerms};
use backstop_types::timelock::{
    BreakerChange, Change, Class, Contract, DistributorChange, ExecuteMsg, Status, VaultChange, VoidReason,
};
use backstop_types::vault::{self, ClaimStatus, Pausable};
use backstop_types::{Bps, Patch, Seconds, UncheckedDenom};
use cosmwasm_std::{Uint128, coins, from_json, to_json_string};

/// Whether it is a message that the vault takes from its owner. A new message does not
/// compile until it is said here.
fn vaults_owner(msg: &vault::ExecuteMsg) -> bool {
    use vault::ExecuteMsg as Msg;
    match msg {
        Msg::AddPolicy { .. }
        | Msg::ChangePolicy { .. }
        | Msg::ClosePolicy { .. }
        | Msg::DeclineClaim { .. }
        | Msg::UpdateParams { .. }
        | Msg::SetDistributor { .. }
        | Msg::Resume { .. }
        | Msg::UpdateOwnership(_) => true,
        Msg::Deposit { .. }
        | Msg::Receive(_)
        | Msg::Unbond { .. }
        | Msg::CancelUnbond { .. }
        | Msg::Withdraw { .. }
        | Msg::ClaimRecovery { .. }
        | Msg::CoverShortfall { .. }
        | Msg::SettleClaim { .. }
        | Msg::Recover { .. }
        | Msg::PayPremium { .. }
        | Msg::SendPremium { .. }
        | Msg::WithdrawCredit {}
        | Msg::Pause { .. }
        | Msg::ProveDepth {} => false,
    }
}

/// The same of the distributor.
fn distributors_owner(msg: &distributor::ExecuteMsg) -> bool {
    use distributor::ExecuteMsg as Msg;
    match msg {
        Msg::ListDenom(_) | Msg::DelistDenom { .. } | Msg::Stop { .. } | Msg::UpdateOwnership(_) => true,
        Msg::StakeChanged(_)
        | Msg::Claim { .. }
        | Msg::Fund(_)
        | Msg::Receive(_)
        | Msg::Sync { .. }
        | Msg::Advance { .. } => false,
    }
}

/// The same of the breaker.
fn breakers_owner(msg: &breaker::ExecuteMsg) -> bool {
    use breaker::ExecuteMsg as Msg;
    match msg {
        Msg::AddMarket { .. }
        | Msg::UpdateMarket { .. }
        | Msg::RemoveSource { .. }
        | Msg::Reseed { .. }
        | Msg::SetGuardian { .. }
        | Msg::UpdateOwnership(_) => true,
        Msg::Poke { .. } | Msg::Report { .. } | Msg::Trip { .. } => false,
    }
}

fn uusd() -> UncheckedDenom {
    UncheckedDenom::Native("uusd".to_string())
}

#[test]
fn each_change_has_the_json_of_its_contracts_own_message() {
    let suite = Suite::new();
    let text = || "x".to_string();
    let terms = suite.policy().terms;
    let vaults = [
        VaultChange::AddPolicy {
            policyholder: text(),
            market: text(),
            terms,
        },
        VaultChange::ChangePolicy {
            policyholder: text(),
            market: text(),
            update: backstop_types::Change::to(terms),
        },
        VaultChange::ClosePolicy {
            policyholder: text(),
            market: text(),
        },
        VaultChange::DeclineClaim {
            claim: 1,
            reason: text(),
        },
        VaultChange::UpdateParams {
            update: Default::default(),
        },
        VaultChange::SetDistributor { distributor: text() },
        VaultChange::Resume {
            what: Pausable::Payouts,
            pause: 1,
        },
    ];
    for change in vaults {
        let json = to_json_string(&change).unwrap();
        let msg: vault::ExecuteMsg = from_json(&json).unwrap();
        assert_eq!(to_json_string(&msg).unwrap(), json);
        assert!(vaults_owner(&msg), "{json}");
    }
    let distributors = [
        DistributorChange::ListDenom(Listing {
            denom: uusd(),
            min_rate: Uint128::one(),
        }),
        DistributorChange::DelistDenom { denom: uusd() },
        DistributorChange::Stop {
            denom: uusd(),
            number: 1,
        },
    ];
    for change in distributors {
        let json = to_json_string(&change).unwrap();
        let msg: distributor::ExecuteMsg = from_json(&json).unwrap();
        assert_eq!(to_json_string(&msg).unwrap(), json);
        assert!(distributors_owner(&msg), "{json}");
    }
    let config = MarketConfig::default_for(vec![Source::reporter("a", "a", "a")]);
    let breakers = [
        BreakerChange::AddMarket {
            market: text(),
            config: config.clone(),
        },
        BreakerChange::UpdateMarket {
            market: text(),
            params: Some(backstop_types::Change::to(config.params)),
            sources: Some(config.sources),
        },
        BreakerChange::RemoveSource {
            market: text(),
            source: text(),
        },
        BreakerChange::Reseed {
            market: text(),
            trip: 1,
        },
        BreakerChange::SetGuardian {
            guardian: Patch::Remove {},
        },
    ];
    for change in breakers {
        let json = to_json_string(&change).unwrap();
        let msg: breaker::ExecuteMsg = from_json(&json).unwrap();
        assert_eq!(to_json_string(&msg).unwrap(), json);
        assert!(breakers_owner(&msg), "{json}");
    }
}

/// Submits a change and applies it when it is due.
fn carry_out(suite: &mut Suite, change: Change, class: Class) -> u64 {
    assert_eq!(suite.what_if(change.clone()).class, class, "{change:?}");
    let number = suite.submit(change);
    if class == Class::Waits {
        assert_eq!(suite.status(number), Status::Pending {});
        suite.w.advance(WAIT);
        suite.apply(number);
    }
    assert!(matches!(suite.status(number), Status::Applied { .. }));
    number
}

#[test]
fn a_policy_is_closed_at_once_and_comes_back_after_a_wait() {
    let mut suite = Suite::new();
    let terms = suite.policy().terms;
    let close = suite.close_policy();
    let waiting = suite.submit(suite.terms(|terms| terms.delay = Some(Seconds::HOUR)));
    carry_out(&mut suite, close, Class::AtOnce);
    assert!(suite.policy().closed_at.is_some());
    assert_eq!(void_for(&suite.status(waiting)), Some(VoidReason::Overtaken));
    let add = suite.add_policy(terms);
    carry_out(&mut suite, add, Class::Waits);
    assert!(suite.policy().closed_at.is_none());
}

#[test]
fn of_two_policies_that_wait_for_one_place_the_second_is_void() {
    let mut suite = Suite::new();
    let terms = suite.policy().terms;
    let close = suite.close_policy();
    carry_out(&mut suite, close, Class::AtOnce);
    let first = suite.submit(suite.add_policy(terms));
    let second = suite.submit(suite.add_policy(terms));
    suite.w.advance(WAIT);
    suite.apply(first);
    assert_eq!(void_for(&suite.status(second)), Some(VoidReason::Overtaken));
}

#[test]
fn a_claim_is_declined_and_a_pause_ended_at_once() {
    let builder = World::builder()
        .loose()
        .seed(|seed| seed.deposits = vec![("alice".to_string(), 1_000_000_000_000)]);
    let mut suite = Suite::of(builder);
    let perps = suite.w.perps.clone();
    suite.w.shortfall(&perps, 30_000_000_000, Some("10")).unwrap();
    let decline = Change::Vault(VaultChange::DeclineClaim {
        claim: 1,
        reason: "its books do not add up".to_string(),
    });
    carry_out(&mut suite, decline.clone(), Class::AtOnce);
    let claim: vault::ClaimResponse = suite
        .w
        .query(&suite.w.vault, &vault::QueryMsg::Claim { claim: 1 })
        .unwrap();
    assert!(matches!(claim.record.status, ClaimStatus::Declined { .. }));
    // A claim that is over is the vault's to refuse.
    assert!(suite.try_submit(decline).is_err());

    let (guardian, vault) = (suite.w.guardian.clone(), suite.w.vault.clone());
    let pause = vault::ExecuteMsg::Pause {
        what: Pausable::Deposits,
        duration: Seconds::DAY,
    };
    suite.w.execute(&guardian, &vault, &pause, &[]).unwrap();
    let resume = Change::Vault(VaultChange::Resume {
        what: Pausable::Deposits,
        pause: 1,
    });
    carry_out(&mut suite, resume, Class::AtOnce);
    let pauses: vault::PausesResponse = suite.w.query(&vault, &vault::QueryMsg::Pauses {}).unwrap();
    assert_eq!(pauses.deposits, None);
}

#[test]
fn a_new_denom_and_the_end_of_a_stream_wait_and_known_denoms_do_not() {
    let mut suite = Suite::new();
    let list = |min_rate: u128| {
        Change::Distributor(DistributorChange::ListDenom(Listing {
            denom: uusd(),
            min_rate: Uint128::new(min_rate),
        }))
    };
    carry_out(&mut suite, list(5), Class::Waits);
    carry_out(&mut suite, list(1), Class::AtOnce);
    let (funder, distributor) = (suite.w.addr("funder"), suite.w.distributor.clone());
    let fund = distributor::ExecuteMsg::Fund(StreamTerms::now(50));
    suite
        .w
        .execute(&funder, &distributor, &fund, &coins(1_000_000, "uusd"))
        .unwrap();
    let delist = Change::Distributor(DistributorChange::DelistDenom { denom: uusd() });
    carry_out(&mut suite, delist, Class::AtOnce);
    let stop = Change::Distributor(DistributorChange::Stop {
        denom: uusd(),
        number: 1,
    });
    carry_out(&mut suite, stop, Class::Waits);
    let denoms: distributor::DenomsResponse = suite
        .w
        .query(
            &distributor,
            &distributor::QueryMsg::Denoms {
                start_after: None,
                limit: None,
            },
        )
        .unwrap();
    let denom = &denoms.denoms[0];
    assert_eq!((denom.listed, denom.min_rate.u128()), (false, 1));
    // A unit less than was funded: the remainder by the stream's length.
    assert_eq!(denom.refunded.to_string(), "999999");
    carry_out(&mut suite, list(1), Class::AtOnce);
}

fn market(suite: &Suite) -> MarketResponse {
    let market = suite.w.market.clone();
    let query = breaker::QueryMsg::Market { market };
    suite.w.query(&suite.w.breaker, &query).unwrap()
}

#[test]
fn a_looser_market_and_other_sources_wait_and_a_tighter_one_does_not() {
    let mut suite = Suite::new();
    let name = suite.w.market.clone();
    let tighter = suite.market(|it| it.max_jump = Some(Bps(1_500)));
    carry_out(&mut suite, tighter, Class::AtOnce);
    let looser = suite.market(|it| it.max_jump = Some(Bps(1_600)));
    carry_out(&mut suite, looser, Class::Waits);
    assert_eq!(market(&suite).config.params.max_jump, Bps(1_600));

    let source = Source::reporter("venue-c", "venue-c", suite.anyone.to_string());
    let added = suite.breaker(BreakerChange::UpdateMarket {
        market: name.clone(),
        params: None,
        sources: Some(vec![source]),
    });
    carry_out(&mut suite, added, Class::Waits);
    assert_eq!(market(&suite).config.sources.len(), 4);
    let removed = suite.breaker(BreakerChange::RemoveSource {
        market: name,
        source: "venue-c".to_string(),
    });
    carry_out(&mut suite, removed, Class::Waits);
    assert_eq!(market(&suite).config.sources.len(), 3);
    let config = MarketConfig {
        sources: suite.w.sources.clone(),
        params: market(&suite).config.params,
    };
    let new = suite.breaker(BreakerChange::AddMarket {
        market: "OSMO/USD".to_string(),
        config,
    });
    carry_out(&mut suite, new, Class::Waits);
}

#[test]
fn a_source_that_was_changed_meanwhile_makes_its_removal_void() {
    let mut suite = Suite::new();
    let name = suite.w.market.clone();
    let removed = suite.submit(suite.breaker(BreakerChange::RemoveSource {
        market: name.clone(),
        source: "venue-b".to_string(),
    }));
    let changed = suite.submit(suite.breaker(BreakerChange::UpdateMarket {
        market: name,
        params: None,
        sources: Some(vec![Source::reporter(
            "venue-b",
            "venue-b",
            suite.anyone.to_string(),
        )]),
    }));
    suite.w.advance(WAIT);
    suite.apply(changed);
    assert_eq!(void_for(&suite.status(removed)), Some(VoidReason::Overtaken));
}

#[test]
fn a_breakers_guardian_waits_be_it_the_first_and_a_trip_ends_by_a_reseed_at_once() {
    let mut suite = Suite::new();
    let (guardian, breaker, name) = (
        suite.w.guardian.clone(),
        suite.w.breaker.clone(),
        suite.w.market.clone(),
    );
    let trip = breaker::ExecuteMsg::Trip {
        market: name.clone(),
        reason: "a halt".to_string(),
    };
    suite.w.execute(&guardian, &breaker, &trip, &[]).unwrap();
    suite.w.advance(Seconds(60));
    suite.w.set_price("10");
    let reseed = suite.breaker(BreakerChange::Reseed {
        market: name,
        trip: 1,
    });
    carry_out(&mut suite, reseed, Class::AtOnce);
    let to = |guardian: Patch<String>| BreakerChange::SetGuardian { guardian };
    let none = suite.breaker(to(Patch::Remove {}));
    carry_out(&mut suite, none, Class::Waits);
    let first = suite.breaker(to(Patch::Set(suite.anyone.to_string())));
    carry_out(&mut suite, first, Class::Waits);
    let config: breaker::Config = suite.w.query(&breaker, &breaker::QueryMsg::Config {}).unwrap();
    assert_eq!(config.guardian, Some(suite.anyone.clone()));
}

/// A second breaker, which belongs to the timelock.
fn another_breaker(suite: &mut Suite) -> cosmwasm_std::Addr {
    let msg = breaker::InstantiateMsg {
        owner: suite.dao.to_string(),
        guardian: None,
    };
    let breaker = suite
        .w
        .instantiate(suite.w.codes.breaker, &msg, "breaker")
        .unwrap();
    let offer = cw_ownable::Action::TransferOwnership {
        new_owner: suite.timelock.to_string(),
        expiry: None,
    };
    let (dao, anyone) = (suite.dao.clone(), suite.anyone.clone());
    let msg = breaker::ExecuteMsg::UpdateOwnership(offer);
    suite.w.execute(&dao, &breaker, &msg, &[]).unwrap();
    let contract = Contract::Breaker {
        contract: Some(breaker.to_string()),
    };
    suite
        .send(&anyone, &ExecuteMsg::AcceptOwnership { contract })
        .unwrap();
    breaker
}

#[test]
fn another_breaker_than_the_vaults_is_changed_by_its_address() {
    let mut suite = Suite::new();
    let old = suite.w.breaker.clone();
    let new = another_breaker(&mut suite);
    let change = Change::Breaker {
        contract: Some(new.to_string()),
        change: BreakerChange::SetGuardian {
            guardian: Patch::Set(suite.anyone.to_string()),
        },
    };
    carry_out(&mut suite, change, Class::Waits);
    let config: breaker::Config = suite.w.query(&new, &breaker::QueryMsg::Config {}).unwrap();
    assert_eq!(config.guardian, Some(suite.anyone.clone()));

    // What waits for the vault's breaker waits for that one alone.
    let waiting = suite.submit(suite.market(|it| it.max_jump = Some(Bps(3_000))));
    let replaced = suite.submit(params(|it| it.breaker = Some(new.to_string())));
    suite.w.advance(WAIT);
    suite.apply(replaced);
    suite.apply(waiting);
    assert_eq!(void_for(&suite.status(waiting)), Some(VoidReason::Overtaken));
    assert_eq!(market(&suite).config.params.max_jump, Bps(2_000));
    assert_ne!(suite.vault_params().breaker, old);
}
