/** What a staker can send, as the contracts take it. */
import type * as D from "./generated/Distributor.types";
import type * as V from "./generated/Vault.types";
import { base64 } from "./node";

export interface Coin {
  readonly denom: string;
  readonly amount: string;
}

/** One message to one contract. */
export interface Execute {
  readonly contract: string;
  readonly msg: Record<string, unknown>;
  readonly funds: readonly Coin[];
}

function execute(contract: string, msg: V.ExecuteMsg | D.ExecuteMsg, funds: readonly Coin[] = []): Execute {
  return { contract, msg, funds };
}

/** A deposit; a cw20 asset comes by the token's `send`. */
export function deposit(vault: string, asset: V.Denom, amount: bigint, minShares: bigint, receiver?: string): Execute {
  const body = { deposit: { min_shares: minShares.toString(), ...(receiver !== undefined && { receiver }) } };
  if ("native" in asset) return execute(vault, body, [{ denom: asset.native, amount: amount.toString() }]);
  const msg = base64(new TextEncoder().encode(JSON.stringify(body)));
  return { contract: asset.cw20, msg: { send: { contract: vault, amount: amount.toString(), msg } }, funds: [] };
}

/** Without a number of shares all active ones, so that none is left behind. */
export function unbond(vault: string, shares: bigint | undefined, autoWithdraw: boolean): Execute {
  return execute(vault, {
    unbond: { auto_withdraw: autoWithdraw, ...(shares !== undefined && { shares: shares.toString() }) },
  });
}

export function cancelUnbond(vault: string, ticket: number): Execute {
  return execute(vault, { cancel_unbond: { ticket } });
}

/**
 * The tickets that are named; without numbers whatever of the oldest is ready. Those of
 * somebody else must have been marked for that; their owner is paid.
 */
export function withdraw(vault: string, tickets: number[] | undefined, minAssets: bigint, staker?: string): Execute {
  return execute(vault, { withdraw: { min_assets: minAssets.toString(), ...(tickets && { tickets }), ...(staker !== undefined && { staker }) } });
}

/** Of the losses that are named; without numbers of the next thirty on which money came back. */
export function claimRecovery(vault: string, losses: number[] | undefined, restake: boolean): Execute {
  return execute(vault, { claim_recovery: { restake, ...(losses ? { losses } : { limit: 30 }) } });
}

export function claimRewards(distributor: string, denoms: D.UncheckedDenom[] | undefined, restake: boolean, receiver?: string): Execute {
  return execute(distributor, { claim: { restake, ...(denoms && { denoms }), ...(receiver !== undefined && { receiver }) } });
}

export function settleClaim(vault: string, claim: number): Execute {
  return execute(vault, { settle_claim: { claim } });
}

export function sync(distributor: string, staker: string): Execute {
  return execute(distributor, { sync: { staker } });
}

export function withdrawCredit(vault: string): Execute {
  return execute(vault, { withdraw_credit: {} });
}
