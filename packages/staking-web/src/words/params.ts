/**
 * Parameters with their unit and bounds, as the vault's README has them. One that
 * this version does not know is shown under its own name.
 */
export type Unit = "seconds" | "assets" | "shares" | "bps" | "fraction" | "gas" | "count" | "text" | "flag";

export interface Parameter {
  readonly name: string;
  readonly unit: Unit;
  readonly bounds: string;
  readonly means: string;
}

export const VAULT_PARAMS: Readonly<Record<string, Parameter>> = {
  unbonding_period: { name: "Unbonding period", unit: "seconds", bounds: "1 hour to 365 days", means: "How long you wait from leaving to being paid." },
  notice: { name: "Notice", unit: "seconds", bounds: "3 to 30 days", means: "How much longer than that a riskier change waits." },
  pool_fraction: { name: "Pool’s fraction", unit: "fraction", bounds: "above 0, at most 90 %", means: "The most of the pool that claims can take in one window." },
  window: { name: "Window", unit: "seconds", bounds: "1 hour to 90 days, never changes", means: "The time over which every limit refills." },
  min_ticket: { name: "Smallest ticket", unit: "shares", bounds: "at least 1", means: "The fewest shares that can leave, unless you leave with all." },
  max_tickets: { name: "Most tickets", unit: "count", bounds: "1 to 100", means: "How many open tickets a staker can have." },
  treasury_part: { name: "Treasury’s part", unit: "bps", bounds: "0 to 50 %", means: "What of the earned premium goes to the treasury and not to stakers." },
  treasury: { name: "Treasury", unit: "text", bounds: "an address, or none", means: "Who gets that part." },
  guardian: { name: "Guardian", unit: "text", bounds: "an address, or none", means: "Can pause deposits or payouts for 72 hours, and nothing else." },
  breaker: { name: "Breaker", unit: "text", bounds: "a breaker", means: "The contract that judges prices." },
  "premium.base": { name: "Premium: lowest rate", unit: "bps", bounds: "1 to 100,000 bps", means: "What cover costs a year where hardly any is sold." },
  "premium.kink": { name: "Premium: kink", unit: "bps", bounds: "1 to 10,000 bps", means: "From this utilisation on cover becomes dear quickly." },
  "premium.at_kink": { name: "Premium: rate at the kink", unit: "bps", bounds: "1 to 100,000 bps", means: "What cover costs a year there." },
  "premium.most": { name: "Premium: highest rate", unit: "bps", bounds: "1 to 100,000 bps", means: "What cover costs a year when all is sold." },
  hook_gas: { name: "Gas of the notice to the distributor", unit: "gas", bounds: "1,300,000 to 10,000,000", means: "A limit, so that rewards cannot stop an exit." },
  poke_gas: { name: "Gas of the question to the breaker", unit: "gas", bounds: "100,000 to 10,000,000", means: "A limit, so that the breaker cannot stop a claim." },
};

export const POLICY_TERMS: Readonly<Record<string, Parameter>> = {
  limit: { name: "Limit", unit: "assets", bounds: "at least 1", means: "The most that is granted in one window." },
  deductible: { name: "Deductible", unit: "assets", bounds: "0 or more", means: "What the policyholder bears first, in each window." },
  instant: { name: "Instant", unit: "assets", bounds: "0 to the limit", means: "The part that is paid at once, before anybody can decline it." },
  minimum: { name: "Minimum", unit: "assets", bounds: "1 to the limit", means: "The smallest grant." },
  delay: { name: "Delay", unit: "seconds", bounds: "1 hour to 30 days", means: "How long the rest waits, in which the owner can decline it." },
  priced: { name: "Needs a price", unit: "flag", bounds: "yes or no", means: "Whether claims are judged against the breaker’s prices." },
  premium: { name: "Premium multiplier", unit: "bps", bounds: "1 to 100,000 bps, or none", means: "10,000 is the curve’s own rate; none means that no premium is asked." },
};

/** The unit of a field of a change, by its name in the timelock. */
export function unitOf(field: string): Unit | undefined {
  return VAULT_PARAMS[field]?.unit ?? POLICY_TERMS[field]?.unit;
}

export function nameOf(field: string): string {
  return VAULT_PARAMS[field]?.name ?? POLICY_TERMS[field]?.name ?? field;
}
