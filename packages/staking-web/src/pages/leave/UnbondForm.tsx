/** Shares that are to leave. */
import { useState } from "react";
import type { Bounds } from "../../amount/check";
import { plainUnits } from "../../amount/format";
import { useApp } from "../../app/context";
import { useSend } from "../../app/use-send";
import { unbond } from "../../client/messages";
import { QUICK, useAsk } from "../../data/ask";
import { useEstimate, useSettled } from "../../data/estimate";
import { useBackstop } from "../../data/pool";
import { Amount, Fee } from "../../ui/amount";
import { AmountField, useAmount } from "../../ui/amount-field";
import { Action, Panel, Row } from "../../ui/parts";
import { useChainNow } from "../../ui/time";
import { date, duration } from "../../words/time";

export function UnbondForm({ active, open }: { readonly active: bigint; readonly open: number }) {
  const { locale } = useApp();
  const { vault, terms, asset } = useBackstop();
  const { why, send } = useSend();
  const now = useChainNow();
  const [text, setText] = useState("");
  const [auto, setAuto] = useState(false);
  const bounds: Bounds = { decimals: asset.decimals, symbol: "shares", balance: active };
  const amount = useAmount(text, bounds);
  const all = amount.value === active;
  const settled = useSettled(amount.value);
  const worth = useAsk(["vault", "preview-redeem", settled?.toString()], settled === undefined ? undefined : () => vault.previewRedeem(settled), QUICK);
  // All shares are named by naming none, so that none is left behind.
  const message = amount.value === undefined ? undefined : unbond(vault.address, all ? undefined : amount.value, auto);
  const estimate = useEstimate(message && [message]);
  const [fee] = estimate.estimate?.fee.amount ?? [];
  const { unbonding_period: period, max_tickets: most } = terms.params;
  const reason = why ?? (active === 0n ? "You have no active shares." : amount.value === undefined ? (amount.says ?? "Enter how many shares are to leave.") : estimate.refused);
  const submit = () => {
    if (message) void send("Leave with shares", [message]).then((done) => { if (done) setText(""); });
  };
  return (
    <Panel title="Unbond">
      <form onSubmit={(event) => { event.preventDefault(); }}>
        <AmountField label="Shares that leave" text={text} onText={setText} bounds={bounds} most="Active" />
        <div className="quick">
          {[25, 50, 100].map((percent) => (
            <button key={percent} type="button" className="button button-quiet" onClick={() => { setText(plainUnits((active * BigInt(percent)) / 100n, asset.decimals, locale)); }}>
              {percent === 100 ? "All" : `${percent} %`}
            </button>
          ))}
        </div>
        <dl className="rows">
          <Row label="Worth now">{worth.data === undefined ? "—" : <Amount value={worth.data} token={asset} focus />}</Row>
          <Row label="Paid from">{date(now + period * 1000, locale)}</Row>
          <Row label="Network fee, about">{fee ? <Fee coin={fee} focus /> : "—"}</Row>
        </dl>
        <Timeline days={duration(period)} />
        <label className="check">
          <input type="checkbox" checked={auto} onChange={(event) => { setAuto(event.target.checked); }} />
          <span>Let anybody withdraw it for me once it is ready. It is paid to me alone; I may then have no time to cancel it.</span>
        </label>
        <Action kind="main" submit onClick={submit} why={reason}>
          {all && active > 0n ? "Leave with all your shares" : "Leave with these shares"}
        </Action>
        <p className="note">
          You have {open} of at most {most} open tickets. One for all that is left is always possible.
        </p>
      </form>
    </Panel>
  );
}

/** What happens when, as a line. */
function Timeline({ days }: { readonly days: string }) {
  return (
    <ol className="exit-line">
      <li>
        <strong>Now</strong> rewards end
      </li>
      <li>
        <strong>{days}</strong> still at risk
      </li>
      <li>
        <strong>Then</strong> withdraw, at the price of that day
      </li>
    </ol>
  );
}
