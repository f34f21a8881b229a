const box = document.getElementById("box");
// ruleid: javascript.browser.markup-from-location
box.innerHTML = "<b>" + location.hash + "</b>";
// ruleid: javascript.browser.markup-from-location
document.write(decodeURIComponent(location.search));
// ruleid: javascript.browser.markup-from-location
box.innerHTML = window.location.hash.slice(1);
// ok: javascript.browser.markup-from-location
box.textContent = location.hash;
// ok: javascript.browser.markup-from-location
box.innerHTML = "<b>fixed</b>";
// ok: javascript.browser.markup-from-location
box.title = location.search;
