//! New members and new passwords by one-time links: what the command line and the administrators' page have in common; and lists of staff.

use super::{RESET, hash, is_email, random_hex};
use crate::error::Refusal;
use crate::records::{FirstLink, Member, Records, RecordsError};
use http::StatusCode;
use sidelight_protocol::http::Role;
use sidelight_protocol::rights::{ImportWrong, ImportedLine};
use std::collections::{HashMap, HashSet};

/// Lines of one list. More: nobody reads what is shown of it before it is done, and it doesn't fit a request. Fewer: more lists.
const LINES: usize = 300;

/// The word that stands in place of roles.
const LEAVER: &str = "leaver";

/// A name as it is kept, if it is one.
pub fn name(typed: &str) -> Result<&str, Refusal> {
    let name = typed.trim();
    let fits = (1..=80).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name) } else { Err(Refusal::field("bad_name", "name", "A name has 1 to 80 characters.")) }
}

/// The same of an email.
pub fn email(typed: &str) -> Result<&str, Refusal> {
    let email = typed.trim();
    let bad = "An email looks like name@example.org, with at most 254 characters.";
    if is_email(email) { Ok(email) } else { Err(Refusal::field("bad_email", "email", bad)) }
}

/// Somebody signs in with this email already.
pub fn taken(error: RecordsError) -> Refusal {
    match error {
        RecordsError::Taken => Refusal::field("email_taken", "email", "Somebody signs in with this email already."),
        other => other.into(),
    }
}

/// A one-time link that `by` gives to somebody new: its token, and what is kept of it.
pub fn link(name: &str, email: &str, roles: Vec<Role>, team: Option<String>, by: &str) -> Result<(String, (Vec<u8>, FirstLink)), Refusal> {
    let token = random_hex::<16>()?;
    let (name, email) = (Some(name.to_owned()), Some(email.to_owned()));
    let link = FirstLink { name, email, roles, team, by: Some(by.to_owned()), ..FirstLink::default() };
    let kept = (hash(&token), link);
    Ok((token, kept))
}

/// Makes the token of a link with which a member sets a new password. `by`: the administrator; none: a command.
pub async fn reset_link(records: &Records, member: Member, by: Option<&str>, now: u32) -> Result<String, RecordsError> {
    records.replace_reset_links(&member.id, by, now).await?;
    let Member { id, name, email, roles, .. } = member;
    let link = FirstLink { name: Some(name), email: Some(email), roles, staff: Some(id), ..FirstLink::default() };
    super::new_link(records, &link, now.saturating_add(RESET)).await
}

/// What a list is held against.
pub struct Known {
    /// Ids of members, by their emails in lower case.
    members: HashMap<String, String>,
    /// Ids of teams, by their names in lower case.
    teams: HashMap<String, String>,
    /// Whose list it is.
    by: String,
}

impl Known {
    pub async fn new(records: &Records, by: &str) -> Result<Known, RecordsError> {
        let members = records.members().await?.into_iter().map(|listed| (listed.member.email.to_lowercase(), listed.member.id));
        let teams = records.teams().await?.into_iter().map(|team| (team.name.to_lowercase(), team.id));
        Ok(Known { members: members.collect(), teams: teams.collect(), by: by.to_owned() })
    }

    /// The id of the member with this email.
    pub fn id(&self, email: &str) -> Option<String> {
        self.members.get(&email.to_lowercase()).cloned()
    }

    pub fn team(&self, name: &str) -> Option<String> {
        self.teams.get(&name.to_lowercase()).cloned()
    }
}

fn refused(code: &'static str, title: &'static str) -> Refusal {
    Refusal { field: Some("csv"), ..Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, code, title) }
}

/// What a list says, line by line, with what is wrong.
pub fn look(text: &str, known: &Known) -> Result<Vec<ImportedLine>, Refusal> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    // As spreadsheets write it where the comma stands in numbers.
    let between = [b',', b';', b'\t'].into_iter().max_by_key(|one| (first.bytes().filter(|byte| byte == one).count(), *one == b','));
    let mut reader = csv::ReaderBuilder::new();
    reader.has_headers(false).flexible(true).trim(csv::Trim::All).delimiter(between.unwrap_or(b','));
    let (mut lines, mut emails) = (Vec::new(), HashSet::new());
    // Each line by itself: no cell goes over several, so that a quote which nobody closes spoils its own line alone.
    for (at, text) in (1..).zip(text.lines()) {
        let record = reader.from_reader(text.as_bytes()).records().next().and_then(Result::ok).unwrap_or_default();
        let cells: Vec<&str> = record.iter().collect();
        if cells.iter().all(|cell| cell.is_empty()) || at == 1 && is_heading(&cells) {
            continue;
        }
        if lines.len() >= LINES {
            return Err(refused("import_long", "A list has at most 300 lines. Make two of it."));
        }
        lines.push(line(at, &cells, known, &mut emails));
    }
    if lines.is_empty() { Err(refused("import_empty", "There is nobody in this list.")) } else { Ok(lines) }
}

fn is_heading(cells: &[&str]) -> bool {
    cells.get(1).is_some_and(|cell| !cell.contains('@') && ["email", "e-mail", "mail"].iter().any(|word| cell.eq_ignore_ascii_case(word)))
}

