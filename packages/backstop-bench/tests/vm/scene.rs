//! The four contracts on one chain, wired as a deployment is, with as many
//! price sources and reward denoms as a test states.

use std::sync::atomic::{AtomicU64, Ordering};

use backstop_types::breaker::{self, MarketConfig, MarketParams, Source};
use backstop_types::distributor::{self, Listing};
use backstop_types::timelock;
use backstop_types::vault::{self, Params, PolicyTerms, PremiumCurve};
use backstop_types::{Assets, Bps, Price, Seconds, Shares, UncheckedDenom};
use cosmwasm_std::{Addr, Coin, Decimal, Uint128, coins};
use cw_ownable::Action;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::chain::{Chain, Outcome, account};
use crate::chain_state::Feed;
use crate::querier::pyth;
use crate::wasm::PANICKING;

/// The asset of vault and exchange.
pub const ASSET: &str = "uusd";
/// The market.
pub const MARKET: &str = "ATOM/USD";
/// One whole unit of the asset.
pub const ONE: u128 = 1_000_000;

/// See the module.
pub struct Scene {
    pub chain: Chain,
    pub vault: Addr,
    pub distributor: Addr,
    pub breaker: Addr,
    pub perps: Addr,
    sources: usize,
    shortfalls: AtomicU64,
}

impl Scene {
    /// A deployment whose market has `sources` Pyth feeds at a price of 10, and
    /// whose distributor streams `denoms` denoms.
    pub fn new(sources: usize, denoms: usize) -> Self {
        let chain = Chain::new();
        let owner = account("owner");
        let by = &owner;
        let breaker = chain.instantiate("oracle_breaker", by, &breaker_msg(by)).unwrap();
        let vault = vault_msg(by, &breaker);
        let vault = chain.instantiate("backstop_vault", by, &vault).unwrap();
        let distributor = distributor_msg(by, &vault, denoms);
        let distributor = chain.instantiate("reward_distributor", by, &distributor).unwrap();
        let perps = perps_msg(by, &vault, &breaker);
        let perps = chain.instantiate("sample_perps", by, &perps).unwrap();
        let scene = Self {
            chain,
            vault,
            distributor,
            breaker,
            perps,
            sources,
            shortfalls: AtomicU64::new(1),
        };
        scene.wire();
        (0..denoms).for_each(|place| drop(scene.fund(place, 4)));
        scene
    }

    fn wire(&self) {
        let config = MarketConfig {
            sources: (0..self.sources).map(source).collect(),
            // A fall by a fifth is neither a jump nor near to one.
            params: MarketParams {
                max_jump: Bps(5_000),
                ..MarketParams::default()
            },
        };
        let market = MARKET.to_string();
        self.by_owner(&self.breaker, &breaker::ExecuteMsg::AddMarket { market, config });
        let distributor = self.distributor.to_string();
        self.by_owner(&self.vault, &vault::ExecuteMsg::SetDistributor { distributor });
        for policyholder in [self.perps.clone(), account("holder")] {
            let msg = vault::ExecuteMsg::AddPolicy {
                policyholder: policyholder.to_string(),
                market: MARKET.to_string(),
                terms: terms(),
            };
            self.by_owner(&self.vault, &msg);
        }
        self.price("10");
        self.poke();
    }

    /// Sends a message without coins that must succeed.
    pub fn send(&self, sender: &str, contract: &Addr, msg: &impl Serialize) -> Outcome {
        self.pay(sender, contract, msg, &[])
    }

    /// The same with coins, of which the sender gets as many first.
    pub fn pay(&self, sender: &str, contract: &Addr, msg: &impl Serialize, funds: &[Coin]) -> Outcome {
        funds.iter().for_each(|coin| self.give(sender, coin));
        let sent = self.chain.execute(&account(sender), contract, msg, funds);
        sent.unwrap_or_else(|error| panic!("{error}: {}", serde_json::to_string(msg).unwrap()))
    }

    /// Gives an account a coin.
    pub fn give(&self, name: &str, coin: &Coin) {
        let (account, mut state) = (account(name), self.chain.shared.lock());
        let have = state.balance(account.as_str(), &coin.denom);
        state.set_balance(account.as_str(), &coin.denom, have + coin.amount.u128());
        state.commit();
    }

