/** Open tickets by number, a page at a time. */
import { useSend } from "../../app/use-send";
import { PAGE } from "../../client/contracts";
import type { TicketResponse } from "../../client/generated/Vault.types";
import { cancelUnbond, withdraw } from "../../client/messages";
import { QUICK, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { Amount, SharesOf, wholeOf } from "../../ui/amount";
import { useCursor } from "../../ui/cursor";
import { Load } from "../../ui/load";
import { Action, Badge, Empty, Pager, Panel, Row } from "../../ui/parts";
import { Countdown, useChainNow, When } from "../../ui/time";
import { millis } from "../../words/time";

export function Tickets({ address, count }: { readonly address: string; readonly count: number }) {
  const { vault } = useBackstop();
  const { after, page: number, turns } = useCursor<number>(PAGE);
  const page = useAsk(["vault", "tickets", address, count, after], () => vault.tickets(address, after), QUICK);
  return (
    <Panel title="Tickets" lead="Each ticket waits for its own time. Cancel one, and its shares earn again." aside={count > 0 ? `${count} open` : undefined}>
      <Load of={page} rows={3}>
        {({ tickets }) => {
          const last = tickets.at(-1)?.ticket;
          if (count === 0 && tickets.length === 0) return <Empty>No ticket is open.</Empty>;
          return (
            <>
              <WithdrawAll address={address} />
              {tickets.length === 0 && <Empty>There are no more.</Empty>}
              <ul className="records">
                {tickets.map((ticket) => (
                  <Ticket key={ticket.ticket} ticket={ticket} />
                ))}
              </ul>
              <Pager
                what="tickets"
                range={`Page ${number} of ${Math.max(1, Math.ceil(count / PAGE))}`}
                words={["Back", "Next"]}
                {...turns(tickets.length, number * PAGE < count ? last : undefined)}
              />
            </>
          );
        }}
      </Load>
    </Panel>
  );
}

/** What one withdrawal without numbers would pay, by the vault's own maximum. */
function WithdrawAll({ address }: { readonly address: string }) {
  const { vault, asset } = useBackstop();
  const { why, send } = useSend();
  const most = useAsk(["vault", "max-withdraw", address], () => vault.maxWithdraw(address), QUICK);
  const worth = wholeOf(most.data);
  const nothing = worth === undefined ? "How much is ready is not known yet." : worth === 0n ? "Nothing is ready yet." : undefined;
  return (
    <div className="withdraw-all">
      <span>
        Ready now: <strong>{worth === undefined ? "—" : <Amount value={worth} token={asset} focus />}</strong>
      </span>
      {worth !== undefined && worth > 0n && (
        <span className="note">You agree to at least <Amount value={leastOf(worth)} token={asset} />, should a loss come between.</span>
      )}
      <Action kind="main" onClick={() => void send("Withdraw what is ready", [withdraw(vault.address, undefined, leastOf(worth ?? 0n))])} why={why ?? nothing}>
        Withdraw what is ready
      </Action>
    </div>
  );
}

/** A loss may come between: one percent less is still agreed to. */
function leastOf(assets: bigint): bigint {
  return assets - assets / 100n;
}

function Ticket({ ticket }: { readonly ticket: TicketResponse }) {
  const { vault, asset } = useBackstop();
  const { why, send } = useSend();
  const now = useChainNow();
  const { ticket: number, shares, assets, opened_at, ready_at, auto_withdraw } = ticket;
  const ready = (millis(ready_at) ?? Infinity) <= now;
  return (
    <li className="record" data-ticket={number}>
      <div className="record-head">
        <h3>Ticket {number}</h3>
        <Badge tone={ready ? "good" : "warn"}>{ready ? "Ready" : "Still at risk"}</Badge>
        <span className="record-when">
          <Countdown until={ready_at} then="ready" label={`Ticket ${number}`} />
        </span>
      </div>
      <Progress ticket={ticket} now={now} />
      <dl className="record-grid">
        <Row label="Worth now"><Amount value={assets} token={asset} focus /></Row>
        <Row label="Shares"><SharesOf value={shares} token={asset} focus /></Row>
        <Row label="Opened"><When at={opened_at} /></Row>
        <Row label="Ready"><When at={ready_at} /></Row>
      </dl>
      {ready && <p className="note">Until it is withdrawn it still bears losses.</p>}
      {auto_withdraw && <p className="note">Anybody may withdraw it for you once it is ready.</p>}
      <div className="actions">
        <Action onClick={() => void send(`Withdraw ticket ${number}`, [withdraw(vault.address, [number], leastOf(wholeOf(assets) ?? 0n))])} why={why ?? (ready ? undefined : "Its time has not come.")} label={`Withdraw ticket ${number}`}>
          Withdraw
        </Action>
        <Action onClick={() => void send(`Cancel ticket ${number}`, [cancelUnbond(vault.address, number)])} why={why} label={`Cancel and earn again: ticket ${number}`}>
          Cancel and earn again
        </Action>
      </div>
    </li>
  );
}

function Progress({ ticket: { ticket, opened_at, ready_at }, now }: { readonly ticket: TicketResponse; readonly now: number }) {
  const [from, to] = [millis(opened_at), millis(ready_at)];
  if (from === undefined || to === undefined) return null;
  const done = Math.max(0, Math.min(100, ((now - from) / Math.max(1, to - from)) * 100));
  return (
    <div className="gauge" role="progressbar" aria-label={`Time of ticket ${ticket}`} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.floor(done)}>
      <span style={{ width: `${done}%` }} />
    </div>
  );
}
