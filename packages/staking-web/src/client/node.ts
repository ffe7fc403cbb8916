/**
 * The chain's node, asked by JSON-RPC over HTTP: the only place in the page that
 * sends a request. Reading needs no chain module, so a visitor without a wallet
 * never loads it.
 */

/** Nobody answered, or not as a node does. */
export class NodeDown extends Error {
  override readonly name = "NodeDown";
}

/** The node answered that it could not. */
export class NodeRefused extends Error {
  override readonly name = "NodeRefused";
  constructor(
    readonly code: number,
    readonly codespace: string,
    readonly log: string,
  ) {
    super(log);
  }
}

export interface NodeStatus {
  readonly chainId: string;
  readonly height: number;
  /** Of the latest block, in milliseconds since the epoch. */
  readonly time: number;
  readonly catchingUp: boolean;
}

/** A transaction that a block holds. */
export interface IncludedTx {
  readonly hash: string;
  readonly height: number;
  readonly code: number;
  readonly codespace: string;
  readonly log: string;
  readonly gasUsed: number;
  readonly events: readonly ChainEvent[];
}

export interface ChainEvent {
  readonly type: string;
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
}

type Json = Record<string, unknown>;

const TIMEOUT_MS = 10_000;

export class Node {
  private nextId = 1;

  constructor(
    readonly url: string,
    private readonly send: typeof fetch = (...args) => fetch(...args),
  ) {}

  async status(): Promise<NodeStatus> {
    const result = await this.call("status", {});
    const info = object(result["node_info"]);
    const sync = object(result["sync_info"]);
    return {
      chainId: text(info["network"]),
      height: Number(text(sync["latest_block_height"])),
      time: Date.parse(text(sync["latest_block_time"])),
      catchingUp: sync["catching_up"] === true,
    };
  }

  /** The answer's bytes of a gRPC query by its path. */
  async query(path: string, data: Uint8Array): Promise<Uint8Array> {
    return (await this.queryAt(path, data)).value;
  }

  /** The same, with the height of the state that it is of: behind one address may be several nodes. */
  async queryAt(path: string, data: Uint8Array): Promise<{ readonly value: Uint8Array; readonly height: number }> {
    const result = await this.call("abci_query", { path, data: hex(data), prove: false });
    const response = object(result["response"]);
    const code = Number(response["code"] ?? 0);
    if (code !== 0) {
      throw new NodeRefused(code, optional(response["codespace"]), optional(response["log"]));
    }
    return { value: fromBase64(optional(response["value"])), height: Number(response["height"] ?? 0) };
  }

  /** Gives signed bytes to the node; resolves once they are in its pool. */
  async broadcast(tx: Uint8Array): Promise<void> {
    const result = await this.call("broadcast_tx_sync", { tx: base64(tx) });
    const code = Number(result["code"] ?? 0);
    if (code !== 0) {
      throw new NodeRefused(code, optional(result["codespace"]), optional(result["log"]));
    }
  }

  /** A transaction by its hash, once a block holds it. */
  async tx(hash: string): Promise<IncludedTx | undefined> {
    try {
      return included(await this.call("tx", { hash: base64(bytesOfHex(hash)), prove: false }));
    } catch (error) {
      if (error instanceof NodeRefused && error.log.includes("not found")) return undefined;
      throw error;
    }
  }

  /** Transactions by an event, the newest first. */
  async search(query: string, limit: number): Promise<IncludedTx[]> {
    const result = await this.call("tx_search", { query, page: "1", per_page: String(limit), order_by: "desc" });
    const txs = result["txs"];
    return Array.isArray(txs) ? txs.map((tx) => included(object(tx))) : [];
  }

  private async call(method: string, params: Json): Promise<Json> {
    const id = this.nextId++;
    const body = await this.post(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    const error = body["error"];
    if (typeof error === "object" && error !== null) {
      const { code, message, data } = error as Json;
      throw new NodeRefused(Number(code ?? 0), "rpc", [message, data].filter((part) => typeof part === "string").join(": "));
    }
    return object(body["result"]);
  }

  private async post(body: string): Promise<Json> {
    let response: Response;
    try {
      const headers = { "Content-Type": "application/json" };
      response = await this.send(this.url, { method: "POST", headers, body, signal: AbortSignal.timeout(TIMEOUT_MS) });
    } catch {
      throw new NodeDown(`${this.url} does not answer`);
    }
    try {
      // CometBFT answers an error of its own with 500 and a JSON body.
      return object(await response.json());
    } catch {
      throw new NodeDown(`${this.url} answers ${response.status} and no JSON`);
    }
  }
}

function included(tx: Json): IncludedTx {
  const result = object(tx["tx_result"]);
  const events = Array.isArray(result["events"]) ? result["events"] : [];
  return {
    hash: text(tx["hash"]),
    height: Number(text(tx["height"])),
    code: Number(result["code"] ?? 0),
    codespace: optional(result["codespace"]),
    log: optional(result["log"]),
    gasUsed: Number(result["gas_used"] ?? 0),
    events: events as readonly ChainEvent[],
  };
}

function object(value: unknown): Json {
  if (typeof value !== "object" || value === null) throw new NodeDown("the answer is not one of a node");
  return value as Json;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new NodeDown("the answer is not one of a node");
  return value;
}

/** Absent is as empty: a node leaves out what is. */
function optional(value: unknown): string {
  return typeof value === "string" ? value : "";
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function bytesOfHex(digits: string): Uint8Array {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

export function fromBase64(encoded: string): Uint8Array {
  return Uint8Array.from(atob(encoded), (char) => char.charCodeAt(0));
}
