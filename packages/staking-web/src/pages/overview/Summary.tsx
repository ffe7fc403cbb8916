/** The pool in five figures, and what one's own stake is worth. */
import { decimalOf, part } from "../../amount/format";
import type { PoolResponse } from "../../client/generated/Vault.types";
import { useApp, useViewer } from "../../app/context";
import { useAsk, SLOW } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { idOf, symbolsOf } from "../../data/tokens";
import type { Streams } from "../../data/yield";
import { Amount, Percent, SharesOf } from "../../ui/amount";
import { Badge, Stat } from "../../ui/parts";
import { PerShare } from "../../ui/per-share";
import { Gauge } from "../../ui/waterfall";
import { usePastYear, usePauses, usePolicies, useStake, useStreams, useYields } from "./use-pool";
import { Countdown } from "../../ui/time";

export function Summary({ pool }: { readonly pool: PoolResponse }) {
  const { asset } = useBackstop();
  return (
    <>
      <Pauses />
      <dl className="stats">
        <Stat strong label="Assets of the pool" note={<>What all {<SharesOf value={pool.shares} token={asset} />} are worth</>}>
          <Amount value={pool.assets} token={asset} focus />
        </Stat>
        <Apr pool={pool} />
        <Sold pool={pool} />
        <Stat label="Share price" note="Assets per share. Only a loss lowers it; yield is paid beside it.">
          <Price pool={pool} />
        </Stat>
        <Stat
          label="Set aside in open claims"
          note={pool.pending_claims === 0 ? "No claim is open." : `In ${pool.pending_claims} open claim${pool.pending_claims === 1 ? "" : "s"}. It has left the assets, and comes back where a claim is refused.`}
        >
          <Amount value={pool.pots} token={asset} focus />
        </Stat>
        <Mine />
      </dl>
    </>
  );
}

function Price({ pool }: { readonly pool: PoolResponse }) {
  const { asset } = useBackstop();
  const price = decimalOf(pool.share_price);
  if (price === undefined) return <>{pool.share_price}</>;
  return <Amount value={price} token={{ ...asset, id: "× 10⁻¹⁸ a share", decimals: 18 }} digits={4} focus />;
}

function Apr({ pool }: { readonly pool: PoolResponse }) {
  const { config } = useApp();
  const { asset } = useBackstop();
  const yields = useYields();
  const streams = useStreams();
  const year = usePastYear(pool.losses);
  const gross = decimalOf(yields.data?.value?.now ?? "");
  const others = yields.data?.unpriced ?? [];
  const symbols = symbolsOf(config, others);
  const [first] = others;
  if (first && (gross === undefined || gross === 0n)) {
    return (
      <Stat label="Yield a year" note={`In ${symbols}, whose worth in ${asset.symbol} this page is not told${others.length > 1 ? ". See Earn for what a share gets of each" : ""}.`}>
        <PerShare yearly={first.apr.now} denom={first.denom} />
      </Stat>
    );
  }
  if (gross === undefined) {
    return (
      <Stat label="Yield a year" note="The rewards are not known yet.">
        <span className="quiet">—</span>
      </Stat>
    );
  }
  const expected = config.expectedLoss ? decimalOf(config.expectedLoss.yearly) : year.data?.lost;
  const net = expected === undefined ? undefined : gross - expected;
  const premiums = premiumsOf(pool, yields.data?.denoms.find(({ denom }) => idOf(denom) === asset.id)?.apr.now, streams.data);
  return (
    <Stat
      label="Yield a year"
      note={
        <>
          {premiums !== undefined && premiums <= gross && (
            <>
              <Percent value={premiums} /> premiums, <Percent value={gross - premiums} /> emissions, which are all other rewards.{" "}
            </>
          )}
          {net !== undefined && expected !== undefined && (
            <>
              Less losses of <Percent value={expected} /> {config.expectedLoss ? `(${config.expectedLoss.source})` : "in the past year"}: <Percent value={net < 0n ? 0n : net} />
              {net < 0n && " or less"}.
            </>
          )}
          {others.length > 0 && ` Rewards in ${symbols} come on top, at no known worth.`}
        </>
      }
    >
      <Percent value={gross} />
    </Stat>
  );
}

