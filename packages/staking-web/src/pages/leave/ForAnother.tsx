/** Tickets of others that they marked: anybody may withdraw them, and their owner is paid. */
import { useSend } from "../../app/use-send";
import { withdraw } from "../../client/messages";
import { useEstimate } from "../../data/estimate";
import { useBackstop } from "../../data/pool";
import { Action } from "../../ui/parts";
import { ReceiverField, useReceiver } from "../../ui/receiver";

export function ForAnother() {
  const { vault } = useBackstop();
  const { why, send } = useSend();
  const staker = useReceiver();
  // The contract asks for one unit at least, so that nobody's tickets are ended for nothing.
  const message = staker.address === undefined ? undefined : withdraw(vault.address, undefined, 1n, staker.address);
  const { refused } = useEstimate(message && [message]);
  const nobody = staker.address === undefined ? (staker.problem ?? "Enter whose tickets.") : undefined;
  return (
    <ReceiverField receiver={staker} means="Whose tickets" summary="Withdraw for somebody else">
      <p className="note">Only tickets that their owner marked for this, and that are ready. Their owner is paid; you pay the network fee.</p>
      <Action onClick={() => { if (message) void send("Withdraw for somebody else", [message]); }} why={why ?? nobody ?? refused}>
        Withdraw for them
      </Action>
    </ReceiverField>
  );
}
