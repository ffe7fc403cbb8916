/** A pool as large as a test wants it, in the schemas' types. */
import type * as B from "../../src/client/generated/Breaker.types";
import type * as D from "../../src/client/generated/Distributor.types";
import type * as T from "../../src/client/generated/Timelock.types";
import type * as V from "../../src/client/generated/Vault.types";

export const NOW = Date.UTC(2026, 10, 27, 9, 0, 0);
export const nanos = (ms: number): string => `${Math.round(ms)}000000`;
const DAY = 86_400_000;
const HOUR = 3_600_000;

const address = (name: string): string => `wasm1${name.padEnd(59, "q")}`;
export const VAULT = address("vault");
export const DISTRIBUTOR = address("dstr");
export const BREAKER = address("reaker");
export const TIMELOCK = address("t0ck");
export const PERPS = address("perps");
export const DAO = address("da0");
export const STAKER = "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7";

export interface Size {
  losses?: number;
  tickets?: number;
  denoms?: number;
  policies?: number;
  open?: number;
  markets?: number;
}

export interface World {
  config: V.Config;
  pool: V.PoolResponse;
  pauses: V.PausesResponse;
  stake: V.StakeResponse;
  tickets: V.TicketResponse[];
  policies: V.PolicyResponse[];
  claim: (claim: number) => V.ClaimResponse;
  loss: (loss: number) => V.LossResponse;
  stakerLoss: (loss: number) => V.StakerLoss;
  open: number[];
  /** The vault whose timelock the owner says it is; this one if nothing is named. */
  guarded?: string;
  vaultOwner: string;
  denoms: D.DenomResponse[];
  rewards: D.Reward[];
  yields: D.YieldsResponse;
  fundings: (denom: string) => D.FundingResponse[];
  markets: B.MarketResponse[];
  explain: (market: string) => B.ExplainResponse;
  history: B.TransitionItem[];
  pending: T.ChangeResponse[];
  past: T.ChangeResponse[];
  custody: T.CustodyResponse;
  admins: Record<string, string>;
  checksums: Record<string, string>;
  balance: string;
}

const MICRO = 1_000_000;
const units = (whole: number): string => String(Math.round(whole * MICRO));

export function world({ losses = 3, tickets = 3, denoms = 2, policies = 3, open = 2, markets = 3 }: Size = {}): World {
  const assets = 4_812_450;
  const shares = 5_000_000;
  const marketNames = Array.from({ length: markets }, (_, at) => ["ATOM/USD", "OSMO/USD", "TIA/USD"][at] ?? `M${String(at)}/USD`);
  const openNumbers = Array.from({ length: Math.min(open, losses) }, (_, at) => losses - Math.min(open, losses) + 1 + at);
  const loss = lossOf(openNumbers);
  return {
    config: {
      asset: { native: "ustake" },
      distributor: DISTRIBUTOR,
      window: 7 * 86_400,
      params: {
        breaker: BREAKER, guardian: address("guard"), hook_gas: 2_000_000, max_tickets: 20, min_ticket: "1", notice: 3 * 86_400, poke_gas: 5_000_000,
        pool_fraction: "0.3", premium: { kink: 8000, base: 100, at_kink: 400, most: 2000 }, treasury: null, treasury_part: 500, unbonding_period: 21 * 86_400,
      },
    },
    pool: {
      active: units(shares - 310_000), queued: units(310_000), shares: units(shares), assets: units(assets), share_price: "0.96249", losses, pending_claims: openNumbers.length,
      pots: units(21_000), recoveries: units(4_300), room: units(1_310_220), premiums: units(9_120), credits: "0",
    },
    pauses: { deposits: null, payouts: null },
    stake: { staker: STAKER, stake: { active: units(12_000), queued: units(1_500), tickets }, assets: units(12_993.615) },
    tickets: Array.from({ length: tickets }, (_, at) => ticketOf(at)),
    policies: Array.from({ length: policies }, (_, at) => policyOf(at, marketNames[at % markets] ?? "ATOM/USD")),
    claim: claimOf(openNumbers),
    loss,
    stakerLoss: (number) => stakerLossOf(loss(number)),
    open: openNumbers,
    vaultOwner: TIMELOCK,
    ...rewardsOf(denoms),
    markets: marketNames.map((market, at) => marketOf(market, at)),
    explain: (market) => explainOf(market, marketNames.indexOf(market)),
    history: [],
    pending: pendingChanges(),
    past: [],
    ...custodyOf(),
    balance: units(2_500.25),
  };
}

function ticketOf(at: number): V.TicketResponse {
  const opened = NOW - (25 - at * 6) * DAY;
  return { ticket: 11 + at, shares: units(500), assets: units(481.245), opened_at: nanos(opened), ready_at: nanos(opened + 21 * DAY), auto_withdraw: at % 2 === 1 };
}

