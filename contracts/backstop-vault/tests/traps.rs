//! Traps that other backstops fell into, as their audits and incidents tell, and the
//! tests that this vault does not. Those without a file's name are here.
//!
//! | trap | what went wrong elsewhere | test |
//! | --- | --- | --- |
//! | 1 | assets read from the bank's balance | `deposit::a_stray_transfer_changes_nothing` |
//! | 2 | gains that inflate the price of a share | `no_reward_no_repayment_and_no_stray_transfer_raises_the_price_of_a_share` |
//! | 3 | deposits for no shares, exits without a minimum | `a_deposit_of_nothing_is_refused_and_one_unit_always_gets_a_share` |
//! | 3 | | `deposit::min_shares_is_inclusive_and_guards_the_price` |
//! | 3 | | `exit::min_assets_is_inclusive_and_guards_the_sum` |
//! | 4 | rewards not settled before a change by others | `a_deposit_by_another_a_loss_and_a_repayment_take_no_reward_that_was_due` |
//! | 5 | a stream that anybody can stretch again | `premium::a_stranger_who_sends_every_unit_by_itself_takes_nothing_from_the_stakers` |
//! | 6 | dust that rounds away what a victim has | `dust_that_is_sent_to_a_staker_rounds_nothing_away_from_it` |
//! | 6 | | `recovery_log::repayments_of_one_unit_move_an_entry_and_add_none` |
//! | 7 | a failing reward hook that blocks | `a_dead_distributor_stops_neither_a_loss_nor_an_exit_nor_what_comes_back` |
//! | 8 | deposits for the moment of the yield | `who_deposits_for_the_moment_a_premium_is_sent_gets_nothing_of_it` |
//! | 9 | recoveries taken by who deposits during a loss | `who_deposits_while_a_claim_is_open_gets_nothing_of_what_comes_back` |
//! | 10 | deposits closed for good by an open loss | `deposits_go_on_while_a_claim_is_open_and_every_claim_ends` |
//! | 11 | leaving ahead of a loss that is known | `nobody_leaves_ahead_of_a_claim_that_was_filed` |
//! | 12 | a freeze without an end, for exits too | `admin::a_pause_is_bounded_expires_and_rests` |
//! | 12 | | `admin::exits_go_on_under_every_pause_trip_and_closed_policy` |
//! | 13 | queues that others make longer | `cost::no_message_costs_more_among_ten_thousand_stakers_claims_losses_and_tickets` |
//! | 13 | | `attack::nobody_can_stop_the_last_ticket_by_a_deposit_for_the_leaver` |
//! | 14 | a ticket that is gone before it is paid | `what_the_asset_refuses_to_pay_stays_owed` |
//! | 15 | terms that change under an open ticket | `exit::a_shorter_period_shortens_open_tickets_and_a_longer_one_does_not_lengthen_them` |
//! | 16 | one ticket a staker | `exit::some_of_many_tickets_can_be_withdrawn_and_the_sum_is_rounded_not_each` |
//! | 17 | queued stake that is paid, or not slashed | `shares_that_unbond_bear_losses_and_earn_nothing` |
//! | 18 | a lock that ends before the loss is known | `who_unbonds_at_the_first_sign_bears_what_is_filed_until_its_time` |
//! | 19 | a wipe-out that leaves shares without assets | `however_often_nine_tenths_are_lost_something_is_left_and_deposits_go_on` |
//! | 20 | a product that is rounded to zero by losses | `scenarios::nine_losses_of_nine_tenths_and_a_new_deposit_after_each` |
//! | 21 | asked, granted and paid in one number | `what_was_asked_granted_and_paid_are_counted_apart` |
//! | 22 | caps that many small claims pass | `scenarios::a_hundred_claims_in_one_transaction` |
//! | 22 | | `cover::beyond_the_limits_a_shortfall_is_uncovered_and_says_why` |
//! | 23 | losses to oneself on purpose | `who_loses_to_itself_has_the_instant_bucket_and_no_more_once_the_owner_declines` |
//! | 24 | payments on a stale or missing price | `on_a_stale_or_missing_price_nothing_is_paid_at_once` |
//! | 24 | zeroes that mean off | `no_zero_switches_a_bound_off` |
//! | 25 | keys that can take what is staked | `no_message_of_owner_or_guardian_moves_what_is_staked` |

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::broken;
use crate::support::{Desk, MARKET, owner_sets, terms};
use backstop_testing::World;
use backstop_types::distributor::{self, Listing, RewardDistributor, StreamTerms};
use backstop_types::vault::*;
use backstop_types::{Assets, Bps, Denom, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Addr, Decimal, Empty, Uint128};
use cw_multi_test::Executor;
use cw20_base::state::BALANCES;

