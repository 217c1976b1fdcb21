/** The few icons, drawn as lines in the colour of the text around them. They say nothing that the text does not say. */

import type { JSX } from "preact";

const PATHS = {
  phone:
    "M6.6 3.5 9 3l2 4.6-2 1.7a12.4 12.4 0 0 0 5.7 5.7l1.7-2L21 15l-.5 2.4c-.3 1.6-1.6 2.8-3.2 2.7C9.8 19.6 4.4 14.2 3.9 6.7 3.8 5.1 5 3.8 6.6 3.5Z",
  care: "M12 20S4 15.5 4 9.6C4 6.9 6 5 8.3 5c1.6 0 3 .9 3.7 2.3C12.7 5.9 14.1 5 15.7 5 18 5 20 6.9 20 9.6 20 15.5 12 20 12 20Z",
  chat: "M4 5.5h16v11h-8.5L7 20.5v-4H4v-11Z",
  close: "m6 6 12 12M18 6 6 18",
  bin: "M4 6.5h16M9.5 6V4h5v2M6.5 6.5 7.5 20h9l1-13.5M10.3 10.5V16m3.4-5.5V16",
  send: "M12 19.5v-15M5.5 11 12 4.5l6.5 6.5",
  down: "M12 5v14m-6-6 6 6 6-6",
  open: "m6 9 6 6 6-6",
  warning: "M12 8v5m0 3.5v.1M12 3.5 2.5 20h19L12 3.5Z",
  good: "M7 10.5v9H4v-9h3Zm0 0 4-7c1.5 0 2.4 1 2.2 2.5L12.6 9.5h5.6c1.3 0 2.2 1.1 1.9 2.4l-1.3 6c-.2 1-1 1.6-2 1.6H7",
  bad: "M17 13.5v-9h3v9h-3Zm0 0-4 7c-1.5 0-2.4-1-2.2-2.5l.6-3.5H5.8c-1.3 0-2.2-1.1-1.9-2.4l1.3-6c.2-1 1-1.6 2-1.6H17",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The assistant's own mark: a capsule on a rounded square. */
export function Mark(): JSX.Element {
  return (
    <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="9" />
      <g class="mark-lines" fill="none" stroke-width="2.4">
        <rect x="6" y="11.5" width="20" height="9" rx="4.5" transform="rotate(-40 16 16)" />
        <path d="m13.2 12.6 5.6 6.8" />
      </g>
    </svg>
  );
}
