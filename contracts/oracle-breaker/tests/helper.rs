//! The helper through which other contracts use the breaker: a poke by
//! sub-message whose answer, or lack of one, is read in the reply.

use crate::support::*;
use backstop_types::breaker::{Action, MarketState, OracleBreaker, parse_poke_reply};
use backstop_types::events::breaker::Poked;
use cosmwasm_std::{
    Addr, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdResult, from_json, to_json_binary,
};
use cw_multi_test::{ContractWrapper, Executor};

/// A contract that pokes the breaker at the address it is sent, and answers
/// with whether it may pay.
fn ask(_: DepsMut, _: Env, _: MessageInfo, breaker: Addr) -> StdResult<Response> {
    let poke = OracleBreaker(breaker).poke_submsg(MARKET, Action::Payout, 500_000, 7)?;
    assert_eq!((poke.gas_limit, poke.id), (Some(500_000), 7));
    Ok(Response::new().add_submessage(poke))
}

fn hear(_: DepsMut, _: Env, reply: Reply) -> StdResult<Response> {
    let answer = parse_poke_reply(reply);
    let allowed = answer.map(|answer| answer.allowed);
    Ok(Response::new().set_data(to_json_binary(&allowed)?))
}

fn consumer(setup: &mut Setup) -> Addr {
    let nothing =
        |_: DepsMut, _: Env, _: MessageInfo, _: Empty| Ok::<_, cosmwasm_std::StdError>(Response::new());
    let silent = |_: Deps, _: Env, _: Empty| to_json_binary(&());
    let contract = ContractWrapper::new(ask, nothing, silent).with_reply(hear);
    let code = setup.app.store_code(Box::new(contract));
    let owner = setup.owner.clone();
    setup
        .app
        .instantiate_contract(code, owner, &Empty {}, &[], "consumer", None)
        .unwrap()
}

fn ask_through(setup: &mut Setup, consumer: &Addr, breaker: &Addr) -> Option<bool> {
    let asked = setup
        .app
        .execute_contract(setup.alice.clone(), consumer.clone(), breaker, &[])
        .unwrap();
    from_json(asked.data.unwrap()).unwrap()
}

#[test]
fn a_consumer_reads_the_verdict_in_its_reply_and_the_trip_stays() {
    let mut setup = Setup::at("4.06");
    let consumer = consumer(&mut setup);
    let breaker = setup.breaker.clone();
    assert_eq!(ask_through(&mut setup, &consumer, &breaker), Some(true));
    setup.advance(backstop_types::Seconds(60));
    setup.says("1");
    assert_eq!(ask_through(&mut setup, &consumer, &breaker), Some(false));
    assert_eq!(setup.state(), MarketState::Tripped);
}

#[test]
fn a_breaker_that_fails_or_is_gone_is_no_answer() {
    let mut setup = Setup::bare();
    let consumer = consumer(&mut setup);
    let (marketless, gone, other) = (setup.breaker.clone(), setup.alice.clone(), setup.pyth.clone());
    for breaker in [marketless, gone, other] {
        assert_eq!(ask_through(&mut setup, &consumer, &breaker), None);
    }
}

#[test]
fn the_verdict_and_the_raw_reads_need_no_message() {
    let mut setup = Setup::at("4.06");
    let verdict = setup
        .helper()
        .verdict(&setup.app.wrap(), MARKET, Action::Payout)
        .unwrap();
    assert!(verdict.allowed);
    setup.later(60, "1");
    let (helper, querier) = (setup.helper(), setup.app.wrap());
    assert_eq!(helper.record(&querier, MARKET).unwrap().unwrap().trip(), Some(1));
    assert_eq!(helper.record(&querier, "NONE").unwrap(), None);
    assert!(helper.trip(&querier, MARKET, 1).unwrap().is_some());
    assert_eq!(helper.trip(&querier, MARKET, 2).unwrap(), None);
}

#[test]
fn a_poke_message_names_markets_and_action() {
    let mut setup = Setup::at("4.06");
    let poke = setup
        .helper()
        .poke(vec![MARKET.to_string()], Some(Action::Reduce))
        .unwrap();
    let sent = setup.app.execute(setup.alice.clone(), poke).unwrap();
    let event = &emitted::<Poked>(&sent)[0];
    assert_eq!((event.action, event.allowed), (Action::Reduce, true));
}
