//! A Pyth contract that speaks Pyth's CosmWasm interface to the field, with
//! switches to make it fail. Its shapes are written from the documented
//! interface and not shared with the breaker's adapter, so that a slip in one
//! shows against the other.
//!
//! `price` and `conf` are integers as text, `expo` and `publish_time` are
//! numbers, a feed is named by 64 hex digits, an unknown one is an error of the
//! query, and a feed's publish time only ever grows unless it is forced.

use cosmwasm_schema::{QueryResponses, cw_serde};
#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Binary, Coin, Decimal, Deps, DepsMut, Empty, Env, Int64, MessageInfo, Response, StdError, StdResult,
    Uint64, to_json_binary,
};
use cw_storage_plus::{Item, Map};

const FEEDS: Map<&str, PriceFeed> = Map::new("feeds");
const MODES: Map<&str, Mode> = Map::new("modes");
const VALID_TIME_PERIOD: Item<u64> = Item::new("valid_time_period");

/// Sets the mock up.
#[cw_serde]
pub struct InstantiateMsg {
    /// What `get_valid_time_period` answers, in seconds.
    pub valid_time_period: u64,
}

/// What a test can make it do.
#[cw_serde]
pub enum ExecuteMsg {
    /// Sets a feed. A publish time that is not newer is an error, as Pyth drops
    /// such an update, unless forced.
    SetFeed {
        /// The feed.
        feed: PriceFeed,
        /// Takes it whatever its publish time.
        force: bool,
    },
    /// Makes a feed's queries answer in this manner.
    SetMode {
        /// The feed's id.
        id: String,
        /// How.
        mode: Mode,
    },
}

/// How queries of a feed are answered.
#[cw_serde]
pub enum Mode {
    /// As Pyth does.
    Honest,
    /// With an error.
    Fail,
    /// With these bytes in place of the answer.
    Garbage(Binary),
    /// With the id of another feed.
    Mislabelled(String),
}

/// What Pyth's contract can be asked.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The last price of a feed.
    #[returns(PriceFeedResponse)]
    PriceFeed {
        /// 64 hex digits without `0x`.
        id: String,
    },
    /// What an update costs.
    #[returns(Coin)]
    GetUpdateFee {
        /// The update's parts.
        vaas: Vec<Binary>,
    },
    /// For how long a price counts as current, in seconds.
    #[returns(u64)]
    GetValidTimePeriod,
}

/// A feed in Pyth's answer.
#[cw_serde]
pub struct PriceFeedResponse {
    /// The feed.
    pub price_feed: PriceFeed,
}

/// A feed: the last price and its moving average.
#[cw_serde]
pub struct PriceFeed {
    /// 64 hex digits without `0x`.
    pub id: String,
    /// The last price.
    pub price: FeedPrice,
    /// The exponentially moving average.
    pub ema_price: FeedPrice,
}

/// A price: `price` and `conf` times 10^`expo`.
#[cw_serde]
pub struct FeedPrice {
    /// The price; an integer as text.
    pub price: Int64,
    /// Its confidence; an integer as text.
    pub conf: Uint64,
    /// The power of ten.
    pub expo: i32,
    /// When it was, in seconds since the epoch.
    pub publish_time: i64,
}

impl PriceFeed {
    /// A feed that says `price` with eight decimals, as most do, at a time in seconds since
    /// the epoch. Further digits are cut off.
    pub fn at(id: impl Into<String>, price: Decimal, publish_time: u64) -> Self {
        let mantissa = price.atomics().u128() / 10_u128.pow(10);
        let (mantissa, time) = (i64::try_from(mantissa), i64::try_from(publish_time));
        let (mantissa, time) = (mantissa.unwrap_or(i64::MAX), time.unwrap_or(i64::MAX));
        Self::flat(id, mantissa, 1_000, -8, time)
    }

    /// A feed whose average is its price.
    pub fn flat(id: impl Into<String>, price: i64, conf: u64, expo: i32, publish_time: i64) -> Self {
        let price = FeedPrice {
            price: price.into(),
            conf: conf.into(),
            expo,
            publish_time,
        };
        Self {
            id: id.into(),
            ema_price: price.clone(),
            price,
        }
    }
}

/// Sets the mock up, without feeds.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut, _env: Env, _info: MessageInfo, msg: InstantiateMsg) -> StdResult<Response> {
    VALID_TIME_PERIOD.save(deps.storage, &msg.valid_time_period)?;
    Ok(Response::new())
}

