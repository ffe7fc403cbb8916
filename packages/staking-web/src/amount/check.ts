/** Whether an amount can be sent: the balance, the fee and the contract's bounds. */
import { parseAmount, type Parsed, type Separators } from "./parse";

export interface Bounds {
  readonly decimals: number;
  readonly symbol: string;
  readonly balance?: bigint | undefined;
  /** What the transaction costs, if it is paid in the same coin. */
  readonly fee?: bigint | undefined;
  readonly least?: bigint | undefined;
  readonly most?: bigint | undefined;
}

/** The amount, or the first reason why it cannot be. */
export function checkAmount(text: string, bounds: Bounds, locale: Separators): Parsed {
  const parsed = parseAmount(text, bounds.decimals, bounds.symbol, locale);
  if ("problem" in parsed) return parsed;
  const { value } = parsed;
  const { balance, fee = 0n, least, most } = bounds;
  if (value === 0n) return { problem: { kind: "zero" } };
  if (least !== undefined && value < least) return { problem: { kind: "too_small", least } };
  if (balance !== undefined && value > balance) return { problem: { kind: "more_than_balance", balance } };
  if (balance !== undefined && value + fee > balance) {
    return { problem: { kind: "nothing_for_the_fee", most: spendable(balance, fee), fee } };
  }
  if (most !== undefined && value > most) return { problem: { kind: "more_than_allowed", most } };
  return parsed;
}

/** The balance less the fee. */
export function spendable(balance: bigint, fee: bigint): bigint {
  return balance > fee ? balance - fee : 0n;
}

/** The most that can be sent. */
export function largest({ balance = 0n, fee = 0n, most }: Bounds): bigint {
  const rest = spendable(balance, fee);
  return most !== undefined && most < rest ? most : rest;
}
