/** From one colour of a site to an accent that can be read on both grounds: enough contrast, whatever was chosen. */

type Rgb = readonly [number, number, number];

const GROUND = { light: [255, 255, 255], dark: [22, 33, 36] } as const satisfies Record<string, Rgb>;
const INK: Rgb = [4, 33, 31];
const WHITE: Rgb = [255, 255, 255];
/** WCAG 2.2 asks for 4.5 between text and ground. */
const ENOUGH = 4.5;

export interface Accent {
  accent: string;
  onAccent: string;
}

/** Return the accent for a colour such as "#0b5a60", made darker or lighter until it can be read; null if it is no colour. */
export function accentFor(colour: string | null, ground: "light" | "dark"): Accent | null {
  let rgb = parse(colour);
  if (!rgb) return null;
  const towards: Rgb = ground === "light" ? [0, 0, 0] : WHITE;
  for (let step = 0; step < 20 && contrast(rgb, GROUND[ground]) < ENOUGH; step += 1) rgb = mix(rgb, towards, 0.1);
  return { accent: css(rgb), onAccent: css(contrast(rgb, WHITE) >= ENOUGH ? WHITE : INK) };
}

function parse(colour: string | null): Rgb | null {
  const hex = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(colour?.trim() ?? "")?.[1];
  if (!hex) return null;
  const long = hex.length === 3 ? hex.replace(/./g, "$&$&") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(long.slice(at, at + 2), 16)) as unknown as Rgb;
}

export function contrast(one: Rgb, other: Rgb): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

function luminance(rgb: Rgb): number {
  const [red = 0, green = 0, blue = 0] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mix(rgb: Rgb, towards: Rgb, share: number): Rgb {
  return rgb.map((value, at) => Math.round(value + ((towards[at] ?? 0) - value) * share)) as unknown as Rgb;
}

function css(rgb: Rgb): string {
  return `rgb(${rgb.join(" ")})`;
}