#[test]
fn each_trap_has_a_test_that_is_there() {
    let lines = include_str!("traps.rs").lines();
    let table = lines.filter_map(|line| line.strip_prefix("//! |"));
    let rows = table.skip(2).map(|row| {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        (
            cells[0].parse::<u32>().unwrap(),
            cells[2].trim_matches('`').to_string(),
        )
    });
    let rows: Vec<(u32, String)> = rows.collect();
    let named = |trap: u32| rows.iter().any(|(number, _)| *number == trap);
    assert!((1..=25).all(named), "{rows:?}");
    for (_, named) in rows {
        let (file, test) = named.split_once("::").unwrap_or(("traps", &named));
        let path = format!("{}/tests/{file}.rs", env!("CARGO_MANIFEST_DIR"));
        let source = std::fs::read_to_string(&path).unwrap();
        assert!(source.contains(&format!("#[test]\nfn {test}() {{")), "{named}");
    }
}

impl Desk {
    /// Rewards of 7,000 over a week or so of somebody's stake.
    fn reward(&mut self) {
        let denom = Denom::Native("ureward".to_string());
        let (owner, distributor) = (self.w.owner.clone(), self.w.distributor.clone());
        let list = distributor::ExecuteMsg::ListDenom(Listing {
            denom: UncheckedDenom::from(denom.clone()),
            min_rate: Uint128::one(),
        });
        self.w.execute(&owner, &distributor, &list, &[]).unwrap();
        let funder = self.staker("funder");
        self.w.mint_native(&funder, "ureward", 7_000_000);
        let fund = RewardDistributor(distributor).fund(&denom, 7_000_000u128.into(), StreamTerms::now(1));
        self.w.send(&funder, fund.unwrap()).unwrap();
    }

    fn rewards(&self, staker: &Addr) -> u128 {
        let distributor = RewardDistributor(self.w.distributor.clone());
        let due = distributor.pending_rewards(&self.w.querier(), staker).unwrap();
        due.iter().map(|reward| reward.amount.u128()).sum()
    }

    /// Gives a contract code that fails at everything.
    fn break_down(&mut self, contract: Addr) {
        let code = self.w.app.store_code(broken::contract());
        let (owner, msg) = (self.w.owner.clone(), Empty {});
        self.w.app.migrate_contract(owner, contract, &msg, code).unwrap();
    }

    /// What a staker is paid by an act of its own.
    fn paid_by(&mut self, staker: &Addr, act: impl FnOnce(&mut Self)) -> u128 {
        let before = self.balance(staker);
        act(self);
        self.balance(staker) - before
    }
}

/// Cover of which nothing is paid at once.
fn delaying() -> Desk {
    let mut desk = Desk::covering(|terms| terms.instant = Assets::ZERO);
    desk.w.set_price("10");
    desk
}

