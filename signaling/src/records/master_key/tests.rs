use super::super::Records;
use super::super::tests::{Folder, details};
use super::*;
use crate::config;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

fn allow(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_master_key_that_others_may_read_is_refused() {
    let folder = Folder::new();
    folder.records().await.close().await;
    let key = folder.0.join("master.key");
    for mode in [0o644, 0o640, 0o604, 0o620, 0o601] {
        allow(&key, mode);
        let refused = Records::open(&folder.0).await.err();
        assert!(matches!(&refused, Some(RecordsError::OpenMasterKey(_, found)) if *found == mode), "{mode:o}: {refused:?}");
        assert_eq!(
            refused.map(|error| error.to_string()),
            Some(format!("the master key ({}) has mode {mode:04o}: it must be its owner's alone (chmod 600)", key.display()))
        );
    }
    for mode in [0o400, 0o600] {
        allow(&key, mode);
        folder.records().await.close().await;
    }
}

/// systemd gives the user of a service the right to read it by an access list, whose mask stands where the group's rights stand.
#[test]
fn a_credential_may_show_an_access_list_and_nothing_more_and_is_never_made() {
    let folder = Folder::new();
    fs::create_dir(&folder.0).unwrap();
    let holder = |name: &str, is_credential| Holder { path: folder.0.join(name), is_credential };
    let made = holder("key", false).make().unwrap();
    for (mode, taken) in [(0o400, true), (0o440, true), (0o444, false), (0o460, false), (0o404, false)] {
        allow(&folder.0.join("key"), mode);
        assert_eq!(holder("key", true).read().is_ok(), taken, "{mode:o}");
    }
    allow(&folder.0.join("key"), 0o400);
    assert!(holder("key", true).read().unwrap().unwrap().bytes() == made.bytes());
    assert!(matches!(holder("none", true).make(), Err(RecordsError::NoMasterKey(_))));
    assert!(holder("key", true).make_next().is_err() && !folder.0.join("none").exists());
}

#[tokio::test]
async fn the_master_key_may_be_kept_elsewhere_and_then_nothing_in_the_data_folder_opens_it() {
    let folder = Folder::new();
    let safe = Folder::new();
    fs::create_dir(&safe.0).unwrap();
    let keys = config::Keys { master: MasterKey::File(safe.0.join("key")), copy: None };
    let records = Records::open_with(&folder.0, &keys).await.unwrap();
    let id = records.new_contact("owner", &details("x"), 1).await.unwrap();
    records.close().await;
    assert!(!folder.0.join("master.key").exists());
    assert!(matches!(Records::open(&folder.0).await, Err(RecordsError::NoMasterKey(_))), "without it");
    let records = Records::open_with(&folder.0, &keys).await.unwrap();
    assert!(records.contact(&id).await.unwrap().is_some());
    fs::remove_file(safe.0.join("key")).unwrap();
    assert!(matches!(Records::open_with(&folder.0, &keys).await, Err(RecordsError::NoMasterKey(_))));
    assert!(!safe.0.join("key").exists(), "a new key was made over records that it can't read");
}
