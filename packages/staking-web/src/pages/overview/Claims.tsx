/** Claims that are granted and not paid in full yet. */
import { useViewer } from "../../app/context";
import { useSend } from "../../app/use-send";
import type * as V from "../../client/generated/Vault.types";
import { settleClaim } from "../../client/messages";
import { isKnown, variant, wordsOf } from "../../client/variant";
import { QUICK, SLOW, useAsk } from "../../data/ask";
import { partOfPot } from "../../data/history";
import { useBackstop } from "../../data/pool";
import { shorten } from "../../data/tokens";
import { Amount, Unknown } from "../../ui/amount";
import { useCursor } from "../../ui/cursor";
import { Load } from "../../ui/load";
import { Action, Badge, Empty, Pager, Panel, Row, type Tone } from "../../ui/parts";
import { Countdown, Since, useChainNow } from "../../ui/time";
import { millis } from "../../words/time";
import { CLAIM_MEANS, CLAIM_STATUS, REASONS } from "../../words/vault";

const SIZE = 5;

export function Claims({ pool }: { readonly pool: V.PoolResponse }) {
  const { vault, asset } = useBackstop();
  const { after, page: number, turns } = useCursor<number>(SIZE);
  const page = useAsk(["vault", "open", pool.pending_claims, pool.losses, after], () => vault.openClaims(after, SIZE), QUICK * 2, true);
  return (
    <Panel
      title="Open claims"
      lead="A claim is a shortfall that was granted. It is a loss from that moment; what is not paid yet is set aside in the claim’s pot."
      aside={pool.pending_claims > 0 ? <><Amount value={pool.pots} token={asset} /> set aside</> : undefined}
    >
      <Load of={page} rows={2}>
        {({ claims }) => {
          const last = claims.at(-1)?.claim;
          return (
            <>
              {claims.length === 0 && <Empty page={number}>No claim is open.</Empty>}
              <ul className="records">
                {claims.map((claim) => (
                  <OpenClaim key={claim.claim} claim={claim} />
                ))}
              </ul>
              <Pager
                what="open claims"
                range={`Page ${number}`}
                words={["Back", "Next"]}
                {...turns(claims.length, last)}
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

/** One's own part of the pot. */
function Mine({ claim }: { readonly claim: V.ClaimResponse }) {
  const { vault, asset } = useBackstop();
  const { address } = useViewer();
  const ask = address === undefined ? undefined : async () => (await partOfPot(vault, address, claim)) ?? null;
  const part = useAsk(["vault", "part-of-pot", address, claim.claim, claim.record.pot], ask, SLOW).data;
  if (part === undefined || part === null) return null;
  return <Row label="Yours, if it is refused"><Amount value={part} token={asset} focus /></Row>;
}
