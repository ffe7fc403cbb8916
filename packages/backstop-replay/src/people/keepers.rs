//! Those who keep things going: they poke the breaker, liquidate what is due
//! after their latency and within their depth, execute orders, send shortfalls,
//! deleverage for what was not paid, and settle claims that waited.

use std::collections::{BTreeMap, VecDeque};

use backstop_core::perps::shortfall::ASK_WITHIN;
use backstop_prices::decimal::double;
use backstop_types::Price;
use backstop_types::breaker::{Action, ExecuteMsg, OracleBreaker, PokeResponse};
use backstop_types::events::EventError;
use backstop_types::vault::{self, Claim, ClaimStatus};
use backstop_vault::state::CLAIMS;
use cosmwasm_std::{Timestamp, from_json};
use rand::Rng;
use rand_chacha::ChaCha8Rng;
use sample_perps::msg;
use sample_perps::state::{CONFIG, LEDGER, SHORTFALLS, Shortfall};

use crate::chain::{Chain, Due, Person, Selling, liquidated};
use crate::error::ReplayError;
use crate::random::Stream;
use crate::scenario::tables::{self, Scenario};

/// How long a keeper waits before it tries again what did not go through.
const RETRY: u64 = 600;

/// All keepers, as one account.
pub struct Keepers {
    person: Person,
    table: tables::Keepers,
    venues: tables::Venues,
    rng: ChaCha8Rng,
    breaker_on: bool,
    /// Positions to liquidate, each from a block on.
    queue: VecDeque<(u64, u64)>,
    /// The same by number, with what is known of each.
    queued: BTreeMap<u64, Due>,
    /// The last price that the breaker gave, and whether it gave none since.
    last_price: Option<Price>,
    blind: bool,
    /// Answers that were looked at.
    seen: usize,
    /// Shortfalls that deleveraging may still make good.
    to_deleverage: Vec<u64>,
    /// Claims that wait, with their shortfall and the time of the next try.
    claims: BTreeMap<u64, (u64, u64)>,
    /// When each shortfall without an answer is sent next.
    sends: BTreeMap<u64, u64>,
    /// For how long one gathers closings.
    gather: u64,
}

impl Keepers {
    /// The scenario's keepers.
    pub fn new(chain: &mut Chain, scenario: &Scenario, seed: u64) -> Self {
        Self {
            person: chain.person("keeper", 0),
            table: scenario.keepers.clone(),
            venues: scenario.venues.clone(),
            rng: Stream::Keepers.rng(seed),
            breaker_on: chain.world.breaker_on,
            queue: VecDeque::new(),
            queued: BTreeMap::new(),
            last_price: None,
            blind: false,
            seen: 0,
            to_deleverage: vec![],
            claims: BTreeMap::new(),
            sends: BTreeMap::new(),
            gather: gather_time(chain),
        }
    }

    /// Pokes the breaker and notes what it says.
    pub fn poke(&mut self, chain: &mut Chain) -> Result<(), ReplayError> {
        let msg = ExecuteMsg::Poke {
            markets: vec![chain.world.market.clone()],
            action: Some(Action::Liquidate),
        };
        let breaker = chain.world.breaker.clone();
        let sent = chain.send("breaker/poke", &self.person, &breaker, &msg)?;
        let answer = sent.data.map(from_json::<PokeResponse>).transpose()?;
        let verdict = answer.and_then(|answer| answer.verdicts.into_iter().next());
        chain.price = verdict.as_ref().and_then(|verdict| verdict.median);
        chain.band = verdict
            .as_ref()
            .and_then(|verdict| verdict.band)
            .filter(|_| self.breaker_on);
        chain.median = chain.price.map(|price| double(price.0));
        chain.published = verdict.as_ref().and_then(|verdict| verdict.published);
        chain.liquidates = verdict.as_ref().is_some_and(|verdict| verdict.allowed);
        chain.state = verdict.map(|verdict| verdict.state).filter(|_| self.breaker_on);
        Ok(())
    }

    /// Everything else that is due in this block.
    pub fn work(&mut self, chain: &mut Chain, block: u64) -> Result<(), EventError> {
        self.liquidate(chain, block)?;
        self.execute_orders(chain)?;
        self.follow_answers(chain);
        self.send_shortfalls(chain)?;
        self.deleverage(chain)?;
        self.settle(chain)
    }

