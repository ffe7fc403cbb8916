/** What stands around every page: navigation, the node's state, the wallet, transactions. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { Vault } from "../client/contracts";
import { useAsk, RARE } from "../data/ask";
import { BackstopProvider, backstopOf } from "../data/pool";
import { WordingProvider, wordingOf } from "../data/wording";
import { Guard, Load } from "../ui/load";
import { Overview } from "../pages/overview/Overview";
import { Stake } from "../pages/stake/Stake";
import { Leave } from "../pages/leave/Leave";
import { Earn } from "../pages/earn/Earn";
import { Governance } from "../pages/governance/Governance";
import { HeartbeatProvider, useApp, WatchProvider, type Heartbeat } from "./context";
import { Banners } from "./Banners";
import { ROUTES, useRoute, type Route } from "./route";
import { ThemeToggle } from "./Theme";
import { Toasts } from "./Toasts";
import { WalletMenu, WalletStrip } from "./WalletMenu";

const PAGES: Readonly<Record<Route, () => React.JSX.Element>> = { overview: Overview, stake: Stake, leave: Leave, earn: Earn, governance: Governance };
const BEAT_MS = 3_000;

export function Shell() {
  const [watched, setWatched] = useState<string>();
  const heartbeat = useBeat();
  const route = useRoute();
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus();
  }, [route]);
  return (
    <HeartbeatProvider value={heartbeat}>
      <WatchProvider value={watched}>
        <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }}>
          Skip to the page
        </a>
        <Guard>
          <Header route={route} />
          <WalletStrip watched={watched} watch={setWatched} />
          <Banners />
        </Guard>
        <main id="main" ref={main} tabIndex={-1}>
          <h1>{ROUTES[route]}</h1>
          <Pool route={route} />
        </main>
        <Footer />
        <Guard>
          <Toasts />
        </Guard>
      </WatchProvider>
    </HeartbeatProvider>
  );
}

function Header({ route }: { readonly route: Route }) {
  const { config } = useApp();
  return (
    <header className="top">
      <div className="top-inner">
        <a className="brand" href="#/overview">
          <span className="brand-mark" aria-hidden="true" />
          {config.title}
        </a>
        <nav aria-label="Pages" className="tabs">
          {Object.entries(ROUTES).map(([name, title]) => (
            <a key={name} href={`#/${name}`} {...(name === route && { "aria-current": "page" as const })}>
              {title}
            </a>
          ))}
        </nav>
        <div className="top-side">
          <ThemeToggle />
          <WalletMenu />
        </div>
      </div>
    </header>
  );
}

function Pool({ route }: { readonly route: Route }) {
  const { config, node, locale, setWording } = useApp();
  const terms = useAsk(["vault", "config"], () => new Vault(node, config.contracts.vault).config(), RARE);
  const backstop = useMemo(() => (terms.data ? backstopOf(node, config, terms.data) : undefined), [node, config, terms.data]);
  const wording = useMemo(() => wordingOf(backstop?.asset, locale), [backstop, locale]);
  useEffect(() => {
    setWording(wording);
  }, [setWording, wording]);
  const Page = PAGES[route];
  return (
    <Load of={terms} rows={6}>
      {() =>
        backstop && (
          <BackstopProvider value={backstop}>
            <WordingProvider value={wording}>
              <Guard key={route}>
                <Page />
              </Guard>
            </WordingProvider>
          </BackstopProvider>
        )
      }
    </Load>
  );
}

function Footer() {
  const { config } = useApp();
  return (
    <footer className="foot">
      <p>
        Chain <code>{config.chain.chainId}</code>, asked at <code>{config.rpc}</code> and nowhere else. Figures are the contracts’ own answers, or follow from them by their formulas.
      </p>
    </footer>
  );
}

/** The node's last answer: the chain's clock, and whether it answers at all. */
function useBeat(): Heartbeat | undefined {
  const { node } = useApp();
  const { data, isError } = useQuery({
    queryKey: ["status"],
    queryFn: async () => ({ status: await node.status(), heardAt: Date.now() }),
    refetchInterval: BEAT_MS,
    retry: false,
  });
  const [moved, setMoved] = useState({ height: -1, at: 0 });
  if (data !== undefined && data.status.height !== moved.height) setMoved({ height: data.status.height, at: data.heardAt });
  return useMemo(() => {
    if (data === undefined) return undefined;
    const { status, heardAt } = data;
    return { chainTime: status.time, height: status.height, movedAt: moved.at, chainId: status.chainId, heardAt, alive: !isError };
  }, [data, moved, isError]);
}
