//! The invariants notice: the vault's storage is tampered with, one rule at a
//! time, and the watcher names that rule.

use backstop_testing::World;
use backstop_testing::invariants::check;
use backstop_types::distributor::Listing;
use backstop_types::vault::{ClaimStatus, ExecuteMsg};
use backstop_types::{Assets, Seconds, Shares, UncheckedDenom};
use backstop_vault::state;
use cosmwasm_std::{Addr, Storage};

/// A world with two stakers, an open ticket, a claim that was paid and one that
/// waits.
fn world() -> World {
    let mut w = World::builder()
        .collect_violations()
        .rewards(vec![Listing {
            denom: UncheckedDenom::Native("uatom".to_string()),
            min_rate: 1u128.into(),
        }])
        .loose()
        .policy(|terms| {
            terms.limit = Assets::new(10_000);
            terms.instant = Assets::new(1_000);
        })
        .seed(|seed| {
            seed.deposits = vec![("alice".to_string(), 60_000), ("bob".to_string(), 40_000)];
        })
        .build();
    let alice = w.addr("alice");
    w.unbond(&alice, 10_000).unwrap();
    let perps = w.perps.clone();
    w.shortfall(&perps, 1_000, Some("10")).unwrap();
    w.shortfall(&perps, 2_000, Some("10")).unwrap();
    assert_eq!(w.violations, []);
    w
}

/// Which rules are broken once `tamper` has changed the vault's storage, with
/// so much of a stray transfer known. It is given alice's address too.
fn broken_by(stray: u128, tamper: impl FnOnce(&mut dyn Storage, &Addr)) -> Vec<u8> {
    let mut w = world();
    let (alice, vault) = (w.addr("alice"), w.vault.clone());
    tamper(&mut *w.app.contract_storage_mut(&vault), &alice);
    w.stray = Some(stray);
    w.look();
    w.broken_invariants()
}

#[test]
fn an_untouched_world_breaks_nothing() {
    let w = world();
    assert_eq!(check(&w.app, &w.subjects()), []);
}

#[test]
fn every_message_is_looked_at_but_a_price_and_a_poke() {
    // Given a pool that is wrong, unseen.
    let mut w = world();
    w.advance(Seconds(1));
    let (alice, vault) = (w.addr("alice"), w.vault.clone());
    let mut pool = state::POOL.load(&*w.app.contract_storage(&vault)).unwrap();
    pool.assets = Assets::new(pool.assets.u128() + 5);
    state::POOL
        .save(&mut *w.app.contract_storage_mut(&vault), &pool)
        .unwrap();
    w.stray = Some(0);

    // Prices touch nothing that the rules are about.
    let before = w.checks();
    w.set_price("10");
    assert!(w.checks() > before);
    assert_eq!(w.violations, []);

    // A coin that moves between strangers might.
    let stranger = w.addr("bob");
    let coin = w.asset.send(&stranger, 1u128.into()).unwrap();
    w.send(&alice, coin).unwrap();
    assert!(w.broken_invariants().contains(&1), "{:?}", w.violations);
}

#[test]
fn assets_that_are_not_there_are_noticed() {
    let rules = broken_by(0, |storage, _| {
        let mut pool = state::POOL.load(storage).unwrap();
        pool.assets = Assets::new(pool.assets.u128() + 5);
        state::POOL.save(storage, &pool).unwrap();
    });
    assert!(rules.contains(&1) && rules.contains(&3), "{rules:?}");
}

#[test]
fn premiums_and_credits_that_are_nobodys_and_limits_that_are_no_policys_are_noticed() {
    let tampers: [fn(&mut dyn Storage, &Addr); 4] = [
        |storage, _| {
            let mut reserves = state::RESERVES.load(storage).unwrap();
            reserves.premiums = Assets::ONE;
            state::RESERVES.save(storage, &reserves).unwrap();
        },
        |storage, _| {
            let mut reserves = state::RESERVES.load(storage).unwrap();
            reserves.credits = Assets::ONE;
            state::RESERVES.save(storage, &reserves).unwrap();
        },
        |storage, alice| state::CREDITS.save(storage, alice, &Assets::ONE).unwrap(),
        |storage, _| {
            let limits = state::LIMITS.load(storage).unwrap();
            state::LIMITS
                .save(storage, &(limits + cosmwasm_std::Uint256::one()))
                .unwrap();
        },
    ];
    for tamper in tampers {
        let rules = broken_by(0, tamper);
        assert!(rules.contains(&1), "{rules:?}");
    }
}

#[test]
fn a_stray_transfer_is_known_and_changes_nothing() {
    let mut w = world();
    let carol = w.addr("carol");
    w.stray(&carol, 777).unwrap();
    assert_eq!(w.violations, []);
    w.stray = Some(0);
    w.look();
    assert_eq!(w.violations.iter().map(|v| v.invariant).collect::<Vec<_>>(), [1]);
}

#[test]
fn shares_out_of_nothing_are_noticed() {
    let rules = broken_by(0, |storage, alice| {
        let mut stake = state::STAKES.load(storage, alice).unwrap();
        stake.active = Shares::new(stake.active.u128() + 1);
        state::STAKES.save(storage, alice, &stake, 0).unwrap();
    });
    assert!(rules.contains(&2), "{rules:?}");
}

#[test]
fn a_price_that_falls_without_a_grant_is_noticed_and_so_is_who_lost_by_it() {
    let rules = broken_by(1_000, |storage, _| {
        let mut pool = state::POOL.load(storage).unwrap();
        pool.assets = Assets::new(pool.assets.u128() - 1_000);
        state::POOL.save(storage, &pool).unwrap();
    });
    assert_eq!(rules, [3, 4], "{rules:?}");
}

