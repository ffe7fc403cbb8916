//! Random lives of a vault, with every invariant checked after every message,
//! and at the end everybody leaves: what is then in the vault is dust.

mod support;

use backstop_types::vault::{ClaimStatus, ExecuteMsg, Pausable, QueryMsg, TicketsResponse};
use backstop_types::{Assets, Seconds, Shares};
use cosmwasm_std::Addr;
use proptest::prelude::*;
use support::Desk;

/// Three stakers, by number.
type Who = usize;

#[derive(Debug, Clone)]
enum Step {
    Deposit(Who, u128),
    DepositFor(Who, Who, u128),
    Unbond(Who, u8),
    Cancel(Who),
    Withdraw(Who),
    Shortfall(u128, &'static str),
    Settle(u8),
    Decline(u8),
    Recover(u8, u128),
    ClaimRecovery(Who, bool),
    Pause(Pausable, u64),
    Price(&'static str),
    Advance(u64),
    Donate(u128),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = || prop_oneof![1u128..20, 1u128..1_000_000];
    let who = || 0usize..3;
    let price = || prop::sample::select(vec!["10", "10.05", "9.9", "7", "4"]);
    let time = prop_oneof![1u64..600, 1u64..86_400 * 10];
    let step = prop_oneof![
        3 => (who(), amount()).prop_map(|(who, amount)| Step::Deposit(who, amount)),
        1 => (who(), who(), amount()).prop_map(|(from, to, amount)| Step::DepositFor(from, to, amount)),
        3 => (who(), any::<u8>()).prop_map(|(who, part)| Step::Unbond(who, part)),
        1 => who().prop_map(Step::Cancel),
        2 => who().prop_map(Step::Withdraw),
        3 => (amount(), price()).prop_map(|(amount, price)| Step::Shortfall(amount, price)),
        2 => any::<u8>().prop_map(Step::Settle),
        1 => any::<u8>().prop_map(Step::Decline),
        1 => (any::<u8>(), amount()).prop_map(|(loss, amount)| Step::Recover(loss, amount)),
        2 => (who(), any::<bool>()).prop_map(|(who, restake)| Step::ClaimRecovery(who, restake)),
        1 => (prop::sample::select(vec![Pausable::Deposits, Pausable::Payouts]), 1u64..72 * 3_600)
            .prop_map(|(what, time)| Step::Pause(what, time)),
        3 => price().prop_map(Step::Price),
        3 => time.prop_map(Step::Advance),
        1 => amount().prop_map(Step::Donate),
    ];
    prop::collection::vec(step, 1..60)
}

fn tickets(desk: &Desk, staker: &Addr) -> TicketsResponse {
    desk.query(&QueryMsg::Tickets {
        staker: staker.to_string(),
        start_after: None,
        limit: Some(30),
    })
}

/// Takes a step; many are refused, and the world then checks that a refusal
/// changed nothing that matters.
fn take(desk: &mut Desk, stakers: &[Addr; 3], step: Step) {
    let losses = desk.pool().losses.max(1);
    let pick = |number: u8| u64::from(number) % losses + 1;
    match step {
        Step::Deposit(who, amount) => drop(desk.deposit(&stakers[who], amount)),
        Step::DepositFor(from, to, amount) => {
            drop(desk.deposit_with(&stakers[from], amount, None, Some(stakers[to].to_string())));
        }
        Step::Unbond(who, part) => {
            let active = desk.stake(&stakers[who]).stake.active.u128();
            drop(desk.unbond(&stakers[who], active * u128::from(part) / 255));
        }
        Step::Cancel(who) => {
            if let Some(ticket) = tickets(desk, &stakers[who])
                .tickets
                .first()
                .map(|ticket| ticket.ticket)
            {
                desk.execute(&stakers[who], &ExecuteMsg::CancelUnbond { ticket }, &[])
                    .unwrap();
            }
        }
        Step::Withdraw(who) => drop(desk.withdraw(&stakers[who], None)),
        Step::Shortfall(amount, price) => {
            let answer = desk.shortfall_at(amount, Some(price));
            let parts = [answer.deductible, answer.paid, answer.pending, answer.uncovered];
            assert_eq!(parts.map(Assets::u128).iter().sum::<u128>(), amount);
        }
        Step::Settle(claim) => drop(desk.settle(pick(claim))),
        Step::Decline(claim) => drop(desk.decline(pick(claim))),
        Step::Recover(loss, amount) => {
            let holder = desk.holder.clone();
            drop(desk.recover(&holder, pick(loss), amount));
        }
        Step::ClaimRecovery(who, restake) => drop(desk.claim_recovery(&stakers[who], None, restake)),
        Step::Pause(what, time) => drop(desk.pause(what, Seconds(time))),
        Step::Price(price) => desk.w.set_price(price),
        Step::Advance(time) => desk.advance(Seconds(time)),
        Step::Donate(amount) => {
            let holder = desk.holder.clone();
            desk.donate(&holder, amount);
        }
    }
}

/// Everybody leaves: no claim is left open, no ticket unpaid.
fn drain(desk: &mut Desk, stakers: &[Addr; 3]) {
    for claim in 1..=desk.pool().losses {
        if matches!(
            desk.claim(claim).record.status,
            ClaimStatus::Delayed {} | ClaimStatus::Held(_)
        ) {
            desk.decline(claim).unwrap();
        }
    }
    for staker in stakers {
        let active = desk.stake(staker).stake.active;
        if !active.is_zero() {
            desk.unbond(staker, active.u128()).unwrap();
        }
    }
    desk.advance(Seconds::days(21));
    for staker in stakers {
        while desk.stake(staker).stake.tickets > 0 {
            desk.w.withdraw(staker).unwrap();
        }
        let losses: Vec<u64> = (1..=desk.pool().losses).collect();
        for page in losses.chunks(30) {
            drop(desk.claim_recovery(staker, Some(page.to_vec()), false));
        }
    }
}

fn live(mut desk: Desk, steps: Vec<Step>) {
    let stakers = ["a", "b", "c"].map(|name| desk.staker(name));
    let mut donated = 0;
    for step in steps {
        if let Step::Donate(amount) = step {
            donated += amount;
        }
        take(&mut desk, &stakers, step);
    }
    drain(&mut desk, &stakers);
    let pool = desk.pool();
    assert_eq!(
        (pool.assets, pool.shares, pool.pots),
        (Assets::ZERO, Shares::ZERO, Assets::ZERO)
    );
    let dust = desk.balance(&desk.w.vault.clone()) - donated;
    assert!(
        dust == pool.recoveries.u128() && dust <= 3 * u128::from(pool.losses),
        "{dust} left, {pool:?}"
    );
}

/// A policy with every bucket in play.
fn desk(cw20: bool) -> Desk {
    let terms = backstop_types::vault::PolicyTerms {
        limit: 500_000.into(),
        deductible: 1_000.into(),
        instant: 100_000.into(),
        minimum: 2.into(),
        ..support::terms()
    };
    let builder = backstop_testing::World::builder();
    Desk::of(if cw20 { builder.cw20_asset() } else { builder }, terms)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_everybody_can_leave_and_only_dust_remains(steps in steps(), cw20: bool) {
        live(desk(cw20), steps);
    }
}
