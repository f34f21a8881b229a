"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const ROW = 54;
  const SVG = "http://www.w3.org/2000/svg";
  const SEVERITIES = ["critical", "high", "medium", "low", "info", "unknown"];
  const ORDER = { critical: 0, high: 1, unknown: 2, medium: 3, low: 4, info: 5 };
  const byId = (id) => document.getElementById(id);

  // Direction overrides and control characters would make text look like other text.
  const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;
  const safe = (text) =>
    String(text ?? "").replace(hidden, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

  // Every node of the page is made here, from text; nothing is parsed as markup.
  const node = (name, attributes, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
    }
    for (const child of children.flat(9)) {
      if (child === null || child === undefined || child === "") continue;
      made.append(child instanceof Node ? child : safe(child));
    }
    return made;
  };
  const drawn = (name, attributes, ...children) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const link = (url) => {
    const allowed = /^https?:\/\//i.test(url);
    return allowed ? node("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, url) : node("span", {}, url);
  };
  const spans = (text) =>
    safe(text).split(/(`[^`\n]+`)/).map((part) =>
      part.length > 2 && part.startsWith("`") ? node("code", {}, part.slice(1, -1)) : part);

  const locationOf = (finding) => finding.subject.location || finding.subject.source || null;
  const placeOf = (finding) => {
    const location = locationOf(finding);
    if (location) return location.path + ":" + location.region.startLine;
    return finding.subject.url ? finding.subject.method + " " + finding.subject.url : "no place";
  };
  const stateOf = (finding) => {
    if (finding.baseline === "absent") return "gone";
    if (finding.suppressed.length) return "suppressed";
    if (finding.baseline === "unchanged") return "known";
    return finding.baseline ? "new" : "open";
  };
  const all = data.findings.map((finding, at) => {
    const subject = finding.subject;
    const words = [finding.rule, finding.message, placeOf(finding), finding.scanner, ...finding.cwes,
      subject.package, subject.purl, ...(subject.aliases || []), subject.url, subject.route,
      finding.fingerprint, ...finding.sources.map((source) => source.tool + " " + source.rule)];
    return {
      at, finding, severity: finding.severity || "unknown", state: stateOf(finding), place: placeOf(finding),
      category: finding.cwes[0] || "no weakness named", words: words.join("\n").toLowerCase(),
    };
  });
  const rules = new Map(data.rules.map((rule) => [rule.scanner + "\n" + rule.id, rule]));

  // Filters.
  const count = (key) => {
    const counts = new Map();
    for (const entry of all) {
      const value = key(entry);
      counts.set(value, (counts.get(value) || 0) + 1);
    }
    return counts;
  };
  const boxes = (host, name, values, off) => {
    for (const [value, number] of values) {
      const box = node("input", { type: "checkbox", name, value, checked: off.includes(value) ? null : "" });
      byId(host).append(node("label", {}, box, " " + value + " (" + number + ")"));
    }
  };
  const bySeverity = count((entry) => entry.severity);
  boxes("severities", "severity", SEVERITIES.filter((s) => bySeverity.has(s)).map((s) => [s, bySeverity.get(s)]), []);
  boxes("tools", "tool", [...count((entry) => entry.finding.scanner)].sort(), []);
  boxes("states", "state", [...count((entry) => entry.state)].sort(), ["gone", "suppressed"]);
  let category = null;
  let shown = [];
  let chosen = 0;

  const ticked = (name) =>
    new Set([...document.querySelectorAll("#filters input[name=" + name + "]:checked")].map((box) => box.value));
  const compare = {
    severity: (a, b) => ORDER[a.severity] - ORDER[b.severity] || a.at - b.at,
    rank: (a, b) => b.finding.rank - a.finding.rank || a.at - b.at,
    path: (a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : a.at - b.at),
    rule: (a, b) => (a.finding.rule < b.finding.rule ? -1 : a.finding.rule > b.finding.rule ? 1 : a.at - b.at),
  };
  const filter = () => {
    const severities = ticked("severity"), tools = ticked("tool"), states = ticked("state");
    const words = byId("query").value.toLowerCase().split(/\s+/).filter(Boolean);
    const before = shown[chosen];
    shown = all.filter((entry) =>
      severities.has(entry.severity) && tools.has(entry.finding.scanner) && states.has(entry.state) &&
      (category === null || entry.category === category) && words.every((word) => entry.words.includes(word)));
    shown.sort(compare[byId("sort").value] || compare.severity);
    const kept = before ? shown.indexOf(before) : -1;
    chosen = Math.max(kept, 0);
    byId("count").textContent = shown.length + " of " + all.length + " findings" +
      (category === null ? "" : ", weakness " + category);
    byId("space").style.height = shown.length * ROW + "px";
    if (kept < 0) byId("list").scrollTop = 0;
    draw();
    detail();
  };

  // The list holds only the rows in view.
  const list = byId("list");
  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 6);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 6);
    const rows = [];
    for (let at = first; at < last; at++) {
      const entry = shown[at];
      const row = node("div", {
        class: "row" + (at === chosen ? " chosen" : "") + (entry.state === "suppressed" || entry.state === "gone" ? " aside" : ""),
        role: "option", id: "row-" + at, "aria-selected": String(at === chosen),
        "aria-setsize": shown.length, "aria-posinset": at + 1,
      },
      node("div", {}, node("span", { class: "badge " + entry.severity }, entry.severity),
        entry.finding.confirmedBy.length ? node("span", { class: "badge high" }, "confirmed") : null,
        entry.state === "open" ? null : node("span", { class: "badge" }, entry.state),
        node("strong", {}, entry.finding.rule)),
      node("div", { class: "dim" }, entry.place + "  " + entry.finding.message));
      row.style.top = at * ROW + "px";
      row.addEventListener("click", () => choose(at));
      rows.push(row);
    }
    const space = byId("space");
    list.replaceChildren(space, ...rows);
    if (shown.length) list.setAttribute("aria-activedescendant", "row-" + chosen);
    else list.removeAttribute("aria-activedescendant");
  };
  const choose = (at) => {
    if (!shown.length) return;
    chosen = Math.min(Math.max(at, 0), shown.length - 1);
    const top = chosen * ROW;
    if (top < list.scrollTop) list.scrollTop = top;
    if (top + ROW > list.scrollTop + list.clientHeight) list.scrollTop = top + ROW - list.clientHeight;
    try { history.replaceState(null, "", "#" + shown[chosen].finding.fingerprint); } catch { /* a file: page may refuse */ }
    draw();
    detail();
  };
  list.addEventListener("scroll", () => requestAnimationFrame(draw));
  list.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1);
    const moves = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: chosen + page, PageUp: chosen - page,
      Home: 0, End: shown.length - 1 };
    if (event.key in moves) { event.preventDefault(); choose(moves[event.key]); }
    if (event.key === "Enter") byId("detail").focus();
  });

  // One finding.
  const code = (location) => {
    if (!location || !location.snippet) return null;
    const region = location.region, first = location.snippet.firstLine;
    const whole = region.startLine === region.endLine && region.startColumn === region.endColumn && region.startColumn === 1;
    const last = region.endColumn === 1 && region.endLine > region.startLine ? region.endLine - 1 : region.endLine;
    const lines = location.snippet.text.split("\n").map((text, offset) => {
      const number = first + offset;
      const inside = number >= region.startLine && number <= last;
      const line = node("span", { class: "codeline" + (inside ? " hit" : "") }, node("span", { class: "no" }, number));
      const chars = [...text];
      if (!inside || whole) {
        line.append(safe(text));
      } else {
        const from = number === region.startLine ? region.startColumn - 1 : chars.findIndex((c) => c.trim());
        const to = number === region.endLine ? region.endColumn - 1 : chars.length;
        const start = Math.max(from, 0);
        line.append(safe(chars.slice(0, start).join("")), node("mark", {}, chars.slice(start, to).join("")),
          safe(chars.slice(Math.max(to, start)).join("")));
      }
      line.append("\n");
      return line;
    });
    return node("pre", { tabindex: "0", "aria-label": "Code of " + location.path }, lines);
  };
  const facts = (pairs) => node("dl", {}, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => [node("dt", {}, name), node("dd", {}, value)]));
  const section = (title, ...content) => [node("h3", {}, title), ...content];
  const trace = (steps) => section("Data flow", node("ol", { class: "trace" }, steps.map((step) =>
    node("li", {}, node("strong", {}, step.kind), " ", step.location.path + ":" + step.location.region.startLine,
      step.message ? " – " + step.message : "", code(step.location)))));
  const http = (exchange) => {
    const headers = (pairs) => (pairs || []).map(([name, value]) => name + ": " + value).join("\n");
    const request = exchange.request;
    const parts = [node("pre", { class: "wrap", tabindex: "0", "aria-label": "Request" },
      request.method + " " + request.url + "\n" + headers(request.headers) + (request.body ? "\n\n" + request.body : ""))];
    const response = exchange.response;
    parts.push(response
      ? node("pre", { class: "wrap", tabindex: "0", "aria-label": "Response" },
        "HTTP " + response.status + "\n" + headers(response.headers) + (response.body ? "\n\n" + response.body : ""))
      : node("p", { class: "dim" }, "No answer within the time allowed."));
    return parts;
  };
  const reach = (reachability) => {
    if (reachability.state === "called") return "affected code used at " + reachability.places.map((p) => p.path + ":" + p.region.startLine).join(", ");
    if (reachability.state === "imported") return "imported by " + reachability.files.join(", ");
    return reachability.state === "not-imported" ? "no: no source file imports it" : "not known";
  };
  const subject = (it) => {
    if (it.kind === "code") return [code(it.location), it.scope && it.scope.length ? facts([["In", it.scope.join(" › ")]]) : null,
      it.trace ? trace(it.trace) : null];
    if (it.kind === "package") return [facts([
      ["Package", it.package + " " + it.version], ["Ecosystem", it.ecosystem + ", " + it.usage],
      ["Also", it.aliases.join(", ")],
      ["Path", it.dependencyPaths.slice(0, 20).map((path) => node("div", {}, path.join(" → ")))],
      ["Reachable", reach(it.reachability)],
      ["Exploited", it.kev ? "known to be exploited (CISA KEV)" : null],
      ["EPSS", it.epss === null ? null : (it.epss * 100).toFixed(1) + " %"],
      ["Fixed in", it.fixedVersions.join(", ") || "no version yet"],
      ["Upgrade", it.upgrade ? node("code", {}, it.upgrade.command) : null],
    ]), code(it.location)];
    if (it.kind === "endpoint") return [facts([
      ["Request", it.method + " " + it.url], ["Route", it.route],
      ["Parameter", it.parameter ? it.parameter.name + " (" + it.parameter.place + ")" : null],
      ["Evidence", it.marker ? node("mark", {}, it.marker) : null],
    ]), it.evidence.slice(0, 5).map(http), section("Replay", node("pre", { class: "wrap", tabindex: "0" }, it.curl)),
    it.source ? section("Source", code(it.source) || placeOf({ subject: it })) : null];
    return null;
  };
  const fix = (it, around) => section("Fix", node("p", {}, it.description), it.edits.map((edit) => {
    const region = edit.region, lines = [];
    const at = around && around.path === edit.path && around.snippet ? region.startLine - around.snippet.firstLine : -1;
    const old = at >= 0 ? around.snippet.text.split("\n").slice(at, at + region.endLine - region.startLine + 1) : [];
    let text = edit.replacement;
    if (old.length === region.endLine - region.startLine + 1) {
      text = [...old[0]].slice(0, region.startColumn - 1).join("") + text + [...old[old.length - 1]].slice(region.endColumn - 1).join("");
      for (const line of old) lines.push(node("span", { class: "codeline removed" }, "- " + line + "\n"));
    } else {
      lines.push(node("span", { class: "codeline dim" }, edit.path + ":" + region.startLine + "\n"));
    }
    for (const line of text.split("\n")) lines.push(node("span", { class: "codeline added" }, "+ " + line + "\n"));
    return node("pre", { tabindex: "0", "aria-label": "Change" }, lines);
  }));
  const detail = () => {
    const host = byId("detail");
    const entry = shown[chosen];
    if (!entry) return host.replaceChildren(node("p", { class: "dim" }, all.length ? "No finding fits the filters." : "Nothing was found."));
    const it = entry.finding, rule = rules.get(it.scanner + "\n" + it.rule);
    const parts = [
      node("h2", {}, it.rule),
      node("p", {}, node("span", { class: "badge " + entry.severity }, entry.severity),
        it.score === null ? null : node("span", { class: "badge" }, "CVSS " + it.score),
        it.cwes.map((cwe) => node("span", { class: "badge" }, cwe)),
        entry.state === "open" ? null : node("span", { class: "badge" }, entry.state), " ", entry.place),
      node("p", {}, spans(it.message)),
      it.suppressed.map((s) => node("p", { class: "dim" }, "Suppressed (" + s.kind + "): " + (s.justification || "no reason given"))),
      subject(it.subject),
      (it.related || []).slice(0, 20).map((related) => section("See also", node("p", {}, related.location.path + ":" +
        related.location.region.startLine + " " + related.message), code(related.location))),
      it.confirmedBy.map((other) => section("Confirmed by " + other.scanner + ": " + other.rule, node("p", {}, spans(other.message)), subject(other.subject))),
      (it.fixes || []).map((one) => fix(one, locationOf(it))),
      it.sources.length > 1 || it.mergedBecause.length ? section("Seen by", node("ul", {}, it.sources.map((source) =>
        node("li", {}, source.tool + ": " + source.rule + (source.severity ? " (" + source.severity + ")" : "") + " – " + source.message))),
      it.mergedBecause.map((why) => node("p", { class: "dim" }, "Merged: " + why))) : null,
      rule && rule.help ? section("About this rule", node("p", {}, spans(rule.help))) : null,
      rule && rule.references.length ? node("ul", {}, rule.references.map((url) => node("li", {}, link(url)))) : null,
      facts([["Scanner", it.scanner], ["Confidence", it.confidence], ["Rank", it.rank], ["First seen", it.firstSeen], ["Fingerprint", it.fingerprint]]),
    ];
    host.replaceChildren(...parts.flat(9).filter((part) => part instanceof Node));
    host.scrollTop = 0;
  };

  // Charts.
  const bars = (host, title, values, paint, pressed, act) => {
    const most = Math.max(1, ...values.map(([, number]) => number)), height = 22;
    const rows = values.map(([name, number], at) => {
      const text = drawn("text", { x: 0, y: at * height + 15 });
      text.textContent = safe(name).slice(0, 22);
      const amount = drawn("text", { x: 158 + 200 * number / most, y: at * height + 15 });
      amount.textContent = number;
      const bar = drawn("rect", { x: 150, y: at * height + 3, width: Math.max(2, 200 * number / most), height: 16, rx: 3, class: "fill-" + paint(name) });
      const label = drawn("title", {});
      label.textContent = safe(name) + ": " + number;
      const row = drawn("g", { tabindex: 0, role: "button", "aria-pressed": String(pressed(name)), "aria-label": safe(name) + ": " + number + " findings" }, label,
        drawn("rect", { x: 0, y: at * height, width: 400, height, class: "area" }), text, bar, amount);
      row.addEventListener("click", () => act(name));
      row.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); act(name); }
      });
      return row;
    });
    const svg = drawn("svg", { viewBox: "0 0 400 " + Math.max(1, values.length) * height, class: "bars", role: "group", "aria-label": title }, ...rows);
    byId(host).replaceChildren(values.length ? svg : node("p", { class: "dim" }, "Nothing counts."));
  };
  const live = all.filter((entry) => entry.finding.counts);
  const charts = () => {
    const tally = (key) => {
      const counts = new Map();
      for (const entry of live) counts.set(key(entry), (counts.get(key(entry)) || 0) + 1);
      return counts;
    };
    const severities = tally((entry) => entry.severity);
    const only = (name) => { const on = ticked("severity"); return on.size === 1 && on.has(name); };
    bars("chart-severity", "Findings by severity", SEVERITIES.filter((s) => severities.has(s)).map((s) => [s, severities.get(s)]),
      (name) => name, only, (name) => {
        const alone = only(name);
        for (const box of document.querySelectorAll("#severities input")) box.checked = alone || box.value === name;
        refresh();
      });
    const categories = [...tally((entry) => entry.category)].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, 10);
    bars("chart-category", "Findings by weakness", categories, () => "plain", (name) => category === name, (name) => {
      category = category === name ? null : name;
      refresh();
    });
  };
  const refresh = () => {
    // The charts are drawn anew; who came by keyboard stays where they were.
    const focused = document.activeElement?.closest?.(".bars g")?.getAttribute("aria-label");
    charts();
    filter();
    if (focused) [...document.querySelectorAll(".bars g")].find((row) => row.getAttribute("aria-label") === focused)?.focus();
  };

  // Head and foot.
  const verdict = byId("verdict");
  verdict.textContent = data.verdict.result;
  verdict.classList.add(data.verdict.result);
  if (data.revision) {
    byId("revision").textContent = safe([data.revision.branch, (data.revision.commit || "").slice(0, 12)].filter(Boolean).join(" @ "));
  }
  byId("reasons").append(
    ...data.verdict.violations.map((v) => node("li", {}, v.message + " (", node("code", {}, v.policy), ")")),
    ...data.verdict.gaps.map((gap) => node("li", {}, "not looked at: " + (gap.scanner ? gap.scanner + ": " : "") + gap.reason)));
  const perScanner = new Map();
  for (const entry of live) perScanner.set(entry.finding.scanner, (perScanner.get(entry.finding.scanner) || 0) + 1);
  byId("scanners").append(node("table", {},
    node("thead", {}, node("tr", {}, ["Scanner", "Findings", "Examined", "Skipped", "Complete"].map((head) => node("th", { scope: "col" }, head)))),
    node("tbody", {}, data.scanners.map((scanner) => node("tr", {}, node("td", {}, scanner.name),
      node("td", {}, perScanner.get(scanner.name) || 0), node("td", {}, scanner.examined), node("td", {}, scanner.skipped),
      node("td", {}, scanner.complete ? "yes" : node("strong", { class: "high" }, "no")))))));
  if (data.messages.length) {
    byId("messages").append(node("details", { open: data.messages.some((m) => m.level === "error") ? "" : null },
      node("summary", {}, "Messages (" + data.messages.length + ")"),
      node("ul", {}, data.messages.slice(0, 500).map((m) => node("li", {}, node("strong", {}, m.level), " ",
        (m.scanner ? m.scanner + ": " : "") + (m.path ? m.path + (m.line ? ":" + m.line : "") + ": " : "") + m.message + (m.hint ? " – " + m.hint : ""))))));
  }
  byId("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("input", refresh);
  byId("filters").addEventListener("reset", () => { category = null; setTimeout(refresh); });
  addEventListener("resize", () => requestAnimationFrame(draw));
  refresh();
  const wanted = location.hash.slice(1);
  if (wanted) {
    const at = shown.findIndex((entry) => entry.finding.fingerprint === wanted);
    if (at >= 0) choose(at);
  }
})();
