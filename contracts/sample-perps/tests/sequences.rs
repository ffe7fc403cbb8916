//! Random sequences of everything that people do, against the real vault and
//! breaker: the invariants are true after every step, nothing is refused for a
//! reason that it should not be, and in the end everyone is paid.

mod support;

use backstop_core::perps::Side;
use backstop_core::perps::lp::VIRTUAL_SHARES;
use backstop_testing::{World, WorldBuilder};
use backstop_types::vault::ExecuteMsg as VaultMsg;
use backstop_types::{Assets, Seconds};
use cw_multi_test::AppResponse;
use cw_multi_test::error::AnyResult;
use proptest::prelude::*;
use sample_perps::msg::ExecuteMsg;
use sample_perps::{ContractError, Params};
use support::{Exchange, ONE, plain};

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
    },
    AddMargin {
        position: u64,
        amount: u128,
    },
    Close {
        position: u64,
    },
    LiquidateAll,
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
    },
    Remove {
        who: usize,
        part: u128,
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
        6 => (0..3usize, any::<bool>(), ONE..300 * ONE, 8..60u128)
            .prop_map(|(who, long, size, margin)| Step::Open { who, long, size, margin }),
        1 => (1..12u64, amount.clone()).prop_map(|(position, amount)| Step::AddMargin { position, amount }),
        3 => (1..12u64).prop_map(|position| Step::Close { position }),
        1 => Just(Step::LiquidateAll),
        6 => (0..3u64, 1..4u32).prop_map(|(back, limit)| Step::Deleverage { back, limit }),
        1 => (0..3u64).prop_map(|back| Step::Send { back }),
        2 => Just(Step::SettleAll),
        3 => (0..3u64).prop_map(|back| Step::Book { back }),
        3 => (0..3usize).prop_map(|who| Step::Compensate { who }),
        1 => (0..3usize).prop_map(|who| Step::Withdraw { who }),
        1 => (0..2usize, amount).prop_map(|(who, amount)| Step::Add { who, amount }),
        1 => (0..2usize, 1..=100u128).prop_map(|(who, part)| Step::Remove { who, part }),
        4 => prop_oneof![30..80u128, 80..120u128, 120..180u128].prop_map(|percent| Step::Price { percent }),
        3 => prop_oneof![30..80u128, 120..180u128].prop_map(|percent| Step::Jump { percent }),
        1 => (1..30u64).prop_map(|hours| Step::Wait { hours }),
        1 => (0..3u64).prop_map(|back| Step::WriteOff { back }),
        4 => (deal(), 0..3u64).prop_map(|(deal, back)| Step::Around { deal, back }),
    ]
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

struct Run {
    x: Exchange,
    price: u128,
    /// Whether closings pay the pool for their slippage.
    slipping: bool,
}

impl Run {
    fn step(&mut self, step: Step) -> Option<AnyResult<AppResponse>> {
        let x = &mut self.x;
        let side = |long| if long { Side::Long } else { Side::Short };
        Some(match step {
            Step::Open {
                who,
                long,
                size,
                margin,
            } => {
                let margin = size * self.price / ONE * margin / 100;
                x.open_at(TRADERS[who], side(long), size, margin, None)
            }
            Step::AddMargin { position, amount } => {
                let owner = self.owner(position)?;
                self.x.add_margin(&owner, position, amount)
            }
            Step::Close { position } => {
                let owner = self.owner(position)?;
                self.x.close(&owner, position)
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
            Step::Send { back } => x.send_again(x.last_shortfall(back)),
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
            Step::Add { who, amount } => x.add_liquidity(PROVIDERS[who], amount, None),
            Step::Remove { who, part } => {
                let shares = x.shares(PROVIDERS[who]) * part / 100;
                x.remove_liquidity(PROVIDERS[who], shares)
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

    /// Who is there for one block gains nothing but rounding.
    fn around(&mut self, deal: Deal, back: u64) {
        let before = self.x.balance("eve");
        let had = self.x.shares("eve");
        if self.x.add_liquidity("eve", 200_000 * ONE, None).is_err() {
            return;
        }
        let bought = self.x.shares("eve") - had;
        let id = self.x.last_shortfall(back);
        match deal {
            Deal::LiquidateAll => self.liquidate_all(),
            Deal::Deleverage => expected(self.x.deleverage(id)),
            Deal::Send => expected(self.x.send_again(id)),
            Deal::Book => expected(self.x.book(id)),
            Deal::WriteOff => expected(self.x.write_off(id)),
        }
        let earns = self.slipping && matches!(deal, Deal::LiquidateAll);
        if self.x.remove_liquidity("eve", bought).is_ok() && !earns {
            let after = self.x.balance("eve");
            assert!(after <= before + 2, "{} by {deal:?}", after - before);
        }
    }

    fn liquidate_all(&mut self) {
        for row in self.x.positions().positions {
            expected(self.x.liquidate(row.position));
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
        // A trip may have to end first.
        for _ in 0..60 {
            self.x.price(&text(self.price));
        }
        let x = &mut self.x;
        for row in x.positions().positions {
            let number = row.position;
            if x.liquidate(number).is_err() {
                let owner = row.record.owner;
                let close = ExecuteMsg::Close {
                    position: number,
                    limit: None,
                };
                let perps = x.w.perps.clone();
                x.w.execute(&owner, &perps, &close, &[])
                    .unwrap_or_else(|error| panic!("position {number} cannot leave: {error:#}"));
            }
        }
        x.wait(Seconds::days(2), &text(self.price));
        for claim in 1..=x.pool().ledger.shortfalls {
            let _ = x.vault("keeper", VaultMsg::SettleClaim { claim });
            let _ = x.book(claim);
        }
        for trader in TRADERS {
            let _ = x.compensate(trader);
            let _ = x.run(trader, ExecuteMsg::Withdraw {});
        }
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
        assert_eq!(ledger.credits, Assets::ZERO);
        // What is left is the insurance fund and dust.
        assert!(ledger.compensation.u128() < 100, "{ledger:?}");
        assert!(ledger.cash.u128() < dust, "{ledger:?}: {dust}");
        assert!(!ledger.has_positions());
    }
}

/// Refusals may be for what was asked, never for arithmetic or lack of money
/// that is owed.
fn expected(result: AnyResult<AppResponse>) {
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

fn worlds() -> impl Strategy<Value = (WorldChoice, Vec<Step>)> {
    let choice = (any::<bool>(), any::<bool>(), 0..4u8).prop_map(|(cw20, slipping, cover)| WorldChoice {
        cw20,
        slipping,
        cover,
    });
    (choice, proptest::collection::vec(step(), 1..80))
}

#[derive(Debug, Clone, Copy)]
struct WorldChoice {
    cw20: bool,
    slipping: bool,
    cover: u8,
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
                    ..Params::default()
                }
            });
        }
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn whatever_people_do_the_books_hold_and_everyone_is_paid((choice, steps) in worlds()) {
        let mut run = Run { x: choice.build(), price: 10 * ONE, slipping: choice.slipping };
        for step in steps {
            if let Some(result) = run.step(step) {
                expected(result);
            }
        }
        run.drain();
    }
}
