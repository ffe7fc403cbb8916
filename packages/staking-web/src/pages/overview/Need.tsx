/** One thing that must become true for a market to be normal. */
import { useApp } from "../../app/context";
import { formatPercent } from "../../amount/format";
import type * as B from "../../client/generated/Breaker.types";
import { hasBody, variant } from "../../client/variant";
import { PriceText, Unknown } from "../../ui/amount";
import { Countdown } from "../../ui/time";
import { duration } from "../../words/time";

export function Need({ need }: { readonly need: B.Need }) {
  const { locale } = useApp();
  if (!hasBody(need)) return <Unknown raw={variant(need).name} />;
  if ("reseed" in need) return <>The owner begins the recovery of trip {need.reseed.trip}.</>;
  if ("guardian_time" in need) return <>The guardian’s time passes: <Countdown until={need.guardian_time.until} then="over" label="Guardian’s time" /></>;
  if ("cooldown" in need) return <>No further fault during the cooldown: <Countdown until={need.cooldown.until} then="over" label="Cooldown" /></>;
  if ("quiet" in need) return <>Nothing is unwell for a while: <Countdown until={need.quiet.until} then="over" label="Quiet time" /></>;
  if ("lineages" in need) return <>At least {need.lineages.least} independent sources answer; {need.lineages.now} do now.</>;
  if ("agreement" in need) return <>The sources agree within {formatPercent(BigInt(need.agreement.within) * 10n ** 14n, locale)}.</>;
  if ("median" in need) return <>The price is between <PriceText value={need.median.low} /> and <PriceText value={need.median.high} />.</>;
  if ("dependency" in need) return <>The markets that it depends on are well.</>;
  if ("clean_readings" in need) return <>{need.clean_readings.left} more clean readings, {duration(need.clean_readings.spacing)} apart.</>;
  if ("confirmation" in need) return <>For liquidation before that: {need.confirmation.left} more readings in which {need.confirmation.lineages} sources confirm the jump.</>;
  if ("first_reading" in need) return <>Somebody has a first price read.</>;
  return <Unknown raw={variant(need).name} />;
}
