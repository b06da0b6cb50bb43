//! An audit that somebody with the machine in hand has changed, shortened or written anew.

use crate::machine::{Machine, sqlite, until};
use sidelight_e2e::service::Service;

/// A machine with an audit of five entries and an anchor that knows its end; the anchor's file and the service's key.
async fn audited() -> (Machine, String, String) {
    let mut machine = Machine::new();
    let anchor = machine.backups.path().join("anchor");
    let anchor = anchor.display().to_string();
    machine.settings.set("audit.anchor", &format!("file:{anchor}"));
    // Each is written down.
    for _ in 0..5 {
        machine.done(&["keys", "rotate"]).await;
    }
    let service = Service::start(&machine.settings).await;
    until("the head has gone out", || std::fs::read_to_string(&anchor).is_ok_and(|text| text.contains(" entry=5 ")));
    assert_eq!(service.stop().await, Some(0));
    let key = machine.done(&["audit", "key"]).await.trim().to_owned();
    (machine, anchor, key)
}

#[tokio::test]
async fn every_way_to_change_what_was_written_down_is_found_and_the_entry_named() {
    let (machine, anchor, key) = audited().await;
    let records = machine.file("records.db");
    let verify = async |more: &[&str]| machine.run(&[&["audit", "verify", "--anchor", &anchor], more].concat()).await;
    let (status, said) = verify(&[]).await;
    assert_eq!(status, Some(0), "the control: {said}");
    assert!(said.contains("whole: 5 entries, up to entry 5") && said.contains("agrees with"), "{said}");

    let kept = machine.backups.path().join("kept.db");
    sqlite(&records, &format!(".backup {}", kept.display()));
    let refused = std::process::Command::new("sqlite3").arg(&records).arg("DELETE FROM audit WHERE id = 3").output().expect("runs");
    assert!(!refused.status.success(), "the database itself refuses it, while its triggers are there");
    let untriggered = machine.backups.path().join("untriggered.db");
    let triggers = sqlite(&kept, "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_master WHERE type = 'trigger'");
    sqlite(&kept, &triggers);

    let cut = "DELETE FROM audit WHERE id = 5; UPDATE audit_state SET last = 4, head = (SELECT hash FROM audit WHERE id = 4)";
    let swap = "UPDATE audit SET id = 9 WHERE id = 2; UPDATE audit SET id = 2 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 9";
    let checkpoint = "INSERT INTO audit_checkpoint SELECT 1, id, at, hash, zeroblob(32), zeroblob(64) FROM audit WHERE id = 3; \
        DELETE FROM audit WHERE id <= 3";
    let table = [
        ("an edit", "UPDATE audit SET what = 'duty_on' WHERE id = 4", "entry 4 was changed"),
        ("a deletion", "DELETE FROM audit WHERE id = 3", "entry 4 doesn't follow entry 2"),
        ("another order", swap, "entry 2 doesn't follow entry 1"),
        ("a cut end", cut, "entry 5, which the anchor knows (its line"),
        ("a false checkpoint", checkpoint, "the checkpoint that stands for the entries up to 3 is false"),
    ];
    for (what, by, told) in table {
        std::fs::copy(&kept, &untriggered).expect("can be copied");
        sqlite(&untriggered, by);
        let file = untriggered.display().to_string();
        let (status, said) = verify(&["--records", &file, "--key", &key]).await;
        assert_eq!((status, said.lines().count()), (Some(1), 1), "{what}: {said}");
        assert!(said.contains(told), "{what}: {said}");
        std::fs::remove_file(&untriggered).expect("is there");
    }
    let other = "0".repeat(64);
    let (status, said) = verify(&["--key", &other]).await;
    assert!(status == Some(1) && said.contains("line 1 of the anchor is false: it isn't signed by the service's key"), "{said}");
    let (status, said) = verify(&["--key", "mine"]).await;
    assert!(status == Some(2) && said.contains("--key: found \"mine\"; allowed: 64 hexadecimal digits"), "{said}");
}

/// Without an anchor outside, whoever has the machine can cut the end off: so the anchor is what finds it.
#[tokio::test]
async fn a_cut_end_is_found_by_the_anchor_and_by_nothing_else() {
    let (machine, anchor, key) = audited().await;
    let records = machine.file("records.db");
    let triggers = sqlite(&records, "SELECT group_concat('DROP TRIGGER ' || name, ';') FROM sqlite_master WHERE type = 'trigger'");
    sqlite(&records, &triggers);
    sqlite(&records, "DELETE FROM audit WHERE id > 3; UPDATE audit_state SET last = 3, head = (SELECT hash FROM audit WHERE id = 3)");
    let (status, said) = machine.run(&["audit", "verify", "--key", &key]).await;
    assert!(status == Some(0) && said.contains("Without --anchor: whether its end was cut off"), "the control: {said}");
    let (status, said) = machine.run(&["audit", "verify", "--key", &key, "--anchor", &anchor]).await;
    assert!(status == Some(1) && said.contains("isn't there: the end was cut off after entry 3"), "{said}");
    std::fs::write(&anchor, "").expect("is ours");
    let (status, said) = machine.run(&["audit", "verify", "--key", &key, "--anchor", &anchor]).await;
    assert!(status == Some(1) && said.contains("the anchor knows nothing of this audit"), "{said}");
}
