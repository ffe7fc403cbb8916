/** Whether a known timelock owns and administers everything, said plainly. */
import { useApp } from "../../app/context";
import { RARE, useAsk } from "../../data/ask";
import { custodyOf, type CustodyFacts, type Held } from "../../data/custody";
import { useBackstop } from "../../data/pool";
import { Load } from "../../ui/load";
import { Address, Badge, Panel, Row } from "../../ui/parts";
import { CONTRACTS } from "../../words/vault";

export function Custody({ owner, pending }: { readonly owner: string | undefined; readonly pending: string | undefined }) {
  const { node, config } = useApp();
  const backstop = useBackstop();
  const facts = useAsk(["custody", owner, pending], () => custodyOf(node, config, backstop, owner), RARE);
  return (
    <Panel title="Who can change the pool" lead="Each contract has an owner, who sets its parameters, and an admin, who can replace its code. Asked of the chain itself.">
      <Load of={facts} rows={4}>
        {(custody) => (
          <>
            <Verdict custody={custody} owner={owner} />
            <ul className="records records-tight">
              {custody.contracts.map((held) => (
                <Contract key={held.contract} held={held} timelock={custody.timelock === "none" ? undefined : owner} />
              ))}
            </ul>
            <p className="note">Whatever stands here: the chain’s own governance can replace any contract of its chain at once.</p>
          </>
        )}
      </Load>
    </Panel>
  );
}

function Verdict({ custody, owner }: { readonly custody: CustodyFacts; readonly owner: string | undefined }) {
  if (owner === undefined) {
    return <Say tone="warn" title="Nobody owns the vault.">Its parameters can never change again, and no claim can be declined.</Say>;
  }
  if (custody.timelock === "none") {
    return (
      <Say tone="bad" title="The owner is not a timelock.">
        It can change limits and policies at once, without giving you time to leave.
      </Say>
    );
  }
  if (custody.timelock === "unknown_code") {
    const none = custody.contracts.every(({ knownCode }) => knownCode === undefined);
    return (
      <Say tone="bad" title="The owner answers as a timelock, but its code is not known.">
        {none ? "This page was given no list of released code to compare it with." : "Its code is none of the releases that this page knows."} Do not rely on changes waiting.
      </Say>
    );
  }
  if (!custody.complete) {
    return (
      <Say tone="bad" title="A timelock with known code owns the vault, but not everything.">
        A contract below has another owner or admin, or is being handed over: that one can be changed without any wait.
      </Say>
    );
  }
  if (!custody.knownCode) {
    return (
      <Say tone="bad" title="A timelock with known code owns everything, but not all code is known.">
        A contract below runs code that is none of the releases that this page knows: it may do anything.
      </Say>
    );
  }
  return (
    <Say tone="good" title="A timelock with known code owns and administers all contracts.">
      A change that raises your risk waits for the unbonding period and the notice.
    </Say>
  );
}

function Say({ tone, title, children }: { readonly tone: "good" | "warn" | "bad"; readonly title: string; readonly children: string | React.ReactNode }) {
  return (
    <div className={`verdict verdict-${tone}`}>
      <strong>{title}</strong> {children}
    </div>
  );
}

function Contract({ held, timelock }: { readonly held: Held; readonly timelock: string | undefined }) {
  const { name, does } = CONTRACTS[held.contract];
  const who = (address: string | undefined) => {
    if (address === undefined) return "nobody";
    return address === timelock ? "the timelock" : <Address value={address} />;
  };
  return (
    <li className="record" data-contract={held.contract}>
      <div className="record-head">
        <h3>{name}</h3>
        <span className="record-when">{does}</span>
        {held.knownCode === true && <Badge tone="good">Known code</Badge>}
        {held.knownCode === false && <Badge tone="bad">Unknown code</Badge>}
      </div>
      <dl className="record-grid">
        <Row label="Address"><Address value={held.address} /></Row>
        <Row label="Owner">{who(held.owner)}</Row>
        <Row label="Admin">{who(held.admin)}</Row>
        <Row label="Code">
          {held.codeId} · <code title={held.checksum}>{held.checksum.slice(0, 12)}…</code>
        </Row>
        {held.pendingOwner !== undefined && <Row label="Being handed to"><Address value={held.pendingOwner} /></Row>}
      </dl>
    </li>
  );
}