/// Takes another contract's place, with its storage.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(_deps: DepsMut, _env: Env, _msg: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

/// Open to anyone.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut, _env: Env, _info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::SetFeed { feed, force } => set_feed(deps, feed, force)?,
        ExecuteMsg::SetMode { id, mode } => MODES.save(deps.storage, check_id(&id)?, &mode)?,
    }
    Ok(Response::new())
}

/// Answers as Pyth does, or as the feed's mode says.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _env: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::PriceFeed { id } => price_feed(deps, &id),
        QueryMsg::GetUpdateFee { vaas } => to_json_binary(&Coin::new(vaas.len() as u128, "uusd")),
        QueryMsg::GetValidTimePeriod => to_json_binary(&VALID_TIME_PERIOD.load(deps.storage)?),
    }
}

fn set_feed(deps: DepsMut, feed: PriceFeed, force: bool) -> StdResult<()> {
    let id = check_id(&feed.id)?;
    let last = FEEDS.may_load(deps.storage, id)?;
    let newer = last.is_none_or(|last| feed.price.publish_time > last.price.publish_time);
    if !newer && !force {
        return Err(StdError::generic_err("publish_time: must be newer"));
    }
    FEEDS.save(deps.storage, id, &feed)
}

fn price_feed(deps: Deps, id: &str) -> StdResult<Binary> {
    let mode = MODES.may_load(deps.storage, id)?.unwrap_or(Mode::Honest);
    let Some(mut price_feed) = FEEDS.may_load(deps.storage, check_id(id)?)? else {
        return Err(StdError::not_found("price feed"));
    };
    match mode {
        Mode::Honest => to_json_binary(&PriceFeedResponse { price_feed }),
        Mode::Fail => Err(StdError::generic_err("the feed fails")),
        Mode::Garbage(bytes) => Ok(bytes),
        Mode::Mislabelled(other) => {
            price_feed.id = other;
            to_json_binary(&PriceFeedResponse { price_feed })
        }
    }
}

fn check_id(id: &str) -> StdResult<&str> {
    let hex = id.len() == 64 && id.bytes().all(|b| b.is_ascii_hexdigit());
    hex.then_some(id)
        .ok_or_else(|| StdError::generic_err("id: must be 64 hex digits"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_std::testing::{MockApi, mock_dependencies, mock_env};
    use cosmwasm_std::{from_json, to_json_string};

    fn send(deps: DepsMut, msg: ExecuteMsg) -> StdResult<Response> {
        let sender = MockApi::default().addr_make("test");
        let info = cosmwasm_std::testing::message_info(&sender, &[]);
        execute(deps, mock_env(), info, msg)
    }

    #[test]
    fn an_answer_is_pyths_to_the_field() {
        let mut deps = mock_dependencies();
        let id = "ab".repeat(32);
        let feed = PriceFeed::flat(&id, 1_365_133_270, 574_566, -8, 1_700_000_000);
        send(deps.as_mut(), ExecuteMsg::SetFeed { feed, force: false }).unwrap();

        let asked: QueryMsg = from_json(format!(r#"{{"price_feed":{{"id":"{id}"}}}}"#)).unwrap();
        let answer = query(deps.as_ref(), mock_env(), asked).unwrap();

        let price = r#"{"price":"1365133270","conf":"574566","expo":-8,"publish_time":1700000000}"#;
        let expected = format!(r#"{{"price_feed":{{"id":"{id}","price":{price},"ema_price":{price}}}}}"#);
        assert_eq!(String::from_utf8(answer.into()).unwrap(), expected);
        assert_eq!(
            to_json_string(&QueryMsg::GetValidTimePeriod).unwrap(),
            r#""get_valid_time_period""#
        );
    }

    #[test]
    fn an_unknown_feed_is_an_error() {
        let deps = mock_dependencies();
        let asked = QueryMsg::PriceFeed { id: "00".repeat(32) };
        assert!(query(deps.as_ref(), mock_env(), asked).is_err());
    }

    #[test]
    fn publish_times_only_grow_unless_forced() {
        let mut deps = mock_dependencies();
        let feed = PriceFeed::flat("00".repeat(32), 1, 0, 0, 100);
        let set = |force| ExecuteMsg::SetFeed {
            feed: feed.clone(),
            force,
        };
        send(deps.as_mut(), set(false)).unwrap();
        assert!(send(deps.as_mut(), set(false)).is_err());
        send(deps.as_mut(), set(true)).unwrap();
    }
}
