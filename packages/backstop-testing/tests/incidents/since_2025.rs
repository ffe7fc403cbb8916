//! 2025 and 2026. The points of each path are published, as the comment says
//! where; what lies between them and how other venues went is reconstructed.

use backstop_types::breaker::{Fault, MarketState::*};

use crate::incident::{Expected, Feed, Incident, honest, incident, saying, stable, venues};
use crate::path::{Path, flat, line, steps};

pub fn all() -> Vec<Incident> {
    vec![
        jelly(),
        jelly_block_by_block(),
        btc(),
        usde(),
        dydx(),
        wrseth(),
        cbeth(),
        capped(),
        capped_beside_others(),
        cvt(),
    ]
}

/// JELLY, 26 March 2025: 400 to 500 percent up within the hour; settled by hand at
/// 0.0095 (coinfomania). Reconstructed: an even rise in an hour on every venue.
/// What traders made above 0.0095 counts as wrong.
fn jelly() -> Incident {
    let rise = || {
        let points = (0..=60).map(|i| {
            let part = f64::from(i) / 60.0;
            (30.0 + 60.0 * part, 0.0095 * 5.5_f64.powf(part))
        });
        Path::Line(points.chain([(100.0, 0.05225), (101.0, 0.0095)]).collect())
    };
    Incident {
        what: "every venue squeezed ×5.5 in an hour",
        minutes: 240.0,
        expected: Expected {
            first: Some((Fault::Jump, 9)),
            trip: Some((Fault::Jump, 9)),
            worst: Tripped,
            paid: 117_112,
            paid_later: 0,
            paid_without: 3_969_338,
            honest_paid: 0,
        },
        ..incident("2025-03-26 JELLY", flat(0.0095), venues(rise))
    }
}

/// The same in blocks of 6 s: ten claims a minute before the trip, in place of one.
fn jelly_block_by_block() -> Incident {
    Incident {
        name: "2025-03-26 JELLY, blocks of 6 s",
        step: 6,
        minutes: 180.0,
        expected: Expected {
            first: Some((Fault::Jump, 95)),
            trip: Some((Fault::Jump, 95)),
            paid: 1_257_103,
            paid_without: 3_961_813,
            ..jelly().expected
        },
        ..jelly()
    }
}

/// BTC, 10 October 2025: about 117,000 to about 104,000, the worst at 21:15 (Binance
/// Square). Reconstructed: 25 minutes of it, and half of the way back.
fn btc() -> Incident {
    Incident {
        what: "117,000 to 104,000 in 25 minutes, for real",
        honest: vec![55.0],
        expected: Expected {
            first: None,
            trip: None,
            worst: Normal,
            paid: 0,
            paid_later: 0,
            paid_without: 0,
            honest_paid: 1,
        },
        ..incident(
            "2025-10-10 BTC",
            line(&[(30.0, 117_000.0), (55.0, 104_000.0), (100.0, 111_000.0)]),
            vec![honest("a"), honest("b"), honest("c")],
        )
    }
}

/// USDe, the same night: 0.65 on Binance, 0.90 or more on Curve (followin,
/// krishnannair). Reconstructed: half an hour of it, and 0.99 at two other venues.
/// A stable pair's parameters.
fn usde() -> Incident {
    let binance = line(&[(30.0, 0.999), (36.0, 0.65), (50.0, 0.70), (60.0, 0.985)]);
    Incident {
        what: "0.65 on one venue, 0.99 on the others",
        params: stable,
        expected: Expected {
            first: Some((Fault::Outlier, 0)),
            trip: None,
            worst: Guarded,
            paid: 0,
            paid_later: 0,
            paid_without: 696_920,
            honest_paid: 0,
        },
        ..incident(
            "2025-10-10 USDe",
            line(&[(30.0, 0.999), (36.0, 0.99)]),
            vec![saying("binance", binance), honest("curve"), honest("other")],
        )
    }
}

