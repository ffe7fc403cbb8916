// @vitest-environment node
import { TxRaw, AuthInfo } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { beforeEach, describe, expect, test } from "vitest";
import * as chain from "../../src/chain";
import { unbond } from "../../src/client/messages";
import { Node } from "../../src/client/node";
import { aloneBy } from "../../src/tx/alone";
import { TxStore, type Parts } from "../../src/tx/store";
import { config } from "../fake/config";
import { fakeKeplr, type Habits } from "../fake/keplr";
import { FakeNode } from "../fake/node";
import { VAULT, world } from "../fake/world";

let fake: FakeNode;
let kept: Map<string, string>;
let ticks: number;
let onTick: (tick: number) => void;
let locks: LockManager;

/** The browser's locks, as far as the page asks for them. */
function fakeLocks(): LockManager {
  const held = new Set<string>();
  const request = async (name: string, _options: object, task: (lock: object | null) => unknown): Promise<unknown> => {
    if (held.has(name)) return task(null);
    held.add(name);
    try {
      return await task({ name });
    } finally {
      held.delete(name);
    }
  };
  return { request } as unknown as LockManager;
}

function parts(): Parts {
  return {
    config: config(),
    node: new Node("http://127.0.0.1:26657", fake.fetch),
    wording: () => ({ assets: (base) => base, shares: (base) => base, duration: (seconds) => `${seconds} s` }),
    sleep: () => {
      onTick(++ticks);
      return Promise.resolve();
    },
    storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) },
    chain: () => Promise.resolve(chain),
    alone: aloneBy("here", locks),
    changed: () => undefined,
  };
}

async function run(habits: Habits = {}) {
  const store = new TxStore(parts());
  const keplr = await fakeKeplr(habits);
  const { bech32Address } = await keplr.getKey("x");
  const phases: string[] = [];
  store.subscribe(() => {
    const phase = store.get().at(-1)?.phase;
    if (phase !== undefined && phases.at(-1) !== phase) phases.push(phase);
  });
  const send = () => store.run("Leave", bech32Address, [unbond(VAULT, 5n, false)], () => keplr.getOfflineSignerAuto("x"));
  return { store, keplr, phases, send };
}

const authInfo = (bytes: Uint8Array | undefined) => AuthInfo.decode(TxRaw.decode(bytes ?? new Uint8Array()).authInfoBytes);

beforeEach(() => {
  fake = new FakeNode(world());
  kept = new Map();
  ticks = 0;
  onTick = () => undefined;
  locks = fakeLocks();
});

describe("beside another tab", () => {
  const other = JSON.stringify({ bytes: "AA==", hash: "AB", signedAt: 1, signedTime: 1, timeoutHeight: 9, from: "wasm1", sequence: 1, label: "Stake" });
  const key = `staking-web:sent:${config().chain.chainId}`;

  test("nothing is signed while that one's transaction is on its way", async () => {
    const { send, phases } = await run();
    kept.set(key, other);
    expect(await send()).toBe(false);
    expect(phases).toEqual(["preparing", "failed"]);
    expect(kept.get(key)).toBe(other);
  });

  test("at the same moment, one of the two signs", async () => {
    const [one, two] = [await run(), await run()];
    expect((await Promise.all([one.send(), two.send()])).sort()).toEqual([false, true]);
    expect(fake.broadcasts).toHaveLength(1);
    expect(two.store.get()[0]?.told?.sentence).toContain("another tab");
    expect(await two.send()).toBe(true);
  });

  test("that one's record stays, when this one learns what became of its own", async () => {
    onTick = () => kept.set(key, other);
    fake.includes = false;
    const { send } = await run();
    const sending = send();
    onTick = (tick) => {
      kept.set(key, other);
      if (tick > 1) fake.height += 200;
    };
    expect(await sending).toBe(false);
    expect(kept.get(key)).toBe(other);
  });

  test("nothing is sent if that one sent while the wallet was asked", async () => {
    const { send, store } = await run();
    store.subscribe(() => {
      if (store.get().at(-1)?.phase === "signing") kept.set(key, other);
    });
    expect(await send()).toBe(false);
    expect(store.get().at(-1)?.phase).toBe("failed");
    expect(kept.get(key)).toBe(other);
  });
});

