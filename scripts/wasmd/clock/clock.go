// Package time joins CometBFT's package of that name when wasmd is built: the
// chain's clock can be moved ahead, since an unbonding period of an hour is the
// shortest that a vault takes. What a transaction costs does not depend on it.
package time

import (
	"os"
	"strconv"
	"strings"
	"time"
)

var clockFile = os.Getenv("BACKSTOP_CLOCK")

// moved is how far the clock is ahead: the seconds in the file that
// BACKSTOP_CLOCK names, or nothing.
func moved() time.Duration {
	if clockFile == "" {
		return 0
	}
	text, err := os.ReadFile(clockFile)
	if err != nil {
		return 0
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
