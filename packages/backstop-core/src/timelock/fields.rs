//! The fields of a change, each with what it was, what it is to be, and what that does.

use backstop_types::breaker::{MarketParamsUpdate, Source};
use backstop_types::timelock::{
    Before, BreakerChange, Change, Direction, DistributorChange, FieldChange, SourceBefore, VaultChange,
};
use backstop_types::vault::PolicyTermsUpdate;
use backstop_types::{Change as _, Patch};
use cosmwasm_std::to_json_string;
use thiserror::Error;

use super::rule::{Rule, STAYS};
use super::table::{Row, market, other, params, terms};

/// Why a change cannot be made of what is.
#[derive(Error, Debug, Clone, PartialEq, Eq)]
pub enum Unfit {
    /// Nothing is named.
    #[error("change is empty: must name at least one field")]
    Empty,

    /// A change of a policy that there is not.
    #[error("policy is closed or unknown: must be active to be changed")]
    NoPolicy,

    /// A policy that there is.
    #[error("policy is active: must be closed or new to be added")]
    PolicyActive,

    /// A change of a market that there is not.
    #[error("market is unknown: must be one of the breaker's to be changed")]
    NoMarket,

    /// A market that there is.
    #[error("market is known: must be new to be added")]
    MarketExists,

    /// A source that there is not.
    #[error("source is {name}: must be one of the market's to be removed")]
    NoSource {
        /// Its name.
        name: String,
    },

    /// A denom that was never listed.
    #[error("denom is unknown: must be one that is listed to be delisted")]
    NoDenom,

    /// What was read is of another kind.
    #[error("from is of another kind than the change")]
    AnotherKind,
}

/// Each field that the change names. What it was must be of the change's kind: a change
/// that can no longer be made is an error that says why.
pub fn fields(change: &Change, before: &Before) -> Result<Vec<FieldChange>, Unfit> {
    let found = match change {
        Change::Vault(change) => of_vault(change, before)?,
        Change::Distributor(change) => of_distributor(change, before)?,
        Change::Breaker { change, .. } => of_breaker(change, before)?,
        Change::Code { code_id, .. } => match before {
            // The same code again, too: its message may be another.
            Before::Code { code_id: old } => vec![FieldChange {
                direction: Direction::Raises,
                reason: other::CODE.reason.to_string(),
                ..other::CODE.judge("code_id", Some(old), code_id)
            }],
            _ => return Err(Unfit::AnotherKind),
        },
        Change::Admin { admin, .. } => match before {
            Before::Admin { admin: old } => {
                vec![other::ADMIN.judge("admin", Some(&Patch::to(old.clone())), admin)]
            }
            _ => return Err(Unfit::AnotherKind),
        },
        Change::TransferOwnership { new_owner, .. } => of_owner(Some(new_owner), before)?,
        Change::RenounceOwnership { .. } => of_owner(None, before)?,
    };
    if found.is_empty() {
        return Err(Unfit::Empty);
    }
    Ok(found)
}

fn of_vault(change: &VaultChange, before: &Before) -> Result<Vec<FieldChange>, Unfit> {
    match (change, before) {
        (VaultChange::AddPolicy { terms, .. }, Before::NoPolicy {}) => {
            let named = terms::judge("", &PolicyTermsUpdate::default(), &PolicyTermsUpdate::to(*terms));
            Ok(named
                .into_iter()
                .map(|field| instead(field, other::NEW_POLICY))
                .collect())
        }
        (VaultChange::AddPolicy { .. }, Before::Terms(_)) => Err(Unfit::PolicyActive),
        (VaultChange::ChangePolicy { update, .. }, Before::Terms(old)) => Ok(terms::judge("", old, update)),
        (VaultChange::ChangePolicy { .. }, Before::NoPolicy {}) => Err(Unfit::NoPolicy),
        (VaultChange::UpdateParams { update }, Before::Params(old)) => Ok(params::judge("", old, update)),
        // All terms, so that it overtakes a change of any of them.
        (VaultChange::ClosePolicy { .. }, Before::Terms(old)) => {
            let end = |field: FieldChange| ended(field, other::CLOSE);
            Ok(terms::judge("", old, old).into_iter().map(end).collect())
        }
        (VaultChange::ClosePolicy { .. }, Before::NoPolicy {}) => Err(Unfit::NoPolicy),
        // Its terms cannot be read, which stops no brake.
        (VaultChange::ClosePolicy { .. }, Before::Event {}) => {
            let end = |row: Row| event(&row.field, "ended", Direction::Lowers, other::CLOSE);
            Ok(terms::rows("").into_iter().map(end).collect())
        }
        (VaultChange::DeclineClaim { .. }, Before::Event {}) => Ok(vec![event(
            "claim",
            "declined",
            Direction::Lowers,
            other::DECLINE,
        )]),
        (VaultChange::SetDistributor { distributor }, Before::Event {}) => Ok(vec![event(
            "distributor",
            distributor,
            Direction::Neutral,
            other::DISTRIBUTOR,
        )]),
        (VaultChange::Resume { .. }, Before::Event {}) => {
            Ok(vec![event("pause", "ended", Direction::Neutral, other::RESUME)])
        }
        _ => Err(Unfit::AnotherKind),
    }
}

