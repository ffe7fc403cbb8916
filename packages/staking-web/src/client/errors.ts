/**
 * Errors of the contracts and of the chain as sentences. The contracts' own texts
 * are plain English already; what a staker can meet is said again in the page's
 * words, with amounts and times as people read them. Any other text is shown as it
 * is, so nothing is hidden.
 */
import { NodeDown, NodeRefused } from "./node";

export interface Told {
  /** What happened, and what can be done. */
  readonly sentence: string;
  /** The chain's own text, where the sentence is not it. */
  readonly raw?: string;
}

/** How numbers in an error are written. */
export interface Wording {
  readonly assets: (base: string) => string;
  readonly shares: (base: string) => string;
  readonly duration: (seconds: number) => string;
}

type Say = (found: string[], wording: Wording) => string;

const SHARES_AND_ALL = "shares? is (\\d+): must be at least min_ticket (\\d+), or all (\\d+) active shares";

/** By the contracts' texts: `error.rs` of each, and `exits.rs` of backstop-core. */
const SENTENCES: readonly (readonly [RegExp, Say])[] = [
  [/deposits are paused for (\d+) s more/, ([left = ""], w) => `Deposits are paused by the guardian for ${w.duration(Number(left))} more. Leaving is not.`],
  [/distributor is not set: deposits begin/, () => "The pool does not take deposits yet: its owner has not set where rewards come from."],
  [/shares would be (\d+): must be at least min_shares (\d+)/, ([is = "", min = ""], w) => `The deposit would get ${w.shares(is)} shares, and you agreed to at least ${w.shares(min)}. The price moved: look at the new preview and send again.`],
  [/assets would be (\d+): must be at least min_assets (\d+)/, ([is = "", min = ""], w) => `You would be paid ${w.assets(is)}, and you agreed to at least ${w.assets(min)}. A loss came in between: look at the new amount and send again.`],
  [/ticket (\d+) is ready in (\d+) s/, ([ticket = "", left = ""], w) => `Ticket ${ticket} can be withdrawn in ${w.duration(Number(left))}.`],
  [/none of the oldest \d+ tickets of \S+ is ready yet/, () => "None of your tickets is ready yet."],
  [/nothing is due to \S+ on these losses/, () => "Nothing is due to you on these losses: it has been taken, or nothing came back yet."],
  [/shares is 0: must be at least 1/, () => "Name at least one share."],
  [/shares is (\d+): the staker has (\d+) active shares/, ([asked = "", active = ""], w) => `You asked for ${w.shares(asked)} shares and have ${w.shares(active)} active ones.`],
  [new RegExp(SHARES_AND_ALL), ([asked = "", min = "", active = ""], w) => `A ticket must have at least ${w.shares(min)} shares, or all ${w.shares(active)} that you have; you asked for ${w.shares(asked)}.`],
  [/open tickets are (\d+): at most (\d+)/, ([open = "", most = ""]) => `You have ${open} open tickets and the pool allows ${most}. Withdraw or cancel one, or leave with all your active shares.`],
  [/claim (\d+) cannot be settled yet: it waits for (.+?)(?:: execute|$)/, ([claim = "", what = ""]) => `Claim ${claim} cannot be settled yet: it waits for ${what}.`],
  [/claim (\d+) is not pending: it is (\w+)/, ([claim = "", status = ""]) => `Claim ${claim} has ended already: it is ${status}.`],
  [/restake: the vault's asset, .+, must be among the denoms/, () => "Only rewards in the pool's own asset can be staked again: choose them too."],
  [/denom is (\S+): must be one that is listed/, ([denom = ""]) => `The distributor does not know the denom ${denom}.`],
  [/change (\d+) is due at/, ([change = ""]) => `Change ${change} is not due yet.`],
  [/change (\d+) is (\w+): must be pending/, ([change = "", status = ""]) => `Change ${change} no longer waits: it is ${status}.`],
  [/has earned nothing that was not sent/, () => "There is no earned premium to pass on yet."],
  [/(\S+) has no credit/, () => "The pool owes you no credit."],
  [/must be a valid address in lower case/, () => "That is not an address of this chain."],
];

/** By codespace and code: what a nested message leaves of an error is no more than this. */
const CODES: Readonly<Record<string, string>> = {
  "sdk 4": "The signature was not accepted: the account that signed is not the one that the transaction names, or the bytes were changed.",
  "sdk 5": "The account has not enough coins for the amount and the fee.",
  "sdk 9": "The account is not known to the chain yet: send it some coins first.",
  "sdk 11": "The transaction ran out of gas, and nothing changed but the fee. Send it again: more gas will be simulated.",
  "sdk 13": "The fee was too low for this node. Raise it in the wallet.",
  "sdk 18": "The chain refused the request as it was written.",
  "sdk 19": "The node has this transaction already.",
  "sdk 20": "The node is full of transactions: try again in a moment.",
  "sdk 30": "The transaction was approved too late and is void. Send it again.",
  "sdk 32": "Another transaction of this account came first. Send it again.",
  "wasm 5": "A contract that the message calls refused, and the chain does not pass on why.",
  "wasm 11": "The contract ran into its limits.",
  "wasm 22": "There is no contract at this address.",
};

/** What an error means, for whoever reads the page. */
export function tell(error: unknown, wording: Wording): Told {
  if (error instanceof NodeDown) return { sentence: "The chain's node does not answer.", raw: error.message };
  if (error instanceof NodeRefused) return tellLog(error.log, error.codespace, error.code, wording);
  return tellLog(error instanceof Error ? error.message : String(error), "", 0, wording);
}

/** The same of a committed transaction's log. */
export function tellLog(log: string, codespace: string, code: number, wording: Wording): Told {
  for (const [pattern, say] of SENTENCES) {
    const found = pattern.exec(log);
    if (found !== null) return { sentence: say(found.slice(1), wording), raw: log };
  }
  const own = contractText(log);
  if (own !== undefined) return { sentence: sentence(own), raw: log };
  const nested = /codespace: (\w+), code: (\d+)/.exec(log);
  const known = CODES[nested ? `${nested[1] ?? ""} ${nested[2] ?? ""}` : `${codespace} ${code}`];
  if (known !== undefined) return { sentence: known, raw: log };
  return { sentence: log === "" ? `The chain refused it with code ${code} of ${codespace || "unknown"}.` : sentence(log) };
}

/** What a contract itself said, without what the chain wraps around it. */
function contractText(log: string): string | undefined {
  const match = /(?:message index: \d+: |^)(?:rpc error: .*?desc = )?(.+?): (?:execute|query|instantiate) wasm contract failed/s.exec(log);
  const text = match?.[1]?.replace(/^.*message index: \d+: /s, "").replace(/^dispatch: submessages: /, "");
  return text === undefined || text === "" || text.startsWith("codespace:") ? undefined : text;
}

function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
