/**
 * What goes between the page and the keys, which are in another process: JSON with
 * bytes and whole numbers marked, as the extension marks them too.
 */
export interface Call {
  readonly method: string;
  readonly args: readonly unknown[];
}

export type Reply = { readonly value: unknown } | { readonly error: string };

export function pack(value: unknown): unknown {
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString("base64") };
  if (typeof value === "bigint") return { $whole: value.toString() };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, pack(one)]));
  return value;
}

export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== "object" || value === null) return value;
  const { $bytes, $whole } = value as { $bytes?: unknown; $whole?: unknown };
  if (typeof $bytes === "string") return Uint8Array.from(Buffer.from($bytes, "base64"));
  if (typeof $whole === "string") return BigInt($whole);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, unpack(one)]));
}
