/** The contracts' answers from a `World`, paged as the contracts page. */
import { BREAKER, DISTRIBUTOR, TIMELOCK, VAULT, STAKER, type World } from "./world";

type Fields = Record<string, unknown>;
type Answers = Record<string, (fields: Fields) => unknown>;

export function answer(world: World, address: string, message: Record<string, Fields>, note: (what: string) => void): unknown {
  const contract = CONTRACTS[address];
  const [entry] = Object.entries(message);
  if (!contract || !entry) throw new Error("no such contract");
  const [name, fields] = entry;
  note(`${contract.name}.${name} ${JSON.stringify(fields)}`);
  const answers = contract.answers(world);
  const found = answers[name];
  if (!found) throw new Error(`unknown variant \`${name}\``);
  return found(fields);
}

const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
const limitOf = (fields: Fields): number => Math.min(number(fields["limit"], 10), 30);

function after<Row>(rows: readonly Row[], fields: Fields, key: (row: Row) => unknown): Row[] {
  const start = fields["start_after"];
  // As the contracts: what follows a number, also where no row has it.
  if (typeof start === "number") return rows.filter((row) => Number(key(row)) > start).slice(0, limitOf(fields));
  const at = start === undefined ? 0 : rows.findIndex((row) => JSON.stringify(key(row)) === JSON.stringify(start)) + 1;
  return rows.slice(at, at + limitOf(fields));
}

/** Rows that are numbered from 1 to `count`, made when they are asked for. */
function numbered<Row>(count: number, fields: Fields, row: (number: number) => Row): Row[] {
  const start = number(fields["start_after"], 0);
  const size = Math.max(0, Math.min(limitOf(fields), count - start));
  return Array.from({ length: size }, (_, at) => row(start + 1 + at));
}

const ratio = (amount: unknown, up: bigint, down: bigint): string => String((BigInt(String(amount)) * up) / down);

function vault(world: World): Answers {
  const { pool } = world;
  const [assets, shares] = [BigInt(pool.assets), BigInt(pool.shares)];
  const ready = world.tickets.filter((ticket) => BigInt(ticket.ready_at) <= BigInt(Date.now()) * 1_000_000n);
  const sum = (of: (ticket: (typeof ready)[number]) => string) => String(ready.reduce((total, ticket) => total + BigInt(of(ticket)), 0n));
  return {
    config: () => world.config,
    pool: () => pool,
    pauses: () => world.pauses,
    ownership: () => ({ owner: world.vaultOwner, pending_owner: null, pending_expiry: null }),
    stake: (fields) => (fields["staker"] === STAKER ? world.stake : { staker: fields["staker"], stake: { active: "0", queued: "0", tickets: 0 }, assets: "0" }),
    tickets: (fields) => ({ tickets: fields["staker"] === STAKER ? after(world.tickets, fields, (row) => row.ticket) : [] }),
    preview_deposit: (fields) => ratio(fields["assets"], shares, assets),
    preview_redeem: (fields) => ratio(fields["shares"], assets, shares),
    preview_withdraw: (fields) => ratio(fields["assets"], shares, assets),
    max_deposit: () => (world.pauses.deposits ? "0" : "1000000000000"),
    max_redeem: () => sum((ticket) => ticket.shares),
    max_withdraw: () => sum((ticket) => ticket.assets),
    policies: (fields) => ({ policies: after(world.policies, fields, (row) => [row.policyholder, row.market]) }),
    quote_cover: (fields) => quote(world, fields),
    quote_premium: () => ({ utilisation: "0.374", rate: "0.0312", yearly: "18720000000", purchase: null, least: "1" }),
    claim: (fields) => world.claim(number(fields["claim"], 0)),
    claim_timeline: (fields) => timeline(world, number(fields["claim"], 0)),
    claims: (fields) => ({ claims: numbered(pool.losses, fields, world.claim) }),
    open_claims: (fields) => ({ claims: world.open.filter((claim) => claim > number(fields["start_after"], 0)).slice(0, limitOf(fields)).map(world.claim) }),
    loss: (fields) => world.loss(number(fields["loss"], 0)),
    losses: (fields) => ({ losses: numbered(pool.losses, fields, world.loss) }),
    staker_losses: (fields) => ({ losses: fields["staker"] === STAKER ? numbered(pool.losses, fields, world.stakerLoss) : [], next: null }),
    credit: (fields) => ({ account: fields["account"], amount: "0" }),
  };
}

