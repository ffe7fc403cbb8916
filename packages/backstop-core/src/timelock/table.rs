//! The one table: every parameter of the three contracts with its rule. Each part
//! names all fields of its update, so that a new one does not compile until it is
//! classed here.

use backstop_types::breaker::{ActionMatrixUpdate, MarketParamsUpdate};
use backstop_types::timelock::{ContractName, FieldChange};
use backstop_types::vault::{ParamsUpdate, PolicyTermsUpdate, PremiumCurveUpdate};

use super::rule::Rule;

/// One parameter of the table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Whose.
    pub contract: ContractName,
    /// Which.
    pub field: String,
    /// How it is judged.
    pub rule: Rule,
}

/// Declares a part of the table: the fields of an update, each with its rule, or with
/// the part that judges its own fields.
macro_rules! part {
    ($( $(#[$doc:meta])* $part:ident of $update:ident at $contract:ident {
        $( $field:ident: $kind:ident $rule:tt ),* $(,)?
    } )*) => { $(
        $(#[$doc])*
        pub(super) mod $part {
            use super::*;

            /// What each field that a change names does.
            pub(in super::super) fn judge(under: &str, now: &$update, to: &$update) -> Vec<FieldChange> {
                // No field is left out.
                let $update { $( $field, )* } = to;
                let mut found = vec![];
                $( part!(@judge found under $field now $kind $rule); )*
                found
            }

            /// The fields with their rules.
            pub(in super::super) fn rows(under: &str) -> Vec<Row> {
                [$( part!(@rows under $field $contract $kind $rule) ),*].concat()
            }
        }
    )* };
    (@judge $found:ident $under:ident $field:ident $now:ident part ($part:ident)) => {
        if let Some(to) = $field {
            let now = $now.$field.clone().unwrap_or_default();
            $found.extend($part::judge(&path($under, concat!(stringify!($field), ".")), &now, to));
        }
    };
    (@judge $found:ident $under:ident $field:ident $now:ident $raises:ident ($reason:literal)) => {
        if let Some(to) = $field {
            let rule = Rule::$raises($reason);
            $found.push(rule.judge(&path($under, stringify!($field)), $now.$field.as_ref(), to));
        }
    };
    (@rows $under:ident $field:ident $contract:ident part ($part:ident)) => {
        $part::rows(&path($under, concat!(stringify!($field), ".")))
    };
    (@rows $under:ident $field:ident $contract:ident $raises:ident ($reason:literal)) => {
        vec![Row {
            contract: ContractName::$contract,
            field: path($under, stringify!($field)),
            rule: Rule::$raises($reason),
        }]
    };
}

fn path(under: &str, field: &str) -> String {
    format!("{under}{field}")
}

part! {
    /// The vault's parameters.
    params of ParamsUpdate at Vault {
        breaker: any("prices and verdicts come from it"),
        guardian: replaced("it protects the stakers: another, or none, may not"),
        unbonding_period: any("a longer one keeps stakers in; a shorter one lets others leave first, and shortens the next wait"),
        notice: less("changes that raise the risk come sooner"),
        pool_fraction: more("grants may take more of the assets"),
        min_ticket: more("stakers can leave only in larger parts"),
        max_tickets: less("stakers can leave only in fewer parts"),
        hook_gas: any("too little, and the distributor is not told of who leaves; too much, and it can make leaving dear"),
        poke_gas: any("too little, and claims are held for want of an answer; too much, and a breaker can make a claim fail"),
        premium: part(curve),
        treasury: never("stakers get the same whoever gets the treasury's part"),
        treasury_part: more("stakers get less of the premiums"),
    }

    /// What cover costs.
    curve of PremiumCurveUpdate at Vault {
        kink: more("cover costs less below it and just above it"),
        base: less("cover costs less"),
        at_kink: less("cover costs less"),
        most: less("cover costs less"),
    }

    /// A policy's terms.
    terms of PolicyTermsUpdate at Vault {
        limit: more("more can be granted"),
        deductible: less("stakers bear what the policyholder bore"),
        instant: more("more is paid before anybody can decline it"),
        minimum: less("smaller shortfalls are granted"),
        delay: less("there is less time to decline a claim"),
        priced: less("claims are no longer held against the breaker's prices"),
        premium: less("cover costs less, or nothing"),
    }

    /// How a market's readings are judged.
    market of MarketParamsUpdate at Breaker {
        max_age: any("older prices count; a shorter one drops slower sources"),
        max_future: any("prices from further ahead count; a shorter one drops sources whose clock is ahead"),
        max_confidence: any("vaguer prices count; a smaller one drops more cautious sources"),
        min_price: any("lower prices count; a higher one drops the sources below it"),
        max_price: any("higher prices count; a lower one drops the sources above it"),
        frozen_ticks: any("a frozen feed counts for longer; fewer drop a steady one"),
        frozen_move: any("a frozen feed counts while the others move further; less drops a steady one"),
        shared_ticks: any("a copy counts as another lineage for longer; fewer drop one that agrees"),
        max_outlier: any("larger lets a wrong source into the band; smaller drops a right one that contradicts"),
        min_lineages: less("fewer sources are enough"),
        max_disagreement: more("sources may contradict each other more"),
        max_jump: more("larger jumps pass"),
        jump_growth: more("larger jumps pass after a silence"),
        max_growth: more("larger jumps pass after a long silence"),
        reference_slew: any("a faster reference follows a false price; a slower one lets a price pass that the market has left"),
        max_drift: more("a price can be walked further"),
        drift_window: less("a price can be walked in less time"),
        block_time_ms: any("longer gaps pass for blocks; a shorter one takes blocks for halts, which stop liquidation"),
        max_halt: any("longer halts pass; a shorter one takes slow blocks for halts, which stop liquidation"),
        guard_threshold: any("a market is guarded later; sooner, and it may not be liquidated in"),
        guard_cooldown: any("a market is guarded for less time; for more, and it may not be liquidated in"),
        max_unread: any("an older reference passes; a shorter one trips what is poked seldom"),
        cooldown: any("a trip ends sooner; a longer one leaves a true crash unliquidated for longer"),
        recovery_readings: any("fewer clean readings end a trip; more leave a true crash unliquidated for longer"),
        recovery_spacing: any("shorter lets clean readings come sooner after each other; longer leaves a true crash unliquidated for longer"),
        recovery_tightness: any("less clean readings end a trip; a smaller one leaves a true crash unliquidated for longer"),
        confirm_lineages: any("fewer confirm a false jump; more, or none, leave a true crash unliquidated"),
        confirm_readings: any("fewer confirm a false jump; more leave a true crash unliquidated"),
        max_leap: any("larger confirms a false jump; smaller leaves a true crash unliquidated"),
        latch_trips: any("more, and what trips again and again comes back by itself; fewer, and nothing is liquidated until a vote"),
        latch_window: any("a shorter one adds up fewer trips; a longer one latches sooner, and nothing is liquidated until a vote"),
        actions: part(actions),
    }

    /// Up to which state an action is allowed.
    actions of ActionMatrixUpdate at Breaker {
        open: more("positions are opened in a worse market"),
        reduce: any("positions are reduced in a worse market, or lose more because they cannot be"),
        liquidate: any("positions are liquidated in a worse market, or lose more because they cannot be"),
        deleverage: any("positions are deleveraged in a worse market, or stakers pay what winners would"),
        payout: more("claims are paid in a worse market"),
    }
}

/// What is no parameter of an update: the fields of other changes.
pub(super) mod other {
    use super::Rule;

    /// A policy that there is not.
    pub const NEW_POLICY: Rule = Rule::any("more can be granted");
    /// The end of a policy.
    pub const CLOSE: Rule = Rule::never("less cover; claims that were filed go on");
    /// A claim that is declined.
    pub const DECLINE: Rule = Rule::never("its pot goes back to those who bore it");
    /// The vault's first distributor.
    pub const DISTRIBUTOR: Rule = Rule::never("once, before the first deposit: nobody has a stake");
    /// The end of a guardian's pause.
    pub const RESUME: Rule = Rule::never("ends one pause, which would end by itself before any wait");
    /// A denom that was never listed.
    pub const NEW_DENOM: Rule =
        Rule::any("takes one of eight places for good, and each makes leaving dearer");
    /// Whether a known denom can be funded.
    pub const LISTED: Rule =
        Rule::never("what streams and what is owed stay; a place that it has costs no more");
    /// A known denom's minimum rate.
    pub const MIN_RATE: Rule = Rule::never("what is funded goes to the stakers, however little");
    /// The end of a stream.
    pub const STOP: Rule = Rule::any("takes back yield that stakers were shown when they came");
    /// A market that there is not.
    pub const NEW_MARKET: Rule = Rule::any("a new market can be covered");
    /// A source that is new, another, or goes.
    pub const SOURCE: Rule = Rule::any("prices come from other sources, or fewer");
    /// A reference that moves.
    pub const RESEED: Rule =
        Rule::never("about one trip; the reference moves only to where the sources agree");
    /// A breaker's guardian.
    pub const GUARDIAN: Rule = Rule::any(
        "a wrong one keeps a true crash unliquidated; another, or none, may not protect the stakers",
    );
    /// A contract's code.
    pub const CODE: Rule = Rule::any("new code can do anything");
    /// A contract's admin.
    pub const ADMIN: Rule = Rule::any("an admin can put new code in");
    /// A contract's owner.
    pub const OWNER: Rule = Rule::any("an owner can change everything, and nobody else can brake");
    /// A transfer that is taken back.
    pub const KEPT_OWNER: Rule = Rule::never("takes a transfer back that is not accepted: the owner stays");
}

/// The whole table, by contract.
pub fn rows() -> Vec<Row> {
    use ContractName::{Breaker, Distributor, Timelock, Vault};
    let more = [
        (Vault, "a new policy", other::NEW_POLICY),
        (Vault, "the end of a policy", other::CLOSE),
        (Vault, "a declined claim", other::DECLINE),
        (Vault, "the distributor, once", other::DISTRIBUTOR),
        (Vault, "the end of a pause", other::RESUME),
        (Distributor, "a new denom", other::NEW_DENOM),
        (Distributor, "listed", other::LISTED),
        (Distributor, "min_rate", other::MIN_RATE),
        (Distributor, "the end of a stream", other::STOP),
        (Breaker, "a new market", other::NEW_MARKET),
        (Breaker, "a source: new, another, or gone", other::SOURCE),
        (Breaker, "a reseed", other::RESEED),
        (Breaker, "guardian", other::GUARDIAN),
        (Timelock, "code, of each", other::CODE),
        (Timelock, "admin, of each", other::ADMIN),
        (Timelock, "owner, of each", other::OWNER),
        (Timelock, "an owner's transfer, taken back", other::KEPT_OWNER),
    ];
    let more = more.into_iter().map(|(contract, field, rule)| Row {
        contract,
        field: field.to_string(),
        rule,
    });
    let parts = [
        params::rows(""),
        terms::rows("policy: "),
        market::rows("market: "),
    ];
    let mut rows: Vec<Row> = parts.into_iter().flatten().chain(more).collect();
    rows.sort_by_key(|row| row.contract);
    rows
}
