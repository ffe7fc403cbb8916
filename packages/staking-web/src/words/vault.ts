/** The vault's words. */
import type * as V from "../client/generated/Vault.types";
import type * as T from "../client/generated/Timelock.types";

export const REASONS: Readonly<Record<V.CoverReason, string>> = {
  policy_limit: "the policy’s limit has less left now",
  pool_limit: "the pool’s limit has less left now",
  below_minimum: "it is below the policy's minimum",
  price_missing: "no price was named",
  price_outside_band: "its price is outside the breaker's band",
  instant_limit: "beyond the part that is paid at once",
  unpriced: "the policy has no prices",
  payouts_paused: "the guardian paused payouts",
  premium_unpaid: "the policy's premium is not paid",
  breaker_denied: "the breaker denied payouts",
  breaker_unavailable: "the breaker did not answer",
  answered_before: "it was answered before",
  deductible: "the policyholder bears a part itself",
  assets: "the pool is too small for it",
};

type StatusName = "paid" | "delayed" | "held" | "declined" | "lapsed";

export const CLAIM_STATUS: Readonly<Record<StatusName, string>> = {
  paid: "Paid",
  delayed: "Delayed",
  held: "Held",
  declined: "Declined",
  lapsed: "Lapsed",
};

export const CLAIM_MEANS: Readonly<Record<StatusName, string>> = {
  paid: "All of it is paid.",
  delayed: "Its price stands. It is paid when its delay is over, unless the owner declines it.",
  held: "The breaker denied it or did not answer. Its price is judged when that is over; if it does not stand, the money comes back.",
  declined: "The owner refused what was not paid. That part came back to those who bore the loss.",
  lapsed: "Its price did not stand, or its time ran out. What was not paid came back to those who bore the loss.",
};

export const LAPSE: Readonly<Record<V.LapseReason, string>> = {
  price_outside_span: "its price did not stand",
  expired: "its latest date passed",
};

export const DECISIONS: Readonly<Record<string, string>> = {
  filed: "Filed",
  granted: "Granted: a loss from this moment",
  paid_at_once: "Paid at once",
  held: "Held",
  delayed: "Delayed",
  paused: "Payouts paused: the clock stopped",
  stood: "Its price was found to stand",
  paid: "Paid",
  declined: "Declined by the owner",
  lapsed: "Lapsed",
};

export const CLASSES: Readonly<Record<T.Class, string>> = {
  at_once: "At once",
  waits: "Waits",
};

export const DIRECTIONS: Readonly<Record<T.Direction, string>> = {
  raises: "raises your risk",
  lowers: "lowers your risk",
  neutral: "neither raises nor lowers your risk",
};

export const VOIDS: Readonly<Record<T.VoidReason, string>> = {
  overtaken: "what it was to change is no longer what it was",
  lapsed: "nobody applied it within seven days",
  exits_slower: "leaving takes longer than when it was submitted",
};

export const CONTRACTS: Readonly<Record<T.ContractName, { readonly name: string; readonly code: string; readonly does: string }>> = {
  vault: { name: "Vault", code: "backstop-vault", does: "holds the stakes and pays claims" },
  distributor: { name: "Distributor", code: "reward-distributor", does: "pays rewards" },
  breaker: { name: "Breaker", code: "oracle-breaker", does: "judges prices" },
  timelock: { name: "Timelock", code: "risk-timelock", does: "makes riskier changes wait" },
};
