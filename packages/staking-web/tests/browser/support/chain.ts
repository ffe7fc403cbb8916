/**
 * Everybody but the staker: policyholder, owner, guardian, keeper and price sources, with
 * the test accounts' keys. What the page shows is compared with what is asked here.
 */
import { SigningCosmWasmClient } from "@cosmjs/cosmwasm";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { GasPrice } from "@cosmjs/stargate";
import type * as B from "../../../src/client/generated/Breaker.types";
import type * as D from "../../../src/client/generated/Distributor.types";
import type * as T from "../../../src/client/generated/Timelock.types";
import type * as V from "../../../src/client/generated/Vault.types";
import { account, HD_PATHS, NAMES, WORDS, type Name } from "./accounts";
import type { Contracts, Localnet } from "./localnet";

export const MARKET = "ATOM/USD";
export const ONE = 1_000_000n;
/** As the local network is deployed. */
export const UNBONDING = 3_600;
const NOTICE = 259_200;
/** Between two readings of a recovery, and a second more. */
const SPACING = 6;

export class Chain {
  private constructor(
    private readonly client: SigningCosmWasmClient,
    private readonly addresses: readonly string[],
    readonly net: Localnet,
    readonly contracts: Contracts,
  ) {}

  static async of(net: Localnet): Promise<Chain> {
    const contracts = await net.contracts();
    const keys = await DirectSecp256k1HdWallet.fromMnemonic(WORDS, { prefix: "wasm", hdPaths: [...HD_PATHS] });
    const options = { gasPrice: GasPrice.fromString("0.025ustake"), broadcastPollIntervalMs: 200 };
    const client = await SigningCosmWasmClient.connectWithSigner(contracts.rpc[0] ?? "", keys, options);
    return new Chain(client, (await keys.getAccounts()).map(({ address }) => address), net, contracts);
  }

  get rpc(): string {
    return this.contracts.rpc[0] ?? "";
  }

  address(name: Name): string {
    return this.addresses[account(name).index] ?? "";
  }

  async execute(who: Name, contract: string, msg: object, funds: readonly { denom: string; amount: string }[] = []): Promise<void> {
    await this.client.execute(this.address(who), contract, msg, 1.5, "", [...funds]);
  }

  private vault<Answer>(msg: V.QueryMsg): Promise<Answer> {
    return this.client.queryContractSmart(this.contracts.vault, msg) as Promise<Answer>;
  }

  pool(): Promise<V.PoolResponse> {
    return this.vault({ pool: {} });
  }

  /** The shares that a deposit would get. */
  async preview(assets: bigint): Promise<bigint> {
    return BigInt(await this.vault<V.Shares>({ preview_deposit: { assets: assets.toString() } }));
  }

  stake(name: Name): Promise<V.StakeResponse> {
    return this.vault({ stake: { staker: this.address(name) } });
  }

  claim(claim: number): Promise<V.ClaimResponse> {
    return this.vault({ claim: { claim } });
  }

  async loss(name: Name, loss: number): Promise<V.StakerLoss | undefined> {
    const { losses } = await this.vault<V.StakerLossesResponse>({ staker_losses: { staker: this.address(name), start_after: loss - 1, limit: 1 } });
    return losses.find((one) => one.loss === loss);
  }

  async rewards(name: Name): Promise<D.PendingRewardsResponse> {
    return (await this.client.queryContractSmart(this.contracts.distributor, { pending_rewards: { staker: this.address(name) } })) as D.PendingRewardsResponse;
  }

  async balance(name: Name, denom = "uusd"): Promise<bigint> {
    return BigInt((await this.client.getBalance(this.address(name), denom)).amount);
  }

  /** A deposit of somebody who does not use the page. */
  async deposit(who: Name, amount: bigint): Promise<void> {
    await this.execute(who, this.contracts.vault, { deposit: {} } satisfies V.ExecuteMsg, usd(amount));
  }

  /** The policyholder asks the pool for a loss; the answer is the loss's number. */
  async shortfall(who: "trader" | "provider", amount: bigint, price?: string): Promise<number> {
    const shortfall = Date.now();
    const msg: V.ExecuteMsg = { cover_shortfall: { shortfall, market: MARKET, amount: amount.toString(), ...(price !== undefined && { price }) } };
    await this.execute(who, this.contracts.vault, msg);
    return (await this.pool()).losses;
  }

