/** What an embedder can set, and the demo page that shows it. */

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test } from "./fixtures.ts";

test("heading, country and position follow the attributes, also when they change", async ({ widget, server, page }) => {
  await widget.visit("heading='Skin clinic' country='gb' position='left'");
  expect((await widget.launcher.boundingBox())?.x).toBeLessThan(400);
  await widget.launcher.click();
  await expect(widget.panel.getByRole("heading", { name: "Skin clinic" })).toBeVisible();
  await widget.ask("lips");
  expect(server.posted[0]?.country).toBe("UK");
  await page.locator("isotretinoin-assistant").evaluate((element) => {
    element.setAttribute("heading", "Another clinic");
    element.setAttribute("position", "right");
    element.setAttribute("country", "IE");
  });
  await expect(widget.panel.getByRole("heading", { name: "Another clinic" })).toBeVisible();
  expect((await widget.panel.boundingBox())?.x).toBeGreaterThan(600);
  await widget.ask("again");
  expect(server.posted[1]?.country).toBe("IE");
  await expect(widget.replies, "the conversation goes on").toHaveCount(2);
});

test("a country chosen in the help lines counts more than the site's, and is kept", async ({ widget, server, page }) => {
  await widget.visit("inline country='UK'");
  await widget.button("Need help now?").click();
  await widget.help.getByLabel("Country").selectOption("Canada");
  await page.reload();
  await widget.ask("lips");
  expect(server.posted[0]?.country).toBe("CA");
});

for (const colour of ["#f2c230", "#0000ff", "#111111", "#ffffff"]) {
  for (const theme of ["light", "dark"]) {
    test(`a colour is made readable whatever it is: ${colour}, ${theme}`, async ({ widget }) => {
      await widget.visit(`inline colour='${colour}' theme='${theme}'`);
      await widget.ask("lips");
      if (colour === "#f2c230") await widget.picture(`yellow-${theme}`);
      await widget.checkAccess();
    });
  }
}

test("custom properties set colours, size and place", async ({ widget, page }) => {
  await widget.visit("");
  await page.locator("isotretinoin-assistant").evaluate((element) => {
    element.style.cssText =
      "--assistant-accent: #7a3e8e; --assistant-radius: 0px; --assistant-width: 500px; --assistant-offset: 40px";
  });
  await widget.launcher.click();
  await expect(async () => {
    const { x, y, width, height } = (await widget.panel.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    expect({ width, right: x + width, bottom: y + height }).toEqual({ width: 500, right: 1240, bottom: 760 });
  }).toPass();
  expect(await widget.button("Send").evaluate((button) => getComputedStyle(button).backgroundColor)).toBe("rgb(122, 62, 142)");
  expect(await widget.panel.evaluate((panel) => getComputedStyle(panel).borderRadius)).toBe("0px");
});

test("the element can be taken out and put back, as frameworks do", async ({ widget, page }) => {
  await widget.visit("inline");
  await widget.ask("lips");
  await page.locator("isotretinoin-assistant").evaluate((element) => {
    const parent = element.parentElement as HTMLElement;
    element.remove();
    parent.append(element);
  });
  await expect(widget.replies).toHaveCount(1);
  await widget.ask("again");
  await expect(widget.replies).toHaveCount(2);
});

test("show and hide open and close it", async ({ widget, page }) => {
  await widget.visit("");
  await page.evaluate("document.querySelector('isotretinoin-assistant').show()");
  await expect(widget.field).toBeFocused();
  await page.evaluate("document.querySelector('isotretinoin-assistant').hide()");
  await expect(widget.panel).toBeHidden();
});

test.describe("the demo page", () => {
  test("shows the widget in the page, takes looks over at once and writes the lines to copy", async ({ widget, page }) => {
    await page.goto(`${widget.url}/demo`);
    await expect(widget.field).toBeVisible();
    await page.getByLabel("Plum").check();
    await page.getByLabel("Dark", { exact: true }).check();
    await page.getByLabel("Round").check();
    await page.getByLabel("Title").fill('Skin "clinic"');
    await page.getByLabel("Country of the help lines").selectOption("United Kingdom");
    await expect(widget.panel.getByRole("heading", { name: 'Skin "clinic"' })).toBeVisible();
    await expect(widget.root).toHaveAttribute("data-theme", "dark");
    const lines = page.locator("#snippet");
    await expect(lines).toContainText(`<script src="${widget.url}/widget.js" defer></script>`);
    await expect(lines).toContainText('heading="Skin &quot;clinic&quot;" colour="#7a3e8e" theme="dark" country="UK" inline');
    await expect(lines).toContainText("--assistant-radius: 26px");
    await page.getByLabel("Bottom left").check();
    await expect(lines).toContainText('position="left"');
    await page.locator("#ask").click();
    await expect(widget.field).toBeFocused();
    await widget.picture("demo-playground");
  });

  test("the lines are copied, or selected where that is refused", async ({ widget, page, context }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    await page.goto(`${widget.url}/demo`);
    await page.getByRole("button", { name: "Copy" }).click();
    await expect(page.getByText("Copied.")).toBeVisible();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("<isotretinoin-assistant");
  });

  for (const [screen, viewport] of Object.entries({
    desktop: { width: 1280, height: 800 },
    phone: { width: 390, height: 844 },
    "320px": { width: 320, height: 640 },
  })) {
    for (const colorScheme of ["light", "dark"] as const) {
      test(`is accessible: ${screen}, ${colorScheme}`, async ({ widget, page }) => {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        await page.goto(`${widget.url}/demo`);
        await expect(widget.root).toBeAttached();
        await widget.picture(`demo-${screen}-${colorScheme}`);
        const { violations } = await new AxeBuilder({ page })
          .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
          .analyze();
        expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
        await widget.checkLayout();
      });
    }
  }

  test("without JavaScript it says whom to call", async ({ browser, widget }) => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${widget.url}/demo`);
    await expect(page.getByText("The assistant could not be loaded.")).toBeVisible();
    await expect(page.getByRole("link", { name: "988" })).toBeVisible();
    await context.close();
  });
});
