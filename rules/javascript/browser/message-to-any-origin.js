// ruleid: javascript.browser.message-to-any-origin
parent.postMessage(data, "*");
// ruleid: javascript.browser.message-to-any-origin
window.opener.postMessage({ a: 1 }, "*");
// ruleid: javascript.browser.message-to-any-origin
frame.contentWindow.postMessage(data, "*", []);
// ok: javascript.browser.message-to-any-origin
parent.postMessage(data, "https://example.com");
// ok: javascript.browser.message-to-any-origin
worker.postMessage(data);
// ok: javascript.browser.message-to-any-origin
print(data, "*");
