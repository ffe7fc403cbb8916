//! How a query is read. A contract carries the code that reads a variant's fields once
//! for each variant, 1 kB and more, so here variants with the same fields share it. The
//! JSON is that of [`QueryMsg`].

use serde::{Deserialize, Deserializer};

use super::query::QueryMsg;
use crate::{Assets, Price, Shares};

/// [`QueryMsg`] as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Read {
    Config(Nothing),
    Pool(Nothing),
    Pauses(Nothing),
    Stake(OfStaker),
    Stakes(Page<String>),
    Tickets(PageOfStaker),
    TotalAssets(Nothing),
    ConvertToShares(OfAssets),
    ConvertToAssets(OfShares),
    PreviewDeposit(OfAssets),
    PreviewWithdraw(OfAssets),
    PreviewRedeem(OfShares),
    MaxDeposit(OfReceiver),
    MaxWithdraw(OfOwner),
    MaxRedeem(OfOwner),
    Policy(OfPolicy),
    Policies(Page<(String, String)>),
    QuoteCover(Shortfall),
    QuotePremium(Payment),
    Credit(OfAccount),
    Claim(OfClaim),
    ClaimTimeline(OfClaim),
    Claims(Page<u64>),
    OpenClaims(Page<u64>),
    Loss(OfLoss),
    Losses(Page<u64>),
    StakerLosses(PageOfStaker),
    HookFailures(Page<String>),
    Ownership(Nothing),
}

macro_rules! fields {
    ($( $name:ident $(<$key:ident>)? { $( $field:ident: $type:ty ),* $(,)? } )*) => { $(
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct $name $(<$key>)? { $( $field: $type, )* }
    )* };
}

fields! {
    Nothing {}
    OfStaker { staker: String }
    OfAssets { assets: Assets }
    OfShares { shares: Shares }
    OfReceiver { receiver: String }
    OfOwner { owner: String }
    OfAccount { account: String }
    OfClaim { claim: u64 }
    OfLoss { loss: u64 }
    OfPolicy { policyholder: String, market: String }
    Page<K> { start_after: Option<K>, limit: Option<u32> }
    PageOfStaker { staker: String, start_after: Option<u64>, limit: Option<u32> }
    Payment { policyholder: String, market: String, amount: Option<Assets> }
    Shortfall {
        policyholder: String,
        market: String,
        amount: Assets,
        price: Option<Price>,
        shortfall: Option<u64>,
    }
}

impl<'de> Deserialize<'de> for QueryMsg {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Read::deserialize(deserializer).map(Self::from)
    }
}

impl From<Read> for QueryMsg {
    fn from(read: Read) -> Self {
        match read {
            Read::Config(Nothing {}) => Self::Config {},
            Read::Pool(Nothing {}) => Self::Pool {},
            Read::Pauses(Nothing {}) => Self::Pauses {},
            Read::Stake(OfStaker { staker }) => Self::Stake { staker },
            Read::Stakes(Page { start_after, limit }) => Self::Stakes { start_after, limit },
            Read::Tickets(PageOfStaker {
                staker,
                start_after,
                limit,
            }) => Self::Tickets {
                staker,
                start_after,
                limit,
            },
            Read::TotalAssets(Nothing {}) => Self::TotalAssets {},
            Read::ConvertToShares(OfAssets { assets }) => Self::ConvertToShares { assets },
            Read::ConvertToAssets(OfShares { shares }) => Self::ConvertToAssets { shares },
            Read::PreviewDeposit(OfAssets { assets }) => Self::PreviewDeposit { assets },
            Read::PreviewWithdraw(OfAssets { assets }) => Self::PreviewWithdraw { assets },
            Read::PreviewRedeem(OfShares { shares }) => Self::PreviewRedeem { shares },
            Read::MaxDeposit(OfReceiver { receiver }) => Self::MaxDeposit { receiver },
            Read::MaxWithdraw(OfOwner { owner }) => Self::MaxWithdraw { owner },
            Read::MaxRedeem(OfOwner { owner }) => Self::MaxRedeem { owner },
            Read::Policy(OfPolicy { policyholder, market }) => Self::Policy { policyholder, market },
            Read::Policies(Page { start_after, limit }) => Self::Policies { start_after, limit },
            Read::QuoteCover(Shortfall {
                policyholder,
                market,
                amount,
                price,
                shortfall,
            }) => Self::QuoteCover {
                policyholder,
                market,
                amount,
                price,
                shortfall,
            },
            Read::QuotePremium(Payment {
                policyholder,
                market,
                amount,
            }) => Self::QuotePremium {
                policyholder,
                market,
                amount,
            },
            Read::Credit(OfAccount { account }) => Self::Credit { account },
            Read::Claim(OfClaim { claim }) => Self::Claim { claim },
            Read::ClaimTimeline(OfClaim { claim }) => Self::ClaimTimeline { claim },
            Read::Claims(Page { start_after, limit }) => Self::Claims { start_after, limit },
            Read::OpenClaims(Page { start_after, limit }) => Self::OpenClaims { start_after, limit },
            Read::Loss(OfLoss { loss }) => Self::Loss { loss },
            Read::Losses(Page { start_after, limit }) => Self::Losses { start_after, limit },
            Read::StakerLosses(PageOfStaker {
                staker,
                start_after,
                limit,
            }) => Self::StakerLosses {
                staker,
                start_after,
                limit,
            },
            Read::HookFailures(Page { start_after, limit }) => Self::HookFailures { start_after, limit },
            Read::Ownership(Nothing {}) => Self::Ownership {},
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cosmwasm_schema::QueryResponses;
    use cosmwasm_std::{from_json, to_json_vec};
    use serde_json::{Map, Value, json};

    /// One of each query, made of the schema: every field has a value.
    fn all() -> Vec<Value> {
        let schema = serde_json::to_value(cosmwasm_schema::schema_for!(QueryMsg)).unwrap();
        let value = |field: &str| match field {
            "claim" | "loss" | "shortfall" | "limit" => json!(7),
            "assets" | "shares" | "amount" => json!("8"),
            "price" => json!("1.5"),
            name => json!(name),
        };
        let one = |variant: &Value| {
            let (name, inner) = variant["properties"].as_object().unwrap().iter().next().unwrap();
            let fields = inner["properties"].as_object().cloned().unwrap_or_default();
            let fill = |field: &String| {
                let number = matches!(
                    &name[..],
                    "tickets" | "claims" | "open_claims" | "losses" | "staker_losses"
                );
                let after = match field == "start_after" {
                    true if number => json!(9),
                    true if name == "policies" => json!(["a", "b"]),
                    _ => value(field),
                };
                (field.clone(), after)
            };
            json!({ name: fields.keys().map(fill).collect::<Map<_, _>>() })
        };
        schema["oneOf"].as_array().unwrap().iter().map(one).collect()
    }

    #[test]
    fn every_query_is_read_as_it_is_written() {
        let all = all();
        assert_eq!(all.len(), QueryMsg::response_schemas().unwrap().len());
        for query in all {
            let read: QueryMsg = from_json(query.to_string()).unwrap();
            let written: Value = from_json(to_json_vec(&read).unwrap()).unwrap();
            assert_eq!(written, query);
        }
    }

    #[test]
    fn a_query_with_a_field_that_it_does_not_have_is_refused() {
        for mut query in all() {
            let inner = query.as_object_mut().unwrap().values_mut().next().unwrap();
            inner["no_such"] = json!(1);
            assert!(from_json::<QueryMsg>(query.to_string()).is_err(), "{query}");
        }
        assert!(from_json::<QueryMsg>(r#"{"no_such":{}}"#).is_err());
    }
}
