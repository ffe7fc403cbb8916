//! What a change is about, and what that is now: the contract, the target, and the
//! values of the fields that the change names.

use std::hint::black_box;

use backstop_core::timelock::fields;
use backstop_types::breaker::{MarketParamsUpdate, Source};
use backstop_types::patch::Told;
use backstop_types::timelock::{
    Before, BreakerChange, Change, Contract, DistributorChange, FieldChange, Pace, Reader, SourceBefore,
    VaultChange, VaultNow,
};
use backstop_types::{Denom, InputError, UncheckedDenom, input};
use cosmwasm_std::{Addr, Deps, Env, StdResult, Storage};
use cw_ownable::Ownership;

use crate::error::ContractError;
use crate::state::{LAST_TOLD, LastTold, VAULT};

/// The contracts as the vault names them now.
pub struct Parties {
    pub vault: Addr,
    pub now: VaultNow,
    pub timelock: Addr,
    /// Whether the vault answered. If not, this is what it told last, and there are no
    /// parameters.
    answered: bool,
}

/// What a change is about.
pub struct Subject {
    /// The contract that it changes.
    pub contract: Addr,
    /// What of it. Changes of one target with a field in common overtake each other.
    pub target: String,
    /// What the fields that it names are now.
    pub before: Before,
}

impl Subject {
    /// The change's fields, or why it cannot be made of what is.
    pub fn fields(&self, change: &Change) -> Result<Vec<FieldChange>, ContractError> {
        Ok(fields(change, &self.before)?)
    }
}

impl Parties {
    /// Asks the vault. One that no longer answers is taken for what it told last, so
    /// that it can be migrated.
    pub fn load(deps: Deps, env: &Env) -> Result<Self, ContractError> {
        let vault = VAULT.load(deps.storage)?;
        let told = Reader(deps.querier).vault(&vault);
        let answered = told.is_ok();
        let now = match told {
            Ok(now) => now,
            Err(_) => told_before(LAST_TOLD.load(deps.storage)?),
        };
        Ok(Self {
            vault,
            now,
            timelock: env.contract.address.clone(),
            answered,
        })
    }

    /// Keeps what the vault tells, once this change is made if one is, for when it no longer
    /// answers.
    pub fn remember(&self, storage: &mut dyn Storage, made: Option<&Change>) -> StdResult<()> {
        if !self.answered {
            return Ok(());
        }
        let mut told = to_remember(&self.now);
        match made {
            Some(Change::Vault(VaultChange::UpdateParams { update })) => {
                let breaker = update.breaker.clone().map(Addr::unchecked);
                told.breaker = breaker.unwrap_or(told.breaker);
                told.unbonding_period = update.unbonding_period.unwrap_or(told.unbonding_period);
                told.notice = update.notice.unwrap_or(told.notice);
            }
            Some(Change::Vault(VaultChange::SetDistributor { distributor })) => {
                told.distributor = Some(Addr::unchecked(distributor));
            }
            _ => {}
        }
        LAST_TOLD.save(storage, &told)
    }

    pub fn distributor(&self) -> Result<Addr, ContractError> {
        self.now.distributor.clone().ok_or(ContractError::NoDistributor)
    }

    /// The breaker of this address, or the vault's. The other contracts are no
    /// breakers: a message meant for one must not reach them.
    fn breaker(&self, deps: Deps, named: Option<&String>) -> Result<Addr, ContractError> {
        let Some(named) = named else {
            return Ok(self.now.breaker.clone());
        };
        let breaker = input::address(deps.api, "contract", named)?;
        let others = [
            Some(&self.vault),
            Some(&self.timelock),
            self.now.distributor.as_ref(),
        ];
        if others.contains(&Some(&breaker)) {
            let bound = "a breaker, not another contract of this timelock";
            return Err(InputError::bounds("contract", breaker, bound).into());
        }
        Ok(breaker)
    }

    /// A contract's address.
    pub fn address(&self, deps: Deps, contract: &Contract) -> Result<Addr, ContractError> {
        match contract {
            Contract::Vault {} => Ok(self.vault.clone()),
            Contract::Distributor {} => self.distributor(),
            Contract::Breaker { contract } => self.breaker(deps, contract.as_ref()),
            Contract::Timelock {} => Ok(self.timelock.clone()),
        }
    }

