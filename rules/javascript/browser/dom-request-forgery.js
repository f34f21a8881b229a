function load(xhr) {
  const target = location.hash.slice(1);
  // ruleid: javascript.browser.dom-request-forgery
  fetch(target);
  // ruleid: javascript.browser.dom-request-forgery
  xhr.open("GET", target);
  // ruleid: javascript.browser.dom-request-forgery
  new WebSocket(target);
  // ok: javascript.browser.dom-request-forgery
  fetch("/api/notes");
  // ok: javascript.browser.dom-request-forgery
  fetch("/api/notes?q=" + encodeURIComponent(target));
  // ok: javascript.browser.dom-request-forgery
  notes.open(target);
}
