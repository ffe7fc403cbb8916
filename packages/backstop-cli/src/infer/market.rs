//! Which market a price file is of, by what it says itself, or by its name.

/// What prices are quoted in, the longer names first.
const QUOTES: [&str; 13] = [
    "FDUSD", "USDT", "USDC", "BUSD", "TUSD", "DAI", "UST", "USD", "EUR", "GBP", "JPY", "BTC", "ETH",
];

/// Names of venues and vendors, which are no assets.
const VENUES: [&str; 27] = [
    "binance",
    "binanceus",
    "binancecoinm",
    "bitfinex",
    "bitget",
    "bitmex",
    "bitstamp",
    "bybit",
    "chainlink",
    "coinapi",
    "coinbase",
    "coingecko",
    "coinmarketcap",
    "cryptodatadownload",
    "deribit",
    "dex",
    "ftx",
    "gateio",
    "gemini",
    "huobi",
    "kraken",
    "kucoin",
    "okex",
    "okx",
    "osmosis",
    "pyth",
    "yahoo",
];

/// Words in file names that are no assets either.
const WORDS: [&str; 28] = [
    "api", "aux", "bar", "bars", "candle", "candles", "chart", "close", "csv", "daily", "data", "day",
    "feed", "futures", "hist", "history", "hour", "hourly", "kline", "klines", "max", "minute", "ohlc",
    "ohlcv", "perp", "price", "prices", "spot",
];

/// A market, and how it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Market {
    /// What is traded.
    pub base: String,
    /// In what it is quoted.
    pub quote: String,
    /// How sure that is, in words.
    pub why: String,
    /// Whether both were found, not only one or none.
    pub sure: bool,
}

impl Market {
    /// `ATOM/USD`.
    pub fn name(&self) -> String {
        format!("{}/{}", self.base, self.quote)
    }

    /// Whether it is of the same asset in the same quote, where dollars and what
    /// stands for them are one.
    pub fn same(&self, other: &Self) -> bool {
        let dollars = |quote: &str| quote.contains("USD") || ["DAI", "UST"].contains(&quote);
        let quotes = self.quote == other.quote || (dollars(&self.quote) && dollars(&other.quote));
        self.base == other.base && quotes
    }
}

/// The market of a file, which may name it in a column, with this stem.
pub fn of(symbol: Option<&str>, stem: &str) -> Market {
    let found = |(base, quote): (String, String), why: &str| Market {
        base,
        quote,
        why: why.to_string(),
        sure: true,
    };
    if let Some(pair) = symbol.and_then(pair) {
        return found(pair, "as the file says");
    }
    if let Some(pair) = pair(stem) {
        return found(pair, "by the file's name");
    }
    let (base, why) = match tokens(stem).find(|token| may_be_asset(token)) {
        Some(base) => (
            base,
            "by the file's name, which has no quote: US dollars are taken",
        ),
        None => (
            "ASSET".to_string(),
            "unknown: neither the file nor its name says it",
        ),
    };
    Market {
        base,
        quote: "USD".to_string(),
        why: why.to_string(),
        sure: false,
    }
}

/// The venue in a file's name, if there is exactly one.
pub fn venue(stem: &str) -> Option<String> {
    let lower = stem.to_lowercase();
    let mut found = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|token| VENUES.contains(token));
    found
        .next()
        .filter(|_| found.next().is_none())
        .map(str::to_string)
}

fn tokens(text: &str) -> impl Iterator<Item = String> + '_ {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
    parts.filter(|part| !part.is_empty()).map(|part| {
        let part = part.to_ascii_uppercase();
        let plain = part.strip_suffix("PERP").filter(|plain| !plain.is_empty());
        plain.map_or(part.clone(), str::to_string)
    })
}

fn pair(text: &str) -> Option<(String, String)> {
    let tokens: Vec<String> = tokens(text).collect();
    let apart = tokens.windows(2).find_map(|two| match two {
        [base, quote] if QUOTES.contains(&quote.as_str()) && may_be_asset(base) => {
            Some((base.clone(), quote.clone()))
        }
        _ => None,
    });
    apart.or_else(|| tokens.iter().find_map(|token| joined(token)))
}

/// `BTCUSDT`. Two letters before a dollar may be an asset; two before another
/// one, as in `CBETH`, are part of its name.
fn joined(token: &str) -> Option<(String, String)> {
    if QUOTES.contains(&token) {
        return None;
    }
    QUOTES.iter().find_map(|quote| {
        let base = token.strip_suffix(quote)?;
        let least = if quote.contains("USD") { 2 } else { 3 };
        let fits = base.len() >= least && may_be_asset(base);
        fits.then(|| (base.to_string(), quote.to_string()))
    })
}

fn may_be_asset(token: &str) -> bool {
    let lower = token.to_ascii_lowercase();
    let letters = token.bytes().all(|b| b.is_ascii_alphabetic());
    letters
        && (2..=10).contains(&token.len())
        && !VENUES.contains(&lower.as_str())
        && !WORDS.contains(&lower.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_market_is_found_in_the_usual_file_names() {
        for (stem, market, sure) in [
            ("LUNA_USDT_binance_1m_2022-05", "LUNA/USDT", true),
            ("FEED_ETH_USD_chainlink_31nodes_15m", "ETH/USD", true),
            ("ATOM_USDperp_binancecoinm_1m", "ATOM/USD", true),
            ("USDC_USD_dex_15m_2023-03", "USDC/USD", true),
            ("BTC-USD", "BTC/USD", true),
            ("btc-usd-max", "BTC/USD", true),
            ("BTCUSDT-1m-2022-05", "BTC/USDT", true),
            ("Binance_ETHBTC_2022_minute", "ETH/BTC", true),
            ("Gemini_ETHUSD_1h", "ETH/USD", true),
            ("atom", "ATOM/USD", false),
            ("prices_luna_2022", "LUNA/USD", false),
            ("2022-05", "ASSET/USD", false),
            ("binance", "ASSET/USD", false),
        ] {
            let found = of(None, stem);
            assert_eq!(format!("{}/{}", found.base, found.quote), market, "{stem}");
            assert_eq!(found.sure, sure, "{stem}");
        }
    }

    #[test]
    fn what_the_file_says_goes_before_its_name() {
        let found = of(Some("SOL/USDT"), "BTC-USD");
        assert_eq!((found.base.as_str(), found.quote.as_str()), ("SOL", "USDT"));
        assert_eq!(of(Some("1INCH"), "BTC-USD").base, "BTC");
    }

    #[test]
    fn a_venue_is_named_if_there_is_only_one() {
        assert_eq!(venue("LUNA_USDT_Binance_1m").as_deref(), Some("binance"));
        assert_eq!(venue("binance_vs_kraken"), None);
        assert_eq!(venue("LUNA"), None);
    }
}
