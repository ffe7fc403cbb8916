//! How to test a derivatives contract of your own against the shipped backstop: put it
//! into a world, have the DAO grant it a policy, and let the price fall.

mod desk;

use backstop_testing::{World, WorldBuilder, default_terms};
use backstop_types::breaker::{self, OracleBreaker};
use backstop_types::vault::{
    BackstopVault, CoverQuote, CoverReason, ExecuteMsg as VaultMsg, ParamsUpdate, PolicyTerms,
};
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::{
    Addr, Decimal, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint128, coins,
};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{AppResponse, ContractWrapper, Executor};
use desk::{Desk, ExecuteMsg, SHORTFALLS, Shortfall, TRADES, Trade};

const ONE: u128 = 1_000_000;

/// A world with a million staked, and the desk in it.
fn world() -> (World, Addr) {
    world_of(World::builder())
}

fn world_of(builder: WorldBuilder) -> (World, Addr) {
    let mut w = builder
        .seed(|seed| seed.deposits = vec![("staker".to_string(), 1_000_000 * ONE)])
        .build();
    let code = ContractWrapper::new(desk::execute, desk::instantiate, desk::query);
    let code = w.app.store_code(Box::new(code.with_reply(desk::reply)));
    let desk = Desk {
        vault: BackstopVault(w.vault.clone()),
        breaker: OracleBreaker(w.breaker.clone()),
        market: w.market.clone(),
    };
    let desk = w.instantiate(code, &desk, "a desk").unwrap();
    (w, desk)
}

/// Terms that pay from the first unit, which no policy should.
fn terms() -> PolicyTerms {
    PolicyTerms {
        deductible: Assets::ZERO,
        minimum: Assets::ONE,
        ..default_terms()
    }
}

/// The same, and the desk has a policy from a minute ago.
fn covered() -> (World, Addr) {
    let (mut w, desk) = world();
    w.grant_policy(&desk, "ATOM/USD", terms()).unwrap();
    w.advance(Seconds::MINUTE);
    w.set_price("10");
    (w, desk)
}

fn sent(w: &mut World, desk: &Addr, msg: &ExecuteMsg, coin: u128) -> AnyResult<AppResponse> {
    let trader = w.addr("trader");
    let funds = if coin > 0 { coins(coin, "uusd") } else { vec![] };
    w.execute(&trader, desk, msg, &funds)
}

fn send(w: &mut World, desk: &Addr, msg: &ExecuteMsg) -> AppResponse {
    sent(w, desk, msg, 0).unwrap()
}

/// What a message is refused for.
fn refusal(w: &mut World, desk: &Addr, msg: &ExecuteMsg) -> String {
    format!("{:#}", sent(w, desk, msg, 0).unwrap_err())
}

fn ask(w: &mut World, desk: &Addr, shortfall: u64) {
    send(w, desk, &ExecuteMsg::Send { shortfall });
}

fn cash(w: &World, desk: &Addr) -> u128 {
    let cash: Uint128 = w.query(desk, &Empty {}).unwrap();
    assert_eq!(cash.u128(), w.balance(desk), "the desk books what it has");
    cash.u128()
}

fn shortfall(w: &World, desk: &Addr, number: u64) -> Shortfall {
    let stored = SHORTFALLS.query(&w.querier(), desk.clone(), number).unwrap();
    stored.unwrap()
}

fn trade(w: &World, desk: &Addr) -> Option<Trade> {
    TRADES.query(&w.querier(), desk.clone(), 1).unwrap()
}

fn is_open(w: &World, desk: &Addr) -> bool {
    trade(w, desk).unwrap().entry.is_some()
}

/// An order for a long of 1,000.
fn order(w: &mut World, desk: &Addr, margin: u128) -> AnyResult<AppResponse> {
    let (trade, size) = (1, Uint128::new(1_000 * ONE));
    sent(w, desk, &ExecuteMsg::Order { trade, size }, margin * ONE)
}

fn open(w: &mut World, desk: &Addr) -> AppResponse {
    send(w, desk, &ExecuteMsg::Open { trade: 1 })
}

/// A long of 1,000 at 10 with a margin of 1,000, liquidated at 8.5: 500 are missing.
fn fall(w: &mut World, desk: &Addr) {
    order(w, desk, 1_000).unwrap();
    w.next_block(Seconds(30));
    w.publish_again();
    open(w, desk);
    w.advance(Seconds::MINUTE);
    w.set_price("8.5");
    send(w, desk, &ExecuteMsg::Liquidate { trade: 1 });
}

fn quote(w: &World, desk: &Addr, market: &str) -> StdResult<CoverQuote> {
    let vault = BackstopVault(w.vault.clone());
    let price = Some(Price("10".parse().unwrap()));
    vault.quote_cover(&w.querier(), desk, 1, market, Assets::new(500 * ONE), price)
}

