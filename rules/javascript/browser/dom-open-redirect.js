const next = new URLSearchParams(window.location.search).get("next");
// ruleid: javascript.browser.dom-open-redirect
window.location.href = next;
// ruleid: javascript.browser.dom-open-redirect
location.assign(next);
// ruleid: javascript.browser.dom-open-redirect
window.location = decodeURIComponent(location.hash.slice(1));
// ok: javascript.browser.dom-open-redirect
window.location.href = "/search?q=" + next;
// ok: javascript.browser.dom-open-redirect
window.location.href = "/home";
// ok: javascript.browser.dom-open-redirect
window.location.href = "https://example.com/" + next;
