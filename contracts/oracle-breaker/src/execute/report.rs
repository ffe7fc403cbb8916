//! Reporters bring prices where a chain has no oracle of its own.

use backstop_types::breaker::{MAX_REPORTS, MarketConfig, Report, Source};
use backstop_types::{InputError, Unauthorized, events, input};
use cosmwasm_std::{Addr, DepsMut, Env, Event, MessageInfo, Response};

use crate::error::ContractError;
use crate::state::{self, REPORTS, StoredReport};

/// Stores the sender's prices; one bad report refuses them all.
pub fn report(
    mut deps: DepsMut,
    env: Env,
    info: MessageInfo,
    reports: Vec<Report>,
) -> Result<Response, ContractError> {
    let markets: Vec<&str> = reports.iter().map(|report| report.market.as_str()).collect();
    input::distinct("reports", &markets, MAX_REPORTS)?;
    let mut response = Response::new();
    for report in reports {
        response = response.add_event(report_one(deps.branch(), &env, &info.sender, report)?);
    }
    Ok(response)
}

fn report_one(deps: DepsMut, env: &Env, sender: &Addr, report: Report) -> Result<Event, ContractError> {
    let Report {
        market,
        price,
        confidence,
        publish_time,
    } = report;
    let config = state::market_config(deps.storage, &market)?;
    let source = source_of(&config, sender).ok_or_else(|| Unauthorized {
        sender: sender.clone(),
        role: format!("a reporter of {market}"),
    })?;
    let key = (market.as_str(), source, sender);

    if price.is_zero() {
        return Err(InputError::bounds("reports.price", price, "above zero").into());
    }
    let last = REPORTS
        .may_load(deps.storage, key)?
        .map_or(0, |last| last.publish_time);
    // A time that no later one could follow would silence the reporter.
    let latest = env
        .block
        .time
        .seconds()
        .saturating_add(config.params.max_future.0);
    input::within(
        "reports.publish_time",
        publish_time,
        last.saturating_add(1),
        latest,
    )?;

    let confidence = confidence.unwrap_or_default();
    REPORTS.save(
        deps.storage,
        key,
        &StoredReport {
            price,
            confidence,
            publish_time,
        },
    )?;
    let source = source.to_string();
    let reporter = sender.clone();
    Ok(events::breaker::Reported {
        reporter,
        market,
        source,
        price,
        publish_time,
    }
    .into())
}

/// The name of the source that the address reports for.
fn source_of<'a>(config: &'a MarketConfig<Addr>, reporter: &Addr) -> Option<&'a str> {
    let reports = |source: &&Source<Addr>| source.kind.members().contains(reporter);
    let source = config.sources.iter().find(reports)?;
    Some(&source.name)
}