#[test]
fn at_setup_a_quote_names_a_missing_policy_or_a_misspelt_market() {
    let (mut w, desk) = world();
    let missing = quote(&w, &desk, "ATOM/USD").unwrap_err().to_string();
    assert!(
        missing.contains(&format!("policy of {desk} on ATOM/USD does not exist")),
        "{missing}"
    );
    w.grant_policy(&desk, "ATOM/USD", terms()).unwrap();
    let misspelt = quote(&w, &desk, "ATOMUSD").unwrap_err().to_string();
    assert!(misspelt.contains("ATOMUSD"), "{misspelt}");
    let covered = quote(&w, &desk, "ATOM/USD").unwrap();
    assert_eq!(covered.paid, Assets::new(500 * ONE));
    // The same from a script.
    let query = serde_json::json!({"quote_cover": {
        "policyholder": desk, "market": "ATOM/USD", "amount": "500000000", "price": "10"
    }});
    assert_eq!(w.query::<CoverQuote>(&w.vault, &query).unwrap(), covered);
}

#[test]
fn a_quote_also_tells_that_the_vaults_breaker_has_no_such_market() {
    let (mut w, desk) = world();
    let misspelt = w.grant_policy(&desk, "ATOMUSD", terms()).unwrap_err();
    assert!(format!("{misspelt:#}").contains("must be a market of the breaker"));
    w.grant_policy(&desk, "ATOM/USD", terms()).unwrap();
    let other = another_breaker(&mut w);
    vault_asks(&mut w, &other);
    let held = quote(&w, &desk, "ATOM/USD").unwrap();
    assert_eq!(held.reason, Some(CoverReason::BreakerUnavailable.into()));
    assert_eq!(held.pending, Assets::new(500 * ONE));
}

#[test]
fn an_order_is_executed_at_no_price_that_could_be_known_when_it_was_placed() {
    let (mut w, desk) = covered();
    order(&mut w, &desk, 1_000).unwrap();
    // As far ahead of its block as the breaker takes a price.
    let later = w.now() + 15;
    for source in 0..3 {
        w.publish(source, "10".parse().unwrap(), Decimal::permille(1), later)
            .unwrap();
    }
    open(&mut w, &desk);
    assert!(!is_open(&w, &desk), "in its own block");
    w.next_block(Seconds(30));
    open(&mut w, &desk);
    assert!(!is_open(&w, &desk), "at a price that was there");
    w.publish_again();
    let opened = open(&mut w, &desk);
    assert!(is_open(&w, &desk));
    // The world reads its own contracts' events, and leaves the desk's to the desk.
    assert!(opened.events.iter().any(|event| event.ty == "wasm-desk_opened"));
}

#[test]
fn at_a_price_from_before_it_an_order_waits() {
    let (mut w, desk) = covered();
    order(&mut w, &desk, 1_000).unwrap();
    w.advance(Seconds::MINUTE);
    open(&mut w, &desk);
    assert!(!is_open(&w, &desk));
    w.publish_again();
    open(&mut w, &desk);
    assert!(is_open(&w, &desk));
}

#[test]
fn an_order_after_its_time_or_with_too_small_a_margin_is_given_back() {
    for (margin, wait) in [(999, Seconds(30)), (1_000, Seconds(601))] {
        let (mut w, desk) = covered();
        order(&mut w, &desk, margin).unwrap();
        w.advance(wait);
        w.publish_again();
        open(&mut w, &desk);
        assert_eq!((trade(&w, &desk), w.balance(&desk)), (None, 0), "{margin}");
    }
}

#[test]
fn no_order_takes_the_number_of_a_trade_and_only_an_orders_margin_is_taken() {
    let (mut w, desk) = covered();
    order(&mut w, &desk, 1_000).unwrap();
    let taken = format!("{:#}", order(&mut w, &desk, 5).unwrap_err());
    assert!(taken.contains("the number is taken"), "{taken}");
    assert_eq!(trade(&w, &desk).unwrap().margin.u128(), 1_000 * ONE);
    for msg in [
        ExecuteMsg::Open { trade: 1 },
        ExecuteMsg::Liquidate { trade: 1 },
        ExecuteMsg::Send { shortfall: 1 },
        ExecuteMsg::Book { shortfall: 1 },
    ] {
        let refused = format!("{:#}", sent(&mut w, &desk, &msg, 1).unwrap_err());
        assert!(refused.contains("accept funds"), "{refused}");
    }
    assert!(order(&mut w, &desk, 0).is_err(), "without a margin");
}

