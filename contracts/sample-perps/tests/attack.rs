//! Attacks on the exchange and on its seam to vault and breaker: each test
//! states a claim that must be true.

use crate::support::{Exchange, ONE, both, message, plain, refusal, update_params};
use backstop_core::perps::Side;
use backstop_testing::WorldBuilder;
use backstop_types::vault::{BackstopVault, ClaimStatusName, ExecuteMsg as VaultMsg};
use backstop_types::{Assets, Bps, Seconds};
use sample_perps::ContractError;
use sample_perps::Params;
use sample_perps::msg::{ExecuteMsg, InstantiateMsg};
use sample_perps::state::Config;

/// Everything granted is paid after a day, nothing at once.
fn delayed(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).policy(|t| t.instant = Assets::ZERO)
}

/// Nothing is ever covered.
fn uncovered(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).policy(|t| t.deductible = t.limit)
}

/// What `eve` gains by adding nine times the pool before `between`, and leaving as
/// soon after it as liquidity may.
fn gained_around(x: &mut Exchange, between: impl FnOnce(&mut Exchange)) -> i128 {
    let before = x.balance("eve");
    x.add_liquidity("eve", 900_000 * ONE, None).unwrap();
    between(x);
    let shares = x.shares("eve");
    x.remove_liquidity("eve", shares).unwrap();
    i128::try_from(x.balance("eve")).unwrap() - i128::try_from(before).unwrap()
}

fn status(x: &Exchange, claim: u64) -> ClaimStatusName {
    let vault = BackstopVault(x.w.vault.clone());
    let claim = vault.claim(&x.w.querier(), claim).unwrap().unwrap();
    claim.status.known().unwrap()
}

#[test]
fn who_adds_liquidity_around_a_booking_takes_nothing_of_what_the_vault_owed_the_pool() {
    both(delayed, |x| {
        // Given 4,000 missing in the pool, granted and due in a day.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        x.liquidate(long).unwrap();
        x.wait(Seconds::DAY, "5");
        let gained = gained_around(x, |x| {
            x.vault("eve", VaultMsg::SettleClaim { claim: 1 }).unwrap();
            x.book(1).unwrap();
        });
        assert!(gained <= 0, "{gained}");
    });
}

#[test]
fn who_adds_liquidity_around_a_liquidation_takes_nothing_of_what_the_vault_pays_for_it() {
    both(plain, |x| {
        // Given a long that will leave 4,000, which the vault pays at once.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        let gained = gained_around(x, |x| drop(x.liquidate(long).unwrap()));
        assert!(gained <= 0, "{gained}");
    });
}

#[test]
fn who_adds_liquidity_around_a_deleveraging_takes_nothing_of_what_it_makes_good() {
    both(uncovered, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.open("bob", Side::Short, 1_000, 2_000);
        x.price("5");
        x.liquidate(long).unwrap();
        let gained = gained_around(x, |x| drop(x.deleverage(1).unwrap()));
        assert!(gained <= 0, "{gained}");
    });
}

#[test]
fn what_is_paid_after_all_providers_left_is_not_lost_in_the_virtual_shares() {
    both(delayed, |x| {
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        x.liquidate(long).unwrap();
        let shares = x.shares("lp");
        x.remove_liquidity("lp", shares).unwrap();
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        x.book(1).unwrap();
        // The next provider comes and goes, and so do all who follow.
        x.add_liquidity("carol", 100_000 * ONE, None).unwrap();
        let shares = x.shares("carol");
        x.remove_liquidity("carol", shares).unwrap();
        assert!(x.cash() < ONE, "{} belong to nobody", x.cash());
    });
}

