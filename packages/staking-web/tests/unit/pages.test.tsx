import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fakeKeplr } from "../fake/keplr";
import { nanos, type World } from "../fake/world";
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
      world.explain = (market) => ({ ...explain(market), state: "hibernating" as never, needs: [{ a_full_moon: {} } as never, "new_moon" as never], sources: [{ source: "pyth", lineage: "pyth", findings: [], observation: "asleep" as never }], findings: [{ fault: "eclipse" as never, measured: 3, bound: 2 }], tides: "high" } as never);
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
    for (const raw of ["a_full_moon", "new_moon", "asleep"]) expect(screen.getAllByText(`unknown (${raw})`).length).toBeGreaterThan(0);
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

describe("rewards whose worth nobody says", () => {
  const only = (world: World) => {
    world.yields = { ...world.yields, denoms: [{ denom: { native: "urew" }, apr: { now: "0.1177", changes: [] } }], value: { now: "0", changes: [] } };
  };

  test("are the yield of the overview by what a share gets", async () => {
    openPage("overview", only);
    expect(await screen.findByText(/^In REW, whose worth in STAKE this page is not told\.$/, {}, SLOW)).toBeTruthy();
    const yielded = screen.getByText("Yield a year").parentElement;
    expect(yielded?.textContent).toContain("0.1177 REW");
    expect(yielded?.textContent).toContain("a year for each share");
  });

  test("are not called a yield of nothing where they are earned", async () => {
    openPage("earn", only);
    expect(await screen.findByText(/^This page is not told what REW is worth in STAKE/, {}, SLOW)).toBeTruthy();
    expect(screen.queryByText(/come to/)).toBeNull();
  });

  test("do not hide what is known to come", async () => {
    openPage("earn", (world) => {
      only(world);
      world.yields = { ...world.yields, value: { now: "0", changes: [{ week: 61, earliest: nanos(Date.now() + 86_400_000), to: "0.05" }] } };
    });
    expect(await screen.findByText(/come to/, {}, SLOW)).toBeTruthy();
    expect(screen.getByText("5 %")).toBeTruthy();
  });

  test("stand beside a yield that is known", async () => {
    openPage("earn");
    expect(await screen.findByText(/come to/, {}, SLOW)).toBeTruthy();
    expect(screen.getByText(/^This page is not told what REW is worth in STAKE/)).toBeTruthy();
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
  });

  test("a node of another chain is said, and nothing is sent", async () => {
    window.keplr = await fakeKeplr();
    const node = openPage("leave");
    node.chainId = "another-1";
    expect(await screen.findByText(/The node is of the chain another-1/, {}, SLOW)).toBeTruthy();
    await connect();
    await waitFor(() => { expect(screen.getAllByText("The node is of another chain.").length).toBeGreaterThan(0); }, SLOW);
  });

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

  test("can be pressed once it has been tried out on the node, and never before", async () => {
    window.keplr = await fakeKeplr();
    openPage("stake");
    await connect();
    const user = userEvent.setup();
    const stake = await screen.findByRole("button", { name: "Stake" }, SLOW);
    await user.click(screen.getByRole("checkbox"));
    const seen: (string | null)[] = [];
    const fee = () => screen.getByText("Network fee, about").parentElement?.querySelector("dd")?.textContent;
    new MutationObserver(() => { seen.push(`${String(stake.getAttribute("aria-disabled"))} with a fee of ${String(fee())}`); }).observe(stake, { attributeFilter: ["aria-disabled"] });
    await user.type(screen.getByLabelText("Amount"), "1,000.5");
    await waitFor(() => { expect(fee()).toContain("STAKE"); }, SLOW);
    await waitFor(() => { expect(stake.getAttribute("aria-disabled")).toBe("false"); }, SLOW);
    expect(seen).toEqual([`false with a fee of ${String(fee())}`]);
  }, 30_000);

  test("says so where the pool does not tell what an amount would get, and sends nothing", async () => {
    window.keplr = await fakeKeplr();
    const node = openPage("stake", (world) => { Object.assign(world.pool, { assets: "0" }); });
    await connect();
    const user = userEvent.setup();
    const stake = await screen.findByRole("button", { name: "Stake" }, SLOW);
    await user.click(screen.getByRole("checkbox"));
    await user.type(screen.getByLabelText("Amount"), "5");
    expect(await screen.findByText("The pool does not say how many shares you would get.", {}, SLOW)).toBeTruthy();
    await user.click(stake);
    expect(stake.getAttribute("aria-disabled")).toBe("true");
    expect(node.broadcasts).toHaveLength(0);
  }, 30_000);
});