#[test]
fn no_reward_no_repayment_and_no_stray_transfer_raises_the_price_of_a_share() {
    let mut desk = Desk::native();
    let (mallory, victim, holder) = (desk.staker("mallory"), desk.staker("victim"), desk.holder.clone());
    desk.deposit(&mallory, 10).unwrap();
    desk.reward();
    desk.advance(Seconds::days(3));
    desk.donate(&mallory, 1_000_000);
    assert_eq!(desk.pool().share_price, Decimal::one());
    let loss = desk.lose(5);
    desk.recover(&holder, loss, 5).unwrap();
    assert_eq!(desk.pool().share_price, Decimal::percent(50));
    desk.deposit(&victim, 1_999).unwrap();
    assert_eq!(desk.stake(&victim).stake.active, Shares::new(2 * 1_999));
    assert_eq!(desk.stake(&victim).assets, Assets::new(1_999));
}

#[test]
fn a_deposit_of_nothing_is_refused_and_one_unit_always_gets_a_share() {
    for mut desk in crate::support::both_assets() {
        let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
        desk.deposit(&alice, 1_000_000).unwrap();
        for loss in [0, 900_000, 90_000, 9_000] {
            if loss > 0 {
                desk.lose(loss);
            }
            assert!(desk.deposit(&bob, 0).is_err());
            let before = desk.stake(&bob).stake.active;
            desk.deposit(&bob, 1).unwrap();
            assert!(desk.stake(&bob).stake.active > before);
            desk.advance(Seconds::days(7));
        }
    }
}

#[test]
fn a_deposit_by_another_a_loss_and_a_repayment_take_no_reward_that_was_due() {
    let mut desk = Desk::native();
    let (alice, bob, holder) = (desk.staker("alice"), desk.staker("bob"), desk.holder.clone());
    desk.deposit(&alice, 1_000).unwrap();
    desk.reward();
    desk.advance(Seconds::days(3));
    desk.w.set_price("10");
    let due = desk.rewards(&alice);
    assert!(due > 1_000_000, "{due}");
    desk.deposit_with(&bob, 1_000_000, None, Some(alice.to_string()))
        .unwrap();
    assert_eq!(desk.rewards(&alice), due);
    desk.deposit(&bob, 1_000_000).unwrap();
    let loss = desk.shortfall(500_000).claim.unwrap();
    desk.recover(&holder, loss, 500_000).unwrap();
    desk.claim_recovery(&bob, None, true).unwrap();
    assert_eq!(desk.rewards(&alice), due);
    assert_eq!(desk.rewards(&bob), 0);
}

#[test]
fn dust_that_is_sent_to_a_staker_rounds_nothing_away_from_it() {
    let outcome = |dust: u32| {
        let mut desk = Desk::native();
        let (alice, mallory) = (desk.staker("alice"), desk.staker("mallory"));
        desk.deposit(&alice, 1_000_003).unwrap();
        desk.lose(333_331);
        desk.reward();
        for _ in 0..dust {
            desk.advance(Seconds(7));
            let receiver = Some(alice.to_string());
            desk.deposit_with(&mallory, 1, None, receiver).unwrap();
        }
        desk.advance(Seconds::days(14).saturating_sub(Seconds(7 * u64::from(dust))));
        (desk.stake(&alice).assets.u128(), desk.rewards(&alice))
    };
    let (without, with) = (outcome(0), outcome(100));
    assert!(with.0 >= without.0, "{with:?}, {without:?}");
    assert!(with.1 + 1 >= without.1, "{with:?}, {without:?}");
}

#[test]
fn a_dead_distributor_stops_neither_a_loss_nor_an_exit_nor_what_comes_back() {
    let mut desk = delaying();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.break_down(desk.w.distributor.clone());
    let claim = desk.shortfall(400).claim.unwrap();
    desk.unbond(&alice, 1_000).unwrap();
    desk.decline(claim).unwrap();
    desk.advance(Seconds::days(21));
    let paid = desk.paid_by(&alice, |desk| {
        desk.claim_recovery(&alice.clone(), None, false).unwrap();
        desk.withdraw(&alice.clone(), None).unwrap();
    });
    assert_eq!(paid, 400 + 600);
}

