function show(link) {
  // ruleid: javascript.browser.opener-access
  window.open(link, "_blank", "noopener");
  // ruleid: javascript.browser.opener-access
  window.open("https://example.org/" + link, "_blank", "noopener");
  // ruleid: javascript.browser.opener-access
  window.open(link.href, "_blank", "noopener");
  // ok: javascript.browser.opener-access
  window.open(link, "_blank", "noopener");
  // ok: javascript.browser.opener-access
  window.open("/help", "_blank");
  // ok: javascript.browser.opener-access
  window.open(link, "_self");
}
