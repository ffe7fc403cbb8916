/**
 * A node that answers from a `World`, as the page's transport. It counts what is
 * asked, so that a test can see that no list is loaded whole, and it takes
 * transactions as a chain does: once by their bytes.
 */
import { createHash } from "node:crypto";
import { Any } from "cosmjs-types/google/protobuf/any";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { QueryAccountResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import { SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { QueryCodeInfoRequest, QueryCodeInfoResponse, QueryContractInfoRequest, QueryContractInfoResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse } from "cosmjs-types/cosmwasm/wasm/v1/query";
import { answer } from "./answers";
import { NOW, type World } from "./world";

export const CHAIN_ID = "backstop-local-1";

interface Refused {
  code: number;
  codespace: string;
  log: string;
}

interface Call {
  id: number;
  method: string;
  params: Record<string, unknown>;
}

export class FakeNode {
  down = false;
  height = 1000;
  time = NOW;
  chainId = CHAIN_ID;
  /** What each query was, by contract name and message. */
  readonly asked: string[] = [];
  readonly broadcasts: Uint8Array[] = [];
  /** Hashes that are in a block, with the code they ended with. */
  readonly included = new Map<string, Refused>();
  /** What a broadcast is answered with; "upstream" takes it, and something in between answers. */
  broadcastAnswer: Refused | "silence" | "upstream" | undefined;
  /** Events that a transaction in a block has. */
  events: readonly { type: string; attributes: readonly { key: string; value: string }[] }[] = [];
  simulateRefusal: Refused | undefined;
  /** Whether what is broadcast is in the next block. */
  includes = true;
  /** The number of the account's next transaction. */
  sequence = 3;
  /** By how many blocks the state that it answers from is behind, without the transactions. */
  stateLag = 0;
  /** Whether it finds transactions that are in its blocks. */
  index = true;

  constructor(readonly world: World) {}

  readonly fetch: typeof fetch = (_url, init) => {
    if (this.down) return Promise.reject(new TypeError("fetch failed"));
    const call = JSON.parse(init?.body as string) as Call;
    return Promise.resolve(this.answerTo(call));
  };

  answerTo(call: Call): Response {
    try {
      return this.reply(call, { result: this.handle(call) });
    } catch (error) {
      if (error === SILENCE) return new Response("", { status: 502 });
      return this.reply(call, { error: { code: -32603, message: "Internal error", data: String(error instanceof Error ? error.message : error) } });
    }
  }

  private reply(call: Call, body: object): Response {
    return new Response(JSON.stringify({ jsonrpc: "2.0", id: call.id, ...body }), { headers: { "Content-Type": "application/json" } });
  }

  private handle({ method, params }: Call): unknown {
    switch (method) {
      case "status":
        return { node_info: { network: this.chainId }, sync_info: { latest_block_height: String(this.height), latest_block_time: new Date(this.time).toISOString(), catching_up: false } };
      case "abci_query":
        return { response: this.query(String(params["path"]), Buffer.from(String(params["data"]), "hex")) };
      case "broadcast_tx_sync":
        return this.broadcast(Buffer.from(String(params["tx"]), "base64"));
      case "tx":
        return this.tx(Buffer.from(String(params["hash"]), "base64").toString("hex").toUpperCase());
      case "tx_search":
        return { txs: [{ hash: "A".repeat(64), height: "990", tx_result: { code: 0, gas_used: "100" } }], total_count: "1" };
      default:
        throw new Error(`the fake node does not know ${method}`);
    }
  }

  private query(path: string, data: Uint8Array): object {
    try {
      return { code: 0, value: Buffer.from(this.value(path, data)).toString("base64"), height: String(this.height - this.stateLag) };
    } catch (error) {
      if (typeof error === "object" && error !== null && "codespace" in error) return error;
      return { code: 9, codespace: "wasm", log: `${error instanceof Error ? error.message : String(error)}: query wasm contract failed` };
    }
  }

  private value(path: string, data: Uint8Array): Uint8Array {
    const { world } = this;
    switch (path) {
      case "/cosmwasm.wasm.v1.Query/SmartContractState": {
        const { address, queryData } = QuerySmartContractStateRequest.decode(data);
        const message = JSON.parse(new TextDecoder().decode(queryData)) as Record<string, Record<string, unknown>>;
        const result = answer(world, address, message, (what) => this.asked.push(what));
        return QuerySmartContractStateResponse.encode({ data: new TextEncoder().encode(JSON.stringify(result)) }).finish();
      }
      case "/cosmwasm.wasm.v1.Query/ContractInfo": {
        const { address } = QueryContractInfoRequest.decode(data);
        const codeId = BigInt(Object.keys(world.checksums).indexOf(address) + 1);
        return QueryContractInfoResponse.encode(QueryContractInfoResponse.fromPartial({ address, contractInfo: { codeId, admin: world.admins[address] ?? "" } })).finish();
      }
      case "/cosmwasm.wasm.v1.Query/CodeInfo": {
        const { codeId } = QueryCodeInfoRequest.decode(data);
        const checksum = Buffer.from(Object.values(world.checksums)[Number(codeId) - 1] ?? "", "hex");
        return QueryCodeInfoResponse.encode(QueryCodeInfoResponse.fromPartial({ codeId, checksum })).finish();
      }
      case "/cosmos.bank.v1beta1.Query/Balance":
        return QueryBalanceResponse.encode({ balance: { denom: "ustake", amount: world.balance } }).finish();
      case "/cosmos.auth.v1beta1.Query/Account":
        return QueryAccountResponse.encode({ account: Any.fromPartial({ typeUrl: "/cosmos.auth.v1beta1.BaseAccount", value: BaseAccount.encode(BaseAccount.fromPartial({ accountNumber: 7n, sequence: BigInt(this.stateLag > 0 ? 3 : this.sequence) })).finish() }) }).finish();
      case "/cosmos.tx.v1beta1.Service/Simulate": {
        // eslint-disable-next-line @typescript-eslint/only-throw-error -- an answer of the node, not an error of ours
        if (this.simulateRefusal) throw this.simulateRefusal;
        return SimulateResponse.encode(SimulateResponse.fromPartial({ gasInfo: { gasUsed: 200_000n }, result: { msgResponses: [] } })).finish();
      }
      default:
        throw new Error(`the fake node does not know ${path}`);
    }
  }

  private broadcast(bytes: Uint8Array): object {
    const refusal = this.broadcastAnswer;
    this.broadcasts.push(bytes);
    const hash = createHash("sha256").update(bytes).digest("hex").toUpperCase();
    if (refusal === "silence") throw SILENCE;
    if (refusal && refusal !== "upstream") return refusal;
    if (this.includes && !this.included.has(hash)) {
      this.included.set(hash, { code: 0, codespace: "", log: "" });
      this.sequence += 1;
    }
    if (refusal === "upstream") throw new Error("upstream timeout");
    return { code: 0, hash };
  }

  private tx(hash: string): object {
    const tx = this.index ? this.included.get(hash) : undefined;
    if (!tx) throw new Error(`tx (${hash}) not found`);
    return { hash, height: String(this.height), tx_result: { ...tx, gas_used: "190000", events: this.events } };
  }
}

const SILENCE = new Error("silence");
