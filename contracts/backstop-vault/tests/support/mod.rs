//! A desk in front of the vault: what its tests do over and over, by name.

use backstop_testing::{World, WorldBuilder, cause};
use backstop_types::vault::*;
use backstop_types::{Assets, Change as _, Denom, Price, Seconds, Shares};
use backstop_vault::ContractError;
use cosmwasm_std::{Addr, Binary, Coin, from_json, to_json_binary};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{AppResponse, BankSudo, Executor, SudoMsg};

/// The policyholder's market, with a price of 10 from the start.
pub const MARKET: &str = "ATOM/USD";

/// A world with a vault of which up to nine tenths can be granted in a window,
/// and a policyholder that is a plain account.
pub struct Desk {
    pub w: World,
    pub holder: Addr,
}

/// Cover without bounds to speak of, all of it at once.
pub fn terms() -> PolicyTerms {
    PolicyTerms {
        limit: Assets::new(u128::MAX >> 1),
        deductible: Assets::ZERO,
        instant: Assets::new(u128::MAX >> 1),
        minimum: Assets::ONE,
        delay: Seconds::DAY,
        priced: true,
        premium: None,
    }
}

/// The same test with a native asset and with a cw20.
pub fn both_assets() -> [Desk; 2] {
    [Desk::native(), Desk::cw20()]
}

impl Desk {
    pub fn native() -> Self {
        Self::of(World::builder(), terms())
    }

    pub fn cw20() -> Self {
        Self::of(World::builder().cw20_asset(), terms())
    }

    /// With other cover for the policyholder.
    pub fn covering(change: impl FnOnce(&mut PolicyTerms)) -> Self {
        let mut terms = terms();
        change(&mut terms);
        Self::of(World::builder(), terms)
    }

    pub fn of(builder: WorldBuilder, terms: PolicyTerms) -> Self {
        let mut w = builder
            .vault_params(|params| params.pool_fraction = cosmwasm_std::Decimal::percent(90))
            .build();
        let holder = w.addr("derivatives");
        let mut desk = Self {
            w,
            holder: holder.clone(),
        };
        desk.as_owner(&ExecuteMsg::AddPolicy {
            policyholder: holder.to_string(),
            market: MARKET.to_string(),
            terms,
        })
        .unwrap();
        desk
    }

    /// What the vault was, or another would be, set up with.
    pub fn setup(&self) -> InstantiateMsg {
        let config: Config = self.query(&QueryMsg::Config {});
        let params = config.params;
        InstantiateMsg {
            owner: self.w.owner.to_string(),
            asset: config.asset.into(),
            window: config.window,
            params: Params {
                breaker: params.breaker.into_string(),
                guardian: params.guardian.map(Addr::into_string),
                unbonding_period: params.unbonding_period,
                notice: params.notice,
                pool_fraction: params.pool_fraction,
                min_ticket: params.min_ticket,
                max_tickets: params.max_tickets,
                hook_gas: params.hook_gas,
                poke_gas: params.poke_gas,
                premium: params.premium,
                treasury: params.treasury.map(Addr::into_string),
                treasury_part: params.treasury_part,
            },
        }
    }

    /// A second vault, set up alike, without a distributor.
    pub fn another_vault(&mut self) -> Addr {
        let setup = self.setup();
        self.w
            .instantiate(self.w.codes.vault, &setup, "another vault")
            .unwrap()
    }

    pub fn staker(&mut self, name: &str) -> Addr {
        self.w.addr(name)
    }

    pub fn now(&self) -> u64 {
        self.w.now()
    }

    pub fn advance(&mut self, time: Seconds) {
        self.w.advance(time);
    }

    pub fn asset_name(&self) -> String {
        match &self.w.asset {
            Denom::Native(name) => name.clone(),
            Denom::Cw20(token) => token.to_string(),
        }
    }

    pub fn balance(&self, account: &Addr) -> u128 {
        self.w.balance(account)
    }

    /// Mints `amount` more of the asset to an account.
    pub fn fund(&mut self, account: &Addr, amount: u128) {
        match self.w.asset.clone() {
            Denom::Native(denom) => {
                let amount = cosmwasm_std::coins(amount, denom);
                let mint = SudoMsg::Bank(BankSudo::Mint {
                    to_address: account.to_string(),
                    amount,
                });
                self.w.app.sudo(mint).unwrap();
            }
            Denom::Cw20(token) => {
                let mint = cw20::Cw20ExecuteMsg::Mint {
                    recipient: account.to_string(),
                    amount: amount.into(),
                };
                self.w
                    .app
                    .execute_contract(self.w.owner.clone(), token, &mint, &[])
                    .unwrap();
            }
        }
    }

