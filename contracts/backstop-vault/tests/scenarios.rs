//! The worked scenarios of the README that have no file of their own: each is a test
//! of the heading's name.

use crate::support::{Desk, MARKET, owner_sets, terms};
use backstop_types::vault::{ClaimStatus, CoverReason, CoverResponse, ExecuteMsg, LapseReason};
use backstop_types::{Assets, Price, Seconds, Shares, breaker};
use backstop_vault::ContractError;
use cosmwasm_std::{Addr, Binary, CosmosMsg, WasmMsg, from_json, to_json_binary};

/// A holds 100 of 1,000 shares; a claim of 500 is granted and waits; A leaves
/// with 50.
fn opened() -> (Desk, Addr, Addr) {
    let mut desk = Desk::covering(|terms| {
        terms.instant = Assets::ZERO;
        terms.delay = Seconds::days(30);
    });
    let (a, others) = (desk.staker("a"), desk.staker("others"));
    desk.deposit(&a, 100).unwrap();
    desk.deposit(&others, 900).unwrap();
    desk.w.set_price("10");
    assert_eq!(desk.shortfall(500).pending, Assets::new(500));

    desk.unbond(&a, 100).unwrap();
    desk.advance(Seconds::days(21));
    let before = desk.balance(&a);
    desk.withdraw(&a, None).unwrap();
    assert_eq!(desk.balance(&a) - before, 50);
    (desk, a, others)
}

#[test]
fn a_leaves_while_a_claim_is_open_and_it_is_paid() {
    let (mut desk, a, others) = opened();
    desk.advance(Seconds::days(9));
    desk.execute(&others, &ExecuteMsg::SettleClaim { claim: 1 }, &[])
        .unwrap();
    assert_eq!(desk.stake(&others).assets, Assets::new(450), "everyone bore half");
    assert_eq!((desk.due(&a), desk.due(&others)), (0, 0));
}

#[test]
fn a_leaves_while_a_claim_is_open_and_it_is_declined() {
    let (mut desk, a, others) = opened();
    desk.decline(1).unwrap();
    assert_eq!((desk.due(&a), desk.due(&others)), (50, 450), "gone or not");
    let before = desk.balance(&a);
    desk.claim_recovery(&a, None, false).unwrap();
    assert_eq!(desk.balance(&a) - before, 50);
}

#[test]
fn a_leaves_while_a_claim_is_open_and_it_is_paid_and_later_repaid() {
    let (mut desk, a, others) = opened();
    desk.advance(Seconds::days(9));
    desk.settle(1).unwrap();
    desk.advance(Seconds::days(100));
    let holder = desk.holder.clone();
    desk.recover(&holder, 1, 200).unwrap();
    assert_eq!((desk.due(&a), desk.due(&others)), (20, 180));
    assert_eq!(takes_back(&mut desk, &a), 20);
    // No more than was paid: 300 of these 400.
    let before = desk.balance(&holder);
    desk.recover(&holder, 1, 400).unwrap();
    assert_eq!(before - desk.balance(&holder), 300);
    assert_eq!((desk.due(&a), desk.due(&others)), (30, 450));
}

#[test]
fn recovery_after_everyone_left() {
    let mut desk = Desk::native();
    let (a, b) = (desk.staker("a"), desk.staker("b"));
    desk.deposit(&a, 100).unwrap();
    desk.deposit(&b, 900).unwrap();
    let loss = desk.lose(500);
    for _ in 0..40 {
        desk.lose(1);
    }
    for staker in [&a, &b] {
        let unbond = ExecuteMsg::Unbond {
            shares: None,
            auto_withdraw: None,
        };
        desk.execute(staker, &unbond, &[]).unwrap();
    }
    desk.advance(Seconds::days(21));
    for staker in [&a, &b] {
        desk.withdraw(staker, None).unwrap();
    }
    assert_eq!(desk.pool().shares, Shares::ZERO);

    desk.advance(Seconds::days(365));
    let holder = desk.holder.clone();
    desk.recover(&holder, loss, 500).unwrap();
    for (staker, paid) in [(&a, 50), (&b, 450)] {
        let before = desk.balance(staker);
        desk.claim_recovery(staker, None, false).unwrap();
        assert_eq!(desk.balance(staker) - before, paid);
    }
    assert_eq!(desk.balance(&desk.w.vault), 0);
}

/// What a staker is paid for all of its tickets that are ready.
fn leaves(desk: &mut Desk, staker: &Addr) -> u128 {
    let before = desk.balance(staker);
    desk.withdraw(staker, None).unwrap();
    desk.balance(staker) - before
}

