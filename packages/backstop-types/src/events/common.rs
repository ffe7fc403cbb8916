//! What every contract emits.

use cosmwasm_std::Addr;

crate::events! {
    /// A contract was set up.
    Instantiated => "backstop_instantiate" {
        /// As in `cw2`.
        contract: String, version: String,
        owner: Addr,
    }
    /// Another code took the contract over.
    Migrated => "backstop_migrate" {
        contract: String,
        /// The versions before and after.
        from: String, to: String,
    }
    /// A step of a transfer of ownership.
    OwnershipChanged => "backstop_ownership" {
        owner: Option<Addr>, pending_owner: Option<Addr>,
        /// Until when the pending owner can accept.
        pending_expiry: Option<String>,
    }
}

impl From<cw_ownable::Ownership<Addr>> for OwnershipChanged {
    fn from(ownership: cw_ownable::Ownership<Addr>) -> Self {
        Self {
            owner: ownership.owner,
            pending_owner: ownership.pending_owner,
            pending_expiry: ownership.pending_expiry.map(|expiry| expiry.to_string()),
        }
    }
}
