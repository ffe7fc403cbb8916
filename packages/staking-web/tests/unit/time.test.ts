import { describe, expect, it } from "vitest";
import { clock, duration, spoken, toTheMinute } from "../../src/words/time";

describe("time left", () => {
  it.each([
    [59, "less than a minute", "00:00:59"],
    [60, "1 minute", "00:01:00"],
    [599, "9 minutes", "00:09:59"],
    [600, "10 minutes", "00:10:00"],
    [3599, "50 minutes", "00:59:59"],
    [3600, "1 hour", "01:00:00"],
    [86_399, "23 hours", "23:59:59"],
    [86_400 + 7_260, "1 day 2 hours", "1 d 02:01:00"],
  ])("%d seconds: read aloud as %s, shown as %s", (seconds, aloud, shown) => {
    expect(spoken(seconds)).toBe(aloud);
    expect(clock(seconds)).toBe(shown);
  });

  it("is exact to the minute for whoever asks", () => {
    expect(toTheMinute(3599)).toBe("59 minutes");
    expect(toTheMinute(59)).toBe("less than a minute");
  });

  it("is never said to be longer than it is: somebody may have to leave in it", () => {
    const sizes: Record<string, number> = { day: 86_400, hour: 3600, minute: 60 };
    const said = (words: string) =>
      [...words.matchAll(/(\d+) (day|hour|minute)/g)].reduce((sum, [, count, unit]) => sum + Number(count) * (sizes[unit ?? ""] ?? Number.NaN), 0);
    for (let left = 60; left < 4 * 86_400; left += 29) {
      expect(said(spoken(left))).toBeGreaterThan(0);
      expect(said(spoken(left))).toBeLessThanOrEqual(left);
      expect(said(toTheMinute(left))).toBeLessThanOrEqual(left);
      expect(left - said(spoken(left))).toBeLessThan(3600);
    }
  });

  it("is rounded down to two units", () => {
    expect(duration(3_661)).toBe("1 hour 1 minute");
    expect(duration(86_461)).toBe("1 day");
    expect(duration(-1)).toBe("0 seconds");
  });
});
