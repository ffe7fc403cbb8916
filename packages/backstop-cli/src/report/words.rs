//! What happened, in plain words: the sentences that the terminal and the page
//! begin with.

use std::cmp::Ordering;

use backstop_prices::decimal::double;
use backstop_replay::record::{Billionths, Loss, Record, Untested};
use backstop_replay::scenario::values::Moment;
use backstop_types::breaker::{Faults, Layer, MarketState};
use backstop_types::vault::{ClaimStatus, CoverReason, LapseReason};
use backstop_types::{Assets, Named, Seconds};
use cosmwasm_std::Timestamp;

pub use backstop_terminal::grouped;

/// A moment to the second, in UTC.
pub fn moment(at: Timestamp) -> String {
    Moment(at.seconds()).to_string()
}

/// The same for people: seconds only where they say something.
pub fn when(at: Timestamp) -> String {
    let text = moment(at).replace('T', " ");
    let text = text.trim_end_matches('Z');
    format!("{} UTC", text.strip_suffix(":00").unwrap_or(text))
}

/// An amount in whole units with two decimals and commas, rounded down.
pub fn money(amount: Assets, decimals: u32) -> String {
    let amount = amount.u128();
    let one = 10_u128.checked_pow(decimals).unwrap_or(u128::MAX);
    let hundredths = (amount % one) / (one / 100).max(1);
    let whole = grouped(amount / one);
    match decimals {
        0 | 1 => whole,
        _ => format!("{whole}.{hundredths:02}"),
    }
}

/// The same of an amount that may be negative.
pub fn signed_money(amount: i128, decimals: u32) -> String {
    let sign = if amount < 0 { "−" } else { "" };
    format!("{sign}{}", money(Assets::new(amount.unsigned_abs()), decimals))
}

/// The same of text that is digits already.
pub fn grouped_digits(digits: &str) -> String {
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits.to_string();
    }
    grouped(digits)
}

/// The same of base units that are digits already: in whole units with two decimals;
/// what is no number stays as it is.
pub fn whole_digits(digits: &str, decimals: u32) -> String {
    let places = usize::try_from(decimals).unwrap_or(usize::MAX);
    let number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    if !number || places < 2 {
        return grouped_digits(digits);
    }
    let padded = format!("{digits:0>width$}", width = places.saturating_add(1));
    let (whole, part) = padded.split_at(padded.len().saturating_sub(places));
    format!(
        "{}.{}",
        grouped_digits(whole),
        part.chars().take(2).collect::<String>()
    )
}

/// What is more or less than something else, with its sign.
pub fn signed(order: Ordering, apart: String) -> String {
    match order {
        Ordering::Less => format!("−{apart}"),
        Ordering::Equal => apart,
        Ordering::Greater => format!("+{apart}"),
    }
}

/// `uusd` is counted in millionths of `USD`: the micro prefix is dropped.
pub fn asset_name(denom: &str) -> String {
    denom.strip_prefix('u').unwrap_or(denom).to_uppercase()
}

/// An amount of the asset of a record.
pub fn shown(record: &Record, amount: Assets) -> String {
    format!("{} {}", money(amount, record.decimals), asset_name(&record.asset))
}

/// What came of it all, in one line; if that says nothing, that.
pub fn headline(record: &Record) -> String {
    let Some(reason) = record.untested.first() else {
        return outcome(record);
    };
    let why = untested(reason);
    match record.shortfalls.count() {
        0 => format!("Nothing was tested: {why}"),
        _ => format!("This is no test of the market: {why} {}", outcome(record)),
    }
}

