/** Rewards and recoveries, each to be claimed. */
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
      {address !== undefined && distributor && <Rewards key={address} address={address} />}
      {address !== undefined && <Recoveries key={address} address={address} />}
      {address !== undefined && <Credit address={address} />}
      {distributor ? <Yields /> : <Empty>The pool has no distributor yet: nothing is earned.</Empty>}
    </>
  );
}
