//! Runs an incident through the shipped contracts, with and without a breaker.
//! Each block the sources publish, a keeper pokes, and a policyholder claims what
//! its traders have made by the first source's price where that is wrong.

use backstop_testing::{SourceSpec, World};
use backstop_types::breaker::{
    self, Fault, Faults, Layer, MarketParams, MarketState, PokeResponse, QueryMsg, TripsResponse, Verdict,
};
use backstop_types::vault::{ExecuteMsg, PolicyTerms};
use backstop_types::{Assets, Price, Seconds};
use cosmwasm_std::{Addr, Decimal, from_json};

use crate::incident::{Expected, Feed, Incident};
use crate::path::decimal;

/// A unit of the asset.
const UNIT: f64 = 1e6;
/// What stakers have put in, in units.
const POOL: u128 = 10_000_000;
/// How much is traded in each block with a wrong price, in units, at the dearer
/// of the wrong price and the true one.
const TRADED: f64 = 100_000.0;
/// From here on a price is wrong: a part of the true one.
const WRONG: f64 = 0.01;
const FEED_ID: &str = "1111111111111111111111111111111111111111111111111111111111111111";

/// What came of an incident, in the form of what was expected.
pub fn run(incident: &Incident) -> Expected {
    let on = Stage::new(incident, true).play(incident);
    let off = Stage::new(incident, false).play(incident);
    let origin = on.wrong.unwrap_or(0);
    let since = |(fault, block): (Fault, i64)| (fault, block - origin);
    Expected {
        first: on.first.map(since),
        trip: on.trip.map(since),
        worst: on.worst,
        paid: on.paid,
        paid_later: on.paid_later,
        paid_without: off.paid,
        honest_paid: on.honest_paid,
    }
}

/// What is seen of one run.
struct Seen {
    /// The first block with a wrong price.
    wrong: Option<i64>,
    first: Option<(Fault, i64)>,
    trip: Option<(Fault, i64)>,
    worst: MarketState,
    paid: u64,
    paid_later: u64,
    honest_paid: usize,
}

struct Stage {
    w: World,
    start: u64,
    /// Claims for wrong prices.
    cheat: Addr,
    /// Claims at true ones.
    honest: Addr,
    /// What each source said last.
    said: Vec<f64>,
}

impl Stage {
    fn new(incident: &Incident, breaker: bool) -> Self {
        let specs = incident.sources.iter().enumerate().map(|(i, feed)| {
            let (name, lineage) = (feed.name.to_string(), feed.lineage.to_string());
            match i {
                0 => SourceSpec::Pyth {
                    name,
                    lineage,
                    price_id: FEED_ID.to_string(),
                },
                _ => SourceSpec::Reporter { name, lineage },
            }
        });
        let limits: Vec<_> = incident
            .sources
            .iter()
            .map(|feed| (feed.floor, feed.cap))
            .collect();
        let builder = World::builder()
            .sources(specs.collect())
            .market_params(|params| {
                *params = MarketParams::default();
                (incident.params)(params);
            })
            .market(move |config| {
                let price = |price: Option<f64>| price.map(|price| Price(decimal(price)));
                for (source, (floor, cap)) in config.sources.iter_mut().zip(limits) {
                    (source.floor, source.cap) = (price(floor), price(cap));
                }
            })
            .without_policy()
            .seed(|seed| {
                seed.price = None;
                seed.deposits = vec![("staker".to_string(), POOL * UNIT as u128)];
            });
        let mut w = if breaker { builder } else { builder.breaker_off() }.build();
        let [cheat, honest] = ["cheat", "honest"].map(|name| w.addr(name));
        for policyholder in [&cheat, &honest] {
            let add = ExecuteMsg::AddPolicy {
                policyholder: policyholder.to_string(),
                market: w.market.clone(),
                terms: terms(),
            };
            w.execute(&w.owner.clone(), &w.vault.clone(), &add, &[]).unwrap();
        }
        Self {
            start: w.now(),
            w,
            cheat,
            honest,
            said: vec![0.0; incident.sources.len()],
        }
    }

    fn play(mut self, incident: &Incident) -> Seen {
        let mut seen = Seen {
            wrong: None,
            first: None,
            trip: None,
            worst: MarketState::Normal,
            paid: 0,
            paid_later: 0,
            honest_paid: 0,
        };
        let [cheated, asked] = [&self.cheat, &self.honest].map(|who| self.w.balance(who));
        let (mut honest, mut halt) = (incident.honest.iter().peekable(), incident.halt);
        for block in 0.. {
            self.w.advance(Seconds(incident.step));
            if let Some((_, minutes)) = halt.take_if(|(from, _)| self.minute() >= *from) {
                self.w.next_block(Seconds((minutes * 60.0) as u64));
            }
            let minute = self.minute();
            if minute > incident.minutes {
                break;
            }
            let truth = incident.truth.at(minute);
            self.publish(incident, minute, block);
            let verdict = self.poke();
            if self.w.breaker_on {
                seen.note(&verdict, block);
            }
            if (self.said[0] / truth - 1.0).abs() > WRONG {
                seen.wrong.get_or_insert(block);
                let part = (self.said[0] - truth).abs() / self.said[0].max(truth);
                let cheat = self.cheat.clone();
                self.claim(&cheat, TRADED * part, decimal(self.said[0]));
            }
            if honest.next_if(|at| minute >= **at).is_some() {
                let who = self.honest.clone();
                self.claim(&who, TRADED, decimal(truth));
            }
        }
        let units = |amount: u128| (amount as f64 / UNIT).round() as u64;
        let at_once = self.w.balance(&self.cheat) - cheated;
        self.settle();
        seen.paid = units(at_once);
        seen.paid_later = units(self.w.balance(&self.cheat) - cheated - at_once);
        let honest = units(self.w.balance(&self.honest) - asked);
        seen.honest_paid = (honest as f64 / TRADED).round() as usize;
        if self.w.breaker_on {
            self.check_trips(&seen);
        }
        seen
    }

