//! The limits of policy and pool, and which of them kept something back.

use backstop_types::vault::{Claim, CoverReason};
use backstop_types::{Assets, Open};
use backstop_vault::state::CLAIMS;
use cosmwasm_std::StdResult;
use sample_perps::state::SHORTFALLS;

use super::Tuned;
use crate::chain::{Answered, Chain};

/// A limit, and how often it bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Which.
    pub kind: LimitKind,
    /// How large it is; the pool's by its assets once everybody has come.
    pub size: Assets,
    /// Shortfalls that it bound.
    pub bound: u64,
    /// What it kept back of them: what was not granted, was not paid at once, or was
    /// the exchange's own.
    pub kept_back: Assets,
}

/// Which limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LimitKind {
    /// What the policy grants in a window.
    Policy,
    /// What the pool grants in a window, of its assets.
    Pool,
    /// What is paid at once.
    Instant,
    /// What the exchange bears itself.
    Deductible,
    /// The least that is granted.
    Minimum,
}

/// Every limit, with what it did.
pub(crate) fn of(chain: &Chain, tuned: &Tuned) -> StdResult<Vec<Limit>> {
    let terms = &tuned.policy;
    let pool = chain.expected.0.mul_floor(tuned.vault.pool_fraction);
    let limit = |kind, size| Limit {
        kind,
        size,
        bound: 0,
        kept_back: Assets::ZERO,
    };
    let mut limits = vec![
        limit(LimitKind::Policy, terms.limit),
        limit(LimitKind::Pool, Assets(pool)),
        limit(LimitKind::Instant, terms.instant),
        limit(LimitKind::Deductible, terms.deductible),
        limit(LimitKind::Minimum, terms.minimum),
    ];
    let mut bound = |kind, amount: Assets| {
        if let Some(limit) = limits
            .iter_mut()
            .find(|limit| limit.kind == kind && !amount.is_zero())
        {
            limit.bound += 1;
            limit.kept_back.0 += amount.0;
        }
    };
    let storage = chain.world.app.contract_storage(&chain.world.vault);
    for answer in &chain.tally.answered {
        bound(LimitKind::Deductible, answer.deductible);
        let claim = answer
            .claim
            .map(|claim| CLAIMS.load(&*storage, claim))
            .transpose()?;
        let (granted_less, paid_later) = why(answer, claim.as_ref());
        if let Some(rule) = granted_less {
            bound(rule, answer.uncovered);
        }
        if paid_later {
            bound(LimitKind::Instant, answer.pending);
        }
    }
    // What is smaller than the minimum is asked of nobody.
    let storage = chain.world.app.contract_storage(&chain.world.perps);
    for number in chain.tally.unanswered.keys() {
        let asked = SHORTFALLS.load(&*storage, *number)?.books.asked;
        if asked < terms.minimum {
            bound(LimitKind::Minimum, asked);
        }
    }
    Ok(limits)
}

/// Which limit kept the rest from being granted, and whether one kept it from being
/// paid at once.
fn why(answer: &Answered, claim: Option<&Claim>) -> (Option<LimitKind>, bool) {
    let (bound, waits) = match claim {
        Some(claim) => (known(&claim.bound), known(&claim.waits)),
        None => (answer.reason, None),
    };
    let rule = bound.and_then(|reason| match reason {
        CoverReason::PolicyLimit => Some(LimitKind::Policy),
        CoverReason::PoolLimit | CoverReason::Assets => Some(LimitKind::Pool),
        CoverReason::BelowMinimum => Some(LimitKind::Minimum),
        _ => None,
    });
    (rule, waits == Some(CoverReason::InstantLimit))
}

/// A reason that this version knows.
pub(super) fn known(reason: &Option<Open<CoverReason>>) -> Option<CoverReason> {
    match reason {
        Some(Open::Known(reason)) => Some(*reason),
        Some(Open::Unknown(_)) | None => None,
    }
}
