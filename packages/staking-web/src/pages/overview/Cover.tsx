/** Who would bear a shortfall now, by the vault's own quote. */
import { useState } from "react";
import { useApp } from "../../app/context";
import { plainUnits } from "../../amount/format";
import type * as V from "../../client/generated/Vault.types";
import type { Breaker } from "../../client/contracts";
import { isKnown, wordsOf } from "../../client/variant";
import { QUICK, useAsk } from "../../data/ask";
import { useSettled } from "../../data/estimate";
import { useBackstop } from "../../data/pool";
import { shorten } from "../../data/tokens";
import { PriceText } from "../../ui/amount";
import { AmountField, useAmount } from "../../ui/amount-field";
import { Load } from "../../ui/load";
import { Empty, Panel } from "../../ui/parts";
import { When } from "../../ui/time";
import { Waterfall, type Part } from "../../ui/waterfall";
import { REASONS } from "../../words/vault";
import { usePolicies } from "./use-pool";

export function Cover() {
  const policies = usePolicies();
  return (
    <Panel
      title="Who bears a shortfall"
      lead="A shortfall is a loss that an exchange could not collect. First its policyholder bears the deductible, then the pool pays, and the rest comes from traders in profit (auto-deleveraging, ADL)."
    >
      <Load of={policies} rows={5}>
        {({ rows, whole }) => {
          const active = rows.filter(({ closed_at }) => !closed_at);
          return active.length === 0 ? <Empty>No policy is active: the pool covers nothing now.</Empty> : <Quote policies={active} whole={whole} />;
        }}
      </Load>
    </Panel>
  );
}

const keyOf = ({ policyholder, market }: V.PolicyResponse) => `${policyholder}|${market}`;

function Quote({ policies, whole }: { readonly policies: readonly V.PolicyResponse[]; readonly whole: boolean }) {
  const { locale } = useApp();
  const { asset } = useBackstop();
  const [chosen, setChosen] = useState("");
  const [typed, setTyped] = useState<string>();
  const policy = policies.find((one) => keyOf(one) === chosen) ?? policies[0];
  const bounds = { decimals: asset.decimals, symbol: asset.symbol };
  const usual = policy ? ((BigInt(policy.deductible_left) + BigInt(policy.room)) * 5n) / 4n : 0n;
  const text = typed ?? plainUnits(usual, asset.decimals, locale);
  const { value } = useAmount(text, bounds);
  if (policy === undefined) return null;
  return (
    <>
      <div className="quote-form">
        <div className="field">
          <label htmlFor="policy">Policy</label>
          <select id="policy" value={keyOf(policy)} onChange={(event) => { setChosen(event.target.value); setTyped(undefined); }}>
            {policies.map((one) => (
              <option key={keyOf(one)} value={keyOf(one)}>
                {one.market} · {shorten(one.policyholder)}
              </option>
            ))}
          </select>
        </div>
        <AmountField label="A shortfall of" text={text} onText={setTyped} bounds={bounds} most="" />
      </div>
      {value !== undefined && <Answer policy={policy} amount={value} />}
      {!whole && <p className="note">The first {policies.length} policies are listed here.</p>}
    </>
  );
}

function Answer({ policy, amount }: { readonly policy: V.PolicyResponse; readonly amount: bigint }) {
  const { vault, breaker, asset } = useBackstop();
  const settled = useSettled(amount);
  const { policyholder, market, terms } = policy;
  const quote = useAsk(
    ["vault", "quote", policyholder, market, settled.toString()],
    async () => {
      const { price, last } = terms.priced ? await priceOf(breaker, market) : { price: undefined, last: false };
      return { quote: await vault.quoteCover(policyholder, market, settled, price), price, last };
    },
    QUICK * 2,
    true,
  );
  return (
    <Load of={quote} rows={4}>
      {({ quote: answer, price, last }) => (
        <>
          <Waterfall parts={partsOf(answer)} token={asset} />
          <Why quote={answer} />
          {price !== undefined && <p className="note">Quoted by the pool at {last ? "the market’s last good price" : "the market’s present price"}, <PriceText value={price} />.</p>}
        </>
      )}
    </Load>
  );
}

/** The market's median; where its sources do not agree now, the last good price. */
async function priceOf(breaker: Breaker, market: string): Promise<{ price: string | undefined; last: boolean }> {
  const { median, last_clean } = await breaker.verdict(market, "payout");
  return { price: median ?? last_clean?.high, last: !median };
}

function partsOf(quote: V.CoverQuote): Part[] {
  const whole = (text: string | undefined) => BigInt(text ?? "0");
  const waits = [whole(quote.delayed), whole(quote.held)] as const;
  return [
    { key: "deductible", name: "Deductible", value: whole(quote.deductible), means: "borne by the policyholder" },
    { key: "paid", name: "Pool, at once", value: whole(quote.paid), means: "the instant part: nobody can decline it" },
    { key: "delayed", name: "Pool, later", value: waits[0], means: "waits for the policy’s delay; can be declined until then" },
    { key: "held", name: "Pool, held", value: waits[1], means: "waits until the price can be judged" },
    { key: "adl", name: "ADL", value: whole(quote.uncovered), means: "not covered: taken from traders in profit" },
  ];
}

function Why({ quote }: { readonly quote: V.CoverQuote }) {
  const binds = quote.binds ?? [];
  return (
    <>
      {binds.length > 0 && (
        <p className="note">
          Why not all at once: {binds.map((reason) => wordsOf(REASONS, reason)).join("; ")}
          {binds.every((reason) => isKnown(REASONS, reason)) ? "." : ""}
        </p>
      )}
      {quote.granted_at && BigInt(quote.uncovered) > 0n && (
        <p className="note">
          All of it but the deductible would be granted from <When at={quote.granted_at} />, if nothing else happens until then.
        </p>
      )}
    </>
  );
}