/// Why a run says nothing, or nothing that can be relied on.
pub fn untested(reason: &Untested) -> String {
    match reason {
        Untested::NoPosition { within, denied } => {
            let denied = match denied.0 {
                0 => String::new(),
                _ => format!(
                    " For {} of it the exchange had no price that it could use.",
                    duration(*denied)
                ),
            };
            format!("no position was opened in {}.{denied}", duration(*within))
        }
        Untested::NothingDue { moved } => format!(
            "no open position came below its maintenance margin at any source's price, and these moved by at most {}.",
            bps(moved.0.into())
        ),
        Untested::TooSeldom {
            sources,
            of_blocks,
            max_age,
        } => format!(
            "{} publish too seldom: in {} of the blocks and more their last price was older than {}, so the breaker left it out (breaker.max_age). Raise that above the files' step, or replay the files alone.",
            sources.join(", "),
            bps(of_blocks.0.into()),
            duration(*max_age)
        ),
        Untested::Apart { source, by, bound } => format!(
            "source {source:?} is {} from the median of all sources in the first block, and further than {} most of the time: they cannot be one market in one quote.",
            bps(by.0.into()),
            bps(bound.0.into())
        ),
        Untested::AnotherMarket {
            source,
            file,
            scenario,
        } => format!(
            "the price file of source {source:?} is of {file}, and the scenario's market is {scenario}."
        ),
    }
}

/// Seconds as people say them: two units at most.
pub fn duration(time: Seconds) -> String {
    let (days, hours) = (time.0 / 86_400, time.0 / 3_600 % 24);
    let (minutes, seconds) = (time.0 / 60 % 60, time.0 % 60);
    let said = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")];
    let said: Vec<_> = said.iter().skip_while(|(count, _)| *count == 0).take(2).collect();
    let said = said.into_iter().filter(|(count, _)| *count > 0);
    let said: Vec<_> = said.map(|(count, unit)| format!("{count} {unit}")).collect();
    if said.is_empty() {
        "0 s".to_string()
    } else {
        said.join(" ")
    }
}

/// Hundredths of a percent, in percent: `6.59 %`, `20 %`.
pub fn bps(bps: u64) -> String {
    let (whole, part) = (bps / 100, bps % 100);
    let text = format!("{}.{part:02}", grouped_digits(&whole.to_string()));
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
}

/// A part of something in percent, with so many decimals, to the nearest.
pub fn percent(part: Billionths, places: u32) -> String {
    let sign = if part.0 < 0 { "−" } else { "" };
    let (one, step) = (10_u128.pow(places), 10_u128.pow(7 - places.min(7)));
    let units = (part.0.unsigned_abs() + step / 2) / step;
    let width = usize::try_from(places).unwrap_or_default();
    format!("{sign}{}.{:0width$} %", grouped(units / one), units % one)
}

/// What became of shortfalls and share price, and what nobody has been asked for.
fn outcome(record: &Record) -> String {
    let hole = record.exchange.underwater_at_market;
    match hole {
        Assets::ZERO => pool_outcome(record),
        _ => format!(
            "{} Open positions are {} below zero at the end, and nobody has been asked for it.",
            pool_outcome(record),
            shown(record, hole)
        ),
    }
}

/// What became of shortfalls and share price, in one line.
fn pool_outcome(record: &Record) -> String {
    let (paid, waiting) = (record.vault.paid, record.vault.waiting);
    if record.shortfalls.count() + record.shortfalls.unanswered == 0 {
        return format!("No shortfall reached the pool; {}.", no_loss(record));
    }
    if paid.is_zero() && waiting.is_zero() {
        return format!("The pool was asked and paid nothing; {}.", no_loss(record));
    }
    let lost = loss_percent(record);
    let waits = match waiting {
        Assets::ZERO => String::new(),
        _ => format!(", {} still waits", shown(record, waiting)),
    };
    format!(
        "The pool paid {}{waits}; a share lost {lost:.2} % of its price.",
        shown(record, paid)
    )
}

/// That nobody lost anything, where that was tested.
fn no_loss(record: &Record) -> &'static str {
    match record.untested.is_empty() {
        true => "stakers lost nothing",
        false => "no claim was granted",
    }
}

/// How much of the price of a share is gone at the end, in percent.
pub fn loss_percent(record: &Record) -> f64 {
    (1.0 - double(record.vault.price_end) / double(record.vault.price_start)) * 100.0
}

