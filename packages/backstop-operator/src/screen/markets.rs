//! The breaker's markets: state, verdict, and why.

use backstop_types::Named;
use backstop_types::breaker::{Action, MarketState};

use backstop_terminal::grouped;

use super::form::{Page, moment};
use crate::snapshot::{Found, LiveState, MarketLine, Snapshot, fault_words};

/// Each market.
pub fn breaker(page: &mut Page, snapshot: &Snapshot) {
    let (Some(breaker), now) = (&snapshot.breaker, snapshot.now()) else {
        return;
    };
    page.section(&format!("Breaker: {} markets", breaker.markets.len()));
    for line in &breaker.markets {
        let read = line.read_at.map_or("never read".to_string(), |read| {
            format!("read {}", moment(read, now))
        });
        page.line(&format!(
            "  {} {} since {}, {read}",
            line.market,
            state(page, line),
            moment(line.since, now)
        ));
        let Some(live) = &line.live else {
            page.line(&format!("    {}", page.paint.bad("its sources cannot be asked")));
            continue;
        };
        page.line(&format!("    {}", verdict(live)));
        page.line(&format!("    {}", price(live)));
        for reason in reasons(live) {
            page.line(&format!("    {}", page.paint.warn(&reason)));
        }
        match (line.earliest_end(), line.exit) {
            (Some(end), _) => page.line(&format!("    ends not before {}", moment(end, now))),
            (None, Some(exit)) if exit.reseed => {
                page.line(&format!(
                    "    {}",
                    page.paint.bad("latched: only the owner's reseed ends it")
                ));
            }
            _ => {}
        }
    }
}

fn state(page: &Page, line: &MarketLine) -> String {
    let state = line.state_now();
    match state {
        MarketState::Normal => page.paint.good(state.name()),
        MarketState::Guarded | MarketState::Recovering => page.paint.warn(state.name()),
        MarketState::Tripped | MarketState::Latched => page.paint.bad(state.name()),
    }
}

fn verdict(live: &LiveState) -> String {
    let names = |allowed: bool| {
        let actions = Action::ALL
            .iter()
            .filter(|action| live.allowed.contains(action) == allowed);
        actions.map(|action| action.name()).collect::<Vec<_>>().join(", ")
    };
    match (names(true), names(false)) {
        (allowed, denied) if denied.is_empty() => format!("allows {allowed}"),
        (allowed, denied) if allowed.is_empty() => format!("denies {denied}"),
        (allowed, denied) => format!("allows {allowed}; denies {denied}"),
    }
}

fn price(live: &LiveState) -> String {
    match (live.median, live.band) {
        (Some(median), Some(band)) => format!("median {median}, band {} to {}", band.low, band.high),
        (Some(median), None) => format!("median {median}"),
        _ => "no price on which enough sources agree".to_string(),
    }
}

/// What is wrong, with its evidence, and then what else it is denied for.
fn reasons(live: &LiveState) -> Vec<String> {
    let evidence = |found: &Found| {
        let words = fault_words(found.fault);
        match (found.measured, found.bound) {
            (Some(measured), Some(bound)) => {
                format!(
                    "{words}: {} where {} is the bound",
                    grouped(measured),
                    grouped(bound)
                )
            }
            _ => words.to_string(),
        }
    };
    let standing = live
        .reasons
        .iter()
        .map(|fault| format!("{}, when it was last unwell", fault_words(*fault)));
    live.findings.iter().map(evidence).chain(standing).collect()
}