function policyOf(at: number, market: string): V.PolicyResponse {
  const terms: V.PolicyTerms = { limit: units(600_000), deductible: units(20_000), instant: units(150_000), minimum: units(100), delay: 172_800, priced: at !== 2, premium: 10_000 };
  const paid = { in_force: at !== 1, from: nanos(NOW - 3 * DAY), until: nanos(NOW + 9 * DAY), unearned: units(3000), unsent: units(80), rate: "0.0312" };
  return { policyholder: at < 3 ? PERPS : address(`p${"acdefghjklmnpqrstuvwxyz"[at % 23] ?? "z"}${String(at)}`), market, terms, closed_at: at === 7 ? nanos(NOW - DAY) : null, room: units(441_000), deductible_left: units(12_500), instant_left: units(150_000), premium: paid };
}

const lossOf = (open: number[]) => (number: number): V.LossResponse => {
  const pot = open.includes(number) ? units(10_500) : "0";
  const granted = units(62_000);
  const paid = String(Number(granted) - Number(pot));
  const repaid = number % 3 === 1 ? units(4_300) : "0";
  return { loss: number, paid, pot, recovered: repaid, record: { booked_at: nanos(NOW - (open.length + 3 - (number % 40)) * 5 * HOUR), came_back: null, from_pot: "0", granted, repaid, stake: units(5_000_000), taken: "0" } };
};

function stakerLossOf({ loss, record, recovered }: V.LossResponse): V.StakerLoss {
  return { loss, stake: units(13_500), total: record.stake, borne: units(167.4), recovered: recovered === "0" ? "0" : units(11.61), taken: "0", due: recovered === "0" ? "0" : units(11.61) };
}

const claimOf = (open: number[]) => (claim: number): V.ClaimResponse => {
  const held = claim % 2 === 0;
  const waiting: V.ClaimStatus = held ? { held: { breaker: BREAKER, trip: 2, trips: 2, cause: "faults", last_clean: { low: "9.91", high: "10.08" }, at_filing: null } } : { delayed: {} };
  const status: V.ClaimStatus = open.includes(claim) ? waiting : { paid: {} };
  const { pot, paid, record } = lossOf(open)(claim);
  return {
    claim, payable_at: nanos(NOW + 31 * HOUR), latest: nanos(NOW + 40 * DAY),
    record: {
      policyholder: PERPS, market: held ? "OSMO/USD" : "ATOM/USD", asked: units(80_000), deductible: units(12_000), granted: record.granted, paid, pot, price: "7.31", status, filed_at: record.booked_at,
      delay: 172_800, assets_before: units(4_900_000), paused_before: "0", pool_refilled: "0", deductible_refilled: "0", bound: "policy_limit", waits: held ? "breaker_denied" : "instant_limit",
    },
  };
};

function rewardsOf(denoms: number): Pick<World, "denoms" | "rewards" | "yields" | "fundings"> {
  const names = ["ustake", "urew", "uusd", "uosmo", "utia", "factory/wasm1longissuer/points", `ibc/${"A1B2".repeat(16)}`, "aevmos"].slice(0, denoms);
  const apr = (at: number): D.Projection => ({ now: at === 0 ? "0.0641" : "0.1177", changes: at === 0 ? [{ week: 61, earliest: nanos(NOW + 4 * DAY), to: "0.051" }] : [] });
  const funding = (number: number, funder: string): D.FundingResponse => ({
    number, funder, amount: units(6_000), funded_at: nanos(NOW - 3 * DAY), from: 36_000_000, until: 37_000_000, released: units(2000), unreleased: units(4000), refunded: "0", stopped_at: null,
  });
  return {
    denoms: names.map((native) => ({ denom: { native }, funded: units(90_000), index: "1", listed: true, min_rate: "1000", rate: "14289.5", refunded: "0", released: units(60_000), unreleased: units(30_000) })),
    rewards: names.map((native, at) => ({ denom: { native }, amount: at === 3 ? "0" : units(12.345678 * (at + 1)) })),
    yields: { shares: units(4_690_000), denoms: names.map((native, at) => ({ denom: { native }, apr: apr(at) })), value: names.includes("ustake") ? { now: "0.0668", changes: [{ week: 61, earliest: nanos(NOW + 4 * DAY), to: "0.053" }] } : null },
    fundings: (denom) => (denom === "ustake" ? [funding(1, VAULT), funding(2, VAULT), funding(3, DAO)] : [funding(1, DAO)]),
  };
}

