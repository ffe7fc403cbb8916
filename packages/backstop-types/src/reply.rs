//! What a sub-message's reply brings.

use cosmwasm_std::{Binary, Reply};

/// The called contract failed, and what it had done is undone. On a chain the
/// text of the error is redacted, so it is not passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed;

/// The data that an executed contract answered, if it answered with any.
pub fn reply_data(reply: Reply) -> Result<Option<Binary>, Failed> {
    let response = reply.result.into_result().map_err(|_| Failed)?;
    let encoded = response.msg_responses.into_iter().next();
    let parsed = encoded.and_then(|any| cw_utils::parse_execute_response_data(&any.value).ok());
    Ok(parsed.and_then(|parsed| parsed.data))
}
