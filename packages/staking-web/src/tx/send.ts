/**
 * Sends signed bytes until it is known what became of them. The same bytes are sent
 * again when the node is silent and nothing is ever signed twice: the chain takes a
 * transaction once, and from its timeout height on never.
 */
import { NodeDown, NodeRefused, type IncludedTx, type Node } from "../client/node";

export interface Sent {
  readonly bytes: Uint8Array;
  readonly hash: string;
  /** The chain's height when it was signed. */
  readonly signedAt: number;
  readonly timeoutHeight: number;
}

export type Outcome =
  | { readonly kind: "included"; readonly tx: IncludedTx }
  | { readonly kind: "refused"; readonly error: NodeRefused }
  | { readonly kind: "expired" }
  /** Its time is over, and the node keeps no index in which it could be found. */
  | { readonly kind: "unknown" };

export interface Progress {
  /** The node has it, and no block yet. */
  readonly pending: () => void;
  /** The node is silent: the same bytes are sent again. */
  readonly silent: () => void;
}

const EVERY_MS = 1_000;

export type Sleep = (ms: number) => Promise<void>;

export async function sendUntilKnown(node: Node, sent: Sent, progress: Progress, sleep: Sleep, before = false): Promise<Outcome> {
  // Once a sending may have arrived without an answer, a refusal is no proof any more.
  let maybeThere = before;
  let delivered = false;
  for (;;) {
    try {
      const known = delivered || maybeThere ? await lookFor(node, sent) : undefined;
      if (known) return known;
      if (!delivered) {
        await deliver(node, sent.bytes);
        delivered = true;
        progress.pending();
      }
    } catch (error) {
      if (error instanceof NodeDown) {
        maybeThere = true;
        delivered = false;
        progress.silent();
      } else if (!(error instanceof NodeRefused)) throw error;
      else if (!delivered && !maybeThere) return { kind: "refused", error };
    }
    await sleep(EVERY_MS);
  }
}

/** By how many blocks one node may be behind another. */
const BEHIND = 100;

/**
 * Whether the chain has begun anew since, as a local network does: what was signed before
 * is not for this one, and its timeout height is far away. A silent node says nothing.
 */
export async function begunAnew(node: Node, { signedAt }: Sent): Promise<boolean> {
  try {
    const { height, catchingUp } = await node.status();
    return !catchingUp && height + BEHIND < signedAt;
  } catch (error) {
    if (error instanceof NodeDown || error instanceof NodeRefused) return false;
    throw error;
  }
}

/** What became of it, if that is known. The height is asked first: a block made since counts. */
async function lookFor(node: Node, sent: Sent): Promise<Outcome | undefined> {
  const { height } = await node.status();
  const over = height > sent.timeoutHeight;
  try {
    const tx = await node.tx(sent.hash);
    if (tx) return { kind: "included", tx };
    return over ? { kind: "expired" } : undefined;
  } catch (error) {
    if (error instanceof NodeRefused) return over ? { kind: "unknown" } : undefined;
    throw error;
  }
}

async function deliver(node: Node, bytes: Uint8Array): Promise<void> {
  try {
    await node.broadcast(bytes);
  } catch (error) {
    if (!(error instanceof NodeRefused && isThere(error))) throw error;
  }
}

function isThere({ code, codespace, log }: NodeRefused): boolean {
  return (codespace === "sdk" && code === 19) || log.includes("already exists in cache");
}
