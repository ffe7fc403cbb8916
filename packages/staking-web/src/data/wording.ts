/** How numbers in errors and sentences are written here. */
import { useContext, createContext } from "react";
import { formatUnits, type Locale } from "../amount/format";
import type { Wording } from "../client/errors";
import { duration } from "../words/time";
import type { Token } from "./tokens";

export function wordingOf(asset: Token | undefined, locale: Locale): Wording {
  const units = (base: string) => (asset ? formatUnits(BigInt(base), asset.decimals, locale) : base);
  return {
    assets: (base) => `${units(base)} ${asset?.symbol ?? "base units"}`,
    shares: units,
    duration: (seconds) => duration(seconds),
  };
}

const WordingContext = createContext<Wording>(wordingOf(undefined, "en"));
export const WordingProvider = WordingContext.Provider;
export const useWording = () => useContext(WordingContext);
