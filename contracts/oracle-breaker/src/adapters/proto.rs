//! The protobuf message that several questions and answers have in common.

/// `google.protobuf.Timestamp`.
#[derive(Clone, Copy, PartialEq, prost::Message)]
pub(super) struct Timestamp {
    /// Since the epoch.
    #[prost(int64, tag = "1")]
    pub(super) seconds: i64,
    /// Of the second.
    #[prost(int32, tag = "2")]
    pub(super) nanos: i32,
}
