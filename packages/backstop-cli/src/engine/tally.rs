//! What a replay adds up, from the contracts' own events.

use std::collections::{BTreeMap, BTreeSet};

use backstop_types::events::{breaker, perps, vault};
use cosmwasm_std::Event;

use super::friction::Friction;

/// Everything that the report needs beside the contracts' storage.
#[derive(Debug, Default)]
pub struct Tally {
    /// Shortfalls that the vault answered, in order.
    pub answered: Vec<Answered>,
    /// Shortfalls that wait for an answer.
    pub unanswered: BTreeSet<u64>,
    /// Times that a shortfall got no answer.
    pub no_answers: u64,
    /// Auto-deleveraging.
    pub adl: Adl,
    /// The breaker's changes of state.
    pub transitions: Vec<Transition>,
    /// The exchange.
    pub exchange: Exchange,
    /// How claims that waited ended, by outcome: how many, how much.
    pub settled: BTreeMap<String, (u64, u128)>,
    /// What stakers took back of what came back on losses.
    pub taken_back: u128,
    /// What liquidations cost.
    pub friction: Friction,
}

/// One answer to a shortfall.
#[derive(Debug, Clone)]
pub struct Answered {
    /// When, in seconds since the epoch.
    pub time: u64,
    /// Of the market.
    pub price: String,
    /// The four parts sum to it.
    pub asked: u128,
    /// Borne by the exchange.
    pub deductible: u128,
    /// Paid at once.
    pub paid: u128,
    /// Granted and waiting.
    pub pending: u128,
    /// Not covered.
    pub uncovered: u128,
    /// The claim's number, and the loss's.
    pub claim: Option<u64>,
    /// Why not all was paid at once.
    pub reason: Option<String>,
    /// The exchange's number of it.
    pub shortfall: Option<u64>,
}

/// Auto-deleveraging.
#[derive(Debug, Default)]
pub struct Adl {
    /// Positions that were closed, whole or in part.
    pub events: u64,
    /// What of them was closed, at the price.
    pub notional: u128,
    /// The profit that it took from winners.
    pub taken: u128,
    /// What was booked for them later.
    pub compensated: u128,
}

/// One change of the breaker's state.
#[derive(Debug, Clone)]
pub struct Transition {
    /// When, in seconds since the epoch.
    pub time: u64,
    /// The state before.
    pub from: String,
    /// The state after.
    pub to: String,
    /// The faults' names.
    pub reasons: Vec<String>,
    /// What each source said, and each fault's measure and bound.
    pub evidence: String,
}

/// What happened on the exchange.
#[derive(Debug, Default)]
pub struct Exchange {
    /// Positions opened.
    pub opened: u64,
    /// Positions closed by their traders.
    pub closed: u64,
    /// Positions liquidated.
    pub liquidated: u64,
    /// Liquidations that left a shortfall.
    pub underwater: u64,
    /// What the insurance fund paid.
    pub from_insurance: u128,
    /// Margins that traders put up.
    pub margins: u128,
}

impl Tally {
    /// What policyholders were paid so far, at once and later.
    pub fn paid(&self) -> u128 {
        let at_once: u128 = self.answered.iter().map(|answer| answer.paid).sum();
        at_once + self.settled.get("paid").map_or(0, |(_, amount)| *amount)
    }

    /// Adds what a message at `time` did.
    pub fn read(&mut self, time: u64, events: &[Event]) {
        for event in events {
            let name = event.ty.strip_prefix("wasm-").unwrap_or_default();
            match name {
                vault::ShortfallAnswered::NAME => self.answered.push(answered(time, event)),
                perps::ShortfallAnswered::NAME => self.number_last(event),
                perps::ShortfallUnanswered::NAME => {
                    self.no_answers += 1;
                    self.unanswered.extend(text(event, "shortfall").parse::<u64>());
                }
                vault::ClaimSettled::NAME => {
                    let settled = self
                        .settled
                        .entry(text(event, "outcome").to_string())
                        .or_default();
                    settled.0 += 1;
                    settled.1 += amount(event, "amount");
                }
                vault::RecoveryClaimed::NAME => self.taken_back += amount(event, "amount"),
                perps::Deleveraged::NAME => {
                    self.adl.events += 1;
                    self.adl.notional += amount(event, "notional");
                    self.adl.taken += amount(event, "taken");
                }
                perps::ClaimBooked::NAME => self.adl.compensated += amount(event, "to_deleveraged"),
                breaker::StateChanged::NAME => self.transitions.push(transition(time, event)),
                _ => self.exchange.read(name, event),
            }
        }
    }

    /// The exchange books an answer in the message in which the vault gave it.
    fn number_last(&mut self, event: &Event) {
        let number = text(event, "shortfall").parse().ok();
        if let Some(last) = self.answered.last_mut() {
            last.shortfall = number;
        }
        if let Some(number) = number {
            self.unanswered.remove(&number);
        }
    }
}

impl Exchange {
    fn read(&mut self, name: &str, event: &Event) {
        match name {
            perps::Opened::NAME => {
                self.opened += 1;
                self.margins += amount(event, "margin");
            }
            perps::Closed::NAME => self.closed += 1,
            perps::Liquidated::NAME => {
                self.liquidated += 1;
                self.from_insurance += amount(event, "from_insurance");
                self.underwater += u64::from(amount(event, "missing") > 0);
            }
            _ => {}
        }
    }
}

fn answered(time: u64, event: &Event) -> Answered {
    let reason = text(event, "reason");
    Answered {
        time,
        price: text(event, "price").to_string(),
        asked: amount(event, "asked"),
        deductible: amount(event, "deductible"),
        paid: amount(event, "paid"),
        pending: amount(event, "pending"),
        uncovered: amount(event, "uncovered"),
        claim: text(event, "claim").parse().ok(),
        reason: (reason != "none").then(|| reason.to_string()),
        shortfall: None,
    }
}

fn transition(time: u64, event: &Event) -> Transition {
    let reasons = text(event, "reasons").split(',');
    let named = reasons.filter(|reason| !reason.is_empty() && *reason != "none");
    Transition {
        time,
        from: text(event, "from").to_string(),
        to: text(event, "to").to_string(),
        reasons: named.map(str::to_string).collect(),
        evidence: text(event, "evidence").to_string(),
    }
}

/// An attribute's text, empty if there is none of that name.
pub fn text<'a>(event: &'a Event, key: &str) -> &'a str {
    let found = event.attributes.iter().find(|attribute| attribute.key == key);
    found.map_or("", |attribute| attribute.value.as_str())
}

/// An attribute's number, zero if there is none of that name.
pub fn amount(event: &Event, key: &str) -> u128 {
    text(event, key).parse().unwrap_or_default()
}
