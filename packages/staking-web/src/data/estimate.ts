/** What a transaction would cost and answer, by simulation, while it is being typed. */
import { useEffect, useState } from "react";
import { useApp, useWallet } from "../app/context";
import { tell } from "../client/errors";
import type { Execute } from "../client/messages";
import type { Estimate } from "../tx/store";
import { useAsk } from "./ask";
import { useWording } from "./wording";

export interface Estimated {
  readonly estimate: Estimate | undefined;
  /** Why the chain would refuse it. */
  readonly refused: string | undefined;
  /** What it says is not yet of these messages. */
  readonly waiting: boolean;
}

const AFTER_MS = 400;
const EVERY_MS = 15_000;

export function useEstimate(messages: readonly Execute[] | undefined): Estimated {
  const { tx } = useApp();
  const wallet = useWallet();
  const wording = useWording();
  const from = wallet.kind === "connected" ? wallet : undefined;
  const wanted = messages === undefined || from === undefined ? "" : JSON.stringify(messages);
  const key = useSettled(wanted);
  const ask = key === "" || from === undefined ? undefined : () => tx.estimate(from.pubkey, from.address, JSON.parse(key) as Execute[]);
  const asked = useAsk(["estimate", from?.address, key], ask, EVERY_MS);
  return {
    estimate: asked.error ? undefined : asked.data,
    refused: asked.error ? tell(asked.error, wording).sentence : undefined,
    waiting: key !== wanted || (ask !== undefined && asked.waiting),
  };
}

/** A value that has stood for a moment. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => { setSettled(value); }, AFTER_MS);
    return () => { clearTimeout(timer); };
  }, [value]);
  return settled;
}
