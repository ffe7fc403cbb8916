/** What the pool lost, what came back, and the transactions that show it. */
import { useState } from "react";
import { useApp } from "../../app/context";
import { TxLink } from "../../app/Toasts";
import type * as V from "../../client/generated/Vault.types";
import { variant, wordsOf, isKnown } from "../../client/variant";
import { SLOW, useAsk } from "../../data/ask";
import { lossPage, pageOf, type Booked } from "../../data/history";
import { useBackstop } from "../../data/pool";
import { Amount, Unknown, wholeOf } from "../../ui/amount";
import { Load } from "../../ui/load";
import { Empty, Pager, Panel, Row } from "../../ui/parts";
import { Since, When } from "../../ui/time";
import { DECISIONS, LAPSE, REASONS } from "../../words/vault";
import { ClaimStatus } from "./Claims";

const SIZE = 10;
/** The transactions of one kind that are listed. */
const TXS = 5;

export function Losses({ count }: { readonly count: number }) {
  const { vault } = useBackstop();
  const [page, setPage] = useState(0);
  const numbers = pageOf(count, page, SIZE);
  const rows = useAsk(["vault", "losses", count, page], () => lossPage(vault, numbers), SLOW, true);
  return (
    <Panel title="Losses and recoveries" lead="Every claim that was granted is a loss under the same number. A recovery is what comes back of one: it goes to those who bore it, even if they have left." aside={`${count} in all`}>
      {count === 0 ? (
        <Empty>No loss so far.</Empty>
      ) : (
        <Load of={rows} rows={5}>
          {(booked) => (
            <>
              <ul className="records records-tight">
                {booked.map((one) => (
                  <LossRecord key={one.loss.loss} booked={one} />
                ))}
              </ul>
              <Pager
                what="losses"
                range={`${numbers.from} to ${numbers.to} of ${count}`}
                newer={page > 0 ? () => { setPage(page - 1); } : undefined}
                older={numbers.from > 1 ? () => { setPage(page + 1); } : undefined}
              />
            </>
          )}
        </Load>
      )}
    </Panel>
  );
}

function LossRecord({ booked: { loss, claim } }: { readonly booked: Booked }) {
  const { asset } = useBackstop();
  const [open, setOpen] = useState(false);
  return (
    <li className="record" data-loss={loss.loss}>
      <div className="record-head">
        <h3>
          Loss {loss.loss}
          {claim && ` · ${claim.record.market}`}
        </h3>
        {claim && <ClaimStatus status={claim.record.status} />}
        <span className="record-when">
          <Since at={loss.record.booked_at} />
        </span>
      </div>
      <dl className="record-grid">
        <Row label="Cost stakers"><Amount value={loss.record.granted} token={asset} focus /></Row>
        <Row label="Paid out"><Amount value={loss.paid} token={asset} /></Row>
        <Row label="Set aside"><Amount value={loss.pot} token={asset} /></Row>
        <Row label="Came back"><Amount value={loss.recovered} token={asset} focus /></Row>
      </dl>
      <details className="disclosure" onToggle={(event) => { setOpen(event.currentTarget.open); }}>
        <summary>What happened, with transactions</summary>
        {open && <Story number={loss.loss} />}
      </details>
    </li>
  );
}

function Story({ number }: { readonly number: number }) {
  const { node } = useApp();
  const { vault } = useBackstop();
  const timeline = useAsk(["vault", "timeline", number], () => vault.claimTimeline(number), SLOW);
  const txs = useAsk(
    ["txs", number],
    async () => {
      const of = (event: string, key: string) => node.search(`wasm-${event}._contract_address='${vault.address}' AND wasm-${event}.${key}='${number}'`, TXS);
      const [filed, settled, back] = await Promise.all([of("backstop_cover_shortfall", "claim"), of("backstop_settle_claim", "claim"), of("backstop_recover", "loss")]);
      return [...filed.map((tx) => ["Filed", tx] as const), ...settled.map((tx) => ["Settled", tx] as const), ...back.map((tx) => ["Repaid", tx] as const)];
    },
    SLOW,
  );
  return (
    <div className="disclosure-body">
      <Load of={timeline} rows={3}>
        {({ steps }) => (
          <ol className="timeline">
            {steps.map((step, at) => (
              // Decisions are never reordered, so their place is their key.
              <li key={at}>
                <Step step={step} />
              </li>
            ))}
          </ol>
        )}
      </Load>
      <Load of={txs} rows={1}>
        {(found) =>
          found.length === 0 ? (
            <p className="note">This node keeps no transactions of it.</p>
          ) : (
            <ul className="tx-links">
              {found.map(([what, tx]) => (
                <li key={what + tx.hash}>
                  {what} in block {tx.height}: <TxLink hash={tx.hash} />
                </li>
              ))}
              {found.filter(([what]) => what === "Repaid").length === TXS && <li className="note">The newest {TXS} repayments.</li>}
            </ul>
          )
        }
      </Load>
    </div>
  );
}

function Step({ step }: { readonly step: V.ClaimStep }) {
  const { asset } = useBackstop();
  const { name, body } = variant(step.what);
  const facts = (typeof body === "object" && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const amount = wholeOf(facts["amount"] ?? facts["asked"]);
  const reason = facts["reason"] ?? facts["bound"];
  return (
    <>
      <When at={step.at} /> <strong>{isKnown(DECISIONS, name) ? DECISIONS[name] : <Unknown raw={name} />}</strong>
      {amount !== undefined && (
        <>
          {" "}
          <Amount value={amount} token={asset} />
        </>
      )}
      {typeof facts["price"] === "string" && ` at a price of ${facts["price"]}`}
      {typeof reason === "string" && `: ${reasonOf(name, reason)}`}
    </>
  );
}

/** An owner's reason is its own words; the contract's is one of a list. */
function reasonOf(step: string, reason: string): string {
  if (step === "declined") return `“${reason}”`;
  return wordsOf(step === "lapsed" ? LAPSE : REASONS, reason);
}
