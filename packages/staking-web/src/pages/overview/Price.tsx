/** The share price over the last thirty losses. */
import { useState } from "react";
import { decimalOf } from "../../amount/format";
import type { PoolResponse } from "../../client/generated/Vault.types";
import { RARE, useAsk } from "../../data/ask";
import { lossPage, pageOf, pricePoint } from "../../data/history";
import { useBackstop } from "../../data/pool";
import { PriceChart } from "../../ui/chart";
import { Load } from "../../ui/load";
import { Empty, Panel } from "../../ui/parts";
import { useChainNow } from "../../ui/time";

const SHOWN = 30;

export function Price({ pool }: { readonly pool: PoolResponse }) {
  const { vault } = useBackstop();
  const [mounted] = useState(() => Date.now());
  const now = Math.max(useChainNow(), mounted);
  const page = useAsk(["vault", "price", pool.losses], () => lossPage(vault, pageOf(pool.losses, 0, SHOWN)), RARE, true);
  const price = decimalOf(pool.share_price) ?? 0n;
  return (
    <Panel title="Share price" lead="A share is your part of the pool. Its price is steady, and each loss is a step down.">
      <Load of={page} rows={4}>
        {(rows) => {
          const points = rows.map(pricePoint).filter((point) => point !== undefined).reverse();
          if (points.length === 0) return <Empty>No loss yet: the price has been 1 since the beginning.</Empty>;
          return (
            <>
              <PriceChart points={points} now={now} price={price} />
              {pool.losses > SHOWN && <p className="note">The last {SHOWN} of {pool.losses} losses.</p>}
            </>
          );
        }}
      </Load>
    </Panel>
  );
}