/// What a staker is paid of what came back.
fn takes_back(desk: &mut Desk, staker: &Addr) -> u128 {
    let before = desk.balance(staker);
    desk.claim_recovery(staker, None, false).unwrap();
    desk.balance(staker) - before
}

fn status(desk: &Desk, claim: u64) -> ClaimStatus {
    desk.claim(claim).record.status
}

/// Pokes at this price until the market's trip has ended.
fn end_trip(desk: &mut Desk, price: &str) {
    let tripped = |desk: &Desk| {
        let breaker = breaker::OracleBreaker(desk.w.breaker.clone());
        let record = breaker.record(&desk.w.querier(), MARKET).unwrap();
        record.unwrap().trip().is_some()
    };
    for _ in 0..100 {
        if !tripped(desk) {
            return;
        }
        desk.advance(Seconds(600));
        desk.w.set_price(price);
    }
    panic!("the trip goes on");
}

#[test]
fn tickets_at_three_ages_and_a_loss_between() {
    let mut desk = Desk::native();
    let (a, b) = (desk.staker("a"), desk.staker("b"));
    desk.deposit(&a, 300).unwrap();
    desk.deposit(&b, 700).unwrap();
    desk.unbond(&a, 100).unwrap();
    desk.advance(Seconds::days(10));
    desk.unbond(&a, 100).unwrap();
    // The first has been ready for a day, the second waits, the third is not open yet.
    desk.advance(Seconds::days(12));
    desk.lose(500);
    assert_eq!(leaves(&mut desk, &a), 50);
    desk.advance(Seconds::DAY);
    desk.unbond(&a, 100).unwrap();
    desk.advance(Seconds::days(8));
    assert_eq!(leaves(&mut desk, &a), 50);
    desk.advance(Seconds::days(13));
    assert_eq!(leaves(&mut desk, &a), 50);
    assert_eq!(desk.stake(&b).assets, Assets::new(350));
}

#[test]
fn held_for_two_days_then_allowed_inside_the_span_and_outside_it() {
    let mut desk = Desk::native();
    let a = desk.staker("a");
    desk.deposit(&a, 1_000).unwrap();
    desk.w.set_price("10");
    desk.w.set_price("7");
    let [inside, outside] = ["8", "6"].map(|price| {
        let answer = desk.shortfall_at(100, Some(price));
        assert_eq!((answer.paid, answer.pending), (Assets::ZERO, 100.into()));
        assert_eq!(answer.reason, Some(CoverReason::BreakerDenied.into()));
        answer.claim.unwrap()
    });
    assert_eq!(desk.pool().assets, Assets::new(800));
    desk.advance(Seconds::days(2));
    desk.w.set_price("7");
    let refused = desk.refused(|desk| desk.settle(inside));
    assert!(
        matches!(refused, ContractError::NotSettleable { .. }),
        "{refused}"
    );
    end_trip(&mut desk, "7");
    desk.settle(inside).unwrap();
    desk.settle(outside).unwrap();
    assert_eq!(status(&desk, inside), ClaimStatus::Paid {});
    let lapsed = ClaimStatus::Lapsed {
        reason: LapseReason::PriceOutsideSpan,
    };
    assert_eq!(status(&desk, outside), lapsed);
    assert_eq!((desk.pool().assets, desk.due(&a)), (800.into(), 100));
}

#[test]
fn part_paid_part_declined() {
    let mut desk = Desk::covering(|terms| terms.instant = 300.into());
    let (a, others) = (desk.staker("a"), desk.staker("others"));
    desk.deposit(&a, 100).unwrap();
    desk.deposit(&others, 900).unwrap();
    desk.w.set_price("10");
    let answer = desk.shortfall(500);
    assert_eq!((answer.paid, answer.pending), (300.into(), 200.into()));
    desk.unbond(&a, 100).unwrap();
    desk.decline(1).unwrap();
    assert_eq!((desk.due(&a), desk.due(&others)), (20, 180));
    desk.advance(Seconds::days(21));
    assert_eq!(leaves(&mut desk, &a) + takes_back(&mut desk, &a), 50 + 20);
    let record = desk.claim(1).record;
    assert_eq!((record.paid, record.pot), (300.into(), Assets::ZERO));
    // What was paid stays paid, and is all that can be repaid.
    let holder = desk.holder.clone();
    let before = desk.balance(&holder);
    desk.recover(&holder, 1, 500).unwrap();
    assert_eq!(before - desk.balance(&holder), 300);
    assert_eq!((desk.due(&a), desk.due(&others)), (30, 450));
}

