//! Random sequences of everything that people do, against the real vault and
//! breaker: the invariants are true after every step, nothing is refused for a
//! reason that it should not be, and in the end everyone is paid.

use backstop_core::perps::Side;
use backstop_core::perps::lp::VIRTUAL_SHARES;
use std::cell::Cell;

use crate::support::{Exchange, ONE, plain};
use backstop_testing::{World, WorldBuilder, emitted};
use backstop_types::events::perps::{
    ClaimBooked, Closed, Deleveraged, LiquidityRemoved, Opened, OrderPlaced, OrderRefused, OrderReturned,
    Settled, SettlementAnnounced, SettlementCalledOff, ShortfallSent, ShortfallWrittenOff,
};
use backstop_types::vault::ExecuteMsg as VaultMsg;
use backstop_types::{Assets, Price, Seconds};
use cw_multi_test::AppResponse;
use cw_multi_test::error::AnyResult;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, TestRunner};
use sample_perps::msg::{ExecuteMsg, OrdersResponse, PoolResponse, PositionResponse, QueryMsg};
use sample_perps::{ContractError, Params};

const TRADERS: [&str; 3] = ["alice", "bob", "carol"];
const PROVIDERS: [&str; 3] = ["lp", "dora", "eve"];

#[derive(Debug, Clone)]
enum Step {
    Open {
        who: usize,
        long: bool,
        size: u128,
        /// Of the notional, in percent.
        margin: u128,
        /// Whether it is executed at once, or waits with others.
        now: bool,
    },
    AddMargin {
        position: u64,
        amount: u128,
    },
    Close {
        position: u64,
        now: bool,
    },
    LiquidateAll,
    /// The orders that wait are executed, if there is a price from after them.
    ExecuteAll,
    /// An hour passes, and the orders that are over are returned.
    ReturnAll,
    /// A position is given far more margin than it needs: the first that has sunk, or
    /// this one.
    Lend {
        position: u64,
    },
    /// Whoever has won all it can is closed.
    CloseAtCeilings,
    /// More than a week without a price, and all are settled.
    Settle,
    /// Several of one side open, and their price goes far against them.
    Crash {
        long: bool,
        size: u128,
    },
    /// The last shortfall but so many; likewise below.
    Deleverage {
        back: u64,
        limit: u32,
    },
    Send {
        back: u64,
    },
    /// A day later, every claim that can be settled is.
    SettleAll,
    Book {
        back: u64,
    },
    Compensate {
        who: usize,
    },
    Withdraw {
        who: usize,
    },
    Add {
        who: usize,
        amount: u128,
        now: bool,
    },
    Remove {
        who: usize,
        part: u128,
        now: bool,
    },
    Price {
        percent: u128,
    },
    /// A price that the keepers act on at once.
    Jump {
        percent: u128,
    },
    Wait {
        hours: u64,
    },
    WriteOff {
        back: u64,
    },
    /// Eve comes before something that brings the pool what it is owed, and
    /// leaves after it.
    Around {
        deal: Deal,
        back: u64,
    },
}

#[derive(Debug, Clone, Copy)]
enum Deal {
    LiquidateAll,
    Deleverage,
    Send,
    Book,
    WriteOff,
}

fn step() -> impl Strategy<Value = Step> {
    let amount = 1..2_000 * ONE;
    prop_oneof![
        6 => (0..3usize, any::<bool>(), ONE..300 * ONE, 8..60u128, now())
            .prop_map(|(who, long, size, margin, now)| Step::Open { who, long, size, margin, now }),
        1 => (1..12u64, amount.clone()).prop_map(|(position, amount)| Step::AddMargin { position, amount }),
        3 => (1..12u64, now()).prop_map(|(position, now)| Step::Close { position, now }),
        1 => Just(Step::LiquidateAll),
        2 => Just(Step::ExecuteAll),
        1 => Just(Step::ReturnAll),
        3 => (1..12u64).prop_map(|position| Step::Lend { position }),
        2 => Just(Step::CloseAtCeilings),
        3 => (any::<bool>(), 10 * ONE..200 * ONE).prop_map(|(long, size)| Step::Crash { long, size }),
        6 => (0..3u64, 1..4u32).prop_map(|(back, limit)| Step::Deleverage { back, limit }),
        1 => (0..3u64).prop_map(|back| Step::Send { back }),
        2 => Just(Step::SettleAll),
        3 => (0..3u64).prop_map(|back| Step::Book { back }),
        3 => (0..3usize).prop_map(|who| Step::Compensate { who }),
        1 => (0..3usize).prop_map(|who| Step::Withdraw { who }),
        1 => (0..2usize, amount, now()).prop_map(|(who, amount, now)| Step::Add { who, amount, now }),
        1 => (0..2usize, 1..=100u128, now()).prop_map(|(who, part, now)| Step::Remove { who, part, now }),
        4 => prop_oneof![30..80u128, 80..120u128, 120..180u128].prop_map(|percent| Step::Price { percent }),
        3 => prop_oneof![30..80u128, 120..180u128].prop_map(|percent| Step::Jump { percent }),
        1 => prop_oneof![4 => 1..30u64, 1 => Just(31 * 24)].prop_map(|hours| Step::Wait { hours }),
        1 => (0..3u64).prop_map(|back| Step::WriteOff { back }),
        4 => (deal(), 0..3u64).prop_map(|(deal, back)| Step::Around { deal, back }),
    ]
}

