/** The breaker's trips as a staker sees them. */
import { MARKET } from "./support/chain";
import { expect, test } from "./support/test";

test("a price that jumps too far trips the market, with its reason, its evidence and its earliest end", async ({ staker, chain }) => {
  const { page, go } = staker;
  await chain.calm(10);
  await go();
  const market = page.locator(`[data-market="${MARKET}"]`);
  await expect(market).toHaveAttribute("data-state", "normal");
  await chain.price(4);
  await expect(market).toHaveAttribute("data-state", "tripped", { timeout: 30_000 });
  await expect(market).toContainText("Tripped");
  await expect(market).toContainText(/jumped too far/);
  await expect(market).toContainText("60 %");
  await expect(market.getByRole("timer").first()).toBeVisible();
  await market.getByText(/^Evidence: 3 sources/).click();
  await expect(market).toContainText("venue-a");
  await expect(market).toContainText("No further fault during the cooldown");
  await chain.calm(10);
  await expect(market).toHaveAttribute("data-state", "normal", { timeout: 30_000 });
});

test("a source that contradicts the others is named with what it says", async ({ staker, chain }) => {
  const { page, go } = staker;
  await chain.calm(10);
  await chain.price(10, { feed2: 11 });
  await go();
  const market = page.locator(`[data-market="${MARKET}"]`);
  await market.getByText(/^Evidence: 3 sources, 1 at fault/).click();
  await expect(market).toContainText(/too far from the other/);
  await chain.calm(10);
});
