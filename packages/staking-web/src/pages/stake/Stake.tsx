/** A deposit: what it gets, what it costs, and what it can lose. */
import { useState } from "react";
import { useViewer } from "../../app/context";
import { useSend } from "../../app/use-send";
import type { Bounds } from "../../amount/check";
import { deposit } from "../../client/messages";
import { balance } from "../../client/contracts";
import { QUICK, SLOW, useAsk } from "../../data/ask";
import { useEstimate, useSettled } from "../../data/estimate";
import { useBackstop } from "../../data/pool";
import { idOf } from "../../data/tokens";
import { useApp } from "../../app/context";
import { Amount, Fee, SharesOf, wholeOf } from "../../ui/amount";
import { AmountField, useAmount } from "../../ui/amount-field";
import { Action, Panel, Row } from "../../ui/parts";
import { ReceiverField, useReceiver } from "../../ui/receiver";
import { usePool } from "../overview/use-pool";
import { duration } from "../../words/time";
import { feeFor } from "../../tx/store";
import { Risk } from "./Risk";

export function Stake() {
  const { address } = useViewer();
  return (
    <>
      <p className="intro">Your deposit becomes shares of the pool. Shares earn rewards, and lose a part of their worth whenever a claim is granted.</p>
      <div className="columns columns-form">
        <DepositForm key={address ?? ""} />
        <About />
      </div>
    </>
  );
}

function useDepositFacts(receiver: string | undefined) {
  const { config, node } = useApp();
  const { vault, terms } = useBackstop();
  const { address } = useViewer();
  const own = useAsk(["balance", address, idOf(terms.asset)], address === undefined ? undefined : () => balance(node, address, terms.asset), QUICK);
  const gets = receiver ?? address;
  const most = useAsk(["vault", "max-deposit", gets], gets === undefined ? undefined : () => vault.maxDeposit(gets), SLOW);
  const [fees] = config.chain.feeCurrencies;
  return { balance: own.data, most: wholeOf(most.data), feeIsAsset: fees?.coinMinimalDenom === idOf(terms.asset) };
}

/** Twice what a deposit costs on a real chain. */
const GUESSED_GAS = 500_000;

function DepositForm() {
  const { vault, terms, asset } = useBackstop();
  const { address } = useViewer();
  const { why, send } = useSend();
  const receiver = useReceiver();
  const facts = useDepositFacts(receiver.address);
  const [text, setText] = useState("");
  const [understood, setUnderstood] = useState(false);
  // The fee is known once a deposit was simulated; until then a high guess is kept back.
  const { config } = useApp();
  const [fee, setFee] = useState(() => BigInt(feeFor(GUESSED_GAS, config).amount[0]?.amount ?? "0"));
  const bounds: Bounds = { decimals: asset.decimals, symbol: asset.symbol, balance: facts.balance, most: facts.most, fee: facts.feeIsAsset ? fee : undefined };
  const amount = useAmount(text, bounds);
  const settled = useSettled(amount.value);
  const preview = useAsk(["vault", "preview-deposit", settled?.toString()], settled === undefined ? undefined : () => vault.previewDeposit(settled), QUICK);
  const shares = wholeOf(preview.data);
  const unanswered = shares === undefined && preview.error ? "The pool does not say how many shares you would get." : undefined;
  const sendable = address !== undefined && settled !== undefined && shares !== undefined;
  const messages = sendable ? [deposit(vault.address, terms.asset, settled, 0n, receiver.address)] : undefined;
  const estimate = useEstimate(messages);
  const [cost] = estimate.estimate?.fee.amount ?? [];
  const known = cost ? BigInt(cost.amount) : undefined;
  if (known !== undefined && known !== fee) setFee(known);
  const reason = why ?? receiver.problem ?? reasonOf(amount.value, amount.says, understood, estimate.refused ?? unanswered, !sendable || estimate.waiting || settled !== amount.value);
  const { whom } = receiver;
  const submit = () => {
    if (settled === undefined || shares === undefined) return;
    void send(`Stake ${text} ${asset.symbol}${whom}`, [deposit(vault.address, terms.asset, settled, leastShares(shares), receiver.address)]).then((done) => {
      if (!done) return;
      setText("");
      setUnderstood(false);
      receiver.setText("");
    });
  };
  return (
    <Panel title="Deposit">
      <form onSubmit={(event) => { event.preventDefault(); }}>
        <AmountField label="Amount" text={text} onText={setText} bounds={bounds} most="Balance" />
        <dl className="rows">
          <Row label={whom === "" ? "You get now" : "The receiver gets now"}>{shares === undefined ? "—" : <SharesOf value={shares} token={asset} focus />}</Row>
          <Row label="You agree to at least">{shares === undefined ? "—" : <SharesOf value={leastShares(shares)} token={asset} />}</Row>
          <Row label="Network fee, about">{cost ? <Fee coin={cost} focus /> : address === undefined ? "known when a wallet is connected" : "—"}</Row>
          <Row label="Until you can be paid again">{duration(terms.params.unbonding_period)} after you leave</Row>
        </dl>
        <Risk amount={amount.value} />
        <ReceiverField receiver={receiver} means="Who gets the shares; you pay, and cannot take them back" />
        <label className="check">
          <input type="checkbox" checked={understood} onChange={(event) => { setUnderstood(event.target.checked); }} />
          <span>I understand that losses can take a large part of this deposit, also in the {duration(terms.params.unbonding_period)} after I leave.</span>
        </label>
        <Action kind="main" submit onClick={submit} why={reason}>
          Stake{whom}
        </Action>
      </form>
    </Panel>
  );
}

/** A quarter of a percent less than the preview: a deposit that is rounded otherwise still passes. */
function leastShares(shares: bigint): bigint {
  return shares - shares / 400n;
}

function reasonOf(value: bigint | undefined, says: string | undefined, understood: boolean, refused: string | undefined, waiting: boolean): string | undefined {
  if (value === undefined) return says ?? "Enter an amount.";
  if (!understood) return "Read the risk and tick the box.";
  if (refused !== undefined) return refused;
  return waiting ? "Trying it out on the node…" : undefined;
}

function About() {
  const { asset } = useBackstop();
  const pool = usePool();
  return (
    <Panel title="What you take on">
      <ul className="plain">
        <li>
          <strong>Every stake loses alike.</strong> A granted claim lowers the price of all shares at once, whoever came when.
        </li>
        <li>
          <strong>You can leave at any time.</strong> Nothing can freeze an exit: no pause, no claim, no vote. You wait for the unbonding period and are paid at the price of that day.
        </li>
        <li>
          <strong>What comes back is yours.</strong> If a claim is refused or repaid later, your part of it is yours, even if you have left.
        </li>
        <li>
          <strong>More risk is announced.</strong> A change that raises the risk waits longer than it takes to leave. It is listed under Governance.
        </li>
        <li>
          <strong>One thing above all.</strong> The chain’s own governance can replace any contract of its chain.
        </li>
      </ul>
      {pool.data && (
        <p className="note">
          The pool has <Amount value={pool.data.assets} token={asset} /> now and has booked {pool.data.losses} {pool.data.losses === 1 ? "loss" : "losses"}.
        </p>
      )}
    </Panel>
  );
}