/**
 * What of the yield are premiums: their part of what streams in the asset, by what a share
 * gets of that a year, over its price. None where not all streams were looked at.
 */
function premiumsOf(pool: PoolResponse, yearly: string | undefined, streams: Streams | null | undefined): bigint | undefined {
  const [own, price] = [decimalOf(yearly ?? "0"), decimalOf(pool.share_price)];
  if (!streams?.whole || own === undefined || price === undefined) return undefined;
  return (part(own, price) * streams.premiums) / 10n ** 18n;
}

/** The utilisation is the vault's own; where no policy asks a premium, the limits over the active shares' worth. */
function Sold({ pool }: { readonly pool: PoolResponse }) {
  const { vault, asset } = useBackstop();
  const policies = usePolicies();
  const active = policies.data?.rows.filter(({ closed_at }) => !closed_at) ?? [];
  const asks = active.find(({ terms }) => terms.premium !== null && terms.premium !== undefined);
  const quote = useAsk(["vault", "utilisation", asks?.policyholder, asks?.market], asks && (() => vault.quotePremium(asks.policyholder, asks.market)), SLOW);
  const sold = active.reduce((sum, { terms }) => sum + BigInt(terms.limit), 0n);
  const told = decimalOf(quote.data?.utilisation ?? "");
  const earning = BigInt(pool.shares) === 0n ? 0n : (BigInt(pool.assets) * BigInt(pool.active)) / BigInt(pool.shares);
  const used = asks ? told : earning === 0n ? undefined : part(sold, earning);
  return (
    <Stat
      label="Cover sold against assets"
      note={
        policies.data?.whole === false && told === undefined ? (
          "There are more policies than are added up here: see Governance."
        ) : (
          <>
            Limits of <Amount value={sold} token={asset} /> in {active.length} {active.length === 1 ? "policy" : "policies"}, over the stakes that earn
            {used !== undefined && <Gauge part={Number(used / 10n ** 14n) / 100} label="Cover sold against assets" />}
          </>
        )
      }
    >
      {policies.data && used !== undefined ? <Percent value={used} digits={1} /> : <span className="quiet">—</span>}
    </Stat>
  );
}

function Mine() {
  const { asset } = useBackstop();
  const { address } = useViewer();
  const stake = useStake(address);
  if (address === undefined || stake.data === undefined) {
    return (
      <Stat label="Your stake" note="Connect a wallet, or look at an address.">
        <span className="quiet">—</span>
      </Stat>
    );
  }
  const { active, queued } = stake.data.stake;
  return (
    <Stat
      label="Your stake"
      note={
        <>
          <SharesOf value={active} token={asset} /> earn{queued !== "0" && <>, <SharesOf value={queued} token={asset} /> are leaving</>}
        </>
      }
    >
      <Amount value={stake.data.assets} token={asset} focus />
    </Stat>
  );
}

function Pauses() {
  const pauses = usePauses();
  if (!pauses.data) return null;
  const { deposits, payouts } = pauses.data;
  return (
    <>
      {deposits && (
        <p className="notice">
          <Badge tone="warn">Paused</Badge> The guardian, who can brake and nothing else, has paused deposits. Leaving is never paused. Time left: <Countdown until={deposits.until} then="over" label="Pause of deposits" />
        </p>
      )}
      {payouts && (
        <p className="notice">
          <Badge tone="warn">Paused</Badge> The guardian has paused payouts: the clocks of open claims stand still. Time left: <Countdown until={payouts.until} then="over" label="Pause of payouts" />
        </p>
      )}
    </>
  );
}
