// Filters findings by severity, family and text; sorts tables by the header that is clicked. All
// content is in the page already: nothing is made of text here. Plans are shown by pev2, in frames.
(() => {
  "use strict";
  const findings = [...document.querySelectorAll("details.finding[data-severity]")];
  const buttons = [...document.querySelectorAll("button.filter")];
  const search = document.querySelector("input[type=search]");
  const shown = document.getElementById("shown");

  const pressed = (kind) =>
    buttons.filter((b) => b.dataset.kind === kind && b.getAttribute("aria-pressed") === "true")
      .map((b) => b.dataset.value);

  const apply = () => {
    const severities = pressed("severity");
    const families = pressed("family");
    const words = search ? search.value.toLowerCase().split(/\s+/).filter(Boolean) : [];
    let count = 0;
    for (const finding of findings) {
      const text = finding.textContent.toLowerCase();
      const fits = (severities.length === 0 || severities.includes(finding.dataset.severity)) &&
        (families.length === 0 || families.includes(finding.dataset.family)) &&
        words.every((word) => text.includes(word));
      finding.hidden = !fits;
      if (fits) count += 1;
    }
    if (shown) shown.textContent = count === findings.length ? "" : `${count} of ${findings.length} shown`;
  };

  for (const button of buttons) {
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", button.getAttribute("aria-pressed") === "true" ? "false" : "true");
      apply();
    });
  }
  if (search) search.addEventListener("input", apply);

  const value = (row, column) => {
    const cell = row.cells[column];
    return cell.dataset.sort === undefined ? cell.textContent : Number(cell.dataset.sort);
  };
  for (const header of document.querySelectorAll("th button")) {
    header.addEventListener("click", () => {
      const cell = header.closest("th");
      const body = cell.closest("table").tBodies[0];
      const column = cell.cellIndex;
      const descending = cell.getAttribute("aria-sort") !== "descending";
      for (const other of cell.parentElement.cells) other.removeAttribute("aria-sort");
      cell.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => {
        const x = value(a, column);
        const y = value(b, column);
        const order = typeof x === "number" ? x - y : String(x).localeCompare(String(y));
        return descending ? -order : order;
      });
      body.append(...rows);
    });
  }

  // The viewer's page, unpacked once, when the first plan is opened.
  const packed = document.getElementById("plan-viewer");
  let page = null;
  const unpacked = () => {
    page ??= (async () => {
      const bytes = Uint8Array.from(atob(packed.textContent), (c) => c.charCodeAt(0));
      const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
      return new Response(text).text();
    })();
    return page;
  };

  class PlanView {
    constructor(element) {
      this.element = element;
      this.plan = element.closest("details.finding");
      this.tree = this.plan.querySelector("details.plan-tree");
      this.picks = [...element.querySelectorAll(".plan-pick")];
      this.frame = null;
      this.ready = false;
      this.waiting = -1;
      for (const pick of this.picks) pick.addEventListener("click", () => this.select(Number(pick.dataset.node)));
      this.plan.addEventListener("toggle", () => this.plan.open && this.show());
      if (this.plan.open) this.show();
    }

    // A frame of no origin: whatever a plan's text may hold, it reaches neither the report nor a network.
    // Its nonce lets run what is ours alone.
    async show() {
      if (this.frame !== null) return;
      this.frame = document.createElement("iframe");
      this.frame.setAttribute("sandbox", "allow-scripts");
      this.frame.title = "The plan";
      const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
      const text = await unpacked();
      this.frame.srcdoc = `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-${nonce}'">` +
        text.replace("\n<script>", `\n<script nonce="${nonce}">`);
      this.element.querySelector(".plan-frame").append(this.frame);
      this.element.hidden = false;
      this.tree.open = false;
    }

    heard(message) {
      if (message.ready) {
        this.ready = true;
        const plan = JSON.parse(this.element.querySelector("script").textContent);
        this.frame.contentWindow.postMessage({ plan }, "*");
        if (this.waiting >= 0) this.select(this.waiting);
      }
      if (message.selected !== undefined) this.mark(message.selected);
    }

    mark(node) {
      for (const pick of this.picks)
        pick.setAttribute("aria-current", String(Number(pick.dataset.node) === node));
    }

    select(node) {
      this.mark(node);
      this.waiting = node;
      if (this.ready) this.frame.contentWindow.postMessage({ select: node }, "*");
    }
  }

  const views = packed !== null && "DecompressionStream" in window
    ? [...document.querySelectorAll(".plan-view")].map((element) => new PlanView(element)) : [];
  window.addEventListener("message", (event) => {
    const view = views.find((each) => each.frame !== null && each.frame.contentWindow === event.source);
    if (view !== undefined && event.data.pgsift === true) view.heard(event.data);
  });

  // A finding's link leads to its node in the viewer, or in the tree where there is none.
  const follow = (hash) => {
    const match = /^#plan(\d+)-node(\d+)$/.exec(hash);
    if (match === null) return false;
    const view = views.find((each) => each.element.dataset.plan === match[1]);
    if (view === undefined) return false;
    view.plan.open = true;
    view.show();
    view.select(Number(match[2]));
    view.element.hidden = false;
    view.element.scrollIntoView({ block: "start" });
    return true;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#plan']");
    if (link === null) return;
    const hash = link.getAttribute("href");
    if (!follow(hash)) return;
    event.preventDefault();
    history.replaceState(null, "", hash);
  });
  follow(location.hash);
})();