describe("a transaction", () => {
  test("is simulated, signed once, sent once and followed into its block", async () => {
    const { send, store, phases } = await run();
    expect(await send()).toBe(true);
    expect(phases).toEqual(["preparing", "signing", "sending", "pending", "included"]);
    expect(fake.broadcasts).toHaveLength(1);
    // 200,000 simulated, times 1.4, at 0.025.
    expect(store.get()[0]?.fee).toEqual({ gas: 280_000, amount: [{ denom: "ustake", amount: "7000" }] });
    expect(kept.size).toBe(0);
  });

  test("that the chain would refuse is never signed", async () => {
    fake.simulateRefusal = { code: 5, codespace: "wasm", log: "failed to execute message; message index: 0: shares is 9: the staker has 5 active shares: execute wasm contract failed" };
    const { send, store, keplr } = await run();
    expect(await send()).toBe(false);
    expect(store.get()[0]?.told?.sentence).toBe("You asked for 9 shares and have 5 active ones.");
    expect(keplr.asked).not.toContain("direct");
  });

  test("that is rejected in the wallet is not sent", async () => {
    const { send, store } = await run({ rejects: "sign" });
    expect(await send()).toBe(false);
    expect(store.get()[0]?.told?.sentence).toBe("You declined it in the wallet. Nothing was sent.");
    expect(fake.broadcasts).toHaveLength(0);
    expect(store.busy).toBe(false);
  });

  test("is sent as the wallet signed it, with the fee that was edited there", async () => {
    const { send, store } = await run({ editsGas: 777_777n });
    await send();
    expect(authInfo(fake.broadcasts[0]).fee?.gasLimit).toBe(777_777n);
    expect(store.get()[0]?.fee?.gas).toBe(777_777);
  });

  test("of a Ledger is signed as amino", async () => {
    const { send, keplr } = await run({ ledger: true });
    expect(await send()).toBe(true);
    expect(keplr.asked).toContain("amino");
    expect(authInfo(fake.broadcasts[0]).signerInfos[0]?.modeInfo?.single?.mode).toBe(SignMode.SIGN_MODE_LEGACY_AMINO_JSON);
  });

  test("keeps a second one from being signed while it is on its way", async () => {
    const { send, keplr } = await run();
    const [first, second] = await Promise.all([send(), send()]);
    expect([first, second]).toEqual([true, false]);
    expect(keplr.asked.filter((what) => what === "direct")).toHaveLength(1);
  });
});

describe("a node that is silent", () => {
  test("is given the same bytes again, and nothing is signed again", async () => {
    fake.broadcastAnswer = "silence";
    onTick = (tick) => {
      if (tick === 3) fake.broadcastAnswer = undefined;
    };
    const { send, keplr, phases } = await run();
    expect(await send()).toBe(true);
    expect(phases).toContain("silent");
    expect(fake.broadcasts.length).toBeGreaterThan(1);
    expect(new Set(fake.broadcasts.map((bytes) => Buffer.from(bytes).toString("hex"))).size).toBe(1);
    expect(keplr.asked.filter((what) => what === "direct")).toHaveLength(1);
  });

  test("behind something that answers in its place took it all the same", async () => {
    fake.broadcastAnswer = "upstream";
    const { send, phases } = await run();
    expect(await send()).toBe(true);
    expect(phases).not.toContain("failed");
  });

  test("that had taken it before refuses it afterwards: the block decides, not the refusal", async () => {
    fake.broadcastAnswer = "silence";
    onTick = (tick) => {
      if (tick === 1) fake.broadcastAnswer = { code: 32, codespace: "sdk", log: "account sequence mismatch" };
      if (tick === 4) {
        fake.broadcastAnswer = undefined;
      }
    };
    const { send } = await run();
    expect(await send()).toBe(true);
  });

  test("and a timeout height that has passed free the way, and say that nothing happened", async () => {
    fake.includes = false;
    onTick = () => {
      fake.height += 100;
    };
    const { send, store } = await run();
    expect(await send()).toBe(false);
    expect(store.get()[0]?.phase).toBe("expired");
    expect(store.busy).toBe(false);
  });

  test("and has no index does not say that nothing happened: the account's number tells", async () => {
    fake.index = false;
    onTick = () => {
      fake.height += 100;
    };
    const { send, store } = await run();
    expect(await send()).toBe(false);
    expect(store.get()[0]?.phase).toBe("unknown");
    expect(store.get()[0]?.told?.sentence).toContain("before you send it again");
    expect(store.busy).toBe(false);
  });

  test("and whose state is of before the transaction does not say that nothing happened", async () => {
    fake.index = false;
    onTick = (tick) => {
      if (tick === 1) [fake.height, fake.stateLag] = [fake.height + 1_000, 990];
      if (tick === 3) fake.stateLag = 0;
    };
    const { send, store } = await run();
    expect(await send()).toBe(false);
    expect(store.get()[0]?.phase).toBe("unknown");
  });

  test("is asked again after a reload for what was sent before it", async () => {
    fake.includes = false;
    const first = await run();
    onTick = (tick) => {
      if (tick === 2) throw new Error("the page is closed");
    };
    await first.send();
    expect(kept.size).toBe(1);
    fake.includes = true;
    onTick = () => undefined;
    const second = await run();
    await second.store.resume();
    expect(second.store.get()[0]?.phase).toBe("included");
    expect(second.keplr.asked).not.toContain("direct");
    expect(kept.size).toBe(0);
  });
});

