/** What happens to a stake while its owner looks on. */
import { ONE, UNBONDING } from "./support/chain";
import { expect, grouped, row, test, visit } from "./support/test";

test.use({ who: "bob" });

test("a loss appears while the page is open, without a reload", async ({ staker, chain }) => {
  const { page, go, connect, done } = staker;
  await chain.calm(10);
  await chain.deposit("bob", 20_000n * ONE);
  await go();
  await connect();
  await expect(row(page, "Your stake")).toContainText(`${grouped((await chain.stake("bob")).assets)} uusd`);
  await page.evaluate(() => { Object.assign(window, { notReloaded: true }); });
  const loss = await chain.shortfall("trader", 4_000n * ONE, "10");
  const record = page.locator(`[data-loss="${loss}"]`);
  await expect(record).toBeVisible();
  await expect(record).toContainText(grouped(4_000n * ONE));
  const { assets } = await chain.stake("bob");
  await expect(row(page, "Your stake")).toContainText(`${grouped(assets)} uusd`);
  await expect(row(page, "Assets of the pool")).toContainText(`${grouped((await chain.pool()).assets)} uusd`);
  await expect(page.getByRole("img", { name: /Share price from .* now, after \d+ loss/ })).toBeVisible();
  // Of the claim's two parts the later one is still open; its time is shown, and not come.
  const claim = page.locator(`[data-claim="${loss}"]`);
  await expect(claim).toContainText("Delayed");
  await expect(row(page, "Set aside in open claims")).toContainText(`${grouped((await chain.pool()).pots)} uusd`);
  await record.getByText(/^What happened/).first().click();
  await expect(record.getByRole("link").first()).toHaveAttribute("href", /\/tx\?hash=0x[\dA-F]{64}/);
  expect(await page.evaluate(() => "notReloaded" in window)).toBe(true);
  await chain.net.advance(3_600);
  const settle = claim.getByRole("button", { name: `Settle claim ${loss}` });
  await settle.click();
  await done(`Settle claim ${loss}`);
  await expect(claim).toHaveCount(0);
  expect((await chain.claim(loss)).record.paid).toBe(String(4_000n * ONE));
});

test("who leaves while a claim is open gets back a part when it is declined, and claims it", async ({ staker, chain }) => {
  test.setTimeout(180_000);
  const { page, go, connect, done } = staker;
  const before = await chain.balance("bob");
  await chain.deposit("bob", 30_000n * ONE);
  await go("leave");
  await connect();
  const claim = await chain.shortfall("provider", 6_000n * ONE);
  const aside = row(page, "Set aside, and yours if refused");
  const borne = await chain.loss("bob", claim);
  const part = (6_000n * ONE * BigInt(borne?.stake ?? "0")) / BigInt(borne?.total ?? "1");
  expect(part).toBeGreaterThan(0n);
  await expect(aside).toContainText(`${grouped(part)} uusd`);
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page.getByRole("button", { name: /^Leave with/ }).click();
  await done("Leave with shares");
  await expect(page.locator("[data-ticket]").last()).toContainText("Still at risk");
  await chain.decline(claim, "the books do not show it");
  await expect(aside).not.toContainText(`${grouped(part)} uusd`);
  await visit(page, "Earn");
  const record = page.locator(`[data-borne="${claim}"]`);
  await expect(record).toContainText(`${grouped((await chain.loss("bob", claim))?.due ?? "0")} uusd`, { timeout: 30_000 });
  const held = await chain.balance("bob");
  await record.getByRole("button", { name: `Claim of loss ${claim}` }).click();
  await done(`Claim of loss ${claim}`);
  // What was set aside came back whole.
  expect((await chain.balance("bob")) - held).toBe(part);
  await visit(page, "Leave");
  await chain.net.advance(UNBONDING);
  await page.getByRole("button", { name: "Withdraw what is ready" }).click();
  await done("Withdraw what is ready");
  expect((await chain.stake("bob")).stake).toMatchObject({ active: "0", queued: "0" });
  expect(await chain.balance("bob")).toBeGreaterThan(before - 10n);
  await visit(page, "Overview");
  await page.locator(`[data-loss="${claim}"]`).getByText(/^What happened/).first().click();
  await expect(page.locator(`[data-loss="${claim}"]`)).toContainText("“the books do not show it”");
});
