// Opens the HTML report of the shop, and one of hostile input, in a real browser. PGSIFT_HTML and
// PGSIFT_HOSTILE_HTML are their paths; PGSIFT_CHROMIUM is the browser.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
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
    assert.equal(await page.locator("script").count(), 1);
    if (path === process.env.PGSIFT_HOSTILE_HTML) {
      assert.ok((await page.content()).includes("&lt;img"), "the hostile text is shown");
    }
    assert.deepEqual(problems, []);
  }
});

test("no sideways scrolling on a phone", async () => {
  const { page } = await open(process.env.PGSIFT_HTML);
  await page.setViewportSize({ width: 400, height: 800 });
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  assert.ok(wider <= 0, `${wider} px wider than the window`);
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
});
