/** Times of the chain, which are nanoseconds as text, and durations in words. */
import type { Locale } from "../amount/format";

/** Milliseconds since the epoch; nothing if the text is no time. */
export function millis(nanos: string | null | undefined): number | undefined {
  if (nanos === null || nanos === undefined || !/^\d+$/.test(nanos)) return undefined;
  return Number(BigInt(nanos) / 1_000_000n);
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `3 days 4 hours`: at most two units, rounded down. */
export function duration(seconds: number, parts = 2): string {
  let rest = Math.max(0, Math.floor(seconds));
  const words: string[] = [];
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest %= size;
    if (count > 0) words.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
    else if (words.length > 0) break;
    if (words.length === parts) break;
  }
  return words.length === 0 ? "0 seconds" : words.join(" ");
}

/** `02:03:04` below a day, and with the days before it above. */
export function clock(seconds: number): string {
  const rest = Math.max(0, Math.ceil(seconds));
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(rest / 86_400);
  const time = `${two(Math.floor((rest % 86_400) / 3600))}:${two(Math.floor((rest % 3600) / 60))}:${two(rest % 60)}`;
  return days > 0 ? `${days} d ${time}` : time;
}

/** What is left, to the minute. */
export function toTheMinute(seconds: number): string {
  return seconds < 60 ? "less than a minute" : duration(seconds - (seconds % 60));
}

/** What is left, as it is said unasked: once an hour, in the last hour every ten minutes,
 *  and in the last ten minutes every minute. */
export function spoken(seconds: number): string {
  const step = seconds >= 3600 ? 3600 : seconds >= 600 ? 600 : 60;
  return toTheMinute(seconds - (seconds % step));
}

export function date(ms: number, locale: Locale): string {
  return new Intl.DateTimeFormat(locale as string | string[], { dateStyle: "medium", timeStyle: "short" }).format(ms);
}

export function ago(ms: number, now: number): string {
  const seconds = Math.max(0, (now - ms) / 1000);
  return seconds < 5 ? "just now" : `${duration(seconds, 1)} ago`;
}
