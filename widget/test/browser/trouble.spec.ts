/** What happens without a connection, with a slow server and with a failing one: nothing is lost, nothing is sent twice. */

import { expect, test } from "./fixtures.ts";

test("offline: says so, keeps the text, and sends it once when the connection is back", async ({ widget, server, context }) => {
  await widget.visit();
  await widget.ask("first");
  await context.setOffline(true);
  await expect(widget.text("You are offline.")).toBeVisible();
  await widget.say("second");
  await widget.say("third");
  await expect(widget.text("Not sent: there is no connection.")).toBeVisible();
  await expect(widget.text("Waiting to be sent")).toBeVisible();
  await widget.picture("offline");
  await widget.checkAccess();
  await context.setOffline(false);
  await expect(widget.replies).toHaveCount(3);
  expect(server.posted.map(({ text }) => text)).toEqual(["first", "second", "third"]);
  await expect(widget.text("You are offline.")).toHaveCount(0);
});

test("unsent text that looks like danger shows the help lines at once, from the script itself", async ({ widget, context }) => {
  await widget.visit("inline country='UK'");
  await context.setOffline(true);
  await widget.say("i dont want to be here anymore");
  const card = widget.panel.locator(".care").first();
  await expect(card.getByRole("link", { name: "Call 999" })).toBeVisible();
  await expect(card.getByRole("link", { name: /Call 116 123/ })).toBeVisible();
  await expect(widget.live).toContainText("Help lines are shown below your message.");
  await widget.picture("danger-offline");
  await widget.checkAccess();
  await card.getByRole("button", { name: "All help lines" }).click();
  await expect(widget.help).toBeVisible();
  await context.setOffline(false);
  await expect(widget.replies.first()).toHaveClass(/care/);
  await expect(widget.text("Your message is not answered yet."), "the assistant's own reply replaces it").toHaveCount(0);
});

test("harmless unsent text shows no help lines", async ({ widget, context }) => {
  await widget.visit();
  await context.setOffline(true);
  await widget.say("are dry lips normal");
  await expect(widget.text("Not sent: there is no connection.")).toBeVisible();
  await expect(widget.panel.locator(".care")).toHaveCount(0);
});

test("help lines open with no connection at all, and the country can be chosen", async ({ widget, context }) => {
  await widget.visit("");
  await context.setOffline(true);
  await widget.page.getByRole("button", { name: "Need help now?" }).click();
  await expect(widget.help.getByRole("link", { name: /Call 911 in the US/ })).toBeVisible();
  await widget.help.getByLabel("Country").selectOption("Ireland");
  await expect(widget.help.getByRole("link", { name: "Call 112" })).toHaveAttribute("href", "tel:112");
  await expect(widget.help.getByRole("link", { name: /Call 116 123/ })).toBeVisible();
  await widget.checkAccess();
});

test("a failing server is tried again with the same id, and the answer comes once", async ({ widget, server }) => {
  server.fail("POST messages", 500, "drop");
  await widget.visit();
  await widget.say("lips");
  await expect(widget.text("Not answered yet.")).toBeVisible();
  await widget.picture("retrying");
  await expect(widget.replies).toHaveCount(1);
  expect(server.posted).toHaveLength(3);
  expect(new Set(server.posted.map(({ message_id }) => message_id)).size).toBe(1);
  expect(server.turns).toHaveLength(1);
  await expect(widget.panel.locator(".trouble")).toHaveCount(0);
});

test("an answer that was lost on the way is not asked for twice", async ({ widget, server }) => {
  await widget.visit();
  server.reply = (said) => {
    server.reply = () => {
      throw new Error("answered twice");
    };
    return [{ text: `Once: ${said.text}`, buttons: [], metadata: {} }];
  };
  const hold = widget.page.route("**/messages", async (route) => {
    await route.fetch(); // the server has answered, and the answer is lost
    await route.abort();
    await widget.page.unroute("**/messages");
  });
  await hold;
  await widget.say("lips");
  await expect(widget.replies).toContainText("Once: lips");
  await expect(widget.replies).toHaveCount(1);
});

