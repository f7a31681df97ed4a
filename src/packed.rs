//! Values as bytes at rest: one byte of version, then postcard. Which versions are read, and what may stand behind a value, is for each
//! reader to say.

use postcard::ser_flavors::Flavor;
use serde::Serialize;

/// Packs a value into a vector that has `room` for so many bytes without having to grow.
pub fn pack<T: Serialize + ?Sized>(version: u8, value: &T, room: usize) -> postcard::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(room);
    bytes.push(version);
    append(value, bytes)
}

/// Writes a value behind what is there. The same bytes as `postcard::to_extend`, which takes a good third longer, since
/// nearly everything comes byte by byte.
pub fn append<T: Serialize + ?Sized>(value: &T, bytes: Vec<u8>) -> postcard::Result<Vec<u8>> {
    postcard::serialize_with_flavor(value, Growing(bytes))
}

/// What stands behind the version, where that is the one; else the one that is there, or `None` where there is nothing at all.
pub fn unpack(version: u8, bytes: &[u8]) -> Result<&[u8], Option<u8>> {
    match bytes.split_first() {
        Some((&first, rest)) if first == version => Ok(rest),
        first => Err(first.map(|(&first, _)| first)),
    }
}

struct Growing(Vec<u8>);

impl Flavor for Growing {
    type Output = Vec<u8>;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        match bytes {
            // Most numbers are so small.
            [byte] => self.0.push(*byte),
            bytes => self.0.extend_from_slice(bytes),
        }
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_bytes_are_postcards(value: (Vec<Option<String>>, [u8; 16], i64, u128), room in 0..100_usize) {
            let bytes = pack(7, &value, room).expect("it encodes");
            prop_assert_eq!(unpack(7, &bytes), Ok(&bytes[1..]));
            prop_assert_eq!(unpack(8, &bytes), Err(Some(7)));
            prop_assert_eq!(bytes, postcard::to_extend(&value, vec![7]).expect("it encodes"));
        }
    }
}
