/** A conversation as a person has it: first message, answers, replies to tap, sources, feedback, history, deletion, safety. */

import { answer, SOURCES } from "./fake-server.ts";
import { expect, test } from "./fixtures.ts";

test("the first message says what it is, what it is not, and what happens to what is typed", async ({ widget }) => {
  await widget.visit();
  for (const text of [
    "What this is",
    "What it is not",
    "What happens to what you type",
    "No cookies",
    "A doctor or an emergency service",
  ]) {
    await expect(widget.text(text)).toBeVisible();
  }
  await expect(widget.text("Hello. Ask me anything"), "it is read from its start").toBeInViewport();
  await widget.picture("first-message");
});

test("the first message is read from its start in a small panel too", async ({ widget, page }) => {
  await page.setViewportSize({ width: 360, height: 500 });
  await widget.visit("");
  await widget.launcher.click();
  expect(await widget.panel.locator(".scroller").evaluate((view) => view.scrollTop)).toBe(0);
});

test("a question is answered, with the time, and the field is empty and ready again", async ({ widget, server }) => {
  await widget.visit();
  await widget.ask("my lips are dry");
  await expect(widget.own).toContainText("my lips are dry");
  await expect(widget.replies).toContainText("You said: my lips are dry.");
  await expect(widget.replies.getByRole("listitem")).toHaveCount(2);
  await expect(widget.own.locator("time")).toHaveText(/^\d?\d:\d\d$/);
  await expect(widget.field).toHaveValue("");
  await expect(widget.field).toBeFocused();
  expect(server.log).toEqual(["POST session", "POST messages"]);
  expect(server.posted[0]?.message_id).toMatch(/^[0-9a-f]{32}$/);
});

test("Shift and Enter starts a new line", async ({ widget, server }) => {
  await widget.visit();
  await widget.field.fill("one");
  await widget.field.press("Shift+Enter");
  await widget.field.pressSequentially("two");
  await widget.ask(await widget.field.inputValue());
  expect(server.posted[0]?.text).toBe("one\ntwo");
});

test("an empty field sends nothing", async ({ widget, server }) => {
  await widget.visit();
  await widget.say("   ");
  await widget.button("Send").click();
  expect(server.log).toEqual([]);
});

test("a question to start with is sent as it stands, and the questions go away", async ({ widget, server }) => {
  await widget.visit();
  await widget.button("Why 20 mg?").click();
  await expect(widget.replies).toHaveCount(1);
  expect(server.posted[0]?.text).toBe("Why 20 mg?");
  await expect(widget.button("My mood has changed")).toHaveCount(0);
});

test("a reply to tap sends its payload, and what was chosen stays readable", async ({ widget, server }) => {
  await widget.visit();
  await widget.ask("lips");
  await widget.button("Dry skin").click();
  await expect(widget.replies).toHaveCount(2);
  expect(server.posted[1]).toMatchObject({ payload: "/dry_skin" });
  await expect(widget.own.last()).toContainText("Dry skin");
  await expect(widget.own.last()).toBeFocused();
  await expect(widget.button("Dry skin"), "only the last reply offers").toHaveCount(1);
});

test("two questions give two bubbles, in order", async ({ widget }) => {
  await widget.visit();
  await widget.say("two things");
  await expect(widget.replies).toHaveCount(2);
  await expect(widget.replies.first()).toContainText("First answer.");
});

test("while the answer is looked for, that is shown", async ({ widget, server }) => {
  server.delayMs = 700;
  await widget.visit();
  await widget.say("lips");
  await expect(widget.text("Looking for the answer")).toBeVisible();
  await expect(widget.replies).toHaveCount(1);
  await expect(widget.text("Looking for the answer")).toHaveCount(0);
});

test("sources stand behind a disclosure: title, publisher, date, link", async ({ widget }) => {
  await widget.visit();
  await widget.ask("lips");
  const link = widget.panel.getByRole("link", { name: "Isotretinoin capsules" });
  await expect(link).toBeHidden();
  await widget.text("2 sources").click();
  await expect(link).toBeVisible();
  await expect(link).toHaveAttribute("href", SOURCES[0]?.url ?? "");
  await expect(link).toHaveAttribute("rel", "noopener noreferrer");
  await expect(widget.text("NHS · checked 22 Nov 2026")).toBeVisible();
  await expect(widget.text("A leaflet on paper")).toBeVisible();
  await expect(widget.text("reviewed 22 Nov 2026")).toBeVisible();
  await widget.picture("sources");
});

test("thumbs are kept, can be changed, and are there after a reload", async ({ widget, server, page }) => {
  await widget.visit();
  await widget.ask("lips");
  await widget.button("This helped").click();
  await expect(widget.button("This helped")).toHaveAttribute("aria-pressed", "true");
  await expect(widget.text("Thank you. Good to know.")).toBeVisible();
  await widget.button("This did not help").click();
  await expect(widget.button("This helped")).toHaveAttribute("aria-pressed", "false");
  const id = `${server.posted[0]?.message_id}-1`;
  expect(server.votes).toEqual([
    { id, helped: true },
    { id, helped: false },
  ]);
  await page.reload();
  await expect(widget.button("This did not help")).toHaveAttribute("aria-pressed", "true");
});

