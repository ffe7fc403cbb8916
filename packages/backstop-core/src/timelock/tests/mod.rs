//! The fields of changes between two values, for the tests.

mod cases;
mod properties;

use backstop_types::Change as _;
use backstop_types::breaker::{MarketParams, MarketParamsUpdate};
use backstop_types::timelock::{Before, BreakerChange, Change, VaultChange};
use backstop_types::vault::{Params, ParamsUpdate, PolicyTerms, PolicyTermsUpdate};

use super::*;

fn of_params(from: &Params<String>, to: &Params<String>) -> Vec<FieldChange> {
    let update = ParamsUpdate::to(to.clone());
    let before = Before::Params(ParamsUpdate::to(from.clone()));
    fields(&Change::Vault(VaultChange::UpdateParams { update }), &before).unwrap()
}

fn change_policy(update: PolicyTermsUpdate) -> Change {
    Change::Vault(VaultChange::ChangePolicy {
        policyholder: "perps".to_string(),
        market: "ATOM/USD".to_string(),
        update,
    })
}

fn of_terms(from: &PolicyTerms, to: &PolicyTerms) -> Vec<FieldChange> {
    let update = PolicyTermsUpdate::to(*to);
    let before = Before::Terms(PolicyTermsUpdate::to(*from));
    fields(&change_policy(update), &before).unwrap()
}

fn breaker(change: BreakerChange) -> Change {
    Change::Breaker {
        contract: None,
        change,
    }
}

fn of_market(from: &MarketParams, to: &MarketParams) -> Vec<FieldChange> {
    let update = MarketParamsUpdate::to(*to);
    let before = Before::Market {
        params: MarketParamsUpdate::to(*from),
        sources: vec![],
    };
    let change = BreakerChange::UpdateMarket {
        market: "ATOM/USD".to_string(),
        params: Some(update),
        sources: None,
    };
    fields(&breaker(change), &before).unwrap()
}
