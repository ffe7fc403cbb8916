/** The share price as steps: it stands still until a loss, and a loss is a step down. */
import { useId } from "react";
import { useApp } from "../app/context";
import { formatUnits } from "../amount/format";
import type { PricePoint } from "../data/history";
import { date } from "../words/time";

export interface PriceChartProps {
  /** Ascending by time. */
  readonly points: readonly PricePoint[];
  readonly now: number;
  /** The price now, times 10¹⁸. */
  readonly price: bigint;
}

const [WIDTH, HEIGHT] = [720, 220];
const [LEFT, RIGHT, TOP, BOTTOM] = [52, 12, 12, 28];

export function PriceChart({ points, now, price }: PriceChartProps) {
  const { locale } = useApp();
  const id = useId();
  const first = points[0];
  if (first === undefined) return null;
  const begin = first.at - Math.max((now - first.at) * 0.06, 3_600_000);
  const top = Number(first.before) / 1e18;
  const least = Math.min(Number(price) / 1e18, ...points.map((point) => Number(point.after) / 1e18));
  const margin = Math.max((top - least) * 0.15, top * 0.002);
  const [low, high] = [Math.max(0, least - margin), top + margin];
  const x = (at: number) => LEFT + ((at - begin) / Math.max(now - begin, 1)) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => TOP + (1 - (value - low) / (high - low)) * (HEIGHT - TOP - BOTTOM);
  const of = (value: bigint) => y(Number(value) / 1e18);
  const steps = points.map((point) => `H${x(point.at).toFixed(1)} V${of(point.after).toFixed(1)}`).join(" ");
  const line = `M${LEFT} ${of(first.before).toFixed(1)} ${steps} H${WIDTH - RIGHT}`;
  const ticks = [low + (high - low) * 0.1, (low + high) / 2, high - (high - low) * 0.1];
  return (
    <figure className="chart">
      <div className="chart-plot">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id} preserveAspectRatio="none">
        {ticks.map((tick) => (
          <line key={tick} className="chart-grid" x1={LEFT} x2={WIDTH - RIGHT} y1={y(tick)} y2={y(tick)} />
        ))}
        <path className="chart-area" d={`${line} V${HEIGHT - BOTTOM} H${LEFT} Z`} />
        <path className="chart-line" d={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className="chart-ys" aria-hidden="true">
        {ticks.map((tick) => (
          <span key={tick} style={{ top: `${(y(tick) / HEIGHT) * 100}%` }}>
            {tick.toLocaleString(locale as string[], { minimumFractionDigits: 3, maximumFractionDigits: 3 })}
          </span>
        ))}
      </div>
      </div>
      <div className="chart-xs" aria-hidden="true">
        <span>{date(begin, locale)}</span>
        <span>now</span>
      </div>
      <figcaption id={id} className="sr-only">
        {`Share price from ${formatUnits(first.before, 18, locale, 4)} on ${date(begin, locale)} to ${formatUnits(price, 18, locale, 4)} now, after ${points.length} ${points.length === 1 ? "loss" : "losses"}.`}
      </figcaption>
    </figure>
  );
}
