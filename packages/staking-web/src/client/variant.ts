/**
 * Answers may have values that this version does not know. A variant is read by
 * its name, so that a new one is shown as unknown and breaks nothing.
 */

/** The name and the body of an enum's value: `"paid"`, `{"paid": {}}`. */
export function variant(value: unknown): { readonly name: string; readonly body: unknown } {
  if (typeof value === "string") return { name: value, body: undefined };
  if (typeof value === "object" && value !== null) {
    const [entry] = Object.entries(value);
    if (entry !== undefined) return { name: entry[0], body: entry[1] };
  }
  return { name: value === undefined ? "nothing" : JSON.stringify(value), body: undefined };
}

/** Whether a value is one with a body, as all of its kind are that this version knows. */
export function hasBody(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** The words for a value; `unknown (raw)` where there are none. */
export function wordsOf(words: Readonly<Record<string, string>>, raw: string): string {
  return Object.hasOwn(words, raw) ? (words[raw] ?? raw) : `unknown (${raw})`;
}

export function isKnown(words: Readonly<Record<string, unknown>>, raw: string): boolean {
  return Object.hasOwn(words, raw);
}