test("trying now does not wait", async ({ widget, server }) => {
  server.fail("POST messages", { status: 503, detail: "Please wait.", retryAfter: 60 });
  await widget.visit();
  await widget.say("lips");
  await expect(widget.text("Please wait.")).toBeVisible();
  await widget.button("Try now").click();
  await expect(widget.replies).toHaveCount(1);
  await expect(widget.own.last(), "the focus stays where the button was").toBeFocused();
});

test("a slow server: says so, keeps the field free, and danger does not wait for it", async ({ widget, server }) => {
  server.delayMs = 5_500;
  await widget.visit();
  await widget.say("i want to die");
  await expect(widget.text("Looking for the answer")).toBeVisible();
  await expect(widget.text("Still looking, one moment")).toBeVisible();
  await expect(widget.panel.locator(".care").getByText("Your message is not answered yet.")).toBeVisible();
  await expect(widget.live).toContainText("Still looking");
  await expect(widget.field).toBeEditable();
  await expect(widget.replies).toHaveCount(1);
});

test("a first reply is replaced by the real one when it comes", async ({ widget, server }) => {
  server.late = true;
  await widget.visit();
  await widget.say("lips");
  await expect(widget.replies).toContainText("This takes longer than usual.");
  server.late = false;
  await expect(widget.replies).toContainText("You said: lips.");
  await expect(widget.replies).toHaveCount(1);
  expect(new Set(server.posted.map(({ message_id }) => message_id)).size).toBe(1);
});

test("unsent messages survive a reload and are sent once", async ({ widget, server, context, page }) => {
  await widget.visit();
  await widget.ask("first");
  server.fail("POST messages", "hang");
  await widget.say("second");
  await expect.poll(() => server.posted.length).toBe(2);
  await page.reload();
  await expect(widget.replies).toHaveCount(2);
  await expect(widget.own).toHaveCount(2);
  expect(server.turns.map(({ text }) => text)).toEqual(["first", "second"]);
  expect(server.posted[1]?.message_id).toBe(server.posted[2]?.message_id);
  expect(await context.cookies()).toEqual([]);
});

test("a message that the server refuses can be changed", async ({ widget, server }) => {
  server.fail("POST messages", { status: 413, detail: "That is too long for me. In danger, call 999." });
  await widget.visit();
  await widget.say("a very long story");
  await expect(widget.text("That is too long for me.")).toBeVisible();
  await widget.button("Change message").click();
  await expect(widget.field).toBeFocused();
  await expect(widget.field).toHaveValue("a very long story");
  await expect(widget.own).toHaveCount(0);
});

test("a session that has ended is opened anew, and says so", async ({ widget, server }) => {
  await widget.visit();
  await widget.ask("first");
  server.endSessions();
  await widget.button("Dry skin").click();
  await expect(widget.text("Your earlier conversation has ended. This is a new one.")).toBeVisible();
  await expect(widget.replies).toHaveCount(2);
  expect(server.posted.at(-1), "a button of the old conversation is unknown to the new one").toMatchObject({ text: "Dry skin" });
});

test("a session that ended before a reload says so", async ({ widget, server, page }) => {
  await widget.visit();
  await widget.ask("first");
  server.endSessions();
  await page.reload();
  await expect(widget.text("Your earlier conversation has ended or was deleted.")).toBeVisible();
});

test("history that cannot be read can be asked for again", async ({ widget, server, page }) => {
  await widget.visit();
  await widget.ask("first");
  server.fail("GET messages", 503);
  await page.reload();
  await expect(widget.text("cannot be shown right now")).toBeVisible();
  await widget.button("Try again").click();
  await expect(widget.replies).toHaveCount(1);
  await expect(widget.text("cannot be shown right now")).toHaveCount(0);
});

test("with storage switched off it works for as long as the page is open", async ({ widget, page }) => {
  await page.addInitScript(() => {
    for (const name of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException("denied", "SecurityError");
        },
      });
    }
  });
  await widget.visit();
  await widget.ask("first");
  await widget.ask("second");
  await expect(widget.replies).toHaveCount(2);
});
