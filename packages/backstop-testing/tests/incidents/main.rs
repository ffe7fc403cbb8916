//! What the shipped contracts make of the incidents that the field remembers:
//! whether the breaker trips, by what and when, and what a pool pays with it and
//! without it.
//!
//! To write the table into the README: `UPDATE_README=1 cargo test -p
//! backstop-testing --test incidents`.

mod in_2022;
mod in_2023;
mod incident;
mod path;
mod run;
mod since_2025;
mod table;
mod until_2021;

use std::path::Path;

use backstop_types::breaker::{Fault, MarketState};
use table::{OUTCOMES, incidents, lines};

const MARKERS: [&str; 2] = ["<!-- incidents -->", "<!-- /incidents -->"];

#[test]
fn each_incident_comes_out_as_its_row_says() {
    println!("{}", lines().join("\n"));
    let wrong: Vec<String> = incidents()
        .iter()
        .filter(|incident| OUTCOMES[incident.name] != incident.expected)
        .map(|incident| format!("{}: {:?}", incident.name, OUTCOMES[incident.name]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_real_move_never_latches_and_its_losses_are_paid() {
    for name in [
        "2022-06 stETH",
        "2022-06 stETH, a stable pair",
        "2023-03-11 USDC",
        "2023-03-11 USDC, the defaults",
        "2023-11-18 YFI",
        "2025-10-10 BTC",
    ] {
        let came = &OUTCOMES[name];
        assert!(
            came.worst.rank() < MarketState::Tripped.rank(),
            "{name}: {came:?}"
        );
        assert!(came.honest_paid > 0, "{name}: {came:?}");
    }
}

#[test]
fn an_absurd_price_trips_in_its_first_block_and_is_never_paid() {
    for name in [
        "2019-06-25 KRW, two sources",
        "2022-05-30 LUNC as LUNA",
        "2022-10-11 MNGO",
        "2025-11-04 wrsETH",
        "2026-02-15 cbETH",
    ] {
        let came = &OUTCOMES[name];
        assert!(came.trip.is_some_and(|(_, block)| block == 0), "{name}: {came:?}");
        assert_eq!((came.paid, came.paid_later), (0, 0), "{name}");
        assert!(came.paid_without > 1_000_000, "{name}: {came:?}");
    }
}

#[test]
fn a_pinned_feed_is_dropped_before_it_is_wrong_by_a_percent_and_is_never_paid() {
    let came = &OUTCOMES["2022-05-12 LUNA"];
    assert!(
        came.first
            .is_some_and(|(fault, block)| fault == Fault::Pinned && block < 0)
    );
    assert!(came.trip.is_some());
    assert_eq!((came.paid, came.paid_later), (0, 0));
    assert!(came.paid_without > 1_000_000);
}

#[test]
fn a_bound_is_what_a_claim_in_each_block_can_take_and_no_more() {
    // Five blocks below the bound of a jump, each paid for what it was wrong by.
    let came = &OUTCOMES["2022-10-11 MNGO, blocks of 6 s"];
    let (_, blocks) = came.trip.unwrap();
    assert!(came.paid > 0 && came.paid < blocks as u64 * 20_000, "{came:?}");
    assert_eq!(came.paid_later, 0);
}

#[test]
fn a_price_of_before_a_gap_is_held_while_it_lasts_and_paid_afterwards() {
    for name in ["2023-12-13 Levana", "2025-10-10 dYdX"] {
        let came = &OUTCOMES[name];
        assert_eq!((came.paid, came.paid_later), (0, came.paid_without), "{name}");
    }
}

#[test]
fn no_incident_is_dearer_with_the_breaker() {
    for (name, came) in OUTCOMES.iter() {
        assert!(
            came.paid + came.paid_later <= came.paid_without,
            "{name}: {came:?}"
        );
    }
}

#[test]
fn the_readme_has_the_table_that_is_computed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../contracts/oracle-breaker/README.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = text.split_once(MARKERS[0]).unwrap();
    let (shown, after) = rest.split_once(MARKERS[1]).unwrap();
    let computed = format!("\n{}\n", lines().join("\n"));
    if std::env::var_os("UPDATE_README").is_some() {
        let [open, close] = MARKERS;
        std::fs::write(&path, format!("{before}{open}{computed}{close}{after}")).unwrap();
        return;
    }
    assert_eq!(shown, computed);
}
