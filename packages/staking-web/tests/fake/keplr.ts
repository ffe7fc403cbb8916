/** A wallet shaped as Keplr, with keys of CosmJS. */
import { Secp256k1HdWallet } from "@cosmjs/amino";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { AuthInfo } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import type { Signer, Wallet } from "../../src/wallet/keplr";

// The words of the test accounts, which everybody knows.
const WORDS = `${"abandon ".repeat(11)}about`;

export interface Habits {
  knowsChain?: boolean;
  rejects?: "enable" | "sign";
  locked?: boolean;
  ledger?: boolean;
  /** Edits the fee, as a user may in the wallet. */
  editsGas?: bigint;
}

export async function fakeKeplr(habits: Habits = {}): Promise<Wallet & { habits: Habits; asked: string[] }> {
  const direct = await DirectSecp256k1HdWallet.fromMnemonic(WORDS, { prefix: "wasm" });
  const amino = await Secp256k1HdWallet.fromMnemonic(WORDS, { prefix: "wasm" });
  const [account] = await direct.getAccounts();
  if (!account) throw new Error("no account");
  const asked: string[] = [];
  const signer = (): Signer => {
    if (habits.ledger) {
      return { getAccounts: () => amino.getAccounts(), signAmino: (address: string, doc: never) => (asked.push("amino"), amino.signAmino(address, doc)) } as unknown as Signer;
    }
    const signDirect = async (address: string, doc: Parameters<typeof direct.signDirect>[1]) => {
      asked.push("direct");
      if (habits.rejects === "sign") throw new Error("Request rejected");
      const info = AuthInfo.decode(doc.authInfoBytes);
      if (habits.editsGas !== undefined && info.fee) info.fee.gasLimit = habits.editsGas;
      return direct.signDirect(address, { ...doc, authInfoBytes: AuthInfo.encode(info).finish() });
    };
    return { getAccounts: () => direct.getAccounts(), signDirect } as unknown as Signer;
  };
  return {
    habits,
    asked,
    enable: (chain) => {
      asked.push("enable");
      if (habits.locked) return Promise.reject(new Error("Keyring is locked"));
      if (habits.rejects === "enable") return Promise.reject(new Error("Request rejected"));
      if (habits.knowsChain === false) return Promise.reject(new Error(`There is no modular chain info for ${String(chain)}`));
      return Promise.resolve();
    },
    experimentalSuggestChain: () => {
      asked.push("suggest");
      habits.knowsChain = true;
      return Promise.resolve();
    },
    getKey: () =>
      Promise.resolve({ name: "alice", algo: "secp256k1", pubKey: account.pubkey, address: new Uint8Array(20), bech32Address: account.address, ethereumHexAddress: "", isNanoLedger: habits.ledger === true, isKeystone: false }),
    getOfflineSignerAuto: () => Promise.resolve(signer()),
  };
}
