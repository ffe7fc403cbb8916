/** One fault with its evidence. */
import { useApp } from "../../app/context";
import { formatCount, formatPercent } from "../../amount/format";
import type * as B from "../../client/generated/Breaker.types";
import { isKnown } from "../../client/variant";
import { Unknown } from "../../ui/amount";
import { FAULTS, MEASURED } from "../../words/breaker";
import { duration } from "../../words/time";

export function FaultName({ fault }: { readonly fault: B.Fault }) {
  return isKnown(FAULTS, fault) ? <>{FAULTS[fault]}</> : <Unknown raw={fault} />;
}

export function Finding({ finding }: { readonly finding: B.Finding }) {
  const { locale } = useApp();
  const { fault, measured, bound } = finding;
  const unit = MEASURED[fault];
  const say = (value: number) => {
    if (unit === "seconds") return duration(value);
    if (unit === "bps") return formatPercent(BigInt(value) * 10n ** 14n, locale);
    return formatCount(value, locale);
  };
  const least = fault === "quorum" ? "at least" : "at most";
  return (
    <>
      <FaultName fault={fault} />
      {typeof measured === "number" && `: ${say(measured)}`}
      {typeof bound === "number" && ` (must be ${least} ${say(bound)})`}
    </>
  );
}
