/** A parameter's value with its unit. */
import { decimalOf, formatCount, formatPercent } from "../../amount/format";
import { useApp } from "../../app/context";
import { useBackstop } from "../../data/pool";
import { shorten } from "../../data/tokens";
import { Amount, Exact, SharesOf, wholeOf } from "../../ui/amount";
import type { Unit } from "../../words/params";
import { duration } from "../../words/time";

export function Value({ raw, unit }: { readonly raw: string | undefined; readonly unit: Unit | undefined }) {
  const { locale } = useApp();
  const { asset } = useBackstop();
  if (raw === undefined) return <span>none</span>;
  const whole = wholeOf(raw);
  const decimal = decimalOf(raw);
  if (unit === "assets" && whole !== undefined) return <Amount value={whole} token={asset} digits={asset.decimals} focus />;
  if (unit === "shares" && whole !== undefined) return <SharesOf value={whole} token={asset} digits={asset.decimals} focus />;
  if (unit === "seconds" && whole !== undefined) return <Exact exact={`${raw} s`}>{duration(Number(whole))}</Exact>;
  if (unit === "bps" && whole !== undefined) return <Exact exact={`${raw} bps, hundredths of a percent`}>{formatPercent(whole * 10n ** 14n, locale)}</Exact>;
  if (unit === "fraction" && decimal !== undefined) return <Exact exact={raw}>{formatPercent(decimal, locale)}</Exact>;
  if ((unit === "gas" || unit === "count") && whole !== undefined) return <span>{formatCount(whole, locale)}{unit === "gas" && " gas"}</span>;
  if (unit === "flag") return <span>{raw === "true" ? "yes" : raw === "false" ? "no" : raw}</span>;
  return <span title={raw}>{/\s/.test(raw) ? raw.slice(0, 200) : shorten(raw)}</span>;
}
