// What those do who answer for many calls: the dashboard, a complaint with its pack, samples, search, files. Arguments as
// in desk.mjs; what is downloaded goes to the folder of the pictures. Prints a line of JSON a step.
import assert from "node:assert/strict";
import { address, end, look, person, pictures, step } from "./desk.mjs";

const supervisor = await person("supervisor");
const text = (selector) => supervisor.locator(selector).first().innerText();
const download = async (name, click) => {
  const [file] = await Promise.all([supervisor.waitForEvent("download"), click()]);
  await file.saveAs(`${pictures}/${name}`);
  return file.suggestedFilename();
};

// The queue as files, to fill in and to count.
await supervisor.selectOption("form.export select", "xlsx");
assert.match(await download("findings.xlsx", () => supervisor.click("form.export button")), /^findings-\d{8}-\d{6}\.xlsx$/);
await supervisor.selectOption("form.export select", "csv");
await download("findings.csv", () => supervisor.click("form.export button"));
step("exported");

// The dashboard: all, then a team, then an agent by a click.
await supervisor.click("nav >> text=看板");
assert.equal(await text(".key-figures li b"), "6");
assert.match(await text(".key-figures li:nth-child(2) span"), /3$/);
await supervisor.locator("section[aria-labelledby=h-team] a", { hasText: "T1" }).click();
assert.match(await text("h1"), /T1/);
await supervisor.locator("section[aria-labelledby=h-agent] a", { hasText: "A1" }).click();
assert.match(await text("h1"), /A1/);
assert.equal(await supervisor.locator("section[aria-labelledby=h-rule] tbody tr").count() > 0, true);
const sheet = await supervisor.locator("a", { hasText: "辅导单" }).getAttribute("href");
step("dashboard");

// A complaint that came in forty hours ago has eight left: the queue says so.
await supervisor.click("nav >> text=投诉");
// The desk's clock is Shanghai's, eight hours ahead.
const received = new Date(Date.now() + (8 - 40) * 3600e3).toISOString().slice(0, 16);
await supervisor.fill("[name=received]", received);
await supervisor.selectOption("section [name=kind]", "violence");
await supervisor.selectOption("section [name=source]", "regulator");
await supervisor.fill("[name=debtor]", "K1");
await supervisor.fill("section [name=agent]", "A1");
await supervisor.fill("[name=statement]", "来电威胁家人，要求核查录音。<b>急</b>");
await supervisor.locator("section button", { hasText: "登记" }).click();
await supervisor.waitForSelector("blockquote.statement");
assert.equal(await text("blockquote.statement"), "来电威胁家人，要求核查录音。<b>急</b>");
const complaint = new URL(supervisor.url()).pathname;
await supervisor.goto(address);
assert.match(await text(".warning"), /^1 /);
step("complaint registered, due soon");

// It is about a finding; the case is opened and closed.
await supervisor.goto(address + complaint);
const finding = await supervisor.locator("select[name=call] option[value*='/']").first().getAttribute("value");
await supervisor.selectOption("select[name=call]", finding);
await supervisor.locator("button", { hasText: "关联" }).click();
await supervisor.waitForSelector(".plain-list li q");
await supervisor.locator("button", { hasText: "立案" }).click();
await supervisor.waitForSelector(".complaint-state.opened");
step("complaint linked and opened");

// All calls of the debtor, and the pack.
await supervisor.click("text=全部通话与举证材料");
assert.equal(await text("h1"), "债务人 K1");
assert.match(await text("section[aria-labelledby=h-complaints]"), /来电威胁家人/);
assert.equal(await supervisor.locator(".case-call").count(), 3);
assert.equal(await supervisor.locator("svg.case-time a").count(), 3);
assert.equal(await supervisor.locator("[name=unmasked]").count(), 0);
const caseOf = supervisor.url().slice(address.length);
assert.equal(await download("case.zip", () => supervisor.locator("button", { hasText: "材料包" }).click()), "K1.zip");
step("case and pack");
await supervisor.goto(address + complaint);
await supervisor.fill("[name=conclusion]", "录音属实，已处理");
await supervisor.locator("button", { hasText: "不属实" }).waitFor();
await supervisor.locator("button[value=founded]").click();
await supervisor.waitForSelector(".complaint-state.founded");
assert.equal(await supervisor.locator("form [name=conclusion]").count(), 0);
step("complaint closed");

// Calls in which nothing was found are drawn, and heard.
await supervisor.click("nav >> text=抽检");
await supervisor.fill("[name=calls]", "2");
await supervisor.fill("[name=from]", "2026-03-01");
await supervisor.locator("button", { hasText: "抽取" }).click();
await supervisor.waitForSelector("section[aria-labelledby=h-waiting] li");
assert.equal(await supervisor.locator("section[aria-labelledby=h-waiting] li").count(), 2);
await supervisor.locator("section[aria-labelledby=h-waiting] a").first().click();
const sampled = new URL(supervisor.url()).pathname;
await supervisor.locator("button[value=nothing]").click();
await supervisor.goto(address + "/samples");
assert.match(await text("main p b"), /%$/);
assert.equal(await supervisor.locator("section[aria-labelledby=h-heard] li").count(), 1);
step("samples");

// Who said what: by words, and by what sounds the same.
await supervisor.click("nav >> text=检索");
for (const [query, sense] of [["砍死", "words"], ["看死", "sound"]]) {
  await supervisor.fill("[name=q]", query);
  await supervisor.selectOption("[name=sense]", sense);
  await supervisor.locator("form[role=search] button").click();
  assert.match(await text("mark.found"), /砍死/);
}
step("search");

// None of it is for everybody.
const qa = await person("qa");
for (const path of ["/complaints", complaint, caseOf]) {
  assert.equal((await qa.request.get(address + path)).status(), 403, path);
}
assert.equal(await qa.locator("nav >> text=投诉").count(), 0);
step("not for everybody");

await look("compliance", [["dashboard", "/dashboard"], ["agent", "/dashboard?agent=A1"], ["complaints", "/complaints?state=founded"],
  ["complaint", complaint], ["case", caseOf], ["samples", "/samples"], ["sampled", sampled], ["search", "/search?q=%E7%A0%8D%E6%AD%BB"], ["sheet", sheet]]);
step("three sizes, accessible");
await end();
