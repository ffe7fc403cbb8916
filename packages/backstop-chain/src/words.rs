//! The words of a chain, without what is there for its developers.

/// The same words without the source lines, gas and transport that a node puts around them.
pub fn plain(log: &str) -> String {
    let mut words = log
        .trim_start_matches("rpc error: code = Unknown desc = ")
        .to_string();
    while let Some((start, end)) = source_line(&words) {
        words.replace_range(start..end, "");
    }
    words
}

/// Where a source line stands, with the gas that was used until then.
fn source_line(words: &str) -> Option<(usize, usize)> {
    let places = words.match_indices(" [").map(|(start, _)| start);
    let mut found = places.filter_map(|start| {
        let end = start + words[start..].find(']')?;
        words[start..end].contains(".go:").then_some((start, end + 1))
    });
    let (start, end) = found.next()?;
    let gas = words[end..].strip_prefix(" with gas used: '");
    let gas = gas.and_then(|rest| rest.find('\'').map(|digits| " with gas used: ''".len() + digits));
    Some((start, end + gas.unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn source_lines_and_gas_are_left_out_and_the_contract_s_words_stay() {
        let log = "rpc error: code = Unknown desc = failed to execute message; message index: 0: \
                   amount is 0 [at least 1]: execute wasm contract failed \
                   [!cosm!wasm/wasmd@v0.61.14/x/wasm/keeper/keeper.go:431] with gas used: '163822': unknown request";
        assert_eq!(
            plain(log),
            "failed to execute message; message index: 0: amount is 0 [at least 1]: \
             execute wasm contract failed: unknown request"
        );
        let without_gas = "7uusd: invalid coins [x/bank/keeper/msg_server.go:49]";
        assert_eq!(plain(without_gas), "7uusd: invalid coins");
        for whole in ["", "out of gas", "a [list] of things", "an open [bracket.go:1"] {
            assert_eq!(plain(whole), whole);
        }
    }
}
