// What runs in the frame that shows one plan: pev2, told by messages of the report around it which plan
// to show and which node to select. The frame has no origin, no network and no storage.
import { createApp, h, shallowRef } from "vue";
import { Plan } from "pev2";

// pev2 keeps its view's options in localStorage, which a frame without an origin may not touch.
const kept = new Map();
Object.defineProperty(window, "localStorage", {
  value: {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, String(value)),
  },
});

const shown = shallowRef(null);
createApp({
  render: () => shown.value && h(Plan, { planSource: shown.value.source, planQuery: shown.value.query }),
}).mount("#app");

// pev2 numbers nodes from 1 and selects the one that the hash names; we number from 0.
const hashOf = (node) => `plan/node/${node + 1}`;
const nodeOf = (hash) => {
  const match = /plan\/node\/(\d+)/.exec(hash);
  return match === null ? -1 : Number(match[1]) - 1;
};

// Marks each node that has findings: its number stands as "#5" in its card's header.
let findings = {};
const mark = () => {
  for (const card of document.querySelectorAll(".plan-node-body")) {
    const match = /#(\d+)/.exec(card.querySelector("header a")?.textContent ?? "");
    const found = match === null ? undefined : findings[Number(match[1]) - 1];
    if (found === undefined) {
      delete card.dataset.findings;
    } else {
      card.dataset.findings = found.length === 1 ? found[0] : `${found.length} findings`;
    }
  }
};
new MutationObserver(mark).observe(document.getElementById("app"), { childList: true, subtree: true });

const theme = matchMedia("(prefers-color-scheme: dark)");
const applyTheme = () => document.documentElement.setAttribute("data-bs-theme", theme.matches ? "dark" : "light");
theme.addEventListener("change", applyTheme);
applyTheme();

const tell = (message) => window.parent.postMessage({ pgsift: true, ...message }, "*");

window.addEventListener("message", (event) => {
  if (event.source !== window.parent) return;
  const { plan, select } = event.data;
  if (plan !== undefined) {
    findings = plan.findings;
    shown.value = { source: plan.source, query: plan.query };
  }
  if (select !== undefined) {
    // Selecting the same node again must move the view to it again.
    window.location.hash = "plan";
    window.location.hash = hashOf(select);
  }
});

window.addEventListener("hashchange", () => {
  const node = nodeOf(window.location.hash);
  if (node >= 0) tell({ selected: node });
});

// Links to a hash would leave the frame: its address is the report's for them.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link) return;
  event.preventDefault();
  const href = link.getAttribute("href");
  if (href.startsWith("#")) window.location.hash = href.slice(1);
});

tell({ ready: true });
