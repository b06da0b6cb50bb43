//! Who may do what, by role and by whose a contact is: the one place that says so. Handlers ask here, and decide nothing themselves.
//!
//! A role opens an area and never another person's contact. Somebody who holds several roles may do what each of them opens, and
//! nothing comes of their being together.

use sidelight_protocol::api_tokens::Scope;
pub use sidelight_protocol::hands::TakesPart as Part;
use sidelight_protocol::http::Role;

/// A part of the service that a role opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Area {
    /// One's own contacts and people.
    Practice,
    /// That contacts of one's own team are planned, and when.
    Team,
    /// Who did what.
    Audit,
    /// What was erased, and when.
    Receipts,
    /// Staff, teams, settings, counts. Nothing of any contact.
    Administration,
}

impl Area {
    /// The area that a role alone stands for.
    pub fn of(role: Role) -> Area {
        match role {
            Role::Practitioner => Area::Practice,
            Role::Administrator => Area::Administration,
            Role::Supervisor => Area::Team,
            Role::Auditor => Area::Audit,
        }
    }

    pub fn opens(self, roles: &[Role]) -> bool {
        let has = |role| roles.contains(&role);
        match self {
            Area::Practice => has(Role::Practitioner),
            Area::Team => has(Role::Supervisor),
            Area::Audit | Area::Receipts => has(Role::Auditor) || has(Role::Administrator),
            Area::Administration => has(Role::Administrator),
        }
    }
}

/// Whether the desk's page is for somebody with these roles: their own contacts, or alarms while on duty.
pub fn has_desk(roles: &[Role]) -> bool {
    Area::Practice.opens(roles) || Area::Team.opens(roles)
}

/// Who asks.
#[derive(Clone, Copy)]
pub struct Asker<'a> {
    pub id: &'a str,
    pub roles: &'a [Role],
    /// None: in no team.
    pub team: Option<&'a str>,
}

/// Whose a contact is.
#[derive(Clone, Copy)]
pub struct Whose<'a> {
    /// The practitioner's staff id.
    pub owner: &'a str,
    /// The team that its practitioner is in.
    pub team: Option<&'a str>,
    /// How the one who asks takes part, if they do.
    pub part: Option<Part>,
}

impl<'a> Whose<'a> {
    /// Somebody's own, where nobody else comes into it.
    pub fn own(owner: &'a str) -> Whose<'a> {
        Whose { owner, team: None, part: None }
    }
}

/// What is to be done with a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// See that it is, whose, and when. Nothing of what is in it.
    SeeThatItIs,
    /// Read what is in it, and talk.
    Open,
    /// Change what was planned; links; what is kept of its person; give it into other hands.
    Manage,
    /// Begin to cover for its practitioner.
    Cover,
}

/// Whether somebody may do this with that contact.
pub fn may(asker: Asker<'_>, deed: Deed, whose: Whose<'_>) -> bool {
    let own = asker.id == whose.owner && Area::Practice.opens(asker.roles);
    // A team that nobody named isn't one: two people without a team have nothing in common.
    let leads = Area::Team.opens(asker.roles) && asker.team.is_some() && asker.team == whose.team;
    let takes_part = match whose.part {
        None => false,
        Some(Part::Asked) => Area::Practice.opens(asker.roles) || Area::Team.opens(asker.roles),
        // Whoever has left the team, or its practitioner has, covers no more.
        Some(Part::Covering) => leads,
    };
    match deed {
        Deed::SeeThatItIs => own || leads || takes_part,
        Deed::Open => own || takes_part,
        Deed::Manage => own || takes_part && whose.part == Some(Part::Covering),
        Deed::Cover => leads && asker.id != whose.owner,
    }
}

/// What each scope of a program's token opens: a method and an address, exactly, but for the id where one stands. A token opens nothing else, not even what is for anybody,
/// and nothing of what whoever made it may do.
pub const OPENED_TO_PROGRAMS: &[(Scope, &str, &str)] = &[
    (Scope::UsageRead, "GET", "/api/usage"),
    (Scope::ContactsRead, "GET", "/api/programs/contacts"),
    (Scope::RecordsRead, "GET", "/api/programs/records"),
    (Scope::RecordsRead, "GET", "/api/programs/records/{id}"),
    (Scope::RecordsRead, "POST", "/api/programs/records/{id}/taken"),
    (Scope::DoctorCall, "POST", "/api/programs/call"),
];

/// Whether a program whose token has these scopes may ask for this.
pub fn program_may(scopes: &[Scope], method: &str, path: &str) -> bool {
    OPENED_TO_PROGRAMS.iter().any(|(scope, by, at)| scopes.contains(scope) && *by == method && is_at(at, path))
}

