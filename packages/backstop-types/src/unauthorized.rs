//! A message that only one role may send, sent by another. Every contract wraps
//! this error; what only an owner may do is `cw_ownable`'s to refuse.

use std::fmt::Display;

use cosmwasm_std::Addr;
use thiserror::Error;

/// The sender may not send this message.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
#[error("sender is {sender}: must be {role}")]
pub struct Unauthorized {
    /// Who sent it.
    pub sender: Addr,
    /// Who may, such as `the guardian`.
    pub role: String,
}

impl Unauthorized {
    /// Refuses `sender` unless `permitted`; `role` says who would be.
    pub fn unless(permitted: bool, sender: &Addr, role: impl Display) -> Result<(), Self> {
        if permitted {
            return Ok(());
        }
        Err(Self {
            sender: sender.clone(),
            role: role.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_sender_and_who_may() {
        let eve = Addr::unchecked("eve");
        assert_eq!(Unauthorized::unless(true, &eve, "the guardian"), Ok(()));
        let refused = Unauthorized::unless(false, &eve, "the guardian").unwrap_err();
        assert_eq!(refused.to_string(), "sender is eve: must be the guardian");
    }
}
