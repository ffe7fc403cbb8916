/** Claims that are granted and not paid in full yet. */
import { useState } from "react";
import { useViewer } from "../../app/context";
import { useSend } from "../../app/use-send";
import type * as V from "../../client/generated/Vault.types";
import { settleClaim } from "../../client/messages";
import { isKnown, variant, wordsOf } from "../../client/variant";
import { QUICK, SLOW, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { shorten } from "../../data/tokens";
import { Amount, Unknown } from "../../ui/amount";
import { Load } from "../../ui/load";
import { Action, Badge, Empty, Pager, Panel, Row, type Tone } from "../../ui/parts";
import { Countdown, Since, useChainNow } from "../../ui/time";
import { millis } from "../../words/time";
import { CLAIM_MEANS, CLAIM_STATUS, REASONS } from "../../words/vault";

const SIZE = 5;

export function Claims({ pool }: { readonly pool: V.PoolResponse }) {
  const { vault, asset } = useBackstop();
  const [cursors, setCursors] = useState<readonly (number | undefined)[]>([undefined]);
  const cursor = cursors.at(-1);
  const page = useAsk(["vault", "open", pool.pending_claims, pool.losses, cursor], () => vault.openClaims(cursor, SIZE), QUICK * 2, true);
  return (
    <Panel
      title="Open claims"
      lead="A claim is a shortfall that was granted. It is a loss from that moment; what is not paid yet is set aside in the claim’s pot."
      aside={pool.pending_claims > 0 ? <><Amount value={pool.pots} token={asset} /> set aside</> : undefined}
    >
      <Load of={page} rows={2}>
        {({ claims }) => {
          const last = claims.at(-1)?.claim;
          if (claims.length === 0) return <Empty>No claim is open.</Empty>;
          return (
            <>
              <ul className="records">
                {claims.map((claim) => (
                  <OpenClaim key={claim.claim} claim={claim} />
                ))}
              </ul>
              <Pager
                what="open claims"
                range={`Page ${cursors.length}`}
                words={["Back", "Next"]}
                newer={cursors.length > 1 ? () => { setCursors(cursors.slice(0, -1)); } : undefined}
                older={claims.length === SIZE && last !== undefined ? () => { setCursors([...cursors, last]); } : undefined}
              />
            </>
          );
        }}
      </Load>
    </Panel>
  );
}

export function ClaimStatus({ status }: { readonly status: V.ClaimStatus }) {
  const { name } = variant(status);
  const tones: Readonly<Record<string, Tone>> = { paid: "plain", delayed: "warn", held: "bad", declined: "good", lapsed: "good" };
  return <Badge tone={tones[name] ?? "warn"}>{wordsOf(CLAIM_STATUS, name)}</Badge>;
}

function OpenClaim({ claim }: { readonly claim: V.ClaimResponse }) {
  const { vault, asset } = useBackstop();
  const { why, send } = useSend();
  const { record } = claim;
  const { name, body } = variant(record.status);
  const held = name === "held" ? (body as V.Held) : undefined;
  const now = useChainNow();
  const early = held === undefined && (millis(claim.payable_at) ?? 0) > now ? "Its delay is not over." : undefined;
  return (
    <li className="record" data-claim={claim.claim}>
      <div className="record-head">
        <h3>
          Claim {claim.claim} · {record.market}
        </h3>
        <ClaimStatus status={record.status} />
        <span className="record-when">
          filed <Since at={record.filed_at} />
        </span>
      </div>
      <p className="record-means">{isKnown(CLAIM_MEANS, name) ? CLAIM_MEANS[name as keyof typeof CLAIM_MEANS] : <Unknown raw={name} />}</p>
      <dl className="record-grid">
        <Row label="Granted"><Amount value={record.granted} token={asset} focus /></Row>
        <Row label="Paid so far"><Amount value={record.paid} token={asset} focus /></Row>
        <Row label="Set aside"><Amount value={record.pot} token={asset} focus /></Row>
        <Mine claim={claim} />
        <Row label="Asked by">{shorten(record.policyholder)}</Row>
        <Row label={held ? "Lapses at the latest" : "Delay ends"}>
          <Countdown until={held ? claim.latest : claim.payable_at} then={held ? "over" : "over: anybody can have it paid"} label={`Claim ${claim.claim}`} />
        </Row>
        {held && <Row label="Judged when">{typeof held.trip === "number" ? `trip ${held.trip} of the market ends` : "the breaker answers again"}</Row>}
        {record.waits && <Row label="Why it waits">{wordsOf(REASONS, record.waits)}</Row>}
      </dl>
      <Action onClick={() => void send(`Settle claim ${claim.claim}`, [settleClaim(vault.address, claim.claim)])} why={why ?? early}>
        Settle claim {claim.claim}
      </Action>
    </li>
  );
}

/** One's own part of the pot: ⌊pot · stake / total⌋, as a recovery would be shared. */
function Mine({ claim }: { readonly claim: V.ClaimResponse }) {
  const { vault, asset } = useBackstop();
  const { address } = useViewer();
  const mine = useAsk(["vault", "borne", address, claim.claim], address === undefined ? undefined : () => vault.stakerLosses(address, claim.claim - 1, 1), SLOW);
  const found = mine.data?.losses.find(({ loss }) => loss === claim.claim);
  if (found === undefined) return null;
  const part = (BigInt(claim.record.pot) * BigInt(found.stake)) / BigInt(found.total);
  return <Row label="Yours, if it is refused"><Amount value={part} token={asset} focus /></Row>;
}