    /// What a change is about, and what that is now. Each part is called through a
    /// pointer, so that the optimizer does not make one function of them, of more
    /// locals than a chain's VM allows.
    pub fn subject(&self, deps: Deps, change: &Change) -> Result<Subject, ContractError> {
        let reader = Reader(deps.querier);
        let subject = |contract: Addr, target: String, before: Before| Subject {
            contract,
            target,
            before,
        };
        Ok(match change {
            Change::Vault(change) => {
                let of_vault: fn(&Self, _, &_) -> _ = Self::of_vault;
                let (target, before) = black_box(of_vault)(self, deps, change)?;
                subject(self.vault.clone(), target, before)
            }
            Change::Distributor(change) => {
                let distributor = self.distributor()?;
                let of_distributor: fn(_, &_, &_) -> _ = of_distributor;
                let (target, before) = black_box(of_distributor)(deps, &distributor, change)?;
                subject(distributor, target, before)
            }
            Change::Breaker { contract, change } => {
                let breaker = self.breaker(deps, contract.as_ref())?;
                let of_breaker: fn(_, &_, &_) -> _ = of_breaker;
                let (target, before) = black_box(of_breaker)(deps, &breaker, change)?;
                let target = format!("{breaker}/{target}");
                subject(breaker, target, before)
            }
            Change::Code {
                contract, code_id, ..
            } => {
                let contract = self.address(deps, contract)?;
                // There must be such a code.
                deps.querier.query_wasm_code_info(*code_id)?;
                let code_id = deps.querier.query_wasm_contract_info(&contract)?.code_id;
                let target = format!("{contract}/code");
                subject(contract, target, Before::Code { code_id })
            }
            Change::Admin { contract, admin } => {
                let contract = self.address(deps, contract)?;
                address_in(deps, "admin", admin)?;
                let admin = deps.querier.query_wasm_contract_info(&contract)?.admin;
                let admin = admin.map(Addr::into_string);
                let target = format!("{contract}/admin");
                subject(contract, target, Before::Admin { admin })
            }
            Change::TransferOwnership {
                contract, new_owner, ..
            } => {
                input::address(deps.api, "new_owner", new_owner)?;
                let contract = self.address(deps, contract)?;
                self.of_owner(deps, reader, contract)?
            }
            Change::RenounceOwnership { contract } => {
                let contract = self.address(deps, contract)?;
                self.of_owner(deps, reader, contract)?
            }
        })
    }

    fn of_owner(&self, deps: Deps, reader: Reader, contract: Addr) -> Result<Subject, ContractError> {
        let Ownership {
            owner, pending_owner, ..
        } = self.ownership(deps, reader, &contract)?;
        // A transfer that was taken back: whoever accepts it changes nothing.
        let pending_owner = pending_owner.filter(|pending| owner.as_ref() != Some(pending));
        Ok(Subject {
            target: format!("{contract}/owner"),
            contract,
            before: Before::Ownership { owner, pending_owner },
        })
    }

    /// Who owns a contract, this one among them.
    pub fn ownership(
        &self,
        deps: Deps,
        reader: Reader,
        contract: &Addr,
    ) -> Result<Ownership<String>, ContractError> {
        if *contract != self.timelock {
            return Ok(reader.ownership(contract)?);
        }
        let own = cw_ownable::get_ownership(deps.storage)?;
        Ok(Ownership {
            owner: own.owner.map(Addr::into_string),
            pending_owner: own.pending_owner.map(Addr::into_string),
            pending_expiry: own.pending_expiry,
        })
    }

    fn of_vault(&self, deps: Deps, change: &VaultChange) -> Result<(String, Before), ContractError> {
        let policy = |policyholder: &String, market: &String| {
            let policyholder = input::address(deps.api, "policyholder", policyholder)?;
            input::market_name("market", market)?;
            let terms = Reader(deps.querier).policy(&self.vault, &policyholder, market);
            let target = format!("vault/policies/{policyholder}/{market}");
            Ok::<_, ContractError>((target, terms))
        };
        Ok(match change {
            VaultChange::AddPolicy {
                policyholder, market, ..
            } => {
                let (target, terms) = policy(policyholder, market)?;
                (target, terms?.map_or(Before::NoPolicy {}, Before::Terms))
            }
            VaultChange::ClosePolicy { policyholder, market } => {
                let (target, terms) = policy(policyholder, market)?;
                // A brake does not depend on whether this version can read the terms.
                let terms = terms.map(|terms| terms.map_or(Before::NoPolicy {}, Before::Terms));
                (target, terms.unwrap_or(Before::Event {}))
            }
            VaultChange::ChangePolicy {
                policyholder,
                market,
                update,
            } => {
                let (target, terms) = policy(policyholder, market)?;
                let named = terms?.map(|terms| update.among(&terms));
                (target, named.map_or(Before::NoPolicy {}, Before::Terms))
            }
            VaultChange::UpdateParams { update } => {
                for (field, address) in [("guardian", &update.guardian), ("treasury", &update.treasury)] {
                    address
                        .as_ref()
                        .map(|it| address_in(deps, field, it))
                        .transpose()?;
                }
                if let Some(breaker) = &update.breaker {
                    input::address(deps.api, "breaker", breaker)?;
                }
                if !self.answered {
                    return Err(ContractError::VaultSilent);
                }
                let before = Before::Params(update.among(&self.now.params));
                ("vault/params".to_string(), before)
            }
            VaultChange::DeclineClaim { claim, .. } => (format!("vault/claims/{claim}"), Before::Event {}),
            VaultChange::SetDistributor { .. } => ("vault/distributor".to_string(), Before::Event {}),
            VaultChange::Resume { what, pause } => (format!("vault/pauses/{what}/{pause}"), Before::Event {}),
        })
    }
}

