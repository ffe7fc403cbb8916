/** Reads config.json, then shows the page for it. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import type { Wording } from "../client/errors";
import { Node } from "../client/node";
import { readConfig, type Config } from "../config/config";
import { WalletStore } from "../wallet/store";
import { aloneBy } from "../tx/alone";
import { TxStore } from "../tx/store";
import { wordingOf } from "../data/wording";
import { AppProvider, type App } from "./context";
import { narrowTo } from "./policy";
import { Shell } from "./Shell";

type Loaded = { readonly config: Config } | { readonly problems: readonly string[] } | undefined;

export function Root() {
  const [loaded, setLoaded] = useState<Loaded>();
  useEffect(() => {
    void load().then(setLoaded);
  }, []);
  if (loaded === undefined) return <p className="boot" role="status">Loading…</p>;
  if ("problems" in loaded) return <NoConfig problems={loaded.problems} />;
  return <Configured config={loaded.config} />;
}

async function load(): Promise<Loaded> {
  try {
    const response = await fetch(new URL("config.json", document.baseURI), { cache: "no-cache" });
    if (!response.ok) return { problems: [`config.json: the server answers ${response.status}`] };
    const result = readConfig(await response.json());
    if ("config" in result && import.meta.env.PROD) narrowTo(result.config.rpc, document);
    return result;
  } catch {
    return { problems: ["config.json is not there, or is not JSON"] };
  }
}

function NoConfig({ problems }: { readonly problems: readonly string[] }) {
  return (
    <main className="boot" role="alert">
      <h1>This page is not set up</h1>
      <p>It reads the chain and the pool’s address from config.json beside it. Whoever serves the page has to mend this:</p>
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
    </main>
  );
}

export function Configured({ config, send }: { readonly config: Config; readonly send?: typeof fetch }) {
  const [client] = useState(() => new QueryClient({ defaultOptions: { queries: { retry: 1, retryDelay: 500, networkMode: "always", staleTime: 1000, gcTime: 300_000 } } }));
  const app = useMemo(() => appFor(config, client, send), [config, client, send]);
  useEffect(() => {
    void app.tx.resume();
    return app.wallet.start();
  }, [app]);
  useEffect(() => {
    document.title = config.title;
  }, [config]);
  return (
    <QueryClientProvider client={client}>
      <AppProvider value={app}>
        <Shell />
      </AppProvider>
    </QueryClientProvider>
  );
}

/** The languages that numbers can be written in: a system may name others, such as "C". */
function localesOf(languages: readonly string[]): readonly string[] {
  const good = languages.filter((language) => {
    try {
      return Intl.NumberFormat.supportedLocalesOf(language).length > 0;
    } catch {
      return false;
    }
  });
  return good.length > 0 ? good : ["en"];
}

function appFor(config: Config, client: QueryClient, send: typeof fetch | undefined): App {
  const node = new Node(config.rpc, send);
  const locale = localesOf(navigator.languages);
  let wording = wordingOf(undefined, locale);
  const tx = new TxStore({
    config,
    node,
    wording: () => wording,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    storage: localStorage,
    chain: () => import("../chain"),
    alone: aloneBy(`staking-web:${config.chain.chainId}`, (navigator as Partial<Navigator>).locks),
    changed: () => void client.invalidateQueries(),
  });
  const setWording = (known: Wording) => {
    wording = known;
  };
  return { config, node, wallet: new WalletStore(config.chain), tx, locale, setWording };
}
