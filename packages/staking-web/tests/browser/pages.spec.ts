/** Each page as it is seen and heard: axe, keyboard, pictures of all sizes and themes. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "@playwright/test";
import { ONE } from "./support/chain";
import { expect, test, visit } from "./support/test";
import { theChain } from "./support/world";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PAGES = ["Overview", "Stake", "Leave", "Earn", "Governance"];
const SHOTS = "test-results/pages";

test.use({ who: "carol" });

// A ticket, a loss whose claim is open, and a change that waits: the pages have something to show.
test.beforeAll(async () => {
  const chain = await theChain();
  await chain.calm(10);
  await chain.execute("carol", chain.contracts.vault, { unbond: { shares: String(1_000n * ONE) } });
  await chain.shortfall("trader", 5_000n * ONE, "10");
  await chain.submit({ vault: { update_params: { update: { pool_fraction: "0.6" } } } });
});

for (const { width, height, size } of [
  { width: 1280, height: 900, size: "wide" },
  { width: 360, height: 740, size: "phone" },
]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ viewport: { width, height }, colorScheme, contextOptions: { reducedMotion: "reduce" } });
      test(`every page in ${colorScheme} on ${width} px has no serious finding and nothing outside of the screen`, async ({ staker }) => {
        const { page, go, connect } = staker;
        await go();
        await connect();
        for (const title of PAGES) {
          await visit(page, title);
          await expect(page.locator(".skeleton")).toHaveCount(0, { timeout: 30_000 });
          expect(await findings(page), title).toEqual([]);
          const { scrollWidth, clientWidth } = await page.evaluate(() => {
            const { scrollWidth, clientWidth } = document.documentElement;
            return { scrollWidth, clientWidth };
          });
          expect(scrollWidth, `${title} is wider than the screen`).toBeLessThanOrEqual(clientWidth);
          await page.screenshot({ path: `${SHOTS}/${title.toLowerCase()}-${size}-${colorScheme}.png`, fullPage: true, animations: "disabled" });
        }
      });
    });
  }
}

/** What axe finds serious; its script runs outside of the page's policy. */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: { run: () => Promise<AxeResults> } }).axe.run());
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).slice(0, 3).join(" · ")}`);
}

test("a deposit is made by the keyboard alone", async ({ staker, chain }) => {
  const { page, go, done } = staker;
  await go();
  const before = await chain.balance("carol");
  const to = async (name: string | RegExp, role: "button" | "link" | "textbox" | "checkbox") => {
    const target = page.getByRole(role, { name, exact: typeof name === "string" });
    for (let presses = 0; presses < 80; presses++) {
      if (await target.evaluate((element) => element === document.activeElement)) return;
      await page.keyboard.press("Tab");
    }
    throw new Error(`${String(name)} is not reached by the tabulator`);
  };
  await page.keyboard.press("Tab");
  await expect(page.getByText("Skip to the page")).toBeFocused();
  await to("Connect Keplr", "button");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Leave wallet" })).toBeVisible();
  await page.locator("body").focus();
  await to("Stake", "link");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  await to("Amount", "textbox");
  await page.keyboard.type("12.5");
  await to(/I understand/, "checkbox");
  await page.keyboard.press("Space");
  await to("Stake", "button");
  await expect(page.getByRole("button", { name: "Stake", exact: true })).toHaveAttribute("aria-disabled", "false");
  await page.keyboard.press("Enter");
  await done("Stake 12.5 USD");
  expect(before - (await chain.balance("carol"))).toBe((125n * ONE) / 10n);
});
