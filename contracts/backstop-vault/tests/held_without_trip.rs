//! A claim that was held because the breaker gave no answer, and what the
//! breaker's record says of the time since then.

use crate::support::{Desk, MARKET};
use backstop_types::vault::{ClaimStatus, LapseReason};
use backstop_types::{Assets, Seconds, breaker};

/// From filing to the latest date.
const LATEST: Seconds = Seconds::days(21 + 3 + 30);

/// A claim of 400 at this price, filed while the breaker knew no such market;
/// it is mended right after.
fn held(price: &str) -> (Desk, u64) {
    let mut desk = Desk::covering(|terms| terms.instant = Assets::ZERO);
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.w.set_price("10");
    let good: breaker::MarketResponse = desk
        .w
        .query(
            &desk.w.breaker,
            &breaker::QueryMsg::Market {
                market: MARKET.to_string(),
            },
        )
        .unwrap();
    let other = desk.silence_breaker();
    let claim = desk.shortfall_at(400, Some(price)).claim.unwrap();
    let config = cosmwasm_std::from_json(cosmwasm_std::to_json_vec(&good.config).unwrap()).unwrap();
    let add = breaker::ExecuteMsg::AddMarket {
        market: MARKET.to_string(),
        config,
    };
    let owner = desk.w.owner.clone();
    desk.w.execute(&owner, &other, &add, &[]).unwrap();
    desk.w.breaker = other;
    (desk, claim)
}

/// A poke a day at this price, for so many days.
fn days(desk: &mut Desk, days: u64, price: &str) {
    for _ in 0..days {
        desk.advance(Seconds::DAY);
        desk.w.set_price(price);
    }
}

fn status(desk: &Desk, claim: u64) -> ClaimStatus {
    desk.claim(claim).record.status
}

const EXPIRED: ClaimStatus = ClaimStatus::Lapsed {
    reason: LapseReason::Expired,
};
const OUTSIDE: ClaimStatus = ClaimStatus::Lapsed {
    reason: LapseReason::PriceOutsideSpan,
};

#[test]
fn fifty_five_healthy_days_at_its_price_do_not_end_in_expiry() {
    // Given 55 days at the claim's price, and nobody who settled it.
    let (mut desk, claim) = held("10");
    days(&mut desk, 55, "10");
    // When the market crashes, and the first settlement finds it tripped.
    desk.advance(Seconds(60));
    desk.w.set_price("5");
    desk.settle(claim).unwrap();
    assert_eq!(status(&desk, claim), ClaimStatus::Paid {});
}

#[test]
fn the_poke_of_the_settlement_that_finds_the_crash_ends_nothing_either() {
    let (mut desk, claim) = held("10");
    days(&mut desk, 55, "10");
    desk.advance(Seconds(60));
    desk.w.set_sources("5");
    desk.settle(claim).unwrap();
    assert_eq!(status(&desk, claim), ClaimStatus::Paid {});
}

#[test]
fn healthy_days_at_another_price_lapse_the_claim_by_its_price_also_after_a_crash_to_it() {
    for later in [Seconds(60), Seconds::days(60)] {
        let (mut desk, claim) = held("5");
        days(&mut desk, 10, "10");
        desk.advance(Seconds(60));
        desk.w.set_price("5");
        // Whether the trip goes on or has ended at the claim's price.
        if later > Seconds(60) {
            for _ in 0..60 {
                desk.advance(Seconds(600));
                desk.w.set_price("5");
            }
        }
        desk.settle(claim).unwrap();
        assert_eq!(status(&desk, claim), OUTSIDE);
    }
}

#[test]
fn a_breaker_that_stays_silent_lets_the_claim_expire_after_its_latest_date() {
    let mut desk = Desk::covering(|terms| terms.instant = Assets::ZERO);
    let alice = desk.staker("alice");
    desk.deposit(&alice, 1_000).unwrap();
    desk.silence_breaker();
    let claim = desk.shortfall_at(400, Some("10")).claim.unwrap();
    desk.advance(LATEST);
    desk.refused(|desk| desk.settle(claim));
    desk.advance(Seconds(1));
    desk.settle(claim).unwrap();
    assert_eq!(status(&desk, claim), EXPIRED);
}
