/** The vault's config, once it is known: what all pages stand on. */
import { createContext, useContext } from "react";
import { Breaker, Distributor, Vault } from "../client/contracts";
import type { Node } from "../client/node";
import type * as V from "../client/generated/Vault.types";
import type { Config } from "../config/config";
import { idOf, tokenOf, type Token } from "./tokens";

export interface Backstop {
  readonly vault: Vault;
  readonly distributor: Distributor | undefined;
  readonly breaker: Breaker;
  readonly terms: V.Config;
  readonly asset: Token;
}

export function backstopOf(node: Node, config: Config, terms: V.Config): Backstop {
  return {
    vault: new Vault(node, config.contracts.vault),
    distributor: terms.distributor ? new Distributor(node, terms.distributor) : undefined,
    breaker: new Breaker(node, terms.params.breaker),
    terms,
    asset: tokenOf(config, idOf(terms.asset)),
  };
}

const BackstopContext = createContext<Backstop | undefined>(undefined);
export const BackstopProvider = BackstopContext.Provider;

export function useBackstop(): Backstop {
  const backstop = useContext(BackstopContext);
  if (backstop === undefined) throw new Error("useBackstop is called outside of BackstopProvider");
  return backstop;
}
