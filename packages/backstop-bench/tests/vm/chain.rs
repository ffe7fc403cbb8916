//! A chain around the VM: runs a message's contract, then what that contract
//! sends, replies, and undoes what failed, as wasmd does.

use std::collections::BTreeSet;

use cosmwasm_std::{
    Addr, BankMsg, Binary, Coin, ContractInfo, ContractResult, CosmosMsg, Env, Event, MessageInfo,
    MsgResponse, Reply, ReplyOn, Response, SubMsg, SubMsgResponse, SubMsgResult, WasmMsg, from_json,
    to_json_vec,
};
use cosmwasm_vm::testing::MockApi;
use cosmwasm_vm::{
    Backend, Instance, InstanceOptions, VmResult, call_execute_raw, call_instantiate_raw, call_migrate_raw,
    call_query_raw, call_reply_raw,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::chain_state::{Leg, Shared};
use crate::querier::Querier;
use crate::store::{MULTIPLIER, Store};
use crate::wasm;

/// More than any message here may use, in the SDK's gas.
const BLOCK_GAS: u64 = 100_000_000;

type Running = Instance<MockApi, Store, Querier>;

/// See the module.
pub struct Chain {
    pub shared: Shared,
}

/// What a message answered and cost.
#[derive(Debug)]
pub struct Outcome {
    pub data: Option<Binary>,
    pub events: Vec<Event>,
    /// Each call into a contract.
    pub legs: Vec<Leg>,
}

impl Outcome {
    /// Its cost in the SDK's gas; see [`Leg`].
    pub fn gas(&self) -> u64 {
        self.legs.iter().map(|leg| leg.gas).sum()
    }

    /// Its cost with the contracts' starts: on a chain 60,000 for the first of a
    /// code in a transaction, and 2,000 for each after that.
    pub fn gas_with_starts(&self) -> u64 {
        let codes: BTreeSet<&str> = self.legs.iter().map(|leg| leg.code).collect();
        let (first, again) = (codes.len() as u64, (self.legs.len() - codes.len()) as u64);
        self.gas() + 60_000 * first + 2_000 * again
    }

    /// The cost of one contract's part.
    pub fn gas_of(&self, code: &str, export: &str) -> u64 {
        let legs = self
            .legs
            .iter()
            .filter(|leg| leg.code == code && leg.export == export);
        legs.map(|leg| leg.gas).sum()
    }
}

/// The address of this name.
pub fn account(name: &str) -> Addr {
    Addr::unchecked(MockApi::default().addr_make(name))
}

impl Chain {
    /// An empty chain.
    pub fn new() -> Self {
        Self {
            shared: Shared::new(),
        }
    }

    /// The chain of this state.
    pub fn of(shared: &Shared) -> Self {
        Self {
            shared: shared.clone(),
        }
    }

    /// Sets a contract of a built code up, at the address of its name.
    pub fn instantiate(
        &self,
        code: &'static str,
        sender: &Addr,
        msg: &impl Serialize,
    ) -> Result<Addr, String> {
        let address = account(code);
        self.shared.lock().codes.insert(address.to_string(), code);
        let info = to_json_vec(&info(sender, &[])).unwrap();
        let msg = to_json_vec(msg).unwrap();
        self.message(|| {
            let response = self.call(&address, "instantiate", None, |running, env| {
                call_instantiate_raw(running, env, &info, &msg)
            })?;
            self.follow(&address, response)
        })?;
        Ok(address)
    }

    /// Sends a message with coins to a contract.
    pub fn execute(
        &self,
        sender: &Addr,
        contract: &Addr,
        msg: &impl Serialize,
        funds: &[Coin],
    ) -> Result<Outcome, String> {
        let msg = to_json_vec(msg).unwrap();
        self.message(|| self.enter(sender.as_str(), contract, &msg, funds, None))
    }

    /// Moves a contract to the same code again.
    pub fn migrate(&self, contract: &Addr, msg: &impl Serialize) -> Result<Outcome, String> {
        let msg = to_json_vec(msg).unwrap();
        self.message(|| {
            let response = self.call(contract, "migrate", None, |running, env| {
                call_migrate_raw(running, env, &msg)
            })?;
            self.follow(contract, response)
        })
    }

    /// What a contract answers to a query.
    pub fn query<T: DeserializeOwned>(&self, contract: &Addr, msg: &impl Serialize) -> Result<T, String> {
        let answer = self.ask(contract.as_str(), &to_json_vec(msg).unwrap())?;
        from_json(answer).map_err(|error| error.to_string())
    }

    /// The same in bytes.
    pub fn ask(&self, contract: &str, msg: &[u8]) -> Result<Vec<u8>, String> {
        let answer = self.run(contract, "query", None, |running, env| {
            running.set_storage_readonly(true);
            call_query_raw(running, env, msg)
        })?;
        let answer: ContractResult<Binary> = from_json(answer).map_err(|error| error.to_string())?;
        answer.into_result().map(Vec::from)
    }

    /// A message from outside: undone as a whole if it fails.
    fn message(&self, run: impl FnOnce() -> Result<Done, String>) -> Result<Outcome, String> {
        self.shared.lock().legs.clear();
        let result = run();
        let mut state = self.shared.lock();
        let legs = std::mem::take(&mut state.legs);
        match result {
            Ok(done) => {
                state.commit();
                Ok(Outcome {
                    data: done.data,
                    events: done.events,
                    legs,
                })
            }
            Err(error) => {
                state.undo(0);
                Err(error)
            }
        }
    }

    fn enter(
        &self,
        sender: &str,
        contract: &Addr,
        msg: &[u8],
        funds: &[Coin],
        gas: Option<u64>,
    ) -> Result<Done, String> {
        self.pay(sender, contract.as_str(), funds)?;
        let info = to_json_vec(&info(&Addr::unchecked(sender), funds)).unwrap();
        let response = self.call(contract, "execute", gas, |running, env| {
            call_execute_raw(running, env, &info, msg)
        })?;
        self.follow(contract, response)
    }

    fn pay(&self, from: &str, to: &str, coins: &[Coin]) -> Result<(), String> {
        let mut state = self.shared.lock();
        for coin in coins {
            let (amount, denom) = (coin.amount.u128(), coin.denom.as_str());
            let left = state.balance(from, denom).checked_sub(amount);
            let left = left.ok_or_else(|| format!("{from} has less than {coin}"))?;
            state.set_balance(from, denom, left);
            let have = state.balance(to, denom);
            state.set_balance(to, denom, have + amount);
        }
        Ok(())
    }

    /// Sends what a contract answered with, in order.
    fn follow(&self, contract: &Addr, response: Response) -> Result<Done, String> {
        let mut done = Done {
            data: response.data,
            events: response.events,
        };
        for message in response.messages {
            let reply = self.sub_message(contract, message)?;
            done.events.extend(reply.events);
            done.data = reply.data.or(done.data);
        }
        Ok(done)
    }

    fn sub_message(&self, sender: &Addr, message: SubMsg) -> Result<Done, String> {
        let checkpoint = self.shared.lock().checkpoint();
        let sent = self.send(sender, message.msg, message.gas_limit);
        let wanted = match (&sent, &message.reply_on) {
            (_, ReplyOn::Always) => true,
            (Ok(_), on) => *on == ReplyOn::Success,
            (Err(_), on) => *on == ReplyOn::Error,
        };
        if sent.is_err() && wanted {
            self.shared.lock().undo(checkpoint);
        }
        if !wanted {
            return sent.map(|done| Done { data: None, ..done });
        }
        let (result, events) = match sent {
            Ok(done) => (SubMsgResult::Ok(answer(done.data)), done.events),
            // A chain redacts the error.
            Err(_) => (SubMsgResult::Err("codespace: wasm, code: 5".to_string()), vec![]),
        };
        let reply = Reply {
            id: message.id,
            payload: message.payload,
            gas_used: 0,
            result,
        };
        let reply = to_json_vec(&reply).unwrap();
        let response = self.call(sender, "reply", None, |running, env| {
            call_reply_raw(running, env, &reply)
        })?;
        let mut done = self.follow(sender, response)?;
        done.events.splice(0..0, events);
        Ok(done)
    }

    fn send(&self, sender: &Addr, message: CosmosMsg, gas: Option<u64>) -> Result<Done, String> {
        match message {
            CosmosMsg::Bank(BankMsg::Send { to_address, amount }) => {
                self.pay(sender.as_str(), &to_address, &amount)?;
                Ok(Done::default())
            }
            CosmosMsg::Wasm(WasmMsg::Execute {
                contract_addr,
                msg,
                funds,
            }) => self.enter(
                sender.as_str(),
                &Addr::unchecked(contract_addr),
                &msg,
                &funds,
                gas,
            ),
            other => Err(format!("the contracts send no {other:?}")),
        }
    }

    fn call(
        &self,
        contract: &Addr,
        export: &'static str,
        gas: Option<u64>,
        run: impl FnOnce(&mut Running, &[u8]) -> VmResult<Vec<u8>>,
    ) -> Result<Response, String> {
        let answer = self.run(contract.as_str(), export, gas, run)?;
        let answer: ContractResult<Response> = from_json(answer).map_err(|error| error.to_string())?;
        answer.into_result()
    }

    fn run(
        &self,
        contract: &str,
        export: &'static str,
        gas: Option<u64>,
        run: impl FnOnce(&mut Running, &[u8]) -> VmResult<Vec<u8>>,
    ) -> Result<Vec<u8>, String> {
        let (vm, codes) = wasm::shared();
        let (code, block) = {
            let state = self.shared.lock();
            let code = state.codes.get(contract).copied();
            (
                code.ok_or_else(|| format!("no contract at {contract}"))?,
                state.block.clone(),
            )
        };
        let backend = Backend {
            api: MockApi::default(),
            storage: Store::new(&self.shared, contract),
            querier: Querier(self.shared.clone()),
        };
        let options = InstanceOptions {
            gas_limit: gas.unwrap_or(BLOCK_GAS) * MULTIPLIER,
        };
        let env = to_json_vec(&Env {
            block,
            transaction: None,
            contract: ContractInfo {
                address: Addr::unchecked(contract),
            },
        });
        let mut running = vm
            .get_instance(&codes[code], backend, options)
            .map_err(|error| error.to_string())?;
        let answer = run(&mut running, &env.unwrap()).map_err(|error| error.to_string());
        let report = running.create_gas_report();
        self.shared.lock().legs.push(Leg {
            code,
            export,
            gas: (report.used_internally + report.used_externally) / MULTIPLIER,
            storage: report.used_externally / MULTIPLIER,
        });
        answer
    }
}

/// What is left of a message once it ran.
#[derive(Default)]
struct Done {
    data: Option<Binary>,
    events: Vec<Event>,
}

fn info(sender: &Addr, funds: &[Coin]) -> MessageInfo {
    MessageInfo {
        sender: sender.clone(),
        funds: funds.to_vec(),
    }
}

/// The success of an executed contract as a reply shows it: its data in a
/// protobuf `MsgExecuteContractResponse`, field 1.
fn answer(data: Option<Binary>) -> SubMsgResponse {
    let mut value = vec![];
    if let Some(data) = data.filter(|data| !data.is_empty()) {
        value.push(0x0a);
        let mut length = data.len();
        while length >= 0x80 {
            value.push((length as u8 & 0x7f) | 0x80);
            length >>= 7;
        }
        value.push(length as u8);
        value.extend_from_slice(&data);
    }
    #[expect(deprecated, reason = "the field is there and a chain fills it no longer")]
    SubMsgResponse {
        events: vec![],
        data: None,
        msg_responses: vec![MsgResponse {
            type_url: "/cosmwasm.wasm.v1.MsgExecuteContractResponse".to_string(),
            value: value.into(),
        }],
    }
}
