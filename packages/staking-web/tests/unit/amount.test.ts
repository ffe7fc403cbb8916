import { describe, expect, test } from "vitest";
import { checkAmount, largest, type Bounds } from "../../src/amount/check";
import { decimalOf, formatPercent, formatUnits, plainUnits } from "../../src/amount/format";
import { separatorsOf } from "../../src/amount/parse";

const EN = separatorsOf("en");
const DE = separatorsOf("de");
const CH = separatorsOf("de-CH");
const FR = separatorsOf("fr");

type Row = [typed: string, decimals: number, locale: typeof EN, is: bigint | string];

const ROWS: Row[] = [
  // 0, 6 and 18 decimals
  ["5", 0, EN, 5n],
  ["5", 6, EN, 5_000_000n],
  ["5", 18, EN, 5n * 10n ** 18n],
  ["0.000001", 6, EN, 1n],
  ["0.000000000000000001", 18, EN, 1n],
  [".5", 6, EN, 500_000n],
  ["5.", 6, EN, 5_000_000n],
  ["340282366920938463463374607431768211455", 0, EN, 2n ** 128n - 1n],
  // pasted text
  ["1 234,50", 6, FR, 1_234_500_000n],
  ["1 234,50", 6, EN, 1_234_500_000n],
  ["1\u202f234,50", 6, FR, 1_234_500_000n],
  ["1\u00a0234.5", 6, EN, 1_234_500_000n],
  ["1'234.5", 6, CH, 1_234_500_000n],
  ["1’234.5", 6, EN, 1_234_500_000n],
  ["1,234.5", 6, EN, 1_234_500_000n],
  ["1.234,5", 6, DE, 1_234_500_000n],
  ["1.234,5", 6, EN, 1_234_500_000n],
  ["1,234,567", 6, EN, 1_234_567_000_000n],
  ["12,34,567.5", 6, EN, 1_234_567_500_000n],
  ["1_000", 0, EN, 1000n],
  ["\t12.5 STAKE\n", 6, EN, 12_500_000n],
  ["12.5stake", 6, EN, 12_500_000n],
  ["１２", 6, EN, 12_000_000n],
  // one sign that could be either is as the locale has it
  ["1,234", 6, EN, 1_234_000_000n],
  ["1.234", 6, EN, 1_234_000n],
  ["1,234", 6, DE, 1_234_000n],
  ["1.234", 6, DE, 1_234_000_000n],
  ["1,5", 6, EN, 1_500_000n],
  ["0,234", 6, EN, 234_000n],
  // decimals
  ["1.5000000000", 6, EN, 1_500_000n],
  ["1.0", 0, EN, 1n],
  ["1.0000001", 6, EN, "too_many_decimals"],
  ["1.5", 0, EN, "too_many_decimals"],
  ["0.0000000000000000001", 18, EN, "too_many_decimals"],
  // what is no amount
  ["", 6, EN, "empty"],
  ["   ", 6, EN, "empty"],
  ["-5", 6, EN, "not_a_number"],
  ["1e6", 6, EN, "not_a_number"],
  ["0x10", 6, EN, "not_a_number"],
  ["five", 6, EN, "not_a_number"],
  [".", 6, EN, "not_a_number"],
  ["1.2.3", 6, EN, "ambiguous"],
  ["1,23,4", 6, EN, "ambiguous"],
  ["1,2.3,4", 6, EN, "ambiguous"],
  ["0", 6, EN, "zero"],
  ["0.0", 6, EN, "zero"],
  // balance 100 and a fee of 0.01, at least 0.1, at most 99.95
  ["100", 6, EN, "nothing_for_the_fee"],
  ["99.990001", 6, EN, "nothing_for_the_fee"],
  ["99.96", 6, EN, "more_than_allowed"],
  ["99.95", 6, EN, 99_950_000n],
  ["0.09", 6, EN, "too_small"],
];

// A balance that is large enough for the rows about spelling, and a small one.
const WIDE: Omit<Bounds, "decimals"> = { symbol: "STAKE" };
const NARROW: Omit<Bounds, "decimals"> = { symbol: "STAKE", balance: 100_000_000n, fee: 10_000n, least: 100_000n, most: 99_950_000n };

describe("an amount that is typed or pasted", () => {
  test.each(ROWS)("%j with %i decimals", (typed, decimals, locale, is) => {
    const narrow = ["100", "99.990001", "99.96", "99.95", "0.09"].includes(typed);
    const result = checkAmount(typed, { ...(narrow ? NARROW : WIDE), decimals }, locale);
    expect("value" in result ? result.value : result.problem.kind).toBe(is);
  });

  test("more than the balance is said before the fee", () => {
    expect(checkAmount("100.1", { ...NARROW, decimals: 6 }, EN)).toEqual({
      problem: { kind: "more_than_balance", balance: 100_000_000n },
    });
  });

  test("the largest amount leaves the fee, and never is less than nothing", () => {
    const bounds = { decimals: 6, symbol: "STAKE" };
    expect(largest({ ...bounds, balance: 100n, fee: 10n })).toBe(90n);
    expect(largest({ ...bounds, balance: 100n })).toBe(100n);
    expect(largest({ ...bounds, balance: 100n, fee: 10n, most: 50n })).toBe(50n);
    expect(largest({ ...bounds, balance: 5n, fee: 10n })).toBe(0n);
  });
});

describe("an amount that is shown", () => {
  test.each([
    [1_234_567_891_234n, 6, "en", 2, "1,234,567.89"],
    [1_234_567_891_234n, 6, "de", 2, "1.234.567,89"],
    [1_999_999n, 6, "en", 2, "1.99"],
    [5n, 0, "en", 2, "5"],
    [10n ** 18n, 18, "en", 4, "1"],
    [1n, 18, "en", 4, "< 0.0001"],
    [0n, 6, "en", 2, "0"],
    [2n ** 128n - 1n, 0, "en", 0, "340,282,366,920,938,463,463,374,607,431,768,211,455"],
  ] as const)("%s with %i decimals in %s", (value, decimals, locale, digits, text) => {
    expect(formatUnits(value, decimals, locale, digits)).toBe(text);
  });

  test("what is put into a field is read back as the same amount", () => {
    for (const locale of ["en", "de", "fr", "de-CH", "hi", "fa", "ar-EG", "bn", "mr"]) {
      for (const decimals of [0, 6, 18]) {
        for (const value of [1n, 999n, 1_234_567n, 10n ** 21n + 1n]) {
          const text = plainUnits(value, decimals, locale);
          expect(checkAmount(text, { decimals, symbol: "X" }, separatorsOf(locale))).toEqual({ value });
        }
      }
    }
  });

  test("a contract's decimals", () => {
    expect(decimalOf("0.05")).toBe(5n * 10n ** 16n);
    expect(decimalOf("12")).toBe(12n * 10n ** 18n);
    expect(decimalOf("soon")).toBeUndefined();
    expect(formatPercent(decimalOf("0.0512345") ?? 0n, "en")).toBe("5.12 %");
  });
});
