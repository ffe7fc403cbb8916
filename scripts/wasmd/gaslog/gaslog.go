// Package types joins the SDK's store/types when wasmd is built: it writes down
// what each transaction of a block was charged for. It charges nothing itself.
package types

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"sync"
)

// GasCharge is all charges of one kind.
type GasCharge struct {
	Gas   uint64 `json:"gas"`
	Count uint64 `json:"count"`
}

// GasLine is one transaction: what was charged before its messages ran, and for
// them.
type GasLine struct {
	Hash     string                `json:"hash"`
	Ante     map[string]*GasCharge `json:"ante"`
	Messages map[string]*GasCharge `json:"messages"`
}

var (
	gasLogFile = os.Getenv("BACKSTOP_GAS_LOG")
	gasLogLock sync.Mutex
	gasLogLine *GasLine
	gasLogNow  map[string]*GasCharge
)

// What an inner meter was charged is noted there; its sum is not noted again.
var gasLogSums = map[string]bool{
	"From limited Sub-Message": true,
	"contract sub-query":       true,
}

// GasLogBegin begins a transaction's line.
func GasLogBegin(tx []byte) {
	if gasLogFile == "" {
		return
	}
	gasLogLock.Lock()
	defer gasLogLock.Unlock()
	gasLogLine = &GasLine{
		Hash:     fmt.Sprintf("%X", sha256.Sum256(tx)),
		Ante:     map[string]*GasCharge{},
		Messages: map[string]*GasCharge{},
	}
	gasLogNow = gasLogLine.Ante
}

// GasLogMessages says that the charges from now on are those of the messages.
func GasLogMessages() {
	gasLogLock.Lock()
	defer gasLogLock.Unlock()
	if gasLogLine != nil {
		gasLogNow = gasLogLine.Messages
	}
}

// GasLogEnd writes the transaction's line.
func GasLogEnd() {
	gasLogLock.Lock()
	defer gasLogLock.Unlock()
	if gasLogLine == nil {
		return
	}
	line, err := json.Marshal(gasLogLine)
	gasLogLine, gasLogNow = nil, nil
	if err != nil {
		return
	}
	file, err := os.OpenFile(gasLogFile, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = file.Write(append(line, '\n'))
}

func gasLogNote(amount uint64, descriptor string) {
	if gasLogFile == "" || gasLogSums[descriptor] {
		return
	}
	gasLogLock.Lock()
	defer gasLogLock.Unlock()
	if gasLogNow == nil {
		return
	}
	charge := gasLogNow[descriptor]
	if charge == nil {
		charge = &GasCharge{}
		gasLogNow[descriptor] = charge
	}
	charge.Gas += amount
	charge.Count++
}
