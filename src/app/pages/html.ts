/** Text that is HTML. Only these are put into a page as they are. */
export interface Html {
  readonly html: string;
}

type HtmlValue = string | number | Html | readonly Html[];

/** A template in which everything but `Html` is escaped: names of files and tunes may hold anything. */
export function html(strings: TemplateStringsArray, ...parts: readonly HtmlValue[]): Html {
  const filled = strings.map((text, i) => text + (i < parts.length ? decodeShortText(parts[i]!) : ''));
  return { html: filled.join('') };
}

/** Text that is HTML already, such as a style sheet of ours. */
export const rawHtml = (text: string): Html => ({ html: text });

/** JSON to stand in a `script` element, where only `<` could end it. */
export const jsonHtml = (value: unknown): Html => rawHtml(JSON.stringify(value).replaceAll('<', '\\u003c'));

/** `data:image/png;base64,...` */
export const dataUrl = (type: string, bytes: Uint8Array): string =>
  `data:${type};base64,${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64')}`;

function decodeShortText(part: HtmlValue): string {
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return 'html' in part ? part.html : part.map(({ html: text }) => text).join('');
}

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`).replace(FORBIDDEN_CHARACTERS, '\ufffd');

/** No page may hold these. */
const FORBIDDEN_CHARACTERS =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