describe("a receiver", () => {
  const other = "wasm1qyqszqgpqyqszqgpqyqszqgpqyqszqgpjnp7du";

  test("is named wherever something goes to it, and forgotten once it has gone", async () => {
    window.keplr = await fakeKeplr();
    const node = openPage("stake");
    await connect();
    const user = userEvent.setup();
    await user.type(await screen.findByLabelText("Amount", {}, SLOW), "10");
    await user.click(screen.getByText("For somebody else"));
    await user.type(screen.getByLabelText(/Who gets the shares/), other);
    await user.click(screen.getByRole("checkbox"));
    const stake = screen.getByRole("button", { name: /^Stake for wasm1qyqsz…/ });
    expect(screen.getByText("The receiver gets now")).toBeTruthy();
    await waitFor(() => { expect(stake.getAttribute("aria-disabled")).toBe("false"); }, SLOW);
    await user.click(stake);
    expect(await screen.findByText(/^Stake 10 STAKE for wasm1/, {}, SLOW)).toBeTruthy();
    await screen.findByText(/^Done/, {}, SLOW);
    expect(node.broadcasts).toHaveLength(1);
    await screen.findByRole("button", { name: "Stake" }, SLOW);
    expect(screen.getByLabelText<HTMLInputElement>(/Who gets the shares/).value).toBe("");
    expect(screen.getByRole<HTMLInputElement>("checkbox").checked).toBe(false);
  }, 30_000);

  test("may be whose marked tickets one withdraws", async () => {
    window.keplr = await fakeKeplr();
    const node = openPage("leave");
    await connect();
    const user = userEvent.setup();
    await user.click(await screen.findByText("Withdraw for somebody else", {}, SLOW));
    const withdraw = screen.getByRole("button", { name: "Withdraw for them" });
    expect(document.getElementById(withdraw.getAttribute("aria-describedby") ?? "")?.textContent).toBe("Enter whose tickets.");
    await user.type(screen.getByLabelText("Whose tickets"), other);
    await user.click(withdraw);
    await screen.findByText(/^Done/, {}, SLOW);
    expect(Buffer.from(node.broadcasts[0] ?? []).toString("latin1")).toContain(`{"withdraw":{"min_assets":"1","staker":"${other}"}}`);
  }, 30_000);
});

test("the page after a full last one says that there are no more, and leads back", async () => {
  openPage("overview", () => undefined, { losses: 5, open: 5 });
  const user = userEvent.setup();
  await user.click(await screen.findByRole("button", { name: "Next open claims" }, SLOW));
  expect(await screen.findByText("There are no more.", {}, SLOW)).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Back open claims" }));
  expect(await screen.findByRole("heading", { name: /^Claim 5/ }, SLOW)).toBeTruthy();
});

test("each part of Earn is there once, also after the account has changed", async () => {
  window.keplr = await fakeKeplr();
  openPage("earn");
  await connect();
  await screen.findByText("What came back", {}, SLOW);
  fireEvent.click(screen.getByRole("button", { name: "Leave wallet" }));
  await connect();
  for (const title of ["Your rewards", "What came back", "What shares earn"]) expect(screen.getAllByRole("heading", { name: title })).toHaveLength(1);
});

test("a wallet is not asked while a claim is tried out", async () => {
  const keplr = await fakeKeplr();
  const signers = vi.spyOn(keplr, "getOfflineSignerAuto");
  window.keplr = keplr;
  openPage("earn");
  await connect();
  await screen.findByText(/Due to you|Whatever came back/, {}, SLOW);
  expect(signers).not.toHaveBeenCalled();
});

test("ten thousand losses, a hundred tickets, eight denoms and fifty policies are asked for by the page", async () => {
  const node = openPage("overview", () => undefined, { losses: 10_000, tickets: 100, denoms: 8, policies: 50, open: 25, markets: 12 });
  await screen.findByText("Loss 10000 · OSMO/USD", {}, SLOW);
  await waitFor(() => { expect(node.asked.some((what) => what.startsWith("vault.losses"))).toBe(true); }, SLOW);
  const rows = node.asked.map((what) => /"limit":(\d+)/.exec(what)?.[1]).filter((limit) => limit !== undefined);
  expect(Math.max(...rows.map(Number))).toBeLessThanOrEqual(30);
  expect(node.asked.length).toBeLessThan(90);
});