/// Most orders are executed at once, so that there is something to do.
fn now() -> impl Strategy<Value = bool> {
    prop::bool::weighted(0.8)
}

/// What the sequences have come to, so that none of it is a claim about nothing.
#[derive(Debug, Default)]
struct Reached {
    placed: Cell<u32>,
    executed: Cell<u32>,
    refused: Cell<u32>,
    returned: Cell<u32>,
    gathered: Cell<u32>,
    deleveraged: Cell<u32>,
    booked: Cell<u32>,
    lent: Cell<u32>,
    lent_to_sunken: Cell<u32>,
    ceilings: Cell<u32>,
    settled: Cell<u32>,
    called_off: Cell<u32>,
    written_off: Cell<u32>,
    came_and_left: Cell<u32>,
}

fn count(of: &Cell<u32>, more: usize) {
    of.set(of.get() + more as u32);
}

impl Reached {
    /// Reads what a message came to.
    fn note(&self, done: &AnyResult<AppResponse>) {
        let Ok(done) = done else { return };
        count(&self.placed, emitted::<OrderPlaced>(done).len());
        count(&self.refused, emitted::<OrderRefused>(done).len());
        count(&self.returned, emitted::<OrderReturned>(done).len());
        count(
            &self.executed,
            emitted::<Opened>(done).len() + emitted::<LiquidityRemoved>(done).len(),
        );
        count(&self.deleveraged, emitted::<Deleveraged>(done).len());
        count(&self.booked, emitted::<ClaimBooked>(done).len());
        count(&self.written_off, emitted::<ShortfallWrittenOff>(done).len());
        count(&self.called_off, emitted::<SettlementCalledOff>(done).len());
        let sent = emitted::<ShortfallSent>(done);
        count(&self.gathered, sent.iter().filter(|sent| sent.parts > 1).count());
    }
}

fn deal() -> impl Strategy<Value = Deal> {
    prop_oneof![
        2 => Just(Deal::LiquidateAll),
        2 => Just(Deal::Deleverage),
        1 => Just(Deal::Send),
        2 => Just(Deal::Book),
        1 => Just(Deal::WriteOff),
    ]
}

/// A price in millionths, as text.
fn text(price: u128) -> String {
    format!("{}.{:06}", price / ONE, price % ONE)
}

impl Exchange {
    fn last_shortfall(&self, back: u64) -> u64 {
        self.pool().ledger.shortfalls.saturating_sub(back)
    }
}

struct Run<'a> {
    x: Exchange,
    reached: &'a Reached,
    price: u128,
    /// Whether closings pay the pool for their slippage.
    slipping: bool,
}

