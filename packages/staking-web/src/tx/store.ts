/**
 * One transaction at a time, from the wallet to the block. While one is on its way
 * no other can be signed, also after a reload: what was signed is kept until it is
 * known what became of it.
 */
import type { Config } from "../config/config";
import { tell, tellLog, type Told, type Wording } from "../client/errors";
import type { Execute } from "../client/messages";
import { base64, fromBase64, type Node } from "../client/node";
import { refusal, WalletRefused, type Signer } from "../wallet/keplr";
import { begunAnew, sendUntilKnown, type Outcome, type Sent, type Sleep } from "./send";
import type * as chainModule from "../chain";
import type { Fees, Signed, Simulated } from "../chain";

export type Phase = "preparing" | "signing" | "sending" | "pending" | "silent" | "included" | "failed" | "expired" | "unknown";

export interface TxView {
  readonly id: number;
  /** What it does, as its button says. */
  readonly label: string;
  readonly phase: Phase;
  readonly hash?: string;
  readonly height?: number;
  readonly fee?: Fees;
  readonly told?: Told;
}

const OPEN: readonly Phase[] = ["preparing", "signing", "sending", "pending", "silent"];
const SHOWN = 4;

export interface Estimate {
  readonly fee: Fees;
  readonly answers: Simulated["answers"];
}

export interface Parts {
  readonly config: Config;
  readonly node: Node;
  readonly wording: () => Wording;
  readonly sleep: Sleep;
  readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
  readonly chain: () => Promise<Pick<typeof chainModule, "account" | "simulate" | "sign">>;
  /** Something on the chain is other than before. */
  readonly changed: () => void;
}

export class TxStore {
  private views: readonly TxView[] = [];
  private readonly listeners = new Set<() => void>();
  private nextId = 1;
  private readonly kept: string;

  constructor(private readonly parts: Parts) {
    this.kept = `staking-web:sent:${parts.config.chain.chainId}`;
  }

  readonly get = (): readonly TxView[] => this.views;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  get busy(): boolean {
    return this.views.some(({ phase }) => OPEN.includes(phase));
  }

  dismiss(id: number): void {
    this.update(this.views.filter((view) => view.id !== id || OPEN.includes(view.phase)));
  }

  /** What the messages would cost and answer now; nothing is signed. */
  async estimate(signer: Signer, address: string, messages: readonly Execute[]): Promise<Estimate> {
    const chain = await this.parts.chain();
    const from = await chain.account(this.parts.node, address);
    const { gasUsed, answers } = await chain.simulate(this.parts.node, signer, from, messages);
    return { fee: feeFor(gasUsed, this.parts.config), answers };
  }

  /** Simulates, has the wallet sign once, and follows it. Resolves to whether it succeeded. */
  async run(label: string, address: string, messages: readonly Execute[], signerOf: (address: string) => Promise<Signer>): Promise<boolean> {
    if (this.busy) return false;
    const id = this.add(label, "preparing");
    let signed: Signed;
    let signedAt: number;
    try {
      this.refuseBesideAnother();
      const { config, node } = this.parts;
      const chain = await this.parts.chain();
      const signer = await signerOf(address);
      const from = await chain.account(node, address);
      const { gasUsed } = await chain.simulate(node, signer, from, messages);
      const fee = feeFor(gasUsed, config);
      signedAt = (await node.status()).height;
      this.patch(id, { phase: "signing", fee });
      signed = await walletsWord(chain.sign(signer, from, config.chain.chainId, messages, fee, signedAt + config.timeoutBlocks));
      this.refuseBesideAnother();
    } catch (error) {
      this.patch(id, { phase: "failed", told: this.told(error) });
      return false;
    }
    this.patch(id, { phase: "sending", hash: signed.hash, fee: signed.fee });
    const timeoutHeight = signedAt + this.parts.config.timeoutBlocks;
    return this.follow(id, { bytes: signed.bytes, hash: signed.hash, signedAt, timeoutHeight }, label, false);
  }

