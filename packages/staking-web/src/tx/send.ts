/**
 * Sends signed bytes until it is known what became of them. The same bytes are sent
 * again when the node is silent and nothing is ever signed twice: the chain takes a
 * transaction once, and from its timeout height on never.
 */
import { NodeDown, NodeRefused, type IncludedTx, type Node } from "../client/node";

export interface Sent {
  readonly bytes: Uint8Array;
  readonly hash: string;
  /** The chain's height when it was signed, and that block's time. */
  readonly signedAt: number;
  readonly signedTime: number;
  readonly timeoutHeight: number;
  /** Whose it is, and its number among the account's transactions. */
  readonly from: string;
  readonly sequence: number;
}

export type Outcome =
  | { readonly kind: "included"; readonly tx: IncludedTx }
  | { readonly kind: "refused"; readonly error: NodeRefused }
  | { readonly kind: "expired" }
  /** The chain has begun anew, and it was not given to the new one. */
  | { readonly kind: "anew" }
  /** Its time is over and the account has gone on, and the node does not know by what. */
  | { readonly kind: "unknown" };

export interface Progress {
  /** The node has it, and no block yet. */
  readonly pending: () => void;
  /** The node is silent: the same bytes are sent again. */
  readonly silent: () => void;
}

const EVERY_MS = 1_000;

export type Sleep = (ms: number) => Promise<void>;

/** The number of an account's next transaction, and the height of the state that says so. */
export type SequenceOf = (address: string) => Promise<{ readonly sequence: number; readonly height: number }>;

export async function sendUntilKnown(node: Node, sent: Sent, sequenceOf: SequenceOf, progress: Progress, sleep: Sleep, before = false): Promise<Outcome> {
  // Once a sending may have arrived without an answer, a refusal is no proof any more.
  let maybeThere = before;
  let delivered = false;
  for (;;) {
    try {
      const known = delivered || maybeThere ? await lookFor(node, sent, sequenceOf) : undefined;
      if (known) return known;
      if (!delivered) {
        if (maybeThere && (await begunAnew(node, sent))) return { kind: "anew" };
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
      else if (!delivered && !maybeThere) {
        if (isProof(error)) return { kind: "refused", error };
        maybeThere = true;
        progress.silent();
      }
    }
    await sleep(EVERY_MS);
  }
}

/**
 * Whether a refusal is the chain's own: then the node did not take the bytes. What stands
 * between may answer with an error for a node that took them.
 */
function isProof({ codespace, log }: NodeRefused): boolean {
  return codespace !== "rpc" || /mempool is full|too large/i.test(log);
}

/**
 * Whether the chain has begun anew since, as a local network does: what was signed before
 * is not for this one, and its timeout height is far away. A node that is only behind has
 * a block of before the signing.
 */
async function begunAnew(node: Node, { signedAt, signedTime }: Sent): Promise<boolean> {
  const { height, time } = await node.status();
  return height < signedAt && time > signedTime;
}

/** By how many blocks a node's index may be behind. */
const INDEXED = 10;

/**
 * What became of it, if that is known. The height is asked first: a block made since counts.
 * A node may keep no index, or have begun a while ago: what it does not find may be there
 * still. The account's number is in every node's state, so that one decides.
 */
async function lookFor(node: Node, sent: Sent, sequenceOf: SequenceOf): Promise<Outcome | undefined> {
  const { height } = await node.status();
  const tx = await found(node, sent.hash);
  if (tx) return { kind: "included", tx };
  if (height <= sent.timeoutHeight + INDEXED) return undefined;
  const account = await sequenceOf(sent.from);
  // A state of before its last block cannot say that no block has it.
  if (account.height <= sent.timeoutHeight) return undefined;
  return { kind: account.sequence > sent.sequence ? "unknown" : "expired" };
}

async function found(node: Node, hash: string): Promise<IncludedTx | undefined> {
  try {
    return await node.tx(hash);
  } catch (error) {
    if (error instanceof NodeRefused) return undefined;
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
