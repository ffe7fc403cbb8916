//! Records that are stored as a bare list of their fields, since a chain charges
//! by the byte. Others read some of them raw, so the list grows at its end only,
//! and a reader passes over what it does not know.

/// Writes a struct as a list of the fields in this order, and reads it from a
/// list that begins with them. Fields that a later version adds follow after
/// `then`: a list that was stored before lacks them, and they are the default.
macro_rules! row {
    ($struct:ident { $($field:ident),* $(,)? } $(then { $($later:ident),* $(,)? })?) => {
        impl serde::Serialize for $struct {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeTuple;
                let fields = [$( stringify!($field) ),* $(, $( stringify!($later) ),* )?].len();
                let mut row = serializer.serialize_tuple(fields)?;
                $( row.serialize_element(&self.$field)?; )*
                $( $( row.serialize_element(&self.$later)?; )* )?
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
                            $( $( $later: row.next_element()?.unwrap_or_default(), )* )?
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

#[cfg(test)]
mod tests {
    use cosmwasm_std::{from_json, to_json_string};

    #[derive(Debug, PartialEq)]
    struct Grown {
        first: u64,
        second: u32,
        third: Option<u64>,
        fourth: u64,
    }

    row! { Grown { first, second } then { third, fourth } }

    #[test]
    fn a_list_that_was_stored_before_a_field_was_added_is_read_with_its_default() {
        let grown = |third, fourth| Grown {
            first: 1,
            second: 2,
            third,
            fourth,
        };
        assert_eq!(from_json::<Grown>("[1,2]").unwrap(), grown(None, 0));
        assert_eq!(from_json::<Grown>("[1,2,3]").unwrap(), grown(Some(3), 0));
        assert_eq!(from_json::<Grown>("[1,2,3,4,5]").unwrap(), grown(Some(3), 4));
        assert!(from_json::<Grown>("[1]").is_err());
        assert_eq!(to_json_string(&grown(None, 4)).unwrap(), "[1,2,null,4]");
    }
}
