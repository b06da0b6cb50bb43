//! Who comes in by a work account: somebody who is known by it, somebody with the same email that the provider vouches for, or, where
//! they were invited or the configuration lets them, somebody new.

use super::cookies::Device;
use super::{Entered, Lasting, Staff, is_email, members};
use crate::config::Rules;
use crate::error::{Refusal, WORK_NO_ROLE, WORK_STALE, WORK_UNKNOWN};
use crate::oidc::{Person, Ticket, hash};
use crate::records::{At, FirstLink, Listed, Member, NewMember, RecordsError, Way};
use http::HeaderMap;
use sidelight_protocol::audit::Audited;
use sidelight_protocol::http::Role;

/// What comes of a work account.
pub enum Came {
    In(Entered),
    /// A code of the second step is asked for as well.
    Code(Ticket),
}

/// By which work accounts somebody comes in, and for how long.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    pub issuer: &'a str,
    pub rules: &'a Rules,
    pub lasts: u32,
}

impl Staff {
    pub async fn come_by_work_account(&self, mut person: Person, work: Work<'_>, headers: &HeaderMap, now: u32) -> Result<Came, Refusal> {
        let way = if person.twice { Way::WorkTwice } else { Way::Work };
        let Some((mut member, linked)) = self.known(&person, work).await? else {
            let member = self.join(&person, work, now).await?;
            return self.enter_by(member, way, work, headers, now).await.map(Came::In);
        };
        let roles = person.roles.take();
        // Of who is known by it, whether or not they come in then: what they were here and are no more there ends now.
        let roles = if linked { self.take_roles(&mut member, roles, now).await.map(|()| None)? } else { roles };
        if member.roles.is_empty() || roles.as_ref().is_some_and(Vec::is_empty) {
            return Err(WORK_NO_ROLE);
        }
        // Before it is theirs, the own one is asked for in any case: the email alone has led here.
        if member.second_factor && (way != Way::WorkTwice || !linked) {
            let id = super::random_hex::<16>()?;
            return Ok(Came::Code(Ticket { staff: member.id, subject: person.subject, roles, made: now, id }));
        }
        if !linked {
            self.link(&mut member, &person.subject, roles, work, now).await?;
        }
        self.enter_by(member, way, work, headers, now).await.map(Came::In)
    }

    /// The code that was asked for. The ticket is used up when it is right.
    pub async fn code_of_work_account(
        &self,
        ticket: &Ticket,
        code: &str,
        work: Work<'_>,
        headers: &HeaderMap,
        now: u32,
    ) -> Result<Entered, Refusal> {
        let Listed { mut member, disabled, .. } = self.records.member_by_id(&ticket.staff).await?;
        if disabled.is_some() {
            return Err(WORK_UNKNOWN);
        }
        let device = Device::of(headers, &member.id, &self.devices, now);
        self.second_step(&member, Some(code), device.as_ref(), now).await?;
        if !self.records.spend(&hash(&ticket.id), ticket.ends(), now).await? {
            return Err(WORK_STALE);
        }
        let known = self.records.work_account(At { issuer: work.issuer, subject: &ticket.subject }).await?;
        match known {
            Some(known) if known.member.id == member.id => {}
            Some(_) => return Err(WORK_UNKNOWN),
            None => self.link(&mut member, &ticket.subject, ticket.roles.clone(), work, now).await?,
        }
        self.enter_by(member, Way::Work, work, headers, now).await
    }

    /// The member this is, and whether the account is linked with them already. Whoever is switched off here doesn't come in so either,
    /// and learns no more than a stranger.
    async fn known(&self, person: &Person, work: Work<'_>) -> Result<Option<(Member, bool)>, Refusal> {
        let enabled = |listed: Listed| if listed.disabled.is_none() { Ok(listed.member) } else { Err(WORK_UNKNOWN) };
        if let Some(listed) = self.records.work_account(At { issuer: work.issuer, subject: &person.subject }).await? {
            return enabled(listed).map(|member| Some((member, true)));
        }
        let Some(email) = &person.email else { return Ok(None) };
        match self.records.member(email).await {
            Ok(listed) => enabled(listed).map(|member| Some((member, false))),
            Err(RecordsError::Missing) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Somebody new: who was invited, in place of using their link, or whoever has a role where that is allowed.
    async fn join(&self, person: &Person, work: Work<'_>, now: u32) -> Result<Member, Refusal> {
        let email = person.email.as_deref().map(str::trim).filter(|email| is_email(email)).ok_or(WORK_UNKNOWN)?;
        let invited = self.records.invitation_of(email, now).await?;
        if invited.is_none() && !work.rules.new_people {
            return Err(WORK_UNKNOWN);
        }
        let invited = invited.unwrap_or_else(|| FirstLink { roles: work.rules.first_role.into_iter().collect(), ..FirstLink::default() });
        let roles = person.roles.as_ref().unwrap_or(&invited.roles);
        if roles.is_empty() {
            return Err(WORK_NO_ROLE);
        }
        let called = invited.name.as_deref().or(person.name.as_deref());
        let name = called.and_then(|name| members::name(name).ok()).unwrap_or_else(|| short(email));
        // No password is right for an empty one.
        let new = NewMember { name, email, password: "", roles, team: invited.team.as_deref() };
        let at = At { issuer: work.issuer, subject: &person.subject };
        self.records.join_by_work_account(&new, invited.by.as_deref(), at, now).await.map_err(taken)
    }

    /// The account is theirs from now on.
    async fn link(&self, member: &mut Member, subject: &str, roles: Option<Vec<Role>>, work: Work<'_>, now: u32) -> Result<(), Refusal> {
        let at = At { issuer: work.issuer, subject };
        self.records.link_work_account(&member.id, at, now).await.map_err(taken)?;
        self.take_roles(member, roles, now).await
    }

    /// Their roles are what the provider says, if it is asked.
    async fn take_roles(&self, member: &mut Member, roles: Option<Vec<Role>>, now: u32) -> Result<(), Refusal> {
        if let Some(roles) = roles {
            member.roles = self.records.take_work_roles(member, &roles, now).await?;
        }
        Ok(())
    }

    async fn enter_by(&self, member: Member, way: Way, work: Work<'_>, headers: &HeaderMap, now: u32) -> Result<Entered, Refusal> {
        let device = Device::of(headers, &member.id, &self.devices, now);
        self.records.audit(now, member.id.as_str(), Audited::WorkAccountUsed).await?;
        self.enter(member, device, headers, Lasting { seconds: work.lasts, way }, now).await
    }
}

/// An email as a name: what stands before the @, as far as a name goes.
fn short(email: &str) -> &str {
    let before = email.split('@').next().unwrap_or(email);
    before.char_indices().nth(80).map_or(before, |(end, _)| before.get(..end).unwrap_or(before))
}

/// Another account is linked with this member already, or somebody has it.
fn taken(error: RecordsError) -> Refusal {
    if matches!(error, RecordsError::Taken) { WORK_UNKNOWN } else { error.into() }
}
