/**
 * Once the page knows its node, nothing else may be asked: a second policy is added,
 * and a browser keeps to all of them.
 */
export function narrowTo(rpc: string, document: Document): void {
  const meta = document.createElement("meta");
  meta.httpEquiv = "Content-Security-Policy";
  // The `self` is config.json; a node's address may have a path, its policy has the origin.
  meta.content = `connect-src 'self' ${new URL(rpc, document.baseURI).origin}`;
  document.head.append(meta);
}
