//! 2019 to 2021. The points of each path are published, as the comment says
//! where; what lies between them and how other venues went is reconstructed.

use backstop_types::Price;
use backstop_types::breaker::{Fault, MarketState::*};

use crate::incident::{Expected, Feed, Incident, honest, incident, saying, stable};
use crate::path::{Path, decimal, flat, line, steps};

pub fn all() -> Vec<Incident> {
    vec![
        krw(),
        krw_with_a_third(),
        susd(),
        dai(),
        dai_with_a_ceiling(),
        pyth(),
    ]
}

/// Synthetix, 25 June 2019: of the two programs that gave a price of the won, one
/// gave a thousand times as much, and the mean of the two was taken
/// (blog.synthetix.io/response-to-oracle-incident). Reconstructed: an hour of it,
/// and the won at 0.00086.
fn krw_of(name: &'static str, sources: Vec<Feed>) -> Incident {
    Incident {
        what: "one of the sources ×1,000",
        ..incident(name, flat(0.00086), sources)
    }
}

fn times_a_thousand() -> Feed {
    Feed {
        times: steps(&[(0.0, 1.0), (30.0, 1_000.0), (90.0, 1.0)]),
        ..honest("api-a")
    }
}

fn krw() -> Incident {
    Incident {
        expected: Expected {
            first: Some((Fault::Disagreement, 0)),
            trip: Some((Fault::Disagreement, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 3_971_983,
            honest_paid: 0,
        },
        ..krw_of(
            "2019-06-25 KRW, two sources",
            vec![times_a_thousand(), honest("api-b")],
        )
    }
}

/// The same beside a third source, which Synthetix had when all were alive.
fn krw_with_a_third() -> Incident {
    let sources = vec![times_a_thousand(), honest("api-b"), honest("api-c")];
    Incident {
        expected: Expected {
            first: Some((Fault::Outlier, 0)),
            trip: None,
            worst: Guarded,
            paid: 0,
            paid_later: 0,
            paid_without: 3_971_983,
            honest_paid: 0,
        },
        ..krw_of("2019-06-25 KRW, a third source", sources)
    }
}

/// bZx, 18 February 2020: 900 ETH bought sUSD from 1 to above 2 in the pools that
/// the lender's price came from (cryptoglobe, financemagnates). Reconstructed: two
/// minutes of blocks of 15 s, where it was one transaction; two feeds of that
/// pool, and an index that is not. A stable pair's parameters.
fn susd() -> Incident {
    let pumped = || steps(&[(0.0, 1.0), (20.0, 2.05), (22.0, 1.0)]);
    Incident {
        what: "a pool pumped to 2; two of the three feeds are of it",
        step: 15,
        minutes: 60.0,
        params: stable,
        expected: Expected {
            first: Some((Fault::Disagreement, 0)),
            trip: Some((Fault::Disagreement, 0)),
            worst: Tripped,
            paid: 0,
            paid_later: 0,
            paid_without: 409_756,
            honest_paid: 0,
        },
        ..incident(
            "2020-02-18 sUSD",
            flat(1.0),
            vec![
                saying("pool-spot", pumped()).of("pool"),
                saying("pool-average", pumped()).of("pool"),
                honest("index"),
            ],
        )
    }
}

/// The rise from 1.00 to 1.30 within an hour, and down again.
fn up_by(most: f64) -> Path {
    line(&[(30.0, 1.0), (90.0, 1.0 + most), (105.0, 1.0 + most), (120.0, 1.0)])
}

/// Compound, 26 November 2020: DAI went from 1.00 to 1.30 on one exchange in about
/// an hour, and the anchor that bounds it to 20 % moved along
/// (comp.xyz/t/642). Reconstructed: the anchor a hundredth behind, the way back,
/// DAI at 1.00 elsewhere. Two sources, as it was. A stable pair's parameters.
///
/// The breaker does not see the rise: both lineages go up by half a percent a
/// minute, together and more slowly than the reference follows. It trips on the way
/// down, which is too fast for that, when nearly all has been paid.
fn dai() -> Incident {
    Incident {
        what: "reporter and anchor both to 1.30 in an hour",
        minutes: 180.0,
        params: stable,
        expected: Expected {
            first: Some((Fault::Jump, 87)),
            trip: Some((Fault::Jump, 87)),
            worst: Tripped,
            paid: 1_284_504,
            paid_later: 0,
            paid_without: 1_286_465,
            honest_paid: 0,
        },
        ..incident(
            "2020-11-26 DAI",
            flat(1.0),
            vec![saying("reporter", up_by(0.30)), saying("anchor", up_by(0.29))],
        )
    }
}

/// The same under a highest price of 1.05, which the market of a stable coin can
/// be given: what is paid below it is all that is lost.
fn dai_with_a_ceiling() -> Incident {
    Incident {
        name: "2020-11-26 DAI, max_price 1.05",
        params: |params| {
            stable(params);
            params.max_price = Some(Price(decimal(1.05)));
        },
        expected: Expected {
            first: Some((Fault::OutOfBounds, 9)),
            trip: Some((Fault::Quorum, 9)),
            worst: Tripped,
            paid: 26_076,
            paid_later: 5_807,
            paid_without: 1_286_465,
            honest_paid: 0,
        },
        ..dai()
    }
}

/// Pyth, 20 September 2021, 12:21 to 12:23: two of eleven publishers were near
/// zero, BTC went from about 43,500 to 5,402, and the confidence was very wide
/// (pyth.network/blog/pyth-root-cause-analysis). Reconstructed: a confidence as
/// wide as the price, blocks of 6 s, two venues beside it.
fn pyth() -> Incident {
    let feed = Feed {
        width: steps(&[(0.0, 0.001), (11.0, 1.0), (13.0, 0.001)]),
        ..saying(
            "pyth",
            steps(&[(0.0, 43_500.0), (11.0, 5_402.0), (13.0, 43_500.0)]),
        )
    };
    Incident {
        what: "Pyth at 5,402, its confidence as wide",
        step: 6,
        minutes: 30.0,
        expected: Expected {
            first: Some((Fault::Uncertain, 0)),
            trip: None,
            worst: Guarded,
            paid: 0,
            paid_later: 0,
            paid_without: 1_751_632,
            honest_paid: 0,
        },
        ..incident(
            "2021-09-20 BTC",
            flat(43_500.0),
            vec![feed, honest("venue-a"), honest("venue-b")],
        )
    }
}
