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
  pool_fraction: { name: "Pool’s fraction", unit: "fraction", bounds: "above 0, at most 90 %", means: "The most of the pool that claims can take at once. What they took refills evenly over the window, so within one they can take up to twice as much." },
  window: { name: "Window", unit: "seconds", bounds: "1 hour to 90 days, never changes", means: "The time over which every limit refills evenly." },
  min_ticket: { name: "Smallest ticket", unit: "shares", bounds: "at least one base unit, the smallest part of a share", means: "The fewest shares that can leave, unless you leave with all." },
  max_tickets: { name: "Most tickets", unit: "count", bounds: "1 to 100", means: "How many open tickets a staker can have." },
  treasury_part: { name: "Treasury’s part", unit: "bps", bounds: "0 to 50 %", means: "What of the earned premium goes to the treasury and not to stakers." },
  treasury: { name: "Treasury", unit: "text", bounds: "an address, or none", means: "Who gets that part." },
  guardian: { name: "Guardian", unit: "text", bounds: "an address, or none", means: "Can pause deposits or payouts for 72 hours, and nothing else." },
  breaker: { name: "Breaker", unit: "text", bounds: "a breaker", means: "The contract that judges prices." },
  "premium.base": { name: "Premium: lowest rate", unit: "bps", bounds: "0.01 to 1,000 %", means: "What cover costs a year, of its limit, where hardly any is sold." },
  "premium.kink": { name: "Premium: kink", unit: "bps", bounds: "0.01 to 100 %", means: "The utilisation, which is the cover sold over the stakes that earn, from which the rate rises steeply." },
  "premium.at_kink": { name: "Premium: rate at the kink", unit: "bps", bounds: "0.01 to 1,000 %, at least the lowest rate", means: "What cover costs a year there." },
  "premium.most": { name: "Premium: highest rate", unit: "bps", bounds: "0.01 to 1,000 %, at least the rate at the kink", means: "What cover costs a year when all is sold." },
  hook_gas: { name: "Gas of the notice to the distributor", unit: "gas", bounds: "1,300,000 to 10,000,000", means: "The most work (gas, as the chain measures it) that the notice may cost, so that rewards cannot stop an exit." },
  poke_gas: { name: "Gas of the question to the breaker", unit: "gas", bounds: "100,000 to 10,000,000", means: "The most work that the question may cost, so that the breaker cannot stop a claim." },
};

export const POLICY_TERMS: Readonly<Record<string, Parameter>> = {
  limit: { name: "Limit", unit: "assets", bounds: "above 0", means: "The most that is granted at once; what was granted refills evenly over the window." },
  deductible: { name: "Deductible", unit: "assets", bounds: "0 or more", means: "What the policyholder bears first, once a window, however its shortfalls are split." },
  instant: { name: "Instant", unit: "assets", bounds: "0 to the limit", means: "The part that is paid at once, before anybody can decline it." },
  minimum: { name: "Minimum", unit: "assets", bounds: "above 0, up to the limit", means: "The smallest grant." },
  delay: { name: "Delay", unit: "seconds", bounds: "1 hour to 30 days", means: "How long the rest waits, in which the owner can decline it." },
  priced: { name: "Needs a price", unit: "flag", bounds: "yes or no", means: "Whether claims are judged against the breaker’s prices." },
  premium: { name: "Premium multiplier", unit: "bps", bounds: "0.01 to 1,000 %, or none", means: "100 % is the rate that the parameters give; none means that no premium is asked." },
};

/** The unit of a field of a change, by its name in the timelock. */
export function unitOf(field: string): Unit | undefined {
  return VAULT_PARAMS[field]?.unit ?? POLICY_TERMS[field]?.unit;
}

export function nameOf(field: string): string {
  return VAULT_PARAMS[field]?.name ?? POLICY_TERMS[field]?.name ?? field;
}
