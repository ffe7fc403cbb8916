import { QUICK, RARE, SLOW, useAsk } from "../../data/ask";
import { idOf } from "../../data/tokens";
import { pastYear } from "../../data/history";
import { somePolicies } from "../../data/policies";
import { useBackstop } from "../../data/pool";
import { pricesFor, streamsOf, unpriced } from "../../data/yield";
import { useApp } from "../../app/context";
import { useChainNow } from "../../ui/time";

export function usePool() {
  const { vault } = useBackstop();
  return useAsk(["vault", "pool"], () => vault.pool(), QUICK);
}

export function usePauses() {
  const { vault } = useBackstop();
  return useAsk(["vault", "pauses"], () => vault.pauses(), SLOW);
}

export function usePolicies() {
  const { vault } = useBackstop();
  return useAsk(["vault", "policies", "some"], () => somePolicies(vault), SLOW);
}

export function useStake(address: string | undefined) {
  const { vault } = useBackstop();
  return useAsk(["vault", "stake", address], address === undefined ? undefined : () => vault.stake(address), QUICK);
}

export function useYields() {
  const { config } = useApp();
  const { distributor, breaker, terms } = useBackstop();
  const ask = distributor && (async () => {
    const { denoms } = await distributor.denoms();
    const prices = await pricesFor(breaker, config, terms.asset, denoms.map(({ denom }) => denom));
    const yields = await distributor.yields(prices);
    return { ...yields, unpriced: unpriced(yields.denoms, prices) };
  });
  return useAsk(["distributor", "yields"], ask, SLOW);
}

/** Premiums and emissions of what is paid in the asset. */
export function useStreams() {
  const { distributor, vault, terms } = useBackstop();
  const ask = distributor && (async () => {
    const { denoms } = await distributor.denoms();
    const listed = denoms.some(({ denom }) => idOf(denom) === idOf(terms.asset));
    return listed ? streamsOf(distributor, terms.asset, vault.address) : null;
  });
  return useAsk(["distributor", "streams"], ask, RARE);
}

export function usePastYear(losses: number) {
  const { vault } = useBackstop();
  const now = useChainNow();
  const day = Math.floor(now / 86_400_000);
  return useAsk(["vault", "past-year", losses, day], () => pastYear(vault, losses, now), RARE * 10);
}
