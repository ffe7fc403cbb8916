//! Where prices come from: one kind a provider, with what it needs to be asked.
//! Messages carry addresses as text; state has them checked.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Api};

use crate::{
    Price, Seconds,
    input::{self, InputError},
};

/// The most sources a market can have, those of the markets that its composites
/// read among them.
pub const MAX_SOURCES: usize = 8;
/// The fewest sources a market can have.
pub(super) const MIN_SOURCES: usize = 2;
/// The most members that a group of reporters can have.
pub const MAX_MEMBERS: usize = 16;
/// The longest name of a feed, a denom or a symbol, in bytes: an IBC denom has 68.
const MAX_FEED: usize = 128;
/// How far a power of ten can shift a price.
const MAX_EXPONENT: i32 = 18;

/// One price feed.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Source<A> {
    /// Its name within the market, spelt like a market's: 1 to 32 of
    /// `A-Z a-z 0-9 / . - _`.
    pub name: String,
    /// Where its data comes from in the end, spelt likewise. Feeds of one
    /// lineage count once.
    pub lineage: String,
    /// How it is read.
    pub kind: SourceKind<A>,
    /// How old its price may be, in place of the market's `max_age`. 5 s to 7
    /// days.
    pub max_age: Option<Seconds>,
    /// The lowest price that the provider publishes, if it has a floor: at or
    /// below it, with the others below, the source is pinned.
    pub floor: Option<Price>,
    /// The highest price that the provider publishes, if it has a cap.
    pub cap: Option<Price>,
}

/// How a source is read.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum SourceKind<A> {
    /// A Pyth contract on this chain.
    Pyth {
        /// Its address.
        contract: A,
        /// The feed, as 64 hex digits in lower case without `0x`.
        price_id: String,
    },
    /// Band's standard reference contract.
    BandReference {
        /// Its address.
        contract: A,
        /// The symbol that is priced, such as `ATOM`.
        base: String,
        /// The symbol that it is priced in, such as `USD`.
        quote: String,
    },
    /// A consumer of a Band tunnel.
    BandTunnel {
        /// Its address.
        contract: A,
        /// The signal, such as `CS:ATOM-USD`.
        signal_id: String,
    },
    /// The chain's own oracle of Slinky, `/slinky.oracle.v1`.
    Slinky {
        /// The ticker that is priced, such as `ATOM`.
        base: String,
        /// The ticker that it is priced in, such as `USD`.
        quote: String,
        /// How the chain takes the question.
        transport: Transport,
    },
    /// The chain's own oracle of Connect, `/connect.oracle.v2`.
    Connect {
        /// The ticker that is priced, such as `ATOM`.
        base: String,
        /// The ticker that it is priced in, such as `USD`.
        quote: String,
        /// How the chain takes the question.
        transport: Transport,
    },
    /// The arithmetic time-weighted average of a pool on Osmosis.
    OsmosisTwap {
        /// The pool.
        pool_id: u64,
        /// The denom that is priced.
        base: String,
        /// The denom that it is priced in.
        quote: String,
        /// Over how long. 60 s to 47 hours: the chain keeps 48.
        window: Seconds,
        /// The price is `answer × 10^exponent`: the answer is a ratio of base
        /// units. −18 to 18.
        exponent: i32,
        /// How the chain takes the question.
        transport: Transport,
    },
    /// Mars's oracle. Its answers carry no time.
    Mars {
        /// Its address.
        contract: A,
        /// The denom that is priced.
        denom: String,
        /// The price is `answer × 10^exponent`: the answer is by base unit. −18
        /// to 18.
        exponent: i32,
    },
    /// Stride's oracle of redemption rates: what one liquid token redeems for.
    StrideRate {
        /// Its address.
        contract: A,
        /// The liquid token's denom on this chain.
        denom: String,
    },
    /// The oracle module of Injective.
    Injective {
        /// The module's number of the provider: 1 band, 2 pricefeed, 3 coinbase,
        /// 9 pyth, 10 bandibc, 11 provider, 12 stork. 1 to 100.
        oracle_type: u32,
        /// The symbol that is priced.
        base: String,
        /// The symbol that it is priced in.
        quote: String,
    },
    /// Accounts or contracts that send `Report`: the median of what at least
    /// `quorum` of them said within `max_age`.
    Reporters {
        /// Who they are, 1 to 16.
        members: Vec<A>,
        /// How many must have reported: more than half of them, at most all.
        quorum: u32,
    },
    /// Another market of this breaker, which has no composites itself, times a
    /// rate.
    Composite {
        /// The market.
        market: String,
        /// Where the rate comes from; neither reporters nor a composite.
        rate: Box<SourceKind<A>>,
        /// How old the rate may be. 5 s to 7 days.
        rate_max_age: Seconds,
    },
}

/// How a chain takes questions to its own modules.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Transport {
    /// Protobuf both ways.
    Grpc,
    /// A question in protobuf, an answer in JSON.
    Stargate,
}

