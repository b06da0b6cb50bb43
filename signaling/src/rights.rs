//! Whether a member of staff may do something with a contact or a person: by [`sidelight_room::rights`], from what is written down now. The
//! one place that asks; requests and sockets come here.

use crate::records::{Records, Result, Standing};
use sidelight_protocol::http::Role;
use sidelight_room::rights::{Asker, Deed, Part, Whose, may};

/// Who asks. Roles are true for as long as the sign-in is; a team is looked up.
#[derive(Clone, Copy)]
pub struct Member<'a> {
    pub id: &'a str,
    pub roles: &'a [Role],
}

/// None: they may not. Else how they take part; none: it is theirs, or no part is needed for it.
pub async fn standing(
    records: &Records,
    who: Member<'_>,
    deed: Deed,
    owner: &str,
    subject: &str,
    now: u32,
) -> Result<Option<Option<Part>>> {
    let Member { id, roles } = who;
    if id == owner {
        let asker = Asker { id, roles, team: None };
        return Ok(may(asker, deed, Whose::own(owner)).then_some(None));
    }
    let Standing { team, owners_team, part } = records.standing(id, owner, subject, now).await?;
    let asker = Asker { id, roles, team: team.as_deref() };
    Ok(may(asker, deed, Whose { owner, team: owners_team.as_deref(), part }).then_some(part))
}

/// Whether they may.
pub async fn allowed(records: &Records, who: Member<'_>, deed: Deed, owner: &str, subject: &str, now: u32) -> Result<bool> {
    Ok(standing(records, who, deed, owner, subject, now).await?.is_some())
}
