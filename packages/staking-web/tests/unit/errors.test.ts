import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { tell, tellLog, type Wording } from "../../src/client/errors";
import { NodeDown, NodeRefused } from "../../src/client/node";

const WORDING: Wording = {
  assets: (base) => `${base} A`,
  shares: (base) => `${base} S`,
  duration: (seconds) => `${seconds} seconds`,
};
const wrapped = (text: string) => `failed to execute message; message index: 0: ${text}: execute wasm contract failed`;
const told = (log: string, codespace = "wasm", code = 5) => tellLog(log, codespace, code, WORDING).sentence;

describe("errors of the contracts", () => {
  test.each([
    ["deposits are paused for 90 s more: withdrawals are not", "Deposits are paused by the guardian for 90 seconds more. Leaving is not."],
    ["ticket 7 is ready in 60 s", "Ticket 7 can be withdrawn in 60 seconds."],
    ["shares is 9: the staker has 5 active shares", "You asked for 9 S shares and have 5 S active ones."],
    ["assets would be 5: must be at least min_assets 6", "You would be paid 5 A, and you agreed to at least 6 A. A loss came in between: look at the new amount and send again."],
    ["open tickets are 20: at most 20; withdraw or cancel one, or unbond all 5 active shares", "You have 20 open tickets and the pool allows 20. Withdraw or cancel one, or leave with all your active shares."],
    ["claim 3 cannot be settled yet: it waits for the end of its delay in 5 s", "Claim 3 cannot be settled yet: it waits for the end of its delay in 5 s."],
  ])("%s", (text, sentence) => {
    expect(told(wrapped(text))).toBe(sentence);
  });

  test("a text that this version does not know is shown as it is", () => {
    expect(told(wrapped("the moon is 3: must be full"))).toBe("The moon is 3: must be full.");
  });

  test("a nested error, of which the chain leaves a code, is that code's sentence", () => {
    expect(told("failed to execute message; message index: 0: dispatch: submessages: codespace: sdk, code: 5")).toContain("not enough coins");
    expect(told("failed to execute message; message index: 0: dispatch: submessages: codespace: wasm, code: 5: execute wasm contract failed")).toContain("does not pass on why");
  });

  test("a code that nobody knows is named", () => {
    expect(told("", "ibc", 99)).toBe("The chain refused it with code 99 of ibc.");
  });

  test("the node's own refusals, and its silence", () => {
    expect(tell(new NodeRefused(32, "sdk", "account sequence mismatch"), WORDING).sentence).toContain("Another transaction");
    expect(tell(new NodeDown("x"), WORDING).sentence).toBe("The chain's node does not answer.");
  });

  // The texts stand in Rust: if one is reworded there, its sentence here is dead.
  test.each([
    ["contracts/backstop-vault/src/error.rs", "deposits are paused for {left} s more"],
    ["contracts/backstop-vault/src/error.rs", "shares would be {minted}: must be at least min_shares {min}"],
    ["contracts/backstop-vault/src/error.rs", "assets would be {paid}: must be at least min_assets {min}"],
    ["contracts/backstop-vault/src/error.rs", "ticket {ticket} is ready in {left} s"],
    ["contracts/backstop-vault/src/error.rs", "nothing is due to {staker} on these losses"],
    ["contracts/backstop-vault/src/error.rs", "claim {claim} cannot be settled yet: it waits for {waits_for}"],
    ["contracts/reward-distributor/src/error.rs", "restake: the vault's asset, {asset}, must be among the denoms"],
    ["contracts/risk-timelock/src/error.rs", "change {change} is {status}: must be pending"],
    ["packages/backstop-core/src/exits.rs", "shares is {asked}: the staker has {active} active shares"],
    ["packages/backstop-core/src/exits.rs", "shares is {asked}: must be at least min_ticket {min}, or all {active} active shares"],
    ["packages/backstop-core/src/exits.rs", "open tickets are {open}: at most {max}"],
  ])("%s still says %j", (file, text) => {
    expect(readFileSync(`../../${file}`, "utf8")).toContain(text);
  });
});
