//! A shortfall from its beginning to its settlement, by the test accounts: what a
//! newcomer watches on a real chain.

use backstop_chain::Committed;
use backstop_core::perps::Size;
use backstop_types::events::all_of;
use backstop_types::events::perps::{
    ActionDenied, OrderPlaced, OrderRefused, ShortfallAnswered, ShortfallSent,
};
use backstop_types::events::vault::ClaimSettled;
use backstop_types::vault::{self, ClaimResponse, PoolResponse};
use backstop_types::{Assets, Price, Side};
use cosmwasm_std::{Coin, Decimal};
use sample_perps::msg::{ExecuteMsg, PositionsResponse, QueryMsg};

use crate::error::{Error, Result};
use crate::play::Play;

const ASSET: &str = "uusd";
/// Base units of a whole one.
const ONE: u128 = 1_000_000;

/// Tells what happens, step by step, and does it.
pub struct Crash<'a> {
    play: &'a Play<'a>,
    exchange: String,
    tell: &'a dyn Fn(&str),
}

impl<'a> Crash<'a> {
    /// On a network with the exchange.
    ///
    /// # Errors
    /// If it has none.
    pub fn new(play: &'a Play<'a>, tell: &'a dyn Fn(&str)) -> Result<Self> {
        let exchange = play
            .localnet
            .addresses
            .exchange
            .clone()
            .ok_or_else(|| Error::NotDeployed {
                home: play.network.home().to_path_buf(),
            })?;
        Ok(Self { play, exchange, tell })
    }

    /// A pool, a long of 20,000 ATOM at 10, a fall to 5.5, and what the backstop does.
    ///
    /// # Errors
    /// The chain's, or where a step did not do what it is for.
    pub fn run(&self) -> Result<()> {
        self.prices("10")?;
        self.prepare()?;
        self.prices("5.5")?;
        let position = self.position()?;
        let closed = self.allowed(
            "the keeper liquidates the long",
            &ExecuteMsg::Liquidate { position },
        )?;
        let answered = self.ask_the_vault(closed)?;
        self.settle(&answered)?;
        self.end()
    }

    fn prepare(&self) -> Result<()> {
        let (min_shares, receiver, lifetime) = (None, None, None);
        let vault = self.play.localnet.addresses.vault.clone();
        let deposit = vault::ExecuteMsg::Deposit { min_shares, receiver };
        for (who, amount) in [("alice", 100_000), ("bob", 50_000)] {
            let paid = self.play.execute(who, &vault, &deposit, &coins(amount))?;
            self.say(&format!("{who} stakes {amount} USD"), &paid);
        }
        let add = ExecuteMsg::AddLiquidity { min_shares, lifetime };
        self.order(
            "provider",
            "the provider adds 300,000 USD of liquidity",
            &add,
            300_000,
        )?;
        let (side, size, limit) = (Side::Long, Size::new(20_000 * ONE), None);
        let open = ExecuteMsg::Open {
            side,
            size,
            limit,
            lifetime,
        };
        self.order(
            "trader",
            "the trader is long 20,000 ATOM at 10 with 53,000 USD",
            &open,
            53_000,
        )
    }

    /// Places an order and lets the keeper execute it at a price from after it.
    fn order(&self, who: &str, what: &str, msg: &ExecuteMsg, amount: u128) -> Result<()> {
        let placed = self.play.execute(who, &self.exchange, msg, &coins(amount))?;
        let orders: Vec<OrderPlaced> = read(&placed)?;
        let order = orders.first().map(|placed| placed.order);
        self.say(what, &placed);
        if let Some(order) = order {
            self.wait(40)?;
            self.prices("10")?;
            self.allowed(
                "  the keeper executes the order",
                &ExecuteMsg::ExecuteOrder { order },
            )?;
        }
        Ok(())
    }

    /// The keeper's message, which the breaker must allow.
    fn allowed(&self, what: &str, msg: &ExecuteMsg) -> Result<Committed> {
        let done = self.play.execute("keeper", &self.exchange, msg, &[])?;
        let denied: Vec<ActionDenied> = read(&done)?;
        if let Some(denied) = denied.first() {
            return Err(Error::Story {
                step: what.trim().to_string(),
                why: format!("the breaker denies it: {:?}", denied.reasons.list()),
            });
        }
        let refused: Vec<OrderRefused> = read(&done)?;
        if let Some(refused) = refused.into_iter().next() {
            return Err(Error::Story {
                step: what.trim().to_string(),
                why: refused.reason,
            });
        }
        self.say(what, &done);
        Ok(done)
    }

    fn position(&self) -> Result<u64> {
        let (owner, price, start_after, limit) = (None, None, None, None);
        let ask = QueryMsg::Positions {
            owner,
            price,
            start_after,
            limit,
        };
        let open: PositionsResponse = self.play.ask(&self.exchange, &ask)?;
        let last = open.positions.last().map(|position| position.position);
        last.ok_or_else(|| Error::Story {
            step: "looking for the long".to_string(),
            why: "there is none".to_string(),
        })
    }

