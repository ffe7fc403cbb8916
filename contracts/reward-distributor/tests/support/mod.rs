//! The shipped distributor between a book of stakes and two tokens. The book
//! stands where the vault does: it keeps the stakes under the vault's key and
//! tells of a change or, as after a hook that failed, does not. Every message
//! is followed by a check of the distributor's sums.

// Each test file uses its own part, and a panic is a failed test.
#![allow(clippy::disallowed_methods)]

pub mod book;
pub mod brittle;
pub mod broken;
pub mod counted;
pub mod model;
pub mod steps;

use backstop_core::rewards::{scaled, week_of};
#[allow(unused_imports)] // each test file uses its part
pub use backstop_testing::emitted;
use backstop_testing::read_all;
use backstop_types::distributor::*;
use backstop_types::{Denom, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Addr, Coin, Empty, Order, Uint128, Uint256, coin, to_json_binary};
use cw_multi_test::{App, AppResponse, Contract, ContractWrapper, Executor};
use cw20::{Cw20Coin, Cw20ExecuteMsg};
use reward_distributor::{ContractError, ledger, state};
use serde::de::DeserializeOwned;

pub const WEEK: u64 = 7 * 86_400;

/// The result of a message to the distributor.
pub type Executed = Result<AppResponse, ContractError>;

pub struct Suite {
    pub app: App,
    pub owner: Addr,
    pub book: Addr,
    pub distributor: Addr,
    /// A listed cw20 that can be broken.
    pub token: Addr,
    /// Another cw20, which is not listed.
    pub stranger_token: Addr,
}

/// Pays the sender everything.
pub const CLAIM_ALL: ExecuteMsg = ExecuteMsg::Claim {
    denoms: None,
    receiver: None,
    restake: None,
};

/// `uusd`, listed at one unit a week.
pub const NATIVE: &str = "uusd";
/// `uatom`, listed at one unit a week.
pub const OTHER: &str = "uatom";

impl Suite {
    /// Lists `uusd`, `uatom` and the token, each at a minimum of 1 a week.
    pub fn new() -> Self {
        let mut suite = Self::bare();
        let denoms = [native(NATIVE), native(OTHER), suite.cw20()];
        suite.distributor = suite.instantiate(&denoms.map(|denom| listing(denom, 1))).unwrap();
        suite
    }

    /// Everything but the distributor.
    pub fn bare() -> Self {
        let mut app = App::default();
        let owner = app.api().addr_make("owner");
        let book = deploy(&mut app, &owner, book::contract(), &Empty {});
        let funder = app.api().addr_make("funder");
        for who in [&owner, &funder] {
            let coins = [NATIVE, OTHER, "ujunk"].map(|denom| coin(u128::MAX / 4, denom));
            app.init_modules(|router, _, storage| router.bank.init_balance(storage, who, coins.to_vec()))
                .unwrap();
        }
        let token = brittle::deploy(&mut app, &owner, &funder);
        let stranger_token = brittle::deploy(&mut app, &owner, &funder);
        Self {
            distributor: book.clone(),
            app,
            owner,
            book,
            token,
            stranger_token,
        }
    }

    pub fn instantiate(&mut self, denoms: &[Listing]) -> Result<Addr, ContractError> {
        let msg = InstantiateMsg {
            owner: self.owner.to_string(),
            vault: self.book.to_string(),
            denoms: denoms.to_vec(),
        };
        self.instantiate_with(&msg)
    }

    pub fn instantiate_with(&mut self, msg: &InstantiateMsg) -> Result<Addr, ContractError> {
        let code = self.app.store_code(distributor());
        let owner = self.owner.clone();
        self.app
            .instantiate_contract(code, owner.clone(), msg, &[], "distributor", Some(owner.into()))
            .map_err(|error| error.downcast().expect("a typed error"))
    }

