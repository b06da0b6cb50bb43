use super::super::tests::{Folder, details, fact};
use super::*;
use crate::records::{NewOutgoing, Outgoing, Posted};
use sidelight_protocol::desk::ContactDetails;
use sidelight_room::Happened;
use sidelight_room::outbox::{Attempt, after};

const NUMBER: &str = "+447700900123";
const LINK: &str = "https://call.example.org/#01234-56789";
const START: u32 = 100_000;

fn message(id: &str, contact: &str, kind: MessageKind, lead: u32) -> NewOutgoing {
    let words = Words { to: NUMBER.into(), text: format!("Here: {LINK}"), invitation: None };
    NewOutgoing { id: id.into(), contact: contact.into(), channel: Channel::SystemText, kind, lead, words }
}

fn link(id: &str, contact: &str) -> NewOutgoing {
    message(id, contact, MessageKind::Link, 0)
}

async fn contact(records: &Records) -> String {
    records.new_contact("sam", &ContactDetails { starts_at: START, ..details("JT-4471") }, 1).await.unwrap()
}

/// Every message's state, and whether anything of its words is kept.
async fn kept(records: &Records) -> Vec<(String, String, bool)> {
    let select = "SELECT id, state, CASE WHEN sealed IS NULL THEN 0 ELSE 1 END FROM messages ORDER BY made, id";
    let rows: Vec<(String, String, i64)> = on_each!(records.engine(), db => sqlx::query_as(select).fetch_all(db.readers()).await.unwrap());
    rows.into_iter().map(|(id, state, kept)| (id, state, kept != 0)).collect()
}

fn is(id: &str, state: &str, words: bool) -> (String, String, bool) {
    (id.into(), state.into(), words)
}

async fn taken(records: &Records, now: u32) -> Option<String> {
    records.take_due(now).await.unwrap().map(|Outgoing { id, .. }| id)
}

async fn end(records: &Records, contact: &str, at: u32) {
    records.append(contact, &[fact(at, None, Happened::Ended)], false, None).await.unwrap();
}

#[tokio::test]
async fn a_message_is_taken_out_once_and_what_it_said_goes_when_it_is_sent() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = contact(&records).await;
    assert_eq!(records.post_message(&link("a", &contact), 10).await.unwrap(), Posted::Kept);
    assert_eq!(records.post_message(&link("a", &contact), 11).await.unwrap(), Posted::Same);
    assert_eq!(records.post_message(&link("b", &contact), 11).await.unwrap(), Posted::Busy, "a double press is one message");
    assert_eq!((taken(&records, 9).await, kept(&records).await), (None, vec![is("a", "waiting", true)]), "not before its time");
    let out = records.take_due(10).await.unwrap().unwrap();
    assert_eq!((out.words.to.as_str(), out.words.text.contains(LINK), out.tries), (NUMBER, true, 1));
    assert_eq!((taken(&records, 4_000_000_000).await, kept(&records).await), (None, vec![is("a", "under_way", true)]));
    records.settle_message("a", &after(&Attempt::Taken, 1), 12).await.unwrap();
    assert_eq!(kept(&records).await, [is("a", "sent", false)]);
    assert_eq!(records.address(&contact, Channel::SystemText).await.unwrap().as_deref(), Some(NUMBER), "for the next one");
    records.close().await;
    for (name, content) in folder.files() {
        for clear in [NUMBER, "call.example.org", "56789"] {
            assert!(!content.windows(clear.len()).any(|window| window == clear.as_bytes()), "{clear} in {name}");
        }
    }
}

#[tokio::test]
async fn what_was_not_taken_waits_for_its_next_try_and_fails_plainly_after_the_last() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = contact(&records).await;
    records.post_message(&link("a", &contact), 10).await.unwrap();
    let unreached = Attempt::NotTaken { why: NotSent::Unreachable, again: true };
    let mut now = 10;
    for tries in 1..=6 {
        assert_eq!(records.take_due(now).await.unwrap().map(|out| out.tries), Some(tries));
        let to = after(&unreached, tries);
        records.settle_message("a", &to, now).await.unwrap();
        let [shown] = &records.messages(&contact).await.unwrap()[..] else { panic!("one message") };
        assert_eq!((shown.why, shown.due), (Some(NotSent::Unreachable), now + to.after));
        assert_eq!(taken(&records, (now + to.after).saturating_sub(1)).await, None);
        now += to.after;
    }
    assert_eq!(kept(&records).await, [is("a", "failed", false)]);
}

