//! What the timelock emits.

use cosmwasm_std::Addr;

use crate::timelock::{Class, VoidReason};

crate::events! {
    /// A change was submitted.
    ChangeSubmitted => "backstop_submit_change" {
        /// Its number.
        change: u64,
        /// The contract that it changes, and what of it.
        contract: Addr, target: String,
        class: Class,
        /// Seconds since the epoch from when it can be applied, and from when it cannot
        /// any more; none where it is made at once.
        due: Option<u64>, lapses: Option<u64>,
        by: Addr,
    }
    /// A change was made.
    ChangeApplied => "backstop_apply_change" {
        change: u64, contract: Addr, target: String, class: Class, by: Addr,
    }
    /// The owner withdrew a change.
    ChangeCancelled => "backstop_cancel_change" {
        change: u64, contract: Addr, target: String, by: Addr,
    }
    /// A change can never be applied any more.
    ChangeVoided => "backstop_void_change" {
        change: u64, contract: Addr, target: String, reason: VoidReason,
        /// The number of the change that overtook it, if that was one.
        overtaken_by: Option<u64>,
    }
}
