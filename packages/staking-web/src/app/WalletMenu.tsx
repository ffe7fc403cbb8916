/** The wallet in each of its states, and a look at any address without one. */
import { useState } from "react";
import { isAddress, prefixOf } from "../config/chain";
import { Action, Address } from "../ui/parts";
import { useApp, useWallet } from "./context";

interface MenuProps {
  readonly watched: string | undefined;
  readonly watch: (address: string | undefined) => void;
}

/** In the page's head: the account that is connected. */
export function WalletMenu() {
  const { wallet } = useApp();
  const state = useWallet();
  if (state.kind !== "connected") return null;
  return (
    <div className="wallet">
      <span className="wallet-name">
        {state.name}
        {state.ledger && " · Ledger"}
      </span>
      <Address value={state.address} />
      <Action kind="quiet" onClick={() => { wallet.disconnect(); }}>
        Leave wallet
      </Action>
    </div>
  );
}

/** Below it, while none is: how to connect one, and a look at any address without. */
export function WalletStrip({ watched, watch }: MenuProps) {
  const state = useWallet();
  if (state.kind === "connected") return null;
  return (
    <div className="strip">
      <div className="strip-inner">
        <Connect />
        <Watch watched={watched} watch={watch} />
      </div>
    </div>
  );
}

function Connect() {
  const { wallet } = useApp();
  const state = useWallet();
  const connect = () => void wallet.connect();
  switch (state.kind) {
    case "searching":
      return <Action kind="main" onClick={connect} why="Looking for Keplr…">Connect Keplr</Action>;
    case "absent":
      return <Action kind="main" onClick={connect} why="Keplr is not in this browser. Install it to stake; you can read everything without it.">Connect Keplr</Action>;
    case "connecting":
      return <Action kind="main" onClick={connect} why="Answer in the wallet’s window.">Connect Keplr</Action>;
    case "refused":
      return (
        <span className="action">
          <Action kind="main" onClick={connect}>Connect Keplr</Action>
          <span className="wallet-refused" role="alert">
            {state.sentence}
          </span>
        </span>
      );
    case "found":
    case "connected":
      return <Action kind="main" onClick={connect}>Connect Keplr</Action>;
  }
}

function Watch({ watched, watch }: MenuProps) {
  const { config } = useApp();
  const [text, setText] = useState("");
  const prefix = prefixOf(config.chain);
  if (watched !== undefined) {
    return (
      <span className="watching">
        Looking at <Address value={watched} />
        <Action kind="quiet" onClick={() => { watch(undefined); }}>Stop</Action>
      </span>
    );
  }
  const good = isAddress(text, prefix);
  return (
    <details className="watch">
      <summary>Look at an address</summary>
      <form className="watch-form" onSubmit={(event) => { event.preventDefault(); if (good) watch(text); }}>
        <label htmlFor="watch">Address, read only</label>
        <input id="watch" value={text} spellCheck={false} autoComplete="off" placeholder={`${prefix}…`} onChange={(event) => { setText(event.target.value.trim()); }} />
        <Action submit onClick={() => { watch(text); }} why={good ? undefined : `An address of this chain begins with ${prefix}.`}>
          Look
        </Action>
      </form>
    </details>
  );
}
