/** How often what is asked again. Nothing polls while the page is hidden. */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";

/** What changes with every loss and every message. */
export const QUICK = 4_000;
/** What changes by the hour. */
export const SLOW = 20_000;
/** What changes by votes. */
export const RARE = 60_000;

export interface Asked<Data> {
  readonly data: Data | undefined;
  readonly error: Error | null;
  readonly waiting: boolean;
  readonly again: () => void;
  /** When the data came, on this machine's clock. */
  readonly at: number;
}

/**
 * Asks and asks again; the data stays when a later answer fails. With `keep` a page of
 * a list stays until the next one has come; never for what belongs to one account.
 */
export function useAsk<Data>(key: readonly unknown[], ask: (() => Promise<Data>) | undefined, every: number, keep = false): Asked<Data> {
  const query: UseQueryResult<Data> = useQuery({
    queryKey: key,
    queryFn: ask ?? (() => Promise.reject(new Error("not asked"))),
    enabled: ask !== undefined,
    refetchInterval: every,
    ...(keep && { placeholderData: keepPreviousData }),
  });
  return { data: query.data, error: query.error, waiting: query.isLoading, again: () => void query.refetch(), at: query.dataUpdatedAt };
}
