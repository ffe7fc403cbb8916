//! A breaker that is none: it speaks the breaker's interface, passes the first
//! source's price on raw, allows everything, and calls no price wrong. A replay
//! against it shows what happens to a pool that trusts its feed. Never deploy
//! it.
//!
//! Its band is every price there is, because without a breaker nobody judges
//! the price that a claim names. The median is the first source's newest price,
//! however old, uncertain or absurd; only where there is none at all, or one of
//! zero or below, is there no median.

use backstop_types::breaker::{
    Action, Band, ExecuteMsg, InstantiateMsg, MarketConfig, MarketRecord, MarketsResponse, PokeResponse,
    QueryMsg, Report, SourceKind, Verdict,
};
use backstop_types::{Price, keys};
use cosmwasm_std::{
    Addr, Binary, Decimal, Deps, DepsMut, Env, MessageInfo, Response, StdError, StdResult, Uint128,
    to_json_binary,
};
use cw_storage_plus::Map;
use serde::{Deserialize, Serialize};

const RECORDS: Map<&str, MarketRecord> = Map::new(keys::MARKETS);
const CONFIGS: Map<&str, MarketConfig<String>> = Map::new("configs");
const REPORTS: Map<(&str, &str), (Price, u64)> = Map::new("reports");

/// Every price.
const ANY: Band = Band {
    low: Price(Decimal::zero()),
    high: Price(Decimal::MAX),
};

/// Sets it up; owner and guardian have nothing to do here.
pub fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: InstantiateMsg) -> StdResult<Response> {
    Ok(Response::new())
}

/// Markets, reports and pokes; everything else is refused.
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    match msg {
        ExecuteMsg::AddMarket { market, config } => {
            RECORDS.save(deps.storage, &market, &MarketRecord::new(env.block.time))?;
            CONFIGS.save(deps.storage, &market, &config)?;
            Ok(Response::new())
        }
        ExecuteMsg::Report { reports } => report(deps, &info.sender, &reports),
        ExecuteMsg::Poke { markets, action } => {
            let action = action.unwrap_or(Action::Open);
            let verdicts = markets
                .iter()
                .map(|market| verdict(deps.as_ref(), market, action));
            let verdicts = verdicts.collect::<StdResult<_>>()?;
            Ok(Response::new().set_data(to_json_binary(&PokeResponse { verdicts })?))
        }
        _ => Err(StdError::generic_err("a breaker that is off has no such message")),
    }
}

/// The verdict, always to allow; and an empty page of markets, since that it
/// answers is how the vault knows a breaker.
pub fn query(deps: Deps, _: Env, msg: QueryMsg) -> StdResult<Binary> {
    match msg {
        QueryMsg::Verdict { market, action } => {
            to_json_binary(&verdict(deps, &market, action.unwrap_or(Action::Open))?)
        }
        QueryMsg::Markets { .. } => to_json_binary(&MarketsResponse { markets: vec![] }),
        _ => Err(StdError::generic_err("a breaker that is off has no such query")),
    }
}

fn report(deps: DepsMut, sender: &Addr, reports: &[Report]) -> StdResult<Response> {
    for report in reports {
        let said = (report.price, report.publish_time);
        REPORTS.save(deps.storage, (&report.market, sender.as_str()), &said)?;
    }
    Ok(Response::new())
}

fn verdict(deps: Deps, market: &str, action: Action) -> StdResult<Verdict> {
    let config = CONFIGS.load(deps.storage, market)?;
    let said: Option<(Price, u64)> = match config.sources.first().map(|source| &source.kind) {
        Some(SourceKind::Pyth { contract, price_id }) => pyth(deps, contract, price_id),
        Some(SourceKind::Reporters { members, .. }) => {
            REPORTS.may_load(deps.storage, (market, &members[0]))?
        }
        Some(_) => None,
        None => None,
    };
    Ok(Verdict {
        market: market.to_string(),
        action,
        state: Default::default(),
        allowed: true,
        reasons: vec![],
        faults: Default::default(),
        median: said.map(|(price, _)| price),
        band: Some(ANY),
        trip: None,
        trip_cause: None,
        last_clean: Some(ANY),
        reduce_between: None,
        published: said.map(|(_, published)| published),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum PythQuery<'a> {
    PriceFeed { id: &'a str },
}

#[derive(Deserialize)]
struct PythAnswer {
    price_feed: PythFeed,
}

#[derive(Deserialize)]
struct PythFeed {
    price: PythPrice,
}

#[derive(Deserialize)]
struct PythPrice {
    price: String,
    expo: i32,
    publish_time: u64,
}

fn pyth(deps: Deps, contract: &str, id: &str) -> Option<(Price, u64)> {
    let asked = PythQuery::PriceFeed { id };
    let answer: PythAnswer = deps.querier.query_wasm_smart(contract, &asked).ok()?;
    let PythPrice {
        price,
        expo,
        publish_time,
    } = answer.price_feed.price;
    let mantissa: u128 = price.parse().ok().filter(|mantissa| *mantissa > 0)?;
    let shift = 18_i32.checked_add(expo)?;
    let power = 10_u128.checked_pow(shift.unsigned_abs())?;
    let atomics = if shift < 0 {
        mantissa / power
    } else {
        mantissa.checked_mul(power)?
    };
    Some((Price(Decimal::new(Uint128::new(atomics))), publish_time))
}
