//! What goes over the wire: two browsers, each alone on a network of its own with one way out, to a router on which the service
//! runs and from which nothing leads further. Every packet of either is read. In none of them the other's address stands, as
//! text, as four bytes or as STUN hides it, and none goes there, though the router would carry it.
//!
//! The control: by a page of the test's own, without `iceTransportPolicy`, they call each other straight, and it is seen.

use serde_json::{Value, json};
use sidelight_e2e::browser::Browser;
use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::folder::Folder;
use sidelight_e2e::phone::{Phone, Way};
use sidelight_e2e::process::Program;
use sidelight_e2e::world::{LAPTOP, PHONE, World};
use std::collections::BTreeSet;
use std::io::Read;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::process::Command;

const SERVICE: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 1);

/// Either end, by its name.
const SIDES: [(&str, Ipv4Addr, Ipv4Addr); 2] = [
    ("desk", Ipv4Addr::new(10, 77, 1, 2), Ipv4Addr::new(10, 77, 1, 1)),
    ("phone", Ipv4Addr::new(10, 77, 2, 2), Ipv4Addr::new(10, 77, 2, 1)),
];

const HERE: &str = "in_browsers::captures::";

/// How long a side may take from the start of its browser to the end of its call.
const LONGEST: Duration = Duration::from_secs(150);

