/** The whole page over a fake node, as a reader has it. */
import { render } from "@testing-library/react";
import { Configured } from "../../src/app/Root";
import { config } from "../fake/config";
import { FakeNode } from "../fake/node";
import { world, type World } from "../fake/world";

export function openPage(route: string, change: (world: World) => void = () => undefined, size: Parameters<typeof world>[0] = {}): FakeNode {
  window.location.hash = `#/${route}`;
  window.matchMedia = () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;
  const made = world(size);
  change(made);
  const node = new FakeNode(made);
  node.time = Date.now();
  render(<Configured config={config()} send={node.fetch} />);
  return node;
}
