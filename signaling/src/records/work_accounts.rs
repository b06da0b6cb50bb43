//! Who members are at the provider of work accounts, and what it says of their roles.

use super::audit::{add_of_staff, add_plain};
use super::ended::end_all;
use super::engine::on_each;
use super::first_links::forget_invitation;
use super::members::{Listed, set_flags};
use super::staff::{ADMINISTRATORS, NewMember, insert};
use super::{Member, Records, RecordsError, Result, new_id};
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;
use sqlx::SqliteConnection;

/// What a provider calls somebody: its own name, and theirs.
#[derive(Clone, Copy)]
pub struct At<'a> {
    pub issuer: &'a str,
    pub subject: &'a str,
}

async fn link(write: &mut SqliteConnection, staff: &str, at: At<'_>, now: u32) -> Result<()> {
    let insert = "INSERT INTO work_accounts (issuer, subject, staff, made) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(insert).bind(at.issuer).bind(at.subject).bind(staff).bind(i64::from(now));
    query.execute(write).await?;
    Ok(())
}

impl Records {
    /// Whose work account this is; none: nobody's here.
    pub async fn work_account(&self, at: At<'_>) -> Result<Option<Listed>> {
        let select = "SELECT staff FROM work_accounts WHERE issuer = $1 AND subject = $2";
        let staff: Option<String> = on_each!(self.engine(), db => {
            sqlx::query_scalar(select).bind(at.issuer).bind(at.subject).fetch_optional(db.readers()).await?
        });
        match staff {
            Some(staff) => self.member_by_id(&staff).await.map(Some),
            None => Ok(None),
        }
    }