  /** Goes on with what was signed before the page was loaded again. */
  async resume(): Promise<void> {
    const kept = readKept(this.parts.storage.getItem(this.kept));
    if (kept === undefined || this.busy) return;
    const id = this.add(kept.label, "sending");
    this.patch(id, { hash: kept.sent.hash });
    if (await begunAnew(this.parts.node, kept.sent)) {
      this.parts.storage.removeItem(this.kept);
      this.patch(id, { phase: "expired", told: { sentence: "The chain has begun anew since this was signed. It was not sent to the new one." } });
      return;
    }
    await this.follow(id, kept.sent, kept.label, true);
  }

  private async follow(id: number, sent: Sent, label: string, before: boolean): Promise<boolean> {
    const { storage, node, sleep, changed } = this.parts;
    storage.setItem(this.kept, JSON.stringify({ ...sent, bytes: base64(sent.bytes), label }));
    const progress = { pending: () => { this.patch(id, { phase: "pending" }); }, silent: () => { this.patch(id, { phase: "silent" }); } };
    try {
      const outcome = await sendUntilKnown(node, sent, progress, sleep, before);
      storage.removeItem(this.kept);
      this.patch(id, this.viewOf(outcome));
      return outcome.kind === "included" && outcome.tx.code === 0;
    } catch (error) {
      this.patch(id, { phase: "unknown", told: this.told(error) });
      return false;
    } finally {
      changed();
    }
  }

  private viewOf(outcome: Outcome): Partial<TxView> & Pick<TxView, "phase"> {
    switch (outcome.kind) {
      case "included": {
        const { code, codespace, log, height } = outcome.tx;
        if (code === 0) return { phase: "included", height };
        return { phase: "failed", height, told: tellLog(log, codespace, code, this.parts.wording()) };
      }
      case "refused":
        return { phase: "failed", told: this.told(outcome.error) };
      case "expired":
        return { phase: "expired", told: { sentence: "No block took it in time, and none can take it any more. Nothing happened; you can send it again." } };
      case "unknown":
        return { phase: "unknown", told: { sentence: "This node keeps no index of transactions, so it cannot say what became of it. Look at your figures before you send it again." } };
    }
  }

  /** Another tab may have sent one meanwhile; its record must not be overwritten. */
  private refuseBesideAnother(): void {
    if (readKept(this.parts.storage.getItem(this.kept)) === undefined) return;
    throw new WalletRefused("other", "Another transaction is on its way, perhaps in another tab. Wait for it, or reload this page to follow it.");
  }

  private told(error: unknown): Told {
    if (error instanceof WalletRefused) return { sentence: error.message };
    return tell(error, this.parts.wording());
  }

  private add(label: string, phase: Phase): number {
    const id = this.nextId++;
    this.update([...this.views, { id, label, phase }].slice(-SHOWN));
    return id;
  }

  private patch(id: number, change: Partial<TxView>): void {
    this.update(this.views.map((view) => (view.id === id ? { ...view, ...change } : view)));
  }

  private update(views: readonly TxView[]): void {
    this.views = views;
    for (const listener of this.listeners) listener();
  }
}

/** The gas that is allowed and what it costs at the chain's usual price. */
export function feeFor(gasUsed: number, { chain, gasAdjustment }: Pick<Config, "chain" | "gasAdjustment">): Fees {
  const gas = Math.ceil(gasUsed * gasAdjustment);
  const [currency] = chain.feeCurrencies;
  const price = currency?.gasPriceStep?.average ?? 0.025;
  const amount = currency ? [{ denom: currency.coinMinimalDenom, amount: String(Math.ceil(gas * price)) }] : [];
  return { gas, amount };
}

async function walletsWord(signing: Promise<Signed>): Promise<Signed> {
  try {
    return await signing;
  } catch (error) {
    throw refusal(error);
  }
}

function readKept(text: string | null): { sent: Sent; label: string } | undefined {
  if (text === null) return undefined;
  try {
    const { bytes, hash, signedAt, timeoutHeight, label } = JSON.parse(text) as Record<string, unknown>;
    if (typeof bytes !== "string" || typeof hash !== "string" || typeof signedAt !== "number" || typeof timeoutHeight !== "number") return undefined;
    return { sent: { bytes: fromBase64(bytes), hash, signedAt, timeoutHeight }, label: String(label) };
  } catch {
    return undefined;
  }
}
