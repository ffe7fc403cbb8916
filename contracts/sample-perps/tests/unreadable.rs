//! A vault of another version whose answers this exchange cannot read has still
//! decided, and may have paid: nothing is granted twice, and what was paid is
//! found by the shortfall's number.

use crate::support::{Exchange, ONE, both, plain, refusal};
use backstop_core::perps::Side;
use backstop_testing::WorldBuilder;
use backstop_types::events::{self, perps::ShortfallUnanswered};
use backstop_types::vault::ExecuteMsg as VaultMsg;
use backstop_types::{Assets, Seconds};
use sample_perps::ContractError;
use sample_perps::msg::ExecuteMsg;

/// 4,000 are missing after the fall, and the vault would pay all of it.
fn fallen(x: &mut Exchange) {
    x.garble_vault();
    let long = x.open("alice", Side::Long, 1_000, 1_000);
    x.price("5");
    x.liquidate(long).unwrap();
}

#[test]
fn it_is_sent_again_26_times_and_paid_once() {
    both(plain, |x| {
        let before = x.w.balance(&x.w.perps.clone());
        fallen(x);
        let paid = x.w.balance(&x.w.vault.clone());
        for _ in 0..25 {
            let sent = x.send_again(1).unwrap();
            let events: Vec<ShortfallUnanswered> = events::all_of(&sent.events).unwrap();
            assert_eq!(
                events,
                [ShortfallUnanswered {
                    shortfall: 1,
                    unreadable: true
                }]
            );
        }
        assert_eq!(x.w.balance(&x.w.vault.clone()), paid);
        assert!(x.w.balance(&x.w.perps.clone()) > before);
        assert!(x.shortfall(1).record.answer.is_none());
    });
}

#[test]
fn what_it_paid_is_booked_by_the_shortfalls_number_and_never_twice() {
    both(plain, |x| {
        fallen(x);
        let cash = x.cash();
        x.book(1).unwrap();
        assert_eq!(x.cash() - cash, 4_000 * ONE);
        assert_eq!(refusal(x.book(1)), ContractError::NothingToBook { shortfall: 1 });

        // The vault is migrated to one that is understood; its answer books nothing more.
        x.mend_vault();
        x.send_again(1).unwrap();
        let record = x.shortfall(1).record;
        assert_eq!(record.answer.unwrap().cover.paid, Assets::new(4_000 * ONE));
        assert_eq!(
            (x.cash() - cash, record.books.received.u128()),
            (4_000 * ONE, 4_000 * ONE)
        );
    });
}

#[test]
fn deleveraging_waits_an_hour_and_takes_nothing_that_was_booked() {
    both(plain, |x| {
        let short = x.open("bob", Side::Short, 1_000, 10_000);
        fallen(x);
        assert!(matches!(
            refusal(x.deleverage(1)),
            ContractError::AwaitsAnswer { .. }
        ));
        x.book(1).unwrap();
        x.wait(Seconds::HOUR, "5");
        assert_eq!(refusal(x.deleverage(1)), ContractError::MadeGood { shortfall: 1 });
        x.close("bob", short).unwrap();
    });
}

#[test]
fn an_answer_that_nobody_read_pays_the_deleveraged_when_it_is_booked() {
    both(plain, |x| {
        x.open("bob", Side::Short, 1_000, 10_000);
        fallen(x);
        // When an hour has passed and nobody has booked it, Bob gives the 4,000.
        x.wait(Seconds::HOUR, "5");
        x.deleverage(1).unwrap();
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
        // Then what the vault had paid is his, and not the pool's.
        let (cash, bob) = (x.cash(), x.balance("bob"));
        x.book(1).unwrap();
        assert_eq!(x.cash(), cash);
        x.compensate("bob").unwrap();
        assert_eq!(x.balance("bob") - bob, 4_000 * ONE);
        assert_eq!(refusal(x.compensate("bob")), ContractError::NothingDue);
    });
}

#[test]
fn haircuts_after_a_payment_wait_behind_those_before_it() {
    let setup = |b: WorldBuilder| plain(b).policy(|t| t.instant = Assets::new(500 * ONE));
    both(setup, |x| {
        // Given 4,000 missing, an answer that nobody could read, and 1,000 taken from Bob.
        x.open("bob", Side::Short, 200, 1_000);
        x.open("carol", Side::Short, 200, 1_000);
        fallen(x);
        x.wait(Seconds::HOUR, "5");
        let first = ExecuteMsg::Deleverage {
            shortfall: 1,
            limit: Some(1),
        };
        x.run("keeper", first).unwrap();
        // When the 500 that were paid at once are booked, they are Bob's.
        x.book(1).unwrap();
        assert_eq!(x.compensation("bob").haircuts[0].due, Assets::new(500 * ONE));
        // When Carol is deleveraged after that, she waits behind Bob.
        x.deleverage(1).unwrap();
        assert_eq!(x.shortfall(1).record.rounds, 2);
        assert_eq!(x.compensation("carol").haircuts[0].due, Assets::ZERO);
        assert_eq!(x.shortfall(1).remaining, Assets::new(2_000 * ONE));
        // When the other 3,500 come: 500 to Bob, 1,000 to Carol, 2,000 to the pool.
        x.wait(Seconds::DAY, "5");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        let cash = x.cash();
        x.book(1).unwrap();
        assert_eq!(x.compensation("bob").haircuts[0].due, Assets::new(1_000 * ONE));
        assert_eq!(x.compensation("carol").haircuts[0].due, Assets::new(1_000 * ONE));
        assert_eq!(x.cash() - cash, 2_000 * ONE);
        assert_eq!(x.shortfall(1).record.filled, 2);
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);
    });
}
