function keep(answer) {
  // ruleid: javascript.browser.token-in-local-storage
  localStorage.setItem("token", answer.token);
  // ruleid: javascript.browser.token-in-local-storage
  window.localStorage.setItem("access_token", answer.token);
  // ruleid: javascript.browser.token-in-local-storage
  sessionStorage.setItem("password", answer.word);
  // ok: javascript.browser.token-in-local-storage
  localStorage.setItem("theme", answer.theme);
  // ok: javascript.browser.token-in-local-storage
  localStorage.setItem("tokenized", answer.text);
  // ok: javascript.browser.token-in-local-storage
  cache.setItem("token", answer.token);
}