#[tokio::test]
async fn what_was_under_way_when_the_service_went_is_unknown_and_goes_again_only_when_somebody_says_so() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = contact(&records).await;
    records.post_message(&link("a", &contact), 10).await.unwrap();
    assert_eq!(taken(&records, 10).await.as_deref(), Some("a"));
    assert_eq!((records.interrupted(20).await.unwrap(), records.interrupted(21).await.unwrap()), (1, 0));
    assert_eq!((taken(&records, 4_000_000_000).await, kept(&records).await), (None, vec![is("a", "unknown", true)]));
    assert!(records.messages(&contact).await.unwrap()[0].asks);
    assert_eq!(records.post_message(&link("b", &contact), 30).await.unwrap(), Posted::Busy, "it is asked about first");
    for _ in 0..2 {
        assert!(records.send_again(&contact, "a", "c", 30).await.unwrap());
    }
    assert!(!records.send_again(&contact, "a", "d", 30).await.unwrap(), "asked once");
    assert_eq!(kept(&records).await, [is("a", "unknown", false), is("c", "waiting", true)]);
    assert_eq!(records.take_due(30).await.unwrap().map(|out| out.words.to), Some(NUMBER.into()));
    records.settle_message("c", &after(&Attempt::Unknown, 1), 31).await.unwrap();
    assert!(records.drop_message(&contact, "c", 32).await.unwrap() && !records.drop_message(&contact, "c", 33).await.unwrap());
    assert_eq!(kept(&records).await, [is("a", "unknown", false), is("c", "unknown", false)]);
    assert!(records.messages(&contact).await.unwrap().iter().all(|message| !message.asks));
}

#[tokio::test]
async fn a_report_settles_what_nobody_knew_and_is_asked_for_more_and_more_rarely() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = contact(&records).await;
    records.post_message(&link("a", &contact), 0).await.unwrap();
    taken(&records, 0).await;
    records.settle_message("a", &after(&Attempt::Unknown, 1), 100).await.unwrap();
    let asked = async |now| records.to_ask(now).await.unwrap().len();
    assert_eq!((asked(109).await, asked(110).await, asked(111).await, asked(160).await), (0, 1, 0, 1));
    records.reported("a", Report::Taken, 170).await.unwrap();
    let [shown] = &records.messages(&contact).await.unwrap()[..] else { panic!("one message") };
    assert_eq!((shown.state, shown.asks), (MessageState::Sent, false));
    assert_eq!((asked(399).await, asked(400).await), (0, 1));
    assert_eq!((asked(100 + 73 * 3600).await, asked(u32::MAX).await), (1, 0), "after three days nobody asks any more");
    records.reported("a", Report::Delivered, 500).await.unwrap();
    records.reported("a", Report::NotDelivered, 501).await.unwrap();
    assert_eq!(kept(&records).await, [is("a", "delivered", false)]);
}

#[tokio::test]
async fn a_reminder_follows_its_contact_is_the_only_one_and_ends_with_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = contact(&records).await;
    let reminder = |id| message(id, &contact, MessageKind::Reminder, 3600);
    assert_eq!(records.post_message(&reminder("a"), 10).await.unwrap(), Posted::Kept);
    assert_eq!(records.post_message(&reminder("b"), 10).await.unwrap(), Posted::Busy);
    assert_eq!(records.messages(&contact).await.unwrap()[0].due, START - 3600);
    assert_eq!(taken(&records, START - 3601).await, None);
    // Moved: the reminder goes along.
    records.change_contact(&contact, &ContactDetails { starts_at: START + 50_000, ..details("JT-4471") }).await.unwrap();
    assert_eq!(taken(&records, START + 50_000 - 3601).await, None);
    assert_eq!(records.post_message(&message("n", &contact, MessageKind::Notice, 0), 20).await.unwrap(), Posted::Kept);
    end(&records, &contact, 30).await;
    assert_eq!(kept(&records).await, [is("a", "failed", false), is("n", "waiting", true)], "that it is off can still be said");
    assert_eq!((taken(&records, u32::MAX).await.as_deref(), taken(&records, u32::MAX).await), (Some("n"), None));
    // Control: without its contact's end it would have gone.
    let other = records.new_contact("sam", &ContactDetails { starts_at: START, ..details("K-0932") }, 1).await.unwrap();
    records.post_message(&message("c", &other, MessageKind::Reminder, 3600), 10).await.unwrap();
    assert_eq!(taken(&records, START - 3600).await.as_deref(), Some("c"));
}

