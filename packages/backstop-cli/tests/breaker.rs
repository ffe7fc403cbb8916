//! What a scenario says of the chain and its sources reaches the breaker: how long
//! a block takes, when the chain stands still, floors, and every parameter.

use crate::common::{SMALL, args, replay, write};
use backstop_cli::report::json::Json as Report;
use backstop_cli::report::parameters::text;

/// A replay of `SMALL` with each change made.
fn changed(changes: &[(&str, &str)]) -> Report {
    let text = changes.iter().fold(SMALL.to_string(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    });
    let folder = tempfile::tempdir().unwrap();
    replay(&args(&write(&folder, &text))).unwrap()
}

fn parameter(report: &Report, name: &str) -> String {
    let of_breaker = report.parameters.iter().filter(|p| p.table == "breaker");
    let mut named = of_breaker.filter(|parameter| parameter.name == name);
    text(&named.next().unwrap().value)
}

fn reasons(report: &Report) -> Vec<&str> {
    let transitions = report.breaker.transitions.iter();
    transitions
        .flat_map(|t| t.reasons.iter().map(String::as_str))
        .collect()
}

#[test]
fn the_breaker_is_told_how_long_a_block_takes_unless_the_scenario_tells_it() {
    assert_eq!(parameter(&changed(&[]), "block_time_ms"), "60000");
    let told = changed(&[("[stakers]", "[breaker]\nblock_time_ms = 6_000\n\n[stakers]")]);
    assert_eq!(parameter(&told, "block_time_ms"), "6000");
    // Blocks of two hours: no halt can be told from a block.
    let slow = changed(&[("block = 60", "block = 7_200")]);
    assert_eq!(parameter(&slow, "max_halt"), "none");
}

#[test]
fn a_parameter_that_can_be_absent_is_set_to_none_by_its_name() {
    let changes =
        "[breaker]\nmax_halt = \"none\"\nmin_price = \"0.5\"\nactions = { payout = \"normal\" }\n\n[stakers]";
    let report = changed(&[("[stakers]", changes)]);
    for (name, value) in [
        ("max_halt", "none"),
        ("min_price", "0.5"),
        ("max_price", "none"),
        ("actions.payout", "normal"),
        ("actions.open", "normal"),
    ] {
        assert_eq!(parameter(&report, name), value, "{name}");
    }
}

const HALT: (&str, &str) = (
    "block = 60\n",
    "block = 60\nhalt = [{ from = 2026-01-01T00:20:30Z, until = 2026-01-01T00:50:00Z }]\n",
);

#[test]
fn a_halt_has_no_blocks_and_trips_the_market_when_it_ends() {
    let report = changed(&[HALT]);
    // 121 minutes, less those from 00:21 to 00:49.
    assert_eq!(report.blocks, 121 - 29);
    let trip = report
        .breaker
        .transitions
        .iter()
        .find(|t| t.to == "tripped")
        .unwrap();
    assert_eq!(
        (trip.time.as_str(), &trip.reasons[..]),
        ("2026-01-01T00:50:00Z", &["halt".to_string()][..])
    );
    assert!(!reasons(&changed(&[])).contains(&"halt"));
}

#[test]
fn a_halt_that_ends_before_it_begins_is_refused_by_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let text = SMALL.replace(HALT.0, &HALT.1.replace("00:50:00Z", "00:20:00Z"));
    let refused = replay(&args(&write(&folder, &text))).unwrap_err();
    assert_eq!(refused.exit().code(), 2);
    assert!(refused.to_string().contains("time.halt[0].until"), "{refused}");
}

/// No noise of their own is written for the two sources.
const BARE: [(&str, &str); 2] = [("noise_bps = 10\n", ""), ("noise_bps = 5\n", "")];

#[test]
fn sources_along_the_same_points_are_no_copies_of_each_other_unless_they_are_told_to_be() {
    let third =
        "[[source]]\nname = \"c\"\nkind = \"reporter\"\nlineage = \"c\"\npoints_of = \"a\"\n\n[traders]";
    let three = ("[traders]", third);
    // As many changes as a short run has.
    let soon = ("[stakers]", "[breaker]\nshared_ticks = 12\n\n[stakers]");
    let alone = changed(&[BARE[0], BARE[1], three, soon]);
    assert!(!reasons(&alone).contains(&"shared"), "{:?}", reasons(&alone));
    let exact = |noise| (noise, "noise_bps = 0\n");
    let copied = third.replace("points_of", "noise_bps = 0\npoints_of");
    let copies = changed(&[exact(BARE[0].0), exact(BARE[1].0), ("[traders]", &copied), soon]);
    assert!(reasons(&copies).contains(&"shared"), "{:?}", reasons(&copies));
}

#[test]
fn a_source_at_its_floor_is_known_to_be_pinned() {
    // The third says what the first does, and has no floor.
    let third =
        "[[source]]\nname = \"c\"\nkind = \"reporter\"\nlineage = \"c\"\npoints_of = \"a\"\n\n[traders]";
    let floor = ("lineage = \"a\"\n", "lineage = \"a\"\nfloor = \"9.9\"\n");
    let report = changed(&[floor, ("[traders]", third)]);
    let said = |t: &&backstop_cli::report::json::Transition| t.reasons.iter().any(|r| r == "pinned");
    assert!(
        report.breaker.transitions.iter().any(|t| said(&t)),
        "{:?}",
        report.breaker.transitions
    );
}
