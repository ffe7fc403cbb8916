/**
 * Losses, the newest first. Their numbers are dense, so any page can be asked for
 * without the ones before it, however many there are.
 */
import type { Vault } from "../client/contracts";
import type { ClaimResponse, LossResponse } from "../client/generated/Vault.types";
import { decimalOf, part } from "../amount/format";
import { millis } from "../words/time";

export interface Booked {
  readonly loss: LossResponse;
  readonly claim: ClaimResponse | undefined;
}

export interface Page {
  /** The first and the last number of the page, ascending. */
  readonly from: number;
  readonly to: number;
}

/** The numbers of a page, of which page 0 has the newest. */
export function pageOf(count: number, page: number, size: number): Page {
  const to = Math.max(0, count - page * size);
  return { from: Math.max(1, to - size + 1), to };
}

export async function lossPage(vault: Vault, { from, to }: Page): Promise<Booked[]> {
  if (to < 1) return [];
  const limit = to - from + 1;
  const [{ losses }, { claims }] = await Promise.all([vault.losses(from - 1, limit), vault.claims(from - 1, limit)]);
  const byNumber = new Map(claims.map((claim) => [claim.claim, claim]));
  return losses.map((loss) => ({ loss, claim: byNumber.get(loss.loss) })).reverse();
}

/** What of a claim's pot would come back to an account: ⌊pot · stake / total⌋, as recoveries are shared; none if it bore nothing. */
export async function partOfPot(vault: Vault, address: string, { claim, record }: ClaimResponse): Promise<bigint | undefined> {
  const { losses } = await vault.stakerLosses(address, claim - 1, 1);
  const found = losses.find(({ loss }) => loss === claim);
  if (found === undefined || found.total === "0") return undefined;
  return (BigInt(record.pot) * BigInt(found.stake)) / BigInt(found.total);
}

export interface PricePoint {
  readonly at: number;
  readonly before: bigint;
  readonly after: bigint;
  readonly loss: number;
}

/**
 * The share price before and after a loss, times 10¹⁸: assets / shares, of which the
 * claim keeps the former and the loss the latter. Nothing else moves the price.
 */
export function pricePoint({ loss, claim }: Booked): PricePoint | undefined {
  const at = millis(loss.record.booked_at);
  if (claim === undefined || at === undefined) return undefined;
  const [assets, granted, shares] = [BigInt(claim.record.assets_before), BigInt(loss.record.granted), BigInt(loss.record.stake)];
  return { at, before: part(assets, shares), after: part(assets - granted, shares), loss: loss.loss };
}

export interface PastYear {
  /** Of a stake a year ago, the part that losses have taken since, before what came back. */
  readonly lost: bigint;
  readonly losses: number;
}

const YEAR_MS = 365 * 86_400_000;
const ONE = 10n ** 18n;

/** What losses cost in the last 365 days, by the share price then and now. */
export async function pastYear(vault: Vault, count: number, now: number): Promise<PastYear> {
  const first = await firstSince(vault, count, now - YEAR_MS);
  if (first === undefined) return { lost: 0n, losses: 0 };
  const [loss, claim, pool] = await Promise.all([vault.loss(first), vault.claim(first), vault.pool()]);
  const before = pricePoint({ loss, claim })?.before ?? 0n;
  const present = decimalOf(pool.share_price) ?? 0n;
  const kept = part(present, before);
  return { lost: kept > ONE ? 0n : ONE - kept, losses: count - first + 1 };
}

/** The number of the first loss booked at or after `since`, by halving. */
async function firstSince(vault: Vault, count: number, since: number): Promise<number | undefined> {
  let low = 1;
  let high = count + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { record } = await vault.loss(middle);
    if ((millis(record.booked_at) ?? 0) >= since) high = middle;
    else low = middle + 1;
  }
  return low > count ? undefined : low;
}
