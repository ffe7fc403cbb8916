/** The wallet as users and devices are: absent, late, locked, unwilling, on a Ledger. */
import { account } from "./support/accounts";
import { ONE } from "./support/chain";
import { problemsOf } from "./support/keplr/chain-info";
import { expect, test, visit, type Staker } from "./support/test";
import { world } from "./support/world";

const refused = ({ page }: Staker) => page.getByRole("alert").first();

/** Fills in a deposit, so that one click sends it. */
async function fillDeposit({ page }: Staker, amount: string): Promise<void> {
  await visit(page, "Stake");
  await page.getByRole("textbox", { name: "Amount" }).fill(amount);
  await page.getByRole("checkbox", { name: /I understand/ }).check();
}

const stakeButton = ({ page }: Staker) => page.getByRole("button", { name: "Stake", exact: true });
const toast = ({ page }: Staker) => page.locator(".toast").last();

test("the chain that the page suggests passes Keplr's rules, and breaking any of them does not", async ({ page }) => {
  await page.goto(world().page);
  const config = (await (await page.request.get(`${world().page}/config.json`)).json()) as { chain: Record<string, unknown> };
  const { chain } = config;
  expect(problemsOf(chain)).toEqual([]);
  const fee = (chain["feeCurrencies"] as object[])[0];
  const worse: Record<string, unknown>[] = [
    { rpc: "127.0.0.1" },
    { rest: "http://127.0.0.1/?key=1" },
    { chainId: "" },
    { chainName: "x".repeat(37) },
    { bip44: {} },
    { bech32Config: { bech32PrefixAccAddr: "wasm" } },
    { currencies: [] },
    { currencies: [{ coinDenom: "X", coinMinimalDenom: "ux", coinDecimals: 19 }] },
    { feeCurrencies: [{ ...fee, gasPriceStep: { low: 2, average: 1, high: 3 } }] },
    { stakeCurrency: { coinDenom: "X", coinMinimalDenom: "ux", coinDecimals: 6 } },
    { gasPriceStep: { low: 1, average: 1, high: 1 } },
  ];
  for (const change of worse) expect(problemsOf({ ...chain, ...change }), JSON.stringify(change)).not.toEqual([]);
});

test.describe("without a wallet", () => {
  test.use({ walletAfterMs: -1 });
  test("everything can be read, and the button says what is missing", async ({ staker, chain }) => {
    const { page, go } = staker;
    await go();
    await expect(page.getByRole("button", { name: "Connect Keplr" })).toHaveAccessibleDescription(/Keplr is not in this browser/);
    await page.getByText("Look at an address", { exact: true }).click();
    await page.getByRole("textbox", { name: "Address, read only" }).fill(chain.address("carol"));
    await page.getByRole("button", { name: "Look", exact: true }).click();
    await expect(page.locator(".stat").filter({ hasText: "Your stake" })).toContainText("shares");
    await visit(page, "Leave");
    await expect(page.getByRole("button", { name: "Leave with these shares" })).toHaveAccessibleDescription("Connect your wallet first.");
  });
});

test.describe("a wallet that comes after the page", () => {
  test.use({ walletAfterMs: 6_000 });
  test("is found and connects", async ({ staker }) => {
    await staker.go();
    await expect(staker.page.getByRole("button", { name: "Connect Keplr" })).toHaveAccessibleDescription(/Keplr is not in this browser/);
    await staker.connect();
  });
});

test.describe("a wallet that does not know the chain", () => {
  test.use({ knowsChain: false });
  test("is told of it; who declines that is told so and may try again", async ({ staker }) => {
    const { page, keys, go, connect } = staker;
    await go();
    keys.habits.rejects = "suggest";
    await page.getByRole("button", { name: "Connect Keplr" }).click();
    await expect(refused(staker)).toContainText("You declined it in the wallet");
    expect(keys.asked).toContain("experimentalSuggestChain");
    delete keys.habits.rejects;
    await connect();
  });
});

test("a locked wallet says so, and connects once it is unlocked", async ({ staker }) => {
  const { page, keys, go, connect } = staker;
  await go();
  keys.habits.locked = true;
  await page.getByRole("button", { name: "Connect Keplr" }).click();
  await expect(refused(staker)).toContainText("The wallet is locked");
  keys.habits.locked = false;
  await connect();
});

