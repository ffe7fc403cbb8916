//! Records that are stored as a bare list of their fields, since a chain charges
//! by the byte. Others read some of them raw, so the list grows at its end only,
//! and a reader passes over what it does not know.

/// Writes a struct as a list of the fields in this order, and reads it from a
/// list that begins with them.
macro_rules! row {
    ($struct:ident { $($field:ident),* $(,)? }) => {
        impl serde::Serialize for $struct {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeTuple;
                let fields = [$( stringify!($field) ),*].len();
                let mut row = serializer.serialize_tuple(fields)?;
                $( row.serialize_element(&self.$field)?; )*
                row.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $struct {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Row;

                impl<'de> serde::de::Visitor<'de> for Row {
                    type Value = $struct;

                    fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                        f.write_str(concat!("a list of", $( " ", stringify!($field) ),*))
                    }

                    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut row: A) -> Result<$struct, A::Error> {
                        let read = $struct {
                            $( $field: row
                                .next_element()?
                                .ok_or_else(|| serde::de::Error::missing_field(stringify!($field)))?, )*
                        };
                        while row.next_element::<serde::de::IgnoredAny>()?.is_some() {}
                        Ok(read)
                    }
                }

                deserializer.deserialize_seq(Row)
            }
        }
    };
}

pub(crate) use row;
