import fc from 'fast-check';
import { checkCopy, type ListingCopy, normaliseCopy } from './copy';

const COPY: ListingCopy = { title: 'Knots', tagline: null, description: 'Twelve knots.', heroImage: null, screenshots: [], tags: [] };
const image = (url: string) => ({ url, alt: 'A bowline', width: 1200, height: 800 });

function paths(copy: Partial<ListingCopy>): string[] {
  return checkCopy({ ...COPY, ...copy }).map(({ path }) => path.join('.'));
}

describe('the copy of a listing', () => {
  it.each<[string, Partial<ListingCopy>]>([
    ['a title of 200 characters, counted as a reader does', { title: '🧶'.repeat(200) }],
    ['a tagline of 300', { tagline: 'x'.repeat(300) }],
    ['a description of 20,000 over several lines', { description: 'one\n'.repeat(5_000) }],
    ['twelve screenshots', { screenshots: Array.from({ length: 12 }, () => image('https://cdn.example/1.png')) }],
    ['twenty different tags, however often each is written', { tags: Array.from({ length: 60 }, (_, i) => (i % 2 ? ` TAG ${i % 20}` : `tag ${i % 20}`)) }],
    ['pictures without a size', { heroImage: { url: 'http://cdn.example/a?b=c', alt: '', width: null, height: null } }],
  ])('may have %s', (_, copy) => {
    expect(paths(copy)).toEqual([]);
  });

  it.each<[string, Partial<ListingCopy>, string[]]>([
    ['no title', { title: '   ' }, ['title']],
    ['a title of 201 characters', { title: 'x'.repeat(201) }, ['title']],
    ['a title on two lines', { title: 'one\ntwo' }, ['title']],
    ['a null byte in the description', { description: 'a\u0000b' }, ['description']],
    ['half a surrogate pair', { tagline: 'a\uD83Db' }, ['tagline']],
    ['a description of 20,001', { description: 'x'.repeat(20_001) }, ['description']],
    ['an empty tag and one of 51 characters', { tags: ['ok', ' ', 'x'.repeat(51)] }, ['tags.1', 'tags.2']],
    ['21 tags', { tags: Array.from({ length: 21 }, (_, i) => `tag ${i}`) }, ['tags']],
    ['13 screenshots', { screenshots: Array.from({ length: 13 }, () => image('https://cdn.example/1.png')) }, ['screenshots']],
    ['an image that is no web address', { heroImage: image('javascript:alert(1)') }, ['heroImage.url']],
    ['an address with a blank', { screenshots: [image('https://cdn.example/a b.png')] }, ['screenshots.0.url']],
    ['an address of 2,001 characters', { heroImage: image(`https://cdn.example/${'a'.repeat(1_981)}`) }, ['heroImage.url']],
    ['an image of no size', { heroImage: { ...image('https://cdn.example/1.png'), width: 0 } }, ['heroImage.width']],
    ['several things wrong', { title: '', tags: [''], heroImage: image('ftp://x') }, ['title', 'heroImage.url', 'tags.0']],
  ])('may not have %s', (_, copy, expected) => {
    expect(paths(copy)).toEqual(expected);
  });

  it('is kept trimmed, its tags in lower case and each once', () => {
    expect(normaliseCopy({ ...COPY, title: ' Knots ', tagline: '  ', tags: [' Sailing', 'sailing', 'Ropes '] }))
      .toMatchObject({ title: 'Knots', tagline: null, tags: ['sailing', 'ropes'] });
  });

  it('stays as it is when it is normalised again, and stays valid', () => {
    const text = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(fc.property(text, text, fc.array(text, { maxLength: 25 }), (title, description, tags) => {
      const copy = { ...COPY, title, description, tags };
      fc.pre(checkCopy(copy).length === 0);
      const kept = normaliseCopy(copy);
      expect(checkCopy(kept)).toEqual([]);
      expect(normaliseCopy(kept)).toEqual(kept);
    }));
  });
});
