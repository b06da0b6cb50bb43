//! Still pictures, where the line bears the voice and little more.

use sidelight_e2e::browser::Browser;
use sidelight_e2e::driver::Kind;
use sidelight_e2e::phone::Way;
use sidelight_e2e::words::say;
use sidelight_e2e::world::World;
use std::time::Duration;

/// Milliseconds from the press until the other side sees no picture any more.
const PROMISED: f64 = 1000.0;

/// From here on this page says that its network bears still pictures at the most, and counts what goes by its channel.
const ASKS_FOR_STILLS: &str = r#"() => {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function (text) {
    return send.call(this, text.replace('"most":"large"', '"most":"stills"'));
  };
  window.__channel = 0;
  const pieces = RTCDataChannel.prototype.send;
  RTCDataChannel.prototype.send = function (piece) {
    window.__channel += piece.byteLength;
    return pieces.call(this, piece);
  };
}"#;

/// The still picture that is to be seen, if there is one and it is a picture.
const SEEN: &str = "() => { const one = document.querySelector('#still, img.still');
  return one && one.getClientRects().length && one.naturalWidth > 0 && one.alt ? one.src : null; }";

/// Notes when there is no still picture any more, neither seen nor in the page.
const NOTES_WHEN_GONE: &str = "() => {
  window.__gone = null;
  const look = () => { if (window.__gone === null && !document.querySelector('img[src^=data]')) window.__gone = performance.timeOrigin + performance.now(); };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
  look();
}";

/// Bytes of what the page said and heard over its socket until now.
fn by_the_socket(browser: &Browser) -> usize {
    let journal = browser.journal();
    journal.of("sent").iter().chain(&journal.of("received")).map(|event| event.text("text").len()).sum()
}

/// The press of this button takes the picture from the other page at once, and it doesn't come back.
async fn goes_with_the_camera(sender: &Browser, button: &str, receiver: &Browser) {
    receiver.ask::<()>(NOTES_WHEN_GONE).await;
    // The control: as long as the camera is on it is there, one after the other.
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(receiver.ask::<Option<f64>>("() => window.__gone").await.is_none(), "{}: it stays while the camera is on", receiver.name);
    sender.press(button).await;
    let gone = receiver.until("the end of the picture", "() => window.__gone").await.as_f64().unwrap_or(f64::NAN);
    let press = sender.journal().of("press").into_iter().rev().find(|press| press.text("on").contains(button)).expect("it was pressed");
    let took = gone - press.at;
    println!("camera off: gone at the {} after {took:.0} ms", receiver.name);
    assert!((-5.0..=PROMISED).contains(&took), "{took:.0} ms");
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert!(receiver.ask::<Option<String>>(SEEN).await.is_none(), "{}: it came back", receiver.name);
}

async fn a_still_picture(kind: Kind) {
    let world = World::alone().await;
    let desk = world.desk(Kind::Chromium).await;
    let phone = world.phone(kind).await;
    let link = desk.plan().await;
    phone.come_to_the_door(&link, Way::Video).await;
    desk.ask::<()>(ASKS_FOR_STILLS).await;
    phone.ask::<()>(ASKS_FOR_STILLS).await;
    desk.lets_in_and_starts().await;
    let first = desk.until("a still picture", SEEN).await;
    phone.until("a still picture", SEEN).await;
    desk.sees(say("desk.talk.picture_still")).await;
    phone.sees(say("say.call.picture_still")).await;
    desk.did_nothing_wrong().await;
    phone.did_nothing_wrong().await;

    let before = [by_the_socket(&desk), by_the_socket(&phone)];
    let channel = phone.ask::<usize>("() => window.__channel").await;
    desk.until("another one", &format!("() => {{ const now = ({SEEN})(); return now && now !== {first}; }}")).await;
    let (sound, moving) = desk.arrives_in(Duration::from_secs(6)).await;
    assert!(sound > 20, "the voice goes on: {sound} packets");
    assert_eq!(moving, 0, "no picture moves beside it");
    let channelled = phone.ask::<usize>("() => window.__channel").await - channel;
    assert!(channelled > 500, "the control: pictures went by the connection: {channelled} bytes");
    for (browser, before) in [(&*desk, before[0]), (&*phone, before[1])] {
        let socket = by_the_socket(browser) - before;
        println!("{}: {channelled} bytes of pictures by the channel, {socket} bytes by the socket", browser.name);
        assert!(socket < channelled / 2, "{}: {socket} bytes by the socket", browser.name);
        assert!(browser.journal().sent().iter().all(|message| !message.to_string().contains("data:image")));
    }

    goes_with_the_camera(&phone, say("say.bar.camera_off"), &desk).await;
    goes_with_the_camera(&desk, say("desk.talk.camera_stop"), &phone).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_still_picture_comes_beside_the_voice_never_by_the_service_and_goes_with_the_camera_in_chromium() {
    a_still_picture(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_still_picture_comes_beside_the_voice_never_by_the_service_and_goes_with_the_camera_in_firefox() {
    a_still_picture(Kind::Firefox).await;
}