    fn minute(&self) -> f64 {
        (self.w.now() - self.start) as f64 / 60.0
    }

    fn publish(&mut self, incident: &Incident, minute: f64, block: i64) {
        let truth = incident.truth.at(minute);
        for (i, feed) in incident.sources.iter().enumerate() {
            if feed
                .silent
                .is_some_and(|(from, until)| (from..until).contains(&minute))
            {
                continue;
            }
            let price = quote(feed, truth, minute, block, i);
            let width = decimal(price * feed.width.at(minute));
            let now = self.w.now();
            self.w.publish(i, decimal(price), width, now).unwrap();
            self.said[i] = price;
        }
    }

    fn poke(&mut self) -> Verdict {
        let poke = breaker::ExecuteMsg::Poke {
            markets: vec![self.w.market.clone()],
            action: None,
        };
        let (keeper, breaker) = (self.w.owner.clone(), self.w.breaker.clone());
        let response = self.w.execute(&keeper, &breaker, &poke, &[]).unwrap();
        let answer: PokeResponse = from_json(response.data.unwrap()).unwrap();
        answer.verdicts.into_iter().next().unwrap()
    }

    fn claim(&mut self, who: &Addr, units: f64, price: Decimal) {
        let amount = (units * UNIT) as u128;
        self.w.shortfall(who, amount, Some(&price.to_string())).unwrap();
    }

    /// Settles every claim that can be by now.
    fn settle(&mut self) {
        let claims = self.w.shortfalls_sent() - (1 << 32);
        for claim in 1..=claims {
            let msg = ExecuteMsg::SettleClaim { claim };
            let (anyone, vault) = (self.w.owner.clone(), self.w.vault.clone());
            // Refused where the trip goes on, or nothing is left to settle.
            let _ = self.w.execute(&anyone, &vault, &msg, &[]);
        }
    }

    /// The stored trips begin with the fault that was seen first.
    fn check_trips(&self, seen: &Seen) {
        let msg = QueryMsg::Trips {
            market: self.w.market.clone(),
            start_after: None,
            limit: None,
        };
        let stored: TripsResponse = self.w.query(&self.w.breaker, &msg).unwrap();
        let first = stored.trips.first();
        assert_eq!(first.is_some(), seen.trip.is_some());
        if let Some((trip, (fault, _))) = first.zip(seen.trip) {
            assert!(trip.trip.faults.has(fault), "{:?}", trip.trip);
        }
    }
}

impl Seen {
    fn note(&mut self, verdict: &Verdict, block: i64) {
        if verdict.state.rank() > self.worst.rank() {
            self.worst = verdict.state;
        }
        let of = |layer: Layer| verdict.faults.of_layer(layer);
        let first = of(Layer::Source).union(of(Layer::Market));
        note(&mut self.first, first, block);
        if verdict.trip.is_some() {
            note(&mut self.trip, of(Layer::Market), block);
        }
    }
}

/// The first of the faults, if none was seen before.
fn note(seen: &mut Option<(Fault, i64)>, faults: Faults, block: i64) {
    if seen.is_none() {
        *seen = faults.iter().next().map(|fault| (fault, block));
    }
}

/// What a source says; a noisy one is off by up to three hundredths of a percent.
fn quote(feed: &Feed, truth: f64, minute: f64, block: i64, source: usize) -> f64 {
    let said = feed.says.as_ref().map_or(truth, |path| path.at(minute)) * feed.times.at(minute);
    let noise = (block * (13 + 5 * source as i64)) % 7 - 3;
    if feed.noisy {
        said * (1.0 + noise as f64 / 10_000.0)
    } else {
        said
    }
}

/// Everything is paid at once, up to the pool's own limit of a half: what the
/// breaker does should show, and not what the policy does.
fn terms() -> PolicyTerms {
    PolicyTerms {
        limit: Assets::new(POOL * UNIT as u128),
        deductible: Assets::ZERO,
        instant: Assets::new(POOL * UNIT as u128),
        minimum: Assets::ONE,
        delay: Seconds::HOUR,
        priced: true,
        premium: None,
    }
}
