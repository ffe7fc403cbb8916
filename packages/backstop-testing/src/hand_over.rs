//! From a world that its owner governs directly to one behind a timelock.

use backstop_types::timelock::{Contract, ExecuteMsg, InstantiateMsg};
use backstop_types::{breaker, distributor, vault};
use cosmwasm_std::{Addr, WasmMsg};
use cw_ownable::Action;
use serde::Serialize;

use crate::World;

impl World {
    /// Sets a timelock up that belongs to the owner.
    pub fn timelock(&mut self) -> Addr {
        let msg = InstantiateMsg {
            owner: self.owner.to_string(),
            vault: self.vault.to_string(),
        };
        self.instantiate(self.codes.timelock, &msg, "timelock").unwrap()
    }

    /// Sets a timelock up and gives it vault, distributor and breaker, to own and to
    /// administer, and itself to administer. The owner goes on as the timelock's.
    pub fn hand_over(&mut self) -> Addr {
        let timelock = self.timelock();
        let (vault, distributor, breaker) =
            (self.vault.clone(), self.distributor.clone(), self.breaker.clone());
        let offer = || Action::TransferOwnership {
            new_owner: timelock.to_string(),
            expiry: None,
        };
        self.offer(&vault, &vault::ExecuteMsg::UpdateOwnership(offer()));
        self.offer(&distributor, &distributor::ExecuteMsg::UpdateOwnership(offer()));
        self.offer(&breaker, &breaker::ExecuteMsg::UpdateOwnership(offer()));
        for contract in [
            Contract::Vault {},
            Contract::Distributor {},
            Contract::Breaker { contract: None },
        ] {
            self.offer(&timelock, &ExecuteMsg::AcceptOwnership { contract });
        }
        for contract_addr in [vault, distributor, breaker, timelock.clone()] {
            let owner = self.owner.clone();
            let admin = WasmMsg::UpdateAdmin {
                contract_addr: contract_addr.into_string(),
                admin: timelock.to_string(),
            };
            self.send(&owner, admin.into()).unwrap();
        }
        timelock
    }

    fn offer<M: Serialize + std::fmt::Debug>(&mut self, contract: &Addr, msg: &M) {
        self.by_owner(contract, msg).unwrap();
    }
}
