//! What the timelock refuses, with field, value and bound.

use crate::support::{Suite, params};
use backstop_types::breaker::Source;
use backstop_types::distributor::Listing;
use backstop_types::timelock::{BreakerChange, Change, Contract, DistributorChange, ExecuteMsg, VaultChange};
use backstop_types::{Patch, UncheckedDenom};
use cosmwasm_std::{Uint128, coins};
use cw_ownable::OwnershipError;
use risk_timelock::ContractError;

#[test]
fn only_the_owner_submits_and_cancels() {
    let mut suite = Suite::new();
    let number = suite.submit(suite.limit_to(u128::MAX));
    let guardian = suite.w.guardian.clone();
    for sender in [suite.anyone.clone(), guardian, suite.w.vault.clone()] {
        let change = suite.limit_to(1);
        for msg in [
            ExecuteMsg::Submit { change, expect: None },
            ExecuteMsg::Cancel { change: number },
        ] {
            assert_eq!(suite.refused(&sender, &msg), OwnershipError::NotOwner.into());
        }
    }
    assert_eq!(suite.pending(), [number]);
}

#[test]
fn no_message_takes_coins() {
    let mut suite = Suite::new();
    let (dao, timelock) = (suite.dao.clone(), suite.timelock.clone());
    suite.w.mint_native(&dao, "uusd", 100);
    let number = suite.submit(suite.limit_to(u128::MAX));
    for msg in [
        ExecuteMsg::Submit {
            change: suite.limit_to(30_000_000_000),
            expect: None,
        },
        ExecuteMsg::Apply { change: number },
        ExecuteMsg::Void { change: number },
        ExecuteMsg::Cancel { change: number },
        ExecuteMsg::AcceptOwnership {
            contract: Contract::Timelock {},
        },
    ] {
        let refused = suite
            .w
            .execute(&dao, &timelock, &msg, &coins(1, "uusd"))
            .unwrap_err();
        let refused: ContractError = backstop_testing::cause(refused);
        assert!(refused.to_string().starts_with("funds: "), "{refused}");
    }
}

#[test]
fn a_number_that_no_change_has_is_refused() {
    let mut suite = Suite::new();
    let dao = suite.dao.clone();
    suite.submit(suite.limit_to(u128::MAX));
    for change in [0, 2, u64::MAX] {
        for msg in [
            ExecuteMsg::Apply { change },
            ExecuteMsg::Void { change },
            ExecuteMsg::Cancel { change },
        ] {
            assert_eq!(suite.refused(&dao, &msg), ContractError::UnknownChange { change });
        }
    }
}

#[test]
fn what_names_nothing_or_cannot_be_made_of_what_is_is_refused() {
    let mut suite = Suite::new();
    let dao = suite.dao.clone();
    let market = suite.w.market.clone();
    let policy = suite.policy();
    let closed = |market: &str| {
        Change::Vault(VaultChange::ClosePolicy {
            policyholder: suite.w.perps.to_string(),
            market: market.to_string(),
        })
    };
    let update = |market: &str, sources: Option<Vec<Source<String>>>| BreakerChange::UpdateMarket {
        market: market.to_string(),
        params: None,
        sources,
    };
    let some_source = || Some(vec![Source::reporter("venue-a", "x", dao.to_string())]);
    let add_market = BreakerChange::AddMarket {
        market: market.clone(),
        config: backstop_types::breaker::MarketConfig::default_for(vec![]),
    };
    let remove = BreakerChange::RemoveSource {
        market: market.clone(),
        source: "venue-z".to_string(),
    };
    let guardian = BreakerChange::SetGuardian {
        guardian: Patch::Set("NOBODY".to_string()),
    };
    let delist = DistributorChange::DelistDenom {
        denom: UncheckedDenom::Native("unknown".to_string()),
    };
    let list = DistributorChange::ListDenom(Listing {
        denom: UncheckedDenom::Native("?".to_string()),
        min_rate: Uint128::one(),
    });
    let not_a_breaker = |contract: String| Change::Breaker {
        contract: Some(contract),
        change: update(&market, some_source()),
    };
    let to_nobody = Change::TransferOwnership {
        contract: Contract::Vault {},
        new_owner: "NOBODY".to_string(),
        expiry: None,
    };
    let no_admin = Change::Admin {
        contract: Contract::Vault {},
        admin: Patch::Set("NOBODY".to_string()),
    };
    let cases = [
        (suite.terms(|_| {}), "change is empty"),
        (params(|_| {}), "change is empty"),
        (
            params(|it| it.premium = Some(Default::default())),
            "change is empty",
        ),
        (params(|it| it.breaker = Some("NOBODY".to_string())), "breaker is"),
        (
            params(|it| it.guardian = Some(Patch::Set("NOBODY".to_string()))),
            "guardian is",
        ),
        (
            params(|it| it.treasury = Some(Patch::Set("NOBODY".to_string()))),
            "treasury is",
        ),
        (suite.breaker(update(&market, None)), "change is empty"),
        (
            suite.breaker(update("SOL/USD", some_source())),
            "market is unknown",
        ),
        (suite.breaker(update("SOL USD", some_source())), "market is"),
        (suite.breaker(add_market), "market is known"),
        (suite.breaker(remove), "source is venue-z"),
        (suite.breaker(guardian), "guardian is"),
        (suite.add_policy(policy.terms), "policy is active"),
        (closed("SOL/USD"), "policy is closed or unknown"),
        (closed("SOL USD"), "market is"),
        (Change::Distributor(delist), "denom is unknown"),
        (Change::Distributor(list), "denom is"),
        (not_a_breaker(suite.w.vault.to_string()), "contract is"),
        (not_a_breaker(suite.w.distributor.to_string()), "contract is"),
        (not_a_breaker(suite.timelock.to_string()), "contract is"),
        (not_a_breaker("NOBODY".to_string()), "contract is"),
        (to_nobody, "new_owner is"),
        (no_admin, "admin is"),
    ];
    for (change, expected) in cases {
        let shown = format!("{change:?}");
        let refused = suite.refused(&dao, &ExecuteMsg::Submit { change, expect: None });
        assert!(refused.to_string().starts_with(expected), "{shown}: {refused}");
    }
    assert!(suite.history().is_empty());
}