#[test]
fn two_losses_in_one_block_with_a_deposit_between() {
    let mut desk = Desk::native();
    let (a, b, holder) = (desk.staker("a"), desk.staker("b"), desk.holder.clone());
    desk.deposit(&a, 1_000).unwrap();
    desk.w.set_price("10");
    let block = desk.w.app.block_info();
    assert_eq!(desk.shortfall(500).paid, Assets::new(500));
    desk.deposit(&b, 500).unwrap();
    assert_eq!(desk.stake(&b).stake.active, Shares::new(1_000));
    // The fraction of nine tenths has four tenths left, and half of 1,000 is more.
    assert_eq!(desk.shortfall(500).paid, Assets::new(400));
    desk.recover(&holder, 1, 500).unwrap();
    desk.recover(&holder, 2, 400).unwrap();
    assert_eq!(desk.w.app.block_info(), block);
    assert_eq!((desk.due(&a), desk.due(&b)), (500 + 200, 200));
    let worth = [&a, &b].map(|staker| desk.stake(staker).assets);
    assert_eq!(worth, [300.into(), 300.into()]);
}

#[test]
fn nine_losses_of_nine_tenths_and_a_new_deposit_after_each() {
    let mut desk = Desk::native();
    let first = desk.staker("first");
    desk.deposit(&first, 1_000_000_000).unwrap();
    let mut later = vec![];
    for loss in 1..=9 {
        desk.lose(900_000_000);
        let staker = desk.staker(&format!("after {loss}"));
        desk.deposit(&staker, 900_000_000).unwrap();
        later.push(staker);
        desk.advance(Seconds::days(7));
    }
    let pool = desk.pool();
    assert_eq!(pool.assets, Assets::new(1_000_000_000));
    assert_eq!(pool.shares, Shares::new(10u128.pow(18)));
    assert_eq!(desk.stake(&first).assets, Assets::ONE);
    for (staker, power) in later.iter().rev().zip(0..) {
        let worth = 900_000_000 / 10u128.pow(power);
        assert_eq!(desk.stake(staker).assets, Assets::new(worth));
    }
    // What comes back on the first loss is the first staker's alone; on the second,
    // a tenth of it.
    let holder = desk.holder.clone();
    desk.recover(&holder, 1, 900_000_000).unwrap();
    desk.recover(&holder, 2, 900_000_000).unwrap();
    assert_eq!(desk.due(&first), 900_000_000 + 90_000_000);
    assert_eq!(desk.due(&later[0]), 810_000_000);
    assert_eq!(desk.due(&later[1]), 0);
}

#[test]
fn a_trip_by_a_hostile_policyholder_skips_no_delay() {
    let filed = |tripped: bool| {
        let mut desk = Desk::covering(|terms| terms.instant = 100.into());
        let a = desk.staker("a");
        desk.deposit(&a, 1_000).unwrap();
        desk.w.set_price("10");
        if tripped {
            desk.w.set_price("7");
        }
        let price = if tripped { "9" } else { "10" };
        let answer = desk.shortfall_at(500, Some(price));
        (desk, answer)
    };
    let (_, honest) = filed(false);
    assert_eq!((honest.paid, honest.pending), (100.into(), 400.into()));
    let (mut desk, answer) = filed(true);
    assert_eq!((answer.paid, answer.pending), (Assets::ZERO, 500.into()));
    let at = desk.now();
    end_trip(&mut desk, "7");
    assert!(desk.now() - at < Seconds::hours(12).0);
    desk.settle(1).unwrap();
    assert_eq!(status(&desk, 1), ClaimStatus::Delayed {});
    let left = at + Seconds::DAY.0 - desk.now();
    let refused = desk.refused(|desk| desk.settle(1));
    assert_eq!(refused, ContractError::delayed(1, Seconds(left)));
    desk.advance(Seconds(left));
    desk.settle(1).unwrap();
    assert_eq!(desk.claim(1).record.paid, Assets::new(500));
}

/// The answers to so many messages of the policyholder's in one transaction.
fn in_one_transaction(desk: &mut Desk, amounts: &[u128]) -> Vec<CoverResponse> {
    let shortfall = |(number, amount): (u64, &u128)| {
        let msg = ExecuteMsg::CoverShortfall {
            shortfall: number,
            market: MARKET.to_string(),
            amount: Assets::new(*amount),
            price: Some(Price("10".parse().unwrap())),
        };
        CosmosMsg::from(WasmMsg::Execute {
            contract_addr: desk.w.vault.to_string(),
            msg: to_json_binary(&msg).unwrap(),
            funds: vec![],
        })
    };
    let messages: Vec<_> = (1..).zip(amounts).map(shortfall).collect();
    let done = desk.w.app.execute_multi(desk.holder.clone(), messages).unwrap();
    desk.w.look();
    let answer = |data: Binary| {
        let data = cw_utils::parse_execute_response_data(&data).unwrap().data;
        from_json(data.unwrap()).unwrap()
    };
    done.into_iter().map(|one| answer(one.data.unwrap())).collect()
}

