/** Where the tests' network and page are: made once, before the first test. */
import { Chain } from "./chain";
import { Localnet } from "./localnet";

export interface World {
  readonly home: string;
  readonly page: string;
}

const KEY = "BACKSTOP_BROWSER_WORLD";

export function publish(world: World): void {
  process.env[KEY] = JSON.stringify(world);
}

export function world(): World {
  return JSON.parse(process.env[KEY] ?? "{}") as World;
}

let chain: Promise<Chain> | undefined;

export function theChain(): Promise<Chain> {
  chain ??= Chain.of(new Localnet(world().home));
  return chain;
}
