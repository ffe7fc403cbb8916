import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeKeplr } from "../fake/keplr";
import { openPage } from "./page";

const SLOW = { timeout: 8_000 };

beforeEach(() => {
  localStorage.clear();
  delete window.keplr;
});
afterEach(() => {
  delete window.keplr;
});

async function connect(): Promise<void> {
  fireEvent.click(await screen.findByRole("button", { name: "Connect Keplr" }, SLOW));
  await screen.findByText("alice", {}, SLOW);
}

describe("what this version does not know", () => {
  test("is shown as unknown with its raw text, and the rest stands", async () => {
    openPage("overview", (world) => {
      const { explain, claim } = world;
      world.explain = (market) => ({ ...explain(market), state: "hibernating" as never, needs: [{ a_full_moon: {} } as never], findings: [{ fault: "eclipse" as never, measured: 3, bound: 2 }], tides: "high" } as never);
      world.claim = (number) => {
        const known = claim(number);
        return { ...known, record: { ...known.record, status: { contested: { by: "somebody" } } as never, waits: "the_weather" } };
      };
      Object.assign(world.pool, { novelty: { x: 1 } });
    });
    expect((await screen.findAllByText("unknown (hibernating)", {}, SLOW)).length).toBeGreaterThan(0);
    expect((await screen.findAllByText(/unknown \(contested\)/, {}, SLOW)).length).toBeGreaterThan(0);
    expect((await screen.findAllByText(/unknown \(the_weather\)/, {}, SLOW)).length).toBeGreaterThan(0);
    expect(screen.getAllByText("unknown (eclipse)").length).toBeGreaterThan(0);
    expect(screen.getAllByText("unknown (a_full_moon)").length).toBeGreaterThan(0);
    expect(await screen.findByText("Assets of the pool")).toBeTruthy();
    expect(screen.queryByText(/cannot show this part/)).toBeNull();
  });

  test("is shown so among parameters and changes, too", async () => {
    openPage("governance", (world) => {
      Object.assign(world.config.params, { moon_factor: "0.5" });
      world.pending = world.pending.map((change) => ({ ...change, class: "someday" as never, fields: [{ field: "moon_factor", from: "0.5", to: "0.6", direction: "sideways" as never, reason: "tides" }] }));
    });
    expect(await screen.findByText("unknown (someday)", {}, SLOW)).toBeTruthy();
    expect(screen.getByText("unknown (sideways)")).toBeTruthy();
    expect(screen.getAllByText(/moon_factor/).length).toBe(2);
  });

  test("breaks only its own part where it cannot be shown at all", async () => {
    openPage("overview", (world) => {
      world.markets = [{ market: "ATOM/USD" } as never];
      world.explain = () => { throw new Error("no such query"); };
    });
    expect(await screen.findByText(/cannot show this part/, {}, SLOW)).toBeTruthy();
    expect(screen.getByText("Losses and recoveries")).toBeTruthy();
  });
});

describe("states", () => {
  test("a query that fails says so and is asked again", async () => {
    let broken = true;
    openPage("governance", (world) => {
      const { policies } = world;
      Object.defineProperty(world, "policies", { get: () => { if (broken) throw new Error("the vault is being migrated"); return policies; } });
    });
    const failed = await screen.findByText("The vault is being migrated.", {}, SLOW);
    broken = false;
    fireEvent.click(within(failed.parentElement ?? document.body).getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("ATOM/USD", {}, SLOW)).toBeTruthy();
  });

  test("a node that goes down leaves the figures and says how old they are", async () => {
    const node = openPage("overview");
    await screen.findByText("Assets of the pool", {}, SLOW);
    node.down = true;
    expect(await screen.findByText(/does not answer\. What you see is from/, {}, SLOW)).toBeTruthy();
    expect(screen.getByText("Assets of the pool")).toBeTruthy();
  }, 15_000);

  test("a node of another chain is said, and nothing is sent", async () => {
    window.keplr = await fakeKeplr();
    const node = openPage("leave");
    node.chainId = "another-1";
    expect(await screen.findByText(/The node is of the chain another-1/, {}, SLOW)).toBeTruthy();
    await connect();
    await waitFor(() => { expect(screen.getAllByText("The node is of another chain.").length).toBeGreaterThan(0); }, SLOW);
  }, 15_000);

  test("every button that cannot be pressed says why, by its description", async () => {
    openPage("leave");
    const button = await screen.findByRole("button", { name: "Connect Keplr" }, SLOW);
    const why = document.getElementById(button.getAttribute("aria-describedby") ?? "");
    expect(why?.textContent).toContain("Looking for Keplr");
  });
});

describe("a stake by clicking", () => {
  test("is refused until amount and acknowledgement are there, and is sent once", async () => {
    window.keplr = await fakeKeplr();
    const node = openPage("stake");
    await connect();
    const user = userEvent.setup();
    const stake = await screen.findByRole("button", { name: "Stake" }, SLOW);
    const why = () => document.getElementById(stake.getAttribute("aria-describedby") ?? "")?.textContent;
    expect(why()).toBe("Enter an amount.");
    await user.type(screen.getByLabelText("Amount"), "9999999");
    expect(why()).toContain("You have 2,500.25 STAKE");
    await user.clear(screen.getByLabelText("Amount"));
    await user.type(screen.getByLabelText("Amount"), "1,000.5");
    expect(why()).toBe("Read the risk and tick the box.");
    await user.click(screen.getByRole("checkbox"));
    await waitFor(() => { expect(stake.getAttribute("aria-disabled")).toBe("false"); }, SLOW);
    await user.dblClick(stake);
    expect(await screen.findByText(/^Done/, {}, SLOW)).toBeTruthy();
    expect(node.broadcasts).toHaveLength(1);
  }, 30_000);
});

test("ten thousand losses, a hundred tickets, eight denoms and fifty policies are asked for by the page", async () => {
  const node = openPage("overview", () => undefined, { losses: 10_000, tickets: 100, denoms: 8, policies: 50, open: 25, markets: 12 });
  await screen.findByText("Loss 10000 · OSMO/USD", {}, SLOW);
  await waitFor(() => { expect(node.asked.some((what) => what.startsWith("vault.losses"))).toBe(true); }, SLOW);
  const rows = node.asked.map((what) => /"limit":(\d+)/.exec(what)?.[1]).filter((limit) => limit !== undefined);
  expect(Math.max(...rows.map(Number))).toBeLessThanOrEqual(30);
  expect(node.asked.length).toBeLessThan(90);
}, 15_000);
