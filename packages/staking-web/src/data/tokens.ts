/** How tokens are called and how many decimals they have. */
import type { Config } from "../config/config";
import type { Denom } from "../client/generated/Vault.types";

export interface Token {
  /** The denom, or the address of a cw20 token. */
  readonly id: string;
  readonly symbol: string;
  readonly decimals: number;
  /** Nobody said how it is to be shown: base units are. */
  readonly bare: boolean;
  readonly market?: string;
}

export function idOf(denom: Denom | { native: string } | { cw20: string }): string {
  if ("native" in denom) return denom.native;
  return "cw20" in denom ? denom.cw20 : JSON.stringify(denom);
}

export function tokenOf(config: Config, id: string): Token {
  const own = Object.hasOwn(config.tokens, id) ? config.tokens[id] : undefined;
  if (own) return { id, bare: false, ...own };
  const currency = config.chain.currencies.find((one) => one.coinMinimalDenom === id);
  if (currency) return { id, symbol: currency.coinDenom, decimals: currency.coinDecimals, bare: false };
  return { id, symbol: shorten(id), decimals: 0, bare: true };
}

/** What tokens are called, in a row. */
export function symbolsOf(config: Config, rows: readonly { readonly denom: Denom }[]): string {
  return rows.map(({ denom }) => tokenOf(config, idOf(denom)).symbol).join(", ");
}

/** The beginning and the end of an address or a long denom. */
export function shorten(text: string): string {
  return text.length <= 20 ? text : `${text.slice(0, 10)}…${text.slice(-6)}`;
}
