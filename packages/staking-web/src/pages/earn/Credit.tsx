/** A credit of the vault's, which hardly any staker has. */
import { useSend } from "../../app/use-send";
import type { CreditResponse } from "../../client/generated/Vault.types";
import { withdrawCredit } from "../../client/messages";
import { smart } from "../../client/query";
import { useApp } from "../../app/context";
import { SLOW, useAsk } from "../../data/ask";
import { useBackstop } from "../../data/pool";
import { Amount } from "../../ui/amount";
import { Action, Panel } from "../../ui/parts";

export function Credit({ address }: { readonly address: string }) {
  const { node } = useApp();
  const { vault, asset } = useBackstop();
  const { why, send } = useSend();
  const credit = useAsk(["vault", "credit", address], () => smart<CreditResponse>(node, vault.address, { credit: { account: address } }), SLOW);
  if (credit.data === undefined || credit.data.amount === "0") return null;
  return (
    <Panel title="Credit" lead="What the pool owes this account beside its stake: a premium’s refund, or the treasury’s part.">
      <div className="withdraw-all">
        <Amount value={credit.data.amount} token={asset} focus />
        <Action onClick={() => void send("Withdraw credit", [withdrawCredit(vault.address)])} why={why}>
          Withdraw credit
        </Action>
      </div>
    </Panel>
  );
}
