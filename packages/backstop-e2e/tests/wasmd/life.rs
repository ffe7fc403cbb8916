//! The whole life of a stake, with a coin of the bank and with a cw20.

use backstop_e2e::{Asset, Backstop, REWARD, Setup, Stage};
use backstop_types::distributor::{self, StreamTerms};
use backstop_types::events::{all_of, distributor::Funded};
use backstop_types::vault::{ExecuteMsg, PoolResponse, QueryMsg, TicketsResponse};
use backstop_types::{Assets, Shares};

#[test]
fn a_stake_of_a_coin_lives_from_its_deposit_to_what_comes_back_after_it_left() {
    if let Some(stage) = Stage::open() {
        live(&stage, Asset::Native);
    }
}

#[test]
fn a_stake_of_a_cw20_lives_from_its_deposit_to_what_comes_back_after_it_left() {
    if let Some(stage) = Stage::open() {
        live(&stage, Asset::Cw20);
    }
}

fn live(stage: &Stage, asset: Asset) {
    let backstop = Backstop::deploy(
        stage,
        Setup {
            asset,
            ..Setup::default()
        },
    );
    let alice = stage.addr("alice");
    let at_first = backstop.balance(&alice);

    // Two stakers, of whom one leaves: half of each loss is hers.
    backstop.deposit("alice", 1_000_000);
    backstop.deposit("bob", 1_000_000);
    let pool: PoolResponse = stage.ask(&backstop.vault, &QueryMsg::Pool {});
    assert_eq!(
        (pool.assets, pool.active),
        (Assets::new(2_000_000), Shares::new(2_000_000))
    );

    // Rewards of a week run evenly.
    let fund = distributor::ExecuteMsg::Fund(StreamTerms::now(1));
    let funded = stage.execute_with("holder", &backstop.distributor, &fund, 7_000_000, REWARD);
    let stream = &all_of::<Funded>(&funded.events).unwrap()[0];
    stage.advance(86_400);
    let rewarded = stage.balance(&alice, REWARD);
    let claim = distributor::ExecuteMsg::Claim {
        denoms: None,
        receiver: None,
        restake: None,
    };
    stage.execute("alice", &backstop.distributor, &claim);
    let reward = stage.balance(&alice, REWARD) - rewarded;
    let half_a_day = 3_500_000 * 86_400 / u128::from(stream.until - stream.from);
    assert!(
        (half_a_day..half_a_day + 1_000).contains(&reward),
        "{reward} of {half_a_day} a day"
    );

    // She unbonds half, cancels that, and unbonds all.
    let unbond = |shares: Option<u128>| ExecuteMsg::Unbond {
        shares: shares.map(Shares::new),
        auto_withdraw: None,
    };
    stage.execute("alice", &backstop.vault, &unbond(Some(500_000)));
    let tickets: TicketsResponse = stage.ask(
        &backstop.vault,
        &QueryMsg::Tickets {
            staker: alice.clone(),
            start_after: None,
            limit: None,
        },
    );
    let ticket = tickets.tickets[0].ticket;
    stage.execute("alice", &backstop.vault, &ExecuteMsg::CancelUnbond { ticket });
    stage.execute("alice", &backstop.vault, &unbond(None));

    // A loss hits what is unbonding too.
    backstop.grant(&stage.addr("holder"), Setup::default().terms);
    backstop.set_price("10");
    let paid = backstop.shortfall("holder", 1, 400_000, "10");
    let answer: backstop_types::vault::CoverResponse =
        cosmwasm_std::from_json(paid.answer().unwrap().unwrap()).unwrap();
    assert_eq!(answer.paid, Assets::new(400_000));

    // Before its time nothing is paid; after it, less her half of the loss.
    let withdraw = ExecuteMsg::Withdraw {
        tickets: None,
        min_assets: None,
        limit: None,
        staker: None,
    };
    let early = stage.refused("alice", &backstop.vault, &withdraw);
    assert!(early.contains("is ready yet"), "{early}");
    let before = backstop.balance(&alice);
    stage.advance(3_601);
    stage.execute("alice", &backstop.vault, &withdraw);
    assert_eq!(backstop.balance(&alice) - before, 800_000);

    // What is repaid later reaches her although she has left.
    let loss = 1;
    backstop.pay(
        "holder",
        &backstop.vault,
        100_000,
        &ExecuteMsg::Recover { loss },
        &backstop_types::vault::HookMsg::Recover { loss },
    );
    let take = ExecuteMsg::ClaimRecovery {
        losses: None,
        restake: None,
        limit: None,
    };
    stage.execute("alice", &backstop.vault, &take);
    assert_eq!(
        at_first - backstop.balance(&alice),
        150_000,
        "half of 400,000 − 100,000 is hers"
    );
}
