//! Events as typed structs, one table a contract. A chain prefixes the name
//! with `wasm-` and adds `_contract_address`; keys are snake case, amounts are
//! integers as text, and the words are those of the messages.

/// Declares event structs: the name on chain, then the attributes. Each struct
/// turns into a [`cosmwasm_std::Event`] by `into()`, and `table()` lists them.
#[macro_export]
macro_rules! events {
    ($(
        $(#[$doc:meta])*
        $struct:ident => $name:literal { $( $(#[$field_doc:meta])* $field:ident: $type:ty ),* $(,)? }
    )*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone)]
            pub struct $struct { $( $(#[$field_doc])* pub $field: $type ),* }

            impl $struct {
                /// The name on chain, without the `wasm-` prefix.
                pub const NAME: &'static str = $name;
            }

            impl From<$struct> for cosmwasm_std::Event {
                fn from(event: $struct) -> Self {
                    cosmwasm_std::Event::new($struct::NAME)
                        $( .add_attribute(stringify!($field), $crate::events::Attribute::text(&event.$field)) )*
                }
            }
        )*

        /// Every event here: its name and its attributes' keys.
        pub fn table() -> Vec<(&'static str, Vec<&'static str>)> {
            vec![ $( ($struct::NAME, vec![ $( stringify!($field) ),* ]) ),* ]
        }
    };
}

/// How a value is written in an event's attribute.
pub trait Attribute {
    /// The attribute's text; `none` for what is absent.
    fn text(&self) -> String;
}

impl<T: Attribute> Attribute for Option<T> {
    fn text(&self) -> String {
        self.as_ref().map_or_else(|| "none".to_string(), Attribute::text)
    }
}

/// Attributes that are written as they display.
#[macro_export]
macro_rules! display_attributes {
    ($($type:ty),* $(,)?) => {
        $( impl $crate::events::Attribute for $type {
            fn text(&self) -> String { self.to_string() }
        } )*
    };
}

display_attributes!(
    bool,
    u32,
    u64,
    String,
    cosmwasm_std::Addr,
    cosmwasm_std::Uint128,
    cosmwasm_std::Decimal,
    crate::Assets,
    crate::Shares,
    crate::Seconds,
    crate::Bps,
    crate::Price,
    crate::Denom,
);

impl Attribute for cosmwasm_std::Timestamp {
    /// Seconds since the epoch.
    fn text(&self) -> String {
        self.seconds().to_string()
    }
}

/// What the vault emits.
pub mod vault {
    use cosmwasm_std::Addr;

    use crate::{Assets, Price, Shares};

    events! {
        /// Assets came in for shares.
        Deposited => "backstop/deposit" {
            sender: Addr, staker: Addr, assets: Assets, shares: Shares,
            /// Assets and shares of the whole vault afterwards.
            total_assets: Assets, total_shares: Shares,
        }
        /// Shares began to unbond.
        Unbonded => "backstop/unbond" {
            staker: Addr, ticket: u64, shares: Shares,
            /// Seconds since the epoch when the ticket can be withdrawn.
            ready_at: u64,
        }
        /// A ticket's shares became active again.
        UnbondCancelled => "backstop/cancel_unbond" { staker: Addr, ticket: u64, shares: Shares }
        /// Tickets were paid out.
        Withdrawn => "backstop/withdraw" {
            staker: Addr, tickets: u32, shares: Shares, assets: Assets,
            total_assets: Assets, total_shares: Shares,
        }
        /// A shortfall was answered.
        ShortfallAnswered => "backstop/cover_shortfall" {
            policyholder: Addr, market: String, claim: Option<u64>, asked: Assets,
            deductible: Assets, paid: Assets, pending: Assets, uncovered: Assets,
            /// Why something is pending or uncovered.
            reason: Option<String>, price: Option<Price>,
            total_assets: Assets, total_shares: Shares,
        }
        /// A pending claim ended: paid, declined or lapsed.
        ClaimSettled => "backstop/settle_claim" {
            claim: u64, outcome: String, amount: Assets, reason: Option<String>,
        }
        /// Money came back on a loss.
        Recovered => "backstop/recover" { loss: u64, sender: Addr, amount: Assets }
        /// A staker took what came back.
        RecoveryClaimed => "backstop/claim_recovery" {
            staker: Addr, losses: u32, amount: Assets, restaked: bool,
        }
        /// A policy was added, changed or closed.
        PolicyChanged => "backstop/policy" {
            policyholder: Addr, market: String, change: String,
            limit: Assets, deductible: Assets, instant: Assets, by: Addr,
        }
        /// A parameter of the vault changed.
        ParamsChanged => "backstop/params" { field: String, old: String, new: String }
        /// The guardian paused or resumed something.
        PauseChanged => "backstop/pause" { what: String, until: Option<u64>, by: Addr }
        /// The distributor could not be told of an unbonding; `sync` mends it.
        HookFailed => "backstop/hook_failed" { staker: Addr, failures: u64 }
    }
}

/// What the distributor emits.
pub mod distributor {
    use cosmwasm_std::{Addr, Uint128};

    use crate::{Denom, Shares};

    events! {
        /// The vault told of a change of active shares.
        StakeRecorded => "backstop/stake_changed" { staker: Addr, before: Shares, after: Shares, total: Shares }
        /// A record was brought in line with the vault, by `Sync` or `Claim`.
        StakeSynced => "backstop/sync" { staker: Addr, before: Shares, after: Shares, total: Shares }
        /// What shares earned that were no longer there became a stream again.
        RewardReturned => "backstop/reward_returned" {
            staker: Addr, denom: Denom,
            /// Base units, rounded down.
            amount: Uint128,
        }
        /// A reward was sent, or deposited in the vault.
        RewardClaimed => "backstop/claim_reward" {
            staker: Addr, receiver: Addr, denom: Denom, amount: Uint128, restaked: bool,
        }
        /// A payment or a deposit failed; the reward is owed again.
        PayoutFailed => "backstop/payout_failed" { staker: Addr, denom: Denom, amount: Uint128 }
        /// A stream was funded.
        Funded => "backstop/fund" {
            funder: Addr, denom: Denom, amount: Uint128,
            /// The funding's number within the denom.
            number: u64,
            /// The stream's beginning and end in seconds of staked time.
            from: u64, until: u64,
        }
        /// A stream was stopped, and what it held went back to its funder.
        StreamStopped => "backstop/stop" {
            funder: Addr, denom: Denom, number: u64, refunded: Uint128,
            /// When, in seconds of staked time.
            staked: u64,
        }
        /// A denom was brought up to date.
        Advanced => "backstop/advance" {
            denom: Denom,
            /// Rate changes that were applied.
            changes: u32,
            /// Up to when, in seconds of staked time.
            staked: u64,
        }
        /// A denom may be funded, or at another minimum rate.
        DenomListed => "backstop/list_denom" { denom: Denom, min_rate: Uint128 }
        /// A denom may no longer be funded.
        DenomDelisted => "backstop/delist_denom" { denom: Denom }
    }
}

/// What the breaker emits.
pub mod breaker {
    use cosmwasm_std::Addr;

    use crate::Price;

    events! {
        /// A market was poked.
        Poked => "backstop/poke" {
            market: String, action: String, state: String, allowed: bool,
            /// The faults' names with commas between.
            reasons: String, median: Option<Price>,
        }
        /// A market went from one state to another.
        StateChanged => "backstop/market_state" {
            market: String, from: String, to: String,
            /// The faults' names with commas between.
            reasons: String,
            /// The number of the trip that is open or has just ended.
            trip: Option<u64>,
            /// Who did it where it was not a reading.
            by: Option<Addr>,
            /// What each source said, and each fault's measure and bound.
            evidence: String,
        }
        /// A reporter reported.
        Reported => "backstop/report" {
            reporter: Addr, market: String, source: String, price: Price, publish_time: u64,
        }
        /// A market was added, or its config changed.
        MarketConfigured => "backstop/market" { market: String, change: String, sources: u32 }
        /// A reference was moved by the owner.
        Reseeded => "backstop/reseed" { market: String, from: Option<Price>, to: Price }
        /// Another guardian was named.
        GuardianChanged => "backstop/guardian" { old: Option<Addr>, new: Option<Addr> }
    }
}

/// What the sample perpetuals exchange emits.
pub mod perps {
    use cosmwasm_std::{Addr, Uint128};

    use crate::{Assets, Price, Shares};

    events! {
        /// Liquidity came in.
        LiquidityAdded => "perps/add_liquidity" {
            provider: Addr, assets: Assets, shares: Shares,
            /// Cash and shares of the whole pool afterwards.
            cash: Assets, total_shares: Shares,
        }
        /// Liquidity went out.
        LiquidityRemoved => "perps/remove_liquidity" {
            provider: Addr, assets: Assets, shares: Shares, cash: Assets, total_shares: Shares,
        }
        /// A position was opened.
        Opened => "perps/open" {
            trader: Addr, position: u64,
            /// `long` or `short`.
            side: String,
            /// Base units of the market's base.
            size: Uint128,
            /// The breaker's price, and the fill.
            price: Price, entry: Price,
            margin: Assets, fee: Assets,
        }
        /// A position's margin grew.
        MarginAdded => "perps/add_margin" {
            trader: Addr, position: u64, amount: Assets,
            /// Afterwards.
            margin: Assets,
        }
        /// A trader closed a position.
        Closed => "perps/close" {
            trader: Addr, position: u64, price: Price, fill: Price,
            /// Margin and profit, less loss and slippage.
            paid: Assets,
        }
        /// A keeper closed a position.
        Liquidated => "perps/liquidate" {
            keeper: Addr, trader: Addr, position: u64, price: Price,
            keeper_fee: Assets, to_trader: Assets, to_insurance: Assets, from_insurance: Assets,
            to_pool: Assets, from_pool: Assets,
            /// The shortfall, if not zero.
            missing: Assets,
        }
        /// A shortfall was sent to the vault again.
        ShortfallSent => "perps/send_shortfall" { shortfall: u64, sender: Addr, amount: Assets }
        /// The vault answered a shortfall.
        ShortfallAnswered => "perps/answer" {
            shortfall: u64, claim: Option<u64>,
            paid: Assets, pending: Assets, deductible: Assets, uncovered: Assets,
            reason: Option<String>,
        }
        /// The vault failed; the shortfall stays open.
        ShortfallUnanswered => "perps/no_answer" { shortfall: u64 }
        /// A position was closed, whole or in part, and lost its profit.
        Deleveraged => "perps/deleverage" {
            shortfall: u64, trader: Addr, position: u64, price: Price,
            /// What was closed, in base units of the base and at the price.
            size: Uint128, notional: Assets,
            taken: Assets,
            /// Left for the trader to withdraw.
            released: Assets,
        }
        /// What nobody can make good any more was written off.
        ShortfallWrittenOff => "perps/write_off" { shortfall: u64, sender: Addr, amount: Assets }
        /// What the vault paid later was booked.
        ClaimBooked => "perps/book_claim" {
            shortfall: u64, amount: Assets, to_deleveraged: Assets, to_pool: Assets,
        }
        /// A deleveraged trader took what was booked.
        CompensationClaimed => "perps/claim_compensation" { trader: Addr, amount: Assets }
        /// A trader took what liquidations and deleveraging left.
        CreditWithdrawn => "perps/withdraw" { trader: Addr, amount: Assets }
        /// The insurance fund was given something.
        InsuranceFunded => "perps/fund_insurance" {
            sender: Addr, amount: Assets,
            /// Afterwards.
            insurance: Assets,
        }
        /// The owner changed the parameters.
        ParamsChanged => "perps/params" { by: Addr }
    }
}
