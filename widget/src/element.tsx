/** The custom element: attributes in, shadow root out, and the state that the view shows. */

import { render } from "preact";
import { Api } from "./api.ts";
import { Conversation } from "./conversation.ts";
import { countryCode } from "./help-lines.ts";
import { Keeping } from "./keeping.ts";
import { ATTRIBUTES, type Options, readOptions } from "./options.ts";
import css from "./style.css?raw";
import { accentFor } from "./theme.ts";
import { strings } from "./strings.ts";
import { App, type ViewState } from "./view/app.tsx";
import { SMALL } from "./view/panel.tsx";

/** How long a text stays in the live region. */
const SAID_MS = 20_000;

/** @param home where the script came from. */
export function elementFor(home: string): CustomElementConstructor {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);

  return class extends HTMLElement {
    static readonly observedAttributes = ATTRIBUTES;

    private readonly root = this.attachShadow({ mode: "open" });
    /** Colours from the `colour` attribute; a stylesheet, as a strict Content-Security-Policy forbids style attributes. */
    private readonly accent = new CSSStyleSheet();
    private options: Options | null = null;
    private conversation: Conversation | null = null;
    private keeping = new Keeping("");
    private state: ViewState = { open: false, sheet: "none", unread: false, offline: false, draft: "", said: [], focus: null };
    private due = false;
    private count = 0;

    constructor() {
      super();
      this.root.adoptedStyleSheets = [sheet, this.accent];
    }

    /** Open the assistant. Call it after something the person did: it takes the focus. */
    show(): void {
      this.set({ open: true, focus: this.options?.inline ? "field" : "panel" });
    }

    hide(): void {
      this.set({ open: false, sheet: "none" });
    }

    connectedCallback(): void {
      this.options = readOptions(this, home);
      this.begin(this.options);
      addEventListener("online", this.connection);
      addEventListener("offline", this.connection);
      addEventListener("storage", this.elsewhere);
      const small = matchMedia(SMALL).matches; // there it would cover the page
      this.state = {
        ...this.state,
        open: this.hasAttribute("open") && !small,
        offline: !navigator.onLine,
        draft: this.keeping.draft,
      };
      this.recolour();
      this.update();
    }

    disconnectedCallback(): void {
      removeEventListener("online", this.connection);
      removeEventListener("offline", this.connection);
      removeEventListener("storage", this.elsewhere);
      this.conversation?.stop();
      this.conversation = null;
      render(null, this.root);
    }

    attributeChangedCallback(name: string, before: string | null, after: string | null): void {
      if (!this.conversation || before === after) return;
      const { server } = this.options ?? {};
      this.options = readOptions(this, home);
      if (this.options.server !== server) this.begin(this.options);
      if (name === "open") this.state = { ...this.state, open: after !== null };
      this.recolour();
      this.update();
    }

    /** Start talking to a server. */
    private begin({ server }: Options): void {
      this.conversation?.stop();
      this.keeping = new Keeping(server);
      const conversation = new Conversation({
        api: new Api(server),
        keeping: this.keeping,
        country: () => this.country(),
        offline: () => !navigator.onLine,
        language: () => this.options?.language ?? "en",
      });
      conversation.onChange = () => this.update();
      conversation.onAnnounce = (text) => this.say(text);
      conversation.onReplies = () => {
        if (!this.state.open && !this.options?.inline) this.set({ unread: true });
      };
      this.conversation = conversation;
      void conversation.start();
    }

    /** The country the person chose, else that of the site. */
    private country(): string | null {
      return countryCode(this.keeping.country) ?? this.options?.country ?? null;
    }

    private readonly set = (change: Partial<ViewState>): void => {
      this.state = { ...this.state, ...change };
      if (this.state.open) this.state.unread = false;
      if (change.draft !== undefined) this.keeping.draft = change.draft;
      this.update();
    };

    private readonly connection = (): void => {
      const offline = !navigator.onLine;
      if (offline === this.state.offline) return;
      const texts = strings(this.options?.language ?? "en");
      this.say(offline ? texts.offline : texts.online);
      this.set({ offline });
      if (!offline) this.conversation?.reconnected();
    };

    private readonly elsewhere = ({ key }: StorageEvent): void => {
      if (this.keeping.isToken(key)) this.conversation?.changedElsewhere();
    };

    private say(text: string): void {
      const id = ++this.count;
      this.set({ said: [...this.state.said, { id, text }] });
      setTimeout(() => this.set({ said: this.state.said.filter((each) => each.id !== id) }), SAID_MS);
    }

    private recolour(): void {
      const rules = (["light", "dark"] as const).flatMap((ground) => {
        const colours = accentFor(this.options?.colour ?? null, ground);
        return colours
          ? [`.root[data-theme=${ground}]{--from-accent:${colours.accent};--from-on-accent:${colours.onAccent}}`]
          : [];
      });
      this.accent.replaceSync(rules.join(""));
    }

    /** Show the state, once for all changes of this moment. */
    private update(): void {
      if (this.due) return;
      this.due = true;
      queueMicrotask(() => {
        this.due = false;
        const { conversation, options } = this;
        if (!conversation || !options) return;
        const onCountry = (code: string | null): void => {
          this.keeping.country = code;
          this.update();
        };
        render(
          <App
            options={options}
            state={this.state}
            conversation={conversation}
            country={this.country()}
            set={this.set}
            onCountry={onCountry}
          />,
          this.root,
        );
      });
    }
  };
}
