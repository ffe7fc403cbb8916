//! A shortfall has a number of the policyholder's choosing, and is granted once.

mod support;

use backstop_types::vault::{BackstopVault, CoverReason, CoverResponse, Pausable, QueryMsg};
use backstop_types::{Assets, Seconds};
use backstop_vault::ContractError;
use cosmwasm_std::from_json;
use support::{Desk, MARKET, both_assets};

fn ask(desk: &mut Desk, number: u64, amount: u128, price: &str) -> CoverResponse {
    let holder = desk.holder.clone();
    let asked = desk.w.shortfall_numbered(&holder, number, amount, Some(price));
    from_json(asked.unwrap().data.unwrap()).unwrap()
}

fn parts(answer: &CoverResponse) -> [u128; 4] {
    [answer.paid, answer.pending, answer.deductible, answer.uncovered].map(Assets::u128)
}

/// 1,000 staked; 100 borne first, 200 at once, 500 in a window.
fn covered(mut desk: Desk) -> Desk {
    let staker = desk.staker("a");
    desk.deposit(&staker, 1_000).unwrap();
    desk
}

fn limited() -> Desk {
    covered(Desk::covering(|terms| {
        terms.limit = 500.into();
        terms.deductible = 100.into();
        terms.instant = 200.into();
    }))
}

#[test]
fn one_shortfall_sent_26_times_is_granted_once() {
    for desk in both_assets() {
        let mut desk = covered(desk);
        let first = ask(&mut desk, 7, 400, "10");
        let holder = desk.holder.clone();
        let (held, stored) = (desk.balance(&holder), desk.w.app.dump_wasm_raw(&desk.w.vault));
        for _ in 0..25 {
            let again = ask(&mut desk, 7, 400, "10");
            assert_eq!((parts(&again), again.claim), (parts(&first), Some(1)));
            assert_eq!(again.reason, Some(CoverReason::AnsweredBefore.into()));
        }
        assert_eq!(desk.balance(&holder), held);
        assert!(
            desk.w.app.dump_wasm_raw(&desk.w.vault) == stored,
            "a repetition changed something"
        );
        // Another number is another shortfall.
        assert_eq!(ask(&mut desk, 8, 100, "10").claim, Some(2));
    }
}

#[test]
fn whatever_else_a_repetition_says_the_record_answers() {
    let mut desk = limited();
    let first = ask(&mut desk, 7, 400, "10");
    assert_eq!(parts(&first), [200, 100, 100, 0]);
    for (amount, price) in [(1, "10"), (9_999, "10"), (400, "3")] {
        assert_eq!(parts(&ask(&mut desk, 7, amount, price)), [200, 100, 100, 0]);
    }
}

#[test]
fn the_record_answers_as_its_claim_is_now() {
    // Paid later.
    let mut desk = limited();
    ask(&mut desk, 1, 400, "10");
    desk.advance(Seconds::DAY);
    desk.settle(1).unwrap();
    assert_eq!(parts(&ask(&mut desk, 1, 400, "10")), [300, 0, 100, 0]);

    // Declined: what did not come is not covered.
    let mut desk = limited();
    ask(&mut desk, 1, 400, "10");
    desk.decline(1).unwrap();
    assert_eq!(parts(&ask(&mut desk, 1, 400, "10")), [200, 0, 100, 100]);
}

#[test]
fn a_shortfall_that_was_the_deductible_wears_it_down_once() {
    let mut desk = limited();
    assert_eq!(parts(&ask(&mut desk, 1, 60, "10")), [0, 0, 60, 0]);
    let again = ask(&mut desk, 1, 60, "10");
    assert_eq!((parts(&again), again.claim), ([0, 0, 60, 0], None));
    assert_eq!(desk.policy().deductible_left, Assets::new(40));
}

#[test]
fn a_shortfall_that_was_answered_with_nothing_leaves_no_record_and_may_be_sent_again() {
    let mut desk = limited();
    assert_eq!(parts(&ask(&mut desk, 1, 400, "3")), [0, 0, 0, 400]);
    let holder = desk.holder.clone();
    let vault = BackstopVault(desk.w.vault.clone());
    assert_eq!(vault.answered(&desk.w.querier(), &holder, 1).unwrap(), None);
    assert_eq!(parts(&ask(&mut desk, 1, 400, "10")), [200, 100, 100, 0]);
    let answered = vault.answered(&desk.w.querier(), &holder, 1).unwrap().unwrap();
    assert_eq!((answered.claim, answered.deductible), (Some(1), Assets::new(100)));
}

#[test]
fn neither_a_closed_policy_nor_a_pause_nor_a_dead_breaker_hides_the_record() {
    let mut desk = limited();
    let first = parts(&ask(&mut desk, 1, 200, "10"));
    desk.pause(Pausable::Payouts, Seconds::HOUR).unwrap();
    desk.silence_breaker();
    let close = backstop_types::vault::ExecuteMsg::ClosePolicy {
        policyholder: Some(desk.holder.to_string()),
        market: MARKET.to_string(),
    };
    desk.as_owner(&close).unwrap();
    assert_eq!(parts(&ask(&mut desk, 1, 200, "10")), first);
    let refused = desk.refused(|desk| desk.ask(5, Some("10")));
    assert!(matches!(refused, ContractError::PolicyClosed { .. }), "{refused}");
}

#[test]
fn numbers_of_one_policyholder_are_not_those_of_another() {
    let mut desk = limited();
    ask(&mut desk, 1, 200, "10");
    let other = desk.w.addr("another exchange");
    let add = backstop_types::vault::ExecuteMsg::AddPolicy {
        policyholder: other.to_string(),
        market: MARKET.to_string(),
        terms: support::terms(),
    };
    desk.as_owner(&add).unwrap();
    let asked = desk.w.shortfall_numbered(&other, 1, 50, Some("10")).unwrap();
    let answer: CoverResponse = from_json(asked.data.unwrap()).unwrap();
    assert_eq!((answer.claim, answer.paid), (Some(2), Assets::new(50)));
}

#[test]
fn a_quote_with_the_number_tells_what_a_repetition_would_be_answered() {
    let mut desk = limited();
    let answer = ask(&mut desk, 1, 400, "10");
    let quote = |desk: &Desk, shortfall| {
        desk.query::<CoverResponse>(&QueryMsg::QuoteCover {
            policyholder: desk.holder.to_string(),
            market: MARKET.to_string(),
            amount: 150.into(),
            price: Some(backstop_types::Price("10".parse().unwrap())),
            shortfall,
        })
    };
    assert_eq!(parts(&quote(&desk, Some(1))), parts(&answer));
    assert_eq!(parts(&quote(&desk, Some(2))), [0, 150, 0, 0]);
    assert_eq!(parts(&quote(&desk, None)), [0, 150, 0, 0]);
}
