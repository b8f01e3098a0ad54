import { z } from 'zod';

const snapshot = z.object({ listingId: z.string(), title: z.string(), tags: z.array(z.string()), status: z.string() });
type Entry = z.infer<typeof snapshot> & { readonly version: number };

/** What is live, found by the beginnings of words in title and tags; more words found come first, then the title. */
export class SearchIndex {
  private readonly entries = new Map<string, Entry>();

  /** Events come at least once and in any order: of one listing the latest stays. */
  put(data: unknown, version: number): void {
    const entry = { ...snapshot.parse(data), version };
    if ((this.entries.get(entry.listingId)?.version ?? 0) < version) this.entries.set(entry.listingId, entry);
  }

  find(text: string): string[] {
    const wanted = wordsOf(text);
    return [...this.entries.values()]
      .filter(({ status }) => status === 'LIVE')
      .map((entry) => ({ entry, found: countFound(wanted, entry) }))
      .filter(({ found }) => found > 0)
      .sort((left, right) => right.found - left.found || left.entry.title.localeCompare(right.entry.title))
      .map(({ entry }) => entry.listingId);
  }
}

function countFound(wanted: readonly string[], { title, tags }: Entry): number {
  const words = wordsOf([title, ...tags].join(' '));
  return wanted.filter((beginning) => words.some((word) => word.startsWith(beginning))).length;
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}
