//! `Claim`: what is paid, in which denoms, and what a token that fails costs
//! whom.

use crate::support::brittle::Mode;
use crate::support::{CLAIM_ALL, Executed, NATIVE, OTHER, Suite, WEEK, emitted, listing, native};
use backstop_types::distributor::{ExecuteMsg, HookMsg, InstantiateMsg, StreamTerms};
use backstop_types::events::distributor::{PayoutFailed, RewardClaimed};
use backstop_types::vault::Stake;
use backstop_types::{InputError, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::testing::{message_info, mock_dependencies, mock_env};
use cosmwasm_std::{
    Addr, BankMsg, Binary, ContractResult, CosmosMsg, Reply, ReplyOn, SubMsgResponse, SubMsgResult,
    SystemResult, WasmMsg, WasmQuery, coin, to_json_binary,
};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use reward_distributor::contract::{execute, instantiate, reply};
use reward_distributor::{ContractError, state};

/// Alice has earned 100 of each of the three denoms.
fn earned() -> (Suite, Addr) {
    let mut suite = Suite::new();
    let (alice, token) = (suite.addr("alice"), suite.token.clone());
    suite.stake(&alice, 1);
    suite.fund(NATIVE, u128::from(WEEK), 1).unwrap();
    suite.fund(OTHER, u128::from(WEEK), 1).unwrap();
    suite.fund_cw20(&token, u128::from(WEEK), 1).unwrap();
    suite.wait(100);
    assert_eq!(suite.pending(&alice), [100, 100, 100]);
    (suite, alice)
}

fn claim(suite: &mut Suite, who: &Addr, denoms: &[UncheckedDenom]) -> Executed {
    let msg = ExecuteMsg::Claim {
        denoms: Some(denoms.to_vec()),
        receiver: None,
        restake: None,
    };
    suite.execute(who, &msg, &[])
}

fn balances(suite: &Suite, who: &Addr) -> Vec<u128> {
    let denoms = suite.denoms();
    denoms
        .iter()
        .map(|denom| suite.balance(who, &denom.denom))
        .collect()
}

#[test]
fn a_claim_pays_every_denom_once() {
    let (mut suite, alice) = earned();
    let done = suite.claim(&alice);
    assert_eq!(emitted::<RewardClaimed>(&done).len(), 3);
    assert_eq!(balances(&suite, &alice), [100, 100, 100]);
    let again = suite.claim(&alice);
    assert!(emitted::<RewardClaimed>(&again).is_empty());
    assert_eq!(balances(&suite, &alice), [100, 100, 100]);
}

#[test]
fn a_claim_of_some_denoms_leaves_the_others_owed() {
    let (mut suite, alice) = earned();
    let names = [suite.cw20(), native(NATIVE)];
    claim(&mut suite, &alice, &names).unwrap();
    assert_eq!(balances(&suite, &alice), [100, 0, 100]);
    assert_eq!(suite.pending(&alice), [0, 100, 0]);
}

#[test]
fn denoms_are_named_once_each_and_must_be_known() {
    let (mut suite, alice) = earned();
    let twice = claim(&mut suite, &alice, &[native(NATIVE), native(NATIVE)]).unwrap_err();
    assert!(matches!(
        twice,
        ContractError::Input(InputError::Duplicate { .. })
    ));
    let none = claim(&mut suite, &alice, &[]).unwrap_err();
    assert!(matches!(
        none,
        ContractError::Input(InputError::OutOfBounds { .. })
    ));
    let nine = claim(&mut suite, &alice, &vec![native(NATIVE); 9]).unwrap_err();
    assert!(matches!(
        nine,
        ContractError::Input(InputError::OutOfBounds { .. })
    ));
    let junk = claim(&mut suite, &alice, &[native("ujunk")]).unwrap_err();
    assert!(matches!(junk, ContractError::UnknownDenom { .. }));
    let upper = UncheckedDenom::Cw20(suite.token.to_string().to_uppercase());
    let upper = claim(&mut suite, &alice, &[upper]).unwrap_err();
    assert!(matches!(upper, ContractError::Input(InputError::Address { .. })));
    assert_eq!(suite.pending(&alice), [100, 100, 100]);
}

#[test]
fn a_claim_takes_no_coins() {
    let (mut suite, _) = earned();
    let funder = suite.funder();
    let refused = suite.execute(&funder, &CLAIM_ALL, &[coin(1, NATIVE)]);
    assert!(matches!(refused, Err(ContractError::Input(InputError::Funds(_)))));
}

#[test]
fn a_stranger_has_nothing_to_claim_and_leaves_no_trace() {
    let (mut suite, _) = earned();
    let stranger = suite.addr("stranger");
    suite.claim(&stranger);
    assert_eq!(balances(&suite, &stranger), [0, 0, 0]);
    let state: Vec<_> = suite.app.dump_wasm_raw(&suite.distributor);
    let key = stranger.as_bytes();
    assert!(
        !state
            .iter()
            .any(|(stored, _)| stored.windows(key.len()).any(|part| part == key))
    );
}

#[test]
fn a_payout_is_a_transfer_of_its_own_with_a_gas_limit_and_a_reply_on_errors() {
    let (mut deps, mut env) = (mock_dependencies(), mock_env());
    let names = ["owner", "vault", "alice", "token"];
    let [owner, vault, alice, token] = names.map(|name| deps.api.addr_make(name));
    let stake = Stake {
        active: Shares::ONE,
        ..Stake::default()
    };
    deps.querier.update_wasm(move |query| {
        let answer = match query {
            WasmQuery::Raw { .. } => to_json_binary(&stake),
            _ => to_json_binary(&cw20::TokenInfoResponse {
                name: "token".to_string(),
                symbol: "TKN".to_string(),
                decimals: 6,
                total_supply: 1u128.into(),
            }),
        };
        SystemResult::Ok(ContractResult::Ok(answer.unwrap()))
    });
    let msg = InstantiateMsg {
        owner: owner.to_string(),
        vault: vault.to_string(),
        denoms: vec![
            listing(native(NATIVE), 1),
            listing(UncheckedDenom::Cw20(token.to_string()), 1),
        ],
    };
    instantiate(deps.as_mut(), env.clone(), message_info(&owner, &[]), msg).unwrap();
    let receive = Cw20ReceiveMsg {
        sender: owner.to_string(),
        amount: WEEK.into(),
        msg: to_json_binary(&HookMsg::Fund(StreamTerms::now(1))).unwrap(),
    };
    let coins = [coin(WEEK.into(), NATIVE)];
    let sync = ExecuteMsg::Sync {
        staker: alice.to_string(),
    };
    for (sender, funds, msg) in [
        (&alice, &[][..], sync),
        (&owner, &coins[..], ExecuteMsg::Fund(StreamTerms::now(1))),
        (&token, &[][..], ExecuteMsg::Receive(receive)),
    ] {
        execute(deps.as_mut(), env.clone(), message_info(sender, funds), msg).unwrap();
    }
    env.block.time = Seconds(100).after(env.block.time);

    let claim = CLAIM_ALL;
    let sent = execute(deps.as_mut(), env, message_info(&alice, &[]), claim)
        .unwrap()
        .messages;

    let transfer = Cw20ExecuteMsg::Transfer {
        recipient: alice.to_string(),
        amount: 100u128.into(),
    };
    let expected: [CosmosMsg; 2] = [
        BankMsg::Send {
            to_address: alice.to_string(),
            amount: vec![coin(100, NATIVE)],
        }
        .into(),
        WasmMsg::Execute {
            contract_addr: token.to_string(),
            msg: to_json_binary(&transfer).unwrap(),
            funds: vec![],
        }
        .into(),
    ];
    assert_eq!(sent.len(), 2);
    for (sub, msg) in sent.iter().zip(expected) {
        assert_eq!(sub.msg, msg);
        assert_eq!(sub.reply_on, ReplyOn::Error);
        assert_eq!(sub.gas_limit, Some(500_000));
        assert!(!sub.payload.is_empty());
    }
}

#[test]
fn a_reply_that_nothing_asked_for_is_refused() {
    let mut deps = mock_dependencies();
    #[allow(deprecated)]
    let done = SubMsgResult::Ok(SubMsgResponse {
        events: vec![],
        data: None,
        msg_responses: vec![],
    });
    for (id, result) in [
        (1, done),
        (2, SubMsgResult::Err("codespace: wasm, code: 5".to_string())),
    ] {
        let stray = Reply {
            id,
            payload: Binary::default(),
            gas_used: 0,
            result,
        };
        let refused = reply(deps.as_mut(), mock_env(), stray).unwrap_err();
        assert_eq!(refused, ContractError::UnknownReply { id });
    }
}

#[test]
fn a_token_that_refuses_stays_owed_and_the_rest_is_paid() {
    let (mut suite, alice) = earned();
    suite.break_token(Mode::Refuses {});

    let done = suite.claim(&alice);

    assert_eq!(balances(&suite, &alice), [100, 100, 0]);
    let failed = emitted::<PayoutFailed>(&done);
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].amount.u128(), 100);
    assert_eq!(suite.pending(&alice), [0, 0, 100]);

    suite.break_token(Mode::Works {});
    suite.claim(&alice);
    assert_eq!(balances(&suite, &alice), [100, 100, 100]);
}

