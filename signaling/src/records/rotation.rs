//! Another master key in the place of the present one. What is sealed stays as it is: only the keys are wrapped anew, in one
//! transaction over one file.
//!
//! Whatever is cut off in between, one of two keys opens everything: before the transaction the present one, after it the one that is
//! to come, which lies on disk beside it by then, and which the next opening puts in its place (`key_store.rs`).

use super::master_key::Holder;
use super::{Records, RecordsError, Result};
use crate::config::MasterKey;

impl Records {
    /// Only for the process that alone uses the data folder: whoever else has these records open can't wrap a key afterwards, nor can
    /// this one, which is to be closed. `to`: a key that is there already, where it isn't to be made here. Returns how many keys were
    /// wrapped anew.
    pub async fn rotate_master_key(&self, to: Option<&MasterKey>) -> Result<usize> {
        let holder = self.keys().holder();
        let wrapped = match to {
            Some(to) => {
                let to = Holder::of(to, &self.inner.directory)?;
                let next = to.read()?.ok_or_else(|| RecordsError::NoMasterKey(to.named()))?;
                self.keys().rewrap(&next).await?
            }
            None => {
                let next = holder.make_next()?;
                let wrapped = self.keys().rewrap(&next).await?;
                holder.put_next_in_place()?;
                wrapped
            }
        };
        // What the old key opens is still in the file, and in the copy.
        self.keys().wipe().await?;
        self.renew_key_copy().await?;
        Ok(wrapped)
    }
}

#[cfg(test)]
mod tests;
