/** Who bears a shortfall, from left to right, as a bar with its labels. */
import { Amount } from "./amount";
import type { Token } from "../data/tokens";

export interface Part {
  readonly key: string;
  readonly name: string;
  readonly value: bigint;
  readonly means: string;
}

export function Waterfall({ parts, token }: { readonly parts: readonly Part[]; readonly token: Token }) {
  const total = parts.reduce((sum, { value }) => sum + value, 0n);
  const share = (value: bigint) => (total === 0n ? 0 : Number((value * 10_000n) / total) / 100);
  return (
    <div className="waterfall">
      <div className="waterfall-bar" aria-hidden="true">
        {parts
          .filter(({ value }) => value > 0n)
          .map(({ key, value }) => (
            <span key={key} className={`waterfall-part waterfall-${key}`} style={{ flexGrow: Math.max(share(value), 1) }} />
          ))}
      </div>
      <ol className="waterfall-labels">
        {parts.map(({ key, name, value, means }) => (
          <li key={key} className={value === 0n ? "waterfall-none" : ""}>
            <span className={`swatch waterfall-${key}`} aria-hidden="true" />
            <span className="waterfall-name">{name}</span>
            <span className="waterfall-value">
              <Amount value={value} token={token} focus />
              <span className="waterfall-share">{share(value).toFixed(0)} %</span>
            </span>
            <span className="waterfall-means">{means}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A part of a whole as a bar, with words beside it. */
export function Gauge({ part, label }: { readonly part: number; readonly label: string }) {
  const width = Math.max(0, Math.min(100, part));
  return (
    <div className="gauge" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(width)}>
      <span style={{ width: `${width}%` }} className={part > 100 ? "gauge-over" : ""} />
    </div>
  );
}