/// Of what the vault tells, what every change needs.
pub fn to_remember(now: &VaultNow) -> LastTold {
    LastTold {
        distributor: now.distributor.clone(),
        breaker: now.breaker.clone(),
        unbonding_period: now.pace.unbonding_period,
        notice: now.pace.notice,
    }
}

fn told_before(last: LastTold) -> VaultNow {
    VaultNow {
        distributor: last.distributor,
        breaker: last.breaker,
        pace: Pace {
            unbonding_period: last.unbonding_period,
            notice: last.notice,
        },
        params: Default::default(),
    }
}

fn of_distributor(
    deps: Deps,
    distributor: &Addr,
    change: &DistributorChange,
) -> Result<(String, Before), ContractError> {
    let denom = |denom: &UncheckedDenom| denom.lookup(deps.api, "denom");
    let target = |denom: &Denom| format!("distributor/denoms/{}", denom.key());
    Ok(match change {
        DistributorChange::ListDenom(listing) => {
            let denom = denom(&listing.denom)?;
            let (listed, min_rate) = Reader(deps.querier).listing(distributor, &denom)?.unzip();
            (target(&denom), Before::Listing { listed, min_rate })
        }
        DistributorChange::DelistDenom { denom: named } => {
            let denom = denom(named)?;
            let listed = Reader(deps.querier).listing(distributor, &denom)?;
            let listed = listed.map(|(listed, _)| listed);
            let min_rate = None;
            (target(&denom), Before::Listing { listed, min_rate })
        }
        DistributorChange::Stop { denom: named, number } => {
            let target = format!("{}/{number}", target(&denom(named)?));
            (target, Before::Event {})
        }
    })
}

fn of_breaker(deps: Deps, breaker: &Addr, change: &BreakerChange) -> Result<(String, Before), ContractError> {
    let reader = Reader(deps.querier);
    let target = |market: &String| format!("markets/{market}");
    Ok(match change {
        BreakerChange::AddMarket { market, .. } => {
            input::market_name("market", market)?;
            let before = match reader.has_market(breaker, market)? {
                true => Before::Market {
                    params: Default::default(),
                    sources: vec![],
                },
                false => Before::NoMarket {},
            };
            (target(market), before)
        }
        BreakerChange::UpdateMarket {
            market,
            params,
            sources,
        } => {
            let names = sources.iter().flatten().map(|source| source.name.as_str());
            let before = market_now(reader, breaker, market, params.as_ref(), names.collect())?;
            (target(market), before)
        }
        BreakerChange::RemoveSource { market, source } => {
            let before = market_now(reader, breaker, market, None, vec![source])?;
            (target(market), before)
        }
        BreakerChange::Reseed { market, trip } => {
            input::market_name("market", market)?;
            (format!("{}/trips/{trip}", target(market)), Before::Event {})
        }
        BreakerChange::SetGuardian { guardian } => {
            address_in(deps, "guardian", guardian)?;
            let guardian = reader.guardian(breaker)?;
            ("guardian".to_string(), Before::Guardian { guardian })
        }
    })
}

/// Of a market the parameters that are named, and the sources of these names. Either
/// is read only where some are named.
fn market_now(
    reader: Reader,
    breaker: &Addr,
    market: &str,
    named: Option<&MarketParamsUpdate>,
    names: Vec<&str>,
) -> Result<Before, ContractError> {
    input::market_name("market", market)?;
    if !reader.has_market(breaker, market)? {
        return Ok(Before::NoMarket {});
    }
    let params = match named {
        Some(named) => named.among(&reader.market_params(breaker, market)?),
        None => MarketParamsUpdate::default(),
    };
    let known = match names.is_empty() {
        true => vec![],
        false => reader.market_sources(breaker, market)?,
    };
    let source = |name: &str| SourceBefore {
        name: name.to_string(),
        source: known
            .iter()
            .find(|known: &&Source<String>| known.name == name)
            .cloned(),
    };
    let sources = names.into_iter().map(source).collect();
    Ok(Before::Market { params, sources })
}

/// Checks an address that may be none.
fn address_in(deps: Deps, field: &str, named: &backstop_types::Patch<String>) -> Result<(), InputError> {
    match named {
        backstop_types::Patch::Set(address) => input::address(deps.api, field, address).map(drop),
        backstop_types::Patch::Remove {} => Ok(()),
    }
}
