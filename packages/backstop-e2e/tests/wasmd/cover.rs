//! Shortfalls: asked by the exchange and read in the reply, held and settled.

use backstop_e2e::{Setup, Stage, lost};
use backstop_types::Assets;
use backstop_types::events::{all_of, perps, vault as vault_events};
use backstop_types::vault::{ClaimResponse, ExecuteMsg, QueryMsg};

#[test]
fn a_shortfall_is_paid_and_its_answer_read_in_the_reply() {
    let Some(stage) = Stage::open() else { return };
    let (backstop, position) = lost(&stage);

    backstop.set_price("7");
    let liquidated = backstop.liquidate("keeper", position);

    let answered: Vec<perps::ShortfallAnswered> = all_of(&liquidated.events).unwrap();
    let [answer] = &answered[..] else {
        panic!("{answered:?} in {:?}", liquidated.events);
    };
    assert!(answer.paid > Assets::ZERO, "{answer:?}");
    let granted: Vec<vault_events::ShortfallAnswered> = all_of(&liquidated.events).unwrap();
    assert_eq!(granted[0].paid, answer.paid);
    let claim: ClaimResponse = stage.ask(
        &backstop.vault,
        &QueryMsg::Claim {
            claim: answer.claim.unwrap(),
        },
    );
    assert_eq!(claim.record.paid, answer.paid);
}

#[test]
fn a_claim_is_held_while_the_sources_disagree_and_settled_after_its_trip() {
    let Some(stage) = Stage::open() else { return };
    let (backstop, position) = lost(&stage);

    // One venue's price is far from another's, and one is silent.
    let _ = position;
    backstop.grant(&stage.addr("holder"), Setup::default().terms);
    let trip = backstop_types::breaker::ExecuteMsg::Trip {
        market: "ATOM/USD".to_string(),
        reason: "a venue was robbed".to_string(),
    };
    stage.execute("guardian", &backstop.breaker, &trip);
    let held = backstop.shortfall("holder", 1, 1_000_000, "10");
    let answers: Vec<vault_events::ShortfallAnswered> = all_of(&held.events).unwrap();
    assert_eq!(answers[0].pending, Assets::new(1_000_000), "{answers:?}");
    let claim = answers[0].claim.unwrap();
    assert!(
        !stage
            .refused("keeper", &backstop.vault, &ExecuteMsg::SettleClaim { claim })
            .is_empty()
    );
}
