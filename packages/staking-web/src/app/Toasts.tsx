/** What becomes of a transaction, from the wallet to the block. */
import { useEffect } from "react";
import { Fee } from "../ui/amount";
import { RawText } from "../ui/load";
import { shorten } from "../data/tokens";
import type { Phase, TxView } from "../tx/store";
import { useApp, useTransactions } from "./context";

const SAYS: Readonly<Record<Phase, string>> = {
  preparing: "Trying it out on the node",
  signing: "Waiting for your wallet. If it shows no window, reload this page: nothing was signed.",
  sending: "Sending",
  pending: "Sent: waiting for a block",
  silent: "The node is silent: sending the same transaction again. Nothing is signed twice.",
  included: "Done",
  failed: "Failed",
  expired: "Not taken",
  unknown: "Not known",
};

/** What succeeded goes by itself; what did not stays until it is read. */
const GOES_AFTER_MS = 20_000;

const DONE: readonly Phase[] = ["included", "failed", "expired", "unknown"];

export function Toasts() {
  const views = useTransactions();
  return (
    <div className="toasts" role="log" aria-live="polite" aria-label="Transactions">
      {views.map((view) => (
        <Toast key={view.id} view={view} />
      ))}
    </div>
  );
}

function Toast({ view }: { readonly view: TxView }) {
  const { tx } = useApp();
  const { id, label, phase, hash, height, fee, told } = view;
  const done = DONE.includes(phase);
  useEffect(() => {
    if (phase !== "included" || told !== undefined) return undefined;
    const timer = setTimeout(() => { tx.dismiss(id); }, GOES_AFTER_MS);
    return () => { clearTimeout(timer); };
  }, [phase, told, id, tx]);
  return (
    <div className={`toast toast-${phase}`} data-phase={phase}>
      <div className="toast-head">
        <strong>{label}</strong>
        {done && (
          <button type="button" className="icon-button" aria-label={`Dismiss ${label}`} onClick={() => { tx.dismiss(id); }}>
            ×
          </button>
        )}
      </div>
      <p className="toast-phase">
        {!done && <span className="spinner" aria-hidden="true" />}
        {SAYS[phase]}
        {phase === "included" && height !== undefined && ` in block ${height}`}
      </p>
      {told !== undefined && <p>{told.sentence}</p>}
      {told?.raw !== undefined && <RawText text={told.raw} />}
      {fee !== undefined && (
        <p className="toast-note">
          Network fee {fee.amount.map((coin) => <Fee key={coin.denom} coin={coin} />)}
        </p>
      )}
      {hash !== undefined && <TxLink hash={hash} />}
    </div>
  );
}

/** Where a transaction can be seen: an explorer that the config names, or the node itself. */
export function TxLink({ hash, children }: { readonly hash: string; readonly children?: string }) {
  const { config } = useApp();
  const href = config.transactionLink?.replace("{hash}", hash) ?? `${config.rpc.replace(/\/$/, "")}/tx?hash=0x${hash}`;
  return (
    <a className="tx-link" href={href} target="_blank" rel="noreferrer noopener">
      {children ?? "Transaction"} <code>{shorten(hash)}</code>
    </a>
  );
}
