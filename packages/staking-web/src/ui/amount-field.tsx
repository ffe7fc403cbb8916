/** A field for an amount, which says what it read and what is wrong with it. */
import { useId } from "react";
import { useApp } from "../app/context";
import { checkAmount, largest, type Bounds } from "../amount/check";
import { formatUnits, plainUnits } from "../amount/format";
import { separatorsOf, type Problem } from "../amount/parse";

export interface AmountFieldProps {
  readonly label: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly bounds: Bounds;
  /** What the most is called, such as “Balance”. */
  readonly most: string;
}

export function AmountField({ label, text, onText, bounds, most }: AmountFieldProps) {
  const id = useId();
  const { locale } = useApp();
  const read = useAmount(text, bounds);
  const top = largest(bounds);
  const bad = read.problem !== undefined && read.problem.kind !== "empty";
  const exact = read.value === undefined ? "" : `= ${formatUnits(read.value, bounds.decimals, locale)} ${bounds.symbol}`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <div className="field-box">
        <input
          id={id}
          inputMode="decimal"
          autoComplete="off"
          spellCheck={false}
          placeholder="0"
          value={text}
          aria-invalid={bad}
          aria-describedby={`${id}-says`}
          onChange={(event) => { onText(event.target.value); }}
        />
        <span className="field-symbol">{bounds.symbol}</span>
        {bounds.balance !== undefined && (
          <button type="button" className="button button-quiet" aria-label={`Max ${label}`} onClick={() => { onText(plainUnits(top, bounds.decimals, locale)); }}>
            Max
          </button>
        )}
      </div>
      <p id={`${id}-says`} className={bad ? "field-says field-bad" : "field-says"} aria-live="polite">
        {read.says ?? exact}
      </p>
      {bounds.balance !== undefined && (
        <p className="field-most">
          {most}: {formatUnits(bounds.balance, bounds.decimals, locale)} {bounds.symbol}
        </p>
      )}
    </div>
  );
}

export interface ReadAmount {
  readonly value: bigint | undefined;
  readonly problem: Problem | undefined;
  /** The problem as a sentence; none of an empty field. */
  readonly says: string | undefined;
}

export function useAmount(text: string, bounds: Bounds): ReadAmount {
  const { locale } = useApp();
  const read = checkAmount(text, bounds, separatorsOf(locale));
  if ("value" in read) return { value: read.value, problem: undefined, says: undefined };
  const units = (value: bigint) => `${formatUnits(value, bounds.decimals, locale)} ${bounds.symbol}`;
  return { value: undefined, problem: read.problem, says: sayProblem(read.problem, units) };
}

export function sayProblem(problem: Problem, units: (value: bigint) => string): string | undefined {
  switch (problem.kind) {
    case "empty":
      return undefined;
    case "not_a_number":
      return "This is not an amount: use digits and one decimal sign.";
    case "ambiguous":
      return "This can be read in more than one way: leave out the signs between groups of digits.";
    case "too_many_decimals":
      return problem.most === 0 ? "This token has no decimals: use a whole number." : `This token has ${problem.most} decimals at most.`;
    case "zero":
      return "Name more than zero.";
    case "too_small":
      return `The least is ${units(problem.least)}.`;
    case "more_than_balance":
      return `You have ${units(problem.balance)}.`;
    case "nothing_for_the_fee":
      return `That leaves too little for the network fee of ${units(problem.fee)}: the most is ${units(problem.most)}.`;
    case "more_than_allowed":
      return problem.most === 0n ? "The pool takes no deposits now." : `The pool takes ${units(problem.most)} at most.`;
  }
}
