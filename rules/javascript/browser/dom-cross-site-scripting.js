const box = document.getElementById("box");
const query = new URLSearchParams(window.location.search).get("q");
// ruleid: javascript.browser.dom-cross-site-scripting
box.innerHTML = "Results for " + query;
// ruleid: javascript.browser.dom-cross-site-scripting
document.write("<a href='" + document.referrer + "'>back</a>");
// ruleid: javascript.browser.dom-cross-site-scripting
box.insertAdjacentHTML("beforeend", decodeURIComponent(location.hash.slice(1)));
// ruleid: javascript.browser.dom-cross-site-scripting
$("#box").html(location.hash);
// ok: javascript.browser.dom-cross-site-scripting
box.textContent = query;
// ok: javascript.browser.dom-cross-site-scripting
box.innerHTML = DOMPurify.sanitize(query);
// ok: javascript.browser.dom-cross-site-scripting
box.innerHTML = "<b>fixed</b>";
// ok: javascript.browser.dom-cross-site-scripting
document.title = location.hash;

window.addEventListener("message", (event) => {
  // ruleid: javascript.browser.dom-cross-site-scripting
  box.innerHTML = event.data;
});
