//! Shortfalls: asked by the exchange and read in the reply, held and settled.

use backstop_e2e::{Asset, Backstop, Setup, Stage, lost};
use backstop_types::events::{all_of, perps, vault as vault_events};
use backstop_types::vault::{ClaimResponse, ClaimStatus, ExecuteMsg, PoolResponse, QueryMsg};
use backstop_types::{Assets, Price};

fn paid_and_answered(asset: Asset) {
    let Some(stage) = Stage::open() else { return };
    let (backstop, position) = lost(&stage, asset);
    let had = backstop.balance(&backstop.perps);

    backstop.set_price("7");
    let liquidated = backstop.liquidate("keeper", position);

    let answered: Vec<perps::ShortfallAnswered> = all_of(&liquidated.events).unwrap();
    let [answer] = &answered[..] else {
        panic!("{answered:?} in {:?}", liquidated.events);
    };
    assert!(answer.paid > Assets::ZERO, "{answer:?}");
    let granted: Vec<vault_events::ShortfallAnswered> = all_of(&liquidated.events).unwrap();
    assert_eq!(granted[0].paid, answer.paid);
    assert_eq!(claim(&backstop, answer.claim.unwrap()).record.paid, answer.paid);
    assert!(backstop.balance(&backstop.perps) >= had);
}

fn claim(backstop: &Backstop, claim: u64) -> ClaimResponse {
    backstop.stage.ask(&backstop.vault, &QueryMsg::Claim { claim })
}

#[test]
fn a_shortfall_is_paid_in_coins_and_its_answer_read_in_the_reply() {
    paid_and_answered(Asset::Native);
}

#[test]
fn a_shortfall_is_paid_in_a_cw20_and_its_answer_read_in_the_reply() {
    paid_and_answered(Asset::Cw20);
}

#[test]
fn a_claim_is_held_while_the_sources_disagree_and_settled_after_the_trip() {
    let Some(stage) = Stage::open() else { return };
    let (backstop, _) = lost(&stage, Asset::Native);
    let holder = stage.addr("holder");
    backstop.grant(&holder, Setup::default().terms);
    let settle = |number| ExecuteMsg::SettleClaim { claim: number };

    // Three sources, three prices.
    stage.advance(5);
    for (reporter, price) in [("feed1", "7"), ("feed2", "13")] {
        backstop.report(reporter, Price(price.parse().unwrap()), stage.now());
    }
    let asked = backstop.shortfall("holder", 1, 1_000_000, "10");
    let answers: Vec<vault_events::ShortfallAnswered> = all_of(&asked.events).unwrap();
    assert_eq!(answers[0].pending, Assets::new(1_000_000), "{answers:?}");
    let number = answers[0].claim.unwrap();
    let held = claim(&backstop, number).record;
    assert!(matches!(held.status, ClaimStatus::Held(_)), "{held:?}");
    assert_eq!(held.pot, Assets::new(1_000_000));
    stage.advance(3_601);
    let refused = stage.refused("keeper", &backstop.vault, &settle(number));
    assert!(refused.contains(&format!("claim {number}")), "{refused}");

    // They agree again, for as long as the trip asks.
    for _ in 0..4 {
        stage.advance(61);
        backstop.set_price("10");
    }
    let had = backstop.balance(&holder);
    stage.execute("keeper", &backstop.vault, &settle(number));

    assert_eq!(backstop.balance(&holder), had + 1_000_000);
    let settled = claim(&backstop, number).record;
    assert_eq!(settled.status, ClaimStatus::Paid {}, "{settled:?}");
    let pool: PoolResponse = stage.ask(&backstop.vault, &QueryMsg::Pool {});
    assert_eq!(pool.pots, Assets::ZERO);
}
