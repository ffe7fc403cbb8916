/** Pages of a list that has no count: each is asked for by the last row of the one before. */
import { useState } from "react";

export interface Cursor<Key> {
  /** After which row this page begins; none for the first. */
  readonly after: Key | undefined;
  /** Which page it is, from 1. */
  readonly page: number;
  /** What a `Pager` can do beside so many rows of which `last` is the last. */
  readonly turns: (rows: number, last: Key | undefined) => { newer: (() => void) | undefined; older: (() => void) | undefined };
}

export function useCursor<Key>(size: number): Cursor<Key> {
  const [passed, setPassed] = useState<readonly Key[]>([]);
  return {
    after: passed.at(-1),
    page: passed.length + 1,
    turns: (rows, last) => ({
      newer: passed.length > 0 ? () => { setPassed(passed.slice(0, -1)); } : undefined,
      older: rows === size && last !== undefined ? () => { setPassed([...passed, last]); } : undefined,
    }),
  };
}