  async recover(loss: number, amount: bigint): Promise<void> {
    await this.execute("provider", this.contracts.vault, { recover: { loss } } satisfies V.ExecuteMsg, usd(amount));
  }

  async decline(claim: number, reason: string): Promise<void> {
    await this.submit({ vault: { decline_claim: { claim, reason } } });
  }

  async fund(denom: string, amount: bigint, weeks: number): Promise<void> {
    await this.execute("owner", this.contracts.distributor, { fund: { weeks } } satisfies D.ExecuteMsg, [{ denom, amount: amount.toString() }]);
  }

  /** The owner's change: at once if it raises no risk, else it waits. */
  async submit(change: T.Change): Promise<void> {
    await this.execute("owner", this.contracts.timelock, { submit: { change } } satisfies T.ExecuteMsg);
  }

  /** The owner's changes, made once their time has come. */
  async change(...changes: readonly T.Change[]): Promise<void> {
    for (const change of changes) await this.submit(change);
    const { changes: waiting } = (await this.client.queryContractSmart(this.contracts.timelock, { pending: {} } satisfies T.QueryMsg)) as T.ChangesResponse;
    await this.net.advance(NOTICE + UNBONDING + 1);
    for (const { number } of waiting) await this.execute("keeper", this.contracts.timelock, { apply: { change: number } } satisfies T.ExecuteMsg);
  }

  /** The time of the last block, in seconds. */
  async now(): Promise<number> {
    const { header } = await this.client.getBlock();
    return Math.floor(Date.parse(header.time) / 1000);
  }

  async explain(): Promise<B.ExplainResponse> {
    return (await this.client.queryContractSmart(this.contracts.breaker, { explain: { market: MARKET } })) as B.ExplainResponse;
  }

  /** Every source of the market says this price as of now, and the market is poked. */
  async price(price: number): Promise<void> {
    const { sources } = ((await this.client.queryContractSmart(this.contracts.breaker, { market: { market: MARKET } })) as B.MarketResponse).config;
    // A source brings no two prices of one second.
    const before = await this.now();
    while ((await this.now()) <= before) await sleep(200);
    const time = await this.now();
    const reporters = new Set<string>();
    const sent: Promise<void>[] = [];
    for (const { kind } of sources) {
      if ("pyth" in kind) sent.push(this.execute("keeper", this.contracts.mock_pyth, pyth(kind.pyth.price_id, price, time)));
      if ("reporters" in kind) kind.reporters.members.forEach((member) => reporters.add(member));
    }
    const report: B.ExecuteMsg = { report: { reports: [{ market: MARKET, price: String(price), publish_time: time }] } };
    const named = NAMES.filter((name) => reporters.has(this.address(name)));
    await Promise.all([...sent, ...named.map((name) => this.execute(name, this.contracts.breaker, report))]);
    await this.execute("keeper", this.contracts.breaker, { poke: { markets: [MARKET] } } satisfies B.ExecuteMsg);
  }

  /** The guardian trips the market, for three days. */
  async trip(reason: string): Promise<void> {
    await this.execute("guardian", this.contracts.breaker, { trip: { market: MARKET, reason } } satisfies B.ExecuteMsg);
  }

  /** Brings the market back to normal at this price, whatever it is now. */
  async calm(price: number): Promise<void> {
    for (let tries = 0; tries < 12; tries++) {
      await this.price(price);
      const { state, needs } = await this.explain();
      if (state === "normal") return;
      const waits = needs.map((need) => {
        if ("guardian_time" in need) return need.guardian_time.until;
        if ("cooldown" in need) return need.cooldown.until;
        return "quiet" in need ? need.quiet.until : "0";
      });
      const left = Math.max(...waits.map((until) => Number(BigInt(until) / 1_000_000_000n))) - (await this.now());
      await this.net.advance(Math.max(left + 1, SPACING));
    }
    throw new Error(`the market stays ${(await this.explain()).state}`);
  }
}

export function usd(amount: bigint) {
  return [{ denom: "uusd", amount: amount.toString() }];
}

function pyth(id: string, price: number, time: number) {
  const said = { price: String(Math.round(price * 1e8)), conf: "1000", expo: -8, publish_time: time };
  return { set_feed: { feed: { id, price: said, ema_price: said }, force: false } };
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
