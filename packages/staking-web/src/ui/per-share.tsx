/** What a share gets a year of one token, by the distributor's own figure. */
import { decimalOf } from "../amount/format";
import { useApp } from "../app/context";
import type * as D from "../client/generated/Distributor.types";
import { useBackstop } from "../data/pool";
import { idOf, tokenOf } from "../data/tokens";
import { Amount, Percent } from "./amount";

const ONE = 10n ** 18n;

/** For each whole unit of shares a year: the contract's base units a share, in whole units. */
export function PerShare({ yearly, denom }: { readonly yearly: string; readonly denom: D.Denom }) {
  const { config } = useApp();
  const { asset } = useBackstop();
  const token = tokenOf(config, idOf(denom));
  const rate = decimalOf(yearly);
  if (rate === undefined) return <>{yearly}</>;
  if (token.id === asset.id) return <><Percent value={rate} /> a year at a share price of 1</>;
  const units = (rate * 10n ** BigInt(asset.decimals)) / ONE;
  return (
    <>
      <Amount value={units} token={token} digits={4} /> a year for each share
    </>
  );
}