    /// Puts a contract that panics in the place of the first source's.
    pub fn panics(&self) {
        let contract = account(PANICKING);
        let mut state = self.chain.shared.lock();
        state.codes.insert(contract.to_string(), PANICKING);
        drop(state);
        let first = Source::pyth("pyth-0", "pyth-0", &contract, feed_id(0));
        let msg = breaker::ExecuteMsg::UpdateMarket {
            market: MARKET.to_string(),
            params: None,
            sources: Some(vec![first]),
        };
        self.by_owner(&self.breaker, &msg);
    }

    /// Lets the first source use up this much gas in each answer.
    pub fn burn(&self, gas: u64) {
        let mut state = self.chain.shared.lock();
        if let Some(feed) = state.feeds.get_mut(&feed_id(0)) {
            feed.gas = gas;
        }
    }

    /// The owner drops the first source.
    pub fn drop_first_source(&self) {
        let msg = breaker::ExecuteMsg::RemoveSource {
            market: MARKET.to_string(),
            source: "pyth-0".to_string(),
        };
        self.by_owner(&self.breaker, &msg);
    }

    /// Sets up a timelock of the owner's that owns the vault.
    pub fn hand_over(&self) -> Addr {
        let owner = account("owner");
        let msg = timelock::InstantiateMsg {
            owner: owner.to_string(),
            vault: self.vault.to_string(),
        };
        let timelock = self.chain.instantiate("risk_timelock", &owner, &msg).unwrap();
        let offer = Action::TransferOwnership {
            new_owner: timelock.to_string(),
            expiry: None,
        };
        self.by_owner(&self.vault, &vault::ExecuteMsg::UpdateOwnership(offer));
        let contract = timelock::Contract::Vault {};
        let msg = timelock::ExecuteMsg::AcceptOwnership { contract };
        self.send("anyone", &timelock, &msg);
        timelock
    }

    fn by_owner(&self, contract: &Addr, msg: &impl Serialize) {
        self.send("owner", contract, msg);
    }

    /// Deposits in the vault.
    pub fn deposit(&self, staker: &str, amount: u128) -> Outcome {
        let msg = vault::ExecuteMsg::Deposit {
            min_shares: None,
            receiver: None,
        };
        self.pay(staker, &self.vault, &msg, &coins(amount, ASSET))
    }

    /// Opens a ticket.
    pub fn unbond(&self, staker: &str, shares: u128) -> Outcome {
        let shares = Shares::new(shares);
        self.send(
            staker,
            &self.vault,
            &vault::ExecuteMsg::Unbond {
                shares: Some(shares),
                auto_withdraw: None,
            },
        )
    }

    /// Withdraws all that is ready, up to 30 tickets.
    pub fn withdraw(&self, staker: &str) -> Outcome {
        let msg = vault::ExecuteMsg::Withdraw {
            tickets: None,
            min_assets: None,
            limit: Some(30),
            staker: None,
        };
        self.send(staker, &self.vault, &msg)
    }

    /// Streams rewards of the denom at this place.
    pub fn fund(&self, place: usize, weeks: u32) -> Outcome {
        let msg = distributor::ExecuteMsg::Fund(distributor::StreamTerms::now(weeks));
        let amount = coins(100_000 * ONE, reward(place));
        self.pay("funder", &self.distributor, &msg, &amount)
    }

    /// Claims all rewards.
    pub fn claim(&self, staker: &str) -> Outcome {
        let msg = distributor::ExecuteMsg::Claim {
            denoms: None,
            receiver: None,
            restake: None,
        };
        self.send(staker, &self.distributor, &msg)
    }

    /// Sends a shortfall as an account that holds a policy.
    pub fn shortfall(&self, amount: u128, price: &str) -> Outcome {
        let msg = vault::ExecuteMsg::CoverShortfall {
            shortfall: self.shortfalls.fetch_add(1, Ordering::Relaxed),
            market: MARKET.to_string(),
            amount: Assets::new(amount),
            price: Some(Price(price.parse().unwrap())),
        };
        self.send("holder", &self.vault, &msg)
    }

