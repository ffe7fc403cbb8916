/** Who decides, what is decided, and what is about to change. */
import { useBackstop } from "../../data/pool";
import { useAsk, RARE } from "../../data/ask";
import { Timelock } from "../../client/contracts";
import { useApp } from "../../app/context";
import { Load } from "../../ui/load";
import { Custody } from "./Custody";
import { Parameters } from "./Parameters";
import { Policies } from "./Policies";
import { Queue } from "./Queue";

export function Governance() {
  const { node } = useApp();
  const { vault } = useBackstop();
  const ownership = useAsk(["vault", "ownership"], () => vault.ownership(), RARE);
  return (
    <>
      <p className="intro">
        The pool’s owner sets limits and policies. Where the owner is a timelock, a change that raises your risk waits until everybody who disagrees could have left.
      </p>
      <Load of={ownership} rows={4}>
        {({ owner, pending_owner }) => {
          const timelock = owner ? new Timelock(node, owner) : undefined;
          return (
            <>
              <Custody owner={owner ?? undefined} pending={pending_owner ?? undefined} />
              {timelock && <Queue timelock={timelock} />}
              <Policies />
              <Parameters />
            </>
          );
        }}
      </Load>
    </>
  );
}