/// The whole story, a sentence or two each.
pub fn story(record: &Record) -> Vec<String> {
    let exchange = &record.exchange;
    let mut story = vec![
        breaker_words(record),
        match record.liquidation_cost.below_zero {
            0 => format!(
                "{} positions were opened and {} liquidated; none of these closed below zero.",
                exchange.opened, exchange.liquidated
            ),
            below => format!(
                "{} positions were opened and {} liquidated; {below} of these closed below zero, {} by more than the insurance fund had.",
                exchange.opened, exchange.liquidated, exchange.underwater
            ),
        },
        shortfall_words(record),
    ];
    if record.shortfalls.unanswered > 0 {
        story.push(format!(
            "Shortfalls without an answer of the pool at the end, such as those below the minimum: {}.",
            record.shortfalls.unanswered
        ));
    }
    if record.adl.events > 0 {
        story.push(format!(
            "Winners were deleveraged {}: {} of their profit made good what nobody had paid, {} came back to them.",
            times(record.adl.events),
            shown(record, record.adl.taken),
            shown(record, record.adl.compensated)
        ));
    }
    let unclosed = record.bearers.open.unclosed;
    if !unclosed.is_zero() {
        story.push(format!(
            "At the end open positions were {} below zero at the other sources' price, and nobody had been asked for it.",
            shown(record, unclosed)
        ));
    }
    story.extend(cost_words(record));
    story.push(staker_words(record));
    story
}

fn shortfall_words(record: &Record) -> String {
    let shortfalls = &record.shortfalls;
    match (shortfalls.count(), shortfalls.unanswered) {
        (0, 0) => return "No shortfall reached the pool.".to_string(),
        (0, _) => return "The pool answered no shortfall.".to_string(),
        _ => {}
    }
    let later = record.vault.paid.saturating_sub(shortfalls.paid);
    let parts = [
        (shortfalls.paid, "was paid at once"),
        (later, "was paid later"),
        (shortfalls.deductible, "was the exchange's own to bear"),
        (shortfalls.uncovered, "was not covered"),
    ];
    let told = parts_of(record, &parts);
    format!(
        "The exchange asked the pool for {}{told}.",
        shown(record, shortfalls.asked)
    )
}

/// The parts of an amount that are not zero.
fn parts_of(record: &Record, parts: &[(Assets, &str)]) -> String {
    let parts = parts.iter().filter(|(amount, _)| !amount.is_zero());
    let told: Vec<String> = parts
        .map(|(amount, what)| format!("{} {what}", shown(record, *amount)))
        .collect();
    match told.is_empty() {
        true => String::new(),
        false => format!(": {}", told.join(", ")),
    }
}

fn breaker_words(record: &Record) -> String {
    let transitions = &record.breaker.transitions;
    let tripped = |state| matches!(state, MarketState::Tripped | MarketState::Latched);
    let first = transitions.iter().find(|t| tripped(t.to));
    let latched = transitions.iter().find(|t| t.to == MarketState::Latched);
    let latched = latched.map_or(String::new(), |latched| {
        format!(
            " It latched at {}: from then on the owner must reseed it.",
            when(latched.time)
        )
    });
    match (record.breaker.enabled, first) {
        (false, _) => "There was no breaker: the first source was taken as it came.".to_string(),
        (true, None) => "The breaker never tripped.".to_string(),
        (true, Some(first)) => format!(
            "The breaker tripped {}, first at {} by {}.{latched}",
            times(record.breaker.trips),
            when(first.time),
            market_faults(first.reasons)
        ),
    }
}

/// What the loss is the price's, and what waiting added to it.
fn cost_words(record: &Record) -> Option<String> {
    let cost = &record.liquidation_cost;
    if cost.missing().is_zero() {
        return None;
    }
    let show = |amount| money(amount, record.decimals);
    let gave_back = match cost.rebound {
        Assets::ZERO => String::new(),
        rebound => format!("; a rebound gave back {}", show(rebound)),
    };
    Some(format!(
        "Closed positions were {} below zero: {} when they became liquidatable; trips added {} and late keepers {}{gave_back}.",
        shown(record, cost.missing()),
        show(cost.price),
        show(cost.trips),
        show(cost.keepers)
    ))
}

/// Of a transition's reasons those that trip a market.
fn market_faults(reasons: Faults) -> String {
    let trips = reasons
        .iter()
        .filter(|fault| matches!(fault.layer(), Layer::Market | Layer::Guardian));
    let names: Vec<&str> = trips.map(|fault| fault.name()).collect();
    names.join(" and ").replace('_', " ")
}