impl<A> Source<A> {
    /// A source with no limits of its own.
    pub fn new(name: impl Into<String>, lineage: impl Into<String>, kind: SourceKind<A>) -> Self {
        Self {
            name: name.into(),
            lineage: lineage.into(),
            kind,
            max_age: None,
            floor: None,
            cap: None,
        }
    }

    /// Whether its answers carry a time. One without can neither be seen to be
    /// stale nor counted as news.
    pub fn timed(&self) -> bool {
        match &self.kind {
            SourceKind::Mars { .. } => false,
            SourceKind::Pyth { .. }
            | SourceKind::BandReference { .. }
            | SourceKind::BandTunnel { .. }
            | SourceKind::Slinky { .. }
            | SourceKind::Connect { .. }
            | SourceKind::OsmosisTwap { .. }
            | SourceKind::StrideRate { .. }
            | SourceKind::Injective { .. }
            | SourceKind::Reporters { .. }
            | SourceKind::Composite { .. } => true,
        }
    }
}

impl Source<String> {
    /// A source that reads a Pyth contract.
    pub fn pyth(
        name: impl Into<String>,
        lineage: impl Into<String>,
        contract: impl Into<String>,
        price_id: impl Into<String>,
    ) -> Self {
        let kind = SourceKind::Pyth {
            contract: contract.into(),
            price_id: price_id.into(),
        };
        Self::new(name, lineage, kind)
    }

    /// A source that one account reports.
    pub fn reporter(name: impl Into<String>, lineage: impl Into<String>, address: impl Into<String>) -> Self {
        let kind = SourceKind::Reporters {
            members: vec![address.into()],
            quorum: 1,
        };
        Self::new(name, lineage, kind)
    }

    pub(super) fn check(self, api: &dyn Api) -> Result<Source<Addr>, InputError> {
        input::market_name("sources.lineage", &self.lineage)?;
        if let Some(max_age) = self.max_age {
            age("sources.max_age", max_age)?;
        }
        if let (Some(floor), Some(cap)) = (self.floor, self.cap)
            && floor >= cap
        {
            let bound = format!("below cap, {cap}");
            return Err(InputError::bounds("sources.floor", floor, bound));
        }
        Ok(Source {
            name: self.name,
            lineage: self.lineage,
            kind: self.kind.check(api)?,
            max_age: self.max_age,
            floor: self.floor,
            cap: self.cap,
        })
    }
}

impl SourceKind<String> {
    fn check(self, api: &dyn Api) -> Result<SourceKind<Addr>, InputError> {
        let contract = |address: &str| input::address(api, "sources.contract", address);
        Ok(match self {
            Self::Pyth {
                contract: at,
                price_id,
            } => SourceKind::Pyth {
                contract: contract(&at)?,
                price_id: hex_id(price_id)?,
            },
            Self::BandReference {
                contract: at,
                base,
                quote,
            } => SourceKind::BandReference {
                contract: contract(&at)?,
                base: feed("sources.base", base)?,
                quote: feed("sources.quote", quote)?,
            },
            Self::BandTunnel {
                contract: at,
                signal_id,
            } => SourceKind::BandTunnel {
                contract: contract(&at)?,
                signal_id: feed("sources.signal_id", signal_id)?,
            },
            Self::Slinky {
                base,
                quote,
                transport,
            } => SourceKind::Slinky {
                base: ticker("sources.base", base)?,
                quote: ticker("sources.quote", quote)?,
                transport,
            },
            Self::Connect {
                base,
                quote,
                transport,
            } => SourceKind::Connect {
                base: ticker("sources.base", base)?,
                quote: ticker("sources.quote", quote)?,
                transport,
            },
            Self::OsmosisTwap {
                pool_id,
                base,
                quote,
                window,
                exponent,
                transport,
            } => {
                input::within("sources.window", window.0, 60, Seconds::hours(47).0)?;
                SourceKind::OsmosisTwap {
                    pool_id,
                    base: feed("sources.base", base)?,
                    quote: feed("sources.quote", quote)?,
                    window,
                    exponent: shift(exponent)?,
                    transport,
                }
            }
            Self::Mars {
                contract: at,
                denom,
                exponent,
            } => SourceKind::Mars {
                contract: contract(&at)?,
                denom: feed("sources.denom", denom)?,
                exponent: shift(exponent)?,
            },
            Self::StrideRate { contract: at, denom } => SourceKind::StrideRate {
                contract: contract(&at)?,
                denom: feed("sources.denom", denom)?,
            },
            Self::Injective {
                oracle_type,
                base,
                quote,
            } => SourceKind::Injective {
                oracle_type: input::within("sources.oracle_type", oracle_type, 1, 100)?,
                base: feed("sources.base", base)?,
                quote: feed("sources.quote", quote)?,
            },
            Self::Reporters { members, quorum } => reporters(api, members, quorum)?,
            Self::Composite {
                market,
                rate,
                rate_max_age,
            } => {
                input::market_name("sources.market", &market)?;
                age("sources.rate_max_age", rate_max_age)?;
                if matches!(*rate, Self::Reporters { .. } | Self::Composite { .. }) {
                    let bound = "a feed that is read: neither reporters nor a composite";
                    return Err(InputError::bounds("sources.rate", rate.name(), bound));
                }
                SourceKind::Composite {
                    market,
                    rate: Box::new(rate.check(api)?),
                    rate_max_age,
                }
            }
        })
    }
}

