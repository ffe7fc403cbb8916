//! What every operation costs at stated sizes, against `gas.json`.

use backstop_core::perps::{Side, Size};
use backstop_types::timelock::{self, Change, VaultChange};
use backstop_types::vault::{ExecuteMsg, PolicyTermsUpdate};
use backstop_types::{Assets, Seconds, breaker};
use cosmwasm_std::coins;
use sample_perps::msg::ExecuteMsg as PerpsMsg;

use crate::chain::account;
use crate::figures::Figures;
use crate::scene::{ASSET, MARKET, ONE, Scene};
use crate::wasm;

const VAULT: &str = "backstop_vault";
const DISTRIBUTOR: &str = "reward_distributor";
const BREAKER: &str = "oracle_breaker";

#[test]
fn every_operation_costs_what_is_recorded() {
    if wasm::built().is_none() {
        return;
    }
    let mut figures = Figures::default();
    stakers(&mut figures);
    (1..=8).for_each(|denoms| rewards(&mut figures, denoms));
    [1, 2, 5, 10, 20, 30]
        .into_iter()
        .for_each(|tickets| withdrawals(&mut figures, tickets));
    (2..=8).for_each(|sources| pokes(&mut figures, sources));
    claims(&mut figures);
    held_claim(&mut figures);
    exchange(&mut figures);
    [0, 63]
        .into_iter()
        .for_each(|waiting| changes(&mut figures, waiting));
    figures.settle();
}

/// What each staker of [`populate`] deposits.
pub const STAKE: u128 = 100_000 * ONE;

/// A deployment with three sources and one denom in which `stakers` have
/// deposited.
pub fn populated(stakers: usize) -> Scene {
    let scene = Scene::new(3, 1);
    populate(&scene, 0, stakers);
    scene
}

/// Deposits of stakers by number, from one to before another.
pub fn populate(scene: &Scene, from: usize, to: usize) {
    for number in from..to {
        scene.deposit(&staker(number), STAKE);
    }
}

/// A staker of [`populate`].
pub fn staker(number: usize) -> String {
    format!("staker-{number}")
}

fn stakers(figures: &mut Figures) {
    let scene = populated(10);
    for (label, to) in [("10", 10), ("10,000", 10_000)] {
        populate(&scene, 10, to);
        scene.wait(Seconds::HOUR);
        let first = scene.deposit(&format!("new-{to}"), 1_000 * ONE);
        figures.part(
            format!("vault: first deposit, {label} stakers"),
            &first,
            VAULT,
            "execute",
        );
        let next = scene.deposit(&staker(3), 1_000 * ONE);
        figures.part(
            format!("vault: deposit, {label} stakers"),
            &next,
            VAULT,
            "execute",
        );
        let hook = format!("distributor: hook, {label} stakers");
        figures.part(hook, &next, DISTRIBUTOR, "execute");
        let unbonded = scene.unbond(&staker(4), ONE);
        figures.part(
            format!("vault: unbond, {label} stakers"),
            &unbonded,
            VAULT,
            "execute",
        );
    }
    let unbonded = scene.unbond(&staker(5), ONE);
    figures.message("unbond with hook, 1 denom", &unbonded);
    let ticket = 3;
    let cancelled = scene.send(&staker(5), &scene.vault, &ExecuteMsg::CancelUnbond { ticket });
    figures.message("cancel with hook, 1 denom", &cancelled);
}

fn rewards(figures: &mut Figures, denoms: usize) {
    let scene = Scene::new(3, denoms);
    populate(&scene, 0, 10);
    scene.wait(Seconds::days(1));
    let label = if denoms == 1 {
        "1 denom".to_string()
    } else {
        format!("{denoms} denoms")
    };
    let deposited = scene.deposit(&staker(3), 1_000 * ONE);
    figures.part(
        format!("distributor: hook, {label}"),
        &deposited,
        DISTRIBUTOR,
        "execute",
    );
    figures.message(format!("deposit with hook, {label}"), &deposited);
    scene.wait(Seconds::days(1));
    let claimed = scene.claim(&staker(3));
    figures.message(format!("distributor: claim, {label}"), &claimed);
    let funded = scene.fund(denoms - 1, 4);
    figures.message(format!("distributor: fund, {label}"), &funded);
}

fn withdrawals(figures: &mut Figures, tickets: usize) {
    let scene = populated(10);
    (0..tickets).for_each(|_| drop(scene.unbond(&staker(3), ONE)));
    scene.wait(Seconds::days(21));
    let label = if tickets == 1 {
        "1 ticket".to_string()
    } else {
        format!("{tickets} tickets")
    };
    figures.message(format!("vault: withdraw, {label}"), &scene.withdraw(&staker(3)));
}

fn pokes(figures: &mut Figures, sources: usize) {
    let scene = Scene::new(sources, 1);
    scene.wait(Seconds(60));
    scene.price("10.01");
    figures.message(format!("breaker: poke, {sources} sources"), &scene.poke());
}

