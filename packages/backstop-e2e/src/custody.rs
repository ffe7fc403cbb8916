//! The timelock over a stage's contracts, as a DAO has it.

use backstop_chain::Message;
use backstop_types::timelock::{Contract, ExecuteMsg, InstantiateMsg};
use backstop_types::{breaker, distributor, vault};
use cw_ownable::Action;

use crate::backstop::{Backstop, call};

impl Backstop<'_> {
    /// Gives vault, distributor and breaker to a timelock of the owner's, to own and to
    /// administer; its address.
    pub fn hand_over(&self) -> String {
        let stage = self.stage;
        let timelock = stage.instantiate(
            "risk_timelock",
            &InstantiateMsg {
                owner: stage.addr("owner"),
                vault: self.vault.clone(),
            },
        );
        let offer = || Action::TransferOwnership {
            new_owner: timelock.clone(),
            expiry: None,
        };
        let accept = |contract| call(&timelock, &ExecuteMsg::AcceptOwnership { contract });
        stage.send(
            "owner",
            &[
                call(&self.vault, &vault::ExecuteMsg::UpdateOwnership(offer())),
                call(
                    &self.distributor,
                    &distributor::ExecuteMsg::UpdateOwnership(offer()),
                ),
                call(&self.breaker, &breaker::ExecuteMsg::UpdateOwnership(offer())),
                accept(Contract::Vault {}),
                accept(Contract::Distributor {}),
                accept(Contract::Breaker { contract: None }),
            ],
        );
        let admins =
            [&self.vault, &self.distributor, &self.breaker, &timelock].map(|contract| Message::UpdateAdmin {
                contract: contract.clone(),
                admin: timelock.clone(),
            });
        stage.send("owner", &admins);
        timelock
    }
}
