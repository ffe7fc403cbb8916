/** The state of each market's prices, why, with what evidence, and what would end it. */
import type * as B from "../../client/generated/Breaker.types";
import { variant, wordsOf, isKnown } from "../../client/variant";
import { PAGE } from "../../client/contracts";
import { QUICK, SLOW, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { PriceText } from "../../ui/amount";
import { useCursor } from "../../ui/cursor";
import { Load } from "../../ui/load";
import { Badge, Disclosure, Empty, Pager, Panel, type Tone } from "../../ui/parts";
import { Countdown, Since } from "../../ui/time";
import { ACTIONS, FAULTS, STATES, STATE_MEANS } from "../../words/breaker";
import { Finding, StandingFault } from "./Finding";
import { Need } from "./Need";
import { Source } from "./Source";

export function Markets() {
  const { breaker } = useBackstop();
  const { after, page: number, turns } = useCursor<string>(PAGE);
  const page = useAsk(["breaker", "markets", breaker.address, after], () => breaker.markets(after), SLOW, true);
  return (
    <Panel
      title="Prices and the breaker"
      lead="The breaker is a contract that reads several price sources for each market. Where they cannot be relied on, it trips: no claim is paid at a false price."
    >
      <Load of={page}>
        {({ markets }) => {
          const last = markets.at(-1)?.market;
          return (
            <>
              {markets.length === 0 && <Empty page={number}>The breaker watches no market yet.</Empty>}
              <ul className="markets">
                {markets.map((market) => (
                  <Market key={market.market} stored={market} />
                ))}
              </ul>
              <Pager
                what="markets"
                range={`Page ${number}`}
                words={["Back", "Next"]}
                {...turns(markets.length, last)}
              />
            </>
          );
        }}
      </Load>
    </Panel>
  );
}

const TONES: Readonly<Record<B.MarketState, Tone>> = { normal: "good", guarded: "warn", tripped: "bad", recovering: "warn", latched: "bad" };

function Market({ stored }: { readonly stored: B.MarketResponse }) {
  const { breaker } = useBackstop();
  const live = useAsk(["breaker", "explain", breaker.address, stored.market], () => breaker.explain(stored.market), QUICK * 2);
  const state: string = live.data?.state ?? stored.record.state;
  const known = isKnown(STATES, state);
  return (
    <li className="market" data-market={stored.market} data-state={state}>
      <div className="market-head">
        <h3>{stored.market}</h3>
        <Badge tone={known ? TONES[state as B.MarketState] : "warn"}>{wordsOf(STATES, state)}</Badge>
        <span className="market-price">{live.data?.median ? <PriceText value={live.data.median} /> : "no agreed price"}</span>
        <span className="market-since">
          since <Since at={live.data?.since ?? stored.record.since} />
        </span>
      </div>
      <p className="market-means">{known ? STATE_MEANS[state as B.MarketState] : "This version of the page does not know this state."}</p>
      {live.data ? <Live explain={live.data} /> : <Stored market={stored} failed={live.error !== null} />}
    </li>
  );
}

/** What the last poke stored, where the live sources cannot be asked. */
function Stored({ market, failed }: { readonly market: B.MarketResponse; readonly failed: boolean }) {
  return (
    <>
      {failed && <p className="note">The sources cannot be asked now; this is what was recorded last.</p>}
      {market.reasons.length > 0 && <p>Reasons: {market.reasons.map((fault) => wordsOf(FAULTS, fault)).join("; ")}.</p>}
    </>
  );
}

function Live({ explain }: { readonly explain: B.ExplainResponse }) {
  const { findings, standing, needs, earliest_recovery, sources, allowed, trip } = explain;
  const bad = sources.filter((source) => source.findings.length > 0).length;
  return (
    <>
      {(findings.length > 0 || standing.length > 0) && (
        <ul className="reasons">
          {findings.map((finding) => (
            <li key={finding.fault}>
              <Finding finding={finding} />
            </li>
          ))}
          {standing.filter((fault) => !findings.some((finding) => finding.fault === fault)).map((fault) => (
            <li key={`standing-${fault}`}>
              <StandingFault fault={fault} />, at the last reading that was recorded
            </li>
          ))}
        </ul>
      )}
      {earliest_recovery && (
        <p className="recovery">
          Earliest end: <Countdown until={earliest_recovery} then="now, if the next readings are clean" label={`Earliest recovery of ${explain.market}`} />
        </p>
      )}
      <Disclosure summary={`Evidence: ${sources.length} sources${bad > 0 ? `, ${bad} at fault` : ""}${needs.length > 0 ? ", and what must become true" : ""}`}>
        {trip && (
          <p>
            Trip {trip.number}, begun by {variant(trip.trip.cause).name === "guardian" ? "the guardian" : "the sources"} <Since at={trip.trip.began_at} />.
          </p>
        )}
        <ul className="sources">
          {sources.map((source) => (
            <Source key={source.source} source={source} />
          ))}
        </ul>
        {needs.length > 0 && (
          <>
            <h4>What must become true</h4>
            <ul className="needs">
              {needs.map((need) => (
                <li key={variant(need).name}>
                  <Need need={need} />
                </li>
              ))}
            </ul>
          </>
        )}
        <p className="note">Allowed now: {allowed.length === 0 ? "nothing" : allowed.map((action) => wordsOf(ACTIONS, action)).join(", ")}.</p>
      </Disclosure>
    </>
  );
}
