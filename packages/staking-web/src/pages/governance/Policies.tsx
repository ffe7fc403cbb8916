/** Whom and which markets one's stake covers. */
import { useSend } from "../../app/use-send";
import { PAGE } from "../../client/contracts";
import type * as V from "../../client/generated/Vault.types";
import { SLOW, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { Amount, Percent } from "../../ui/amount";
import { useCursor } from "../../ui/cursor";
import { Load } from "../../ui/load";
import { Action, Address, Badge, Disclosure, Empty, Pager, Panel, Row } from "../../ui/parts";
import { When } from "../../ui/time";
import { Gauge } from "../../ui/waterfall";
import { POLICY_TERMS } from "../../words/params";
import { Value } from "./Value";

export function Policies() {
  const { vault } = useBackstop();
  const { after, page: number, turns } = useCursor<[string, string]>(PAGE);
  const page = useAsk(["vault", "policies", after], () => vault.policies(after), SLOW, true);
  return (
    <Panel title="Whom your stake covers" lead="A policy is the cover that the owner grants one exchange (the policyholder) on one market. Your stake stands behind every active policy alike.">
      <Load of={page} rows={4}>
        {({ policies }) => {
          const last = policies.at(-1);
          return (
            <>
              {policies.length > 0 ? <Terms /> : <Empty page={number}>No policy was granted yet: your stake covers nobody.</Empty>}
              <ul className="records">
                {policies.map((policy) => (
                  <Policy key={policy.policyholder + policy.market} policy={policy} />
                ))}
              </ul>
              <Pager
                what="policies"
                range={`Page ${number}`}
                words={["Back", "Next"]}
                {...turns(policies.length, last && [last.policyholder, last.market])}
              />
            </>
          );
        }}
      </Load>
    </Panel>
  );
}

function Terms() {
  return (
    <Disclosure summary="What the terms of a policy mean">
      <ul className="plain">
        {Object.values(POLICY_TERMS).map(({ name, means, bounds }) => (
          <li key={name}>
            <strong>{name}</strong> ({bounds}): {means}
          </li>
        ))}
      </ul>
    </Disclosure>
  );
}

function Policy({ policy }: { readonly policy: V.PolicyResponse }) {
  const { asset, vault } = useBackstop();
  const { why, send } = useSend();
  const { terms, market, policyholder, closed_at, premium, room } = policy;
  const used = Number(terms.limit) > 0 ? 100 - (Number(room) / Number(terms.limit)) * 100 : 0;
  return (
    <li className="record" data-policy={`${policyholder}/${market}`}>
      <div className="record-head">
        <h3>{market}</h3>
        {closed_at ? <Badge tone="plain">Closed</Badge> : premium && !premium.in_force ? <Badge tone="warn">Not paid for</Badge> : <Badge tone="good">In force</Badge>}
        <span className="record-when">
          <Address value={policyholder} name="held by" />
        </span>
      </div>
      <dl className="record-grid">
        {Object.entries(terms).map(([field, value]: [string, unknown]) => (
          <Row key={field} label={POLICY_TERMS[field]?.name ?? `unknown (${field})`}>
            <Value raw={value === null || value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value)} unit={POLICY_TERMS[field]?.unit} />
          </Row>
        ))}
        <Row label="Left of the limit">
          <Amount value={room} token={asset} focus />
          <Gauge part={used} label={`Used of the limit of ${market}`} />
        </Row>
        {premium?.rate && <Row label="Pays a year, of its limit"><Percent value={premium.rate} /></Row>}
        {premium?.until && <Row label="Paid until"><When at={premium.until} /></Row>}
      </dl>
      {premium && premium.unsent !== "0" && (
        <Action onClick={() => void send("Pass on earned premium", [{ contract: vault.address, msg: { send_premium: { policyholder, market } }, funds: [] }])} why={why}>
          Pass on <Amount value={premium.unsent} token={asset} /> of earned premium
        </Action>
      )}
    </li>
  );
}