    /// Executes the orders that have a price, and returns those whose time is over.
    /// Where the breaker denies, nobody sends what would be denied.
    fn execute_orders(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let waiting = chain.orders.waiting();
        if waiting.is_empty() {
            return Ok(());
        }
        let (now, published) = (chain.now(), chain.published);
        let perps = chain.world.perps.clone();
        for (order, after, expires) in waiting {
            if now > expires {
                let msg = msg::ExecuteMsg::ReturnOrder { order };
                chain.send("perps/return_order", &self.person, &perps, &msg)?;
            } else if chain.price.is_some() && published.is_some_and(|published| published > after) {
                let msg = msg::ExecuteMsg::ExecuteOrder { order };
                let sent = chain.send("perps/execute_order", &self.person, &perps, &msg)?;
                chain.orders.follow(Some(order), &sent.events);
            }
        }
        Ok(())
    }

    fn liquidate(&mut self, chain: &mut Chain, block: u64) -> Result<(), EventError> {
        let Some(price) = chain.price else {
            self.queued.values_mut().for_each(Due::blind);
            self.blind = true;
            return Ok(());
        };
        let before = self.last_price.replace(price).filter(|_| self.blind);
        self.blind = false;
        let allowed = allowed(chain, Action::Liquidate);
        for (id, due) in &mut self.queued {
            if let Some(held) = chain.book.get(*id) {
                due.wait(&held.exposure, price, allowed);
            }
        }
        for id in chain.book.due(price) {
            if let (false, Some(held)) = (self.queued.contains_key(&id), chain.book.get(id)) {
                let due = match before {
                    Some(before) => Due::unseen(block, &held.exposure, before, price, allowed),
                    None => Due::new(block, &held.exposure, price, allowed),
                };
                self.queued.insert(id, due);
                self.queue.push_back((block + self.table.latency, id));
            }
        }
        if !allowed {
            return Ok(());
        }
        let mut again = vec![];
        for _ in 0..self.table.depth {
            let Some(&(from, position)) = self.queue.front() else {
                break;
            };
            if from > block {
                break;
            }
            self.queue.pop_front();
            // A keeper simulates before it sends: what recovered is left alone.
            if !chain.book.is_due(position, price) {
                self.queued.remove(&position);
            } else if self.crowded_out(chain) {
                again.push((block + 1, position));
            } else {
                self.close(chain, block, position, price)?;
            }
        }
        for entry in again.into_iter().rev() {
            self.queue.push_front(entry);
        }
        Ok(())
    }

    /// Whether the chain is too congested for the next message.
    fn crowded_out(&mut self, chain: &mut Chain) -> bool {
        let part = (chain.hourly_range.bps() / self.table.congested_at_bps as f64).min(1.0);
        let chance = part * self.table.congested_share_bps as f64 / 10_000.0;
        let out = self.rng.random::<f64>() < chance;
        chain.tally.liquidation_cost.congested += u64::from(out);
        out
    }

    fn close(
        &mut self,
        chain: &mut Chain,
        block: u64,
        position: u64,
        price: Price,
    ) -> Result<(), EventError> {
        let held = chain.book.get(position).cloned();
        let due = self.queued.remove(&position);
        let msg = msg::ExecuteMsg::Liquidate { position };
        let perps = chain.world.perps.clone();
        let sent = chain.send("perps/liquidate", &self.person, &perps, &msg)?;
        if let (Some(held), Some(due), Some(event)) = (held, due, liquidated(&sent.events)) {
            let selling = Selling::new(&self.venues, chain.hourly_range.bps());
            let cost = &mut chain.tally.liquidation_cost;
            cost.add(due, block, &held.exposure, event, selling, price);
        }
        Ok(())
    }

    /// Notes what each new answer leaves to do.
    fn follow_answers(&mut self, chain: &Chain) {
        for answer in &chain.tally.answered[self.seen..] {
            if answer.paid < answer.asked {
                self.to_deleverage.push(answer.shortfall);
            }
            if let Some(claim) = answer.claim.filter(|_| !answer.pending.is_zero()) {
                self.claims
                    .insert(claim, (answer.shortfall, answer.time.seconds()));
            }
        }
        self.seen = chain.tally.answered.len();
    }

    /// Sends the shortfalls at once, again those without an answer, and
    /// gives up after an hour: then it is deleveraging's turn.
    fn send_shortfalls(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let now = chain.now();
        let perps = chain.world.perps.clone();
        for (shortfall, closed) in chain.tally.unanswered.clone() {
            let next = self.sends.entry(shortfall).or_insert(closed);
            if now < *next {
                continue;
            }
            // While it gathers, it may have become large enough by the next block.
            let gathers = now < closed + self.gather;
            *next = if gathers { now } else { now + RETRY };
            if now >= closed + ASK_WITHIN.0 {
                *next = u64::MAX;
                self.to_deleverage.push(shortfall);
                continue;
            }
            let msg = msg::ExecuteMsg::SendShortfall { shortfall };
            chain.send("perps/send_shortfall", &self.person, &perps, &msg)?;
        }
        Ok(())
    }

