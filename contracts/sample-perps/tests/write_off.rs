//! `WriteOff`, and what newcomers pay for until then.

use crate::support::{Exchange, ONE, both, plain, price, refusal};
use backstop_core::perps::Side;
use backstop_testing::WorldBuilder;
use backstop_types::vault::ExecuteMsg as VaultMsg;
use backstop_types::{Assets, Price, Seconds};
use sample_perps::ContractError;
use sample_perps::msg::{PoolResponse, QueryMsg};

fn delayed(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).policy(|t| t.instant = Assets::ZERO)
}

fn uncovered(builder: WorldBuilder) -> WorldBuilder {
    plain(builder).policy(|t| t.deductible = t.limit)
}

/// A long of 1,000 at 10 with a margin of 1,000 is liquidated at 5: 4,000 are missing.
fn fall(x: &mut Exchange) {
    let long = x.open("alice", Side::Long, 1_000, 1_000);
    x.price("5");
    x.liquidate(long).unwrap();
}

fn buy_in(x: &Exchange, at: Price) -> u128 {
    let pool: PoolResponse = x.ask(QueryMsg::Pool { price: Some(at) });
    pool.buy_in.unwrap().u128()
}

#[test]
fn what_nobody_can_make_good_is_written_off_and_newcomers_no_longer_pay_for_it() {
    both(uncovered, |x| {
        fall(x);
        let cash = x.cash();
        assert_eq!(buy_in(x, price("5")), cash + 4_000 * ONE);
        let refused = refusal(x.write_off(1));
        assert!(
            matches!(refused, ContractError::MayBeMadeGood { .. }),
            "{refused}"
        );
        x.busy(Seconds::DAY, "5");
        x.write_off(1).unwrap();
        assert_eq!(buy_in(x, price("5")), cash);
        assert_eq!(x.pool().ledger.missing, Assets::ZERO);
        let books = x.shortfall(1).record.books;
        assert_eq!(books.written_off, Assets::new(4_000 * ONE));
        assert_eq!(
            refusal(x.write_off(1)),
            ContractError::WrittenOff { shortfall: 1 }
        );
        assert_eq!(
            refusal(x.deleverage(1)),
            ContractError::WrittenOff { shortfall: 1 }
        );
    });
}

#[test]
fn a_shortfall_whose_claim_waits_or_is_not_booked_is_not_written_off() {
    both(delayed, |x| {
        fall(x);
        x.busy(Seconds::DAY, "5");
        let open = ContractError::ClaimOpen {
            shortfall: 1,
            claim: 1,
        };
        assert_eq!(refusal(x.write_off(1)), open);
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        assert_eq!(refusal(x.write_off(1)), open);
        x.book(1).unwrap();
        assert_eq!(refusal(x.write_off(1)), ContractError::MadeGood { shortfall: 1 });
        assert_eq!(x.pool().ledger.missing, Assets::ZERO);
    });
}

#[test]
fn what_a_declined_claim_leaves_is_written_off() {
    both(delayed, |x| {
        fall(x);
        let reason = "no such loss".to_string();
        x.vault("owner", VaultMsg::DeclineClaim { claim: 1, reason })
            .unwrap();
        x.busy(Seconds::DAY, "5");
        x.write_off(1).unwrap();
        assert_eq!(x.pool().ledger.missing, Assets::ZERO);
    });
}

#[test]
fn without_an_answer_it_is_written_off_after_an_hour_and_a_day_and_not_sent_again() {
    both(plain, |x| {
        x.break_vault();
        fall(x);
        x.mend_vault();
        x.busy(Seconds(25 * 3_600 - 60), "5");
        let refused = refusal(x.write_off(1));
        assert!(
            matches!(refused, ContractError::MayBeMadeGood { .. }),
            "{refused}"
        );
        x.wait(Seconds::MINUTE, "5");
        x.write_off(1).unwrap();
        assert_eq!(
            refusal(x.send_again(1)),
            ContractError::WrittenOff { shortfall: 1 }
        );
    });
}

#[test]
fn the_last_provider_leaves_behind_what_is_missing() {
    both(uncovered, |x| {
        fall(x);
        let shares = x.shares("lp");
        x.remove_liquidity("lp", shares).unwrap();
        assert_eq!(x.pool().ledger.missing, Assets::ZERO);
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
        assert_eq!(
            refusal(x.deleverage(1)),
            ContractError::WrittenOff { shortfall: 1 }
        );
        // The next one does not pay for it.
        x.add_liquidity("carol", 1_000 * ONE, None).unwrap();
        assert_eq!(x.equity("5") / ONE, 1_000);
        let (shares, before) = (x.shares("carol"), x.balance("carol"));
        x.remove_liquidity("carol", shares).unwrap();
        assert!(x.balance("carol") - before >= 1_000 * ONE - 2);
    });
}

#[test]
fn what_is_paid_on_what_the_last_provider_left_behind_goes_to_no_newcomer() {
    both(delayed, |x| {
        fall(x);
        let shares = x.shares("lp");
        x.remove_liquidity("lp", shares).unwrap();
        // When a stranger comes with little just before it is booked.
        x.add_liquidity("eve", ONE, None).unwrap();
        let before = x.balance("eve");
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        x.book(1).unwrap();
        let shares = x.shares("eve");
        x.remove_liquidity("eve", shares).unwrap();
        assert!(x.balance("eve") - before <= ONE);
        // With the one unit that the last one's rounding has left.
        assert_eq!(x.pool().ledger.insurance, Assets::new(4_000 * ONE + 1));
    });
}

#[test]
fn no_long_beyond_its_ceiling_hides_a_gain_from_the_price_of_new_shares() {
    both(plain, |x| {
        // Given a long that has won all it can, and one that has lost.
        x.price("4");
        let won = x.open("eve", Side::Long, 1_000, 1_000);
        for higher in ["7", "12", "20"] {
            x.price(higher);
        }
        x.open("alice", Side::Long, 1_000, 10_000);
        x.price("16");
        // When its owner adds liquidity, closes it, and leaves.
        x.add_liquidity("eve", 900_000 * ONE, None).unwrap();
        let before = x.balance("eve");
        x.close("eve", won).unwrap();
        let shares = x.shares("eve");
        x.remove_liquidity("eve", shares).unwrap();
        // Then there is no more than margin and profit beside what came in.
        let back = x.balance("eve") - before;
        assert!(back <= 905_000 * ONE, "{back}");
    });
}
