/** What a share earns a year, denom by denom, and who funds it. */
import { useApp } from "../../app/context";
import { decimalOf } from "../../amount/format";
import type * as D from "../../client/generated/Distributor.types";
import { RARE, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { idOf, shorten, symbolsOf, tokenOf } from "../../data/tokens";
import { streamsOf } from "../../data/yield";
import { Amount, Percent } from "../../ui/amount";
import { Load } from "../../ui/load";
import { Empty, Panel, Row } from "../../ui/parts";
import { PerShare } from "../../ui/per-share";
import { When } from "../../ui/time";
import { useState } from "react";
import { useYields } from "../overview/use-pool";

export function Yields() {
  const { config } = useApp();
  const { asset } = useBackstop();
  const yields = useYields();
  return (
    <Panel title="What shares earn" lead="Rewards are streams: each token is released at one rate until its stream ends, and all active shares divide it. More stakers, less for each.">
      <Load of={yields}>
        {({ denoms, value, unpriced }) => (
          <>
            {unpriced.length > 0 && (
              <p className="note">
                This page is not told what {symbolsOf(config, unpriced)} is worth in {asset.symbol}: such rewards are in no figure of the yield.
              </p>
            )}
            {value && (decimalOf(value.now) !== 0n || value.changes.length > 0 || unpriced.length === 0) && (
              <p>
                All rewards whose worth is known come to <strong><Percent value={value.now} /></strong> of a stake’s worth a year, not compounded.
                {value.changes[0] && (
                  <>
                    {" "}From <When at={value.changes[0].earliest} /> on, <Percent value={value.changes[0].to} /> if nothing else is funded.
                  </>
                )}
              </p>
            )}
            {denoms.length === 0 && <Empty>Nobody is staked, so nothing is earned.</Empty>}
            <ul className="records">
              {denoms.map((one) => (
                <Yield key={idOf(one.denom)} of={one} />
              ))}
            </ul>
          </>
        )}
      </Load>
    </Panel>
  );
}

function Yield({ of: { denom, apr } }: { readonly of: D.DenomYield }) {
  const { config } = useApp();
  const { asset } = useBackstop();
  const [open, setOpen] = useState(false);
  const token = tokenOf(config, idOf(denom));
  const next = apr.changes[0];
  return (
    <li className="record">
      <div className="record-head">
        <h3 title={token.id}>{token.symbol}</h3>
        <span className="record-when">
          <PerShare yearly={apr.now} denom={denom} />
        </span>
      </div>
      {next && (
        <p className="note">
          From <When at={next.earliest} /> at the earliest: <PerShare yearly={next.to} denom={denom} />
        </p>
      )}
      <details className="disclosure" onToggle={(event) => { setOpen(event.currentTarget.open); }}>
        <summary>Who funds {token.symbol}</summary>
        {open && <Fundings denom={denom} />}
      </details>
      {token.bare && <p className="note">Nobody has said how this token is shown; amounts are its base units against {asset.symbol}.</p>}
    </li>
  );
}

function Fundings({ denom }: { readonly denom: D.Denom }) {
  const { config } = useApp();
  const { distributor, vault } = useBackstop();
  const token = tokenOf(config, idOf(denom));
  const streams = useAsk(["distributor", "fundings", idOf(denom)], distributor && (() => streamsOf(distributor, denom, vault.address)), RARE);
  return (
    <div className="disclosure-body">
      <Load of={streams}>
        {({ rows, whole }) => (
          <>
            {rows.length === 0 && <Empty>Nobody has funded it yet.</Empty>}
            {rows.map((row) => (
              <dl key={row.number} className="record-grid">
                <Row label="From">{row.funder === vault.address ? "Premiums, sent by the pool" : shorten(row.funder)}</Row>
                <Row label="Amount"><Amount value={row.amount} token={token} focus /></Row>
                <Row label="Still to come"><Amount value={row.unreleased} token={token} focus /></Row>
                <Row label="Funded"><When at={row.funded_at} /></Row>
                {row.stopped_at && <Row label="Stopped"><When at={row.stopped_at} /></Row>}
              </dl>
            ))}
            {!whole && <p className="note">The newest {rows.length} are listed.</p>}
          </>
        )}
      </Load>
    </div>
  );
}
