/** Anyone can use it: axe in every scene, keyboard alone, focus that stays, a live region, zoom, small screens, contrast, right to left. */

import { expect, test, type Widget } from "./fixtures.ts";

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };

/** The scenes that are checked and pictured, on every screen and in both schemes. */
const SCENES: Record<string, (widget: Widget) => Promise<void>> = {
  closed: async () => {},
  first: async (widget) => {
    await widget.launcher.click();
  },
  answer: async (widget) => {
    await widget.launcher.click();
    await widget.ask("my lips are dry");
    await widget.text("2 sources").click();
    await widget.button("This helped").click();
  },
  crisis: async (widget) => {
    await widget.launcher.click();
    await widget.ask("i want to die");
  },
  help: async (widget) => {
    await widget.page.getByRole("button", { name: "Need help now?" }).click();
    await expect(widget.help).toBeVisible();
  },
  trouble: async (widget) => {
    await widget.launcher.click();
    await widget.page.context().setOffline(true);
    await widget.say("are dry lips normal");
    await expect(widget.button("Try now")).toBeVisible();
  },
};

for (const [screen, options] of Object.entries({
  desktop: {},
  phone: PHONE,
  "320px": { viewport: { width: 320, height: 640 }, hasTouch: true },
})) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${screen}, ${colorScheme}`, () => {
      test.use({ ...options, colorScheme });
      for (const [scene, go] of Object.entries(SCENES)) {
        test(scene, async ({ widget }) => {
          await widget.visit("");
          await go(widget);
          await widget.picture(`${screen}-${colorScheme}-${scene}`);
          await widget.checkAccess();
        });
      }
    });
  }
}

test.describe("zoom", () => {
  // 1280 by 800 at 200 % leaves a page of 640 by 400 CSS pixels.
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
  for (const attributes of ["", "inline"]) {
    test(`everything works at 200 %, ${attributes || "in a corner"}`, async ({ widget }) => {
      await widget.visit(attributes);
      if (!attributes) await widget.launcher.click();
      await widget.ask("my lips are dry");
      await expect(widget.field).toBeInViewport();
      await widget.picture(`zoom-${attributes || "corner"}`);
      await widget.checkAccess();
      await widget.button("Need help now?").click();
      await widget.checkLayout();
    });
  }
});

test("text set twice as large by the person is not cut off", async ({ widget, page }) => {
  await widget.visit("inline");
  await page.addStyleTag({ url: "/site.css" });
  await page.locator("isotretinoin-assistant").evaluate((element) => element.style.setProperty("--assistant-font-size", "32px"));
  await widget.ask("i want to die");
  await widget.picture("large-text");
  await widget.checkLayout();
});

test.describe("high contrast", () => {
  test.use({ forcedColors: "active" });
  test("parts keep their edges in forced colours", async ({ widget }) => {
    await widget.visit("");
    await widget.launcher.click();
    await widget.ask("i want to die");
    await widget.picture("forced-colors");
    for (const part of [".send", ".call", ".bubble"]) {
      const width = await widget.panel
        .locator(part)
        .first()
        .evaluate((element) => getComputedStyle(element).borderTopWidth);
      expect(width, part).not.toBe("0px");
    }
  });
});

test.describe("reduced motion", () => {
  test.use({ reducedMotion: "reduce" } as object);
  test("nothing moves", async ({ widget, server, page }) => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    server.delayMs = 600;
    await widget.visit("");
    await widget.launcher.click();
    await widget.say("lips");
    await expect(widget.panel.locator(".dots")).toBeVisible();
    const moving = await page.evaluate(() => document.getAnimations().length);
    expect(moving).toBe(0);
    await expect(widget.replies).toHaveCount(1);
  });
});

test.describe("right to left", () => {
  for (const [name, attributes, dir] of [
    ["a page in Arabic, the interface in English", "", "rtl"],
    ["everything right to left", "dir='rtl'", "rtl"],
  ] as const) {
    test(name, async ({ widget, server }) => {
      await widget.visit(attributes, { dir });
      const box = await widget.launcher.boundingBox();
      expect(box?.x, "the launcher is at the end of the line, which is on the left").toBeLessThan(400);
      await widget.launcher.click();
      server.reply = () => [{ text: "شكرا لك. اتصل بالرقم 999 الآن.", buttons: [], metadata: { tier: "crisis" } }];
      await widget.ask("lips");
      expect(
        await widget.replies
          .first()
          .locator(".prose p")
          .first()
          .evaluate((text) => getComputedStyle(text).direction),
      ).toBe("rtl");
      await widget.picture(`rtl-${attributes ? "all" : "page"}`);
      await widget.checkAccess();
    });
  }
});

test("keyboard alone: open, ask, choose, read sources, rate, get help, delete, close", async ({ widget, page, server }) => {
  await widget.visit("");
  const tabTo = async (name: string): Promise<void> => {
    for (let step = 0; step < 30; step += 1) {
      await page.keyboard.press("Tab");
      if ((await widget.focused()).includes(name)) {
        const outline = await widget.page.evaluate(() => {
          let element = document.activeElement;
          while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
          const { outlineStyle, outlineWidth } = getComputedStyle(element as Element);
          return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
        });
        expect(outline, `the focus on ${name} can be seen`).toBe(true);
        return;
      }
    }
    throw new Error(`${name} cannot be reached with Tab`);
  };
  await tabTo("Ask a question");
  await page.keyboard.press("Enter");
  await expect(widget.field).toBeFocused();
  await page.keyboard.type("my lips are dry");
  await page.keyboard.press("Enter");
  await expect(widget.replies).toHaveCount(1);
  await expect(widget.field).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  expect(await widget.focused()).toBe("Dry skin");
  await page.keyboard.press("Enter");
  await expect(widget.replies).toHaveCount(2);
  expect(server.posted[1]?.payload).toBe("/dry_skin");
  await tabTo("2 sources");
  await page.keyboard.press("Enter");
  await expect(widget.panel.getByRole("link", { name: "Isotretinoin capsules" })).toBeVisible();
  await tabTo("This helped");
  await page.keyboard.press("Space");
  await expect(widget.button("This helped").last()).toHaveAttribute("aria-pressed", "true");
  await widget.field.focus();
  await page.keyboard.press("Escape");
  await expect(widget.launcher).toBeFocused();
  await expect(widget.panel).toBeHidden();
  await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await expect(widget.help).toBeVisible();
  expect(await widget.focused()).toContain("Close the help lines");
  await page.keyboard.press("Tab");
  expect(await widget.focused(), "the help lines come next, nothing under them").toBe("Need help now?");
  await page.keyboard.press("Escape");
  await expect(widget.help).toBeHidden();
  expect(await widget.focused()).toContain("Need help now?");
  await page.keyboard.press("Escape");
  await expect(widget.panel).toBeHidden();
});

test("the focus is never stolen: not by loading, opening by itself, replies, failures or coming online", async ({
  widget,
  server,
  context,
  page,
}) => {
  await widget.visit("open");
  await expect(widget.panel).toBeVisible();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
  await widget.say("lips");
  await page.locator("#site-link").focus();
  await expect(widget.replies).toHaveCount(1);
  expect(await widget.focused()).toBe("site-link");
  server.fail("POST messages", 500, 500);
  await widget.say("again");
  await page.locator("#site-link").focus();
  await expect(widget.panel.locator(".trouble")).toBeVisible();
  await context.setOffline(true);
  await context.setOffline(false);
  await expect(widget.replies).toHaveCount(2);
  expect(await widget.focused()).toBe("site-link");
});

test.describe("on a phone", () => {
  test.use(PHONE);
  test("it fills the screen, keeps the focus in, brings up no keyboard, and never opens by itself", async ({ widget, page }) => {
    await widget.visit("open");
    await expect(widget.panel).toBeHidden();
    await widget.launcher.click();
    await expect(async () => expect(await widget.panel.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })).toPass();
    await expect(widget.field).not.toBeFocused();
    for (let step = 0; step < 20; step += 1) {
      await page.keyboard.press("Tab");
      expect(await widget.focused()).not.toBe("site-link");
    }
    await widget.button("Close the assistant").click();
    await expect(widget.launcher).toBeFocused();
  });

  test("turning the phone keeps the conversation and the focus", async ({ widget, page }) => {
    await widget.visit("");
    await widget.launcher.click();
    await widget.ask("lips");
    await page.setViewportSize({ width: 1100, height: 800 });
    await expect(widget.replies).toHaveCount(1);
    await expect(widget.field).toBeFocused();
    await expect(page.locator("#site-link")).toBeVisible();
    await page.setViewportSize({ width: 844, height: 390 });
    await expect(widget.field).toBeFocused();
    await expect(widget.replies.first()).toBeInViewport();
    await widget.checkAccess();
  });
});

test("replies are read out politely, apart from the transcript", async ({ widget }) => {
  await widget.visit("");
  await widget.launcher.click();
  await widget.ask("my lips are dry");
  await expect(widget.live).toHaveAttribute("aria-live", "polite");
  await expect(widget.live).toContainText("Assistant: You said: my lips are dry.");
  expect(await widget.panel.locator(".transcript [aria-live], .transcript [role=log]").count()).toBe(0);
});

test("a reply that comes while it is closed is told at the launcher, and read out", async ({ widget, server, page }) => {
  server.delayMs = 500;
  await widget.visit("");
  await widget.launcher.click();
  await widget.say("lips");
  await widget.button("Close the assistant").click();
  await expect(page.getByRole("button", { name: "New reply" })).toBeVisible();
  await expect(widget.live).toContainText("Assistant: You said: lips.");
});
