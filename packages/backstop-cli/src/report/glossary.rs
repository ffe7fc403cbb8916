//! The words that a report uses, each explained for whoever reads one for the first
//! time. ARCHITECTURE.md has all of the project's; these are in the order in which a
//! reader meets them.

/// A word, and what it means.
pub type Word = (&'static str, &'static str);

/// Of prices and the breaker.
pub const PRICES: [Word; 11] = [
    ("source", "one price feed of the market"),
    (
        "lineage",
        "where a source's data comes from; sources of one lineage count once",
    ),
    ("median", "the middle one of the lineages' prices"),
    (
        "band",
        "the lowest and the highest price that the good sources support; a claim is paid only at a price in it",
    ),
    (
        "reference",
        "the price with which the next median is compared; it follows the median at a limited speed",
    ),
    (
        "breaker",
        "the contract that judges prices, and says what may be done at them",
    ),
    (
        "guarded",
        "a state of the market: something is wrong or near to it; nobody opens a position, everything else goes on",
    ),
    (
        "trip",
        "the time in which the breaker does not trust the price: no payouts, and liquidations only where a fall is confirmed",
    ),
    (
        "recovering",
        "the last part of a trip: the readings are clean again, and enough of them must follow",
    ),
    (
        "latched",
        "tripped too often: only the owner can begin the recovery",
    ),
    (
        "confirmed",
        "a fall that enough lineages show in enough readings: positions can be liquidated in its trip",
    ),
];

/// Of the exchange and its people.
pub const PEOPLE: [Word; 9] = [
    (
        "liquidatable",
        "of a position: its margin is smaller than the exchange requires",
    ),
    ("below zero", "of a position: its loss is larger than its margin"),
    (
        "insurance fund",
        "the exchange's own money for positions below zero; it pays first",
    ),
    (
        "shortfall",
        "a loss that neither margin nor insurance fund has paid; the pool is asked for it",
    ),
    (
        "keepers",
        "those who send the messages that liquidate positions and settle claims",
    ),
    (
        "liquidity providers",
        "those who take the other side of every trade, and bear what nobody else does",
    ),
    ("winners", "traders with a profit on the other side"),
    (
        "auto-deleveraging, ADL",
        "winners' positions are closed, and their profit makes good what nobody has paid",
    ),
    (
        "hole",
        "what open positions are below zero at the market's price, and nobody has been asked for yet",
    ),
];

/// Of the pool and its limits.
pub const POOL: [Word; 19] = [
    (
        "pool",
        "what stakers have deposited; it pays shortfalls within limits",
    ),
    ("policy", "the terms under which the pool covers this exchange"),
    (
        "deductible",
        "the part of shortfalls that the exchange bears first; it fills and empties as a limit does",
    ),
    (
        "limit",
        "what grants fill and time empties evenly within one window: at once no more is granted than this, and within a window up to twice as much",
    ),
    (
        "pool's fraction",
        "a limit of the whole pool, as a part of its assets",
    ),
    (
        "window",
        "the length of time over which full limits become empty again",
    ),
    (
        "instant amount",
        "how much of the limit may be paid at once; it fills and empties as a limit does, and the rest is paid after a delay",
    ),
    (
        "minimum",
        "the smallest amount that is granted; less is asked of nobody",
    ),
    (
        "granted",
        "of a claim: it has left the stakers' assets, whether it is paid already or not",
    ),
    ("pending, waits", "granted and not paid yet: delayed or held"),
    (
        "held",
        "waits for the end of a trip; then its price is judged, and it is paid or returned",
    ),
    (
        "uncovered",
        "the part of a shortfall that is neither deducted nor granted",
    ),
    (
        "came back, recoveries",
        "a granted amount that was not paid after all, or was repaid: it goes to those who bore the loss",
    ),
    ("pot", "the part of a claim that is granted and not paid yet"),
    (
        "unbonding",
        "on the way out of the pool: the shares still bear losses, and can be withdrawn when the time is over",
    ),
    ("premium", "what the exchange pays for its cover over time"),
    ("emissions", "what stakers get beside the premium"),
    (
        "stayer",
        "a staker who is there from the beginning to the end, with 1,000 whole units or a tenth of the others' stakes",
    ),
    (
        "break-even premium",
        "the premium of a year that would meet what the pool gave, with so many such crashes a year",
    ),
];
