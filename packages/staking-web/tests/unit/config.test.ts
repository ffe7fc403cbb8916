import { expect, test } from "vitest";
import { readConfig } from "../../src/config/config";
import { CONFIG_JSON } from "../fake/config";

function problems(change: (config: Record<string, never>) => void): readonly string[] {
  const json = structuredClone(CONFIG_JSON) as unknown as Record<string, never>;
  change(json);
  const result = readConfig(json);
  return "problems" in result ? result.problems : [];
}

test("a config that Keplr and the page can use has no problem", () => {
  expect(problems(() => undefined)).toEqual([]);
});

test.each([
  ["contracts.vault", (c: never) => Object.assign((c as Record<string, object>)["contracts"] ?? {}, { vault: "Vault" })],
  ["chain.rpc", (c: never) => Object.assign((c as Record<string, object>)["chain"] ?? {}, { rpc: "http://x/?key=1" })],
  ["chain.chainId", (c: never) => Object.assign((c as Record<string, object>)["chain"] ?? {}, { chainId: "" })],
  ["chain.feeCurrencies", (c: never) => Object.assign((c as Record<string, object>)["chain"] ?? {}, { feeCurrencies: [] })],
  ["chain.stakeCurrency", (c: never) => Object.assign((c as Record<string, object>)["chain"] ?? {}, { stakeCurrency: { coinDenom: "X", coinMinimalDenom: "x", coinDecimals: 1 } })],
  ["chain.bech32Config.bech32PrefixValAddr", (c: never) => Object.assign((c as Record<string, Record<string, object>>)["chain"]?.["bech32Config"] ?? {}, { bech32PrefixValAddr: undefined })],
  ["tokens.uusd.decimals", (c: never) => Object.assign((c as Record<string, object>)["tokens"] ?? {}, { uusd: { symbol: "USD", decimals: 19 } })],
  ["tokens.uusd.decimals", (c: never) => Object.assign((c as Record<string, object>)["tokens"] ?? {}, { uusd: { symbol: "USD", decimals: 6.5 } })],
  ["chain.currencies.0.coinDecimals", (c: never) => Object.assign((c as Record<string, Record<string, object[]>>)["chain"]?.["currencies"]?.[0] ?? {}, { coinDecimals: 6.5 })],
  ["timeout_blocks", (c: never) => Object.assign(c, { timeout_blocks: 10.5 })],
])("a bad %s is named", (field, change) => {
  const found = problems(change as never);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`${field} is`);
});

test("everything that is missing is told at once", () => {
  expect(problems((config) => { for (const key of Object.keys(config)) Reflect.deleteProperty(config, key); }).length).toBeGreaterThan(5);
});