/// dYdX, the same night: a halt of eight hours from 21:35, then prices of before it
/// (dydx.xyz, rfq.news). Reconstructed: those prices carry the time of their
/// blocks, as Slinky's do, so none is stale; ten minutes of them; the market is 4
/// percent up meanwhile. As in `levana`, what is held for the price of before is
/// paid when the trip has ended.
fn dydx() -> Incident {
    let last = || line(&[(0.0, 112_000.0), (520.0, 112_000.0), (520.5, 116_480.0)]);
    Incident {
        what: "a halt of 8 h, then ten minutes of prices from before it",
        minutes: 660.0,
        halt: Some((30.0, 480.0)),
        expected: Expected {
            first: Some((Fault::Halt, 0)),
            trip: Some((Fault::Halt, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 42_250,
            paid_without: 42_250,
            honest_paid: 0,
        },
        ..incident(
            "2025-10-10 dYdX",
            line(&[(30.0, 112_000.0), (510.0, 116_480.0)]),
            venues(last),
        )
    }
}

/// Moonwell, 4 November 2025: wrsETH's rate from 1.057 to about 1.65 million ETH, 5.8
/// billion dollars (cryptechtoday, getblock). Reconstructed: ETH at 3,515 by that,
/// half an hour, and one other source of wrsETH's price.
fn wrseth() -> Incident {
    let rate = steps(&[(0.0, 1.057), (30.0, 1_650_000.0), (60.0, 1.057)]);
    let composite = Feed {
        times: flat(3_515.0),
        ..saying("composite", rate)
    };
    Incident {
        what: "a composite's rate 1.057 as 1,650,000; one of two sources",
        expected: Expected {
            first: Some((Fault::Disagreement, 0)),
            trip: Some((Fault::Disagreement, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 2_999_998,
            honest_paid: 0,
        },
        ..incident(
            "2025-11-04 wrsETH",
            flat(1.057 * 3_515.0),
            vec![composite, honest("pool")],
        )
    }
}

/// Moonwell, 15 February 2026, 18:01 to 18:05: cbETH at 1.12 in place of 2,200, since
/// the factor of ETH's price was left out (forum.moonwell.fi/t/2068).
/// Reconstructed: ETH at 1,964 by that, blocks of 6 s, and every composite made by
/// the same hand, the worst case.
fn cbeth() -> Incident {
    let without_factor = |name| Feed {
        times: steps(&[(0.0, 2_200.0 / 1.12), (20.0, 1.0), (24.0, 2_200.0 / 1.12)]),
        ..saying(name, flat(1.12))
    };
    Incident {
        what: "every composite without its factor: 2,200 as 1.12",
        step: 6,
        minutes: 90.0,
        expected: Expected {
            first: Some((Fault::Jump, 0)),
            trip: Some((Fault::Jump, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 3_955_379,
            honest_paid: 0,
        },
        ..incident(
            "2026-02-15 cbETH",
            flat(2_200.0),
            vec![without_factor("a"), without_factor("b"), without_factor("c")],
        )
    }
}

/// Aave, 10 March 2026: a cap of 1.1939 on wstETH's rate, which was about 1.228, 2.85
/// percent too low (kpazoxes, odinscan). Reconstructed: half an hour of it.
fn under_the_cap() -> Path {
    steps(&[(0.0, 1.228), (30.0, 1.1939), (60.0, 1.228)])
}

/// Every source goes through the cap, as it was. The breaker does not see it: they
/// agree, and 2.85 percent is no jump.
fn capped() -> Incident {
    Incident {
        what: "every source under a cap that is 2.85 % too low",
        expected: Expected {
            first: None,
            trip: None,
            worst: Normal,
            paid: 83_258,
            paid_later: 0,
            paid_without: 83_258,
            honest_paid: 0,
        },
        ..incident("2026-03-10 wstETH", flat(1.228), venues(under_the_cap))
    }
}

/// The cap on one source of three: 2.85 percent is just beyond `max_outlier`.
fn capped_beside_others() -> Incident {
    let sources = vec![saying("capped", under_the_cap()), honest("rate"), honest("pool")];
    Incident {
        name: "2026-03-10 wstETH, two sources without the cap",
        what: "one source under a cap that is 2.85 % too low",
        sources,
        expected: Expected {
            first: Some((Fault::Outlier, 0)),
            worst: Guarded,
            paid: 0,
            paid_without: 83_306,
            ..capped().expected
        },
        ..capped()
    }
}

/// Drift, 1 April 2026: a token at about 1.00 on 500 dollars of liquidity (4pillars,
/// 0x-keep). Reconstructed: an hour of it; that it is worth a thousandth.
///
/// The breaker does not see it: every source tells the truth about a market that is
/// not one. Which market a pool covers is the owner's to judge.
fn cvt() -> Incident {
    Incident {
        what: "a made-up market at 1.00, on which all agree",
        minutes: 60.0,
        expected: Expected {
            first: None,
            trip: None,
            worst: Normal,
            paid: 3_971_983,
            paid_later: 0,
            paid_without: 3_971_983,
            honest_paid: 0,
        },
        ..incident("2026-04-01 CVT", flat(0.001), venues(|| flat(1.0)))
    }
}
