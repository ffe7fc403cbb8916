/**
 * Who owns and who administers the contracts, by the chain's own word and not by the
 * timelock's: a contract that only pretends to be one cannot pass.
 */
import { NodeRefused, type Node } from "../client/node";
import { contractFacts, smart } from "../client/query";
import type { ContractName, OwnershipForString } from "../client/generated/Timelock.types";
import type { Config } from "../config/config";
import { CONTRACTS } from "../words/vault";
import type { Backstop } from "./pool";

export interface Held {
  readonly contract: ContractName;
  readonly address: string;
  readonly owner: string | undefined;
  readonly pendingOwner: string | undefined;
  readonly admin: string | undefined;
  readonly codeId: number;
  readonly checksum: string;
  /** Whether the checksum is one of a release's; none if config.json names no releases. */
  readonly knownCode: boolean | undefined;
}

export interface CustodyFacts {
  readonly contracts: readonly Held[];
  /** Whether the vault's owner is a contract with a timelock's known code. */
  readonly timelock: "known" | "unknown_code" | "none";
  /** Whether all contracts are owned and administered by that timelock, with no transfer under way. */
  readonly complete: boolean;
  /** Whether the code of all of them is a release's. */
  readonly knownCode: boolean;
}

export async function custodyOf(node: Node, config: Config, { vault, distributor, breaker }: Backstop, owner: string | undefined): Promise<CustodyFacts> {
  const named: (readonly [ContractName, string])[] = [["vault", vault.address]];
  if (distributor) named.push(["distributor", distributor.address]);
  named.push(["breaker", breaker.address]);
  const contracts = await Promise.all(named.map(([name, address]) => held(node, config, name, address)));
  const lock = owner === undefined ? undefined : await timelockAt(node, config, owner, vault.address);
  const all = lock ? [...contracts, lock] : contracts;
  const mine = (one: Held) => one.admin === owner && one.pendingOwner === undefined && (one.contract === "timelock" || one.owner === owner);
  const state = lock === undefined ? "none" : lock.knownCode ? "known" : "unknown_code";
  return { contracts: all, timelock: state, complete: lock !== undefined && all.every(mine), knownCode: all.every(({ knownCode }) => knownCode === true) };
}

async function held(node: Node, config: Config, contract: ContractName, address: string): Promise<Held> {
  const [facts, ownership] = await Promise.all([contractFacts(node, address), smart<OwnershipForString>(node, address, { ownership: {} })]);
  const released = config.code[CONTRACTS[contract].code];
  return {
    contract,
    address,
    owner: ownership.owner ?? undefined,
    pendingOwner: ownership.pending_owner ?? undefined,
    admin: facts.admin,
    codeId: facts.codeId,
    checksum: facts.checksum,
    knownCode: released?.includes(facts.checksum),
  };
}

/** The owner, if it is a contract that answers as the timelock of this vault does. */
async function timelockAt(node: Node, config: Config, address: string, vault: string): Promise<Held | undefined> {
  try {
    const its = await smart<{ readonly vault?: unknown } | null>(node, address, { config: {} });
    if (its?.vault !== vault) return undefined;
    return await held(node, config, "timelock", address);
  } catch (error) {
    if (error instanceof NodeRefused) return undefined;
    throw error;
  }
}
