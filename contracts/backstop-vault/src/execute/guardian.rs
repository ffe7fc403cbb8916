//! The guardian's two brakes. It can neither move money nor touch an exit.

use backstop_types::events::vault::PauseChanged;
use backstop_types::guardian::{LONGEST, REST};
use backstop_types::vault::{Pausable, Pause};
use backstop_types::{InputError, Seconds, Unauthorized, input};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use crate::error::ContractError;
use crate::state::{CONFIG, PAST_PAUSES, PAUSES, Pauses};

/// `Pause`.
pub fn pause(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    what: Pausable,
    duration: Seconds,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let guardian = CONFIG.load(deps.storage)?.params.guardian;
    Unauthorized::unless(
        guardian.as_ref() == Some(&info.sender),
        &info.sender,
        "the guardian",
    )?;
    input::within("duration", duration, Seconds(1), LONGEST)?;

    let mut pauses = PAUSES.load(deps.storage)?;
    let now = env.block.time;
    let pause = select(&mut pauses, what);
    let next = REST.after(pause.until);
    if *pause != Pause::default() && now < next {
        return Err(ContractError::PauseTooSoon {
            what,
            left: Seconds::left(now, next),
        });
    }
    let past = *pause;
    *pause = Pause {
        since: now,
        until: duration.after(now),
        before: pause.total(now),
        number: pause.number.saturating_add(1),
    };
    let (number, until) = (pause.number, Seconds::clock(pause.until));
    PAUSES.save(deps.storage, &pauses)?;
    if what == Pausable::Payouts && past != Pause::default() {
        PAST_PAUSES.save(deps.storage, past.since.nanos(), &past)?;
    }
    Ok(Response::new().add_event(PauseChanged {
        what,
        pause: number,
        until: Some(until),
        by: info.sender,
    }))
}

/// `Resume`.
pub fn resume(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    what: Pausable,
    number: u64,
) -> Result<Response, ContractError> {
    input::no_funds(&info)?;
    let guardian = CONFIG.load(deps.storage)?.params.guardian;
    let permitted =
        guardian.as_ref() == Some(&info.sender) || cw_ownable::is_owner(deps.storage, &info.sender)?;
    Unauthorized::unless(permitted, &info.sender, "the guardian or the owner")?;
    let mut pauses = PAUSES.load(deps.storage)?;
    let pause = select(&mut pauses, what);
    if !pause.active(env.block.time) {
        return Err(ContractError::NotPaused { what });
    }
    if pause.number != number {
        let bound = format!("the pause that is in force, {}", pause.number);
        return Err(InputError::bounds("pause", number, bound).into());
    }
    pause.until = env.block.time;
    PAUSES.save(deps.storage, &pauses)?;
    Ok(Response::new().add_event(PauseChanged {
        what,
        pause: number,
        until: None,
        by: info.sender,
    }))
}

fn select(pauses: &mut Pauses, what: Pausable) -> &mut Pause {
    match what {
        Pausable::Deposits => &mut pauses.deposits,
        Pausable::Payouts => &mut pauses.payouts,
    }
}
