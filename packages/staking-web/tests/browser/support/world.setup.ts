/**
 * A network and the page for all tests, and their end, also if the tests are killed. On
 * top of the local deployment stand two policies whose holders are test accounts, so that
 * a test can have a shortfall of any amount, and a reward in the pool's own asset.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Chain, MARKET, ONE } from "./chain";
import { freeBase, Localnet } from "./localnet";
import { publish } from "./world";

const DIST = join(import.meta.dirname, "../../../dist");

export default async function setup(): Promise<() => Promise<void>> {
  // A folder that is named keeps its network, so that a test can be run again soon.
  const kept = process.env["BACKSTOP_BROWSER_HOME"];
  const folder = kept ?? (await mkdtemp(join(tmpdir(), "backstop-browser-")));
  const net = new Localnet(join(folder, "net"));
  const guard = kept === undefined ? guardOf(folder) : () => Promise.resolve();
  try {
    const there = await net.isThere();
    await net.up(DIST, there ? undefined : await freeBase());
    if (!there) await furnish(await Chain.of(net));
    const { page } = await net.status();
    if (page === null) throw new Error("the page is not served");
    publish({ home: net.home, page: page.url });
    return guard;
  } catch (error) {
    await guard();
    throw error;
  }
}

/** Stops and deletes the network when it is told to, or when this process ends in any way. */
function guardOf(folder: string): () => Promise<void> {
  const script = 'cat >/dev/null; "$0" down --home "$1/net" >/dev/null 2>&1 && rm -rf "$1"';
  const shell = spawn("sh", ["-c", script, Localnet.program(), folder], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  return async () => {
    const ended = once(shell, "exit");
    shell.stdin.end();
    await ended;
  };
}

async function furnish(chain: Chain): Promise<void> {
  await chain.deposit("carol", 200_000n * ONE);
  const terms = { limit: String(40_000n * ONE), deductible: "0", instant: String(3_000n * ONE), minimum: "1", delay: 3_600, priced: true };
  await chain.change(
    { vault: { add_policy: { policyholder: chain.address("trader"), market: MARKET, terms } } },
    { vault: { add_policy: { policyholder: chain.address("provider"), market: MARKET, terms: { ...terms, instant: "0", priced: false } } } },
    { distributor: { list_denom: { denom: { native: "uusd" }, min_rate: "1000" } } },
  );
  await chain.fund("uusd", 10_000n * ONE, 4);
  await chain.fund("urew", 10_000n * ONE, 4);
  await chain.calm(10);
}
