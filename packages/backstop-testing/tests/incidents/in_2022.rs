//! The year 2022. The points of each path are published, as the comment says where; what
//! lies between them and how other venues went is reconstructed.

use backstop_types::breaker::{Fault, MarketState::*};

use crate::incident::{Expected, Feed, Incident, honest, incident, saying, stable, venues};
use crate::path::{Path, flat, line, steps};

pub fn all() -> Vec<Incident> {
    vec![
        inv(),
        luna(),
        mirror(),
        steth(),
        steth_as_a_stable_pair(),
        mango(),
        mango_block_by_block(),
    ]
}

/// Inverse Finance, 2 April 2022: INV about 50 times up within a few blocks, in a
/// pool of 46 ETH (certik, inspexco). Reconstructed: INV at 380, blocks of 12 s,
/// the average of the same pool following at once, one exchange apart from it.
fn inv() -> Incident {
    let pumped = || steps(&[(0.0, 380.0), (20.0, 19_000.0), (23.0, 380.0)]);
    Incident {
        what: "a thin pool ×50; two of the three feeds are of it",
        step: 12,
        minutes: 60.0,
        expected: Expected {
            first: Some((Fault::Disagreement, 0)),
            trip: Some((Fault::Disagreement, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 1_470_000,
            honest_paid: 0,
        },
        ..incident(
            "2022-04-02 INV",
            flat(380.0),
            vec![
                saying("pool-average", pumped()).of("pool"),
                saying("pool-spot", pumped()).of("pool"),
                honest("exchange"),
            ],
        )
    }
}

/// Venus and Blizz, May 2022: the feed stayed at 0.107 while LUNA was at 0.01
/// (halborn, cryptonews.com.au). Reconstructed: the fall from 0.15 within three
/// hours, and that the feed goes on publishing its lowest price. The source's
/// `floor` is set to it: it is dropped as soon as the others are below, and its
/// price is not in the band. The fall itself trips later.
fn luna() -> Incident {
    let market = line(&[(30.0, 0.15), (210.0, 0.01)]);
    let mut points = vec![(30.0, 0.15)];
    points.extend([(30.0 + 180.0 * 0.043 / 0.14, 0.107)]);
    let pinned = Feed {
        floor: Some(0.107),
        ..saying("pinned", line(&points))
    };
    Incident {
        what: "one feed pinned at 0.107, the market on to 0.01",
        minutes: 400.0,
        expected: Expected {
            first: Some((Fault::Pinned, -1)),
            trip: Some((Fault::Drift, 40)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 4_038_947,
            honest_paid: 0,
        },
        ..incident(
            "2022-05-12 LUNA",
            market,
            vec![pinned, honest("venue-a"), honest("venue-b")],
        )
    }
}

/// Mirror, 30 May 2022: the old coin, at about 0.0001, was reported at the new
/// coin's 9.32 to 9.80 (theautimes, digitalmarketnews). Reconstructed: every feed
/// takes the ticker's new meaning in the same minute, the worst case.
fn mirror() -> Incident {
    let swapped = |last: f64| line(&[(30.0, 0.0001), (30.001, 9.32), (90.0, last), (500.0, last)]);
    Incident {
        what: "every feed reports another coin: 0.0001 as 9.32 to 9.80",
        minutes: 480.0,
        expected: Expected {
            first: Some((Fault::Jump, 0)),
            trip: Some((Fault::Jump, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 4_087_486,
            honest_paid: 0,
        },
        ..incident(
            "2022-05-30 LUNC as LUNA",
            flat(0.0001),
            vec![
                saying("a", swapped(9.80)),
                saying("b", swapped(9.81)),
                saying("c", swapped(9.79)),
            ],
        )
    }
}

/// stETH in ETH, June 2022: 4 to 5 percent below one (btc-pulse). Reconstructed:
/// the days, by the half hour, three venues that stay together.
fn steth_of(name: &'static str) -> Incident {
    const DAY: f64 = 1_440.0;
    let path = line(&[
        (0.0, 0.985),
        (2.0 * DAY, 0.97),
        (3.0 * DAY, 0.955),
        (5.0 * DAY, 0.95),
        (9.0 * DAY, 0.96),
    ]);
    Incident {
        what: "4 to 5 % below one ETH for days, for real",
        step: 1_800,
        minutes: 9.0 * DAY,
        honest: vec![5.0 * DAY],
        expected: Expected {
            first: None,
            trip: None,
            worst: Normal,
            paid: 0,
            paid_later: 0,
            paid_without: 0,
            honest_paid: 1,
        },
        ..incident(name, path, vec![honest("a"), honest("b"), honest("c")])
    }
}

fn steth() -> Incident {
    steth_of("2022-06 stETH")
}

fn steth_as_a_stable_pair() -> Incident {
    Incident {
        params: stable,
        ..steth_of("2022-06 stETH, a stable pair")
    }
}

/// Up by the same factor each minute, as a buyer of a thin book drives it, and down.
fn mngo() -> Path {
    let up = (0..=100).map(|i| {
        let part = f64::from(i) / 100.0;
        (20.0 + 10.0 * part, 0.038 * (0.91_f64 / 0.038).powf(part))
    });
    Path::Line(up.chain([(40.0, 0.91), (60.0, 0.02)]).collect())
}

/// Mango, 11 October 2022: MNGO from 0.038 to 0.91 in less than ten minutes, then
/// 0.02, on every venue that the price came from (insurace, redpen).
/// Reconstructed: an even rise in ten minutes. Truly it was worth 0.038, then 0.02.
fn mango() -> Incident {
    Incident {
        what: "every venue bought up ×24 in ten minutes",
        minutes: 240.0,
        expected: Expected {
            first: Some((Fault::Jump, 0)),
            trip: Some((Fault::Jump, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 3_431_128,
            honest_paid: 0,
        },
        ..incident(
            "2022-10-11 MNGO",
            line(&[(40.0, 0.038), (60.0, 0.02)]),
            venues(mngo),
        )
    }
}

/// The same in blocks of 6 s. A policyholder that claims in each block is paid
/// while the price is within `max_jump` of the reference: a breaker bounds how
/// wrong a price is paid, and not whether any wrong price is.
fn mango_block_by_block() -> Incident {
    Incident {
        name: "2022-10-11 MNGO, blocks of 6 s",
        step: 6,
        minutes: 150.0,
        expected: Expected {
            first: Some((Fault::Jump, 5)),
            trip: Some((Fault::Jump, 5)),
            worst: Tripped,
            paid: 44_952,
            paid_later: 0,
            paid_without: 3_960_995,
            honest_paid: 0,
        },
        ..mango()
    }
}
