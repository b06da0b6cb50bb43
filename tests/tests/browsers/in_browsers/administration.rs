//! The administrators' page, as administrators use it.

use super::screens::Inspection;
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, World};

async fn joins(world: &World, name: &'static str, role: &str) -> Desk {
    let email = format!("{role}@example.org");
    let told = world.staff(&["add", "--name", "Robin Vale", "--email", &email, "--role", role]).await;
    let desk = Desk::new(Browser::open(name, &Setup::new(Kind::Chromium, LAPTOP)).await, world.service.url());
    desk.joins_by(told.split_whitespace().next().expect("a link is printed")).await;
    desk
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_without_a_desk_is_led_to_their_page_and_reads_the_audit() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let page = joins(&world, "desk", "administrator").await;
    page.sees(say("desk.entry.no-desk")).await;
    look.look(&page, "no-desk").await;
    page.press(say("desk.settings.admin")).await;
    page.sees(say("admin.staff.hint")).await;
    page.press(say("admin.audit")).await;
    page.sees(say("admin.audit.hint")).await;
    world.staff(&["reset", "--email", "administrator@example.org"]).await;
    page.reload().await;
    page.sees(say("admin.audit.what.reset_given")).await;
    look.look(&page, "admin-audit").await;
    look.nothing_found(2);
    page.press(say("desk.sign_out")).await;
    page.sees(say("desk.entry.sign-in")).await;
    page.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_a_part_in_it_is_told_so_and_whoever_isnt_signed_in_too() {
    let world = World::new().await;
    let page = joins(&world, "desk", "practitioner").await;
    page.sees_today().await;
    let address = format!("{}/admin", world.service.url());
    page.go(&address).await;
    page.sees(say("admin.not_yours")).await;
    page.press(say("admin.to_desk")).await;
    page.sees_today().await;
    page.press(say("desk.sign_out")).await;
    page.sees(say("desk.entry.sign-in")).await;
    page.go(&address).await;
    page.sees(say("admin.sign_in")).await;
    page.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_what_is_kept_shows_what_it_deletes_asks_why_and_can_be_taken_back() {
    let world = World::new().await;
    let mut look = Inspection::new();
    let page = joins(&world, "desk", "administrator").await;
    page.sees(say("desk.entry.no-desk")).await;
    page.go(&format!("{}/admin#keeping", world.service.url())).await;
    page.sees(say("admin.keeping.of.contact")).await;
    look.look(&page, "admin-keeping").await;
    page.write(say("admin.keeping.of.contact"), "721").await;
    page.press(say("admin.keeping.show")).await;
    page.sees("It can be from 1 to 720").await;
    page.write(say("admin.keeping.of.contact"), "12").await;
    page.press(say("admin.keeping.show")).await;
    page.sees(say("admin.keeping.preview.hint")).await;
    assert!(!page.offers(say("admin.keeping.save")).await, "without a reason");
    look.look(&page, "admin-keeping-preview").await;
    page.write(say("admin.keeping.reason"), "Agreed with the council's data protection officer").await;
    page.press(say("admin.keeping.save")).await;
    page.sees("Agreed with the council's data protection officer").await;
    page.sees("Until then: 24 hours.").await;
    look.look(&page, "admin-keeping-changed").await;
    page.press(say("admin.keeping.undo")).await;
    page.sees_no_more("Until then: 24 hours.").await;
    page.press(say("admin.holds")).await;
    page.sees(say("admin.holds.none")).await;
    page.write(say("admin.holds.number"), "1234").await;
    page.press(say("admin.holds.do")).await;
    page.sees(say("admin.holds.wrong.number")).await;
    look.look(&page, "admin-holds").await;
    look.nothing_found(4);
    page.did_nothing_wrong().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_an_administrator_changes_is_the_one_in_the_waiting_room_in_chromium() {
    const NUMBER: &str = "01632 960 877";
    let world = World::new().await;
    let mut look = Inspection::new();
    let desk = world.desk(Kind::Chromium).await;
    let link = desk.plan().await;
    desk.go(&format!("{}/admin#pages", world.service.url())).await;
    desk.sees(say("admin.pages.number")).await;
    desk.write(say("admin.pages.number"), "call us").await;
    desk.write(say("admin.keeping.reason"), "The line has moved").await;
    desk.press(say("admin.pages.save")).await;
    desk.sees("It must be a telephone number").await;
    look.look(&desk, "admin-pages-refused").await;
    desk.write(say("admin.pages.number"), NUMBER).await;
    desk.until("the preview follows", "() => document.querySelector('iframe').src.includes('960%20877')").await;
    desk.press(say("admin.pages.save")).await;
    desk.sees(say("admin.pages.undo")).await;
    desk.sees(say("admin.pages.set_here")).await;
    look.look(&desk, "admin-pages").await;
    look.nothing_found(2);

    let phone = world.phone(Kind::Chromium).await;
    phone.come_to_the_door(&link, Way::Text).await;
    assert_eq!(phone.ask::<String>("() => document.querySelector('#late a').textContent").await, NUMBER);
    phone.go(&format!("{}/#00000-00000-00000-00000-00000-0", world.service.url())).await;
    phone.reload().await;
    phone.sees(say("join.hello.text")).await;
    phone.press(say("join.hello.go")).await;
    phone.sees(say("join.finished.title")).await;
    phone.sees(NUMBER).await;
    desk.did_nothing_wrong().await;
}
