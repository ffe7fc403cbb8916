import { readConfig, type Config } from "../../src/config/config";
import { CHAIN_ID } from "./node";
import { VAULT, world } from "./world";

export const CONFIG_JSON = {
  title: "Backstop Local",
  chain: {
    chainId: CHAIN_ID, chainName: "Backstop Local", rpc: "http://127.0.0.1:26657", rest: "http://127.0.0.1:1317", bip44: { coinType: 118 },
    bech32Config: { bech32PrefixAccAddr: "wasm", bech32PrefixAccPub: "wasmpub", bech32PrefixValAddr: "wasmvaloper", bech32PrefixValPub: "wasmvaloperpub", bech32PrefixConsAddr: "wasmvalcons", bech32PrefixConsPub: "wasmvalconspub" },
    currencies: [{ coinDenom: "STAKE", coinMinimalDenom: "ustake", coinDecimals: 6 }, { coinDenom: "REW", coinMinimalDenom: "urew", coinDecimals: 6 }],
    feeCurrencies: [{ coinDenom: "STAKE", coinMinimalDenom: "ustake", coinDecimals: 6, gasPriceStep: { low: 0.01, average: 0.025, high: 0.04 } }],
    stakeCurrency: { coinDenom: "STAKE", coinMinimalDenom: "ustake", coinDecimals: 6 },
    features: ["cosmwasm"],
  },
  contracts: { vault: VAULT },
  tokens: { uusd: { symbol: "USD", decimals: 6 } },
  code: Object.fromEntries(Object.entries({ "backstop-vault": 0, "reward-distributor": 1, "oracle-breaker": 2, "risk-timelock": 3 }).map(([name, at]) => [name, [Object.values(world().checksums)[at] ?? ""]])),
};

export function config(): Config {
  const result = readConfig(structuredClone(CONFIG_JSON));
  if ("problems" in result) throw new Error(result.problems.join("\n"));
  return result.config;
}