/// Part by part; where an id is due, small letters and figures alone, so that nothing that is written otherwise is read as something else.
fn is_at(opened: &str, path: &str) -> bool {
    let is_id = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    let fits = |(due, given): (&str, &str)| if due == "{id}" { is_id(given) } else { due == given };
    opened.split('/').count() == path.split('/').count() && opened.split('/').zip(path.split('/')).all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Administrator, Auditor, Practitioner, Supervisor};

    const ROLES: [Role; 4] = [Practitioner, Administrator, Supervisor, Auditor];
    const DEEDS: [Deed; 4] = [Deed::SeeThatItIs, Deed::Open, Deed::Manage, Deed::Cover];

    /// Every set of roles there can be.
    fn sets() -> impl Iterator<Item = Vec<Role>> {
        (0..16).map(|bits| (0..4).filter(|bit| bits >> bit & 1 == 1).map(|bit| ROLES[bit]).collect())
    }

    fn asked(roles: &[Role], id: &str, team: Option<&str>, part: Option<Part>) -> Vec<Deed> {
        let whose = Whose { owner: "sam", team: Some("north"), part };
        DEEDS.into_iter().filter(|deed| may(Asker { id, roles, team }, *deed, whose)).collect()
    }

    #[test]
    fn each_role_opens_its_areas_and_no_other() {
        let areas = [Area::Practice, Area::Team, Area::Audit, Area::Receipts, Area::Administration];
        let opened = |role| areas.into_iter().filter(|area| area.opens(&[role])).collect::<Vec<_>>();
        assert_eq!(opened(Practitioner), [Area::Practice]);
        assert_eq!(opened(Supervisor), [Area::Team]);
        assert_eq!(opened(Auditor), [Area::Audit, Area::Receipts]);
        assert_eq!(opened(Administrator), [Area::Audit, Area::Receipts, Area::Administration]);
        assert!(areas.into_iter().all(|area| !area.opens(&[])));
        assert!(ROLES.into_iter().all(|role| Area::of(role).opens(&[role])));
    }

    #[test]
    fn the_own_contact_is_a_practitioners_and_whoever_lost_that_role_has_none() {
        for roles in sets() {
            let due: &[Deed] = if roles.contains(&Practitioner) { &[Deed::SeeThatItIs, Deed::Open, Deed::Manage] } else { &[] };
            assert_eq!(asked(&roles, "sam", None, None), due, "{roles:?}");
        }
    }

    #[test]
    fn of_anothers_contact_only_a_supervisor_of_that_very_team_sees_that_it_is_and_may_cover() {
        for roles in sets() {
            let own: &[Deed] = if roles.contains(&Supervisor) { &[Deed::SeeThatItIs, Deed::Cover] } else { &[] };
            assert_eq!(asked(&roles, "lee", Some("north"), None), own, "{roles:?}");
            for foreign in [Some("south"), Some(""), None] {
                assert_eq!(asked(&roles, "lee", foreign, None), [], "{roles:?} of {foreign:?}");
            }
        }
    }

    #[test]
    fn no_team_and_no_team_are_not_one_team() {
        let whose = Whose { owner: "sam", team: None, part: None };
        let lee = Asker { id: "lee", roles: &[Supervisor], team: None };
        assert!(DEEDS.into_iter().all(|deed| !may(lee, deed, whose)));
    }

    #[test]
    fn who_was_asked_opens_it_and_manages_nothing_and_who_covers_does_as_its_practitioner() {
        let asked_in = Some(Part::Asked);
        for roles in sets() {
            let takes = roles.contains(&Practitioner) || roles.contains(&Supervisor);
            let due: &[Deed] = if takes { &[Deed::SeeThatItIs, Deed::Open] } else { &[] };
            assert_eq!(asked(&roles, "kim", Some("south"), asked_in), due, "{roles:?}");
        }
        let covering = Some(Part::Covering);
        assert_eq!(asked(&[Supervisor], "lee", Some("north"), covering), DEEDS);
        assert_eq!(asked(&[Supervisor], "lee", Some("south"), covering), [], "they have left the team");
        assert_eq!(asked(&[Practitioner, Administrator, Auditor], "lee", Some("north"), covering), [], "they are no supervisor any more");
    }

    #[test]
    fn the_administrator_and_the_auditor_open_no_contact_in_whatever_part() {
        for roles in [&[Administrator][..], &[Auditor], &[Administrator, Auditor]] {
            for part in [None, Some(Part::Asked), Some(Part::Covering)] {
                for id in ["sam", "ada"] {
                    assert_eq!(asked(roles, id, Some("north"), part), [], "{roles:?} {part:?} {id}");
                }
            }
        }
    }

    #[test]
    fn a_program_gets_by_a_scope_one_address_to_the_letter_and_by_none_nothing() {
        assert!(program_may(&[Scope::UsageRead], "GET", "/api/usage"));
        assert!(!program_may(&[], "GET", "/api/usage"));
        for (method, path) in
            [("HEAD", "/api/usage"), ("POST", "/api/usage"), ("GET", "/api/usage/"), ("GET", "/api/members"), ("GET", "/")]
        {
            assert!(!program_may(&[Scope::UsageRead], method, path), "{method} {path}");
        }
    }

    #[test]
    fn an_id_is_one_part_of_small_letters_and_figures_and_no_scope_opens_anothers_address() {
        let at = |path: &str| program_may(&[Scope::RecordsRead], "GET", path);
        assert!(at("/api/programs/records/0f3a") && at("/api/programs/records"));
        for path in ["", "/", "/../contacts", "/0f/taken", "/%2e%2e", "/A", "/0f/", "//", "/0f%2ftaken", "/a.b", "/{id}"] {
            assert!(!at(&format!("/api/programs/records{path}")) || path.is_empty(), "{path}");
        }
        assert!(program_may(&[Scope::RecordsRead], "POST", "/api/programs/records/0f/taken"));
        assert!(!program_may(&[Scope::RecordsRead], "POST", "/api/programs/records/0f"));
        for (scope, method, path) in OPENED_TO_PROGRAMS {
            let path = path.replace("{id}", "0f");
            for other in [Scope::UsageRead, Scope::ContactsRead, Scope::RecordsRead, Scope::DoctorCall] {
                assert_eq!(program_may(&[other], method, &path), other == *scope, "{other:?} {path}");
            }
        }
    }
}
