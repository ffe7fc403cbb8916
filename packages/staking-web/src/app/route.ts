/** The page's addresses are behind `#`, so that any server of files can serve it. */
import { useSyncExternalStore } from "react";

export const ROUTES = {
  overview: "Overview",
  stake: "Stake",
  leave: "Leave",
  earn: "Earn",
  governance: "Governance",
} as const;

export type Route = keyof typeof ROUTES;

export function routeOf(hash: string): Route {
  const name = hash.replace(/^#\/?/, "").split("?")[0] ?? "";
  return Object.hasOwn(ROUTES, name) ? (name as Route) : "overview";
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => { window.removeEventListener("hashchange", listener); };
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, () => routeOf(window.location.hash));
}
