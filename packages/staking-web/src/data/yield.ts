/** What staking earns, by the distributor's own query, and where it comes from. */
import type { Breaker, Distributor } from "../client/contracts";
import type * as D from "../client/generated/Distributor.types";
import type { Config } from "../config/config";
import { decimalOf, part } from "../amount/format";
import { idOf, tokenOf, type Token } from "./tokens";

/**
 * Prices for `yields`: the breaker's medians, where config.json names a market of the
 * asset and of a reward. Without them the asset counts as one, and rewards in other
 * tokens count for nothing, which the page says.
 */
export async function pricesFor(breaker: Breaker, config: Config, asset: D.UncheckedDenom, denoms: readonly D.Denom[]): Promise<D.DenomPrice[]> {
  const token = tokenOf(config, idOf(asset));
  const own = { denom: asset, decimals: token.decimals };
  const price = await median(breaker, token);
  if (price === undefined) return [{ ...own, price: "1" }];
  const others = denoms.filter((denom) => idOf(denom) !== token.id);
  const priced = await Promise.all(
    others.map(async (denom) => {
      const other = tokenOf(config, idOf(denom));
      const its = await median(breaker, other);
      return its === undefined ? [] : [{ denom: denom, decimals: other.decimals, price: its }];
    }),
  );
  return [{ ...own, price }, ...priced.flat()];
}

/** Rewards that stream now and are no part of the yield's figure, since nobody says what they are worth. */
export function unpriced(denoms: readonly D.DenomYield[], prices: readonly D.DenomPrice[]): readonly D.DenomYield[] {
  const known = new Set(prices.map(({ denom }) => idOf(denom)));
  return denoms.filter(({ denom, apr }) => !known.has(idOf(denom)) && decimalOf(apr.now) !== 0n);
}

async function median(breaker: Breaker, token: Token): Promise<string | undefined> {
  if (token.market === undefined) return undefined;
  const { median: price } = await breaker.verdict(token.market, "payout");
  return price ?? undefined;
}

export interface Streams {
  readonly rows: readonly D.FundingResponse[];
  /** Of what streams now, times 10¹⁸: from premiums, and from anybody else. */
  readonly premiums: bigint;
  readonly emissions: bigint;
  /** Whether the streams that were looked at are all that there are. */
  readonly whole: boolean;
}

const LOOK = 30;

/** The newest fundings of a denom, and what part of its rate is earned premium. */
export async function streamsOf(distributor: Distributor, denom: D.UncheckedDenom, vault: string): Promise<Streams> {
  const [{ staked }, { rows, whole }] = await Promise.all([distributor.clock(), newest(distributor, denom)]);
  const running = rows.filter((row) => !row.stopped_at && row.from <= staked && staked < row.until);
  const rate = (chosen: readonly D.FundingResponse[]) => chosen.reduce((sum, row) => sum + part(BigInt(row.amount), BigInt(row.until - row.from)), 0n);
  const all = rate(running);
  const premiums = rate(running.filter((row) => row.funder === vault));
  return { rows: [...rows].reverse(), premiums: part(premiums, all), emissions: part(all - premiums, all), whole };
}

/** The list is ascending and has no count: its end is found by doubling. */
async function newest(distributor: Distributor, denom: D.UncheckedDenom): Promise<{ rows: D.FundingResponse[]; whole: boolean }> {
  const first = (await distributor.fundings(denom, 0, LOOK)).fundings;
  if (first.length < LOOK) return { rows: first, whole: true };
  let [low, high] = [LOOK, LOOK * 2];
  const exists = async (number: number) => (await distributor.fundings(denom, number - 1, 1)).fundings.length > 0;
  while (await exists(high)) [low, high] = [high, high * 2];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (await exists(middle)) low = middle;
    else high = middle;
  }
  return { rows: (await distributor.fundings(denom, low - LOOK, LOOK)).fundings, whole: low <= LOOK };
}