fn line(at: u32, cells: &[&str], known: &Known, emails: &mut HashSet<String>) -> ImportedLine {
    let cell = |index: usize| cells.get(index).copied().unwrap_or("").to_owned();
    let leaves = cell(2).eq_ignore_ascii_case(LEAVER);
    let read = if leaves { Some(vec![]) } else { roles(&cell(2)) };
    let team = Some(cell(3)).filter(|team| !team.is_empty());
    let again = !emails.insert(cell(1).to_lowercase());
    let member = known.id(&cell(1));
    let wrong = if !(2..=4).contains(&cells.len()) {
        Some(ImportWrong::Columns)
    } else if email(&cell(1)).is_err() {
        Some(ImportWrong::Email)
    } else if again {
        Some(ImportWrong::Twice)
    } else if leaves {
        match member {
            None => Some(ImportWrong::Unknown),
            Some(id) => (id == known.by).then_some(ImportWrong::Yourself),
        }
    } else if name(&cell(0)).is_err() {
        Some(ImportWrong::Name)
    } else if member.is_some() {
        Some(ImportWrong::Known)
    } else if read.is_none() {
        Some(ImportWrong::Roles)
    } else {
        team.as_deref().filter(|team| known.team(team).is_none()).map(|_| ImportWrong::Team)
    };
    // What is shown of a line that is wrong is bounded too.
    let shown = |text: String| text.chars().take(254).collect::<String>();
    let (name, email, team) = (shown(cell(0)), shown(cell(1)), team.map(shown));
    ImportedLine { line: at, name, email, roles: read.unwrap_or_default(), leaves, team, wrong, link: None }
}

/// The roles that stand in a cell. None: there is none, or another word.
fn roles(cell: &str) -> Option<Vec<Role>> {
    let mut roles = Vec::new();
    for word in cell.split(|letter: char| letter.is_whitespace() || "+/;,".contains(letter)).filter(|word| !word.is_empty()) {
        roles.push(match word.to_lowercase().as_str() {
            "practitioner" => Role::Practitioner,
            "supervisor" => Role::Supervisor,
            "administrator" => Role::Administrator,
            "auditor" => Role::Auditor,
            _ => return None,
        });
    }
    roles.sort_unstable();
    roles.dedup();
    (!roles.is_empty()).then_some(roles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        let map = |pairs: &[(&str, &str)]| pairs.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        Known { members: map(&[("sam@x.org", "sam"), ("ada@x.org", "ada")]), teams: map(&[("north", "n1")]), by: "ada".into() }
    }

    fn wrong(text: &str) -> Vec<Option<ImportWrong>> {
        look(text, &known()).unwrap_or_else(|refusal| panic!("{}", refusal.code)).into_iter().map(|line| line.wrong).collect()
    }

    fn refusal(text: &str) -> &'static str {
        look(text, &known()).err().map_or("taken", |refusal| refusal.code)
    }

    #[test]
    fn a_list_is_read_as_spreadsheets_write_it() {
        let text =
            "\u{feff}Name,Email,Roles,Team\r\n\"Ito, Kim\", kim@x.org ,Practitioner supervisor,NORTH\r\n\r\nLee,lee@x.org,auditor\r\n";
        let lines = look(text, &known()).unwrap_or_else(|refusal| panic!("{}", refusal.code));
        let kim = &lines[0];
        assert_eq!((kim.line, kim.name.as_str(), kim.email.as_str()), (2, "Ito, Kim", "kim@x.org"));
        assert_eq!((&kim.roles, kim.team.as_deref()), (&vec![Role::Practitioner, Role::Supervisor], Some("NORTH")));
        assert_eq!((lines[1].line, &lines[1].roles, &lines[1].team), (4, &vec![Role::Auditor], &None));
        assert!(lines.iter().all(|line| line.wrong.is_none() && !line.leaves));
        assert_eq!(wrong("Kim;kim@x.org;practitioner, auditor;north\nSam;sam@x.org;leaver"), [None, None]);
        assert_eq!(wrong("Kim\tkim@x.org\tpractitioner"), [None]);
    }

    #[test]
    fn each_line_says_what_is_wrong_with_it() {
        use ImportWrong::{Columns, Email, Known, Name, Roles, Team, Twice, Unknown, Yourself};
        let rows = [
            ("kim@x.org", Columns),
            ("Kim,kim@x.org,auditor,north,more", Columns),
            (",kim@x.org,auditor", Name),
            ("Kim,kim,auditor", Email),
            ("Kim,kim@x.org", Roles),
            ("Kim,kim@x.org,boss", Roles),
            ("Kim,kim@x.org,auditor boss", Roles),
            ("Kim,kim@x.org,auditor,South", Team),
            ("Sam,SAM@x.org,auditor", Known),
            ("Kim,kim@x.org,leaver", Unknown),
            ("Ada,ada@x.org,leaver", Yourself),
        ];
        for (text, due) in rows {
            assert_eq!(wrong(text), [Some(due)], "{text}");
        }
        assert_eq!(wrong("Kim,kim@x.org,auditor\nKim,KIM@x.org,auditor"), [None, Some(Twice)]);
        assert_eq!(wrong("x,sam@x.org,Leaver"), [None]);
    }

    #[test]
    fn a_list_is_bounded_and_one_with_nobody_in_it_is_none() {
        let many = |count: usize| (0..count).map(|n| format!("K,k{n}@x.org,auditor\n")).collect::<String>();
        assert_eq!((refusal(&many(300)), refusal(&many(301))), ("taken", "import_long"));
        assert_eq!((refusal(""), refusal("\n\n"), refusal("name,email,roles,team\n")), ("import_empty", "import_empty", "import_empty"));
        assert!(look(&format!("{},k", "x".repeat(5000)), &known()).is_ok_and(|lines| lines[0].name.len() == 254));
    }
}
