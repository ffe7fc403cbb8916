/** Times by the chain's clock, which may be another than this machine's. */
import { useEffect, useState } from "react";
import { useApp, useHeartbeat } from "../app/context";
import { ago, clock, date, millis, spoken, toTheMinute } from "../words/time";
import { Exact, Unknown } from "./amount";

/** The chain's time now, in milliseconds, every second. */
export function useChainNow(): number {
  const heartbeat = useHeartbeat();
  const [here, setHere] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => { setHere(Date.now()); }, 1000);
    return () => { clearInterval(timer); };
  }, []);
  if (heartbeat === undefined) return here;
  return heartbeat.chainTime + Math.max(0, here - heartbeat.heardAt);
}

export function When({ at }: { readonly at: string | null | undefined }) {
  const { locale } = useApp();
  const ms = millis(at);
  if (ms === undefined) return at ? <Unknown raw={at} /> : <span>not recorded</span>;
  return <time dateTime={new Date(ms).toISOString()}>{date(ms, locale)}</time>;
}

export function Since({ at }: { readonly at: string }) {
  const { locale } = useApp();
  const now = useChainNow();
  const ms = millis(at);
  if (ms === undefined) return <Unknown raw={at} />;
  return (
    <Exact exact={date(ms, locale)}>
      <time dateTime={new Date(ms).toISOString()}>{ago(ms, now)}</time>
    </Exact>
  );
}

export interface CountdownProps {
  readonly until: string;
  /** What is said when the time has come. */
  readonly then: string;
  readonly label: string;
}

/** Every second for the eye, and to the minute for whoever asks. It speaks up by itself
 *  seldom: many of them stand on one page. */
export function Countdown({ until, then, label }: CountdownProps) {
  const { locale } = useApp();
  const now = useChainNow();
  const ms = millis(until);
  if (ms === undefined) return <Unknown raw={until} />;
  const left = (ms - now) / 1000;
  return (
    <span className="countdown">
      <span role="timer" aria-live="off" aria-label={`${label}: ${left <= 0 ? then : toTheMinute(left)}`}>
        <time dateTime={new Date(ms).toISOString()} title={date(ms, locale)} aria-hidden="true">
          {left <= 0 ? then : clock(left)}
        </time>
      </span>
      <span className="sr-only" aria-live="polite">
        {label}: {left <= 0 ? then : spoken(left)}
      </span>
    </span>
  );
}
