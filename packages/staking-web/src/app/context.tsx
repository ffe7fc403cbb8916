/** What every part of the page shares: the node, the wallet, the words for numbers. */
import { createContext, useContext, useMemo, useSyncExternalStore } from "react";
import type { Config } from "../config/config";
import type { Wording } from "../client/errors";
import type { Node } from "../client/node";
import type { TxStore, TxView } from "../tx/store";
import type { WalletState, WalletStore } from "../wallet/store";

export interface App {
  readonly config: Config;
  readonly node: Node;
  readonly wallet: WalletStore;
  readonly tx: TxStore;
  readonly locale: readonly string[];
  /** How numbers in errors are written, once the asset is known. */
  readonly setWording: (wording: Wording) => void;
}

const AppContext = createContext<App | undefined>(undefined);
export const AppProvider = AppContext.Provider;

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error("useApp is called outside of AppProvider");
  return app;
}

export function useWallet(): WalletState {
  const { wallet } = useApp();
  return useSyncExternalStore(wallet.subscribe, wallet.get);
}

export function useTransactions(): readonly TxView[] {
  const { tx } = useApp();
  return useSyncExternalStore(tx.subscribe, tx.get);
}

/** The chain's time at the last answer, and when that was on this machine. */
export interface Heartbeat {
  readonly chainTime: number;
  readonly heardAt: number;
  readonly height: number;
  /** When the height last changed, on this machine. */
  readonly movedAt: number;
  readonly chainId: string;
  readonly alive: boolean;
}

const HeartbeatContext = createContext<Heartbeat | undefined>(undefined);
export const HeartbeatProvider = HeartbeatContext.Provider;
export const useHeartbeat = () => useContext(HeartbeatContext);

/** The account whose figures are shown: the wallet's, or one that is only looked at. */
export interface Viewer {
  readonly address: string | undefined;
  /** Whether the wallet can sign for it. */
  readonly signs: boolean;
}

const WatchContext = createContext<string | undefined>(undefined);
export const WatchProvider = WatchContext.Provider;

export function useViewer(): Viewer {
  const wallet = useWallet();
  const watched = useContext(WatchContext);
  return useMemo(() => {
    if (wallet.kind === "connected") return { address: wallet.address, signs: true };
    return { address: watched, signs: false };
  }, [wallet, watched]);
}
