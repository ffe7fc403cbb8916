//! What can happen to a price: falls and rises that are true, which a breaker
//! must not keep from being liquidated, and prices that never were, at which
//! nobody should be.

use super::market::{BEFORE, HOUR, MINUTE, PricePath, Story, spike, step};

/// Prices that are true.
pub fn crashes() -> Vec<Story> {
    vec![
        Story::of(
            "slide-80",
            "A slide of 80 % over 11 hours",
            vec![(0, BEFORE), (11 * HOUR, 20.0)],
            10,
        ),
        Story::of(
            "fall-35",
            "A fall of 35 % in 12 minutes",
            vec![(0, BEFORE), (12 * MINUTE, 65.0)],
            7,
        ),
        Story::of(
            "doubling",
            "A doubling in 10 minutes",
            vec![(0, BEFORE), (10 * MINUTE, 200.0)],
            20,
        ),
        Story::of("gap-45", "A gap of 45 % that stays", step(0, BEFORE, 55.0), 9),
        Story::of(
            "gap-45-back",
            "A gap of 45 % that is made good within the hour",
            spike(55.0, 50 * MINUTE),
            3,
        ),
        Story::of(
            "v-shape",
            "A fall of 40 % in 20 minutes, and back in 20",
            vec![(0, BEFORE), (20 * MINUTE, 60.0), (40 * MINUTE, BEFORE)],
            3,
        ),
        Story {
            halt: Some((10, 8 * HOUR)),
            ..Story::of(
                "halt-8h",
                "The chain stands still for 8 hours, in which 100 becomes 60",
                vec![(0, BEFORE), (8 * HOUR, 60.0)],
                9,
            )
        },
    ]
}

/// Prices that are not.
pub fn false_prints() -> Vec<Story> {
    let flash = |minutes| spike(70.0, minutes * MINUTE);
    vec![
        Story::false_print(
            "print-2m",
            "All three print 30 % less for 2 minutes",
            3,
            flash(2),
            3,
        ),
        Story::false_print(
            "print-10m",
            "All three print 30 % less for 10 minutes",
            3,
            flash(10),
            3,
        ),
        Story::false_print(
            "pump-20m",
            "A thin market is pumped by half and falls back, in 20 minutes",
            3,
            pump(20),
            3,
        ),
        Story::false_print(
            "pump-40m",
            "A thin market is pumped by half and falls back, in 40 minutes",
            3,
            pump(40),
            3,
        ),
        Story::false_print(
            "factor-2000th",
            "A factor is missing for 4 hours: a two-thousandth",
            3,
            spike(BEFORE / 2_000.0, 4 * HOUR),
            3,
        ),
        Story::false_print(
            "factor-1000",
            "A factor is missing for 4 hours: a thousand times",
            3,
            spike(BEFORE * 1_000.0, 4 * HOUR),
            3,
        ),
        Story::false_print(
            "one-wrong",
            "One of three says 30 % less for an hour",
            1,
            flash(60),
            3,
        ),
        Story::false_print(
            "two-wrong",
            "Two of three say 30 % less for an hour",
            2,
            flash(60),
            3,
        ),
        Story {
            floors: [Some(60), Some(60), None],
            ..Story::of(
                "pinned-pair",
                "Two of three stay at their floor of 60 while the market falls to 30",
                vec![(0, BEFORE), (3 * HOUR, 62.0), (5 * HOUR, 30.0)],
                4,
            )
        },
    ]
}

/// Up by half over a quarter of the time, there for half of it, and back.
fn pump(minutes: u64) -> PricePath {
    let quarter = minutes * MINUTE / 4;
    vec![
        (0, BEFORE),
        (quarter, 1.5 * BEFORE),
        (3 * quarter, 1.5 * BEFORE),
        (4 * quarter, BEFORE),
    ]
}
