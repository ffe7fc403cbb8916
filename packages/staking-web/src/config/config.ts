/**
 * `config.json`, which stands beside index.html and is all that a deployment has to
 * write. Every problem is told with its field, not only the first.
 */
import type { ChainInfo } from "@keplr-wallet/types";
import { Reader } from "./reader";
import { readChain } from "./chain";

/** How a token is shown, where the chain's own list does not say it. */
export interface TokenConfig {
  readonly symbol: string;
  readonly decimals: number;
  /** The breaker's market whose price values it, such as `ATOM/USD`. */
  readonly market?: string;
}

export interface ExpectedLoss {
  /** A part of the stake in a year: `0.012` is 1.2 %. */
  readonly yearly: string;
  /** Whose figure it is, such as a report's name and date. */
  readonly source: string;
}

export interface Config {
  readonly title: string;
  /** As Keplr takes it. */
  readonly chain: ChainInfo;
  /** The node that the page asks; the chain's own by default. */
  readonly rpc: string;
  readonly contracts: { readonly vault: string };
  /** By denom, or by the address of a cw20 token. */
  readonly tokens: Readonly<Record<string, TokenConfig>>;
  /** Checksums of released code, in hex, by the contract's name. */
  readonly code: Readonly<Record<string, readonly string[]>>;
  readonly expectedLoss?: ExpectedLoss;
  /** Where a transaction is shown, with `{hash}`; the node itself by default. */
  readonly transactionLink?: string;
  /** By how much more than was simulated a transaction may use. */
  readonly gasAdjustment: number;
  /** After how many blocks a signed transaction is void. */
  readonly timeoutBlocks: number;
}

export type ConfigResult = { readonly config: Config } | { readonly problems: readonly string[] };

/** The config in `value`, or everything that is wrong with it. */
export function readConfig(value: unknown): ConfigResult {
  const reader = new Reader(value, "config.json");
  const chain = readChain(reader.object("chain"));
  const rpc = reader.optional("rpc")?.url() ?? chain.rpc;
  const contracts = { vault: reader.object("contracts").at("vault").matching(/^[a-z\d]+1[a-z\d]{38,}$/, "a contract's address") };
  const tokens = reader.optional("tokens")?.entries(readToken) ?? {};
  const code = reader.optional("code")?.entries(readChecksums) ?? {};
  const loss = reader.optional("expected_loss");
  const link = reader.optional("transaction_link")?.matching(/^https?:\/\/.*\{hash\}/, "an address with {hash} in it");
  const config: Config = {
    title: reader.optional("title")?.text(1, 60) ?? chain.chainName,
    chain,
    rpc,
    contracts,
    tokens,
    code,
    ...(loss && { expectedLoss: { yearly: loss.at("yearly").matching(/^\d+(\.\d+)?$/, "a decimal"), source: loss.at("source").text(1, 200) } }),
    ...(link !== undefined && { transactionLink: link }),
    gasAdjustment: reader.optional("gas_adjustment")?.number(1, 5) ?? 1.4,
    timeoutBlocks: reader.optional("timeout_blocks")?.whole(10, 100_000) ?? 300,
  };
  return reader.problems.length > 0 ? { problems: reader.problems } : { config };
}

function readToken(reader: Reader): TokenConfig {
  const market = reader.optional("market")?.text(1, 32);
  return {
    symbol: reader.at("symbol").text(1, 20),
    decimals: reader.at("decimals").whole(0, 18),
    ...(market !== undefined && { market }),
  };
}

function readChecksums(reader: Reader): string[] {
  return reader.list((one) => one.matching(/^[\da-f]{64}$/, "64 hex digits in lower case"));
}
