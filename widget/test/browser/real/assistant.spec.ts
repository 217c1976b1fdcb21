/** The widget on the assistant itself: the served page, its policy, answers, danger, history and deletion. */

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page, test } from "@playwright/test";

async function ask(page: Page, text: string): Promise<void> {
  const replies = page.locator(".panel .bot[data-tier]");
  const before = await replies.count();
  await page.getByLabel("Your message").fill(text);
  await page.getByLabel("Your message").press("Enter");
  await expect(replies).not.toHaveCount(before, { timeout: 15_000 });
}

test.beforeEach(async ({ page }) => {
  page.on("console", (message) => expect(message.text()).not.toMatch(/Content.Security.Policy|Trusted/i));
  page.on("pageerror", (error) => {
    throw error;
  });
});

test("the page is served with a strict policy and no inline script or style", async ({ page, request }) => {
  const response = await request.get("/");
  const policy = response.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain("unsafe");
  expect(await response.text()).not.toMatch(/<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)/);
  await page.goto("/");
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
});

test("a question is answered with sources, and rated", async ({ page }) => {
  await page.goto("/");
  await ask(page, "why only 20 mg?");
  const reply = page.locator(".panel .bot[data-tier]").last();
  await reply.locator("summary").click();
  await expect(reply.locator(".sources a").first()).toBeVisible();
  await reply.getByRole("button", { name: "This helped" }).click();
  await expect(reply.getByText("Thank you. Good to know.")).toBeVisible();
  await page.getByRole("button", { name: "Tell me more" }).click();
  await expect(page.locator(".panel .bot[data-tier]")).toHaveCount(2, { timeout: 15_000 });
});

test("danger is answered with the lines of the country the page is for, and history and deletion work", async ({ page }) => {
  await page.goto("/");
  await page.getByLabel("Country of the help lines").selectOption("Ireland");
  await ask(page, "i dont want to be here anymore");
  const reply = page.locator(".panel .care");
  await expect(reply.getByRole("heading", { name: "Help right now" })).toBeVisible();
  await expect(reply.getByRole("link", { name: "Call 112" })).toBeVisible();
  await page.reload();
  await expect(reply.getByRole("link", { name: "Call 112" })).toBeVisible();
  await page.getByRole("button", { name: "Delete this conversation" }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.locator(".middle").getByText("The conversation is deleted.")).toBeVisible();
  await page.reload();
  await expect(page.locator(".panel .own")).toHaveCount(0);
});
