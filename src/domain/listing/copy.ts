import type { Problem } from '../problem';
import { invalid } from '../problem';
import type { Asset, Listing } from './listing';
import { checkText, lengthOf } from '../text';

/** The marketing copy of a listing: what its provider writes and may edit. */
export type ListingCopy = Pick<Listing, 'title' | 'tagline' | 'description' | 'heroImage' | 'screenshots' | 'tags'>;

export const MAX_TAGS = 20;
export const MAX_SCREENSHOTS = 12;
const TITLE = { min: 1, max: 200, lines: 'one' } as const;
const TAGLINE = { min: 0, max: 300, lines: 'one' } as const;
const DESCRIPTION = { min: 1, max: 20_000, lines: 'many' } as const;
const TAG = { min: 1, max: 50, lines: 'one' } as const;
const ALT = { min: 0, max: 300, lines: 'one' } as const;
const MAX_URL_LENGTH = 2_000;
const MAX_PIXELS = 20_000;

/** Copy as it is kept: without blanks around it, tags in lower case and each once, no empty tagline. */
export function normaliseCopy(copy: ListingCopy): ListingCopy {
  const tagline = copy.tagline?.trim() ?? '';
  return {
    title: copy.title.trim(),
    tagline: tagline === '' ? null : tagline,
    description: copy.description.trim(),
    heroImage: copy.heroImage,
    screenshots: copy.screenshots,
    tags: [...new Set(copy.tags.map(normaliseTag))],
  };
}

function normaliseTag(tag: string): string {
  return tag.trim().toLowerCase();
}

/** Everything that is wrong with a copy as its provider wrote it; paths begin at the copy. */
export function checkCopy(copy: ListingCopy): Problem[] {
  return [
    checkText(['title'], copy.title, TITLE),
    copy.tagline === null ? null : checkText(['tagline'], copy.tagline, TAGLINE),
    checkText(['description'], copy.description, DESCRIPTION),
    ...(copy.heroImage === null ? [] : checkAsset(['heroImage'], copy.heroImage)),
    ...checkScreenshots(copy.screenshots),
    ...checkTags(copy.tags),
  ].filter((problem) => problem !== null);
}

function checkTags(tags: readonly string[]): (Problem | null)[] {
  const distinct = new Set(tags.map(normaliseTag)).size;
  return distinct > MAX_TAGS
    ? [invalid(['tags'], `A listing has at most ${MAX_TAGS} tags; these are ${distinct}.`, { max: `${MAX_TAGS}` })]
    : tags.map((tag, i) => checkText(['tags', `${i}`], tag, TAG));
}

function checkScreenshots(screenshots: readonly Asset[]): (Problem | null)[] {
  return screenshots.length > MAX_SCREENSHOTS
    ? [invalid(['screenshots'], `A listing has at most ${MAX_SCREENSHOTS} screenshots; these are ${screenshots.length}.`, { max: `${MAX_SCREENSHOTS}` })]
    : screenshots.flatMap((asset, i) => checkAsset(['screenshots', `${i}`], asset));
}

/** Everything that is wrong with an image; paths begin with `path`. */
export function checkAsset(path: readonly string[], { url, alt, width, height }: Asset): (Problem | null)[] {
  return [
    checkUrl([...path, 'url'], url),
    checkText([...path, 'alt'], alt, ALT),
    checkPixels([...path, 'width'], width),
    checkPixels([...path, 'height'], height),
  ];
}

function checkUrl(path: readonly string[], url: string): Problem | null {
  if (lengthOf(url) > MAX_URL_LENGTH) return invalid(path, `A URL has at most ${MAX_URL_LENGTH} characters.`, { max: `${MAX_URL_LENGTH}` });
  // URL itself would silently drop blanks and line breaks, which we keep as written and therefore refuse.
  if (/[\s\p{Cc}\p{Surrogate}]/u.test(url) || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    return invalid(path, 'The URL must be a complete http or https address.');
  }
  return null;
}

function checkPixels(path: readonly string[], pixels: number | null): Problem | null {
  return pixels === null || (Number.isInteger(pixels) && pixels >= 1 && pixels <= MAX_PIXELS)
    ? null
    : invalid(path, `The size must be from 1 to ${MAX_PIXELS} pixels.`, { max: `${MAX_PIXELS}` });
}
