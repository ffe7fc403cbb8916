/** The risk of an amount in numbers, and what any loss would leave. */
import { useId, useState } from "react";
import { useBackstop } from "../../data/pool";
import { costOf, worstPart, type Limits } from "../../data/risk";
import { Amount, Percent } from "../../ui/amount";
import { Load } from "../../ui/load";
import { duration } from "../../words/time";
import { usePolicies, usePool } from "../overview/use-pool";

const DAY = 86_400;
const ONE = 10n ** 18n;

export function Risk({ amount }: { readonly amount: bigint | undefined }) {
  const { terms, asset } = useBackstop();
  const pool = usePool();
  const policies = usePolicies();
  const stake = amount ?? 10n ** BigInt(asset.decimals) * 100n;
  return (
    <div className="risk">
      <h3>The risk in numbers</h3>
      <Load of={pool} rows={2}>
        {(data) => {
          const limits: Limits = { pool: data, fraction: terms.params.pool_fraction, window: terms.window, policies: policies.data?.whole ? policies.data.rows : undefined };
          const added = amount ?? 0n;
          const window = duration(terms.window);
          return (
            <>
              <p>
                The largest losses that the limits allow would cost {amount === undefined ? <>a deposit of <Amount value={stake} token={asset} /></> : "you"}:
              </p>
              <dl className="risk-numbers">
                <Worst label="in a day" stake={stake} part={worstPart(limits, DAY, added)} />
                <Worst label={`in a window of ${window}`} stake={stake} part={worstPart(limits, terms.window, added)} />
              </dl>
              <p className="note">
                What the limits have left now can be lost at once: <Percent value={worstPart(limits, 0, added)} />. The rest refills meanwhile: each limit evenly over a window, so within {window} up to twice a limit can be lost. The figures are bounds, and hold for the limits of today.
              </p>
              <WhatIf stake={stake} />
            </>
          );
        }}
      </Load>
    </div>
  );
}

function Worst({ label, stake, part }: { readonly label: string; readonly stake: bigint; readonly part: bigint }) {
  const { asset } = useBackstop();
  return (
    <div className="risk-number">
      <dt>{label}</dt>
      <dd>
        <Amount value={costOf(stake, part)} token={asset} focus />
        <span className="risk-part"><Percent value={part} /></span>
      </dd>
    </div>
  );
}

function WhatIf({ stake }: { readonly stake: bigint }) {
  const { asset } = useBackstop();
  const [percent, setPercent] = useState(20);
  const id = useId();
  const left = stake - costOf(stake, (ONE * BigInt(percent)) / 100n);
  return (
    <div className="what-if">
      <label htmlFor={id}>
        If the pool lost <strong>{percent} %</strong>, you would have <strong><Amount value={left} token={asset} /></strong>
      </label>
      <input id={id} type="range" min={0} max={90} step={5} value={percent} onChange={(event) => { setPercent(Number(event.target.value)); }} />
    </div>
  );
}
