/** Hostile content does nothing: only plain text and safe links come out; nothing of the site gets in. */

import { answer } from "./fake-server.ts";
import { expect, test } from "./fixtures.ts";

const HOSTILE = [
  "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'><svg onload='window.hacked = 1'>",
  "[click](javascript:window.hacked=1) javascript:alert(1) data:text/html,<script>window.hacked=1</script>",
  'https://good.example/path?q="onmouseover="window.hacked=1 vbscript:x file:///etc/passwd',
  "http://user:password@evil.example/ \u202Egnp.exe\u202C",
  `- item <b onclick='window.hacked=1'>bold</b>\n- ${"a".repeat(3000)}`,
  "mailto:someone@clinic.example or someone@clinic.example, call 999 now.",
].join("\n\n");

test("hostile replies, titles, buttons and sources are shown as text, and lead nowhere", async ({ widget, server, page }) => {
  const evil = "<img src=x onerror='window.hacked=1'>";
  server.reply = () => [
    answer(HOSTILE, {
      buttons: [{ title: evil, payload: "/x" }, { title: 5, payload: {} }, null, "x"],
      metadata: {
        tier: "none",
        sources: [
          { title: evil, publisher: evil, url: "javascript:window.hacked=1", checked_on: evil },
          { title: "data", publisher: "p", url: "data:text/html,x", checked_on: "2026-11-22" },
          { title: "user", publisher: "p", url: "https://user:password@evil.example/", checked_on: "2026-11-22" },
          null,
          "x",
        ],
        reviewed_on: 7,
      },
    }),
  ];
  await widget.visit();
  await widget.ask(evil);
  await widget.text("5 sources").click();
  const hrefs = await widget.panel.locator("a").evaluateAll((links) => links.map((link) => (link as HTMLAnchorElement).href));
  expect(hrefs.length).toBeGreaterThan(0);
  for (const href of hrefs) expect(href).toMatch(/^(?:https?:\/\/(?!user)|tel:|mailto:)/);
  expect(hrefs).toContain("mailto:someone@clinic.example");
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
  expect(await widget.root.locator("script, img, iframe, object, [onclick], [onerror], [style*=expression]").count()).toBe(0);
  await expect(widget.own).toContainText(evil);
  await widget.picture("hostile");
  await widget.checkLayout();
  await page.reload();
  await expect(widget.own).toContainText(evil);
  expect(await page.evaluate(() => (window as { hacked?: number }).hacked)).toBeUndefined();
});

for (const [name, body] of Object.entries({
  "no messages": {},
  "messages that are no list": { messages: "x" },
  "a message that is nothing": { messages: [null, 5, "x", { text: ["<b>"] }] },
  "an unknown tier": { messages: [{ id: "1", text: "Hello", metadata: { tier: "constructor", sources: {} } }] },
})) {
  test(`a malformed response does no harm: ${name}`, async ({ widget, page }) => {
    await page.route("**/webhooks/web/messages", (route) => route.fulfill({ json: body }));
    await widget.visit();
    await widget.say("lips");
    await expect(widget.panel.locator(".typing")).toHaveCount(0);
    await expect(widget.field).toBeEditable();
  });
}

test("a response that is no JSON counts as a failing server", async ({ widget, page }) => {
  await page.route("**/webhooks/web/messages", (route) => route.fulfill({ body: "<h1>Proxy error</h1>" }));
  await widget.visit();
  await widget.say("lips");
  await expect(widget.text("Not answered yet.")).toBeVisible();
});

test("the site's styles stay out, and the widget's stay in", async ({ widget, page }) => {
  await widget.visit("");
  const before = await page.locator("h1").evaluate((title) => getComputedStyle(title).cssText || getComputedStyle(title).font);
  await widget.launcher.click();
  await widget.ask("lips");
  const look = await widget.replies
    .first()
    .locator(".prose p")
    .first()
    .evaluate((text) => {
      const { color, fontSize, textTransform, padding, letterSpacing } = getComputedStyle(text);
      return { color, fontSize, textTransform, padding, letterSpacing };
    });
  expect(look).toEqual({
    color: "rgb(22, 40, 43)",
    fontSize: "16px",
    textTransform: "none",
    padding: "0px",
    letterSpacing: "normal",
  });
  expect(await page.locator("h1").evaluate((title) => getComputedStyle(title).cssText || getComputedStyle(title).font)).toBe(
    before,
  );
});

test("nothing is asked of anyone, and nothing is stored, before a person writes", async ({ widget, server, page }) => {
  await widget.visit("");
  await widget.launcher.click();
  expect(server.log).toEqual([]);
  expect(await page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
});
