/** The way out: tickets, their time, and what they are worth. */
import { useViewer } from "../../app/context";
import { useBackstop } from "../../data/pool";
import { Amount, SharesOf } from "../../ui/amount";
import { Load } from "../../ui/load";
import { Empty, Stat } from "../../ui/parts";
import { duration } from "../../words/time";
import { usePool, useStake } from "../overview/use-pool";
import { ForAnother } from "./ForAnother";
import { SetAside } from "./SetAside";
import { Tickets } from "./Tickets";
import { UnbondForm } from "./UnbondForm";

export function Leave() {
  const { terms } = useBackstop();
  const { address } = useViewer();
  return (
    <>
      <p className="intro">
        To leave, you unbond shares: they become a ticket. A ticket earns nothing and still bears losses. After {duration(terms.params.unbonding_period)} it is paid at the price of that day. Nothing can stop it.
      </p>
      {address === undefined ? <Empty>Connect a wallet, or look at an address, to see a stake and its tickets.</Empty> : <Mine key={address} address={address} />}
      <ForAnother />
    </>
  );
}

function Mine({ address }: { readonly address: string }) {
  const { asset } = useBackstop();
  const stake = useStake(address);
  const pool = usePool();
  return (
    <Load of={stake} rows={4}>
      {({ stake: shares, assets }) => (
        <>
          <dl className="stats stats-four">
            <Stat strong label="Your stake is worth now" note="All your shares, those that are leaving too">
              <Amount value={assets} token={asset} focus />
            </Stat>
            <Stat label="Earning" note="Active shares">
              <SharesOf value={shares.active} token={asset} focus />
            </Stat>
            <Stat label="Leaving" note={`In ${shares.tickets} ticket${shares.tickets === 1 ? "" : "s"}; they still bear losses`}>
              <SharesOf value={shares.queued} token={asset} focus />
            </Stat>
            {pool.data && <SetAside address={address} pool={pool.data} />}
          </dl>
          <div className="columns columns-form">
            <UnbondForm active={BigInt(shares.active)} open={shares.tickets} />
            <Tickets address={address} count={shares.tickets} />
          </div>
        </>
      )}
    </Load>
  );
}
