//! A whole backstop in memory. Every message goes through [`World::execute`],
//! which looks at every invariant afterwards, but where only a price source or the
//! breaker ran: neither holds money.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use backstop_core::perps::{Side, Size};
use backstop_types::breaker::Source;
use backstop_types::events::perps::OrderPlaced;
use backstop_types::vault::{ExecuteMsg, HookMsg, PolicyTerms};
use backstop_types::{Assets, Denom, Price, Seconds, Shares};
use cosmwasm_std::{Addr, Coin, CosmosMsg, QuerierWrapper, StdResult, Uint128, from_json, to_json_binary};
use cw_multi_test::error::{AnyError, AnyResult};
use cw_multi_test::{App, AppResponse, BankSudo, Executor, SudoMsg};
use cw20::Cw20ExecuteMsg;
use sample_perps::msg as perps;
use serde::{Serialize, de::DeserializeOwned};

use crate::builder::POCKET;
use crate::emitted::only_of;
use crate::invariants::{Subjects, Violation, Watcher};
use crate::{Codes, WorldBuilder, emitted, read_of};

/// Vault, distributor, breaker and exchange, wired together, with oracles.
pub struct World {
    /// The chain.
    pub app: App,
    /// Which code is what.
    pub codes: Codes,
    /// Owns every contract.
    pub owner: Addr,
    /// Guards vault and breaker.
    pub guardian: Addr,
    /// The settlement token of vault and exchange.
    pub asset: Denom,
    /// The market's name.
    pub market: String,
    /// The vault.
    pub vault: Addr,
    /// Its distributor.
    pub distributor: Addr,
    /// The breaker, or what stands in for none.
    pub breaker: Addr,
    /// The exchange, a policyholder unless it was built without a policy.
    pub perps: Addr,
    /// The Pyth contract.
    pub pyth: Addr,
    /// The market's sources.
    pub sources: Vec<Source<String>>,
    /// Shortfalls sent by [`World::shortfall`] so far. They begin far from those
    /// of the exchange.
    pub(crate) shortfalls: u64,
    pub(crate) published: u64,
    /// The price that all sources were given last.
    pub(crate) quoted: String,
    /// What was sent to the vault without being deposited. Set it to `None` in
    /// a test that sends some by other means than [`World::stray`].
    pub stray: Option<u128>,
    /// Whether the asset can be transferred. Clear it in a test whose token
    /// fails: exits may fail then.
    pub asset_works: bool,
    /// Whether the shipped breaker is in place, rather than the one that judges
    /// nothing.
    pub breaker_on: bool,
    /// Broken invariants, if they are collected.
    pub violations: Vec<Violation>,
    /// Where time went so far.
    pub spent: Spent,
    pub(crate) collect: bool,
    pub(crate) known: BTreeMap<String, Addr>,
    pub(crate) watcher: Option<Watcher>,
}

/// How long the parts of a simulated chain took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spent {
    /// The contracts, with the simulator that runs them.
    pub contracts: Duration,
    /// Looking at the invariants.
    pub invariants: Duration,
}

impl World {
    /// A builder with a default for everything.
    pub fn builder() -> WorldBuilder {
        WorldBuilder::default()
    }

    /// The account of this name, funded when it is first named.
    pub fn addr(&mut self, name: &str) -> Addr {
        if let Some(known) = self.known.get(name) {
            return known.clone();
        }
        let account = self.app.api().addr_make(name);
        self.known.insert(name.to_string(), account.clone());
        self.mint(&account, POCKET);
        account
    }

    /// Gives an account `amount` of the asset.
    pub fn mint(&mut self, account: &Addr, amount: Uint128) {
        match self.asset.clone() {
            Denom::Native(denom) => self.mint_native(account, &denom, amount.u128()),
            Denom::Cw20(token) => {
                let msg = Cw20ExecuteMsg::Mint {
                    recipient: account.to_string(),
                    amount,
                };
                let owner = self.owner.clone();
                self.app.execute_contract(owner, token, &msg, &[]).unwrap();
            }
        }
    }

