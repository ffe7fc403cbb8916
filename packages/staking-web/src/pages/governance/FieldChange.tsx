/** One field of a change in words: what it was, what it is to be, and what that does. */
import type * as T from "../../client/generated/Timelock.types";
import { wordsOf } from "../../client/variant";
import { Badge, type Tone } from "../../ui/parts";
import { DIRECTIONS } from "../../words/vault";
import { nameOf, unitOf } from "../../words/params";
import { Value } from "./Value";

const TONES: Readonly<Record<string, Tone>> = { raises: "bad", lowers: "good", neutral: "plain" };

export function FieldChange({ field }: { readonly field: T.FieldChange }) {
  const unit = unitOf(field.field);
  return (
    <>
      <strong>{nameOf(field.field)}</strong> from <Value raw={field.from ?? undefined} unit={unit} /> to <Value raw={field.to ?? undefined} unit={unit} />{" "}
      <Badge tone={TONES[field.direction] ?? "warn"}>{wordsOf(DIRECTIONS, field.direction)}</Badge> <span className="quiet">{field.reason}</span>
    </>
  );
}
