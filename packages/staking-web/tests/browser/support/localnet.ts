/** The network of wasmd, by the program that makes and breaks it. */
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
export const ROOT = resolve(import.meta.dirname, "../../../../..");

/** What `localnet.json` says, as far as it is needed here. */
export interface Contracts {
  readonly chain_id: string;
  readonly rpc: readonly string[];
  readonly rest: string;
  readonly vault: string;
  readonly distributor: string;
  readonly breaker: string;
  readonly timelock: string;
  readonly exchange: string;
  readonly mock_pyth: string;
}

export interface Status {
  readonly running: boolean;
  readonly page: { readonly url: string } | null;
  readonly nodes: readonly { readonly pid: number | null; readonly height: number | null }[];
}

export class Localnet {
  constructor(readonly home: string) {}

  /** The program, or the script that builds it first. */
  static program(): string {
    return process.env["BACKSTOP_LOCALNET"] ?? join(ROOT, "scripts/localnet");
  }

  async isThere(): Promise<boolean> {
    return (await this.contracts().catch(() => undefined)) !== undefined;
  }

  /** Makes the network, or starts what is down of it, and serves the page in `dist`. */
  async up(dist: string, port?: number): Promise<void> {
    const wasm = process.env["BACKSTOP_WASM"];
    await this.do("up", "--web", "--page", dist, ...wasmd(), ...(port === undefined ? [] : ["--port", String(port)]), ...(wasm === undefined ? [] : ["--wasm", wasm]));
  }

  /** Starts what is down of a network that is there. */
  async again(): Promise<void> {
    await this.do("up", ...wasmd());
  }

  /** Moves the chain's clock ahead. */
  async advance(seconds: number): Promise<void> {
    await this.do("advance", String(seconds));
  }

  async status(): Promise<Status> {
    return JSON.parse(await this.do("status", "--json")) as Status;
  }

  async contracts(): Promise<Contracts> {
    return JSON.parse(await readFile(join(this.home, "localnet.json"), "utf8")) as Contracts;
  }

  /** Ends the node as a crash would. */
  async kill(): Promise<void> {
    const pid = (await this.status()).nodes[0]?.pid;
    if (typeof pid !== "number") throw new Error("the node does not run");
    process.kill(pid, "SIGKILL");
  }

  private async do(...args: string[]): Promise<string> {
    const { stdout } = await run(Localnet.program(), [...args, "--home", this.home], { cwd: ROOT, maxBuffer: 1 << 24 });
    return stdout;
  }
}

function wasmd(): string[] {
  const named = process.env["BACKSTOP_WASMD"];
  return named === undefined ? [] : ["--wasmd", named];
}

/** The lowest of ten ports in a row that nobody has, below those that the system hands out. */
export async function freeBase(): Promise<number> {
  for (let tries = 0; tries < 100; tries++) {
    const base = 10_000 + 10 * Math.floor(Math.random() * 2_200);
    const free = await Promise.all(Array.from({ length: 10 }, (_, at) => isFree(base + at)));
    if (free.every(Boolean)) return base;
  }
  throw new Error("no ten ports in a row are free on 127.0.0.1");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((answer) => {
    const server = createServer();
    server.once("error", () => { answer(false); });
    server.listen(port, "127.0.0.1", () => { server.close(() => { answer(true); }); });
  });
}
