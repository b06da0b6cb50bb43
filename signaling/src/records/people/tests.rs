//! Plans over real files, beside their people's contacts.

use super::super::tests::{Folder, details};
use super::*;
use sidelight_protocol::plan::SafeHours;

fn plan(word: &str) -> SafetyPlan {
    SafetyPlan {
        reference: "JT-4471".into(),
        channels: vec![Channel::Text, Channel::Voice],
        hours: vec![SafeHours { days: vec![0], from: 540, until: 900 }],
        zone: "Europe/Dublin".into(),
        number: Some("0612345678".into()),
        word: Some(word.into()),
        spellings: vec!["tamarynd".into()],
        response: Some("Write at six".into()),
        proves_us: None,
        proves_them: Some("What is the dog called?".into()),
        proves_them_answer: Some("Biscuit".into()),
        if_other: None,
        if_drops: None,
        if_exit: None,
        when_hidden: None,
        signing: true,
        by_code: true,
        early: None,
        wording: None,
        reminders: false,
    }
}

fn about(person: &str) -> ContactDetails {
    ContactDetails { about: Some(person.into()), ..details("JT-4471") }
}

#[tokio::test]
async fn what_was_agreed_holds_in_each_contact_with_them_as_it_stands_now() {
    let folder = Folder::new();
    let records = folder.records().await;
    let kim = records.new_person("owner", &plan("tamarind"), 1).await.unwrap();
    let contact = records.new_contact("owner", &about(&kim), 1).await.unwrap();
    let read = records.contact(&contact).await.unwrap().unwrap().details;
    assert!(read.about.as_deref() == Some(kim.as_str()));
    assert!(read.word.as_deref() == Some("tamarind") && read.spellings == ["tamarynd"] && read.response.as_deref() == Some("Write at six"));
    assert!(read.rings && read.signing && read.number.as_deref() == Some("0612345678"));
    assert!(read.greeting.as_deref() == Some("Persephone"), "what is the contact's own stays");
    let changed = SafetyPlan { channels: vec![Channel::Text], ..plan("quince") };
    records.change_person(&kim, &changed, 2).await.unwrap();
    records.close().await;
    let records = folder.records().await;
    assert_eq!(records.forget_orphaned_keys().await.unwrap(), 0, "a person's key is nobody's orphan");
    let read = records.contact(&contact).await.unwrap().unwrap().details;
    assert!(read.word.as_deref() == Some("quince") && !read.rings && read.number.is_none());
    // Another plan from now on, or none.
    records.change_contact(&contact, &details("JT-4471")).await.unwrap();
    let read = records.contact(&contact).await.unwrap().unwrap().details;
    assert!(read.about.is_none() && read.word.as_deref() == Some("marmalade") && read.spellings.is_empty());
}

#[tokio::test]
async fn where_help_would_go_is_the_contacts_own_and_outlasts_any_change_of_it() {
    let folder = Folder::new();
    let records = folder.records().await;
    let kim = records.new_person("owner", &plan("tamarind"), 1).await.unwrap();
    let contact = records.new_contact("owner", &about(&kim), 1).await.unwrap();
    let help = async |id: &str| records.contact(id).await.unwrap().unwrap().details.help;
    records.help_goes(&contact, Some("4 Mill Lane".into())).await.unwrap();
    assert_eq!(help(&contact).await.as_deref(), Some("4 Mill Lane"));
    // A form that lay open meanwhile, with what was true before; and another plan.
    records.change_contact(&contact, &ContactDetails { greeting: Some("Kim".into()), ..about(&kim) }).await.unwrap();
    let read = records.contact(&contact).await.unwrap().unwrap().details;
    assert!(
        read.help.as_deref() == Some("4 Mill Lane") && read.greeting.as_deref() == Some("Kim") && read.word.as_deref() == Some("tamarind")
    );
    records.change_person(&kim, &plan("quince"), 2).await.unwrap();
    assert_eq!(help(&contact).await.as_deref(), Some("4 Mill Lane"));
    // The next contact with them asks anew, and nothing of it stays when this one is erased.
    let next = records.new_contact("owner", &about(&kim), 3).await.unwrap();
    assert_eq!(help(&next).await, None);
    records.help_goes(&contact, None).await.unwrap();
    assert_eq!(help(&contact).await, None);
    records.help_goes(&contact, Some("9 Mill Lane".into())).await.unwrap();
    records.shred(&contact).await.unwrap();
    assert!(records.contact(&contact).await.unwrap().is_none());
    assert!(matches!(records.help_goes(&contact, None).await, Err(RecordsError::Missing)));
}