test("feedback that cannot be kept says so", async ({ widget, server }) => {
  await widget.visit();
  await widget.ask("lips");
  server.fail("POST feedback", 500);
  await widget.button("This helped").click();
  await expect(widget.text("That could not be saved.")).toBeVisible();
  await expect(widget.button("This helped")).toHaveAttribute("aria-pressed", "false");
});

test("history and an unfinished sentence are there after a reload", async ({ widget, page }) => {
  await widget.visit();
  await widget.ask("first");
  await widget.ask("second");
  await widget.field.fill("half a sen");
  await page.reload();
  await expect(widget.replies).toHaveCount(2);
  await expect(widget.own.first()).toContainText("first");
  await expect(widget.field).toHaveValue("half a sen");
  await expect(widget.replies.last()).toBeInViewport();
});

test("a conversation is deleted here and on the server, after a question", async ({ widget, server, page }) => {
  await widget.visit();
  await expect(widget.button("Delete this conversation")).toHaveCount(0);
  await widget.ask("lips");
  await widget.button("Delete this conversation").click();
  await expect(widget.button("Keep it")).toBeFocused();
  await widget.picture("delete");
  await widget.checkAccess();
  await widget.button("Keep it").click();
  await expect(widget.button("Delete this conversation")).toBeFocused();
  await widget.button("Delete this conversation").click();
  await widget.button("Delete").click();
  await expect(widget.text("The conversation is deleted.")).toBeVisible();
  await expect(widget.replies).toHaveCount(0);
  expect(server.log.at(-1)).toBe("DELETE session");
  expect(await page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))).toEqual([]);
  await widget.ask("a new one");
  expect(server.sessions).toBe(2);
});

test("a deletion that fails says so and deletes nothing", async ({ widget, server }) => {
  await widget.visit();
  await widget.ask("lips");
  server.fail("DELETE session", 503);
  await widget.button("Delete this conversation").click();
  await widget.button("Delete").click();
  await expect(widget.panel.getByRole("alert")).toHaveText("Not deleted: something went wrong. Please try again.");
  await expect(widget.replies).toHaveCount(1);
});

test("deleting in one tab clears the other", async ({ widget, context, server }) => {
  await widget.visit();
  await widget.ask("lips");
  const other = await context.newPage();
  await other.goto(widget.page.url());
  await expect(other.locator(".panel .own")).toHaveCount(1);
  await other.getByRole("button", { name: "Delete this conversation" }).click();
  await other.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(widget.text("This conversation was ended or deleted in another tab.")).toBeVisible();
  await expect(widget.own).toHaveCount(0);
  expect(server.turns).toEqual([]);
});

test("a safety reply stands out, with big numbers to tap", async ({ widget }) => {
  await widget.visit();
  await widget.ask("i want to die");
  const reply = widget.replies.first();
  await expect(reply).toHaveClass(/care/);
  await expect(reply.getByRole("heading", { name: "Help right now" })).toBeVisible();
  const emergency = reply.getByRole("link", { name: "Call 999" });
  await expect(emergency).toHaveAttribute("href", "tel:999");
  expect((await emergency.boundingBox())?.height).toBeGreaterThanOrEqual(52);
  await expect(reply.getByRole("link", { name: /Call 116 123 Samaritans/ })).toHaveAttribute("href", "tel:116123");
  await expect(reply.getByText("SHOUT")).toBeVisible();
  await expect(reply.getByRole("button", { name: "This helped" }), "nobody is asked to rate a crisis").toHaveCount(0);
  await widget.ask("lips");
  await expect(widget.button("I'm safe, I have a question"), "its replies can be tapped later too").toBeVisible();
});

test("a long answer is read from its start; a reader further up is told, and not moved", async ({ widget, server }) => {
  await widget.visit();
  await widget.ask("a long one");
  await expect(widget.own.last()).toBeInViewport();
  server.delayMs = 500;
  await widget.say("another long one");
  await widget.panel.locator(".scroller").evaluate((view) => {
    view.scrollTop = 0;
  });
  await expect(widget.replies).toHaveCount(2);
  expect(await widget.panel.locator(".scroller").evaluate((view) => view.scrollTop)).toBe(0);
  await widget.button("New reply").click();
  await expect(widget.own.last()).toBeInViewport();
  await expect(widget.button("New reply")).toHaveCount(0);
});

test("an answer with nothing but text has no line for sources", async ({ widget, server }) => {
  server.reply = () => [answer("You are welcome.", { metadata: { tier: "none", sources: [], reviewed_on: null } })];
  await widget.visit();
  await widget.ask("thanks");
  await expect(widget.panel.locator(".origin")).toHaveCount(0);
});