fn anew(name: &str, network: &str) -> Command {
    let me = std::env::current_exe().expect("a test binary has a path");
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    let mut command = Command::new("unshare");
    command.args(if root { &[][..] } else { &["--map-root-user"] });
    // Whatever is begun in there ends with it, browsers too.
    command.args(["--net", "--pid", "--fork", "--kill-child", "--mount-proc", "--", "sh", "-c"]);
    command.arg(format!("{network} && exec \"$0\" --exact {HERE}{name} --ignored --nocapture")).arg(me);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn no_packet_of_either_side_carries_the_others_address_or_goes_there() {
    let network = format!("ip link set lo up && ip address add {SERVICE}/32 dev lo && echo 1 >/proc/sys/net/ipv4/ip_forward");
    let mut program = Program::start("unshare", &mut anew("the_router", &network));
    let status = program.ended(2 * LONGEST).await;
    let lines = program.output().lines();
    assert!(status == Some(0) && lines.iter().any(|line| line.contains("1 passed")), "{}", lines.join("\n"));
    for line in lines.iter().filter(|line| line.starts_with("captures:")) {
        println!("{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "is run by the test above, in a network of its own"]
async fn the_router() {
    let routes = std::fs::read_to_string("/proc/net/route").expect("Linux tells its routes");
    assert!(!routes.lines().skip(1).any(|route| !route.starts_with("lo")), "there is a way out: {routes}");
    let certificate = Folder::new("tls");
    let world = World::with(|settings| {
        settings.set("web.listen", &format!("{SERVICE}:0")).set("relay.advertise", &format!("[\"{SERVICE}\"]"));
        settings.under_tls(certificate.path());
    })
    .await;
    let first = world.service.first_link().await;
    let relayed = both_sides("relayed", world.service.url(), &first).await;
    let straight = both_sides("straight", world.service.url(), &first).await;
    for (name, seen) in &relayed {
        println!(
            "captures: {name}, by the relay: {} packets of {}, {} bytes, {}",
            seen["packets"], seen["carried"], seen["bytes"], seen["found"]
        );
        assert!(seen["packets"].as_u64().is_some_and(|packets| packets > 300), "{name} has a call: {seen}");
        assert!(seen["packets"].as_u64() >= seen["carried"].as_u64(), "{name}: some packets weren't read: {seen}");
        assert_eq!(seen["found"], json!([]), "{name}");
    }
    for (name, seen) in &straight {
        println!("captures: {name}, the control: {} packets, {}", seen["packets"], seen["found"]);
        let found = seen["found"].as_array().expect("a list");
        for what in ["goes to it", "comes from it"] {
            assert!(found.contains(&json!(what)), "the control: {name} calls straight, and it is seen: {seen}");
        }
        assert!(found.len() > 2, "the control: {name}'s packets carry the other's address in what they say, too: {seen}");
    }
}

/// One call, and what each side's packets held.
async fn both_sides(how: &str, url: &str, first: &str) -> Vec<(&'static str, Value)> {
    let shared = Folder::new("shared");
    let mut programs = Vec::new();
    for (name, own, gateway) in SIDES {
        // Without IPv6: its address would come a second later, and Chromium breaks off what it loads when an address comes.
        let network = format!(
            "ip link set lo up && echo in a network of its own && until ip link show eth0 >/dev/null 2>&1; do sleep 0.05; done \
             && {{ echo 1 >/proc/sys/net/ipv6/conf/eth0/disable_ipv6 || true; }} && ip address add {own}/24 dev eth0 && ip link set eth0 up && ip route add default via {gateway}"
        );
        let mut command = anew("a_side", &network);
        command.env("CAPTURE_SIDE", name).env("CAPTURE_HOW", how).env("CAPTURE_SHARED", shared.path());
        command.env("CAPTURE_URL", url).env("CAPTURE_FIRST", first);
        let program = Program::start("unshare", &mut command);
        program
            .output()
            .wait_for("its network", Duration::from_secs(10), |line| line.contains("in a network of its own").then_some(()))
            .await;
        let device = format!("{}-{name}", &how[..2]);
        let wire = format!(
            "ip link add {device} type veth peer name eth0 netns {} && ip address add {gateway}/24 dev {device} && ip link set {device} up",
            program.id()
        );
        let laid = Command::new("sh").args(["-c", &wire]).status().await.expect("sh starts");
        assert!(laid.success(), "{wire}");
        programs.push((name, program));
    }
    let outputs: Vec<_> = programs.iter().map(|(name, program)| (*name, program.output().clone())).collect();
    let told =
        || outputs.iter().map(|(name, output)| format!("{how} {name}:\n{}", output.lines().join("\n"))).collect::<Vec<_>>().join("\n");
    let mut seen = Vec::new();
    for (name, mut program) in programs {
        let status = tokio::time::timeout(LONGEST, program.ended(2 * LONGEST)).await;
        assert_eq!(status.ok(), Some(Some(0)), "{name}\n{}", told());
        let report = std::fs::read_to_string(shared.path().join(format!("{name}.json"))).expect("each side reports");
        seen.push((name, serde_json::from_str(&report).expect("is JSON")));
    }
    seen
}

fn given(name: &str) -> String {
    std::env::var(format!("CAPTURE_{name}")).unwrap_or_else(|_| panic!("{name} is given by the router"))
}

/// What the two sides tell each other, in files: they have no other way that isn't looked at.
struct Shared(PathBuf);

impl Shared {
    fn put(&self, name: &str, text: &str) {
        let file = self.0.join(name);
        std::fs::write(file.with_extension("part"), text).expect("writes");
        std::fs::rename(file.with_extension("part"), file).expect("is there whole or not at all");
    }

    async fn get(&self, name: &str) -> String {
        let found = tokio::time::timeout(LONGEST, async {
            loop {
                if let Ok(text) = std::fs::read_to_string(self.0.join(name)) {
                    return text;
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        });
        found.await.unwrap_or_else(|_| panic!("{name} doesn't come"))
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "is run by the router, on each side"]
async fn a_side() {
    let (side, how, shared) = (given("SIDE"), given("HOW"), Shared(PathBuf::from(given("SHARED"))));
    let (other_name, other, _) = SIDES.into_iter().find(|(name, _, _)| *name != side).expect("there are two");
    let capture = Capture::of(other);
    let desk = side == "desk";
    let setup = Setup { any_certificate: true, ..if desk { Setup::new(Kind::Chromium, LAPTOP) } else { Setup::new(Kind::Firefox, PHONE) } };
    let url = given("URL");
    let browser = Browser::open(if desk { "desk" } else { "phone" }, &setup).await;
    match (how.as_str(), desk) {
        ("relayed", true) => {
            let desk = Desk::new(browser, &url);
            desk.use_first_link(&given("FIRST")).await;
            shared.put("link", &desk.plan().await);
            desk.lets_in_and_starts().await;
            desk.receives(100, 20).await;
            both_are_done(&shared, "desk", other_name).await;
        }
        ("relayed", false) => {
            let phone = Phone::new(browser);
            phone.come_to_the_door(&shared.get("link").await, Way::Video).await;
            phone.receives(100, 20).await;
            both_are_done(&shared, "phone", other_name).await;
        }
        (_, desk) => {
            calls_straight(&browser, &url, desk, &shared).await;
            both_are_done(&shared, &side, other_name).await;
        }
    }
    shared.put(&format!("{side}.json"), &capture.ends().to_string());
}

/// A browser stays until both have what they waited for.
async fn both_are_done(shared: &Shared, own: &str, other: &str) {
    shared.put(&format!("{own}-done"), "");
    shared.get(&format!("{other}-done")).await;
}

/// A call as any page could make one, with all candidates there are.
async fn calls_straight(browser: &Browser, url: &str, desk: bool, shared: &Shared) {
    const BEGIN: &str = "const media = await navigator.mediaDevices.getUserMedia({ audio: true });
        const call = window.straight = new RTCPeerConnection();
        for (const track of media.getTracks()) call.addTrack(track, media);";
    const DESCRIBE: &str = "await call.setLocalDescription();
        while (call.iceGatheringState !== 'complete') await new Promise((done) => setTimeout(done, 50));
        return call.localDescription.sdp;";
    browser.go(url).await;
    if desk {
        let offer: String = browser.ask(&format!("async () => {{ {BEGIN} {DESCRIBE} }}")).await;
        shared.put("offer", &offer);
        let answer = json!({ "type": "answer", "sdp": shared.get("answer").await });
        browser.ask::<Value>(&format!("async () => {{ await window.straight.setRemoteDescription({answer}); return 1; }}")).await;
    } else {
        let offer = json!({ "type": "offer", "sdp": shared.get("offer").await });
        let answer: String = browser.ask(&format!("async () => {{ {BEGIN} await call.setRemoteDescription({offer}); {DESCRIBE} }}")).await;
        shared.put("answer", &answer);
    }
    browser.until("a connection", "() => window.straight.connectionState === 'connected'").await;
}

/// Reads every packet of this side's network, until there are as many as its card has counted at the end.
struct Capture {
    until: Arc<AtomicU64>,
    /// What the card had counted before.
    before: u64,
    reader: std::thread::JoinHandle<Value>,
}

impl Capture {
    fn of(other: Ipv4Addr) -> Capture {
        use socket2::{Domain, Protocol, Socket, Type};
        /// All kinds of frames, in the order of bytes that the kernel wants here.
        const ALL: u16 = 0x0003_u16.to_be();
        let mut socket = Socket::new(Domain::PACKET, Type::RAW, Some(Protocol::from(i32::from(ALL)))).expect("root of this network");
        socket.set_read_timeout(Some(Duration::from_millis(100))).expect("sets");
        let _as_large_as_it_may_be = socket.set_recv_buffer_size(16 * 1024 * 1024);
        let before = carried();
        let until = Arc::new(AtomicU64::new(u64::MAX));
        let ends = until.clone();
        let reader = std::thread::spawn(move || {
            let (mut packets, mut bytes, mut found) = (0_u64, 0_u64, BTreeSet::new());
            let mut frame = vec![0; 65_536];
            while packets < ends.load(Ordering::SeqCst) {
                let length = match socket.read(&mut frame) {
                    Ok(length) => length,
                    // Nothing more comes.
                    Err(_) if ends.load(Ordering::SeqCst) < u64::MAX => break,
                    Err(_) => continue,
                };
                let frame = &frame[..length];
                // Loopback has no addresses of cards: the test and its browser talk to each other there.
                if frame.get(..12).is_none_or(|cards| *cards == [0; 12]) {
                    continue;
                }
                (packets, bytes) = (packets + 1, bytes + length as u64);
                found.extend(tells(frame, other));
            }
            json!({ "packets": packets, "bytes": bytes, "found": found })
        });
        Capture { until, before, reader }
    }

    fn ends(self) -> Value {
        let carried = carried() - self.before;
        self.until.store(carried, Ordering::SeqCst);
        let mut seen = self.reader.join().expect("the reader doesn't panic");
        seen["carried"] = json!(carried);
        seen
    }
}

/// How many packets this side's card has counted, in and out.
fn carried() -> u64 {
    let cards = std::fs::read_to_string("/proc/thread-self/net/dev").expect("Linux counts");
    let card = cards.lines().find_map(|line| line.trim().strip_prefix("eth0:")).expect("there is a card");
    let counts: Vec<u64> = card.split_whitespace().map(|count| count.parse().unwrap_or_default()).collect();
    counts[1] + counts[9]
}

/// Where the address is in a frame of Ethernet.
fn tells(frame: &[u8], address: Ipv4Addr) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let octets = address.octets();
    let holds = |part: &[u8], what: &[u8]| part.windows(what.len()).any(|window| window == what);
    if holds(frame, address.to_string().as_bytes()) {
        found.insert("as text");
    }
    let (Some([8, 0]), Some(packet)) = (frame.get(12..14), frame.get(14..)) else { return found };
    if packet.get(16..20) == Some(&octets) {
        found.insert("goes to it");
    }
    if packet.get(12..16) == Some(&octets) {
        found.insert("comes from it");
    }
    let header = usize::from(packet.first().unwrap_or(&0) & 15) * 4;
    let said = packet.get(header..).unwrap_or_default();
    let clear = match packet.get(9) {
        Some(17) => in_the_clear(said.get(8..).unwrap_or_default()),
        _ => said,
    };
    if holds(clear, &octets) {
        found.insert("as four bytes");
    }
    let hidden: Vec<u8> = octets.iter().zip([0x21, 0x12, 0xA4, 0x42]).map(|(byte, cookie)| byte ^ cookie).collect();
    if holds(clear, &hidden) {
        found.insert("as STUN hides it");
    }
    found
}

/// Of a datagram what isn't encrypted: of RTP its head, also where the relay's frame is around it. In the rest any four bytes
/// turn up sooner or later.
fn in_the_clear(datagram: &[u8]) -> &[u8] {
    let inner = match datagram.first() {
        Some(0x40..=0x7F) => datagram.get(4..).unwrap_or_default(),
        _ => datagram,
    };
    match inner.first() {
        Some(0x80..=0xBF) => &datagram[..datagram.len().min(4 + 28)],
        _ => datagram,
    }
}

#[test]
fn an_address_in_a_packet_is_found_wherever_it_stands() {
    let address = Ipv4Addr::new(10, 77, 2, 2);
    let frame = |from: [u8; 4], to: [u8; 4], datagram: &[u8]| {
        let ip = [&[0x45, 0, 0, 0, 0, 0, 0, 0, 64, 17, 0, 0][..], &from, &to].concat();
        [&[1; 12][..], &[8, 0], &ip, &[0; 8], datagram].concat()
    };
    let (a, b) = ([10, 77, 1, 2], [10, 77, 0, 1]);
    let of = |frame: Vec<u8>| tells(&frame, address).into_iter().collect::<Vec<_>>();
    assert_eq!(of(frame(a, b, b"hello")), [""; 0]);
    assert_eq!(of(frame(a, [10, 77, 2, 2], b"")), ["goes to it"]);
    assert_eq!(of(frame([10, 77, 2, 2], b, b"")), ["comes from it"]);
    assert_eq!(of(frame(a, b, b"c=IN IP4 10.77.2.2")), ["as text"]);
    assert_eq!(of(frame(a, b, &[0, 1, 10, 77, 2, 2])), ["as four bytes"]);
    assert_eq!(of(frame(a, b, &[0x40, 0, 0, 8, 0, 1, 10 ^ 0x21, 77 ^ 0x12, 2 ^ 0xA4, 2 ^ 0x42])), ["as STUN hides it"]);
    assert_eq!(of(frame(a, b, &[&[0x80; 40][..], &[10, 77, 2, 2]].concat())), [""; 0], "what is encrypted tells nothing");
}
