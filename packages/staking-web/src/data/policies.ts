/** The pool's policies, up to a bound: more are paged where they are listed. */
import { MOST_ROWS, type Vault } from "../client/contracts";
import type { PolicyResponse } from "../client/generated/Vault.types";

const PAGES = 4;

export interface Policies {
  readonly rows: readonly PolicyResponse[];
  /** Whether these are all. */
  readonly whole: boolean;
}

export async function somePolicies(vault: Vault): Promise<Policies> {
  const rows: PolicyResponse[] = [];
  for (let page = 0; page < PAGES; page++) {
    const last = rows.at(-1);
    const { policies } = await vault.policies(last && [last.policyholder, last.market], MOST_ROWS);
    rows.push(...policies);
    if (policies.length < MOST_ROWS) return { rows, whole: true };
  }
  return { rows, whole: false };
}
