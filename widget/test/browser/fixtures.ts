/** What the browser tests share: a fake server for each test, the widget's parts by their roles, and checks that always hold. */

import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Locator, type Page, test as base } from "@playwright/test";
import { FakeServer } from "./fake-server.ts";

export class Widget {
  constructor(
    readonly page: Page,
    readonly url: string,
  ) {}

  /** Open a page that embeds the widget. */
  async visit(attributes = "inline", { dir = "ltr" } = {}): Promise<void> {
    await this.page.goto(`${this.url}/?${new URLSearchParams({ element: attributes, dir })}`);
    await expect(this.root).toBeAttached();
  }

  get root(): Locator {
    return this.page.locator("isotretinoin-assistant .root");
  }

  get field(): Locator {
    return this.page.getByLabel("Your message");
  }

  get launcher(): Locator {
    return this.page.getByRole("button", { name: "Ask a question" });
  }

  get panel(): Locator {
    return this.page.locator(".panel");
  }

  get help(): Locator {
    return this.page.getByRole("region", { name: "Need help now?" });
  }

  /** What a screen reader was told. */
  get live(): Locator {
    return this.page.locator("[aria-live=polite].unseen");
  }

  button(name: string): Locator {
    return this.panel.getByRole("button", { name, exact: true });
  }

  /** A text that is seen; what is only said aloud stands elsewhere. */
  text(part: string): Locator {
    return this.panel.locator(".middle").getByText(part);
  }

  /** The replies, without the first message. */
  get replies(): Locator {
    return this.panel.locator(".bot[data-tier]");
  }

  get own(): Locator {
    return this.panel.locator(".own");
  }

  async say(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press("Enter");
  }

  async ask(text: string): Promise<void> {
    const before = await this.replies.count();
    await this.say(text);
    await expect(this.replies).not.toHaveCount(before);
  }

  /** Which element has the focus, by what it is called. */
  async focused(): Promise<string> {
    return this.page.evaluate(() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      return element?.getAttribute("aria-label") || element?.id || element?.textContent || "";
    });
  }

  /** No violation of WCAG 2.2 AA, no sideways scrolling, and targets that a finger finds. */
  async checkAccess(): Promise<void> {
    await this.settled();
    const { violations } = await new AxeBuilder({ page: this.page })
      .include("isotretinoin-assistant")
      .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"])
      .analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
    await this.checkLayout();
  }

  /** Until what arrives has arrived: half faded in, its colours are not yet its own. What never ends, as the dots, is not waited for. */
  private async settled(): Promise<void> {
    await this.root.evaluate(async (root) => {
      const moving = (root.getRootNode() as Document | ShadowRoot).getAnimations();
      const ending = moving.filter((animation) => animation.effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map((animation) => animation.finished));
    });
  }

  async checkLayout(): Promise<void> {
    const problems = await this.root.evaluate((root) => {
      const found: string[] = [];
      if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
      for (const view of root.querySelectorAll<HTMLElement>(".panel, .scroller, .sheet, .card, .top, .composer")) {
        if (view.clientWidth && view.scrollWidth > view.clientWidth + 1) found.push(`.${view.className} is cut off`);
      }
      for (const target of root.querySelectorAll<HTMLElement>("button, summary, .call, select")) {
        const { width, height } = target.getBoundingClientRect();
        if (width && (height < 43.5 || width < 43.5)) found.push(`${target.className} is ${width} by ${height}`);
      }
      return found;
    });
    expect(problems).toEqual([]);
  }

  /** Keep a picture of what is seen, to be looked at. */
  async picture(name: string): Promise<void> {
    await this.settled();
    await this.page.screenshot({ path: `artefacts/pictures/${name}.png` });
  }
}

interface Fixtures {
  server: FakeServer;
  widget: Widget;
}

export const test = base.extend<Fixtures>({
  server: async ({}, use) => {
    const server = new FakeServer();
    await use(server);
    await server.stop();
  },
  widget: async ({ page, server, context }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (/Content.Security.Policy|TrustedHTML|Trusted Type/i.test(message.text())) complaints.push(message.text());
    });
    const url = await server.start();
    const strangers: string[] = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(url) && !request.url().startsWith("data:")) strangers.push(request.url());
    });
    await use(new Widget(page, url));
    expect(complaints, "errors and violations of the Content-Security-Policy").toEqual([]);
    expect(strangers, "requests to others").toEqual([]);
    expect(await context.cookies(), "cookies").toEqual([]);
  },
});

export { expect };
