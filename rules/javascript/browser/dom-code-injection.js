const text = location.hash.slice(1);
// ruleid: javascript.browser.dom-code-injection
eval(text);
// ruleid: javascript.browser.dom-code-injection
const act = new Function("a", "return " + text);
// ok: javascript.browser.dom-code-injection
const data = JSON.parse(decodeURIComponent(text));
// ok: javascript.browser.dom-code-injection
eval("1 + 1");
// ok: javascript.browser.dom-code-injection
setTimeout(() => show(text), 10);

window.addEventListener("message", function (event) {
  // ruleid: javascript.browser.dom-code-injection
  eval(event.data);
});