#[tokio::test]
async fn a_contact_has_twenty_messages_at_most_and_an_id_belongs_to_one_contact() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (contact, other) = (contact(&records).await, contact(&records).await);
    for number in 0..20 {
        let id = format!("{number}");
        assert_eq!(records.post_message(&link(&id, &contact), 10).await.unwrap(), Posted::Kept);
        taken(&records, 10).await;
        records.settle_message(&id, &after(&Attempt::Taken, 1), 10).await.unwrap();
    }
    assert_eq!(records.post_message(&link("more", &contact), 10).await.unwrap(), Posted::Full);
    assert!(matches!(records.post_message(&link("0", &other), 10).await, Err(RecordsError::Taken)));
    assert!(!records.drop_message(&other, "0", 10).await.unwrap());
}

#[tokio::test]
async fn addresses_go_an_hour_after_the_end_and_what_waits_for_an_answer_is_left_at_that() {
    let folder = Folder::new();
    let records = folder.records().await;
    let (contact, other) = (contact(&records).await, contact(&records).await);
    for (id, of) in [("a", &contact), ("b", &other)] {
        records.post_message(&link(id, of), 10).await.unwrap();
        taken(&records, 10).await;
    }
    records.interrupted(11).await.unwrap();
    end(&records, &contact, 1000).await;
    assert_eq!(records.addresses_over(999, 2000, 9).await.unwrap(), Vec::<String>::new());
    assert_eq!(records.addresses_over(1000, 2000, 9).await.unwrap(), [contact.clone()]);
    records.forget_addresses(&contact, 5000, None).await.unwrap();
    assert_eq!(records.addresses_over(u32::MAX, 2000, 9).await.unwrap(), Vec::<String>::new());
    assert_eq!(records.address(&contact, Channel::SystemText).await.unwrap(), None);
    assert_eq!(records.address(&other, Channel::SystemText).await.unwrap().as_deref(), Some(NUMBER), "of one that isn't over");
    assert_eq!(kept(&records).await, [is("a", "unknown", false), is("b", "unknown", true)]);
    assert!(!records.messages(&contact).await.unwrap()[0].asks);
}

#[tokio::test]
async fn of_an_erased_contact_receipts_stay_for_a_while_and_nothing_leads_back_to_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = contact(&records).await;
    records.post_message(&link("a", &contact), 10).await.unwrap();
    taken(&records, 10).await;
    records.settle_message("a", &after(&Attempt::Taken, 1), 20).await.unwrap();
    end(&records, &contact, 1000).await;
    records.shred(&contact).await.unwrap();
    records.delete_rows(&contact).await.unwrap();
    let left = kept(&records).await;
    assert_eq!((left.len(), left[0].1.as_str(), left[0].2, left[0].0.len()), (1, "sent", false, 32));
    assert_ne!(left[0].0, "a", "whoever passes messages on knows that id, and the number with it");
    assert_eq!((records.deliveries_over(19).await.unwrap(), records.deliveries_over(20).await.unwrap()), (0, 1));
    assert_eq!((records.forget_deliveries(19, 9, None).await.unwrap(), records.forget_deliveries(20, 9, None).await.unwrap()), (0, 1));
    assert!(kept(&records).await.is_empty());
    assert_eq!(records.addresses_over(u32::MAX, 2000, 9).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn a_message_that_somebody_still_has_to_decide_about_is_no_receipt() {
    let folder = Folder::new();
    let records = folder.records().await;
    let contact = contact(&records).await;
    records.post_message(&link("a", &contact), 10).await.unwrap();
    taken(&records, 10).await;
    records.interrupted(11).await.unwrap();
    assert_eq!(records.forget_deliveries(u32::MAX, 9, None).await.unwrap(), 0);
    records.drop_message(&contact, "a", 12).await.unwrap();
    assert_eq!(records.forget_deliveries(u32::MAX, 9, None).await.unwrap(), 1);
}