const PARAMS: B.MarketParams = {
  actions: { open: "normal", reduce: "recovering", liquidate: "recovering", deleverage: "recovering", payout: "guarded" }, block_time_ms: 6000, confirm_lineages: 3, confirm_readings: 3, cooldown: 1800, drift_window: 21_600,
  frozen_move: 300, frozen_ticks: 5, guard_cooldown: 300, guard_threshold: 6000, jump_growth: 500, latch_trips: 4, latch_window: 86_400, max_age: 120, max_confidence: 200, max_disagreement: 500, max_drift: 10_000, max_future: 15,
  max_growth: 2000, max_halt: 600, max_jump: 2000, max_leap: 6000, max_outlier: 250, max_price: null, max_unread: 3600, min_lineages: 2, min_price: null, recovery_readings: 3, recovery_spacing: 60, recovery_tightness: 5000, reference_slew: 100, shared_ticks: 100,
};
const STATES: B.MarketState[] = ["normal", "tripped", "guarded"];

function marketOf(market: string, at: number): B.MarketResponse {
  const state = STATES[at] ?? "normal";
  return {
    market, reasons: state === "tripped" ? ["jump"] : state === "guarded" ? ["stale"] : [], exit: null,
    config: { params: PARAMS, sources: ["pyth", "band", "desk"].map((name) => ({ name, lineage: name, kind: { reporters: { members: [DAO], quorum: 1 } } })) },
    record: { since: nanos(NOW - 2 * HOUR), state, trips: at === 1 ? 2 : 0, last_clean: { low: "9.91", high: "10.08" } },
  };
}

function explainOf(market: string, at: number): B.ExplainResponse {
  const state = STATES[at] ?? "normal";
  const tripped = state === "tripped";
  const source = (name: string, findings: B.Finding[]): B.SourceReading => ({ source: name, lineage: name, findings, observation: { priced: { price: tripped ? "7.02" : "10.01", confidence: "0.01", publish_time: NOW / 1000 - 20 } } });
  return {
    market, at: nanos(NOW), state, since: nanos(NOW - 2 * HOUR), allowed: tripped ? ["liquidate", "reduce"] : ["open", "reduce", "liquidate", "deleverage", "payout"],
    trip: tripped ? { number: 2, trip: { began_at: nanos(NOW - 2 * HOUR), cause: "faults", faults: 1 << 18, last_clean: { low: "9.91", high: "10.08" }, end: null } } : null,
    findings: tripped ? [{ fault: "jump", measured: 2980, bound: 2080 }] : [], standing: [],
    sources: [source("pyth", []), source("band", state === "guarded" ? [{ fault: "stale", measured: 412, bound: 120 }] : []), source("desk", [])],
    median: tripped ? "7.02" : "10.01", reference: "10", earliest_recovery: tripped ? nanos(NOW + 27 * 60_000) : null,
    needs: tripped ? [{ cooldown: { until: nanos(NOW + 24 * 60_000) } }, { median: { low: "8", high: "12" } }, { clean_readings: { left: 3, spacing: 60 } }] : [],
  };
}

function pendingChanges(): T.ChangeResponse[] {
  const wait: T.Wait = { due: nanos(NOW + 23 * DAY), lapses: nanos(NOW + 30 * DAY), notice: 3 * 86_400, unbonding_period: 21 * 86_400 };
  return [
    {
      number: 7, class: "waits", fields: [{ field: "limit", from: units(600_000), to: units(900_000), direction: "raises", reason: "more can be granted" }, { field: "minimum", from: units(100), to: units(200), direction: "lowers", reason: "smaller shortfalls are granted" }],
      record: {
        change: { vault: { change_policy: { policyholder: PERPS, market: "ATOM/USD", update: { limit: units(900_000) } } } }, contract: VAULT, from: { terms: { limit: units(600_000) } }, status: { pending: {} },
        submitted_at: nanos(NOW - DAY), target: `vault/policies/${PERPS}/ATOM/USD`, wait,
      },
    },
  ];
}

function custodyOf(): Pick<World, "custody" | "admins" | "checksums"> {
  const all = { vault: VAULT, distributor: DISTRIBUTOR, breaker: BREAKER, timelock: TIMELOCK } as const;
  const checksum = (name: string) => Buffer.from(name.padEnd(32, ".")).toString("hex");
  const contracts = Object.entries(all).map(([contract, at], index): T.Custody => ({
    contract: contract as T.ContractName, address: at, admin: TIMELOCK, administered: true, checksum: checksum(contract), code_id: index + 1, owned: contract !== "timelock", owner: contract === "timelock" ? DAO : TIMELOCK, pending_owner: null,
  }));
  return {
    custody: { complete: true, contracts },
    admins: Object.fromEntries(contracts.map((one) => [one.address, TIMELOCK])),
    checksums: Object.fromEntries(contracts.map((one) => [one.address, one.checksum])),
  };
}
