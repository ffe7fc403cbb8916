/** What one price source says, and what is wrong with it. */
import type * as B from "../../client/generated/Breaker.types";
import { hasBody, variant, wordsOf } from "../../client/variant";
import { PriceText, Unknown } from "../../ui/amount";
import { Since } from "../../ui/time";
import { UNREADABLE } from "../../words/breaker";
import { Finding } from "./Finding";

export function Source({ source }: { readonly source: B.SourceReading }) {
  const bad = source.findings.length > 0;
  return (
    <li className={bad ? "source source-bad" : "source"}>
      <span className="source-name">{source.source}</span>
      <Says observation={source.observation} />
      <span className="source-faults">
        {bad
          ? source.findings.map((finding, at) => (
              <span key={finding.fault}>
                {at > 0 && "; "}
                <Finding finding={finding} />
              </span>
            ))
          : "counts"}
      </span>
    </li>
  );
}

function Says({ observation }: { readonly observation: B.Observation }) {
  if (!hasBody(observation)) return <Unknown raw={variant(observation).name} />;
  if ("priced" in observation) {
    const { price, publish_time } = observation.priced;
    return (
      <span className="source-price">
        <PriceText value={price} />
        {typeof publish_time === "number" && (
          <>
            {" "}
            <Since at={`${publish_time}000000000`} />
          </>
        )}
      </span>
    );
  }
  if ("non_positive" in observation) return <span className="source-price">zero or less</span>;
  if ("unreadable" in observation) return <span className="source-price">{wordsOf(UNREADABLE, observation.unreadable.why)}</span>;
  return <Unknown raw={variant(observation).name} />;
}
