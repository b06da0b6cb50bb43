//! What members' authenticators make codes from, sealed, and the codes that stand in when an authenticator is lost, hashed.

use super::audit::add_plain;
use super::ended::end_others;
use super::engine::on_each;
use super::sealing::{Key, Place};
use super::{Purpose, Records, RecordsError, Result};
use sidelight_protocol::audit::Audited;
use sqlx::SqliteConnection;
use zeroize::Zeroizing;

/// What seals the secrets: the first one seals, each opens.
pub struct FactorKeys(Vec<Key>);

/// What a member's authenticator makes codes from.
pub struct Factor {
    pub secret: Zeroizing<Vec<u8>>,
    /// Its first right code has come.
    pub confirmed: bool,
}

fn place(staff: &str) -> Place<'_> {
    Place { table: "second_factors", row: staff, contact: "" }
}

/// Deletes the secret and the codes that stand in for it.
pub(super) async fn forget(write: &mut SqliteConnection, staff: &str) -> Result<bool> {
    sqlx::query("DELETE FROM recovery_codes WHERE staff = $1").bind(staff).execute(&mut *write).await?;
    let deleted = sqlx::query("DELETE FROM second_factors WHERE staff = $1").bind(staff).execute(write).await?;
    Ok(deleted.rows_affected() > 0)
}

/// These stand in from now on, and no others.
async fn keep_codes(write: &mut SqliteConnection, staff: &str, codes: &[Vec<u8>]) -> Result<()> {
    sqlx::query("DELETE FROM recovery_codes WHERE staff = $1").bind(staff).execute(&mut *write).await?;
    for code in codes {
        let insert = "INSERT INTO recovery_codes (hash, staff) VALUES ($1, $2)";
        sqlx::query(insert).bind(code).bind(staff).execute(&mut *write).await?;
    }
    Ok(())
}

impl Records {
    pub async fn factor_keys(&self, now: u32) -> Result<FactorKeys> {
        let keys = self.signing_keys_for(Purpose::SecondFactor, now).await?;
        Ok(FactorKeys(keys.iter().filter_map(|key| Key::from_bytes(&key.secret)).collect()))
    }

    /// Keeps a secret that no code has confirmed yet, in the place of an earlier such one. `Taken`: one that is confirmed is there.
    pub async fn new_factor(&self, keys: &FactorKeys, staff: &str, secret: &[u8], now: u32) -> Result<()> {
        let key = keys.0.first().ok_or(RecordsError::Damaged)?;
        let sealed = key.seal(&place(staff), secret)?;
        let kept = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let insert = "INSERT INTO second_factors (staff, sealed, made, confirmed, last_step) VALUES ($1, $2, $3, NULL, 0) \
                ON CONFLICT (staff) DO UPDATE SET sealed = $2, made = $3 WHERE second_factors.confirmed IS NULL";
            let kept = sqlx::query(insert).bind(staff).bind(sealed).bind(i64::from(now)).execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            kept
        });
        if kept > 0 { Ok(()) } else { Err(RecordsError::Taken) }
    }

    pub async fn factor(&self, keys: &FactorKeys, staff: &str) -> Result<Option<Factor>> {
        let select = "SELECT sealed, CASE WHEN confirmed IS NULL THEN 0 ELSE 1 END FROM second_factors WHERE staff = $1";
        let row: Option<(Vec<u8>, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(staff).fetch_optional(db.readers()).await?
        });
        let Some((sealed, confirmed)) = row else { return Ok(None) };
        let secret = keys.0.iter().find_map(|key| key.open(&place(staff), &sealed)).ok_or(RecordsError::Damaged)?;
        Ok(Some(Factor { secret, confirmed: confirmed != 0 }))
    }

    /// A code of this step was right: from now on codes are asked for, and these hashes are of those that stand in. All other
    /// sign-ins of the member end, since they came without a code; returns their names. `Missing`: there was nothing to confirm.
    pub async fn confirm_factor(&self, staff: &str, step: i64, codes: &[Vec<u8>], here: &str, now: u32) -> Result<Vec<String>> {
        Ok(on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE second_factors SET confirmed = $2, last_step = $3 WHERE staff = $1 AND confirmed IS NULL";
            let query = sqlx::query(update).bind(staff).bind(i64::from(now)).bind(step);
            if query.execute(&mut *write).await?.rows_affected() == 0 {
                return Err(RecordsError::Missing);
            }
            keep_codes(&mut write, staff, codes).await?;
            let ended = end_others(&mut write, staff, here, now).await?;
            add_plain(&mut write, now, Some(staff), Audited::SecondFactorOn).await?;
            write.commit().await?;
            ended
        }))
    }

    /// Uses up the code of this step and every earlier one. False: that was done already.
    pub async fn spend_step(&self, staff: &str, step: i64) -> Result<bool> {
        let spent = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE second_factors SET last_step = $2 WHERE staff = $1 AND last_step < $2";
            let spent = sqlx::query(update).bind(staff).bind(step).execute(&mut *write).await?.rows_affected();
            write.commit().await?;
            spent
        });
        Ok(spent > 0)
    }

    /// Uses up a code that stands in, by its hash. False: there is no such one of theirs.
    pub async fn spend_recovery_code(&self, staff: &str, hash: &[u8], now: u32) -> Result<bool> {
        let spent = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let delete = "DELETE FROM recovery_codes WHERE staff = $1 AND hash = $2";
            let spent = sqlx::query(delete).bind(staff).bind(hash).execute(&mut *write).await?.rows_affected() > 0;
            if spent {
                add_plain(&mut write, now, Some(staff), Audited::RecoveryCodeUsed).await?;
            }
            write.commit().await?;
            spent
        });
        Ok(spent)
    }

    /// Codes with these hashes stand in from now on, and none of those before. `Missing`: no second step is on.
    pub async fn renew_recovery_codes(&self, staff: &str, codes: &[Vec<u8>], now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let on = "SELECT CAST(COUNT(*) AS BIGINT) FROM second_factors WHERE staff = $1 AND confirmed IS NOT NULL";
            let on: i64 = sqlx::query_scalar(on).bind(staff).fetch_one(&mut *write).await?;
            if on == 0 {
                return Err(RecordsError::Missing);
            }
            keep_codes(&mut write, staff, codes).await?;
            add_plain(&mut write, now, Some(staff), Audited::RecoveryCodesRenewed).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// How many codes that stand in are left.
    pub async fn recovery_codes_left(&self, staff: &str) -> Result<u32> {
        let count = "SELECT CAST(COUNT(*) AS BIGINT) FROM recovery_codes WHERE staff = $1";
        let count: i64 = on_each!(self.engine(), db => sqlx::query_scalar(count).bind(staff).fetch_one(db.readers()).await?);
        Ok(u32::try_from(count).unwrap_or(0))
    }

    /// No code is asked for any more. Fine if none was.
    pub async fn drop_factor(&self, staff: &str, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            if forget(&mut write, staff).await? {
                add_plain(&mut write, now, Some(staff), Audited::SecondFactorOff).await?;
            }
            write.commit().await?;
        });
        Ok(())
    }
}
