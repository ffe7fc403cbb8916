//! Every event with every attribute: what an indexer adds up is what happened.
//! Each is compared with the typed struct, so that none is left out.

use crate::support::{Desk, MARKET, both_assets, terms};
use backstop_types::events::vault::*;
use backstop_types::events::{ClaimOutcome, PolicyChange};
use backstop_types::vault::{CoverReason, ExecuteMsg, LapseReason, ParamsUpdate, Pausable, PremiumCurve};
use backstop_types::{Assets, Bps, Change, Patch, Price, Seconds};
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, Event, MessageInfo, Response, StdError, StdResult,
};
use cw_multi_test::{AppResponse, Contract, ContractWrapper, Executor};

/// Asserts that the vault emitted exactly this event of its name.
fn emitted(desk: &Desk, done: &AppResponse, expected: impl Into<Event>) {
    let expected: Event = expected.into();
    let name = format!("wasm-{}", expected.ty);
    let vault = ("_contract_address".to_string(), desk.w.vault.to_string());
    let pairs = |event: &Event| -> Vec<(String, String)> {
        let attributes = event.attributes.iter();
        attributes.map(|a| (a.key.clone(), a.value.clone())).collect()
    };
    let found: Vec<_> = done
        .events
        .iter()
        .filter(|event| event.ty == name)
        .map(pairs)
        .filter(|pairs| pairs.contains(&vault))
        .map(|pairs| {
            pairs
                .into_iter()
                .filter(|pair| *pair != vault)
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(found, [pairs(&expected)], "{name}");
}

/// 1,000 of alice, of which 500 were lost: a share is worth a half.
fn halved(mut desk: Desk) -> (Desk, Addr) {
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.lose(500);
    (desk, alice)
}

#[test]
fn a_deposit_says_who_paid_how_much_for_whom_and_the_totals_afterwards() {
    for desk in both_assets() {
        let (mut desk, alice) = halved(desk);
        let bob = desk.staker("bob");
        let done = desk
            .deposit_with(&bob, 100, None, Some(alice.to_string()))
            .unwrap();
        let event = Deposited {
            sender: bob,
            staker: alice,
            assets: 100.into(),
            shares: 200.into(),
            total_assets: 600.into(),
            total_shares: 1_200.into(),
        };
        emitted(&desk, &done, event);
    }
}

#[test]
fn an_exit_says_its_ticket_shares_time_and_what_was_paid() {
    let (mut desk, alice) = halved(Desk::native());
    let first = desk.w.unbond(&alice, 300).unwrap();
    let event = |ticket, shares: u128, ready_at| Unbonded {
        staker: alice.clone(),
        ticket,
        shares: shares.into(),
        ready_at,
        auto_withdraw: false,
    };
    let ready_at = desk.now() + 21 * 86_400;
    emitted(&desk, &first, event(1, 300, ready_at));
    desk.advance(Seconds::DAY);
    let second = desk.w.unbond(&alice, 100).unwrap();
    emitted(&desk, &second, event(2, 100, ready_at + 86_400));
    desk.w.unbond(&alice, 50).unwrap();

    let cancel = ExecuteMsg::CancelUnbond { ticket: 3 };
    let done = desk.execute(&alice, &cancel, &[]).unwrap();
    let event = UnbondCancelled {
        staker: alice.clone(),
        ticket: 3,
        shares: 50.into(),
    };
    emitted(&desk, &done, event);

    desk.advance(Seconds::days(21));
    let done = desk.withdraw(&alice, None).unwrap();
    let event = Withdrawn {
        sender: alice.clone(),
        staker: alice.clone(),
        tickets: 2,
        shares: 400.into(),
        assets: 200.into(),
        total_assets: 300.into(),
        total_shares: 600.into(),
    };
    emitted(&desk, &done, event);
}

#[test]
fn a_withdrawal_by_another_says_who_sent_it_and_whose_it_is() {
    let (mut desk, alice) = halved(Desk::native());
    let keeper = desk.staker("keeper");
    let unbond = ExecuteMsg::Unbond {
        shares: Some(300.into()),
        auto_withdraw: Some(true),
    };
    let done = desk.execute(&alice, &unbond, &[]).unwrap();
    let event = Unbonded {
        staker: alice.clone(),
        ticket: 1,
        shares: 300.into(),
        ready_at: desk.now() + 21 * 86_400,
        auto_withdraw: true,
    };
    emitted(&desk, &done, event);
    desk.advance(Seconds::days(21));
    let withdraw = ExecuteMsg::Withdraw {
        tickets: None,
        min_assets: None,
        limit: None,
        staker: Some(alice.to_string()),
    };
    let done = desk.execute(&keeper, &withdraw, &[]).unwrap();
    let event = Withdrawn {
        sender: keeper,
        staker: alice,
        tickets: 1,
        shares: 300.into(),
        assets: 150.into(),
        total_assets: 350.into(),
        total_shares: 700.into(),
    };
    emitted(&desk, &done, event);
}

fn ten() -> Option<Price> {
    Some(Price("10".parse().unwrap()))
}

/// 10,000 staked, cover of 500 with 100 deducted and 200 at once.
fn covering() -> (Desk, Addr) {
    let mut desk = Desk::covering(|terms| {
        (terms.limit, terms.deductible) = (500.into(), 100.into());
        terms.instant = 200.into();
    });
    let alice = desk.staker("alice");
    desk.deposit(&alice, 10_000).unwrap();
    desk.w.set_price("10");
    (desk, alice)
}

#[test]
fn a_shortfalls_answer_says_every_part_and_the_totals_after_the_grant() {
    let (mut desk, _) = covering();
    let answered = |desk: &Desk, claim, parts: [u128; 5], reason: Option<CoverReason>, total: u128| {
        let [asked, deductible, paid, pending, uncovered] = parts.map(Assets::new);
        ShortfallAnswered {
            policyholder: desk.holder.clone(),
            shortfall: desk.w.shortfalls_sent(),
            market: MARKET.to_string(),
            claim,
            asked,
            deductible,
            paid,
            pending,
            uncovered,
            reason,
            price: ten(),
            total_assets: total.into(),
            total_shares: 10_000.into(),
        }
    };
    let done = desk.ask(900, Some("10")).unwrap();
    let limit = Some(CoverReason::PolicyLimit);
    let event = answered(&desk, Some(1), [900, 100, 200, 300, 300], limit, 9_500);
    emitted(&desk, &done, event);
    let done = desk.ask(7, Some("10")).unwrap();
    let event = answered(&desk, None, [7, 0, 0, 0, 7], limit, 9_500);
    emitted(&desk, &done, event);

    let (mut desk, _) = covering();
    let done = desk.ask(300, Some("10")).unwrap();
    let event = answered(&desk, Some(1), [300, 100, 200, 0, 0], None, 9_800);
    emitted(&desk, &done, event);
}

#[test]
fn the_end_of_a_claim_says_what_was_in_its_pot() {
    let settled =
        |desk: &Desk, outcome: ClaimOutcome, amount: u128, reason: Option<LapseReason>| ClaimSettled {
            claim: 1,
            policyholder: desk.holder.clone(),
            market: MARKET.to_string(),
            outcome,
            amount: amount.into(),
            reason,
            span_low: None,
            span_high: None,
        };
    // Paid: 150 of 350 wait.
    let (mut desk, _) = covering();
    desk.shortfall(450);
    desk.advance(Seconds::DAY);
    let done = desk.settle(1).unwrap();
    emitted(&desk, &done, settled(&desk, ClaimOutcome::Paid, 150, None));
    // Declined.
    let (mut desk, _) = covering();
    desk.shortfall(450);
    let done = desk.decline(1).unwrap();
    emitted(&desk, &done, settled(&desk, ClaimOutcome::Declined, 150, None));
    // Expired, after the trip had no end.
    let (mut desk, _) = covering();
    desk.w.set_price("5");
    desk.shortfall_at(450, Some("5"));
    desk.advance(Seconds(54 * 86_400 + 1));
    let done = desk.settle(1).unwrap();
    emitted(
        &desk,
        &done,
        settled(&desk, ClaimOutcome::Lapsed, 350, Some(LapseReason::Expired)),
    );
}

#[test]
fn a_recovery_says_what_was_kept_of_it_and_what_was_taken_on_how_many_losses() {
    for desk in both_assets() {
        let (mut desk, alice) = halved(desk);
        let bob = desk.staker("bob");
        desk.deposit(&bob, 500).unwrap();
        assert_eq!(desk.lose(200), 2);
        let repaid = |sender: &Addr, loss, amount: u128| Recovered {
            loss,
            sender: sender.clone(),
            amount: amount.into(),
        };
        let done = desk.recover(&bob, 1, 300).unwrap();
        emitted(&desk, &done, repaid(&bob, 1, 300));
        // What is more than was paid goes back.
        let done = desk.recover(&bob, 2, 900).unwrap();
        emitted(&desk, &done, repaid(&bob, 2, 200));
        let taken = |staker: &Addr, losses, amount: u128, restaked| RecoveryClaimed {
            staker: staker.clone(),
            losses,
            amount: amount.into(),
            restaked,
            more: false,
        };
        let done = desk.claim_recovery(&alice, None, false).unwrap();
        emitted(&desk, &done, taken(&alice, 2, 400, false));
        let one = ExecuteMsg::ClaimRecovery {
            losses: None,
            restake: Some(true),
            limit: Some(1),
        };
        // Bob did not bear the first.
        let done = desk.execute(&bob, &one, &[]).unwrap();
        let event = RecoveryClaimed {
            more: true,
            ..taken(&bob, 0, 0, false)
        };
        emitted(&desk, &done, event);
        let done = desk.claim_recovery(&bob, None, true).unwrap();
        emitted(&desk, &done, taken(&bob, 1, 100, true));
        // 800 of 2,000 shares are left, and 100 buy 250.
        let event = Deposited {
            sender: bob.clone(),
            staker: bob,
            assets: 100.into(),
            shares: 250.into(),
            total_assets: 900.into(),
            total_shares: 2_250.into(),
        };
        emitted(&desk, &done, event);
    }
}

#[test]
fn a_policys_change_says_its_new_terms_and_who_made_it() {
    let (mut desk, _) = covering();
    let policy =
        |change: PolicyChange, policyholder: &Addr, by: &Addr, limit: u128, rest: u128| PolicyChanged {
            policyholder: policyholder.clone(),
            market: MARKET.to_string(),
            change,
            limit: limit.into(),
            deductible: rest.into(),
            instant: (rest + 1).into(),
            by: by.clone(),
            premium: None,
        };
    let other = desk.staker("other");
    let owner = desk.w.owner.clone();
    let with = |limit: u128, rest: u128| {
        let mut terms = terms();
        (terms.limit, terms.deductible) = (limit.into(), rest.into());
        terms.instant = (rest + 1).into();
        terms
    };
    let (policyholder, market) = (other.to_string(), MARKET.to_string());
    let add = ExecuteMsg::AddPolicy {
        policyholder: policyholder.clone(),
        market: market.clone(),
        terms: with(700, 70),
    };
    let done = desk.as_owner(&add).unwrap();
    emitted(&desk, &done, policy(PolicyChange::Added, &other, &owner, 700, 70));
    let change = ExecuteMsg::ChangePolicy {
        policyholder,
        market: market.clone(),
        update: Change::to(with(600, 60)),
    };
    let done = desk.as_owner(&change).unwrap();
    emitted(
        &desk,
        &done,
        policy(PolicyChange::Changed, &other, &owner, 600, 60),
    );
    let close = ExecuteMsg::ClosePolicy {
        policyholder: None,
        market,
    };
    let done = desk.execute(&other, &close, &[]).unwrap();
    emitted(
        &desk,
        &done,
        policy(PolicyChange::Closed, &other, &other, 600, 60),
    );
}

#[test]
fn a_premium_says_what_was_bought_sent_paid_back_and_taken() {
    let rate = cosmwasm_std::Decimal::percent(10);
    let mut desk = Desk::covering(|terms| {
        (terms.limit, terms.instant) = (3_650_000.into(), 5.into());
        terms.premium = Some(Bps::ONE);
    });
    let curve = PremiumCurve {
        kink: Bps(1),
        base: Bps(1_000),
        at_kink: Bps(1_000),
        most: Bps(1_000),
    };
    let treasury = desk.staker("treasury");
    let update = ParamsUpdate {
        premium: Some(Change::to(curve)),
        treasury: Some(Patch::Set(treasury.to_string())),
        treasury_part: Some(Bps(500)),
        ..Default::default()
    };
    desk.update(update).unwrap();
    let (owner, distributor) = (desk.w.owner.clone(), desk.w.distributor.clone());
    let listing = backstop_types::distributor::Listing {
        denom: desk.w.asset.clone().into(),
        min_rate: 1u128.into(),
    };
    let list = backstop_types::distributor::ExecuteMsg::ListDenom(listing);
    desk.w.execute(&owner, &distributor, &list, &[]).unwrap();

    let (policyholder, market) = (desk.holder.clone(), MARKET.to_string());
    let pay = ExecuteMsg::PayPremium {
        market: market.clone(),
        max_rate: Bps(1_000),
    };
    let coins = cosmwasm_std::coins(30_000, desk.asset_name());
    let done = desk.execute(&policyholder, &pay, &coins).unwrap();
    let event = PremiumPaid {
        policyholder: policyholder.clone(),
        market: market.clone(),
        amount: 29_000.into(),
        returned: 1_000.into(),
        rate,
        from: desk.now() + 86_400,
        until: desk.now() + 30 * 86_400,
    };
    emitted(&desk, &done, event);

    desk.advance(Seconds::days(3));
    let send = ExecuteMsg::SendPremium {
        policyholder: policyholder.to_string(),
        market: market.clone(),
    };
    let done = desk.execute(&treasury, &send, &[]).unwrap();
    let event = PremiumSent {
        policyholder: policyholder.clone(),
        market: market.clone(),
        stakers: 1_900.into(),
        treasury: 100.into(),
    };
    emitted(&desk, &done, event);
    let credited = |account: &Addr, amount: u128| Credited {
        account: account.clone(),
        amount: amount.into(),
        policyholder: policyholder.clone(),
        market: market.clone(),
    };
    emitted(&desk, &done, credited(&treasury, 100));

    let close = ExecuteMsg::ClosePolicy {
        policyholder: None,
        market: market.clone(),
    };
    let done = desk.execute(&policyholder, &close, &[]).unwrap();
    emitted(&desk, &done, credited(&policyholder, 27_000));
    let done = desk
        .execute(&policyholder, &ExecuteMsg::WithdrawCredit {}, &[])
        .unwrap();
    let event = CreditWithdrawn {
        account: policyholder.clone(),
        amount: 27_000.into(),
    };
    emitted(&desk, &done, event);
}

#[test]
fn each_parameter_that_changes_says_its_old_and_new_value_and_no_other_does() {
    let mut desk = Desk::native();
    let guardian = desk.w.guardian.to_string();
    let changed = |field: &str, old: &str, new: &str| ParamsChanged {
        field: field.to_string(),
        old: old.to_string(),
        new: new.to_string(),
    };
    let update = ParamsUpdate {
        notice: Some(Seconds::days(4)),
        max_tickets: Some(20),
        ..Default::default()
    };
    let done = desk.update(update).unwrap();
    emitted(&desk, &done, changed("notice", "259200", "345600"));
    let update = ParamsUpdate {
        guardian: Some(Patch::Remove {}),
        ..Default::default()
    };
    let done = desk.update(update).unwrap();
    emitted(&desk, &done, changed("guardian", &guardian, "none"));
}

#[test]
fn a_pause_says_until_when_and_by_whom_and_its_end_too() {
    let mut desk = Desk::native();
    let (guardian, owner) = (desk.w.guardian.clone(), desk.w.owner.clone());
    let until = desk.now() + 60;
    let paused = |until, by| PauseChanged {
        what: Pausable::Payouts,
        pause: 1,
        until,
        by,
    };
    let done = desk.pause(Pausable::Payouts, Seconds(60)).unwrap();
    emitted(&desk, &done, paused(Some(until), guardian));
    let what = Pausable::Payouts;
    let done = desk.as_owner(&ExecuteMsg::Resume { what, pause: 1 }).unwrap();
    emitted(&desk, &done, paused(None, owner));
}

/// A contract that refuses every message.
fn deaf() -> Box<dyn Contract<Empty>> {
    fn execute(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
        Err(StdError::generic_err("deaf"))
    }
    fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
        Err(StdError::generic_err("deaf"))
    }
    fn migrate(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
        Ok(Response::new())
    }
    Box::new(ContractWrapper::new(execute, execute, query).with_migrate(migrate))
}

#[test]
fn a_notice_that_failed_says_whose_it_was_and_how_many_did() {
    let mut desk = Desk::native();
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    // The distributor refuses what the vault tells it.
    let (owner, distributor) = (desk.w.owner.clone(), desk.w.distributor.clone());
    let code = desk.w.app.store_code(deaf());
    let app = &mut desk.w.app;
    app.migrate_contract(owner, distributor, &Empty {}, code).unwrap();
    for failures in 1..3 {
        let done = desk.w.unbond(&alice, 10).unwrap();
        let event = HookFailed {
            staker: alice.clone(),
            failures,
        };
        emitted(&desk, &done, event);
    }
}
