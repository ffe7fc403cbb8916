/**
 * The wallet's side of the provider: keys, approvals and signatures, in the tests'
 * process. It refuses as Keplr does, and can be told to behave as users and devices do.
 */
import { makeSignDoc, Secp256k1HdWallet, type StdFee, type StdSignDoc } from "@cosmjs/amino";
import { fromBech32, toBase64 } from "@cosmjs/encoding";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { AuthInfo } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import type { Key } from "@keplr-wallet/types";
import { HD_PATHS, WORDS, type Account } from "../accounts";
import { problemsOf } from "./chain-info";
import { pack, unpack, type Call, type Reply } from "./wire";

/** How the user, the device and the extension behave; a test changes it at any time. */
export interface Habits {
  /** Declines the window that this opens. */
  rejects?: "enable" | "suggest" | "sign";
  locked?: boolean;
  /** The key is on a Ledger, which signs amino documents alone. */
  ledger?: boolean;
  /** Edits the fee in the wallet's window. */
  editsFee?: (fee: StdFee) => StdFee;
  /** Changes a bit of each signature. */
  corrupts?: boolean;
  /** What the user takes to answer. */
  takesMs?: number;
}

interface DirectDoc {
  readonly bodyBytes: Uint8Array;
  readonly authInfoBytes: Uint8Array;
  readonly chainId: string;
  readonly accountNumber: bigint;
}

export class Keys {
  readonly habits: Habits = {};
  /** The methods that the page called, in order. */
  readonly asked: string[] = [];
  /** The fee of each document as it was signed. */
  readonly signedFees: StdFee[] = [];
  private readonly chains = new Set<string>();
  private readonly enabled = new Set<string>();

  private constructor(
    private readonly direct: DirectSecp256k1HdWallet,
    private readonly amino: Secp256k1HdWallet,
    private readonly rpc: string,
    public account: Account,
  ) {}

  static async of(account: Account, rpc: string): Promise<Keys> {
    const options = { prefix: "wasm", hdPaths: [...HD_PATHS] };
    return new Keys(await DirectSecp256k1HdWallet.fromMnemonic(WORDS, options), await Secp256k1HdWallet.fromMnemonic(WORDS, options), rpc, account);
  }

  /** As if the user had added and allowed the chain before. */
  knows(chainId: string): void {
    this.chains.add(chainId);
    this.enabled.add(chainId);
  }

