//! `sidelight --lan`: two people talk on a local network, by a certificate that nobody knows and a link that a phone scanned.

use sidelight_e2e::desk::Desk;
use sidelight_e2e::driver::{Kind, Setup};
use sidelight_e2e::phone::Way;
use sidelight_e2e::ports::{free_port, own_address};
use sidelight_e2e::words::say;
use sidelight_e2e::world::{LAPTOP, PHONE, World};
use std::net::SocketAddr;

/// What a phone's camera reads on the desk's screen.
async fn scanned(desk: &Desk) -> Vec<String> {
    let picture = desk.picture().await;
    let mut decoder = png::Decoder::new(std::io::Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().expect("a picture");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let frame = reader.next_frame(&mut bytes).expect("a picture");
    let (width, channels) = (frame.width as usize, frame.color_type.samples());
    let bright = |x: usize, y: usize| bytes[(y * width + x) * channels];
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(width, frame.height as usize, bright);
    image.detect_grids().iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_on_the_same_network_scans_the_link_and_they_talk() {
    let address = SocketAddr::new(own_address(), free_port());
    let world = World::with(|settings| {
        settings.flag("--lan").set("web.listen", &address.to_string());
    })
    .await;
    let desk = world.desk_of(&Setup { any_certificate: true, ..Setup::new(Kind::Chromium, LAPTOP) }).await;
    let phone = world.phone_of(&Setup { any_certificate: true, ..Setup::new(Kind::Firefox, PHONE) }).await;
    let copied = desk.plan().await;
    assert_eq!(scanned(&desk).await, [""; 0], "nothing is shown by itself");
    desk.press(say("desk.qr")).await;
    desk.sees(say("desk.qr.ask")).await;
    desk.press(say("desk.qr.yes")).await;
    desk.sees(say("desk.qr.hint")).await;
    assert_eq!(scanned(&desk).await, [copied.as_str()]);
    desk.sees(say("desk.link.known")).await;
    desk.press(say("desk.qr.hide")).await;
    desk.sees_no_more(say("desk.qr.hint")).await;
    assert_eq!(scanned(&desk).await, [""; 0]);

    phone.come_to_the_door(&copied, Way::Video).await;
    desk.lets_in_and_starts().await;
    phone.receives(20, 5).await;
    desk.receives(20, 5).await;
    for message in phone.journal().received().iter().filter(|message| message["type"] == "relay") {
        let urls = message["access"]["urls"].to_string();
        assert!(urls.contains("turn:") && !urls.contains("turns:"), "phones take no relay by such a certificate: {urls}");
    }
}
