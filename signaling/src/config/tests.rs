use super::*;
use sidelight_room::keeping::{Category, Installed};

fn read(file: Option<&str>, environment: &[(&str, &str)], flags: Flags) -> Result<Config, Wrong> {
    let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let Some(text) = file else { return Config::read(&flags, environment) };
    let path = std::env::temp_dir().join(format!("sidelight-config-{}-{:x}.toml", std::process::id(), md5ish(text)));
    std::fs::write(&path, text).unwrap();
    let config = Config::read(&Flags { config: Some(path.clone()), ..flags }, environment);
    std::fs::remove_file(&path).unwrap();
    config.map_err(|wrong| Wrong(wrong.0.replace(&path.display().to_string(), "FILE")))
}

fn md5ish(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn wrong(file: Option<&str>, environment: &[(&str, &str)]) -> String {
    match read(file, environment, Flags::default()) {
        Ok(_) => panic!("it was taken"),
        Err(Wrong(line)) => line,
    }
}

#[test]
fn the_default_is_complete_and_every_key_has_its_explanation() {
    let config = read(None, &[], Flags::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(config.web.listen.to_string(), "127.0.0.1:8080");
    assert_eq!((config.relay.udp_port, config.relay.tcp_port), (3478, 3478));
    assert_eq!(config.pages.neutral_page, "https://www.bbc.co.uk/weather");
    let hour = Duration::from_secs(3600);
    assert!((config.pages.calendar_title.as_str(), config.pages.time_zone.as_deref()) == ("Call", None));
    // The default of the file is that of the table.
    assert_eq!((config.retention.installed, config.retention.sweep), (Installed::default(), hour / 6));
    assert!(config.pages.number.is_none() && config.certificate.is_none() && config.web.public_url.is_none());
    // Without any one of its keys, the default is refused, naming that key: so none is missing.
    let lines: Vec<&str> = DEFAULT.lines().collect();
    let mut section = "";
    let mut keys = 0;
    for (number, line) in lines.iter().enumerate() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']');
        } else if let Some((key, _)) = line.split_once(" = ").filter(|_| !line.starts_with('#')) {
            keys += 1;
            let before = lines[number - 1];
            assert!(before.starts_with('#') || before.split_once(" = ").is_some(), "{section}.{key} isn't explained");
            let rest: Vec<&str> = lines.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, line)| *line).collect();
            let mut values = Values(BTreeMap::new());
            values.add_file(&rest.join("\n"), BUILT_IN, None).unwrap();
            let Err(Wrong(line)) = values.config(None) else { panic!("{section}.{key} isn't read") };
            assert!(line.starts_with(&format!("{section}.{key}: found nothing")), "{line}");
        }
    }
    assert_eq!(keys, 87);
}

#[test]
fn a_second_step_is_required_of_administrators_where_others_reach_the_service_unless_it_says_otherwise() {
    let required = |environment: &[(&str, &str)]| read(None, environment, Flags::default()).map(|config| config.second_factor);
    let (public, key) = (("SIDELIGHT_WEB__PUBLIC_URL", "https://call.example.org"), "SIDELIGHT_STAFF__SECOND_FACTOR");
    assert_eq!((required(&[]), required(&[public])), (Ok(RequiredOf::Nobody), Ok(RequiredOf::Administrators)));
    assert_eq!(required(&[public, (key, "nobody")]), Ok(RequiredOf::Nobody));
    assert_eq!(required(&[(key, "everybody")]), Ok(RequiredOf::Everybody));
    let (administrator, practitioner) = ([Role::Practitioner, Role::Administrator], [Role::Practitioner]);
    for (of, administrators, others) in
        [(RequiredOf::Nobody, false, false), (RequiredOf::Administrators, true, false), (RequiredOf::Everybody, true, true)]
    {
        assert_eq!((of.of(&administrator), of.of(&practitioner)), (administrators, others), "{of:?}");
    }
    assert!(wrong(None, &[(key, "somebody")]).starts_with("staff.second_factor: found \"somebody\""));
}

#[test]
fn flags_win_over_the_environment_and_that_over_the_file() {
    let file = "[web]\nlisten = \"127.0.0.1:1\"\n[relay]\nudp_port = 1\ntcp_port = 1\n[data]\ndirectory = \"a\"";
    let environment = [("SIDELIGHT_WEB__LISTEN", "127.0.0.1:2"), ("SIDELIGHT_RELAY__UDP_PORT", "2"), ("SIDELIGHT_E2E", "1"), ("PATH", "x")];
    let flags = Flags { listen: Some("127.0.0.1:3".into()), ..Flags::default() };
    let config = read(Some(file), &environment, flags).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(config.web.listen.port(), 3);
    assert_eq!((config.relay.udp_port, config.relay.tcp_port), (2, 1));
    assert_eq!(config.data, PathBuf::from("a"));
}

