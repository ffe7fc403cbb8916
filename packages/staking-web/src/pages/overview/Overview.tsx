/** What the pool is, what it stands for, and what it lost. */
import { Claims } from "./Claims";
import { Cover } from "./Cover";
import { Losses } from "./Losses";
import { Markets } from "./Markets";
import { Price } from "./Price";
import { Summary } from "./Summary";
import { usePool } from "./use-pool";
import { Load } from "../../ui/load";

export function Overview() {
  const pool = usePool();
  return (
    <>
      <p className="intro">
        Stakers put money into this pool. In return for yield it pays the losses that derivatives exchanges cannot pay themselves. When a claim is granted,
        every stake loses the same part of its worth.
      </p>
      <Load of={pool} rows={4}>
        {(data) => (
          <>
            <Summary pool={data} />
            <div className="columns">
              <Price pool={data} />
              <Cover />
            </div>
            <Markets />
            <Claims pool={data} />
            <Losses count={data.losses} />
          </>
        )}
      </Load>
    </>
  );
}