    /// The exchange gathers its closings for a minute; then anyone sends the shortfall.
    fn ask_the_vault(&self, closed: Committed) -> Result<ShortfallAnswered> {
        let answered: Vec<ShortfallAnswered> = read(&closed)?;
        if let Some(answered) = answered.into_iter().next() {
            return self.answered(answered);
        }
        self.wait(61)?;
        self.prices("5.5")?;
        let shortfall = self.open_shortfall()?;
        let sent = self.allowed(
            "the keeper sends the exchange's shortfall",
            &ExecuteMsg::SendShortfall { shortfall },
        )?;
        let asked: Vec<ShortfallSent> = read(&sent)?;
        let answered: Vec<ShortfallAnswered> = read(&sent)?;
        let answered = answered.into_iter().next().ok_or_else(|| Error::Story {
            step: "sending the shortfall".to_string(),
            why: format!("the vault did not answer {asked:?}"),
        })?;
        self.answered(answered)
    }

    fn answered(&self, answered: ShortfallAnswered) -> Result<ShortfallAnswered> {
        let ShortfallAnswered {
            paid,
            pending,
            deductible,
            uncovered,
            ..
        } = &answered;
        (self.tell)(&format!(
            "  in its reply the exchange reads: {} USD paid, {} pending, {} deductible, {} uncovered",
            whole(*paid),
            whole(*pending),
            whole(*deductible),
            whole(*uncovered),
        ));
        Ok(answered)
    }

    fn open_shortfall(&self) -> Result<u64> {
        let (start_after, limit) = (None, None);
        let ask = QueryMsg::Shortfalls { start_after, limit };
        let open: sample_perps::msg::ShortfallsResponse = self.play.ask(&self.exchange, &ask)?;
        let last = open.shortfalls.last().map(|shortfall| shortfall.shortfall);
        last.ok_or_else(|| Error::Story {
            step: "looking for the shortfall".to_string(),
            why: "the loss was less than the margin and the insurance".to_string(),
        })
    }

    fn settle(&self, answered: &ShortfallAnswered) -> Result<()> {
        let Some(claim) = answered.claim.filter(|_| answered.pending > Assets::ZERO) else {
            return Ok(());
        };
        let vault = self.play.localnet.addresses.vault.clone();
        let record: ClaimResponse = self.play.ask(&vault, &vault::QueryMsg::Claim { claim })?;
        let wait = record.payable_at.seconds().saturating_sub(self.play.now()?);
        self.wait(wait.saturating_add(1))?;
        self.prices("5.5")?;
        let settled = self
            .play
            .execute("keeper", &vault, &vault::ExecuteMsg::SettleClaim { claim }, &[])?;
        let outcomes: Vec<ClaimSettled> = read(&settled)?;
        for settled_claim in &outcomes {
            let ClaimSettled {
                claim,
                outcome,
                amount,
                ..
            } = settled_claim;
            self.say(
                &format!(
                    "anyone settles claim {claim}: {outcome:?}, {} USD",
                    whole(*amount)
                ),
                &settled,
            );
        }
        let book = ExecuteMsg::BookClaim {
            shortfall: answered.shortfall,
        };
        self.allowed("the exchange books what it got", &book)?;
        Ok(())
    }

    fn end(&self) -> Result<()> {
        let pool: PoolResponse = self
            .play
            .ask(&self.play.localnet.addresses.vault, &vault::QueryMsg::Pool {})?;
        (self.tell)(&format!(
            "the vault has {} USD for {} shares: one share is worth {}",
            whole(pool.assets),
            pool.shares.u128() / ONE,
            pool.share_price
        ));
        Ok(())
    }

    fn prices(&self, price: &str) -> Result<()> {
        let parsed: Decimal = price.parse().map_err(|_| Error::Setting {
            field: "price",
            value: price.to_string(),
            bound: "a number above 0".to_string(),
        })?;
        self.play.price(Price(parsed))?;
        (self.tell)(&format!("all sources say {price}"));
        Ok(())
    }

    fn wait(&self, seconds: u64) -> Result<()> {
        self.play.network.advance(seconds)?;
        (self.tell)(&format!("  {seconds} s pass: the chain's clock is moved ahead"));
        Ok(())
    }

    fn say(&self, what: &str, done: &Committed) {
        (self.tell)(&format!("{what}: block {}, {} gas", done.height, done.gas_used));
    }
}

fn coins(whole: u128) -> Vec<Coin> {
    vec![Coin::new(whole.saturating_mul(ONE), ASSET)]
}

fn whole(amount: Assets) -> String {
    Decimal::from_atomics(amount.u128(), 6).map_or_else(|_| amount.to_string(), |whole| whole.to_string())
}

fn read<T>(done: &Committed) -> Result<Vec<T>>
where
    T: for<'e> TryFrom<&'e cosmwasm_std::Event, Error = backstop_types::events::EventError>,
{
    all_of(&done.events).map_err(|error| Error::Story {
        step: done.hash.clone(),
        why: error.to_string(),
    })
}
