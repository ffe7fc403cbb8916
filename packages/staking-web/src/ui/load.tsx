/** Loading, empty, failed and stale: every part that asks shows which it is. */
import { Component, type ReactNode } from "react";
import { NodeDown } from "../client/node";
import { tell } from "../client/errors";
import { useWording } from "../data/wording";
import type { Asked } from "../data/ask";
import { useApp } from "../app/context";
import { date } from "../words/time";
import { Action } from "./parts";

export interface LoadProps<Data> {
  readonly of: Asked<Data>;
  readonly rows?: number;
  readonly children: (data: Data) => ReactNode;
}

export function Load<Data>({ of, rows = 3, children }: LoadProps<Data>) {
  const { data, error, waiting, again, at } = of;
  if (data !== undefined) {
    return (
      <Guard version={at}>
        {error !== null && !(error instanceof NodeDown) && <Failed error={error} again={again} since={at} />}
        {children(data)}
      </Guard>
    );
  }
  if (error !== null) return <Failed error={error} again={again} />;
  return waiting ? <Skeleton rows={rows} /> : null;
}

export function Skeleton({ rows }: { readonly rows: number }) {
  return (
    <div className="skeleton" role="status">
      <span className="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, at) => (
        <span key={at} className="skeleton-row" />
      ))}
    </div>
  );
}

function Failed({ error, again, since }: { readonly error: Error; readonly again: () => void; readonly since?: number }) {
  const wording = useWording();
  const { locale } = useApp();
  const { sentence, raw } = tell(error, wording);
  return (
    <div className="failed" role="alert">
      <p>
        {sentence}
        {since !== undefined && ` What follows is from ${date(since, locale)}.`}
      </p>
      {raw !== undefined && raw !== sentence && <RawText text={raw} />}
      <Action onClick={again}>Try again</Action>
    </div>
  );
}

export function RawText({ text }: { readonly text: string }) {
  return (
    <details className="raw">
      <summary>The chain’s own words</summary>
      <code>{text}</code>
    </details>
  );
}

/** An answer that this version cannot show leaves the rest of the page alone. */
export class Guard extends Component<{ readonly children: ReactNode; readonly version?: number }, { readonly error: Error | undefined }> {
  override state = { error: undefined as Error | undefined };

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  /** A new answer is tried again. */
  override componentDidUpdate({ version }: { readonly version?: number }) {
    if (this.state.error !== undefined && version !== this.props.version) this.setState({ error: undefined });
  }

  override render() {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <div className="failed" role="alert">
        <p>This version of the page cannot show this part. The rest is not affected.</p>
        <RawText text={error.message} />
      </div>
    );
  }
}
