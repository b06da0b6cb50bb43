//! A receipt says what went, and nobody can change a letter of it.

use super::super::tests::Folder;
use super::*;

const TALLY: Tally = Tally { category: Category::Contact, period: 24, at: 1_000 };

async fn erased(records: &Records, tally: Tally, many: u64) {
    on_each!(records.engine(), db => {
        let mut write = db.write().await.unwrap();
        count(&mut write, Some(tally), many).await.unwrap();
        write.commit().await.unwrap();
    });
}

#[tokio::test]
async fn what_is_erased_in_several_goes_is_one_receipt_for_each_category_and_period_and_none_where_nothing_was() {
    let folder = Folder::new();
    let records = folder.records().await;
    assert_eq!(records.write_receipts().await.unwrap(), 0);
    erased(&records, TALLY, 0).await;
    assert_eq!(records.write_receipts().await.unwrap(), 0);
    erased(&records, TALLY, 200).await;
    erased(&records, Tally { at: 1_030, ..TALLY }, 14).await;
    erased(&records, Tally { period: 12, ..TALLY }, 3).await;
    erased(&records, Tally { category: Category::Plan, period: 90, at: 1_040 }, 1).await;
    assert!(records.erased_since(1_040, &[Category::Plan]).await.unwrap(), "also while there is no receipt yet");
    assert_eq!(records.write_receipts().await.unwrap(), 3);
    assert_eq!(records.write_receipts().await.unwrap(), 0, "each is told of once");
    let listed = records.receipts().await.unwrap();
    let told: Vec<_> = listed.iter().map(|one| (one.number, one.category, one.count, one.period, one.begun, one.done)).collect();
    assert_eq!(
        told,
        [
            (3, Category::Plan, 1, Some(90), 1_040, 1_040),
            (2, Category::Contact, 214, Some(24), 1_000, 1_030),
            (1, Category::Contact, 3, Some(12), 1_000, 1_000),
        ]
    );
    let since = async |then, category| records.erased_since(then, &[category]).await.unwrap();
    assert!(since(1_030, Category::Contact).await && !since(1_031, Category::Contact).await && !since(0, Category::Audit).await);
    assert_eq!(records.forget_receipts(1_000).await.unwrap(), 1);
    assert!(records.receipt_file(1).await.unwrap().is_none() && records.receipt_file(2).await.unwrap().is_some());
}

#[tokio::test]
async fn a_receipt_is_read_by_a_person_checked_by_its_key_and_refused_when_a_letter_was_changed() {
    let folder = Folder::new();
    let records = folder.records().await;
    erased(&records, TALLY, 214).await;
    records.write_receipts().await.unwrap();
    let file = records.receipt_file(1).await.unwrap().unwrap();
    let key = records.audit_key().unwrap();
    let text = verify_receipt(&file, &[key]).unwrap();
    for line in [
        "number: 1",
        "erased: contacts with all that happened in them (contact)",
        "how many: 214",
        "kept for: 24 hours since the contact ended",
        "erased from: 1970-01-01T00:16:40Z",
    ] {
        assert!(text.lines().any(|one| one == line), "{line} isn't in {text}");
    }
    let other = Folder::new();
    let other = other.records().await.audit_key().unwrap();
    assert_eq!(verify_receipt(&file, &[other]), Err(NotAReceipt::OtherKey));
    assert_eq!(verify_receipt(&file.replace("214", "213"), &[key]), Err(NotAReceipt::Changed));
    assert_eq!(verify_receipt(&file.replace("number: 1\n", ""), &[key]), Err(NotAReceipt::Changed));
    assert_eq!(verify_receipt(&file.replace(&key.to_string(), &other.to_string()), &[key, other]), Err(NotAReceipt::Changed));
    for bad in ["", "Sidelight deletion receipt 1", "signature: 00", &"x".repeat(9_000), &file[..file.len() - 40], &file[1..]] {
        assert!(verify_receipt(bad, &[key]).is_err(), "{bad}");
    }
    // A head of the audit is signed by the same key, and is no receipt.
    let head = records.audit_head(1).await.unwrap().line();
    assert_eq!(verify_receipt(&head, &[key]), Err(NotAReceipt::Unreadable));
}
