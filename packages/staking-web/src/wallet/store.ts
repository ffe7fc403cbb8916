/**
 * The wallet's state as the page sees it. Keplr may be absent, may come after the
 * page, may be locked, and may switch accounts at any moment.
 */
import type { ChainInfo } from "@keplr-wallet/types";
import { connect, refusal, type Connected, type Refusal, type Signer, type Wallet } from "./keplr";

export type WalletState =
  | { readonly kind: "searching" }
  | { readonly kind: "absent" }
  | { readonly kind: "found" }
  | { readonly kind: "connecting" }
  | ({ readonly kind: "connected" } & Connected)
  | { readonly kind: "refused"; readonly reason: Refusal; readonly sentence: string };

const LOOK_EVERY_MS = 250;
const ABSENT_AFTER_MS = 3_000;
const REMEMBERED = "staking-web:connected";

export class WalletStore {
  private state: WalletState = { kind: "searching" };
  private readonly listeners = new Set<() => void>();
  private attempt = 0;

  constructor(
    private readonly chain: ChainInfo,
    private readonly host: Window = window,
  ) {}

  /** Looks for the wallet until it is there; returns what stops it. */
  start(): () => void {
    const begun = Date.now();
    const look = () => {
      if (this.host.keplr === undefined) {
        if (this.state.kind === "searching" && Date.now() - begun >= ABSENT_AFTER_MS) this.set({ kind: "absent" });
        return;
      }
      clearInterval(timer);
      this.set({ kind: "found" });
      if (this.host.localStorage.getItem(REMEMBERED) === this.chain.chainId) void this.connect();
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    this.host.addEventListener("keplr_keystorechange", this.switched);
    look();
    return () => {
      clearInterval(timer);
      this.host.removeEventListener("keplr_keystorechange", this.switched);
    };
  }

  readonly get = (): WalletState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async connect(): Promise<void> {
    const keplr = this.host.keplr;
    if (keplr === undefined) return;
    const attempt = ++this.attempt;
    this.set({ kind: "connecting" });
    try {
      const connected = await connect(keplr, this.chain);
      // Of two attempts, after an account switch for one, the later counts.
      if (attempt !== this.attempt) return;
      this.host.localStorage.setItem(REMEMBERED, this.chain.chainId);
      this.set({ kind: "connected", ...connected });
    } catch (error) {
      if (attempt !== this.attempt) return;
      const { reason, message } = refusal(error);
      this.host.localStorage.removeItem(REMEMBERED);
      this.set({ kind: "refused", reason, sentence: message });
    }
  }

  disconnect(): void {
    this.attempt++;
    this.host.localStorage.removeItem(REMEMBERED);
    this.set({ kind: this.host.keplr === undefined ? "absent" : "found" });
  }

  /** The signer of the account that the page shows; refuses if it is another by now. */
  async signer(address: string): Promise<Signer> {
    const keplr: Wallet | undefined = this.host.keplr;
    if (keplr === undefined) throw refusal(new Error("The wallet is gone: reload the page."));
    const signer = await keplr.getOfflineSignerAuto(this.chain.chainId);
    const accounts = await signer.getAccounts();
    if (!accounts.some((one) => one.address === address)) {
      void this.connect();
      throw refusal(new Error("The wallet has another account by now. Look at its figures and try again."));
    }
    return signer;
  }

  private readonly switched = () => {
    const { kind } = this.state;
    if (kind === "connected" || kind === "connecting") void this.connect();
  };

  private set(state: WalletState): void {
    this.state = state;
    for (const listener of this.listeners) listener();
  }
}
