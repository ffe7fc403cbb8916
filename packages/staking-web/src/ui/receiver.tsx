/** An optional field for another account, folded away until it is wanted. */
import { useId, useState } from "react";
import { useApp } from "../app/context";

export interface Receiver {
  /** The account that was named; none means one's own. */
  readonly address: string | undefined;
  /** Why what was typed is none. */
  readonly problem: string | undefined;
  readonly text: string;
  readonly setText: (text: string) => void;
}

export function useReceiver(): Receiver {
  const { config } = useApp();
  const [text, setText] = useState("");
  const prefix = `${config.chain.bech32Config?.bech32PrefixAccAddr ?? ""}1`;
  const good = text.startsWith(prefix) && /^[a-z\d]{39,90}$/.test(text);
  const problem = text === "" || good ? undefined : `The receiver must be an address of this chain: ${prefix}…`;
  return { address: good ? text : undefined, problem, text, setText };
}

export function ReceiverField({ receiver, means }: { readonly receiver: Receiver; readonly means: string }) {
  const id = useId();
  return (
    <details className="disclosure">
      <summary>For somebody else</summary>
      <div className="field">
        <label htmlFor={id}>{means}</label>
        <input id={id} className="line" value={receiver.text} spellCheck={false} autoComplete="off" aria-invalid={receiver.problem !== undefined} onChange={(event) => { receiver.setText(event.target.value.trim()); }} />
        {receiver.problem !== undefined && <p className="field-says field-bad">{receiver.problem}</p>}
      </div>
    </details>
  );
}
