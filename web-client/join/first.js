// What can't wait for the rest of the page, in words that the oldest browser understands: taking the link out of the
// address before anybody reads it there, and "Leave this page" while nothing else has loaded yet.
(function () {
  "use strict";
  /** Presses of Shift further apart than this don't belong together. Longer: an ordinary typist leaves by accident. */
  var TOGETHER = 2000;
  var link = /** @type {HTMLAnchorElement} */ (document.getElementById("leave"));
  var left = false;
  var gone = false;

  // The link stays with this entry of the history only, so that a phone that throws the page away can start again.
  function takeLink() {
    if (location.hash.length < 2) return false;
    history.replaceState({ link: location.hash.slice(1) }, "", location.pathname);
    return true;
  }

  function leave() {
    // Pressed again because the neutral page is slow to come: only that is tried again.
    if (left) return location.replace(link.href);
    left = true;
    // Covered and silent first, and shown so: what takes a slow phone its time comes after the next picture.
    document.documentElement.className = "left";
    var sound = /** @type {HTMLMediaElement | null} */ (document.getElementById("sound"));
    if (sound) sound.pause();
    requestAnimationFrame(function () {
      setTimeout(go, 0);
    });
    // A page that nobody sees is drawn no more, but its camera must go out as soon.
    setTimeout(go, document.hidden ? 0 : 150);
    addEventListener("pagehide", go);
  }

  function go() {
    if (gone) return;
    gone = true;
    try {
      // The page, if it runs by now, stops camera and microphone, says goodbye to the service and forgets its place.
      document.dispatchEvent(new Event("leaving"));
    } catch (_) {}
    try {
      // If it doesn't, its place is given up here.
      var kept = localStorage.getItem("page");
      localStorage.removeItem("page");
      var place = /** @type {Record<string, string> | null} */ (JSON.parse(kept || "null"));
      if (place) navigator.sendBeacon("/api/leave", new Blob([JSON.stringify({ session: place.session, how: "exit" })], { type: "application/json" }));
    } catch (_) {}
    try {
      // Where the network is frozen this page may be loaded again before the neutral one comes: then it is a bare one.
      history.replaceState(null, "", location.pathname);
    } catch (_) {}
    location.replace(link.href);
  }

  takeLink();
  try {
    // Loaded again in quiet mode: dark from the first picture on.
    if (JSON.parse(localStorage.getItem("page") || "{}").quiet) document.documentElement.setAttribute("data-quiet", "");
  } catch (_) {}
  addEventListener("hashchange", function () {
    // Another link was opened in this tab.
    if (takeLink()) location.reload();
  });
  link.addEventListener("click", function (event) {
    event.preventDefault();
    leave();
  });
  // The middle button would open the neutral page beside this one, and this one would go on.
  link.addEventListener("mousedown", function (event) {
    if (event.button !== 1) return;
    event.preventDefault();
    leave();
  });
  // It looks and is spoken of as a button: so the space bar presses it.
  link.addEventListener("keydown", function (event) {
    if (event.key !== " ") return;
    event.preventDefault();
    leave();
  });

  var presses = 0;
  var last = 0;
  addEventListener("keydown", function (event) {
    if (event.key !== "Shift") presses = 0;
    else if (!event.repeat) {
      presses = event.timeStamp - last < TOGETHER ? presses + 1 : 1;
      last = event.timeStamp;
      if (presses === 3) leave();
    }
  });

  // Brought back from the browser's memory after leaving: gone again.
  addEventListener("pageshow", function (event) {
    if (left && event.persisted) location.replace(link.href);
  });
})();
