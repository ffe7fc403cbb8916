//! What a scenario need not say.

pub(super) fn seed() -> u64 {
    1
}
pub(super) fn block() -> u64 {
    60
}
pub(super) fn asset() -> String {
    "uusd".to_string()
}
pub(super) fn decimals() -> u32 {
    6
}
pub(super) fn confidence_bps() -> u64 {
    10
}
pub(super) fn every() -> u64 {
    60
}
pub(super) fn noise_bps() -> f64 {
    0.1
}