#[test]
fn a_trip_does_not_use_up_the_time_for_deleveraging() {
    both(uncovered, |x| {
        // Given a shortfall that nobody pays, and a winner who could.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.open("bob", Side::Short, 1_000, 2_000);
        x.price("5");
        x.liquidate(long).unwrap();
        // When the guardian trips the market before anybody has deleveraged.
        x.trip();
        x.wait(Seconds::hours(72), "5");
        for _ in 0..5 {
            x.price("5");
        }
        // Then the first message after the trip still may.
        let done = x.deleverage(1);
        assert!(done.is_ok(), "{}", message(done));
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}

#[test]
fn the_owner_cannot_take_an_open_positions_equity_by_another_slippage() {
    both(plain, |x| {
        // Given a long that has won 1,000.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("11");
        let config: Config = x.ask(sample_perps::msg::QueryMsg::Config {});
        // When the owner, who provides the liquidity, sets the bounds' worst slippage.
        let params = Params {
            base_slippage: Bps(100),
            impact: Bps(10_000),
            max_slippage: Bps(5_000),
            depth: Assets::ONE,
            ..config.params
        };
        x.run("owner", update_params(params)).unwrap();
        // Then the trader still gets margin and profit.
        let before = x.balance("alice");
        x.close("alice", long).unwrap();
        assert_eq!(x.balance("alice") - before, 2_000 * ONE);
    });
}

#[test]
fn it_is_set_up_only_with_the_vaults_breaker() {
    both(plain, |x| {
        let msg = InstantiateMsg {
            owner: x.w.owner.to_string(),
            asset: x.w.asset.clone().into(),
            vault: x.w.vault.to_string(),
            // A contract, and not the one that the vault judges prices by.
            breaker: x.w.pyth.to_string(),
            market: x.w.market.clone(),
            params: Params::default(),
        };
        x.w.instantiate(x.w.codes.perps, &msg, "another breaker")
            .unwrap_err();
    });
}

#[test]
fn in_a_guardians_trip_a_price_that_only_a_faulty_reading_showed_is_not_paid() {
    let setup = |b: WorldBuilder| plain(b).market_params(|m| m.max_jump = Bps(2_000));
    both(setup, |x| {
        // Given a guardian's trip at 10, in which the sources print 5: a jump.
        x.trip();
        x.price("5");
        let perps = x.w.perps.clone();
        x.w.shortfall(&perps, 4_000 * ONE, Some("5")).unwrap();
        assert!(status(x, 1) == ClaimStatusName::Held);
        // When they are back at 10, and the trip has ended there.
        x.price("10");
        x.wait(Seconds::hours(73), "10");
        for _ in 0..5 {
            x.price("10");
        }
        // Then 5 was never clean, and nothing is paid at it.
        let (vault, settle) = (x.w.vault.clone(), VaultMsg::SettleClaim { claim: 1 });
        x.w.execute(&perps, &vault, &settle, &[]).unwrap();
        let now = status(x, 1);
        assert_eq!(now, ClaimStatusName::Lapsed);
    });
}

#[test]
fn a_liquidation_at_a_clean_price_in_a_recovery_is_paid_when_the_trip_has_ended() {
    let setup = |b: WorldBuilder| {
        plain(b).market_params(|m| {
            m.max_jump = Bps(2_000);
            m.reference_slew = Bps(100);
            m.jump_growth = Bps(4_700);
            m.max_growth = Bps(9_000);
        })
    };
    both(setup, |x| {
        // Given a real fall, a trip, and its recovery.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("6");
        x.wait(Seconds::hours(2), "6");
        x.price("6");
        // When the price dips by 1 % between two counted readings, and a keeper liquidates there.
        x.wait(Seconds(30), "5.94");
        x.liquidate(long).unwrap();
        assert!(status(x, 1) == ClaimStatusName::Held);
        x.wait(Seconds(30), "6");
        for _ in 0..3 {
            x.price("6");
        }
        // Then the breaker allowed that price under its tighter bounds, and the claim stands.
        x.wait(Seconds::DAY, "6");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        assert_eq!(status(x, 1), ClaimStatusName::Paid);
    });
}

#[test]
fn a_payment_is_booked_once_however_often_and_by_whomever_it_is_asked_for() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.instant = Assets::new(1_500 * ONE));
    both(setup, |x| {
        x.open("bob", Side::Short, 300, 2_000);
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        x.liquidate(long).unwrap();
        x.deleverage(1).unwrap();
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        x.book(1).unwrap();
        x.book(1).unwrap_err();
        x.send_again(1).unwrap_err();
        x.deleverage(1).unwrap_err();
        // Bob has his 1,500 back, which the pool did not have to pay him, and it has the rest.
        x.compensate("bob").unwrap();
        x.compensate("bob").unwrap_err();
        let books = x.shortfall(1).record.books;
        assert_eq!(books.received, Assets::new(4_000 * ONE));
        assert_eq!(books.to_deleveraged, Assets::new(1_500 * ONE));
        assert_eq!(x.cash(), (100_000 + 1_000 + 2_500 - 50) * ONE);
    });
}

#[test]
fn who_sends_a_shortfall_again_cannot_choose_a_moment_at_which_it_is_never_covered() {
    both(plain, |x| {
        // Given a shortfall at 5 without an answer, and a vault that has come to its senses.
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        x.price("5");
        x.break_vault();
        x.liquidate(long).unwrap();
        x.mend_vault();
        // When a staker, who would have to pay, sends it again while the price is 1 % away.
        x.price("5.05");
        let again = ExecuteMsg::SendShortfall { shortfall: 1 };
        let refused = refusal(x.run("staker", again));
        assert!(matches!(refused, ContractError::NotNow { .. }), "{refused}");
        // Then a keeper may still send it when the price is back.
        x.price("5");
        let again = x.send_again(1);
        assert!(again.is_ok(), "{}", message(again));
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}
