/**
 * The rules by which Keplr takes a suggested chain, as its package `chain-validator`
 * states them: what the extension would refuse is refused here too.
 */
const PREFIXES = ["AccAddr", "AccPub", "ValAddr", "ValPub", "ConsAddr", "ConsPub"].map((name) => `bech32Prefix${name}`);

type Fields = Readonly<Record<string, unknown>>;

/** Everything that Keplr would not take. */
export function problemsOf(suggested: unknown): string[] {
  const problems: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) problems.push(what);
  };
  if (!isFields(suggested)) return ["the chain must be an object"];
  must(isUrl(suggested["rpc"]), "rpc must be a URI without a query string");
  must(isUrl(suggested["rest"]), "rest must be a URI without a query string");
  must(isText(suggested["chainId"], 50), "chainId must have 1 to 50 characters");
  must(isText(suggested["chainName"], 36), "chainName must have 1 to 36 characters");
  const bip44 = suggested["bip44"];
  must(isFields(bip44) && Number.isInteger(bip44["coinType"]) && Number(bip44["coinType"]) >= 0, "bip44.coinType must be a whole number");
  const bech32 = suggested["bech32Config"];
  for (const prefix of PREFIXES) must(isFields(bech32) && isText(bech32[prefix], 83), `bech32Config.${prefix} is required`);
  const currencies = listOf(suggested["currencies"]);
  must(currencies.length > 0, "currencies must have at least one");
  for (const one of currencies) must(isCurrency(one), `currency ${JSON.stringify(one)} must have coinDenom, coinMinimalDenom and coinDecimals of 0 to 18`);
  const fees = listOf(suggested["feeCurrencies"]);
  must(fees.length > 0, "feeCurrencies must have at least one");
  for (const one of fees) must(isCurrency(one) && hasGoodStep(one), `fee currency ${JSON.stringify(one)} must have a gasPriceStep with low ≤ average ≤ high`);
  const stake = suggested["stakeCurrency"];
  if (stake !== undefined) must(isCurrency(stake) && currencies.some((one) => isCurrency(one) && one["coinMinimalDenom"] === stake["coinMinimalDenom"]), "stakeCurrency must be one of currencies");
  must(!("gasPriceStep" in suggested), "gasPriceStep belongs inside of feeCurrencies");
  const features = suggested["features"];
  must(features === undefined || (Array.isArray(features) && features.every((one) => typeof one === "string")), "features must be texts");
  const provider = suggested["nodeProvider"];
  if (provider !== undefined) must(isFields(provider) && isText(provider["name"], 100) && ("email" in provider || "discord" in provider), "nodeProvider must have a name, and an email or discord");
  return problems;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown, most: number): boolean {
  return typeof value === "string" && value.length >= 1 && value.length <= most;
}

function isUrl(value: unknown): boolean {
  return typeof value === "string" && URL.canParse(value) && new URL(value).search === "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isCurrency(value: unknown): value is Fields {
  if (!isFields(value)) return false;
  const decimals = value["coinDecimals"];
  return isText(value["coinDenom"], 200) && isText(value["coinMinimalDenom"], 200) && Number.isInteger(decimals) && Number(decimals) >= 0 && Number(decimals) <= 18;
}

function hasGoodStep(currency: Fields): boolean {
  const step = currency["gasPriceStep"];
  if (step === undefined) return true;
  if (!isFields(step)) return false;
  const [low, average, high] = [Number(step["low"]), Number(step["average"]), Number(step["high"])];
  return low <= average && average <= high;
}
