/** The small parts of which the pages are made. */
import { useId, useState, type ReactNode } from "react";
import { shorten } from "../data/tokens";

export interface PanelProps {
  readonly title: string;
  /** Explains the words of the title where they first stand. */
  readonly lead?: ReactNode;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, lead, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <header className="panel-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div className="panel-aside">{aside}</div>}
      </header>
      {lead !== undefined && <p className="lead">{lead}</p>}
      {children}
    </section>
  );
}

export function Stat({ label, note, children, strong = false }: { readonly label: string; readonly note?: ReactNode; readonly children: ReactNode; readonly strong?: boolean }) {
  return (
    <div className={strong ? "stat stat-strong" : "stat"}>
      <dt>{label}</dt>
      <dd className="stat-value">{children}</dd>
      {note !== undefined && <dd className="stat-note">{note}</dd>}
    </div>
  );
}

export function Row({ label, children }: { readonly label: ReactNode; readonly children: ReactNode }) {
  return (
    <div className="row">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export type Tone = "good" | "warn" | "bad" | "plain";

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

export interface ActionProps {
  readonly children: ReactNode;
  readonly onClick: () => void;
  /** Why it cannot be pressed now; it stands beside the button. */
  readonly why?: string | undefined;
  readonly kind?: "main" | "side" | "quiet";
  readonly label?: string;
  readonly submit?: boolean;
}

/**
 * A button that says why it cannot be pressed. It stays reachable by keyboard, so
 * that the reason is heard too.
 */
export function Action({ children, onClick, why, kind = "side", label, submit = false }: ActionProps) {
  const id = useId();
  const off = why !== undefined && why !== "";
  return (
    <span className="action">
      <button
        type={submit ? "submit" : "button"}
        className={`button button-${kind}`}
        aria-disabled={off}
        {...(off && { "aria-describedby": id })}
        {...(label !== undefined && { "aria-label": label })}
        onClick={(event) => {
          if (submit) event.preventDefault();
          if (!off) onClick();
        }}
      >
        {/* One item of the flex box, which would drop the spaces between several. */}
        <span>{children}</span>
      </button>
      {off && (
        <span id={id} className="why">
          {why}
        </span>
      )}
    </span>
  );
}

export function Address({ value, name }: { readonly value: string; readonly name?: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () => {
    void navigator.clipboard.writeText(value).then(() => {
      setCopied(true);
      setTimeout(() => { setCopied(false); }, 2000);
    });
  };
  return (
    <button type="button" className="address" title={value} onClick={copy}>
      {name !== undefined && <span>{name} </span>}
      <code>{shorten(value)}</code>
      <span className="sr-only"> copy</span>
      <span className="address-copied" aria-live="polite">
        {copied ? " copied" : ""}
      </span>
    </button>
  );
}

/** Instead of a list's rows; `page` is which page of it this is. */
export function Empty({ children, page = 1 }: { readonly children: ReactNode; readonly page?: number }) {
  return <p className="empty">{page === 1 ? children : "There are no more."}</p>;
}

export function Disclosure({ summary, children, open = false }: { readonly summary: ReactNode; readonly children: ReactNode; readonly open?: boolean }) {
  return (
    <details className="disclosure" open={open}>
      <summary>{summary}</summary>
      <div className="disclosure-body">{children}</div>
    </details>
  );
}

export interface PagerProps {
  readonly what: string;
  readonly range: string;
  readonly newer: (() => void) | undefined;
  readonly older: (() => void) | undefined;
  readonly words?: readonly [string, string];
}

export function Pager({ what, range, newer, older, words = ["Newer", "Older"] }: PagerProps) {
  if (newer === undefined && older === undefined) return null;
  return (
    <nav className="pager" aria-label={`Pages of ${what}`}>
      <Action kind="quiet" onClick={() => newer?.()} why={newer ? undefined : "This is the first page."} label={`${words[0]} ${what}`}>
        ← {words[0]}
      </Action>
      <span aria-live="polite">{range}</span>
      <Action kind="quiet" onClick={() => older?.()} why={older ? undefined : "This is the last page."} label={`${words[1]} ${what}`}>
        {words[1]} →
      </Action>
    </nav>
  );
}
