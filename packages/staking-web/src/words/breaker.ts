/** The breaker's words, for people who have never read its README. */
import type * as B from "../client/generated/Breaker.types";

export const STATES: Readonly<Record<B.MarketState, string>> = {
  normal: "Normal",
  guarded: "Guarded",
  tripped: "Tripped",
  recovering: "Recovering",
  latched: "Latched",
};

export const STATE_MEANS: Readonly<Record<B.MarketState, string>> = {
  normal: "Prices can be relied on.",
  guarded: "Something is wrong with a price source. Nobody opens positions; all else goes on.",
  tripped: "Prices cannot be relied on. No claim is paid; new ones are held until this ends.",
  recovering: "Prices look right again, and enough of them must follow.",
  latched: "It tripped too often. Only the pool's owner can begin a recovery.",
};

export const FAULTS: Readonly<Record<B.Fault, string>> = {
  unreadable: "does not answer, or not readably",
  non_positive: "gives a price of zero or less",
  stale: "gives a price that is too old",
  future: "gives a price from the future",
  uncertain: "is too unsure of its price",
  outlier: "is too far from the other sources",
  out_of_bounds: "gives a price outside the set bounds",
  frozen: "repeats one price while the others move",
  pinned: "is stuck at its provider's limit",
  shared: "copies another source",
  quorum: "Too few independent sources are left",
  disagreement: "The sources contradict each other",
  jump: "The price jumped too far",
  drift: "The price moved too far over hours",
  halt: "The chain stood still for a time",
  dependency: "A market that this one depends on is unwell",
  near_disagreement: "The sources nearly contradict each other",
  near_jump: "The price nearly jumped too far",
  near_drift: "The price nearly moved too far over hours",
  unread: "Nobody has read the price for long",
  guardian: "The guardian stopped it",
};

/** In what a fault is measured. */
export const MEASURED: Readonly<Partial<Record<B.Fault, "seconds" | "bps" | "lineages" | "times">>> = {
  stale: "seconds",
  future: "seconds",
  halt: "seconds",
  unread: "seconds",
  uncertain: "bps",
  outlier: "bps",
  disagreement: "bps",
  jump: "bps",
  drift: "bps",
  near_disagreement: "bps",
  near_jump: "bps",
  near_drift: "bps",
  quorum: "lineages",
  frozen: "times",
  shared: "times",
};

export const ACTIONS: Readonly<Record<B.Action, string>> = {
  open: "opening positions",
  reduce: "reducing positions",
  liquidate: "liquidation",
  deleverage: "auto-deleveraging",
  payout: "paying claims at once",
};

export const UNREADABLE: Readonly<Record<B.Unreadable, string>> = {
  query_failed: "it did not answer",
  too_long: "its answer is too long",
  malformed: "its answer is malformed",
  wrong_feed: "it answered for another feed",
  exponent: "its exponent is out of range",
  overflow: "its number is out of range",
  time: "its time is out of range",
  no_report: "nobody has reported yet",
  unavailable: "the chain does not offer it",
  dependency: "the market it depends on is unwell",
  nested: "it reads a market that reads others",
};