#[tokio::test]
async fn a_plan_sealed_before_it_said_who_is_told_the_time_still_opens() {
    let mut old = serde_json::to_value(plan("tamarind")).unwrap();
    old.as_object_mut().unwrap().remove("early");
    old.as_object_mut().unwrap().remove("wording");
    let read: SafetyPlan = serde_json::from_value(old.clone()).unwrap();
    assert!(read == plan("tamarind"));
    old["more"] = true.into();
    assert!(serde_json::from_value::<SafetyPlan>(old).is_err(), "the control: a field that nobody knows is refused");
    let told = |early| laid_over(details("x"), "kim", &SafetyPlan { early, ..plan("tamarind") }).early;
    assert_eq!([None, Some(Early::NotTold), Some(Early::Told)].map(told), [Some(Early::NotTold), Some(Early::NotTold), Some(Early::Told)]);
    assert_eq!(details("x").early, None, "without a plan they are told, as ever");
}

#[tokio::test]
async fn what_was_agreed_is_kept_under_the_persons_key_alone() {
    let folder = Folder::new();
    let records = folder.records().await;
    let kim = records.new_person("owner", &plan("tamarind"), 1).await.unwrap();
    let with = records.new_contact("owner", &about(&kim), 1).await.unwrap();
    let read = records.contact(&with).await.unwrap().unwrap().details;
    // As a page would send it again, with all that the plan says.
    records.change_contact(&with, &read).await.unwrap();
    // Her key is gone: nothing of the plan is left in the contact.
    records.keys().forget(std::slice::from_ref(&kim)).await.unwrap();
    let bare = records.contact(&with).await.unwrap().unwrap().details;
    assert!(bare.word.is_none() && bare.response.is_none() && bare.number.is_none() && bare.spellings.is_empty() && bare.about.is_none());
    assert!(records.person(&kim).await.unwrap().is_none());
    // The control: what is the contact's own can be read.
    assert!(bare.reference == "JT-4471");
}

async fn unused(records: &Records, then: u32) -> Result<Vec<String>> {
    Ok(records.unused_since(then, 0, None).await?.into_iter().map(|one| one.id).collect())
}

#[tokio::test]
async fn a_plan_is_unused_once_no_contact_with_them_is_kept_and_counts_from_the_end_of_the_last() {
    let folder = Folder::new();
    let records = folder.records().await;
    let kim = records.new_person("owner", &plan("tamarind"), 10).await.unwrap();
    let lee = records.new_person("owner", &plan("quince"), 10).await.unwrap();
    assert_eq!(unused(&records, 9).await.unwrap(), Vec::<String>::new());
    assert_eq!(unused(&records, 10).await.unwrap().len(), 2);
    // It starts at 1000 and takes 30 minutes.
    let contact = records.new_contact("owner", &about(&kim), 11).await.unwrap();
    assert_eq!(records.contacts_about(&kim).await.unwrap(), [contact.clone()]);
    assert_eq!(unused(&records, u32::MAX).await.unwrap(), [lee.clone()]);
    records.shred(&contact).await.unwrap();
    records.delete_rows(&contact).await.unwrap();
    assert_eq!(unused(&records, 1000 + 1799).await.unwrap(), [lee.clone()]);
    assert_eq!(unused(&records, 1000 + 1800).await.unwrap().len(), 2);
    assert!(records.erase_person(&lee, 0).await.unwrap());
    assert!(records.erase_person(&lee, 0).await.unwrap());
    assert!(records.person(&lee).await.unwrap().is_none());
    let people = records.people("owner").await.unwrap();
    assert!(people.len() == 1 && people[0].id == kim);
    assert!(records.people("another").await.unwrap().is_empty());
}