    /// Gives every source this price as of now.
    pub fn price(&self, price: &str) {
        let price: Decimal = price.parse().unwrap();
        let mantissa = i64::try_from(price.atomics().u128() / 10_u128.pow(10)).unwrap();
        let mut state = self.chain.shared.lock();
        let publish_time = state.block.time.seconds();
        for place in 0..self.sources {
            let feed = Feed {
                price: mantissa,
                publish_time,
                gas: 0,
            };
            state.feeds.insert(feed_id(place), feed);
        }
    }

    /// Pokes the breaker.
    pub fn poke(&self) -> Outcome {
        let msg = breaker::ExecuteMsg::Poke {
            markets: vec![MARKET.to_string()],
            action: None,
        };
        self.send("anyone", &self.breaker, &msg)
    }

    /// What the vault answers.
    pub fn query_vault<T: DeserializeOwned>(&self, msg: &vault::QueryMsg) -> T {
        self.chain.query(&self.vault, msg).unwrap()
    }

    /// Moves time on, with a block each six seconds.
    pub fn wait(&self, time: Seconds) {
        let mut state = self.chain.shared.lock();
        state.block.time = time.after(state.block.time);
        state.block.height += (time.0 / 6).max(1);
    }
}

/// The reward denom at a place.
pub fn reward(place: usize) -> String {
    format!("ureward{place}")
}

/// Both policies' terms.
pub fn terms() -> PolicyTerms {
    PolicyTerms {
        limit: Assets::new(100_000 * ONE),
        deductible: Assets::ZERO,
        instant: Assets::new(20_000 * ONE),
        minimum: Assets::ONE,
        delay: Seconds::DAY,
        priced: true,
        premium: None,
    }
}

fn feed_id(place: usize) -> String {
    format!("{place:064x}")
}

fn source(place: usize) -> Source<String> {
    let name = format!("pyth-{place}");
    Source::pyth(name.clone(), name, pyth(), feed_id(place))
}

fn breaker_msg(owner: &Addr) -> breaker::InstantiateMsg {
    breaker::InstantiateMsg {
        owner: owner.to_string(),
        guardian: Some(account("guardian").to_string()),
    }
}

fn vault_msg(owner: &Addr, breaker: &Addr) -> vault::InstantiateMsg {
    vault::InstantiateMsg {
        owner: owner.to_string(),
        asset: UncheckedDenom::Native(ASSET.to_string()),
        window: Seconds::days(7),
        params: Params {
            breaker: breaker.to_string(),
            guardian: Some(account("guardian").to_string()),
            unbonding_period: Seconds::days(21),
            notice: Seconds::days(3),
            pool_fraction: Decimal::percent(50),
            min_ticket: Shares::ONE,
            max_tickets: 100,
            hook_gas: 2_000_000,
            poke_gas: 5_000_000,
            premium: PremiumCurve::USUAL,
            treasury: None,
            treasury_part: Bps(0),
        },
    }
}

fn distributor_msg(owner: &Addr, vault: &Addr, denoms: usize) -> distributor::InstantiateMsg {
    distributor::InstantiateMsg {
        owner: owner.to_string(),
        vault: vault.to_string(),
        denoms: (0..denoms)
            .map(|place| Listing {
                denom: UncheckedDenom::Native(reward(place)),
                min_rate: Uint128::one(),
            })
            .collect(),
    }
}

fn perps_msg(owner: &Addr, vault: &Addr, breaker: &Addr) -> sample_perps::msg::InstantiateMsg {
    sample_perps::msg::InstantiateMsg {
        owner: owner.to_string(),
        asset: UncheckedDenom::Native(ASSET.to_string()),
        vault: vault.to_string(),
        breaker: breaker.to_string(),
        market: MARKET.to_string(),
        // Each liquidation sends its shortfall, and its margin is small.
        params: sample_perps::params::Params {
            gather_count: 1,
            initial_margin: Bps(1_000),
            maintenance_margin: Bps(500),
            ..Default::default()
        },
    }
}