    pub fn addr(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    /// The listed token's denom, as messages name it.
    pub fn cw20(&self) -> UncheckedDenom {
        UncheckedDenom::Cw20(self.token.to_string())
    }

    pub fn funder(&self) -> Addr {
        self.addr("funder")
    }

    pub fn wait(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = Seconds(seconds).after(block.time);
            block.height += 1;
        });
    }

    /// Any message to the distributor, then the sums.
    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg, funds: &[Coin]) -> Executed {
        let done = self
            .app
            .execute_contract(sender.clone(), self.distributor.clone(), msg, funds)
            .inspect(read_all)
            .map_err(|error| error.downcast().expect("a typed error"));
        self.check();
        done
    }

    /// The vault's stake becomes `shares`, and the distributor is told.
    pub fn stake(&mut self, who: &Addr, shares: u128) {
        self.set(who, shares, Some(self.distributor.clone()));
    }

    /// The vault's stake becomes `shares`, and the hook fails.
    pub fn stake_untold(&mut self, who: &Addr, shares: u128) {
        self.set(who, shares, None);
    }

    fn set(&mut self, who: &Addr, shares: u128, tell: Option<Addr>) {
        let msg = book::SetStake {
            staker: who.clone(),
            active: Shares::new(shares),
            tell,
        };
        self.app
            .execute_contract(self.owner.clone(), self.book.clone(), &msg, &[])
            .inspect(read_all)
            .unwrap();
        self.check();
    }

    pub fn fund(&mut self, denom: &str, amount: u128, weeks: u32) -> Executed {
        self.fund_on(denom, amount, StreamTerms::now(weeks))
    }

    pub fn fund_on(&mut self, denom: &str, amount: u128, terms: StreamTerms) -> Executed {
        let funder = self.funder();
        self.execute(&funder, &ExecuteMsg::Fund(terms), &[coin(amount, denom)])
    }

    /// Funds with `token` by its `Send`.
    pub fn fund_cw20(&mut self, token: &Addr, amount: u128, weeks: u32) -> Executed {
        let send = Cw20ExecuteMsg::Send {
            contract: self.distributor.to_string(),
            amount: amount.into(),
            msg: to_json_binary(&HookMsg::Fund(StreamTerms::now(weeks))).unwrap(),
        };
        let done = self
            .app
            .execute_contract(self.funder(), token.clone(), &send, &[])
            .inspect(read_all)
            .map_err(|error| error.downcast().expect("a typed error"));
        self.check();
        done
    }

    pub fn claim(&mut self, who: &Addr) -> AppResponse {
        self.execute(who, &CLAIM_ALL, &[]).unwrap()
    }

    /// `Sync` by a stranger.
    pub fn sync(&mut self, who: &Addr) -> AppResponse {
        let stranger = self.addr("stranger");
        let staker = who.to_string();
        self.execute(&stranger, &ExecuteMsg::Sync { staker }, &[])
            .unwrap()
    }

    /// `Stop` by the owner.
    pub fn stop(&mut self, denom: UncheckedDenom, number: u64) -> Executed {
        let owner = self.owner.clone();
        self.execute(&owner, &ExecuteMsg::Stop { denom, number }, &[])
    }

    pub fn fundings(&self, denom: UncheckedDenom) -> Vec<FundingResponse> {
        let (start_after, limit) = (None, Some(30));
        let answer: FundingsResponse = self.query(&QueryMsg::Fundings {
            denom,
            start_after,
            limit,
        });
        answer.fundings
    }

    /// The weeks ahead in which the rate of a denom changes, and the rates.
    pub fn schedule(&self, denom: UncheckedDenom) -> Vec<(u64, String)> {
        let (start_after, limit) = (None, Some(30));
        let answer: ScheduleResponse = self.query(&QueryMsg::Schedule {
            denom,
            start_after,
            limit,
        });
        let changes = answer.changes.iter();
        changes
            .map(|change| (change.week, change.rate.to_string()))
            .collect()
    }

    pub fn advance(&mut self, denom: UncheckedDenom, limit: Option<u32>) -> Executed {
        let stranger = self.addr("stranger");
        self.execute(&stranger, &ExecuteMsg::Advance { denom, limit }, &[])
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.app.wrap().query_wasm_smart(&self.distributor, msg).unwrap()
    }

    pub fn denoms(&self) -> Vec<DenomResponse> {
        let (start_after, limit) = (None, None);
        self.query::<DenomsResponse>(&QueryMsg::Denoms { start_after, limit })
            .denoms
    }

    /// What a claim would pay, by denom.
    pub fn pending(&self, who: &Addr) -> Vec<u128> {
        let distributor = RewardDistributor(self.distributor.clone());
        let rewards = distributor.pending_rewards(&self.app.wrap(), who).unwrap();
        rewards.into_iter().map(|reward| reward.amount.u128()).collect()
    }

    pub fn record(&self, who: &Addr) -> StakerResponse {
        let staker = who.to_string();
        self.query(&QueryMsg::Staker { staker })
    }

    pub fn clock(&self) -> ClockResponse {
        self.query(&QueryMsg::Clock {})
    }

    pub fn balance(&self, who: &Addr, denom: &Denom) -> u128 {
        denom.balance(&self.app.wrap(), who).unwrap().u128()
    }

    pub fn break_token(&mut self, mode: brittle::Mode) {
        let token = self.token.clone();
        self.app.wasm_sudo(token, &mode).unwrap();
    }

    /// `funded = released + unreleased + refunded`, and the distributor has exactly what
    /// it owes, carries and still streams.
    fn check(&self) {
        for (slot, denom) in (0..).zip(self.denoms()) {
            let kept = Uint256::from(denom.released + denom.unreleased);
            assert_eq!(kept + denom.refunded, denom.funded, "{denom:?}");
            let there = Uint128::new(self.balance(&self.distributor, &denom.denom));
            assert_eq!(self.due(slot), scaled(there).unwrap(), "{denom:?} has {there}");
        }
        let (start_after, limit) = (None, Some(30));
        let records: StakersResponse = self.query(&QueryMsg::Stakers { start_after, limit });
        let recorded: u128 = records.stakers.iter().map(|staker| staker.recorded.u128()).sum();
        assert_eq!(self.clock().shares.u128(), recorded);
    }

    /// All that is owed, carried and still streaming in the denom at `slot`, in
    /// 2⁻¹²⁸ base units.
    fn due(&self, slot: u8) -> Uint256 {
        let storage = self.app.contract_storage(&self.distributor);
        let ledger = ledger::as_of(&*storage, self.app.block_info().time).unwrap();
        let flow = ledger.flows[usize::from(slot)];
        let passed = week_of(ledger.clock.staked);
        let ahead = ledger::changes(&*storage, slot, Some(passed), None).unwrap();
        let mut due = flow.carry + flow.unreleased(&ahead).unwrap();
        for row in state::ACCOUNTS.range(&*storage, None, None, Order::Ascending) {
            let mut account = row.unwrap().1;
            account.settle(&ledger.flows, account.shares).unwrap();
            due += account.rewards[usize::from(slot)].owed;
        }
        due
    }
}

pub fn native(denom: &str) -> UncheckedDenom {
    UncheckedDenom::Native(denom.to_string())
}

pub fn listing(denom: UncheckedDenom, min_rate: u128) -> Listing {
    Listing {
        denom,
        min_rate: min_rate.into(),
    }
}

/// The shipped contract.
pub fn distributor() -> Box<dyn Contract<Empty>> {
    use reward_distributor::contract::*;
    Box::new(
        ContractWrapper::new(execute, instantiate, query)
            .with_reply(reply)
            .with_migrate(migrate),
    )
}

fn deploy(app: &mut App, owner: &Addr, code: Box<dyn Contract<Empty>>, msg: &impl serde::Serialize) -> Addr {
    let code = app.store_code(code);
    app.instantiate_contract(code, owner.clone(), msg, &[], "part", None)
        .unwrap()
}

fn cw20_coin(who: &Addr, amount: u128) -> Cw20Coin {
    Cw20Coin {
        address: who.to_string(),
        amount: amount.into(),
    }
}
