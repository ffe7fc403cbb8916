/** The whole life of a stake, by clicking. */
import { ONE, UNBONDING } from "./support/chain";
import { expect, grouped, row, test, visit } from "./support/test";

test.use({ who: "alice", knowsChain: false });

test("a staker connects, stakes, earns, bears a loss, gets a part back, and leaves with all of it", async ({ staker, chain }) => {
  test.setTimeout(240_000);
  const { page, keys, go, connect, done } = staker;
  const before = await chain.balance("alice");
  await test.step("connects, and the wallet is told of the chain", async () => {
    await go();
    await connect();
    expect(keys.asked).toContain("experimentalSuggestChain");
    await expect(page.locator(".wallet").getByTitle(chain.address("alice"))).toBeVisible();
  });

  await test.step("stakes after having seen what it gets and what it can lose", async () => {
    await visit(page, "Stake");
    const stake = page.getByRole("button", { name: "Stake", exact: true });
    await page.getByRole("textbox", { name: "Amount" }).fill("1000");
    await expect(row(page, "You get now")).toContainText(`${grouped(await chain.preview(1_000n * ONE))} base units`);
    await expect(page.getByText("The largest losses that the limits allow would cost you")).toBeVisible();
    await expect(stake).toHaveAccessibleDescription("Read the risk and tick the box.");
    await stake.click({ force: true });
    expect(keys.asked).not.toContain("signDirect");
    await page.getByRole("checkbox", { name: /I understand/ }).check();
    await expect(stake).toHaveAttribute("aria-disabled", "false");
    await stake.click();
    await done("Stake 1000 USD");
    expect(await chain.balance("alice")).toBe(before - 1_000n * ONE);
    await visit(page, "Overview");
    await expect(row(page, "Your stake")).toContainText(`${grouped((await chain.stake("alice")).assets)} uusd`);
  });

  const tickets = page.locator("[data-ticket]");
  await test.step("leaves with a part, is still at risk, and thinks better of it", async () => {
    await visit(page, "Leave");
    await page.getByRole("textbox", { name: "Shares that leave" }).fill("400");
    await expect(page.getByText(/of at most 20 open tickets/)).toBeVisible();
    await page.getByRole("button", { name: /^Leave with/ }).click();
    await done("Leave with shares");
    await expect(tickets).toHaveCount(1);
    await expect(tickets).toContainText("Still at risk");
    await expect(tickets.getByRole("timer")).toHaveAccessibleName(/Ticket \d+: 59 minutes/);
    const withdraw = tickets.getByRole("button", { name: /^Withdraw ticket/ });
    await expect(withdraw).toHaveAccessibleDescription("Its time has not come.");
    expect((await chain.stake("alice")).stake.queued).toBe(String(400n * ONE));
    await tickets.getByRole("button", { name: /^Cancel/ }).click();
    await done("Cancel ticket");
    await expect(tickets).toHaveCount(0);
    expect((await chain.stake("alice")).stake.queued).toBe("0");
  });

  const loss = await test.step("bears a loss, of which a part comes back", async () => {
    await chain.calm(10);
    const number = await chain.shortfall("trader", 2_500n * ONE, "10");
    await chain.recover(number, 1_000n * ONE);
    await visit(page, "Earn");
    const record = page.locator(`[data-borne="${number}"]`);
    await expect(record).toBeVisible({ timeout: 30_000 });
    const held = await chain.balance("alice");
    await page.getByRole("button", { name: /^Claim what came back/ }).first().click();
    await done("Claim what came back");
    const came = (await chain.balance("alice")) - held;
    expect(came).toBeGreaterThan(0n);
    expect(String(came)).toBe((await chain.loss("alice", number))?.taken);
    return came;
  });

  await test.step("claims its rewards, and stakes those in the pool's asset again", async () => {
    await chain.net.advance(600);
    await visit(page, "Earn");
    const rewards = await chain.balance("alice", "urew");
    const shares = BigInt((await chain.stake("alice")).stake.active);
    await page.getByRole("button", { name: "Claim, and stake the USD" }).click();
    await done("Claim and restake");
    expect(await chain.balance("alice", "urew")).toBeGreaterThan(rewards);
    expect(BigInt((await chain.stake("alice")).stake.active)).toBeGreaterThan(shares);
    await page.getByRole("checkbox", { name: "USD" }).uncheck();
    await page.getByRole("button", { name: "Claim", exact: true }).click();
    await done("Claim rewards");
    const pending = (await chain.rewards("alice")).rewards;
    expect(pending.find(({ denom }) => "native" in denom && denom.native === "uusd")?.amount).not.toBe("0");
  });

  await test.step("leaves with all of it and is paid", async () => {
    await visit(page, "Leave");
    await page.getByRole("button", { name: "All", exact: true }).click();
    await page.getByRole("button", { name: /^Leave with/ }).click();
    await done("Leave with shares");
    await expect(tickets).toHaveCount(1);
    const { assets } = await chain.stake("alice");
    await chain.net.advance(UNBONDING);
    await expect(tickets).toContainText("Ready");
    const held = await chain.balance("alice");
    await page.getByRole("button", { name: "Withdraw what is ready" }).click();
    await done("Withdraw what is ready");
    await expect(tickets).toHaveCount(0);
    expect(await chain.balance("alice")).toBe(held + BigInt(assets));
    expect((await chain.stake("alice")).stake).toMatchObject({ active: "0", queued: "0" });
    // It lost less than its part of the loss was, since a part came back.
    expect(before - (await chain.balance("alice"))).toBeLessThan(13n * ONE);
    expect(loss).toBeGreaterThan(0n);
  });
});
