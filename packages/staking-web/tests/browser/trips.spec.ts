/**
 * The breaker's trips as a staker sees them. The last one lasts for three days, and no test
 * after it needs a market that is well.
 */
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

test("the guardian's trip says who began it and until when it lasts", async ({ staker, chain }) => {
  const { page, go } = staker;
  await chain.calm(10);
  await chain.trip("a source is said to be broken");
  await go();
  const market = page.locator(`[data-market="${MARKET}"]`);
  await expect(market).toHaveAttribute("data-state", "tripped");
  await expect(market).toContainText("The guardian stopped it");
  await market.getByText(/^Evidence/).click();
  await expect(market).toContainText("begun by the guardian");
  await expect(market.getByRole("timer").first()).toHaveAccessibleName(/2 days 23 hours/);
});
