/** What stands in the corner of the page while the assistant is closed: ask a question, or get help now. */

import type { JSX, RefObject } from "preact";
import { Icon } from "./icon.tsx";
import { useTexts } from "./texts.ts";

interface LauncherProps {
  /** Whether a reply came that was not seen. */
  unread: boolean;
  onOpen: () => void;
  onHelp: () => void;
  launch: RefObject<HTMLButtonElement | null>;
}

export function Launcher({ unread, onOpen, onHelp, launch }: LauncherProps): JSX.Element {
  const texts = useTexts();
  return (
    <div class="launcher">
      <button type="button" class="launch-help" aria-haspopup="dialog" onClick={onHelp}>
        <Icon name="phone" />
        {texts.help}
      </button>
      <button type="button" class="launch" aria-haspopup="dialog" ref={launch} onClick={onOpen}>
        <Icon name="chat" />
        {unread ? texts.newReply : texts.launch}
      </button>
    </div>
  );
}
