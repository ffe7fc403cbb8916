/**
 * The chain as Keplr takes it by `experimentalSuggestChain`. The rules are those of
 * Keplr's own validator, so that a config which passes here is not refused there.
 */
import type { Bech32Config, ChainInfo, Currency, FeeCurrency } from "@keplr-wallet/types";
import type { Reader } from "./reader";

const PREFIXES = [
  "bech32PrefixAccAddr",
  "bech32PrefixAccPub",
  "bech32PrefixValAddr",
  "bech32PrefixValPub",
  "bech32PrefixConsAddr",
  "bech32PrefixConsPub",
] as const satisfies readonly (keyof Bech32Config)[];

export function readChain(reader: Reader): ChainInfo {
  const prefixes = reader.object("bech32Config");
  const bech32Config = Object.fromEntries(PREFIXES.map((prefix) => [prefix, prefixes.at(prefix).text(1, 83)])) as unknown as Bech32Config;
  const currencies = reader.at("currencies").list(readCurrency, 1);
  const stake = reader.optional("stakeCurrency");
  const stakeCurrency = stake && readCurrency(stake);
  if (stake && !currencies.some((one) => one.coinMinimalDenom === stakeCurrency?.coinMinimalDenom)) {
    stake.wrong("one of currencies");
  }
  return {
    rpc: reader.at("rpc").url(),
    rest: reader.at("rest").url(),
    chainId: reader.at("chainId").text(1, 50),
    chainName: reader.at("chainName").text(1, 36),
    bip44: { coinType: reader.object("bip44").at("coinType").whole(0, 2 ** 31 - 1) },
    bech32Config,
    currencies,
    feeCurrencies: reader.at("feeCurrencies").list(readFeeCurrency, 1),
    ...(stakeCurrency && { stakeCurrency }),
    features: reader.optional("features")?.list((one) => one.text(1, 50)) ?? [],
  };
}

/** What the chain's addresses begin with. */
export function prefixOf(chain: ChainInfo): string {
  return `${chain.bech32Config?.bech32PrefixAccAddr ?? ""}1`;
}

/** Whether a text has an address's form; the chain checks the rest. */
export function isAddress(text: string, prefix: string): boolean {
  return text.startsWith(prefix) && /^[a-z\d]{39,90}$/.test(text);
}

function readCurrency(reader: Reader): Currency {
  return {
    coinDenom: reader.at("coinDenom").text(1, 100),
    coinMinimalDenom: reader.at("coinMinimalDenom").text(1, 200),
    coinDecimals: reader.at("coinDecimals").whole(0, 18),
  };
}

function readFeeCurrency(reader: Reader): FeeCurrency {
  const step = reader.optional("gasPriceStep");
  const currency = readCurrency(reader);
  if (step === undefined) return currency;
  const [low, average, high] = [step.at("low").number(0, 1e18), step.at("average").number(0, 1e18), step.at("high").number(0, 1e18)];
  if (low > average || average > high) step.wrong("low ≤ average ≤ high");
  return { ...currency, gasPriceStep: { low, average, high } };
}
