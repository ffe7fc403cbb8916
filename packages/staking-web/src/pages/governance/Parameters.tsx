/** Every parameter of the vault, with its unit and bounds. */
import { useBackstop } from "../../data/pool";
import { Panel } from "../../ui/parts";
import { VAULT_PARAMS } from "../../words/params";
import { Value } from "./Value";

export function Parameters() {
  const { terms } = useBackstop();
  const rows = flat({ ...terms.params, window: terms.window });
  return (
    <Panel title="Parameters" lead="What the pool runs by now, and between which bounds its owner can set it.">
      <ul className="params">
        {rows.map(([field, raw]) => {
          const known = VAULT_PARAMS[field];
          return (
            <li key={field} className="param">
              <span className="param-name">{known?.name ?? <>unknown (<code>{field}</code>)</>}</span>
              <span className="param-value">
                <Value raw={raw} unit={known?.unit} />
              </span>
              <span className="param-bounds">{known?.bounds ?? "bounds not known to this version"}</span>
              <span className="param-means">{known?.means ?? "A later version of the pool has added it."}</span>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** Fields by their path, those that this version knows first and in its order. */
function flat(value: object, path = ""): (readonly [string, string | undefined])[] {
  const rows = Object.entries(value).flatMap(([key, one]: [string, unknown]): (readonly [string, string | undefined])[] => {
    const at = path === "" ? key : `${path}.${key}`;
    if (one === null || one === undefined) return [[at, undefined]];
    if (typeof one === "object" && !Array.isArray(one)) return flat(one, at);
    return [[at, typeof one === "string" ? one : JSON.stringify(one)]];
  });
  const order = Object.keys(VAULT_PARAMS);
  const place = (field: string) => (order.includes(field) ? order.indexOf(field) : order.length);
  return path === "" ? rows.sort(([a], [b]) => place(a) - place(b)) : rows;
}
