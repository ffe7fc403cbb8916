//! The markets of the real series, each read by the lineages that can be made of
//! it: venues where there are two, else one venue's prices as honest feeds would
//! say them, at once, a minute late and two minutes late.

use std::path::Path;

use backstop_types::Bps;
use backstop_types::breaker::MarketParams;

use crate::series::{Bar, bars, column, seconds};
use crate::watched::Lineage;

/// A market over a series.
pub struct Market {
    pub name: &'static str,
    /// How its lineages are made.
    pub made: &'static str,
    /// Whether the defaults were checked on these days; else they are reported on.
    pub tuning: bool,
    /// What is calm is judged by these.
    pub bars: Vec<Bar>,
    pub lineages: Vec<Lineage>,
    pub params: MarketParams,
}

/// One venue's prices at once, a minute late and two minutes late.
fn late(bars: &[Bar], heartbeat: bool, smooth: bool) -> Vec<Lineage> {
    let lags = [("at-once", 0), ("late", 60), ("later", 120)];
    let lineage = |(name, lag)| Lineage {
        lag,
        heartbeat,
        smooth,
        ..Lineage::of(name, bars)
    };
    lags.map(lineage).to_vec()
}

const MINUTES: &str = "one venue's minutes, 0, 1 and 2 minutes late";
const WIDE: &str = "one venue, lines between its closes, 0, 1 and 2 minutes late";

/// A stable pair's parameters, those of the shipped scenario `usdc-2023-03`.
pub fn stable() -> MarketParams {
    MarketParams {
        max_outlier: Bps(150),
        max_disagreement: Bps(300),
        max_jump: Bps(1_000),
        ..MarketParams::default()
    }
}

/// Every market that the folder has the series of.
pub fn all(data: &Path) -> Vec<Market> {
    let mut all = tuning(data);
    all.extend(reported(data));
    all
}

fn market(name: &'static str, made: &'static str, bars: Vec<Bar>, lineages: Vec<Lineage>) -> Market {
    Market {
        name,
        made,
        tuning: false,
        bars,
        lineages,
        params: MarketParams::default(),
    }
}

fn wide(name: &'static str, bars: Vec<Bar>) -> Market {
    let lineages = late(&bars, true, true);
    market(name, WIDE, bars, lineages)
}

fn minutes(name: &'static str, bars: Vec<Bar>) -> Market {
    let lineages = late(&bars, false, false);
    market(name, MINUTES, bars, lineages)
}

/// The nodes' lowest answer, their median and their highest, of the days that
/// `keep` says.
fn nodes(name: &'static str, data: &Path, keep: impl Fn(u64) -> bool) -> Market {
    let file = data.join("FEED_ETH_USD_chainlink_31nodes_15m_2022-04_2022-05.csv");
    let of = |name| {
        let mut bars = column(&file, name);
        bars.retain(|bar| keep(bar.known));
        bars
    };
    let lineages = ["node_min", "node_median", "node_max"].map(|name| Lineage {
        heartbeat: true,
        ..Lineage::of(name, &of(name))
    });
    let made = "31 nodes of a feed: the lowest, the median and the highest";
    market(name, made, of("node_median"), lineages.to_vec())
}

/// USDC as feeds that hold each price and repeat the first one's later.
pub fn held_usdc(data: &Path) -> Market {
    let bars = bars(&data.join("USDC_USD_dex_15m_2023-03.csv"), 900);
    let lineages = late(&bars, true, false);
    Market {
        params: stable(),
        ..market("USDC, held", "", bars, lineages)
    }
}

fn tuning(data: &Path) -> Vec<Market> {
    let may = seconds("2022-05-01T00:00:00Z");
    let mut all = vec![
        wide(
            "BTC, 8 to 17 March 2020",
            bars(&data.join("BTC_USD_bitfinex_1h_2020-03.csv"), 3_600),
        ),
        wide(
            "ETH, 8 to 17 March 2020",
            bars(&data.join("ETH_USD_gemini_1h_2020-03.csv"), 3_600),
        ),
        nodes("ETH, 17 to 30 April 2022", data, |at| at < may),
        Market {
            params: stable(),
            ..wide(
                "USDC, March 2023",
                bars(&data.join("USDC_USD_dex_15m_2023-03.csv"), 900),
            )
        },
    ];
    for market in &mut all {
        market.tuning = true;
    }
    all
}

fn reported(data: &Path) -> Vec<Market> {
    let may = seconds("2022-05-01T00:00:00Z");
    let file = |name: &str| bars(&data.join(name), 60);
    let spot = file("ATOM_USD_coinbase_1m_2025-10-10.csv");
    let perps = file("ATOM_USDperp_binancecoinm_1m_2025-10-10.csv");
    let venues = vec![Lineage::of("spot", &spot), Lineage::of("perps", &perps)];
    vec![
        nodes("ETH, May 2022", data, |at| at >= may),
        minutes("LUNA, 5 to 13 May 2022", file("LUNA_USDT_binance_1m_2022-05.csv")),
        Market {
            params: stable(),
            ..wide(
                "UST, 7 to 13 May 2022",
                bars(&data.join("UST_USDT_binance_1h_2022-05.csv"), 3_600),
            )
        },
        market("ATOM, 10 October 2025", "two venues' minutes", spot, venues),
        minutes("BTC, 10 October 2025", file("BTC_USD_gemini_1m_2025-10-10.csv")),
        minutes("ETH, 10 October 2025", file("ETH_USD_gemini_1m_2025-10-10.csv")),
    ]
}
