/** The page's config.json for a local network. */
import type { Contracts } from "./localnet";

export function configOf({ chain_id, rpc, rest, vault }: Contracts) {
  const [stake, usd, reward] = [
    { coinDenom: "STAKE", coinMinimalDenom: "ustake", coinDecimals: 6 },
    { coinDenom: "USD", coinMinimalDenom: "uusd", coinDecimals: 6 },
    { coinDenom: "REW", coinMinimalDenom: "urew", coinDecimals: 6 },
  ];
  const prefixes = Object.entries({ AccAddr: "", AccPub: "pub", ValAddr: "valoper", ValPub: "valoperpub", ConsAddr: "valcons", ConsPub: "valconspub" });
  return {
    title: "Backstop Local",
    chain: {
      chainId: chain_id,
      chainName: "Backstop Local",
      rpc: rpc[0],
      rest,
      bip44: { coinType: 118 },
      bech32Config: Object.fromEntries(prefixes.map(([name, suffix]) => [`bech32Prefix${name}`, `wasm${suffix}`])),
      currencies: [stake, usd, reward],
      feeCurrencies: [{ ...stake, gasPriceStep: { low: 0.025, average: 0.025, high: 0.04 } }],
      stakeCurrency: stake,
      features: ["cosmwasm"],
    },
    contracts: { vault },
    tokens: { uusd: { symbol: "USD", decimals: 6 }, urew: { symbol: "REW", decimals: 6 }, ustake: { symbol: "STAKE", decimals: 6 } },
  };
}
