import { describe, expect, test } from "vitest";
import { Distributor, Vault } from "../../src/client/contracts";
import { Node } from "../../src/client/node";
import { lossPage, pageOf, pastYear, pricePoint } from "../../src/data/history";
import { costOf, worstPart, type Limits } from "../../src/data/risk";
import { streamsOf } from "../../src/data/yield";
import { somePolicies } from "../../src/data/policies";
import { custodyOf } from "../../src/data/custody";
import { backstopOf } from "../../src/data/pool";
import { config } from "../fake/config";
import { FakeNode } from "../fake/node";
import { DISTRIBUTOR, nanos, NOW, VAULT, world } from "../fake/world";

const ONE = 10n ** 18n;
const WEEK = 604_800;

describe("the largest losses that the limits allow", () => {
  const limits: Limits = { pool: { assets: "1000", room: "300" }, fraction: "0.3", window: WEEK, policies: undefined };

  test("are the pool's fraction now, and as much again in a window", () => {
    expect(worstPart(limits, 0)).toBe((3n * ONE) / 10n);
    expect(worstPart(limits, WEEK)).toBe((6n * ONE) / 10n);
    expect(costOf(100n, worstPart(limits, WEEK))).toBe(60n);
  });

  test("are the policies' limits, where those are less; closed ones do not count", () => {
    const policy = { room: "50", terms: { limit: "100" } as never, closed_at: null };
    const policies = [policy, { ...policy, closed_at: "1" }];
    expect(worstPart({ ...limits, policies }, 0)).toBe(ONE / 20n);
    expect(worstPart({ ...limits, policies }, WEEK)).toBe((15n * ONE) / 100n);
    // The same limits weigh less on a larger pool.
    expect(worstPart({ ...limits, policies }, 0, 1000n)).toBe(ONE / 40n);
  });

  test("are never more than all, and cost a stake no less than they do", () => {
    expect(worstPart({ ...limits, fraction: "0.9", pool: { assets: "1000", room: "900" } }, WEEK)).toBe(ONE);
    expect(costOf(1n, 1n)).toBe(1n);
  });
});

describe("a history of ten thousand losses", () => {
  const fake = new FakeNode(world({ losses: 10_000 }));
  const vault = new Vault(new Node("http://x", fake.fetch), VAULT);

  test("is paged from its end", async () => {
    fake.asked.length = 0;
    const page = await lossPage(vault, pageOf(10_000, 0, 10));
    expect(page.map(({ loss }) => loss.loss)).toEqual([10_000, 9999, 9998, 9997, 9996, 9995, 9994, 9993, 9992, 9991]);
    expect(fake.asked).toHaveLength(2);
    expect((await lossPage(vault, pageOf(10_000, 999, 10))).at(-1)?.loss.loss).toBe(1);
    expect(pageOf(3, 0, 10)).toEqual({ from: 1, to: 3 });
    expect(await lossPage(vault, pageOf(0, 0, 10))).toEqual([]);
  });

  test("is searched by halving for what the past year cost", async () => {
    const { loss } = fake.world;
    fake.world.loss = (number) => {
      const found = loss(number);
      return { ...found, record: { ...found.record, booked_at: nanos(NOW - (10_001 - number) * 86_400_000) } };
    };
    fake.asked.length = 0;
    const year = await pastYear(vault, 10_000, NOW);
    expect(year.losses).toBe(365);
    expect(fake.asked.length).toBeLessThan(20);
    // 4,900,000 of 5,000,000 shares before, 0.96249 now.
    expect(year.lost).toBe(ONE - (962_490_000_000_000_000n * ONE) / 980_000_000_000_000_000n);
  });
});

test("the price before and after a loss is assets per share", () => {
  const { loss, claim } = world();
  expect(pricePoint({ loss: loss(1), claim: claim(1) })).toMatchObject({ before: 980_000_000_000_000_000n, after: 967_600_000_000_000_000n });
});

test("a denom's rate is told apart by who funded what streams now", async () => {
  const fake = new FakeNode(world());
  const distributor = new Distributor(new Node("http://x", fake.fetch), DISTRIBUTOR);
  const streams = await streamsOf(distributor, { native: "ustake" }, VAULT);
  expect(streams.premiums + streams.emissions).toBeGreaterThan(ONE - 2n);
  expect(streams.premiums / 10n ** 14n).toBe(6666n);
});

test("the end of a long list of fundings is found without reading it", async () => {
  const fake = new FakeNode(world());
  const [row] = fake.world.fundings("urew");
  if (!row) throw new Error("no funding");
  fake.world.fundings = () => Array.from({ length: 1234 }, (_, at) => ({ ...row, number: at + 1 }));
  const distributor = new Distributor(new Node("http://x", fake.fetch), DISTRIBUTOR);
  const streams = await streamsOf(distributor, { native: "urew" }, VAULT);
  expect(streams.rows.map((one) => one.number).slice(0, 2)).toEqual([1234, 1233]);
  expect(streams.whole).toBe(false);
  expect(fake.asked.length).toBeLessThan(25);
});

describe("custody", () => {
  const custody = (fake: FakeNode, code = config().code) =>
    custodyOf(new Node("http://x", fake.fetch), { ...config(), code }, backstopOf(new Node("http://x", fake.fetch), config(), fake.world.config), fake.world.vaultOwner);

  test("is complete where a timelock of known code has contracts of known code", async () => {
    expect(await custody(new FakeNode(world()))).toMatchObject({ timelock: "known", complete: true, knownCode: true });
  });

  test("says so where one contract's code is none of the releases", async () => {
    const facts = await custody(new FakeNode(world()), { ...config().code, "backstop-vault": ["00"] });
    expect(facts).toMatchObject({ timelock: "known", complete: true, knownCode: false });
  });

  test("is none where the timelock is another vault's", async () => {
    const fake = new FakeNode(world());
    fake.world.guarded = DISTRIBUTOR;
    expect(await custody(fake)).toMatchObject({ timelock: "none", complete: false });
  });
});

test("fifty policies are two answers", async () => {
  const fake = new FakeNode(world({ policies: 50 }));
  const { rows, whole } = await somePolicies(new Vault(new Node("http://x", fake.fetch), VAULT));
  expect([rows.length, whole, fake.asked.length]).toEqual([50, true, 2]);
});
