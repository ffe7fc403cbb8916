/**
 * Amounts that people type or paste. All arithmetic is on whole numbers of base
 * units: nothing passes through a floating-point number.
 */

export type Problem =
  | { readonly kind: "empty" }
  | { readonly kind: "not_a_number"; readonly text: string }
  | { readonly kind: "ambiguous"; readonly text: string }
  | { readonly kind: "too_many_decimals"; readonly most: number }
  | { readonly kind: "zero" }
  | { readonly kind: "too_small"; readonly least: bigint }
  | { readonly kind: "more_than_balance"; readonly balance: bigint }
  | { readonly kind: "nothing_for_the_fee"; readonly most: bigint; readonly fee: bigint }
  | { readonly kind: "more_than_allowed"; readonly most: bigint };

export type Parsed = { readonly value: bigint } | { readonly problem: Problem };

/** How a locale writes numbers. */
export interface Separators {
  readonly decimal: string;
  readonly group: string;
}

export function separatorsOf(locale: string | readonly string[]): Separators {
  const parts = new Intl.NumberFormat(locale as string | string[], { useGrouping: true, numberingSystem: "latn" }).formatToParts(-1234567.5);
  const part = (type: Intl.NumberFormatPartTypes) => parts.find((one) => one.type === type)?.value;
  return { decimal: part("decimal") ?? ".", group: part("group") ?? "," };
}

const SPACES = /[\s\u00a0\u2007\u2009\u202f'’_]/g;

/**
 * Base units of what was typed. Spaces and apostrophes group digits; of comma and
 * point the last kind is the decimal sign, if both are there. A single one that
 * could be either is read as the locale has it.
 */
export function parseAmount(text: string, decimals: number, symbol: string, locale: Separators): Parsed {
  let plain = text.normalize("NFKC").trim();
  if (symbol !== "" && plain.toLowerCase().endsWith(symbol.toLowerCase())) plain = plain.slice(0, -symbol.length);
  plain = plain.replace(SPACES, "");
  if (plain === "") return { problem: { kind: "empty" } };
  if (!/^[\d.,]*\d[\d.,]*$/.test(plain)) return { problem: { kind: "not_a_number", text } };
  const split = splitAt(plain, decimalSign(plain, locale));
  if (split === undefined) return { problem: { kind: "ambiguous", text } };
  const fraction = split.fraction.replace(/0+$/, "");
  if (fraction.length > decimals) return { problem: { kind: "too_many_decimals", most: decimals } };
  return { value: BigInt((split.whole === "" ? "0" : split.whole) + fraction.padEnd(decimals, "0")) };
}

/** Which character of comma and point is the decimal sign here; none if neither. */
function decimalSign(plain: string, locale: Separators): string | undefined {
  const commas = plain.split(",").length - 1;
  const points = plain.split(".").length - 1;
  if (commas > 0 && points > 0) return plain.lastIndexOf(",") > plain.lastIndexOf(".") ? "," : ".";
  const sign = commas > 0 ? "," : ".";
  const count = commas + points;
  if (count === 0 || count > 1) return undefined;
  if (sign === locale.decimal) return sign;
  // In a locale that groups by this sign `1,234` is a thousand and more; `1,5` is not grouped.
  const grouped = sign === locale.group && /^[1-9]\d{0,2}[.,]\d{3}$/.test(plain);
  return grouped ? undefined : sign;
}

function splitAt(plain: string, sign: string | undefined): { whole: string; fraction: string } | undefined {
  const at = sign === undefined ? -1 : plain.lastIndexOf(sign);
  const whole = at < 0 ? plain : plain.slice(0, at);
  const fraction = at < 0 ? "" : plain.slice(at + 1);
  if (sign !== undefined && whole.includes(sign)) return undefined;
  if (/[.,]/.test(fraction)) return undefined;
  if (/[.,]/.test(whole) && !/^\d{1,3}(?:,\d{2,3})*,\d{3}$|^\d{1,3}(?:\.\d{2,3})*\.\d{3}$/.test(whole)) return undefined;
  return { whole: whole.replace(/[.,]/g, ""), fraction };
}