fn claims(figures: &mut Figures) {
    let scene = populated(10);
    let mut cover = |name: &str, amount: u128| {
        scene.wait(Seconds(60));
        scene.price("10");
        let covered = scene.shortfall(amount, "10");
        figures.message(format!("shortfall, {name}"), &covered);
        figures.part(format!("vault: ask, {name}"), &covered, VAULT, "execute");
        figures.part(format!("vault: answer, {name}"), &covered, VAULT, "reply");
        figures.part(
            format!("breaker: poke for a payout, {name}"),
            &covered,
            BREAKER,
            "execute",
        );
    };
    cover("instant", 100 * ONE);
    cover("delayed", 21_000 * ONE);
    scene.wait(Seconds::days(2));
    let settled = scene.send("anyone", &scene.vault, &ExecuteMsg::SettleClaim { claim: 2 });
    figures.message("vault: settle, delayed", &settled);
    let msg = ExecuteMsg::Recover { loss: 1 };
    let recovered = scene.pay("donor", &scene.vault, &msg, &coins(50 * ONE, ASSET));
    figures.message("vault: recover", &recovered);
    for (name, restake) in [("paid", false), ("restaked", true)] {
        let msg = ExecuteMsg::ClaimRecovery {
            losses: Some(vec![1]),
            restake: Some(restake),
            limit: None,
        };
        let taken = scene.send(&staker(usize::from(restake)), &scene.vault, &msg);
        figures.part(format!("vault: claim recovery, {name}"), &taken, VAULT, "execute");
    }
    let changed = scene.deposit(&staker(3), ONE);
    figures.part("vault: deposit, first after a loss", &changed, VAULT, "execute");
}

/// The guardian trips the market, a claim is held, the market recovers, and the
/// claim is judged.
fn held_claim(figures: &mut Figures) {
    let scene = populated(10);
    let trip = breaker::ExecuteMsg::Trip {
        market: MARKET.to_string(),
        reason: "a feed looks wrong".to_string(),
    };
    figures.message("breaker: trip", &scene.send("guardian", &scene.breaker, &trip));
    let held = scene.shortfall(100 * ONE, "10");
    figures.message("shortfall, held", &held);
    scene.wait(Seconds::days(3));
    for _ in 0..6 {
        scene.wait(Seconds(60));
        scene.price("10");
        scene.poke();
    }
    let balance = |scene: &Scene| {
        let state = scene.chain.shared.lock();
        state.balance(account("holder").as_str(), ASSET)
    };
    let before = balance(&scene);
    let settled = scene.send("anyone", &scene.vault, &ExecuteMsg::SettleClaim { claim: 1 });
    figures.message("vault: settle, held", &settled);
    let paid = balance(&scene) - before;
    assert_eq!(paid, 100 * ONE, "the held claim was not paid: {settled:?}");
}

/// A change at once, one that waits, and its application, while `waiting` others wait
/// for the same policy. None of these overtakes another, or is overtaken.
fn changes(figures: &mut Figures, waiting: usize) {
    let scene = populated(10);
    let timelock = scene.hand_over();
    let submit = |update: PolicyTermsUpdate| {
        let change = Change::Vault(VaultChange::ChangePolicy {
            policyholder: account("holder").to_string(),
            market: MARKET.to_string(),
            update,
        });
        let msg = timelock::ExecuteMsg::Submit { change, expect: None };
        scene.send("owner", &timelock, &msg)
    };
    let delay = |hours: u64| PolicyTermsUpdate {
        delay: Some(Seconds::hours(hours)),
        ..Default::default()
    };
    let limit = |more: bool| PolicyTermsUpdate {
        limit: Some(Assets::new(if more { 200_000 } else { 90_000 } * ONE)),
        ..Default::default()
    };
    (0..waiting).for_each(|_| drop(submit(delay(2))));
    let waits = submit(limit(true));
    figures.message(format!("timelock: submit, waits, {waiting} others"), &waits);
    scene.wait(Seconds::days(24));
    let msg = timelock::ExecuteMsg::Apply {
        change: waiting as u64 + 1,
    };
    let applied = scene.send("anyone", &timelock, &msg);
    figures.message(format!("timelock: apply, {waiting} others"), &applied);
    assert!(applied.gas_of(VAULT, "execute") > 0, "it was void: {applied:?}");
    let at_once = submit(limit(false));
    figures.message(format!("timelock: submit, at once, {waiting} others"), &at_once);
}

/// A position falls below zero and is liquidated.
fn exchange(figures: &mut Figures) {
    let scene = populated(10);
    let add = PerpsMsg::AddLiquidity {
        min_shares: None,
        lifetime: None,
    };
    let added = scene.pay("lp", &scene.perps, &add, &coins(100_000 * ONE, ASSET));
    figures.message("perps: add liquidity", &added);
    let open = PerpsMsg::Open {
        side: Side::Long,
        size: Size::new(1_000 * ONE),
        limit: None,
        lifetime: None,
    };
    scene.pay("trader", &scene.perps, &open, &coins(1_100 * ONE, ASSET));
    scene.wait(Seconds(31));
    scene.price("10");
    let opened = scene.send("keeper", &scene.perps, &PerpsMsg::ExecuteOrder { order: 1 });
    figures.message("perps: open, 3 sources", &opened);
    scene.wait(Seconds::HOUR);
    scene.price("8");
    scene.poke();
    let liquidated = scene.send("keeper", &scene.perps, &PerpsMsg::Liquidate { position: 1 });
    figures.message("perps: liquidate with a shortfall, 3 sources", &liquidated);
    let asked = liquidated.gas_of(VAULT, "reply");
    assert!(asked > 0, "the liquidation left no shortfall: {liquidated:?}");
}
