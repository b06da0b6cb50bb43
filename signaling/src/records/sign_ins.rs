//! Sign-ins of staff: the hash of each one's cookie, which kind of browser has it, and when it was last used. How they end: see
//! [`super::ended`].

use super::contacts::seconds;
use super::ended::{end, end_expired};
use super::engine::on_each;
use super::staff::{FROM, MEMBER, Member, MemberRow};
use super::{Records, Result};

/// The first bytes of the hash name the sign-in among people and programs; they prove nothing.
const NAME: usize = 16;

/// When a sign-in was last used is written down at most this often, in seconds. More often: the disk is written to by people
/// who only look. More rarely: the list of sign-ins says less.
const USED: u32 = 5 * 60;

/// How somebody came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By password, or by a one-time link.
    Own,
    /// By a work account.
    Work,
    /// By one whose provider asked for a second step that counts here.
    WorkTwice,
}

impl Way {
    fn stored(self) -> i64 {
        match self {
            Way::Own => 0,
            Way::Work => 1,
            Way::WorkTwice => 2,
        }
    }

    fn read(stored: i64) -> Way {
        match stored {
            1 => Way::Work,
            2 => Way::WorkTwice,
            _ => Way::Own,
        }
    }
}

/// Who is signed in by a cookie.
pub struct SignedIn {
    pub member: Member,
    pub sign_in: String,
    pub last_used: u32,
    pub since: u32,
    pub way: Way,
}

impl SignedIn {
    /// It is time to write down that it is in use.
    pub fn used_long_ago(&self, now: u32) -> bool {
        now >= self.last_used.saturating_add(USED)
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    member: MemberRow,
    last_used: i64,
    made: i64,
    way: i64,
}

/// A new sign-in.
pub struct NewSignIn<'a> {
    /// Of its cookie.
    pub hash: &'a [u8],
    pub staff: &'a str,
    pub browser: &'a str,
    pub expires: u32,
    pub way: Way,
}

/// One of the sign-ins of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    pub name: String,
    pub browser: String,
    pub since: u32,
    pub last_used: u32,
}

/// What names the sign-in whose cookie has this hash.
pub fn name(hash: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(hash.get(..NAME).unwrap_or(hash))
}

/// The bytes that a name stands for. None: it is no name.
pub(super) fn named(name: &str) -> Option<Vec<u8>> {
    data_encoding::HEXLOWER.decode(name.as_bytes()).ok().filter(|bytes| bytes.len() == NAME)
}

impl Records {
    /// Keeps a sign-in, and forgets those that have expired. Of one member's, the newest `most` are kept.
    pub async fn new_sign_in(&self, new: &NewSignIn<'_>, now: u32, most: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            end_expired(&mut write, now).await?;
            let insert = "INSERT INTO staff_sessions (hash, staff, made, expires, browser, last_used, way) \
                VALUES ($1, $2, $3, $4, $5, $3, $6)";
            let query = sqlx::query(insert).bind(new.hash).bind(new.staff).bind(i64::from(now)).bind(i64::from(new.expires));
            query.bind(new.browser).bind(new.way.stored()).execute(&mut *write).await?;
            let newest = "SELECT hash FROM staff_sessions WHERE staff = $1 ORDER BY made DESC, hash LIMIT $2";
            let surplus = format!("SELECT hash FROM staff_sessions WHERE staff = $1 AND hash NOT IN ({newest})");
            let query = sqlx::query_scalar(sqlx::AssertSqlSafe(surplus)).bind(new.staff).bind(i64::from(most));
            let surplus: Vec<Vec<u8>> = query.fetch_all(&mut *write).await?;
            end(&mut write, new.staff, &surplus, now).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Who is signed in by the cookie of this hash.
    pub async fn signed_in(&self, hash: &[u8], now: u32) -> Result<Option<SignedIn>> {
        let sql = format!(
            "{MEMBER}, s.last_used AS last_used, s.made AS made, s.way AS way {FROM} JOIN staff_sessions s ON s.staff = staff.id \
             WHERE s.hash = $1 AND s.expires > $2 AND staff.disabled IS NULL"
        );
        let row: Option<Row> = on_each!(self.engine(), db => {
            let query = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(hash).bind(i64::from(now));
            query.fetch_optional(db.readers()).await?
        });
        Ok(row.map(|Row { member, last_used, made, way }| SignedIn {
            member: member.into(),
            sign_in: name(hash),
            last_used: seconds(last_used),
            since: seconds(made),
            way: Way::read(way),
        }))
    }

    /// The sign-ins of a member that haven't expired, the one last used first.
    pub async fn sign_ins(&self, staff: &str, now: u32) -> Result<Vec<SignIn>> {
        let select = "SELECT hash, browser, made, last_used FROM staff_sessions WHERE staff = $1 AND expires > $2 \
            ORDER BY last_used DESC, made DESC, hash";
        let rows: Vec<(Vec<u8>, String, i64, i64)> = on_each!(self.engine(), db => {
            sqlx::query_as(select).bind(staff).bind(i64::from(now)).fetch_all(db.readers()).await?
        });
        let sign_in = |(hash, browser, made, last_used): (Vec<u8>, _, _, _)| {
            let (since, last_used) = (seconds(made), seconds(last_used));
            SignIn { name: name(&hash), browser, since, last_used }
        };
        Ok(rows.into_iter().map(sign_in).collect())
    }

    /// A sign-in of this member is in use. Changes nothing where that was said a few minutes ago, or where there is none.
    pub async fn sign_in_used(&self, staff: &str, sign_in: &str, now: u32) -> Result<()> {
        let Some(start) = named(sign_in) else { return Ok(()) };
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let update = "UPDATE staff_sessions SET last_used = $3 WHERE staff = $1 AND substr(hash, 1, 16) = $2 AND last_used <= $4";
            let query = sqlx::query(update).bind(staff).bind(start).bind(i64::from(now));
            query.bind(i64::from(now) - i64::from(USED)).execute(&mut *write).await?;
            write.commit().await?;
        });
        Ok(())
    }
}
