// Opens the HTML reports of the shop, of hostile input, of a plan and of a hostile plan in a real browser.
// PGSIFT_HTML, PGSIFT_HOSTILE_HTML, PGSIFT_PLAN_HTML and PGSIFT_HOSTILE_PLAN_HTML are their paths;
// PGSIFT_CHROMIUM is the browser.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const executablePath = process.env.PGSIFT_CHROMIUM ?? "/usr/bin/chromium";
assert.ok(existsSync(executablePath), `no browser at ${executablePath}; ./dev install-deps installs one`);

let profile;
let context;

before(async () => {
  profile = mkdtempSync(join(tmpdir(), "pgsift-browser-"));
  context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    viewport: { width: 1200, height: 900 },
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  // A machine that compiles beside is slow.
  context.setDefaultTimeout(120_000);
});

after(async () => {
  await context?.close();
  rmSync(profile, { recursive: true, force: true });
});

async function open(path) {
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) problems.push(`request: ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  return { page, problems };
}

const visible = (page) => page.locator("details.finding[data-severity]:visible").count();

test("filters show what is clicked", async () => {
  const { page, problems } = await open(process.env.PGSIFT_HTML);
  const all = await visible(page);
  assert.ok(all > 20, `${all} findings`);
  const errors = page.locator("button.filter[data-value=error]");
  await errors.click();
  const some = await visible(page);
  assert.ok(some > 0 && some < all);
  assert.equal(await page.locator("details.finding[data-severity=warning]:visible").count(), 0);
  assert.match(await page.locator("#shown").textContent(), new RegExp(`${some} of ${all}`));
  await errors.click();
  await page.locator("input[type=search]").fill("order_items");
  const found = await visible(page);
  assert.ok(found > 0 && found < all);
  await page.locator("input[type=search]").fill("");
  assert.equal(await visible(page), all);
  assert.deepEqual(problems, []);
});

test("a finding opens, by click and by key", async () => {
  const { page, problems } = await open(process.env.PGSIFT_HTML);
  const finding = page.locator("details.finding[data-severity]").first();
  await finding.locator("summary").first().click();
  assert.ok(await finding.locator("pre").first().isVisible());
  await page.keyboard.press("Enter");
  assert.ok(!(await finding.locator("pre").first().isVisible()));
  assert.deepEqual(problems, []);
});

test("tables sort by the header that is clicked", async () => {
  const { page, problems } = await open(process.env.PGSIFT_HTML);
  const column = async () => page.locator("#query-table tbody tr td:nth-child(2)")
    .evaluateAll((cells) => cells.map((cell) => Number(cell.dataset.sort)));
  const calls = page.locator("#query-table th button", { hasText: "calls" });
  await calls.click();
  const descending = await column();
  assert.deepEqual(descending, [...descending].sort((a, b) => b - a));
  await calls.click();
  const ascending = await column();
  assert.deepEqual(ascending, [...ascending].sort((a, b) => a - b));
  assert.deepEqual(problems, []);
});

test("text of inputs stays text", async () => {
  for (const path of [process.env.PGSIFT_HTML, process.env.PGSIFT_HOSTILE_HTML]) {
    const { page, problems } = await open(path);
    await page.waitForTimeout(200);
    assert.equal(await page.locator("img").count(), 0);
    assert.equal(await page.locator("script:not([type])").count(), 1);
    if (path === process.env.PGSIFT_HOSTILE_HTML) {
      assert.ok((await page.content()).includes("&lt;img"), "the hostile text is shown");
    }
    assert.deepEqual(problems, []);
  }
});

// The frame in which pev2 shows the first plan of the report.
async function openPlan(page) {
  const plan = page.locator("details.finding:has(.plan-view)").first();
  if (!(await plan.evaluate((element) => element.open))) await plan.locator("summary").first().click();
  const frame = plan.frameLocator("iframe");
  await frame.locator(".plan-node").first().waitFor();
  return { plan, frame };
}

test("a plan opens in the viewer, and its findings select nodes", async () => {
  const { page, problems } = await open(process.env.PGSIFT_PLAN_HTML);
  const { plan, frame } = await openPlan(page);
  const nodes = await frame.locator(".plan-node").count();
  assert.equal(nodes, 3, "the nodes of the plan");
  assert.ok((await frame.locator("[data-findings]").count()) > 0, "nodes with findings are marked");
  const pick = plan.locator(".plan-pick[data-node='2']").first();
  await pick.click();
  await frame.locator(".plan-node.selected").waitFor();
  assert.match(await frame.locator(".plan-node.selected").textContent(), /Seq Scan[^]*#\s*3/);
  assert.equal(await pick.getAttribute("aria-current"), "true");
  // And back: the node that is selected in the viewer marks its findings.
  await frame.locator(".plan-node header a", { hasText: "#1" }).first().click();
  await page.waitForFunction(() =>
    document.querySelector(".plan-pick[data-node='2']").getAttribute("aria-current") === "false");
  // The tree is there too, and was put away.
  assert.equal(await plan.locator("details.plan-tree").evaluate((element) => element.open), false);
  assert.deepEqual(problems, []);
});

test("a finding leads to its node", async () => {
  const { page, problems } = await open(process.env.PGSIFT_PLAN_HTML);
  const finding = page.locator("details.finding[data-severity]:has(a[href$='node2'])").first();
  await finding.locator("summary").first().click();
  await finding.locator("a[href$='node2']").click();
  const frame = page.locator(".plan-view").first().frameLocator("iframe");
  await frame.locator(".plan-node.selected").waitFor();
  assert.match(await frame.locator(".plan-node.selected").textContent(), /Seq Scan/);
  assert.deepEqual(problems, []);
});

test("without scripts the tree shows the plan", async () => {
  const bare = await chromium.launch({ executablePath, headless: true, args: ["--no-sandbox", "--disable-gpu"] });
  const page = await (await bare.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(pathToFileURL(process.env.PGSIFT_PLAN_HTML).href);
  // The only plan of a report is open.
  assert.ok(await page.locator("#plan0-node2").isVisible());
  assert.equal(await page.locator("iframe").count(), 0);
  await bare.close();
});

test("what a plan says stays text in the viewer", async () => {
  const { page, problems } = await open(process.env.PGSIFT_HOSTILE_PLAN_HTML);
  const { frame } = await openPlan(page);
  for (const header of await frame.locator(".node-detail-toggle").all()) await header.click();
  await page.waitForTimeout(300);
  assert.equal(await frame.locator("body").evaluate(() => typeof window.hacked), "undefined");
  // The frame's policy may have refused what pev2 took for markup; nothing was run or asked for.
  assert.deepEqual(problems.filter((problem) => /^(dialog|request)/.test(problem)), []);
});

test("the viewer is part of a report only if it has plans", async () => {
  const { page } = await open(process.env.PGSIFT_HOSTILE_HTML);
  assert.equal(await page.locator("#plan-viewer").count(), 0);
});

test("the viewer's bundle is younger than its sources", async () => {
  const { sourcesHash, unpacked } = await import("../../reports/html/pev2/build.mjs");
  const folder = new URL("../../reports/html/pev2/", import.meta.url);
  assert.equal(readFileSync(new URL("viewer.sha256", folder), "utf8").trim(), sourcesHash(),
    "reports/html/pev2: npm ci && npm run build");
  const page = unpacked();
  const version = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")).devDependencies.pev2;
  assert.ok(page.includes(`pev2 ${version}`), "the notices name pev2's version");
  assert.ok(page.includes(readFileSync(new URL("LICENSES.txt", folder), "utf8")));
});

test("no sideways scrolling on a phone", async () => {
  const { page } = await open(process.env.PGSIFT_HTML);
  await page.setViewportSize({ width: 400, height: 800 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wider <= 0, `${wider} px wider than the window`);
  const other = (await open(process.env.PGSIFT_PLAN_HTML)).page;
  await other.setViewportSize({ width: 400, height: 800 });
  await openPlan(other);
  const more = await other.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(more <= 0, `with a plan ${more} px wider than the window`);
});

test("pictures", { skip: !process.env.PGSIFT_PICTURES }, async () => {
  const { page } = await open(process.env.PGSIFT_HTML);
  for (const scheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme: scheme });
    await page.screenshot({ path: join(process.env.PGSIFT_PICTURES, `report-${scheme}.png`) });
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.locator("details.finding[data-family=index] summary").first().click();
  await page.locator("details.finding[data-family=index]").first().scrollIntoViewIfNeeded();
  await page.screenshot({ path: join(process.env.PGSIFT_PICTURES, "report-finding.png") });
  await page.setViewportSize({ width: 400, height: 800 });
  await page.screenshot({ path: join(process.env.PGSIFT_PICTURES, "report-phone.png") });
  for (const scheme of ["light", "dark"]) {
    for (const width of [1200, 400]) {
      const plans = (await open(process.env.PGSIFT_PLAN_HTML)).page;
      await plans.emulateMedia({ colorScheme: scheme });
      await plans.setViewportSize({ width, height: 900 });
      const { plan } = await openPlan(plans);
      await plan.locator(".plan-pick").first().click();
      await plan.scrollIntoViewIfNeeded();
      await plans.waitForTimeout(1000);
      await plans.screenshot({ path: join(process.env.PGSIFT_PICTURES, `plan-${scheme}-${width}.png`) });
    }
  }
});