impl Run<'_> {
    fn step(&mut self, step: Step) -> Option<AnyResult<AppResponse>> {
        let x = &mut self.x;
        let side = |long| if long { Side::Long } else { Side::Short };
        Some(match step {
            Step::Open {
                who,
                long,
                size,
                margin,
                now,
            } => {
                let margin = size * self.price / ONE * margin / 100;
                let placed = x.order(TRADERS[who], side(long), size, margin, None);
                self.filled(placed, now)
            }
            Step::ExecuteAll => {
                x.w.publish_again();
                for row in self.orders() {
                    let done = self.x.run("keeper", ExecuteMsg::ExecuteOrder { order: row });
                    self.expected(done);
                }
                return None;
            }
            Step::ReturnAll => {
                self.return_all();
                return None;
            }
            Step::Lend { position } => {
                self.lend(position);
                return None;
            }
            Step::CloseAtCeilings => {
                for row in x.positions().positions {
                    let done = self.x.close_at_ceiling("keeper", row.position);
                    let closed = done.as_ref().map_or(0, |done| emitted::<Closed>(done).len());
                    count(&self.reached.ceilings, closed);
                    self.expected(done);
                }
                return None;
            }
            Step::Settle => {
                self.settle();
                return None;
            }
            Step::Crash { long, size } => {
                self.crash(side(long), size);
                return None;
            }
            Step::AddMargin { position, amount } => {
                let owner = self.owner(position)?;
                self.x.add_margin(&owner, position, amount)
            }
            Step::Close { position, now } => {
                let owner = self.owner(position)?;
                let placed = self.x.order_close(&owner, position);
                self.filled(placed, now)
            }
            Step::LiquidateAll => {
                self.liquidate_all();
                return None;
            }
            Step::Jump { percent } => {
                self.step(Step::Price { percent });
                self.liquidate_all();
                return None;
            }
            Step::Deleverage { back, limit } => {
                let (shortfall, limit) = (x.last_shortfall(back), Some(limit));
                x.run("keeper", ExecuteMsg::Deleverage { shortfall, limit })
            }
            Step::Send { back } => {
                x.wait(Seconds::MINUTE, &text(self.price));
                x.send_again(x.last_shortfall(back))
            }
            Step::SettleAll => {
                x.wait(Seconds::DAY, &text(self.price));
                for claim in 1..=x.pool().ledger.shortfalls {
                    // The vault's own rules may refuse this.
                    let _ = x.vault("keeper", VaultMsg::SettleClaim { claim });
                }
                return None;
            }
            Step::Book { back } => x.book(x.last_shortfall(back)),
            Step::Compensate { who } => x.compensate(TRADERS[who]),
            Step::Withdraw { who } => x.run(TRADERS[who], ExecuteMsg::Withdraw {}),
            Step::Add { who, amount, now } => {
                let placed = x.order_add(PROVIDERS[who], amount, None);
                self.filled(placed, now)
            }
            Step::Remove { who, part, now } => {
                let shares = x.shares(PROVIDERS[who]) * part / 100;
                let placed = x.order_remove(PROVIDERS[who], shares, None);
                self.filled(placed, now)
            }
            Step::Price { percent } => {
                self.price = (self.price * percent / 100).clamp(ONE / 10, 1_000 * ONE);
                x.price(&text(self.price));
                return None;
            }
            Step::WriteOff { back } => x.write_off(x.last_shortfall(back)),
            Step::Around { deal, back } => {
                self.around(deal, back);
                return None;
            }
            Step::Wait { hours } => {
                x.wait(Seconds::hours(hours), &text(self.price));
                return None;
            }
        })
    }

    /// Executes an order that was placed, if it is to be now.
    fn filled(&mut self, placed: AnyResult<AppResponse>, now: bool) -> AnyResult<AppResponse> {
        self.reached.note(&placed);
        match placed {
            Ok(placed) if now => {
                let done = self.x.w.filled(placed);
                self.x.sane();
                done
            }
            other => other,
        }
    }

    /// The numbers of the orders that wait.
    fn orders(&self) -> Vec<u64> {
        let page: OrdersResponse = self.x.ask(QueryMsg::Orders {
            owner: None,
            start_after: None,
            limit: Some(30),
        });
        page.orders.iter().map(|row| row.order).collect()
    }

    fn return_all(&mut self) {
        self.x.wait(Seconds::HOUR, &text(self.price));
        for order in self.orders() {
            let done = self.x.run("anyone", ExecuteMsg::ReturnOrder { order });
            self.reached.note(&done);
            done.unwrap_or_else(|error| panic!("order {order} stays: {error:#}"));
        }
    }

    /// What is lent to a position, less what it missed before, lifts no leaver.
    fn lend(&mut self, position: u64) {
        let at = Price(text(self.price).parse().unwrap());
        let missing = |row: &PositionResponse| row.record.exposure.equity(at).unwrap().missing();
        let positions = self.x.positions().positions;
        let sunken = positions.iter().find(|row| !missing(row).is_zero());
        let position = sunken.map_or(position, |row| row.position);
        let Some(owner) = self.owner(position) else { return };
        let equity = |run: &Self| {
            let pool: PoolResponse = run.x.ask(QueryMsg::Pool { price: Some(at) });
            pool.equity.map(Assets::u128)
        };
        let Some(before) = equity(self) else { return };
        let missed = missing(&self.x.position(position).unwrap()).u128();
        self.x.add_margin(&owner, position, 50_000 * ONE).unwrap();
        let after = equity(self).unwrap();
        assert!(after <= before + missed, "{after} > {before} + {missed}");
        count(&self.reached.lent, 1);
        count(&self.reached.lent_to_sunken, (missed > 0) as usize);
    }

    /// Three are opened with little margin, the price leaves them behind, keepers
    /// close them, and a minute later what they left is sent together.
    fn crash(&mut self, side: Side, size: u128) {
        for trader in TRADERS {
            let margin = size * self.price / ONE * 12 / 100;
            let placed = self.x.order(trader, side, size, margin, None);
            let done = self.filled(placed, true);
            self.expected(done);
        }
        let percent = if side == Side::Long { 60 } else { 150 };
        self.step(Step::Price { percent });
        self.liquidate_all();
        let sent = self.step(Step::Send { back: 0 });
        sent.into_iter().for_each(|sent| self.expected(sent));
    }

    /// Nobody has a price for more than a week, and everyone gets out all the same.
    fn settle(&mut self) {
        self.x.w.advance(Seconds::days(8));
        let announced = self.x.run("anyone", ExecuteMsg::AnnounceSettlement {});
        let announced = announced.unwrap();
        if emitted::<SettlementAnnounced>(&announced).is_empty() {
            return;
        }
        self.x.w.advance(Seconds::days(3));
        for row in self.x.positions().positions {
            let position = row.position;
            let done = self.x.run("anyone", ExecuteMsg::Settle { position });
            count(&self.reached.settled, emitted::<Settled>(&done.unwrap()).len());
        }
        for _ in 0..3 {
            self.x.price(&text(self.price));
        }
        let off = self.x.run("anyone", ExecuteMsg::AnnounceSettlement {});
        self.expected(off);
    }

    /// Who comes and leaves as soon as may gains nothing but rounding.
    fn around(&mut self, deal: Deal, back: u64) {
        let before = self.x.balance("eve");
        let had = self.x.shares("eve");
        if self.x.add_liquidity("eve", 200_000 * ONE, None).is_err() {
            return;
        }
        let bought = self.x.shares("eve") - had;
        let id = self.x.last_shortfall(back);
        let done = match deal {
            Deal::LiquidateAll => {
                self.liquidate_all();
                None
            }
            Deal::Deleverage => Some(self.x.deleverage(id)),
            Deal::Send => Some(self.x.send_again(id)),
            Deal::Book => Some(self.x.book(id)),
            Deal::WriteOff => Some(self.x.write_off(id)),
        };
        if let Some(done) = done {
            self.expected(done);
        }
        let earns = self.slipping && matches!(deal, Deal::LiquidateAll);
        if bought > 0 && self.x.remove_liquidity("eve", bought).is_ok() && !earns {
            let after = self.x.balance("eve");
            assert!(after <= before + 2, "{} by {deal:?}", after - before);
            count(&self.reached.came_and_left, 1);
        }
    }

    fn liquidate_all(&mut self) {
        for row in self.x.positions().positions {
            let done = self.x.liquidate(row.position);
            self.expected(done);
        }
    }

    /// Refusals may be for what was asked, never for arithmetic or lack of money
    /// that is owed.
    fn expected(&self, result: AnyResult<AppResponse>) {
        self.reached.note(&result);
        let Err(error) = result else { return };
        let text = format!("{error:#}");
        if let Ok(refused) = error.downcast::<ContractError>() {
            let broken = matches!(
                refused,
                ContractError::Math(_)
                    | ContractError::Overflow(_)
                    | ContractError::Std(_)
                    | ContractError::UnknownReply { .. }
            );
            assert!(!broken, "{text}");
        }
    }

    /// The name of a position's owner.
    fn owner(&mut self, position: u64) -> Option<String> {
        let owner = self.x.position(position)?.record.owner;
        let name = TRADERS.into_iter().find(|name| self.x.w.addr(name) == owner)?;
        Some(name.to_string())
    }

    /// Everyone leaves, and is paid.
    fn drain(&mut self) {
        self.return_all();
        // A trip may have to end first.
        for _ in 0..60 {
            self.x.price(&text(self.price));
        }
        loop {
            let positions = self.x.positions().positions;
            if positions.is_empty() {
                break;
            }
            for row in positions {
                let number = row.position;
                if self.x.liquidate(number).is_err() {
                    let owner = self.owner(number).unwrap();
                    let closed = self.x.close(&owner, number);
                    closed.unwrap_or_else(|error| panic!("position {number} cannot leave: {error:#}"));
                    assert!(self.x.position(number).is_none(), "position {number} stays");
                }
            }
        }
        self.x.price(&text(self.price));
        for id in 1..=self.x.pool().ledger.shortfalls {
            let sent = self.x.send_again(id);
            self.expected(sent);
        }
        let x = &mut self.x;
        x.wait(Seconds::days(2), &text(self.price));
        // After a leap a level has to stand for hours before the trip ends.
        for _ in 0..1_000 {
            if x.market().trip().is_none() {
                break;
            }
            x.price(&text(self.price));
        }
        for claim in 1..=x.pool().ledger.shortfalls {
            let _ = x.vault("keeper", VaultMsg::SettleClaim { claim });
            let _ = x.book(claim);
        }
        for who in TRADERS.into_iter().chain(PROVIDERS) {
            let _ = x.compensate(who);
            let _ = x.run(who, ExecuteMsg::Withdraw {});
        }
        // Nobody makes good any more what is still missing.
        x.wait(Seconds::days(31), &text(self.price));
        for id in 1..=x.pool().ledger.shortfalls {
            let done = self.x.write_off(id);
            self.expected(done);
        }
        let x = &mut self.x;
        assert_eq!(x.pool().ledger.missing, Assets::ZERO);
        let mut dust = 100;
        for provider in PROVIDERS {
            let shares = x.shares(provider);
            if shares > 0 {
                let before = x.pool().ledger.cash.u128();
                x.remove_liquidity(provider, shares).unwrap();
                // The virtual shares' part, at the price that the last one got.
                let paid = before - x.pool().ledger.cash.u128();
                dust = 100 + VIRTUAL_SHARES.u128() * (paid + 1) / shares;
            }
        }
        let ledger = x.pool().ledger;
        assert_eq!((ledger.credits, ledger.ordered), (Assets::ZERO, Assets::ZERO));
        // What is left is the insurance fund and dust.
        assert!(ledger.compensation.u128() < 100, "{ledger:?}");
        assert!(ledger.cash.u128() < dust, "{ledger:?}: {dust}");
        assert!(!ledger.has_positions());
    }
}

