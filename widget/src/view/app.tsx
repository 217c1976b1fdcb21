/** The whole of the interface, for one state of the element. */

import type { JSX, RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import type { Conversation, Turn } from "../conversation.ts";
import type { Options } from "../options.ts";
import { strings } from "../strings.ts";
import { Composer } from "./composer.tsx";
import { Erase } from "./erase.tsx";
import { Help, HelpButton } from "./help.tsx";
import { Icon, Mark } from "./icon.tsx";
import { Launcher } from "./launcher.tsx";
import { Panel, SMALL, useMedia } from "./panel.tsx";
import { Texts } from "./texts.ts";
import { Transcript } from "./transcript.tsx";

/** What is over the conversation: nothing, the help lines, or the question before deleting. */
export type Sheet = "none" | "help" | "erase";

export interface ViewState {
  open: boolean;
  sheet: Sheet;
  unread: boolean;
  offline: boolean;
  draft: string;
  said: Array<{ id: number; text: string }>;
  /** Where to put the focus once this state is shown; only ever set by what a person did. */
  focus: "panel" | "launcher" | "help" | "bin" | "field" | "latest" | null;
}

export interface AppProps {
  options: Options;
  state: ViewState;
  conversation: Conversation;
  country: string | null;
  set: (change: Partial<ViewState>) => void;
  onCountry: (code: string | null) => void;
}

export function App({ options, state, conversation, country, set, onCountry }: AppProps): JSX.Element {
  const texts = strings(options.language);
  const { inline } = options;
  const dark = useMedia("(prefers-color-scheme: dark)");
  const theme = options.theme ?? (dark ? "dark" : "light");
  const shown = inline || state.open;
  const covered = state.sheet !== "none";
  const places = usePlaces(state, set);

  const say = (text: string, payload: string | null = null): void => {
    conversation.say(text, payload);
    if (payload === null) set({ draft: "" });
  };
  const showHelp = (): void => set({ open: true, sheet: "help", focus: "help" });
  const escape = (): void => {
    if (state.sheet === "help") set({ sheet: "none", focus: "help" });
    else if (state.sheet === "erase") set({ sheet: "none", focus: "bin" });
    else if (!inline) set({ open: false, focus: "launcher" });
  };

  return (
    <Texts.Provider value={texts}>
      <div
        class={inline ? "root inline" : "root"}
        lang={texts.lang}
        dir={options.dir ?? texts.dir}
        data-theme={theme}
        data-side={options.side}
      >
        {!shown && <Live said={state.said} />}
        {!inline && !state.open && (
          <Launcher
            unread={state.unread}
            launch={places.launcher}
            onOpen={() => set({ open: true, focus: "panel" })}
            onHelp={showHelp}
          />
        )}
        <Panel inline={inline} open={shown} label={options.heading ?? texts.heading} panel={places.panel} onEscape={escape}>
          {shown && <Live said={state.said} />}
          <header class="top">
            <Mark />
            <div class="names">
              <h2>{options.heading ?? texts.heading}</h2>
              <p>{texts.subheading}</p>
            </div>
            {conversation.exists && (
              <button
                type="button"
                class="tool"
                ref={places.bin}
                aria-label={texts.erase}
                title={texts.erase}
                inert={covered}
                onClick={() => set({ sheet: "erase" })}
              >
                <Icon name="bin" />
              </button>
            )}
            {!inline && (
              <button
                type="button"
                class="tool"
                aria-label={texts.close}
                title={texts.close}
                onClick={() => set({ open: false, sheet: "none", focus: "launcher" })}
              >
                <Icon name="close" />
              </button>
            )}
            <HelpButton
              open={state.sheet === "help"}
              button={places.help}
              onToggle={() => set({ sheet: state.sheet === "help" ? "none" : "help" })}
            />
          </header>
          <div class="middle">
            {state.sheet === "help" && <Help country={country} onCountry={onCountry} />}
            {state.sheet === "erase" && (
              <Erase
                onKeep={() => set({ sheet: "none", focus: "bin" })}
                onErase={async () => {
                  await conversation.erase();
                  set({ sheet: "none", draft: "", focus: "latest" });
                }}
              />
            )}
            <div class="under" inert={covered}>
              <Transcript
                entries={conversation.entries}
                restoring={conversation.restoring}
                votes={conversation.votes}
                needsHelp={(turn: Turn) => conversation.needsHelpLines(turn)}
                country={country}
                scroller={places.scroller}
                onSay={(text) => {
                  say(text);
                  set({ focus: "latest" });
                }}
                onChoose={({ title, payload }) => {
                  say(title, payload);
                  set({ focus: "latest" });
                }}
                onVote={(id, helped) => conversation.vote(id, helped)}
                onRetry={() => {
                  conversation.retry();
                  set({ focus: "latest" });
                }}
                onChange={(turn) =>
                  set({ draft: [conversation.takeBack(turn), state.draft].filter(Boolean).join("\n"), focus: "field" })
                }
                onRestore={() => {
                  void conversation.restoreAgain();
                  set({ focus: "latest" });
                }}
                onHelp={showHelp}
              />
              <Composer
                draft={state.draft}
                onDraft={(draft) => set({ draft })}
                onSay={say}
                offline={state.offline}
                field={places.field}
              />
            </div>
          </div>
        </Panel>
      </div>
    </Texts.Provider>
  );
}

/** Says things aloud, politely. It is apart from the transcript, and inside the panel while that may be modal. */
function Live({ said }: Pick<ViewState, "said">): JSX.Element {
  return (
    <div class="unseen" aria-live="polite" aria-atomic="false">
      {said.map(({ id, text }) => (
        <div key={id}>{text.split("\n").map((line, index) => line && <p key={index}>{line}</p>)}</div>
      ))}
    </div>
  );
}

/** Return the places that the focus is put to after a person's action, and put it there. */
function usePlaces({ focus }: ViewState, set: AppProps["set"]) {
  const places = {
    panel: useRef<HTMLDialogElement>(null),
    launcher: useRef<HTMLButtonElement>(null),
    help: useRef<HTMLButtonElement>(null),
    bin: useRef<HTMLButtonElement>(null),
    field: useRef<HTMLTextAreaElement>(null),
    scroller: useRef<HTMLDivElement>(null),
  };
  // Before the picture is drawn: between the two, the focus would be nowhere.
  useLayoutEffect(() => {
    if (!focus) return;
    set({ focus: null });
    target(focus, places)?.focus({ preventScroll: true });
  }, [focus]);
  return places;
}

type Places = { [name in "panel" | "launcher" | "help" | "bin" | "field" | "scroller"]: RefObject<HTMLElement | null> };

function target(focus: NonNullable<ViewState["focus"]>, places: Places): HTMLElement | null | undefined {
  if (focus === "latest") return [...(places.scroller.current?.querySelectorAll<HTMLElement>(".own, .note") ?? [])].at(-1);
  // With a finger the field would bring up a keyboard over half of what there is to read.
  if (focus === "panel")
    return matchMedia("(pointer: fine)").matches && !matchMedia(SMALL).matches ? places.field.current : places.panel.current;
  return places[focus].current ?? places.field.current;
}
