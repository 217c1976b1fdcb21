/**
 * The frame around the conversation. In a page it is a section; in the corner of a page it is a dialog beside the page, and on a
 * small screen a modal dialog over all of it.
 */

import type { ComponentChildren, JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** A screen with no room for a panel beside the page. A page at high zoom counts as one. */
export const SMALL = "(max-width: 30rem), (max-height: 30rem)";

interface PanelProps {
  inline: boolean;
  open: boolean;
  label: string;
  panel: RefObject<HTMLDialogElement | null>;
  onEscape: () => void;
  children: ComponentChildren;
}

export function Panel({ inline, open, label, panel, onEscape, children }: PanelProps): JSX.Element {
  const small = useMedia(SMALL) && !inline;
  useLayoutEffect(() => {
    const dialog = panel.current;
    if (inline || !dialog) return;
    if (!open) {
      dialog.close();
      return;
    }
    const focused = (dialog.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    dialog.close();
    // `show()` would take the focus, which only a person's own action may move; `showModal()` is only ever reached by one.
    if (small) dialog.showModal();
    else dialog.setAttribute("open", "");
    if (focused && dialog.contains(focused)) focused.focus({ preventScroll: true });
  }, [inline, open, small]);
  useKeyboardRoom(panel, small && open);

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    onEscape();
  };
  if (inline) {
    return (
      <section class="panel" aria-label={label} onKeyDown={onKeyDown}>
        {children}
      </section>
    );
  }
  return (
    <dialog
      class={small ? "panel floating small" : "panel floating"}
      ref={panel}
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onCancel={(event) => {
        event.preventDefault();
        onEscape();
      }}
    >
      {children}
    </dialog>
  );
}

/** Return whether a media query holds, now and after every change. */
export function useMedia(query: string): boolean {
  const [holds, setHolds] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const media = matchMedia(query);
    const update = (): void => setHolds(media.matches);
    update();
    media.addEventListener("change", update);
    return () => media.removeEventListener("change", update);
  }, [query]);
  return holds;
}

/** Keep a full-screen panel above an on-screen keyboard that covers the page instead of making it smaller. */
function useKeyboardRoom(panel: RefObject<HTMLDialogElement | null>, active: boolean): void {
  useEffect(() => {
    const view = window.visualViewport;
    if (!active || !view) return undefined;
    const fit = (): void => {
      const zoomed = view.scale > 1.01;
      panel.current?.style.setProperty("--view-height", zoomed ? "100dvh" : `${view.height}px`);
      panel.current?.style.setProperty("--view-top", zoomed ? "0px" : `${view.offsetTop}px`);
    };
    fit();
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    return () => {
      view.removeEventListener("resize", fit);
      view.removeEventListener("scroll", fit);
    };
  }, [active]);
}
