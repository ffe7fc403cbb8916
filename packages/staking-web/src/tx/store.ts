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
import type { Alone } from "./alone";
import { sendUntilKnown, type Outcome, type Sent, type SequenceOf, type Sleep } from "./send";
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
/** The distributor goes on with the other tokens where one fails. */
const NOT_PAID = "wasm-backstop_payout_failed";
const OWED = "One of the tokens could not be paid, or the pool refused the deposit. It is still yours: claim it again later.";
const BESIDE = "Another transaction is on its way, perhaps in another tab. Wait for it, or reload this page to follow it.";

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
  readonly chain: () => Promise<Pick<typeof chainModule, "account" | "publicKey" | "simulate" | "sign">>;
  readonly alone: Alone;
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
  async estimate(pubkey: Uint8Array, address: string, messages: readonly Execute[]): Promise<Estimate> {
    const chain = await this.parts.chain();
    const from = await chain.account(this.parts.node, address);
    const { gasUsed, answers } = await chain.simulate(this.parts.node, pubkey, from, messages);
    return { fee: feeFor(gasUsed, this.parts.config), answers };
  }

  /** Simulates, has the wallet sign once, and follows it. Resolves to whether it succeeded. */
  async run(label: string, address: string, messages: readonly Execute[], signerOf: (address: string) => Promise<Signer>): Promise<boolean> {
    if (this.busy) return false;
    const id = this.add(label, "preparing");
    const done = await this.parts.alone(() => this.signAndFollow(id, label, address, messages, signerOf));
    if (done === undefined) this.patch(id, { phase: "failed", told: this.told(new WalletRefused("other", BESIDE)) });
    return done === true;
  }

  private async signAndFollow(
    id: number,
    label: string,
    address: string,
    messages: readonly Execute[],
    signerOf: (address: string) => Promise<Signer>,
  ): Promise<boolean> {
    let signed: Signed;
    let sent: Omit<Sent, "bytes" | "hash">;
    try {
      this.refuseBesideAnother();
      const { config, node } = this.parts;
      const chain = await this.parts.chain();
      const signer = await signerOf(address);
      const from = await chain.account(node, address);
      const { gasUsed } = await chain.simulate(node, await chain.publicKey(signer, address), from, messages);
      const fee = feeFor(gasUsed, config);
      const { height: signedAt, time: signedTime } = await node.status();
      sent = { signedAt, signedTime, timeoutHeight: signedAt + config.timeoutBlocks, from: address, sequence: from.sequence };
      this.patch(id, { phase: "signing", fee });
      signed = await walletsWord(chain.sign(signer, from, config.chain.chainId, messages, fee, sent.timeoutHeight));
      this.refuseBesideAnother();
    } catch (error) {
      this.patch(id, { phase: "failed", told: this.told(error) });
      return false;
    }
    this.patch(id, { phase: "sending", hash: signed.hash, fee: signed.fee });
    return this.follow(id, { bytes: signed.bytes, hash: signed.hash, ...sent }, label, false);
  }

  /** Goes on with what was signed before the page was loaded again, unless another tab does. */
  async resume(): Promise<void> {
    await this.parts.alone(() => this.followKept());
  }

  private async followKept(): Promise<void> {
    const kept = readKept(this.parts.storage.getItem(this.kept));
    if (kept === undefined || this.busy) return;
    const id = this.add(kept.label, "sending");
    this.patch(id, { hash: kept.sent.hash });
    await this.follow(id, kept.sent, kept.label, true);
  }

  private async follow(id: number, sent: Sent, label: string, before: boolean): Promise<boolean> {
    const { storage, node, sleep, changed } = this.parts;
    try {
      storage.setItem(this.kept, JSON.stringify({ ...sent, bytes: base64(sent.bytes), label }));
    } catch {
      this.patch(id, { phase: "failed", told: { sentence: "This browser keeps nothing for the page, so it was not sent: it could not be followed after a reload. Allow the page storage." } });
      return false;
    }
    const progress = { pending: () => { this.patch(id, { phase: "pending" }); }, silent: () => { this.patch(id, { phase: "silent" }); } };
    try {
      const outcome = await sendUntilKnown(node, sent, this.sequenceOf, progress, sleep, before);
      this.forget(sent);
      this.patch(id, this.viewOf(outcome));
      return outcome.kind === "included" && outcome.tx.code === 0;
    } catch (error) {
      this.patch(id, { phase: "unknown", told: this.told(error) });
      return false;
    } finally {
      changed();
    }
  }

  private readonly sequenceOf: SequenceOf = async (address) => {
    const chain = await this.parts.chain();
    return chain.account(this.parts.node, address);
  };

  /** Another tab may have gone on to the next one: that one's record is not ours to remove. */
  private forget({ hash }: Sent): void {
    const { storage } = this.parts;
    if (readKept(storage.getItem(this.kept))?.sent.hash === hash) storage.removeItem(this.kept);
  }

  private viewOf(outcome: Outcome): Partial<TxView> & Pick<TxView, "phase"> {
    switch (outcome.kind) {
      case "included": {
        const { code, codespace, log, height, events } = outcome.tx;
        if (code === 0) return { phase: "included", height, ...(events.some(({ type }) => type === NOT_PAID) && { told: { sentence: OWED } }) };
        return { phase: "failed", height, told: tellLog(log, codespace, code, this.parts.wording()) };
      }
      case "refused":
        return { phase: "failed", told: this.told(outcome.error) };
      case "anew":
        return { phase: "expired", told: { sentence: "The chain has begun anew since this was signed. It was not sent to the new one." } };
      case "expired":
        return { phase: "expired", told: { sentence: "No block took it in time, and none can take it any more. Nothing happened; you can send it again." } };
      case "unknown":
        return { phase: "unknown", told: { sentence: "Your account has sent a transaction since, and this node does not know whether it was this one. Look at your figures before you send it again." } };
    }
  }

  /** Another tab may have sent one meanwhile; its record must not be overwritten. */
  private refuseBesideAnother(): void {
    if (readKept(this.parts.storage.getItem(this.kept)) === undefined) return;
    throw new WalletRefused("other", BESIDE);
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
  const amount = currency ? [{ denom: currency.coinMinimalDenom, amount: BigInt(Math.ceil(gas * price)).toString() }] : [];
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
    const { bytes, hash, signedAt, signedTime, timeoutHeight, from, sequence, label } = JSON.parse(text) as Record<string, unknown>;
    if (typeof bytes !== "string" || typeof hash !== "string" || typeof from !== "string") return undefined;
    if (typeof signedAt !== "number" || typeof signedTime !== "number" || typeof timeoutHeight !== "number" || typeof sequence !== "number") return undefined;
    return { sent: { bytes: fromBase64(bytes), hash, signedAt, signedTime, timeoutHeight, from, sequence }, label: String(label) };
  } catch {
    return undefined;
  }
}