#[test]
fn who_deposits_for_the_moment_a_premium_is_sent_gets_nothing_of_it() {
    let asks = PolicyTerms {
        limit: 3_650_000.into(),
        instant: Assets::ZERO,
        premium: Some(Bps::ONE),
        ..terms()
    };
    let mut desk = Desk::of(World::builder().without_policy(), asks);
    let (alice, mallory, holder) = (desk.staker("alice"), desk.staker("mallory"), desk.holder.clone());
    let list = distributor::ExecuteMsg::ListDenom(Listing {
        denom: UncheckedDenom::from(desk.w.asset.clone()),
        min_rate: Uint128::one(),
    });
    let (owner, distributor, vault) = (
        desk.w.owner.clone(),
        desk.w.distributor.clone(),
        desk.w.vault.clone(),
    );
    desk.w.execute(&owner, &distributor, &list, &[]).unwrap();
    desk.deposit(&alice, 10_000_000).unwrap();
    let (market, max_rate) = (MARKET.to_string(), Bps(1_000_000));
    let pay = ExecuteMsg::PayPremium {
        market: market.clone(),
        max_rate,
    };
    let hook = HookMsg::PayPremium { market, max_rate };
    desk.w
        .send_asset(&holder, &vault, 1_000_000, &pay, &hook)
        .unwrap();
    desk.advance(Seconds::days(10));

    desk.deposit(&mallory, 1_000_000_000).unwrap();
    let send = ExecuteMsg::SendPremium {
        policyholder: holder.to_string(),
        market: MARKET.to_string(),
    };
    desk.execute(&mallory, &send, &[]).unwrap();
    let sent = desk.balance(&distributor);
    desk.unbond(&mallory, 1_000_000_000).unwrap();
    desk.advance(Seconds::days(15));
    assert_eq!(desk.rewards(&mallory), 0);
    let earned = desk.rewards(&alice);
    assert!(
        sent > 500 && (sent - 1..=sent).contains(&earned),
        "{earned} of {sent}"
    );
}

#[test]
fn who_deposits_while_a_claim_is_open_gets_nothing_of_what_comes_back() {
    let mut desk = delaying();
    let (alice, mallory) = (desk.staker("alice"), desk.staker("mallory"));
    desk.deposit(&alice, 1_000).unwrap();
    let claim = desk.shortfall(500).claim.unwrap();
    desk.deposit(&mallory, 500_000).unwrap();
    desk.decline(claim).unwrap();
    assert_eq!((desk.due(&alice), desk.due(&mallory)), (500, 0));
    assert_eq!(desk.stake(&mallory).assets, Assets::new(500_000));
    assert!(desk.claim_recovery(&mallory, Some(vec![claim]), false).is_err());
}

#[test]
fn deposits_go_on_while_a_claim_is_open_and_every_claim_ends() {
    let mut desk = delaying();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 1_000).unwrap();
    desk.break_down(desk.w.breaker.clone());
    let claim = desk.shortfall(500).claim.unwrap();
    desk.deposit(&bob, 500).unwrap();
    // Unbonding, notice, and thirty days: the breaker never answers.
    desk.advance(Seconds::days(21 + 3 + 30));
    assert!(desk.settle(claim).is_err());
    desk.advance(Seconds(1));
    desk.settle(claim).unwrap();
    assert_eq!(desk.pool().pending_claims, 0);
    assert_eq!((desk.due(&alice), desk.due(&bob)), (500, 0));
}

