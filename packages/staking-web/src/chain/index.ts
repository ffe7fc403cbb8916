/**
 * The chain module: what only a connected wallet needs. It is large, so the page
 * loads it when a wallet connects. It builds, simulates and signs; it sends nothing
 * itself, all requests go through the page's one `Node`.
 */
import { encodeSecp256k1Pubkey } from "@cosmjs/amino";
import { sha256 } from "@cosmjs/crypto";
import { createWasmAminoConverters, wasmTypes } from "@cosmjs/cosmwasm";
import { toUtf8 } from "@cosmjs/encoding";
import { encodePubkey, Registry, type EncodeObject, type OfflineSigner } from "@cosmjs/proto-signing";
import { accountFromAny, AminoTypes, defaultRegistryTypes, SigningStargateClient } from "@cosmjs/stargate";
import { QueryAccountRequest, QueryAccountResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { SignMode } from "cosmjs-types/cosmos/tx/signing/v1beta1/signing";
import { SimulateRequest, SimulateResponse } from "cosmjs-types/cosmos/tx/v1beta1/service";
import { AuthInfo, Fee, Tx, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { MsgExecuteContract, MsgExecuteContractResponse } from "cosmjs-types/cosmwasm/wasm/v1/tx";
import type { Coin, Execute } from "../client/messages";
import { hex, NodeRefused, type Node } from "../client/node";

export interface Account {
  readonly address: string;
  readonly accountNumber: number;
  readonly sequence: number;
  /** The height of the state that says so. */
  readonly height: number;
}

export interface Simulated {
  readonly gasUsed: number;
  /** What each message would answer in its data. */
  readonly answers: readonly unknown[];
}

export interface Fees {
  readonly gas: number;
  readonly amount: readonly Coin[];
}

export interface Signed {
  readonly bytes: Uint8Array;
  readonly hash: string;
  /** As the wallet signed it: it may have edited what was proposed. */
  readonly fee: Fees;
}

const registry = new Registry([...defaultRegistryTypes, ...wasmTypes]);
const aminoTypes = new AminoTypes(createWasmAminoConverters());

export async function account(node: Node, address: string): Promise<Account> {
  const request = QueryAccountRequest.encode({ address }).finish();
  const { value, height } = await node.queryAt("/cosmos.auth.v1beta1.Query/Account", request);
  const response = QueryAccountResponse.decode(value);
  if (!response.account) throw new NodeRefused(9, "sdk", `account ${address} not found`);
  const { accountNumber, sequence } = accountFromAny(response.account);
  return { address, accountNumber, sequence, height };
}

/** What the messages would do now, and the gas that it would take. */
export async function simulate(node: Node, pubkey: Uint8Array, from: Account, messages: readonly Execute[]): Promise<Simulated> {
  const body = TxBody.fromPartial({ messages: encode(from.address, messages).map((message) => registry.encodeAsAny(message)) });
  const signerInfos = [
    { publicKey: encodePubkey(encodeSecp256k1Pubkey(pubkey)), sequence: BigInt(from.sequence), modeInfo: { single: { mode: SignMode.SIGN_MODE_UNSPECIFIED } } },
  ];
  const tx = Tx.fromPartial({ body, authInfo: AuthInfo.fromPartial({ signerInfos, fee: Fee.fromPartial({}) }), signatures: [new Uint8Array()] });
  const request = SimulateRequest.encode(SimulateRequest.fromPartial({ txBytes: Tx.encode(tx).finish() })).finish();
  const response = SimulateResponse.decode(await node.query("/cosmos.tx.v1beta1.Service/Simulate", request));
  return {
    gasUsed: Number(response.gasInfo?.gasUsed ?? 0),
    answers: (response.result?.msgResponses ?? []).map(({ value }) => answer(value)),
  };
}

/** Has the wallet sign; what it signed is what will be sent, not what was proposed. */
export async function sign(
  signer: OfflineSigner,
  from: Account,
  chainId: string,
  messages: readonly Execute[],
  fee: Fees,
  timeoutHeight: number,
): Promise<Signed> {
  const client = await SigningStargateClient.offline(signer, { registry, aminoTypes });
  const stdFee = { amount: [...fee.amount], gas: String(fee.gas) };
  const data = { accountNumber: from.accountNumber, sequence: from.sequence, chainId };
  const raw = await client.sign(from.address, encode(from.address, messages), stdFee, "", data, BigInt(timeoutHeight));
  const bytes = TxRaw.encode(raw).finish();
  // Until when it is followed, and after that said to be void, is what is signed.
  if (TxBody.decode(raw.bodyBytes).timeoutHeight !== BigInt(timeoutHeight)) throw new Error("The wallet changed until when the transaction is valid. It was not sent.");
  const signed = AuthInfo.decode(raw.authInfoBytes).fee;
  return {
    bytes,
    hash: hashOf(bytes),
    fee: { gas: Number(signed?.gasLimit ?? fee.gas), amount: signed?.amount ?? fee.amount },
  };
}

export async function publicKey(signer: OfflineSigner, address: string): Promise<Uint8Array> {
  const accounts = await signer.getAccounts();
  const found = accounts.find((one) => one.address === address);
  if (!found) throw new Error("The wallet has another account by now: connect again.");
  return found.pubkey;
}

function encode(sender: string, messages: readonly Execute[]): EncodeObject[] {
  return messages.map(({ contract, msg, funds }) => ({
    typeUrl: "/cosmwasm.wasm.v1.MsgExecuteContract",
    value: MsgExecuteContract.fromPartial({ sender, contract, msg: toUtf8(JSON.stringify(msg)), funds: [...funds] }),
  }));
}

function answer(value: Uint8Array): unknown {
  const { data } = MsgExecuteContractResponse.decode(value);
  if (data.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(data)) as unknown;
  } catch {
    return undefined;
  }
}

function hashOf(bytes: Uint8Array): string {
  return hex(sha256(bytes)).toUpperCase();
}
