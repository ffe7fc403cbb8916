/** What everybody must know before reading on. */
import { useEffect, useState } from "react";
import { ago } from "../words/time";
import { useApp, useHeartbeat } from "./context";

const HALTED_AFTER_MS = 60_000;
/** This machine's clock may be ahead: a chain whose blocks go on does not stand still. */
const STILL_AFTER_MS = 15_000;

export function Banners() {
  const { config } = useApp();
  const beat = useHeartbeat();
  const now = useHere();
  const messages: string[] = [];
  if (beat !== undefined && !beat.alive) {
    messages.push(`The chain’s node does not answer. What you see is from ${ago(beat.heardAt, now)} and may have changed. This page keeps trying.`);
  }
  if (beat?.alive === true && beat.chainId !== config.chain.chainId) {
    messages.push(`The node is of the chain ${beat.chainId}, and this page is for ${config.chain.chainId}. Do not send anything.`);
  }
  if (beat?.alive === true && now - beat.chainTime > HALTED_AFTER_MS && now - beat.movedAt > STILL_AFTER_MS) {
    messages.push(`The chain’s last block is from ${ago(beat.chainTime, now)}. What you see is as of then.`);
  }
  return (
    <div className="banners" role="status" aria-live="polite">
      {messages.map((message) => (
        <p key={message.slice(0, 24)} className="banner">
          {message}
        </p>
      ))}
    </div>
  );
}

function useHere(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => { setNow(Date.now()); }, 5_000);
    return () => { clearInterval(timer); };
  }, []);
  return now;
}
