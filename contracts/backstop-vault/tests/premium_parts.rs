//! Who gets what of a premium, and for how long it covers.

// A panic is a failed test.
#![allow(clippy::disallowed_methods)]

use crate::support::{Desk, MARKET, owner_sets, terms};
use backstop_testing::World;
use backstop_types::distributor::{self, Listing};
use backstop_types::vault::*;
use backstop_types::{Assets, Bps, Patch, Seconds, UncheckedDenom};

fn of(premium: Option<u32>, limit: u128) -> PolicyTerms {
    PolicyTerms {
        limit: limit.into(),
        instant: limit.into(),
        premium: premium.map(Bps),
        ..terms()
    }
}

/// A tenth a year of 3,650,000: 1,000 a day. A tenth of it is the treasury's.
fn desk() -> Desk {
    let flat = PremiumCurve {
        kink: Bps(8_000),
        base: Bps(1_000),
        at_kink: Bps(1_000),
        most: Bps(1_000),
    };
    let builder = World::builder().without_policy();
    let builder = builder.vault_params(move |params| params.premium = flat);
    let mut desk = Desk::of(builder, of(Some(10_000), 3_650_000));
    let listing = Listing {
        denom: UncheckedDenom::from(desk.w.asset.clone()),
        min_rate: 1u128.into(),
    };
    let (owner, distributor) = (desk.w.owner.clone(), desk.w.distributor.clone());
    let list = distributor::ExecuteMsg::ListDenom(listing);
    desk.w.execute(&owner, &distributor, &list, &[]).unwrap();
    let treasury = desk.staker("treasury").to_string();
    let update = ParamsUpdate {
        treasury: Some(Patch::Set(treasury)),
        treasury_part: Some(Bps(1_000)),
        ..Default::default()
    };
    desk.update(update).unwrap();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000_000).unwrap();
    desk
}

fn pay(desk: &mut Desk, amount: u128) {
    let (market, max_rate) = (MARKET.to_string(), Bps(1_000_000));
    let msg = ExecuteMsg::PayPremium {
        market: market.clone(),
        max_rate,
    };
    let hook = HookMsg::PayPremium { market, max_rate };
    let (vault, holder) = (desk.w.vault.clone(), desk.holder.clone());
    desk.w.send_asset(&holder, &vault, amount, &msg, &hook).unwrap();
}

#[test]
fn the_treasury_gets_its_part_however_often_premium_is_sent() {
    for step in [770u64, 864, 20_000, 400_000] {
        let mut desk = desk();
        pay(&mut desk, 2_000);
        desk.advance(Seconds::DAY);
        let anyone = desk.staker("anyone");
        let msg = ExecuteMsg::SendPremium {
            policyholder: desk.holder.to_string(),
            market: MARKET.to_string(),
        };
        for _ in 0..(2 * 86_400 / step + 2) {
            desk.advance(Seconds(step));
            // Nothing is earned after the end.
            let _ = desk.execute(&anyone, &msg, &[]);
        }
        let account = desk.staker("treasury").to_string();
        let credit: CreditResponse = desk.query(&QueryMsg::Credit { account });
        let distributor = desk.w.distributor.clone();
        let shares = (credit.amount.u128(), desk.balance(&distributor));
        assert_eq!(shares, (200, 1_800), "every {step} s");
    }
}

#[test]
fn a_raise_leaves_the_day_that_a_newly_asked_premium_leaves_to_pay() {
    let mut desk = desk();
    let holder = desk.holder.clone();
    let set = |desk: &mut Desk, terms| {
        desk.as_owner(&owner_sets(&holder, terms, false)).unwrap();
    };
    set(&mut desk, of(None, 1_000_000));
    desk.advance(Seconds::DAY);
    set(&mut desk, of(Some(10_000), 1_000_000));
    let until = |desk: &Desk| desk.policy().premium.unwrap().until.unwrap();
    let day = Seconds::DAY.after(desk.w.app.block_info().time);
    assert_eq!(until(&desk), day);
    set(&mut desk, of(Some(100_000), 2_000_000));
    assert_eq!(until(&desk), day);
}

/// One unit of a small policy is earned at once, and pays for weeks of it; not of a large
/// one.
#[test]
fn a_raise_does_not_stretch_what_a_unit_has_paid_for() {
    let mut desk = desk();
    let holder = desk.holder.clone();
    desk.as_owner(&owner_sets(&holder, of(Some(1_000), 1_000), false))
        .unwrap();
    pay(&mut desk, 2);
    let begun = Seconds::DAY.after(desk.w.app.block_info().time);
    desk.w.app.update_block(|block| block.time = begun.plus_nanos(1));
    let until = |desk: &Desk| desk.policy().premium.unwrap().until.unwrap();
    assert!(until(&desk) > Seconds::days(20).after(begun));
    desk.as_owner(&owner_sets(&holder, of(Some(1_000), 1_000_000_000), false))
        .unwrap();
    assert!(until(&desk) < Seconds(60).after(begun), "{}", until(&desk));
}

#[test]
fn a_quote_names_the_least_that_buys_something() {
    let mut desk = desk();
    let quote = |desk: &Desk, amount: u128| -> PremiumQuote {
        desk.query(&QueryMsg::QuotePremium {
            policyholder: desk.holder.to_string(),
            market: MARKET.to_string(),
            amount: Some(amount.into()),
        })
    };
    // Cover that is not in force is bought for a day at least.
    let least = quote(&desk, 1).least.unwrap();
    assert_eq!(least, Assets::new(1_000));
    assert!(quote(&desk, 999).purchase.is_none() && quote(&desk, 1_000).purchase.is_some());
    pay(&mut desk, 29_000);
    assert_eq!(quote(&desk, 1).least, None);
    assert!(quote(&desk, 5_000).purchase.is_none());
}
