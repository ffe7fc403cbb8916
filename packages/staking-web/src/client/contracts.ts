/**
 * The contracts' queries, typed by the schemas. Lists are paged everywhere:
 * nothing here loads all of a list.
 */
import type { Node } from "./node";
import { bankBalance, smart } from "./query";
import type * as B from "./generated/Breaker.types";
import type * as D from "./generated/Distributor.types";
import type * as T from "./generated/Timelock.types";
import type * as V from "./generated/Vault.types";

/** The most rows that a contract gives in one answer. */
export const MOST_ROWS = 30;
export const PAGE = 10;

export class Vault {
  constructor(
    private readonly node: Node,
    readonly address: string,
  ) {}

  private ask<Answer>(message: V.QueryMsg): Promise<Answer> {
    return smart<Answer>(this.node, this.address, message);
  }

  config() {
    return this.ask<V.Config>({ config: {} });
  }
  pool() {
    return this.ask<V.PoolResponse>({ pool: {} });
  }
  pauses() {
    return this.ask<V.PausesResponse>({ pauses: {} });
  }
  ownership() {
    return this.ask<V.OwnershipForString>({ ownership: {} });
  }
  stake(staker: string) {
    return this.ask<V.StakeResponse>({ stake: { staker } });
  }
  tickets(staker: string, after?: number, limit = PAGE) {
    return this.ask<V.TicketsResponse>({ tickets: { staker, limit, ...(after !== undefined && { start_after: after }) } });
  }
  previewDeposit(assets: bigint) {
    return this.ask<V.Shares>({ preview_deposit: { assets: assets.toString() } });
  }
  previewRedeem(shares: bigint) {
    return this.ask<V.Assets>({ preview_redeem: { shares: shares.toString() } });
  }
  previewWithdraw(assets: bigint) {
    return this.ask<V.Shares>({ preview_withdraw: { assets: assets.toString() } });
  }
  maxDeposit(receiver: string) {
    return this.ask<V.Assets>({ max_deposit: { receiver } });
  }
  maxRedeem(owner: string) {
    return this.ask<V.Shares>({ max_redeem: { owner } });
  }
  maxWithdraw(owner: string) {
    return this.ask<V.Assets>({ max_withdraw: { owner } });
  }
  policies(after?: [string, string], limit = PAGE) {
    return this.ask<V.PoliciesResponse>({ policies: { limit, ...(after && { start_after: after }) } });
  }
  quoteCover(policyholder: string, market: string, amount: bigint, price?: string) {
    return this.ask<V.CoverQuote>({
      quote_cover: { policyholder, market, amount: amount.toString(), ...(price !== undefined && { price }) },
    });
  }
  quotePremium(policyholder: string, market: string) {
    return this.ask<V.PremiumQuote>({ quote_premium: { policyholder, market } });
  }
  claim(claim: number) {
    return this.ask<V.ClaimResponse>({ claim: { claim } });
  }
  claimTimeline(claim: number) {
    return this.ask<V.ClaimTimelineResponse>({ claim_timeline: { claim } });
  }
  claims(after: number, limit = PAGE) {
    return this.ask<V.ClaimsResponse>({ claims: { start_after: after, limit } });
  }
  openClaims(after?: number, limit = PAGE) {
    return this.ask<V.ClaimsResponse>({ open_claims: { limit, ...(after !== undefined && { start_after: after }) } });
  }
  loss(loss: number) {
    return this.ask<V.LossResponse>({ loss: { loss } });
  }
  losses(after: number, limit = PAGE) {
    return this.ask<V.LossesResponse>({ losses: { start_after: after, limit } });
  }
  /** Of the `limit` losses that follow `after`, those that the staker bore. */
  stakerLosses(staker: string, after: number, limit = PAGE) {
    return this.ask<V.StakerLossesResponse>({ staker_losses: { staker, start_after: after, limit } });
  }
}

export class Distributor {
  constructor(
    private readonly node: Node,
    readonly address: string,
  ) {}

  private ask<Answer>(message: D.QueryMsg): Promise<Answer> {
    return smart<Answer>(this.node, this.address, message);
  }

  /** At most eight denoms are ever listed, so one page has all. */
  denoms() {
    return this.ask<D.DenomsResponse>({ denoms: { limit: MOST_ROWS } });
  }
  pendingRewards(staker: string) {
    return this.ask<D.PendingRewardsResponse>({ pending_rewards: { staker, limit: MOST_ROWS } });
  }
  staker(staker: string) {
    return this.ask<D.StakerResponse>({ staker: { staker } });
  }
  yields(prices: D.DenomPrice[]) {
    return this.ask<D.YieldsResponse>({ yields: { prices } });
  }
  schedule(denom: D.UncheckedDenom) {
    return this.ask<D.ScheduleResponse>({ schedule: { denom, limit: PAGE } });
  }
  fundings(denom: D.UncheckedDenom, after: number, limit: number) {
    return this.ask<D.FundingsResponse>({ fundings: { denom, start_after: after, limit } });
  }
  clock() {
    return this.ask<D.ClockResponse>({ clock: {} });
  }
  ownership() {
    return this.ask<D.OwnershipForString>({ ownership: {} });
  }
}

export class Breaker {
  constructor(
    private readonly node: Node,
    readonly address: string,
  ) {}

  private ask<Answer>(message: B.QueryMsg): Promise<Answer> {
    return smart<Answer>(this.node, this.address, message);
  }

  markets(after?: string, limit = PAGE) {
    return this.ask<B.MarketsResponse>({ markets: { limit, ...(after !== undefined && { start_after: after }) } });
  }
  market(market: string) {
    return this.ask<B.MarketResponse>({ market: { market } });
  }
  explain(market: string) {
    return this.ask<B.ExplainResponse>({ explain: { market } });
  }
  history(market: string, before?: number) {
    return this.ask<B.HistoryResponse>({ history: { market, limit: PAGE, ...(before !== undefined && { start_before: before }) } });
  }
  verdict(market: string, action: B.Action) {
    return this.ask<B.Verdict>({ verdict: { market, action } });
  }
  ownership() {
    return this.ask<B.OwnershipForAddr>({ ownership: {} });
  }
}

export class Timelock {
  constructor(
    private readonly node: Node,
    readonly address: string,
  ) {}

  private ask<Answer>(message: T.QueryMsg): Promise<Answer> {
    return smart<Answer>(this.node, this.address, message);
  }

  config() {
    return this.ask<T.Config>({ config: {} });
  }
  ownership() {
    return this.ask<T.OwnershipForString>({ ownership: {} });
  }
  pending(after?: number) {
    return this.ask<T.ChangesResponse>({ pending: { limit: PAGE, ...(after !== undefined && { start_after: after }) } });
  }
  history(before?: number) {
    return this.ask<T.ChangesResponse>({ history: { limit: PAGE, ...(before !== undefined && { start_before: before }) } });
  }
  custody() {
    return this.ask<T.CustodyResponse>({ custody: {} });
  }
}

/** What an account has of a token of either kind. */
export async function balance(node: Node, address: string, denom: V.Denom): Promise<bigint> {
  if ("native" in denom) return bankBalance(node, address, denom.native);
  const answer = await smart<{ balance: string }>(node, denom.cw20, { balance: { address } });
  return BigInt(answer.balance);
}
