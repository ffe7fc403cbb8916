/** An optional field for another account, folded away until it is wanted; one that is named stays in sight. */
import { useId, useState, type ReactNode } from "react";
import { useApp } from "../app/context";
import { isAddress, prefixOf } from "../config/chain";
import { shorten } from "../data/tokens";

export interface Receiver {
  /** The account that was named; none means one's own. */
  readonly address: string | undefined;
  /** Why what was typed is none. */
  readonly problem: string | undefined;
  /** Whom, for the words of a button: nothing where it is oneself. */
  readonly whom: string;
  readonly text: string;
  readonly setText: (text: string) => void;
}

export function useReceiver(): Receiver {
  const { config } = useApp();
  const [text, setText] = useState("");
  const prefix = prefixOf(config.chain);
  const good = isAddress(text, prefix);
  const problem = text === "" || good ? undefined : `It must be an address of this chain: ${prefix}…`;
  return { address: good ? text : undefined, problem, whom: good ? ` for ${shorten(text)}` : "", text, setText };
}

export interface ReceiverFieldProps {
  readonly receiver: Receiver;
  readonly means: string;
  readonly summary?: string;
  /** What else belongs to it. */
  readonly children?: ReactNode;
}

export function ReceiverField({ receiver, means, summary = "For somebody else", children }: ReceiverFieldProps) {
  const id = useId();
  return (
    <details className="disclosure" open={receiver.text !== "" || undefined}>
      <summary>{receiver.whom === "" ? summary : `For ${shorten(receiver.text)}`}</summary>
      <div className="field">
        <label htmlFor={id}>{means}</label>
        <input id={id} className="line" value={receiver.text} spellCheck={false} autoComplete="off" aria-invalid={receiver.problem !== undefined} aria-describedby={`${id}-says`} onChange={(event) => { receiver.setText(event.target.value.trim()); }} />
        <p id={`${id}-says`} className="field-says field-bad" aria-live="polite">{receiver.problem}</p>
      </div>
      {children}
    </details>
  );
}