#[test]
fn nobody_leaves_ahead_of_a_claim_that_was_filed() {
    let mut desk = delaying();
    let [early, late, stays] = ["early", "late", "stays"].map(|name| desk.staker(name));
    for staker in [&early, &late, &stays] {
        desk.deposit(staker, 1_000).unwrap();
    }
    desk.unbond(&early, 1_000).unwrap();
    desk.advance(Seconds::days(20));
    desk.w.set_price("10");
    desk.shortfall(1_500);
    desk.unbond(&late, 1_000).unwrap();
    desk.advance(Seconds::days(1));
    let paid = |desk: &mut Desk, staker: &Addr| {
        desk.paid_by(staker, |desk| drop(desk.withdraw(&staker.clone(), None).unwrap()))
    };
    assert_eq!(paid(&mut desk, &early), 500);
    desk.advance(Seconds::days(20));
    assert_eq!(paid(&mut desk, &late), 500);
    assert_eq!(desk.stake(&stays).assets, Assets::new(500));
}

/// The token gives the vault nothing to pay with while this runs.
fn penniless(desk: &mut Desk, act: impl FnOnce(&mut Desk)) {
    let (token, vault) = (Addr::unchecked(desk.asset_name()), desk.w.vault.clone());
    let set = |desk: &mut Desk, amount: Uint128| {
        let mut storage = desk.w.app.contract_storage_mut(&token);
        let before = BALANCES.load(&*storage, &vault).unwrap();
        BALANCES.save(&mut *storage, &vault, &amount).unwrap();
        before
    };
    let before = set(desk, Uint128::zero());
    act(desk);
    set(desk, before);
}

#[test]
fn what_the_asset_refuses_to_pay_stays_owed() {
    let builder = World::builder().cw20_asset().collect_violations();
    let mut desk = Desk::of(
        builder,
        PolicyTerms {
            instant: Assets::ZERO,
            ..terms()
        },
    );
    desk.w.asset_works = false;
    let (alice, holder) = (desk.staker("alice"), desk.holder.clone());
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    let declined = desk.shortfall(300).claim.unwrap();
    let paid = desk.shortfall(200).claim.unwrap();
    desk.unbond(&alice, 1_000).unwrap();
    desk.decline(declined).unwrap();
    desk.advance(Seconds::days(21));
    penniless(&mut desk, |desk| {
        assert!(desk.withdraw(&alice, None).is_err());
        assert!(desk.claim_recovery(&alice, None, false).is_err());
        assert!(desk.settle(paid).is_err());
    });
    assert_eq!(desk.stake(&alice).stake.tickets, 1);
    let got = desk.paid_by(&alice, |desk| {
        desk.withdraw(&alice.clone(), None).unwrap();
        desk.claim_recovery(&alice.clone(), None, false).unwrap();
    });
    assert_eq!(got, 500 + 300);
    let got = desk.paid_by(&holder, |desk| drop(desk.settle(paid).unwrap()));
    assert_eq!(got, 200);
}

#[test]
fn shares_that_unbond_bear_losses_and_earn_nothing() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 1_000).unwrap();
    desk.deposit(&bob, 1_000).unwrap();
    desk.unbond(&alice, 1_000).unwrap();
    desk.reward();
    desk.advance(Seconds::days(21));
    assert_eq!(desk.rewards(&alice), 0);
    assert!(desk.rewards(&bob) + 1 >= 7_000_000);
    desk.lose(500);
    let paid = desk.paid_by(&alice, |desk| drop(desk.withdraw(&alice.clone(), None).unwrap()));
    assert_eq!(paid, 750);
}

#[test]
fn who_unbonds_at_the_first_sign_bears_what_is_filed_until_its_time() {
    let mut desk = delaying();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 1_000).unwrap();
    desk.deposit(&bob, 1_000).unwrap();
    // The market trips, she leaves at once, and the last liquidation is 20 days later.
    desk.w.set_price("5");
    desk.unbond(&alice, 1_000).unwrap();
    desk.advance(Seconds::days(20));
    desk.w.set_sources("5");
    assert_eq!(desk.shortfall_at(1_000, Some("5")).pending, Assets::new(1_000));
    desk.advance(Seconds::DAY.saturating_sub(Seconds(2)));
    assert!(desk.withdraw(&alice, None).is_err());
    desk.advance(Seconds(2));
    let paid = desk.paid_by(&alice, |desk| drop(desk.withdraw(&alice.clone(), None).unwrap()));
    assert_eq!(paid, 500);
}

