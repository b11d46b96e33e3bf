// A browser on the review page. Arguments of whoever runs this: address, folder for pictures, names and passwords as JSON.
import { chromium } from "playwright-core";
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

export const [address, pictures, accounts] = [process.argv[2], process.argv[3], JSON.parse(process.argv[4])];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const sizes = [["1280", 1280, 900], ["1920", 1920, 1080], ["phone", 390, 844]];

const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"],
});
const complaints = [];

/// A page of somebody who has signed in. What it complains of, or asks of others, is kept.
export const person = async (name, size = sizes[0]) => {
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

/// Tells that something was done.
export const step = (what) => console.log(JSON.stringify({ step: what }));

/// Every page at every size: a picture of it, nothing wider than the window, nothing in anybody's way.
export const look = async (name, pages) => {
  const problems = [];
  for (const size of sizes) {
    const page = await person(name, size);
    for (const [title, path] of pages) {
      const answer = await page.goto(address + path);
      assert.equal(answer.status(), 200, path);
      await page.screenshot({ path: `${pictures}/${title}-${size[0]}.png`, fullPage: true });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) problems.push(`${title} at ${size[0]}: ${overflow} pixels too wide`);
      // In a world of its own, past the page's policy against foreign scripts.
      const client = await page.context().newCDPSession(page);
      const { frameTree } = await client.send("Page.getFrameTree");
      const { executionContextId } = await client.send("Page.createIsolatedWorld", { frameId: frameTree.frame.id });
      const evaluate = async (expression) => (await client.send("Runtime.evaluate",
        { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true })).result.value;
      await evaluate(axe);
      const violations = await evaluate("axe.run().then((found) => found.violations.map((one) => one.id + ': ' + one.nodes[0].html))");
      problems.push(...violations.map((violation) => `${title} at ${size[0]}: ${violation}`));
    }
    await page.context().close();
  }
  assert.deepEqual(problems, []);
};

/// The end: no page complained.
export const end = async () => {
  assert.deepEqual(complaints, []);
  await browser.close();
};
