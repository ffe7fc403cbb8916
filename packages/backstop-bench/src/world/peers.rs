//! The peers, set up as their own documentation has it. Their messages are
//! plain JSON: they are on other versions of the standard library.

use serde_json::json;

use super::World;
use super::backstop::ASSET;
use crate::Result;
use crate::chain::Message;

/// cw-plus's staking contract.
pub struct Cw4Stake {
    contract: String,
}

impl Cw4Stake {
    /// With an unbonding period of a second.
    pub fn deploy(world: &mut World) -> Result<Self> {
        let msg = json!({
            "denom": {"native": ASSET}, "tokens_per_weight": "1", "min_bond": "1",
            "unbonding_period": {"time": 1}, "admin": null,
        });
        let (owner, code) = (world.account("owner"), world.code("cw4-stake"));
        let contract = world.chain.instantiate(&owner, code, &msg, "cw4-stake")?;
        Ok(Self { contract })
    }

    /// Stakes.
    pub fn bond(&self, amount: u128) -> Result<Message> {
        Ok(Message::new(&self.contract, &json!({"bond": {}}))?.with(amount, ASSET))
    }

    /// Begins to unstake.
    pub fn unbond(&self, amount: u128) -> Result<Message> {
        Message::new(&self.contract, &json!({"unbond": {"tokens": amount.to_string()}}))
    }

    /// Takes what is unstaked.
    pub fn claim(&self) -> Result<Message> {
        Message::new(&self.contract, &json!({"claim": {}}))
    }
}

/// DAO DAO's staking for a native token, with a distributor of so many rewards.
/// A plain account stands for the DAO: it instantiates the staking contract and
/// adds the hook.
pub struct DaoDao {
    staking: String,
    distributor: Option<String>,
}

impl DaoDao {
    /// With an unstaking period of a second and linear, continuous rewards.
    pub fn deploy(world: &mut World, distributions: usize) -> Result<Self> {
        let msg = json!({
            "token_info": {"existing": {"denom": ASSET}},
            "unstaking_duration": {"time": 1}, "active_threshold": null,
        });
        let (owner, code) = (world.account("owner"), world.code("dao-voting-token-staked"));
        let staking = world.chain.instantiate(&owner, code, &msg, "staking")?;
        let mut dao = Self {
            staking,
            distributor: None,
        };
        if distributions > 0 {
            dao.reward(world, distributions)?;
        }
        Ok(dao)
    }

    fn reward(&mut self, world: &mut World, distributions: usize) -> Result<()> {
        let (owner, code) = (world.account("owner"), world.code("dao-rewards-distributor"));
        let msg = json!({"owner": owner.address});
        let contract = world.chain.instantiate(&owner, code, &msg, "rewards")?;
        let hook = json!({"add_hook": {"addr": contract}});
        world.execute("owner", &Message::new(&self.staking, &hook)?)?;
        for number in 1..=distributions {
            let create = json!({"create": {
                "denom": {"native": format!("urew{number}")},
                "emission_rate": {"linear": {"amount": "1000000", "duration": {"time": 60}, "continuous": true}},
                "vp_contract": self.staking, "hook_caller": self.staking,
                "open_funding": true, "withdraw_destination": null,
            }});
            world.execute("owner", &Message::new(&contract, &create)?)?;
        }
        self.distributor = Some(contract);
        Ok(())
    }

    /// Stakes.
    pub fn stake(&self, amount: u128) -> Result<Message> {
        Ok(Message::new(&self.staking, &json!({"stake": {}}))?.with(amount, ASSET))
    }

    /// Begins to unstake.
    pub fn unstake(&self, amount: u128) -> Result<Message> {
        Message::new(&self.staking, &json!({"unstake": {"amount": amount.to_string()}}))
    }

    /// Takes what is unstaked.
    pub fn claim(&self) -> Result<Message> {
        Message::new(&self.staking, &json!({"claim": {}}))
    }

    /// Funds one distribution.
    pub fn fund(&self, number: usize, amount: u128) -> Result<Message> {
        let fund = Message::new(self.rewards(), &json!({"fund": {"id": number}}))?;
        Ok(fund.with(amount, &format!("urew{number}")))
    }

    /// Takes the rewards of one distribution.
    pub fn claim_rewards(&self, number: usize) -> Result<Message> {
        Message::new(self.rewards(), &json!({"claim": {"id": number}}))
    }

    fn rewards(&self) -> &str {
        self.distributor.as_deref().unwrap_or_default()
    }
}