#[test]
fn a_hundred_claims_in_one_transaction() {
    let answered = |amounts: &[u128]| {
        let mut desk = Desk::covering(|terms| {
            (terms.limit, terms.instant, terms.deductible) = (800.into(), 300.into(), 50.into())
        });
        let a = desk.staker("a");
        desk.deposit(&a, 100_000).unwrap();
        desk.w.set_price("10");
        let answers = in_one_transaction(&mut desk, amounts);
        let sum =
            |part: fn(&CoverResponse) -> Assets| answers.iter().map(|one| part(one).u128()).sum::<u128>();
        let sums = [
            sum(|one| one.deductible),
            sum(|one| one.paid),
            sum(|one| one.pending),
            sum(|one| one.uncovered),
        ];
        (sums, desk.pool())
    };
    let (one, pool) = answered(&[1_000]);
    assert_eq!(one, [50, 300, 500, 150]);
    assert_eq!((pool.assets, pool.losses), (99_200.into(), 1));
    let (hundred, pool) = answered(&[10; 100]);
    assert_eq!(hundred, one);
    assert_eq!((pool.assets, pool.losses), (99_200.into(), 80));
}

/// A second market, on which the policyholder has a policy too, at a price of 1.
fn second_market(desk: &mut Desk, name: &str) {
    let query = breaker::QueryMsg::Market {
        market: MARKET.to_string(),
    };
    let known: breaker::MarketResponse = desk.w.query(&desk.w.breaker, &query).unwrap();
    let config = cosmwasm_std::to_json_string(&known.config).unwrap();
    // Its own feed of Pyth; reporters report by market.
    let config = config.replace(&"1".repeat(64), &"2".repeat(64));
    let config: breaker::MarketConfig<String> = from_json(config).unwrap();
    let (owner, breaker) = (desk.w.owner.clone(), desk.w.breaker.clone());
    let sources = std::mem::replace(&mut desk.w.sources, config.sources.clone());
    let market = name.to_string();
    let add = breaker::ExecuteMsg::AddMarket {
        market: market.clone(),
        config,
    };
    desk.w.execute(&owner, &breaker, &add, &[]).unwrap();
    desk.w.market = market.clone();
    desk.w.set_price("1");
    desk.w.market = MARKET.to_string();
    desk.w.sources = sources;
    let holder = desk.holder.clone();
    let msg = match owner_sets(&holder, terms(), true) {
        ExecuteMsg::AddPolicy {
            policyholder, terms, ..
        } => ExecuteMsg::AddPolicy {
            policyholder,
            market,
            terms,
        },
        other => other,
    };
    desk.as_owner(&msg).unwrap();
}

#[test]
fn the_wrong_market_named() {
    let mut desk = Desk::native();
    let (a, holder) = (desk.staker("a"), desk.holder.clone());
    desk.deposit(&a, 1_000).unwrap();
    desk.w.set_price("10");
    second_market(&mut desk, "OSMO/USD");
    let send = |desk: &mut Desk, market: &str| {
        let msg = ExecuteMsg::CoverShortfall {
            shortfall: 7,
            market: market.to_string(),
            amount: 400.into(),
            price: Some(Price("10".parse().unwrap())),
        };
        desk.execute(&holder, &msg, &[])
    };
    let answer = send(&mut desk, "OSMO/USD").unwrap();
    let answer: CoverResponse = from_json(answer.data.unwrap()).unwrap();
    assert_eq!(answer.reason, Some(CoverReason::PriceOutsideBand.into()));
    assert_eq!((answer.claim, answer.uncovered), (None, 400.into()));
    // Where it has no policy it is no answer at all.
    let refused = desk.refused(|desk| send(desk, "ETH/USD"));
    assert!(matches!(refused, ContractError::NotFound { .. }), "{refused}");
    // The number is not used up.
    let answer = send(&mut desk, MARKET).unwrap();
    let answer: CoverResponse = from_json(answer.data.unwrap()).unwrap();
    assert_eq!(answer.paid, Assets::new(400));
}
