//! An asset that takes a fee on transfer, or rebases: what it breaks, and who
//! loses. The vault counts what it is told, and never reads its balance.

use crate::support::Desk;
use backstop_types::{Assets, Seconds};
use cosmwasm_std::{Addr, Uint128};
use cw20_base::state::BALANCES;

/// Takes this much of the token from an account, as a fee on its last transfer
/// or a rebase does.
fn take(desk: &mut Desk, account: &Addr, amount: u128) {
    let token = Addr::unchecked(desk.asset_name());
    let mut storage = desk.w.app.contract_storage_mut(&token);
    let balance = BALANCES.load(&*storage, account).unwrap();
    let left = balance.checked_sub(Uint128::new(amount)).unwrap();
    BALANCES.save(&mut *storage, account, &left).unwrap();
}

/// Alice and bob deposit 1,000 each, and the token keeps a hundredth.
fn taxed() -> (Desk, Addr, Addr) {
    let builder = backstop_testing::World::builder()
        .cw20_asset()
        .collect_violations();
    let mut desk = Desk::of(builder, crate::support::terms());
    let vault = desk.w.vault.clone();
    let (alice, bob) = (desk.staker("alice"), desk.staker("bob"));
    for staker in [&alice, &bob] {
        desk.deposit(staker, 1_000).unwrap();
        take(&mut desk, &vault, 10);
    }
    (desk, alice, bob)
}

#[test]
fn with_a_fee_on_transfer_the_last_to_leave_cannot_be_paid() {
    let (mut desk, alice, bob) = taxed();
    let (pool, has) = (desk.pool(), desk.balance(&desk.w.vault));
    assert_eq!((pool.assets, has), (Assets::new(2_000), 1_980));
    desk.unbond(&alice, 1_000).unwrap();
    desk.unbond(&bob, 1_000).unwrap();
    desk.advance(Seconds::days(21));
    // The first is paid in full, out of what is the other's.
    let before = desk.balance(&alice);
    desk.withdraw(&alice, None).unwrap();
    assert_eq!(desk.balance(&alice) - before, 1_000);
    // The transfer to the other fails, and the ticket stays as it was.
    assert!(desk.withdraw(&bob, None).is_err());
    assert_eq!(desk.stake(&bob).stake.queued.u128(), 1_000);
    // Until somebody makes up for what the token kept.
    let donor = desk.staker("donor");
    desk.donate(&donor, 20);
    desk.withdraw(&bob, None).unwrap();
}

#[test]
fn a_rebase_upwards_is_nobodys() {
    let mut desk = Desk::cw20();
    let (alice, donor) = (desk.staker("alice"), desk.staker("donor"));
    desk.deposit(&alice, 1_000).unwrap();
    desk.donate(&donor, 100);
    assert_eq!(desk.stake(&alice).assets, Assets::new(1_000));
    desk.unbond(&alice, 1_000).unwrap();
    desk.advance(Seconds::days(21));
    desk.withdraw(&alice, None).unwrap();
    assert_eq!(desk.balance(&desk.w.vault), 100);
}
