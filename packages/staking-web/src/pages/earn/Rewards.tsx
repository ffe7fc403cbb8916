/** What a claim would pay now, denom by denom. */
import { useState } from "react";
import { useApp } from "../../app/context";
import { useSend } from "../../app/use-send";
import type { Reward } from "../../client/generated/Distributor.types";
import { claimRewards, sync } from "../../client/messages";
import { QUICK, SLOW, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { idOf, tokenOf } from "../../data/tokens";
import { Amount } from "../../ui/amount";
import { Load } from "../../ui/load";
import { Action, Empty, Panel } from "../../ui/parts";
import { ReceiverField, useReceiver } from "../../ui/receiver";
import { usePauses } from "../overview/use-pool";

export function Rewards({ address }: { readonly address: string }) {
  const { distributor } = useBackstop();
  const pending = useAsk(["distributor", "pending", address], distributor && (() => distributor.pendingRewards(address)), QUICK);
  return (
    <Panel title="Your rewards" lead="What you have earned and not claimed. It is yours until you claim it, also after you have left.">
      <Load of={pending} rows={3}>{({ rewards }) => <List rewards={rewards} />}</Load>
      <Record address={address} />
    </Panel>
  );
}

function List({ rewards }: { readonly rewards: readonly Reward[] }) {
  const { config } = useApp();
  const { distributor, terms, asset } = useBackstop();
  const { why, send } = useSend();
  const receiver = useReceiver();
  const [skipped, setSkipped] = useState<ReadonlySet<string>>(new Set());
  const closed = usePauses().data?.deposits ? "Deposits are paused." : undefined;
  if (rewards.length === 0 || distributor === undefined) return <Empty>No reward token is listed yet.</Empty>;
  const chosen = rewards.filter(({ denom, amount }) => !skipped.has(idOf(denom)) && amount !== "0");
  const denoms = skipped.size === 0 ? undefined : chosen.map(({ denom }) => denom);
  const own = chosen.some(({ denom }) => idOf(denom) === idOf(terms.asset));
  const nothing = chosen.length === 0 ? "Nothing is chosen that has earned anything." : undefined;
  const { whom } = receiver;
  const claim = (label: string, restake: boolean) => {
    void send(label + whom, [claimRewards(distributor.address, denoms, restake, receiver.address)]).then((done) => { if (done) receiver.setText(""); });
  };
  const toggle = (id: string) => {
    const next = new Set(skipped);
    if (!next.delete(id)) next.add(id);
    setSkipped(next);
  };
  return (
    <>
      <ul className="rewards">
        {rewards.map(({ denom, amount }) => {
          const token = tokenOf(config, idOf(denom));
          return (
            <li key={token.id}>
              <label className="check">
                <input type="checkbox" checked={!skipped.has(token.id)} onChange={() => { toggle(token.id); }} />
                <span className="reward-name" title={token.id}>{token.symbol}</span>
              </label>
              <Amount value={amount} token={token} digits={6} bare focus />
            </li>
          );
        })}
      </ul>
      <ReceiverField receiver={receiver} means="Who is paid, or gets the shares; in place of you" />
      <div className="actions">
        <Action kind="main" onClick={() => { claim("Claim rewards", false); }} why={why ?? receiver.problem ?? nothing}>
          Claim{whom}
        </Action>
        <Action
          onClick={() => { claim("Claim and restake", true); }}
          why={why ?? receiver.problem ?? nothing ?? closed ?? (own ? undefined : `Only rewards in ${asset.symbol} can be staked again.`)}
        >
          Claim, and stake the {asset.symbol}{whom}
        </Action>
      </div>
    </>
  );
}

/** The distributor's record may differ from the vault's after a notice that failed. */
function Record({ address }: { readonly address: string }) {
  const { distributor } = useBackstop();
  const { why, send } = useSend();
  const record = useAsk(["distributor", "record", address], distributor && (() => distributor.staker(address)), SLOW);
  if (distributor === undefined || record.data === undefined || record.data.active === record.data.recorded) return null;
  return (
    <div className="notice">
      <p>The distributor was not told of your last change, and still counts other shares than you have. Bringing it in line is open to anyone.</p>
      <Action onClick={() => void send("Bring the record in line", [sync(distributor.address, address)])} why={why}>
        Bring it in line
      </Action>
    </div>
  );
}