#[test]
fn a_shortfall_of_the_desk_is_paid_at_once_as_far_as_the_instant_bucket_reaches() {
    let (mut w, desk) = world();
    let terms = PolicyTerms {
        instant: Assets::new(200 * ONE),
        ..terms()
    };
    w.grant_policy(&desk, "ATOM/USD", terms).unwrap();
    fall(&mut w, &desk);
    // Nothing is asked for in the liquidation itself.
    assert_eq!(cash(&w, &desk), 1_000 * ONE);
    ask(&mut w, &desk, 1);
    assert_eq!(cash(&w, &desk), 1_200 * ONE);
    let again = refusal(&mut w, &desk, &ExecuteMsg::Send { shortfall: 1 });
    assert!(again.contains("it has its answer"), "{again}");
    // The other 300 are paid after the policy's delay, and booked.
    w.advance(Seconds::DAY);
    let (anyone, vault) = (w.addr("anyone"), w.vault.clone());
    w.execute(&anyone, &vault, &VaultMsg::SettleClaim { claim: 1 }, &[])
        .unwrap();
    for _ in 0..2 {
        send(&mut w, &desk, &ExecuteMsg::Book { shortfall: 1 });
        assert_eq!(cash(&w, &desk), 1_500 * ONE);
    }
}

#[test]
fn one_trade_number_used_twice_is_two_shortfalls_and_both_are_covered() {
    let (mut w, desk) = covered();
    fall(&mut w, &desk);
    ask(&mut w, &desk, 1);
    for _ in 0..2 {
        w.advance(Seconds::HOUR);
        w.set_price("10");
    }
    fall(&mut w, &desk);
    ask(&mut w, &desk, 2);
    assert_eq!(cash(&w, &desk), 3_000 * ONE);
}

#[test]
fn a_shortfall_is_asked_for_within_an_hour_and_never_before_its_policy() {
    let (mut w, desk) = world();
    let msg = ExecuteMsg::Send { shortfall: 1 };
    fall(&mut w, &desk);
    let none = refusal(&mut w, &desk, &msg);
    w.grant_policy(&desk, "ATOM/USD", terms()).unwrap();
    let younger = refusal(&mut w, &desk, &msg);
    for refused in [none, younger] {
        assert!(refused.contains("no policy is older than it"), "{refused}");
    }
    let (mut w, desk) = covered();
    fall(&mut w, &desk);
    w.advance(Seconds(3_600));
    w.set_price("8.5");
    let late = refusal(&mut w, &desk, &msg);
    assert!(late.contains("it is an hour old"), "{late}");
    assert_eq!(cash(&w, &desk), 1_000 * ONE);
}

#[test]
fn what_would_be_refused_now_is_no_answer_and_may_be_sent_again() {
    for deductible in [0, 200] {
        let (mut w, desk) = world();
        let terms = PolicyTerms {
            deductible: Assets::new(deductible * ONE),
            ..terms()
        };
        w.grant_policy(&desk, "ATOM/USD", terms).unwrap();
        w.advance(Seconds::MINUTE);
        w.set_price("10");
        fall(&mut w, &desk);
        // The price of the closing has left the band.
        w.advance(Seconds::MINUTE);
        w.set_price("9.5");
        let refused = refusal(&mut w, &desk, &ExecuteMsg::Send { shortfall: 1 });
        assert!(refused.contains("it would be refused now"), "{refused}");
        assert_eq!(shortfall(&w, &desk, 1).answer, None);
        w.advance(Seconds::MINUTE);
        w.set_price("8.5");
        ask(&mut w, &desk, 1);
        assert_eq!(cash(&w, &desk), (1_500 - deductible) * ONE);
    }
}

#[test]
fn a_deductible_alone_is_no_answer_where_more_is_asked() {
    let (mut w, desk) = world_of(
        World::builder()
            .loose()
            .vault_params(|p| p.pool_fraction = Decimal::percent(5)),
    );
    let terms = PolicyTerms {
        deductible: Assets::new(200 * ONE),
        ..terms()
    };
    w.grant_policy(&desk, "ATOM/USD", terms).unwrap();
    // Another policyholder's shortfall takes all that the pool may grant now.
    let perps = w.perps.clone();
    w.shortfall(&perps, 90_000 * ONE, Some("10")).unwrap();
    fall(&mut w, &desk);
    w.shortfall(&perps, 90_000 * ONE, Some("8.5")).unwrap();
    let refused = refusal(&mut w, &desk, &ExecuteMsg::Send { shortfall: 1 });
    assert!(refused.contains("it would be refused now"), "{refused}");
}

