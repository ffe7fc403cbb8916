/** One fault with its evidence. */
import { useApp } from "../../app/context";
import { formatCount, formatPercent } from "../../amount/format";
import type * as B from "../../client/generated/Breaker.types";
import { isKnown } from "../../client/variant";
import { Unknown } from "../../ui/amount";
import { FAULTS, MEASURED } from "../../words/breaker";
import { duration } from "../../words/time";

const OF_SOURCES: readonly string[] = ["unreadable", "non_positive", "stale", "future", "uncertain", "outlier", "out_of_bounds", "frozen", "pinned", "shared"];

/** A fault as a sentence of its own: one of a source's names no source then. */
export function StandingFault({ fault }: { readonly fault: B.Fault }) {
  return (
    <>
      {OF_SOURCES.includes(fault) && "A source "}
      <FaultName fault={fault} />
    </>
  );
}

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
