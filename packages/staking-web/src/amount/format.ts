/** Amounts as people read them, in their locale. */
import { separatorsOf } from "./parse";

export type Locale = string | readonly string[];

/**
 * `value` base units with at most `digits` decimals, cut and never rounded up:
 * no more is ever shown than there is.
 */
export function formatUnits(value: bigint, decimals: number, locale: Locale, digits = decimals): string {
  const negative = value < 0n;
  const size = negative ? -value : value;
  const scale = 10n ** BigInt(decimals);
  const kept = Math.min(digits, decimals);
  const whole = size / scale;
  const fraction = (size % scale).toString().padStart(decimals, "0").slice(0, kept).replace(/0+$/, "");
  const { decimal } = separatorsOf(locale);
  if (size > 0n && whole === 0n && fraction === "" ) {
    return `< ${group(0n, locale)}${decimal}${"0".repeat(Math.max(kept - 1, 0))}1`;
  }
  const sign = negative ? "−" : "";
  return `${sign}${group(whole, locale)}${fraction === "" ? "" : decimal + fraction}`;
}

/** What goes into an input field: without groups, every decimal. */
export function plainUnits(value: bigint, decimals: number, locale: Locale): string {
  const scale = 10n ** BigInt(decimals);
  const fraction = (value % scale).toString().padStart(decimals, "0").replace(/0+$/, "");
  const whole = (value / scale).toString();
  return decimals === 0 || fraction === "" ? whole : whole + separatorsOf(locale).decimal + fraction;
}

function group(whole: bigint, locale: Locale): string {
  return new Intl.NumberFormat(locale as string | string[], { useGrouping: true, numberingSystem: "latn" }).format(whole);
}

const SHARE = 10n ** 18n;

/** The text of a contract's decimal, times 10¹⁸; nothing if it is not one. */
export function decimalOf(text: string): bigint | undefined {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const [, whole = "0", fraction = ""] = match;
  return BigInt(whole) * SHARE + BigInt(fraction.slice(0, 18).padEnd(18, "0"));
}

/** A fraction, times 10¹⁸, as percent. */
export function formatPercent(fraction: bigint, locale: Locale, digits = 2): string {
  return `${formatUnits(fraction, 16, locale, digits)} %`;
}

/** A whole number in the locale's groups. */
export function formatCount(value: number | bigint, locale: Locale): string {
  return group(BigInt(value), locale);
}

/** A part of a whole, times 10¹⁸, rounded down; zero of nothing. */
export function part(of: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : (of * SHARE) / whole;
}
