//! The ways in which a mock oracle can be made to answer. What a provider's own
//! interface says where it has no price, each mock knows itself; a stale price is
//! one that a test sets with an old time.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult};
use cw_storage_plus::Item;

/// How the contract that stores it answers.
pub const MODE: Item<Mode> = Item::new("mode");

/// The length of an answer that is far too long, in bytes.
pub const LONG: usize = 10_240;

/// How a mock answers.
#[cw_serde]
#[derive(Default)]
pub enum Mode {
    /// As its provider does.
    #[default]
    Honest,
    /// With an error.
    Fail,
    /// With these bytes in place of the answer.
    Junk(Binary),
    /// With 10 kB.
    Long,
    /// With the right price under this name, where answers name their feed.
    Mislabelled(String),
    /// As its provider does for a feed that it knows and has no price of.
    Unpriced,
}

impl Mode {
    /// The answer in this mode; `honest` is told the wrong name, if there is one.
    pub fn answer(&self, honest: impl FnOnce(Option<&str>) -> StdResult<Binary>) -> StdResult<Binary> {
        match self {
            Self::Honest | Self::Unpriced => honest(None),
            Self::Fail => Err(StdError::generic_err("the oracle fails")),
            Self::Junk(bytes) => Ok(bytes.clone()),
            Self::Long => Ok(Binary::from(vec![b'['; LONG])),
            Self::Mislabelled(name) => honest(Some(name)),
        }
    }
}

/// Sets a mock up, honest and without feeds.
pub fn instantiate(deps: DepsMut, _env: Env, _info: MessageInfo, _msg: Empty) -> StdResult<Response> {
    MODE.save(deps.storage, &Mode::Honest)?;
    Ok(Response::new())
}
