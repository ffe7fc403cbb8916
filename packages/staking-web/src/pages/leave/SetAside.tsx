/** One's part of what open claims have set aside, which would come back if they were refused. */
import type { PoolResponse } from "../../client/generated/Vault.types";
import { SLOW, useAsk } from "../../data/ask";
import { partOfPot } from "../../data/history";
import { useBackstop } from "../../data/pool";
import { Amount } from "../../ui/amount";
import { Stat } from "../../ui/parts";

export function SetAside({ address, pool }: { readonly address: string; readonly pool: PoolResponse }) {
  const { vault, asset } = useBackstop();
  const mine = useAsk(
    ["vault", "set-aside", address, pool.pending_claims, pool.losses],
    async () => {
      const { claims } = await vault.openClaims();
      const parts = await Promise.all(claims.map((claim) => partOfPot(vault, address, claim)));
      return { sum: parts.reduce<bigint>((sum, part) => sum + (part ?? 0n), 0n), looked: claims.length };
    },
    SLOW,
    false,
  );
  const looked = mine.data?.looked ?? 0;
  return (
    <Stat
      label="Set aside, and yours if refused"
      note={
        pool.pending_claims === 0
          ? "No claim is open."
          : `Your part of ${mine.data && looked < pool.pending_claims ? `the first ${looked} of ` : ""}${pool.pending_claims} open claim${pool.pending_claims === 1 ? "" : "s"}. It is not in the price, and it is yours even after you have left.`
      }
    >
      {mine.data ? <Amount value={mine.data.sum} token={asset} focus /> : <span className="quiet">—</span>}
    </Stat>
  );
}
