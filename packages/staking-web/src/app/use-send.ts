/** Sending from a page: who signs, and why nobody can at the moment. */
import { useCallback } from "react";
import type { Execute } from "../client/messages";
import { useApp, useHeartbeat, useTransactions, useViewer, useWallet } from "./context";

export interface Sending {
  /** Why nothing can be sent now, whatever it is. */
  readonly why: string | undefined;
  readonly send: (label: string, messages: readonly Execute[]) => Promise<boolean>;
}

export function useSend(): Sending {
  const { tx, wallet, config } = useApp();
  const state = useWallet();
  const { address } = useViewer();
  const beat = useHeartbeat();
  useTransactions();
  const send = useCallback(
    (label: string, messages: readonly Execute[]) =>
      address === undefined ? Promise.resolve(false) : tx.run(label, address, messages, (from) => wallet.signer(from)),
    [tx, wallet, address],
  );
  if (state.kind !== "connected") return { why: "Connect your wallet first.", send };
  if (beat?.alive === false) return { why: "The chain’s node does not answer.", send };
  if (beat !== undefined && beat.chainId !== config.chain.chainId) return { why: "The node is of another chain.", send };
  if (tx.busy) return { why: "Another transaction is on its way.", send };
  return { why: undefined, send };
}
