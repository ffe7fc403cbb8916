//! What can be asked of the vault.

use cosmwasm_schema::cw_serde;
use cw_ownable::Action;
use cw20::Cw20ReceiveMsg;

use super::params::{Params, ParamsUpdate, PolicyTerms, PolicyTermsUpdate};
use crate::{Assets, Bps, Price, Seconds, Shares, UncheckedDenom, named};

/// Sets the vault up.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Who may change it; the DAO.
    pub owner: String,
    /// The one token that it takes.
    pub asset: UncheckedDenom,
    /// The window W over which limits refill, 1 hour to 90 days.
    pub window: Seconds,
    /// The rest.
    pub params: Params<String>,
}

/// What can be asked of the vault. Who may ask what is in the vault's README.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Deposits the coins that come with it. A cw20 asset is deposited by the
    /// token's `Send` with [`HookMsg::Deposit`].
    Deposit {
        /// The fewest shares to accept.
        min_shares: Option<Shares>,
        /// Who gets the shares; the sender by default.
        receiver: Option<String>,
    },
    /// The token contract's notice of a cw20 `Send`.
    Receive(Cw20ReceiveMsg),
    /// Opens a ticket for active shares.
    Unbond {
        /// How many; all that are active by default, which a deposit that
        /// somebody makes for the sender meanwhile cannot miss.
        shares: Option<Shares>,
        /// Whether anybody may withdraw the ticket for the sender when its time has
        /// come: not so by default.
        auto_withdraw: Option<bool>,
    },
    /// Makes a ticket's shares active again.
    CancelUnbond {
        /// The ticket's number.
        ticket: u64,
    },
    /// Pays tickets whose time has come.
    Withdraw {
        /// Which, at most 30; by default those that are ready of the oldest 101.
        tickets: Option<Vec<u64>>,
        /// The fewest assets to accept for them together.
        min_assets: Option<Assets>,
        /// How many tickets at most where none are named: 30 by default, and at most.
        limit: Option<u32>,
        /// Whose; the sender's by default. Of somebody else's only those count that
        /// were opened with `auto_withdraw`. Their owner is paid, whoever sends this, and
        /// somebody else's withdrawal must pay at least one unit.
        staker: Option<String>,
    },
    /// Takes what came back on losses that the sender bore. The answer is a
    /// [`super::ClaimRecoveryResponse`] in the data.
    ClaimRecovery {
        /// Which, at most 30. By default those on which money came back since the
        /// sender last looked, however old they are: send it again while there are
        /// `more`.
        losses: Option<Vec<u64>>,
        /// Deposits it again instead of paying it.
        restake: Option<bool>,
        /// How many losses to look at where none are named, at least 1: 10 by
        /// default, at most 30.
        limit: Option<u32>,
    },
    /// A policyholder's shortfall. The answer is a [`super::CoverResponse`] in the
    /// data.
    CoverShortfall {
        /// The policyholder's own number of it, different from those of its other
        /// shortfalls on any market. One that became a claim, or was borne as
        /// the deductible, is answered again with that record as it stands,
        /// whatever the rest of the message says.
        shortfall: u64,
        /// The market of the policy.
        market: String,
        /// What is missing.
        amount: Assets,
        /// The oracle's price at the closing; due under a policy with prices.
        price: Option<Price>,
    },
    /// Pays a pending claim that has become payable, or lets it lapse. A held
    /// one whose price stands, but whose time has not come, becomes delayed: it
    /// is not judged again.
    SettleClaim {
        /// The claim's number.
        claim: u64,
    },
    /// Returns the coins that come with it to those who bore a loss: at most
    /// what was paid on it and not repaid yet; the rest is sent back.
    Recover {
        /// The loss's number.
        loss: u64,
    },
    /// The policyholder: buys time of its policy's cover with the coins that come
    /// with it, at most 30 days ahead; what is beyond is sent back. Cover that is
    /// not in force begins 24 hours later. A cw20 asset is paid by the token's
    /// `Send` with [`HookMsg::PayPremium`].
    PayPremium {
        /// Which market.
        market: String,
        /// The highest rate a year to accept, as a part of the limit, the policy's
        /// multiplier included.
        max_rate: Bps,
    },
    /// Passes on what a policy's premium has earned: the treasury's part becomes
    /// its credit, the rest goes to the distributor as a stream of seven days.
    SendPremium {
        /// Whose.
        policyholder: String,
        /// Which market.
        market: String,
    },
    /// Pays the sender its credit: refunds of premiums, or the treasury's parts.
    WithdrawCredit {},
    /// Ends a policy; pending claims go on. The owner, or the policyholder for
    /// itself. What is not earned of its premium becomes the policyholder's credit.
    ClosePolicy {
        /// Whose; the sender by default.
        policyholder: Option<String>,
        /// Which market.
        market: String,
    },
    /// Owner: grants cover, or grants it again after it was closed.
    AddPolicy {
        /// The derivatives contract.
        policyholder: String,
        /// Its market, as the breaker names it.
        market: String,
        /// The cover.
        terms: PolicyTerms,
    },
    /// Owner: other terms for an active policy.
    ChangePolicy {
        /// The derivatives contract.
        policyholder: String,
        /// Its market.
        market: String,
        /// What is to change.
        update: PolicyTermsUpdate,
    },
    /// Owner: refuses a pending claim; its pot goes back to those who bore it.
    DeclineClaim {
        /// The claim's number.
        claim: u64,
        /// Why, in at most 256 bytes.
        reason: String,
    },
    /// Owner: other parameters.
    UpdateParams {
        /// What is to change.
        update: ParamsUpdate,
    },
    /// Owner, once: the distributor, which must serve this vault.
    SetDistributor {
        /// Its address.
        distributor: String,
    },
    /// Guardian: pauses deposits or payouts, for at most 72 hours and not again
    /// within 14 days of the last end.
    Pause {
        /// Which of the two.
        what: Pausable,
        /// For how long, 1 second to 72 hours.
        duration: Seconds,
    },
    /// Guardian or owner: ends a pause early.
    Resume {
        /// Which of the two.
        what: Pausable,
        /// The number of the pause: a vote that another pause has overtaken
        /// changes nothing.
        pause: u64,
    },
    /// Ownership in two steps: transfer, then accept.
    UpdateOwnership(Action),
    /// The vault itself, to itself: does nothing. The vault sends it after a
    /// poke that brought no answer, so that whoever nests calls until no
    /// further one is possible gets an error, which is no answer, and cannot
    /// have a claim held.
    ProveDepth {},
}

named! {
    /// What the guardian can pause. Nothing else, and never an exit.
    pub enum Pausable {
        /// New deposits.
        Deposits = "deposits",
        /// Payments to policyholders; the clocks of pending claims stop too.
        Payouts = "payouts",
    }
}

/// What can be asked with a cw20 `Send` of the vault's asset.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum HookMsg {
    /// See [`ExecuteMsg::Deposit`].
    Deposit {
        /// The fewest shares to accept.
        min_shares: Option<Shares>,
        /// Who gets the shares; the sender of the tokens by default.
        receiver: Option<String>,
    },
    /// See [`ExecuteMsg::Recover`].
    Recover {
        /// The loss's number.
        loss: u64,
    },
    /// See [`ExecuteMsg::PayPremium`].
    PayPremium {
        /// Which market.
        market: String,
        /// The highest rate a year to accept.
        max_rate: Bps,
    },
}

/// Migrates to the code's version; the vault needs nothing to be told.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}
