//! The administrators' page, as an administrator, an auditor and a supervisor meet it.

use super::screens::Inspection;
use super::second_step::{backup, code, secret};
use sidelight_e2e::desk::{Desk, PASSWORD};
use sidelight_e2e::driver::Kind;
use sidelight_e2e::words::{say, say_with};
use sidelight_e2e::world::World;

/// What stands in a field that gives something out.
async fn given(desk: &Desk, id: &str) -> String {
    let value = format!("() => {{ const one = document.getElementById('{id}'); return one && one.value; }}");
    let shown = desk.until("it is given out", &value).await;
    shown.as_str().unwrap_or_default().to_owned()
}

async fn sections(desk: &Desk) -> Vec<String> {
    desk.until("the sections", "() => document.querySelectorAll('.sections a').length > 0").await;
    desk.ask("() => Array.from(document.querySelectorAll('.sections a'), (one) => one.textContent)").await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_looks_after_staff_teams_lists_and_their_own_sign_in_and_an_auditor_sees_the_audit_and_what_was_deleted() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let desk = world.desk(Kind::Chromium).await;
    desk.go(&format!("{}/admin#staff", world.service.url())).await;
    desk.write(say("admin.staff.name"), "Olu Marsh").await;
    desk.write(say("admin.staff.email"), "olu").await;
    desk.press(say("admin.role.practitioner")).await;
    desk.press(say("admin.role.auditor")).await;
    desk.press(say("admin.staff.add.yes")).await;
    desk.sees("An email looks like name@example.org").await;
    desk.write(say("admin.staff.email"), "olu@example.org").await;
    desk.press(say("admin.staff.add.yes")).await;
    let link = given(&desk, "given").await;
    assert!(link.contains("/desk#first="), "{link}");
    look.look(&desk, "admin-staff").await;
    desk.press(say("admin.change")).await;
    look.look(&desk, "admin-change").await;
    desk.press(say("admin.staff.disable")).await;
    desk.press(say("admin.staff.disable")).await;
    desk.sees(say("desk.problem.not_yourself")).await;

    desk.press(say("admin.teams")).await;
    desk.write(say("admin.teams.name"), "North").await;
    desk.press(say("admin.teams.add")).await;
    desk.sees(&say_with("admin.teams.members.other", &[("count", "0")])).await;
    look.look(&desk, "admin-teams").await;

    desk.press(say("admin.lists")).await;
    desk.write(say("admin.lists.text"), "Lee Park,lee@example.org,boss,North").await;
    desk.press(say("admin.lists.look")).await;
    desk.sees(say("admin.lists.wrong.roles")).await;
    assert!(!desk.offers(say("admin.lists.do")).await, "nothing is done while a line is wrong");
    look.look(&desk, "admin-lists").await;
    desk.write(say("admin.lists.text"), "Lee Park,lee@example.org,supervisor,North").await;
    desk.press(say("admin.lists.look")).await;
    desk.press(say("admin.lists.do")).await;
    let letters = given(&desk, "letters").await;
    assert!(letters.starts_with("\"Lee Park\",\"lee@example.org\",\"http"), "{letters}");
    let lee = letters.rsplit('"').nth(1).unwrap_or_default().to_owned();
    look.look(&desk, "admin-list-done").await;

    desk.press(say("admin.usage")).await;
    desk.sees(say("admin.usage.none")).await;
    look.look(&desk, "admin-usage").await;

    desk.press(say("admin.own")).await;
    desk.press(say("desk.step.add")).await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.step.next")).await;
    let key = secret(&desk).await;
    desk.write(say("desk.step.code"), &code(&key, 0)).await;
    desk.press(say("desk.step.confirm")).await;
    let codes = backup(&desk).await;
    desk.press(say("desk.step.kept")).await;
    look.look(&desk, "admin-own").await;
    desk.press(say("desk.step.renew")).await;
    desk.write(say("desk.account.password"), PASSWORD).await;
    desk.press(say("desk.step.by_backup")).await;
    desk.write(say("desk.step.backup"), &codes[0]).await;
    desk.press(say("desk.step.renew")).await;
    desk.until("other codes", "() => document.querySelectorAll('.backup-codes li').length === 10").await;
    assert!(!backup(&desk).await.contains(&codes[1]), "the old ones are worthless");
    desk.press(say("desk.step.kept")).await;

    desk.press(say("admin.audit")).await;
    desk.press(say("admin.audit.chain")).await;
    desk.sees(&say_with("admin.audit.chain.whole.other", &[("count", "6")])).await;
    desk.until("they stand there", "() => document.querySelectorAll('tbody tr').length === 6").await;
    look.look(&desk, "admin-audit").await;
    desk.write(say("admin.audit.who"), "nobody at all").await;
    desk.press(say("admin.search")).await;
    desk.sees(say("admin.audit.empty")).await;
    desk.did_nothing_wrong().await;

    // The auditor: no desk, and of administration the audit, what was deleted, and their own sign-in.
    desk.press(say("desk.sign_out")).await;
    desk.sees(say("desk.entry.sign-in")).await;
    desk.joins_by(&link).await;
    desk.press(say("desk.settings.admin")).await;
    assert_eq!(sections(&desk).await, [say("admin.audit"), say("admin.keeping"), say("admin.own")]);
    let joined = format!("() => document.querySelector('tbody').textContent.includes('{}')", say("admin.audit.what.staff_joined"));
    desk.until("they see that they have joined", &joined).await;
    desk.press(say("admin.keeping")).await;
    desk.sees(say("admin.keeping.of.contact")).await;
    assert!(!desk.ask::<bool>("() => Boolean(document.querySelector('main form, main input'))").await, "nothing there is theirs to change");
    look.look(&desk, "admin-kept").await;

    // The supervisor: their team's week.
    desk.press(say("desk.sign_out")).await;
    desk.sees(say("desk.entry.sign-in")).await;
    desk.joins_by(&lee).await;
    desk.until("the desk", "() => document.querySelector('.today')").await;
    desk.go(&format!("{}/admin", world.service.url())).await;
    assert_eq!(sections(&desk).await, [say("admin.team"), say("admin.own")]);
    desk.sees(say("admin.team.empty")).await;
    look.look(&desk, "admin-team").await;
    look.nothing_found(10);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_chooses_what_another_program_may_read_and_ends_its_token() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let desk = world.desk(Kind::Chromium).await;
    desk.go(&format!("{}/admin#tokens", world.service.url())).await;
    desk.sees(say("admin.tokens.none")).await;
    desk.write(say("admin.tokens.name"), "Case system").await;
    for scope in ["contacts_read", "records_read"] {
        desk.press(say(&format!("admin.tokens.scope.{scope}"))).await;
    }
    desk.press(say("admin.tokens.do")).await;
    assert!(given(&desk, "made").await.starts_with("sl_"));
    desk.sees(say("admin.tokens.scope.records_read.hint")).await;
    look.look(&desk, "admin-tokens").await;
    desk.resize((360, 640)).await;
    let sideways =
        "() => Array.from(document.querySelectorAll('.programs *')).some((one) => one.getBoundingClientRect().right > innerWidth)";
    assert!(!desk.ask::<bool>(sideways).await, "nothing needs scrolling sideways");
    let year = "() => / 20[0-9][0-9]$/.test(document.querySelector('.programs dl').lastElementChild.textContent)";
    assert!(desk.ask::<bool>(year).await, "the year is told");
    desk.press(say("admin.tokens.revoke")).await;
    look.look(&desk, "admin-tokens-end").await;
    desk.press(say("admin.tokens.revoke.sure")).await;
    desk.sees(say("admin.tokens.none")).await;
    look.nothing_found(2);
}
