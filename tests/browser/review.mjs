// A working day on the review page, in a real browser. Prints a line of JSON a step; the first thing that is not as it
// should be ends it with a status.
import assert from "node:assert/strict";
import { address, end, look, person, step } from "./desk.mjs";

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
assert.equal(await second.locator(".badge.state").innerText(), "未复核");
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

await look("compliance", [["queue", "/"], ["call", call]]);
step("three sizes, accessible");

await qa.click("text=退出");
await qa.goto(address);
assert.equal(new URL(qa.url()).pathname, "/sign-in");
step("signed out");
await end();
