//! The tools themselves: what the tests see of a page is really there.

use sidelight_e2e::browser::Browser;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::neutral::NeutralPage;

/// Two connections within one page, camera and microphone on, and back off.
const CALL_IN_ONE_PAGE: &str = r"async () => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const [a, b] = [new RTCPeerConnection(), new RTCPeerConnection()];
  a.onicecandidate = (event) => b.addIceCandidate(event.candidate);
  b.onicecandidate = (event) => a.addIceCandidate(event.candidate);
  stream.getTracks().forEach((track) => a.addTrack(track, stream));
  await a.setLocalDescription();
  await b.setRemoteDescription(a.localDescription);
  await b.setLocalDescription();
  await a.setRemoteDescription(b.localDescription);
  return stream.clone().getTracks().length;
}";

async fn a_test_sees_what_a_page_does(kind: Kind) {
    let page = NeutralPage::start().await;
    let browser = Browser::open("page", &Setup::new(kind, (360, 640))).await;
    browser.go(page.url()).await;
    browser.sees("Weather").await;
    assert!(!browser.shows("Rain").await);
    assert_eq!(browser.ask::<(u32, u32)>("() => [innerWidth, innerHeight]").await, (360, 640));

    assert_eq!(browser.ask::<u32>(CALL_IN_ONE_PAGE).await, 2);
    assert_eq!(browser.live_tracks().await, ["audio", "audio", "video", "video"], "clones count");
    browser
        .until("sound and picture", "async () => (await window.__test.media()).some((one) => one.audio_packets > 20 && one.frames > 5)")
        .await;
    let receiving = browser.media().await.into_iter().max_by_key(|one| one.frames).expect("two connections");
    assert_eq!(receiving.local.as_deref(), Some("host"), "no relay is used here: {receiving:?}");

    browser.ask::<()>("() => { console.error('control'); }").await;
    browser.reload().await;
    assert_eq!(browser.live_tracks().await, [""; 0]);
    assert_eq!(browser.journal().of("track").len(), 4, "the journal outlives the page");
    assert!(browser.journal().console().iter().any(|line| line == "Error: control"), "{:?}", browser.journal().console());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_sees_what_a_page_does_in_chromium() {
    a_test_sees_what_a_page_does(Kind::Chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_sees_what_a_page_does_in_firefox() {
    a_test_sees_what_a_page_does(Kind::Firefox).await;
}