#[test]
fn a_failed_payout_of_the_last_reward_of_a_staker_who_left_stays_owed() {
    let (mut suite, alice) = earned();
    suite.break_token(Mode::Refuses {});
    suite.stake(&alice, 0);
    suite.claim(&alice);
    suite.wait(WEEK);
    assert_eq!(suite.pending(&alice), [0, 0, 100]);
}

#[test]
fn a_token_that_calls_back_into_the_distributor_gains_nothing() {
    let (mut suite, alice) = earned();
    // The token itself has a stake, claims inside its own transfer, and fails.
    let token = suite.token.clone();
    suite.stake(&token, 1);
    suite.wait(100);
    let contract = suite.distributor.clone();
    let msg = to_json_binary(&CLAIM_ALL).unwrap();
    suite.break_token(Mode::CallsBack { contract, msg });

    suite.claim(&alice);

    assert_eq!(suite.pending(&alice), [0, 0, 150]);
    assert_eq!(suite.pending(&token), [50, 50, 50]);
    assert_eq!(balances(&suite, &token), [0, 0, 0]);
}

#[test]
fn fractions_stay_owed_from_claim_to_claim() {
    let mut suite = Suite::new();
    let alice = suite.addr("alice");
    suite.stake(&alice, 1);
    // A third of a unit each second.
    suite.fund(NATIVE, u128::from(WEEK) / 3, 1).unwrap();
    for _ in 0..9 {
        suite.wait(1);
        suite.claim(&alice);
    }
    suite.wait(1);
    suite.claim(&alice);
    assert_eq!(balances(&suite, &alice)[0], 3);
}

