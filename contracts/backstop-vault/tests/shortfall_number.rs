//! A shortfall has a number of the policyholder's choosing, and is granted once.

use crate::support::{Desk, MARKET, both_assets};
use backstop_types::vault::{
    BackstopVault, ClaimsResponse, CoverReason, CoverResponse, ExecuteMsg, Pausable, PolicyTerms, QueryMsg,
};
use backstop_types::{Assets, Price, Seconds};
use backstop_vault::state::POOL;
use backstop_vault::{ContractError, contract};
use cosmwasm_std::testing::message_info;
use cosmwasm_std::{
    ContractInfo, DepsMut, Env, MemoryStorage, Reply, Storage, SubMsg, SubMsgResult, WasmMsg, from_json,
    to_json_binary,
};
use cw_utils::parse_execute_response_data;

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
        terms: crate::support::terms(),
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

#[test]
fn one_number_in_one_transaction_is_granted_once_whatever_the_market() {
    let mut desk = limited();
    let other = "OSMO/USD";
    desk.as_owner(&ExecuteMsg::AddPolicy {
        policyholder: desk.holder.to_string(),
        market: other.to_string(),
        terms: PolicyTerms {
            priced: false,
            instant: Assets::ZERO,
            ..crate::support::terms()
        },
    })
    .unwrap();
    let (holder, vault) = (desk.holder.clone(), desk.w.vault.clone());
    let before = desk.balance(&holder);
    let sent = [(7, MARKET), (7, MARKET), (7, other), (8, other)].map(|(shortfall, market)| {
        let msg = ExecuteMsg::CoverShortfall {
            shortfall,
            market: market.to_string(),
            amount: 250.into(),
            price: Some(Price("10".parse().unwrap())),
        };
        WasmMsg::Execute {
            contract_addr: vault.to_string(),
            msg: to_json_binary(&msg).unwrap(),
            funds: vec![],
        }
        .into()
    });
    let answers = desk.w.app.execute_multi(holder.clone(), sent.to_vec()).unwrap();
    let answers: Vec<CoverResponse> = answers
        .into_iter()
        .map(|done| {
            parse_execute_response_data(&done.data.unwrap())
                .unwrap()
                .data
                .unwrap()
        })
        .map(|data| from_json(data).unwrap())
        .collect();
    // 100 are borne and 150 paid, once; cover without prices is paid later.
    for answer in &answers[..3] {
        assert_eq!((parts(answer), answer.claim), ([150, 0, 100, 0], Some(1)));
    }
    assert_eq!((parts(&answers[3]), answers[3].claim), ([0, 250, 0, 0], Some(2)));
    assert_eq!(desk.balance(&holder) - before, 150);
    assert_eq!(
        desk.query::<ClaimsResponse>(&QueryMsg::Claims {
            start_after: None,
            limit: None
        })
        .claims
        .len(),
        2
    );
}

/// A breaker that calls the policyholder during a poke could have the same
/// shortfall sent once more before the first is answered.
#[test]
fn a_number_sent_again_while_the_breaker_is_asked_is_granted_once() {
    let desk = limited();
    let (holder, vault) = (desk.holder.clone(), desk.w.vault.clone());
    let env = Env {
        block: desk.w.app.block_info(),
        transaction: None,
        contract: ContractInfo {
            address: vault.clone(),
        },
    };
    let msg = ExecuteMsg::CoverShortfall {
        shortfall: 7,
        market: MARKET.to_string(),
        amount: 400.into(),
        price: Some(Price("10".parse().unwrap())),
    };
    // What both calls left to be replied to, before either reply.
    let api = *desk.w.app.api();
    let asked: Vec<SubMsg> = (0..2)
        .flat_map(|_| {
            let mut stored = copy(&desk.w.app.dump_wasm_raw(&vault));
            let deps = DepsMut {
                storage: &mut stored,
                api: &api,
                querier: desk.w.querier(),
            };
            let info = message_info(&holder, &[]);
            contract::execute(deps, env.clone(), info, msg.clone())
                .unwrap()
                .messages
        })
        .collect();
    assert_eq!(asked.len(), 2);
    let mut stored = copy(&desk.w.app.dump_wasm_raw(&vault));
    let mut answers = vec![];
    for poke in asked {
        let deps = DepsMut {
            storage: &mut stored,
            api: &api,
            querier: desk.w.querier(),
        };
        #[allow(deprecated)]
        let reply = Reply {
            id: poke.id,
            payload: poke.payload,
            gas_used: 0,
            result: SubMsgResult::Err("no answer".to_string()),
        };
        let done = contract::reply(deps, env.clone(), reply).unwrap();
        let answer: CoverResponse = from_json(done.data.unwrap()).unwrap();
        answers.push((parts(&answer), answer.claim, POOL.load(&stored).unwrap()));
    }
    assert_eq!((answers[0].0, answers[0].1), ([0, 300, 100, 0], Some(1)));
    assert_eq!(answers[0], answers[1]);
}

fn copy(entries: &[(Vec<u8>, Vec<u8>)]) -> MemoryStorage {
    let mut storage = MemoryStorage::new();
    for (key, value) in entries {
        storage.set(key, value);
    }
    storage
}
