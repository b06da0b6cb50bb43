//! The browser's types, generated from the messages and compared with what is committed.

use crate::{audit::*, desk::*, guest::*, http::*, plan::*, rights::*, *};
use ts_rs::{Config, TS};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../web-client/parts/protocol.d.ts");

fn types() -> String {
    let config = Config::default();
    let mut out =
        String::from("// Generated from signaling/protocol by its tests. Don't edit: run `UPDATE=1 cargo test -p sidelight-protocol`.\n\n");
    macro_rules! export {
        ($($type:ty),+ $(,)?) => { $(
            out.push_str("export ");
            out.push_str(&<$type as TS>::decl(&config));
            out.push_str("\n\n");
        )+ };
    }
    export!(
        Answer,
        Company,
        Way,
        WhenHidden,
        Leaving,
        Devices,
        Rung,
        Seal,
        Signal,
        RelayAccess,
        Checked,
        CheckedConnection,
        CheckedMicrophone,
        CheckedCamera,
        CheckedSpeaker,
        Code,
        Bye,
        FromGuest,
        ToGuest,
        GuestView,
        GuestStage,
        Over,
        FromDesk,
        Act,
        ToDesk,
        Supervised,
        HandedAlarm,
        ContactView,
        ContactDetails,
        Held,
        Reason,
        Used,
        Matter,
        Open,
        Handover,
        OtherBrowser,
        Who,
        PersonView,
        PersonStage,
        Happening,
        What,
        Problem,
        Redeem,
        Redeemed,
        Leave,
        Role,
        FirstLink,
        FirstLinkFor,
        First,
        SignIn,
        SecondFactor,
        BeginSecondFactor,
        AuthenticatorSecret,
        QrCode,
        ConfirmSecondFactor,
        RecoveryCodes,
        EndSecondFactor,
        Me,
        StaffSessions,
        StaffSession,
        MySettings,
        NewContact,
        ContactMade,
        NewInvitation,
        HelpGoes,
        Listed,
        ListedContact,
        Channel,
        Early,
        SafeHours,
        SafetyPlan,
        Unsafe,
        Allowed,
        ChannelNow,
        Override,
        Person,
        People,
        Audited,
        AuditEntry,
        AuditEntries,
        AuditAnchor,
        AuditChain,
        Named,
        TeamContacts,
        TeamContact,
        ContactState,
        Members,
        ListedMember,
        InvitedMember,
        Team,
        Invite,
        GivenLink,
        ChangeMember,
        TeamName,
        TeamMade,
        ImportStaff,
        Imported,
        ImportedLine,
        ImportWrong,
        Usage,
        UsageMonth,
        RenewCodes,
    );
    out
}

#[test]
fn the_types_of_the_browser_are_those_of_the_service() {
    let types = types();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, &types).expect("writes the generated types");
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(committed == types, "web-client/parts/protocol.d.ts is out of date: run `UPDATE=1 cargo test -p sidelight-protocol`");
}

#[test]
fn an_unknown_field_is_refused() {
    for bad in [
        r#"{"type":"choose","way":"video","more":1}"#,
        r#"{"type":"fly"}"#,
        r#"{"type":"knock","more":1}"#,
        r#"{"type":"beat","more":1}"#,
        r#"{"type":"hello","protocol":1,"session":"s","tab":"t","tab":"u"}"#,
        r#"{"type":"signal","epoch":4294967296,"signal":{"kind":"offer","sdp":"","bound":""}}"#,
        r#"{"type":"signal","epoch":1,"signal":{"kind":"offer","sdp":"","bound":"","more":1}}"#,
    ] {
        assert!(serde_json::from_str::<FromGuest>(bad).is_err(), "{bad}");
    }
}