test("what was sent to a chain that has begun anew since keeps nobody waiting, and is not sent to the new one", async () => {
  fake.includes = false;
  const before = await run();
  fake.height = 50_000;
  onTick = (tick) => {
    if (tick === 2) throw new Error("the page is closed");
  };
  await before.send();
  expect(kept.size).toBe(1);
  onTick = (tick) => {
    if (tick > 50) throw new Error("it waits for a height that is hours away");
  };
  fake.height = 7;
  fake.time += 60_000;
  fake.broadcasts.length = 0;
  const after = await run();
  await after.store.resume();
  expect(after.store.get()[0]?.phase).toBe("expired");
  expect(fake.broadcasts).toEqual([]);
  expect(kept.size).toBe(0);
  fake.includes = true;
  expect(await after.send()).toBe(true);
});

test("what was signed is not given to a chain that begins anew while the page is open", async () => {
  fake.broadcastAnswer = "silence";
  fake.height = 50_000;
  onTick = () => {
    fake.broadcastAnswer = undefined;
    fake.height = 49_950;
    fake.time += 60_000;
    fake.broadcasts.length = 0;
  };
  const { send, store } = await run();
  expect(await send()).toBe(false);
  expect(store.get()[0]?.told?.sentence).toContain("begun anew");
  expect(fake.broadcasts).toEqual([]);
});

test("a node that is behind is not taken for a chain that has begun anew", async () => {
  fake.broadcastAnswer = "silence";
  fake.height = 50_000;
  onTick = () => {
    fake.broadcastAnswer = undefined;
    fake.height = 49_000;
    fake.time -= 60_000;
  };
  const { send } = await run();
  expect(await send()).toBe(true);
});

test("a claim of which a token was not paid says so", async () => {
  fake.events = [{ type: "wasm-backstop_payout_failed", attributes: [] }];
  const { send, store } = await run();
  expect(await send()).toBe(true);
  expect(store.get()[0]?.told?.sentence).toContain("still yours");
});

test("a browser that keeps nothing sends nothing", async () => {
  const { store, keplr } = await run();
  const full = new TxStore({ ...parts(), storage: { getItem: () => null, removeItem: () => undefined, setItem: () => { throw new Error("quota"); } } });
  const { bech32Address } = await keplr.getKey("x");
  expect(await full.run("Leave", bech32Address, [unbond(VAULT, 5n, false)], () => keplr.getOfflineSignerAuto("x"))).toBe(false);
  expect(full.get()[0]?.phase).toBe("failed");
  expect([full.busy, store.busy, fake.broadcasts.length]).toEqual([false, false, 0]);
});

test("a transaction that fails in its block says why", async () => {
  fake.includes = false;
  onTick = () => {
    const bytes = fake.broadcasts[0];
    if (!bytes) return;
    const { hash } = store.get()[0] ?? {};
    fake.included.set(hash ?? "", { code: 5, codespace: "wasm", log: "failed to execute message; message index: 0: deposits are paused for 60 s more: withdrawals are not: execute wasm contract failed" });
  };
  const { send, store } = await run();
  expect(await send()).toBe(false);
  expect(store.get()[0]?.told?.sentence).toContain("Deposits are paused");
});
