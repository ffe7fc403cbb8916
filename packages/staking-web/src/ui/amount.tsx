/** Numbers in the reader's locale, with the exact base units on hover and on focus. */
import type { ReactNode } from "react";
import { useApp } from "../app/context";
import { decimalOf, formatCount, formatPercent, formatUnits } from "../amount/format";
import { tokenOf, type Token } from "../data/tokens";

export interface AmountProps {
  readonly value: string | bigint;
  readonly token: Token;
  readonly digits?: number;
  /** Without the symbol, where it stands beside. */
  readonly bare?: boolean;
  /** Reachable by keyboard, so that the exact number is too. */
  readonly focus?: boolean;
}

export function Amount({ value, token, digits = 2, bare = false, focus = false }: AmountProps) {
  const { locale } = useApp();
  const units = typeof value === "bigint" ? value : wholeOf(value);
  if (units === undefined) return <Unknown raw={String(value)} />;
  const text = formatUnits(units, token.decimals, locale, Math.min(digits, token.decimals));
  return (
    <Exact exact={`${formatCount(units, locale)} ${token.id}`} focus={focus}>
      {text}
      {!bare && <span className="symbol"> {token.symbol}</span>}
    </Exact>
  );
}

/** A coin of a fee, which is often below a hundredth. */
export function Fee({ coin, focus = false }: { readonly coin: { readonly denom: string; readonly amount: string }; readonly focus?: boolean }) {
  const { config } = useApp();
  return <Amount value={coin.amount} token={tokenOf(config, coin.denom)} digits={6} focus={focus} />;
}

/** Shares, which have the asset's decimals: one is one unit of it when the pool begins. */
export function SharesOf({ value, token, digits = 2, focus = false }: Omit<AmountProps, "bare">) {
  const { locale } = useApp();
  const units = typeof value === "bigint" ? value : wholeOf(value);
  if (units === undefined) return <Unknown raw={String(value)} />;
  return (
    <Exact exact={`${formatCount(units, locale)} base units`} focus={focus}>
      {formatUnits(units, token.decimals, locale, Math.min(digits, token.decimals))}
      <span className="symbol"> shares</span>
    </Exact>
  );
}

/** A contract's decimal as percent, with all its digits on hover. */
export function Percent({ value, digits = 2 }: { readonly value: string | bigint; readonly digits?: number }) {
  const { locale } = useApp();
  const fraction = typeof value === "bigint" ? value : decimalOf(value);
  if (fraction === undefined) return <Unknown raw={String(value)} />;
  return <Exact exact={formatUnits(fraction, 18, locale)}>{formatPercent(fraction, locale, digits)}</Exact>;
}

/** A price of the breaker's, which has up to 18 decimals. */
export function PriceText({ value }: { readonly value: string }) {
  const { locale } = useApp();
  const price = decimalOf(value);
  if (price === undefined) return <Unknown raw={value} />;
  // Six digits that count: of a price below one more decimals are needed.
  const digits = price >= 10n ** 18n ? 4 : Math.min(18, 24 - price.toString().length);
  return <Exact exact={value}>{formatUnits(price, 18, locale, digits)}</Exact>;
}

export function Exact({ exact, focus = false, children }: { readonly exact: string; readonly focus?: boolean; readonly children: ReactNode }) {
  return (
    <span className="exact" {...(focus && { tabIndex: 0 })}>
      {children}
      <span className="exact-tip" role="tooltip">
        {exact}
      </span>
    </span>
  );
}

/** A value that this version does not know, as it came. */
export function Unknown({ raw }: { readonly raw: string }) {
  return <span className="unknown">unknown ({raw})</span>;
}

export function wholeOf(text: unknown): bigint | undefined {
  return typeof text === "string" && /^\d+$/.test(text) ? BigInt(text) : undefined;
}