#[test]
fn a_pot_that_shrinks_without_a_payment_is_noticed() {
    let rules = broken_by(0, |storage, _| {
        let mut claim = state::CLAIMS.load(storage, 2).unwrap();
        claim.pot = Assets::new(claim.pot.u128() - 1);
        state::CLAIMS.save(storage, 2, &claim).unwrap();
    });
    assert!(rules.contains(&7), "{rules:?}");
}

#[test]
fn a_loss_that_is_not_in_the_log_of_what_came_back_is_noticed() {
    let rules = broken_by(0, |storage, _| {
        let mut loss = state::LOSSES.load(storage, 1).unwrap();
        loss.came_back = Some(1);
        state::LOSSES.save(storage, 1, &loss).unwrap();
    });
    assert_eq!(rules, [7]);
}

#[test]
fn a_payment_before_its_delay_is_noticed() {
    let rules = broken_by(0, |storage, _| {
        let mut claim = state::CLAIMS.load(storage, 2).unwrap();
        claim.paid = claim.granted;
        claim.pot = Assets::ZERO;
        claim.status = ClaimStatus::Paid {};
        state::CLAIMS.save(storage, 2, &claim).unwrap();
    });
    assert!(rules.contains(&9), "{rules:?}");
}

#[test]
fn a_grant_past_the_limit_is_noticed() {
    let rules = broken_by(0, |storage, _| {
        let mut claim = state::CLAIMS.load(storage, 2).unwrap();
        let mut loss = state::LOSSES.load(storage, 2).unwrap();
        claim.granted = Assets::new(9_500);
        loss.granted = Assets::new(9_500);
        state::CLAIMS.save(storage, 3, &claim).unwrap();
        state::LOSSES.save(storage, 3, &loss).unwrap();
    });
    assert!(rules.contains(&6), "{rules:?}");
}

#[test]
fn an_exit_that_is_refused_without_a_reason_is_noticed_and_one_with_a_reason_is_not() {
    let mut w = world();
    let (alice, bob) = (w.addr("alice"), w.addr("bob"));
    // More than she has, and a ticket that is not ready.
    assert!(w.unbond(&alice, 1_000_000).is_err());
    assert!(w.withdraw(&alice).is_err());
    assert_eq!(w.violations, []);

    // Bob's stake is gone from storage, behind the watcher's back.
    let vault = w.vault.clone();
    state::STAKES
        .remove(&mut *w.app.contract_storage_mut(&vault), &bob, 0)
        .unwrap();
    let msg = ExecuteMsg::Unbond {
        shares: Some(Shares::new(40_000)),
        auto_withdraw: None,
    };
    assert!(w.execute(&bob, &vault, &msg, &[]).is_err());
    assert!(w.violations.iter().any(|violation| violation.invariant == 8));
}

#[test]
fn a_distributor_that_counts_other_shares_is_noticed() {
    let mut w = world();
    let bob = w.addr("bob");
    let distributor = w.distributor.clone();
    let mut storage = w.app.contract_storage_mut(&distributor);
    let accounts = reward_distributor::state::ACCOUNTS;
    let mut account = accounts.load(&*storage, &bob).unwrap();
    account.shares = Shares::new(account.shares.u128() + 1);
    accounts.save(&mut *storage, &bob, &account).unwrap();
    drop(storage);
    w.look();
    assert!(w.violations.iter().all(|violation| violation.invariant == 5) && !w.violations.is_empty());
}

#[test]
fn a_distributor_that_owes_more_than_it_holds_is_noticed() {
    let mut w = world();
    let bob = w.addr("bob");
    let distributor = w.distributor.clone();
    let mut storage = w.app.contract_storage_mut(&distributor);
    let accounts = reward_distributor::state::ACCOUNTS;
    let mut account = accounts.load(&*storage, &bob).unwrap();
    account.restore(0, 1_000_000_000_000u128.into()).unwrap();
    accounts.save(&mut *storage, &bob, &account).unwrap();
    drop(storage);
    w.look();
    assert!(w.violations.iter().all(|violation| violation.invariant == 5) && !w.violations.is_empty());
}

#[test]
fn time_alone_breaks_nothing() {
    let mut w = world();
    w.advance(Seconds::days(400));
    assert_eq!(w.violations, []);
}

#[test]
fn a_grant_while_the_premium_is_not_paid_is_noticed() {
    let mut w = world();
    let perps = w.perps.clone();
    let mut terms = backstop_testing::default_terms();
    terms.premium = Some(backstop_types::Bps::ONE);
    let change = ExecuteMsg::ChangePolicy {
        policyholder: perps.to_string(),
        market: w.market.clone(),
        update: backstop_types::Change::to(terms),
    };
    let (owner, vault) = (w.owner.clone(), w.vault.clone());
    w.execute(&owner, &vault, &change, &[]).unwrap();
    w.advance(Seconds::DAY);
    assert_eq!(w.violations, []);
    let mut copy = {
        let storage = w.app.contract_storage(&vault);
        (
            state::CLAIMS.load(&*storage, 2).unwrap(),
            state::LOSSES.load(&*storage, 2).unwrap(),
        )
    };
    copy.0.filed_at = w.app.block_info().time;
    {
        let mut storage = w.app.contract_storage_mut(&vault);
        state::CLAIMS.save(&mut *storage, 3, &copy.0).unwrap();
        state::LOSSES.save(&mut *storage, 3, &copy.1).unwrap();
    }
    w.look();
    let without = |v: &backstop_testing::invariants::Violation| v.what.contains("without a premium");
    assert!(w.violations.iter().any(without), "{:?}", w.violations);
}