fn worlds() -> impl Strategy<Value = (WorldChoice, Vec<Step>)> {
    let gather = prop_oneof![Just(1u32), Just(3), Just(20)];
    let choice = (any::<bool>(), any::<bool>(), 0..4u8, gather);
    let choice = choice.prop_map(|(cw20, slipping, cover, gather)| WorldChoice {
        cw20,
        slipping,
        cover,
        gather,
    });
    let steps = proptest::collection::vec(step(), 1..80);
    (choice, steps, prop::bool::weighted(0.2)).prop_map(|(choice, mut steps, settle)| {
        // A settlement takes 11 days, so there is one a sequence at most.
        if settle {
            steps.insert(steps.len() / 2, Step::Settle);
        }
        (choice, steps)
    })
}

#[derive(Debug, Clone, Copy)]
struct WorldChoice {
    cw20: bool,
    slipping: bool,
    cover: u8,
    gather: u32,
}

impl WorldChoice {
    fn build(self) -> Exchange {
        let mut builder: WorldBuilder = plain(World::builder());
        if self.cw20 {
            builder = builder.cw20_asset();
        }
        if self.slipping {
            builder = builder.perps(|p| {
                *p = Params {
                    depth: Assets::new(50_000 * ONE),
                    adl_cap: 2,
                    min_notional: Assets::new(ONE),
                    order_fee: Assets::new(ONE / 100),
                    min_stay: Seconds::HOUR,
                    ..Params::default()
                }
            });
            builder = builder.loose();
        }
        builder = builder.perps(|p| p.gather_count = self.gather);
        builder = match self.cover {
            0 => builder.without_policy(),
            1 => builder.policy(|t| t.instant = Assets::new(100 * ONE)),
            2 => builder.policy(|t| {
                t.instant = Assets::ZERO;
                t.deductible = Assets::new(300 * ONE);
            }),
            _ => builder,
        };
        let builder = builder.seed(|seed| seed.liquidity = 20_000 * ONE);
        Exchange { w: builder.build() }
    }
}

#[test]
fn whatever_people_do_the_books_hold_and_everyone_is_paid() {
    let reached = Reached::default();
    let mut runner = TestRunner::new(ProptestConfig {
        cases: 160,
        max_shrink_iters: 200,
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "tests/sequences.proptest-regressions",
        ))),
        ..ProptestConfig::default()
    });
    let ran = runner.run(&worlds(), |(choice, steps)| {
        let mut run = Run {
            x: choice.build(),
            reached: &reached,
            price: 10 * ONE,
            slipping: choice.slipping,
        };
        for step in steps {
            if let Some(result) = run.step(step) {
                run.expected(result);
            }
        }
        run.drain();
        Ok(())
    });
    ran.unwrap_or_else(|failed| panic!("{failed}"));
    let text = format!("{reached:?}");
    println!("{text}");
    assert!(!text.contains("value: 0 "), "something was never reached: {text}");
}
