/**
 * The largest losses that the limits allow from now on. The contracts have no query
 * for it, so the vault's own formula is used on its own figures: a bucket with `room`
 * left, that refills by its limit in each window W, grants at most
 * room + limit · t / W within a time t. All parts of one are times 10¹⁸.
 */
import type { PolicyResponse, PoolResponse } from "../client/generated/Vault.types";
import { decimalOf } from "../amount/format";

const ONE = 10n ** 18n;

export interface Limits {
  readonly pool: Pick<PoolResponse, "assets" | "room">;
  /** The pool's fraction, as the vault's config has it. */
  readonly fraction: string;
  readonly window: number;
  /** All active policies; none if there are more than were asked for. */
  readonly policies: readonly Pick<PolicyResponse, "room" | "terms" | "closed_at">[] | undefined;
}

/** The part of the pool that grants can take within `seconds`, with `added` staked beside. */
export function worstPart(limits: Limits, seconds: number, added = 0n): bigint {
  const assets = BigInt(limits.pool.assets);
  const byPool = poolsPart(limits, seconds, assets);
  const byPolicies = policiesPart(limits, seconds, assets + added);
  const part = byPolicies !== undefined && byPolicies < byPool ? byPolicies : byPool;
  return part > ONE ? ONE : part;
}

/** What that part costs a stake, rounded up. */
export function costOf(stake: bigint, part: bigint): bigint {
  return (stake * part + ONE - 1n) / ONE;
}

/** The pool's room is a part of its assets, so more assets leave the part as it is. */
function poolsPart({ pool, fraction, window }: Limits, seconds: number, assets: bigint): bigint {
  const perWindow = decimalOf(fraction) ?? ONE;
  const now = assets === 0n ? perWindow : divideUp(BigInt(pool.room) * ONE, assets);
  return now + divideUp(perWindow * BigInt(seconds), BigInt(window));
}

function policiesPart({ policies, window }: Limits, seconds: number, assets: bigint): bigint | undefined {
  if (policies === undefined || assets === 0n) return undefined;
  const sum = policies
    .filter(({ closed_at }) => !closed_at)
    .reduce((total, { room, terms }) => total + BigInt(room) + divideUp(BigInt(terms.limit) * BigInt(seconds), BigInt(window)), 0n);
  return divideUp(sum * ONE, assets);
}

function divideUp(value: bigint, by: bigint): bigint {
  return (value + by - 1n) / by;
}
