/** The node that the page asks is killed, and comes back. */
import { expect, test } from "./support/test";

test("while the node is down the page keeps what it knew, with its age; then all is fresh again", async ({ staker, chain }) => {
  test.setTimeout(180_000);
  const { page, go, connect } = staker;
  await go("stake");
  await connect();
  await expect(page.getByText(/^Balance:/)).toBeVisible();
  const balance = await page.getByText(/^Balance:/).innerText();
  await chain.net.kill();
  const banner = page.locator(".banner");
  await expect(banner).toContainText("The chain’s node does not answer. What you see is from", { timeout: 30_000 });
  await expect(banner).toContainText(/\d+ seconds ago/, { timeout: 30_000 });
  await expect(page.getByText(/^Balance:/)).toHaveText(balance);
  await expect(page.getByRole("button", { name: "Stake", exact: true })).toHaveAccessibleDescription("The chain’s node does not answer.");
  await chain.net.again();
  await expect(banner).toHaveCount(0, { timeout: 30_000 });
  await chain.deposit("alice", 1_000_000n);
  await expect(page.getByText(/^Balance:/)).not.toHaveText(balance);
});

test("a transaction that the node swallowed as it died is sent again and done once", async ({ staker, chain }) => {
  test.setTimeout(180_000);
  const { page, keys, go, connect } = staker;
  await go("stake");
  await connect();
  await page.getByRole("textbox", { name: "Amount" }).fill("9");
  await page.getByRole("checkbox", { name: /I understand/ }).check();
  const before = await chain.balance("alice");
  // The node dies while the user reads the wallet's window.
  keys.habits.takesMs = 4_000;
  await page.getByRole("button", { name: "Stake", exact: true }).click();
  await expect(page.locator(".toast").last()).toHaveAttribute("data-phase", "signing");
  await chain.net.kill();
  await expect(page.locator(".toast").last()).toHaveAttribute("data-phase", "silent", { timeout: 30_000 });
  await page.reload();
  await chain.net.again();
  await expect(page.locator(".toast").last()).toHaveAttribute("data-phase", "included", { timeout: 60_000 });
  expect(before - (await chain.balance("alice"))).toBe(9_000_000n);
  expect(keys.asked.filter((method) => method === "signDirect")).toHaveLength(1);
});
