/** What came back on losses that this account bore. */
import { useState } from "react";
import { useSend } from "../../app/use-send";
import type { StakerLoss } from "../../client/generated/Vault.types";
import { claimRecovery } from "../../client/messages";
import { SLOW, useAsk } from "../../data/ask";
import { useEstimate } from "../../data/estimate";
import { pageOf } from "../../data/history";
import { useBackstop } from "../../data/pool";
import { Amount, wholeOf } from "../../ui/amount";
import { Load } from "../../ui/load";
import { Action, Empty, Pager, Panel, Row } from "../../ui/parts";
import { usePool } from "../overview/use-pool";

const SIZE = 10;

export function Recoveries({ address }: { readonly address: string }) {
  const pool = usePool();
  return (
    <Panel title="What came back" lead="Where a claim is refused, or its loss repaid later, the money is shared by those who bore the loss. A new depositor has no part in it.">
      <Load of={pool}>{({ losses, recoveries }) => <List address={address} count={losses} all={recoveries} />}</Load>
    </Panel>
  );
}

function List({ address, count, all }: { readonly address: string; readonly count: number; readonly all: string }) {
  const { vault, asset } = useBackstop();
  const [page, setPage] = useState(0);
  const { from, to } = pageOf(count, page, SIZE);
  const rows = useAsk(["vault", "staker-losses", address, count, all, page], count === 0 ? undefined : () => vault.stakerLosses(address, from - 1, to - from + 1), SLOW);
  if (count === 0) return <Empty>The pool has had no loss.</Empty>;
  return (
    <>
      <ClaimAll key={all} />
      <p className="note">
        <Amount value={all} token={asset} /> came back to all stakers together and has not been taken.
      </p>
      <Load of={rows}>
        {({ losses }) => (
          <>
            {losses.length === 0 && <Empty>{from === to ? `You did not bear loss ${from}.` : `You bore none of the losses ${from} to ${to}.`}</Empty>}
            <ul className="records records-tight">
              {[...losses].reverse().map((loss) => (
                <LossRow key={loss.loss} loss={loss} />
              ))}
            </ul>
          </>
        )}
      </Load>
      <Pager
        what="losses you bore"
        range={`Losses ${from} to ${to} of ${count}`}
        newer={page > 0 ? () => { setPage(page - 1); } : undefined}
        older={from > 1 ? () => { setPage(page + 1); } : undefined}
      />
    </>
  );
}

/** What one claim without numbers would pay, by trying it out on the node. */
function ClaimAll() {
  const { vault, asset } = useBackstop();
  const { why, send } = useSend();
  const { estimate, refused } = useEstimate([claimRecovery(vault.address, undefined, false)]);
  const answer = estimate?.answers[0] as { amount?: unknown; more?: unknown } | undefined;
  const amount = wholeOf(answer?.amount);
  const reason = why ?? refused;
  return (
    <div className="withdraw-all">
      <span>
        {amount !== undefined ? (
          <>
            Due to you: <strong><Amount value={amount} token={asset} focus /></strong>
            {answer?.more === true && " and more: claim again afterwards"}
          </>
        ) : (
          "Whatever came back since you last claimed, of all losses."
        )}
      </span>
      <div className="actions">
        <Action kind="main" onClick={() => void send("Claim what came back", [claimRecovery(vault.address, undefined, false)])} why={reason}>
          Claim what came back
        </Action>
        <Action onClick={() => void send("Stake what came back", [claimRecovery(vault.address, undefined, true)])} why={reason}>
          Stake it again
        </Action>
      </div>
    </div>
  );
}

function LossRow({ loss }: { readonly loss: StakerLoss }) {
  const { vault, asset } = useBackstop();
  const { why, send } = useSend();
  const nothing = loss.due === "0" ? "Nothing of it is due now." : undefined;
  return (
    <li className="record" data-borne={loss.loss}>
      <div className="record-head">
        <h3>Loss {loss.loss}</h3>
      </div>
      <dl className="record-grid">
        <Row label="Cost you"><Amount value={loss.borne} token={asset} focus /></Row>
        <Row label="Your part came back"><Amount value={loss.recovered} token={asset} focus /></Row>
        <Row label="Taken"><Amount value={loss.taken} token={asset} /></Row>
        <Row label="Due"><Amount value={loss.due} token={asset} focus /></Row>
      </dl>
      <div className="actions">
        <Action onClick={() => void send(`Claim of loss ${loss.loss}`, [claimRecovery(vault.address, [loss.loss], false)])} why={nothing ?? why} label={`Claim of loss ${loss.loss}`}>
          Claim
        </Action>
        <Action onClick={() => void send(`Stake of loss ${loss.loss}`, [claimRecovery(vault.address, [loss.loss], true)])} why={nothing ?? why} label={`Stake it again: loss ${loss.loss}`}>
          Stake it again
        </Action>
      </div>
    </li>
  );
}
