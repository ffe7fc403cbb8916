/**
 * Queries that the page sends, in the encodings of the chain. The encodings are
 * cosmjs-types' (16 kB gzip): small enough for the first load, and not written twice.
 */
import { QueryBalanceRequest, QueryBalanceResponse } from "cosmjs-types/cosmos/bank/v1beta1/query";
import {
  QueryCodeInfoRequest,
  QueryCodeInfoResponse,
  QueryContractInfoRequest,
  QueryContractInfoResponse,
  QuerySmartContractStateRequest,
  QuerySmartContractStateResponse,
} from "cosmjs-types/cosmwasm/wasm/v1/query";
import { hex, type Node } from "./node";

/** What the chain itself says of a contract. */
export interface ContractFacts {
  readonly admin: string | undefined;
  readonly codeId: number;
  /** Of the code, in hex. */
  readonly checksum: string;
}

/** A contract's answer to a query message. */
export async function smart<Answer>(node: Node, address: string, message: unknown): Promise<Answer> {
  const queryData = new TextEncoder().encode(JSON.stringify(message));
  const request = QuerySmartContractStateRequest.encode({ address, queryData }).finish();
  const response = await node.query("/cosmwasm.wasm.v1.Query/SmartContractState", request);
  const { data } = QuerySmartContractStateResponse.decode(response);
  return JSON.parse(new TextDecoder().decode(data)) as Answer;
}

/** What an account has of a coin of the chain's bank. */
export async function bankBalance(node: Node, address: string, denom: string): Promise<bigint> {
  const request = QueryBalanceRequest.encode({ address, denom }).finish();
  const response = await node.query("/cosmos.bank.v1beta1.Query/Balance", request);
  return BigInt(QueryBalanceResponse.decode(response).balance?.amount ?? "0");
}

/** Who administers a contract and by which code it runs, by the chain's own word. */
export async function contractFacts(node: Node, address: string): Promise<ContractFacts> {
  const asked = QueryContractInfoRequest.encode({ address }).finish();
  const info = QueryContractInfoResponse.decode(await node.query("/cosmwasm.wasm.v1.Query/ContractInfo", asked));
  const { codeId, admin } = info.contractInfo;
  const code = QueryCodeInfoRequest.encode({ codeId }).finish();
  const facts = QueryCodeInfoResponse.decode(await node.query("/cosmwasm.wasm.v1.Query/CodeInfo", code));
  return { admin: admin === "" ? undefined : admin, codeId: Number(codeId), checksum: hex(facts.checksum) };
}