#[test]
fn however_often_nine_tenths_are_lost_something_is_left_and_deposits_go_on() {
    let mut desk = Desk::native();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    desk.deposit(&alice, 1_000_000).unwrap();
    for _ in 0..12 {
        desk.w.set_price("10");
        let before = desk.pool().assets;
        let room = desk.pool().room.u128();
        let answer = desk.shortfall(1_000_000);
        assert_eq!(answer.paid.u128(), room);
        assert!(desk.pool().assets >= Assets::ONE && desk.pool().assets <= before);
        desk.advance(Seconds::days(7));
    }
    assert_eq!(desk.pool().assets, Assets::ONE);
    desk.deposit(&bob, 1_000).unwrap();
    assert_eq!(desk.stake(&bob).assets, Assets::new(1_000));
}

#[test]
fn what_was_asked_granted_and_paid_are_counted_apart() {
    let mut desk = Desk::covering(|terms| {
        (terms.limit, terms.instant, terms.deductible) = (800.into(), 300.into(), 50.into())
    });
    let (alice, holder) = (desk.staker("alice"), desk.holder.clone());
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    let claim = desk.shortfall(1_000).claim.unwrap();
    let parts = |desk: &Desk| {
        let record = desk.claim(claim).record;
        let loss = desk.loss(claim);
        [
            record.asked,
            record.deductible,
            record.granted,
            record.paid,
            record.pot,
            loss.from_pot,
            loss.repaid,
        ]
        .map(Assets::u128)
    };
    assert_eq!(parts(&desk), [1_000, 50, 800, 300, 500, 0, 0]);
    // What is repaid before the rest is paid is no more than what was paid by then.
    desk.recover(&holder, claim, 700).unwrap();
    desk.decline(claim).unwrap();
    assert_eq!(parts(&desk), [1_000, 50, 800, 300, 0, 500, 300]);
    assert_eq!(desk.due(&alice), 800);
}

#[test]
fn who_loses_to_itself_has_the_instant_bucket_and_no_more_once_the_owner_declines() {
    let mut desk = Desk::covering(|terms| {
        (terms.limit, terms.instant, terms.deductible) = (1_000.into(), 100.into(), 40.into())
    });
    let (alice, holder) = (desk.staker("alice"), desk.holder.clone());
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    let paid = desk.paid_by(&holder, |desk| {
        for _ in 0..10 {
            desk.shortfall(100);
        }
    });
    assert_eq!(paid, 100);
    for claim in 1..=desk.pool().losses {
        if !desk.claim(claim).record.pot.is_zero() {
            desk.decline(claim).unwrap();
        }
    }
    desk.advance(Seconds::days(2));
    assert_eq!(desk.stake(&alice).assets.u128() + desk.due(&alice), 10_000 - 100);
}

#[test]
fn on_a_stale_or_missing_price_nothing_is_paid_at_once() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    let missing = desk.shortfall_at(100, None);
    assert_eq!((missing.claim, missing.uncovered), (None, 100.into()));
    desk.advance(Seconds::DAY);
    let stale = desk.shortfall(100);
    assert_eq!((stale.paid, stale.pending), (Assets::ZERO, 100.into()));
    assert_eq!(stale.reason, Some(CoverReason::BreakerDenied.into()));
    desk.break_down(desk.w.breaker.clone());
    let silent = desk.shortfall(100);
    assert_eq!((silent.paid, silent.pending), (Assets::ZERO, 100.into()));
    assert_eq!(silent.reason, Some(CoverReason::BreakerUnavailable.into()));
}