impl<A> SourceKind<A> {
    /// The kind's name in messages.
    fn name(&self) -> &'static str {
        match self {
            Self::Pyth { .. } => "pyth",
            Self::BandReference { .. } => "band_reference",
            Self::BandTunnel { .. } => "band_tunnel",
            Self::Slinky { .. } => "slinky",
            Self::Connect { .. } => "connect",
            Self::OsmosisTwap { .. } => "osmosis_twap",
            Self::Mars { .. } => "mars",
            Self::StrideRate { .. } => "stride_rate",
            Self::Injective { .. } => "injective",
            Self::Reporters { .. } => "reporters",
            Self::Composite { .. } => "composite",
        }
    }
}

impl SourceKind<Addr> {
    /// What is read, as text: two sources with the same are one feed.
    pub(super) fn feed(&self) -> String {
        let name = self.name();
        match self {
            Self::Pyth { contract, price_id } => format!("{name} {contract} {price_id}"),
            Self::BandReference {
                contract,
                base,
                quote,
            } => format!("{name} {contract} {base} {quote}"),
            Self::BandTunnel { contract, signal_id } => format!("{name} {contract} {signal_id}"),
            Self::Slinky { base, quote, .. } | Self::Connect { base, quote, .. } => {
                format!("{name} {base} {quote}")
            }
            Self::OsmosisTwap {
                pool_id, base, quote, ..
            } => format!("{name} {pool_id} {base} {quote}"),
            Self::Mars { contract, denom, .. } | Self::StrideRate { contract, denom } => {
                format!("{name} {contract} {denom}")
            }
            Self::Injective {
                oracle_type,
                base,
                quote,
            } => format!("{name} {oracle_type} {base} {quote}"),
            Self::Reporters { members, .. } => {
                let members: Vec<&str> = members.iter().map(Addr::as_str).collect();
                format!("{name} {}", members.join(" "))
            }
            Self::Composite { market, rate, .. } => format!("{name} {market} {}", rate.feed()),
        }
    }

    /// Who reports, if anybody does.
    pub fn members(&self) -> &[Addr] {
        match self {
            Self::Reporters { members, .. } => members,
            _ => &[],
        }
    }
}

fn reporters(api: &dyn Api, members: Vec<String>, quorum: u32) -> Result<SourceKind<Addr>, InputError> {
    input::distinct("sources.members", &members, MAX_MEMBERS)?;
    let members = members
        .iter()
        .map(|member| input::address(api, "sources.members", member))
        .collect::<Result<Vec<_>, _>>()?;
    // At most MAX_MEMBERS.
    let count = u32::try_from(members.len()).unwrap_or(u32::MAX);
    // Of two groups that could both be a quorum, one member would be in both.
    let majority = count.checked_div(2).unwrap_or_default().saturating_add(1);
    input::within("sources.quorum", quorum, majority, count)?;
    Ok(SourceKind::Reporters { members, quorum })
}

fn age(field: &str, age: Seconds) -> Result<(), InputError> {
    input::within(field, age.0, 5, Seconds::days(7).0)?;
    Ok(())
}

fn shift(exponent: i32) -> Result<i32, InputError> {
    input::within("sources.exponent", exponent, -MAX_EXPONENT, MAX_EXPONENT)
}

/// The name of a feed, a denom or a symbol: printable, without spaces.
fn feed(field: &str, name: String) -> Result<String, InputError> {
    input::short(field, &name, MAX_FEED)?;
    if !name.bytes().all(|b| b.is_ascii_graphic()) {
        let bound = "printable ASCII without spaces";
        return Err(InputError::bounds(field, format!("{name:?}"), bound));
    }
    Ok(name)
}

/// A ticker of a pair, which a slash would split elsewhere.
fn ticker(field: &str, name: String) -> Result<String, InputError> {
    let name = feed(field, name)?;
    if name.contains('/') {
        return Err(InputError::bounds(
            field,
            format!("{name:?}"),
            "one ticker, without /",
        ));
    }
    Ok(name)
}

fn hex_id(id: String) -> Result<String, InputError> {
    let hex = id.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    if id.len() != 64 || !hex {
        let shown: String = id.chars().take(80).collect();
        let bound = "64 hex digits in lower case without 0x";
        return Err(InputError::bounds(
            "sources.price_id",
            format!("{shown:?}"),
            bound,
        ));
    }
    Ok(id)
}