fn of_distributor(change: &DistributorChange, before: &Before) -> Result<Vec<FieldChange>, Unfit> {
    match (change, before) {
        (DistributorChange::ListDenom(listing), Before::Listing { listed, min_rate }) => {
            let (on, rate) = match listed {
                None => (other::NEW_DENOM, other::NEW_DENOM),
                Some(_) => (other::LISTED, other::MIN_RATE),
            };
            let rate_before = min_rate.map(backstop_types::Assets);
            Ok(vec![
                on.judge("listed", listed.as_ref(), &true),
                rate.judge(
                    "min_rate",
                    rate_before.as_ref(),
                    &backstop_types::Assets(listing.min_rate),
                ),
            ])
        }
        (
            DistributorChange::DelistDenom { .. },
            Before::Listing {
                listed: Some(listed), ..
            },
        ) => Ok(vec![other::LISTED.judge("listed", Some(listed), &false)]),
        (DistributorChange::DelistDenom { .. }, Before::Listing { listed: None, .. }) => Err(Unfit::NoDenom),
        (DistributorChange::Stop { .. }, Before::Event {}) => {
            Ok(vec![event("stream", "stopped", Direction::Raises, other::STOP)])
        }
        _ => Err(Unfit::AnotherKind),
    }
}

fn of_breaker(change: &BreakerChange, before: &Before) -> Result<Vec<FieldChange>, Unfit> {
    match (change, before) {
        (BreakerChange::AddMarket { market, .. }, Before::NoMarket {}) => Ok(vec![event(
            "market",
            market,
            Direction::Raises,
            other::NEW_MARKET,
        )]),
        (BreakerChange::AddMarket { .. }, Before::Market { .. }) => Err(Unfit::MarketExists),
        (
            BreakerChange::UpdateMarket { params, sources, .. },
            Before::Market {
                params: old,
                sources: were,
            },
        ) => {
            let none = MarketParamsUpdate::default();
            let mut found = market::judge("", old, params.as_ref().unwrap_or(&none));
            for source in sources.iter().flatten() {
                found.push(of_source(&source.name, were, Some(source)));
            }
            Ok(found)
        }
        (BreakerChange::RemoveSource { source, .. }, Before::Market { sources, .. }) => {
            let known = sources.iter().any(|it| it.name == *source && it.source.is_some());
            if !known {
                return Err(Unfit::NoSource { name: source.clone() });
            }
            Ok(vec![of_source(source, sources, None)])
        }
        (BreakerChange::UpdateMarket { .. } | BreakerChange::RemoveSource { .. }, Before::NoMarket {}) => {
            Err(Unfit::NoMarket)
        }
        (BreakerChange::Reseed { .. }, Before::Event {}) => {
            let to = "the sources' median";
            Ok(vec![event("reference", to, Direction::Neutral, other::RESEED)])
        }
        (BreakerChange::SetGuardian { guardian }, Before::Guardian { guardian: old }) => {
            Ok(vec![other::GUARDIAN.judge(
                "guardian",
                Some(&Patch::to(old.clone())),
                guardian,
            )])
        }
        _ => Err(Unfit::AnotherKind),
    }
}

fn of_source(name: &str, were: &[SourceBefore], to: Option<&Source<String>>) -> FieldChange {
    let from = were
        .iter()
        .find(|it| it.name == name)
        .and_then(|it| it.source.as_ref());
    let (direction, reason) = if from == to {
        (Direction::Neutral, STAYS)
    } else {
        (Direction::Raises, other::SOURCE.reason)
    };
    FieldChange {
        field: format!("sources.{name}"),
        from: from.and_then(source_text),
        to: to.and_then(source_text),
        direction,
        reason: reason.to_string(),
    }
}

fn source_text(source: &Source<String>) -> Option<String> {
    to_json_string(source).ok()
}

fn of_owner(new: Option<&String>, before: &Before) -> Result<Vec<FieldChange>, Unfit> {
    let Before::Ownership { owner, .. } = before else {
        return Err(Unfit::AnotherKind);
    };
    // Named even so: the transfer that is taken back is of the same field.
    let kept = new.is_some() && new == owner.as_ref();
    let (direction, rule) = if kept {
        (Direction::Lowers, other::KEPT_OWNER)
    } else {
        (Direction::Raises, other::OWNER)
    };
    Ok(vec![FieldChange {
        field: "owner".to_string(),
        from: owner.clone(),
        to: new.cloned(),
        direction,
        reason: rule.reason.to_string(),
    }])
}

/// A change that is not of a value: of something that happens once.
fn event(field: &str, to: &str, direction: Direction, rule: Rule) -> FieldChange {
    FieldChange {
        field: field.to_string(),
        from: None,
        to: Some(to.to_string()),
        direction,
        reason: rule.reason.to_string(),
    }
}

/// The same field, of something that is new.
fn instead(field: FieldChange, rule: Rule) -> FieldChange {
    FieldChange {
        from: None,
        direction: Direction::Raises,
        reason: rule.reason.to_string(),
        ..field
    }
}

/// The same field, of something that ends.
fn ended(field: FieldChange, rule: Rule) -> FieldChange {
    FieldChange {
        to: None,
        direction: Direction::Lowers,
        reason: rule.reason.to_string(),
        ..field
    }
}
