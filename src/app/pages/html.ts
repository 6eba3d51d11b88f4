import { encodeBase64 } from '../../domain/base64.js';

/** HTML source text, the only text that templates do not escape. */
export interface Html {
  readonly html: string;
}

type HtmlValue = string | number | Html | readonly Html[];

/** A template tag that escapes everything but `Html`, as names of files and tunes may hold any characters. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlValue[]): Html {
  const filled = strings.map((text, i) => text + (i < parts.length ? htmlOf(parts[i]!) : ''));
  return { html: filled.join('') };
}

/** Marks trusted text, such as our own style sheet, as HTML. */
export const rawHtml = (text: string): Html => ({ html: text });

/** JSON for the inside of a `script` element. `<` is escaped, because `</script` would end the element. */
export const jsonHtml = (value: unknown): Html => rawHtml(JSON.stringify(value).replaceAll('<', '\\u003c'));

/** `data:image/png;base64,...` */
export const dataUrl = (type: string, bytes: Uint8Array): string => `data:${type};base64,${encodeBase64(bytes)}`;

function htmlOf(part: HtmlValue): string {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return 'html' in part ? part.html : part.map(({ html: text }) => text).join('');
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replace(FORBIDDEN_CHARACTERS, '\ufffd');

/** Control characters and unpaired surrogates, which HTML does not allow. */
const FORBIDDEN_CHARACTERS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
