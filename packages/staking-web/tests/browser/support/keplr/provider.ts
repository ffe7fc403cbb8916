/**
 * `window.keplr` as the extension puts it into a page: no key is here, every question
 * goes to the process that holds them. The function is sent to the browser as text, so
 * nothing outside of it can be used in it.
 */
import type { Keplr } from "@keplr-wallet/types";
import type { Call, Reply } from "./wire";

/** What a page may use of Keplr. */
export type Provider = Pick<
  Keplr,
  | "version"
  | "mode"
  | "defaultOptions"
  | "enable"
  | "disable"
  | "experimentalSuggestChain"
  | "getKey"
  | "getKeysSettled"
  | "getOfflineSigner"
  | "getOfflineSignerOnlyAmino"
  | "getOfflineSignerAuto"
  | "signDirect"
  | "signAmino"
  | "signArbitrary"
  | "sendTx"
>;

declare global {
  interface Window {
    askKeys?: (call: Call) => Promise<Reply>;
  }
}

export interface Injection {
  /** How long after the page the extension comes; 0 is before the page's own scripts. */
  readonly afterMs: number;
}

export function inject({ afterMs }: Injection): void {
  const pack = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return { $bytes: btoa(Array.from(value, (byte) => String.fromCharCode(byte)).join("")) };
    if (typeof value === "bigint") return { $whole: value.toString() };
    if (Array.isArray(value)) return value.map(pack);
    if (typeof value === "object" && value !== null) {
      // CosmJS says a whole number as a bigint, Keplr's own types as a Long.
      if ("low" in value && "high" in value && "unsigned" in value) return { $whole: (value as unknown as bigint).toString() };
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one)]));
    }
    return value;
  };
  const unpack = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(unpack);
    if (typeof value !== "object" || value === null) return value;
    const { $bytes, $whole } = value as { $bytes?: unknown; $whole?: unknown };
    if (typeof $bytes === "string") return Uint8Array.from(atob($bytes), (char) => char.charCodeAt(0));
    if (typeof $whole === "string") return BigInt($whole);
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unpack(one)]));
  };
  const ask = async (method: string, ...args: unknown[]): Promise<never> => {
    const reply = await window.askKeys?.({ method, args: args.map(pack) });
    if (reply === undefined) throw new Error("the keys are not there");
    if ("error" in reply) throw new Error(reply.error);
    return unpack(reply.value) as never;
  };
  const accounts = async (chainId: string) => {
    const { bech32Address, algo, pubKey } = await keplr.getKey(chainId);
    return [{ address: bech32Address, algo: algo as "secp256k1", pubkey: pubKey }];
  };
  const amino = (chainId: string) => ({
    getAccounts: () => accounts(chainId),
    signAmino: (signer: string, document: Parameters<Keplr["signAmino"]>[2]) => keplr.signAmino(chainId, signer, document),
  });
  const direct = (chainId: string) => ({
    getAccounts: () => accounts(chainId),
    signDirect: (signer: string, document: Parameters<Keplr["signDirect"]>[2]) => keplr.signDirect(chainId, signer, document),
  });
  const keplr: Provider = {
    version: "0.13.41",
    mode: "extension",
    defaultOptions: {},
    enable: (chains) => ask("enable", chains),
    disable: (chains) => ask("disable", chains),
    experimentalSuggestChain: (chain) => ask("experimentalSuggestChain", chain),
    getKey: (chainId) => ask("getKey", chainId),
    getKeysSettled: (chains) => ask("getKeysSettled", chains),
    getOfflineSigner: (chainId) => ({ ...amino(chainId), ...direct(chainId) }),
    getOfflineSignerOnlyAmino: (chainId) => amino(chainId),
    getOfflineSignerAuto: async (chainId) => {
      const { isNanoLedger } = await keplr.getKey(chainId);
      return isNanoLedger ? amino(chainId) : { ...amino(chainId), ...direct(chainId) };
    },
    signDirect: (chainId, signer, document) => ask("signDirect", chainId, signer, document),
    signAmino: (chainId, signer, document) => ask("signAmino", chainId, signer, document),
    signArbitrary: (chainId, signer, data) => ask("signArbitrary", chainId, signer, data),
    sendTx: (chainId, tx, mode) => ask("sendTx", chainId, tx, mode),
  };
  const put = () => { window.keplr = keplr; };
  if (afterMs === 0) put();
  else setTimeout(put, afterMs);
}
