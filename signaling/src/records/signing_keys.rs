//! Secrets that sign tokens. They survive a restart, so that a phone keeps its place; sealed under the service's own key.

use super::contacts::seconds;
use super::engine::on_each;
use super::sealing::{Key, Place};
use super::{Records, RecordsError, Result, new_id};

/// A key that signs tokens. The newest signs, all verify.
#[derive(Clone)]
pub struct SigningKey {
    pub id: String,
    pub secret: [u8; 32],
    pub made: u32,
}

/// What a key signs. A token of one purpose is worthless for another.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Service users' sessions.
    Session,
    /// The cookie of a browser that staff signed in with before.
    Device,
    /// Codes that are typed in place of a link.
    Code,
    /// Signs nothing: seals the secrets that authenticators make codes from.
    SecondFactor,
    /// The cookies of a sign-in by work account that is under way.
    WorkAccount,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Purpose::Session => "session",
            Purpose::Device => "device",
            Purpose::Code => "code",
            Purpose::SecondFactor => "second_factor",
            Purpose::WorkAccount => "work_account",
        }
    }
}

type Row = (String, Vec<u8>, i64);

fn place<'a>(purpose: &'a str, id: &'a str) -> Place<'a> {
    Place { table: "signing_keys", row: id, contact: purpose }
}

impl Records {
    /// The keys that sign service users' sessions, newest first. Makes the first one where there is none.
    pub async fn signing_keys(&self, now: u32) -> Result<Vec<SigningKey>> {
        self.signing_keys_for(Purpose::Session, now).await
    }

    /// The keys of a purpose, newest first. Makes the first one where there is none.
    pub async fn signing_keys_for(&self, purpose: Purpose, now: u32) -> Result<Vec<SigningKey>> {
        let id = new_id()?;
        let secret = Key::random()?;
        let sealed = self.keys().service().seal(&place(purpose.name(), &id), secret.bytes())?;
        let rows: Vec<Row> = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let insert = "INSERT INTO signing_keys (id, purpose, sealed, made) SELECT $1, $2, $3, $4 \
                WHERE NOT EXISTS (SELECT 1 FROM signing_keys WHERE purpose = $2)";
            let query = sqlx::query(insert).bind(&id).bind(purpose.name()).bind(sealed).bind(i64::from(now));
            query.execute(&mut *write).await?;
            let select = "SELECT id, sealed, made FROM signing_keys WHERE purpose = $1 ORDER BY made DESC, id";
            let rows = sqlx::query_as(select).bind(purpose.name()).fetch_all(&mut *write).await?;
            write.commit().await?;
            rows
        });
        let open = |(id, sealed, made): Row| {
            let clear = self.keys().service().open(&place(purpose.name(), &id), &sealed).ok_or(RecordsError::Damaged)?;
            let secret = clear.as_slice().try_into().map_err(|_| RecordsError::Damaged)?;
            Ok(SigningKey { id, secret, made: seconds(made) })
        };
        rows.into_iter().map(open).collect()
    }

    /// Seals under the service's own key what an earlier version has sealed under the master key, and forgets what neither opens:
    /// where the keys were lost and others made, these make room for new ones.
    pub(super) async fn adopt_signing_keys(&self) -> Result<()> {
        let select = "SELECT id, purpose, sealed FROM signing_keys";
        let all: Vec<(String, String, Vec<u8>)> = on_each!(self.engine(), db => sqlx::query_as(select).fetch_all(db.readers()).await?);
        for (id, purpose, sealed) in all {
            let place = place(&purpose, &id);
            if self.keys().service().open(&place, &sealed).is_some() {
                continue;
            }
            let again = self.keys().master().open(&place, &sealed).map(|clear| self.keys().service().seal(&place, &clear)).transpose()?;
            on_each!(self.engine(), db => {
                let mut write = db.write().await?;
                let query = match &again {
                    Some(again) => sqlx::query("UPDATE signing_keys SET sealed = $2 WHERE id = $1").bind(&id).bind(again),
                    None => sqlx::query("DELETE FROM signing_keys WHERE id = $1").bind(&id),
                };
                query.execute(&mut *write).await?;
                write.commit().await?;
            });
        }
        Ok(())
    }
}