    /// From now on this is their work account. `Taken`: it is somebody's, or they have another one.
    pub async fn link_work_account(&self, staff: &str, at: At<'_>, now: u32) -> Result<()> {
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            link(&mut write, staff, at, now).await?;
            add_plain(&mut write, now, Some(staff), Audited::WorkAccountLinked).await?;
            write.commit().await?;
        });
        Ok(())
    }

    /// Somebody new, who has no password; what they were invited by is used up. `by`: the administrator who invited them, if one did.
    /// `Taken`: the account is somebody's, or their email is.
    pub async fn join_by_work_account(&self, new: &NewMember<'_>, by: Option<&str>, at: At<'_>, now: u32) -> Result<Member> {
        let id = new_id()?;
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            insert(&mut write, &id, new, now).await?;
            link(&mut write, &id, at, now).await?;
            forget_invitation(&mut write, new.email).await?;
            match by {
                Some(by) => add_of_staff(&mut write, now, by, Audited::StaffJoined, &id).await?,
                None => add_plain(&mut write, now, Some(&id), Audited::WorkAccountJoined).await?,
            }
            write.commit().await?;
        });
        Ok(self.member_by_id(&id).await?.member)
    }

    /// These are their roles, as the provider says; where they change, all their sign-ins end. The last administrator stays one, so that
    /// nobody who sets up the provider shuts all of them out. What they are then.
    pub async fn take_work_roles(&self, member: &Member, roles: &[Role], now: u32) -> Result<Vec<Role>> {
        let mut roles = roles.to_vec();
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            if member.roles.contains(&Role::Administrator) && !roles.contains(&Role::Administrator) {
                let administrators: i64 = sqlx::query_scalar(ADMINISTRATORS).fetch_one(&mut *write).await?;
                if administrators < 2 {
                    tracing::warn!("the provider takes the role of administrator from the last one, who keeps it ([oidc] roles)");
                    roles.push(Role::Administrator);
                }
            }
            roles.sort_unstable();
            roles.dedup();
            if roles != member.roles {
                set_flags(&mut write, &member.id, &roles).await?;
                end_all(&mut write, &member.id, now).await?;
                add_plain(&mut write, now, Some(&member.id), Audited::WorkAccountRoles).await?;
                write.commit().await?;
            }
        });
        Ok(roles)
    }

    /// The provider says that they have left its session: all their sign-ins end. Fine if it is nobody's account here.
    pub async fn end_work_account(&self, at: At<'_>, now: u32) -> Result<()> {
        let select = "SELECT staff FROM work_accounts WHERE issuer = $1 AND subject = $2";
        on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            let query = sqlx::query_scalar(select).bind(at.issuer).bind(at.subject).fetch_optional(&mut *write);
            let staff: Option<String> = query.await?;
            if let Some(staff) = staff {
                end_all(&mut write, &staff, now).await?;
                add_plain(&mut write, now, Some(&staff), Audited::WorkAccountEnded).await?;
                write.commit().await?;
            }
        });
        Ok(())
    }

    /// Uses up what may be used once, by its hash, until it is worth nothing by itself. False: it was used before.
    pub async fn spend(&self, hash: &[u8], expires: u32, now: u32) -> Result<bool> {
        let spent = on_each!(self.engine(), db => {
            let mut write = db.write().await?;
            sqlx::query("DELETE FROM spent WHERE expires <= $1").bind(i64::from(now)).execute(&mut *write).await?;
            let insert = "INSERT INTO spent (hash, expires) VALUES ($1, $2)";
            let done = sqlx::query(insert).bind(hash).bind(i64::from(expires)).execute(&mut *write).await;
            match done.map_err(RecordsError::from) {
                Ok(_) => {
                    write.commit().await?;
                    true
                }
                Err(RecordsError::Taken) => false,
                Err(error) => return Err(error),
            }
        });
        Ok(spent)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::Folder;
    use super::*;

    const AT: At<'_> = At { issuer: "https://work.example.org", subject: "s1" };

    async fn joined(records: &Records, email: &str, subject: &str, roles: &[Role]) -> Result<Member> {
        let new = NewMember { name: "Sam", email, password: "", roles, team: None };
        records.join_by_work_account(&new, None, At { subject, ..AT }, 1000).await
    }

    #[tokio::test]
    async fn a_work_account_is_one_members_and_a_member_has_one() {
        let folder = Folder::new();
        let records = folder.records().await;
        assert!(records.work_account(AT).await.unwrap().is_none());
        let sam = joined(&records, "sam@example.org", "s1", &[Role::Practitioner]).await.unwrap();
        assert!(records.work_account(AT).await.unwrap().is_some_and(|found| found.member.id == sam.id));
        // Another provider's account of the same name is another one.
        assert!(records.work_account(At { issuer: "https://elsewhere.example.org", ..AT }).await.unwrap().is_none());
        assert!(matches!(joined(&records, "kim@example.org", "s1", &[]).await, Err(RecordsError::Taken)));
        assert!(matches!(joined(&records, "SAM@example.org", "s2", &[]).await, Err(RecordsError::Taken)));
        assert!(records.member("kim@example.org").await.is_err(), "nothing is left of it");
        let again = records.link_work_account(&sam.id, At { subject: "s2", ..AT }, 1001).await;
        assert!(matches!(again, Err(RecordsError::Taken)));
    }

    #[tokio::test]
    async fn roles_are_those_of_the_provider_but_the_last_administrator_stays_one() {
        let folder = Folder::new();
        let records = folder.records().await;
        let sam = joined(&records, "sam@example.org", "s1", &[Role::Administrator]).await.unwrap();
        let took = records.take_work_roles(&sam, &[Role::Practitioner], 1001).await.unwrap();
        assert_eq!(took, [Role::Practitioner, Role::Administrator]);
        joined(&records, "kim@example.org", "s2", &[Role::Administrator]).await.unwrap();
        let sam = records.member_by_id(&sam.id).await.unwrap().member;
        assert_eq!(records.take_work_roles(&sam, &[Role::Practitioner], 1002).await.unwrap(), [Role::Practitioner]);
        assert_eq!(records.member_by_id(&sam.id).await.unwrap().member.roles, [Role::Practitioner]);
    }

    #[tokio::test]
    async fn what_is_spent_is_spent_until_it_is_worth_nothing() {
        let folder = Folder::new();
        let records = folder.records().await;
        assert!(records.spend(b"a", 2000, 1000).await.unwrap());
        assert!(!records.spend(b"a", 2000, 1999).await.unwrap());
        assert!(records.spend(b"b", 2000, 1999).await.unwrap(), "another one isn't");
        assert!(records.spend(b"a", 3000, 2000).await.unwrap());
    }
}
