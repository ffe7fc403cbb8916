/** `window.keplr`, whenever it comes, and what its refusals mean. */
import { prefixOf } from "../config/chain";
import type { ChainInfo, Keplr, OfflineAminoSigner, OfflineDirectSigner } from "@keplr-wallet/types";

export type Wallet = Pick<Keplr, "enable" | "experimentalSuggestChain" | "getKey" | "getOfflineSignerAuto">;
export type Signer = OfflineAminoSigner | OfflineDirectSigner;

export interface Connected {
  readonly address: string;
  readonly name: string;
  /** What a simulation needs, without asking the wallet again. */
  readonly pubkey: Uint8Array;
  /** A Ledger signs amino documents only. */
  readonly ledger: boolean;
}

export type Refusal = "rejected" | "locked" | "chain" | "other";

export class WalletRefused extends Error {
  override readonly name = "WalletRefused";
  constructor(
    readonly reason: Refusal,
    message: string,
  ) {
    super(message);
  }
}

declare global {
  interface Window {
    keplr?: Wallet;
  }
}

/** Connects, and adds the chain to the wallet if it does not know it. */
export async function connect(keplr: Wallet, chain: ChainInfo): Promise<Connected> {
  try {
    try {
      await keplr.enable(chain.chainId);
    } catch (error) {
      if (!unknownChain(error)) throw error;
      await keplr.experimentalSuggestChain(chain);
      await keplr.enable(chain.chainId);
    }
    return await key(keplr, chain);
  } catch (error) {
    throw refusal(error);
  }
}

async function key(keplr: Wallet, chain: ChainInfo): Promise<Connected> {
  const { bech32Address, name, pubKey, isNanoLedger } = await keplr.getKey(chain.chainId);
  const prefix = prefixOf(chain);
  if (!bech32Address.startsWith(prefix)) {
    throw new WalletRefused("chain", `The wallet has this chain with other addresses (${bech32Address}): it must be ${prefix}…`);
  }
  return { address: bech32Address, name, pubkey: pubKey, ledger: isNanoLedger };
}

/** What the wallet's error means. */
export function refusal(error: unknown): WalletRefused {
  if (error instanceof WalletRefused) return error;
  const text = error instanceof Error ? error.message : String(error);
  if (/reject|denied|cancel/i.test(text)) {
    return new WalletRefused("rejected", "You declined it in the wallet. Nothing was sent.");
  }
  if (/\b(un)?lock(ed)?\b|key ?ring is not/i.test(text)) {
    return new WalletRefused("locked", "The wallet is locked. Unlock it and try again.");
  }
  if (unknownChain(error)) {
    return new WalletRefused("chain", "The wallet does not know this chain and did not add it.");
  }
  if (/ledger|device|transport|0x6\w{3}/i.test(text)) {
    return new WalletRefused("other", `The Ledger did not sign. Unlock it, open its Cosmos app and try again. It says: ${text}`);
  }
  return new WalletRefused("other", text);
}

function unknownChain(error: unknown): boolean {
  return error instanceof Error && /no (modular )?chain info|unknown chain|not supported chain|chain .* (is )?not (found|supported)/i.test(error.message);
}