fn staker_words(record: &Record) -> String {
    let vault = &record.vault;
    if vault.granted.is_zero() {
        return match record.untested.is_empty() {
            true => "Stakers lost nothing.".to_string(),
            false => "No claim was granted.".to_string(),
        };
    }
    let parts = [
        (vault.paid, "was paid"),
        (vault.waiting, "still waits"),
        (vault.recovered, "came back to those who bore it"),
    ];
    let told = parts_of(record, &parts);
    format!(
        "Stakers gave {} for claims{told}. A share went from {:.4} to {:.4}, {:.2} % less.",
        shown(record, vault.granted),
        double(vault.price_start),
        double(vault.price_end),
        loss_percent(record)
    )
}

/// The story of a claim in a few words.
pub fn why(loss: &Loss) -> String {
    let closing = match loss.price {
        Some(price) => format!("a position closed below zero at {price}"),
        None => "a position closed below zero".to_string(),
    };
    format!("{closing}; {}", became(loss))
}

/// What became of a claim.
pub fn became(loss: &Loss) -> String {
    let reason = loss.reason;
    let filed = match reason {
        Some(reason) => format!(" ({})", reason.name().replace('_', " ")),
        None => String::new(),
    };
    let held = matches!(
        loss.waits,
        Some(CoverReason::BreakerDenied | CoverReason::BreakerUnavailable)
    );
    match (&loss.status, loss.waits) {
        (ClaimStatus::Paid {}, None) => format!("paid at once{filed}"),
        (ClaimStatus::Paid {}, Some(_)) if held => format!("held, then paid{filed}"),
        (ClaimStatus::Paid {}, Some(_)) if loss.at_once.is_zero() => format!("delayed, then paid{filed}"),
        (ClaimStatus::Paid {}, Some(_)) => format!("paid in part at once, the rest after the delay{filed}"),
        (ClaimStatus::Delayed {}, _) if held => format!("held, and now waits for its delay{filed}"),
        (ClaimStatus::Delayed {}, _) => format!("waits for its delay{filed}"),
        (ClaimStatus::Held(_), _) => format!("held until the trip ends{filed}"),
        (ClaimStatus::Declined { reason }, _) => format!("declined: {reason}"),
        (ClaimStatus::Lapsed { reason }, _) => match reason {
            LapseReason::PriceOutsideSpan => {
                "held, then returned: its price is outside the trip's span".to_string()
            }
            LapseReason::Expired => "held, then returned: its trip did not end in time".to_string(),
        },
    }
}

/// How often.
pub fn times(count: u64) -> String {
    match count {
        0 => "never".to_string(),
        1 => "once".to_string(),
        2 => "twice".to_string(),
        _ => format!("{count} times"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_said_in_two_units_at_most() {
        for (seconds, said) in [
            (0, "0 s"),
            (90, "1 min 30 s"),
            (120, "2 min"),
            (108_000, "1 d 6 h"),
            (86_461, "1 d"),
            (3_600, "1 h"),
        ] {
            assert_eq!(duration(Seconds(seconds)), said);
        }
    }

    #[test]
    fn amounts_read_as_money() {
        for (amount, decimals, text) in [
            (1_234_567_890_123, 6, "1,234,567.89"),
            (999_999, 6, "0.99"),
            (0, 6, "0.00"),
            (1_234, 0, "1,234"),
            (105, 2, "1.05"),
        ] {
            assert_eq!(money(Assets::new(amount), decimals), text);
        }
        assert_eq!(signed_money(-105, 2), "−1.05");
        for (seconds, said) in [
            (86_400, "1970-01-02 00:00 UTC"),
            (86_461, "1970-01-02 00:01:01 UTC"),
        ] {
            assert_eq!(when(Timestamp::from_seconds(seconds)), said);
        }
        for (digits, decimals, text) in [
            ("90000000000", 6, "90,000.00"),
            ("51", 6, "0.00"),
            ("1234", 0, "1,234"),
            ("none", 6, "none"),
        ] {
            assert_eq!(whole_digits(digits, decimals), text);
        }
    }
}
