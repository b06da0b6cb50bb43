//! A stolen sign-in of staff: whichever way it is ended, its socket is closed within a second and what it relays stops within two,
//! also where the thief answers no goodbye, or has left the page and kept the relay.

use reqwest::Method;
use serde_json::{Value, json};
use sidelight_e2e::coturn::Transport;
use sidelight_e2e::folder::Folder;
use sidelight_e2e::ports::free_port;
use sidelight_e2e::service::{Service, Settings};
use sidelight_e2e::talker::{Frame, Talker};
use sidelight_e2e::talks::{EMAIL, Talk, ask, sign_in};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::task::JoinHandle;

/// What is promised.
const CLOSED: Duration = Duration::from_secs(1);
const STOPPED: Duration = Duration::from_secs(2);

/// For how long it is watched whether anything still comes. Longer than what is promised.
const WATCHED: Duration = Duration::from_millis(3500);

/// Between two packets each way.
const PACE: Duration = Duration::from_millis(10);

/// How a sign-in ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    SignedOut,
    /// One by one, from another browser.
    EndedElsewhere,
    AllOthersEnded,
    Disabled,
    RoleTaken,
    /// The control: another sign-in of the same person ends.
    AnotherEnds,
}

/// How long after it the socket and the last packet came to their end; none: neither did.
struct Seen {
    closed: Option<Duration>,
    stopped: Option<Duration>,
}

/// Sends and receives without an end; when each packet came.
fn pump(mut talker: Talker, channel: u16) -> (Arc<Mutex<Vec<Instant>>>, JoinHandle<()>) {
    let came: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let noted = came.clone();
    let task = tokio::spawn(async move {
        let mut ticks = tokio::time::interval(PACE);
        loop {
            ticks.tick().await;
            talker.say(channel, b"a voice").await;
            while let Some(Frame::Channel(..)) = talker.next_within(Duration::from_millis(1)).await {
                noted.lock().expect("whole").push(Instant::now());
            }
        }
    });
    (came, task)
}

async fn end(end: End, service: &Service, settings: &Settings, stolen: &str) {
    let other = sign_in(service).await;
    match end {
        End::SignedOut => drop(ask(service, Method::POST, "/api/staff/sign-out", stolen, Value::Null).await),
        End::AnotherEnds => drop(ask(service, Method::POST, "/api/staff/sign-out", &other, Value::Null).await),
        End::AllOthersEnded => drop(ask(service, Method::DELETE, "/api/staff/sessions", &other, Value::Null).await),
        End::EndedElsewhere => {
            let listed: Value = ask(service, Method::GET, "/api/staff/sessions", &other, Value::Null).await.json().await.expect("JSON");
            let theirs = listed["sessions"].as_array().expect("a list").iter().find(|one| one["here"] == json!(false));
            let id = theirs.expect("it is listed")["id"].as_str().expect("has an id").to_owned();
            drop(ask(service, Method::DELETE, &format!("/api/staff/sessions/{id}"), &other, Value::Null).await);
        }
        End::Disabled => drop(settings.run(&["staff", "disable", "--email", EMAIL]).await),
        End::RoleTaken => drop(settings.run(&["staff", "roles", "--email", EMAIL, "--role", "administrator"]).await),
    }
}

/// Two people talk over the relay; then the practitioner's sign-in ends. `vanished`: their page was closed before, and the
/// relay kept.
async fn seen(how: End, transport: Transport, vanished: bool) -> Seen {
    let folder = Folder::new("stolen");
    let (udp, tcp) = (free_port(), free_port());
    let mut settings = Settings::new(folder.path(), "http://127.0.0.1:9/weather");
    settings.set("relay.udp_port", &udp.to_string()).set("relay.tcp_port", &tcp.to_string());
    let service = Service::start(&settings).await;
    let mut talk = Talk::start(&service).await;
    let here = |port| SocketAddr::from(([127, 0, 0, 1], port));
    let server = if transport == Transport::Udp { here(udp) } else { here(tcp) };
    let mut guest = Talker::new(here(udp), Transport::Udp, &talk.of_guest).await;
    let mut desk = Talker::new(server, transport, &talk.of_desk).await;
    let (guest_at, desk_at) = (guest.allocate().await.expect("opens"), desk.allocate().await.expect("opens"));
    assert_eq!((guest.bind(0x4001, desk_at).await, desk.bind(0x4002, guest_at).await), (Some(0), Some(0)));
    let ((to_guest, first), (to_desk, second)) = (pump(guest, 0x4001), pump(desk, 0x4002));
    if vanished {
        talk.desk_vanishes().await;
    }
    // It runs, both ways, now.
    let count = |came: &Mutex<Vec<Instant>>| came.lock().expect("whole").len();
    let (of_guest, of_desk, began) = (count(&to_guest), count(&to_desk), Instant::now());
    while count(&to_guest) < of_guest + 20 || count(&to_desk) < of_desk + 20 {
        assert!(began.elapsed() < Duration::from_secs(20), "{how:?}: the stream doesn't run");
        tokio::time::sleep(PACE).await;
    }

    let stolen = talk.cookie.clone();
    end(how, &service, &settings, &stolen).await;
    let ended = Instant::now();
    let closed = if vanished { None } else { tokio::time::timeout(WATCHED, talk.desk_hangs_up()).await.ok() };
    tokio::time::sleep(WATCHED.saturating_sub(ended.elapsed())).await;
    first.abort();
    second.abort();
    let last = [&to_guest, &to_desk].into_iter().filter_map(|came| came.lock().expect("whole").last().copied()).max();
    let last = last.expect("something came").saturating_duration_since(ended);
    // Whatever still came at the end of the watch never stopped.
    let stopped = (last + Duration::from_secs(1) < WATCHED).then_some(last);
    Seen { closed: closed.map(|at| at.saturating_duration_since(ended)), stopped }
}

#[tokio::test(flavor = "multi_thread")]
async fn whichever_way_a_stolen_sign_in_ends_its_socket_and_its_relayed_stream_end_with_it() {
    let ways = [End::SignedOut, End::EndedElsewhere, End::AllOthersEnded, End::Disabled, End::RoleTaken];
    for (how, transport) in ways.into_iter().zip([Transport::Udp, Transport::Tcp].into_iter().cycle()) {
        let Seen { closed, stopped } = seen(how, transport, false).await;
        println!("{how:?}, {transport:?}: closed after {closed:?}, the last packet after {stopped:?}");
        assert!(closed.is_some_and(|closed| closed < CLOSED), "{how:?}: {closed:?}");
        assert!(stopped.is_some_and(|stopped| stopped < STOPPED), "{how:?}: {stopped:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thief_who_has_closed_the_page_keeps_no_relay_either() {
    for how in [End::EndedElsewhere, End::Disabled] {
        let Seen { stopped, .. } = seen(how, Transport::Udp, true).await;
        println!("{how:?}, page closed before: the last packet after {stopped:?}");
        assert!(stopped.is_some_and(|stopped| stopped < STOPPED), "{how:?}: {stopped:?}");
    }
}

/// The control of both: what isn't ended goes on, socket and stream alike.
#[tokio::test(flavor = "multi_thread")]
async fn where_another_sign_in_ends_this_one_goes_on() {
    let Seen { closed, stopped } = seen(End::AnotherEnds, Transport::Udp, false).await;
    assert!(closed.is_none() && stopped.is_none(), "{closed:?}, {stopped:?}");
    let Seen { stopped, .. } = seen(End::AnotherEnds, Transport::Udp, true).await;
    assert!(stopped.is_none(), "{stopped:?}");
}
