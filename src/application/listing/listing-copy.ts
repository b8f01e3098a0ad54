import type { ListingCopy } from '../../domain/listing/copy';
import type { Asset } from '../../domain/listing/listing';
import type { AssetInput, CreateListingInput, UpdateListingInput } from './requests';

export function copyOf(input: CreateListingInput): ListingCopy {
  return {
    title: input.title,
    tagline: input.tagline ?? null,
    description: input.description,
    heroImage: input.heroImage ? assetOf(input.heroImage) : null,
    screenshots: (input.screenshots ?? []).map(assetOf),
    tags: input.tags ?? [],
  };
}

/** Only what the update names. A title or description of null becomes the empty text, which the domain refuses. */
export function copyChangesOf({ title, tagline, description, heroImage, screenshots, tags }: UpdateListingInput): Partial<ListingCopy> {
  return {
    ...(title !== undefined && { title: title ?? '' }),
    ...(tagline !== undefined && { tagline }),
    ...(description !== undefined && { description: description ?? '' }),
    ...(heroImage !== undefined && { heroImage: heroImage && assetOf(heroImage) }),
    ...(screenshots !== undefined && { screenshots: (screenshots ?? []).map(assetOf) }),
    ...(tags !== undefined && { tags: tags ?? [] }),
  };
}

export function assetOf({ url, alt, width, height }: AssetInput): Asset {
  return { url, alt, width: width ?? null, height: height ?? null };
}
