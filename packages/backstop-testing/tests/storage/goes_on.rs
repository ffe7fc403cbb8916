//! What everyone waits for after a migration, and gets.

use backstop_testing::{emitted, invariants};
use backstop_types::events::perps::CompensationClaimed;
use backstop_types::vault::{self, ClaimsResponse, Params, PoolResponse};
use backstop_types::{Seconds, distributor, timelock};
use cosmwasm_std::{Addr, Decimal};
use sample_perps::msg as perps;

use super::scene::{ASSET, Life, REWARD};

/// Lets the life go on until everyone has what they waited for.
pub fn goes_on(life: &mut Life) {
    life.withdraws();
    life.claims_rewards();
    life.takes_what_came_back();
    life.sources_are_back();
    life.settles_claims();
    life.trades();
    life.applies_the_change();
    let broken = invariants::check(&life.w.app, &life.w.subjects());
    assert!(broken.is_empty(), "{broken:#?}");
}

impl Life {
    /// By how much a message raises a balance of its sender.
    fn gain(&mut self, who: &str, denom: &str, act: impl FnOnce(&mut Self)) -> u128 {
        let account = self.w.addr(who);
        let balance = |life: &Self| life.w.querier().query_balance(&account, denom).unwrap().amount;
        let before = balance(self);
        act(self);
        (balance(self) - before).u128()
    }

    fn withdraws(&mut self) {
        let withdraw = vault::ExecuteMsg::Withdraw {
            tickets: None,
            min_assets: None,
            limit: None,
            staker: None,
        };
        let gained = self.gain("bob", ASSET, |life| drop(life.vault("bob", withdraw)));
        // 100,000 shares, less their part of the losses.
        assert!((99_000_000_000..100_000_000_000).contains(&gained), "{gained}");
    }

    fn claims_rewards(&mut self) {
        for denom in [ASSET, REWARD] {
            let claim = distributor::ExecuteMsg::Claim {
                denoms: Some(vec![backstop_types::UncheckedDenom::Native(denom.to_string())]),
                receiver: None,
                restake: None,
            };
            let distributor = self.w.distributor.clone();
            let gained = self.gain("alice", denom, |life| {
                drop(life.tell("alice", &distributor, &claim, &[]))
            });
            assert!(gained > 500_000_000, "{denom}: {gained}");
        }
    }

    fn takes_what_came_back(&mut self) {
        for who in ["alice", "bob"] {
            let recovery = vault::ExecuteMsg::ClaimRecovery {
                losses: None,
                restake: None,
                limit: None,
            };
            let gained = self.gain(who, ASSET, |life| drop(life.vault(who, recovery)));
            assert!(gained > 100_000_000, "{who}: {gained}");
        }
        for who in ["treasury", "leaver"] {
            let credit = vault::ExecuteMsg::WithdrawCredit {};
            let gained = self.gain(who, ASSET, |life| drop(life.vault(who, credit)));
            assert!(gained > 0, "{who}");
        }
    }

    fn sources_are_back(&mut self) {
        for _ in 0..100 {
            self.w.advance(Seconds::HOUR);
            self.w.set_price("5");
        }
    }

    fn settles_claims(&mut self) {
        let open = vault::QueryMsg::OpenClaims {
            start_after: None,
            limit: None,
        };
        let page: ClaimsResponse = self.w.query(&self.w.vault, &open).unwrap();
        assert_eq!(
            page.claims.len(),
            3,
            "one of the exchange, one delayed and one held"
        );
        for claim in page.claims {
            let settle = vault::ExecuteMsg::SettleClaim { claim: claim.claim };
            self.vault("anyone", settle);
        }
        let page: ClaimsResponse = self.w.query(&self.w.vault, &open).unwrap();
        assert!(page.claims.is_empty(), "{page:?}");
        let pool: PoolResponse = self.w.query(&self.w.vault, &vault::QueryMsg::Pool {}).unwrap();
        assert!(pool.pots.is_zero(), "{pool:?}");
    }

    fn trades(&mut self) {
        self.perps("anyone", perps::ExecuteMsg::ReturnOrder { order: 6 });
        self.perps("keeper", perps::ExecuteMsg::BookClaim { shortfall: 1 });
        let compensation = perps::ExecuteMsg::ClaimCompensation {
            start_after: None,
            limit: None,
        };
        let taken = self.perps("seller", compensation);
        assert!(!emitted::<CompensationClaimed>(&taken).is_empty());
        for who in ["seller", "patient"] {
            let gained = self.gain(who, ASSET, |life| {
                drop(life.perps(who, perps::ExecuteMsg::Withdraw {}))
            });
            assert!(gained > 0, "{who}");
        }
        for position in [4, 5] {
            let gained = self.gain("patient", ASSET, |life| {
                let (limit, lifetime) = (None, None);
                let close = perps::ExecuteMsg::Close {
                    position,
                    limit,
                    lifetime,
                };
                let placed = life.perps("patient", close);
                life.w.filled(placed).unwrap();
            });
            assert!(gained > 0, "position {position}");
        }
    }

    fn applies_the_change(&mut self) {
        let timelock: Addr = self.timelock.clone();
        let change = timelock::QueryMsg::Change { number: 2 };
        let change: timelock::ChangeResponse = self.w.query(&timelock, &change).unwrap();
        let due = change.record.wait.unwrap().due.seconds();
        self.w.advance(Seconds(due.saturating_sub(self.w.now())));
        self.tell(
            "anyone",
            &timelock,
            &timelock::ExecuteMsg::Apply { change: 2 },
            &[],
        );
        let config: vault::Config = self.w.query(&self.w.vault, &vault::QueryMsg::Config {}).unwrap();
        let params: Params<Addr> = config.params;
        assert_eq!(params.pool_fraction, Decimal::percent(90));
    }
}