    /// Mints a coin that is nobody's asset to an account.
    pub fn fund_other(&mut self, account: &Addr) {
        let amount = cosmwasm_std::coins(1_000, "uother");
        let mint = SudoMsg::Bank(BankSudo::Mint {
            to_address: account.to_string(),
            amount,
        });
        self.w.app.sudo(mint).unwrap();
    }

    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg, funds: &[Coin]) -> AnyResult<AppResponse> {
        let vault = self.w.vault.clone();
        self.w.execute(sender, &vault, msg, funds)
    }

    pub fn as_owner(&mut self, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        let owner = self.w.owner.clone();
        self.execute(&owner, msg, &[])
    }

    /// The typed error of a message that must be refused, and must have left
    /// the vault's storage and money as they were.
    pub fn refused<T>(&mut self, act: impl FnOnce(&mut Self) -> AnyResult<T>) -> ContractError {
        let picture = |desk: &Self| {
            (
                desk.w.app.dump_wasm_raw(&desk.w.vault),
                desk.balance(&desk.w.vault),
            )
        };
        let before = picture(self);
        let Err(error) = act(self) else {
            panic!("must be refused")
        };
        assert!(picture(self) == before, "a refusal changed something: {error:#}");
        cause(error)
    }

    pub fn deposit(&mut self, staker: &Addr, amount: u128) -> AnyResult<AppResponse> {
        self.deposit_with(staker, amount, None, None)
    }

    pub fn deposit_with(
        &mut self,
        sender: &Addr,
        amount: u128,
        min: Option<u128>,
        receiver: Option<String>,
    ) -> AnyResult<AppResponse> {
        let min_shares = min.map(Shares::new);
        let msg = ExecuteMsg::Deposit {
            min_shares,
            receiver: receiver.clone(),
        };
        let hook = HookMsg::Deposit { min_shares, receiver };
        let vault = self.w.vault.clone();
        self.w.send_asset(sender, &vault, amount, &msg, &hook)
    }

    pub fn donate(&mut self, sender: &Addr, amount: u128) {
        self.w.stray(sender, amount).unwrap();
    }

    /// Sends a token that is not the vault's asset to it.
    pub fn send_stray_cw20(&mut self, hook: &HookMsg) -> AnyResult<AppResponse> {
        let mallory = self.w.addr("mallory");
        let msg = cw20_base::msg::InstantiateMsg {
            name: "Another".to_string(),
            symbol: "OTHER".to_string(),
            decimals: 6,
            initial_balances: vec![cw20::Cw20Coin {
                address: mallory.to_string(),
                amount: 100u128.into(),
            }],
            mint: None,
            marketing: None,
        };
        let token = self.w.instantiate(self.w.codes.cw20, &msg, "another")?;
        let send = cw20::Cw20ExecuteMsg::Send {
            contract: self.w.vault.to_string(),
            amount: 5u128.into(),
            msg: to_json_binary(hook)?,
        };
        self.w.execute(&mallory, &token, &send, &[])
    }

    /// The new ticket's number.
    pub fn unbond(&mut self, staker: &Addr, shares: u128) -> AnyResult<u64> {
        self.w.unbond(staker, shares)?;
        let stored: Pool = self.raw_pool();
        Ok(stored.tickets)
    }

    fn raw_pool(&self) -> Pool {
        backstop_vault::state::POOL
            .load(&*self.w.app.contract_storage(&self.w.vault))
            .unwrap()
    }

    pub fn withdraw(&mut self, staker: &Addr, tickets: Option<Vec<u64>>) -> AnyResult<AppResponse> {
        self.execute(
            staker,
            &ExecuteMsg::Withdraw {
                tickets,
                min_assets: None,
                limit: None,
                staker: None,
            },
            &[],
        )
    }

    pub fn withdraw_limited(&mut self, staker: &Addr, limit: u32) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::Withdraw {
            tickets: None,
            min_assets: None,
            limit: Some(limit),
            staker: None,
        };
        self.execute(staker, &msg, &[])
    }

    pub fn withdraw_guarded(&mut self, staker: &Addr, min: u128) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::Withdraw {
            tickets: None,
            min_assets: Some(min.into()),
            limit: None,
            staker: None,
        };
        self.execute(staker, &msg, &[])
    }

    pub fn update(&mut self, update: ParamsUpdate) -> AnyResult<AppResponse> {
        self.as_owner(&ExecuteMsg::UpdateParams { update })
    }

    /// Puts a breaker in place that knows no market and so answers no poke;
    /// gives its address.
    pub fn silence_breaker(&mut self) -> Addr {
        let msg = backstop_types::breaker::InstantiateMsg {
            owner: self.w.owner.to_string(),
            guardian: None,
        };
        let code = self.w.codes.breaker;
        let other = self.w.instantiate(code, &msg, "another breaker").unwrap();
        let breaker = Some(other.to_string());
        self.update(ParamsUpdate {
            breaker,
            ..Default::default()
        })
        .unwrap();
        other
    }

    pub fn pause(&mut self, what: Pausable, duration: Seconds) -> AnyResult<AppResponse> {
        let guardian = self.w.guardian.clone();
        self.execute(&guardian, &ExecuteMsg::Pause { what, duration }, &[])
    }

    /// A shortfall of the policyholder at the price of 10.
    pub fn shortfall(&mut self, amount: u128) -> CoverResponse {
        self.shortfall_at(amount, Some("10"))
    }

    pub fn shortfall_at(&mut self, amount: u128, price: Option<&str>) -> CoverResponse {
        from_json(self.ask(amount, price).unwrap().data.unwrap()).unwrap()
    }

    pub fn ask(&mut self, amount: u128, price: Option<&str>) -> AnyResult<AppResponse> {
        let holder = self.holder.clone();
        self.w.shortfall(&holder, amount, price)
    }

    /// A loss of exactly `amount`, paid at once; prices are refreshed for it.
    pub fn lose(&mut self, amount: u128) -> u64 {
        self.w.set_price("10");
        let answer = self.shortfall(amount);
        assert_eq!(answer.paid, Assets::new(amount), "{answer:?}");
        answer.claim.unwrap()
    }

    pub fn settle(&mut self, claim: u64) -> AnyResult<AppResponse> {
        let anyone = self.w.addr("anyone");
        self.execute(&anyone, &ExecuteMsg::SettleClaim { claim }, &[])
    }

    pub fn decline(&mut self, claim: u64) -> AnyResult<AppResponse> {
        self.as_owner(&ExecuteMsg::DeclineClaim {
            claim,
            reason: "no such position".to_string(),
        })
    }

    pub fn recover(&mut self, sender: &Addr, loss: u64, amount: u128) -> AnyResult<AppResponse> {
        let vault = self.w.vault.clone();
        self.w.send_asset(
            sender,
            &vault,
            amount,
            &ExecuteMsg::Recover { loss },
            &HookMsg::Recover { loss },
        )
    }

    pub fn claim_recovery(
        &mut self,
        staker: &Addr,
        losses: Option<Vec<u64>>,
        restake: bool,
    ) -> AnyResult<AppResponse> {
        let msg = ExecuteMsg::ClaimRecovery {
            losses,
            restake: Some(restake),
            limit: None,
        };
        self.execute(staker, &msg, &[])
    }

    pub fn query<T: serde::de::DeserializeOwned>(&self, msg: &QueryMsg) -> T {
        self.w.query(&self.w.vault, msg).unwrap()
    }

    pub fn pool(&self) -> PoolResponse {
        self.query(&QueryMsg::Pool {})
    }

    pub fn stake(&self, staker: &Addr) -> StakeResponse {
        self.query(&QueryMsg::Stake {
            staker: staker.to_string(),
        })
    }

    pub fn claim(&self, claim: u64) -> ClaimResponse {
        self.query(&QueryMsg::Claim { claim })
    }

    pub fn loss(&self, loss: u64) -> Loss {
        self.query::<LossResponse>(&QueryMsg::Loss { loss }).record
    }

    pub fn policy(&self) -> PolicyResponse {
        self.query(&QueryMsg::Policy {
            policyholder: self.holder.to_string(),
            market: MARKET.to_string(),
        })
    }

    pub fn quote(&self, amount: u128, price: Option<&str>) -> CoverResponse {
        self.query(&QueryMsg::QuoteCover {
            policyholder: self.holder.to_string(),
            market: MARKET.to_string(),
            amount: amount.into(),
            price: price.map(|price| Price(price.parse().unwrap())),
            shortfall: None,
        })
    }

    /// What a staker may take back now, over all losses.
    pub fn due(&self, staker: &Addr) -> u128 {
        let parts = self.staker_losses(staker);
        parts.iter().map(|part| part.due.u128()).sum()
    }

    /// All losses that a staker bore, page by page.
    pub fn staker_losses(&self, staker: &Addr) -> Vec<StakerLoss> {
        let (mut all, mut start_after) = (vec![], None);
        loop {
            let page: StakerLossesResponse = self.query(&QueryMsg::StakerLosses {
                staker: staker.to_string(),
                start_after,
                limit: Some(30),
            });
            all.extend(page.losses);
            start_after = page.next;
            if start_after.is_none() {
                return all;
            }
        }
    }

    /// One look at the log of what came back.
    pub fn look(&mut self, staker: &Addr, limit: Option<u32>) -> AnyResult<ClaimRecoveryResponse> {
        let msg = ExecuteMsg::ClaimRecovery {
            losses: None,
            restake: None,
            limit,
        };
        let done = self.execute(staker, &msg, &[])?;
        Ok(from_json(done.data.unwrap())?)
    }
}

/// Data that no contract understands.
pub fn garbage() -> Binary {
    Binary::from(b"{\"nonsense\":")
}

/// The owner's message that adds a policy, or changes all its terms.
pub fn owner_sets(policyholder: &Addr, terms: PolicyTerms, add: bool) -> ExecuteMsg {
    let (policyholder, market) = (policyholder.to_string(), MARKET.to_string());
    match add {
        true => ExecuteMsg::AddPolicy {
            policyholder,
            market,
            terms,
        },
        false => ExecuteMsg::ChangePolicy {
            policyholder,
            market,
            update: PolicyTermsUpdate::to(terms),
        },
    }
}