  async answer({ method, args }: Call): Promise<Reply> {
    this.asked.push(method);
    try {
      return { value: pack(await this.act(method, args.map(unpack))) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  }

  private act(method: string, args: readonly unknown[]): Promise<unknown> {
    const [first, second, third] = args;
    switch (method) {
      case "enable":
        return this.enable(first as string | string[]);
      case "disable":
        this.enabled.clear();
        return Promise.resolve();
      case "experimentalSuggestChain":
        return this.suggest(first);
      case "getKey":
        return this.key(first as string);
      case "getKeysSettled":
        return Promise.all((first as string[]).map((chain) => this.settled(chain)));
      case "signDirect":
        return this.signDirect(first as string, second as string, third as DirectDoc);
      case "signAmino":
        return this.signAmino(first as string, second as string, third as StdSignDoc);
      case "signArbitrary":
        return this.signArbitrary(first as string, second as string, third as string | Uint8Array);
      case "sendTx":
        return this.sendTx(second as Uint8Array);
      default:
        return Promise.reject(new Error(`Unknown method ${method}`));
    }
  }

  private async enable(chains: string | string[]): Promise<void> {
    if (this.habits.locked) throw new Error("Key ring is locked");
    const list = typeof chains === "string" ? [chains] : chains;
    list.forEach((chain) => { this.mustKnow(chain); });
    if (list.every((chain) => this.enabled.has(chain))) return;
    await this.window("enable");
    list.forEach((chain) => this.enabled.add(chain));
  }

  private async suggest(chain: unknown): Promise<void> {
    const problems = problemsOf(chain);
    if (problems.length > 0) throw new Error(problems.join("; "));
    const { chainId } = chain as { chainId: string };
    if (this.chains.has(chainId)) return;
    await this.window("suggest");
    this.knows(chainId);
  }

  private async key(chain: string): Promise<Key> {
    await this.enable(chain);
    const { address, pubkey } = await this.own();
    const bytes = fromBech32(address, 90).data;
    return {
      name: this.account.name,
      algo: "secp256k1",
      pubKey: pubkey,
      address: bytes,
      bech32Address: address,
      ethereumHexAddress: "",
      isNanoLedger: this.habits.ledger === true,
      isKeystone: false,
    };
  }

  private async settled(chain: string): Promise<PromiseSettledResult<Key>> {
    const [result] = await Promise.allSettled([this.key(chain)]);
    return result;
  }

  private async signDirect(chain: string, signer: string, document: DirectDoc) {
    await this.mayUse(chain, signer, document.chainId);
    if (this.habits.ledger) throw new Error("Ledger does not support sign direct");
    await this.window("sign");
    const info = AuthInfo.decode(document.authInfoBytes);
    if (info.fee) {
      const fee = this.approve({ amount: info.fee.amount, gas: info.fee.gasLimit.toString() });
      info.fee.amount = [...fee.amount];
      info.fee.gasLimit = BigInt(fee.gas);
    }
    const approved = { ...document, authInfoBytes: AuthInfo.encode(info).finish() };
    const { signed, signature } = await this.direct.signDirect(signer, approved);
    return { signed, signature: this.handOver(signature) };
  }

  private async signAmino(chain: string, signer: string, document: StdSignDoc) {
    await this.mayUse(chain, signer, document.chain_id);
    await this.window("sign");
    const { signed, signature } = await this.amino.signAmino(signer, { ...document, fee: this.approve(document.fee) });
    return { signed, signature: this.handOver(signature) };
  }

  /** By ADR-36: a document that no chain takes. */
  private async signArbitrary(chain: string, signer: string, data: string | Uint8Array) {
    await this.mayUse(chain, signer, chain);
    await this.window("sign");
    const value = { signer, data: toBase64(typeof data === "string" ? new TextEncoder().encode(data) : data) };
    const document = makeSignDoc([{ type: "sign/MsgSignData", value }], { gas: "0", amount: [] }, "", "", 0, 0);
    const { signature } = await this.amino.signAmino(signer, document);
    return this.handOver(signature);
  }

  private async sendTx(tx: Uint8Array): Promise<Uint8Array> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "broadcast_tx_sync", params: { tx: toBase64(tx) } });
    const response = await fetch(this.rpc, { method: "POST", body });
    const { result } = (await response.json()) as { result: { code: number; log: string; hash: string } };
    if (result.code !== 0) throw new Error(result.log);
    return Buffer.from(result.hash, "hex");
  }

  private mustKnow(chain: string): void {
    if (!this.chains.has(chain)) throw new Error(`There is no modular chain info for ${chain}`);
  }

  private async mayUse(chain: string, signer: string, signed: string): Promise<void> {
    await this.enable(chain);
    if (signed !== chain) throw new Error("Chain id in the message is not matched with the requested chain id");
    if (signer !== (await this.own()).address) throw new Error("Signer mismatched");
  }

  /** The wallet's window, in which the user answers. */
  private async window(asks: "enable" | "suggest" | "sign"): Promise<void> {
    if (this.habits.takesMs !== undefined) await new Promise((resolve) => setTimeout(resolve, this.habits.takesMs));
    if (this.habits.rejects === asks) throw new Error("Request rejected");
  }

  private approve(fee: StdFee): StdFee {
    const approved = this.habits.editsFee?.(fee) ?? fee;
    this.signedFees.push(approved);
    return approved;
  }

  private handOver<Signature extends { readonly signature: string }>(signature: Signature): Signature {
    if (!this.habits.corrupts) return signature;
    const bytes = Buffer.from(signature.signature, "base64");
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40);
    return { ...signature, signature: bytes.toString("base64") };
  }

  private async own() {
    const found = (await this.direct.getAccounts())[this.account.index];
    if (found === undefined) throw new Error(`no key of index ${this.account.index}`);
    return found;
  }
}