#[test]
fn no_zero_switches_a_bound_off() {
    let mut desk = Desk::native();
    let updates: [fn(&mut ParamsUpdate); 6] = [
        |update| update.pool_fraction = Some(Decimal::zero()),
        |update| update.unbonding_period = Some(Seconds(0)),
        |update| update.notice = Some(Seconds(0)),
        |update| update.min_ticket = Some(Shares::ZERO),
        |update| update.max_tickets = Some(0),
        |update| update.poke_gas = Some(0),
    ];
    for change in updates {
        let mut update = ParamsUpdate::default();
        change(&mut update);
        desk.refused(|desk| desk.update(update));
    }
    let holder = desk.holder.clone();
    let zeroes: [fn(&mut PolicyTerms); 4] = [
        |terms| terms.limit = Assets::ZERO,
        |terms| terms.minimum = Assets::ZERO,
        |terms| terms.delay = Seconds(0),
        |terms| terms.premium = Some(Bps(0)),
    ];
    for change in zeroes {
        let mut terms = terms();
        change(&mut terms);
        desk.refused(|desk| desk.as_owner(&owner_sets(&holder, terms, false)));
    }
    // A deductible and an instant part of zero are amounts: the first deducts nothing,
    // the second pays nothing at once.
    let mut desk = delaying();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    let answer = desk.shortfall(100);
    assert_eq!((answer.deductible, answer.paid), (Assets::ZERO, Assets::ZERO));
}

#[test]
fn no_message_of_owner_or_guardian_moves_what_is_staked() {
    let mut desk = delaying();
    let (alice, holder) = (desk.staker("alice"), desk.holder.clone());
    desk.deposit(&alice, 10_000).unwrap();
    let claim = desk.shortfall(1_000).claim.unwrap();
    let (owner, guardian, vault) = (
        desk.w.owner.clone(),
        desk.w.guardian.clone(),
        desk.w.vault.clone(),
    );
    let dao = desk.staker("dao");
    let has = |desk: &Desk| [&owner, &guardian, &dao, &vault].map(|account| desk.balance(account));
    let before = has(&desk);
    let close = ExecuteMsg::ClosePolicy {
        policyholder: Some(holder.to_string()),
        market: MARKET.to_string(),
    };
    let update = ParamsUpdate {
        pool_fraction: Some(Decimal::percent(1)),
        treasury: Some(backstop_types::Patch::Set(owner.to_string())),
        treasury_part: Some(Bps(5_000)),
        ..Default::default()
    };
    let (what, duration) = (Pausable::Payouts, Seconds::HOUR);
    let transfer = cw_ownable::Action::TransferOwnership {
        new_owner: dao.to_string(),
        expiry: None,
    };
    let decline = ExecuteMsg::DeclineClaim {
        claim,
        reason: "to see who gets it".to_string(),
    };
    let messages = [
        (&guardian, ExecuteMsg::Pause { what, duration }),
        (&owner, owner_sets(&holder, terms(), false)),
        (&owner, close),
        (&owner, owner_sets(&holder, terms(), true)),
        (&owner, owner_sets(&owner, terms(), true)),
        (&owner, ExecuteMsg::UpdateParams { update }),
        (&owner, decline),
        (&owner, ExecuteMsg::Resume { what, pause: 1 }),
        (&owner, ExecuteMsg::UpdateOwnership(transfer)),
        (
            &dao,
            ExecuteMsg::UpdateOwnership(cw_ownable::Action::AcceptOwnership),
        ),
    ];
    for (sender, msg) in &messages {
        desk.execute(sender, msg, &[]).unwrap();
        assert_eq!(has(&desk), before, "{msg:?}");
        assert_eq!(desk.stake(&alice).assets, Assets::new(9_000), "{msg:?}");
    }
    assert_eq!(desk.due(&alice), 1_000, "what was declined is hers");
    assert!(desk.execute(&owner, &ExecuteMsg::WithdrawCredit {}, &[]).is_err());
}