    /// Gives an account coins of any denom of the bank.
    pub fn mint_native(&mut self, account: &Addr, denom: &str, amount: u128) {
        let minted = self.app.sudo(SudoMsg::Bank(BankSudo::Mint {
            to_address: account.to_string(),
            amount: vec![Coin::new(amount, denom)],
        }));
        minted.unwrap();
    }

    /// Sends a message, then reads every event that one of the world's own contracts
    /// emitted and checks every invariant: a panic names the event that is in no
    /// table, or lists the invariants that are broken, unless they are collected.
    /// Events of a foreign contract are left alone.
    pub fn execute<M: Serialize + std::fmt::Debug>(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        msg: &M,
        funds: &[Coin],
    ) -> AnyResult<AppResponse> {
        let begun = Instant::now();
        let result = self
            .app
            .execute_contract(sender.clone(), contract.clone(), msg, funds);
        self.spent.contracts += begun.elapsed();
        if result.is_err() && *contract == self.vault && funds.is_empty() && self.asset_works {
            self.judge_refusal(sender, msg);
        }
        self.settle(sender, &result);
        result
    }

    /// Sends any message of the chain, such as a bank transfer, then checks
    /// every invariant.
    pub fn send(&mut self, sender: &Addr, msg: CosmosMsg) -> AnyResult<AppResponse> {
        let begun = Instant::now();
        let result = self.app.execute(sender.clone(), msg);
        self.spent.contracts += begun.elapsed();
        self.settle(sender, &result);
        result
    }

    /// Calls `contract` with `amount` of the asset: with coins as `msg`, or by
    /// the token's `Send` with `hook`.
    pub fn send_asset(
        &mut self,
        sender: &Addr,
        contract: &Addr,
        amount: u128,
        msg: &impl Serialize,
        hook: &impl Serialize,
    ) -> AnyResult<AppResponse> {
        let msg = self.asset.call(contract, Uint128::new(amount), msg, hook)?;
        self.send(sender, msg)
    }

    /// Sends `amount` of the asset to the vault without depositing it.
    pub fn stray(&mut self, sender: &Addr, amount: u128) -> AnyResult<AppResponse> {
        let msg = self.asset.send(&self.vault, Uint128::new(amount))?;
        self.stray = self.stray.map(|stray| stray + amount);
        self.send(sender, msg)
    }

