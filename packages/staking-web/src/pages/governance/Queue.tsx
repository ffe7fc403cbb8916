/** Changes that wait, and those that were made. */
import { useState } from "react";
import { useSend } from "../../app/use-send";
import { PAGE, type Timelock } from "../../client/contracts";
import type * as T from "../../client/generated/Timelock.types";
import { hasBody, isKnown, variant, wordsOf } from "../../client/variant";
import { QUICK, SLOW, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { shorten } from "../../data/tokens";
import { Unknown } from "../../ui/amount";
import { useCursor } from "../../ui/cursor";
import { Load } from "../../ui/load";
import { Action, Badge, Empty, Pager, Panel, Row } from "../../ui/parts";
import { Countdown, Since, useChainNow, When } from "../../ui/time";
import { CLASSES, VOIDS } from "../../words/vault";
import { millis } from "../../words/time";
import { FieldChange } from "./FieldChange";

export function Queue({ timelock }: { readonly timelock: Timelock }) {
  const { after, page: number, turns } = useCursor<number>(PAGE);
  const pending = useAsk(["timelock", "pending", timelock.address, after], () => timelock.pending(after), QUICK * 2, true);
  return (
    <Panel title="Changes that wait" lead="A change that raises the risk can be applied only after its wait. If you disagree, unbond within the notice: you are out before it is made.">
      <Load of={pending} rows={3}>
        {({ changes }) => {
          const last = changes.at(-1)?.number;
          return (
            <>
              {changes.length === 0 && <Empty page={number}>No change waits.</Empty>}
              <ul className="records">
                {changes.map((change) => (
                  <Change key={change.number} change={change} timelock={timelock} />
                ))}
              </ul>
              <Pager
                what="changes that wait"
                range={`Page ${number}`}
                words={["Back", "Next"]}
                {...turns(changes.length, last)}
              />
            </>
          );
        }}
      </Load>
      <History timelock={timelock} />
    </Panel>
  );
}

function Change({ change, timelock }: { readonly change: T.ChangeResponse; readonly timelock: Timelock }) {
  const { terms } = useBackstop();
  const { why, send } = useSend();
  const now = useChainNow();
  const { number, record, fields } = change;
  const { wait } = record;
  const { name } = variant(record.status);
  const due = millis(wait?.due) ?? Infinity;
  const leaveBy = due - terms.params.unbonding_period * 1000;
  return (
    <li className="record" data-change={number}>
      <div className="record-head">
        <h3>
          Change {number} · <Target target={record.target} />
        </h3>
        <Badge tone={fields.some(({ direction }) => direction === "raises") ? "bad" : "plain"}>{wordsOf(CLASSES, change.class)}</Badge>
        <span className="record-when">
          submitted <Since at={record.submitted_at} />
        </span>
      </div>
      <ul className="fields">
        {fields.map((field) => (
          <li key={field.field}>
            <FieldChange field={field} />
          </li>
        ))}
        {fields.length === 0 && <li>This version cannot say what it changes. <Unknown raw={variant(record.change).name} /></li>}
      </ul>
      {wait && name === "pending" && (
        <>
          <dl className="record-grid">
            <Row label="Can be applied in"><Countdown until={wait.due} then="now, by anybody" label={`Change ${number}`} /></Row>
            <Row label="Void from"><When at={wait.lapses} /></Row>
            {leaveBy > now && (
              <Row label="Leave before this applies: unbond within">
                <Countdown until={`${Math.floor(leaveBy)}000000`} then="over" label={`Time to leave before change ${number}`} />
              </Row>
            )}
          </dl>
          <div className="actions">
            {leaveBy > now ? <a className="button button-side" href="#/leave">Leave before this applies</a> : <p className="note">Who unbonds now is not out before it can be applied.</p>}
            <Action onClick={() => void send(`Apply change ${number}`, [{ contract: timelock.address, msg: { apply: { change: number } }, funds: [] }])} why={why ?? (due > now ? "It is not due yet." : undefined)}>
              Apply change {number}
            </Action>
          </div>
        </>
      )}
      {name !== "pending" && <p className="note"><Status status={record.status} /></p>}
    </li>
  );
}

function Status({ status }: { readonly status: T.Status }) {
  if (!hasBody(status)) return <Unknown raw={variant(status).name} />;
  if ("applied" in status) return <>Applied <When at={status.applied.at} />.</>;
  if ("cancelled" in status) return <>Cancelled by the owner <When at={status.cancelled.at} />.</>;
  if ("void" in status) return <>Void since <When at={status.void.at} />: {wordsOf(VOIDS, status.void.reason)}.</>;
  return <Unknown raw={variant(status).name} />;
}

const TARGETS: Readonly<Record<string, string>> = { vault: "the vault", distributor: "the distributor", timelock: "the timelock", params: "parameters", policies: "policy", markets: "market", denoms: "reward token", code: "code", owner: "owner", admin: "admin", guardian: "guardian", claims: "claim" };

/** `vault/policies/wasm1…/ATOM/USD` in words; what is not known stays as it is. */
function Target({ target }: { readonly target: string }) {
  const parts = target.split("/");
  return <span title={target}>{parts.map((part) => (isKnown(TARGETS, part) ? TARGETS[part] : shorten(part))).join(" / ")}</span>;
}

function History({ timelock }: { readonly timelock: Timelock }) {
  const [open, setOpen] = useState(false);
  const { after, page: number, turns } = useCursor<number>(PAGE);
  const page = useAsk(["timelock", "history", timelock.address, after], open ? () => timelock.history(after) : undefined, SLOW, true);
  return (
    <details className="disclosure" onToggle={(event) => { setOpen(event.currentTarget.open); }}>
      <summary>All changes, the newest first</summary>
      <div className="disclosure-body">
        <Load of={page}>
          {({ changes }) => {
            const last = changes.at(-1)?.number;
            return (
              <>
                {changes.length === 0 && <Empty>No change was ever submitted.</Empty>}
                <ul className="records">
                  {changes.map((change) => (
                    <Change key={change.number} change={change} timelock={timelock} />
                  ))}
                </ul>
                <Pager
                  what="changes"
                  range={`Page ${number}`}
                  {...turns(changes.length, last)}
                />
              </>
            );
          }}
        </Load>
      </div>
    </details>
  );
}