function quote(world: World, fields: Fields): unknown {
  const policy = world.policies.find((one) => one.policyholder === fields["policyholder"] && one.market === fields["market"]);
  if (!policy) throw new Error("policy does not exist");
  const amount = BigInt(String(fields["amount"]));
  const least = (a: bigint, b: bigint) => (a < b ? a : b);
  const deductible = least(amount, BigInt(policy.deductible_left));
  const granted = least(amount - deductible, BigInt(policy.room));
  const paid = least(granted, BigInt(policy.instant_left));
  const pending = granted - paid;
  return {
    deductible: String(deductible), paid: String(paid), pending: String(pending), delayed: String(pending), held: "0", uncovered: String(amount - deductible - granted),
    claim: 99, reason: "policy_limit", binds: ["policy_limit", "instant_limit", "deductible"], granted_at: null, paid_at: null,
  };
}

function timeline(world: World, claim: number): unknown {
  const { record, payable_at, latest } = world.claim(claim);
  const steps = [
    { at: record.filed_at, what: { filed: { asked: record.asked, price: record.price } } },
    { at: record.filed_at, what: { granted: { amount: record.granted, bound: record.bound, deductible: record.deductible, uncovered: "0" } } },
    { at: record.filed_at, what: { paid_at_once: { amount: record.paid } } },
  ];
  return { claim, payable_at, latest, steps };
}

function distributor(world: World): Answers {
  return {
    denoms: () => ({ denoms: world.denoms }),
    pending_rewards: (fields) => ({ staker: fields["staker"], rewards: world.rewards }),
    staker: (fields) => ({ staker: fields["staker"], active: world.stake.stake.active, recorded: world.stake.stake.active }),
    yields: () => world.yields,
    fundings: (fields) => ({ fundings: after(world.fundings((fields["denom"] as { native: string }).native), { ...fields, start_after: fields["start_after"] === 0 ? undefined : fields["start_after"] }, (row) => row.number) }),
    clock: () => ({ staked: 36_500_000, shares: world.pool.active, week: 60 }),
    ownership: () => ({ owner: world.vaultOwner, pending_owner: null, pending_expiry: null }),
    schedule: () => ({ changes: [] }),
  };
}

function breaker(world: World): Answers {
  const market = (fields: Fields) => String(fields["market"]);
  return {
    markets: (fields) => ({ markets: after(world.markets, fields, (row) => row.market) }),
    market: (fields) => world.markets.find((one) => one.market === fields["market"]),
    explain: (fields) => world.explain(market(fields)),
    verdict: (fields) => ({ market: market(fields), action: fields["action"], state: "normal", allowed: true, faults: 0, reasons: [], median: "10.01", band: { low: "9.99", high: "10.03" } }),
    history: () => ({ transitions: world.history }),
    ownership: () => ({ owner: world.vaultOwner, pending_owner: null, pending_expiry: null }),
  };
}

function timelock(world: World): Answers {
  return {
    config: () => ({ vault: world.guarded ?? VAULT, unbonding_period: 21 * 86_400, notice: 3 * 86_400, pending: world.pending.length, max_pending: 64 }),
    ownership: () => ({ owner: "wasm1da0", pending_owner: null, pending_expiry: null }),
    pending: (fields) => ({ changes: after(world.pending, fields, (row) => row.number) }),
    history: () => ({ changes: world.past }),
    custody: () => world.custody,
  };
}

const CONTRACTS: Record<string, { name: string; answers: (world: World) => Answers }> = {
  [VAULT]: { name: "vault", answers: vault },
  [DISTRIBUTOR]: { name: "distributor", answers: distributor },
  [BREAKER]: { name: "breaker", answers: breaker },
  [TIMELOCK]: { name: "timelock", answers: timelock },
};