    /// Deposits in the vault.
    pub fn deposit(&mut self, staker: &Addr, amount: u128) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::Deposit {
            min_shares: None,
            receiver: None,
        };
        let hook = HookMsg::Deposit {
            min_shares: None,
            receiver: None,
        };
        self.send_asset(staker, &self.vault.clone(), amount, &msg, &hook)
    }

    /// Has the DAO grant a derivatives contract cover for one of its markets.
    pub fn grant_policy(
        &mut self,
        policyholder: &Addr,
        market: &str,
        terms: PolicyTerms,
    ) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::AddPolicy {
            policyholder: policyholder.to_string(),
            market: market.to_string(),
            terms,
        };
        let owner = self.owner.clone();
        self.execute(&owner, &self.vault.clone(), &msg, &[])
    }

    /// Opens a ticket for shares of the vault.
    pub fn unbond(&mut self, staker: &Addr, shares: u128) -> AnyResult<AppResponse> {
        let shares = Some(Shares::new(shares));
        self.execute(
            staker,
            &self.vault.clone(),
            &ExecuteMsg::Unbond {
                shares,
                auto_withdraw: None,
            },
            &[],
        )
    }

    /// Withdraws all tickets that are ready, as many as one message takes.
    pub fn withdraw(&mut self, staker: &Addr) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::Withdraw {
            tickets: None,
            min_assets: None,
            limit: Some(30),
            staker: None,
        };
        self.execute(staker, &self.vault.clone(), &msg, &[])
    }

    /// Sends a shortfall as `policyholder` would, with the next number that no
    /// shortfall sent so had.
    pub fn shortfall(
        &mut self,
        policyholder: &Addr,
        amount: u128,
        price: Option<&str>,
    ) -> AnyResult<AppResponse> {
        self.shortfalls += 1;
        self.shortfall_numbered(policyholder, self.shortfalls, amount, price)
    }

    /// The number of the last shortfall sent so.
    pub fn shortfalls_sent(&self) -> u64 {
        self.shortfalls
    }

    /// Sends a shortfall with a number of the caller's.
    pub fn shortfall_numbered(
        &mut self,
        policyholder: &Addr,
        shortfall: u64,
        amount: u128,
        price: Option<&str>,
    ) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::CoverShortfall {
            shortfall,
            market: self.market.clone(),
            amount: Assets::new(amount),
            price: price.map(|price| Price(price.parse().unwrap())),
        };
        self.execute(policyholder, &self.vault.clone(), &msg, &[])
    }

    /// Adds to the exchange's liquidity pool; where that takes an order, executes it.
    pub fn add_liquidity(&mut self, provider: &Addr, amount: u128) -> AnyResult<AppResponse> {
        let (min_shares, lifetime) = (None, None);
        let msg = perps::ExecuteMsg::AddLiquidity { min_shares, lifetime };
        let hook = perps::HookMsg::AddLiquidity { min_shares, lifetime };
        let placed = self.send_asset(provider, &self.perps.clone(), amount, &msg, &hook)?;
        self.filled(placed)
    }

    /// Opens a position on the exchange: places the order and executes it.
    pub fn open(&mut self, trader: &Addr, side: Side, size: u128, margin: u128) -> AnyResult<AppResponse> {
        let (size, limit, lifetime) = (Size::new(size), None, None);
        let msg = perps::ExecuteMsg::Open {
            side,
            size,
            limit,
            lifetime,
        };
        let hook = perps::HookMsg::Open {
            side,
            size,
            limit,
            lifetime,
        };
        let placed = self.send_asset(trader, &self.perps.clone(), margin, &msg, &hook)?;
        self.filled(placed)
    }

    /// Places an order that brings nothing but this fee. A hook of the same name has the same
    /// JSON.
    pub fn order(&mut self, sender: &Addr, fee: u128, msg: &perps::ExecuteMsg) -> AnyResult<AppResponse> {
        let perps = self.perps.clone();
        match fee {
            0 => self.execute(sender, &perps, msg, &[]),
            fee => self.send_asset(sender, &perps, fee, msg, msg),
        }
    }

    /// The exchange's parameters as they are now.
    pub fn perps_params(&self) -> sample_perps::Params {
        let config: sample_perps::state::Config =
            self.query(&self.perps, &perps::QueryMsg::Config {}).unwrap();
        config.params
    }

    /// Executes the order that a message has placed, at the price of before from a
    /// second later than it waits for; the message's own response if it placed none.
    pub fn filled(&mut self, placed: AppResponse) -> AnyResult<AppResponse> {
        let Some(order) = emitted::<OrderPlaced>(&placed).first().map(|placed| placed.order) else {
            return Ok(placed);
        };
        self.wait_for_price();
        let keeper = self.addr("keeper");
        let msg = perps::ExecuteMsg::ExecuteOrder { order };
        self.execute(&keeper, &self.perps.clone(), &msg, &[])
    }

    /// Lets the sources say the same at a time at which it executes an order of now.
    pub fn wait_for_price(&mut self) {
        let delay = self.perps_params().order_delay;
        if delay.0 > 0 {
            self.next_block(delay);
        }
        self.publish_again();
    }

    /// What a contract answers to a query.
    pub fn query<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> StdResult<T> {
        self.app.wrap().query_wasm_smart(contract, msg)
    }

    /// To ask with the helpers of `backstop-types`.
    pub fn querier(&self) -> QuerierWrapper<'_> {
        self.app.wrap()
    }

    /// What an account has of the asset.
    pub fn balance(&self, account: &Addr) -> u128 {
        self.asset.balance(&self.app.wrap(), account).unwrap().u128()
    }

    /// Moves time on, and height by a block each six seconds, at least one.
    pub fn advance(&mut self, time: Seconds) {
        self.app.update_block(|block| {
            block.time = time.after(block.time);
            block.height += (time.0 / 6).max(1);
        });
        self.look();
    }

    /// Begins the next block, `time` later. Nothing is checked, since nothing
    /// but time has changed.
    pub fn next_block(&mut self, time: Seconds) {
        self.app.update_block(|block| {
            block.time = time.after(block.time);
            block.height += 1;
        });
    }

    /// Now, in seconds since the epoch.
    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// How often the invariants were checked.
    pub fn checks(&self) -> u64 {
        self.watcher.as_ref().map_or(0, Watcher::checks)
    }

    /// Checks the invariants without a message.
    pub fn look(&mut self) {
        self.watch(None);
    }

    /// Instantiates a contract with the owner as its admin.
    pub fn instantiate(&mut self, code: u64, msg: &impl Serialize, label: &str) -> AnyResult<Addr> {
        let admin = Some(self.owner.to_string());
        self.app
            .instantiate_contract(code, self.owner.clone(), msg, &[], label, admin)
    }

    pub(crate) fn by_owner<M: Serialize + std::fmt::Debug>(
        &mut self,
        contract: &Addr,
        msg: &M,
    ) -> AnyResult<()> {
        let owner = self.owner.clone();
        self.execute(&owner, contract, msg, &[]).map(drop)
    }

    /// Reads what was emitted, unless the caller collects what is broken and
    /// reads events itself, then checks every invariant.
    fn settle(&mut self, sender: &Addr, result: &AnyResult<AppResponse>) {
        if let (Ok(response), false) = (result, self.collect) {
            read_of(response, |emitter| self.is_own(emitter));
        }
        match (&mut self.watcher, result) {
            (Some(watcher), Ok(response))
                if watcher.checks() > 0 && only_of(response, &[&self.breaker, &self.pyth]) =>
            {
                watcher.untouched();
            }
            _ => self.watch(Some(sender)),
        }
    }

    /// Whether a contract is the world's: one of those that it was wired from, also
    /// after a migration, or another of their codes, such as a timelock.
    fn is_own(&self, contract: &Addr) -> bool {
        let wired = [&self.vault, &self.distributor, &self.breaker, &self.perps];
        let code = || self.app.contract_data(contract).map(|data| data.code_id);
        wired.contains(&contract) || code().is_ok_and(|code| self.codes.contains(code))
    }

    fn watch(&mut self, sender: Option<&Addr>) {
        let subjects = self.subjects();
        let Some(watcher) = &mut self.watcher else { return };
        let begun = Instant::now();
        let found = watcher.after(&self.app, &subjects, sender);
        self.spent.invariants += begun.elapsed();
        self.report(found);
    }

    /// 8: a staker who was refused must have been refused for a reason.
    fn judge_refusal<M: Serialize>(&mut self, sender: &Addr, msg: &M) {
        let read = to_json_binary(msg).and_then(|msg| from_json::<ExecuteMsg>(&msg));
        if let (Ok(msg), Some(watcher)) = (read, &self.watcher) {
            let found = watcher.refused(&self.app, sender, &msg);
            self.report(found.into_iter().collect());
        }
    }

    /// The numbers of the invariants that were broken so far, each once in a row.
    pub fn broken_invariants(&self) -> Vec<u8> {
        let mut rules: Vec<u8> = self
            .violations
            .iter()
            .map(|violation| violation.invariant)
            .collect();
        rules.dedup();
        rules
    }

    fn report(&mut self, found: Vec<Violation>) {
        if !found.is_empty() && !self.collect {
            let list: Vec<String> = found.iter().map(ToString::to_string).collect();
            panic!("broken invariants:\n{}", list.join("\n"));
        }
        self.violations.extend(found);
    }

    /// Whom the invariants look at.
    pub fn subjects(&self) -> Subjects {
        Subjects {
            vault: self.vault.clone(),
            distributor: self.distributor.clone(),
            perps: self.perps.clone(),
            stray: self.stray,
        }
    }
}

/// The typed error of a contract inside of `error`, for `assert_eq`.
pub fn cause<E: std::error::Error + Send + Sync + 'static>(error: AnyError) -> E {
    match error.downcast::<E>() {
        Ok(cause) => cause,
        Err(error) => panic!("another error than expected: {error:#}"),
    }
}
