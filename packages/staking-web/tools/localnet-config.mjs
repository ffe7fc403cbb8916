// Prints config.json for a network of scripts/localnet, from its localnet.json:
//
//   node tools/localnet-config.mjs ~/.cache/backstop/localnet > public/config.json
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [home] = process.argv.slice(2);
if (home === undefined) {
  console.error("error: name the network's folder, such as ~/.cache/backstop/localnet");
  process.exit(2);
}
const net = JSON.parse(readFileSync(join(home, "localnet.json"), "utf8"));
const [, price, feeDenom] = /^([\d.]+)(.+)$/.exec(net.gas_price);
const currency = (denom) => ({ coinDenom: denom.replace(/^u/, "").toUpperCase(), coinMinimalDenom: denom, coinDecimals: 6 });
const fee = currency(feeDenom);
const prefixes = { AccAddr: "", AccPub: "pub", ValAddr: "valoper", ValPub: "valoperpub", ConsAddr: "valcons", ConsPub: "valconspub" };
const released = { vault: "backstop-vault", distributor: "reward-distributor", breaker: "oracle-breaker", timelock: "risk-timelock" };

const config = {
  title: "Backstop on this machine",
  chain: {
    chainId: net.chain_id,
    chainName: "Backstop Local",
    rpc: net.rpc[0],
    rest: net.rest,
    bip44: { coinType: 118 },
    bech32Config: Object.fromEntries(Object.entries(prefixes).map(([name, suffix]) => [`bech32Prefix${name}`, net.prefix + suffix])),
    currencies: ["ustake", "uusd", "urew"].map(currency),
    feeCurrencies: [{ ...fee, gasPriceStep: { low: Number(price), average: Number(price), high: 2 * Number(price) } }],
    stakeCurrency: fee,
    features: ["cosmwasm"],
  },
  contracts: { vault: net.vault },
  code: Object.fromEntries(Object.entries(released).map(([name, code]) => [code, [net.checksums[name]]])),
};
console.log(JSON.stringify(config, null, 2));
