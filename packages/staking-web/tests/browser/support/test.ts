/** What every test starts from: a staker's browser, and what must hold all the time in it. */
import { test as base, expect, type Locator, type Page } from "@playwright/test";
import { account, type Name } from "./accounts";
import type { Chain } from "./chain";
import { Keys } from "./keplr/keys";
import { inject } from "./keplr/provider";
import { theChain, world } from "./world";

export interface Staker {
  readonly page: Page;
  readonly keys: Keys;
  /** Opens a page; connected if the wallet was before. */
  readonly go: (route?: string) => Promise<void>;
  readonly connect: () => Promise<void>;
  /** Waits until the newest transaction of this label is in a block, and closes its note. */
  readonly done: (label: string) => Promise<void>;
  /** The user chooses another account in the wallet. */
  readonly switchTo: (name: Name) => Promise<void>;
}

interface Options {
  /** Whose browser it is. */
  readonly who: Name;
  /** After how many milliseconds the wallet comes; it is absent if negative. */
  readonly walletAfterMs: number;
  /** Whether the wallet has the chain from before. */
  readonly knowsChain: boolean;
}

interface Fixtures {
  readonly chain: Chain;
  readonly staker: Staker;
}

export const test = base.extend<Fixtures & Options>({
  who: ["alice", { option: true }],
  walletAfterMs: [0, { option: true }],
  knowsChain: [true, { option: true }],
  chain: async ({ browserName }, give) => {
    expect(browserName).toBe("chromium");
    await give(await theChain());
  },
  staker: async ({ page, chain, who, walletAfterMs, knowsChain }, give) => {
    const keys = await Keys.of(account(who), chain.rpc);
    if (knowsChain) keys.knows(chain.contracts.chain_id);
    if (walletAfterMs >= 0) {
      await page.exposeFunction("askKeys", (call: Parameters<Keys["answer"]>[0]) => keys.answer(call));
      await page.addInitScript(inject, { afterMs: walletAfterMs });
    }
    const wrong = watch(page, [world().page, chain.rpc]);
    await give(stakerOf(page, keys));
    expect(wrong, "requests, errors and policy violations").toEqual([]);
  },
});

export { expect };

/** Notes every request to another host, every error of the page's script, every violation of its policy. */
export function watch(page: Page, allowed: readonly string[]): string[] {
  const wrong: string[] = [];
  const origins = allowed.map((url) => new URL(url).origin);
  page.on("request", (request) => {
    const { protocol, origin } = new URL(request.url());
    if (protocol !== "data:" && !origins.includes(origin)) wrong.push(`request: ${request.url()}`);
  });
  page.on("websocket", (socket) => wrong.push(`socket: ${socket.url()}`));
  page.on("pageerror", (error) => wrong.push(`script: ${error.message}`));
  page.on("console", (message) => {
    if (/content security policy|cors policy/i.test(message.text())) wrong.push(`console: ${message.text()}`);
  });
  return wrong;
}

function stakerOf(page: Page, keys: Keys): Staker {
  const connect = async () => {
    await page.getByRole("button", { name: "Connect Keplr" }).click();
    await expect(page.getByRole("button", { name: "Leave wallet" })).toBeVisible();
  };
  return {
    page,
    keys,
    connect,
    go: async (route = "overview") => {
      await page.goto(`${world().page}/#/${route}`);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    },
    done: async (label) => {
      const toast = page.locator(".toast").filter({ hasText: label }).last();
      await expect(toast).toHaveAttribute("data-phase", /included|failed|expired|unknown/, { timeout: 30_000 });
      expect(await toast.getAttribute("data-phase"), await toast.innerText()).toBe("included");
      await toast.getByRole("button", { name: /^Dismiss/ }).click();
    },
    switchTo: async (name) => {
      keys.account = account(name);
      await page.evaluate(() => window.dispatchEvent(new Event("keplr_keystorechange")));
    },
  };
}

/** Clicks a link of the page's navigation. */
export async function visit(page: Page, title: string): Promise<void> {
  await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: title }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

/** A line of figures by its label, with the exact number that hovering shows. */
export function row(page: Page, label: string): Locator {
  return page.locator(".row, .stat").filter({ has: page.locator("dt", { hasText: label }) });
}

/** A whole number as the tests' locale writes it. */
export function grouped(value: bigint | string): string {
  return BigInt(value).toLocaleString("en-US");
}
