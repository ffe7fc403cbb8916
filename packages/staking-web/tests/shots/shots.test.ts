/**
 * Pictures of each page in both themes and at two widths, of an ordinary pool and of
 * an extreme one, over the fake node and in a real browser. No page may be wider than
 * its window, ask anybody but itself and the node, or have a serious finding of axe.
 */
import { createRequire } from "node:module";
import { mkdirSync, readFileSync } from "node:fs";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { preview, type PreviewServer } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { CONFIG_JSON } from "../fake/config";
import { FakeNode } from "../fake/node";
import { NOW, STAKER, world, type Size } from "../fake/world";

const PAGES = ["overview", "stake", "leave", "earn", "governance"];
const EXTREME: Size = { losses: 10_000, tickets: 100, denoms: 8, policies: 50, open: 25, markets: 12 };
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

let server: PreviewServer;
let browser: Browser;
const origin = "http://127.0.0.1:5199";

beforeAll(async () => {
  mkdirSync("shots", { recursive: true });
  server = await preview({ preview: { port: 5199, strictPort: true, host: "127.0.0.1" }, logLevel: "error" });
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
});
afterAll(async () => {
  await browser.close();
  await new Promise((resolve) => { server.httpServer.close(resolve); });
});

async function open(size: Size, theme: "light" | "dark", width: number): Promise<{ context: BrowserContext; page: Page; strangers: string[]; errors: string[] }> {
  const node = new FakeNode(world(size));
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: theme, locale: "en-GB", bypassCSP: false });
  const page = await context.newPage();
  const [strangers, errors]: [string[], string[]] = [[], []];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
  await page.clock.install({ time: NOW });
  await context.route("**/*", async (route) => {
    const url = route.request().url();
    if (url.startsWith(CONFIG_JSON.chain.rpc)) {
      const body = route.request().postData() ?? "{}";
      const answer = node.answerTo(JSON.parse(body) as never);
      return route.fulfill({ status: 200, contentType: "application/json", headers: { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*" }, body: await answer.text() });
    }
    if (url.endsWith("/config.json")) return route.fulfill({ json: CONFIG_JSON });
    if (!url.startsWith(origin)) {
      strangers.push(url);
      return route.abort();
    }
    return route.continue();
  });
  return { context, page, strangers, errors };
}

async function look(page: Page): Promise<void> {
  await page.getByText("Look at an address").click();
  await page.getByLabel("Address, read only").fill(STAKER);
  await page.getByRole("button", { name: "Look", exact: true }).click();
}

async function settle(page: Page): Promise<void> {
  await page.clock.runFor(1500);
  await expect.poll(() => page.locator(".skeleton").count(), { timeout: 15_000 }).toBe(0);
  await page.clock.runFor(1500);
  await page.waitForTimeout(150);
}

for (const [name, size] of [["usual", {}], ["extreme", EXTREME]] as const) {
  for (const theme of ["light", "dark"] as const) {
    for (const width of [360, 1280]) {
      test(`${name}, ${theme}, ${String(width)} px`, async () => {
        const { context, page, strangers, errors } = await open(size, theme, width);
        await page.goto(`${origin}/#/overview`);
        await look(page);
        for (const route of PAGES) {
          await page.goto(`${origin}/#/${route}`);
          await settle(page);
          if (route === "stake") await page.getByRole("textbox", { name: "Amount" }).fill("1,000");
          if (route === "leave") await page.getByRole("textbox", { name: "Shares that leave" }).fill("250");
          await settle(page);
          await page.screenshot({ path: `shots/${name}-${route}-${theme}-${String(width)}.png`, fullPage: true });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          expect(wide, `${route} is wider than its window`).toBeLessThanOrEqual(0);
          const findings = await axe(page);
          expect(findings, route).toEqual([]);
        }
        expect(strangers).toEqual([]);
        expect(errors).toEqual([]);
        await context.close();
      });
    }
  }
}

async function axe(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: AXE });
  const { result } = await session.send("Runtime.evaluate", {
    expression: "axe.run().then((found) => JSON.stringify(found.violations.filter((one) => ['serious', 'critical'].includes(one.impact)).map((one) => one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + node.any.map((any) => any.message).join(' ')).join(' | '))))",
    awaitPromise: true,
    returnByValue: true,
  });
  return JSON.parse(String(result.value)) as string[];
}
