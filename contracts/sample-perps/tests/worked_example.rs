//! The README's worked example, to the unit.

use crate::support::{ONE, both, plain};
use backstop_core::perps::Side;
use backstop_types::vault::ExecuteMsg as VaultMsg;
use backstop_types::{Assets, Seconds};

#[test]
fn a_fall_of_three_tenths() {
    let setup = |builder| {
        plain(builder).policy(|terms| {
            terms.deductible = Assets::new(200 * ONE);
            terms.instant = Assets::new(500 * ONE);
        })
    };
    both(setup, |x| {
        // Given a long and a short of 1,000 at 10.00, and 500 in the insurance fund.
        x.fund_insurance(500 * ONE);
        let long = x.open("alice", Side::Long, 1_000, 1_000);
        let short = x.open("bob", Side::Short, 1_000, 2_000);
        let equity = x.equity("10");

        // When the price falls to 7.00 and a keeper liquidates Alice.
        x.price("7");
        let keeper = x.balance("keeper");
        x.liquidate(long).unwrap();

        // Then: loss 3,000 = margin 1,000 + insurance 450 + shortfall 1,550; the keeper has 50.
        assert_eq!(x.balance("keeper") - keeper, 50 * ONE);
        assert_eq!(x.pool().ledger.insurance, Assets::ZERO);
        let shortfall = x.shortfall(1);
        assert_eq!(shortfall.record.books.asked, Assets::new(1_550 * ONE));
        // The vault's answer: 200 deducted, 500 paid, 850 pending.
        let cover = shortfall.record.answer.unwrap().cover;
        assert_eq!(cover.deductible, Assets::new(200 * ONE));
        assert_eq!(cover.paid, Assets::new(500 * ONE));
        assert_eq!(cover.pending, Assets::new(850 * ONE));
        assert_eq!(cover.uncovered, Assets::ZERO);

        // ADL: 1,050 are left; Bob's profit of 3,000 gives them up with 350 of his 1,000.
        assert_eq!(shortfall.remaining, Assets::new(1_050 * ONE));
        x.deleverage(1).unwrap();
        let left = x.position(short).unwrap().record.exposure;
        assert_eq!(left.size.u128(), 650 * ONE);
        assert_eq!(left.margin, Assets::new(2_000 * ONE));
        assert_eq!(x.shortfall(1).remaining, Assets::ZERO);

        // A day later the claim is payable, and what it pays is Bob's first.
        x.wait(Seconds::DAY, "7");
        x.vault("anyone", VaultMsg::SettleClaim { claim: 1 }).unwrap();
        x.book(1).unwrap();
        let bob = x.balance("bob");
        x.compensate("bob").unwrap();
        assert_eq!(x.balance("bob") - bob, 850 * ONE);

        // Bob closes the rest with its profit of 1,950, and the pool is whole.
        let bob = x.balance("bob");
        x.close("bob", short).unwrap();
        assert_eq!(x.balance("bob") - bob, (2_000 + 1_950) * ONE);
        assert_eq!(x.cash(), equity);
        assert_eq!(x.cash(), 100_000 * ONE);
    });
}