#[test]
fn a_claim_writes_nothing_but_the_account_while_no_shares_and_no_rates_change() {
    let (mut suite, alice) = earned();
    let before = suite.app.dump_wasm_raw(&suite.distributor);
    suite.claim(&alice);
    let after = suite.app.dump_wasm_raw(&suite.distributor);
    let changed: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    assert_eq!((after.len(), changed.len()), (before.len(), 1));
    assert_eq!(changed[0].0, state::ACCOUNTS.key(&alice));
}

#[test]
fn claims_at_every_moment_pay_the_same_as_one_at_the_end() {
    let run = |every_day: bool| {
        let mut suite = Suite::new();
        let (alice, bob) = (suite.addr("alice"), suite.addr("bob"));
        suite.stake(&alice, 7);
        suite.stake(&bob, 4);
        suite.fund(NATIVE, 1_000_003, 1).unwrap();
        suite.fund(OTHER, 999_999_999_989, 2).unwrap();
        for day in 0..24 {
            suite.wait(86_400);
            if every_day {
                suite.claim(&alice);
                // Some steps of the clock are taken by others in between.
                match day % 3 {
                    0 => suite.fund(NATIVE, 777, 1).map(drop).unwrap(),
                    1 => suite.advance(native(OTHER), Some(1)).map(drop).unwrap(),
                    _ => {}
                }
            } else if day % 3 == 0 {
                suite.fund(NATIVE, 777, 1).unwrap();
            }
        }
        suite.claim(&alice);
        suite.claim(&bob);
        [balances(&suite, &alice), balances(&suite, &bob)]
    };
    let often = run(true);
    assert_eq!(often, run(false));
    assert!(often[0][0] > 0 && often[1][1] > 0);
}

#[test]
fn a_claim_at_which_a_rate_falls_stores_it() {
    let (mut suite, alice) = earned();
    suite.wait(2 * WEEK);
    suite.claim(&alice);
    let storage = suite.app.contract_storage(&suite.distributor);
    let ledger = state::LEDGER.load(&*storage).unwrap();
    assert!(ledger.flows.iter().all(|flow| flow.rate.is_zero()));
    assert_eq!(ledger.clock.staked, Seconds(100 + 2 * WEEK));
}

#[test]
fn what_was_earned_can_be_claimed_after_leaving_and_after_a_delisting() {
    let (mut suite, alice) = earned();
    suite.stake(&alice, 0);
    let owner = suite.owner.clone();
    let denom = native(NATIVE);
    suite
        .execute(&owner, &ExecuteMsg::DelistDenom { denom }, &[])
        .unwrap();
    suite.wait(WEEK);
    suite.claim(&alice);
    assert_eq!(balances(&suite, &alice), [100, 100, 100]);
}