#[test]
fn the_deductible_is_an_answer() {
    let (mut w, desk) = world();
    let terms = PolicyTerms {
        deductible: Assets::new(700 * ONE),
        ..terms()
    };
    w.grant_policy(&desk, "ATOM/USD", terms).unwrap();
    fall(&mut w, &desk);
    ask(&mut w, &desk, 1);
    let answer = shortfall(&w, &desk, 1).answer.unwrap();
    assert_eq!(answer.deductible, Assets::new(500 * ONE));
    assert_eq!(cash(&w, &desk), 1_000 * ONE);
}

/// The shipped breaker, except that it fails when the vault asks.
fn deaf_to_the_vault(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    msg: breaker::ExecuteMsg,
) -> AnyResult<Response> {
    let vault = BackstopVault(info.sender.clone());
    if vault.config(&deps.querier).is_ok() {
        return Err(StdError::generic_err("deaf").into());
    }
    Ok(oracle_breaker::contract::execute(deps, env, info, msg)?)
}

fn migrated(_: DepsMut, _: Env, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

#[test]
fn a_claim_that_no_breaker_has_judged_is_no_answer() {
    let (mut w, desk) = covered();
    fall(&mut w, &desk);
    use oracle_breaker::contract::{instantiate, query};
    let deaf = ContractWrapper::new(deaf_to_the_vault, instantiate, query).with_migrate(migrated);
    let deaf = w.app.store_code(Box::new(deaf));
    let (owner, breaker) = (w.owner.clone(), w.breaker.clone());
    w.app.migrate_contract(owner, breaker, &Empty {}, deaf).unwrap();
    let refused = refusal(&mut w, &desk, &ExecuteMsg::Send { shortfall: 1 });
    assert!(
        refused.contains("the vault's breaker did not answer"),
        "{refused}"
    );
    assert_eq!(shortfall(&w, &desk, 1).answer, None);
    assert_eq!(cash(&w, &desk), 1_000 * ONE);
}

/// A breaker without markets.
fn another_breaker(w: &mut World) -> Addr {
    let setup = breaker::InstantiateMsg {
        owner: w.owner.to_string(),
        guardian: None,
    };
    w.instantiate(w.codes.breaker, &setup, "another breaker").unwrap()
}

fn vault_asks(w: &mut World, breaker: &Addr) {
    let update = ParamsUpdate {
        breaker: Some(breaker.to_string()),
        ..Default::default()
    };
    let (owner, vault) = (w.owner.clone(), w.vault.clone());
    w.execute(&owner, &vault, &VaultMsg::UpdateParams { update }, &[])
        .unwrap();
}

#[test]
fn while_the_vault_asks_another_breaker_nothing_is_sent() {
    let (mut w, desk) = covered();
    fall(&mut w, &desk);
    let (own, other) = (w.breaker.clone(), another_breaker(&mut w));
    vault_asks(&mut w, &other);
    let refused = refusal(&mut w, &desk, &ExecuteMsg::Send { shortfall: 1 });
    assert!(refused.contains("the vault asks another breaker"), "{refused}");
    vault_asks(&mut w, &own);
    ask(&mut w, &desk, 1);
    assert_eq!(cash(&w, &desk), 1_500 * ONE);
}

#[test]
fn without_an_answer_the_shortfall_may_be_sent_again() {
    let (mut w, desk) = covered();
    fall(&mut w, &desk);
    let (owner, vault) = (w.owner.clone(), w.vault.clone());
    let broken = ContractWrapper::new(
        fails,
        backstop_vault::contract::instantiate,
        backstop_vault::contract::query,
    );
    let broken = w.app.store_code(Box::new(broken.with_migrate(migrated)));
    w.app
        .migrate_contract(owner.clone(), vault.clone(), &Empty {}, broken)
        .unwrap();
    ask(&mut w, &desk, 1);
    assert_eq!(shortfall(&w, &desk, 1).answer, None);
    let mended = w.codes.vault;
    w.app.migrate_contract(owner, vault, &Empty {}, mended).unwrap();
    ask(&mut w, &desk, 1);
    assert_eq!(cash(&w, &desk), 1_500 * ONE);
}

fn fails(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Err(StdError::generic_err("broken"))
}

#[test]
fn in_a_trip_the_desk_does_nothing_and_the_trip_stands() {
    let (mut w, desk) = covered();
    fall(&mut w, &desk);
    order(&mut w, &desk, 1_000).unwrap();
    w.advance(Seconds::MINUTE);
    w.set_sources("6");
    open(&mut w, &desk);
    assert!(!is_open(&w, &desk));
    let breaker = OracleBreaker(w.breaker.clone());
    let record = breaker.record(&w.querier(), "ATOM/USD").unwrap().unwrap();
    assert_eq!(record.trip(), Some(1));
    ask(&mut w, &desk, 1);
    assert_eq!(shortfall(&w, &desk, 1).answer, None);
    // The first trade's margin and the order's.
    assert_eq!(w.balance(&desk), 2_000 * ONE);
}
