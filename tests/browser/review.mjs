// A working day on the review page, in a real browser. Arguments: address, folder for pictures, names and passwords as
// JSON. Prints a line of JSON a step; the first thing that is not as it should be ends it with a status.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const [address, pictures, accounts] = [process.argv[2], process.argv[3], JSON.parse(process.argv[4])];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = [["1280", 1280, 900], ["1920", 1920, 1080], ["phone", 390, 844]];

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"],
});
const complaints = [];

const person = async (name, size = sizes[0]) => {
  const context = await browser.newContext({ viewport: { width: size[1], height: size[2] }, locale: "zh-CN" });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(address)) complaints.push(`asked elsewhere: ${request.url()}`);
  });
  await page.goto(address);
  assert.equal(new URL(page.url()).pathname, "/sign-in");
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", accounts[name]);
  await page.click("button.strong");
  await page.waitForSelector("table.queue, .empty");
  return page;
};
const step = (what) => console.log(JSON.stringify({ step: what }));
const state = (page) => page.locator("article.finding").first().locator(".badge.state").innerText();

// A reviewer: the gravest first, heard, confirmed by a key.
const qa = await person("qa");
step("signed in");
await qa.locator("table.queue .quote a").first().click();
await qa.waitForSelector("#recording");
const finding = qa.locator("article.finding").first();
await finding.focus();
await qa.keyboard.press(" ");
await qa.waitForFunction(() => { const player = document.getElementById("recording"); return !player.paused && player.currentTime > 0.3; });
await qa.waitForSelector(".transcript li.heard");
await qa.keyboard.press(" ");
await qa.waitForFunction(() => document.getElementById("recording").paused);
step("played at the finding, the transcript follows");
await finding.focus();
await qa.keyboard.press("c");
await qa.waitForFunction(() => document.querySelector("article.finding .badge.state").classList.contains("confirmed"));
assert.equal(await state(qa), "已确认");
assert.match(await qa.locator("article.finding .history").first().innerText(), /qa 确认/);
step("confirmed by a key");

// Another finding is rejected, with a reason, and cannot be without one.
await qa.keyboard.press("Tab");
const second = qa.locator("article.finding").nth(1);
await second.locator("button", { hasText: "驳回" }).click();
assert.equal(await second.locator(".badge.state").innerText(), "待复核");
await second.locator("select[name=reason]").selectOption("not_said");
await second.locator("[name=comment]").fill("<b>听错了</b>");
await second.locator("button", { hasText: "驳回" }).click();
await qa.waitForFunction(() => document.querySelectorAll("article.finding .badge.state.rejected").length === 1);
assert.match(await second.locator(".history").innerText(), /识别有误，没有这样说 — <b>听错了<\/b>/);
step("rejected with a reason");
assert.equal(await qa.locator("details", { hasText: "提出申诉" }).count(), 0);
const call = new URL(qa.url()).pathname;

// The supervisor takes in the agent's appeal, decides it, and gives a finding to somebody.
const supervisor = await person("supervisor");
await supervisor.goto(address + call);
const appealed = supervisor.locator("article.finding").first();
await appealed.locator("summary", { hasText: "提出申诉" }).click();
await appealed.locator("textarea").fill("当时是在读客户的话");
await appealed.locator("button", { hasText: "提出申诉" }).click();
await supervisor.waitForSelector(".badge.state.appealed");
assert.match(await appealed.locator(".verdicts").innerText(), /处理期限 20\d\d-/);
await appealed.locator("textarea").fill("录音清楚，维持");
await appealed.locator("button", { hasText: "维持原判" }).click();
await supervisor.waitForSelector(".badge.state.upheld");
step("appealed and decided");
const third = supervisor.locator("article.finding").nth(2);
await third.locator("summary", { hasText: "分派" }).click();
await third.locator("select[name=to]").selectOption("qa");
await third.locator("button", { hasText: "分派" }).click();
await supervisor.waitForFunction(() => /分派给 qa/.test(document.querySelectorAll("article.finding")[2].innerText));
await qa.goto(address + "/?mine=1");
assert.equal(await qa.locator("table.queue tbody tr").count(), 1);
step("assigned");

// Whoever may only look finds no form.
const viewer = await person("viewer");
await viewer.goto(address + call);
assert.equal(await viewer.locator(".judgement form").count(), 0);
step("a viewer looks on");

// English, and back.
await viewer.click("text=English");
await viewer.waitForSelector("html[lang=en]");
assert.equal(new URL(viewer.url()).pathname, call);
await viewer.click("text=中文");
await viewer.waitForSelector("html[lang=zh-CN]");
step("both languages");

// Every page at every size: nothing wider than the window, nothing in anybody's way.
for (const size of sizes) {
  const page = await person("compliance", size);
  for (const [name, path] of [["queue", "/"], ["call", call]]) {
    await page.goto(address + path);
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.ok(overflow <= 0, `${name} at ${size[0]}: ${overflow} pixels too wide`);
    await page.screenshot({ path: `${pictures}/${name}-${size[0]}.png`, fullPage: true });
    // In a world of its own, past the page's policy against foreign scripts.
    const client = await page.context().newCDPSession(page);
    const { frameTree } = await client.send("Page.getFrameTree");
    const { executionContextId } = await client.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
    const evaluate = async (expression) => (await client.send("Runtime.evaluate",
      { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true })).result.value;
    await evaluate(axe);
    const violations = await evaluate("axe.run().then((found) => found.violations.map((one) => one.id + ': ' + one.nodes[0].html))");
    assert.deepEqual(violations, [], `${name} at ${size[0]}`);
  }
  await page.context().close();
}
step("three sizes, accessible");

await qa.click("text=退出");
await qa.goto(address);
assert.equal(new URL(qa.url()).pathname, "/sign-in");
step("signed out");
assert.deepEqual(complaints, []);
await browser.close();
