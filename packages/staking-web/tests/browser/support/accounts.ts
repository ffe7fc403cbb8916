/** The test accounts of every local network, whose words everybody knows. */
import { makeCosmoshubPath } from "@cosmjs/amino";

export const WORDS = `${"abandon ".repeat(11)}about`;

export const NAMES = ["owner", "guardian", "keeper", "alice", "bob", "carol", "trader", "provider", "feed1", "feed2", "feed3", "deployer"] as const;
export type Name = (typeof NAMES)[number];

export interface Account {
  readonly name: Name;
  readonly index: number;
}

export const HD_PATHS = NAMES.map((_, index) => makeCosmoshubPath(index));

export function account(name: Name): Account {
  return { name, index: NAMES.indexOf(name) };
}
