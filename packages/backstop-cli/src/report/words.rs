//! What happened, in plain words: the sentences that the terminal and the page
//! begin with.

use backstop_types::Named;
use backstop_types::breaker::{Fault, Layer};

use super::{Report, number};

/// An amount in whole units with two decimals and commas, rounded down.
pub fn money(amount: u128, decimals: u32) -> String {
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
    format!("{sign}{}", money(amount.unsigned_abs(), decimals))
}

/// Digits in threes.
pub fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `uusd` is counted in millionths of `USD`: the micro prefix is dropped.
pub fn asset_name(denom: &str) -> String {
    denom.strip_prefix('u').unwrap_or(denom).to_uppercase()
}

/// An amount of the report's asset.
pub fn shown(report: &Report, amount: &str) -> String {
    format!(
        "{} {}",
        money(number(amount), report.decimals),
        asset_name(&report.asset)
    )
}

/// What came of it all, in one line.
pub fn headline(report: &Report) -> String {
    let paid = number(&report.vault.paid);
    let waiting = number(&report.vault.waiting);
    match (
        report.shortfalls.count + report.shortfalls.unanswered,
        paid + waiting,
    ) {
        (0, _) => "No shortfall reached the pool; stakers lost nothing.".to_string(),
        (_, 0) => "The pool was asked and paid nothing; stakers lost nothing.".to_string(),
        _ => {
            let lost = loss_percent(report);
            let waits = match waiting {
                0 => String::new(),
                _ => format!(", {} still waits", shown(report, &report.vault.waiting)),
            };
            format!(
                "The pool paid {}{waits}; a share lost {lost:.2} % of its price.",
                shown(report, &report.vault.paid)
            )
        }
    }
}

/// How much of the price of a share is gone at the end, in percent.
pub fn loss_percent(report: &Report) -> f64 {
    let price = |text: &str| text.parse::<f64>().unwrap_or(1.0);
    (1.0 - price(&report.vault.price_end) / price(&report.vault.price_start)) * 100.0
}

/// The whole story, a sentence or two each.
pub fn story(report: &Report) -> Vec<String> {
    let exchange = &report.exchange;
    let mut story = vec![
        breaker_words(report),
        format!(
            "{} positions were opened and {} liquidated; {} of these closed below zero, {} by more than the insurance fund had.",
            exchange.opened, exchange.liquidated, report.friction.below_zero, exchange.underwater
        ),
        shortfall_words(report),
    ];
    if report.shortfalls.unanswered > 0 {
        story.push(format!(
            "Shortfalls that the pool did not answer within their hour: {}.",
            report.shortfalls.unanswered
        ));
    }
    if report.adl.events > 0 {
        story.push(format!(
            "Winners were deleveraged {}: {} of their profit made good what nobody had paid, {} came back to them.",
            times(report.adl.events),
            shown(report, &report.adl.taken),
            shown(report, &report.adl.compensated)
        ));
    }
    let unseen = &exchange.underwater_at_market;
    if number(unseen) > 0 {
        story.push(format!(
            "At the end open positions were {} below zero at the other sources' price, and nobody had been asked for it.",
            shown(report, unseen)
        ));
    }
    story.extend(friction_words(report));
    story.push(staker_words(report));
    story
}

fn shortfall_words(report: &Report) -> String {
    let shortfalls = &report.shortfalls;
    match (shortfalls.count, shortfalls.unanswered) {
        (0, 0) => return "No shortfall reached the pool.".to_string(),
        (0, _) => return "The pool answered no shortfall.".to_string(),
        _ => {}
    }
    let later = number(&report.vault.paid).saturating_sub(number(&shortfalls.paid));
    format!(
        "The exchange asked the pool for {}: {} was paid at once and {} later, {} was the exchange's own to bear, {} was not covered.",
        shown(report, &shortfalls.asked),
        shown(report, &shortfalls.paid),
        shown(report, &later.to_string()),
        shown(report, &shortfalls.deductible),
        shown(report, &shortfalls.uncovered)
    )
}

fn breaker_words(report: &Report) -> String {
    let transitions = &report.breaker.transitions;
    let first = transitions
        .iter()
        .find(|t| t.to == "tripped" || t.to == "latched");
    let latched = transitions.iter().find(|t| t.to == "latched");
    let latched = latched.map_or(String::new(), |latched| {
        format!(
            " It latched at {}: from then on the owner must reseed it.",
            latched.time
        )
    });
    match (report.breaker.enabled, first) {
        (false, _) => "There was no breaker: the first source was taken as it came.".to_string(),
        (true, None) => "The breaker never tripped.".to_string(),
        (true, Some(first)) => format!(
            "The breaker tripped {}, first at {} by {}.{latched}",
            times(report.breaker.trips),
            first.time,
            market_faults(&first.reasons)
        ),
    }
}

/// What the loss is the price's, and what waiting added to it.
fn friction_words(report: &Report) -> Option<String> {
    let friction = &report.friction;
    let signed = |amount: &str| amount.parse::<i128>().unwrap_or_default();
    if signed(&friction.missing) == 0 {
        return None;
    }
    let show = |amount: &str| signed_money(signed(amount), report.decimals);
    Some(format!(
        "Of the {} that closed positions were below zero, the price alone had cost {} when they became due; trips added {} and late keepers {}.",
        shown(report, &friction.missing),
        show(&friction.price),
        show(&friction.trips),
        show(&friction.keepers)
    ))
}

/// Of a transition's reasons those that trip a market.
fn market_faults(reasons: &[String]) -> String {
    let trips = |name: &&String| {
        let fault = Fault::from_name(name);
        fault.is_some_and(|fault| matches!(fault.layer(), Layer::Market | Layer::Guardian))
    };
    let names: Vec<&str> = reasons.iter().filter(trips).map(String::as_str).collect();
    names.join(" and ").replace('_', " ")
}

fn staker_words(report: &Report) -> String {
    let vault = &report.vault;
    if number(&vault.granted) == 0 {
        return "Stakers lost nothing.".to_string();
    }
    let price = |text: &str| text.parse::<f64>().unwrap_or(1.0);
    format!(
        "Stakers gave {} for claims: {} was paid, {} still waits, {} came back to those who bore it. A share went from {:.4} to {:.4}, {:.2} % less.",
        shown(report, &vault.granted),
        shown(report, &vault.paid),
        shown(report, &vault.waiting),
        shown(report, &vault.recovered),
        price(&vault.price_start),
        price(&vault.price_end),
        loss_percent(report)
    )
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
    fn amounts_read_as_money() {
        for (amount, decimals, text) in [
            (1_234_567_890_123, 6, "1,234,567.89"),
            (999_999, 6, "0.99"),
            (0, 6, "0.00"),
            (1_234, 0, "1,234"),
            (105, 2, "1.05"),
        ] {
            assert_eq!(money(amount, decimals), text);
        }
        assert_eq!(signed_money(-105, 2), "−1.05");
    }
}
