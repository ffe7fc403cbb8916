//! The messages of each step.

use backstop_chain::Message;
use backstop_types::breaker::{self, Action as Purpose};
use backstop_types::{UncheckedDenom, distributor, timelock, vault};
use cosmwasm_std::{Binary, Coin, Uint128, to_json_binary};
use cw_ownable::Action;
use cw20::Cw20ExecuteMsg;
use serde::Serialize;
use serde_json::json;

use crate::config::{Config, EXCHANGE, names_mock};
use crate::error::{Error, Result};
use crate::part::Part;
use crate::state::State;
use crate::step::{Smoke, Step};
use crate::wasm::Wasm;

/// What messages are made of.
pub(crate) struct Context<'a> {
    pub config: &'a Config,
    pub wasm: &'a Wasm,
    pub state: &'a State,
}

impl Context<'_> {
    /// What a step sends; an error if it needs a step that was not done.
    pub fn message(&self, step: &Step) -> Result<Message> {
        match step {
            Step::Store(part) => self.wasm.store(*part),
            Step::Instantiate(part) => self.instantiate(*part),
            Step::SetDistributor => {
                let distributor = self.state.address(Part::Distributor)?.to_string();
                self.tell(Part::Vault, &vault::ExecuteMsg::SetDistributor { distributor })
            }
            Step::AddMarket(market) => self.market(market),
            Step::AddPolicy(policyholder, market) => self.policy(policyholder, market),
            Step::Smoke(smoke) => self.smoke(*smoke),
            Step::Offer(part) => self.offer(*part),
            Step::Accept(part) => {
                let contract = contract(*part);
                self.tell(
                    Part::Timelock,
                    &timelock::ExecuteMsg::AcceptOwnership { contract },
                )
            }
            Step::Admin(part) => Ok(Message::UpdateAdmin {
                contract: self.state.address(*part)?.to_string(),
                admin: self.state.address(Part::Timelock)?.to_string(),
            }),
        }
    }

    fn instantiate(&self, part: Part) -> Result<Message> {
        let owner = self.state.deployer.clone();
        match part {
            Part::MockPyth => self.make(part, &json!(self.config.mock_pyth)),
            Part::Breaker => {
                let guardian = self.config.guardian.clone();
                self.make(part, &breaker::InstantiateMsg { owner, guardian })
            }
            Part::Vault => {
                let msg = vault::InstantiateMsg {
                    owner,
                    asset: self.config.asset.clone(),
                    window: self.config.window,
                    params: self.vault_params()?,
                };
                self.make(part, &msg)
            }
            Part::Distributor => {
                let msg = distributor::InstantiateMsg {
                    owner,
                    vault: self.state.address(Part::Vault)?.to_string(),
                    denoms: self.config.rewards.clone(),
                };
                self.make(part, &msg)
            }
            Part::Exchange => self.exchange(),
            Part::Timelock => {
                let msg = timelock::InstantiateMsg {
                    owner: self.config.owner.clone(),
                    vault: self.state.address(Part::Vault)?.to_string(),
                };
                self.make(part, &msg)
            }
        }
    }

    /// The vault's parameters, with what the deployment puts in.
    pub fn vault_params(&self) -> Result<vault::Params<String>> {
        Ok(vault::Params {
            breaker: self.state.address(Part::Breaker)?.to_string(),
            guardian: self.config.guardian.clone(),
            ..self.config.vault.clone()
        })
    }

    fn exchange(&self) -> Result<Message> {
        let exchange = self.config.exchange()?;
        let msg = sample_perps::msg::InstantiateMsg {
            owner: exchange.owner_or(&self.config.owner).to_string(),
            asset: self.config.asset.clone(),
            vault: self.state.address(Part::Vault)?.to_string(),
            breaker: self.state.address(Part::Breaker)?.to_string(),
            market: exchange.market.clone(),
            params: exchange.params,
        };
        self.make(Part::Exchange, &msg)
    }

    fn market(&self, market: &str) -> Result<Message> {
        let config = self.market_config(market)?;
        let market = market.to_string();
        self.tell(Part::Breaker, &breaker::ExecuteMsg::AddMarket { market, config })
    }

    /// A market's config with the mock's address in it.
    pub fn market_config(&self, market: &str) -> Result<breaker::MarketConfig<String>> {
        let found = self.config.markets.iter().find(|known| known.market == market);
        let mut config = found
            .map(|found| found.config.clone())
            .ok_or_else(|| Error::NotYet {
                part: market.to_string(),
            })?;
        if self.config.mock_pyth.is_some() {
            let mock = self.state.address(Part::MockPyth)?;
            for source in &mut config.sources {
                names_mock(&mut source.kind, mock);
            }
        }
        Ok(config)
    }

    fn policy(&self, policyholder: &str, market: &str) -> Result<Message> {
        let found = self
            .config
            .policy(policyholder, market)
            .ok_or_else(|| Error::NotYet {
                part: market.to_string(),
            })?;
        let msg = vault::ExecuteMsg::AddPolicy {
            policyholder: self.policyholder(policyholder)?,
            market: market.to_string(),
            terms: found.terms,
        };
        self.tell(Part::Vault, &msg)
    }

    /// A policyholder's address.
    pub fn policyholder(&self, named: &str) -> Result<String> {
        match named {
            EXCHANGE => self.state.address(Part::Exchange).map(str::to_string),
            address => Ok(address.to_string()),
        }
    }

    fn smoke(&self, smoke: Smoke) -> Result<Message> {
        let said = self.config.smoke.as_ref();
        let said = said.ok_or_else(|| Error::NotYet {
            part: "smoke".to_string(),
        })?;
        let unbond = |auto_withdraw| vault::ExecuteMsg::Unbond {
            shares: None,
            auto_withdraw,
        };
        match smoke {
            Smoke::Deposit => self.deposit(said.deposit),
            Smoke::Unbond => self.tell(Part::Vault, &unbond(None)),
            Smoke::Cancel => {
                let ticket = self.state.ticket(Smoke::Unbond)?;
                self.tell(Part::Vault, &vault::ExecuteMsg::CancelUnbond { ticket })
            }
            Smoke::Poke => {
                let markets = self.config.markets.iter().take(breaker::MAX_POKED);
                let poke = breaker::ExecuteMsg::Poke {
                    markets: markets.map(|market| market.market.clone()).collect(),
                    action: Some(Purpose::Payout),
                };
                self.tell(Part::Breaker, &poke)
            }
            Smoke::Fund => self.fund(),
            Smoke::Claim => {
                let claim = distributor::ExecuteMsg::Claim {
                    denoms: None,
                    receiver: None,
                    restake: None,
                };
                self.tell(Part::Distributor, &claim)
            }
            // Anybody may withdraw it for the deployer when its time has come.
            Smoke::Leave => self.tell(Part::Vault, &unbond(Some(true))),
        }
    }

    fn deposit(&self, amount: Uint128) -> Result<Message> {
        let (min_shares, receiver) = (None, None);
        let direct = vault::ExecuteMsg::Deposit {
            min_shares,
            receiver: receiver.clone(),
        };
        let hook = vault::HookMsg::Deposit { min_shares, receiver };
        self.pay(Part::Vault, &self.config.asset, amount, &direct, &hook)
    }

    fn fund(&self) -> Result<Message> {
        let fund = self.config.smoke.as_ref().and_then(|smoke| smoke.fund.as_ref());
        let fund = fund.ok_or_else(|| Error::NotYet {
            part: "smoke.fund".to_string(),
        })?;
        let direct = distributor::ExecuteMsg::Fund(fund.terms());
        let hook = distributor::HookMsg::Fund(fund.terms());
        self.pay(Part::Distributor, &fund.denom, fund.amount, &direct, &hook)
    }

    /// A message with money: coins come with it, and a cw20 brings it.
    fn pay(
        &self,
        to: Part,
        denom: &UncheckedDenom,
        amount: Uint128,
        direct: &impl Serialize,
        hook: &impl Serialize,
    ) -> Result<Message> {
        let contract = self.state.address(to)?;
        match denom {
            UncheckedDenom::Native(denom) => {
                let coin = Coin {
                    denom: denom.clone(),
                    amount,
                };
                Ok(Message::execute_with(contract, direct, vec![coin])?)
            }
            UncheckedDenom::Cw20(token) => {
                let send = Cw20ExecuteMsg::Send {
                    contract: contract.to_string(),
                    amount,
                    msg: binary(hook)?,
                };
                Ok(Message::execute(token, &send)?)
            }
        }
    }

    fn offer(&self, part: Part) -> Result<Message> {
        let offer = Action::TransferOwnership {
            new_owner: self.state.address(Part::Timelock)?.to_string(),
            expiry: None,
        };
        match part {
            Part::Vault => self.tell(part, &vault::ExecuteMsg::UpdateOwnership(offer)),
            Part::Distributor => self.tell(part, &distributor::ExecuteMsg::UpdateOwnership(offer)),
            _ => self.tell(part, &breaker::ExecuteMsg::UpdateOwnership(offer)),
        }
    }

    fn make(&self, part: Part, msg: &impl Serialize) -> Result<Message> {
        let admin = match part {
            Part::Exchange => self.config.exchange()?.admin_or(&self.config.owner),
            _ => &self.state.deployer,
        };
        Ok(Message::Instantiate {
            code: self.state.code(part)?,
            admin: Some(admin.to_string()),
            label: format!("backstop {part}"),
            msg: binary(msg)?.into(),
        })
    }

    fn tell(&self, part: Part, msg: &impl Serialize) -> Result<Message> {
        Ok(Message::execute(self.state.address(part)?, msg)?)
    }
}

fn binary(msg: &impl Serialize) -> Result<Binary> {
    let unreadable = backstop_chain::Error::unreadable::<cosmwasm_std::StdError>("a message");
    Ok(to_json_binary(msg).map_err(unreadable)?)
}

fn contract(part: Part) -> timelock::Contract {
    match part {
        Part::Vault => timelock::Contract::Vault {},
        Part::Distributor => timelock::Contract::Distributor {},
        Part::Timelock => timelock::Contract::Timelock {},
        Part::MockPyth | Part::Breaker | Part::Exchange => timelock::Contract::Breaker { contract: None },
    }
}
