/** Rewards and recoveries, each to be claimed. */
import { Fragment } from "react";
import { useViewer } from "../../app/context";
import { useBackstop } from "../../data/pool";
import { Empty } from "../../ui/parts";
import { Credit } from "./Credit";
import { Recoveries } from "./Recoveries";
import { Rewards } from "./Rewards";
import { Yields } from "./Yields";

export function Earn() {
  const { distributor } = useBackstop();
  const { address } = useViewer();
  return (
    <>
      <p className="intro">Active shares earn rewards every second: premiums that policyholders pay for cover, and whatever else is funded. They never touch the share price.</p>
      {address === undefined && <Empty>Connect a wallet, or look at an address, to see what it has earned.</Empty>}
      {/* Of one account: what was chosen and typed for it is not another's. */}
      {address !== undefined && (
        <Fragment key={address}>
          {distributor && <Rewards address={address} />}
          <Recoveries address={address} />
          <Credit address={address} />
        </Fragment>
      )}
      {distributor ? <Yields /> : <Empty>The pool has no distributor yet: nothing is earned.</Empty>}
    </>
  );
}
