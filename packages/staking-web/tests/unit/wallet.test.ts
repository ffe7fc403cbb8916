import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { WalletStore } from "../../src/wallet/store";
import { config } from "../fake/config";
import { fakeKeplr } from "../fake/keplr";

let store: WalletStore;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  localStorage.clear();
  delete window.keplr;
  store = new WalletStore(config().chain);
  stop = () => undefined;
});
afterEach(() => {
  stop();
  vi.useRealTimers();
});

test("a wallet that is absent is said to be, and found when it comes late", async () => {
  stop = store.start();
  expect(store.get().kind).toBe("searching");
  vi.advanceTimersByTime(3_500);
  expect(store.get().kind).toBe("absent");
  window.keplr = await fakeKeplr();
  vi.advanceTimersByTime(500);
  expect(store.get().kind).toBe("found");
});

test("a chain that the wallet does not know is suggested once", async () => {
  const keplr = await fakeKeplr({ knowsChain: false });
  window.keplr = keplr;
  stop = store.start();
  await store.connect();
  expect(store.get()).toMatchObject({ kind: "connected", address: "wasm19rl4cm2hmr8afy4kldpxz3fka4jguq0akuugk7", name: "alice" });
  expect(keplr.asked).toEqual(["enable", "suggest", "enable"]);
});

test.each([
  [{ rejects: "enable" as const }, "rejected"],
  [{ locked: true }, "locked"],
])("%j is refused as %s", async (habits, reason) => {
  window.keplr = await fakeKeplr(habits);
  stop = store.start();
  await store.connect();
  expect(store.get()).toMatchObject({ kind: "refused", reason });
});

test("addresses of another chain's spelling are refused", async () => {
  const keplr = await fakeKeplr();
  const key = await keplr.getKey("x");
  keplr.getKey = () => Promise.resolve({ ...key, bech32Address: "osmo1xyz" });
  window.keplr = keplr;
  stop = store.start();
  await store.connect();
  expect(store.get()).toMatchObject({ kind: "refused", reason: "chain" });
});

test("an account switch in the wallet is followed", async () => {
  const keplr = await fakeKeplr();
  window.keplr = keplr;
  stop = store.start();
  await store.connect();
  const key = await keplr.getKey("x");
  keplr.getKey = () => Promise.resolve({ ...key, bech32Address: "wasm1other", name: "bob" });
  window.dispatchEvent(new Event("keplr_keystorechange"));
  await vi.waitFor(() => {
    expect(store.get()).toMatchObject({ kind: "connected", address: "wasm1other", name: "bob" });
  });
});

test("an account that is not the one on the page does not sign", async () => {
  window.keplr = await fakeKeplr();
  stop = store.start();
  await store.connect();
  await expect(store.signer("wasm1somebodyelse")).rejects.toThrow("another account");
});

test("whoever was connected is connected again, and not after leaving", async () => {
  window.keplr = await fakeKeplr();
  stop = store.start();
  await store.connect();
  stop();
  const again = new WalletStore(config().chain);
  stop = again.start();
  await vi.waitFor(() => {
    expect(again.get().kind).toBe("connected");
  });
  again.disconnect();
  stop();
  const third = new WalletStore(config().chain);
  stop = third.start();
  expect(third.get().kind).toBe("found");
});