    fn deleverage(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let mut left = self.table.depth;
        if self.to_deleverage.is_empty() {
            return Ok(());
        }
        let ready = allowed(chain, Action::Deleverage);
        let perps = chain.world.perps.clone();
        for shortfall in std::mem::take(&mut self.to_deleverage) {
            let record = shortfall_record(chain, shortfall);
            let Some(record) = record.filter(|shortfall| may_deleverage(chain, shortfall)) else {
                continue;
            };
            let winner = |price| chain.book.has_winner(record.side.opposite(), price);
            if ready && left > 0 && chain.price.is_some_and(winner) {
                left -= 1;
                let msg = msg::ExecuteMsg::Deleverage {
                    shortfall,
                    limit: None,
                };
                chain.send("perps/deleverage", &self.person, &perps, &msg)?;
            }
            self.to_deleverage.push(shortfall);
        }
        Ok(())
    }

    /// Settles what may be settled: a held claim once its trip is over, which
    /// judges its price, and any claim once its delay has passed.
    fn settle(&mut self, chain: &mut Chain) -> Result<(), EventError> {
        let now = chain.now();
        let due = self.claims.iter().filter(|(_, (_, at))| *at <= now);
        let due: Vec<_> = due.map(|(claim, (shortfall, _))| (*claim, *shortfall)).collect();
        for (claim, shortfall) in due {
            self.claims.insert(claim, (shortfall, now + RETRY));
            let Some(before) = claim_record(chain, claim) else {
                continue;
            };
            if !may_settle(chain, &before) {
                continue;
            }
            let vault = chain.world.vault.clone();
            let msg = vault::ExecuteMsg::SettleClaim { claim };
            chain.send("vault/settle_claim", &self.person, &vault, &msg)?;
            let Some(after) = claim_record(chain, claim) else {
                continue;
            };
            if !is_pending(&after) {
                self.claims.remove(&claim);
            }
            if after.paid > before.paid {
                let perps = chain.world.perps.clone();
                let msg = msg::ExecuteMsg::BookClaim { shortfall };
                chain.send("perps/book_claim", &self.person, &perps, &msg)?;
            }
        }
        Ok(())
    }
}

/// Whether the breaker allows this now: a liquidation by the last poke, anything
/// else by a question.
fn allowed(chain: &Chain, action: Action) -> bool {
    let world = &chain.world;
    let asked = || {
        let breaker = OracleBreaker(world.breaker.clone());
        let verdict = breaker.verdict(&world.querier(), &world.market, action);
        verdict.is_ok_and(|verdict| verdict.allowed)
    };
    let allows = match action {
        Action::Liquidate => chain.liquidates,
        Action::Open | Action::Reduce | Action::Deleverage | Action::Payout => asked(),
    };
    chain.price.is_some() && allows
}

fn is_pending(claim: &Claim) -> bool {
    matches!(claim.status, ClaimStatus::Delayed {} | ClaimStatus::Held(_))
}

/// Whether settling the claim can change anything now.
fn may_settle(chain: &Chain, claim: &Claim) -> bool {
    let waited = chain.now() >= claim.delay.after(claim.filed_at).seconds();
    match &claim.status {
        ClaimStatus::Held(hold) => match hold.trip {
            Some(trip) => {
                let breaker = OracleBreaker(hold.breaker.clone());
                let trip = breaker.trip(&chain.world.querier(), &claim.market, trip);
                trip.is_ok_and(|trip| trip.is_some_and(|trip| trip.end.is_some()))
            }
            None => allowed(chain, Action::Payout),
        },
        _ => waited,
    }
}

fn claim_record(chain: &Chain, claim: u64) -> Option<Claim> {
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    CLAIMS.may_load(&*storage, claim).ok().flatten()
}

/// Whether something is left to deleverage for, and the window is still open.
fn may_deleverage(chain: &Chain, shortfall: &Shortfall) -> bool {
    let now = Timestamp::from_seconds(chain.now());
    let storage = chain.world.app.contract_storage(&chain.world.perps);
    let clock = LEDGER.load(&*storage).map(|ledger| ledger.clock);
    let until = clock.map(|clock| shortfall.window(&clock, now).until);
    !shortfall.books.remaining().is_zero() && until.is_ok_and(|until| now < until)
}

fn gather_time(chain: &Chain) -> u64 {
    let storage = chain.world.app.contract_storage(&chain.world.perps);
    let config = CONFIG.load(&*storage);
    config.map_or(0, |config| config.params.gather_time.0)
}

fn shortfall_record(chain: &Chain, shortfall: u64) -> Option<Shortfall> {
    let storage = chain.world.app.contract_storage(&chain.world.perps);
    SHORTFALLS.may_load(&*storage, shortfall).ok().flatten()
}