#[test]
fn titles_have_bounds_and_are_the_pages_own_unless_they_are_set() {
    let titles = |title: &str| {
        let read = read(Some(&format!("[pages]\ntitle = {title:?}\ndesk_title = {title:?}")), &[], Flags::default());
        read.map(|read| (read.pages.title, read.pages.desk_title)).map_err(|wrong| wrong.0)
    };
    assert_eq!(titles(""), Ok((None, None)));
    let longest = "é".repeat(40);
    for title in ["Appointments", longest.as_str()] {
        assert_eq!(titles(title), Ok((Some(title.into()), Some(title.into()))));
    }
    assert!(titles(&"é".repeat(41)).unwrap_err().starts_with("pages.title: found "));
}

#[test]
fn the_environment_gives_every_type() {
    let environment = [
        ("SIDELIGHT_RELAY__ADVERTISE", "[\"192.0.2.2\", \"call.example.org\"]"),
        ("SIDELIGHT_RELAY__ON_WEB_PORT", "true"),
        ("SIDELIGHT_WEB__TRUSTED_PROXIES", "[\"127.0.0.1\", \"2001:db8::/32\"]"),
        ("SIDELIGHT_PAGES__NUMBER", "01234 567890"),
        ("SIDELIGHT_RETENTION__CONTACT_HOURS", "720"),
        ("SIDELIGHT_WEB__PUBLIC_URL", "HTTPS://Call.Example.org:443/"),
    ];
    let config = read(None, &environment, Flags::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(config.relay.advertise, ["192.0.2.2", "call.example.org"]);
    assert!(config.relay.on_web_port);
    let trusts = |address: &str| config.web.proxies.include(address.parse().unwrap());
    assert!(trusts("127.0.0.1") && trusts("2001:db8::1") && !trusts("127.0.0.2"));
    assert_eq!(config.retention.installed.start(Category::Contact), 720);
    assert_eq!(config.pages.number.as_deref(), Some("01234 567890"));
    assert_eq!(config.web.public_url.as_deref(), Some("https://call.example.org"));
}

#[test]
fn keys_and_anchors_have_their_places() {
    let text =
        "[keys]\nmaster = \"credential:master.key\"\ncopy = \"/mnt/keys/k.db\"\n[audit]\nanchor = \"https://Log.example.org:8443/a?b\"";
    let config = read(Some(text), &[], Flags::default()).unwrap_or_else(|wrong| panic!("{wrong}"));
    assert_eq!(config.keys.master, MasterKey::Credential("master.key".into()));
    assert_eq!(config.keys.copy, Some("/mnt/keys/k.db".into()));
    let https = AnchorPlace::Https { host: "log.example.org".into(), port: 8443, path: "/a?b".into() };
    assert_eq!(config.audit.anchor, Some(https));
    assert_eq!(AnchorPlace::read("https://a"), Some(AnchorPlace::Https { host: "a".into(), port: 443, path: "/".into() }));
    assert_eq!(AnchorPlace::read("file:/x/y"), Some(AnchorPlace::File("/x/y".into())));
    assert_eq!(MasterKey::read("/etc/k"), Some(MasterKey::File("/etc/k".into())));
    assert_eq!(MasterKey::read(""), Some(MasterKey::InData));
}

#[test]
fn what_is_wrong_is_told_in_one_line_with_the_key_what_was_found_and_what_is_allowed() {
    let table = [
        ("[web]\nlisten = \"8080\"", "web.listen: found \"8080\" (in FILE); allowed: an address and a port, such as 127.0.0.1:8080"),
        ("[web]\nlisten = 8080", "web.listen: found 8080 (in FILE); allowed: an address and a port, such as 127.0.0.1:8080"),
        ("[web]\npublic_url = \"call.example.org\"", "web.public_url: found \"call.example.org\" (in FILE); allowed: https://HOST"),
        ("[web]\npublic_url = \"https://call.example.org/x\"", "web.public_url: found "),
        ("[web]\nassets = \"/no/such\"", "web.assets: found \"/no/such\" (in FILE); allowed: a folder that exists"),
        (
            "[web]\ntrusted_proxies = [\"10.1.2.3/8\"]",
            "web.trusted_proxies: found [\"10.1.2.3/8\"] (in FILE); allowed: a list of at most 32 addresses or networks",
        ),
        ("[web]\ntrusted_proxies = \"127.0.0.1\"", "web.trusted_proxies: found \"127.0.0.1\" (in FILE); allowed: a list of"),
        ("[tls]\nkey = \"/no/such\"", "tls.key: found \"/no/such\" (in FILE); allowed: a PEM file that exists"),
        ("[tls]\nkey = \"/dev/../etc/passwd\"", "tls.certificate: found \"\" (in the default); allowed: the certificate's file"),
        ("[tls]\ncertificate = \"/etc/passwd\"", "tls.key: found \"\" (in the default); allowed: the key's file"),
        ("[tls]\nacme = true", "web.public_url: found \"\" (in the default); allowed: https://NAME, since tls.acme"),
        (
            "[web]\npublic_url = \"https://192.0.2.2\"\n[tls]\nacme = true",
            "web.public_url: found \"https://192.0.2.2\" (in FILE); allowed: https://NAME",
        ),
        (
            "[tls]\nacme = true\ncertificate = \"/etc/passwd\"\nkey = \"/etc/passwd\"",
            "tls.acme: found true (in FILE); allowed: false, since tls.certificate",
        ),
        ("[tls]\nacme_email = \"me\"", "tls.acme_email: found \"me\" (in FILE); allowed: an email address"),
        (
            "[tls]\nacme_directory = \"http://x\"",
            "tls.acme_directory: found \"http://x\" (in FILE); allowed: an address that begins with https://",
        ),
        ("[relay]\nudp_port = 65536", "relay.udp_port: found 65536 (in FILE); allowed: a port from 0 to 65535"),
        ("[relay]\ntcp_port = \"-1\"", "relay.tcp_port: found \"-1\" (in FILE); allowed: a port from 0 to 65535"),
        ("[relay]\nadvertise = \"a b\"", "relay.advertise: found \"a b\" (in FILE); allowed: a list of at most 8 host names"),
        ("[relay]\nadvertise = [\"a b\"]", "relay.advertise: found [\"a b\"] (in FILE); allowed: a list of at most 8 host names"),
        ("[relay]\non_web_port = 1", "relay.on_web_port: found 1 (in FILE); allowed: true or false"),
        ("[relay]\nsecret = \"hunter2\"", "relay.secret: found a value of 7 characters (in FILE); allowed: at least 32 characters"),
        ("[pages]\nnumber = \"call us\"", "pages.number: found \"call us\" (in FILE); allowed: a telephone number"),
        (
            "[pages]\nneutral_page = \"javascript:alert(1)\"",
            "pages.neutral_page: found \"javascript:alert(1)\" (in FILE); allowed: an address",
        ),
        (
            "[pages]\nneutral_page = \"https://refuge.example.org\"",
            "pages.neutral_page: found \"https://refuge.example.org\" (in FILE); allowed: words that tell a bystander nothing, so not \"refuge\"",
        ),
        (
            "[pages]\ntitle = \"Your safety call\"",
            "pages.title: found \"Your safety call\" (in FILE); allowed: words that tell a bystander nothing, so not \"safe\"",
        ),
        ("[pages]\ntitle = \"Sidelight\"", "pages.title: found \"Sidelight\" (in FILE); allowed: words that tell a bystander nothing"),
        ("[pages]\ndesk_title = \"Crisis team\"", "pages.desk_title: found \"Crisis team\" (in FILE); allowed: words that tell"),
        ("[pages]\ncalendar_title = \"Crisis call\"", "pages.calendar_title: found \"Crisis call\" (in FILE); allowed: words that tell"),
        ("[pages]\ntime_zone = \"Europe/Nowhere\"", "pages.time_zone: found \"Europe/Nowhere\" (in FILE); allowed: a zone of the IANA"),
        ("[pages]\ndesk_title = \" \"", "pages.desk_title: found \" \" (in FILE); allowed: 1 to 40 characters"),
        ("[pages]\ntitle = \"a\\tb\"", "pages.title: found "),
        ("[pages]\ntitle = 5", "pages.title: found 5 (in FILE); allowed: 1 to 40 characters"),
        ("[pages]\nneutral_page = \"https://x/\\\"\"", "pages.neutral_page: found "),
        ("[data]\ndirectory = \"\"", "data.directory: found \"\" (in FILE); allowed: a folder"),
        ("[keys]\nmaster = \"master.key\"", "keys.master: found \"master.key\" (in FILE); allowed: an absolute path, credential:NAME"),
        ("[keys]\nmaster = \"credential:../x\"", "keys.master: found "),
        (
            "[keys]\ncopy = \"keys.db\"",
            "keys.copy: found \"keys.db\" (in FILE); allowed: an absolute path of a file outside of data.directory",
        ),
        ("[keys]\ncopy = \"/a/b/keys.db\"\n[data]\ndirectory = \"/a\"", "keys.copy: found \"/a/b/keys.db\" (in FILE); allowed: "),
        ("[case_system]\nurl = \"http://example.org\"", "case_system.url: found "),
        ("[case_system]\nurl = \"syslog\"", "case_system.url: found "),
        ("[case_system]\nurl = \"https://a/\"", "case_system.secret: found a value of 0 characters"),
        (
            "[case_system]\nsecret = \"hunter2\"",
            "case_system.secret: found a value of 7 characters (in FILE); allowed: at least 32 characters",
        ),
        ("[audit]\nanchor = \"file:x\"", "audit.anchor: found \"file:x\" (in FILE); allowed: file:/PATH, syslog, https://HOST/PATH"),
        ("[audit]\nanchor = \"http://example.org\"", "audit.anchor: found "),
        ("[audit]\nanchor = \"https://a:0/\"", "audit.anchor: found "),
        ("[audit]\nanchor_root = \"/no/such\"", "audit.anchor_root: found \"/no/such\" (in FILE); allowed: a PEM file that exists"),
        ("[retention]\ncontact_hours = 0", "retention.contact_hours: found 0 (in FILE); allowed: a number from 1 to 720"),
        ("[retention]\ncontact_hours = -1", "retention.contact_hours: found -1 (in FILE); allowed: a number from 1 to 720"),
        ("[retention]\ncontact_hours = \"1 day\"", "retention.contact_hours: found \"1 day\" (in FILE); allowed: a number from 1 to 720"),
        ("[retention]\nunhandled_days = 31", "retention.unhandled_days: found 31 (in FILE); allowed: a number from 1 to 30"),
        ("[retention]\nplan_bounds = \"90\"", "retention.plan_bounds: found \"90\" (in FILE); allowed: \"LEAST to MOST\", within 1 to 730"),
        (
            "[retention]\nplan_bounds = \"0 to 90\"",
            "retention.plan_bounds: found \"0 to 90\" (in FILE); allowed: \"LEAST to MOST\", within 1 to 730",
        ),
        (
            "[retention]\nplan_bounds = \"9 to 8\"",
            "retention.plan_bounds: found \"9 to 8\" (in FILE); allowed: \"LEAST to MOST\", within 1 to 730",
        ),
        ("[retention]\nplan_bounds = \"1 to 60\"", "retention.plan_days: found 90 (in the default); allowed: a number from 1 to 60"),
        ("[retention]\nsweep_seconds = 3601", "retention.sweep_seconds: found 3601 (in FILE); allowed: a number from 1 to 3600"),
        ("[log]\nlevel = \"loud\"", "log.level: found \"loud\" (in FILE); allowed: \"error\""),
        (
            "[web]\nlisen = \"x\"",
            "web.lisen: found in FILE, but there is no such key; allowed: audit.anchor, audit.anchor_root, case_system.root",
        ),
        ("[wbe]\nlisten = \"x\"", "wbe: found in FILE, but there is no such key; allowed: audit.anchor"),
        ("listen = \"x\"", "listen: found in FILE, but there is no such key; allowed: audit.anchor"),
        ("[\"a\\nb\"]\nx = 1", "a\\nb: found in FILE, but there is no such key; allowed: audit.anchor"),
        ("[web]\n\nlisten = ", "FILE, line 3: found what isn't TOML"),
    ];
    for (file, begins) in table {
        let line = wrong(Some(file), &[]);
        assert!(line.starts_with(begins), "{file:?} gave: {line}");
        assert!(!line.contains('\n') && line.contains("allowed: "), "{line}");
    }
    let line = wrong(None, &[("SIDELIGHT_WEB__PORT", "1")]);
    assert!(line.starts_with("web.port: found in SIDELIGHT_WEB__PORT, but there is no such key; allowed: "), "{line}");
    let line = wrong(None, &[("SIDELIGHT_RELAY__UDP_PORT", "many")]);
    assert_eq!(line, "relay.udp_port: found \"many\" (in SIDELIGHT_RELAY__UDP_PORT); allowed: a port from 0 to 65535");
}

#[test]
fn on_a_local_network_it_serves_on_the_machines_own_address_unless_told_otherwise() {
    let own = Ipv4Addr::new(192, 0, 2, 2);
    let lan = |file: &str| read(Some(file), &[], Flags { lan: Some(own), ..Flags::default() });
    let listens = |file: &str| lan(file).unwrap_or_else(|wrong| panic!("{wrong}")).web.listen.to_string();
    assert_eq!(listens(""), "192.0.2.2:8443");
    assert_eq!(listens("[web]\nlisten = \"192.0.2.3:443\""), "192.0.2.3:443");
    assert!(matches!(lan("").map(|config| config.certificate), Ok(Some(Certificate::SelfSigned))));
    for (file, begins) in [
        ("[web]\nlisten = \"127.0.0.1:8080\"", "web.listen: found \"127.0.0.1:8080\" (in FILE); allowed: an address of this machine on"),
        ("[web]\nlisten = \"0.0.0.0:8080\"", "web.listen: found "),
        (
            "[web]\npublic_url = \"https://call.example.org\"",
            "web.public_url: found \"https://call.example.org\" (in FILE); allowed: nothing, with --lan",
        ),
        ("[tls]\nkey = \"/etc/passwd\"", "tls.key: found \"/etc/passwd\" (in FILE); allowed: nothing, with --lan"),
        ("[tls]\nacme = true", "tls.acme: found true (in FILE); allowed: false, with --lan"),
    ] {
        let Err(Wrong(line)) = lan(file) else { panic!("{file} was taken") };
        assert!(line.starts_with(begins), "{line}");
    }
}

const NOTIFY: &str = "[sending]\ntext = \"notify\"\nnotify_text_template = \"f33517ff-2a88-4f6e-b855-c550268ce08a\"\n";

#[test]
fn a_way_of_sending_names_what_it_lacks_and_none_is_on_by_itself() {
    let none = read(None, &[], Flags::default()).unwrap_or_else(|wrong| panic!("{wrong}")).sending;
    assert!(none.text.is_none() && none.email.is_none() && none.prefix.is_empty());
    let cases = [
        ("[sending]\ntext = \"notify\"", "sending.notify_key"),
        ("[sending]\ntext = \"webhook\"", "sending.webhook_url"),
        ("[sending]\ntext = \"webhook\"\nwebhook_url = \"https://gateway.example.org\"", "sending.webhook_key"),
        ("[sending]\nwebhook_url = \"http://gateway.example.org\"", "sending.webhook_url"),
        ("[sending]\nwebhook_key = \"short\"", "sending.webhook_key"),
        ("[sending]\nemail = \"smtp\"", "sending.smtp_server"),
        ("[sending]\nemail = \"smtp\"\nsmtp_server = \"mail.example.org:587\"", "sending.from"),
        ("[sending]\nemail = \"smtp\"\nsmtp_server = \"mail.example.org:587\"\nsmtp_user = \"sam\"", "sending.smtp_password"),
        ("[sending]\nemail = \"webhook\"", "sending.email"),
        ("[sending]\nsmtp_tls = \"none\"", "sending.smtp_tls"),
        ("[sending]\nprefix = \"Women's refuge: \"", "sending.prefix"),
        ("[sending]\nprefix = \"It’s: \"", "sending.prefix"),
        ("[sending]\nfrom = \"police@example.org\"", "sending.from"),
        ("[sending]\nnotify_key = \"no key\"", "sending.notify_key"),
    ];
    for (file, key) in cases {
        assert!(wrong(Some(file), &[]).starts_with(&format!("{key}: found ")), "{file}");
    }
    assert!(read(Some("[sending]\nwebhook_url = \"http://127.0.0.1:9/m\""), &[], Flags::default()).is_ok());
}

#[test]
fn a_key_may_stand_in_a_file_that_is_its_owners_alone_and_is_never_repeated() {
    use secrecy::ExposeSecret;
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::temp_dir().join(format!("sidelight-notify-key-{}", std::process::id()));
    let key = "ours-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0";
    std::fs::write(&path, format!("{key}\n")).unwrap();
    let named = format!("file:{}", path.display());
    let file = format!("{NOTIFY}notify_key = {named:?}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
    let refused = wrong(Some(&file), &[]);
    assert!(refused.starts_with("sending.notify_key: found ") && !refused.contains("26785a09"), "{refused}");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
    let read_key = |file: &str| match read(Some(file), &[], Flags::default()).unwrap_or_else(|wrong| panic!("{wrong}")).sending.text {
        Some(TextBy::Notify(notify)) => notify.key.expose_secret().to_owned(),
        _ => panic!("Notify is named"),
    };
    assert_eq!(read_key(&file), key);
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read_key(&format!("{NOTIFY}notify_key = {key:?}")), key);
    assert_eq!(notify_ids(key), Some(("26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0")));
    let mangled = wrong(Some(&format!("{NOTIFY}notify_key = {:?}", &key[..70])), &[]);
    assert!(!mangled.contains("26785a09"), "{mangled}");
}

const WORK: &str =
    "[oidc]\nissuer = \"https://login.example.org/realms/c\"\nclient_id = \"sidelight\"\nclient_secret = \"not to be told\"\n";

#[test]
fn a_provider_of_work_accounts_names_what_it_lacks_and_what_would_let_strangers_in() {
    assert!(read(None, &[], Flags::default()).is_ok_and(|config| config.oidc.is_none()));
    let config = read(Some(WORK), &[], Flags::default()).unwrap_or_else(|wrong| panic!("{wrong}")).oidc;
    let oidc = config.unwrap_or_else(|| panic!("a provider is named"));
    assert_eq!((oidc.issuer.as_str(), oidc.address.path.as_str()), ("https://login.example.org/realms/c", "/realms/c"));
    assert!(oidc.rules.link.is_none() && !oidc.rules.new_people && oidc.lasts == 8 * 3600);
    let cases = [
        ("[oidc]\nissuer = \"http://login.example.org\"", "oidc.issuer"),
        ("[oidc]\nissuer = \"https://login.example.org/?a\"", "oidc.issuer"),
        ("[oidc]\nissuer = \"https://login.example.org\"", "oidc.client_id"),
        ("[oidc]\nissuer = \"https://login.example.org\"\nclient_id = \"a\"", "oidc.client_secret"),
        ("[oidc]\nclient_secret = \"short\"", "oidc.client_secret"),
        ("[oidc]\nclient_secret = \"file:/no/such\"", "oidc.client_secret"),
        ("[oidc]\nlabel = \"Women's refuge account\"", "oidc.label"),
        ("[oidc]\nscopes = \"profile\"", "oidc.scopes"),
        ("[oidc]\nalgorithms = [\"HS256\"]", "oidc.algorithms"),
        ("[oidc]\nalgorithms = [\"none\"]", "oidc.algorithms"),
        ("[oidc]\nalgorithms = []", "oidc.algorithms"),
        ("[oidc]\nlink_claim = \"email\"\nverified_claim = \"\"", "oidc.verified_claim"),
        ("[oidc]\nrequired_claims = [\"hd\"]", "oidc.required_claims"),
        ("[oidc]\nroles = [\"a=boss\"]", "oidc.roles"),
        ("[oidc]\nroles = [\"a=auditor\"]", "oidc.role_claims"),
        ("[oidc]\nfirst_role = \"administrator\"", "oidc.first_role"),
        ("[oidc]\npasswords = \"nobody\"", "oidc.passwords"),
        ("[oidc]\nhours = 13", "oidc.hours"),
        (&format!("{WORK}new_people = true"), "oidc.new_people"),
        (&format!("{WORK}new_people = true\nlink_claim = \"email\""), "oidc.new_people"),
        (
            &format!("{WORK}new_people = true\nlink_claim = \"email\"\nfirst_role = \"auditor\"")
                .replace("https://login.example.org/realms/c", "https://accounts.google.com"),
            "oidc.required_claims",
        ),
    ];
    for (file, key) in cases {
        assert!(wrong(Some(file), &[]).starts_with(&format!("{key}: found ")), "{file}: {}", wrong(Some(file), &[]));
    }
    let told = wrong(Some(&WORK.replace("not to be told", "no told")), &[]);
    assert!(told.contains("a value of 7 characters") && !told.contains("no told"), "{told}");
    let new = format!("{WORK}new_people = true\nlink_claim = \"email\"\nfirst_role = \"auditor\"\nrequired_claims = [\"hd=x.org\"]");
    assert!(read(Some(&new.replace("https://login.example.org/realms/c", "https://accounts.google.com")), &[], Flags::default()).is_ok());
}