test("a transaction that is declined in the wallet sends nothing", async ({ staker, chain }) => {
  const { keys, go, connect } = staker;
  await go();
  await connect();
  const before = await chain.balance("alice", "ustake");
  await fillDeposit(staker, "5");
  keys.habits.rejects = "sign";
  await stakeButton(staker).click();
  await expect(toast(staker)).toHaveAttribute("data-phase", "failed");
  await expect(toast(staker)).toContainText("You declined it in the wallet. Nothing was sent.");
  expect(await chain.balance("alice", "ustake")).toBe(before);
});

test("a fee that is edited in the wallet is the one that is paid", async ({ staker, chain }) => {
  const { keys, go, connect, done } = staker;
  await go();
  await connect();
  const before = await chain.balance("alice", "ustake");
  keys.habits.editsFee = (fee) => ({ gas: String(Number(fee.gas) + 11_111), amount: [{ denom: "ustake", amount: "77777" }] });
  await fillDeposit(staker, "5");
  await stakeButton(staker).click();
  await expect(toast(staker)).toContainText("0.077777");
  await done("Stake 5 USD");
  expect(before - (await chain.balance("alice", "ustake"))).toBe(77_777n);
  expect(keys.signedFees).toHaveLength(1);
});

test("a signature that was changed ends in the chain's refusal, in words", async ({ staker, chain }) => {
  const { keys, go, connect } = staker;
  await go();
  await connect();
  const before = await chain.balance("alice", "ustake");
  keys.habits.corrupts = true;
  await fillDeposit(staker, "5");
  await stakeButton(staker).click();
  await expect(toast(staker)).toHaveAttribute("data-phase", "failed");
  await expect(toast(staker)).toContainText("The signature was not accepted");
  await toast(staker).getByText("The chain’s own words").click();
  await expect(toast(staker)).toContainText("signature verification failed");
  expect(await chain.balance("alice", "ustake")).toBe(before);
});

test("a Ledger signs an amino document, with its edited fee too", async ({ staker, chain }) => {
  const { page, keys, go, connect, done } = staker;
  keys.habits.ledger = true;
  keys.habits.editsFee = (fee) => ({ ...fee, amount: [{ denom: "ustake", amount: "88888" }] });
  await go();
  await connect();
  await expect(page.getByText("Ledger")).toBeVisible();
  const [fees, stake] = [await chain.balance("alice", "ustake"), await chain.balance("alice")];
  await fillDeposit(staker, "7");
  await stakeButton(staker).click();
  await done("Stake 7 USD");
  expect(keys.asked).toContain("signAmino");
  expect(keys.asked).not.toContain("signDirect");
  expect(fees - (await chain.balance("alice", "ustake"))).toBe(88_888n);
  expect(stake - (await chain.balance("alice"))).toBe(7n * ONE);
});

test("another account in the wallet is another account in the page, at once", async ({ staker, chain }) => {
  const { page, go, connect, switchTo } = staker;
  await go("leave");
  await connect();
  await expect(page.locator(".wallet").getByTitle(chain.address("alice"))).toBeVisible();
  await switchTo("carol");
  await expect(page.locator(".wallet").getByTitle(chain.address("carol"))).toBeVisible();
  await expect(page.getByText(chain.address("alice"))).toHaveCount(0);
  const { assets } = await chain.stake("carol");
  await expect(page.locator(".stat").filter({ hasText: "Your stake is worth now" })).toContainText(`${BigInt(assets).toLocaleString("en-US")} uusd`);
});

test("an account that was switched while the window was open signs nothing for the other", async ({ staker, chain }) => {
  const { keys, go, connect } = staker;
  await go();
  await connect();
  const before = await chain.balance("carol", "ustake");
  await fillDeposit(staker, "5");
  // The wallet's own switch, of which the page has not heard yet.
  keys.account = account("carol");
  await stakeButton(staker).click();
  await expect(toast(staker)).toHaveAttribute("data-phase", "failed");
  await expect(toast(staker)).toContainText(/another account|Signer mismatched/);
  expect(await chain.balance("carol", "ustake")).toBe(before);
});

test("a click while one transaction is on its way sends no second", async ({ staker, chain }) => {
  const { keys, go, connect, done } = staker;
  await go();
  await connect();
  keys.habits.takesMs = 1_500;
  const before = await chain.balance("alice");
  await fillDeposit(staker, "3");
  await stakeButton(staker).dblclick();
  await expect(stakeButton(staker)).toHaveAccessibleDescription("Another transaction is on its way.");
  await stakeButton(staker).click({ force: true });
  await done("Stake 3 USD");
  expect(keys.asked.filter((method) => method === "signDirect")).toHaveLength(1);
  expect(before - (await chain.balance("alice"))).toBe(3n * ONE);
});
