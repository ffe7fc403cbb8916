//! The year 2023. The points of each path are published, as the comment says where; what
//! lies between them and how other venues went is reconstructed.

use backstop_types::breaker::{Fault, MarketState::*};

use crate::incident::{Expected, Feed, Incident, honest, incident, saying, stable};
use crate::path::{flat, line};

pub fn all() -> Vec<Incident> {
    vec![usdc(), usdc_by_the_defaults(), yfi(), levana()]
}

/// USDC, 10 to 13 March 2023: 1.00 to 0.87 and back, with a price that is
/// hard-coded at 1.00 among the sources (Galaxy, Risk DAO). Reconstructed: the
/// hours, by ten minutes, three venues that stay together. A stable pair's
/// parameters.
///
/// The constant is paid while it is within `max_outlier` of what the others say,
/// 1.5 percent here: on the way down, and again when the coin is nearly back.
fn usdc() -> Incident {
    const HOUR: f64 = 60.0;
    let path = line(&[
        (8.0 * HOUR, 1.0),
        (13.0 * HOUR, 0.995),
        (15.0 * HOUR, 0.985),
        (16.0 * HOUR, 0.965),
        (18.5 * HOUR, 0.92),
        (19.5 * HOUR, 0.87),
        (21.0 * HOUR, 0.91),
        (30.0 * HOUR, 0.94),
        (54.0 * HOUR, 0.97),
        (72.0 * HOUR, 0.997),
    ]);
    Incident {
        what: "1.00 to 0.87 and back, for real; one source is fixed at 1.00",
        step: 600,
        minutes: 72.0 * HOUR,
        honest: vec![19.5 * HOUR],
        params: stable,
        expected: Expected {
            first: Some((Fault::Outlier, 6)),
            trip: None,
            worst: Guarded,
            paid: 30_550,
            paid_later: 0,
            paid_without: 1_484_750,
            honest_paid: 1,
        },
        ..incident(
            "2023-03-11 USDC",
            path,
            vec![saying("fixed", flat(1.0)), honest("a"), honest("b"), honest("c")],
        )
    }
}

/// The same under the defaults: an outlier is 2.5 percent away.
fn usdc_by_the_defaults() -> Incident {
    Incident {
        name: "2023-03-11 USDC, the defaults",
        params: |_| {},
        expected: Expected {
            first: Some((Fault::Outlier, 9)),
            paid: 112_075,
            ..usdc().expected
        },
        ..usdc()
    }
}

/// YFI, 17 and 18 November 2023: 14,500 to 8,300 in hours, on every venue; the
/// insurance fund of dYdX lost 9 million (cryptonews.net, gate). Reconstructed:
/// three hours, three venues that stay together.
fn yfi() -> Incident {
    Incident {
        what: "14,500 to 8,300 within three hours, for real",
        minutes: 420.0,
        honest: vec![120.0, 210.0],
        expected: Expected {
            first: None,
            trip: None,
            worst: Guarded,
            paid: 0,
            paid_later: 0,
            paid_without: 0,
            honest_paid: 2,
        },
        ..incident(
            "2023-11-18 YFI",
            line(&[(30.0, 14_500.0), (210.0, 8_300.0)]),
            vec![honest("a"), honest("b"), honest("c")],
        )
    }
}

/// Levana, December 2023: congestion kept updates of Pyth off the chain, and
/// trades were made at a price of before (range.org, rivanorth). Reconstructed:
/// half an hour of it, the market up by 6 percent meanwhile, and a second source
/// that the same congestion stops.
///
/// Nothing is paid at a price of before while the trip goes on. Afterwards it is:
/// a held claim's price stands between the last clean one and that which ended the
/// trip, and the old price is there. The exchange itself must ask before it trades.
fn levana() -> Incident {
    let late = |name| Feed {
        silent: Some((30.0, 60.0)),
        ..honest(name)
    };
    Incident {
        what: "no update for half an hour, the market up by 6 %",
        expected: Expected {
            first: Some((Fault::Stale, -3)),
            trip: Some((Fault::Quorum, -3)),
            worst: Tripped,
            paid: 0,
            paid_later: 82_460,
            paid_without: 82_460,
            honest_paid: 0,
        },
        ..incident(
            "2023-12-13 Levana",
            line(&[(30.0, 10.0), (60.0, 10.6)]),
            vec![late("pyth"), late("other")],
        )
    }
}
